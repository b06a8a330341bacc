"""The same three convolutions once more, as fast as NumPy lets them be: answer and count.

`conv` is the lesson; this is the same arithmetic laid out so that the machine waits less. Each trick saves
something and costs something (the figures are in `benchmarks/README.md`):

    windows are views       `conv.im2col` copies each pixel into nine windows. The depthwise convolution needs none of
                            the copies: a view with the right strides shows the windows. It costs care, for a view
                            shares its memory with the picture.
    rows join channels      In memory, the windows of a row of pixels lie one after the other, so width and channels
                            are one axis, and the inner loop runs over W' * M numbers instead of M. It costs a
                            kernel that is repeated W' times.
    columns are dealt out   At stride s the windows step over pixels and their rows do not join. Dealt out to s hands,
                            like cards, the columns lie together again: within a hand the window moves by
                            one. It costs a copy that hops, and one sum for each further hand.
    runs are copied whole   The standard convolution still needs its columns, but a row of a window is one run of
                            D_K * M numbers in the picture. Shown to NumPy as one item of so many bytes, it is
                            copied as one. It costs a view that no longer knows its numbers.
    bias and ReLU6 in place New memory must be fetched page by page; memory that was just used is at hand. It costs
                            the input, which is overwritten.
    rows are not buffered   NumPy adds a bias to short rows by way of a buffer, two copies more for each row. Where
                            the buffer is too small for a row, it adds in place. It costs a setting to be put back.

`plan` strings these together for a whole network. The count is the size of the contractions that were run, as
in `conv`: each call carries its own, and a call that is not made is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from . import checks

BOUNDS = {np.dtype(t): (np.array(0, t), np.array(6, t)) for t in (np.float32, np.float64)}  # of ReLU6

Place = tuple[np.ndarray, slice]  # where to put a picture, and which of its columns go there
Call = tuple[Callable[[], object], int]  # NumPy with its arrays bound to it, and the mult-adds that it then makes


def pointwise_conv(x: np.ndarray, kernel: np.ndarray) -> tuple[np.ndarray, int]:
    """Pointwise (1 x 1) convolution: one matrix product over the pixels of all pictures.

    There is nothing to gain on `conv.pointwise_conv`: a product of two matrices is what BLAS is made for.
    Parameters, returns and raises as there.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0]]]])  # one pixel with two channels
    >>> pointwise_conv(x, np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]))
    (array([[[[1., 2., 3.]]]]), 6)
    """
    checks.convolution(x, kernel, "M N")
    B, H, W, M = x.shape
    y = np.empty((B, H, W, kernel.shape[1]), x.dtype)
    return y, run([multiply(x.reshape(B * H * W, M), kernel, out=y.reshape(B * H * W, kernel.shape[1]))])


def standard_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Standard convolution, equation 1: the windows copied run by run, then one matrix product.

    Parameters, returns and raises as `conv.standard_conv`.

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> y, mult_adds = standard_conv(x, np.ones((2, 2, 1, 1)), padding="valid")
    >>> y[0, :, :, 0].tolist(), mult_adds
    ([[8.0, 12.0], [20.0, 24.0]], 16)
    """
    checks.convolution(x, kernel, "D_K D_K M N", stride, padding)
    D_K, _, M, N = kernel.shape
    runs = run_windows(surround(x, D_K, stride, padding, hands=1), D_K, stride)  # (B, H', W', D_K)
    y = np.empty((*runs.shape[:3], N), x.dtype)
    matrix = columns(runs, np.empty(runs.size * D_K * M, x.dtype))
    return y, run([multiply(matrix, kernel.reshape(D_K * D_K * M, N), out=y.reshape(-1, N))])


