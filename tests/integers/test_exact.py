"""The same integers in float32: equal to the sums of int64, or not used."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from integers.made import integer_images, integer_layer, integer_model, slow

import npmobile as nm
from npmobile import Layer
from npmobile.integers import ROUNDINGS, IntegerLayer, Quantisation, exact

HOW = [(stride, padding) for stride in (1, 2, 3) for padding in ("same", "valid", "symmetric")]
HOW += [(1, "keras"), (2, "keras")]
CASES = [("standard", D_F, *how) for D_F in (8, 9, 11) for how in HOW]
CASES += [("depthwise", *rest) for _, *rest in CASES] + [("pointwise", 8, 1, "same")]


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_networks(dtype, rounding):
    model = integer_model(dtype=dtype, rounding=rounding)
    assert (model._prepared is None) == (rounding == "float")
    x = integer_images(model)
    expected = slow(model).predict(x)
    assert len(np.unique(expected)) > 3
    assert np.array_equal(model.predict(x), expected)


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
@pytest.mark.parametrize(("kind", "D_F", "stride", "padding"), CASES)
def test_layers(kind, D_F, stride, padding, dtype):
    M, N = 4, 4 if kind == "depthwise" else 5
    layer = integer_layer(Layer("layer", kind, 1 if kind == "pointwise" else 3, stride, M, N, D_F, padding), dtype)
    (prepared,) = exact.prepared([layer], "twice")
    q = np.random.default_rng(0).integers(layer.x.low, layer.x.high + 1, (1, D_F, D_F, M)).astype(dtype)
    expected, _ = layer.run(q)
    v = prepared.run(q.astype(np.float32) - layer.x.zero)
    assert np.array_equal(v + layer.y.zero, expected)


def test_more_than_a_band(monkeypatch):
    model = integer_model(nm.mobilenet(0.25, 64, 10))
    x = integer_images(model, B=1)
    expected = model.predict(x)
    monkeypatch.setattr(exact, "BAND", 100)
    assert np.array_equal(replace(model).predict(x), expected)


def wide(M: int) -> IntegerLayer:
    """Sums of up to M * 255 * 255."""
    layer = Layer("conv_pw_1", "pointwise", 1, 1, M, 1, 1)
    x, w = Quantisation(1, 0), Quantisation(1, 0)
    return IntegerLayer(layer, x, Quantisation(M * 1000, 0), np.full((M, 1), 255, np.uint8), w, np.zeros(1, np.int32))


def test_sums_of_2_to_the_24_are_left_to_int64():
    assert wide(258).largest_sum == 258 * 255 * 255 < 2**24
    assert exact.prepared([wide(258)], "twice") is not None
    assert wide(259).largest_sum == 259 * 255 * 255 > 2**24
    assert exact.prepared([wide(259)], "twice") is None


def test_a_network_that_is_not_exact_in_float32_answers_in_int64():
    layers = nm.mobilenet(0.25, 32, 10)
    model = integer_model(layers)
    integers = list(model.integers)
    last = next(index for index, integer in enumerate(integers) if integer.layer.name == "conv_pw_13")
    loud = np.full(integers[last].kernel.shape, 255, np.uint8)
    w = Quantisation(1e-4, 0)
    integers[last] = replace(integers[last], kernel=loud, w=w)
    model = replace(model, integers=tuple(integers))
    assert integers[last].largest_sum >= 256 * 255 * 255
    x = integer_images(model)
    assert np.array_equal(model.predict(x), slow(model).predict(x))


def all_sums(layer: IntegerLayer, rounding: str) -> np.ndarray:
    """y - zero for every sum from the smallest to the largest."""
    reach = int(layer.largest_product_sum.max())
    sums = np.arange(-reach, reach + 1)[:, np.newaxis]
    return sums, layer.requantise(sums, rounding).astype(int) - layer.y.zero


@pytest.mark.parametrize("rounding", ["twice", "once"])
@pytest.mark.parametrize("scale", [0.9, 0.3125, 0.25, 0.1, 0.0371, 0.01, 0.5**8, 1e-3])
@pytest.mark.parametrize("bias", [0, 7, -1234, 10**5])
def test_what_is_proved_holds_for_every_sum(rounding, scale, bias):
    layer = Layer("conv_pw_1", "pointwise", 1, 1, 2, 1, 1)
    x, w, y = Quantisation(1, 0), Quantisation(1, 128), Quantisation(1 / scale, 3)
    y = Quantisation(0.0235, 3) if scale < 0.02 else y
    w = Quantisation(scale * float(y.scale), 128)
    integer = IntegerLayer(layer, x, y, np.array([[255], [1]], np.uint8), w, np.array([bias], np.int32))
    slope, offset = exact._line(integer, rounding)
    sums, expected = all_sums(integer, rounding)
    top = integer.limits[1] - y.zero
    equal = np.array_equal(np.floor(np.clip(sums * slope + offset, 0, top)), expected)
    assert exact._proved(integer, rounding, slope, offset) == equal


def test_a_line_that_is_wrong_by_one_sum_is_not_proved():
    integer = integer_layer(Layer("conv_pw_1", "pointwise", 1, 1, 4, 3, 2))
    slope, offset = exact._line(integer, "twice")
    assert exact._proved(integer, "twice", slope, offset)
    for wrong in (-1, 1):
        moved = offset.copy()
        moved[1] += wrong * slope[1]
        assert not exact._proved(integer, "twice", slope, moved)
    assert not exact._proved(integer, "twice", slope * (1 + 1e-3), offset)


def test_a_channel_that_is_nearly_dead():
    """TensorFlow gives a channel without weights a tiny scale and a bias of 2**30; its multiplier is 2**-26."""
    layer = Layer("conv_pw_1", "pointwise", 1, 1, 2, 2, 1)
    x, y = Quantisation(0.0235, -128, "int8"), Quantisation(0.0235, -128, "int8")
    w = Quantisation([2.0**-26, 0.01], 0, "int8")
    kernel, bias = np.array([[100, 3], [-100, 5]], np.int8), np.array([2**30, 10], np.int32)
    integer = IntegerLayer(layer, x, y, kernel, w, bias)
    (prepared,) = exact.prepared([integer], "twice")
    for q in ([-128, -128], [127, -128], [-128, 127], [127, 127]):
        q = np.array(q, np.int8).reshape(1, 1, 1, 2)
        v = prepared.run(q.astype(np.float32) + 128)
        assert np.array_equal(v - 128, integer.run(q)[0])
    assert Fraction(2**30, 2**26) == 16
    assert integer.run(np.full((1, 1, 1, 2), -128, np.int8))[0].ravel()[0] == -128 + 16
