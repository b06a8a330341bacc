"""The three convolutions, in every way of computing them: known answers, identities, each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npmobile import conv, fast, loops

every = pytest.mark.parametrize("kernels", [loops, conv, fast], ids=["loops", "conv", "fast"])
KINDS = ["standard", "depthwise", "pointwise"]
SHAPES = {"standard": (3, 3, 2, 4), "depthwise": (3, 3, 2), "pointwise": (2, 4)}  # kernels for M = 2


def run(kernels, kind, x, kernel, **how):
    return getattr(kernels, f"{kind}_conv")(x, kernel, **how)


def one_hot(row: int, col: int) -> np.ndarray:
    """A 3 x 3 kernel that is 1 at one element and 0 elsewhere: it copies one pixel of each window."""
    kernel = np.zeros((3, 3, 1, 1))
    kernel[row, col] = 1
    return kernel


# Known answers, worked by hand


@every
def test_three_by_three_image_on_paper(kernels):
    x = np.array([[1.0, 2, 0], [0, 1, 3], [4, 0, 1]]).reshape(1, 3, 3, 1)
    kernel = np.array([[1.0, 2], [3, 4]]).reshape(2, 2, 1, 1)
    y, mult_adds = kernels.standard_conv(x, kernel, padding="valid")
    # 1*1 + 2*2 + 0*3 + 1*4 = 9     2*1 + 0*2 + 1*3 + 3*4 = 17
    # 0*1 + 1*2 + 4*3 + 0*4 = 14    1*1 + 3*2 + 0*3 + 1*4 = 11
    assert y[0, :, :, 0].tolist() == [[9, 17], [14, 11]]
    assert mult_adds == 16


@every
def test_two_channels_are_summed_by_standard_and_kept_apart_by_depthwise(kernels):
    x = np.array([[1.0, 10], [2, 20], [3, 30]]).reshape(1, 1, 3, 2)  # one row of three pixels
    kernel = np.zeros((3, 3, 2))
    kernel[1] = [
        [1, 1],
        [1, 1],
        [0, 1],
    ]  # the middle row is multiplied with the image, the others with zeros of the padding
    y, mult_adds = kernels.depthwise_conv(x, kernel)
    assert y.tolist() == [[[[1, 30], [3, 60], [5, 50]]]]
    assert mult_adds == 3 * 9 * 2
    y, mult_adds = kernels.standard_conv(x, kernel[..., np.newaxis])
    assert y.tolist() == [[[[31], [63], [55]]]]
    assert mult_adds == 3 * 9 * 2


@every
@pytest.mark.parametrize(
    ("padding", "rows"),
    [("same", [1, 3]), ("symmetric", [0, 2]), ("valid", [1]), ("keras", [1, 3])],
)
def test_padding_decides_the_grid_at_stride_2(kernels, padding, rows):
    # The middle of each window on a 4 x 4 image. TensorFlow's zero goes to the bottom and right, so its
    # middles are pixels 1 and 3; PyTorch's go all round, so its middles are 0 and 2.
    x = np.arange(16.0).reshape(1, 4, 4, 1)
    y, mult_adds = kernels.standard_conv(x, one_hot(1, 1), stride=2, padding=padding)
    assert np.array_equal(y[0, :, :, 0], x[0][np.ix_(rows, rows)][..., 0])
    assert mult_adds == 9 * len(rows) ** 2


@every
def test_keras_rounds_an_odd_side_down_at_stride_2(kernels):
    # On 5 x 5 the windows begin at pixels 0 and 2, so their middles are 1 and 3, and the zero after pixel 4 is not read.
    x = np.arange(25.0).reshape(1, 5, 5, 1)
    y, mult_adds = kernels.depthwise_conv(x, one_hot(1, 1)[..., 0], stride=2, padding="keras")
    assert y[0, :, :, 0].tolist() == [[6, 8], [16, 18]]
    assert mult_adds == 9 * 4
    y, _ = kernels.standard_conv(x, one_hot(1, 1), stride=1, padding="keras")
    assert np.array_equal(y, x)


@every
def test_same_puts_the_odd_zero_after(kernels):
    x = np.array([5.0, 7]).reshape(1, 1, 2, 1)
    kernel = np.zeros((2, 2, 1, 1))
    kernel[0] = [[[1]], [[10]]]
    y, _ = kernels.standard_conv(x, kernel)
    assert y.ravel().tolist() == [75, 7]  # 5 + 10 * 7, and 7 + 10 * 0


@every
def test_worked_example(kernels):
    x = np.ones((1, 32, 32, 3), np.float32)
    assert kernels.standard_conv(x, np.ones((3, 3, 3, 64), np.float32))[1] == 1_769_472
    assert kernels.depthwise_conv(x, np.ones((3, 3, 3), np.float32))[1] == 27_648
    assert kernels.pointwise_conv(x, np.ones((3, 64), np.float32))[1] == 196_608


def test_separable_conv_is_the_two_in_a_row():
    rng = np.random.default_rng(0)
    x, d, p = rng.normal(size=(2, 5, 6, 3)), rng.normal(size=(3, 3, 3)), rng.normal(size=(3, 4))
    filtered, d_count = loops.depthwise_conv(x, d, 2, "symmetric")
    expected, p_count = loops.pointwise_conv(filtered, p)
    y, mult_adds = conv.separable_conv(x, d, p, stride=2, padding="symmetric")
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)
    assert mult_adds == d_count + p_count == 2 * 9 * (9 * 3 + 3 * 4)


def test_im2col_window_is_what_the_output_sees():
    x = np.arange(25.0).reshape(1, 5, 5, 1)
    windows = conv.im2col(x, D_K=3, stride=2)
    assert windows.shape == (1, 3, 3, 3, 3, 1)
    assert windows[0, 1, 1, :, :, 0].tolist() == [[6, 7, 8], [11, 12, 13], [16, 17, 18]]
    assert windows[0, 0, 0, :, :, 0].tolist() == [[0, 0, 0], [0, 0, 1], [0, 5, 6]]
    assert windows[0, 2, 2, :, :, 0].tolist() == [[18, 19, 0], [23, 24, 0], [0, 0, 0]]


# The ways of computing them, on whatever can be drawn


@st.composite
def problems(draw):
    padding = draw(st.sampled_from(["same", "symmetric", "valid", "keras"]))
    D_K = 3 if padding == "keras" else draw(st.integers(1, 5))
    stride = draw(st.integers(1, 2 if padding == "keras" else 4))
    smallest = {"valid": D_K, "keras": stride}.get(padding, 1)
    B, H, W = draw(st.integers(0, 2)), draw(st.integers(smallest, 7)), draw(st.integers(smallest, 7))
    M, N = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    arrays = [rng.normal(size=size).astype(dtype) for size in [(B, H, W, M), (D_K, D_K, M, N)]]
    return *arrays, stride, padding


def assert_equal_but_for_rounding(first, second, dtype):
    (y, mult_adds), (other, other_mult_adds) = first, second
    assert y.shape == other.shape
    assert y.dtype == other.dtype == dtype
    rounding = 1e-5 if dtype == np.float32 else 1e-13
    np.testing.assert_allclose(y, other, rtol=rounding, atol=100 * rounding)
    assert mult_adds == other_mult_adds
    assert type(mult_adds) is type(other_mult_adds) is int


@given(problems())
@settings(deadline=None, max_examples=300)
def test_loops_conv_and_fast_agree(problem):
    x, kernel, stride, padding = problem
    how = {"stride": stride, "padding": padding}
    standard, depthwise = loops.standard_conv(x, kernel, **how), loops.depthwise_conv(x, kernel[..., 0], **how)
    for kernels in (conv, fast):
        assert_equal_but_for_rounding(standard, kernels.standard_conv(x, kernel, **how), x.dtype)
        assert_equal_but_for_rounding(depthwise, kernels.depthwise_conv(x, kernel[..., 0], **how), x.dtype)


@given(problems())
@settings(deadline=None)
def test_pointwise_loops_conv_and_fast_agree(problem):
    x, kernel, *_ = problem
    pointwise = loops.pointwise_conv(x, kernel[0, 0])
    for kernels in (conv, fast):
        assert_equal_but_for_rounding(pointwise, kernels.pointwise_conv(x, kernel[0, 0]), x.dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("padding", ["same", "symmetric", "valid", "keras"])
@pytest.mark.parametrize(("stride", "D_K"), [(1, 3), (2, 3), (2, 5), (3, 2)])
def test_conv_and_fast_agree_at_the_sizes_of_a_network(stride, D_K, padding, dtype):
    if padding == "keras" and D_K != 3:
        return
    rng = np.random.default_rng(D_K)
    x = rng.normal(size=(2, 29, 30, 24)).astype(dtype)
    kernel = rng.normal(size=(D_K, D_K, 24, 40)).astype(dtype)
    for kind, k in [("standard", kernel), ("depthwise", kernel[..., 0])]:
        how = {"stride": stride, "padding": padding}
        assert_equal_but_for_rounding(run(conv, kind, x, k, **how), run(fast, kind, x, k, **how), dtype)
    assert_equal_but_for_rounding(conv.pointwise_conv(x, kernel[0, 0]), fast.pointwise_conv(x, kernel[0, 0]), dtype)


# Identities that hold for any convolution


@every
@pytest.mark.parametrize("padding", ["same", "symmetric"])
def test_identity_kernel_gives_the_image_back(kernels, padding):
    x = np.random.default_rng(1).normal(size=(2, 4, 5, 1))
    assert np.array_equal(kernels.standard_conv(x, one_hot(1, 1), padding=padding)[0], x)


@every
def test_depthwise_is_standard_with_a_diagonal_kernel(kernels):
    rng = np.random.default_rng(2)
    x, kernel = rng.normal(size=(1, 5, 4, 3)), rng.normal(size=(3, 3, 3))
    diagonal = kernel[..., np.newaxis] * np.eye(3)  # (D_K, D_K, M) -> (D_K, D_K, M, M), zero unless m = n
    y, mult_adds = kernels.depthwise_conv(x, kernel, stride=2)
    full, full_mult_adds = kernels.standard_conv(x, diagonal, stride=2)
    np.testing.assert_allclose(y, full, rtol=1e-12, atol=1e-12)
    assert full_mult_adds == 3 * mult_adds  # M times the work for the same answer


@every
def test_one_by_one_standard_is_pointwise(kernels):
    rng = np.random.default_rng(3)
    x, kernel = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(5, 6))
    y, mult_adds = kernels.standard_conv(x, kernel[np.newaxis, np.newaxis])
    expected, expected_mult_adds = kernels.pointwise_conv(x, kernel)
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)
    assert mult_adds == expected_mult_adds


@every
@pytest.mark.parametrize("kind", KINDS)
def test_linear(kernels, kind):
    rng = np.random.default_rng(4)
    x, other, kernel = rng.normal(size=(1, 4, 4, 2)), rng.normal(size=(1, 4, 4, 2)), rng.normal(size=SHAPES[kind])
    together = run(kernels, kind, 2 * x + other, kernel)[0]
    apart = 2 * run(kernels, kind, x, kernel)[0] + run(kernels, kind, other, kernel)[0]
    np.testing.assert_allclose(together, apart, rtol=1e-12, atol=1e-12)


@every
def test_channels_may_be_permuted(kernels):
    rng = np.random.default_rng(5)
    x, kernel, order = rng.normal(size=(1, 4, 4, 4)), rng.normal(size=(3, 3, 4, 2)), [2, 0, 3, 1]
    expected = kernels.standard_conv(x, kernel)[0]
    np.testing.assert_allclose(kernels.standard_conv(x[..., order], kernel[:, :, order])[0], expected, atol=1e-12)
    expected = kernels.depthwise_conv(x, kernel[..., 0])[0][..., order]
    y = kernels.depthwise_conv(x[..., order], kernel[:, :, order, 0])[0]
    np.testing.assert_allclose(y, expected, atol=1e-12)


# What comes in stays as it was, and odd arrays work


@every
@pytest.mark.parametrize("kind", KINDS)
def test_empty_batch(kernels, kind):
    y, mult_adds = run(kernels, kind, np.zeros((0, 4, 5, 2), np.float32), np.zeros(SHAPES[kind], np.float32))
    assert y.shape == (0, 4, 5, 2 if kind == "depthwise" else 4)
    assert y.dtype == np.float32
    assert mult_adds == 0


@every
@pytest.mark.parametrize("kind", KINDS)
def test_strided_and_read_only_arrays(kernels, kind):
    rng = np.random.default_rng(6)
    wide, kernel = rng.normal(size=(2, 4, 5, 4)), rng.normal(size=SHAPES[kind][::-1]).T  # kernel in Fortran order
    x = wide[:, ::-1, :, ::2]
    expected = run(kernels, kind, x.copy(), np.ascontiguousarray(kernel))[0]
    x.flags.writeable = kernel.flags.writeable = False
    np.testing.assert_allclose(run(kernels, kind, x, kernel)[0], expected, rtol=1e-12, atol=1e-12)


@every
@pytest.mark.parametrize("kind", KINDS)
def test_nan_and_infinity_pass_through(kernels, kind):
    for value in (np.nan, np.inf):
        x = np.ones((1, 5, 5, 2))
        x[0, 0, 0] = value
        y = run(kernels, kind, x, np.ones(SHAPES[kind]))[0]
        assert np.array_equal(y[0, 0, 0], np.full_like(y[0, 0, 0], value), equal_nan=True)
        assert np.isfinite(y[0, 2:, 2:]).all()


@every
@pytest.mark.parametrize("kind", KINDS)
def test_arguments_are_left_alone(kernels, kind):
    rng = np.random.default_rng(7)
    x, kernel = rng.normal(size=(1, 4, 4, 2)), rng.normal(size=SHAPES[kind])
    before = x.copy(), kernel.copy()
    run(kernels, kind, x, kernel)
    assert np.array_equal(x, before[0])
    assert np.array_equal(kernel, before[1])


# Bad input


X = np.zeros((1, 4, 4, 2))
BAD = [
    # kind, x, kernel, how, error, message
    ("standard", X[0], np.zeros((3, 3, 2, 4)), {}, ValueError, r"x must have the shape \(B, H, W, M\), but has \(4, 4, 2\)"),
    ("standard", X, np.zeros((3, 3, 2)), {}, ValueError, r"kernel must have the shape \(D_K, D_K, M, N\), but has \(3, 3, 2\)"),
    ("depthwise", X, np.zeros((3, 3, 2, 1)), {}, ValueError, r"kernel must have the shape \(D_K, D_K, M\), but has \(3, 3, 2, 1\)"),
    ("pointwise", X, np.zeros((1, 1, 2, 4)), {}, ValueError, r"kernel must have the shape \(M, N\), but has \(1, 1, 2, 4\)"),
    ("standard", X, np.zeros((3, 3, 16, 4)), {}, ValueError, "kernel is for M=16 channels, but x has 2"),
    ("depthwise", X, np.zeros((3, 3, 1)), {}, ValueError, "kernel is for M=1 channels, but x has 2"),
    ("depthwise", X[..., :1], np.zeros((3, 3, 5)), {}, ValueError, "kernel is for M=5 channels, but x has 1"),
    ("pointwise", X, np.zeros((3, 4)), {}, ValueError, "kernel is for M=3 channels, but x has 2"),
    ("standard", X, np.zeros((3, 1, 2, 4)), {}, ValueError, "kernel must be square, but is 3 x 1"),
    ("depthwise", X, np.zeros((1, 3, 2)), {}, ValueError, "kernel must be square, but is 1 x 3"),
    ("standard", X.astype(np.uint8), np.zeros((3, 3, 2, 4)), {}, TypeError, "x must be float32 or float64, but is uint8"),
    ("pointwise", X, np.zeros((2, 4), int), {}, TypeError, "kernel must be float32 or float64, but is int64"),
    ("depthwise", X.astype(complex), np.zeros((3, 3, 2)), {}, TypeError, "x must be float32 or float64, but is complex128"),
    ("pointwise", X.astype(np.float16), np.zeros((2, 4)), {}, TypeError, "x must be float32 or float64, but is float16"),
    ("pointwise", X.tolist(), np.zeros((2, 4)), {}, TypeError, "x must be a NumPy array, but is list"),
    ("standard", X, np.zeros((3, 3, 2, 4), np.float32), {}, TypeError, "x is float64 but kernel is float32"),
    ("standard", X, np.zeros((3, 3, 2, 4)), {"stride": 0}, ValueError, "stride must be an int of at least 1, but is 0"),
    ("depthwise", X, np.zeros((3, 3, 2)), {"stride": 1.0}, ValueError, "stride must be an int of at least 1, but is 1.0"),
    ("depthwise", X, np.zeros((3, 3, 2)), {"stride": True}, ValueError, "stride must be an int of at least 1, but is True"),
    ("standard", X, np.zeros((3, 3, 2, 4)), {"padding": "full"}, ValueError, 'padding must be "same", "symmetric", "valid" or "keras", but is \'full\''),
    ("depthwise", X, np.zeros((5, 5, 2)), {"padding": "valid"}, ValueError, "D_K=5 and x is 4 x 4"),
    ("depthwise", X[:, :, :2], np.zeros((3, 3, 2)), {"padding": "valid"}, ValueError, "D_K=3 and x is 4 x 2"),
    ("standard", X[:, :2], np.zeros((3, 3, 2, 4)), {"padding": "valid"}, ValueError, "D_K=3 and x is 2 x 4"),
    ("depthwise", X[:, :, :1], np.zeros((3, 3, 2)), {"padding": "keras", "stride": 2}, ValueError, 'padding "keras" at stride 2 needs a side of at least 2, but x is 4 x 1'),
    ("standard", X[:, :1], np.zeros((3, 3, 2, 4)), {"padding": "keras", "stride": 2}, ValueError, "but x is 1 x 4"),
    ("depthwise", X, np.zeros((2, 2, 2)), {"padding": "keras"}, ValueError, 'padding "keras" is for D_K=3 and stride 1 or 2, but D_K=2 and stride=1'),
    ("depthwise", X, np.zeros((3, 3, 2)), {"padding": "keras", "stride": 3}, ValueError, "but D_K=3 and stride=3"),
    ("standard", X[:, :0], np.zeros((3, 3, 2, 4)), {}, ValueError, r"x must have the shape \(B, H, W, M\), but has \(1, 0, 4, 2\)"),
    ("standard", X, np.zeros((3, 3, 2, 0)), {}, ValueError, r"kernel must have the shape \(D_K, D_K, M, N\), but has \(3, 3, 2, 0\)"),
]  # fmt: skip


@every
@pytest.mark.parametrize(("kind", "x", "kernel", "how", "error", "message"), BAD)
def test_bad_input_is_named(kernels, kind, x, kernel, how, error, message):
    with pytest.raises(error, match=message):
        run(kernels, kind, x, kernel, **how)


def test_im2col_checks_too():
    with pytest.raises(ValueError, match="D_K must be an int of at least 1, but is 0"):
        conv.im2col(X, 0)
    with pytest.raises(TypeError, match="x must be float32 or float64, but is int64"):
        conv.im2col(X.astype(int), 3)
    with pytest.raises(ValueError, match="D_K=5 and x is 4 x 4"):
        conv.im2col(X, 5, padding="valid")
