"""`load`: the right answers from whole files of every format, one clear refusal of damaged ones."""

from __future__ import annotations

import importlib
import tracemalloc
import zipfile
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from weight_files import ALPHA, CLASSES, LAYERS, WRITERS, trained, write_bfloat16

import npmobile as nm
from npmobile import cost, ops
from npmobile.fast import kernels
from npmobile.images import Preparation
from npmobile.pretrained import contents, loading

every_format = pytest.mark.parametrize("kind", WRITERS)
PADDING = {"npz": "same", "safetensors": "same"}  # of Keras' files: "keras"
PADDING |= dict.fromkeys(("timm", "sequential"), "symmetric")
SIDE = dict.fromkeys(
    ("whole h5", "keras", "tuned keras", "tuned h5"), 96
)  # of the config that the tests write; else 224
PREPARATION = {  # of Keras' files and our own: none
    "safetensors": Preparation(crop=0.875),
    "timm": Preparation(resize=256 / 224, resample="bicubic"),  # mean and std 0.5, of pixels from 0 to 1
    "sequential": Preparation(  # of PyTorch's example for ImageNet
        resize=256 / 224,
        mean=[255 * m for m in (0.485, 0.456, 0.406)],
        std=[255 * s for s in (0.229, 0.224, 0.225)],
    ),
}


@pytest.fixture(params=["2_5", "7_5"])
def golden(request, shared):
    """(model, prepared images, Keras' probabilities) for one of the two trained files."""
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
    assert model.layers == nm.mobilenet(51 / 1024, SIDE.get(kind, 224), CLASSES, padding=PADDING.get(kind, "keras"))
    assert model.eps == (1e-5 if kind in ("timm", "sequential") else 1e-3)
    assert model.preparation == PREPARATION.get(kind)
    assert model.activation == ("relu" if kind == "sequential" else "relu6")
    assert model.labels == tuple(f"class {i}" for i in range(CLASSES))
    assert {layer: set(arrays) for layer, arrays in model.weights.items()} == {
        layer: set(arrays) for layer, arrays in w.items()
    }
    for layer, arrays in w.items():
        for name, array in arrays.items():
            assert np.array_equal(model.weights[layer][name], array), (layer, name)


@every_format
def test_the_features_of_a_whole_network_are_what_its_pool_makes(tmp_path, kind):
    w = trained()
    WRITERS[kind](tmp_path / "w", w)
    whole, body = nm.load(tmp_path / "w").at(32), nm.load(tmp_path / "w", features=True).at(32)
    assert body.layers == whole.layers[:-1]
    assert (body.labels, body.output) == ((), "softmax")
    assert (body.eps, body.preparation, body.activation) == (whole.eps, whole.preparation, whole.activation)
    x = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3)).astype(np.float32)
    *_, pooled, _ = whole.forward(x)
    assert body.predict(x).shape == (2, 51)
    np.testing.assert_allclose(body.predict(x), pooled.y, rtol=1e-4, atol=1e-5)


def test_features_of_feature_maps_are_pooled(tmp_path):
    """A saved model without its last two layers gives maps; its features are their averages."""
    maps = nm.Model(LAYERS[:-2], {layer: a for layer, a in trained().items() if layer != "fc"}).at(64)
    maps.save(tmp_path / "maps.npz")
    x = np.random.default_rng(0).uniform(-1, 1, (2, 64, 64, 3)).astype(np.float32)
    features = nm.load(tmp_path / "maps.npz", features=True)
    np.testing.assert_allclose(features.predict(x), maps.predict(x).mean(axis=(1, 2)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["npz", "h5", "safetensors", "timm", "sequential"])
def test_without_a_classifier_it_gives_features(tmp_path, kind):
    functions = {"eps": 1e-5} if kind in ("timm", "sequential") else {}
    functions |= {"activation": "relu"} if kind == "sequential" else {}
    whole = nm.Model(LAYERS, trained(), (), padding=PADDING.get(kind, "keras"), **functions).at(32)
    w = {layer: arrays for layer, arrays in whole.weights.items() if layer != "fc"}
    WRITERS[kind](tmp_path / "no_top", w)
    model = nm.load(tmp_path / "no_top").at(32)
    assert model.layers == replace(whole, padding=PADDING.get(kind, "keras")).layers[:-1]
    x = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3)).astype(np.float32)
    *_, pooled, _ = whole.forward(x)
    np.testing.assert_allclose(model.predict(x), pooled.y, rtol=1e-4, atol=1e-5)
    with pytest.raises(ValueError, match="this network has no classifier"):
        model.classify(np.zeros((32, 32, 3), np.uint8))


