"""The three convolutions as fast as NumPy can run them: answer and count.

`conv` is the lesson; here the same arithmetic is arranged so that the processor waits less for memory. Each trick
saves something and costs something (measured in `benchmarks/README.md`):

    windows are views       `conv.im2col` copies each pixel into up to D_K * D_K windows. The depthwise convolution
                            needs no copies: a view with the right strides shows the windows. Cost: the view shares
                            memory with the padded image, so the image must stay unchanged while it is used.
    one long inner loop     In memory, the pixels of a row and their channels are one run of numbers. So width and
                            channels are one axis, and NumPy's inner loop runs over W' * M numbers instead of M.
                            Cost: the kernel is repeated W' times along the row.
    phases                  At stride s the windows are not neighbours in memory. In the phases of `layout` they are,
                            and the inner loop stays long. Cost: a copy of the image with a stride, and one more
                            sum for each further phase.
    longer copies           A standard convolution needs its im2col matrix. A row of a window is one run of D_K * M
                            numbers, which NumPy copies as one item. Cost: a view in which an item is raw bytes.
    im2col in bands         The im2col matrix of an image is D_K * D_K times its size. A band of some rows of it
                            stays in the cache until the product has read it. Cost: BLAS reorders the kernel again
                            for each band, so no band is smaller than the kernel.
    bias and ReLU6 in place A new array is memory that the system must first provide; the memory just used is in
                            the cache. Cost: the input is overwritten.

`plan` joins these calls for a whole network. The count is the size of the contractions that were run, as in `conv`:
each call carries its own count, and a call that is not made is not counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from .. import checks
from ..quiet import quiet
from . import layout
from .layout import Buffer, Geometry

BAND = 2**18  # numbers of the im2col matrix that are made at a time
BLAS = sys.platform != "emscripten"  # in a browser, NumPy has none
WIDE = 128  # columns of a matrix from which on, without BLAS, np.einsum is faster than np.matmul
BOUNDS = {np.dtype(t): (np.array(0, t), np.array(6, t)) for t in (np.float32, np.float64)}  # of ReLU6
INFINITY = {np.dtype(t): np.array(np.inf, t) for t in (np.float32, np.float64)}


@quiet
def pointwise_conv(x: np.ndarray, kernel: np.ndarray) -> tuple[np.ndarray, int]:
    """Pointwise (1 x 1) convolution: one matrix product over the pixels of all images.

    No trick can make this faster than `conv.pointwise_conv`: BLAS is made for products of two matrices.
    Parameters, returns and raises as there.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0]]]])  # one pixel with two channels
    >>> pointwise_conv(x, np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]))
    (array([[[[1., 2., 3.]]]]), 6)
    """
    checks.convolution(x, kernel, "M N")
    (B, H, W, M), (_, N) = x.shape, kernel.shape
    y = np.empty((B, H, W, N), np.result_type(x, kernel))
    return y, run([matrix_product(x.reshape(B * H * W, M), kernel, out=y.reshape(B * H * W, N))])


@quiet
def standard_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Standard convolution, equation 1: the im2col matrix made in bands, and a matrix product for each band.

    Parameters, returns and raises as `conv.standard_conv`.

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> y, mult_adds = standard_conv(x, np.ones((2, 2, 1, 1)), padding="valid")
    >>> y[0, :, :, 0].tolist(), mult_adds
    ([[8.0, 12.0], [20.0, 24.0]], 16)
    """
    stride = checks.convolution(x, kernel, "D_K D_K M N", stride, padding)
    (B, H, W, _), (D_K, _, M, N) = x.shape, kernel.shape
    geometry = Geometry(H, W, D_K, stride, padding, sides=True)
    (buffer,) = layout.pad(x, geometry)
    matrix = kernel.reshape(D_K * D_K * M, N)
    y = np.empty((B, geometry.rows, geometry.cols, N), np.result_type(x, kernel))
    out = layout.lay_out(y.reshape(-1), Geometry(geometry.rows, geometry.cols), B, N)
    band = np.empty(band_size(geometry, B, matrix), x.dtype)
    return y, run(standard_calls(buffer, geometry, matrix, band, out))


