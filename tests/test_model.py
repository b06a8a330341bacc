"""A model is a value: copies answer as the original does, and nothing in it can be changed."""

from __future__ import annotations

import copy
import gc
import json
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from networks import LAYERS, images, trained

import npmobile as nm
from npmobile.description import description


def test_probabilities_sum_to_1_and_do_not_depend_on_the_batch():
    model, x = nm.random_model(0.25, 32, 10), images(B=4)
    together = model.predict(x)
    assert together.shape == (4, 10)
    np.testing.assert_allclose(together.sum(axis=1), 1, rtol=1e-6)
    for i in range(4):
        np.testing.assert_allclose(model.predict(x[i : i + 1])[0], together[i], rtol=1e-4, atol=1e-6)
    assert model.predict(x[:0]).shape == (0, 10)


def test_model_runs_folded_and_keeps_the_unfolded():
    model = nm.random_model(0.25, 32, 10)
    assert "gamma" in model.weights["conv1"]
    assert set(model.folded["conv1"]) == {"kernel", "bias"}
    assert model.folded is model.folded


def test_a_network_for_grey_images_classifies_any_image():
    layers = nm.mobilenet(0.25, 32, 2, channels=1)
    model = nm.Model(layers, nm.weights.init(layers))
    colours = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    prepared = model.prepare(colours)
    assert prepared.shape == (32, 32, 1)
    assert model.classify(colours) == model.classify(prepared)


# Copies


