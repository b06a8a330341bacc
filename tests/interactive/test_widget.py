"""What both pages have in common: words, styles, plain text, stills, and how they share a page."""

from __future__ import annotations

import json
import re

import pytest

from npmobile import interactive
from npmobile.interactive import still, widget
from npmobile.interactive.explorer import KINDS
from npmobile.language import LANGUAGES

from .reading import cell, counts, data_of, go, press

WIDGETS = [interactive.stepper, interactive.explorer]
CHOSEN = {"stepper": "384", "explorer": "76,524,800"}  # what each page shows at first
IN_STILL = {
    "stepper": ["864", "288", "96", "384", "4/9", "9 + 9", "18 / 3 + 2"],
    "explorer": ["568,740,352", "13,570,048", "41.5"],
}


def test_public_names_are_all_that_completion_offers():
    assert dir(interactive) == ["Widget", "explorer", "stepper"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", WIDGETS)
def test_without_scripts_and_styles_a_still_stays(make, language):
    """As JupyterLab shows a notebook that is not trusted: no script, no style sheet, no SVG, no frame, no roles."""
    page = make(language=language)
    html = re.sub(r"<script.*?</script>", "", page._repr_html_(), flags=re.DOTALL)
    assert html.startswith(f'<div class="npmobile-{make.__name__}" lang="{language}"')
    assert "<table" in html and not re.search(r"<(style|svg|iframe|button|link|img)|aria-|role=| src=| on\w+=", html)
    assert repr(page) in html and page.data["words"]["still"] in html
    assert ("이 셀을 실행하면 움직입니다" if language == "ko" else "Run this cell to make it move") in html
    assert all(number in html for number in IN_STILL[make.__name__])


def test_a_still_shows_the_output_that_the_page_shows_first():
    """Its window in the image, and all products with their sums, on both sides."""
    data = interactive.stepper().data
    pixel = 1 * 4 + 1
    html = still.of_stepper(data, "")
    shown = [data["standards"]["general"]["cells"][3 * pixel], *data["cells"]["depthwise"][2 * pixel : 2 * pixel + 2],
             data["cells"]["pointwise"][3 * pixel]]  # fmt: skip
    tables = [[re.sub(r"<[^>]*>", "", text) for text in re.findall(r"<td.*?</td>", html_of, re.DOTALL)]
              for html_of in re.findall(r"<table.*?</table>", html, re.DOTALL)]  # fmt: skip
    image, standard, depthwise, pointwise = tables[:4]
    assert [len(image), re.findall(r"<b>(\d)</b></td>", html)[:6]] == [6 * 13, ["1", "1", "1", "1", "0", "1"]]
    for texts, cells in [(standard, shown[:1]), (depthwise, shown[1:3]), (pointwise, shown[3:])]:
        numbers = [int(text.replace("−", "-")) for text in texts if re.fullmatch(r"−?\d+", text)]
        assert numbers == [value for row in "xwps" for cell in cells for value in cell[row]]


@pytest.mark.parametrize("make", WIDGETS)
def test_same_arguments_make_the_same_page(make):
    """A committed notebook changes only where its numbers do."""
    assert make()._repr_html_() == make()._repr_html_()


def test_data_cannot_end_the_script():
    page = interactive.Widget("stepper", {"words": "</script><!--"}, "", "", "en")
    assert data_of(page._repr_html_())["words"] == "</script><!--"


def test_both_languages_say_the_same_things():
    english, korean = (json.loads(widget.read(f"{language}.json")) for language in ("en", "ko"))
    assert english.keys() == korean.keys()
    for part in english:
        assert english[part].keys() == korean[part].keys()
        for key, text in english[part].items():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", korean[part][key])), key


@pytest.mark.parametrize("name", ["stepper", "explorer"])
def test_every_word_is_used_and_every_word_used_is_there(name):
    """Keys that are put together, as "error_" + name, count as used if their beginning is in the scripts."""
    texts = json.loads(widget.read("en.json"))
    script = "".join(widget.read(f"{part}.js") for part in widget.SCRIPTS[name])
    python = "".join(widget.read(f"{module}.py") for module in (name, "still", "widget"))
    keys = set(texts["both"]) | set(texts[name])
    assert set(re.findall(r'\bsay\("(\w+)"[,)]', script)) <= keys
    beginnings = set(re.findall(r'[`"](\w+_)(?:"|\$)', script))
    for key in texts[name]:
        used = re.search(rf'["\'`]{key}["\'`]', script + python) or any(key.startswith(part) for part in beginnings)
        assert used or key in KINDS or re.search(rf"\b{key}_aloud\b", script) or key.endswith("_aloud"), key


def test_colours_are_those_of_the_figures():
    from npmobile.plots import style as plots

    colours = dict(re.findall(r"--(\w+): (#\w+);", widget.read("common.css")))
    assert {kind: colours[kind] for kind in KINDS} == {kind: plots.STYLES[kind][0] for kind in KINDS}
    assert still.COLOURS.items() <= colours.items()


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
    press(page, korean, "next")
    press(page, korean, "next")
    press(page, english, "next")
    assert counts(page) == [(18, 864), (18, 384), (36, 864), (36, 384)]
    page.locator("#alpha").nth(1).fill("0.25")
    assert page.locator(".network b").all_inner_texts() == ["0.5-160", "0.25-160"]
    page.evaluate("document.body.append(Object.assign(document.createElement('p'), { id: 'outside' }))")
    assert page.locator("#outside").evaluate("(p) => getComputedStyle(p).color") == "rgb(1, 2, 3)"
    assert page.get_by_role("status").first.evaluate("(p) => getComputedStyle(p).color") != "rgb(1, 2, 3)"
    assert page.locator("[lang=ko]").count() == 2
    assert page.get_by_role("heading", level=1).count() == 0 and page.get_by_role("heading", level=2).count() == 4


@pytest.mark.parametrize("make", WIDGETS)
def test_without_scripts_the_still_is_seen(show, make):
    page = show(make(), java_script_enabled=False)
    assert page.locator("table").first.is_visible() and page.get_by_role("button").count() == 0
    text = page.inner_text("body")
    assert repr(make()) in text and "Run this cell to make it move." in text


def test_with_scripts_no_still_is_seen(show):
    page = show(*(make() for make in WIDGETS))
    assert not any(text.is_visible() for text in page.get_by_text("Run this cell").all())


BACKGROUND = "(page) => getComputedStyle(page).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(19, 23, 29)"


@pytest.mark.parametrize("make", WIDGETS)
def test_light_or_dark_as_the_place_is(show, make):
    """By the CSS of the place, or by the theme of JupyterLab, also when it is changed later."""
    page = show(make(), head="<style>html { color-scheme: light dark }</style>", color_scheme="dark")
    shown = page.locator(".page")
    assert shown.evaluate(BACKGROUND) == DARK
    for value, colour in [("true", LIGHT), ("false", DARK)]:
        page.evaluate("(value) => { document.body.dataset.jpThemeLight = value; }", value)
        assert shown.evaluate(BACKGROUND) == colour
    assert (
        show(make(), color_scheme="dark").locator(".page").evaluate(BACKGROUND) == LIGHT
    )  # a page that is always light


@pytest.mark.parametrize("width", [390, 760, 988, 1440])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_or_runs_out_of_the_page(show, language, width):
    for shown in (interactive.stepper(language=language), interactive.stepper(6, 3, 3, 4, language=language),
                  interactive.explorer(language=language)):  # fmt: skip
        page = show(shown, width=width)
        if "play" in shown.data["words"]:
            go(page, 300)
        else:
            page.locator("#alpha").fill("1.23")
            page.locator("#resolution").fill("1023")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("th, button, h2, h3, p, .count, .status, .value, .verdict, .who").evaluate_all(CUT) == []


CUT = """(nodes) => nodes
    .filter((node) => !node.closest(".aloud") && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline")
    .map((node) => node.outerHTML)"""


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1280, "light"), ("ko", 1280, "dark"), ("ko", 390, "light"), ("en", 390, "dark")],
)
def test_axe_finds_nothing_serious(show, framework, language, width, scheme):
    """Both on one page: in the middle with mistakes typed and a cell looked at, and at the end with equal outputs."""
    axe = framework("axe_playwright_python.sync_playwright", "axe-playwright-python", "browser").Axe()
    stepper, explorer = interactive.stepper(language=language), interactive.explorer(language=language)
    head = "<style>html { color-scheme: light dark } body { background: light-dark(#fff, #13171d) }</style>"
    page = show(stepper, explorer, width=width, head=head, color_scheme=scheme)

    def serious():
        found = axe.run(page).response
        places = [place for rule in found["passes"] for node in rule["nodes"] for place in node["target"]]
        assert any(isinstance(place, list) for place in places)  # it looked into the shadow roots
        return [
            (rule["id"], [node["html"] for node in rule["nodes"]])
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
        ]

    go(page, 150)
    for box, typed in [("alpha", "0.333"), ("memory", "-1")]:
        page.locator(f"#{box}").fill(typed)
        page.locator(f"#{box}").blur()
    cell(page, "standard", 20).focus()
    assert serious() == []
    go(page, 864)
    page.get_by_role("switch").click()
    assert serious() == []


