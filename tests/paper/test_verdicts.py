"""The rules by which a printed number is judged."""

from __future__ import annotations

from fractions import Fraction

import pytest

from npmobile.paper import verdicts
from npmobile.paper.readings import Reading, Row


def row(*values, unknown="", quoted=False):
    """A row whose readings count these millions; a pair is (label, millions), a triple a mistake."""
    found = []
    for value in values:
        label, millions, *mistake = value if isinstance(value, tuple) else ("", value)
        found.append(Reading(label, Fraction(millions) * 10**6, Fraction(0), bool(mistake)))
    return Row(tuple(found), unknown, quoted)


@pytest.mark.parametrize(
    ("printed", "counted", "verdict", "why"),
    [
        ("569", row("568.74"), "equal", ""),
        ("569", row("568.5"), "equal", ""),  # halves go up
        ("568", row("568.74"), "cut off", "568.740 would round to 569"),
        ("567", row("568.74"), "differs", "no reading gives it; ours is +0.3 %"),
        ("4.2", row("4.2499"), "equal", ""),
        ("1700", row("1722.7"), "differs", "no reading gives it; ours is +1.3 %"),
        ("1700", row("1722.7", quoted=True), "equal", ""),
        ("60", row("60.95", quoted=True), "equal", ""),
        ("60", row("60.95"), "cut off", "60.950 would round to 61"),
        ("568", row("568.74", ("without biases", "567.7")), "cut off", "568.740 would round to 569"),
        ("566", row("568.74", ("without biases", "566.1")), "other convention", "without biases: 566.100"),
        ("566", row("568.74", ("without biases", "566.9")), "cut off", "without biases: 566.900 would round to 567"),
        ("566", row("568.74", ("too narrow", "566.1", True)), "erratum", "too narrow: 566.100"),
        ("566", row(("too narrow", "566.1", True), ("fair", "566.2")), "other convention", "fair: 566.200"),
        ("1.19", row("1.9056"), "erratum", "two digits of 1.91 are swapped"),
        ("150", row("149.497"), "erratum", "rounded twice: 149.497 to 149.5 to 150"),
        ("150", row("149.44"), "differs", "no reading gives it; ours is -0.4 %"),
        ("5000", row(unknown="private"), "not recomputable", "private"),
        ("108", row("106", unknown="the head"), "not recomputable", "the head: the 106.000 before them leave +2.0"),
        ("106", row("106", unknown="the head"), "equal", ""),
    ],
)
def test_a_verdict_is_the_first_rule_that_holds(printed, counted, verdict, why):
    assert verdicts.judge(printed, counted, "mult_adds", 10**6) == (verdict, why)


def test_another_column_is_refused():
    with pytest.raises(ValueError, match='column must be "mult_adds" or "parameters", but is \'bytes\''):
        verdicts.judge("569", row("568.74"), "bytes", 10**6)
