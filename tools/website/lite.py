"""JupyterLite with the lessons, the labs and npmobile."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import pyodide, wheels
from .inputs import HERE, Inputs, run

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# Loaded before the first cell: npmobile with all it needs, and the parts of the kernel that are in the lock.
PRELOADED = ["npmobile", "ipython", "jedi", "comm", "micropip"]


def settings(offline: bool) -> dict[str, Any]:
    """What JupyterLite reads when it starts. Addresses are relative to its folder."""
    own = "./static/pyodide/"
    kernel = {
        "pyodideUrl": (own if offline else pyodide.CDN) + "pyodide.mjs",
        "loadPyodideOptions": {"lockFileURL": own + "pyodide-lock.json", "packages": PRELOADED},
        "disablePyPIFallback": offline,
    }
    config = {
        "appName": "npmobile",
        "faviconUrl": "./favicon.svg",
        "exposeAppInBrowser": True,
        "litePluginSettings": {KERNEL: kernel},
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}


def build(inputs: Inputs, root: Path, out: Path, offline: bool) -> None:
    """Build JupyterLite into the folder `out`.

    Parameters
    ----------
    inputs : Inputs
    root : path
        The checkout, with `notebooks/en` and `notebooks/ko`.
    out : path
    offline : bool
        Whether Pyodide and all wheels are copied, so that nothing is requested from elsewhere.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for language in ("en", "ko"):
            shutil.copytree(
                root / "notebooks" / language,
                folder / "files" / language,
                ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
            )
        (folder / "jupyter-lite.json").write_text(json.dumps(settings(offline), indent=2), encoding="utf8")
        build_command(folder, out.resolve())
    parts = out / "static" / "pyodide"
    parts.mkdir(parents=True)
    pyodide.write(inputs, parts, own_packages(inputs, root, parts), offline)
    finish(out)


def finish(out: Path) -> None:
    """Give the pages of JupyterLite an icon and a language, and answer the one request that no static server can.

    JupyterLab asks a server which file a path in a traceback names. An answer that names none keeps it from asking for
    each path one by one, each of which would be an HTTP error.
    """
    shutil.copy(HERE / "templates" / "favicon.svg", out)
    (out / "api" / "resolvePath").write_text('{"resolved": []}\n', encoding="utf8")
    for page in out.glob("*/**/index.html"):
        text = page.read_text(encoding="utf8")
        root = "../" * (len(page.relative_to(out).parts) - 1)
        icon = f'<link rel="icon" href="{root}favicon.svg" type="image/svg+xml">'
        text = text.replace("<html>", '<html lang="en">', 1).replace("<title>", f"{icon}\n    <title>", 1)
        page.write_text(text, encoding="utf8")


def build_command(folder: Path, out: Path) -> None:
    """Run the builder of JupyterLite, with the extension of its kernel and no other that happens to be installed."""
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--no-sourcemaps", "--no-unused-shared-packages"]
    extension = Path(sys.prefix) / "share/jupyter/labextensions" / KERNEL.partition(":")[0]
    only = ["--ignore-sys-prefix", "federated_extensions", f"--LiteBuildConfig.federated_extensions={extension}"]
    where = ["--lite-dir", ".", "--contents", "files", "--output-dir", str(out)]
    run([*command, *only, *where], cwd=folder)


def own_packages(inputs: Inputs, root: Path, folder: Path) -> dict[str, Any]:
    """Put the wheels that Pyodide does not have into the folder, and return their entries for the lock."""
    npmobile, font = wheels.build_npmobile(root, folder), wheels.build_font(inputs, folder)
    (name,) = (name for name in inputs.lock["pypi"] if name.startswith("comm-"))
    comm = Path(shutil.copy(inputs.get(name), folder))
    needed = ["numpy", "matplotlib", "pillow", "npmobile-korean-font"]
    return {
        "npmobile": pyodide.own_entry(npmobile, ["npmobile"], needed),
        "npmobile-korean-font": pyodide.own_entry(font, [], []),
        "comm": pyodide.own_entry(comm, ["comm"], []),
    }
