"""The pages as a reader sees them: the front page's steppers and explorers, every width, both colour schemes, axe."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from npmobile import cost, mobilenet

from .jupyter import READY, execute, open_notebook, write

pytestmark = pytest.mark.slow

PAGES = [
    "index.html",
    "ko/index.html",
    "en/01_a_convolution_by_hand.html",
    "en/03_mobilenet_the_whole.html",
    "ko/06_mult_adds_are_not_milliseconds.html",
    "ko/hand-in.html",
    "reference/npmobile.html",
    "reference/npmobile/cost.html",
]
# The sum of all layout shifts that the browser saw.
SHIFT = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 300);
})"""


# What a widget shows: its shadow root without its styles.
TEXT = """(name) => [...document.querySelector(`.npmobile-${name}`).shadowRoot.children]
    .filter((part) => part.tagName !== "STYLE").map((part) => part.textContent).join(" ")"""


@pytest.mark.parametrize(("path", "following"), [("index.html", "Next"), ("ko/index.html", "다음")])
def test_the_stepper_and_the_explorer_work_on_the_front_page(visit, path, following):
    """One output of the standard convolution is 3 * 3 * 2 = 18 mult-adds; 0.3-96 is none of the published networks."""
    total = f"{sum(cost.mult_adds(layer) for layer in mobilenet(0.3, 96)):,}"
    page = visit(path)
    assert not re.search(r"(?<!\d)18 */ *864", page.evaluate(TEXT, "stepper"))
    page.locator(".npmobile-stepper").get_by_role("button", name=re.compile(f"^{following}")).click()
    assert re.search(r"(?<!\d)18 */ *864", page.evaluate(TEXT, "stepper"))
    assert total not in page.evaluate(TEXT, "explorer")
    page.locator(".npmobile-explorer #alpha").fill("0.3")
    page.locator(".npmobile-explorer #resolution").fill("96")
    assert total in page.evaluate(TEXT, "explorer")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_a_page_fits_stands_still_and_passes_axe(visit, framework, path, width, scheme):
    axe = framework("axe_playwright_python.sync_playwright", "axe-playwright-python", "browser")
    page = visit(path, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SHIFT) < 0.01
    assert page.title() and page.locator("meta[name=description]").get_attribute("content")
    assert page.locator("html").get_attribute("lang") == ("ko" if path.startswith("ko/") else "en")
    violations = axe.Axe().run(page).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"][:200], found["nodes"][0]["failureSummary"]) for found in violations] == []  # fmt: skip
    background = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('color-scheme')")
    assert background == "light dark"


def test_the_keyboard_reaches_the_content_and_the_first_lesson(visit):
    page = visit("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "path=en/01_a_convolution_by_hand.ipynb" in page.evaluate("document.activeElement.href")


def test_the_reference_finds_a_function_by_its_name(visit):
    page = visit("reference/npmobile.html")
    page.locator("input[type=search]").fill("separable_ratio")
    page.locator('main a[href="npmobile/cost.html#separable_ratio"]').click()
    page.wait_for_url(re.compile(r"reference/npmobile/cost\.html#separable_ratio$"))


CORE = """
import sys
import npmobile as nm
from PIL import Image
model = nm.digits()
x, labels = nm.digits_test()
print(sys.platform, int((model.predict(x).argmax(axis=1) == labels).sum()), "of", len(labels))
kernel = model.weights["conv_dw_1"]["kernel"][:, :, :3]
print(nm.counting.count(nm.conv.depthwise_conv, x[:1], kernel).multiplications)
print(len(nm.random_model(0.25, 128).classify(Image.new("RGB", (40, 40)))))
from npmobile.paper import __main__ as paper
paper.main(["--table", "4"])
print(nm.interactive.stepper())
"""
REFUSED = {
    'open("w.h5", "wb").write(b"\\x89HDF\\r\\n\\x1a\\n" + bytes(600)); nm.load("w.h5")': "%pip install h5py",
    'nm.fetch("keras/mobilenet_7_5_224")': "a browser cannot fetch this file",
}


def test_the_core_works_in_pyodide_or_says_what_a_browser_cannot_do(visit):
    """The digits that are shipped: 355 of 360 right, as on every machine; a depthwise kernel on 32 x 32 x 3."""
    page = open_notebook(visit, "en/01_a_convolution_by_hand.ipynb")
    text = execute(page, CORE)
    assert text.splitlines()[:3] == ["emscripten 355 of 360", str(32 * 32 * 3 * 9), "5"], text
    assert "4866" in text and text.splitlines()[-1].startswith("standard 864 mult-adds"), text
    for code, message in REFUSED.items():
        assert message in execute(page, code)


def test_the_browser_keeps_what_a_student_wrote_and_gives_it_as_a_file(visit):
    page = open_notebook(visit, "en/01_a_convolution_by_hand.ipynb")
    write(page, 1, "mine = 17")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.reload()
    page.wait_for_function(READY, timeout=120_000)
    source = "window.jupyterapp.shell.currentWidget.content.model.cells.get(1).sharedModel.getSource()"
    assert page.evaluate(source) == "mine = 17"
    with page.expect_download() as download:
        page.evaluate("window.jupyterapp.commands.execute('docmanager:download')")
    assert download.value.suggested_filename.endswith("01_a_convolution_by_hand.ipynb")
    cells = json.loads(Path(download.value.path()).read_text(encoding="utf8"))["cells"]
    assert "".join(cells[1]["source"]) == "mine = 17"
