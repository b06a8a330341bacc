"""What the site is made of, from npm and PyPI: each file is downloaded once, and its SHA-256 must be the one in `site.lock`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LOCK = HERE / "site.lock"
PYODIDE = "pyodide-314.0.3.tgz"
KATEX = "katex-0.19.1.tgz"
FONT = "kfonts-nanum-gothic-0.2.0.tgz"
WASM_WHEELS = "open_webui-0.12.4-py3-none-any.whl"  # its folder frontend/pyodide holds the compiled wheels of Pyodide


def read_lock(path: Path = LOCK) -> dict[str, Any]:
    """The registries' files: for each name its `sha256`, and for npm the name of the package."""
    return json.loads(path.read_text(encoding="utf8"))


def default_cache() -> Path:
    """The folder that keeps what was downloaded: `npmobile-site` in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "npmobile-site"


def check(path: Path, sha256: str) -> Path:
    """The path itself, or a ValueError if the file is not the expected one."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise ValueError(f"{path.name}: its SHA-256 must be {sha256}, but is {found}; delete {path} and build again")
    return path


class Inputs:
    """The files of the lock, in a cache folder.

    Parameters
    ----------
    cache : path
        Where downloaded files are kept. A second build downloads nothing.
    lock : dict, optional
        What `read_lock` returns.
    """

    def __init__(self, cache: Path, lock: dict[str, Any] | None = None) -> None:
        self.cache = cache
        self.lock = read_lock() if lock is None else lock

    def get(self, name: str) -> Path:
        """A file of the lock, downloaded if the cache does not have it, with its hash checked."""
        registry = "npm" if name in self.lock["npm"] else "pypi"
        sha256 = self.lock[registry][name]["sha256"]
        path = self.cache / name
        if not path.exists():
            self.cache.mkdir(parents=True, exist_ok=True)
            print(f"downloading {name}")
            with tempfile.TemporaryDirectory(dir=self.cache) as folder:
                command = npm_command if registry == "npm" else pip_command
                run(command(self.lock[registry][name]["package"], folder))
                shutil.move(check(Path(folder) / name, sha256), path)
        return check(path, sha256)

    def pure_wheels(self) -> list[Path]:
        """The wheels from PyPI that are served as they are."""
        return [self.get(name) for name in self.lock["pypi"] if name != WASM_WHEELS]

    def from_npm(self, name: str, member: str) -> bytes:
        """One file of a package from npm."""
        with tarfile.open(self.get(name)) as archive:
            found = archive.extractfile(f"package/{member}")
            assert found is not None, f"{name} has no file {member}"
            return found.read()

    def npm_names(self, name: str) -> list[str]:
        """The names of all files of a package from npm."""
        with tarfile.open(self.get(name)) as archive:
            return [member.removeprefix("package/") for member in archive.getnames()]

    def wasm_wheels(self) -> zipfile.ZipFile:
        """The package from PyPI that carries compiled wheels for Pyodide."""
        return zipfile.ZipFile(self.get(WASM_WHEELS))


def npm_command(package: str, folder: str) -> list[str]:
    """Download the archive of a package from npm."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm was not found: install Node.js (https://nodejs.org), which the site is built with")
    return [npm, "pack", "--silent", "--pack-destination", folder, package]


def pip_command(package: str, folder: str) -> list[str]:
    """Download one wheel from PyPI. Pyodide's Python is not ours, so the version of Python is named."""
    only = ["--no-deps", "--only-binary=:all:", "--python-version", "3.12"]
    return [sys.executable, "-m", "pip", "download", "--quiet", *only, "--dest", folder, package]


def run(command: list[str], cwd: Path | None = None, given: str | None = None) -> str:
    """Run a command with `given` as its input and return what it prints; what it complains of is shown if it fails."""
    done = subprocess.run(command, cwd=cwd, input=given, capture_output=True, encoding="utf8", errors="replace")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout
