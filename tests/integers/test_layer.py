"""One layer in integers: by hand, at its bounds, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from integers.made import integer_layer

from npmobile import Layer
from npmobile.integers import IntegerLayer, Quantisation

DEPTHWISE = Layer("conv_dw_1", "depthwise", D_K=3, stride=1, M=2, N=2, D_F=2)
POINTWISE = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=2, N=1, D_F=1)
CLASSIFIER = Layer("fc", "fully_connected", D_K=1, stride=1, M=2, N=2, D_F=1)
POOL = Layer("pool", "pool", D_K=2, stride=1, M=1, N=1, D_F=2)


def test_depthwise_by_hand():
    """Zero points 10 and 100; of each window of the 2 x 2 image, the kernel of channel 0 takes the pixel itself twice,
    that of channel 1 all four pixels. The border is 10, which stands for 0."""
    x, w, y = Quantisation(0.5, 10), Quantisation(0.25, 100), Quantisation(0.5, 5)
    kernel = np.full((3, 3, 2), 100, np.uint8)
    kernel[1, 1, 0] = 102
    kernel[:, :, 1] = 101
    layer = IntegerLayer(DEPTHWISE, x, y, kernel, w, np.array([0, 4], np.int32))
    q = np.full((1, 2, 2, 2), 10, np.uint8)
    q[0, 0, 0] = 14, 18  # 4 and 8 steps
    q[0, 1, 1] = 11, 6  # 1 and -4 steps
    sums, mult_adds = layer.sums(q)
    assert sums[0].reshape(4, 2).tolist() == [[8, 4], [0, 4], [0, 4], [2, 4]]
    assert mult_adds == 4 * 9 * 2
    # multiplier 0.5 * 0.25 / 0.5 = 1/4; with the bias: channel 0: 2, 0, 0, 0.5 -> 1; channel 1: 8 / 4 = 2
    answer, _ = layer.run(q)
    assert answer[0].reshape(4, 2).tolist() == [[7, 7], [5, 7], [5, 7], [6, 7]]
    assert answer.dtype == np.uint8


def test_relu6_cuts_off_at_what_stands_for_0_and_6():
    x, w, y = Quantisation(1, 0), Quantisation(1, 128), Quantisation(0.1, 20)
    kernel = np.array([[129], [127]], np.uint8)  # x0 - x1
    layer = IntegerLayer(POINTWISE, x, y, kernel, w, np.array([0], np.int32))
    pixels = np.array([[3, 1], [1, 3], [9, 2], [6, 0]], np.uint8)
    assert [int(layer.run(pixel.reshape(1, 1, 1, 2))[0].item()) for pixel in pixels] == [40, 20, 80, 80]


def test_a_classifier_has_no_relu6():
    x, w, y = Quantisation(1, 0), Quantisation(1, 128), Quantisation(1, 100)
    kernel = np.array([[129, 127], [127, 138]], np.uint8)
    layer = IntegerLayer(CLASSIFIER, x, y, kernel, w, np.array([0, 1], np.int32))
    answer, mult_adds = layer.run(np.array([[3, 50]], np.uint8))
    assert answer.tolist() == [[53, 255]]  # 3 - 50 + 100; -3 + 500 + 1 + 100
    assert mult_adds == 4


def test_a_pool_without_and_with_a_scale_of_its_own():
    x = Quantisation(0.5, 10)
    q = np.array([11, 12, 12, 11], np.uint8).reshape(1, 2, 2, 1)
    assert IntegerLayer(POOL, x, x).run(q)[0].tolist() == [[12]]  # 11.5
    fine = IntegerLayer(POOL, x, Quantisation(0.05, 3), rescales=True)
    assert fine.run(q)[0].tolist() == [[18]]  # 1.5 steps of 0.5 are 15 of 0.05


def test_scales_are_multiplied_in_float32_for_uint8_and_in_float64_for_int8():
    """TFLite's two ways differ in the last bits of the multiplier."""
    for dtype, middle in (("uint8", 128), ("int8", 0)):
        x, w, y = Quantisation(0.0235, 0, dtype), Quantisation(0.017, middle, dtype), Quantisation(0.031, 0, dtype)
        layer = IntegerLayer(POINTWISE, x, y, np.full((2, 1), middle, dtype), w, np.zeros(1, np.int32))
        sx, sw, sy = (Fraction(float(np.float32(scale))) for scale in (0.0235, 0.017, 0.031))
        product = Fraction(float(np.float32(float(sx * sw)))) if dtype == "uint8" else sx * sw
        fixed, exponent = layer.multiplier
        assert Fraction(int(fixed)) * Fraction(2) ** (int(exponent) - 31) == pytest.approx(
            product / sy, abs=0, rel=2**-31
        )
        assert abs(Fraction(int(fixed)) - product / sy * 2 ** (31 - int(exponent))) <= Fraction(1, 2) + Fraction(
            1, 2**20
        )


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
@pytest.mark.parametrize("kind", ["standard", "depthwise", "pointwise"])
def test_the_largest_sum_is_reached_and_never_passed(kind, dtype):
    D_K, N = 1 if kind == "pointwise" else 3, 4 if kind == "depthwise" else 3
    layer = integer_layer(Layer("layer", kind, D_K, 1, 4, N, 5), dtype, x=Quantisation(0.02, 100, dtype))
    low, high, zero = layer.x.low, layer.x.high, layer.x.zero
    far, near = (low, high) if zero - low > high - zero else (high, low)
    kernel = layer.kernel.astype(int) - layer.w.zero
    for channel in range(N):
        signs = kernel[..., channel] >= 0
        window = np.where(signs, far, zero) if far > zero else np.where(signs, zero, far)
        rest = np.where(signs, zero, far) if far > zero else np.where(signs, far, zero)
        image = np.full((5, 5, 4), zero)
        middle = slice(1, 4) if D_K == 3 else slice(2, 3)
        largest = []
        for part in (window, rest):  # all positive products, then all negative ones
            block = np.repeat(part[..., np.newaxis], 4, axis=-1) if kind == "depthwise" else part
            image[middle, middle] = block
            sums, _ = layer.sums(image[np.newaxis].astype(dtype))
            largest.append(abs(int(sums[0, 2, 2, channel])))
        assert sum(largest) == layer.largest_product_sum[channel]


