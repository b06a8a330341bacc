"""`.npz` files: a zip archive of one `.npy` file for each array, and of a text. Nothing is ever unpickled."""

from __future__ import annotations

import math
import os
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from .messages import listed, one_line, unreadable
from .stored import Stored

METADATA = "model.json"  # the name of the text in the archive
MOST_METADATA = 16_000_000  # bytes; the names of 1000 classes take 20,000
MOST_ENTRIES = 10_000  # in an archive; MobileNet v1 has 137 arrays
OTHER_FILES = {
    b"\x89HDF": "it is HDF5 (.h5): npmobile.load reads it",
    b"\x93NUMPY": "it is a single array (.npy)",
    b"\x80": "it is a pickle (.pkl, .pth), which is never read: save it as .safetensors",
}
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those of numpy.savez and numpy.savez_compressed


class Contents(dict[str, Stored]):
    """The arrays of a file by name, and the text in the same file, if there is one."""

    metadata: str | None = None


def write_npz(file: BinaryIO, arrays: Mapping[str, np.ndarray], metadata: str | None = None) -> None:
    """Write arrays, and a text if one is given, as an `.npz` archive that `numpy.load` reads too.

    >>> import io
    >>> file = io.BytesIO()
    >>> write_npz(file, {"conv1/kernel": np.ones(2)}, "{}")
    >>> np.load(io.BytesIO(file.getvalue())).files
    ['conv1/kernel', 'model.json']
    """
    if metadata is not None and not isinstance(metadata, str):
        raise TypeError(f"metadata must be a str, but is {type(metadata).__name__}")
    text = None if metadata is None else metadata.encode("utf8")
    if text and len(text) > MOST_METADATA:
        raise ValueError(f"metadata must have at most {MOST_METADATA:,} bytes, but has {len(text):,}")
    archive = zipfile.ZipFile(file, "w")
    try:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                npy.write_array(entry, array, allow_pickle=False)
        if text is not None:
            archive.writestr(METADATA, text)
    except BaseException:
        archive.fp = None  # else closing it would raise a ValueError and hide a KeyboardInterrupt
        raise
    archive.close()


@contextmanager
def npz(path: str | os.PathLike[str]) -> Iterator[Contents]:
    """Open an `.npz` file and list its arrays, reading none.

    Parameters
    ----------
    path : path

    Yields
    ------
    Contents
        A dict of array name to Stored. Its `metadata` is the text of the entry `model.json`, or None.

    Raises
    ------
    ValueError
        If it is no such file, is damaged, or holds two entries for one array, anything else than arrays, or more
        than a network can need.
    OSError
        If it cannot be opened.
    """
    with open(path, "rb") as file:
        with unreadable(path, "npz"):
            start = file.read(8)
            for head, reason in OTHER_FILES.items():
                if start.startswith(head):
                    raise ValueError(reason)
            archive = zipfile.ZipFile(file)
            entries = archive.infolist()
            _check_names([entry.filename for entry in entries])
            contents = Contents()
            for entry in entries:
                if entry.compress_type not in COMPRESSIONS:
                    raise ValueError(f"{entry.filename} is compressed as NumPy never does")
                if entry.filename == METADATA:
                    contents.metadata = _text(archive, entry)
                else:
                    contents[_array_name(entry.filename)] = _stored(archive, entry, path)
        yield contents


def _array_name(entry: str) -> str:
    return entry.removesuffix(".npy")


def _check_names(names: list[str]) -> None:
    """Refuse other programs' archives, and two entries for one array, of which either could be the right one."""
    if any(name.endswith("data.pkl") for name in names):
        raise ValueError("it is a file of PyTorch, a pickle, which is never read: save it as .safetensors")
    if "model.weights.h5" in names:
        raise ValueError("it is a .keras file, which weights.load does not read")
    if len(names) > MOST_ENTRIES:
        raise ValueError(f"it has {len(names):,} entries, and a network at most {MOST_ENTRIES:,}: {listed(names)}")
    if twice := [name for name, times in Counter(map(_array_name, names)).items() if times > 1]:
        raise ValueError(f"it has more than one entry for {listed(twice)}")


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    if entry.file_size > MOST_METADATA:
        raise ValueError(f"{METADATA} has {entry.file_size:,} bytes, more than {MOST_METADATA:,}")
    return archive.read(entry).decode("utf8")


def _stored(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: object) -> Stored:
    name = one_line(entry.filename, longest=80)
    with archive.open(entry) as file:
        start = file.read(8)
        if start[:6] != b"\x93NUMPY":
            raise ValueError(f"{name} is no array")
        if start[6:] != b"\x01\x00":  # the others are for names of fields, which no array of floats has
            raise ValueError(f"{name} is .npy of version {start[6]}.{start[7]}, not 1.0")
        try:
            shape, _, dtype = npy.read_array_header_1_0(file)
        except (MemoryError, RecursionError) as error:  # brackets in brackets in brackets
            raise ValueError(f"the header of {name} cannot be read") from error
        declared = file.tell() + math.prod(shape) * dtype.itemsize
    if declared != entry.file_size and not dtype.hasobject:
        raise ValueError(f"{name} declares {declared:,} bytes, but has {entry.file_size:,}")

    def read() -> np.ndarray:
        with unreadable(path, "npz"), archive.open(entry) as file:
            array = npy.read_array(file, allow_pickle=False)
            file.read(1)  # nothing is left: at the end of an entry its checksum is compared
            return array

    return Stored(shape, dtype, read)
