"""Trained files: the right answers from whole ones, one clear refusal of damaged ones."""

from __future__ import annotations

import builtins
import json
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from weight_files import ALPHA, CLASSES, LAYERS, WRITERS, trained

import npmobile as nm
from npmobile import cost, ops
from npmobile.fast import kernels
from npmobile.pretrained import loading

every_format = pytest.mark.parametrize("kind", WRITERS)


@pytest.fixture(params=["2_5", "7_5"])
def golden(request, shared):
    """(model, prepared pictures, Keras' probabilities) for one of the two trained files."""
    reference = np.load(shared / "golden/keras_reference.npz")
    model = nm.load(shared / f"weights/mobilenet_{request.param}_224_tf.h5")
    x = np.stack([model.prepare(pixels) for pixels in reference["images_uint8"]])
    return model, x, reference[f"probabilities_alpha_0_{request.param.replace('_', '')}"]


# Golden answers, and the mistakes that only they catch


def test_every_probability_is_keras_own(golden):
    model, x, expected = golden
    assert len(x) == 8
    np.testing.assert_allclose(model.predict(x), expected, rtol=0, atol=1e-5)


def relu_only(y, bias):
    y += bias
    np.maximum(y, 0, out=y)


@pytest.mark.parametrize(
    "mistake", ["symmetric padding", "ReLU for ReLU6", "BGR", "[0, 1] scaling", "eps 1e-5", "(x - 128) / 128"]
)
def test_golden_answers_catch(golden, monkeypatch, mistake):
    model, x, expected = golden
    if mistake == "symmetric padding":
        model = replace(model, padding="symmetric")
    elif mistake == "ReLU for ReLU6":
        monkeypatch.setattr(kernels, "bias_relu6", relu_only)
    elif mistake == "BGR":
        x = x[..., ::-1]
    elif mistake == "[0, 1] scaling":
        x = (x + 1) / 2
    elif mistake == "eps 1e-5":
        model = replace(model, eps=1e-5)
    elif mistake == "(x - 128) / 128":
        x = ((x * 127.5 + 127.5) - 128) / 128
    assert np.abs(model.predict(x.astype(np.float32)) - expected).max() > 1e-4


def test_photographs_are_recognised(shared):
    model = nm.load(shared / "weights/mobilenet_7_5_224_tf.h5")
    seen = {
        "cat_tabby": "tabby",
        "dog_beagle": "beagle",
        "space_shuttle": "space_shuttle",
        "pizza": "pizza",
        "coffee_cup": "espresso",
    }
    paths = [shared / f"images/{name}_cc0.jpg" for name in seen]
    answers = model.classify(paths, k=2)
    assert [guesses[0][0] for guesses in answers] == list(seen.values())
    assert [len(guesses) for guesses in answers] == [2] * 5
    assert model.classify(paths[0], k=2) == answers[0]


def test_counts_of_trained_networks_are_the_formulas(golden):
    model, x, _ = golden
    for step in model.forward(x[:1]):
        assert step.mult_adds == cost.mult_adds(step.layer)


def test_folded_answers_are_the_unfolded(golden):
    model, x, _ = golden
    for step in model.forward(x):
        logits = step.y
    np.testing.assert_allclose(ops.softmax(logits), model.predict(x), rtol=0, atol=1e-5)


# Every format gives the same network


@every_format
def test_what_was_written_is_read(tmp_path, kind):
    w = trained()
    WRITERS[kind](tmp_path / "network", w)  # no ending: the content tells
    model = nm.load(tmp_path / "network")
    assert model.layers == nm.mobilenet(51 / 1024, classes=CLASSES) == LAYERS
    assert (model.padding, model.eps) == ("same", 1e-3)
    assert model.labels == tuple(f"class {i}" for i in range(CLASSES))
    assert {layer: set(arrays) for layer, arrays in model.weights.items()} == {
        layer: set(arrays) for layer, arrays in w.items()
    }
    for layer, arrays in w.items():
        for name, array in arrays.items():
            assert np.array_equal(model.weights[layer][name], array), (layer, name)


@every_format
def test_without_a_classifier_it_gives_features(tmp_path, kind):
    whole = nm.Model(LAYERS, trained(), ()).at(32)
    w = {layer: arrays for layer, arrays in whole.weights.items() if layer != "fc"}
    WRITERS[kind](tmp_path / "no_top", w)
    model = nm.load(tmp_path / "no_top").at(32)
    assert model.layers == whole.layers[:-1]
    x = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3)).astype(np.float32)
    *_, pooled, _ = whole.forward(x)
    np.testing.assert_allclose(model.predict(x), pooled.y, rtol=1e-4, atol=1e-5)
    with pytest.raises(ValueError, match="this network has no classifier"):
        model.classify(np.zeros((32, 32, 3), np.uint8))


