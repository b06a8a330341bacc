"""What a lab has beside a lesson: cells to write in, cells that check, and an edition without the solutions.

In a source, the first line of a cell says which of the three it is. `points` are what nbgrader gives for it.

    # %% write="depthwise"                      code to write, between ### BEGIN SOLUTION and ### END SOLUTION
    # %% check="depthwise-values" points=2      code that raises where the student's code is not right
    # %% [markdown] lang="en" why="zeros" points=2     an answer in words, which a person grades

In the notebooks these become nbgrader's metadata (schema 3). Without nbgrader they do nothing. The student's edition
is what `nbgrader generate_assignment` makes of the teacher's, without its checksums; a test compares them.
"""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import nbformat
from traitlets.config import Config

CONFIGURATION = Path(__file__).with_name("nbgrader_config.py")
STUBS = runpy.run_path(str(CONFIGURATION), {"get_config": Config})
SOLUTION = re.compile(r"^([ ]*)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.MULTILINE | re.DOTALL)


def marks(source: dict[str, Any]) -> dict[str, Any]:
    """The metadata that nbgrader reads, from that of a cell in a source; empty for all other cells."""
    kind = next((kind for kind in ("write", "check", "why") if kind in source), None)
    if kind is None:
        return {}
    flags = {"solution": kind != "check", "grade": kind != "write", "locked": kind == "check", "task": False}
    points = {"points": source["points"]} if kind != "write" else {}
    return {"nbgrader": {"schema_version": 3, "grade_id": source[kind], **flags, **points}}


def without_solution(cell: nbformat.NotebookNode, language: str) -> nbformat.NotebookNode:
    """A cell of the student's edition: a stub stands for the solution, and cells that check cannot be edited."""
    flags = cell.metadata.get("nbgrader")
    if not flags:
        return cell
    cell.metadata["deletable"] = False
    if not flags["solution"]:
        cell.metadata["editable"] = False
    elif cell.cell_type == "code":
        cell.source = SOLUTION.sub(lambda found: found[1] + STUBS["CODE"][language], cell.source)
    else:
        cell.source = STUBS["TEXT"][language]
    return cell


def write_configuration(folder: Path, language: str) -> None:
    """Make a folder a course of nbgrader: its configuration, in the language of the course."""
    text = CONFIGURATION.read_text(encoding="utf8").replace('LANGUAGE = "en"', f'LANGUAGE = "{language}"')
    (folder / CONFIGURATION.name).write_text(text, encoding="utf8")
