"""A scale and a zero point: known answers, every integer, and what is refused."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest

from npmobile.integers import Quantisation

EVERY = {"uint8": np.arange(256, dtype=np.uint8), "int8": np.arange(-128, 128, dtype=np.int8)}


def test_ten_numbers_by_hand():
    """Steps of 0.25 with 4 for 0: -1 is 0, 0 is 4, 0.3 is 1.2 steps and so 5, 62.75 is 251 steps and so 255."""
    quarter = Quantisation(0.25, 4)
    real = np.array([-1.0, -0.25, 0.0, 0.25, 0.3, 0.5, 1.0, 2.0, 62.75, 1000.0], np.float32)
    assert quarter.quantise(real).tolist() == [0, 3, 4, 5, 5, 6, 8, 12, 255, 255]
    assert quarter.dequantise(np.array([0, 3, 4, 255], np.uint8)).tolist() == [-1, -0.25, 0, 62.75]


@pytest.mark.parametrize("dtype", EVERY)
@pytest.mark.parametrize("scale", [1 / 128, 0.02352848, 3.0])
def test_every_integer_comes_back(dtype, scale):
    quantisation = Quantisation(scale, 7, dtype)
    real = quantisation.dequantise(EVERY[dtype])
    assert real.dtype == np.float32
    assert np.array_equal(quantisation.quantise(real), EVERY[dtype])
    exact = [float(np.float32(Fraction(float(np.float32(scale))) * (int(q) - 7))) for q in EVERY[dtype]]
    assert real.tolist() == exact  # one product, rounded once


def test_halves_go_away_from_0():
    assert Quantisation(1, 0, "int8").quantise(np.array([0.5, 1.5, -0.5, -2.5], np.float32)).tolist() == [1, 2, -1, -3]


def test_the_largest_number_below_a_half_is_not_a_half():
    """In float32, 0.49999997 + 0.5 is 1."""
    assert Quantisation(1, 0, "int8").quantise(np.array([0.49999997], np.float32)).tolist() == [0]


def test_what_is_too_large_is_cut_off():
    infinities = np.array([-np.inf, np.inf], np.float32)
    assert Quantisation(1, 3, "int8").quantise(infinities).tolist() == [-128, 127]
    assert Quantisation(1e-30, 3).quantise(np.array([-1e30, 1e30], np.float32)).tolist() == [0, 255]


def test_a_scale_for_each_channel():
    channels = Quantisation([1.0, 0.5], 0, "int8")
    assert channels.quantise(np.array([[2.0, 2.0]], np.float32)).tolist() == [[2, 4]]
    assert channels.dequantise(np.array([[2, 4]], np.int8)).tolist() == [[2, 2]]


def test_uint8_and_int8_of_the_same_numbers():
    unsigned, signed = Quantisation(0.5, 127), Quantisation(0.5, -1, "int8")
    assert unsigned.shifts_to(signed) and signed.shifts_to(unsigned)
    assert not unsigned.same_as(signed)
    assert np.array_equal(unsigned.shift(EVERY["uint8"], signed), EVERY["int8"])
    assert np.array_equal(signed.shift(EVERY["int8"], unsigned), EVERY["uint8"])
    for other in (Quantisation(0.5, 0, "int8"), Quantisation(0.25, -1, "int8"), Quantisation([0.5, 0.5], -1, "int8")):
        assert not unsigned.shifts_to(other)


@pytest.mark.parametrize("scale", [0, -1.0, np.nan, np.inf, 1e-50, [], [1.0, 0.0], [[1.0]]])
def test_bad_scales(scale):
    with pytest.raises(ValueError, match="scale must be a finite number above 0"):
        Quantisation(scale, 0)


@pytest.mark.parametrize(
    ("zero", "dtype"), [(-1, "uint8"), (256, "uint8"), (-129, "int8"), (128, "int8"), (0.0, "int8")]
)
def test_bad_zero_points(zero, dtype):
    with pytest.raises(ValueError, match="zero must be"):
        Quantisation(1, zero, dtype)


@pytest.mark.parametrize("dtype", ["int16", "float32", "int32"])
def test_bad_dtypes(dtype):
    with pytest.raises(TypeError, match=f"dtype must be uint8 or int8, but is {dtype}"):
        Quantisation(1, 0, dtype)


def test_bad_numbers():
    with pytest.raises(ValueError, match="NaN"):
        Quantisation(1, 0).quantise(np.array([np.nan], np.float32))
    with pytest.raises(TypeError, match="real must be float32 or float64, but is int64"):
        Quantisation(1, 0).quantise(np.array([1]))


def test_it_is_a_value():
    scale = np.array([1.0, 2.0], np.float32)
    quantisation = Quantisation(scale, 0, "int8")
    scale[0] = 5
    assert quantisation.scale.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        quantisation.scale[0] = 5
    for made in (copy.deepcopy(quantisation), pickle.loads(pickle.dumps(quantisation))):
        assert made.same_as(quantisation)
        with pytest.raises(ValueError, match="read-only"):
            made.scale[0] = 5
