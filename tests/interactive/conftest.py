"""A browser for the tests of pages: what a reader sees and presses."""

from __future__ import annotations

import shutil

import pytest

FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update"
)
# What JupyterLab does with HTML: set it while it is not on the page, make its scripts again, add it to the page.
LIKE_A_NOTEBOOK = """(html) => {
    const cell = document.createElement("div");
    cell.innerHTML = html;
    for (const inert of cell.querySelectorAll("script")) {
        const script = document.createElement("script");
        for (const { name, value } of inert.attributes) script.setAttribute(name, value);
        script.textContent = inert.textContent;
        inert.replaceWith(script);
    }
    document.body.append(cell);
}"""


@pytest.fixture(scope="module")
def chromium(framework):
    """The browser of the system; closed with each file, since its event loop would stop other tests'."""
    sync_api = framework("playwright.sync_api", "playwright", "browser")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium fonts-nanum)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS.split(), "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def show(chromium):
    """Shows widgets on a page; in the end nothing may have been requested, and no script may have failed."""
    contexts, requests, errors = [], [], []

    def page_with(*widgets, head="", width=1280, how="page", clock=False, margin=8, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        if clock:
            page.clock.install()
        parts = [widget._repr_html_() for widget in widgets]
        body = "".join(parts) if how == "page" else ""
        page.set_content(
            f'<!DOCTYPE html><html lang="en"><head><title>A page</title>{head}</head>'
            f'<body style="margin: {margin}px">{body}</body></html>'
        )
        for html in parts if how == "notebook" else ():
            page.evaluate(LIKE_A_NOTEBOOK, html)
        return page

    yield page_with
    for context in contexts:
        context.close()
    assert (requests, errors) == ([], [])
