"""Our own files, bare: arrays by our names in our layout."""

from __future__ import annotations

import io
import json
import warnings
import zipfile

import numpy as np
import pytest
from weight_files import CLASSES, trained, write_npz

import npmobile as nm
from npmobile.images import Preparation


def entries(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(path, contents):
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")  # of names that stand twice
        for name, content in contents:
            archive.writestr(name, content)


@pytest.mark.parametrize("write", [write_npz, nm.weights.save, "compressed"])
def test_a_bare_file_means_same_padding_at_224(tmp_path, write):
    w = trained()
    if write == "compressed":
        np.savez_compressed(tmp_path / "w.npz", **{f"{a}/{b}": x for a, named in w.items() for b, x in named.items()})
    else:
        write(tmp_path / "w.npz", w)
    model = nm.load(tmp_path / "w.npz")
    assert model.layers == nm.mobilenet(51 / 1024, 224, CLASSES)
    assert np.array_equal(model.weights["conv_dw_9"]["kernel"], w["conv_dw_9"]["kernel"])


def test_an_array_that_is_there_twice_is_refused(tmp_path):
    write_npz(tmp_path / "w.npz", trained())
    whole = entries(tmp_path / "w.npz")
    for again in ("fc/bias.npy", "fc/bias"):  # numpy.load takes both for fc/bias
        rewrite(tmp_path / "w.npz", [*whole.items(), (again, whole["fc/bias.npy"])])
        with pytest.raises(ValueError, match=r"w\.npz.*more than one entry for fc/bias"):
            nm.load(tmp_path / "w.npz")


def test_other_arrays_and_other_files_are_refused(tmp_path):
    write_npz(tmp_path / "w.npz", trained())
    whole = entries(tmp_path / "w.npz")
    number = io.BytesIO()
    np.save(number, np.ones(3, np.float32))
    for name, content, problem in (
        ("step.npy", number.getvalue(), "step is not wanted"),
        ("notes.txt", b"hello, this is not an array", r"notes\.txt is no array"),
    ):
        rewrite(tmp_path / "w.npz", [*whole.items(), (name, content)])
        with pytest.raises(ValueError, match=problem):
            nm.load(tmp_path / "w.npz")


def test_pickled_objects_are_never_read(tmp_path):
    w = trained()
    w["fc"]["bias"] = np.array([print] * CLASSES, object)
    np.savez(tmp_path / "w.npz", **{f"{a}/{b}": x for a, named in w.items() for b, x in named.items()})
    with pytest.raises(ValueError, match="fc/bias is object, not float16, float32 or float64"):
        nm.load(tmp_path / "w.npz")


# Whole models


MODELS = {
    "as Keras, odd side": nm.Model(
        nm.mobilenet(0.05, 99, CLASSES, padding="keras"), trained(), tuple("가나다라마바사"), eps=0.5,
        preparation=Preparation(resize=256 / 224, resample="bicubic", mean=(1, 2, 3), std=(4, 5, 6)),
    ),
    "symmetric, two lengths": nm.Model(
        nm.mobilenet(0.05, 32, CLASSES, padding="symmetric"), trained(), preparation=Preparation(resize=(1, 1.5))
    ),
    "features": nm.Model(nm.mobilenet(0.05, 32)[:-1], trained(nm.mobilenet(0.05)[:-1])),
    "folded": nm.Model(nm.mobilenet(0.05, 32, CLASSES), nm.weights.fold(trained())),
    "shallow": nm.Model(
        nm.mobilenet(0.05, 32, 3, nm.BLOCKS[:6] + nm.BLOCKS[11:]),
        trained(nm.mobilenet(0.05, 32, 3, nm.BLOCKS[:6] + nm.BLOCKS[11:])),
    ),
    "1000 classes": nm.Model(
        nm.mobilenet(0.05, 32, 1000), trained(nm.mobilenet(0.05, 32, 1000)), tuple(f"mine {i}" for i in range(1000))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_a_saved_model_is_the_same_when_it_is_loaded(tmp_path, name, shared):
    model = MODELS[name]
    model.save(tmp_path / "model.npz")
    (tmp_path / "imagenet_class_index.json").write_bytes((shared / "weights/imagenet_class_index.json").read_bytes())
    loaded = nm.load(tmp_path / "model.npz")
    for part in ("layers", "labels", "padding", "eps", "preparation", "dtype"):
        assert getattr(loaded, part) == getattr(model, part)
    image = np.random.default_rng(0).integers(0, 256, (120, 150, 3)).astype(np.uint8)
    x, y = loaded.prepare(image), model.prepare(image)
    assert np.array_equal(x, y)
    assert np.array_equal(loaded.predict(x[np.newaxis]), model.predict(y[np.newaxis]))


def described_as(path, change):
    """A saved model whose description is another text."""
    MODELS["as Keras, odd side"].save(path)
    whole = entries(path)
    text = change(json.loads(whole["model.json"]))
    whole["model.json"] = text if isinstance(text, bytes) else json.dumps(text).encode()
    rewrite(path, whole.items())


BAD = {
    "no JSON": (lambda parts: b"{", r"model\.json cannot be read as JSON"),
    "no text": (lambda parts: b"\xff", r"is not a whole npz file"),
    "twice": (lambda parts: b'{"eps": 1, "eps": 1}', r"model\.json cannot be read as JSON: the key 'eps' stands"),
    "deep": (lambda parts: b"[" * 10**5, r"model\.json cannot be read as JSON"),
    "a list": (lambda parts: [parts], r"model\.json must hold a JSON object"),
    "later version": (lambda parts: parts | {"npmobile": 2}, r"model\.json is not what npmobile writes"),
    "more": (lambda parts: parts | {"more": 1}, r"model\.json is not what npmobile writes"),
    "no layers": (lambda parts: parts | {"layers": []}, r"model\.json is not what npmobile writes: layers must be"),
    "a layer": (lambda parts: parts | {"layers": [{"name": 3}]}, r"model\.json is not what npmobile writes"),
    "labels": (lambda parts: parts | {"labels": [1] * 7}, "labels must be a sequence of str"),
    "no labels": (lambda parts: parts | {"labels": None}, r"model\.json: labels must be a list, but is None"),
    "few labels": (lambda parts: parts | {"labels": ["a"]}, "labels must be one for each of 7 classes, but are 1"),
    "eps": (lambda parts: parts | {"eps": "1"}, "eps must be a number of at least 0"),
    "negative eps": (lambda parts: parts | {"eps": -1}, "eps must be a number of at least 0"),
    "NaN": (lambda parts: parts | {"eps": float("nan")}, "eps must be a number of at least 0"),
    "preparation": (lambda parts: parts | {"preparation": {"crop": 2}}, r"model\.json is not what npmobile writes"),
    "other preparation": (lambda parts: parts | {"preparation": 3}, r"model\.json is not what npmobile writes"),
    "other layers": (
        lambda parts: parts | {"layers": parts["layers"][:3]}, r"does not fit these layers: .*conv_dw_2/\w+ is not wanted"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_description_that_cannot_be_right_is_refused(tmp_path, name):
    change, problem = BAD[name]
    described_as(tmp_path / "w.npz", change)
    with pytest.raises(ValueError, match=problem) as caught:
        nm.load(tmp_path / "w.npz")
    assert str(tmp_path / "w.npz") in str(caught.value)
    assert len(str(caught.value)) <= 600
