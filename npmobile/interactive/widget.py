"""A page for a notebook: its data, computed in Python, and a script that shows them.

A `Widget` has three forms. A notebook runs the script, which builds a page with buttons. Where scripts are stripped (an
untrusted notebook, a preview on the web) a static table stays. In a terminal the widget is one line of plain text.
Nothing is fetched from anywhere: the script (`widget.js` and the page's own), the styles (`widget.css`) and the words
(`en.json`, `ko.json`) are written into the HTML.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from numbers import Integral
from typing import Any

from .. import language


class Widget:
    """A page for a notebook.

    Parameters
    ----------
    name : str
        "stepper" or "explorer": the script of this name builds the page.
    data : dict
        What the script shows. It must be possible to write it as JSON.
    static : str
        HTML without scripts, styles and links, which stays where scripts are stripped.
    text : str
        The page in one line.
    language : {"en", "ko"}
    """

    def __init__(self, name: str, data: dict[str, Any], static: str, text: str, language: str) -> None:
        self.data = data
        self._name, self._static, self._text, self._language = name, static, text, language

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        # "<" is written as an escape, so that no text in the data can end the script. JupyterLab is asked to leave
        # the keys alone while a button has the focus: its "b" would insert a cell, and "d d" delete one.
        data = json.dumps(self.data | {"style": read("widget.css")}, ensure_ascii=False).replace("<", "\\u003c")
        script = read("widget.js") + read(f"{self._name}.js")
        return (
            f'<div class="npmobile-{self._name}" lang="{self._language}" data-lm-suppress-shortcuts="true">\n{self._static}\n'
            f'<script type="application/json">{data}</script>\n<script>(() => {{\n{script}}})();</script>\n</div>'
        )


def words(page: str, chosen: str | None) -> tuple[str, dict[str, str]]:
    """The language of a page and its words: the chosen one, or that of `language.use`.

    >>> chosen, found = words("stepper", "en")
    >>> found["next"], found["standard"]
    ('Next', 'Standard convolution')
    """
    chosen = language.of_pages() if chosen is None else language.checked(chosen)
    everything = json.loads(read(f"{chosen}.json"))
    shared = {key: text for key, text in everything.items() if isinstance(text, str)}
    return chosen, shared | everything[page]


def in_range(name: str, value: int, least: int, most: int) -> int:
    """The value as an int, or a ValueError that says which values are taken.

    >>> in_range("size", 7, 2, 6)
    Traceback (most recent call last):
    ValueError: size must be an int from 2 to 6, but is 7
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= value <= most:
        raise ValueError(f"{name} must be an int from {least} to {most}, but is {value!r}")
    return int(value)


def html_table(rows: Sequence[Sequence[str]]) -> str:
    """A table that keeps its looks where style sheets and scripts are stripped."""
    cell = '<td style="border: 1px solid #767676; padding: 4px">{}</td>'
    lines = ("".join(map(cell.format, row)) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table style="border-collapse: collapse; margin: 8px 0">{body}</table>'


def read(name: str) -> str:
    """The text of a file of this package."""
    return (files("npmobile.interactive") / name).read_text(encoding="utf8")
