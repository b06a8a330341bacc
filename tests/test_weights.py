"""Weights: their shapes, random ones, folding, and files of them."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest
from networks import LAYERS, images, trained

import npmobile as nm
from npmobile import cost, weights
from npmobile.files import npz

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
    wide, wide_folded = as_dtype(w, float), weights.fold(as_dtype(w, float))
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


def named(w) -> dict[str, np.ndarray]:
    """{"conv1/kernel": ...}, as `numpy.savez` wants it: for files that `weights.save` refuses to write."""
    return {f"{layer}/{name}": array for layer, arrays in w.items() for name, array in arrays.items()}


def as_dtype(w, dtype):
    return {layer: {name: array.astype(dtype) for name, array in arrays.items()} for layer, arrays in w.items()}


def assert_same(w, other):
    assert {layer: set(arrays) for layer, arrays in w.items()} == {
        layer: set(arrays) for layer, arrays in other.items()
    }
    for layer, arrays in w.items():
        for name, array in arrays.items():
            assert other[layer][name].dtype == array.dtype
            assert np.array_equal(other[layer][name], array)


@pytest.fixture
def w():
    return trained(LAYERS)


# What is saved comes back


@pytest.mark.parametrize(
    "change", [lambda w: w, weights.fold, lambda w: as_dtype(w, float)], ids=["as trained", "folded", "float64"]
)
def test_saved_weights_come_back(tmp_path, w, change):
    w = change(w)
    weights.save(tmp_path / "w", w)
    assert_same(weights.load(tmp_path / "w", LAYERS), w)
    assert os.listdir(tmp_path) == ["w"]  # no ending added, nothing left over


def test_numpy_reads_what_is_saved(tmp_path, w):
    weights.save(tmp_path / "w.npz", w)
    with np.load(tmp_path / "w.npz", allow_pickle=False) as arrays:
        assert set(arrays) == set(named(w))
        assert all(np.array_equal(arrays[name], array) for name, array in named(w).items())


def test_what_numpy_saves_is_read(tmp_path, w):
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "w.npz", **named(w))
        assert_same(weights.load(tmp_path / "w.npz", LAYERS), w)


def test_float16_is_read_as_float32(tmp_path, w):
    halves = as_dtype(w, np.float16)
    weights.save(tmp_path / "w.npz", halves)
    assert_same(weights.load(tmp_path / "w.npz", LAYERS), as_dtype(halves, np.float32))


def test_other_byte_orders_and_memory_layouts(tmp_path, w):
    swapped = as_dtype(w, np.dtype(np.float32).newbyteorder())
    swapped["fc"]["kernel"] = np.asfortranarray(swapped["fc"]["kernel"])
    np.savez(tmp_path / "w.npz", **named(swapped))
    loaded = weights.load(tmp_path / "w.npz", LAYERS)
    assert_same(loaded, w)
    assert all(array.flags.c_contiguous and array.dtype.isnative for arrays in loaded.values() for array in arrays.values())  # fmt: skip
    w["fc"]["kernel"] = np.asfortranarray(w["fc"]["kernel"])
    w["conv1"]["kernel"] = w["conv1"]["kernel"][::-1]
    weights.save(tmp_path / "w.npz", w)
    assert_same(weights.load(tmp_path / "w.npz", LAYERS), w)


def test_memory_maps_are_saved(tmp_path, w):
    kernel = w["fc"]["kernel"]
    w["fc"]["kernel"] = np.memmap(tmp_path / "kernel", np.float32, "w+", shape=kernel.shape)
    w["fc"]["kernel"][:] = kernel
    weights.save(tmp_path / "w.npz", w)
    assert np.array_equal(weights.load(tmp_path / "w.npz", LAYERS)["fc"]["kernel"], kernel)


@pytest.mark.parametrize("text", ["", '{"labels": ["고양이", "\\n"]}', "x" * 100_000])
def test_a_text_is_kept_beside_the_arrays(tmp_path, w, text):
    weights.save(tmp_path / "w.npz", w, metadata=text)
    with npz(tmp_path / "w.npz") as stored:
        assert stored.metadata == text
        assert set(stored) == set(named(w))
    assert_same(weights.load(tmp_path / "w.npz", LAYERS), w)
    assert zipfile.ZipFile(tmp_path / "w.npz").read("model.json") == text.encode()  # for any other program


def test_without_a_text_there_is_none(tmp_path, w):
    weights.save(tmp_path / "w.npz", w)
    with npz(tmp_path / "w.npz") as stored:
        assert stored.metadata is None


# Interrupted


def test_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch, w):
    weights.save(tmp_path / "w.npz", w)

    def interrupted(file, array, **how):
        file.write(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(np.lib.format, "write_array", interrupted)
    with pytest.raises(KeyboardInterrupt):
        weights.save(tmp_path / "w.npz", trained(LAYERS, seed=1))
    assert os.listdir(tmp_path) == ["w.npz"]
    assert_same(weights.load(tmp_path / "w.npz", LAYERS), w)


def test_an_interrupt_while_an_entry_is_opened_stays_an_interrupt(tmp_path, monkeypatch, w):
    real = zipfile.ZipFile.open

    def interrupted(self, *arguments, **how):
        self.entry = real(self, *arguments, **how)  # begun, and not in a with block yet
        raise KeyboardInterrupt

    monkeypatch.setattr(zipfile.ZipFile, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):  # zipfile says "Can't close the ZIP file" to this
        weights.save(tmp_path / "w.npz", w)
    assert os.listdir(tmp_path) == []


SAVES = """
import sys
import npmobile as nm
w = nm.weights.init(nm.mobilenet(0.25, 32, 10))
try:
    nm.weights.save(sys.argv[1], w)
    print("saved", flush=True)
    while True:
        nm.weights.save(sys.argv[1], w)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_ctrl_c_at_any_moment(tmp_path):
    for wait in (0.0, 0.003, 0.011):
        process = subprocess.Popen([sys.executable, "-c", SAVES, str(tmp_path / "w.npz")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        assert process.communicate() == ("interrupted\n", "")
        assert os.listdir(tmp_path) == ["w.npz"]
        weights.load(tmp_path / "w.npz", LAYERS)


# What save refuses, before it writes


def refused(tmp_path, error, message, w, **how):
    (tmp_path / "w.npz").write_bytes(b"old")
    with pytest.raises(error, match=message) as caught:
        weights.save(tmp_path / "w.npz", w, **how)
    assert os.listdir(tmp_path) == ["w.npz"]
    assert (tmp_path / "w.npz").read_bytes() == b"old"
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


ONE = np.ones(1, np.float32)


@pytest.mark.parametrize(
    ("w", "message"),
    [
        (None, "weights must be a dict of dicts of arrays"),
        ([("conv1", {"kernel": ONE})], "weights must be a dict of dicts of arrays"),
        ({"conv1": ONE}, "weights must be a dict of dicts of arrays"),
        ({"conv1": {"kernel": None}}, "conv1/kernel must be a NumPy array, but is NoneType"),
        ({"conv1": {"kernel": [1.0]}}, "conv1/kernel must be a NumPy array, but is list"),
        ({"conv1": {"kernel": np.ma.array(ONE, mask=True)}}, "conv1/kernel must be a NumPy array, but is MaskedArray"),
        ({"conv1": {"kernel": np.array([None])}}, "conv1/kernel must be float16, float32 or float64, but is object"),
        ({"conv1": {"kernel": np.ones(1, int)}}, "conv1/kernel must be float16, float32 or float64, but is int"),
        ({"conv1": {"kernel": np.ones(1, complex)}}, "float64, but is complex128"),
        ({"conv1": {"kernel": np.ones(1, bool)}}, "float64, but is bool"),
        ({"a": {"b": ONE}, "c": {"d": np.ones(1)}}, "weights must be of one dtype, but are of float32, float64"),
        ({1: {"kernel": ONE}}, "weights must be named by printable text, but there is 1/kernel"),
        ({"conv1": {"": ONE}}, "weights must be named by printable text, but there is conv1/$"),
        ({"conv1\n": {"kernel": ONE}}, r"printable text, but there is conv1\\n/kernel"),
        ({"conv\0": {"kernel": ONE}}, r"printable text, but there is conv\\x00/kernel"),
        ({"n" * 1000: {"kernel": None}}, "must be a NumPy array, but is NoneType"),
    ],
)
def test_save_refuses_other_types(tmp_path, w, message):
    refused(tmp_path, TypeError, message, w)


@pytest.mark.parametrize(
    ("w", "message"),
    [
        ({}, "weights are empty"),
        ({"conv1": {}}, "weights are empty"),
        ({"a": {"b/c": ONE}, "a/b": {"c": ONE}}, "names of weights must be without '/', but there is a/b/c"),
        ({"a/b": {"c": ONE}}, "names of weights must be without '/', but there is a/b/c"),
        ({"conv1": {"kernel": ONE * np.nan}}, "no training gives: conv1/kernel holds NaN or infinity"),
        ({"conv1": {"kernel": -ONE * np.inf}}, "conv1/kernel holds NaN or infinity"),
        ({"conv1": {"mean": -ONE, "var": -0.1 * ONE}}, "no training gives: conv1/var holds a negative variance"),
        ({"conv1": {"mean": -ONE, "var": -1e-30 * ONE}}, "conv1/var holds a negative variance"),
        ({str(i): {"var": -ONE} for i in range(70_000)}, "; 4/var holds a negative variance; and 69,995 more"),
    ],
)
def test_save_refuses_other_values(tmp_path, w, message):
    refused(tmp_path, ValueError, message, w)


def test_save_refuses_other_metadata(tmp_path):
    w = {"conv1": {"kernel": ONE}}
    refused(tmp_path, TypeError, "metadata must be a str, but is dict", w, metadata={})
    refused(tmp_path, ValueError, "surrogates not allowed", w, metadata="\udcff")
    message = "metadata must have at most 16,000,000 bytes, but has 18,000,000"
    refused(tmp_path, ValueError, message, w, metadata="고" * 6_000_000)


def test_save_says_where_it_cannot_write(tmp_path, w):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        weights.save(tmp_path / "nowhere" / "w.npz", w)
    with pytest.raises(IsADirectoryError):
        weights.save(tmp_path, w)
    assert os.listdir(tmp_path) == []


# What load refuses


def misfit(tmp_path, arrays, layers=LAYERS) -> str:
    np.savez(tmp_path / "w.npz", **arrays)
    with pytest.raises(ValueError, match=r"w\.npz does not fit these layers: ") as caught:
        weights.load(tmp_path / "w.npz", layers)
    message = str(caught.value)
    assert len(message) < 600
    return message.split("these layers: ", 1)[1]


def test_a_file_that_does_not_fit_says_what_does_not(tmp_path, w):
    del w["conv_pw_3"]
    del w["conv1"]["var"]
    w["conv99"] = {"kernel": np.zeros((1, 1), np.float32)}
    w["fc"]["bias"] = np.zeros(11, np.float32)
    assert misfit(tmp_path, named(w)) == (
        "fc/bias has the shape (11,), not (10,); conv99/kernel is not wanted; conv1/var is missing; "
        "conv_pw_3/kernel is missing; conv_pw_3/gamma is missing; and 3 more"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w["conv1"].pop("var"), "it holds only a part of the network: conv1/var is missing"),
        (lambda w: w["conv_pw_2"].update(extra=ONE), "conv_pw_2/extra is not wanted"),
        (
            lambda w: w["conv_pw_2"].update(kernel=w["conv_pw_2"]["kernel"].T),
            "conv_pw_2/kernel has the shape (32, 16), not (16, 32)",
        ),
        (lambda w: w["fc"].update(bias=np.zeros(10)), "its arrays are of several dtypes (float32, float64)"),
        (lambda w: w["fc"].update(bias=np.zeros(10, int)), "fc/bias is int64, not float16, float32 or float64"),
        (lambda w: w["fc"].update(bias=np.zeros(10, "c8")), "fc/bias is complex64, not float16, float32 or float64"),
        (lambda w: w["fc"].update(bias=np.array([None] * 10)), "fc/bias is object, not float16, float32 or float64"),
        (lambda w: w.pop("fc"), "it has no classifier: fc/kernel is missing; fc/bias is missing"),
        (
            lambda w: w["fc"].update(kernel=np.zeros((256, 1000), "f4"), bias=np.zeros(1000, "f4")),
            "it has another classifier: fc/kernel has the shape (256, 1000), not (256, 10); "
            "fc/bias has the shape (1000,), not (10,)",
        ),
    ],
)
def test_what_does_not_fit_and_the_likely_cause(tmp_path, w, change, message):
    change(w)
    assert misfit(tmp_path, named(w)) == message