@every_format
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_every_float_type_loads_and_can_be_asked(tmp_path, kind, dtype):
    w = {layer: {name: a.astype(dtype) for name, a in arrays.items()} for layer, arrays in trained().items()}
    WRITERS[kind](tmp_path / "w", w)
    model = nm.load(tmp_path / "w").at(32)
    assert model.dtype == (np.float64 if dtype == np.float64 else np.float32)
    image = np.random.default_rng(0).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    guesses = model.classify(image, k=CLASSES)
    usual = nm.Model(LAYERS, trained(), padding=model.padding, preparation=model.preparation)
    usual = replace(usual, eps=model.eps, activation=model.activation).at(32)
    expected = dict(usual.classify(image, k=CLASSES))
    for label, probability in guesses:
        assert probability == pytest.approx(expected[label], abs=1e-2 if dtype == np.float16 else 1e-5)


@pytest.mark.parametrize("kind", ["npz", "h5"])
def test_the_other_byte_order_is_read(tmp_path, kind):
    w = {layer: {name: a.astype(">f4") for name, a in arrays.items()} for layer, arrays in trained().items()}
    WRITERS[kind](tmp_path / "w", w)
    model = nm.load(tmp_path / "w")
    assert model.dtype == np.float32
    assert model.dtype.isnative
    assert np.array_equal(model.weights["fc"]["bias"], trained()["fc"]["bias"])


def test_several_types_in_one_file_are_refused(tmp_path):
    w = trained()
    w["fc"]["bias"] = w["fc"]["bias"].astype(np.float64)
    WRITERS["h5"](tmp_path / "w", w)
    with pytest.raises(ValueError, match=r"its arrays are of several dtypes \(float32, float64\)"):
        nm.load(tmp_path / "w")


def test_folded_npz_is_read(tmp_path):
    folded = nm.weights.fold(trained())
    nm.weights.save(tmp_path / "folded.npz", folded)
    model = nm.load(tmp_path / "folded.npz").at(32)
    assert np.array_equal(model.folded["conv1"]["bias"], folded["conv1"]["bias"])


def test_a_str_is_a_path_too(tmp_path):
    nm.weights.save(tmp_path / "w.npz", trained())
    assert nm.load(str(tmp_path / "w.npz")).layers == nm.load(tmp_path / "w.npz").layers


def stored(layers):
    return {
        f"{layer}/{name}": nm.weights.Stored(shape, np.dtype("f4"), lambda: None)
        for layer, named in nm.weights.shapes(layers).items()
        for name, shape in named.items()
    }


def widths(layers):
    return [layer.N for layer in layers if layer.kind in ("standard", "pointwise")]


@pytest.mark.parametrize("alpha", [1.0, 0.75, 0.5, 0.25, 0.3, 0.123, 1.25, 0.001])
def test_every_alpha_is_found_and_from_a_part_too(alpha):
    layers = nm.mobilenet(alpha, classes=3)
    arrays = stored(layers)
    assert loading._widths(arrays) == widths(layers)
    for last in ("conv_pw_11", "conv_pw_4"):  # of 512 and 256 channels: what is before has the right number too
        names = [layer.name for layer in layers]
        count = names.index(last)
        part = {name: array for name, array in arrays.items() if names.index(name.split("/")[0]) <= count}
        known = sum(name in ("conv1", *(f"conv_pw_{n}" for n in range(1, 14))) for name in names[: count + 1])
        assert loading._widths(part)[:known] == widths(layers)[:known]


