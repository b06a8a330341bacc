"""A network made ready to run often: what can be done once is done once, and memory is used again.

The walk is `network`'s on the kernels of `fast`, with three more tricks. Each saves something and costs something:

    memory is kept          A run makes no large new array: it works in a `Lane`, laid out when it is
                            first needed. It costs some 10 MB (1.0-224) for each thread that runs at the same time.
    zeros are there         A layer writes its output straight between the zeros that the next one's windows reach
                            over, and the copy that pads is saved. It costs the zeros, written anew for each layer.
    kernels lie apart       Rows of 512 or 1024 numbers all begin at the same places of the cache and push each other
                            out; with 16 numbers between them they do not. It costs a copy of the kernels.

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

APART = 16  # numbers between the rows of a kernel


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
        self.kernels = {layer.name: _kernel(layer, folded[layer.name]["kernel"]) for layer in self.convolutions}
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


class Step(NamedTuple):
    """One layer, laid out: `edges` zero, `convolve()` into y, bias and ReLU6, then to the places where the next reads."""

    layer: Layer
    edges: list[np.ndarray]
    convolve: Callable[[], int]
    y: np.ndarray
    bias: np.ndarray
    places: list[fast.Place]

    def run(self) -> int:
        """Run it; returns the mult-adds executed."""
        for edge in self.edges:
            edge.fill(0)
        mult_adds = self.convolve()
        if len(self.places) == 1:
            fast.bias_relu6(self.y, self.bias, out=self.places[0][0])
        else:
            fast.bias_relu6(self.y, self.bias, out=self.y)
            fast.put(self.y, self.places)
        return mult_adds


class Lane:
    """Memory for one picture, and the steps that work in it. Serves one thread at a time.

    All layers share four arrays, each as large as the hungriest layer needs: the room of the input, two outputs
    in turn, of which a layer reads the one and writes the other, and what a layer needs beside them. Memory that
    was just used is still in the cache when the next layer comes to it.
    """

    def __init__(self, plan: Plan) -> None:
        layers = plan.convolutions
        dtype = plan.folded[layers[0].name]["kernel"].dtype
        shapes = [(1, layer.D_G, layer.D_G, layer.N) for layer in layers]
        y: list[np.ndarray] = [np.empty(0, dtype)] * len(layers)
        for turn in (0, 1):
            y[turn::2] = _share(shapes[turn::2], dtype)
        spares = _share([_spare(layer) for layer in layers], dtype)
        rooms = _rooms(layers, y, plan.padding)
        ends = [*(room.places for room in rooms[1:]), [(y[-1], slice(None))]]
        self.entrance, self.exit = rooms[0].places, y[-1][0]
        self.steps = []
        for layer, room, out, spare, places in zip(layers, rooms, y, spares, ends):
            convolve = _convolve(layer, room.array, plan.kernels[layer.name], out, spare)
            bias = np.tile(plan.folded[layer.name]["bias"], layer.D_G)
            self.steps.append(Step(layer, room.edges, convolve, out, bias, places))

    def run(self, picture: np.ndarray, average: np.ndarray) -> int:
        """Run one picture, (D_F, D_F, M); the average of each channel goes into `average`, (N,)."""
        fast.put(picture[np.newaxis], self.entrance)
        mult_adds = sum(step.run() for step in self.steps)
        self.exit.mean(axis=(0, 1), out=average)
        return mult_adds


def _kernel(layer: Layer, kernel: np.ndarray) -> np.ndarray:
    """A kernel as the steps want it: a matrix (D_K * D_K * M, N) with its rows apart, or depthwise as it is."""
    if layer.kind == "depthwise":
        return kernel
    matrix = kernel.reshape(-1, layer.N)
    apart = np.empty((len(matrix), layer.N + APART), kernel.dtype)[:, : layer.N]
    apart[...] = matrix
    return apart


def _rooms(layers: Sequence[Layer], y: Sequence[np.ndarray], padding: str) -> list[fast.Room]:
    """Where each layer reads. Pointwise layers have no room of their own: they read what the one before wrote."""
    pictures = [(1, layer.D_F, layer.D_F, layer.M) for layer in layers]
    how = [(layer.D_K, layer.stride, padding) for layer in layers]
    shapes = [
        fast.room_shape(picture, *h, hands=layer.stride if layer.kind == "depthwise" else 1) if layer.D_K > 1 else (0,)
        for layer, picture, h in zip(layers, pictures, how)
    ]
    return [
        fast.room(array, picture, *h) if array.size else fast.Room(before, [(before, slice(None))], [])
        for array, picture, h, before in zip(_share(shapes, y[0].dtype), pictures, how, (y[-1], *y))
    ]


def _spare(layer: Layer) -> tuple[int, ...]:
    """What a layer needs beside its input and output: a standard one its columns, a depthwise one a second output."""
    if layer.kind == "standard":
        return (layer.D_G**2 * layer.D_K**2 * layer.M,)
    return (1, layer.D_G, layer.D_G, layer.N) if layer.kind == "depthwise" else (0,)


def _share(shapes: Sequence[tuple[int, ...]], dtype: np.dtype) -> list[np.ndarray]:
    """Arrays of these shapes that all begin in the same memory, as large as the largest."""
    memory = np.empty(max(map(math.prod, shapes), default=0), dtype)
    return [memory[: math.prod(shape)].reshape(shape) for shape in shapes]


def _convolve(layer: Layer, x: np.ndarray, kernel: np.ndarray, y: np.ndarray, spare: np.ndarray) -> Callable[[], int]:
    """One convolution of arrays that are all there: calling it does the arithmetic and nothing else."""
    if layer.kind == "depthwise":
        windows = fast.row_windows(x, layer.D_K, layer.D_G, layer.D_G)
        return partial(fast.filter_windows, windows, fast.repeat(kernel, layer.stride, layer.D_G), y, spare)
    matrix = y.reshape(-1, layer.N)
    if layer.kind == "pointwise":
        return partial(fast.multiply, x.reshape(-1, layer.M), kernel, matrix)
    runs = fast.run_windows(x, layer.D_K, layer.stride)
    return lambda: fast.multiply(fast.columns(runs, spare), kernel, matrix)