@quiet
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
    stride = checks.convolution(x, kernel, "D_K D_K M", stride, padding)
    (B, H, W, M), D_K = x.shape, kernel.shape[0]
    geometry = Geometry(H, W, D_K, stride, padding, split=True, sides=True)
    buffers = layout.pad(x, geometry)
    y = np.empty((B, geometry.rows, geometry.cols, M), np.result_type(x, kernel))
    joined = y.reshape(B, geometry.rows, geometry.cols * M)  # width and channels are one axis
    spare = np.empty_like(joined) if len(buffers) > 1 else joined
    return y, run(depthwise_calls(buffers, geometry, kernel, out=joined, spare=spare))


# What these are made of. `plan` uses it on memory that it keeps. Nothing below checks its arguments.


class Call(NamedTuple):
    """A function with its arrays bound to it, and how many mult-adds it makes.

    >>> call = matrix_product(np.ones((1, 2)), np.ones((2, 3)), out=np.empty((1, 3)))
    >>> call.bound.func, [array.shape for array in call.bound.args], call.bound.keywords["out"].shape, call.mult_adds
    (<ufunc 'matmul'>, [(1, 2), (2, 3)], (1, 3), 6)
    """

    bound: partial[object]
    mult_adds: int = 0


def run(calls: list[Call]) -> int:
    """Make calls one after the other; returns the mult-adds of those that were made.

    The same calls can be made again, each time with what is then in their arrays.

    >>> y = np.empty((1, 3))
    >>> calls = [matrix_product(np.ones((1, 2)), np.ones((2, 3)), out=y)]
    >>> run(calls), run(calls), y.tolist()
    (6, 6, [[2.0, 2.0, 2.0]])
    """
    made = 0
    for bound, mult_adds in calls:
        bound()
        made += mult_adds
    return made


def bind(function: Callable[..., object], *arrays: object, mult_adds: int = 0, **keywords: object) -> Call:
    """A call of this function with these arguments."""
    return Call(partial(function, *arrays, **keywords), mult_adds)


