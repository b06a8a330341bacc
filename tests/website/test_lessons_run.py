"""The lessons run in JupyterLite, offline, and say what the committed notebooks say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .comparing import code_cells, measured, outputs
from .jupyter import open_notebook, run_all

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(path.relative_to(NOTEBOOKS).as_posix() for path in NOTEBOOKS.glob("en/*.ipynb"))
TIMED = "06_mult_adds_are_not_milliseconds"  # the only lesson that reads the clock

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", [*LESSONS, LESSONS[0].replace("en/", "ko/")])
def test_every_cell_says_what_it_says_in_the_committed_notebook(visit, path):
    committed = code_cells(json.loads((NOTEBOOKS / path).read_text(encoding="utf8"))["cells"])
    page = open_notebook(visit, path)
    ran = code_cells(run_all(page))
    assert [cell["execution_count"] for cell in ran] == list(range(1, len(committed) + 1))
    assert [output for cell in ran for output in outputs(cell) if output[0] in ("error", "stderr")] == []
    excluded = measured(["".join(cell["source"]) for cell in committed])
    assert (TIMED in path) == any(excluded)
    compared = [(outputs(a), outputs(b)) for a, b, out in zip(committed, ran, excluded) if not out]
    assert [b for _, b in compared] == [a for a, _ in compared]
    assert sum(bool(a) for a, _ in compared) >= 5
