"""A network made ready to run often: what can be done once is done once, and memory is used again.

The walk is `network`'s on the kernels of `fast`, with two more tricks. Each saves something and costs something:

    memory is kept          A run makes no large new array: it works in a `Lane`, laid out when it is
                            first needed. It costs some 10 MB (1.0-224) for each thread that runs at the same time.
    zeros are there         A layer writes its output straight between the zeros that the next one's windows reach
                            over, and the copy that pads is saved. It costs a few zeros written anew for each layer.

Pictures of a batch go one by one, because what one needs stays in the cache and what 32 need does not.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np

from . import checks, fast, ops
from .spec import Layer
from .weights import Weights, require

Index = tuple[slice, ...]


class Plan:
    """Folded weights and the memory to run them in. Any number of threads may use one plan at the same time.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`, with or without the classifier.
    folded : Weights
        As made by `weights.fold`.
    padding : {"same", "symmetric"}

    Raises
    ------
    ValueError
        If weights lack a layer.

    Examples
    --------
    >>> from npmobile import mobilenet, weights
    >>> layers = mobilenet(alpha=0.25, resolution=32, classes=10)
    >>> plan = Plan(layers, weights.fold(weights.init(layers)))
    >>> logits, mult_adds = plan.run(np.zeros((2, 32, 32, 3), np.float32))
    >>> logits.shape, mult_adds  # 2 * 834688
    ((2, 10), 1669376)
    """

    def __init__(self, layers: Sequence[Layer], folded: Weights, padding: str = "same") -> None:
        require(folded, layers)
        self.layers, self.folded, self.padding = tuple(layers), folded, padding
        self.convolutions = [layer for layer in layers if layer.kind not in ("pool", "fully_connected")]
        self._idle: deque[Lane] = deque()  # as many as ever ran at once; a deque gives and takes atomically

    def run(self, x: np.ndarray, threads: int = 1) -> tuple[np.ndarray, int]:
        """Run the network: its last layer's output, before softmax, and the mult-adds executed.

        Parameters
        ----------
        x : (B, resolution, resolution, M) float array
            Pictures, prepared as the weights expect.
        threads : int
            Over how many threads the batch is split; see `network.Model.predict`.

        Raises
        ------
        ValueError, TypeError
            If x does not fit the layers and the weights.
        """
        checks.pictures(x, self.layers[0].D_F, self.layers[0].M)
        checks.floats(x=x, kernel=self.folded[self.layers[0].name]["kernel"])
        checks.count("threads", threads)
        features = np.empty((len(x), self.convolutions[-1].N), x.dtype)
        parts = [slice(first, None, threads) for first in range(min(threads, len(x)))]
        if len(parts) > 1:
            with ThreadPoolExecutor(len(parts)) as pool:
                counts = list(pool.map(lambda part: self._pictures(x[part], features[part]), parts))
        else:
            counts = [self._pictures(x, features)]
        if self.layers[-1].kind != "fully_connected":
            return features, sum(counts)
        logits, count = ops.fully_connected(features, **self.folded[self.layers[-1].name])
        return logits, sum(counts) + count

    def lane(self) -> Lane:
        """Memory to run one picture in: an idle lane if there is one, or else a new one."""
        try:
            return self._idle.pop()
        except IndexError:
            return Lane(self)

    def _pictures(self, x: np.ndarray, features: np.ndarray) -> int:
        """Run pictures one by one; the averages of their channels, (B, N), go into `features`."""
        lane = self.lane()
        mult_adds = sum(lane.run(picture, average) for picture, average in zip(x, features))
        self._idle.append(lane)
        return mult_adds


class Frame(NamedTuple):
    """The sizes of one layer's arrays. Pointwise layers have no edges: they read where the layer before wrote."""

    padded: tuple[int, ...]  # (1, zeros + D_F + zeros, zeros + D_F + zeros, M)
    inner: Index  # where the picture stands in it
    edges: Sequence[Index]  # and where the zeros
    y: tuple[int, ...]  # (1, D_G, D_G, N)


class Step(NamedTuple):
    """One layer, laid out: `edges` to be zero, `convolve()` into y, then bias and ReLU6 to where the next one reads."""

    layer: Layer
    edges: list[np.ndarray]
    convolve: Callable[[], int]
    y: np.ndarray
    bias: np.ndarray
    out: np.ndarray

    def run(self) -> int:
        """Run it; returns the mult-adds executed."""
        for edge in self.edges:
            edge.fill(0)
        mult_adds = self.convolve()
        fast.bias_relu6(self.y, self.bias, self.out)
        return mult_adds


class Lane:
    """Memory for one picture, and the steps that work in it. Serves one thread at a time.

    All layers share three arrays, each as large as the hungriest layer needs: the picture between its zeros,
    and outputs in turn. Memory that was just used is still in the cache when the next layer comes to it.
    """

    def __init__(self, plan: Plan) -> None:
        layers = plan.convolutions
        frames = [_frame(layer, plan.padding) for layer in layers]
        dtype = plan.folded[layers[0].name]["kernel"].dtype
        padded = _share([frame.padded for frame in frames], dtype)
        y: list[np.ndarray] = [padded[0]] * len(frames)
        for turn in (0, 1):  # a layer reads the one and writes the other
            y[turn::2] = _share([frame.y for frame in frames[turn::2]], dtype)
        inner = [x[frame.inner] for frame, x in zip(frames, padded)]
        self.entrance, self.exit = inner[0][0], y[-1][0]
        self.steps = []
        for n, (layer, frame) in enumerate(zip(layers, frames)):
            edges = [padded[n][edge] for edge in frame.edges]
            kernel, bias = plan.folded[layer.name]["kernel"], plan.folded[layer.name]["bias"]
            convolve = _convolve(layer, padded[n] if edges else y[n - 1], kernel, y[n])
            out = inner[n + 1] if any(frame.edges for frame in frames[n + 1 : n + 2]) else y[n]
            self.steps.append(Step(layer, edges, convolve, y[n], np.tile(bias, y[n].shape[2]), out))

    def run(self, picture: np.ndarray, average: np.ndarray) -> int:
        """Run one picture, (H, W, M); the average of each channel goes into `average`, (N,)."""
        self.entrance[...] = picture
        mult_adds = sum(step.run() for step in self.steps)
        self.exit.mean(axis=(0, 1), out=average)
        return mult_adds


def _frame(layer: Layer, padding: str) -> Frame:
    D_F, D_G = layer.D_F, layer.D_G
    before, after = fast.margins(D_F, layer.D_K, layer.stride, padding)
    y = (1, D_G, D_G, layer.N)
    if layer.D_K == 1:
        return Frame((1, 0, 0, layer.M), (), [], y)
    every, middle = slice(None), slice(before, before + D_F)
    sides = slice(before), slice(before + D_F, None)
    edges = [(every, side) for side in sides] + [(every, middle, side) for side in sides]
    return Frame((1, before + D_F + after, before + D_F + after, layer.M), (every, middle, middle), edges, y)


def _share(shapes: Sequence[tuple[int, ...]], dtype: np.dtype) -> list[np.ndarray]:
    """Arrays of these shapes that all begin in the same memory, as large as the largest."""
    memory = np.empty(max(map(math.prod, shapes), default=0), dtype)
    return [memory[: math.prod(shape)].reshape(shape) for shape in shapes]


def _convolve(layer: Layer, x: np.ndarray, kernel: np.ndarray, y: np.ndarray) -> Callable[[], int]:
    """One convolution of arrays that are all there: calling it does the arithmetic and nothing else."""
    if layer.kind == "depthwise":
        windows = fast.depthwise_windows(x, layer.D_K, layer.stride)
        return partial(fast.filter_windows, windows, fast.repeat(kernel, layer.stride, cols=y.shape[2]), y)
    matrix = y.reshape(-1, layer.N)
    if layer.kind == "pointwise":
        return partial(fast.multiply, x.reshape(-1, layer.M), kernel, matrix)
    return partial(_standard, fast.run_windows(x, layer.D_K, layer.stride), kernel.reshape(-1, layer.N), matrix)


def _standard(runs: np.ndarray, kernel: np.ndarray, out: np.ndarray) -> int:
    return fast.multiply(np.ascontiguousarray(runs).reshape(len(out), -1), kernel, out)