def matrix_product(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> Call:
    """Multiply (rows, inner) by (inner, N): N mult-adds for each number of the first.

    Without BLAS, `np.matmul` reads b down its columns, one number of each row, and `np.einsum` reads it row by row.
    """
    product = np.matmul if BLAS or b.shape[1] < WIDE else partial(np.einsum, "ij,jk->ik")
    return bind(product, a, b, out=out, mult_adds=a.size * b.shape[1])


def copy_windows(windows: np.ndarray, matrix: np.ndarray) -> Call:
    """Copy windows, (B, H', W', D_K, D_K * M), into the im2col matrix, (B * H' * W', D_K * D_K * M).

    The last axis is copied as one item of so many bytes. Objects (numbers that count themselves) are copied one by
    one, because NumPy must know of each.
    """
    matrix = matrix.reshape(windows.shape)
    if windows.dtype != object:
        item = np.dtype((np.void, windows.shape[-1] * windows.itemsize))
        matrix, windows = matrix.view(item), windows.view(item)  # (B, H', W', D_K, 1)
    return bind(np.copyto, matrix, windows)


def band_size(geometry: Geometry, B: int, matrix: np.ndarray) -> int:
    """How many numbers of the im2col matrix to make at a time: at least one row of windows."""
    row = geometry.cols * len(matrix)
    return min(B * geometry.rows * row, max(BAND, matrix.size, row))


def bands(B: int, rows: int, row: int, numbers: int) -> list[tuple[slice, slice]]:
    """Cut the rows of windows of B images into bands of at most so many numbers: (images, rows) of each.

    A band is some whole images, or some rows of one image. `row` is how many numbers a row of windows has.

    >>> bands(B=3, rows=4, row=10, numbers=80)
    [(slice(0, 2, None), slice(0, 4, None)), (slice(2, 4, None), slice(0, 4, None))]
    >>> bands(B=1, rows=4, row=10, numbers=30)
    [(slice(0, 1, None), slice(0, 3, None)), (slice(0, 1, None), slice(3, 6, None))]
    """
    together, high = max(numbers // (rows * row), 1), min(numbers // row, rows)
    return [(slice(b, b + together), slice(k, k + high)) for b in range(0, B, together) for k in range(0, rows, high)]


def standard_calls(
    buffer: Buffer, geometry: Geometry, matrix: np.ndarray, band: np.ndarray, out: list[Buffer]
) -> list[Call]:
    """The calls of a standard convolution, for a kernel that is a matrix, (D_K * D_K * M, N).

    Parameters
    ----------
    buffer : Buffer
        The padded images.
    band : (numbers,) array
        Memory for one band of the im2col matrix.
    out : list of Buffer
        Each gets those columns of the output that it holds.
    """
    windows, (inner, N) = layout.standard_windows(buffer, geometry), matrix.shape  # (B, H', W', D_K, D_K * M)
    B, rows, cols, D_K, run_length = windows.shape
    calls = []
    for images, some in bands(B, rows, cols * inner, len(band)):
        part = windows[images, some]
        im2col = band[: part.size].reshape(-1, inner)
        calls.append(copy_windows(part, im2col))
        pixels = im2col.reshape(-1, cols, D_K, D_K, run_length // D_K)  # (rows, W', D_K, D_K, M)
        calls += [bind(pixels[:, l, :, j].fill, 0) for l, j in geometry.overhang]
        calls += [matrix_product(im2col[b.columns], matrix, out=b.pixels[images, some].reshape(-1, N)) for b in out]
    return calls


def repeat_kernel(kernel: np.ndarray, geometry: Geometry) -> list[np.ndarray]:
    """Repeat a depthwise kernel along a row of windows, zero where they overhang: (D_K, taps, W' * M) for each phase.

    >>> kernel = np.tile([[1.0], [2.0], [3.0]], (3, 1, 1))  # three equal rows, one channel
    >>> repeat_kernel(kernel, Geometry(H=4, W=4, D_K=3, padding="same"))[0][0]
    array([[0., 1., 1., 1.],
           [2., 2., 2., 2.],
           [3., 3., 3., 0.]])
    """
    D_K, _, M = kernel.shape
    repeated = np.tile(kernel, geometry.cols)  # (D_K, D_K, W' * M)
    for l, columns in geometry.overhang:
        outside = repeated.reshape(D_K, D_K, geometry.cols, M)[:, columns, l]
        outside -= outside  # zero, but NaN where the kernel is not finite: as its product with a zero of the padding
    return [np.ascontiguousarray(repeated[:, phase.taps]) for phase in geometry.phases]


def depthwise_calls(
    buffers: list[Buffer], geometry: Geometry, kernel: np.ndarray, out: np.ndarray, spare: np.ndarray
) -> list[Call]:
    """The calls of a depthwise convolution of padded images: one sum for each phase.

    Parameters
    ----------
    buffers : list of Buffer
        The padded images, one for each phase.
    out : (B, H', W' * M) array
        Gets the output.
    spare : array like out
        Holds the sum of each phase but the first, until it is added.
    """
    calls = []
    windows = layout.depthwise_windows(buffers, geometry)  # (B, H', D_K, taps, W' * M)
    for n, (window, repeated) in enumerate(zip(windows, repeat_kernel(kernel, geometry))):
        y = spare if n else out
        calls.append(bind(np.einsum, "bhijk,ijk->bhk", window, repeated, out=y, mult_adds=window.size))
        if n:
            calls.append(bind(np.add, out, spare, out=out))
    return calls


def bias_relu6(y: np.ndarray, bias: np.ndarray) -> None:
    """Add a bias to y, (B, H, W, N), and cut off below 0 and above 6, in place.

    The bias comes repeated along W, (W, N): adding whole rows takes half the time of adding many short ones.

    >>> y = np.array([[[[-1.0, 1.0], [2.0, 7.0]]]])
    >>> bias_relu6(y, np.array([[0.0, 0.5], [0.0, 0.5]]))
    >>> y.tolist()
    [[[[0.0, 1.5], [2.0, 6.0]]]]
    """
    np.add(y, bias, out=y)
    y.clip(*BOUNDS[y.dtype], out=y)  # a method, and bounds that are arrays: np.clip(y, 0, 6) must make both first


def bias_relu(y: np.ndarray, bias: np.ndarray) -> None:
    """The same, but cut off below 0 alone. (`np.maximum` of an array and one number takes four times as long.)"""
    np.add(y, bias, out=y)
    y.clip(BOUNDS[y.dtype][0], INFINITY[y.dtype], out=y)
