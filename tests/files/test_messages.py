"""One line of bounded length, whatever a file holds."""

from __future__ import annotations

import errno

import pytest

from npmobile.files import listed, one_line, unreadable


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("conv1/kernel", "conv1/kernel"),
        ("고양이 café", "고양이 café"),
        ("C:\\nets\\w.npz", "C:\\nets\\w.npz"),
        ("a\nb\r\tc\0", r"a\nb\r\tc\x00"),
        ("\u2028\x85\x1b[31m", r"\u2028\x85\x1b[31m"),
        ("\u202egnp.w", r"\u202egnp.w"),  # it would be shown from right to left
        ("\udcff.png", r"\udcff.png"),  # a byte of a name that is no text
        (("a", 1), "('a', 1)"),
    ],
)
def test_what_would_break_the_line_is_escaped(text, line):
    assert one_line(text) == line
    one_line(text).encode("utf8")


def test_long_text_keeps_its_beginning_and_its_end():
    assert one_line("x" * 120) == "x" * 120
    assert one_line("x" * 121) == "x" * 59 + "..." + "x" * 58
    for longest in (10, 11, 80):
        line = one_line("begin" + "x" * 10**6 + "end", longest)
        assert len(line) == longest
        assert (line[:3], line[-3:]) == ("beg", "end")
        assert "..." in line
    assert len(one_line("\U000e0001" * 1000, 80)) == 80  # each is escaped in ten characters


def test_five_of_many():
    assert listed([]) == ""
    assert listed(["a", "b"]) == "a; b"
    assert listed(list("abcde")) == "a; b; c; d; e"
    assert listed(list("abcdef")) == "a; b; c; d; e; and 1 more"
    assert listed([f"n\n{number}" for number in range(70_000)]) == r"n\n0; n\n1; n\n2; n\n3; n\n4; and 69,995 more"
    assert listed(["n" * 71]) == "n" * 34 + "..." + "n" * 33


@pytest.mark.parametrize(
    "error", [ValueError("bad\nheader"), KeyError("x"), EOFError(), RecursionError(), OSError("truncated"), OSError(errno.EINVAL, "seek")]
)  # fmt: skip
def test_what_a_damaged_file_raises_becomes_one_line(error):
    with pytest.raises(ValueError, match=r"^w\.npz is not a whole npz file: .+$") as caught, unreadable("w.npz", "npz"):
        raise error
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), SystemExit(), MemoryError(), OSError(errno.EIO, "I/O"), PermissionError(errno.EACCES, "no")]
)  # fmt: skip
def test_what_is_not_the_files_fault_passes(error):
    with pytest.raises(type(error)) as caught, unreadable("w.npz", "npz"):
        raise error
    assert caught.value is error
