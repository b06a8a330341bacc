"""The site, built once and served; and pages in a browser that cannot leave this machine."""

from __future__ import annotations

import importlib
import os
import re
import shutil
from pathlib import Path

import pytest

from .serving import proxy, serving


def website(framework, module):
    """A module of the site's builder, where the libraries that it needs are installed."""
    for needed in ("jinja2", "markdown_it", "mdit_py_plugins", "nbformat", "pygments"):
        framework(needed, extra="site")
    return importlib.import_module(f"tools.website.{module}")


FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --disable-default-apps --disable-domain-reliability"
)

# What Chromium asks for by itself, whatever page is open: its updates and the services of its maker.
OWN = re.compile(r"(//|CONNECT )([\w-]+\.)*(google|googleapis|gstatic|gvt1)\.com[:/]")


def build(framework, out: Path, offline: bool) -> Path:
    """Build the site, or skip the test where something is missing. Downloads go to NPMOBILE_SITE_CACHE."""
    framework("jupyterlite_pyodide_kernel", "jupyterlite-pyodide-kernel", "site")
    framework("pdoc", extra="site")
    for program in ("npm", "node"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine (https://nodejs.org)")
    from tools.website import __main__, inputs

    cache = Path(os.environ.get("NPMOBILE_SITE_CACHE") or inputs.default_cache())
    lock = inputs.read_lock()
    try:
        for name in (*lock["npm"], *lock["pypi"]):
            inputs.Inputs(cache).get(name)
    except RuntimeError as error:
        pytest.skip(f"a package index cannot be reached: {error}")
    __main__.build(out, cache, offline)
    return out


@pytest.fixture(scope="session")
def built(framework, tmp_path_factory) -> Path:
    """The site that asks for nothing outside: built here, or in the folder that NPMOBILE_SITE names."""
    if folder := os.environ.get("NPMOBILE_SITE"):
        return Path(folder)
    return build(framework, tmp_path_factory.mktemp("site"), offline=True)


@pytest.fixture(scope="session")
def site(built):
    """The address of the served site."""
    with serving(built) as address:
        yield f"http://{address}"


@pytest.fixture(scope="module")
def chromium(framework):
    """Chromium, and the list of what it asked for outside of this machine. Nothing outside answers."""
    sync_api = framework("playwright.sync_api", "playwright", "browser")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium fonts-nanum)")
    with proxy() as (address, asked), sync_api.sync_playwright() as playwright:
        args = [*FLAGS.split(), f"--proxy-server=http://{address}"]  # this machine's own addresses need no proxy
        browser = playwright.chromium.launch(executable_path=path, args=args)
        yield browser, asked
        browser.close()


@pytest.fixture
def visit(chromium, site):
    """Open pages of the site; in the end nothing may have left the machine, and no page may have complained."""
    browser, asked = chromium
    contexts, complaints = [], []

    def open_page(path="", **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("response", lambda response: note(response.status >= 400, f"{response.status} {response.url}"))
        page.on("requestfailed", lambda request: note(request.failure != "net::ERR_ABORTED", f"failed {request.url}"))
        page.on("request", lambda request: note(not request.url.startswith((site, "data:", "blob:")), request.url))
        page.on("console", lambda message: note(message.type == "error", f"console: {message.text}"))
        page.on("pageerror", lambda error: note(True, f"script: {error}"))
        page.goto(f"{site}/{path}")
        return page

    def note(bad, text):
        if bad:
            complaints.append(text)

    yield open_page
    for context in contexts:
        context.close()
    assert [request for request in asked if not OWN.search(request)] == []
    assert complaints == []
