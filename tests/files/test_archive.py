"""`.npz` archives, good, damaged and made to do harm."""

from __future__ import annotations

import errno
import io
import os
import pickle
import warnings
import zipfile

import numpy as np
import pytest

from npmobile.files import npz, write_npz

KERNEL = np.arange(6, dtype=np.float32).reshape(2, 3)


def npy(array=KERNEL, version=(1, 0)) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy names the oldest version that can read it
        np.lib.format.write_array(file, array, version=version)
    return file.getvalue()


def header(text: str, data: bytes = b"") -> bytes:
    """A `.npy` file with a header of one's own."""
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + data


def archive(path, entries: list[tuple[str, bytes]], compression=zipfile.ZIP_STORED) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        with zipfile.ZipFile(path, "w", compression) as file:
            for name, content in entries:
                file.writestr(name, content)


def refused(path, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught, npz(path) as stored:
        for array in stored.values():
            array.read()
    assert str(caught.value).startswith(f"{path} is not a whole npz file: ")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_arrays_are_listed_and_read(tmp_path):
    np.savez(tmp_path / "w.npz", **{"conv1/kernel": KERNEL, "conv1/bias": np.zeros(0), "n": np.array(7)})
    with npz(tmp_path / "w.npz") as stored:
        assert {name: (array.shape, array.dtype) for name, array in stored.items()} == {
            "conv1/kernel": ((2, 3), np.float32),
            "conv1/bias": ((0,), np.float64),
            "n": ((), np.array(7).dtype),
        }
        assert np.array_equal(stored["conv1/kernel"].read(), KERNEL)
        assert np.array_equal(stored["conv1/kernel"].read(), KERNEL)  # once more
        assert stored["n"].read() == 7


def test_entries_without_npy_are_arrays_too(tmp_path):
    archive(tmp_path / "w.npz", [("conv1/kernel", npy()), ("model.json", b"{}")])
    with npz(tmp_path / "w.npz") as stored:
        assert (list(stored), stored.metadata) == (["conv1/kernel"], "{}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "File is not a zip file"),
        (b"PK\x03\x04 not a zip file", "File is not a zip file"),
        (b"conv1: 1, 2, 3", "File is not a zip file"),
        (b"\x89HDF\r\n\x1a\n", r"it is HDF5 \(\.h5\): npmobile\.load reads it"),
        (npy(), r"it is a single array \(\.npy\)"),
        (pickle.dumps({"conv1.weight": 1}), "it is a pickle .*, which is never read: save it as .safetensors"),
    ],
)
def test_what_is_no_archive(tmp_path, content, message):
    (tmp_path / "w.npz").write_bytes(content)
    refused(tmp_path / "w.npz", message)


def test_what_cannot_be_opened(tmp_path):
    with pytest.raises(FileNotFoundError), npz(tmp_path / "none.npz"):
        pass
    with pytest.raises(OSError, match=r"Is a directory|Permission denied"), npz(tmp_path):
        pass


@pytest.mark.parametrize("names", [("k.npy", "k.npy"), ("k.npy", "k"), ("k", "k"), ("k.npy", "k.npy\0again")])
def test_two_entries_for_one_array(tmp_path, names):
    archive(tmp_path / "w.npz", [("conv1/bias.npy", npy()), *((f"conv1/{name}", npy()) for name in names)])
    refused(tmp_path / "w.npz", "it has more than one entry for conv1/k$")


def test_two_texts(tmp_path):
    archive(tmp_path / "w.npz", [("model.json", b"{}"), ("k.npy", npy()), ("model.json", b"[]")])
    refused(tmp_path / "w.npz", r"it has more than one entry for model\.json$")
    archive(tmp_path / "w.npz", [("model.json", b"{}"), ("model.json.npy", npy())])
    refused(tmp_path / "w.npz", r"it has more than one entry for model\.json$")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("archive/data.pkl", "it is a file of PyTorch, a pickle, which is never read: save it as .safetensors"),
        ("model.weights.h5", "it is a .keras file"),
        ("notes.txt", r"notes\.txt is no array"),
        ("folder/", "folder/ is no array"),
        ("line\nbreak.npy", r"line\\nbreak\.npy is no array"),
    ],
)
def test_other_entries(tmp_path, name, message):
    archive(tmp_path / "w.npz", [("k.npy", npy()), (name, b"" if name.endswith("/") else b"something else")])
    refused(tmp_path / "w.npz", message)


@pytest.mark.parametrize("version", [(2, 0), (3, 0)])
def test_other_versions_of_npy(tmp_path, version):
    archive(tmp_path / "w.npz", [("k.npy", npy(version=version))])
    refused(tmp_path / "w.npz", rf"k\.npy is \.npy of version {version[0]}\.0, not 1\.0")


