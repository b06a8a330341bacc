"""The same three convolutions by im2col and one contraction each: answer and count.

`loops` visits every multiply-add; here each convolution becomes one product of two arrays, and NumPy makes
all of its multiply-adds at once. The count is the size of the contraction that was run, read from the arrays
that went into it: no formula of the paper is used. This is the second witness.

Which operations warn of an infinity or an overflow depends on the processor's matrix kernels, so warnings of
floating-point arithmetic are switched off here (`@quiet`); the numbers that come out are the same.
"""

from __future__ import annotations

import numpy as np

from . import checks
from .quiet import quiet


@quiet
def pointwise_conv(x: np.ndarray, kernel: np.ndarray) -> tuple[np.ndarray, int]:
    """Pointwise (1 x 1) convolution: every pixel is a row of M numbers, so it is one matrix product.

    Parameters
    ----------
    x : (B, H, W, M) float array
    kernel : (M, N) float array

    Returns
    -------
    y : (B, H, W, N) array
    mult_adds : int
        Rows times M times N of the matrix product that was run.

    Raises
    ------
    ValueError, TypeError
        If the arguments do not fit together; the message says which, what was expected and what came.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0]]]])  # one pixel with two channels
    >>> pointwise_conv(x, np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]))
    (array([[[[1., 2., 3.]]]]), 6)
    """
    checks.convolution(x, kernel, "M N")
    B, H, W, M = x.shape
    y, mult_adds = _matrix_product(x.reshape(B * H * W, M), kernel)  # (B, H, W, M) -> (B H W, M) -> (B H W, N)
    return y.reshape(B, H, W, kernel.shape[1]), mult_adds


