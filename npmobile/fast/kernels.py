"""The same three convolutions once more, as fast as NumPy lets them be: answer and count.

`conv` is the lesson; this is the same arithmetic laid out so that the machine waits less. Each trick saves
something and costs something (the figures are in `benchmarks/README.md`):

    windows are views       `conv.im2col` copies each pixel into nine windows. The depthwise convolution needs none of
                            the copies: a view with the right strides shows the windows. It costs care, for a view
                            shares its memory with the picture.
    rows join channels      In memory, the windows of a row of pixels lie one after the other, so width and channels
                            are one axis, and the inner loop runs over W' * M numbers instead of M. It costs a
                            kernel that is repeated W' times.
    sides need no zeros     A window that reaches over the side of a picture finds the row before or after, and its
                            kernel is zero there. So zeros stand only above and below, and the picture between
                            them is one run of memory that can be written in place. It costs whoever holds an
                            infinity at a side: zero times infinity is not a number.
    columns are dealt out   At stride s the windows step over pixels and their rows do not join. Dealt out to s hands,
                            like cards, the columns lie together again: within a hand the window moves by
                            one. It costs a copy that hops, and one sum for each further hand.
    runs are copied whole   The standard convolution still needs its columns, but a row of a window is one run of
                            D_K * M numbers in the picture. Shown to NumPy as one item of so many bytes, it is
                            copied as one. It costs a view that no longer knows its numbers.
    columns come in bands   All columns of a picture are nine pictures. Those of a few rows stay in the cache until
                            the product has read them, and the next ones take their place. It costs BLAS another
                            look at the kernel for each band, so no band is smaller than the kernel.
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

import numpy as np

from .. import checks
from . import layout

BAND = 2**18  # numbers of columns that are made at a time
BOUNDS = {np.dtype(t): (np.array(0, t), np.array(6, t)) for t in (np.float32, np.float64)}  # of ReLU6

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
    """Standard convolution, equation 1: the windows copied run by run, and a matrix product for each band of them.

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
    rows, cols = (layout.outputs(side, D_K, stride, padding) for side in x.shape[1:3])
    (hand,) = layout.surround(x, D_K, stride, padding, hands=1)
    reaching = layout.outside(x.shape[2], D_K, stride, padding)
    matrix = kernel.reshape(D_K * D_K * M, N)
    y = np.empty((len(x), rows, cols, N), x.dtype)
    memory = np.empty(band_size(len(x), rows, cols, matrix), x.dtype)
    whole = [(y, slice(None))]
    return y, run(multiply_windows(layout.run_windows(hand, D_K, stride, rows, cols), matrix, reaching, memory, whole))