def test_the_likely_cause_comes_first(tmp_path, w):
    assert misfit(tmp_path, named(w), nm.mobilenet(0.5, classes=10)).startswith(
        "it has another alpha or another first layer, (3, 3, 3, 8) and not (3, 3, 3, 16): conv1/kernel has the shape"
    )
    torch_names = {f"features.{number}.weight": array for number, array in enumerate(named(w).values())}
    assert misfit(tmp_path, torch_names).startswith(
        "none of its names is one of theirs: features.0.weight is not wanted; "
    )


def test_a_file_of_many_names_is_refused_in_one_short_line(tmp_path, w):
    many = {f"conv\n{number:05}{'n' * 200}": ONE for number in range(9000)}
    message = misfit(tmp_path, named(w) | many)
    assert message.count("is not wanted") == 5
    assert "\n" not in message
    assert message.endswith("; and 8,995 more")


@pytest.mark.parametrize(("value", "name"), [(np.nan, "kernel"), (np.inf, "beta"), (-np.inf, "mean"), (np.nan, "var")])
def test_numbers_that_are_none(tmp_path, w, value, name):
    w["conv_dw_3"][name].flat[-1] = value
    np.savez(tmp_path / "w.npz", **named(w))
    with pytest.raises(ValueError, match=f"npz holds numbers that no training gives: conv_dw_3/{name} holds NaN"):
        weights.load(tmp_path / "w.npz", LAYERS)


