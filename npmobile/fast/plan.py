"""A network made ready to run often: what can be done once is done once, and memory is used again.

The walk is `network`'s on the kernels of `fast`, with five more tricks. Each saves something and costs something:

    memory is kept          A run makes no large new array: it works in a `Lane`, laid out when it is
                            first needed. It costs some 10 MB (1.0-224) for each thread that runs at the same time.
    calls are bound         What NumPy is to do with which arrays is settled when the lane is laid out; a run only
                            makes the calls. Python that decides again each time finds its own code gone from the
                            cache, for the pictures went through it. It costs a lane for one picture and no other.
    zeros are there         A matrix product writes its output straight between the zeros that the next layer's
                            windows reach over, and bias and ReLU6 find it there: nothing is copied. It costs the
                            zeros, written anew for each layer.
    products deal out       Before a layer of stride 2, the matrix product takes every other pixel first, then the
                            rest: what it makes is dealt out to two hands already. It costs BLAS a second look
                            at the kernel, so it pays only where the picture is the larger of the two.
    kernels lie apart       Rows of 512 or 1024 numbers all begin at the same places of the cache and push each other
                            out; with 16 numbers between them they do not. It costs a copy of the kernels.

Pictures of a batch go one by one, because what one needs stays in the cache and what 32 need does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import numpy as np

from .. import checks
from ..spec import Layer
from ..weights import require
from . import kernels, layout

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

    def __init__(
        self, layers: Sequence[Layer], folded: Mapping[str, Mapping[str, np.ndarray]], padding: str = "same"
    ) -> None:
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
        checks.images(x, self.layers[0].D_F, self.layers[0].M)
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
        last = self.folded[self.layers[-1].name]
        logits = np.empty((len(x), len(last["bias"])), x.dtype)
        counts.append(kernels.run([kernels.multiply(features, last["kernel"], out=logits)]))
        logits += last["bias"]
        return logits, sum(counts)

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


class Lane:
    """Memory for one picture, and the calls that work in it, layer by layer. Serves one thread at a time.

    All layers share two arrays, each as large as the hungriest layer needs: a layer reads here and writes there, the
    next one the other way, and a third holds what some need beside. Memory that was just used is still in the cache
    when the next layer comes to it.
    """

    def __init__(self, plan: Plan) -> None:
        last = plan.convolutions[-1]
        pool = Layer("pool", "pool", last.D_G, 1, last.N, last.N, last.D_G)  # reads what the last one wrote
        layers = [*plan.convolutions, pool]
        size = max(layout.room_size(*_how(layer, plan.padding)) for layer in layers)
        beside = max(_beside(layer, plan.kernels[layer.name]) for layer in plan.convolutions)
        # In one piece: asked for apart, arrays lie where copies from one to the other take twice as long.
        memory = np.empty(2 * size + beside, plan.folded[last.name]["kernel"].dtype)
        self.here, self.there, self.beside = memory[:size], memory[size : 2 * size], memory[2 * size :]
        room = self.entrance = layout.room(self.here, *_how(layers[0], plan.padding))
        self.calls: list[tuple[Layer, list[kernels.Call]]] = []
        for layer, following in pairwise(layers):
            calls, room = self._bind(layer, room, following, plan)
            self.calls.append((layer, calls))
        self.exit = _matrix(room[0])

    def run(self, picture: np.ndarray, average: np.ndarray) -> int:
        """Run one picture, (D_F, D_F, M); the average of each channel goes into `average`, (N,)."""
        mult_adds = 0
        with kernels.Unbuffered():
            layout.put(picture[np.newaxis], self.entrance)
            for _, calls in self.calls:
                mult_adds += kernels.run(calls)
            np.add.reduce(self.exit, axis=0, out=average)
            average /= len(self.exit)
        return mult_adds

    def _bind(
        self, layer: Layer, room: list[layout.Hand], following: Layer, plan: Plan
    ) -> tuple[list[kernels.Call], list[layout.Hand]]:
        """The calls of a layer that reads from `room`, and where the following one will read."""
        bias, padding = plan.folded[layer.name]["bias"], plan.padding
        calls: list[kernels.Call] = [(partial(edge.fill, 0), 0) for hand in room for edge in hand.edges]
        out = made = layout.room(self.there, *_how(following, padding))
        if not _straight(layer, following):
            made = layout.room(self.there, (1, layer.D_G, layer.D_G, layer.N), 1, 1, padding, hands=1)
        calls += _convolve(layer, room, plan.kernels[layer.name], made, self.beside, padding)
        calls += [_finish(hand, bias) for hand in made]
        self._turn()
        if made is not out:  # one picture in one piece: deal it out into what was read
            out = layout.room(self.there, *_how(following, padding))
            calls.append((partial(layout.put, made[0].place, out), 0))
            self._turn()
        return calls, out

    def _turn(self) -> None:
        self.here, self.there = self.there, self.here


def _kernel(layer: Layer, kernel: np.ndarray) -> np.ndarray:
    """A kernel as the steps want it: a matrix (D_K * D_K * M, N) with its rows apart, or depthwise as it is."""
    if layer.kind == "depthwise":
        return kernel
    matrix = kernel.reshape(-1, layer.N)
    apart = np.empty((len(matrix), layer.N + APART), kernel.dtype)[:, : layer.N]
    apart[...] = matrix
    return apart


def _how(layer: Layer, padding: str) -> tuple[tuple[int, ...], int, int, str, int]:
    """How `layout.room` lays out what a layer reads: what goes pixel by pixel, the pool too, needs no zeros."""
    D_K = layer.D_K if layer.kind in ("standard", "depthwise") else 1
    hands = layer.stride if layer.kind == "depthwise" else 1
    return (1, layer.D_F, layer.D_F, layer.M), D_K, layer.stride, padding, hands


def _beside(layer: Layer, kernel: np.ndarray) -> int:
    """Numbers that a layer needs beside its input and output: a band of columns, or the sums of a second hand."""
    if layer.kind == "standard":
        return kernels.band_size(1, layer.D_G, layer.D_G, kernel)
    return layer.D_G**2 * layer.N if layer.kind == "depthwise" and layer.stride > 1 else 0


def _straight(layer: Layer, following: Layer) -> bool:
    """Whether a layer can write where the following one reads, and whether it pays; or else a copy deals out."""
    hands = following.stride if following.kind == "depthwise" else 1
    possible = layer.kind != "depthwise" and layer.D_G % hands == 0
    # The copy that is saved has D_G**2 * N numbers. A product more packs the kernel once more: M * N.
    pays = layer.M <= layer.D_G**2
    return hands == 1 or (possible and pays)


def _matrix(hand: layout.Hand) -> np.ndarray:
    """A picture as a matrix with a pixel in each row, (H * W, M): the same memory."""
    return hand.place.reshape(-1, hand.place.shape[3])


def _convolve(
    layer: Layer, room: list[layout.Hand], kernel: np.ndarray, out: list[layout.Hand], beside: np.ndarray, padding: str
) -> list[kernels.Call]:
    """The convolution itself: from `room` into `out`, a hand at a time, with memory beside them to work in."""
    if layer.kind == "pointwise":
        return [kernels.multiply(_matrix(room[0])[hand.columns], kernel, out=_matrix(hand)) for hand in out]
    outside = layout.outside(layer.D_F, layer.D_K, layer.stride, padding)
    if layer.kind == "standard":
        runs = layout.run_windows(room[0], layer.D_K, layer.stride, layer.D_G, layer.D_G)
        memory = beside[: kernels.band_size(1, layer.D_G, layer.D_G, kernel)]
        return kernels.multiply_windows(runs, kernel, outside, memory, [(hand.place, hand.columns) for hand in out])
    windows = layout.row_windows(room, layer.D_K, layer.D_G, layer.D_G)
    repeated = kernels.repeat(kernel, layer.stride, layer.D_G, outside)
    y = out[0].place.reshape(1, layer.D_G, -1)  # (1, D_G, D_G * M)
    spare = beside[: y.size].reshape(y.shape) if len(windows) > 1 else y
    return kernels.filter_windows(windows, repeated, out=y, spare=spare)


def _finish(hand: layout.Hand, bias: np.ndarray) -> kernels.Call:
    """Bias and ReLU6, where the output stands."""
    return partial(kernels.bias_relu6, hand.place, np.tile(bias, (hand.place.shape[2], 1))), 0
