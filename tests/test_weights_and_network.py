"""Weights in memory, the forward pass, and the digits that it reads."""

from __future__ import annotations

import math

import numpy as np
import pytest

import npmobile as nm
from npmobile import conv, cost, loops, weights

LAYERS = nm.mobilenet(alpha=0.25, resolution=32, classes=10)


def random_norm(w, seed=0):
    """Give a network the batch-norm statistics of no other, so that a forgotten one shows."""
    rng = np.random.default_rng(seed)
    for arrays in w.values():
        for name in arrays.keys() - {"kernel"}:
            spread = (
                rng.uniform(0.5, 1.5, arrays[name].shape)
                if name in ("gamma", "var")
                else rng.normal(0, 0.3, arrays[name].shape)
            )
            arrays[name] = spread.astype(arrays[name].dtype)
    return w


def as_float64(w):
    return {layer: {name: array.astype(float) for name, array in arrays.items()} for layer, arrays in w.items()}


def pictures(B=2, seed=0, resolution=32):
    return np.random.default_rng(seed).uniform(-1, 1, (B, resolution, resolution, 3)).astype(np.float32)


# Shapes and random weights


def test_as_many_numbers_as_keras_prints():
    def count(wanted, *names):
        return sum(math.prod(arrays[name]) for arrays in wanted.values() for name in names if name in arrays)

    wanted = weights.shapes(nm.mobilenet())
    kernels = count(wanted, "kernel")
    assert kernels == cost.total(cost.table(nm.mobilenet())).parameters == 4_209_088
    assert kernels + count(wanted, "gamma", "beta", "bias") == 4_231_976
    assert kernels + count(wanted, "gamma", "beta", "mean", "var", "bias") == 4_253_864


@pytest.mark.parametrize("separable", [True, False])
def test_kernels_have_as_many_numbers_as_cost_says(separable):
    layers = nm.mobilenet(alpha=0.5, separable=separable)
    wanted = weights.shapes(layers)
    for layer in layers:
        assert math.prod(wanted.get(layer.name, {"kernel": (0,)})["kernel"]) == cost.parameters(layer)


def test_init_is_he_scaled_and_seeded():
    w = weights.init(nm.mobilenet(), seed=3)
    for name, fan_in in [("conv1", 27), ("conv_dw_13", 9), ("conv_pw_13", 1024), ("fc", 1024)]:
        assert w[name]["kernel"].std() == pytest.approx(math.sqrt(2 / fan_in), rel=0.05)
        assert w[name]["kernel"].dtype == np.float32
    again, other = weights.init(nm.mobilenet(), seed=3), weights.init(nm.mobilenet(), seed=4)
    assert np.array_equal(w["fc"]["kernel"], again["fc"]["kernel"])
    assert not np.array_equal(w["fc"]["kernel"], other["fc"]["kernel"])
    assert {name: {k: a.shape for k, a in arrays.items()} for name, arrays in w.items()} == weights.shapes(
        nm.mobilenet()
    )


# Folding


def test_folded_network_is_the_same_network():
    w = random_norm(weights.init(LAYERS))
    before = {layer: {name: array.copy() for name, array in arrays.items()} for layer, arrays in w.items()}
    folded = weights.fold(w)
    assert {layer: set(arrays) for layer, arrays in folded.items()} == {layer: {"kernel", "bias"} for layer in w}
    x = pictures()
    for step, other in zip(nm.forward(x, LAYERS, w), nm.forward(x, LAYERS, folded)):
        np.testing.assert_allclose(step.y, other.y, rtol=1e-4, atol=1e-5)
        assert step.mult_adds == other.mult_adds
    wide, wide_folded = as_float64(w), weights.fold(as_float64(w))
    np.testing.assert_allclose(
        nm.predict(x.astype(float), LAYERS, wide), nm.predict(x.astype(float), LAYERS, wide_folded), rtol=1e-10
    )
    for layer, arrays in before.items():
        for name, array in arrays.items():
            assert np.array_equal(w[layer][name], array)


def test_folding_twice_is_folding_once():
    once = weights.fold(weights.init(LAYERS))
    assert weights.fold(once)["conv1"]["kernel"] is once["conv1"]["kernel"]


def test_folding_uses_its_eps():
    w = weights.init(LAYERS)
    ratio = weights.fold(w, eps=0.0)["conv1"]["kernel"] / weights.fold(w, eps=3.0)["conv1"]["kernel"]
    np.testing.assert_allclose(ratio, 2.0, rtol=1e-6)  # sqrt(1 + 3) / sqrt(1 + 0)


