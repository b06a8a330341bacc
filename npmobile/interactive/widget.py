"""A page that moves: its data, computed in Python, and the scripts that show them.

A `Widget` has three forms. A notebook runs the scripts, which build the page. Where scripts are stripped (an untrusted
notebook, a preview on the web) a still stays, with a sentence that says so. In a terminal the widget is one line of
text. Nothing is fetched from anywhere: the scripts (`.js`), the styles (`.css`) and the words (`en.json`, `ko.json`)
are written into the HTML.
"""

from __future__ import annotations

import json
import os
from html import escape
from importlib.resources import files
from numbers import Integral
from typing import Any

from .. import language
from ..files import replacing

SCRIPTS = {  # those of each page, in the order in which they are read
    "stepper": ["common", "stepper_places", "stepper_cells", "stepper_maps", "stepper_timeline", "stepper"],
    "explorer": ["common", "explorer_sums", "explorer_fields", "explorer_charts", "explorer"],
}


class Widget:
    """A page that moves, for a notebook or for a web page of your own.

    Parameters
    ----------
    name : {"stepper", "explorer"}
        Which page it is.
    data : dict
        What the scripts show. It must be possible to write it as JSON.
    still : str
        HTML without scripts and style sheets, which stays where scripts are stripped.
    text : str
        The page in one line.
    language : {"en", "ko"}

    Examples
    --------
    >>> from npmobile import interactive
    >>> page = interactive.stepper(language="ko")
    >>> page.as_html().startswith('<div class="npmobile-stepper" lang="ko"')  # for the middle of a page
    True
    >>> page.as_page().startswith('<!DOCTYPE html>')  # a whole page
    True
    """

    def __init__(self, name: str, data: dict[str, Any], still: str, text: str, language: str) -> None:
        self.data = data
        self._name, self._still, self._text, self._language = name, still, text, language

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return self.as_html()

    def as_html(self) -> str:
        """HTML for the middle of a page, which needs nothing else: no file, no library, no network.

        Any number of them may stand on one page. Each builds itself in a shadow root: its styles do not reach out, and
        those of the page do not reach in. It is as wide as its place. It is light or dark as the CSS property
        `color-scheme` of its place says, and in JupyterLab as the theme there.

        Returns
        -------
        str
        """
        # "<" is written as an escape, so that no text in the data can end the script. JupyterLab is asked to leave
        # the keys alone while a button has the focus: its "b" would insert a cell, and "d d" delete one.
        styles = read("common.css") + read(f"{self._name}.css")
        data = json.dumps(self.data | {"style": styles}, ensure_ascii=False, separators=(",", ":"))
        data = data.replace("<", "\\u003c")
        script = "".join(read(f"{name}.js") for name in SCRIPTS[self._name])
        return (
            f'<div class="npmobile-{self._name}" lang="{self._language}" data-lm-suppress-shortcuts="true">\n'
            f"{self._still}\n"
            f'<script type="application/json">{data}</script>\n<script>(() => {{\n{script}}})();</script>\n</div>'
        )

    def as_page(self) -> str:
        """A whole HTML page, light or dark as the reader's system is.

        Returns
        -------
        str
        """
        return (
            f'<!DOCTYPE html>\n<html lang="{self._language}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(self.data['words']['title'])}</title>\n"
            "<style>html { color-scheme: light dark; } body { margin: 0; background: light-dark(#fff, #13171d); }</style>\n"
            f"</head>\n<body>\n<main>\n{self.as_html()}\n</main>\n</body>\n</html>\n"
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the whole page to a file, which a browser opens without a server.

        Parameters
        ----------
        path : path
            Such as "stepper.html". Its folder must exist.

        Raises
        ------
        OSError
            If the file cannot be written; a file that was there before is then unchanged.
        """
        with replacing(path) as file:
            file.write(self.as_page().encode("utf8"))


def words(page: str, chosen: str | None) -> tuple[str, dict[str, str]]:
    """The language of a page and its words: the chosen one, or that of `language.use`.

    >>> chosen, found = words("stepper", "en")
    >>> found["play"], found["standard"]
    ('Play', 'Standard convolution')
    """
    chosen = language.of_pages() if chosen is None else language.checked(chosen)
    everything = json.loads(read(f"{chosen}.json"))
    return chosen, everything["both"] | everything[page]


def in_range(name: str, value: int, least: int, most: int) -> int:
    """The value as an int, or a ValueError that says which values are taken.

    >>> in_range("size", 7, 2, 6)
    Traceback (most recent call last):
    ValueError: size must be an int from 2 to 6, but is 7
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= value <= most:
        raise ValueError(f"{name} must be an int from {least} to {most}, but is {value!r}")
    return int(value)


def read(name: str) -> str:
    """The text of a file of this package."""
    return (files("npmobile.interactive") / name).read_text(encoding="utf8")
