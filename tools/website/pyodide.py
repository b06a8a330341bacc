"""Pyodide for the site: its packages' lock, rewritten, and for a site without internet all of its files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from .inputs import PYODIDE, Inputs

VERSION = PYODIDE.removeprefix("pyodide-").removesuffix(".tgz")
CDN = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# What lessons import and what the kernel of JupyterLite is made of, with all that these need.
WANTED = ("numpy", "matplotlib", "pillow", "micropip", "ipython", "jedi")


def closure(packages: dict[str, Any], wanted: tuple[str, ...]) -> list[str]:
    """The names of the wanted packages and of all that they depend on."""
    found: list[str] = []
    rest = list(wanted)
    while rest:
        name = rest.pop(0).replace("_", "-")
        if name in found:
            continue
        if name not in packages:
            raise ValueError(f"the lock of Pyodide has no package {name}")
        found.append(name)
        rest += packages[name]["depends"]
    return sorted(found)


def own_entry(wheel: Path, imports: list[str], depends: list[str]) -> dict[str, Any]:
    """The entry of a wheel that the lock of Pyodide does not have."""
    name, version = wheel.name.split("-")[:2]
    return {
        "name": name.replace("_", "-"),
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": imports,
        "depends": depends,
        "unvendored_tests": False,
    }


def cdn_lock(lock: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The lock with the addresses of the CDN, and our own wheels beside the lock."""
    packages = {name: package | {"file_name": CDN + package["file_name"]} for name, package in lock["packages"].items()}
    return lock | {"packages": packages | own}


def offline_lock(lock: dict[str, Any], own: dict[str, Any], pure: dict[str, str]) -> dict[str, Any]:
    """The lock with the wanted packages only. Those named in `pure` come from PyPI, so they have PyPI's SHA-256.

    Pyodide builds pure wheels again, so that the same version has other bytes there.
    """
    packages = {name: dict(lock["packages"][name]) for name in closure(lock["packages"], WANTED)}
    for package in packages.values():
        package["sha256"] = pure.get(package["file_name"], package["sha256"])
    return lock | {"packages": packages | own}


def write(inputs: Inputs, folder: Path, own: dict[str, Any], offline: bool) -> None:
    """Write the lock into `folder`, beside the wheels of `own`; offline also Pyodide itself and all wheels."""
    lock = json.loads(inputs.from_npm(PYODIDE, "pyodide-lock.json"))
    if not offline:
        new = cdn_lock(lock, own)
    else:
        pure = {path.name: path for path in inputs.pure_wheels()}
        new = offline_lock(lock, own, {name: inputs.lock["pypi"][name]["sha256"] for name in pure})
        for name in CORE:
            (folder / name).write_bytes(inputs.from_npm(PYODIDE, name))
        with inputs.wasm_wheels() as archive:
            for package in new["packages"].values():
                name = package["file_name"]
                if name in pure:
                    (folder / name).write_bytes(pure[name].read_bytes())
                elif not (folder / name).exists():
                    (folder / name).write_bytes(archive.read(f"open_webui/frontend/pyodide/{name}"))
        check_folder(folder, new)
    (folder / "pyodide-lock.json").write_text(json.dumps(new), encoding="utf8")


def check_folder(folder: Path, lock: dict[str, Any]) -> None:
    """Raise ValueError unless each file of the lock is in the folder and has the SHA-256 of the lock."""
    for package in lock["packages"].values():
        found = hashlib.sha256((folder / package["file_name"]).read_bytes()).hexdigest()
        if found != package["sha256"]:
            raise ValueError(f"{package['file_name']}: its SHA-256 must be {package['sha256']}, but is {found}")
