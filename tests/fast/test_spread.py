"""What measurements decide: the numbers are made up, and each answer was worked out by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from npmobile.fast.spread import Spread, conclusion, spread


def test_a_quarter_is_left_out_at_each_end():
    assert spread(range(1, 21)) == Spread(median=10.5, low=6, high=15, rounds=20)
    assert spread([7, 1, 3]) == Spread(median=3, low=1, high=7, rounds=3)
    assert spread([4.0]) == (4, 4, 4, 1)


def test_the_middle_half_of_20_contains_the_true_median_in_96_of_100_runs():
    """It does not if 5 or fewer of the 20, or 15 or more, are below the true median: each is, with one chance in two."""
    missed = 2 * sum(math.comb(20, below) for below in range(6)) / 2**20
    assert round(1 - missed, 2) == 0.96
    assert spread(range(20))[1:3] == (5, 14)  # so many of them are below the two ends


def test_pauses_do_not_move_a_conclusion():
    assert spread([2.0] * 15 + [9.0] * 5).decides(3) == "less"
    assert spread([2.0] * 14 + [9.0] * 6).decides(3) == "cannot tell"


@pytest.mark.parametrize(
    ("value", "decision"),
    [(1.9, "more"), (2, "cannot tell"), (2.5, "cannot tell"), (3, "cannot tell"), (Fraction(31, 10), "less")],
)
def test_only_a_value_outside_the_spread_is_decided(value, decision):
    assert spread([1, 2, 2.2, 2.5, 2.6, 3, 4]).decides(value) == decision


def test_few_measurements_decide_nothing():
    few, enough = spread([2.0] * 6), spread([2.0] * 7)
    assert (few.decides(9), enough.decides(9)) == ("cannot tell", "less")
    assert conclusion(few, 9) == "this run cannot tell: 6 measurements are too few"


def test_conclusions_show_the_spread():
    shares = spread([0.1, 0.25, 0.26, 0.27, 0.28, 0.31, 0.9])
    assert conclusion(shares, Fraction(1, 32), ".1%") == "measured 27.0% (25.0% to 31.0%): more than 3.1%"
    assert conclusion(shares, 0.3, ".1%") == "this run cannot tell: the spread is 25.0% to 31.0%, and 30.0% is inside"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_measurement_is_refused(value):
    with pytest.raises(ValueError, match=f"measured must hold finite numbers, but holds {value}"):
        spread([1.0, value])
    with pytest.raises(ValueError, match="measured must hold at least one measurement, but is empty"):
        spread([])
