"""Weights: their shapes, random ones, folding, files."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest
from networks import LAYERS, images, trained

import npmobile as nm
from npmobile import cost, weights


def as_float64(w):
    return {layer: {name: array.astype(float) for name, array in arrays.items()} for layer, arrays in w.items()}


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
    w = trained()
    before = {layer: {name: array.copy() for name, array in arrays.items()} for layer, arrays in w.items()}
    folded = weights.fold(w)
    assert {layer: set(arrays) for layer, arrays in folded.items()} == {layer: {"kernel", "bias"} for layer in w}
    x = images()
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


# Files


def assert_same(w, other):
    assert {layer: set(arrays) for layer, arrays in w.items()} == {
        layer: set(arrays) for layer, arrays in other.items()
    }
    for layer, arrays in w.items():
        for name, array in arrays.items():
            assert other[layer][name].dtype == array.dtype
            assert np.array_equal(other[layer][name], array)


@pytest.mark.parametrize("change", [lambda w: w, weights.fold, as_float64], ids=["as trained", "folded", "float64"])
def test_saved_weights_come_back(tmp_path, change):
    w = change(trained())
    weights.save(tmp_path / "w", w)
    assert_same(weights.load(tmp_path / "w", LAYERS), w)
    assert os.listdir(tmp_path) == ["w"]  # no ending added, nothing left over


def test_float16_is_read_as_float32(tmp_path):
    w = {
        layer: {name: array.astype(np.float16) for name, array in arrays.items()}
        for layer, arrays in weights.init(LAYERS).items()
    }
    weights.save(tmp_path / "w.npz", w)
    read = weights.load(tmp_path / "w.npz", LAYERS)
    assert read["fc"]["kernel"].dtype == np.float32
    assert np.array_equal(read["fc"]["kernel"], w["fc"]["kernel"])


def test_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "w.npz"
    w = weights.init(LAYERS)
    weights.save(path, w)

    def interrupted(file, **arrays):
        file.write(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", interrupted)
    with pytest.raises(KeyboardInterrupt):
        weights.save(path, weights.init(LAYERS, seed=1))
    assert os.listdir(tmp_path) == ["w.npz"]
    assert_same(weights.load(path, LAYERS), w)


def test_save_refuses_what_load_would(tmp_path):
    with pytest.raises(TypeError, match="conv1/kernel must be an array of floats, but is object"):
        weights.save(tmp_path / "w.npz", {"conv1": {"kernel": np.array([None])}})
    with pytest.raises(FileNotFoundError):
        weights.save(tmp_path / "nowhere" / "w.npz", weights.init(LAYERS))
    assert os.listdir(tmp_path) == []


def test_a_file_that_does_not_fit_says_everything_at_once(tmp_path):
    w = weights.init(LAYERS)
    del w["conv_pw_3"]
    del w["conv1"]["var"]
    w["conv99"] = {"kernel": np.zeros((1, 1), np.float32)}
    w["fc"]["kernel"] = np.zeros((256, 11), np.float32)
    w["fc"]["bias"] = np.zeros(10)
    weights.save(tmp_path / "w.npz", w)
    with pytest.raises(ValueError, match=r"w\.npz does not fit these layers") as caught:
        weights.load(tmp_path / "w.npz", LAYERS)
    for problem in (
        "conv1/var is missing",
        *(f"conv_pw_3/{name} is missing" for name in ("kernel", "gamma", "beta", "mean", "var")),
        "conv99/kernel is not wanted",
        "fc/kernel has the shape (256, 11), not (256, 10)",
        "its arrays are of several dtypes (float32, float64)",
    ):
        assert problem in str(caught.value)
    assert str(caught.value).count(";") == 8


def test_numbers_that_no_training_gives_are_refused(tmp_path):
    w = weights.init(LAYERS)
    w["conv1"]["kernel"][0, 0, 0, 0] = np.nan
    w["fc"]["bias"][0] = np.inf
    w["conv_dw_1"]["var"][0] = -1
    weights.save(tmp_path / "w.npz", w)
    with pytest.raises(
        ValueError,
        match="conv1/kernel holds NaN or infinity; conv_dw_1/var holds a negative variance; fc/bias holds NaN",
    ):
        weights.load(tmp_path / "w.npz", LAYERS)


def test_pickles_are_never_read(tmp_path):
    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "sprung"),))

    arrays = {
        f"{layer}/{name}": array for layer, named in weights.init(LAYERS).items() for name, array in named.items()
    }
    np.savez(tmp_path / "w.npz", **(arrays | {"fc/bias": np.array([Trap()] * 10, dtype=object)}))
    with pytest.raises(ValueError, match="fc/bias is object, not float16, float32 or float64"):
        weights.load(tmp_path / "w.npz", LAYERS)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip file", b"conv1: 1, 2, 3"])
def test_what_is_not_npz_is_refused(tmp_path, content):
    (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"w\.npz is not a whole npz file"):
        weights.load(tmp_path / "w.npz", LAYERS)
    with pytest.raises(FileNotFoundError):
        weights.load(tmp_path / "none.npz", LAYERS)