def test_sums_that_leave_int32_are_refused():
    x, w, y = Quantisation(1, 0), Quantisation(1, 0), Quantisation(1000, 0)
    kernel = np.full((2, 1), 255, np.uint8)
    with pytest.raises(ValueError, match="conv_pw_1 can make sums of 2,147,483,648, more than int32 holds"):
        IntegerLayer(POINTWISE, x, y, kernel, w, np.array([2**31 - 2 * 255 * 255], np.int64).astype(np.int32))
    IntegerLayer(POINTWISE, x, y, kernel, w, np.array([2**31 - 1 - 2 * 255 * 255]).astype(np.int32))
    with pytest.raises(ValueError, match="more than int32 holds"):  # TFLite shifts to the left before it multiplies
        IntegerLayer(POINTWISE, x, Quantisation(1e-5, 0), kernel, w, np.zeros(1, np.int32))


def parts(**changed):
    x = Quantisation(0.5, 10)
    arrays = {"kernel": np.zeros((2, 1), np.uint8), "bias": np.zeros(1, np.int32)}
    return {"layer": POINTWISE, "x": x, "y": x, "w": x} | arrays | changed


@pytest.mark.parametrize(
    ("changed", "kind", "message"),
    [
        ({"kernel": np.zeros((1, 2), np.uint8)}, ValueError, r"kernel of layer conv_pw_1 must have the shape \(2, 1\)"),
        (
            {"kernel": np.zeros((2, 1), np.int8)},
            TypeError,
            "kernel of layer conv_pw_1 must be an array of uint8, but is int8",
        ),
        ({"kernel": None}, TypeError, "kernel of layer conv_pw_1 must be an array of uint8, but is NoneType"),
        ({"bias": np.zeros(1)}, TypeError, "bias of layer conv_pw_1 must be an array of int32, but is float64"),
        ({"bias": np.zeros(2, np.int32)}, ValueError, r"bias of layer conv_pw_1 must have the shape \(1,\)"),
        ({"w": None}, ValueError, "w of layer conv_pw_1 must be of uint8, with one scale or 1, but is None"),
        ({"w": Quantisation(1, 0, "int8")}, ValueError, "w of layer conv_pw_1 must be of uint8"),
        ({"w": Quantisation([1.0, 2.0], 0)}, ValueError, "with one scale or 1, but is Quantisation"),
        (
            {"y": Quantisation(1, 0, "int8")},
            ValueError,
            "x and y of layer conv_pw_1 must have one scale each, and one dtype",
        ),
        ({"x": Quantisation([1.0], 0)}, ValueError, "x and y of layer conv_pw_1 must have one scale each"),
        ({"layer": POOL}, ValueError, "layer pool is a pool, which has no kernel"),
    ],
)
def test_parts_that_do_not_fit(changed, kind, message):
    with pytest.raises(kind, match=message):
        IntegerLayer(**parts(**changed))


