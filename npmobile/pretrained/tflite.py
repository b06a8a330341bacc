"""`.tflite` files of MobileNet v1, as TensorFlow Lite runs them on phones and microcontrollers.

    contents        for `load`: a float `Model`; the 8-bit integers of a quantised file are dequantised
    load_integers   an `IntegerModel`, which computes what the file's interpreter computes, bit for bit

`tflite_graph` reads the operators and arrays of a file, `tflite_chain` finds the layers in them, and `tflite_row` makes
floats or integers of each.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from ..files import Stored
from ..images import Preparation
from ..integers import IntegerModel
from ..spec import Layer
from ..weights import Weights
from . import causes, labels
from .contents import Contents
from .messages import about
from .tflite_chain import Chain
from .tflite_graph import Tensor
from .tflite_row import quantisation


def looks_like(head: bytes, path: Path) -> bool:
    """Whether a file that begins with these bytes is a `.tflite` file."""
    return head[4:8] == b"TFL3"


@contextmanager
def contents(path: Path) -> Iterator[Contents]:
    """What the file says, for a float `Model`; the 8-bit integers of a quantised file are dequantised."""
    layers, weights, preparation, output = read(path)
    arrays = {
        f"{layer}/{name}": Stored(array.shape, array.dtype, partial(np.asarray, array))
        for layer, named in weights.items()
        for name, array in named.items()
    }
    yield Contents(arrays, layers=layers, preparation=preparation, output=output)


def read(path: Path) -> tuple[tuple[Layer, ...], Weights, Preparation, str]:
    """The parts of a float model: layers, folded weights in float32, how images are prepared, and the output.

    Where the graph ends without SOFTMAX, the output is "linear": the logits.

    Raises
    ------
    ValueError
        If the file is damaged or holds another network: the first operator that does not fit is named.
    ImportError
        If the library `tflite` is missing.
    OSError
        If the file cannot be opened.
    """
    chain = Chain(path)
    if chain.rows[0].layer.kind == "fully_connected":
        raise ValueError(f"{path} holds a classifier alone, which takes no images; load_integers reads it")
    with chain.named():
        weights = {row.layer.name: row.floats() for row in chain.rows if row.kernel is not None}
        layers = tuple(row.layer for row in chain.rows)
        output = "linear" if layers[-1].kind == "fully_connected" and chain.softmax is None else "softmax"
        return layers, weights, _preparation(chain.input), output


def load_integers(path: str | os.PathLike[str]) -> IntegerModel:
    """A network in 8-bit integers from a quantised `.tflite` file.

    Parameters
    ----------
    path : path
        uint8, as Google's files (one scale for each kernel), or int8 with a scale for each output channel, as
        TensorFlow's converter makes now. A part of a network is read too: Google's body without the classifier, and
        the classifier alone.

    Returns
    -------
    IntegerModel
        With the labels of ImageNet where an `imagenet_class_index.json` is beside the file.

    Raises
    ------
    ValueError, ImportError, OSError
        As `read`; and ValueError if the file is not quantised throughout.
    """
    path = Path(path)
    with about(path):
        causes.check_is_file(path)
        chain = Chain(path)
        names = labels.beside(path, chain.rows[-1].layer)
        with chain.named():
            integers = tuple(row.integers() for row in chain.rows)
            probabilities = None if chain.softmax is None else quantisation(chain.softmax)
            first, last = (
                None if end.dtype == np.float32 else quantisation(end) for end in (chain.input, chain.output)
            )
            shape, preparation = chain.output.shape[1:], _preparation(chain.input)
            return IntegerModel(integers, first, last, probabilities, shape, names, preparation=preparation)


def _preparation(tensor: Tensor) -> Preparation:
    """How pixels from 0 to 255 become the input.

    Where the input's 256 integers reach from about -1 to 1, they are the pixels (minus 128 for int8), and no pixel is
    rounded. Otherwise pixels are scaled to -1 to 1, as for a network of floats.
    """
    if tensor.dtype in (np.uint8, np.int8):
        reading = quantisation(tensor)
        mean, std = reading.zero - reading.low, 1 / float(reading.scale)
        if abs(mean - 127.5) <= 1 and abs(std - 127.5) <= 1:
            return Preparation(mean=(mean,) * 3, std=(std,) * 3)
    return Preparation()