@pytest.mark.parametrize("round_to", [8, 16])
def test_widths_that_are_rounded_in_any_way_are_read(round_to):
    """timm rounds alpha * channels to multiples of 8, transformers to at least 8."""
    rng = np.random.default_rng(round_to)
    blocks = [(int(rng.integers(1, 9)) * round_to, stride) for _, stride in nm.spec.BLOCKS]
    layers = nm.mobilenet(1, classes=3, blocks=blocks)
    assert loading._widths(stored(layers)) == widths(layers)
    assert loading._layers(contents.Contents(stored(layers))) == layers


def test_of_contradicting_arrays_most_give_the_width():
    arrays = stored(LAYERS)
    arrays["conv_pw_3/kernel"] = arrays["conv_pw_3/kernel"]._replace(shape=(6, 99))
    assert loading._widths(arrays) == widths(LAYERS)


def test_a_network_of_one_class_is_read(tmp_path):
    nm.weights.save(tmp_path / "w.npz", trained(nm.mobilenet(0.05, classes=1)))
    assert nm.load(tmp_path / "w.npz").at(32).predict(np.zeros((1, 32, 32, 3), np.float32)).tolist() == [[1.0]]


def test_the_first_layer_alone_gives_the_others_their_width():
    arrays = {"conv1/kernel": nm.weights.Stored((3, 3, 3, 8), np.dtype("f4"), lambda: None)}
    assert loading._widths(arrays) == widths(nm.mobilenet(0.25))


def test_without_any_kernel_alpha_is_1():
    assert loading._widths({}) == widths(nm.mobilenet())
    for shape in ((), (3, 0)):
        arrays = {"conv1/kernel": nm.weights.Stored(shape, np.dtype("f4"), lambda: None)}
        assert loading._widths(arrays) == widths(nm.mobilenet())


def test_the_resolution_can_be_changed(tmp_path):
    WRITERS["h5"](tmp_path / "mobilenet_2_5_160_tf.h5", trained())
    model = nm.load(tmp_path / "mobilenet_2_5_160_tf.h5")
    assert model.resolution == 160
    assert model.at(96).layers == nm.mobilenet(ALPHA, 96, CLASSES, padding="keras")
    assert np.shares_memory(model.at(96).weights["conv1"]["kernel"], model.weights["conv1"]["kernel"])
    with pytest.raises(ValueError, match="resolution must be an int of at least 32, but is 16"):
        model.at(16)


def test_a_new_format_is_a_module_with_two_functions_and_its_name_in_one_table(tmp_path, monkeypatch):
    for reader in loading.READERS:
        assert callable(reader.looks_like)
        assert callable(reader.contents)
    w = trained()

    class Toy:
        def looks_like(head, path):
            return head == b"toy" and path.name == "w"

        @contextmanager
        def contents(path):
            arrays = {
                f"{layer}/{name}": nm.weights.Stored(array.shape, array.dtype, lambda array=array: array)
                for layer, named in w.items()
                for name, array in named.items()
            }
            yield contents.Contents(arrays, resolution=64, padding="symmetric", eps=0.5, labels="abcdefg")

    (tmp_path / "w").write_bytes(b"toy" + bytes(60_000))
    with pytest.raises(ValueError, match="it is neither HDF5"):
        nm.load(tmp_path / "w")
    monkeypatch.setattr(loading, "READERS", (*loading.READERS, Toy))
    monkeypatch.setattr(loading, "HEAD", 3)
    model = nm.load(tmp_path / "w")
    assert model.layers == nm.mobilenet(51 / 1024, 64, CLASSES, padding="symmetric")
    assert (model.eps, model.labels) == (0.5, tuple("abcdefg"))