def test_a_header_that_declares_gigabytes_of_header(tmp_path):
    content = b"\x93NUMPY\x02\x00" + (2**32 - 1).to_bytes(4, "little") + b" " * 10_000_000
    archive(tmp_path / "w.npz", [("k.npy", content)], zipfile.ZIP_DEFLATED)
    refused(tmp_path / "w.npz", r"k\.npy is \.npy of version 2\.0")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (npy()[:-1], "k.npy declares 152 bytes, but has 151"),
        (npy() + b"more", "k.npy declares 152 bytes, but has 156"),
        (npy()[:100], "not a whole npz file: .+"),
        (npy()[:8], "not a whole npz file: .+"),
        (b"", r"k\.npy is no array"),
        (header("{'descr': '<f4', 'fortran_order': False, 'shape': (10000000000,), }"), "declares 40,000,000,0.. bytes, but has .."),
        (header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -6), }", b"\0" * 24), ".+"),
        (header("{'descr': '<f4', 'fortran_order': False, 'shape': (6.0,), }", b"\0" * 24), ".+"),
        (header("{'descr': '<f4', 'fortran_order': False, }"), ".+"),
        (header("(" * 9000), ".+"),
        (header("-" * 9000 + "1"), ".+"),
        (header("{'descr': __import__('os'), 'fortran_order': False, 'shape': (6,), }"), ".+"),
        (header("\xff"), ".+"),
        (header(""), ".+"),
    ],
)  # fmt: skip
def test_damaged_arrays(tmp_path, content, message):
    archive(tmp_path / "w.npz", [("k.npy", content)])
    refused(tmp_path / "w.npz", message)


def test_a_changed_byte_is_found(tmp_path):
    archive(tmp_path / "w.npz", [("k.npy", npy())])
    content = bytearray((tmp_path / "w.npz").read_bytes())
    content[content.index(KERNEL.tobytes()) + 5] ^= 1
    (tmp_path / "w.npz").write_bytes(content)
    refused(tmp_path / "w.npz", "Bad CRC-32")


def test_a_wrong_checksum_is_found(tmp_path):
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        archive(tmp_path / "w.npz", [("k.npy", npy())], compression)
        content = bytearray((tmp_path / "w.npz").read_bytes())
        for start, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
            content[content.index(start) + offset] ^= 1
        (tmp_path / "w.npz").write_bytes(content)
        refused(tmp_path / "w.npz", "Bad CRC-32")


def test_objects_are_listed_and_never_read(tmp_path):
    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "sprung"),))

    np.savez(tmp_path / "w.npz", k=np.array([Trap()]))
    refused(tmp_path / "w.npz", "Object arrays cannot be loaded")
    assert os.listdir(tmp_path) == ["w.npz"]


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_a_header_that_is_nested_too_deep(tmp_path, monkeypatch, error):
    def parse(file):
        raise error

    archive(tmp_path / "w.npz", [("k.npy", npy())])
    monkeypatch.setattr(np.lib.format, "read_array_header_1_0", parse)
    refused(tmp_path / "w.npz", r"the header of k\.npy cannot be read")


def test_an_archive_that_cannot_be_ended_is_no_success(tmp_path, monkeypatch):
    real = zipfile.ZipFile.close

    def close(self):
        if self.mode == "r":  # one of another test
            real(self)
        elif self.fp:
            self.fp = None  # as the real one does, whatever happens
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "close", close)
    with open(tmp_path / "w.npz", "wb") as file, pytest.raises(OSError, match="No space left"):
        write_npz(file, {"k": KERNEL})


def test_the_longest_text(tmp_path):
    archive(tmp_path / "w.npz", [("model.json", b" " * 16_000_000)], zipfile.ZIP_DEFLATED)
    with npz(tmp_path / "w.npz") as stored:
        assert stored.metadata == " " * 16_000_000


def test_other_compressions(tmp_path):
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        archive(tmp_path / "w.npz", [("k.npy", npy())], compression)
        refused(tmp_path / "w.npz", r"k\.npy is compressed as NumPy never does")


def test_encrypted_entries(tmp_path):
    archive(tmp_path / "w.npz", [("k.npy", npy())])
    content = bytearray((tmp_path / "w.npz").read_bytes())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(start) + flags] |= 1
    (tmp_path / "w.npz").write_bytes(content)
    refused(tmp_path / "w.npz", r"password required")


def test_70_000_entries(tmp_path):
    archive(tmp_path / "w.npz", [(f"conv\n{number}{'n' * 99}", b"") for number in range(70_000)])
    refused(
        tmp_path / "w.npz",
        r"it has 70,000 entries, and a network at most 10,000: conv\\n0n+\.\.\.n+; .*; and 69,995 more$",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff", "can't decode byte 0xff"),
        (b" " * 16_000_001, r"model\.json has 16,000,001 bytes, more than 16,000,000"),
    ],
)
def test_texts_that_are_none(tmp_path, content, message):
    archive(tmp_path / "w.npz", [("model.json", content)], zipfile.ZIP_DEFLATED)
    refused(tmp_path / "w.npz", message)
