"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from npmobile import files
from npmobile.files import atomic

posix = pytest.mark.skipif(os.name == "nt", reason="modes, links and signals as POSIX has them")


def write(path, content: bytes) -> None:
    with files.replacing(path) as file:
        file.write(content)


def python(code: str, *arguments, **options) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, **options)


HALF_WRITTEN = """
import sys, time
from npmobile import files
with files.replacing(sys.argv[1]) as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def half_written(tmp_path):
    """A process that has begun to write `tmp_path / "w"` and does not go on."""
    process = python(HALF_WRITTEN, tmp_path / "w")
    assert process.stdout.readline().strip() == b"writing"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


# Whole or not at all


def test_a_new_file_and_an_old_one(tmp_path):
    for content in (b"first", b"second, which is longer", b""):
        write(tmp_path / "w", content)
        assert (tmp_path / "w").read_bytes() == content
        assert os.listdir(tmp_path) == ["w"]


def test_the_old_file_is_there_until_the_new_one_is_whole(tmp_path):
    write(tmp_path / "w", b"old")
    with files.replacing(tmp_path / "w") as file:
        file.write(b"new")
        file.flush()
        assert (tmp_path / "w").read_bytes() == b"old"
        assert Path(file.name).read_bytes() == b"new"
    assert (tmp_path / "w").read_bytes() == b"new"


def test_it_is_on_the_disk_before_it_is_renamed(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, name=name, real=real: (calls.append(name), real(*given)))
    write(tmp_path / "w", b"whole")
    assert calls == ["fsync", "replace"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, OSError])
def test_an_exception_leaves_what_was_there(tmp_path, error):
    write(tmp_path / "w", b"old")
    for name in ("w", "new"):
        with pytest.raises(error, match="mine"), files.replacing(tmp_path / name) as file:
            file.write(b"half")
            raise error("mine")
    assert os.listdir(tmp_path) == ["w"]
    assert (tmp_path / "w").read_bytes() == b"old"


def test_relative_paths_and_a_change_of_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    with files.replacing("w") as file:
        file.write(b"whole")
        os.chdir(tmp_path / "elsewhere")
    assert (tmp_path / "w").read_bytes() == b"whole"
    assert sorted(os.listdir(tmp_path)) == ["elsewhere", "w"]


@pytest.mark.parametrize("name", ["가" * 83, "n" * 255, "w[0].npz", "-", ".part"])
def test_names_that_are_long_or_special(tmp_path, name):
    if os.name != "nt":
        write(tmp_path / name, b"whole")
        assert os.listdir(tmp_path) == [name]


# Modes and links


@posix
@pytest.mark.parametrize(("umask", "mode"), [(0o027, 0o640), (0o022, 0o644), (0, 0o666)])
def test_a_new_file_has_the_mode_of_the_umask(tmp_path, umask, mode):
    old = os.umask(umask)
    try:
        write(tmp_path / "w", b"")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "w").stat().st_mode) == mode


@posix
def test_nobody_else_can_open_the_part_file_of_a_private_file(tmp_path, monkeypatch):
    (tmp_path / "w").write_bytes(b"old")
    (tmp_path / "w").chmod(0o600)
    real, modes = os.open, []

    def recorded(name, flags, mode):
        modes.append(mode)
        return real(name, flags, mode)

    monkeypatch.setattr(os, "open", recorded)
    write(tmp_path / "w", b"new")
    assert modes == [0o600]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o666, 0o755])
def test_an_old_file_keeps_its_mode(tmp_path, mode):
    (tmp_path / "w").write_bytes(b"old")
    (tmp_path / "w").chmod(mode)
    with files.replacing(tmp_path / "w") as file:
        assert stat.S_IMODE(os.stat(file.name).st_mode) == mode  # from the first byte on
    assert stat.S_IMODE((tmp_path / "w").stat().st_mode) == mode


@posix
def test_an_old_file_keeps_its_owner(tmp_path):
    (tmp_path / "w").write_bytes(b"old")
    owner = (12345, 23456) if os.getuid() == 0 else (os.getuid(), os.getgid())  # only root may give files away
    os.chown(tmp_path / "w", *owner)
    write(tmp_path / "w", b"new")
    assert ((tmp_path / "w").stat().st_uid, (tmp_path / "w").stat().st_gid) == owner


@posix
def test_the_target_of_a_link_is_replaced(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "w").write_bytes(b"old")
    (tmp_path / "link").symlink_to("far/w")
    (tmp_path / "dangling").symlink_to("far/new")
    write(tmp_path / "link", b"new")
    write(tmp_path / "dangling", b"made")
    assert os.readlink(tmp_path / "link") == "far/w"
    assert os.readlink(tmp_path / "dangling") == "far/new"
    assert (tmp_path / "far" / "w").read_bytes() == b"new"
    assert (tmp_path / "far" / "new").read_bytes() == b"made"
    assert sorted(os.listdir(tmp_path / "far")) == ["new", "w"]


# Threads and processes


def test_threads_that_write_one_path(tmp_path):
    contents = [bytes([number]) * 300_000 for number in range(4)]
    write(tmp_path / "w", contents[0])
    seen, errors, done = [], [], threading.Event()

    def repeat(task):
        try:
            while not done.is_set():
                task()
        except Exception as error:
            errors.append(error)

    tasks = [lambda content=content: write(tmp_path / "w", content) for content in contents]
    tasks.append(lambda: seen.append((tmp_path / "w").read_bytes()))
    threads = [threading.Thread(target=repeat, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    time.sleep(1)
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(seen) > 10
    assert set(seen) <= set(contents)
    assert os.listdir(tmp_path) == ["w"]


WRITES_AGAIN_AND_AGAIN = """
import sys
from npmobile import files
for number in range(200):
    with files.replacing(sys.argv[1]) as file:
        file.write(sys.argv[2].encode() * 100_000)
