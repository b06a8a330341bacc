"""The forward pass: by `loops` and by `conv`, on every padding, and against Keras where it is installed."""

from __future__ import annotations

import numpy as np
import pytest
from networks import LAYERS, images, trained

import npmobile as nm
from npmobile import checks, conv, cost, loops, network, spec, weights


@pytest.mark.parametrize("change", [lambda w: w, weights.fold], ids=["as trained", "folded"])
def test_whole_network_by_loops_is_the_whole_network_by_conv(change):
    w = change(trained())
    x = images(B=1)
    slow, fast = nm.forward(x, LAYERS, w, kernels=loops), nm.forward(x, LAYERS, w, kernels=conv)
    for layer, step, other in zip(LAYERS, slow, fast, strict=True):
        assert step.layer is other.layer is layer
        assert step.mult_adds == other.mult_adds == cost.mult_adds(layer)
        np.testing.assert_allclose(step.y, other.y, rtol=1e-4, atol=1e-5)


def test_symmetric_padding_changes_answers_and_no_count():
    w, x = trained(), images(B=1)
    same, symmetric = list(nm.forward(x, LAYERS, w)), list(nm.forward(x, LAYERS, w, padding="symmetric"))
    assert [s.mult_adds for s in same] == [s.mult_adds for s in symmetric]
    assert [s.y.shape for s in same] == [s.y.shape for s in symmetric]
    assert not np.allclose(same[-1].y, symmetric[-1].y)


@pytest.mark.parametrize(("alpha", "resolution"), [(1.0, 224), (0.75, 128), (0.3, 97)])
def test_executed_counts_are_the_formulas(alpha, resolution):
    model = nm.random_model(alpha, resolution)
    for step in model.forward(images(B=1, resolution=resolution)):
        assert step.mult_adds == cost.mult_adds(step.layer)
        assert step.y.shape[1:] in ((step.layer.D_G, step.layer.D_G, step.layer.N), (step.layer.N,))


def test_kernels_count_for_the_batch_they_ran():
    model = nm.random_model(0.25, 32, 10)
    for step in model.forward(images(B=3)):
        assert step.mult_adds == 3 * cost.mult_adds(step.layer)


def test_standard_convolution_version_runs():
    layers = nm.mobilenet(alpha=0.25, resolution=64, classes=10, separable=False)
    steps = list(nm.forward(images(B=1, resolution=64), layers, weights.init(layers)))
    assert sum(step.mult_adds for step in steps) == cost.total(cost.table(layers)).mult_adds


def test_wrong_images_and_weights_are_named():
    w = weights.init(LAYERS)
    for x in (images(resolution=64), images()[0], images()[..., :1]):
        with pytest.raises(ValueError, match=r"x must have the shape \(B, 32, 32, 3\), but has"):
            nm.forward(x, LAYERS, w)
    with pytest.raises(TypeError, match="x is float64 but kernel is float32"):
        nm.predict(images().astype(float), LAYERS, w)
    del w["conv_pw_3"], w["fc"]
    with pytest.raises(ValueError, match="weights have no conv_pw_3, fc"):
        nm.predict(images(), LAYERS, w)


@pytest.mark.parametrize("padding", ["same", "symmetric", "keras"])
@pytest.mark.parametrize("resolution", [33, 46, 63])
def test_sides_are_those_of_the_table(padding, resolution):
    layers = nm.mobilenet(0.05, resolution, 3, padding=padding)
    for step in nm.forward(images(1, resolution), layers, weights.init(layers)):
        assert step.y.shape[1:] in ((step.layer.D_G, step.layer.D_G, step.layer.N), (step.layer.N,))
        assert step.mult_adds == cost.mult_adds(step.layer)


def test_padding_is_the_layers_own_unless_one_is_given():
    layers, x = nm.mobilenet(0.05, 33, 3, padding="keras"), images(1, 33)
    w = trained(layers)
    own = nm.predict(x, layers, w)
    assert np.array_equal(own, nm.predict(x, nm.mobilenet(0.05, 33, 3), w, padding="keras"))
    assert not np.allclose(own, nm.predict(x, layers, w, padding="same"))


@pytest.mark.parametrize("resolution", [32, 50, 97, 100, 131, 160, 200, 224, 225, 299])
def test_keras_network_at_every_side(framework, resolution):
    keras = framework("keras", "tensorflow-cpu")
    theirs = keras.applications.MobileNet((resolution, resolution, 3), 0.25, weights=None, classes=7)
    layers = nm.mobilenet(0.25, resolution, 7, padding="keras")
    w = trained(layers)
    for name, arrays in w.items():
        kernel = arrays["kernel"]
        if name == "fc":
            theirs.get_layer("conv_preds").set_weights([kernel[np.newaxis, np.newaxis], arrays["bias"]])
            continue
        shape = {3: (*kernel.shape, 1), 2: (1, 1, *kernel.shape), 4: kernel.shape}[kernel.ndim]
        theirs.get_layer(name).set_weights([kernel.reshape(shape)])
        theirs.get_layer(f"{name}_bn").set_weights([arrays[part] for part in ("gamma", "beta", "mean", "var")])
    sides = {layer.name: layer.output.shape[1] for layer in theirs.layers}
    assert all(sides[layer.name] == layer.D_G for layer in layers if layer.name.startswith("conv"))
    x = images(2, resolution)
    np.testing.assert_allclose(nm.predict(x, layers, w), theirs(x, training=False), rtol=0, atol=1e-5)


def transposed(w):
    return w | {"conv1": w["conv1"] | {"kernel": w["conv1"]["kernel"].transpose(3, 2, 0, 1)}}


