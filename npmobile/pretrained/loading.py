"""A `Model` from a file of weights, whatever framework wrote it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import weights
from ..files import Stored
from ..model import Model
from ..spec import BLOCKS, FIRST_CHANNELS, Layer, at_resolution, mobilenet
from . import causes, checksums, huggingface, keras, labels, npz, tflite
from .contents import HEAD, Contents
from .messages import Refused, about

READERS = (keras, huggingface, npz, tflite)  # one for each file format: see `contents`


def load(path: str | os.PathLike[str]) -> Model:
    """A trained MobileNet v1 from a file of Keras, of Hugging Face, of TensorFlow Lite or of our own.

    The format is found from the file's first bytes; alpha and the number of classes from its arrays. What a file
    says besides its arrays is followed, or the file is refused:

    - the config of a whole Keras model: the images' side, the padding, the batch norm's eps, the functions;
    - Hugging Face's `config.json` beside the file: the same and the labels; `preprocessor_config.json`: how images
      are prepared.

    Where it says nothing, pixels are scaled to -1 .. 1, eps is 1e-3, and the padding is that of
    `keras.applications.MobileNet` for files of Keras and "same" for others. Labels of ImageNet's 1000 classes come
    from an `imagenet_class_index.json` beside the file. Weights do not depend on the resolution: it is 224 where
    nothing tells another (the names of Keras' published files do), and `model.at(160)` changes it.

    Parameters
    ----------
    path : path
        `.h5` as Keras publishes, Keras 3's `.weights.h5`, whole Keras models as `.keras` or `.h5`, `.safetensors`
        of MobileNetV1ForImageClassification, `.tflite` (8-bit integers are dequantised; `load_integers` keeps
        them), or `.npz` of `weights.save` and `Model.save`. Without a classifier ("no_top") the model gives
        features.

    Returns
    -------
    Model

    Raises
    ------
    ValueError
        If the file is damaged, or is not a MobileNet v1: the likely cause, and some of what does not fit.
    ImportError
        If a library is missing that this format needs; the message says how to install it.
    OSError
        If it cannot be opened, or is a folder.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from npmobile.pretrained import digits
    >>> with as_file(files("npmobile.pretrained") / "data" / "digits_weights.npz") as path:
    ...     model = load(path)
    >>> model.layers == mobilenet(alpha=0.25, classes=10), model.at(32).layers == digits().layers
    (True, True)
    """
    path = Path(path)
    with about(path):
        reader = _reader(path)
        checksums.check(path)
        with reader.contents(path) as said:
            return _model(said, path)


def _reader(path: Path) -> Any:
    """The module that reads files such as this one."""
    causes.check_is_file(path)
    with path.open("rb") as file:
        head = file.read(HEAD)
    for reader in READERS:
        if reader.looks_like(head, path):
            return reader
    raise Refused(causes.of_format(head, path))


def _model(said: Contents, path: Path) -> Model:
    layers = _layers(said) if said.layers is None else said.layers
    causes.check(said, layers, path)
    w = weights.take(said.arrays, layers, path)
    names = tuple(said.labels) or labels.beside(path, layers[-1])
    try:
        return Model(tuple(layers), w, names, eps=said.eps, preparation=said.preparation)
    except TypeError as error:  # labels that are no text
        raise Refused(str(error)) from error


def _layers(said: Contents) -> Sequence[Layer]:
    """Those of a MobileNet v1 with these arrays, as the file says it is."""
    arrays = said.arrays
    classifier = any(name.startswith("fc/") for name in arrays) if said.classifier is None else said.classifier
    if classifier and said.output != "softmax":
        raise Refused(f"its classifier ends in {said.output}, and a Model in softmax")
    layers = mobilenet(_alpha(arrays), said.resolution, _classes(arrays), padding=said.padding)
    layers = layers if classifier else layers[:-1] if said.pool else layers[:-2]
    padded = [replace(layer, padding=said.paddings.get(layer.name, layer.padding)) for layer in layers]
    return at_resolution(padded, said.resolution)  # with other paddings, feature maps have other sides


def _alpha(arrays: Mapping[str, Stored]) -> float:
    """The width multiplier, from the last layer there is.

    A layer of the paper's c channels has int(alpha * c), and c divides that of all later layers: the alpha that is
    read off the last one gives all others the right number, even where it is not quite the one it was made with.
    """
    channels = {"conv1/kernel": FIRST_CHANNELS}
    channels |= {f"conv_pw_{number}/kernel": N for number, (N, _) in enumerate(BLOCKS, start=1)}
    for name in reversed(channels):
        if name in arrays and arrays[name].shape and arrays[name].shape[-1] > 0:
            return arrays[name].shape[-1] / channels[name]
    return 1.0


def _classes(arrays: Mapping[str, Stored]) -> int:
    for name in ("fc/kernel", "fc/bias"):
        if name in arrays and arrays[name].shape:
            return max(1, arrays[name].shape[-1])
    return 1000
