"""A notebook as HTML: text, code, and the outputs that it was saved with."""

from __future__ import annotations

import re
import struct
from base64 import b64decode
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .formulas import Formulas


class Renderer:
    """Makes HTML of notebooks.

    Parameters
    ----------
    formulas : Formulas
        Gets the formulas of all notebooks.
    words : dict
        The words of the page's language: `answer`, `code`, `output`.
    """

    def __init__(self, formulas: Formulas, words: dict[str, str]) -> None:
        self.words = words
        self.markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
        self.markdown.use(dollarmath_plugin, double_inline=True)
        for rule, display in (("math_inline", False), ("math_inline_double", True), ("math_block", True)):
            self.markdown.add_render_rule(rule, _formula(formulas, display))

    def body(self, path: Path) -> str:
        """The cells of a notebook, one after the other."""
        cells = nbformat.read(path, as_version=4).cells
        return "\n".join(self.text(cell) if cell.cell_type == "markdown" else self.code(cell) for cell in cells)

    def text(self, cell: Any) -> str:
        html = self.markdown.render(cell.source)
        html = re.sub(r'href="([^":]+)\.ipynb"', r'href="\1.html"', html)  # to the page of another lesson
        html = html.replace("<th></th>", "<td></td>")  # the corner of a table is no heading
        html = html.replace("<table>", '<div class="wide" tabindex="0"><table>').replace("</table>", "</table></div>")
        return f'<div class="text">\n{html}</div>'

    def code(self, cell: Any) -> str:
        source = highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True))
        html = f'<pre class="code" tabindex="0" aria-label="{self.words["code"]}"><code>{source}</code></pre>'
        outputs = "\n".join(self.output(output) for output in cell.get("outputs", []))
        if outputs and cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            outputs = f"<details>\n<summary>{self.words['answer']}</summary>\n{outputs}\n</details>"
        return f'<div class="cell">\n{html}\n{outputs}\n</div>'

    def output(self, output: Any) -> str:
        """One output: the richest of its forms."""
        data = output.get("data", {"text/plain": output.get("text", "")})
        if "image/png" in data:
            return _image(data["image/png"], output.metadata.get("image/png", {}))
        if "text/html" in data:
            return f'<div class="html wide" tabindex="0">{data["text/html"]}</div>'
        text = escape(data["text/plain"])
        return f'<pre class="output" tabindex="0" aria-label="{self.words["output"]}"><samp>{text}</samp></pre>'


def title(path: Path) -> str:
    """The first heading of a notebook."""
    text = nbformat.read(path, as_version=4).cells[0].source
    return text.splitlines()[0].lstrip("# ")


def _formula(formulas: Formulas, display: bool) -> Any:
    def rule(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        html = formulas.add(tokens[index].content, display)
        return f'<div class="formula wide" tabindex="0">{html}</div>\n' if display else html

    return rule


def _image(png: str, metadata: dict[str, Any]) -> str:
    """An image with its size, so that the page does not move when it arrives."""
    width, height = struct.unpack(">II", b64decode(png)[16:24])
    shown = metadata.get("width", width)
    alt = escape(metadata.get("alt", ""))
    size = f'width="{shown}" height="{round(height * shown / width)}"'
    return f'<img src="data:image/png;base64,{png.strip()}" alt="{alt}" {size}>'
