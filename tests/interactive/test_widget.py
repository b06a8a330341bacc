"""What both pages have in common: words, styles, plain text, and how they share a page."""

from __future__ import annotations

import json
import re

import pytest

from npmobile import interactive
from npmobile.interactive import widget
from npmobile.interactive.explorer import KINDS
from npmobile.language import LANGUAGES

from .reading import counters, data_of, press

WIDGETS = [interactive.stepper, interactive.explorer]


def test_public_names_are_all_that_completion_offers():
    assert dir(interactive) == ["Widget", "explorer", "stepper"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", WIDGETS)
def test_without_scripts_and_styles_a_table_stays(make, language):
    """As JupyterLab shows a notebook that is not trusted: no script, no style sheet, no SVG, no frame, no roles."""
    page = make(language=language)
    html = re.sub(r"<script.*?</script>", "", page._repr_html_(), flags=re.DOTALL)
    assert html.startswith(f'<div class="npmobile-{make.__name__}" lang="{language}"')
    assert "<table" in html and not re.search(r"<(style|svg|iframe|button|link|img)|aria-|role=| src=| on\w+=", html)
    assert repr(page) in html
    numbers = (
        ["864", "288", "96", "384", "4/9"] if make is interactive.stepper else ["568,740,352", "13,570,048", "41.5"]
    )
    assert all(number in html for number in numbers)


@pytest.mark.parametrize("make", WIDGETS)
def test_same_arguments_make_the_same_page(make):
    """A committed notebook changes only where its numbers do."""
    assert make()._repr_html_() == make()._repr_html_()


def test_data_cannot_end_the_script():
    page = interactive.Widget("stepper", {"words": "</script><!--"}, "", "", "en")
    assert data_of(page._repr_html_())["words"] == "</script><!--"


def test_both_languages_say_the_same_things():
    english, korean = (json.loads(widget.read(f"{language}.json")) for language in ("en", "ko"))
    for ours, theirs in [(english, korean), *((english[name], korean[name]) for name in ("stepper", "explorer"))]:
        assert ours.keys() == theirs.keys()
        for key in ours:
            if isinstance(ours[key], str):
                assert set(re.findall(r"\{\w+\}", ours[key])) == set(re.findall(r"\{\w+\}", theirs[key])), key


def test_colours_are_those_of_the_figures():
    from npmobile.plots import style as plots

    colours = dict(re.findall(r"--(\w+): (#\w+);", widget.read("widget.css")))
    assert {kind: colours[kind] for kind in KINDS} == {kind: plots.STYLES[kind][0] for kind in KINDS}


def test_the_language_is_that_of_language_use(monkeypatch):
    monkeypatch.setattr("npmobile.language._pages", "ko")
    assert 'lang="ko"' in interactive.stepper()._repr_html_()
    assert 'lang="en"' in interactive.stepper(language="en")._repr_html_()


# ---- in a browser ----


def test_several_on_one_page_keep_to_themselves(show):
    """The page's styles do not reach in, theirs do not reach out, and each counts for itself."""
    head = "<style>button, table { display: none !important } p { color: rgb(1, 2, 3) }</style>"
    english, korean = interactive.stepper(), interactive.stepper(language="ko")
    page = show(english, korean, interactive.explorer(), interactive.explorer(language="ko"), head=head)
    press(page, korean, "next", 2)
    press(page, english, "next")
    shown = page.locator(".progress .count").all_inner_texts()
    assert shown == ["18 / 864", "18 / 384", "36 / 864", "36 / 384"]
    page.get_by_role("button", name="0.25-128", exact=True).nth(1).click()
    assert ["1.0-224" in text for text in page.locator(".costs caption").all_inner_texts()] == [True, False]
    page.evaluate("document.body.append(Object.assign(document.createElement('p'), { id: 'outside' }))")
    assert page.locator("#outside").evaluate("(p) => getComputedStyle(p).color") == "rgb(1, 2, 3)"
    assert page.get_by_role("status").first.evaluate("(p) => getComputedStyle(p).color") == "rgb(17, 17, 17)"
    assert page.locator("[lang=ko]").count() == 2


@pytest.mark.parametrize("make", WIDGETS)
def test_without_scripts_the_table_is_seen(show, make):
    page = show(make(), java_script_enabled=False)
    assert page.locator("table").first.is_visible() and page.get_by_role("button").count() == 0
    assert repr(make()) in page.inner_text("body")


@pytest.mark.parametrize("width", [1280, 920, 400])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_or_runs_out_of_the_page(show, language, width):
    for page_shown in (interactive.stepper(language=language), interactive.stepper(6, 3, 3, 4, language=language),
                   interactive.explorer(language=language)):  # fmt: skip
        page = show(page_shown, width=width)
        if page_shown.data["words"].get("next"):
            press(page, page_shown, "next", 20)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("td, th, button, h3, .count, .status").evaluate_all(CUT) == []


CUT = """(nodes) => nodes
    .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline")
    .map((node) => node.outerHTML)"""


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious(show, framework, language, width):
    """Both on one page: in the middle, with a mistake typed, and at the end."""
    axe = framework("axe_playwright_python.sync_playwright", "axe-playwright-python", "browser").Axe()
    stepper, explorer = interactive.stepper(language=language), interactive.explorer(language=language)
    page = show(stepper, explorer, width=width)

    def serious():
        found = axe.run(page).response
        places = [place for rule in found["passes"] for node in rule["nodes"] for place in node["target"]]
        assert any(isinstance(place, list) for place in places)  # it looked into the shadow roots
        return [
            (rule["id"], rule["nodes"]) for rule in found["violations"] if rule["impact"] in ("serious", "critical")
        ]

    press(page, stepper, "next", 20)
    page.locator("#alpha").fill("0.33")
    page.locator("#alpha").blur()
    assert serious() == []
    press(page, stepper, "next", 28)
    assert serious() == []


def test_works_in_an_exported_page(chromium, framework, tmp_path):
    """As `jupyter nbconvert --to html` writes it; that page's own scripts (MathJax) are not let out."""
    nbconvert = framework("nbconvert", extra="browser")
    nbformat = framework("nbformat", extra="browser").v4
    stepper = interactive.stepper()
    data = {"text/html": stepper._repr_html_(), "text/plain": repr(stepper)}
    output = nbformat.new_output("execute_result", data=data, execution_count=1)
    cell = nbformat.new_code_cell("stepper()", outputs=[output], execution_count=1)
    html, _ = nbconvert.HTMLExporter().from_notebook_node(nbformat.new_notebook(cells=[cell]))
    (tmp_path / "page.html").write_text(html, encoding="utf8")
    with chromium.new_page() as page:
        page.route(re.compile("^https?:"), lambda route: route.abort())
        page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
        press(page, stepper, "next", 3)
        assert counters(page)[0] == "54 / 864"


@pytest.mark.parametrize("make", WIDGETS)
def test_a_page_of_its_own_can_be_saved(chromium, make, tmp_path):
    """The file holds everything: a browser opens it from the disk, and asks for nothing else."""
    widget = make(language="ko")
    widget.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf8") == widget.as_page()
    assert widget.as_html() in widget.as_page()
    requests = []
    with chromium.new_page() as page:
        page.on("request", lambda request: requests.append(request.url))
        page.goto((tmp_path / "page.html").as_uri())
        assert page.get_by_role("heading", name=widget.data["words"]["title"]).is_visible()
        assert page.title() == widget.data["words"]["title"]
        assert page.locator("html").get_attribute("lang") == "ko"
    assert requests == [(tmp_path / "page.html").as_uri()]
