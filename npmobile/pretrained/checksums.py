"""The SHA-256 of a fetched file: written beside it, as `sha256sum` writes it, and compared at each later use."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from ..files import one_line, replacing


def file_for(path: Path) -> Path:
    """Where the sum of a file is written: w.h5.sha256 beside w.h5."""
    return path.with_name(f"{path.name}.sha256")


def write(path: Path) -> None:
    """Write the sum of a file beside it."""
    with replacing(file_for(path)) as file:
        file.write(f"{_sum(path)}  {path.name}\n".encode())


def check(path: Path) -> None:
    """Refuse a file whose sum is not the one beside it; where none is, nothing can be said.

    Raises
    ------
    ValueError
        If the sums differ, or if the file beside it holds none.
    """
    written = file_for(path)
    if not written.exists():
        return
    with written.open("rb") as file:
        found = re.search(rb"\b[0-9a-fA-F]{64}\b", file.read(10_000))
    if not found:
        raise ValueError(f"{one_line(written)} holds no SHA-256: delete it, and fetch the file again")
    if found[0].lower().decode() != _sum(path):
        raise ValueError(
            f"{one_line(path)} has changed since it was fetched (its SHA-256 differs): delete it, and fetch it again"
        )


def _sum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(2**20):
            digest.update(piece)
    return digest.hexdigest()
