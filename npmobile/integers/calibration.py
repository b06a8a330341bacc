"""From a network of floats to one of integers, after training: `quantise`.

Post-training quantisation as TensorFlow's converter does it (int8, one scale for each output channel). It needs the
weights and a few images, and no training: the images show which numbers each layer makes, and so how large a step of
its 8 bits must be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

from .. import checks, network
from ..spec import Layer
from .layer import IntegerLayer
from .model import IntegerModel
from .quantisation import Quantisation

if TYPE_CHECKING:
    from ..images import Preparation

FULL = 127  # int8 kernels use -127 to 127: as far below 0 as above
PROBABILITIES = Quantisation(1 / 256, -128, "int8")  # of every softmax in int8: 0 to 255/256


class FloatModel(Protocol):
    """What `quantise` needs of a `Model`."""

    @property
    def layers(self) -> tuple[Layer, ...]: ...
    @property
    def folded(self) -> Mapping[str, Mapping[str, np.ndarray]]: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def preparation(self) -> Preparation | None: ...
    @property
    def output(self) -> str: ...
    @property
    def activation(self) -> str: ...


def quantise(model: FloatModel, images: np.ndarray) -> IntegerModel:
    """A network of floats as one of int8.

    Parameters
    ----------
    model : Model
        Batch norm is folded first.
    images : (B, resolution, resolution, M) float array
        Prepared, as for `model.predict`; a hundred that are like those to come. Each layer's output gets the scale
        that its smallest and largest number on them need.

    Returns
    -------
    IntegerModel

    Raises
    ------
    ValueError, TypeError
        If images do not fit the model, or there is none; if the model has other functions than ReLU6 and softmax.

    Examples
    --------
    The digits network becomes a quarter as large, and reads as many of 360 digits but for three at most:

    >>> from npmobile import pretrained
    >>> digits, (x, labels) = pretrained.digits(), pretrained.digits_test()
    >>> small = quantise(digits, x[:100])
    >>> answers = small.predict(small.input.quantise(x))
    >>> right, right_before = (answers.argmax(axis=1) == labels).sum(), (digits.predict(x).argmax(axis=1) == labels).sum()
    >>> bool(abs(right - right_before) <= 3)
    True
    >>> sum(array.nbytes for arrays in digits.folded.values() for array in arrays.values()), small.nbytes
    (851624, 221144)
    """
    _check_functions(model)
    if isinstance(images, np.ndarray) and len(images) == 0:
        raise ValueError("images must hold at least one image")
    first = x = range_of(images)
    integers = []
    for step in network.forward(images, model.layers, model.folded):
        integers.append(quantise_layer(step.layer, x, step.y, model.folded.get(step.layer.name, {})))
        x = integers[-1].y
    last = PROBABILITIES if model.layers[-1].kind == "fully_connected" else x
    probabilities = last if last is PROBABILITIES else None
    return IntegerModel(tuple(integers), first, last, probabilities, labels=model.labels, preparation=model.preparation)


def _check_functions(model: FloatModel) -> None:
    """Refuse functions that the integers do not have."""
    if model.activation != "relu6":
        raise ValueError(f"quantise is for networks with ReLU6, but the activation of this one is {model.activation}")
    if model.layers[-1].kind == "fully_connected" and model.output != "softmax":
        raise ValueError(f"quantise is for classifiers with softmax, but the output of this one is {model.output}")


def range_of(real: np.ndarray) -> Quantisation:
    """The int8 scale and zero point whose 256 steps reach from the smallest number to the largest, 0 included.

    0 must be one of the steps exactly, because padding is made of it.

    Parameters
    ----------
    real : float array

    Returns
    -------
    Quantisation

    Examples
    --------
    From 0 to 6 with 255 steps between:

    >>> range_of(np.array([0.1, 6.0], np.float32))
    Quantisation(scale=0.0235294, zero=-128, dtype=int8)
    """
    checks.floats(real=real)
    low, high = min(float(real.min()), 0.0), max(float(real.max()), 0.0)
    if not np.isfinite(high - low):
        raise ValueError("numbers to be quantised must be finite")
    scale = np.float32((high - low) / 255) or np.float32(1)  # nothing but zeros: any scale will do
    return Quantisation(scale, int(np.rint(-128 - low / scale)), "int8")


def quantise_layer(layer: Layer, x: Quantisation, y: np.ndarray, arrays: Mapping[str, np.ndarray]) -> IntegerLayer:
    """One layer in int8, from its folded float arrays and what it made of the images.

    Each output channel n of the kernel has a scale of its own, max |w_n| / 127, and zero point 0. The bias is in
    units of scale_x * scale_w, so that it can be added to the sums. A channel with tiny weights and a large bias
    would need more than 31 bits for it; its scale is made larger.

    Parameters
    ----------
    layer : Layer
    x : Quantisation
        Of what goes in.
    y : float array
        What came out.
    arrays : dict
        `kernel` and `bias`; none for a pool.

    Returns
    -------
    IntegerLayer
    """
    if layer.kind == "pool":
        return IntegerLayer(layer, x, x)  # a mean needs no larger numbers than it is made of
    kernel, bias = arrays["kernel"].astype(np.float64), arrays["bias"].astype(np.float64)
    largest = np.abs(kernel).reshape(-1, layer.N).max(axis=0)  # (N,)
    scale = np.maximum(largest / FULL, np.abs(bias) / (float(x.scale) * 2**29))
    w = Quantisation(np.where(scale > 0, scale, 1), 0, "int8")
    unit = float(x.scale) * w.scale.astype(np.float64)
    return IntegerLayer(layer, x, range_of(y), w.quantise(arrays["kernel"]), w, np.rint(bias / unit).astype(np.int32))
