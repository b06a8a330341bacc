"""The lessons and labs: what is in the folders, and what the course plan in `notebooks/README.md` says of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .notebook import title

LANGUAGES = ("en", "ko")
README = {"en": "README.md", "ko": "README.ko.md"}


@dataclass(frozen=True)
class Card:
    """One lesson or lab in one language. `path` is relative to `notebooks`, such as "en/01_name.ipynb"."""

    path: str
    title: str
    after: str = ""
    minutes: str = ""

    @property
    def page(self) -> str:
        """The path of the rendered page."""
        return self.path.removesuffix(".ipynb") + ".html"

    @property
    def is_lab(self) -> bool:
        return "/labs/" in self.path


def planned(readme: str, language: str) -> dict[str, Card]:
    """Read the tables of the course plan: each row that links to a notebook of this language.

    A row has a number, a title, what one can do afterwards, the minutes, and the links.

    >>> row = "| 1 | By hand | count it | 40 | [English](en/01_a.ipynb) · [Korean](ko/01_a.ipynb) |"
    >>> planned(row, "en")["en/01_a.ipynb"]
    Card(path='en/01_a.ipynb', title='1. By hand', after='count it', minutes='40')
    """
    cards = {}
    for line in readme.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        link = re.search(rf"\(({language}/[^)]+\.ipynb)\)", line)
        if link and len(cells) >= 5 and line.startswith("|"):
            number, name, after, minutes = cells[:4]
            cards[link[1]] = Card(link[1], f"{number}. {name}" if number.isdigit() else name, plain(after), minutes)
    return cards


def plain(markdown: str) -> str:
    """Text without the marks of Markdown.

    >>> plain("run `load` and [read](x.md) **all**")
    'run load and read all'
    """
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("`", "").replace("**", "")


def catalogue(notebooks: Path, language: str) -> list[Card]:
    """The card of each lesson and lab that is in the folder, lessons first; without a row in the plan, only its title."""
    plan = planned((notebooks / README[language]).read_text(encoding="utf8"), language)
    folder = notebooks / language
    paths = [*sorted(folder.glob("*.ipynb")), *sorted((folder / "labs").glob("*.ipynb"))]
    names = [path.relative_to(notebooks).as_posix() for path in paths]
    return [plan.get(name) or Card(name, title(path)) for name, path in zip(names, paths)]
