"""Build the site: `python -m tools.website OUT`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from .inputs import Inputs, default_cache

ROOT = Path(__file__).parents[2]
# What the extra `site` installs.
NEEDED = ("jinja2", "jupyterlab_server", "jupyterlite_core", "jupyterlite_pyodide_kernel", "markdown_it",
          "mdit_py_plugins", "nbformat", "pdoc", "pygments")  # fmt: skip
MARK = "npmobile-site"  # a file of this name says that the folder was made here and may be made again


def build(out: Path, cache: Path, offline: bool) -> None:
    """Build the site into the folder `out`, which must be new, empty, or a site that was built before."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise RuntimeError(f"{', '.join(missing)} not installed: run pip install '.[site]' first")
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise FileExistsError(f"{out} is not empty and holds no site: choose another folder")
    from . import lite, pages, reference  # which import what may be missing

    inputs = Inputs(cache)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as temporary:  # a build that fails leaves the old site as it was
        new = Path(temporary) / out.name
        new.mkdir()
        (new / MARK).write_text("offline\n" if offline else "Pyodide from its CDN\n", encoding="utf8")
        pages.build(inputs, ROOT / "notebooks", new)
        reference.build(ROOT, new / "reference")
        lite.build(inputs, ROOT, new / "lite", offline)
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(new, out)


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.website",
        description="Build a folder of static files, which any web server serves: lessons, labs and reference, "
        "to read and to run in a browser. Needs Node.js, and pip install '.[site]'.",
    )
    parser.add_argument("out", type=Path, help="the folder to write")
    parser.add_argument(
        "--offline",
        action="store_true",
        help="put Pyodide and all packages into the folder, so that browsers request nothing from elsewhere "
        "(default: from Pyodide's public CDN)",
    )
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where downloads are kept (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        build(options.out, options.cache, options.offline)
    except (OSError, ValueError, RuntimeError) as error:
        sys.exit(f"{parser.prog}: {error}")
    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file())
    print(f"{options.out}: {size / 1e6:.0f} MB. To see it: python {options.out / 'serve.py'}")


if __name__ == "__main__":
    main()
