"""The same three convolutions once more, as fast as NumPy lets them be: answer and count.

`conv` is the lesson; this is the same arithmetic laid out so that the machine waits less. Each trick saves
something and costs something (the figures are in `benchmarks/README.md`):

    windows are views       `conv.im2col` copies each pixel into nine windows. The depthwise convolution needs none of
                            the copies: a view with the right strides shows the windows. It costs care, for a view
                            shares its memory with the picture.
    rows join channels      At stride 1 the windows of a row of pixels lie one after the other in memory, so width and
                            channels are one axis, and the inner loop runs over W' * M numbers instead of M. It
                            costs a kernel that is repeated W' times. Larger strides leave gaps: there M it stays.
    runs are copied whole   The standard convolution still needs its columns, but a row of a window is one run of
                            D_K * M numbers in the picture, and is copied as one.
    bias and ReLU6 in place New memory must be fetched page by page; memory that was just used is at hand. It costs
                            the input, which is overwritten.

`plan` strings these together for a whole network. The count is the size of the contractions that were run, as
in `conv`.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

from . import checks


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
    return y, multiply(x.reshape(B * H * W, M), kernel, out=y.reshape(B * H * W, kernel.shape[1]))


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
    runs = run_windows(pad(x, D_K, stride, padding), D_K, stride)  # (B, H', W', D_K, D_K * M)
    y = np.empty((*runs.shape[:3], N), x.dtype)
    columns = np.ascontiguousarray(runs).reshape(-1, D_K * D_K * M)  # the copy: one row for each window
    return y, multiply(columns, kernel.reshape(D_K * D_K * M, N), out=y.reshape(-1, N))


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
    windows = depthwise_windows(pad(x, kernel.shape[0], stride, padding), kernel.shape[0], stride)
    rows, cols = (outputs(side, kernel.shape[0], stride, padding) for side in x.shape[1:3])
    y = np.empty((len(x), rows, cols, x.shape[3]), x.dtype)
    return y, filter_windows(windows, repeat(kernel, stride, cols), out=y)


# What stands behind them. `plan` uses it on memory that it keeps; nothing below checks.


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


def pad(x: np.ndarray, D_K: int, stride: int, padding: str) -> np.ndarray:
    """Copy x to the middle of zeros that its windows may reach over: (B, H, W, M) -> (B, above + H + below, ...)."""
    B, H, W, M = x.shape
    (above, below), (left, right) = (margins(side, D_K, stride, padding) for side in (H, W))
    padded = np.zeros((B, above + H + below, left + W + right, M), x.dtype)
    padded[:, above : above + H, left : left + W] = x
    return padded


def run_windows(padded: np.ndarray, D_K: int, stride: int) -> np.ndarray:
    """View each window of (B, H, W, M) as D_K runs of D_K * M numbers: (B, H', W', D_K, D_K * M).

    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> run_windows(x, D_K=2, stride=1)[0, 1, 1].tolist()  # the window at the bottom right
    [[4.0, 5.0], [7.0, 8.0]]
    """
    B, H, W, M = padded.shape
    picture, row, pixel, number = padded.strides
    shape = (B, (H - D_K) // stride + 1, (W - D_K) // stride + 1, D_K, D_K * M)
    return as_strided(padded, shape, (picture, stride * row, stride * pixel, row, number), writeable=False)


def depthwise_windows(padded: np.ndarray, D_K: int, stride: int) -> np.ndarray:
    """View each window of (B, H, W, M): (B, H', W', D_K, D_K, M), or at stride 1 (B, H', 1, D_K, D_K, W' * M).

    At stride 1 the numbers that meet one element of the kernel, for a whole row of windows, are one run:

    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> depthwise_windows(x, D_K=2, stride=1)[0, 0, 0, 1, 1].tolist()  # the lower right of both windows in row 0
    [4.0, 5.0]
    """
    B, H, W, M = padded.shape
    picture, row, pixel, number = padded.strides
    rows, cols = (H - D_K) // stride + 1, (W - D_K) // stride + 1
    if stride == 1:
        cols, M = 1, cols * M
    strides = (picture, stride * row, stride * pixel, row, pixel, number)
    return as_strided(padded, (B, rows, cols, D_K, D_K, M), strides, writeable=False)


def repeat(kernel: np.ndarray, stride: int, cols: int) -> np.ndarray:
    """Repeat a depthwise kernel along the rows that `depthwise_windows` joins: (D_K, D_K, M) -> (D_K, D_K, W' * M).

    >>> repeat(np.array([[[1.0, 10.0]]]), stride=1, cols=3).tolist()
    [[[1.0, 10.0, 1.0, 10.0, 1.0, 10.0]]]
    """
    return np.tile(kernel, cols) if stride == 1 else kernel


def filter_windows(windows: np.ndarray, kernel: np.ndarray, out: np.ndarray) -> int:
    """Sum windows times kernel into out, (B, H', W', M); returns the mult-adds: one for each number in the windows."""
    B, rows, cols, *_, M = windows.shape
    np.einsum("bklijm,ijm->bklm", windows, kernel, out=out.reshape(B, rows, cols, M))
    return windows.size


def multiply(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> int:
    """Multiply (rows, inner) by (inner, N) into out; returns the mult-adds."""
    (rows, inner), (_, N) = a.shape, b.shape
    np.matmul(a, b, out=out)
    return rows * inner * N


def bias_relu6(y: np.ndarray, bias: np.ndarray, out: np.ndarray) -> None:
    """Add a bias to y, (B, H, W, N), and cut off below 0 and above 6 into out; y is overwritten.

    The bias comes repeated along W, (W * N,): additions of whole rows take half the time of many short ones.

    >>> y = np.array([[[[-1.0, 1.0], [2.0, 7.0]]]])
    >>> bias_relu6(y, np.array([0.0, 0.5, 0.0, 0.5]), out=y)
    >>> y.tolist()
    [[[[0.0, 1.5], [2.0, 6.0]]]]
    """
    rows = y.reshape(*y.shape[:2], -1)  # (B, H, W, N) -> (B, H, W * N)
    np.add(rows, bias, out=rows)
    np.clip(y, y.dtype.type(0), y.dtype.type(6), out=out)
