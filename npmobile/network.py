"""Images to probabilities: the forward pass iterates over the table of layers.

Each convolution is followed by batch norm (or, folded, by a bias) and ReLU6 or ReLU; the pool and the classifier end
it. The convolutions come from a module that is passed in, so the same loop runs on `loops`, on `conv`, or on a
student's own three functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from . import checks, conv, ops, tables
from .quiet import quiet
from .spec import Layer, check_chain, with_padding
from .weights import check_input, require

Weights = Mapping[str, Mapping[str, np.ndarray]]


class Kernels(Protocol):
    """What `forward` needs of a module: the three convolutions, each returning (y, mult_adds)."""

    standard_conv: Callable[..., tuple[np.ndarray, int]]
    depthwise_conv: Callable[..., tuple[np.ndarray, int]]
    pointwise_conv: Callable[..., tuple[np.ndarray, int]]


class Step(NamedTuple):
    """One layer after it ran: the layer, the array that it made (after ReLU6), the mult-adds that it executed."""

    layer: Layer
    y: np.ndarray
    mult_adds: int

    def __repr__(self) -> str:
        return f"Step({self.layer.name}: y {self.y.shape} {self.y.dtype}, {self.mult_adds:,} mult-adds)"


class Guesses(tables.Shown, list[tuple[str, float]]):
    """A list of (label, probability) that displays as a table.

    >>> Guesses([("tabby", 0.8725), ("lynx", 0.0015)])
    label  probability
    tabby       87.25%
    lynx         0.15%
    """

    _words = ("label",)

    def _lines(self, wide: bool) -> tables.Lines:
        return [["label", "probability"], *([label, f"{probability:.2%}"] for label, probability in self)]


def forward(
    x: np.ndarray,
    layers: Sequence[Layer],
    weights: Weights,
    kernels: Kernels = conv,
    padding: str | None = None,
    eps: float = 1e-3,
    activation: str = "relu6",
) -> Iterator[Step]:
    """Run the network layer by layer; yields each step as soon as it is made.

    Parameters
    ----------
    x : (B, resolution, resolution, 3) float array
        Images, prepared as the weights expect.
    layers : sequence of Layer
        As made by `spec.mobilenet`, with or without its last layers.
    weights : Weights
        Folded or not.
    kernels : module
        `conv`, `loops`, or any module with the three convolutions.
    padding : {"same", "symmetric", "valid", "keras"}, optional
        Instead of the layers' own: see `spec.with_padding`.
    eps : float
        Of the batch norm, where it is not folded.
    activation : {"relu6", "relu"}
        Behind each convolution.

    Yields
    ------
    Step
        `(layer, y, mult_adds)`. The last step's y are the logits, before softmax or sigmoid.

    Raises
    ------
    ValueError, TypeError
        If x is not of the size that the layers are for, or the weights do not fit the layers.

    Examples
    --------
    >>> from npmobile import mobilenet, weights
    >>> layers = mobilenet(alpha=0.25, resolution=32, classes=10)
    >>> x = np.zeros((1, 32, 32, 3), np.float32)
    >>> steps = list(forward(x, layers, weights.init(layers)))
    >>> steps[2]
    Step(conv_pw_1: y (1, 16, 16, 16) float32, 32,768 mult-adds)
    >>> sum(step.mult_adds for step in steps)
    834688
    """
    check_chain(layers)
    layers = layers if padding is None else with_padding(layers, padding)
    eps = checks.number("eps", eps, at_least=0)
    checks.one_of("activation", activation, checks.ACTIVATIONS)
    require(weights, layers)
    check_input(x, layers, weights)
    needed = largest_step(layers, len(x)) * x.itemsize
    checks.memory(needed, f"a forward pass of {len(x)} images of {layers[0].D_F} x {layers[0].D_F}")
    return _steps(x, layers, weights, kernels, eps, ops.relu if activation == "relu" else ops.relu6)


def predict(
    x: np.ndarray, layers: Sequence[Layer], weights: Weights, padding: str | None = None, eps: float = 1e-3
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


def largest_step(layers: Sequence[Layer], images: int = 1) -> int:
    """The most numbers that one layer needs in `forward` with `conv`: its input, its im2col matrix, its output.

    >>> from npmobile import mobilenet
    >>> largest_step(mobilenet()) == 112 * 112 * (32 + 9 * 32 + 32)  # conv_dw_1
    True
    """
    most = 0
    for layer in layers:
        windows = layer.D_K**2 * layer.D_G**2 * layer.M if layer.kind in ("standard", "depthwise") else 0
        most = max(most, layer.D_F**2 * layer.M + windows + layer.D_G**2 * layer.N)
    return images * most


def _steps(
    x: np.ndarray,
    layers: Sequence[Layer],
    weights: Weights,
    kernels: Kernels,
    eps: float,
    activate: Callable[[np.ndarray], np.ndarray],
) -> Iterator[Step]:
    for layer in layers:
        arrays = weights.get(layer.name, {})
        mult_adds = 0
        if layer.kind == "pool":
            x = ops.global_average_pool(x)  # (B, D_F, D_F, M) -> (B, M)
        elif layer.kind == "fully_connected":
            x, mult_adds = ops.fully_connected(x, **arrays)  # (B, M) -> (B, N)
        else:
            x, mult_adds = _convolve(x, layer, arrays["kernel"], kernels)  # -> (B, D_G, D_G, N)
            x = activate(_normalise(x, arrays, eps))
        yield Step(layer, x, mult_adds)


def _convolve(x: np.ndarray, layer: Layer, kernel: np.ndarray, kernels: Kernels) -> tuple[np.ndarray, int]:
    if layer.kind == "standard":
        return kernels.standard_conv(x, kernel, layer.stride, layer.padding)
    if layer.kind == "depthwise":
        return kernels.depthwise_conv(x, kernel, layer.stride, layer.padding)
    return kernels.pointwise_conv(x, kernel)


@quiet
def _normalise(x: np.ndarray, arrays: Mapping[str, np.ndarray], eps: float) -> np.ndarray:
    """Batch norm; where it is folded, only a bias is left of it."""
    if "bias" in arrays:
        return x + arrays["bias"]
    return ops.batch_norm(x, arrays["gamma"], arrays["beta"], arrays["mean"], arrays["var"], eps)