@quiet
def standard_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Standard convolution, equation 1 of the paper: im2col, then one matrix product.

    Parameters
    ----------
    x : (B, H, W, M) float array
    kernel : (D_K, D_K, M, N) float array
    stride : int
        How many pixels the window moves at each step.
    padding : {"same", "symmetric", "valid", "keras"}
        Zeros around the image: TensorFlow's, PyTorch's (D_K // 2 on every side), none, or those of the depthwise
        layers of `keras.applications.MobileNet` (D_K = 3 only): with stride 2, one zero at the bottom and right
        and then "valid"; with stride 1, "same". For 3 x 3 kernels at stride 2, "same" and "symmetric" give the
        same shape and the same count, with windows that are one pixel apart: the wrong one is no error, only
        a worse answer.

    Returns
    -------
    y : (B, H', W', N) array
    mult_adds : int
        Rows times D_K * D_K * M times N of the matrix product that was run, padding zeros included.

    Raises
    ------
    ValueError, TypeError
        As `pointwise_conv`.

    Examples
    --------
    A 2 x 2 kernel of ones on a 3 x 3 image adds up each 2 x 2 window: 4 windows of 4 multiply-adds.

    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> y, mult_adds = standard_conv(x, np.ones((2, 2, 1, 1)), padding="valid")
    >>> y[0, :, :, 0]
    array([[ 8., 12.],
           [20., 24.]])
    >>> mult_adds
    16
    """
    stride = checks.convolution(x, kernel, "D_K D_K M N", stride, padding)
    D_K, _, M, N = kernel.shape
    windows = im2col(x, D_K, stride, padding)  # (B, H', W', D_K, D_K, M)
    B, rows, cols = windows.shape[:3]
    y, mult_adds = _matrix_product(
        windows.reshape(B * rows * cols, D_K * D_K * M),  # the im2col matrix: one row for each window
        kernel.reshape(D_K * D_K * M, N),  # one column for each filter
    )
    return y.reshape(B, rows, cols, N), mult_adds


@quiet
def depthwise_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Depthwise convolution, equation 3 of the paper: each channel's windows are multiplied with that channel's filter.

    Parameters
    ----------
    x : (B, H, W, M) float array
    kernel : (D_K, D_K, M) float array
    stride, padding
        As in `standard_conv`.

    Returns
    -------
    y : (B, H', W', M) array
    mult_adds : int
        The number of products summed: one for each number of the im2col matrix.

    Raises
    ------
    ValueError, TypeError
        As `pointwise_conv`.

    Examples
    --------
    Each channel has its own filter: here channel 0 is multiplied by 1 and channel 1 by 10.

    >>> x = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])  # one row of two pixels with two channels
    >>> y, mult_adds = depthwise_conv(x, np.array([[[1.0, 10.0]]]))
    >>> y[0, 0]
    array([[ 1., 20.],
           [ 3., 40.]])
    >>> mult_adds
    4
    """
    stride = checks.convolution(x, kernel, "D_K D_K M", stride, padding)
    windows = im2col(x, kernel.shape[0], stride, padding)  # (B, H', W', D_K, D_K, M)
    # The sum runs over i and j but not over m, so it is no matrix product: that is why depthwise is slow.
    y = np.einsum("bklijm,ijm->bklm", windows, kernel)  # (B, H', W', M)
    return y, windows.size


def separable_conv(
    x: np.ndarray,
    depthwise_kernel: np.ndarray,
    pointwise_kernel: np.ndarray,
    stride: int = 1,
    padding: str = "same",
) -> tuple[np.ndarray, int]:
    """Depthwise separable convolution: filter each channel, then combine them, with nothing in between.

    MobileNet puts batch norm and ReLU6 between the two (see `network`); the paper's cost does not count them.

    Parameters
    ----------
    x : (B, H, W, M) float array
    depthwise_kernel : (D_K, D_K, M) float array
    pointwise_kernel : (M, N) float array
    stride, padding
        As in `standard_conv`; the pointwise step has stride 1.

    Returns
    -------
    y : (B, H', W', N) array
    mult_adds : int

    Raises
    ------
    ValueError, TypeError
        As `pointwise_conv`.

    Examples
    --------
    The worked example: a 32 x 32 image with 3 channels, 3 x 3 kernels, 64 output channels.

    >>> x, depthwise, pointwise = np.zeros((1, 32, 32, 3)), np.zeros((3, 3, 3)), np.zeros((3, 64))
    >>> y, mult_adds = separable_conv(x, depthwise, pointwise)
    >>> y.shape, mult_adds
    ((1, 32, 32, 64), 224256)
    """
    filtered, depthwise_mult_adds = depthwise_conv(x, depthwise_kernel, stride, padding)
    y, pointwise_mult_adds = pointwise_conv(filtered, pointwise_kernel)
    return y, depthwise_mult_adds + pointwise_mult_adds


def im2col(x: np.ndarray, D_K: int, stride: int = 1, padding: str = "same") -> np.ndarray:
    """Copy every window of the images, so that a convolution becomes a matrix product.

    Parameters
    ----------
    x : (B, H, W, M) float array
    D_K : int
        Side of the window.
    stride, padding
        As in `standard_conv`.

    Returns
    -------
    (B, H', W', D_K, D_K, M) array
        `windows[b, k, l]` is the window from which the output pixel (k, l) of image b is computed.

    Raises
    ------
    ValueError, TypeError
        As `pointwise_conv`.

    Notes
    -----
    Reshaped to (B * H' * W', D_K * D_K * M) this is the im2col matrix: each row is one flattened window. A pixel
    is copied into every window that covers it, so at stride 1 the matrix is D_K * D_K times as large as the
    image; at stride s, about D_K * D_K / s**2 times. For 224 x 224 x 3 in float32, 588 KiB become 5.2 MiB with
    D_K = 3. A pointwise convolution needs no copy: its windows are single pixels, and the image itself,
    reshaped, is the matrix.

    Saito's *Deep Learning from Scratch* has the same rows with their numbers in the order M, D_K, D_K, because
    its images are (B, M, H, W).

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> x[0, :, :, 0]
    array([[0., 1., 2.],
           [3., 4., 5.],
           [6., 7., 8.]])

    Four windows of 2 x 2, one in each row. The pixel in the middle, 4, is in all of them:

    >>> windows = im2col(x, D_K=2, padding="valid")
    >>> windows.shape
    (1, 2, 2, 2, 2, 1)
    >>> windows.reshape(4, 4)
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.],
           [3., 4., 6., 7.],
           [4., 5., 7., 8.]])

    The memory of both, for "same" padding and a 3 x 3 window:

    >>> x = np.zeros((1, 224, 224, 3), np.float32)
    >>> windows = im2col(x, D_K=3)
    >>> x.nbytes, windows.nbytes, windows.nbytes / x.nbytes
    (602112, 5419008, 9.0)
    """
    checks.floats(x=x)
    checks.windows(x, D_K, stride, padding)
    D_K, stride = int(D_K), int(stride)  # a small integer of NumPy would overflow below
    B, H, W, M = x.shape
    above, below, rows = _margins(H, D_K, stride, padding)
    left, right, cols = _margins(W, D_K, stride, padding)
    padded = np.pad(x, ((0, 0), (above, below), (left, right), (0, 0)))  # (B, above + H + below, ...)
    windows = np.empty((B, rows, cols, D_K, D_K, M), x.dtype)
    for i in range(D_K):
        for j in range(D_K):
            # Element (i, j) of all windows at once: the image, shifted by (i, j), every stride-th pixel.
            windows[:, :, :, i, j] = padded[
                :, i : i + stride * (rows - 1) + 1 : stride, j : j + stride * (cols - 1) + 1 : stride
            ]
    return windows


def _margins(size: int, D_K: int, stride: int, padding: str) -> tuple[int, int, int]:
    """Zeros before and after an axis of `size`, and how many windows then fit."""
    if padding == "valid":
        before = after = 0
    elif padding == "symmetric":
        before = after = D_K // 2
    elif padding == "keras" and stride == 2:
        before, after = 0, 1
    else:  # "same": as many zeros as ceil(size / stride) windows need, the odd one after
        uncovered = size % stride or stride  # pixels from the last window's first pixel to the edge
        zeros = max(D_K - uncovered, 0)
        before, after = zeros // 2, zeros - zeros // 2
    return before, after, (before + size + after - D_K) // stride + 1


def _matrix_product(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, int]:
    """Multiply (rows, inner) by (inner, N): each of the rows * N sums takes `inner` multiply-adds."""
    (rows, inner), (_, N) = a.shape, b.shape
    return a @ b, rows * inner * N
