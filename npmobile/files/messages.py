"""Messages about files: one line of bounded length, whatever the file holds."""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice


def one_line(text: object, longest: int = 120) -> str:
    """Text in which everything is escaped that would break the line; of long text, the beginning and the end.

    >>> one_line("conv1\\n고양이"), one_line("/home/" + 50 * "a" + "/w.npz", longest=16)
    ('conv1\\\\n고양이', '/home/.../w.npz')
    """
    escaped = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in _cut(str(text), longest))
    return _cut(escaped, longest)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    start = longest // 2 - 1
    return f"{text[:start]}...{text[start + 3 - longest :]}"


def listed(items: Collection[str], most: int = 5, longest: int = 70, separator: str = "; ") -> str:
    """The first items, and how many more there are.

    >>> listed("abcdefg", most=3)
    'a; b; c; and 4 more'
    """
    shown = [one_line(item, longest) for item in islice(items, most)]
    return separator.join([*shown, f"and {len(items) - most:,} more"] if len(items) > most else shown)


@contextmanager
def unreadable(path: object, kind: str) -> Iterator[None]:
    """Turn whatever a damaged file makes its reader raise into one ValueError that names the file.

    An error of the disk or of permissions, too little memory, and Ctrl-C are not the file's fault: they pass.

    >>> with unreadable("w.npz", "npz"):
    ...     {}["header"]
    Traceback (most recent call last):
    ValueError: w.npz is not a whole npz file: 'header'
    """
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):  # EINVAL: a seek to nowhere
            raise
        reason = one_line(error, longest=450) or type(error).__name__
        raise ValueError(f"{one_line(path)} is not a whole {kind} file: {reason}") from error
