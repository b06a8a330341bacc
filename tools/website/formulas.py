"""Formulas as HTML with MathML, made by KaTeX when the site is built: a page needs no script to show them."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

from .inputs import KATEX, Inputs, run

# Reads a list of [formula, whether it stands on its own line] and writes a list of HTML.
SCRIPT = """const katex = require("./katex.js");
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const html = formulas.map(([tex, displayMode]) => katex.renderToString(tex, { displayMode, strict: "error" }));
process.stdout.write(JSON.stringify(html));
"""


class Formulas:
    """Collects formulas while pages are made, and writes all of them into the pages in the end.

    >>> formulas = Formulas()
    >>> formulas.add("D_K", display=False), formulas.add("M", display=False), formulas.add("D_K", display=False)
    ('\\x020\\x03', '\\x021\\x03', '\\x020\\x03')
    """

    def __init__(self) -> None:
        self.found: dict[tuple[str, bool], int] = {}

    def add(self, tex: str, display: bool) -> str:
        """Note a formula; what is returned stands for it in the page."""
        return f"\x02{self.found.setdefault((tex.strip(), display), len(self.found))}\x03"

    def render(self, inputs: Inputs) -> list[str]:
        """The HTML of each formula, in the order in which they were added."""
        node = shutil.which("node")
        if node is None:
            raise FileNotFoundError(
                "node was not found: install Node.js (https://nodejs.org), which draws the formulas"
            )
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "katex.js").write_bytes(inputs.from_npm(KATEX, "dist/katex.js"))
            html: list[str] = json.loads(run([node, "-e", SCRIPT], cwd=Path(folder), given=json.dumps([*self.found])))
        return html


def put_in(page: str, html: list[str]) -> str:
    """Replace what stands for formulas by their HTML.

    >>> put_in("Side \\x020\\x03.", ["<i>D</i>"])
    'Side <i>D</i>.'
    """
    return re.sub("\x02([0-9]+)\x03", lambda match: html[int(match[1])], page)


def write_styles(inputs: Inputs, folder: Path) -> None:
    """Write the style sheet of KaTeX, its fonts and its licence."""
    (folder / "fonts").mkdir(parents=True)
    for name in inputs.npm_names(KATEX):
        if re.fullmatch(r"dist/fonts/.*\.woff2", name):
            (folder / "fonts" / Path(name).name).write_bytes(inputs.from_npm(KATEX, name))
    styles = inputs.from_npm(KATEX, "dist/katex.min.css").decode()
    # Browsers of today read woff2: the other two formats are left out.
    styles = re.sub(r',url\(fonts/[\w-]+\.(?:woff|ttf)\) format\("\w+"\)', "", styles)
    (folder / "katex.css").write_text(styles, encoding="utf8")
    (folder / "LICENSE").write_bytes(inputs.from_npm(KATEX, "LICENSE"))