"""


def test_processes_that_write_one_path(tmp_path):
    write(tmp_path / "w", b"0" * 100_000)
    writers = [python(WRITES_AGAIN_AND_AGAIN, tmp_path / "w", digit) for digit in "123"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        seen.add((tmp_path / "w").read_bytes())
    assert [writer.communicate() and writer.returncode for writer in writers] == [0, 0, 0]
    assert seen <= {digit * 100_000 for digit in (b"0", b"1", b"2", b"3")}
    assert os.listdir(tmp_path) == ["w"]


# What a killed process leaves


@posix
def test_the_part_file_of_a_killed_process_is_deleted_by_the_next_write(tmp_path, half_written):
    half_written.kill()
    half_written.wait()
    assert len(os.listdir(tmp_path)) == 1
    write(tmp_path / "other", b"another path")
    assert len(os.listdir(tmp_path)) == 2
    write(tmp_path / "w", b"whole")
    assert sorted(os.listdir(tmp_path)) == ["other", "w"]


def test_the_part_file_of_a_living_process_is_not_deleted(tmp_path, half_written):
    write(tmp_path / "w", b"whole")
    names = os.listdir(tmp_path)
    assert len(names) == 2
    (part,) = set(names) - {"w"}
    assert (tmp_path / part).read_bytes() == b"half"


@posix
def test_the_lock_tells_not_the_age(tmp_path, half_written):
    (part,) = tmp_path.iterdir()
    os.utime(part, (0, 0))
    write(tmp_path / "w", b"whole")
    assert part.exists()


@posix
def test_a_part_file_can_be_read_while_it_is_written(tmp_path):
    import fcntl

    with files.replacing(tmp_path / "w") as file, open(file.name, "rb") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH | fcntl.LOCK_NB)  # as HDF5 does


@posix
def test_an_exception_from_a_signal_leaves_nothing(tmp_path):
    code = "import signal; signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))"
    process = python(HALF_WRITTEN.replace("\nfrom", f"\n{code}\nfrom"), tmp_path / "w")
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert (process.returncode, os.listdir(tmp_path)) == (143, [])


@pytest.mark.parametrize("locks", ["none on Windows", "none in Pyodide", "none on the file system"])
def test_without_locks_a_part_file_is_abandoned_after_an_hour(tmp_path, monkeypatch, locks):
    class NoLocks:
        LOCK_SH = LOCK_EX = LOCK_NB = 0

        def flock(self, file, how):
            raise OSError(errno.ENOLCK, "No locks available")

    without = {"none on Windows": None, "none in Pyodide": object(), "none on the file system": NoLocks()}
    monkeypatch.setattr(atomic, "fcntl", without[locks])
    for token, minutes in (("0" * 16, 61), ("1" * 16, 59)):
        part = tmp_path / f"w.{token}.part"
        part.write_bytes(b"half")
        os.utime(part, (time.time() - 60 * minutes,) * 2)
    write(tmp_path / "w", b"whole")
    assert sorted(os.listdir(tmp_path)) == ["w", f"w.{'1' * 16}.part"]


def test_files_of_the_user_are_not_deleted(tmp_path):
    names = ["w.part", "w.0123.part", "w.0123456789abcdef.part.txt", "ww.0123456789abcdef.part", "w.0123456789abcdefg.part"]  # fmt: skip
    for name in names:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "w.0123456789abcdef.part").mkdir()  # a folder of this name
    write(tmp_path / "w", b"whole")
    assert sorted(os.listdir(tmp_path)) == sorted([*names, "w.0123456789abcdef.part", "w"])


def test_a_part_file_that_is_deleted_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    real, calls = atomic._lock, []

    def lock(file, exclusive):
        if not calls and os.name != "nt":
            os.unlink(file.name)
        calls.append(file.name)
        return real(file, exclusive)

    monkeypatch.setattr(atomic, "_lock", lock)
    write(tmp_path / "w", b"whole")
    assert (tmp_path / "w").read_bytes() == b"whole"
    assert os.listdir(tmp_path) == ["w"]


# What is refused


@pytest.mark.parametrize(
    ("path", "error"), [("nowhere/w", FileNotFoundError), (".", IsADirectoryError), ("file/w", NotADirectoryError)]
)
def test_errors_name_the_path(tmp_path, path, error):
    (tmp_path / "file").write_bytes(b"")
    if os.name == "nt" and error is NotADirectoryError:
        error = FileNotFoundError
    with pytest.raises(error) as caught:
        write(tmp_path / path, b"")
    assert caught.value.filename == str(tmp_path / path)
    assert os.listdir(tmp_path) == ["file"]


def test_a_path_without_a_name(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(IsADirectoryError):
        write("", b"")
    assert os.listdir(tmp_path) == ["here"]


@posix
def test_only_regular_files_are_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match=r"Not a regular file: .*pipe"):
        write(tmp_path / "pipe", b"")
    with pytest.raises(OSError, match="Not a regular file: '/dev/null'"):
        write("/dev/null", b"")
    with pytest.raises(OSError, match="loop"):
        write(tmp_path / "loop", b"")
    assert sorted(os.listdir(tmp_path)) == ["loop", "pipe"]


def test_a_file_that_may_only_be_read(tmp_path, monkeypatch):
    write(tmp_path / "w", b"old")
    (tmp_path / "w").chmod(0o444)
    if os.name != "nt" and os.getuid() == 0:  # root may write everything
        monkeypatch.setattr(os, "access", lambda path, how: False)
    with pytest.raises(PermissionError) as caught:
        write(tmp_path / "w", b"new")
    assert caught.value.filename == str(tmp_path / "w")
    assert (tmp_path / "w").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["w"]


def test_a_folder_that_may_not_be_written(tmp_path, monkeypatch):
    def refuse(name, flags, mode):
        raise PermissionError(errno.EACCES, "Permission denied", name)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError) as caught:
        write(tmp_path / "w", b"new")
    assert caught.value.filename == str(tmp_path / "w")


FULL = """
import resource, sys
from npmobile import files
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with files.replacing(sys.argv[1]) as file:
        for _ in range(int(sys.argv[2])):
            file.write(b"x" * 100)
except OSError as error:
    print(type(error).__name__, error)
"""


@posix
@pytest.mark.parametrize("writes", [11, 1000])  # the buffer of the file holds 11 of them until it is flushed
def test_a_full_disk(tmp_path, writes):
    write(tmp_path / "w", b"old")
    output, _ = python(FULL, tmp_path / "w", writes, text=True).communicate()
    assert output == f"OSError [Errno {errno.EFBIG}] {os.strerror(errno.EFBIG)}: '{tmp_path / 'w'}'\n"
    assert os.listdir(tmp_path) == ["w"]
    assert (tmp_path / "w").read_bytes() == b"old"
