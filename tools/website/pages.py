"""The pages around JupyterLite: the front page, the rendered lessons, and how to hand in a lab; in both languages."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from npmobile import __version__, interactive

from . import formulas
from .catalogue import LANGUAGES, Card, catalogue
from .inputs import HERE, Inputs
from .notebook import Renderer

TEMPLATES = HERE / "templates"
STATIC = ("site.css", "favicon.svg", "OFL.txt", "serve.py")


def words() -> dict[str, Any]:
    """What the pages say, in both languages."""
    return json.loads((TEMPLATES / "words.json").read_text(encoding="utf8"))


class Pages:
    """Makes the HTML of all pages; a page is named by its path in the site, such as "ko/index.html"."""

    def __init__(self, notebooks: Path) -> None:
        self.notebooks = notebooks
        self.formulas = formulas.Formulas()
        self.words = words()
        self.cards = {language: catalogue(notebooks, language) for language in LANGUAGES}
        loader = FileSystemLoader(TEMPLATES)
        self.templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)

    def make(self) -> dict[str, str]:
        """All pages: path -> HTML, in which formulas are still to be put."""
        pages = {}
        for language in LANGUAGES:
            for path, make in ((front_path(language), self.front), (f"{language}/hand-in.html", self.hand_in)):
                pages[path] = make(language, path)
            for index, card in enumerate(self.cards[language]):
                pages[card.page] = self.lesson(language, index, card)
        return pages

    def front(self, language: str, path: str) -> str:
        widgets = [interactive.stepper(language=language), interactive.explorer(language=language)]
        lessons = [card for card in self.cards[language] if not card.is_lab]
        labs = [card for card in self.cards[language] if card.is_lab]
        parts: dict[str, Any] = {
            "lessons": lessons,
            "labs": labs,
            "widgets": [widget.as_html() for widget in widgets],
        }
        return self._page("front.html", language, path, self.words[language]["title"], **parts)

    def hand_in(self, language: str, path: str) -> str:
        return self._page("hand-in.html", language, path, self.words[language]["hand_in"])

    def lesson(self, language: str, index: int, card: Card) -> str:
        cards, renderer = self.cards[language], Renderer(self.formulas, self.words[language])
        before = cards[index - 1] if index else None
        after = cards[index + 1] if index + 1 < len(cards) else None
        parts = {"card": card, "body": renderer.body(self.notebooks / card.path), "before": before, "after": after}
        return self._page("lesson.html", language, card.page, card.title, description=card.after, **parts)

    def _page(self, template: str, language: str, path: str, title: str, **parts: Any) -> str:
        def to(target: str) -> str:
            return os.path.relpath(target, os.path.dirname(path) or ".").replace(os.sep, "/")

        def run(name: str) -> str:
            return f"{to('lite/lab/index.html')}?path={quote(name)}"

        return self.templates.get_template(template).render(
            language=language,
            here=path,
            translations=self._translations(path),
            title=title,
            w=self.words[language],
            description=parts.pop("description", "") or self.words[language]["description"],
            to=to,
            run=run,
            front=front_path(language),
            version=__version__,
            **parts,
        )

    def _translations(self, path: str) -> dict[str, str]:
        """The same page in each language, where it exists; else the front page."""
        bare = path.split("/", 1)[-1]
        translations = {}
        for language in LANGUAGES:
            there = [card.page for card in self.cards[language]] + [f"{language}/hand-in.html"]
            translation = f"{language}/{bare}"
            translations[language] = translation if translation in there else front_path(language)
        return translations


def front_path(language: str) -> str:
    """The site opens in English; the Korean front page is `ko/index.html`."""
    return "index.html" if language == "en" else f"{language}/index.html"


def build(inputs: Inputs, notebooks: Path, out: Path) -> None:
    """Write all pages, their styles and the formulas into the folder `out`."""
    pages = Pages(notebooks)
    made = pages.make()
    html = pages.formulas.render(inputs)
    for path, page in made.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(formulas.put_in(page, html), encoding="utf8")
    for name in STATIC:
        shutil.copy(TEMPLATES / name, out / name)
    formulas.write_styles(inputs, out / "katex")
