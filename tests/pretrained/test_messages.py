"""Refusals: one line that names the file, of at most 600 characters."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from npmobile.pretrained.messages import Refused, about, damaged, short


def refusal(path, text):
    with pytest.raises(ValueError) as caught, about(Path(path)):
        raise ValueError(text)
    return str(caught.value)


def test_a_refusal_names_its_file_once():
    assert refusal("a/w.h5", "it is empty") == "a/w.h5: it is empty"
    assert refusal("a/w.h5", "a/w.h5 is empty") == "a/w.h5 is empty"


def test_a_short_name_that_stands_in_the_message_by_chance_is_named_too():
    for path in ("a", "it", "e", "it is"):
        with pytest.raises(ValueError, match=f"^{path}: it is a page"), about(Path(path)):
            raise Refused("it is a page")
        assert refusal(path, "eps must be") == f"{path}: eps must be" if path != "e" else True


@pytest.mark.parametrize("path", ["w.h5", "new\nline.h5", "a" * 5000 + ".h5"])
def test_a_refusal_is_one_line_of_at_most_600_characters(path):
    for text in ("x" * 10_000, "\n" * 700, f"{path} is empty", f"{path}\n" * 700, "\ud800\x00\u202e"):
        line = refusal(path, text)
        assert len(line) <= 600
        assert line.isprintable()
        assert ".h5" in line


def test_damage_is_one_refusal_whatever_the_library_raises():
    for error in (KeyError("no object"), OSError("truncated"), TypeError("x"), RecursionError("deep"), ValueError("y")):
        with pytest.raises(Refused, match="it is not a whole HDF5 file: "), damaged("HDF5"):
            raise error
    with pytest.raises(Refused, match=r"it is not a whole HDF5 file: ZeroDivisionError$"), damaged("HDF5"):
        raise ZeroDivisionError
    with pytest.raises(Refused, match="not a whole HDF5 file"), damaged("HDF5"):
        raise OSError(errno.EINVAL, "a seek to nowhere")


def test_what_is_not_the_files_fault_passes():
    for error in (Refused("as it is"), MemoryError(), PermissionError(errno.EACCES, "denied"), KeyboardInterrupt()):
        with pytest.raises(type(error)) as caught, damaged("HDF5"):
            raise error
        assert caught.value is error


def test_values_are_shown_in_short():
    assert short("a\nb") == r"'a\nb'"
    assert len(short("x" * 1000)) == 60
    assert short(10**5000) == "a int too long to show"
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert short(deep) == "a list too long to show"
