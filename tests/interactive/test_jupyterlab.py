"""Both pages in JupyterLab: stills in a notebook that is not trusted, pages that move after its cells have run."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from npmobile import interactive

from .reading import cell, counts

ROOT = Path(__file__).parents[2]
CELLS = ["import npmobile as nm\nnm.interactive.stepper()", "nm.interactive.explorer()"]
START = 120  # seconds within which a busy machine starts JupyterLab


@pytest.fixture
def lab(framework, tmp_path):
    """The address of a JupyterLab of our own, which shows a notebook with both pages."""
    framework("jupyterlab", extra="browser")
    framework("ipykernel", extra="test")
    nbformat = framework("nbformat", extra="browser")
    shown = [interactive.stepper(), interactive.explorer()]
    cells = []
    for count, (source, widget) in enumerate(zip(CELLS, shown), 1):
        data = {"text/html": widget._repr_html_(), "text/plain": repr(widget)}
        outputs = [nbformat.v4.new_output("execute_result", data=data, execution_count=count)]
        cells.append(nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=count))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "pages.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
               "--IdentityProvider.token=", f"--ServerApp.root_dir={tmp_path}", "--LabApp.news_url=None",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]  # fmt: skip
    folders = {name: str(tmp_path / name) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR",
                                                      "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        env=os.environ | folders | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/api", server)
        yield f"{address}/lab/tree/pages.ipynb?reset"
    finally:
        server.terminate()
        server.wait()


def wait_for(address, server):
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.3)
    pytest.fail("JupyterLab did not start")


@pytest.mark.slow
def test_both_pages_in_jupyterlab(chromium, lab):
    outside = []
    with chromium.new_page(viewport={"width": 1440, "height": 1000}) as page:
        page.set_default_timeout(60_000)
        page.on("request", lambda request: outside.append(request.url) if "127.0.0.1" not in request.url else None)
        page.goto(lab, wait_until="domcontentloaded")
        output = page.locator(".jp-OutputArea-output").first
        assert "Run this cell to make it move." in output.inner_text()  # not trusted: its scripts are stripped
        assert output.locator("table").count() == 5 and page.locator(".timeline").count() == 0
        page.locator(".jp-Notebook .jp-Cell").first.click()
        page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()  # the kernel is ready
        menu(page, "Run", "Run All Cells")
        page.locator(".stepper .timeline").wait_for()
        assert not page.get_by_text("Run this cell").first.is_visible()

        cell(page, "standard", 0).click()
        for key in ("ArrowRight", "ArrowDown", "b", "d", "d", "a", "x"):  # JupyterLab would insert and delete cells
            page.keyboard.press(key)
        assert page.evaluate("document.activeElement.shadowRoot.activeElement.dataset.cell") == "15"
        assert page.locator(".jp-Notebook .jp-Cell").count() == len(CELLS)
        page.locator("#t").fill("77")
        page.keyboard.press("ArrowUp")
        assert counts(page)[0] == (78, 864)
        page.locator("#alpha").fill("0.33")
        assert page.locator(".network").inner_text() == "MobileNet 0.33-160"
        for theme, colour in [("JupyterLab Dark", "rgb(19, 23, 29)"), ("JupyterLab Light", "rgb(255, 255, 255)")]:
            menu(page, "Settings", "Theme", theme)
            page.wait_for_function(
                "(colour) => getComputedStyle(document.querySelector('.npmobile-stepper').shadowRoot.querySelector('.page')).backgroundColor === colour",
                arg=colour,
            )
    assert outside == []


def menu(page, bar, *labels):
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{bar}$")).click()
    for label in labels:
        item = page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{label}$")).first
        item.hover()
        if label == labels[-1]:
            item.click()
