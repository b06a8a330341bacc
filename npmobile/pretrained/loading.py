"""A `Model` from a file of weights, whatever framework wrote it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import weights
from ..files import Stored
from ..model import Model
from ..spec import BLOCKS, FIRST_CHANNELS, Layer, at_resolution, mobilenet
from . import causes, checksums, folders, keras, labels, npz, safetensors, tflite
from .contents import HEAD, Contents
from .messages import Refused, about

READERS = (keras, safetensors, npz, tflite)  # one for each file format: see `contents`
ARRAYS = ("kernel", *weights.BATCH_NORM, "bias")


def load(path: str | os.PathLike[str], features: bool = False) -> Model:
    """A trained MobileNet v1 from a file of Keras, of PyTorch, of TensorFlow Lite or of our own.

    The format is found from the file's first bytes; alpha and the number of classes from its arrays. What a file
    says besides its arrays is followed, or the file is refused:

    - the config of a whole Keras model: the images' side, how pixels are scaled in it, the padding, the batch norm's
      eps, and the head that somebody put behind the body: average pool, one Dense, softmax, sigmoid or linear;
    - `config.json` of transformers or timm beside the file: the same and the labels; `preprocessor_config.json`: how
      images are prepared.

    What is assumed where a file says nothing stands in the table of `npmobile/pretrained/README.md`. Labels of
    ImageNet's 1000 classes come from an `imagenet_class_index.json` beside the file. Weights do not depend on the
    resolution: it is 224 where nothing tells another (the names of Keras' published files do), and `model.at(160)`
    changes it.

    Parameters
    ----------
    path : path
        `.h5` as Keras publishes, Keras 3's `.weights.h5`, whole Keras models as `.keras` or `.h5`, `.safetensors`
        of transformers, of timm, and of PyTorch's sequential layout (`model.0.0.weight`), a folder of
        `save_pretrained` with one in it, `.tflite` (8-bit integers are dequantised; `load_integers` keeps them), or
        `.npz` of `weights.save` and `Model.save`. Without a classifier ("no_top") the model gives features.
    features : bool
        True for the body alone, whatever stands behind it in the file: `predict` then gives the features that the
        average pool makes, (B, 1024 * alpha).

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
        If it cannot be opened, or is a folder without such a file.

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
        path = folders.file_in(path) if path.is_dir() else path
    with about(path):
        reader = _reader(path)
        checksums.check(path)
        with reader.contents(path) as said:
            return _model(said.body() if features else said, path)


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
        functions = {"output": said.output, "activation": said.activation}
        return Model(tuple(layers), w, names, eps=said.eps, preparation=said.preparation, **functions)
    except TypeError as error:  # labels that are no text
        raise Refused(str(error)) from error


def _layers(said: Contents) -> Sequence[Layer]:
    """Those of a MobileNet v1 with these arrays, as the file says it is."""
    arrays = said.arrays
    classifier = any(name.startswith("fc/") for name in arrays) if said.classifier is None else said.classifier
    first, *widths = _widths(arrays)
    blocks = [(N, stride) for N, (_, stride) in zip(widths, BLOCKS)]
    layers = mobilenet(1.0, said.resolution, _classes(arrays), blocks, padding=said.padding)
    conv1, dw, pw, *others = layers
    layers = (replace(conv1, N=first), replace(dw, M=first, N=first), replace(pw, M=first), *others)
    layers = layers if classifier else layers[:-1] if said.pool else layers[:-2]
    padded = [replace(layer, padding=said.paddings.get(layer.name, layer.padding)) for layer in layers]
    return at_resolution(padded, said.resolution)  # with other paddings, feature maps have other sides


def _widths(arrays: Mapping[str, Stored]) -> list[int]:
    """The output channels of conv1, conv_pw_1 ... conv_pw_13, as most arrays of each layer have them.

    They are read and not computed, because libraries round alpha * channels differently: Keras down, timm to
    multiples of 8, transformers to at least 8. A layer without arrays has int(alpha * channels), with the alpha of
    the last layer that has some.
    """
    channels = {"conv1": FIRST_CHANNELS} | {f"conv_pw_{number}": N for number, (N, _) in enumerate(BLOCKS, start=1)}
    found: dict[str, int] = {}
    for layer in channels:
        named = (arrays[f"{layer}/{name}"].shape for name in ARRAYS if f"{layer}/{name}" in arrays)
        counted = Counter(shape[-1] for shape in named if shape and shape[-1] > 0)
        if counted:
            found[layer] = max(counted, key=counted.__getitem__)
    alpha = next((found[layer] / channels[layer] for layer in reversed(channels) if layer in found), 1.0)
    return [found.get(layer, max(1, int(alpha * c))) for layer, c in channels.items()]


def _classes(arrays: Mapping[str, Stored]) -> int:
    for name in ("fc/kernel", "fc/bias"):
        if name in arrays and arrays[name].shape:
            return max(1, arrays[name].shape[-1])
    return 1000
