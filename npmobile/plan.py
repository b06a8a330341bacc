"""A network made ready to run often: what can be done once is done once, and memory is used again.

The walk is `network`'s on the kernels of `fast`, with five more tricks. Each saves something and costs something:

    memory is kept          A run makes no large new array: it works in a `Lane`, laid out when it is
                            first needed. It costs some 12 MB (1.0-224) for each thread that runs at the same time.
    calls are bound         What NumPy is to do with which arrays is settled when the lane is laid out; a run only
                            makes the calls. Python that decides again each time finds its own code gone from the
                            cache, for the pictures went through it. It costs a lane for one picture and no other.
    zeros are there         A layer writes its output straight between the zeros that the next one's windows reach
                            over, and the copy that pads is saved. It costs the zeros, written anew for each layer.
    products deal out       Before a layer of stride 2, the matrix product takes every other pixel first, then the
                            rest: what it makes is dealt out to two hands already. It costs BLAS a second look
                            at the kernel, so it pays only where the picture is the larger of the two.
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

import numpy as np

from . import checks, fast
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
        last = self.folded[self.layers[-1].name]
        logits = np.empty((len(x), len(last["bias"])), x.dtype)
        counts.append(fast.run([fast.multiply(features, last["kernel"], out=logits)]))
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

    All layers share three arrays, each as large as the hungriest layer needs: the room of the input, and two that
    outputs take in turn. What a layer needs beside them it takes from the one where its output does not go. Memory
    that was just used is still in the cache when the next layer comes to it.
    """

    def __init__(self, plan: Plan) -> None:
        layers = plan.convolutions
        dtype = plan.folded[layers[0].name]["kernel"].dtype
        needs = [((1, layer.D_G, layer.D_G, layer.N), _spare(layer)) for layer in layers]  # output, and beside it
        turns = [_share([need[(n + turn) % 2] for n, need in enumerate(needs)], dtype) for turn in (0, 1)]
        y, spares = ([turns[(n + other) % 2][n] for n in range(len(layers))] for other in (0, 1))
        rooms = _rooms(layers, y, plan.padding)
        ends = [*(room.places for room in rooms[1:]), [(y[-1], slice(None))]]
        self.entrance, self.exit = rooms[0].places, y[-1].reshape(-1, layers[-1].N)
        self.calls: list[tuple[Layer, list[fast.Call]]] = []
        laid = None
        for layer, room, out, spare, places in zip(layers, rooms, y, spares, ends):
            hands = _hands(layer, places)
            convolve = _convolve(layer, room.array, plan.kernels[layer.name], out, spare, hands)
            how = layer.D_F, layer.M, layer.D_K, layer.stride
            zeros = [partial(edge.fill, 0) for edge in room.edges if how != laid]  # else they are there still
            laid = how if layer.D_K > 1 else laid
            finish = _finish(out, plan.folded[layer.name]["bias"], places, hands)
            self.calls.append((layer, [*((z, 0) for z in zeros), *convolve, *((f, 0) for f in finish)]))

    def run(self, picture: np.ndarray, average: np.ndarray) -> int:
        """Run one picture, (D_F, D_F, M); the average of each channel goes into `average`, (N,)."""
        mult_adds = 0
        with fast.Unbuffered():
            fast.put(picture[np.newaxis], self.entrance)
            for _, calls in self.calls:
                mult_adds += fast.run(calls)
            np.add.reduce(self.exit, axis=0, out=average)
            average /= len(self.exit)
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


def _hands(layer: Layer, places: list[fast.Place]) -> int:
    """How many hands a layer makes its output in: one for each place, where that is possible and pays; or else one."""
    possible = layer.kind != "depthwise" and layer.D_G % len(places) == 0
    # The copy that is saved has D_G**2 * N numbers. A product more packs the kernel once more: M * N.
    pays = layer.M <= layer.D_G**2
    return len(places) if possible and pays else 1


def _convolve(
    layer: Layer, x: np.ndarray, kernel: np.ndarray, y: np.ndarray, spare: np.ndarray, hands: int
) -> list[fast.Call]:
    """The convolution itself, from x into y, (1, D_G, D_G, N), whose memory a product fills hand after hand."""
    if layer.kind == "depthwise":
        windows = fast.row_windows(x, layer.D_K, layer.D_G, layer.D_G)
        kernels = fast.repeat(kernel, layer.stride, layer.D_G)
        return fast.filter_windows(windows, kernels, *(a.reshape(1, layer.D_G, -1) for a in (y, spare)))
    pixels = (spare if layer.kind == "standard" else x).reshape(-1, hands, len(kernel))
    dealt = y.reshape(hands, -1, layer.N)  # (hands, D_G * D_G / hands, N)
    product = fast.multiply(pixels.swapaxes(0, 1), kernel, out=dealt)
    if layer.kind == "pointwise":
        return [product]
    return [(partial(fast.columns, fast.run_windows(x, layer.D_K, layer.stride), spare), 0), product]


def _finish(y: np.ndarray, bias: np.ndarray, places: list[fast.Place], hands: int) -> list[Callable[[], object]]:
    """Bias and ReLU6, and to the places where the next layer reads."""
    _, H, W, N = y.shape
    biases = np.tile(bias, (W // hands, 1))
    if hands == len(places):
        dealt = y.reshape(hands, 1, H, W // hands, N)
        return [partial(fast.bias_relu6, part, biases, place) for part, (place, _) in zip(dealt, places)]
    return [partial(fast.bias_relu6, y, biases, y), partial(fast.put, y, places)]