def test_works_in_an_exported_page(chromium, framework, tmp_path):
    """As `jupyter nbconvert --to html` writes it; that page's own scripts (MathJax) are not let out."""
    nbconvert = framework("nbconvert", extra="browser")
    nbformat = framework("nbformat", extra="browser").v4
    stepper, explorer = interactive.stepper(), interactive.explorer()
    cells = []
    for count, shown in enumerate((stepper, explorer), 1):
        data = {"text/html": shown._repr_html_(), "text/plain": repr(shown)}
        output = nbformat.new_output("execute_result", data=data, execution_count=count)
        cells.append(nbformat.new_code_cell("page", outputs=[output], execution_count=count))
    html, _ = nbconvert.HTMLExporter().from_notebook_node(nbformat.new_notebook(cells=cells))
    (tmp_path / "page.html").write_text(html, encoding="utf8")
    with chromium.new_page() as page:
        page.route(re.compile("^https?:"), lambda route: route.abort())
        page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
        go(page, 54)
        assert counts(page)[0] == (54, 864)
        cell(page, "pointwise", 10).hover()
        assert cell(page, "pointwise", 10).inner_text() == str(stepper.data["cells"]["pointwise"][10]["value"]).replace(
            "-", "−"
        )
        page.locator("#alpha").fill("0.25")
        assert page.locator(".network").inner_text() == "MobileNet 0.25-160"
        assert page.locator(".page").first.evaluate(BACKGROUND) == LIGHT


@pytest.mark.parametrize("make", WIDGETS)
def test_a_page_of_its_own_can_be_saved(chromium, make, tmp_path):
    """The file holds everything: a browser opens it from the disk, and asks for nothing else."""
    page_of = make(language="ko")
    page_of.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf8") == page_of.as_page()
    assert page_of.as_html() in page_of.as_page()
    requests = []
    with chromium.new_page() as page:
        page.on("request", lambda request: requests.append(request.url))
        page.goto((tmp_path / "page.html").as_uri())
        assert page.get_by_role("heading", name=page_of.data["words"]["title"]).is_visible()
        assert (
            page.title() == page_of.data["words"]["title"]
            and CHOSEN[make.__name__] in page.locator(".wrap").inner_text()
        )
        assert page.locator("html").get_attribute("lang") == "ko"
    assert requests == [(tmp_path / "page.html").as_uri()]
