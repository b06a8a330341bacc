"""Networks that someone trained: files of other frameworks, and the digits that ship with the package."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from .. import weights
from ..model import Model
from ..spec import mobilenet
from . import checksums
from .formats import reader

CLASS_NAMES = "imagenet_class_index.json"


def digits() -> Model:
    """The small MobileNet that ships with the package: it reads handwritten digits.

    alpha 0.25, 32 x 32 x 3 pictures, 10 classes, trained by `tools/train_digits.py`.

    Returns
    -------
    Model

    Examples
    --------
    >>> x, labels = digits_test()
    >>> digits().classify(x[0], k=1)[0][0], int(labels[0])
    ('7', 7)
    """
    layers = mobilenet(alpha=0.25, resolution=32, classes=10)
    with as_file(files("npmobile.pretrained") / "data" / "digits_weights.npz") as path:
        return Model(layers, weights.load(path, layers), labels=tuple("0123456789"))


def digits_test() -> tuple[np.ndarray, np.ndarray]:
    """Digits that the network never saw in training, and what they are.

    Returns
    -------
    x : (360, 32, 32, 3) float32 array
        Ready for `digits().predict`: ink is 1, paper is -1.
    labels : (360,) uint8 array

    Examples
    --------
    >>> x, labels = digits_test()
    >>> x.shape, float(x.min()), float(x.max()), np.bincount(labels).tolist()
    ((360, 32, 32, 3), -1.0, 1.0, [36, 36, 35, 37, 36, 37, 36, 36, 35, 36])
    """
    with (files("npmobile.pretrained") / "data" / "digits_test.npz").open("rb") as file, np.load(file) as arrays:
        return digit_input(arrays["pictures"]), arrays["labels"]


def digit_input(pictures: np.ndarray) -> np.ndarray:
    """Enlarge 8 x 8 digits to the network's input: each pixel 4 x 4 times, three equal channels, 0..16 to -1..1.

    Parameters
    ----------
    pictures : (B, 8, 8) array
        0 is paper, 16 is ink.

    Returns
    -------
    (B, 32, 32, 3) float32 array

    Examples
    --------
    >>> digit_input(np.full((1, 8, 8), 12, np.uint8))[0, 31, 31]
    array([0.5, 0.5, 0.5], dtype=float32)
    """
    large = pictures.repeat(4, axis=1).repeat(4, axis=2)  # (B, 8, 8) -> (B, 32, 32)
    return np.repeat(large[..., np.newaxis], 3, axis=3).astype(np.float32) / 8 - 1  # (B, 32, 32, 3)


def load(path: str | os.PathLike[str]) -> Model:
    """A trained MobileNet v1 from a file of Keras, of Hugging Face or of our own.

    The format is found from the file's first bytes; alpha and the number of classes from its arrays. Keras' and
    our own files mean "same" padding, eps 1e-3, pixels scaled to -1 .. 1. Hugging Face's `config.json` beside the
    file tells its padding, eps, resolution and labels, and `preprocessor_config.json` its scaling. Labels of
    ImageNet's 1000 classes come from an `imagenet_class_index.json` beside the file. Weights do not depend on the
    resolution: it is 224 where nothing tells another, and `model.at(160)` changes it.

    Parameters
    ----------
    path : path
        `.h5` as Keras publishes, Keras 3's `.weights.h5`, `.safetensors` of MobileNetV1ForImageClassification, or
        `.npz` of `weights.save`. Without a classifier ("no_top") the model gives features.

    Returns
    -------
    Model

    Raises
    ------
    ValueError
        If the file is damaged, or is not a MobileNet v1: everything missing, extra or mis-shaped is named.
    ImportError
        If a library is missing that this format needs; the message says how to install it.
    OSError
        If it cannot be opened.

    Examples
    --------
    >>> with as_file(files("npmobile.pretrained") / "data" / "digits_weights.npz") as path:
    ...     model = load(path)
    >>> model.layers == mobilenet(alpha=0.25, classes=10), model.at(32).layers == digits().layers
    (True, True)
    """
    path = Path(path)
    checksums.check(path)
    kind, opened = reader(path)
    with opened as stored:
        layers = mobilenet(_alpha(stored), _named_resolution(path), _classes(stored))
        if not any(name.startswith("fc/") for name in stored):
            layers = layers[:-1]
        model = Model(layers, weights.take(stored, layers, path), ())
    if kind == "hugging face":
        model = _as_configured(model, path)
    return model if model.labels else replace(model, labels=_labels(model, path))


def _alpha(stored: Mapping[str, weights.Stored]) -> float:
    """The width multiplier, from the widest layer there is.

    A layer of the paper's c channels has int(alpha * c), and every c divides 1024: the alpha that is read off
    the last layer gives all others the right number, even where it is not quite the one it was made with.
    """
    for name, channels in (("conv_pw_13/kernel", 1024), ("conv1/kernel", 32)):
        if name in stored and stored[name].shape and stored[name].shape[-1] > 0:
            return stored[name].shape[-1] / channels
    return 1.0


def _classes(stored: Mapping[str, weights.Stored]) -> int:
    for name in ("fc/kernel", "fc/bias"):
        if name in stored and stored[name].shape:
            return max(1, stored[name].shape[-1])
    return 1000


def _named_resolution(path: Path) -> int:
    """Keras writes it into the file's name: mobilenet_1_0_160_tf.h5."""
    named = re.search(r"_(224|192|160|128)(_|$)", path.name.split(".")[0])
    return int(named[1]) if named else 224


def _as_configured(model: Model, path: Path) -> Model:
    """What Hugging Face writes beside the weights; its own evaluation keeps 224 of 256 pixels."""
    model = replace(model, crop=0.875)
    if config := _json(path.with_name("config.json")):
        if (activation := config.get("hidden_act", "relu6")) != "relu6":
            raise ValueError(f"{path} was trained with {activation}, and MobileNet here has relu6")
        names = config.get("id2label", {})
        count = model.layers[-1].N if model.layers[-1].kind == "fully_connected" else 0
        labels = tuple(str(names.get(str(number), f"class {number}")) for number in range(count)) if names else ()
        padding = "same" if config.get("tf_padding", True) else "symmetric"
        model = replace(model, padding=padding, eps=float(config.get("layer_norm_eps", 1e-3)), labels=labels)
        model = model.at(config.get("image_size", model.resolution))
    if processor := _json(path.with_name("preprocessor_config.json")):
        mean, std = processor.get("image_mean", [0.5] * 3), processor.get("image_std", [0.5] * 3)
        model = replace(model, mean=tuple(255 * value for value in mean), std=tuple(255 * value for value in std))
    return model


def _labels(model: Model, path: Path) -> tuple[str, ...]:
    """Names of the classes: ImageNet's where their file lies beside the weights, else numbers."""
    if model.layers[-1].kind != "fully_connected":
        return ()
    classes = model.layers[-1].N
    if classes in (1000, 1001) and (index := _json(path.with_name(CLASS_NAMES))):
        return ("background",) * (classes - 1000) + class_names(index, path.with_name(CLASS_NAMES))
    return tuple(f"class {number}" for number in range(classes))


def class_names(index: Mapping[str, Any], source: object) -> tuple[str, ...]:
    """ImageNet's 1000 names from Keras' class index: {"0": ["n01440764", "tench"], ...}."""
    try:
        return tuple(str(index[str(number)][1]) for number in range(1000))
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"{source} is not an index of 1000 classes: {error!r}") from error


def _json(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path} must hold a JSON object, but holds a {type(document).__name__}")
    return document
