"""Lab 1 in JupyterLite: as a student gets it, with right answers, and with a wrong one; the reports are read."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from .comparing import outputs
from .jupyter import execute, open_notebook, run_all, write

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LAB = "01_a_convolution_of_your_own"
WRONG = """def output_side(D_F, D_K, stride, padding):
    return (D_F - D_K) // stride + 1  # the padding is forgotten
"""
ENDLESS = """def output_side(D_F, D_K, stride, padding):
    while True:
        pass
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (NOTEBOOKS / f"en/labs/{LAB}.ipynb").exists(), reason="the labs are not in this checkout"),
]


def teachers_cells(monkeypatch, language):
    """The cells of the lab with their solutions."""
    monkeypatch.syspath_prepend(str(NOTEBOOKS))
    build = importlib.import_module("build")
    return build.lesson(NOTEBOOKS / f"src/labs/{LAB}.py", language, teacher=True).cells


def errors(cells):
    return [(index, output) for index, cell in enumerate(cells) if "outputs" in cell for output in outputs(cell)
            if output[0] in ("error", "stderr")]  # fmt: skip


def reports(cells):
    """The plain text and the HTML of every report that was shown."""
    results = [output["data"] for cell in cells for output in cell.get("outputs", []) if "data" in output]
    return [("".join(data["text/plain"]), "".join(data["text/html"])) for data in results
            if "".join(data["text/plain"]).startswith("<Report")]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_lab_from_its_first_cell_to_a_report_that_names_the_mistake(visit, monkeypatch, language):
    page = open_notebook(visit, f"{language}/labs/{LAB}.ipynb")
    cells = run_all(page)
    unfinished = errors(cells)
    assert unfinished and {"NotImplementedError" in output[1] for _, output in unfinished} == {True}
    assert reports(cells) and all("wrong" in text for text, _ in reports(cells))

    solved = teachers_cells(monkeypatch, language)
    assert len(solved) == len(cells)
    for index, cell in enumerate(solved):
        if cell.cell_type == "code" and "".join(cells[index]["source"]) != cell.source:
            write(page, index, cell.source)
    cells = run_all(page)
    assert errors(cells) == []
    assert len(reports(cells)) >= 3
    for text, html in reports(cells):
        assert "wrong" not in text
        assert bool(re.search("[가-힣]", html)) == (language == "ko")

    written = next(index for index, cell in enumerate(solved) if cell.source.startswith("def output_side"))
    write(page, written, WRONG)
    cells = run_all(page)
    (text, html), *_ = reports(cells)
    assert text == "<Report output_side: values wrong>"
    assert "AssertionError" in errors(cells)[0][1][1]
    assert "padding" in html or "패딩" in html

    # A browser has no signals and no threads that could stop a loop: the check counts instructions.
    said = execute(page, ENDLESS + "print(nm.exercises.output_side(output_side))")
    assert re.search(r"\d,000,000", said)  # instructions of Python, after which it was stopped
