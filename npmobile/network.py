"""Images to probabilities: the forward pass walks the table of layers.

Each convolution is followed by batch norm (or, folded, by a bias) and ReLU6; the pool and the classifier end
it. The convolutions come from a module that is passed in, so the same walk runs on `loops`, on `conv`, or on
a student's own three functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from . import checks, conv, ops
from .spec import Layer
from .weights import Weights, require


class Kernels(Protocol):
    """What `forward` needs of a module: the three convolutions, each returning (y, mult_adds)."""

    standard_conv: Callable[..., tuple[np.ndarray, int]]
    depthwise_conv: Callable[..., tuple[np.ndarray, int]]
    pointwise_conv: Callable[..., tuple[np.ndarray, int]]


class Step(NamedTuple):
    """One layer, run: what it was, the array it made (after ReLU6), and the mult-adds it executed."""

    layer: Layer
    y: np.ndarray
    mult_adds: int


def forward(
    x: np.ndarray,
    layers: Sequence[Layer],
    weights: Weights,
    kernels: Kernels = conv,
    padding: str = "same",
    eps: float = 1e-3,
) -> Iterator[Step]:
    """Run the network layer by layer, handing out each step as it is made.

    Parameters
    ----------
    x : (B, resolution, resolution, 3) float array
        Pictures, prepared as the weights expect.
    layers : sequence of Layer
        As made by `spec.mobilenet`.
    weights : Weights
        Folded or not.
    kernels : module
        `conv`, `loops`, or any module with the three convolutions.
    padding : {"same", "symmetric"}
        "same" for weights trained in TensorFlow, "symmetric" for PyTorch's own.
    eps : float
        Of the batch norm, where it is not folded.

    Yields
    ------
    Step
        `(layer, y, mult_adds)`. The last step's y are the logits, before softmax.

    Raises
    ------
    ValueError
        If x is not of the size that the layers are for, or weights lack a layer.

    Examples
    --------
    >>> from npmobile import mobilenet, weights
    >>> layers = mobilenet(alpha=0.25, resolution=32, classes=10)
    >>> x = np.zeros((1, 32, 32, 3), np.float32)
    >>> steps = list(forward(x, layers, weights.init(layers)))
    >>> steps[2].layer.name, steps[2].y.shape, steps[2].mult_adds
    ('conv_pw_1', (1, 16, 16, 16), 32768)
    >>> sum(step.mult_adds for step in steps)
    834688
    """
    checks.pictures(x, layers[0].D_F, layers[0].M)
    require(weights, layers)
    return _walk(x, layers, weights, kernels, padding, eps)


def predict(
    x: np.ndarray, layers: Sequence[Layer], weights: Weights, padding: str = "same", eps: float = 1e-3
) -> np.ndarray:
    """Run the whole network.

    Parameters and raises as `forward`.

    Returns
    -------
    (B, classes) array
        Probabilities: each row sums to 1. Of layers without a classifier, the last layer's output as it is.

    Examples
    --------
    >>> from npmobile import mobilenet, weights
    >>> layers = mobilenet(alpha=0.25, resolution=32, classes=10)
    >>> predict(np.zeros((2, 32, 32, 3), np.float32), layers, weights.init(layers)).shape
    (2, 10)
    """
    for step in forward(x, layers, weights, padding=padding, eps=eps):
        y = step.y
    return ops.softmax(y) if step.layer.kind == "fully_connected" else y


def _walk(
    x: np.ndarray, layers: Sequence[Layer], weights: Weights, kernels: Kernels, padding: str, eps: float
) -> Iterator[Step]:
    for layer in layers:
        arrays = weights.get(layer.name, {})
        mult_adds = 0
        if layer.kind == "pool":
            x = ops.global_average_pool(x)  # (B, D_F, D_F, M) -> (B, M)
        elif layer.kind == "fully_connected":
            x, mult_adds = ops.fully_connected(x, **arrays)  # (B, M) -> (B, N)
        else:
            x, mult_adds = _convolve(x, layer, arrays["kernel"], kernels, padding)  # -> (B, D_G, D_G, N)
            x = ops.relu6(_normalise(x, arrays, eps))
        yield Step(layer, x, mult_adds)


def _convolve(
    x: np.ndarray, layer: Layer, kernel: np.ndarray, kernels: Kernels, padding: str
) -> tuple[np.ndarray, int]:
    if layer.kind == "standard":
        return kernels.standard_conv(x, kernel, layer.stride, padding)
    if layer.kind == "depthwise":
        return kernels.depthwise_conv(x, kernel, layer.stride, padding)
    return kernels.pointwise_conv(x, kernel)


def _normalise(x: np.ndarray, arrays: dict[str, np.ndarray], eps: float) -> np.ndarray:
    """Batch norm; folded, only a bias is left of it."""
    if "bias" in arrays:
        return x + arrays["bias"]
    return ops.batch_norm(x, arrays["gamma"], arrays["beta"], arrays["mean"], arrays["var"], eps)
