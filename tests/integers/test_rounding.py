"""Fixed-point multipliers and the three roundings, against fractions and against gemmlowp's definitions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from npmobile.integers import ROUNDINGS, fixed_point

REALS = [0.3125, 0.5, 1.0, 0.75, 0.0007, 0.99999999999, 1.5, 7.3, 2.0**-20, 1e-6, 3.7e-9]
SUMS = [*range(-40, 41), *(sign * 2**power + d for sign in (-1, 1) for power in range(6, 24) for d in (-1, 0, 1))]


def real_of(fixed, exponent) -> Fraction:
    return Fraction(int(fixed)) * Fraction(2) ** (int(exponent) - 31)


def saturating_rounding_doubling_high_mul(a: int, b: int) -> int:
    """gemmlowp's fixedpoint.h, but for the one case that saturates. C++ divides towards 0."""
    nudge = 2**30 if a * b >= 0 else 1 - 2**30
    quotient = abs(a * b + nudge) // 2**31
    return quotient if a * b + nudge >= 0 else -quotient


def rounding_divide_by_power_of_two(x: int, exponent: int) -> int:
    """gemmlowp's fixedpoint.h."""
    mask = 2**exponent - 1
    remainder = x & mask
    threshold = (mask >> 1) + (1 if x < 0 else 0)
    return (x >> exponent) + (1 if remainder > threshold else 0)


def as_gemmlowp(x: int, fixed: int, exponent: int) -> int:
    """MultiplyByQuantizedMultiplier of TFLite."""
    left, right = max(exponent, 0), max(-exponent, 0)
    return rounding_divide_by_power_of_two(saturating_rounding_doubling_high_mul(x << left, fixed), right)


@pytest.mark.parametrize("real", REALS)
def test_fixed_point_is_the_nearest_of_31_bits(real):
    fixed, exponent = fixed_point(np.array(real))
    assert 2**30 <= fixed < 2**31
    assert abs(real_of(fixed, exponent) - Fraction(real)) <= Fraction(2) ** (int(exponent) - 32)


def test_a_mantissa_that_is_rounded_up_to_1_is_carried():
    fixed, exponent = fixed_point(np.array([1 - 2.0**-40]))
    assert (fixed.tolist(), exponent.tolist()) == ([2**30], [1])


def test_what_is_too_small_is_0():
    fixed, exponent = fixed_point(np.array([2.0**-32, 2.0**-33, 0.0]))
    assert (fixed.tolist(), exponent.tolist()) == ([2**30, 0, 0], [-31, 0, 0])


@pytest.mark.parametrize("real", REALS)
def test_twice_is_gemmlowp(real):
    fixed, exponent = fixed_point(np.array(real))
    expected = [as_gemmlowp(x, int(fixed), int(exponent)) for x in SUMS]
    assert ROUNDINGS["twice"](np.array(SUMS), fixed, exponent).tolist() == expected


@pytest.mark.parametrize("real", REALS)
def test_once_is_the_nearest_integer_halves_upwards(real):
    fixed, exponent = fixed_point(np.array(real))
    expected = [math.floor(x * real_of(fixed, exponent) + Fraction(1, 2)) for x in SUMS]
    assert ROUNDINGS["once"](np.array(SUMS), fixed, exponent).tolist() == expected


@pytest.mark.parametrize("real", REALS)
def test_float_is_a_float32_product_halves_to_even(real):
    fixed, exponent = fixed_point(np.array(real))
    multiplier = np.float32(float(real_of(fixed, exponent)))
    expected = [round(float(np.float32(x) * multiplier)) for x in SUMS]  # Python rounds halves to even
    assert ROUNDINGS["float"](np.array(SUMS), fixed, exponent).tolist() == expected


def test_where_the_three_differ():
    """1 * 0.3125 is 0 to the nearest, 8 * 0.3125 = 2.5 is a half, and -8 * 0.3125 too."""
    sums, multiplier = np.array([1, 8, -8]), fixed_point(np.array(0.3125))
    answers = {name: rounding(sums, *multiplier).tolist() for name, rounding in ROUNDINGS.items()}
    assert answers == {"twice": [1, 3, -3], "once": [0, 3, -2], "float": [0, 2, -2]}


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_a_multiplier_for_each_channel(rounding):
    fixed, exponent = fixed_point(np.array(REALS))
    sums = np.repeat(np.array(SUMS)[:, np.newaxis], len(REALS), axis=1)
    together = ROUNDINGS[rounding](sums, fixed, exponent)
    for channel in range(len(REALS)):
        alone = ROUNDINGS[rounding](np.array(SUMS), fixed[channel], exponent[channel])
        assert np.array_equal(together[:, channel], alone)


@pytest.mark.parametrize("rounding", ["twice", "once"])
def test_sums_as_large_as_int32_do_not_overflow(rounding):
    real = real_of(*fixed_point(np.array(0.9999)))
    for x in (2**31 - 1, -(2**31) + 1):
        (answer,) = ROUNDINGS[rounding](np.array([x]), *fixed_point(np.array([0.9999])))
        assert abs(answer - x * real) <= 1
