"""The network that ships with the package, which reads handwritten digits, and digits to try it on."""

from __future__ import annotations

from importlib.resources import as_file, files

import numpy as np

from .. import weights
from ..model import Model
from ..spec import mobilenet


def digits() -> Model:
    """The small MobileNet that ships with the package: it reads handwritten digits.

    alpha 0.25, images of 32 x 32 x 3, 10 classes, trained by `tools/train_digits.py`.

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


def digit_input(images: np.ndarray) -> np.ndarray:
    """Enlarge 8 x 8 digits to the network's input: each pixel 4 x 4 times, three equal channels, 0..16 to -1..1.

    Parameters
    ----------
    images : (B, 8, 8) array
        0 is paper, 16 is ink.

    Returns
    -------
    (B, 32, 32, 3) float32 array

    Examples
    --------
    >>> digit_input(np.full((1, 8, 8), 12, np.uint8))[0, 31, 31]
    array([0.5, 0.5, 0.5], dtype=float32)
    """
    large = images.repeat(4, axis=1).repeat(4, axis=2)  # (B, 8, 8) -> (B, 32, 32)
    return np.repeat(large[..., np.newaxis], 3, axis=3).astype(np.float32) / 8 - 1  # (B, 32, 32, 3)