# Missing libraries


@pytest.mark.parametrize(
    ("kind", "library"),
    [("h5", "h5py"), ("tuned keras", "h5py"), ("safetensors", "safetensors"), ("timm", "safetensors")],
)
def test_a_missing_library_is_named_with_its_extra(tmp_path, monkeypatch, kind, library):
    WRITERS[kind](tmp_path / "w", trained())

    def without(name):
        if name == library:
            raise ImportError(name)
        return importlib.import_module(name)

    monkeypatch.setattr(contents, "import_module", without)
    with pytest.raises(ImportError, match=rf'w needs {library}: pip install "npmobile\[pretrained\]"'):
        nm.load(tmp_path / "w")


# Damaged files


@every_format
def test_truncated_files_are_refused(tmp_path, kind):
    WRITERS[kind](tmp_path / "w", trained())
    whole = (tmp_path / "w").read_bytes()
    for part in (0, 1, 8, 9, 100, len(whole) // 2, len(whole) - 1):
        (tmp_path / "w").write_bytes(whole[:part])
        with pytest.raises(ValueError, match=r"w: it is (not a whole|neither HDF5|empty)"):
            nm.load(tmp_path / "w")


@every_format
def test_arrays_that_do_not_fit_are_named(tmp_path, kind):
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
    WRITERS[kind](tmp_path / "w", w)
    with pytest.raises(ValueError, match=r"fc/bias is (int64|I64), not float16, float32 or float64"):
        nm.load(tmp_path / "w")


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
        ValueError, match=r"declares \d[\d,]+ bytes, (far more than the file can hold|but has 192)|was never written"
    ):
        nm.load(tmp_path / "w")
    assert tracemalloc.get_traced_memory()[1] < 10e6
    tracemalloc.stop()


@pytest.mark.parametrize("kind", [*WRITERS, "bfloat16"])
def test_random_byte_flips_load_whole_or_are_refused(tmp_path, kind):
    layers = nm.mobilenet(0.25, classes=CLASSES)
    (WRITERS | {"bfloat16": write_bfloat16})[kind](tmp_path / "w", trained(layers))
    whole = (tmp_path / "w").read_bytes()
    rng = np.random.default_rng(0)
    wanted = nm.weights.shapes(layers)
    loaded = refused = 0
    for attempt in range(300):
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
            assert str(error).isprintable()
            assert len(str(error)) <= 600
            refused += 1
        else:
            assert {layer: {n: a.shape for n, a in arrays.items()} for layer, arrays in model.weights.items()} == wanted
            loaded += 1
        if traced:
            assert tracemalloc.get_traced_memory()[1] < 10 * len(whole)
            tracemalloc.stop()
    assert loaded + refused == 300
    assert min(loaded, refused) > 10


# Asking a model


def test_classify_takes_many_images_and_shows_a_bar_for_more_than_a_few(capsys):
    model = nm.digits()
    many = [np.full((20, 30, 3), value, np.uint8) for value in range(0, 250, 25)]
    answers = model.classify(many, k=1)
    assert len(answers) == 10
    assert "10/10" in capsys.readouterr().err
    assert model.classify(tuple(many[:2]), k=1) == answers[:2]
    assert capsys.readouterr().err == ""


def test_classify_refuses_what_it_cannot_take():
    model = nm.digits()
    with pytest.raises(
        ValueError, match=r"an image of floats must be prepared, \(32, 32, 3\), but has the shape \(8, 8\)"
    ):
        model.classify(np.zeros((8, 8), np.float32))
    with pytest.raises(ValueError, match="k must be an int of at least 1, but is 0"):
        model.classify(np.zeros((32, 32, 3), np.uint8), k=0)
    assert len(model.classify(np.zeros((32, 32, 3), np.uint8), k=100)) == 10
