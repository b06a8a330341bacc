"""What is particular to the fast kernels; `test_convolutions` compares them with `loops` and `conv`."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from counting_arrays import Number, Numbers, values
from hypothesis import given, settings
from hypothesis import strategies as st

from npmobile import conv, fast, loops
from npmobile.fast import kernels
from npmobile.fast.layout import Geometry

PADDINGS = ["same", "symmetric", "valid"]


def both(kind, x, kernel, module=loops, **how):
    """The answer and count of `fast`, and those of `loops`."""
    return [getattr(each, f"{kind}_conv")(x, kernel, **how) for each in (fast, module)]


@pytest.mark.parametrize("numbers", [1, 500, 2000])  # a row of windows, some rows, some images
@pytest.mark.parametrize("padding", PADDINGS)
def test_im2col_matrix_may_be_made_in_bands(monkeypatch, numbers, padding):
    monkeypatch.setattr(kernels, "BAND", numbers)
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(5, 7, 6, 2)), rng.normal(size=(3, 3, 2, 4))
    (y, mult_adds), (expected, expected_mult_adds) = both("standard", x, kernel, padding=padding)
    np.testing.assert_allclose(y, expected, rtol=1e-13, atol=1e-11)
    assert mult_adds == expected_mult_adds


@pytest.mark.parametrize("N", [kernels.WIDE - 1, kernels.WIDE])
@pytest.mark.parametrize("kind", ["standard", "pointwise"])
def test_without_blas_the_answers_are_the_same(monkeypatch, kind, N):
    monkeypatch.setattr(kernels, "BLAS", False)
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(2, 4, 3, 5)), rng.normal(size=(5, N) if kind == "pointwise" else (2, 2, 5, N))
    (y, mult_adds), (expected, expected_mult_adds) = both(kind, x, kernel, conv)
    np.testing.assert_allclose(y, expected, rtol=1e-13, atol=1e-11)
    assert mult_adds == expected_mult_adds


def test_a_band_is_no_smaller_than_the_kernel_and_no_larger_than_the_matrix(monkeypatch):
    monkeypatch.setattr(kernels, "BAND", 1000)
    geometry = Geometry(H=10, W=5)  # 10 rows of 5 windows
    for matrix, B, numbers in [
        ((4, 2), 1, 200),  # all: 10 x 5 windows of 4 numbers
        ((4, 2), 8, 1000),  # BAND
        ((30, 50), 8, 1500),  # the kernel's numbers
        ((300, 1), 8, 1500),  # one row: 5 windows of 300 numbers
        ((30, 50), 0, 0),
    ]:
        assert kernels.band_size(geometry, B, np.empty(matrix)) == numbers


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


# Numbers that are not finite


@st.composite
def odd_problems(draw):
    """Images and kernels with a few numbers that are infinite or NaN, often at a side."""
    stride, padding = draw(st.integers(1, 4)), draw(st.sampled_from([*PADDINGS, "keras"]))
    D_K = 3 if padding == "keras" else draw(st.integers(1, 4))
    stride = min(stride, 2) if padding == "keras" else stride
    smallest = {"valid": D_K, "keras": stride}.get(padding, 1)
    H, W = draw(st.integers(smallest, 6)), draw(st.integers(smallest, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x, kernel = rng.normal(size=(2, H, W, 2)), rng.normal(size=(D_K, D_K, 2, 3))
    for array in draw(st.sampled_from([[x], [kernel], [x, kernel]])):
        for _ in range(draw(st.integers(1, 3))):
            array[tuple(rng.integers(size) for size in array.shape)] = rng.choice([np.nan, np.inf, -np.inf])
    return x, kernel, {"stride": stride, "padding": padding}


@given(odd_problems())
@settings(deadline=None, max_examples=300)
def test_infinities_and_nan_come_out_where_they_do_in_conv(problem):
    x, kernel, how = problem
    for kind, k in [("standard", kernel), ("depthwise", kernel[..., 0])]:
        (y, _), (expected, _) = both(kind, x, k, conv, **how)
        np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-11)  # NaN equals NaN
    (y, _), (expected, _) = both("pointwise", x, kernel[0, 0], conv)
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-11)


def test_no_warning_gets_out_whatever_the_blas():
    """The products of AVX-512 kernels say "invalid value" of an infinity, those of others do not; overflow all do."""
    x = np.ones((1, 8, 8, 16), np.float32)
    x[0, 3, 3], x[0, 5, 5], x[0, 7] = np.inf, np.nan, 3e38
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(all="raise"):
            for stride in (1, 2):
                fast.standard_conv(x, np.full((3, 3, 16, 33), 2, np.float32), stride)
                fast.depthwise_conv(x, np.full((3, 3, 16), -np.inf, np.float32), stride)
                fast.depthwise_conv(x, np.full((3, 3, 16), 1e-30, np.float32), stride)
            fast.pointwise_conv(x, np.full((16, 33), -2, np.float32))


def test_a_kernel_that_is_not_finite_is_nan_where_it_overhangs():
    with np.errstate(invalid="ignore"):
        repeated = kernels.repeat_kernel(np.full((3, 3, 1), np.inf), Geometry(H=3, W=3, D_K=3, padding="same"))
    inf, nan = np.inf, np.nan
    np.testing.assert_array_equal(repeated[0][1], [[nan, inf, inf], [inf, inf, inf], [inf, inf, nan]])


# Strides and kernels of any size


@pytest.mark.parametrize("stride", [7, 100, 10**6, 2**31, 10**12])
@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("D_K", [1, 3, 4])
def test_a_large_stride_costs_nothing(padding, D_K, stride):
    x, kernel = np.random.default_rng(0).normal(size=(2, 5, 6, 2)), np.ones((D_K, D_K, 2, 3))
    for kind, k in [("standard", kernel), ("depthwise", kernel[..., 0])]:
        (y, mult_adds), (expected, expected_mult_adds) = both(kind, x, k, conv, stride=stride, padding=padding)
        np.testing.assert_allclose(y, expected, rtol=1e-13, atol=1e-13)
        assert y.shape == expected.shape == (2, 1, 1, y.shape[-1])
        assert mult_adds == expected_mult_adds


@pytest.mark.parametrize("padding", ["same", "symmetric"])
@pytest.mark.parametrize(("D_K", "stride"), [(9, 1), (10, 3), (31, 1), (64, 5)])
def test_a_kernel_may_be_larger_than_the_image(padding, D_K, stride):
    rng = np.random.default_rng(D_K)
    x, kernel = rng.normal(size=(2, 3, 5, 2)), rng.normal(size=(D_K, D_K, 2, 3))
    for kind, k in [("standard", kernel), ("depthwise", kernel[..., 0])]:
        (y, mult_adds), (expected, expected_mult_adds) = both(kind, x, k, stride=stride, padding=padding)
        np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)
        assert mult_adds == expected_mult_adds


@pytest.mark.parametrize("stride", [np.uint8(2), np.int8(2), np.int64(2)])
def test_a_small_integer_of_numpy_is_a_stride(stride):
    x, kernel = np.random.default_rng(0).normal(size=(1, 300, 3, 1)), np.ones((3, 3, 1, 1))
    for kind, k in [("standard", kernel), ("depthwise", kernel[..., 0])]:
        y, mult_adds = getattr(fast, f"{kind}_conv")(x, k, stride)
        expected, expected_mult_adds = getattr(fast, f"{kind}_conv")(x, k, 2)
        assert np.array_equal(y, expected)
        assert (mult_adds, type(mult_adds)) == (expected_mult_adds, int)


# Arrays of other classes


def test_arrays_may_lie_in_a_file(tmp_path):
    x, kernel = np.random.default_rng(0).normal(size=(2, 5, 6, 2)), np.ones((3, 3, 2, 4))
    x.tofile(tmp_path / "x")
    mapped = np.memmap(tmp_path / "x", x.dtype, "r", shape=x.shape)
    for kind, k in [("standard", kernel), ("depthwise", kernel[..., 0]), ("pointwise", kernel[0, 0])]:
        function = getattr(fast, f"{kind}_conv")
        assert np.array_equal(function(mapped, k)[0], function(x, k)[0])
        assert type(function(mapped, k)[0]) is np.ndarray


@pytest.mark.parametrize("padding", [*PADDINGS, "keras"])
@pytest.mark.parametrize("stride", [1, 2])
def test_numbers_that_count_are_multiplied_as_often_as_is_said(stride, padding):
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(2, 6, 5, 2)), rng.normal(size=(3, 3, 2, 4))
    how = {"stride": stride, "padding": padding}
    for kind, k, h in [
        ("standard", kernel, how),
        ("depthwise", kernel[..., 0], how),
        ("pointwise", kernel[0, 0], {}),
    ]:
        expected, expected_mult_adds = getattr(loops, f"{kind}_conv")(x, k, **h)
        for counting in (Numbers.of(x), x):  # the kernel's numbers count, and are in each product
            Number.made = 0
            y, mult_adds = getattr(fast, f"{kind}_conv")(counting, Numbers.of(k), **h)
            assert mult_adds == Number.made == expected_mult_adds
            np.testing.assert_allclose(values(y), expected, rtol=1e-12, atol=1e-12)