# The forward pass


@pytest.mark.parametrize("change", [lambda w: w, weights.fold], ids=["as trained", "folded"])
def test_whole_network_by_loops_is_the_whole_network_by_conv(change):
    w = change(random_norm(weights.init(LAYERS)))
    x = pictures(B=1)
    slow, fast = nm.forward(x, LAYERS, w, kernels=loops), nm.forward(x, LAYERS, w, kernels=conv)
    for layer, step, other in zip(LAYERS, slow, fast, strict=True):
        assert step.layer is other.layer is layer
        assert step.mult_adds == other.mult_adds == cost.mult_adds(layer)
        np.testing.assert_allclose(step.y, other.y, rtol=1e-4, atol=1e-5)


def test_symmetric_padding_changes_answers_and_no_count():
    w, x = random_norm(weights.init(LAYERS)), pictures(B=1)
    same, symmetric = list(nm.forward(x, LAYERS, w)), list(nm.forward(x, LAYERS, w, padding="symmetric"))
    assert [s.mult_adds for s in same] == [s.mult_adds for s in symmetric]
    assert [s.y.shape for s in same] == [s.y.shape for s in symmetric]
    assert not np.allclose(same[-1].y, symmetric[-1].y)


@pytest.mark.parametrize(("alpha", "resolution"), [(1.0, 224), (0.75, 128), (0.3, 97)])
def test_executed_counts_are_the_formulas(alpha, resolution):
    model = nm.random_model(alpha, resolution)
    for step in model.forward(pictures(B=1, resolution=resolution)):
        assert step.mult_adds == cost.mult_adds(step.layer)
        assert step.y.shape[1:] in ((step.layer.D_G, step.layer.D_G, step.layer.N), (step.layer.N,))


def test_kernels_count_for_the_batch_they_ran():
    model = nm.random_model(0.25, 32, 10)
    for step in model.forward(pictures(B=3)):
        assert step.mult_adds == 3 * cost.mult_adds(step.layer)


def test_full_convolution_twin_runs():
    layers = nm.mobilenet(alpha=0.25, resolution=64, classes=10, separable=False)
    steps = list(nm.forward(pictures(B=1, resolution=64), layers, weights.init(layers)))
    assert sum(step.mult_adds for step in steps) == cost.total(cost.table(layers)).mult_adds


def test_probabilities_sum_to_1_and_do_not_depend_on_the_batch():
    model, x = nm.random_model(0.25, 32, 10), pictures(B=4)
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


def test_wrong_pictures_and_weights_are_named():
    w = weights.init(LAYERS)
    for x in (pictures(resolution=64), pictures()[0], pictures()[..., :1]):
        with pytest.raises(ValueError, match=r"x must have the shape \(B, 32, 32, 3\), but has"):
            nm.forward(x, LAYERS, w)
    with pytest.raises(TypeError, match="x is float64 but kernel is float32"):
        nm.predict(pictures().astype(float), LAYERS, w)
    del w["conv_pw_3"], w["fc"]
    with pytest.raises(ValueError, match="weights have no conv_pw_3, fc"):
        nm.predict(pictures(), LAYERS, w)


# The digits


def test_digits_are_recognised():
    model = nm.digits()
    x, labels = nm.digits_test()
    right = (model.predict(x).argmax(axis=1) == labels).mean()
    assert len(labels) >= 300
    assert right >= 0.97


def test_classify_sorts_its_guesses():
    x, labels = nm.digits_test()
    guesses = nm.digits().classify(x[1], k=10)
    assert guesses[0][0] == str(labels[1])
    assert sorted((p for _, p in guesses), reverse=True) == [p for _, p in guesses]
    assert {label for label, _ in guesses} == set("0123456789")


def test_held_out_digits_are_scikit_learns_and_training_never_saw_them(sklearn_datasets):
    from sklearn.model_selection import train_test_split

    digits = sklearn_datasets.load_digits()
    train, test, _, labels = train_test_split(
        digits.images, digits.target, test_size=360, stratify=digits.target, random_state=0
    )
    x, our_labels = nm.digits_test()
    assert np.array_equal(our_labels, labels)
    assert np.array_equal(x, nm.pretrained.digit_input(test))
    seen = {picture.tobytes() for picture in train}
    assert not any(picture.tobytes() in seen for picture in test)


def test_shipped_weights_are_small():
    from importlib.resources import files

    assert len((files("npmobile.pretrained") / "data" / "digits_weights.npz").read_bytes()) < 600_000