def test_int8_kernels_have_no_zero_point():
    x, w = Quantisation(0.5, 10, "int8"), Quantisation(0.5, 1, "int8")
    with pytest.raises(ValueError, match="w of layer conv_pw_1 is int8, so its zero point must be 0, but is 1"):
        IntegerLayer(**parts(x=x, y=x, w=w, kernel=np.zeros((2, 1), np.int8)))


def test_a_pool_that_does_not_rescale_keeps_its_scale():
    with pytest.raises(ValueError, match="layer pool has another scale"):
        IntegerLayer(POOL, Quantisation(1, 0), Quantisation(2, 0))


def test_scales_without_a_finite_multiplier():
    x = Quantisation(3e38, 0)
    for y in (Quantisation(1e-40, 0), Quantisation(1, 0)):
        with pytest.raises(ValueError, match=r"conv_pw_1 (make a multiplier that is not finite|can make sums)"):
            IntegerLayer(**parts(x=x, w=x, y=y))
    with pytest.raises(ValueError, match="pool can make sums"):
        IntegerLayer(POOL, Quantisation(3e38, 0), Quantisation(1e-30, 0), rescales=True)


@pytest.mark.parametrize("layer", [POINTWISE, POOL], ids=lambda layer: layer.kind)
@pytest.mark.parametrize(
    ("q", "kind", "message"),
    [
        (np.zeros((1, 1, 1, 2)), TypeError, "q must be an array of uint8, but is ndarray of float64"),
        (np.zeros((1, 1, 1, 2), np.int8), TypeError, "but is ndarray of int8"),
        (np.ma.zeros((1, 1, 1, 2), np.uint8), TypeError, "but is MaskedArray of uint8"),
        ([[[[1, 2]]]], TypeError, "but is list"),
        (
            np.zeros((1, 3, 3, 2), np.uint8),
            ValueError,
            r"q must have the shape \(B, \d, \d, \d\), but has \(1, 3, 3, 2\)",
        ),
        (np.zeros((1, 2), np.uint8), ValueError, r"but has \(1, 2\)"),
    ],
)
def test_bad_input(layer, q, kind, message):
    integer = IntegerLayer(POOL, parts()["x"], parts()["x"]) if layer is POOL else IntegerLayer(**parts())
    with pytest.raises(kind, match=message):
        integer.run(q)


def test_an_unknown_rounding():
    with pytest.raises(ValueError, match='rounding must be "twice", "once" or "float", but is \'up\''):
        IntegerLayer(**parts()).run(np.zeros((1, 1, 1, 2), np.uint8), rounding="up")


def test_its_arrays_cannot_be_changed():
    kernel = np.zeros((2, 1), np.uint8)
    layer = IntegerLayer(**parts(kernel=kernel))
    kernel[0] = 5
    assert layer.kernel[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        layer.bias[0] = 1