def depthwise_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Depthwise convolution, equation 3: products with windows that are never copied.

    Parameters, returns and raises as `conv.depthwise_conv`. Where x is not finite at a side, what is not a number
    shows at the other side as well: see "sides need no zeros".

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])  # one row of two pixels with two channels
    >>> y, mult_adds = depthwise_conv(x, np.array([[[1.0, 10.0]]]))
    >>> y[0, 0].tolist(), mult_adds
    ([[1.0, 20.0], [3.0, 40.0]], 4)
    """
    checks.convolution(x, kernel, "D_K D_K M", stride, padding)
    D_K, _, M = kernel.shape
    rows, cols = (layout.outputs(side, D_K, stride, padding) for side in x.shape[1:3])
    windows = layout.row_windows(layout.surround(x, D_K, stride, padding, hands=stride), D_K, rows, cols)
    kernels = repeat(kernel, stride, cols, layout.outside(x.shape[2], D_K, stride, padding))
    y = np.empty((len(x), rows, cols, M), x.dtype)
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


def columns(runs: np.ndarray, matrix: np.ndarray) -> None:
    """Copy (B, H', W', D_K) runs into the matrix of im2col, (B * H' * W', D_K * D_K * M), a row a window."""
    np.copyto(matrix.view(runs.dtype).reshape(runs.shape), runs)


def band_size(B: int, rows: int, cols: int, kernel: np.ndarray) -> int:
    """How many numbers of columns to make at a time, of a matrix kernel: at least one row of windows."""
    row = cols * len(kernel)
    return min(B * rows * row, max(BAND, kernel.size, row))


def bands(B: int, rows: int, row: int, numbers: int) -> list[tuple[slice, slice]]:
    """Cut rows of windows, each a row of so many numbers, into bands that fit: whole pictures, or rows of one.

    >>> bands(B=3, rows=4, row=10, numbers=80)
    [(slice(0, 2, None), slice(0, 4, None)), (slice(2, 4, None), slice(0, 4, None))]
    >>> bands(B=1, rows=4, row=10, numbers=30)
    [(slice(0, 1, None), slice(0, 3, None)), (slice(0, 1, None), slice(3, 6, None))]
    """
    together, high = max(numbers // (rows * row), 1), min(numbers // row, rows)
    return [(slice(b, b + together), slice(k, k + high)) for b in range(0, B, together) for k in range(0, rows, high)]


def multiply_windows(
    runs: np.ndarray, kernel: np.ndarray, outside: list[tuple[int, slice]], memory: np.ndarray, out: list[layout.Place]
) -> list[Call]:
    """Multiply windows, as runs, by a matrix kernel, their columns made band by band in memory.

    A place of `out` gets the windows that stand in its columns.
    """
    B, rows, cols, D_K = runs.shape
    calls: list[Call] = []
    for pictures, band in bands(B, rows, cols * len(kernel), len(memory)):
        some = runs[pictures, band]
        matrix = memory[: some.size * len(kernel) // D_K].reshape(-1, len(kernel))  # (windows, D_K * D_K * M)
        calls.append((partial(columns, some, matrix), 0))
        windows = matrix.reshape(-1, cols, D_K, D_K, len(kernel) // D_K**2)
        calls += [(partial(windows[:, l, :, j].fill, 0), 0) for l, j in outside]
        calls += [
            multiply(matrix[c], kernel, out=place[pictures, band].reshape(-1, kernel.shape[1])) for place, c in out
        ]
    return calls


def repeat(kernel: np.ndarray, stride: int, cols: int, outside: list[tuple[int, slice]]) -> list[np.ndarray]:
    """Repeat a depthwise kernel along the row, zero outside, and deal out its columns: (D_K, taps, W' * M) a hand.

    >>> kernel = np.tile([[1.0], [2.0], [3.0]], (3, 1, 1))  # three rows alike
    >>> repeat(kernel, stride=1, cols=4, outside=layout.outside(4, D_K=3, stride=1, padding="same"))[0][0]
    array([[0., 1., 1., 1.],
           [2., 2., 2., 2.],
           [3., 3., 3., 0.]])
    """
    D_K, _, M = kernel.shape
    repeated = np.tile(kernel, cols)  # (D_K, D_K, W' * M)
    for l, columns in outside:
        repeated.reshape(D_K, D_K, cols, M)[:, columns, l] = 0
    return [np.ascontiguousarray(repeated[:, hand::stride]) for hand in range(min(stride, D_K))]


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
    """Multiply (rows, inner) by (inner, N) into out: N mult-adds for each number of the first."""
    return partial(np.matmul, a, b, out=out), a.size * b.shape[1]


def bias_relu6(y: np.ndarray, bias: np.ndarray) -> None:
    """Add a bias to y, (B, H, W, N), and cut off below 0 and above 6, in place.

    The bias comes repeated along W, (W, N): additions of whole rows take half the time of many short ones.

    >>> y = np.array([[[[-1.0, 1.0], [2.0, 7.0]]]])
    >>> bias_relu6(y, np.array([[0.0, 0.5], [0.0, 0.5]]))
    >>> y.tolist()
    [[[[0.0, 1.5], [2.0, 6.0]]]]
    """
    np.add(y, bias, out=y)
    y.clip(*BOUNDS[y.dtype], out=y)  # a method, and bounds that are arrays: np.clip(y, 0, 6) must make both first


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
