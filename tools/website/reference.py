"""The reference: pages of all public functions, made by pdoc from their docstrings, with a search that needs no server."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from .inputs import HERE, run

# Modules that no lesson uses; and the modules inside a package, whose public names the package re-exports.
INTERNAL = r"npmobile\.(cli|cost_table|demo|description|files|quiet|tables|\w+\.\w+)"
# Names that npmobile imports when they are first used are made ordinary ones, so that pdoc finds them.
SCRIPT = f"""
import sys
from pathlib import Path
sys.path.insert(0, ".")
import npmobile
import pdoc
for name in npmobile.__all__:
    setattr(npmobile, name, getattr(npmobile, name))
templates, out = map(Path, sys.argv[1:])
pdoc.render.configure(docformat="numpy", include_undocumented=False, template_directory=templates)
pdoc.pdoc("npmobile", {"!" + INTERNAL!r}, output_directory=out)
"""


def build(root: Path, out: Path) -> None:
    """Write the reference of the package in `root` into the folder `out`; its first page is `npmobile.html`."""
    with tempfile.TemporaryDirectory() as copy:  # only this checkout is imported
        shutil.copytree(root / "npmobile", Path(copy) / "npmobile", ignore=shutil.ignore_patterns("__pycache__"))
        run([sys.executable, "-c", SCRIPT, str(HERE / "templates" / "reference"), str(out.resolve())], cwd=Path(copy))
    (out / "index.html").unlink()  # it only leads to npmobile.html
    for page in out.rglob("*.html"):
        page.write_text(accessible(page.read_text(encoding="utf8")), encoding="utf8")


def accessible(html: str) -> str:
    """A page of pdoc with names for its links to itself, and without headings that skip levels.

    >>> accessible('<a class="headerlink" href="#load"></a><h6 id="raises">Raises</h6><pre>')
    '<a class="headerlink" href="#load" aria-label="Link to load"></a><p class="part">Raises</p><pre tabindex="0">'
    """
    html = re.sub(
        r'<a class="headerlink" href="#([^"]*)">', r'<a class="headerlink" href="#\1" aria-label="Link to \1">', html
    )
    html = re.sub(r"<h6[^>]*>(.*?)</h6>", r'<p class="part">\1</p>', html)
    return html.replace("<pre>", '<pre tabindex="0">')
