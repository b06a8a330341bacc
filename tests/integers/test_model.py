"""The network in integers: a value, what goes in and comes out, and what is refused."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest
from integers.made import LAYERS, PROBABILITIES, integer_images, integer_layer, integer_model, slow

import npmobile as nm
from npmobile import cost
from npmobile.images import Preparation
from npmobile.integers import IntegerModel, Quantisation

COLOURS = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
def test_steps_are_the_layers_with_the_counts_of_the_formula(dtype):
    model = integer_model(dtype=dtype)
    x = integer_images(model, B=2)
    steps = list(model.forward(x))
    assert [step.layer for step in steps] == list(LAYERS)
    assert [step.mult_adds for step in steps] == [2 * cost.mult_adds(layer) for layer in LAYERS]
    for step in steps:
        sides = () if step.layer.kind in ("pool", "fully_connected") else (step.layer.D_G,) * 2
        assert step.y.shape == (2, *sides, step.layer.N)
        assert step.y.dtype == dtype


def test_probabilities_are_the_softmax_of_the_last_step():
    model = integer_model()
    x = integer_images(model, B=3)
    *_, last = model.forward(x)
    expected = nm.ops.softmax(0.1 * last.y.astype(float)) * 256
    assert abs(model.predict(x).astype(float) - np.minimum(expected, 255)).max() <= 0.501
    logits = replace(model, probabilities=None, output=model.integers[-1].y)
    assert np.array_equal(logits.predict(x), last.y)


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
def test_the_batch_changes_no_answer(dtype):
    model = integer_model(dtype=dtype)
    x = integer_images(model, B=4)
    together = model.predict(x)
    assert together.shape == (4, 10)
    for index in range(4):
        assert np.array_equal(model.predict(x[index : index + 1])[0], together[index])
    assert model.predict(x[:0]).shape == (0, 10)
    assert model.predict(x[:0]).dtype == dtype


def test_what_is_not_contiguous_gives_the_same():
    model = integer_model()
    x = integer_images(model, B=2)
    turned = np.asfortranarray(x)
    assert np.array_equal(model.predict(turned), model.predict(x))
    flipped = x[:, ::-1]
    assert np.array_equal(model.predict(flipped), model.predict(flipped.copy()))


def test_a_file_in_memory(tmp_path):
    model = integer_model()
    x = integer_images(model)
    np.save(tmp_path / "x.npy", x)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert np.array_equal(model.predict(mapped), model.predict(x))
    assert np.array_equal(slow(model).predict(mapped), model.predict(x))


def test_features_and_feature_maps():
    for layers, shape in ((LAYERS[:-1], (256,)), (LAYERS[:-2], (1, 1, 256)), (LAYERS[:3], (16, 16, 16))):
        model = integer_model(layers)
        x = integer_images(model)
        y = model.predict(x)
        assert y.shape == (2, *shape)
        assert np.array_equal(y, slow(model).predict(x))
    kept = replace(integer_model(LAYERS[:-1]), shape=(1, 1, 256))
    assert kept.predict(integer_images(kept)).shape == (2, 1, 1, 256)


def test_a_classifier_alone():
    fc = LAYERS[-1]
    integer = integer_layer(fc, y=Quantisation(0.1, 100))
    model = IntegerModel((integer,), integer.x, integer.y)
    x = integer_images(model)
    assert x.shape == (2, 1, 1, 256)
    (step,) = model.forward(x)
    assert np.array_equal(model.predict(x), step.y)


def test_real_numbers_and_the_other_dtype_at_the_ends():
    model = integer_model(dtype="int8")
    x = integer_images(model)
    y = model.predict(x)
    unsigned = replace(model, input=Quantisation(1 / 127.5, 127), output=Quantisation(1 / 256, 0))
    assert np.array_equal(unsigned.predict((x.astype(int) + 128).astype(np.uint8)), y.astype(int) + 128)
    real = replace(model, input=None, output=None)
    answers = real.predict(model.input.dequantise(x))
    assert answers.dtype == np.float32
    assert np.array_equal(answers, (y.astype(np.float32) + 128) / 256)
    assert real.predict(np.zeros((0, 32, 32, 3), np.float32)).dtype == np.float32


def test_uint8_pixels_go_in_as_they_are():
    model = replace(integer_model(), preparation=Preparation(mean=[128] * 3, std=[128] * 3))
    pixels = np.arange(32 * 32 * 3, dtype=np.uint8).reshape(32, 32, 3)
    assert np.array_equal(model.prepare(pixels), pixels)


def test_classify():
    model = replace(integer_model(), labels=tuple("abcdefghij"))
    (y,) = model.predict(model.prepare(COLOURS)[np.newaxis])
    guesses = model.classify(COLOURS, k=10)
    assert sorted(label for label, _ in guesses) == list("abcdefghij")
    assert all(probability == y["abcdefghij".index(label)] / 256 for label, probability in guesses)
    assert [probability for _, probability in guesses] == sorted((p for _, p in guesses), reverse=True)
    assert model.classify(COLOURS, k=1) == guesses[:1]
    assert model.classify([COLOURS, COLOURS], k=1) == [guesses[:1]] * 2


def test_classify_by_logits_and_by_floats():
    model = integer_model()
    logits = replace(model, probabilities=None, output=model.integers[-1].y)
    x = model.prepare(COLOURS)[np.newaxis]
    exact = nm.ops.softmax(logits.output.dequantise(logits.predict(x))[0])
    assert dict(logits.classify(COLOURS, k=10)) == {f"class {i}": float(p) for i, p in enumerate(exact)}
    real = replace(model, input=None, output=None)
    assert real.classify(COLOURS) == model.classify(COLOURS)


def test_grey_images():
    model = integer_model(nm.mobilenet(0.25, 32, 2, channels=1))
    assert model.prepare(COLOURS).shape == (32, 32, 1)
    assert len(model.classify(COLOURS)) == 2


def test_no_classifier():
    with pytest.raises(ValueError, match="this network has no classifier"):
        integer_model(LAYERS[:-1]).classify(COLOURS)


def test_it_reads_as_one_line():
    assert (
        repr(integer_model())
        == "<IntegerModel: image (32, 32, 3) of uint8 to 10 classes, 221,144 bytes, rounded twice>"
    )
    assert "to 256 features" in repr(integer_model(LAYERS[:-1]))
    assert integer_model().nbytes == sum(map(cost.parameters, LAYERS)) + 4 * sum(
        layer.N for layer in LAYERS if layer.kind != "pool"
    )


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda model, protocol=protocol: pickle.loads(pickle.dumps(model, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_of_a_used_model_answers_as_the_original(how):
    model = integer_model(dtype="int8")
    x = integer_images(model)
    expected = model.predict(x)
    made = COPIES[how](model)
    assert "_prepared" not in vars(made)
    assert np.array_equal(made.predict(x), expected)
    assert made.integers[0].kernel.flags.writeable is False
    assert repr(made) == repr(model)


def test_models_are_compared_by_identity():
    model = integer_model()
    assert model == model
    assert model != replace(model)
    assert len({model, model}) == 1


@pytest.mark.parametrize("method", ["predict", "forward"])
@pytest.mark.parametrize(
    ("x", "kind", "message"),
    [
        (np.zeros((1, 32, 32, 3), np.float32), TypeError, "x must be an array of uint8, .* but is float32"),
        (np.zeros((1, 32, 32, 3), np.int8), TypeError, "but is int8"),
        ([[1]], TypeError, "but is list"),
        (np.zeros((32, 32, 3), np.uint8), ValueError, r"x must have the shape \(B, 32, 32, 3\), but has \(32, 32, 3\)"),
        (np.zeros((1, 33, 32, 3), np.uint8), ValueError, r"but has \(1, 33, 32, 3\)"),
        (np.zeros((1, 32, 32, 1), np.uint8), ValueError, r"but has \(1, 32, 32, 1\)"),
        (np.ma.zeros((1, 32, 32, 3), np.uint8), TypeError, "but is MaskedArray"),
    ],
)
def test_bad_images(method, x, kind, message):
    with pytest.raises(kind, match=message):
        getattr(integer_model(), method)(x)


def test_nan_is_no_image():
    model = replace(integer_model(), input=None)
    with pytest.raises(ValueError, match="NaN"):
        model.predict(np.full((1, 32, 32, 3), np.nan, np.float32))


def changed(model, index, **parts):
    integers = list(model.integers)
    integers[index] = replace(integers[index], **parts)
    return tuple(integers)


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (lambda m: {"integers": m.integers[1:3] + m.integers[5:]}, ValueError, "layer conv_dw_3 takes"),
        (lambda m: {"integers": ()}, ValueError, "layers must be a sequence of at least one Layer"),
        (lambda m: {"integers": changed(m, 0, y=Quantisation(1, 0))}, ValueError, "layer conv_dw_1 takes Quantisation"),
        (lambda m: {"input": Quantisation(1, 0)}, ValueError, "input must be Quantisation"),
        (lambda m: {"output": Quantisation(1, 0)}, ValueError, "output must be Quantisation"),
        (lambda m: {"probabilities": Quantisation(1, 0)}, ValueError, "output must be Quantisation"),
        (lambda m: {"integers": m.integers[:-1]}, ValueError, "probabilities need a classifier"),
        (lambda m: {"labels": ("a", "b")}, ValueError, "labels must be one for each of 10 classes, but are 2"),
        (lambda m: {"labels": "abcdefghij"}, TypeError, "labels must be a sequence of str"),
        (lambda m: {"labels": tuple(range(10))}, TypeError, "labels must be a sequence of str"),
        (lambda m: {"rounding": "up"}, ValueError, 'rounding must be "twice", "once" or "float", but is \'up\''),
        (lambda m: {"shape": (11,)}, ValueError, r"shape must hold 10 numbers, but is \(11,\)"),
    ],
)
def test_parts_that_do_not_fit(change, kind, message):
    model = integer_model()
    with pytest.raises(kind, match=message):
        replace(model, **change(model))


@pytest.mark.parametrize("k", [0, -1, 1.5])
def test_bad_numbers_of_guesses(k):
    with pytest.raises(ValueError, match="k must be an int of at least 1"):
        integer_model().classify(COLOURS, k=k)


def test_the_probabilities_of_made_networks_are_those_of_tflite():
    assert float(PROBABILITIES["int8"].scale) == 1 / 256
