"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, cast

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

_DISK_ERRORS = {errno.ENOSPC, errno.EFBIG, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)}
_HOUR = 3600


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for writing that replaces `path` only when it is whole.

    The bytes go to a part file in the same folder, `w.npz.0123456789abcdef.part`. At the end of the `with` block it
    is flushed to the disk and renamed. After an exception, Ctrl-C included, it is deleted, and `path` is as it was
    before. A killed process cannot delete its part file: the next `replacing` of the same path does.

    A symbolic link stays a link, and the file that it names is replaced. A file that exists keeps its mode and, where
    the system allows it, its owner. Any number of threads and processes may replace one path at the same time: each
    has its own part file, and the last rename is the one that counts.

    Parameters
    ----------
    path : path
        Its folder must exist.

    Yields
    ------
    binary file
        Open for writing and reading. Its `name` is that of the part file.

    Raises
    ------
    OSError
        As `open(path, "wb")` does, naming `path`: if the folder does not exist, if `path` is a folder or anything
        else than a regular file, if it may not be written, or if the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "notes.txt"
    ...     with replacing(path) as file:
    ...         _ = file.write(b"whole")
    ...     path.read_bytes(), os.listdir(folder)
    (b'whole', ['notes.txt'])
    """
    path = Path(path)
    old = _replaceable(path)
    target = Path(os.path.realpath(path))

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600 if old else 0o666)  # the system applies the umask

    while True:
        part = target.with_name(f"{_prefix(target)}.{os.urandom(8).hex()}.part")
        try:
            with _naming(path, part), open(part, "x+b", opener=opener) as file:
                _lock(file, exclusive=False)  # shared, so that HDF5 can open the file for reading
                if not part.exists():  # another process took it for an abandoned one before it was locked
                    continue
                _delete_abandoned(target, part)
                if old:
                    _keep_owner_and_mode(part, old)
                yield cast(BinaryIO, file)
                file.flush()
                os.fsync(file.fileno())  # on the disk before it replaces the old file
                if os.name == "nt":
                    file.close()  # Windows does not rename an open file
                os.replace(part, target)  # elsewhere it is still locked
                return
        finally:
            with suppress(OSError):  # renamed or never made
                part.unlink()


def _replaceable(path: Path) -> os.stat_result | None:
    """What is at `path` now, or None; refused if it is not a file that may be written."""
    try:
        old = os.stat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(old.st_mode):
        raise OSError(errno.EINVAL, "Not a regular file", str(path))
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return old


@contextmanager
def _naming(path: Path, part: Path) -> Iterator[None]:
    """Name `path` in the errors of the disk, which name the part file or no file."""
    try:
        yield
    except OSError as error:
        if error.filename == str(part) or (error.filename is None and error.errno in _DISK_ERRORS):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def _keep_owner_and_mode(part: Path, old: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with suppress(OSError):  # only root may give a file to another
            os.chown(part, old.st_uid, old.st_gid)
    os.chmod(part, stat.S_IMODE(old.st_mode))


def _prefix(target: Path) -> str:
    return target.name[:50]  # so that the part file's name keeps below the 255 bytes that a name may have


def _delete_abandoned(target: Path, own: Path) -> None:
    """Delete the part files of earlier writes to `target` whose process was killed."""
    pattern = re.compile(re.escape(_prefix(target)) + r"\.[0-9a-f]{16}\.part")
    with suppress(OSError):  # the folder may not be listed
        for other in target.parent.iterdir():
            if pattern.fullmatch(other.name) and other != own:
                with suppress(OSError):  # deleted meanwhile
                    _delete_if_abandoned(other, own)


def _delete_if_abandoned(other: Path, own: Path) -> None:
    """Delete a part file if no process is writing it.

    A process that writes a part file holds a lock on it, and the system releases the lock when the process ends.
    Where there are no locks, a part file that nothing was written to for an hour counts as abandoned.
    """
    with open(other, "r+b") as file:
        locked = _lock(file, exclusive=True)
        if locked:
            other.unlink()  # before the lock is released
    if locked is None and own.stat().st_mtime - other.stat().st_mtime > _HOUR:  # both by the file system's clock
        other.unlink()  # Windows refuses it for a file that is open


def _lock(file: IO[bytes], exclusive: bool) -> bool | None:
    """Lock a file: True if that was done, False if another holds a lock, None where there are no locks."""
    if not hasattr(fcntl, "flock"):  # Windows has no fcntl, and that of Pyodide has no flock
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if exclusive else fcntl.LOCK_SH)
    except BlockingIOError:
        return False
    except OSError:  # the file system has none
        return None
    return True