def test_folded_npz_is_read(tmp_path):
    folded = nm.weights.fold(trained())
    nm.weights.save(tmp_path / "folded.npz", folded)
    model = nm.load(tmp_path / "folded.npz").at(32)
    assert np.array_equal(model.folded["conv1"]["bias"], folded["conv1"]["bias"])


def test_every_alpha_is_found():
    for alpha in (1.0, 0.75, 0.5, 0.25, 0.3, 0.123, 1.25, 0.001):
        layers = nm.mobilenet(alpha, classes=3)
        stored = {
            f"{layer}/{name}": nm.weights.Stored(shape, np.dtype("f4"), lambda: None)
            for layer, named in nm.weights.shapes(layers).items()
            for name, shape in named.items()
        }
        assert nm.mobilenet(loading._alpha(stored), classes=3) == layers


def test_resolution_is_read_off_keras_names_and_can_be_changed(tmp_path):
    WRITERS["h5"](tmp_path / "mobilenet_2_5_160_tf.h5", trained())
    model = nm.load(tmp_path / "mobilenet_2_5_160_tf.h5")
    assert model.resolution == 160
    assert model.at(96).resolution == 96
    assert model.at(96).weights is model.weights
    assert model.at(96).layers == nm.mobilenet(ALPHA, 96, CLASSES)
    with pytest.raises(ValueError, match="resolution must be an int of at least 32, but is 16"):
        model.at(16)


# What lies beside the file


def test_hugging_faces_config_is_followed(tmp_path):
    WRITERS["safetensors"](tmp_path / "model.safetensors", trained())
    config = {"image_size": 192, "layer_norm_eps": 1e-5, "tf_padding": False, "hidden_act": "relu6"}
    config["id2label"] = {str(i): f"breed {i}" for i in range(CLASSES)}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "preprocessor_config.json").write_text(
        json.dumps({"image_mean": [0.5, 0, 1], "image_std": [1, 0.5, 1]})
    )
    model = nm.load(tmp_path / "model.safetensors")
    assert (model.resolution, model.eps, model.padding, model.crop) == (192, 1e-5, "symmetric", 0.875)
    assert model.labels[6] == "breed 6"
    assert (model.mean, model.std) == ((127.5, 0, 255), (255, 127.5, 255))


def test_another_activation_is_refused(tmp_path):
    WRITERS["safetensors"](tmp_path / "model.safetensors", trained())
    (tmp_path / "config.json").write_text('{"hidden_act": "gelu"}')
    with pytest.raises(ValueError, match="was trained with gelu, and MobileNet here has relu6"):
        nm.load(tmp_path / "model.safetensors")


@pytest.mark.parametrize("content", ["{", "[1, 2]", "\xff"])
def test_a_damaged_config_is_refused(tmp_path, content):
    WRITERS["safetensors"](tmp_path / "model.safetensors", trained())
    (tmp_path / "config.json").write_bytes(content.encode("latin1"))
    with pytest.raises(ValueError, match=r"config\.json (is not JSON|must hold a JSON object)"):
        nm.load(tmp_path / "model.safetensors")


@pytest.mark.parametrize("classes", [1000, 1001])
def test_imagenet_names_come_from_beside_the_file(tmp_path, shared, classes):
    layers = nm.mobilenet(ALPHA, classes=classes)
    WRITERS["h5"](tmp_path / "w.h5", trained(layers))
    assert nm.load(tmp_path / "w.h5").labels[1] == "class 1"
    (tmp_path / "imagenet_class_index.json").write_bytes((shared / "weights/imagenet_class_index.json").read_bytes())
    labels = nm.load(tmp_path / "w.h5").labels
    assert len(labels) == classes
    assert labels[281 + classes - 1000] == "tabby"
    assert (labels[0] == "background") == (classes == 1001)
    (tmp_path / "imagenet_class_index.json").write_text('{"0": ["n01440764", "tench"]}')
    with pytest.raises(ValueError, match=r"imagenet_class_index\.json is not an index of 1000 classes"):
        nm.load(tmp_path / "w.h5")


# Missing libraries


@pytest.mark.parametrize(("kind", "library"), [("h5", "h5py"), ("safetensors", "safetensors")])
def test_a_missing_library_is_named_with_its_extra(tmp_path, monkeypatch, kind, library):
    WRITERS[kind](tmp_path / "w", trained())
    honest = builtins.__import__

    def without(name, *args, **how):
        if name == library:
            raise ImportError(name)
        return honest(name, *args, **how)

    monkeypatch.setattr(nm.pretrained.formats, "import_module", lambda name: without(name))
    with pytest.raises(ImportError, match=rf'needs {library}: pip install "npmobile\[pretrained\]"'):
        nm.load(tmp_path / "w")


