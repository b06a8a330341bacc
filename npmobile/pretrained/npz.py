"""Our own files, `.npz`: bare arrays as `weights.save` writes them, or whole models as `Model.save` does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..description import described
from ..files import npz
from . import archives, settings
from .contents import Contents
from .messages import Refused, short

DESCRIPTION = "model.json"


def looks_like(head: bytes, path: Path) -> bool:
    """Whether this is a zip archive of arrays."""
    return head.startswith(archives.SIGNATURE) and any(name.endswith(".npy") for name in archives.names(path))


@contextmanager
def contents(path: Path) -> Iterator[Contents]:
    """What the file says, while it is open. Bare arrays say nothing but themselves."""
    with npz(path) as arrays:
        if arrays.metadata is None:
            yield Contents(arrays)
            return
        settings.parse(arrays.metadata, DESCRIPTION)  # refuses what stands in it twice
        parts = described(arrays.metadata)
        if not isinstance(parts["labels"], list):
            raise Refused(f"{DESCRIPTION}: labels must be a list, but is {short(parts['labels'])}")
        yield Contents(arrays, **parts)
