"""Refusals of files: one line of bounded length that names the file."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..files import one_line

LONGEST = 600  # characters of a message


class Refused(ValueError):
    """What this package says of a file that it does not take; the file's name is put before it."""


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Make each refusal inside one line that names the file.

    >>> with about(Path("w.h5")):
    ...     raise ValueError("no\\nkernel")
    Traceback (most recent call last):
    ValueError: w.h5: no\\nkernel
    """
    try:
        yield
    except ValueError as error:
        name = one_line(path)
        text = str(error).replace(str(path), name)
        if isinstance(error, Refused) or not text.startswith(name):
            text = f"{name}: {text}"
        raise ValueError(one_line(text, LONGEST)) from error


@contextmanager
def damaged(kind: str) -> Iterator[None]:
    """Turn whatever a damaged file makes its library raise into one refusal; our own refusals pass.

    An error of the disk, too little memory, and Ctrl-C are not the file's fault: they pass too.

    >>> with damaged("HDF5"):
    ...     raise KeyError("no such object")
    Traceback (most recent call last):
    npmobile.pretrained.messages.Refused: it is not a whole HDF5 file: 'no such object'
    """
    try:
        yield
    except (Refused, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):  # EINVAL: a seek to nowhere
            raise
        reason = one_line(error, longest=300) or type(error).__name__
        raise Refused(f"it is not a whole {kind} file: {reason}") from error


def short(value: object) -> str:
    """A value as Python writes it, cut where it is long.

    >>> short("conv1\\n"), short(list(range(100)))
    ("'conv1\\\\n'", '[0, 1, 2, 3, 4, 5, 6, 7, 8,... 94, 95, 96, 97, 98, 99]')
    """
    try:
        return one_line(repr(value), longest=60)
    except (ValueError, RecursionError):  # an int of more than 4300 digits; lists in lists in lists
        return f"a {type(value).__name__} too long to show"