def depthwise_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Depthwise convolution, equation 3: products with windows that are never copied.

    Parameters, returns and raises as `conv.depthwise_conv`.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])  # one row of two pixels with two channels
    >>> y, mult_adds = depthwise_conv(x, np.array([[[1.0, 10.0]]]))
    >>> y[0, 0].tolist(), mult_adds
    ([[1.0, 20.0], [3.0, 40.0]], 4)
    """
    checks.convolution(x, kernel, "D_K D_K M", stride, padding)
    D_K, _, M = kernel.shape
    padded = surround(x, D_K, stride, padding, hands=stride)
    rows, cols = (outputs(side, D_K, stride, padding) for side in x.shape[1:3])
    y = np.empty((len(x), rows, cols, M), x.dtype)
    windows, kernels = row_windows(padded, D_K, rows, cols), repeat(kernel, stride, cols)
    joined = y.reshape(len(x), rows, cols * M)
    spare = np.empty_like(joined) if len(windows) > 1 else joined
    return y, run(filter_windows(windows, kernels, out=joined, spare=spare))


# What stands behind them. `plan` uses it on memory that it keeps; nothing below checks.


def run(calls: list[Call]) -> int:
    """Make calls one after the other; returns the mult-adds of those that were made.

    Kept, they can be made again and again: with the same arrays, whatever stands in them by then.

    >>> y = np.empty((1, 3))
    >>> calls = [multiply(np.ones((1, 2)), np.ones((2, 3)), out=y)]
    >>> run(calls), run(calls), y.tolist()
    (6, 6, [[2.0, 2.0, 2.0]])
    """
    made = 0
    for call, mult_adds in calls:
        call()
        made += mult_adds
    return made


def margins(size: int, D_K: int, stride: int, padding: str) -> tuple[int, int]:
    """Zeros before and after an axis of `size`.

    >>> margins(224, 3, 2, "same"), margins(224, 3, 2, "symmetric"), margins(224, 3, 2, "valid")
    ((0, 1), (1, 1), (0, 0))
    """
    if padding != "same":
        zeros = D_K // 2 if padding == "symmetric" else 0
        return zeros, zeros
    zeros = max(D_K - (size % stride or stride), 0)  # what the last of ceil(size / stride) windows lacks
    return zeros // 2, zeros - zeros // 2


def outputs(size: int, D_K: int, stride: int, padding: str) -> int:
    """How many windows an axis of `size` has: the H' and W' of the output."""
    return (size + sum(margins(size, D_K, stride, padding)) - D_K) // stride + 1


class Room(NamedTuple):
    """Where a picture stands between zeros, (B, H+, hands, W+, M), with its columns dealt out to so many hands.

    `places` are where to put a picture, one a hand, each with the columns that go there; `edges` are to be zero.
    """

    array: np.ndarray
    places: list[Place]
    edges: list[np.ndarray]


def room_shape(shape: tuple[int, ...], D_K: int, stride: int, padding: str, hands: int) -> tuple[int, ...]:
    """Shape of the room for pictures of a shape, (B, H, W, M)."""
    B, H, W, M = shape
    high, wide = (side + sum(margins(side, D_K, stride, padding)) for side in (H, W))
    return B, high, hands, -(-wide // hands), M


def room(array: np.ndarray, shape: tuple[int, ...], D_K: int, stride: int, padding: str) -> Room:
    """Lay out an array of `room_shape` for pictures of a shape, (B, H, W, M).

    Column w of the picture between its zeros is card w // hands of hand w % hands.

    >>> x = np.arange(1.0, 6.0).reshape(1, 1, 5, 1)
    >>> zeros = np.zeros(room_shape(x.shape, D_K=3, stride=2, padding="same", hands=2))
    >>> put(x, room(zeros, x.shape, D_K=3, stride=2, padding="same").places)
    >>> zeros[0, 1, :, :, 0]  # 0 1 2 3 4 5 0, dealt out to two
    array([[0., 2., 4., 0.],
           [1., 3., 5., 0.]])
    """
    B, H, W, M = shape
    (above, _), (left, _) = (margins(side, D_K, stride, padding) for side in (H, W))
    hands, middle = array.shape[2], array[:, above : above + H]
    places, edges = [], [array[:, :above], array[:, above + H :]]
    for first in range(hands):
        columns = slice(first, None, hands)
        card, hand = divmod(left + first, hands)
        last = card + len(range(W)[columns])
        places.append((middle[:, :, hand, card:last], columns))
        edges += [middle[:, :, hand, :card], middle[:, :, hand, last:]]
    return Room(array, places, [edge for edge in edges if edge.size])


def put(x: np.ndarray, places: list[Place]) -> None:
    """Put pictures in their places."""
    for place, columns in places:
        place[...] = x[:, :, columns]


def surround(x: np.ndarray, D_K: int, stride: int, padding: str, hands: int) -> np.ndarray:
    """Copy pictures between zeros."""
    array = np.empty(room_shape(x.shape, D_K, stride, padding, hands), x.dtype)
    _, places, edges = room(array, x.shape, D_K, stride, padding)
    for edge in edges:
        edge.fill(0)
    put(x, places)
    return array


def run_windows(padded: np.ndarray, D_K: int, stride: int) -> np.ndarray:
    """View each window of (B, H+, 1, W+, M) as D_K runs of D_K * M numbers, each run one item: (B, H', W', D_K).

    >>> x = np.arange(9.0).reshape(1, 3, 1, 3, 1)
    >>> window = run_windows(x, D_K=2, stride=1)[0, 1, 1]  # at the bottom right
    >>> [np.frombuffer(run).tolist() for run in window]
    [[4.0, 5.0], [7.0, 8.0]]
    """
    B, H, _, W, M = padded.shape
    picture, row, _, pixel, _ = padded.strides
    shape = (B, (H - D_K) // stride + 1, (W - D_K) // stride + 1, D_K)
    run = np.dtype((np.void, D_K * M * padded.itemsize))
    return np.ndarray(shape, run, buffer=padded, strides=(picture, stride * row, stride * pixel, row))


def columns(runs: np.ndarray, memory: np.ndarray) -> np.ndarray:
    """Copy (B, H', W', D_K) runs into memory as the matrix of im2col: (B * H' * W', D_K * D_K * M), a row a window."""
    B, rows, cols, D_K = runs.shape
    np.copyto(memory.view(runs.dtype).reshape(runs.shape), runs)
    return memory.reshape(B * rows * cols, D_K * runs.itemsize // memory.itemsize)


def row_windows(padded: np.ndarray, D_K: int, rows: int, cols: int) -> list[np.ndarray]:
    """View the windows of each hand of (B, H+, stride, W+, M) with rows joined: (B, H', D_K, taps, W' * M).

    The numbers that meet element (i, j) of the kernel, for a whole row of windows, are one run:

    >>> x = np.arange(9.0).reshape(1, 3, 1, 3, 1)
    >>> (windows,) = row_windows(x, D_K=2, rows=2, cols=2)
    >>> windows[0, 0, 1, 1].tolist()  # the lower right of both windows in row 0
    [4.0, 5.0]
    """
    B, _, stride, _, M = padded.shape
    picture, row, _, pixel, number = padded.strides
    strides = (picture, stride * row, row, pixel, number)
    return [
        as_strided(padded[:, :, hand], (B, rows, D_K, taps, cols * M), strides, writeable=False)
        for hand, taps in enumerate(len(range(hand, D_K, stride)) for hand in range(min(stride, D_K)))
    ]


def repeat(kernel: np.ndarray, stride: int, cols: int) -> list[np.ndarray]:
    """Deal out the columns of a depthwise kernel as those of the picture, each repeated: (D_K, taps, W' * M).

    >>> [hand.tolist() for hand in repeat(np.array([[[1.0], [2.0], [3.0]]]), stride=2, cols=2)]
    [[[[1.0, 1.0], [3.0, 3.0]]], [[[2.0, 2.0]]]]
    """
    return [np.tile(kernel[:, hand::stride], cols) for hand in range(min(stride, kernel.shape[1]))]


def filter_windows(
    windows: list[np.ndarray], kernels: list[np.ndarray], out: np.ndarray, spare: np.ndarray
) -> list[Call]:
    """Sum windows times kernels into out, (B, H', W' * M): a mult-add for each number in the windows.

    `spare` has the shape of out and holds the sums of each hand but the first.
    """
    calls: list[Call] = []
    for hand, (window, kernel) in enumerate(zip(windows, kernels)):
        y = spare if hand else out
        calls.append((partial(np.einsum, "bhijk,ijk->bhk", window, kernel, out=y), window.size))
        if hand:
            calls.append((partial(np.add, out, spare, out=out), 0))
    return calls


def multiply(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> Call:
    """Multiply (..., rows, inner) by (inner, N) into out: N mult-adds for each number of the first."""
    return partial(np.matmul, a, b, out=out), a.size * b.shape[1]


def bias_relu6(y: np.ndarray, bias: np.ndarray, out: np.ndarray) -> None:
    """Add a bias to y, (B, H, W, N), and cut off below 0 and above 6 into out; y is overwritten.

    The bias comes repeated along W, (W, N): additions of whole rows take half the time of many short ones.

    >>> y = np.array([[[[-1.0, 1.0], [2.0, 7.0]]]])
    >>> bias_relu6(y, np.array([[0.0, 0.5], [0.0, 0.5]]), out=y)
    >>> y.tolist()
    [[[[0.0, 1.5], [2.0, 6.0]]]]
    """
    np.add(y, bias, out=y)
    y.clip(*BOUNDS[y.dtype], out=out)  # a method, and bounds that are arrays: np.clip(y, 0, 6) must make both first


class Unbuffered:
    """While it lasts, NumPy adds and clips rows where they lie, in this thread.

    Left alone, it first copies them into a buffer of 8192 numbers, wherever more than one row fits in.

    >>> with Unbuffered():
    ...     np.getbufsize()
    64
    >>> np.getbufsize()
    8192
    """

    def __enter__(self) -> None:
        self.before = np.setbufsize(64)

    def __exit__(self, *raised: type[BaseException] | BaseException | TracebackType | None) -> None:
        np.setbufsize(self.before)
