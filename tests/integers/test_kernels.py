"""The convolutions on integers: `conv` on the same numbers, the formula, numbers that count; pool and softmax."""

from __future__ import annotations

import math

import numpy as np
import pytest

from npmobile import Layer, conv, cost, counting
from npmobile.integers import kernels

SHAPES = {"standard": (3, 3, 2, 4), "depthwise": (3, 3, 2), "pointwise": (2, 4)}  # kernels for M = 2
WINDOWS = [
    *({"stride": stride, "padding": padding} for stride in (1, 2, 3) for padding in ("same", "valid", "symmetric")),
    *({"stride": stride, "padding": "keras"} for stride in (1, 2)),
]
CASES = [(kind, how) for kind in ("standard", "depthwise") for how in WINDOWS] + [("pointwise", {})]


def numbers(kind, side=7, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(-255, 256, (2, side, side, 2)), rng.integers(-128, 128, SHAPES[kind])


@pytest.mark.parametrize("side", [7, 8])
@pytest.mark.parametrize(("kind", "how"), CASES)
def test_sums_are_those_of_conv(kind, how, side):
    x, kernel = numbers(kind, side)
    sums, mult_adds = getattr(kernels, f"{kind}_conv")(x, kernel, **how)
    expected, expected_mult_adds = getattr(conv, f"{kind}_conv")(x.astype(float), kernel.astype(float), **how)
    assert sums.dtype == np.int64
    assert np.array_equal(sums, expected)  # float64 holds such integers exactly
    assert mult_adds == expected_mult_adds


@pytest.mark.parametrize(("kind", "how"), CASES)
def test_counts_are_the_formulas(kind, how):
    x, kernel = numbers(kind)
    _, mult_adds = getattr(kernels, f"{kind}_conv")(x, kernel, **how)
    N, D_K = 2 if kind == "depthwise" else 4, 1 if kind == "pointwise" else 3
    layer = Layer("layer", kind, D_K, how.get("stride", 1), M=2, N=N, D_F=7, padding=how.get("padding", "same"))
    assert mult_adds == len(x) * cost.mult_adds(layer)


@pytest.mark.parametrize(("kind", "how"), CASES)
def test_counts_are_what_the_numbers_say(kind, how):
    x, kernel = numbers(kind)
    convolution = getattr(kernels, f"{kind}_conv")
    counted = counting.count(convolution, x, kernel, **how)
    _, mult_adds = convolution(x, kernel, **how)
    assert counted.complete
    assert counted.multiplications == mult_adds


def test_int32_as_phones_add_up():
    x, kernel = (array.astype(np.int32) for array in numbers("standard"))
    sums, _ = kernels.standard_conv(x, kernel)
    assert sums.dtype == np.int32


@pytest.mark.parametrize("kind", SHAPES)
def test_8_bits_are_refused(kind):
    x, kernel = numbers(kind)
    convolution = getattr(kernels, f"{kind}_conv")
    with pytest.raises(TypeError, match=r"x must be an array of int32 or int64, .* but is ndarray of uint8"):
        convolution(x.astype(np.uint8), kernel)
    with pytest.raises(TypeError, match="kernel must be an array of int32 or int64, both of one dtype"):
        convolution(x, kernel.astype(np.int32))
    with pytest.raises(TypeError, match=r"x must be .* but is list"):
        convolution(x.tolist(), kernel)


@pytest.mark.parametrize("kind", SHAPES)
def test_channels_that_numpy_would_repeat_are_refused(kind):
    x, kernel = numbers(kind)
    with pytest.raises(ValueError, match="kernel is for M=2 channels, but x has 1"):
        getattr(kernels, f"{kind}_conv")(x[..., :1], kernel)


def test_average_pool_by_hand():
    """Means 0, 1.75, -1.75, 2.5 and -2.5: halves away from 0."""
    x = np.array([[-1, 1, 0, 0], [1, 2, 2, 2], [-1, -2, -2, -2], [2, 3, 2, 3], [-2, -3, -2, -3]], np.int8)
    assert kernels.average_pool(x.T.reshape(1, 2, 2, 5)).tolist() == [[0, 2, -2, 3, -3]]


def test_softmax_of_three_logits_by_hand():
    """Steps of log(2): the probabilities are as 4 to 2 to 1."""
    q = np.array([[12, 11, 10], [10, 10, 11]], np.uint8)
    expected = [[round(256 * p / 7) for p in (4, 2, 1)], [64, 64, 128]]
    assert kernels.softmax(q, math.log(2), 1 / 256).tolist() == expected
    assert kernels.softmax(q.astype(np.int8), math.log(2), 1 / 256).tolist() == expected


def test_softmax_is_near_the_exact_one():
    rng = np.random.default_rng(0)
    for dtype in (np.uint8, np.int8):
        q = rng.integers(0, 128, (20, 1001)).astype(dtype)
        powers = np.exp(0.13 * (q - q.max(axis=1, keepdims=True).astype(float)))
        exact = powers / powers.sum(axis=1, keepdims=True) * 256
        assert abs(kernels.softmax(q, 0.13, 1 / 256) - exact).max() <= 0.5 + 1e-3