def model_that_was_used():
    model = nm.Model(LAYERS, trained(), tuple("0123456789"))
    model.predict(images(seed=7))
    return model


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "replace": lambda model: replace(model, eps=model.eps),
    **{
        f"pickle {protocol}": lambda model, protocol=protocol: pickle.loads(pickle.dumps(model, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_of_a_used_model_answers_for_its_own_images(how):
    model, x = model_that_was_used(), images(B=4, seed=1)
    expected = nm.predict(x, model.layers, model.weights)
    made = COPIES[how](model)
    assert not {"plan", "folded"} & vars(made).keys()  # what is derived is made anew
    np.testing.assert_allclose(made.predict(x), expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(model.predict(x), expected, rtol=1e-4, atol=1e-6)
    for name in ("layers", "labels", "padding", "eps", "preparation"):
        assert getattr(made, name) == getattr(model, name)


def test_copied_weights_are_read_only_too():
    made = pickle.loads(pickle.dumps(model_that_was_used()))
    with pytest.raises(ValueError, match="read-only"):
        made.weights["conv1"]["kernel"][...] = 0


def answers_of(model, x):
    return model.predict(x)


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_another_process_gets_the_same_answers(method):
    model, x = model_that_was_used(), images(B=3, seed=2)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
        theirs = pool.submit(answers_of, model, x).result(timeout=100)
    np.testing.assert_allclose(theirs, model.predict(x), rtol=1e-4, atol=1e-6)


# Nothing can be changed


def test_weights_cannot_be_changed():
    w = trained()
    model = nm.Model(LAYERS, w, eps=1e-3)
    before = model.predict(images())
    for array in (model.weights["conv1"]["kernel"], model.folded["conv1"]["kernel"], model.folded["fc"]["bias"]):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    for mapping in (model.weights, model.weights["conv1"], model.folded, model.folded["fc"]):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["fc"] = {}
    with pytest.raises(FrozenInstanceError):
        model.weights = w
    for arrays in w.values():  # the caller's own arrays stay the caller's
        for array in arrays.values():
            array[...] = 0
    assert np.array_equal(model.predict(images()), before)


def test_a_view_on_the_callers_array_is_copied():
    w = trained()
    w["fc"]["bias"] = np.broadcast_to(np.float32(0), 10)
    whole = np.zeros((2, 8), np.float32)
    w["conv1"]["beta"] = whole[0]
    w["conv1"]["beta"].flags.writeable = False
    model = nm.Model(LAYERS, w)
    whole[...] = 100
    assert not model.weights["conv1"]["beta"].any()


def test_at_another_resolution_the_arrays_are_shared():
    model = nm.random_model(0.25, 64, 10)
    other = model.at(32)
    assert (other.resolution, other.layers) == (32, nm.mobilenet(0.25, 32, 10))
    for layer, arrays in model.weights.items():
        for name, array in arrays.items():
            assert other.weights[layer][name] is array
    np.testing.assert_allclose(other.predict(images()), nm.predict(images(), other.layers, model.weights), rtol=1e-4)


def test_at_keeps_the_padding():
    model = nm.Model(nm.mobilenet(0.05, 64, 3, padding="keras"), trained(nm.mobilenet(0.05, 64, 3)))
    assert model.at(33).layers == nm.mobilenet(0.05, 33, 3, padding="keras")
    old = tuple(replace(layer, padding="keras") if layer.name == "conv1" else layer for layer in model.layers)
    assert nm.Model(old, model.weights).at(33).layers[0].D_G == 16  # old Keras rounds down at conv1 too


def test_models_are_compared_by_identity():
    model, other = nm.random_model(0.05, 32, 2), nm.random_model(0.05, 32, 2)
    assert model == model
    assert model != other
    assert len({model, other, model}) == 2


def test_it_is_printed_in_one_line():
    text = repr(nm.random_model(1.0, 224, 1000))
    # 4,253,864 is what Keras prints
    assert text == "<Model: image (224, 224, 3) to 1,000 classes, 4,253,864 numbers, float32, padding same>"
    assert "256 features" in repr(nm.Model(LAYERS[:-1], trained()))


def test_what_is_thrown_away_is_gone():
    model = model_that_was_used()
    plan = model.plan
    del model
    gc.collect()
    assert "Model" not in {type(holder).__name__ for holder in gc.get_referrers(plan)}


# Parts that do not fit


@pytest.mark.parametrize(
    ("how", "error", "message"),
    [
        ({"labels": ("a",) * 9}, ValueError, "labels must be one for each of 10 classes, but are 9"),
        ({"labels": ("a",) * 11}, ValueError, "labels must be one for each of 10 classes, but are 11"),
        ({"labels": "0123456789"}, TypeError, "labels must be a sequence of str"),
        ({"labels": range(10)}, TypeError, "labels must be a sequence of str"),
        ({"padding": "Same"}, ValueError, "padding must be"),
        ({"eps": -1e-3}, ValueError, "eps must be a number of at least 0, but is -0.001"),
        ({"layers": LAYERS[:-1], "labels": ("a",)}, ValueError, "labels must be one for each of 0 classes, but are 1"),
    ],
)
def test_parts_that_do_not_fit_are_refused(how, error, message):
    with pytest.raises(error, match=message):
        nm.Model(**({"layers": LAYERS, "weights": trained()} | how))


def test_classes_without_labels_are_numbered():
    assert nm.Model(LAYERS, trained()).labels[:2] == ("class 0", "class 1")


def test_padding_may_be_given_instead_of_said_by_the_layers():
    layers = nm.mobilenet(0.05, 33, 3)
    model = nm.Model(layers, trained(layers), padding="keras")
    assert (model.padding, model.layers) == ("keras", nm.mobilenet(0.05, 33, 3, padding="keras"))
    assert replace(model, padding="symmetric").layers == nm.mobilenet(0.05, 33, 3, padding="symmetric")
    assert nm.Model(nm.mobilenet(0.05, 33, 3, padding="symmetric"), trained(layers)).padding == "symmetric"


# Asking it


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_model_can_be_asked_about_a_photograph(dtype):
    model = nm.Model(LAYERS, trained(dtype=dtype), tuple("0123456789"))
    guesses = model.classify(np.full((40, 50, 3), 200, np.uint8), k=3)
    assert len(guesses) == 3
    assert model.dtype == model.prepare(np.zeros((8, 8, 3), np.uint8)).dtype == dtype


@pytest.mark.parametrize("number", [200, np.nan, np.inf, -3])
def test_floats_that_no_prepared_image_has_are_refused(number):
    image = np.zeros((32, 32, 3), np.float32)
    image[5, 6, 1] = number
    with pytest.raises(ValueError, match=r"a prepared image has numbers from -1 to 1, .*: give its pixels as uint8"):
        nm.digits().classify(image)


def test_equal_probabilities_keep_the_order_of_the_labels():
    w = trained()
    w["fc"] = {"kernel": np.zeros((256, 10), np.float32), "bias": np.zeros(10, np.float32)}
    w["fc"]["bias"][[3, 7]] = 1
    model = nm.Model(LAYERS, w, tuple("abcdefghij"))
    labels = [label for label, _ in model.classify(np.zeros((8, 8, 3), np.uint8), k=10)]
    assert labels == list("dhabcefgij")


# The functions behind the convolutions and behind the classifier


def with_functions(**functions):
    return nm.Model(LAYERS, trained(), tuple("abcdefghij"), **functions)


def test_each_output_is_what_its_formula_says():
    *_, last = with_functions().forward(images(B=2))
    logits = last.y.astype(np.float64)
    assert np.ptp(logits) > 1
    powers = np.exp(logits)
    expected = {
        "softmax": powers / powers.sum(axis=1, keepdims=True),
        "sigmoid": 1 / (1 + np.exp(-logits)),
        "linear": logits,
    }
    for output, answer in expected.items():
        np.testing.assert_allclose(with_functions(output=output).predict(images(B=2)), answer, rtol=1e-4, atol=1e-6)


def test_a_sigmoid_gives_each_label_its_own_probability():
    w = trained()
    w["fc"] = {"kernel": np.zeros((256, 10), np.float32), "bias": np.log(np.arange(1, 11, dtype=np.float32))}
    model = nm.Model(LAYERS, w, tuple("abcdefghij"), output="sigmoid")
    guesses = model.classify(np.zeros((8, 8, 3), np.uint8), k=3)
    assert [label for label, _ in guesses] == ["j", "i", "h"]
    assert [p for _, p in guesses] == pytest.approx(
        [10 / 11, 9 / 10, 8 / 9]
    )  # 1 / (1 + 1 / n): they sum to more than 1


def test_a_sigmoid_of_one_output_is_the_probability_of_class_1():
    layers = nm.mobilenet(0.25, 32, 1)
    w = nm.weights.init(layers)
    w["fc"] = {"kernel": np.zeros((256, 1), np.float32), "bias": np.full(1, np.log(3), np.float32)}
    model = nm.Model(layers, w, output="sigmoid")
    assert model.labels == ("class 1",)
    ((label, probability),) = model.classify(np.zeros((8, 8, 3), np.uint8))
    assert (label, probability) == ("class 1", pytest.approx(0.75))
    assert nm.Model(layers, w, ["dog"], output="sigmoid").labels == ("dog",)
    assert nm.Model(layers, w).labels == ("class 0",)


def test_numbers_that_are_no_probabilities_are_not_classified():
    model = with_functions(output="linear")
    with pytest.raises(ValueError, match=r"are no probabilities .*: predict gives them; .*replace\(model, output="):
        model.classify(np.zeros((8, 8, 3), np.uint8))
    layers = nm.mobilenet(0.25, 32, 1)  # the softmax of one number is always 1
    with pytest.raises(ValueError, match=r'replace\(model, output="sigmoid"\) turns them into probabilities$'):
        nm.Model(layers, nm.weights.init(layers), output="linear").classify(np.zeros((8, 8, 3), np.uint8))
    told = replace(model, output="softmax")
    assert np.array_equal(told.predict(images()), with_functions().predict(images()))


def test_relu_is_relu6_without_the_upper_bound():
    """A batch norm that adds 5 brings numbers above 6: then the two differ, and ReLU is the larger."""
    w = trained()
    w["conv_pw_13"]["beta"] = np.full(256, 5, np.float32)
    features = {name: nm.Model(LAYERS[:-1], w, activation=name) for name in ("relu", "relu6")}
    six, free = features["relu6"].predict(images()), features["relu"].predict(images())
    assert six.max() <= 6 < free.max()
    for name, model in features.items():
        for step in model.forward(images()):
            assert step.y.min() >= 0
            assert step.y.max() <= 6 or name == "relu"
        np.testing.assert_allclose(model.predict(images()), step.y, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("how", COPIES)
def test_copies_keep_the_functions(how):
    model = with_functions(output="sigmoid", activation="relu")
    made = COPIES[how](model)
    assert (made.output, made.activation) == ("sigmoid", "relu")
    assert np.array_equal(made.predict(images()), model.predict(images()))


def test_a_saved_model_keeps_the_functions(tmp_path):
    model = with_functions(output="linear", activation="relu")
    model.save(tmp_path / "m.npz")
    made = nm.load(tmp_path / "m.npz")
    assert (made.output, made.activation) == ("linear", "relu")
    assert np.array_equal(made.predict(images()), model.predict(images()))
    assert (made.at(64).output, made.at(64).activation) == ("linear", "relu")


def test_a_file_without_functions_has_softmax_and_relu6(tmp_path):
    """As files were written before a model had them."""
    parts = json.loads(description_of(with_functions()))
    del parts["output"], parts["activation"]
    nm.weights.save(tmp_path / "m.npz", trained(), json.dumps(parts))
    made = nm.load(tmp_path / "m.npz")
    assert (made.output, made.activation) == ("softmax", "relu6")


@pytest.mark.parametrize("name", ["output", "activation"])
@pytest.mark.parametrize("value", ["Softmax", "relu7", None, 1, ["softmax"], True])
def test_other_functions_are_refused_by_name(tmp_path, name, value):
    with pytest.raises(ValueError, match=f"{name} must be "):
        with_functions(**{name: value})
    nm.weights.save(tmp_path / "m.npz", trained(), description_of(with_functions(), **{name: value}))
    with pytest.raises(ValueError, match=rf"m\.npz: {name} must be "):
        nm.load(tmp_path / "m.npz")


def test_other_functions_are_shown():
    assert "10 classes by sigmoid, " in repr(with_functions(output="sigmoid"))
    assert repr(with_functions(activation="relu")).endswith("padding same, ReLU>")
    assert "by" not in repr(with_functions()) and "ReLU" not in repr(with_functions())
    assert "1 class by" in repr(
        nm.Model(nm.mobilenet(0.25, 32, 1), nm.weights.init(nm.mobilenet(0.25, 32, 1)), output="linear")
    )


@pytest.mark.parametrize("functions", [{"output": "sigmoid"}, {"output": "linear"}, {"activation": "relu"}])
def test_integers_have_softmax_and_relu6_alone(functions):
    (name,) = functions
    with pytest.raises(ValueError, match=f"quantise is for .* but the {name} of this one is {functions[name]}"):
        nm.integers.quantise(with_functions(**functions), images())


# Files


def test_a_saved_model_comes_back_whole(tmp_path):
    from npmobile.images import Preparation

    layers = nm.mobilenet(0.25, 100, 10, padding="keras")
    how = Preparation(crop=0.875, mean=(1, 2, 3), std=(4, 5, 6))
    labels = tuple(f"고양이 {n}\n\ud800" for n in range(10))
    model = nm.Model(layers, trained(layers), labels, eps=1e-5, preparation=how)
    model.save(tmp_path / "model")
    made = nm.load(tmp_path / "model")
    for name in ("layers", "labels", "padding", "eps", "preparation", "dtype"):
        assert getattr(made, name) == getattr(model, name)
    for layer, arrays in model.weights.items():
        assert all(np.array_equal(made.weights[layer][name], array) for name, array in arrays.items())
    photograph = np.random.default_rng(0).integers(0, 256, (120, 140, 3), np.uint8)
    assert made.classify(photograph) == model.classify(photograph)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_folded_model_of_features_comes_back_too(tmp_path, dtype):
    layers = nm.mobilenet(0.25, 32, 10, blocks=[(64, 1), (32, 3)])
    whole = nm.Model(layers, nm.weights.fold(trained(layers, dtype=dtype)), padding="symmetric")
    features = replace(whole, layers=whole.layers[:-1], labels=())
    features.save(tmp_path / "features.npz")
    made = nm.load(tmp_path / "features.npz")
    assert made.layers == features.layers
    assert np.array_equal(made.predict(images(dtype=dtype)), features.predict(images(dtype=dtype)))


def description_of(model, **changes):
    parts = json.loads(description(model.layers, model.labels, model.eps, model.preparation))
    return json.dumps(parts | changes)


BAD_DESCRIPTIONS = [
    ({"npmobile": 2}, "it must hold npmobile 1"),
    ({"extra": 1}, "it must hold npmobile 1"),
    ({"layers": []}, "layers must be a sequence of at least one Layer"),
    ({"layers": None}, "is not iterable"),
    ({"layers": [{"name": "conv1"}]}, "missing"),
    ({"labels": ["a"]}, "labels must be one for each of 10 classes, but are 1"),
    ({"labels": [1] * 10}, "labels must be a sequence of str"),
    ({"eps": "1e-3"}, "eps must be a number of at least 0"),
    ({"preparation": {"crop": 2}}, "crop must be above 0 and at most 1"),
    ({"preparation": {"mirror": True}}, "unexpected keyword"),
]


@pytest.mark.parametrize(
    ("changes", "message"), BAD_DESCRIPTIONS, ids=[str(changes) for changes, _ in BAD_DESCRIPTIONS]
)
def test_a_description_that_npmobile_does_not_write_is_refused(tmp_path, changes, message):
    model = model_that_was_used()
    nm.weights.save(tmp_path / "model.npz", model.weights, description_of(model, **changes))
    with pytest.raises(ValueError, match=r"model\.npz") as caught:
        nm.load(tmp_path / "model.npz")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