@pytest.mark.parametrize("value", [-1.0, -0.1, -1e-30])
def test_negative_variances(tmp_path, w, value):
    w["conv_dw_1"]["var"][0] = value
    np.savez(tmp_path / "w.npz", **named(w))
    with pytest.raises(ValueError, match="no training gives: conv_dw_1/var holds a negative variance"):
        weights.load(tmp_path / "w.npz", LAYERS)
    w["conv_dw_1"]["var"][0] = 0  # of a channel that is always the same
    weights.save(tmp_path / "w.npz", w)
    weights.load(tmp_path / "w.npz", LAYERS)


def test_pickles_are_never_read(tmp_path, w):
    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "sprung"),))

    np.savez(tmp_path / "w.npz", **(named(w) | {"fc/bias": np.array([Trap()] * 10, dtype=object)}))
    with pytest.raises(ValueError, match="fc/bias is object, not float16, float32 or float64"):
        weights.load(tmp_path / "w.npz", LAYERS)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(("levels", "fits"), [(2**2, False), (2**14, True)])
def test_a_file_that_unpacks_to_more_than_four_times_its_size(tmp_path, levels, fits):
    """Random numbers from few levels pack well: 2 bits of 32 are at most 16 times fewer, 14 of 32 hardly 3."""
    rng = np.random.default_rng(0)
    w = {
        layer: {name: (rng.integers(1, levels, a.shape) / levels).astype(np.float32) for name, a in arrays.items()}
        for layer, arrays in weights.init(LAYERS).items()
    }
    np.savez_compressed(tmp_path / "w.npz", **named(w))
    size, whole = (tmp_path / "w.npz").stat().st_size, sum(array.nbytes for array in named(w).values())
    assert (1.1 if fits else 5) < whole / size < (4 if fits else 20)
    if fits:
        assert_same(weights.load(tmp_path / "w.npz", LAYERS), w)
    else:
        with pytest.raises(ValueError, match=f"declares {whole:,} bytes of arrays, far more than it can hold"):
            weights.load(tmp_path / "w.npz", LAYERS)
