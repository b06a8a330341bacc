"""What stands between the convolutions, against arithmetic done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from npmobile import ops


def test_relu6_cuts_at_both_ends():
    x = np.array([-np.inf, -1, 0, 3, 6, 7, np.inf], np.float32)
    y = ops.relu6(x)
    assert y.tolist() == [0, 0, 0, 3, 6, 6, 6]
    assert y.dtype == np.float32
    assert np.isnan(ops.relu6(np.array([np.nan]))[0])


def test_batch_norm_by_hand():
    # (5 - 1) / sqrt(3 + 1) * 10 + 0.5 = 20.5, and (5 - 5) / anything * 10 - 1 = -1
    x = np.array([[5.0, 5.0]], np.float32)
    gamma, beta, mean, var = np.array([[10, 10], [0.5, -1], [1, 5], [3, 99]], np.float32)
    y = ops.batch_norm(x, gamma, beta, mean, var, eps=1.0)
    assert y.tolist() == [[20.5, -1]]
    assert y.dtype == np.float32


def test_batch_norm_epsilon_is_tensorflows():
    one, zero = np.ones(1), np.zeros(1)
    assert ops.batch_norm(one, one, zero, zero, zero)[0] == pytest.approx(1 / math.sqrt(0.001), rel=1e-12)


def test_global_average_pool_by_hand():
    x = np.array([[1.0, 10], [2, 20], [3, 30], [6, 60]], np.float32).reshape(1, 2, 2, 2)
    y = ops.global_average_pool(x)
    assert y.tolist() == [[3, 30]]
    assert y.dtype == np.float32
    assert ops.global_average_pool(np.zeros((0, 7, 7, 4))).shape == (0, 4)


def test_fully_connected_by_hand():
    x, kernel, bias = np.array([[1.0, 2.0]]), np.array([[1.0, 3.0, 0.0], [10.0, 0.0, 1.0]]), np.array([0.5, 0, -2])
    y, mult_adds = ops.fully_connected(x, kernel, bias)
    assert y.tolist() == [[21.5, 3, 0]]
    assert mult_adds == 6
    y, mult_adds = ops.fully_connected(x[:0], kernel, bias)
    assert (y.shape, mult_adds) == ((0, 3), 0)


def test_softmax_by_hand():
    y = ops.softmax(np.log(np.array([[1.0, 2, 5], [3, 3, 2]])))
    np.testing.assert_allclose(y, [[1 / 8, 2 / 8, 5 / 8], [3 / 8, 3 / 8, 2 / 8]], rtol=1e-12)


def test_softmax_does_not_overflow_or_divide_by_zero():
    huge = np.array([[3e38, -3e38], [-3e38, -3e38]], np.float32)
    assert ops.softmax(huge / 4).tolist() == [[1, 0], [0.5, 0.5]]
    assert ops.softmax(np.zeros((0, 5))).shape == (0, 5)


V = np.zeros(2)
BAD = [
    (lambda: ops.relu6(np.array([1, 2])), TypeError, "x must be float32 or float64, but is int64"),
    (lambda: ops.batch_norm(np.zeros((1, 3)), V, V, V, V), ValueError, r"gamma is for 2 channels, but x has the shape \(1, 3\)"),
    (lambda: ops.batch_norm(np.zeros((1, 2)), V, V, np.zeros(1), V), ValueError, "mean is for 1 channels"),
    (lambda: ops.batch_norm(np.zeros((1, 2)), V, V, V, np.zeros((1, 2))), ValueError, r"var must have the shape \(C\), but has \(1, 2\)"),
    (lambda: ops.batch_norm(np.zeros((1, 2)), V, V.astype("f4"), V, V), TypeError, "x is float64 but beta is float32"),
    (lambda: ops.global_average_pool(np.zeros((7, 7, 4))), ValueError, r"x must have the shape \(B, H, W, C\), but has \(7, 7, 4\)"),
    (lambda: ops.global_average_pool(np.zeros((1, 0, 7, 4))), ValueError, r"x must have the shape \(B, H, W, C\)"),
    (lambda: ops.fully_connected(np.zeros((1, 3)), np.zeros((2, 4)), np.zeros(4)), ValueError, "kernel is for M=2 channels, but x has 3"),
    (lambda: ops.fully_connected(np.zeros((1, 2)), np.zeros((2, 4)), np.zeros(1)), ValueError, "bias has 1 numbers, but kernel makes 4 outputs"),
    (lambda: ops.fully_connected(np.zeros(2), np.zeros((2, 4)), np.zeros(4)), ValueError, r"x must have the shape \(B, M\), but has \(2,\)"),
    (lambda: ops.softmax(np.zeros((3, 0))), ValueError, r"logits must have the shape \(..., classes\), but has \(3, 0\)"),
    (lambda: ops.softmax(np.array([1, 2])), TypeError, "logits must be float32 or float64, but is int64"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
