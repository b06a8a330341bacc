"""Every task: a right answer passes, with an input of its own kind in every run."""

from __future__ import annotations

import pytest

import npmobile as nm

from . import solutions

TASKS = [name for name in nm.exercises.__all__ if name != "Report"]


@pytest.mark.parametrize("name", TASKS)
def test_a_right_answer_passes(name):
    report = getattr(nm.exercises, name)(getattr(solutions, name))
    assert report.passed and report.values, str(report)
    assert report.mistake is None
