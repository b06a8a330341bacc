"""Zip archives, opened in bounded time and memory: `.npz` and `.keras` files are zip archives."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

from .messages import Refused, damaged, short

SIGNATURE = b"PK\x03\x04"
LARGEST_DIRECTORY = 1_000_000  # bytes of the list of entries; each takes at least 46
GREATEST_RATIO = 4  # bytes unpacked to bytes of the archive: trained numbers hardly compress


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    """The archive, if the list of its entries is not too long to be read."""
    with path.open("rb") as file, damaged(".npz or .keras"):
        file.seek(-min(os.path.getsize(path), 22 + 65_535), os.SEEK_END)  # the end record, and its comment at most
        end = file.read()
        for record in re.finditer(rb"PK\x05\x06.{8}(.{4})", end, re.DOTALL):
            if int.from_bytes(record[1], "little") > LARGEST_DIRECTORY:
                raise Refused(f"it lists more than {LARGEST_DIRECTORY:,} bytes of names")
            if end.endswith(b"PK\x06\x07", 0, max(0, record.start() - 16)):
                raise Refused("it is a zip archive of 4 GB or more")
        with ZipFile(file) as archive:
            yield archive


def names(path: Path) -> list[str]:
    """The names of all entries."""
    with opened(path) as archive:
        return archive.namelist()


def read(archive: ZipFile, name: str, path: Path) -> bytes:
    """One entry, unpacked."""
    if (times := archive.namelist().count(name)) != 1:
        raise Refused(f"it must hold {name} once, but holds it {times} times")
    if (size := archive.getinfo(name).file_size) > GREATEST_RATIO * os.path.getsize(path):
        raise Refused(f"{short(name)} declares {size:,} bytes, far more than the file can hold")
    return archive.read(name)
