"""Zip archives: opened in bounded time and memory."""

from __future__ import annotations

import tracemalloc
import zipfile

import numpy as np
import pytest

from npmobile.pretrained import archives


def write(path, entries, compression=zipfile.ZIP_STORED, comment=b""):
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.comment = comment
        for name, content in entries:
            archive.writestr(name, content)


@pytest.mark.parametrize("comment", [b"", b"a comment", b"PK" * 30_000])
def test_entries_are_listed_and_read(tmp_path, comment):
    write(tmp_path / "a", [("one", b"1"), ("two", b"22")], comment=comment)
    assert archives.names(tmp_path / "a") == ["one", "two"]
    with archives.opened(tmp_path / "a") as archive:
        assert archives.read(archive, "two", tmp_path / "a") == b"22"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_must_be_there_once(tmp_path):
    write(tmp_path / "a", [("one", b"1"), ("one", b"2")])
    with archives.opened(tmp_path / "a") as archive:
        with pytest.raises(ValueError, match="it must hold one once, but holds it 2 times"):
            archives.read(archive, "one", tmp_path / "a")
        with pytest.raises(ValueError, match="it must hold two once, but holds it 0 times"):
            archives.read(archive, "two", tmp_path / "a")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    write(tmp_path / "a", [("zeros", bytes(50_000_000))], zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    with archives.opened(tmp_path / "a") as archive, pytest.raises(ValueError, match="declares 50,000,000 bytes"):
        archives.read(archive, "zeros", tmp_path / "a")
    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


@pytest.mark.parametrize(("zeros", "fits"), [(2_000, True), (6_000, False)])
def test_an_entry_may_unpack_to_four_times_the_archive(tmp_path, zeros, fits):
    content = np.random.default_rng(0).bytes(1_000) + bytes(zeros)  # packs to about 1,000 bytes, with names to 1,130
    write(tmp_path / "a", [("x", content)], zipfile.ZIP_DEFLATED)
    with archives.opened(tmp_path / "a") as archive:
        if fits:
            assert archives.read(archive, "x", tmp_path / "a") == content
        else:
            with pytest.raises(ValueError, match="'x' declares 7,000 bytes, far more than the file can hold"):
                archives.read(archive, "x", tmp_path / "a")


def test_a_long_list_of_entries_is_not_read(tmp_path):
    """50,000 names: Python would make 50,000 objects of them, and of 50 million as many."""
    write(tmp_path / "a", [(f"{i:05}", b"") for i in range(50_000)])
    with pytest.raises(ValueError, match="it lists more than 1,000,000 bytes of names"):
        archives.names(tmp_path / "a")


def test_a_second_end_record_does_not_hide_a_long_list(tmp_path):
    """The record of archives above 4 GB overrides the one that is looked at."""
    write(tmp_path / "a", [("one", b"1")])
    content = (tmp_path / "a").read_bytes()
    end = content.rindex(b"PK\x05\x06")
    (tmp_path / "a").write_bytes(content[:end] + b"PK\x06\x07" + bytes(16) + content[end:])
    with pytest.raises(ValueError, match="it is a zip archive of 4 GB or more"):
        archives.names(tmp_path / "a")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(100), bytes(70_000)])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(ValueError, match=r"it is not a whole \.npz or \.keras file"):
        archives.names(tmp_path / "a")
