"""SHA-256 of a fetched file, written beside it and compared at each later use."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_for(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check(path: Path) -> None:
    """Refuse a file that is no longer what was written beside it when it was fetched."""
    if (written := file_for(path)).exists() and written.read_text(encoding="utf8").split()[:1] != [of(path)]:
        raise ValueError(f"{path} has changed since it was fetched (its SHA-256 differs): delete it and fetch it again")
