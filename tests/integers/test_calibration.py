"""From a network of floats to one of int8."""

from __future__ import annotations

import numpy as np
import pytest
from networks import LAYERS, images, trained

import npmobile as nm
from npmobile import integers, pretrained
from npmobile.integers.calibration import PROBABILITIES, quantise_layer, range_of


@pytest.fixture(scope="module")
def digits():
    x, labels = pretrained.digits_test()
    return pretrained.digits(), integers.quantise(pretrained.digits(), x[:100]), x, labels


def test_digits_are_read_as_well_in_8_bits(digits):
    """98.6 % of 360 before. One digit more or less is 0.3 %."""
    floats, small, x, labels = digits
    before = (floats.predict(x).argmax(axis=1) == labels).sum()
    after = (small.predict(small.input.quantise(x)).argmax(axis=1) == labels).sum()
    assert before == 355
    assert abs(int(after) - int(before)) <= 3


def test_probabilities_stay_near(digits):
    floats, small, x, _ = digits
    real = small.output.dequantise(small.predict(small.input.quantise(x)))
    assert np.quantile(abs(real - floats.predict(x)).max(axis=1), 0.9) < 0.1


def test_a_quarter_of_the_bytes(digits):
    floats, small, *_ = digits
    kernels = sum(arrays["kernel"].size for arrays in floats.folded.values())
    biases = sum(arrays["bias"].size for arrays in floats.folded.values())
    assert small.nbytes == kernels + 4 * biases
    assert 4 * kernels + 4 * biases > 3.8 * small.nbytes


def test_it_keeps_what_the_model_says(digits):
    floats, small, x, labels = digits
    assert small.layers == floats.layers
    assert small.labels == floats.labels
    assert small.classify(np.uint8(np.clip(x[0] * 127.5 + 128, 0, 255)), k=1)[0][0] == str(labels[0])


def test_the_first_layer_by_the_definition(digits):
    """Each weight is the nearest of 255 steps from -max to max of its channel, each bias of steps of s_x * s_w."""
    floats, small, *_ = digits
    first, arrays = small.integers[0], floats.folded["conv1"]
    for n in range(first.layer.N):
        kernel = arrays["kernel"][..., n].astype(float)
        scale = abs(kernel).max() / 127
        assert abs(first.w.scale[n] - scale) <= 1e-6 * scale
        assert abs(first.kernel[..., n] - kernel / scale).max() <= 0.5 + 1e-4
        assert abs(first.bias[n] - arrays["bias"][n] / (scale * float(first.x.scale))) <= 0.5 + 1e-2
    assert (first.x.scale, first.x.zero) == (np.float32(2 / 255), 0 - 1)  # from -1 to 1: 127.5 steps below 0
    assert first.w.zero == 0


def test_layers_make_numbers_near_those_of_floats(digits):
    floats, small, x, _ = digits
    q = small.input.quantise(x[:20])
    for step, real, integer in zip(small.forward(q), floats.forward(x[:20]), small.integers):
        error = integer.y.dequantise(step.y) - real.y
        assert np.sqrt((error**2).mean()) < 0.1 * max(real.y.std(), 0.1), step.layer.name


@pytest.mark.parametrize(
    ("real", "scale", "zero"),
    [
        ([0.0, 6.0], 6 / 255, -128),
        ([0.5, 6.0], 6 / 255, -128),  # 0 is always included
        ([-1.0, 1.0], 2 / 255, -1),
        ([-6.0, -3.0], 6 / 255, 127),
        ([-1.0, 3.0], 4 / 255, -64),
        ([0.0, 0.0], 1.0, -128),
    ],
)
def test_ranges_by_hand(real, scale, zero):
    found = range_of(np.array(real, np.float32))
    assert found.scale == np.float32(scale)
    assert abs(found.zero - zero) <= 1
    assert found.dequantise(np.array([found.zero], np.int8)).tolist() == [0]


def test_numbers_that_are_not_finite():
    with pytest.raises(ValueError, match="must be finite"):
        range_of(np.array([np.inf], np.float32))


def test_a_channel_of_zeros_and_one_of_a_large_bias():
    layer = nm.Layer("conv_pw_1", "pointwise", 1, 1, 1, 3, 1)
    kernel = np.array([[0.0, 1e-12, 0.5]], np.float32)
    arrays = {"kernel": kernel, "bias": np.array([0.0, 3.0, 3.0], np.float32)}
    y = np.array([0.0, 6.0], np.float32)
    made = quantise_layer(layer, range_of(np.array([0.0, 6.0], np.float32)), y, arrays)
    assert made.kernel.tolist() == [[0, 0, 127]]
    answer, _ = made.run(np.full((1, 1, 1, 1), -128, np.int8))
    assert made.y.dequantise(answer).ravel() == pytest.approx([0, 3, 3], abs=0.03)


def test_features_without_a_classifier():
    layers = LAYERS[:-1]
    w = trained(layers)
    made = integers.quantise(nm.Model(layers, w), images(B=4))
    assert made.probabilities is None
    y = made.output.dequantise(made.predict(made.input.quantise(images(B=2, seed=1))))
    expected = nm.predict(images(B=2, seed=1), layers, w)
    assert abs(y - expected).max() < 0.5


def test_a_classifier_ends_in_probabilities(digits):
    _, small, *_ = digits
    assert small.output is PROBABILITIES
    assert (float(small.output.scale), small.output.zero) == (1 / 256, -128)


def test_bad_images():
    model = nm.random_model(0.25, 32, 10)
    with pytest.raises(ValueError, match="images must hold at least one image"):
        integers.quantise(model, images(B=0))
    with pytest.raises(ValueError, match=r"must have the shape \(B, 32, 32, 3\)"):
        integers.quantise(model, images(resolution=33))
    with pytest.raises(TypeError):
        integers.quantise(model, images().tolist())
