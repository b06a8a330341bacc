"""The pages, made without network: cards from the course plan, links that lead somewhere, both languages."""

from __future__ import annotations

import doctest
import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from .conftest import website

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
LESSONS = sorted(path.name for path in NOTEBOOKS.glob("en/*.ipynb"))


@pytest.fixture(scope="module")
def pages(framework):
    """All pages, with the formulas as they are written."""
    made = website(framework, "pages").Pages(NOTEBOOKS)
    pages = made.make()
    formulas = [tex.replace("<", "&lt;").replace("&", "&amp;") for tex, _ in made.formulas.found]
    return {path: website(framework, "formulas").put_in(page, formulas) for path, page in pages.items()}


class Page(HTMLParser):
    """The links, ids and headings of a page; what is inside widgets too."""

    def __init__(self, html):
        super().__init__()
        self.links, self.ids, self.tags = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes[name] for name in ("href", "src") if attributes.get(name)]


def test_every_lesson_has_its_card_with_minutes_in_both_languages(framework):
    catalogue = website(framework, "catalogue")
    for language in ("en", "ko"):
        cards = catalogue.catalogue(NOTEBOOKS, language)
        lessons = [card for card in cards if not card.is_lab]
        assert [card.path for card in lessons] == [f"{language}/{name}" for name in LESSONS]
        for card in lessons:
            assert card.after and 30 <= int(card.minutes) <= 90, card
            assert card.title.startswith(f"{int(Path(card.path).name[:2])}. ")
            assert bool(re.search("[가-힣]", card.after)) == (language == "ko")


def test_a_notebook_that_the_plan_does_not_name_has_its_heading(framework, tmp_path):
    catalogue = website(framework, "catalogue")
    (tmp_path / "README.md").write_text("no table", encoding="utf8")
    for name in ("01_a", "labs/01_b"):
        path = tmp_path / f"en/{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        cell = '{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Title of ' + name + '\\n", "Text"]}'
        path.write_text(f'{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}', encoding="utf8")
    lesson, lab = catalogue.catalogue(tmp_path, "en")
    assert (lesson.title, lesson.minutes, lesson.is_lab) == ("Title of 01_a", "", False)
    assert (lab.title, lab.page, lab.is_lab) == ("Title of labs/01_b", "en/labs/01_b.html", True)


def test_every_page_is_there_in_both_languages(pages):
    for name in [name.replace(".ipynb", ".html") for name in LESSONS] + ["hand-in.html"]:
        assert {f"en/{name}", f"ko/{name}"} <= set(pages)
    assert {"index.html", "ko/index.html"} <= set(pages)


def test_every_link_of_every_page_leads_somewhere(pages):
    parts = {"site.css", "favicon.svg", "OFL.txt", "katex/katex.css", "reference/npmobile.html", "lite/lab/index.html"}
    files = {f"lite/files/{path.relative_to(NOTEBOOKS).as_posix()}" for path in NOTEBOOKS.glob("??/**/*.ipynb")}
    for path, html in pages.items():
        for link in Page(html).links:
            url = urlsplit(link)
            if url.scheme == "data":
                continue
            assert not url.scheme, f"{path} asks for {link}"
            target = normpath(join(dirname(path), unquote(url.path))) if url.path else path
            assert target in {*pages, *parts, *files}, f"{path} links to {link}"
            if url.query:
                (notebook,) = parse_qs(url.query)["path"]
                assert f"lite/files/{notebook}" in files
            if url.fragment and target in pages:
                assert url.fragment in Page(pages[target]).ids


def test_language_title_description_and_the_twin_of_each_page(pages):
    for path, html in pages.items():
        language = "ko" if path.startswith("ko/") else "en"
        tags = Page(html).tags
        assert ("html", {"lang": language}) in tags
        assert len(re.findall("<title>[^<]+</title>", html)) == 1
        (description,) = [a["content"] for tag, a in tags if tag == "meta" and a.get("name") == "description"]
        assert description
        links = {a["hreflang"]: normpath(join(dirname(path), a["href"])) for tag, a in tags
                 if tag == "link" and a.get("rel") == "alternate"}  # fmt: skip
        assert set(links) == {"en", "ko"} and links[language] == path
        assert (links["en"] == "index.html") == (links["ko"] == "ko/index.html")


def test_images_have_sizes_and_alternative_text(pages):
    images = [a for html in pages.values() for tag, a in Page(html).tags if tag == "img"]
    assert len(images) > 50
    for image in images:
        assert image["alt"] and int(image["width"]) > 0 and int(image["height"]) > 0


def test_answers_are_folded_and_outputs_are_there(pages):
    html = pages["en/01_a_convolution_by_hand.html"]
    assert "<summary>Show the answer</summary>" in html
    assert "[[37.0, 47.0], [67.0, 77.0]] 16 mult-adds, 4 parameters" in html  # worked by hand in the lesson
    assert not re.search("[\x02\x03]", html)


def test_formulas_are_found_and_code_is_left_alone(framework, tmp_path):
    formulas = website(framework, "formulas").Formulas()
    renderer = website(framework, "notebook").Renderer(
        formulas, {"code": "Code", "answer": "Answer", "output": "Output"}
    )
    cell = type("Cell", (), {"source": "Side $D_K$ and `$x$`.\n\n$$\\sum_i x_i$$\n"})
    html = renderer.text(cell)
    assert list(formulas.found) == [("D_K", False), (r"\sum_i x_i", True)]
    assert "<code>$x$</code>" in html


@pytest.mark.parametrize("module", ["catalogue", "formulas", "reference"])
def test_the_examples_in_the_builder_are_right(framework, module):
    found = doctest.testmod(website(framework, module))
    assert found.attempted and not found.failed
