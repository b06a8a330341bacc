"""What is particular to the fast kernels; `test_convolutions` compares them with `loops` and `conv`."""

from __future__ import annotations

import numpy as np
import pytest

from npmobile import fast, loops
from npmobile.fast import kernels

PADDINGS = ["same", "symmetric", "valid"]


def both(kind, x, kernel, **how):
    """The answer and count of `fast`, and those of `loops`."""
    return [getattr(module, f"{kind}_conv")(x, kernel, **how) for module in (fast, loops)]


@pytest.mark.parametrize("numbers", [1, 500, 2000])  # a row of windows, some rows, some images
@pytest.mark.parametrize("padding", PADDINGS)
def test_im2col_matrix_may_be_made_in_bands(monkeypatch, numbers, padding):
    monkeypatch.setattr(kernels, "BAND", numbers)
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(5, 7, 6, 2)), rng.normal(size=(3, 3, 2, 4))
    (y, mult_adds), (expected, expected_mult_adds) = both("standard", x, kernel, padding=padding)
    np.testing.assert_allclose(y, expected, rtol=1e-13, atol=1e-11)
    assert mult_adds == expected_mult_adds


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(("stride", "D_K"), [(1, 3), (2, 3), (2, 4), (3, 2), (4, 1)])
def test_nothing_is_read_that_was_not_written(monkeypatch, stride, D_K, padding):
    monkeypatch.setattr(np, "empty", lambda shape, dtype=float: np.full(shape, np.nan, dtype))
    monkeypatch.setattr(np, "empty_like", lambda array: np.full_like(array, np.nan))
    for H, W in [(5, 5), (5, 8), (4, 6)]:
        x, kernel = np.ones((2, H, W, 3)), np.ones((D_K, D_K, 3, 2))
        for kind, k in [("standard", kernel), ("depthwise", kernel[..., 0])]:
            (y, _), (expected, _) = both(kind, x, k, stride=stride, padding=padding)
            assert np.array_equal(y, expected)