# Damaged files


@every_format
def test_truncated_files_are_refused(tmp_path, kind):
    WRITERS[kind](tmp_path / "w", trained())
    whole = (tmp_path / "w").read_bytes()
    for part in (0, 1, 8, 9, 100, len(whole) // 2, len(whole) - 1):
        (tmp_path / "w").write_bytes(whole[:part])
        with pytest.raises(ValueError, match=r"w (is not a whole|is neither HDF5)"):
            nm.load(tmp_path / "w")


def test_other_files_are_refused(tmp_path):
    (tmp_path / "notes.h5").write_text("conv1: 1, 2, 3")
    with pytest.raises(
        ValueError,
        match=r"notes\.h5 is neither HDF5 \(\.h5\), nor \.safetensors, nor \.npz: it begins with b'conv1: 1,'",
    ):
        nm.load(tmp_path / "notes.h5")
    with zipfile.ZipFile(tmp_path / "archive.npz", "w") as archive:
        archive.writestr("readme.txt", "not an array")
    with pytest.raises(ValueError, match=r"archive\.npz is not a whole npz file"):
        nm.load(tmp_path / "archive.npz")
    with pytest.raises(FileNotFoundError):
        nm.load(tmp_path / "none.h5")


@every_format
def test_arrays_that_do_not_fit_are_all_named(tmp_path, kind):
    w = trained()
    del w["conv_pw_3"]["gamma"]
    w["conv_dw_4"]["kernel"] = np.zeros((3, 3, 5), np.float32)
    w["fc"]["bias"] = np.zeros(6, np.float32)
    WRITERS[kind](tmp_path / "w", w)
    with pytest.raises(ValueError, match="w does not fit these layers") as caught:
        nm.load(tmp_path / "w")
    for problem in (
        "conv_pw_3/gamma is missing",
        "conv_dw_4/kernel has the shape (3, 3, 5), not (3, 3, 6)",
        "fc/bias has the shape (6,), not (7,)",
    ):
        assert problem in str(caught.value)
    assert str(caught.value).count(";") == 2


@every_format
def test_another_network_is_refused(tmp_path, kind):
    import h5py
    from safetensors.numpy import save_file

    stranger = {"resnet/block1/kernel": np.zeros((3, 3, 4, 4), np.float32)}
    if kind == "npz":
        np.savez(tmp_path / "w.npz", **stranger)
    elif kind == "h5":
        with h5py.File(tmp_path / "w.npz", "w") as file:
            file["resnet/block1/kernel"] = stranger["resnet/block1/kernel"]
    else:
        save_file(stranger, tmp_path / "w.npz")
    with pytest.raises(
        ValueError,
        match=r"none of its names is one of theirs: resnet.* is not wanted; conv1/kernel is missing; .*and 131 more",
    ):
        nm.load(tmp_path / "w.npz")


@every_format
def test_nan_and_infinity_are_refused(tmp_path, kind):
    w = trained()
    w["conv_pw_2"]["kernel"][0, 0] = np.nan
    w["fc"]["bias"][3] = -np.inf
    WRITERS[kind](tmp_path / "w", w)
    with pytest.raises(ValueError, match="conv_pw_2/kernel holds NaN or infinity; fc/bias holds NaN or infinity"):
        nm.load(tmp_path / "w")


@every_format
def test_ints_are_refused(tmp_path, kind):
    w = trained()
    w["fc"]["bias"] = w["fc"]["bias"].astype(np.int64)
    if kind == "npz":
        np.savez(
            tmp_path / "w.npz", **{f"{layer}/{name}": a for layer, arrays in w.items() for name, a in arrays.items()}
        )
    else:
        WRITERS[kind](tmp_path / "w.npz", w)
    with pytest.raises(ValueError, match=r"fc/bias is (int64|I64), not float16, float32 or float64"):
        nm.load(tmp_path / "w.npz")


def test_a_file_that_points_elsewhere_is_refused(tmp_path):
    import h5py

    WRITERS["h5"](tmp_path / "w.h5", trained())
    (tmp_path / "secret").write_bytes(bytes(4 * CLASSES))
    with h5py.File(tmp_path / "w.h5", "a") as file:
        del file["conv_preds/conv_preds/bias:0"]
        file.create_dataset(
            "conv_preds/conv_preds/bias:0", (CLASSES,), "f4", external=[(str(tmp_path / "secret"), 0, 28)]
        )
    with pytest.raises(ValueError, match="lies in another file"):
        nm.load(tmp_path / "w.h5")


@pytest.mark.parametrize("kind", ["npz", "h5"])
def test_a_bomb_is_refused_before_it_is_read(tmp_path, kind):
    """A consistent network of alpha 8, all zeros, in a file of some kilobytes: 840 MB to read."""
    import h5py

    shapes = nm.weights.shapes(nm.mobilenet(alpha=8))
    if kind == "h5":
        with h5py.File(tmp_path / "w", "w") as file:
            for layer, arrays in shapes.items():
                for name, shape in arrays.items():  # never written: HDF5 fills in zeros
                    if name == "kernel":
                        group, name = {"fc": "conv_preds"}.get(layer, layer), "kernel"
                        shape = (*shape, 1) if len(shape) == 3 else (1, 1, *shape) if len(shape) == 2 else shape
                    else:
                        group = "conv_preds" if layer == "fc" else f"{layer}_bn"
                        name = {"mean": "moving_mean", "var": "moving_variance"}.get(name, name)
                    file.create_dataset(f"{group}/{group}/{name}:0", shape, "f4", chunks=True)
    else:
        with zipfile.ZipFile(tmp_path / "w", "w", zipfile.ZIP_DEFLATED) as archive:
            for layer, arrays in shapes.items():
                for name, shape in arrays.items():
                    with archive.open(f"{layer}/{name}.npy", "w") as file:
                        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
                        np.lib.format.write_array_header_1_0(file, header)
                        file.write(bytes(64))
    tracemalloc.start()
    with pytest.raises(
        ValueError, match=r"declares \d[\d,]+ bytes( of arrays, far more than it can hold|, but has 192)"
    ):
        nm.load(tmp_path / "w")
    assert tracemalloc.get_traced_memory()[1] < 10e6
    tracemalloc.stop()


@every_format
def test_random_byte_flips_load_whole_or_are_refused(tmp_path, kind):
    layers = nm.mobilenet(0.25, classes=10)
    WRITERS[kind](tmp_path / "w", trained(layers))
    whole = (tmp_path / "w").read_bytes()
    rng = np.random.default_rng(0)
    wanted = nm.weights.shapes(layers)
    loaded = refused = 0
    for attempt in range(500):
        damaged = bytearray(whole)
        # every other flip in what describes the arrays: the head, the end, or near a name
        place = rng.integers(len(whole))
        if attempt % 2:
            places = [
                rng.integers(2000),
                len(whole) - 1 - rng.integers(8000),
                whole.find(b"conv", place) + rng.integers(-80, 80),
            ]
            place = int(np.clip(places[attempt // 2 % 3], 0, len(whole) - 1))
        damaged[place] ^= rng.integers(1, 256)
        (tmp_path / "w").write_bytes(damaged)
        if traced := attempt % 10 < 2:  # tracing takes time
            tracemalloc.start()
        try:
            model = nm.load(tmp_path / "w")
        except ValueError as error:
            assert str(tmp_path / "w") in str(error)
            assert "\n" not in str(error)
            refused += 1
        else:
            assert {layer: {n: a.shape for n, a in arrays.items()} for layer, arrays in model.weights.items()} == wanted
            loaded += 1
        if traced:
            assert tracemalloc.get_traced_memory()[1] < 10 * len(whole)
            tracemalloc.stop()
    assert loaded + refused == 500
    assert min(loaded, refused) > 20


# Asking a model


def test_classify_takes_many_pictures_and_shows_a_bar_for_more_than_a_few(capsys):
    model = nm.digits()
    pictures = [np.full((20, 30, 3), value, np.uint8) for value in range(0, 250, 25)]
    answers = model.classify(pictures, k=1)
    assert len(answers) == 10
    assert "10/10" in capsys.readouterr().err
    assert model.classify(tuple(pictures[:2]), k=1) == answers[:2]
    assert capsys.readouterr().err == ""


def test_classify_refuses_what_it_cannot_take():
    model = nm.digits()
    with pytest.raises(
        ValueError, match=r"a picture of floats must be prepared, \(32, 32, 3\), but has the shape \(8, 8\)"
    ):
        model.classify(np.zeros((8, 8), np.float32))
    with pytest.raises(ValueError, match="k must be an int of at least 1, but is 0"):
        model.classify(np.zeros((32, 32, 3), np.uint8), k=0)
    assert len(model.classify(np.zeros((32, 32, 3), np.uint8), k=100)) == 10
