"""Build the site: `python -m tools.website OUT`."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from . import lite, pages, reference
from .inputs import Inputs, default_cache

ROOT = Path(__file__).parents[2]
MARK = "npmobile-site"  # a file of this name says that the folder was made here and may be made again


def build(out: Path, cache: Path, offline: bool) -> None:
    """Build the site into the folder `out`, which must be new, empty, or a site that was built before."""
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise FileExistsError(f"{out} is not empty and holds no site: choose another folder")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / MARK).write_text("offline\n" if offline else "Pyodide from its CDN\n", encoding="utf8")
    inputs = Inputs(cache)
    pages.build(inputs, ROOT / "notebooks", out)
    reference.build(ROOT, out / "reference")
    lite.build(inputs, ROOT, out / "lite", offline)


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
    print(f"{options.out}: {size / 1e6:.0f} MB. To see it: python -m http.server --directory {options.out}")


if __name__ == "__main__":
    main()
