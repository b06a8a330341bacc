"""What measurements decide: the numbers are made up, and each answer was worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from npmobile.fast.spread import Spread, conclusion, spread


def test_a_tenth_is_left_out_at_each_end():
    assert spread(range(1, 21)) == Spread(median=10.5, low=3, high=18, rounds=20)
    assert spread([7, 1, 3]) == Spread(median=3, low=1, high=7, rounds=3)
    assert spread([4.0]) == (4, 4, 4, 1)


def test_one_pause_does_not_move_a_conclusion():
    calm = [2.0] * 18
    assert spread([*calm, 2.1, 9.0]).decides(3) == "less"
    assert spread([*calm, 9.0, 9.0]).decides(3) == "less"
    assert spread([*calm, 9.0, 9.0, 9.0]).decides(3) == "cannot tell"


@pytest.mark.parametrize(
    ("value", "decision"),
    [(1.9, "more"), (2, "cannot tell"), (2.5, "cannot tell"), (3, "cannot tell"), (Fraction(31, 10), "less")],
)
def test_only_a_value_outside_the_spread_is_decided(value, decision):
    assert spread([2, 2.2, 2.5, 2.6, 3]).decides(value) == decision


def test_few_measurements_decide_nothing():
    four, five = spread([2.0] * 4), spread([2.0] * 5)
    assert (four.decides(9), five.decides(9)) == ("cannot tell", "less")
    assert conclusion(four, 9) == "this run cannot tell: 4 measurements are too few"


def test_conclusions_show_the_spread():
    shares = spread([0.25, 0.26, 0.27, 0.28, 0.31])
    assert conclusion(shares, Fraction(1, 32), ".1%") == "measured 27.0% (25.0% to 31.0%): more than 3.1%"
    assert conclusion(shares, 0.3, ".1%") == "this run cannot tell: the spread is 25.0% to 31.0%, and 30.0% is inside"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_measurement_is_refused(value):
    with pytest.raises(ValueError, match=f"measured must hold finite numbers, but holds {value}"):
        spread([1.0, value])
    with pytest.raises(ValueError, match="measured must hold at least one measurement, but is empty"):
        spread([])
