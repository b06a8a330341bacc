"""The definition: three convolutions as nested loops, one multiply-add at a time.

Nothing here is fast and nothing is hidden. Each loop variable is an index of the paper's equations, and
`mult_adds += 1` stands where the multiplication and its addition happen. This is the first of four witnesses:
the count is what the machine really did.

Sizes are capitals, as in the paper: B images of H x W pixels with M channels, a kernel of D_K x D_K,
N output channels. All indices count from 0, where the paper's count from 1.
"""

from __future__ import annotations

import numpy as np

from . import checks
from .quiet import quiet


@quiet
def standard_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Standard convolution, equation 1 of the paper: filter and combine in one step.

        G[k, l, n] = sum over i, j, m of  K[i, j, m, n] * F[k + i - 1, l + j - 1, m]

    Parameters
    ----------
    x : (B, H, W, M) float array
        The images, F in the paper.
    kernel : (D_K, D_K, M, N) float array
        K in the paper.
    stride : int
        How many pixels the window moves at each step.
    padding : {"same", "symmetric", "valid", "keras"}
        Zeros around the image: TensorFlow's, PyTorch's (D_K // 2 on every side), none, or those of the depthwise
        layers of `keras.applications.MobileNet` (D_K = 3 only): with stride 2, one zero at the bottom and right
        and then "valid"; with stride 1, "same".

    Returns
    -------
    y : (B, H', W', N) array
        G in the paper, of x's dtype.
    mult_adds : int
        Multiply-adds made, those with padding zeros included, as in equation 2.

    Raises
    ------
    ValueError, TypeError
        If the arguments do not fit together; the message says which, what was expected and what came.

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
    B, H, W, M = x.shape
    D_K, _, _, N = kernel.shape
    rows, top = _windows_along(H, D_K, stride, padding)
    cols, left = _windows_along(W, D_K, stride, padding)
    y = np.zeros((B, rows, cols, N), x.dtype)
    mult_adds = 0
    for b in range(B):
        for k in range(rows):
            for l in range(cols):
                for n in range(N):
                    for i in range(D_K):
                        for j in range(D_K):
                            row, col = stride * k + i - top, stride * l + j - left
                            inside = 0 <= row < H and 0 <= col < W
                            for m in range(M):
                                pixel = x[b, row, col, m] if inside else 0
                                y[b, k, l, n] += kernel[i, j, m, n] * pixel
                                mult_adds += 1
    return y, mult_adds


@quiet
def depthwise_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Depthwise convolution, equation 3 of the paper: one filter per channel, and no sum over channels.

        G[k, l, m] = sum over i, j of  K[i, j, m] * F[k + i - 1, l + j - 1, m]

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

    Raises
    ------
    ValueError, TypeError
        As `standard_conv`.

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
    B, H, W, M = x.shape
    D_K, _, _ = kernel.shape
    rows, top = _windows_along(H, D_K, stride, padding)
    cols, left = _windows_along(W, D_K, stride, padding)
    y = np.zeros((B, rows, cols, M), x.dtype)
    mult_adds = 0
    for b in range(B):
        for k in range(rows):
            for l in range(cols):
                for i in range(D_K):
                    for j in range(D_K):
                        row, col = stride * k + i - top, stride * l + j - left
                        inside = 0 <= row < H and 0 <= col < W
                        for m in range(M):
                            pixel = x[b, row, col, m] if inside else 0
                            y[b, k, l, m] += kernel[i, j, m] * pixel
                            mult_adds += 1
    return y, mult_adds


@quiet
def pointwise_conv(x: np.ndarray, kernel: np.ndarray) -> tuple[np.ndarray, int]:
    """Pointwise (1 x 1) convolution: at each pixel, N sums over the M channels. No window, so no padding.

        G[k, l, n] = sum over m of  K[m, n] * F[k, l, m]

    Parameters
    ----------
    x : (B, H, W, M) float array
    kernel : (M, N) float array

    Returns
    -------
    y : (B, H, W, N) array
    mult_adds : int

    Raises
    ------
    ValueError, TypeError
        As `standard_conv`.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0]]]])  # one pixel with two channels
    >>> pointwise_conv(x, np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]))
    (array([[[[1., 2., 3.]]]]), 6)
    """
    checks.convolution(x, kernel, "M N")
    B, H, W, M = x.shape
    _, N = kernel.shape
    y = np.zeros((B, H, W, N), x.dtype)
    mult_adds = 0
    for b in range(B):
        for k in range(H):
            for l in range(W):
                for n in range(N):
                    for m in range(M):
                        y[b, k, l, n] += kernel[m, n] * x[b, k, l, m]
                        mult_adds += 1
    return y, mult_adds


def _windows_along(size: int, D_K: int, stride: int, padding: str) -> tuple[int, int]:
    """How many windows of D_K an axis of `size` has, and how many zeros stand before its pixel 0."""
    if padding == "valid":
        return (size - D_K) // stride + 1, 0
    if padding == "symmetric":
        return (size + 2 * (D_K // 2) - D_K) // stride + 1, D_K // 2
    if padding == "keras" and stride == 2:
        return size // 2, 0  # the one zero stands after the last pixel
    outputs = -(-size // stride)  # "same": the ceiling of size / stride
    covered = (outputs - 1) * stride + D_K  # from the first window's first pixel to the last window's last
    return outputs, max(covered - size, 0) // 2  # an odd zero goes after the last pixel