def one(layer, **arrays):
    return lambda w: w | {layer: w[layer] | arrays}


WRONG = {
    "PyTorch's order of axes": (
        transposed,
        ValueError,
        r"conv1/kernel has the shape \(8, 3, 3, 3\), not \(3, 3, 3, 8\)",
    ),
    "pointwise turned": (
        lambda w: w | {"conv_pw_1": w["conv_pw_1"] | {"kernel": w["conv_pw_1"]["kernel"].T}},
        ValueError,
        r"conv_pw_1/kernel has the shape \(16, 8\), not \(8, 16\)",
    ),
    "one depthwise filter for all": (
        one("conv_dw_1", kernel=np.zeros((3, 3, 1), np.float32)),
        ValueError,
        r"conv_dw_1/kernel has the shape \(3, 3, 1\), not \(3, 3, 8\)",
    ),
    "one gamma for all": (one("conv1", gamma=np.ones(1, np.float32)), ValueError, r"conv1/gamma has the shape \(1,\)"),
    "a scalar bias": (one("fc", bias=np.float32(1)), ValueError, r"fc/bias has the shape \(\), not \(10,\)"),
    "one layer of float64": (
        one("conv_pw_2", mean=np.zeros(32)),
        TypeError,
        "conv1/kernel is float32 but conv_pw_2/mean is float64: give both the same dtype",
    ),
    "the other byte order": (
        one("conv_pw_2", mean=np.zeros(32, ">f4" if np.little_endian else "<f4")),
        TypeError,
        "conv_pw_2/mean must be float32 or float64, but is float32 in the other byte order",
    ),
    "a list": (one("fc", bias=[0.0] * 10), TypeError, "fc/bias must be a NumPy array, but is list"),
    "a part too many": (one("conv1", scale=np.ones(8, np.float32)), ValueError, "conv1 has scale, which is not wanted"),
    "no variance": (
        lambda w: w | {"conv1": {name: array for name, array in w["conv1"].items() if name != "var"}},
        ValueError,
        "conv1 has no var",
    ),
    "no dict at all": (lambda w: list(w), TypeError, "weights must be a dict of dicts of arrays, but is list"),
}


@pytest.mark.parametrize("run", ["npmobile.predict", "npmobile.Model"])
@pytest.mark.parametrize("wrong", WRONG)
def test_weights_that_do_not_fit_are_refused_in_the_same_words(run, wrong):
    change, error, message = WRONG[wrong]
    w = change(trained())
    with pytest.raises(error, match=message):
        nm.predict(images(), LAYERS, w) if run == "npmobile.predict" else nm.Model(LAYERS, w)


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (
            "cat.jpg",
            TypeError,
            r"x must be a NumPy array of prepared images, \(B, 32, 32, 3\), but is str; Model.classify",
        ),
        ([1, 2], TypeError, "but is list"),
        (images()[0], ValueError, r"x must have the shape \(B, 32, 32, 3\), but has \(32, 32, 3\)"),
        (images().astype(np.uint8), TypeError, "x must be float32 or float64, but is uint8"),
        (images().astype(np.float16), TypeError, "x must be float32 or float64, but is float16"),
        (images(dtype=np.float64), TypeError, "x is float64 but kernel is float32"),
        (np.ma.masked_array(images()), TypeError, "x must be a NumPy array, but is numpy.MaskedArray"),
    ],
    ids=["path", "list", "one image", "uint8", "float16", "float64", "masked"],
)
def test_what_is_no_batch_of_images_is_refused_in_the_same_words(x, error, message):
    for predict in (nm.random_model(0.25, 32, 10).predict, lambda x: nm.predict(x, LAYERS, trained())):
        with pytest.raises(error, match=message):
            predict(x)


@pytest.mark.parametrize("padding", ["Same", "SAME", "full", None, 1])
def test_a_padding_that_is_none_is_refused(padding):
    with pytest.raises(ValueError, match='padding must be "same", "symmetric", "valid" or "keras", but is'):
        spec.with_padding(LAYERS, padding)


@pytest.mark.parametrize("eps", [-1, float("nan"), "1e-3", None])
def test_an_eps_that_is_none_is_refused(eps):
    with pytest.raises(ValueError, match="eps must be a number of at least 0, but is"):
        nm.predict(images(), LAYERS, trained(), eps=eps)


def test_more_memory_than_the_machine_has_is_refused_before_it_is_taken(monkeypatch):
    w = trained()
    monkeypatch.setattr(checks, "machine_memory", lambda: 10_000)
    with pytest.raises(
        ValueError, match=r"a forward pass of 2 images of 32 x 32 needs about 0\.0 GB of memory, more than"
    ):
        nm.forward(images(), LAYERS, w)
    # conv_dw_1: 16 x 16 x 8 in and out, and 9 times as much for the im2col matrix
    assert network.largest_step(LAYERS, images=2) == 2 * 256 * 8 * 11


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda layers: (), "layers must be a sequence of at least one Layer"),
        (lambda layers: ["conv1"], "layers must be a sequence of at least one Layer"),
        (
            lambda layers: layers[:3] + layers[5:],
            r"layer conv_dw_3 takes \(8, 8, 32\), but conv_pw_1 gives \(16, 16, 16\)",
        ),
        (lambda layers: layers[-2:] + layers[:-2], "layer conv1 takes"),
        (lambda layers: layers[:1] + layers[-2:-1], r"layer pool takes \(1, 1, 256\), but conv1 gives"),
        (lambda layers: (*layers, layers[-1]), "layers must have names of their own"),
    ],
)
def test_layers_that_do_not_follow_from_each_other_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        nm.predict(images(), change(LAYERS), trained())
