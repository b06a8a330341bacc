"""The three convolutions on integers, and what stands behind them: average pool and softmax.

The sums are those of `loops` and `conv`: only the numbers are integers, so every sum is exact and its order does not
matter. The zero points have been subtracted before, so a border of zeros is a border of zeros. Phones add up in
int32; here the sums are int64, and `IntegerLayer` refuses a kernel whose sums could leave int32.
"""

from __future__ import annotations

import numpy as np

from .. import checks

WIDE = (np.int32, np.int64)


def pointwise_conv(x: np.ndarray, kernel: np.ndarray) -> tuple[np.ndarray, int]:
    """Pointwise (1 x 1) convolution of integers: one matrix product over the pixels.

    Parameters
    ----------
    x : (B, H, W, M) int32 or int64 array
        Minus its zero point.
    kernel : (M, N) array of the same dtype
        Minus its zero point.

    Returns
    -------
    sums : (B, H, W, N) array of the same dtype
    mult_adds : int
        Rows times M times N of the matrix product that was run.

    Raises
    ------
    ValueError, TypeError
        If the arguments do not fit together; 8-bit arrays are refused, because their products need more bits.

    Examples
    --------
    In uint8, the product 130 * 130 would silently become 4:

    >>> pointwise_conv(np.array([[[[130, 10]]]]), np.array([[130], [2]]))
    (array([[[[16920]]]]), 2)
    """
    _check(x, kernel, "M N")
    B, H, W, M = x.shape
    N = kernel.shape[1]
    sums = x.reshape(B * H * W, M) @ kernel  # (B, H, W, M) -> (B H W, M) -> (B H W, N)
    return sums.reshape(B, H, W, N), B * H * W * M * N


def standard_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Standard convolution of integers, equation 1 of the MobileNet paper.

    Parameters
    ----------
    x : (B, H, W, M) int32 or int64 array
    kernel : (D_K, D_K, M, N) array of the same dtype
    stride, padding
        As for `conv.standard_conv`.

    Returns
    -------
    sums : (B, H', W', N) array of the same dtype
    mult_adds : int
        One for each number of the windows and each output channel, padding zeros included.

    Raises
    ------
    ValueError, TypeError
        As `pointwise_conv`.

    Examples
    --------
    >>> sums, mult_adds = standard_conv(np.arange(9).reshape(1, 3, 3, 1), np.ones((2, 2, 1, 1), int), padding="valid")
    >>> sums[0, :, :, 0].tolist(), mult_adds
    ([[8, 12], [20, 24]], 16)
    """
    _check(x, kernel, "D_K D_K M N", stride, padding)
    D_K, _, M, N = kernel.shape
    windows = _windows(x, D_K, int(stride), padding)  # (B, H', W', M, D_K, D_K)
    B, rows, cols = windows.shape[:3]
    sums = windows.reshape(B * rows * cols, M * D_K * D_K) @ kernel.transpose(2, 0, 1, 3).reshape(M * D_K * D_K, N)
    return sums.reshape(B, rows, cols, N), windows.size * N


def depthwise_conv(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> tuple[np.ndarray, int]:
    """Depthwise convolution of integers, equation 3 of the MobileNet paper.

    Parameters
    ----------
    x : (B, H, W, M) int32 or int64 array
    kernel : (D_K, D_K, M) array of the same dtype
    stride, padding
        As for `conv.depthwise_conv`.

    Returns
    -------
    sums : (B, H', W', M) array of the same dtype
    mult_adds : int
        One for each number of the windows, padding zeros included.

    Raises
    ------
    ValueError, TypeError
        As `pointwise_conv`.

    Examples
    --------
    Two pixels with two channels; channel 0 is multiplied by 2, channel 1 by -10:

    >>> sums, mult_adds = depthwise_conv(np.array([[[[1, 2], [3, 4]]]]), np.array([[[2, -10]]]))
    >>> sums[0, 0].tolist(), mult_adds
    ([[2, -20], [6, -40]], 4)
    """
    _check(x, kernel, "D_K D_K M", stride, padding)
    windows = _windows(x, kernel.shape[0], int(stride), padding)  # (B, H', W', M, D_K, D_K)
    return np.einsum("bklmij,ijm->bklm", windows, kernel), windows.size  # -> (B, H', W', M)


def average_pool(x: np.ndarray) -> np.ndarray:
    """Average each channel over the image and round, halves away from 0: TFLite's AVERAGE_POOL_2D.

    The integers are averaged as they are: the mean of scale * (q - zero) is scale * (mean of q - zero).

    Parameters
    ----------
    x : (B, H, W, M) integer array

    Returns
    -------
    (B, M) int64 array

    Examples
    --------
    The means 1.5 and -1.5:

    >>> average_pool(np.array([[[[1, -1], [2, -2]]]], np.int8)).tolist()
    [[2, -2]]
    """
    checks.shape("x", x, "B H W M")
    count = x.shape[1] * x.shape[2]
    sums = x.sum(axis=(1, 2), dtype=np.int64)  # (B, H, W, M) -> (B, M)
    return np.sign(sums) * ((np.abs(sums) + count // 2) // count)


def softmax(q: np.ndarray, scale: float, scale_out: float) -> np.ndarray:
    """Softmax of quantised logits by a table of 256 exponentials, as TFLite computes it.

    exp(scale * (q - largest q)) has at most 256 different values. They are added up in float32, one after the other,
    and probability / scale_out is rounded, halves upwards. The zero point of q plays no part: it cancels.

    Parameters
    ----------
    q : (B, N) array of uint8 or int8
    scale : float
        Of the logits.
    scale_out : float
        Of the probabilities: 1 / 256 in all files of TFLite.

    Returns
    -------
    (B, N) int64 array
        Probabilities as multiples of scale_out; their zero point has yet to be added.

    Examples
    --------
    Two equal logits, and two that are log(3) apart, so that one is three times as probable:

    >>> softmax(np.array([[5, 5], [6, 5]], np.uint8), scale=np.log(3), scale_out=1 / 256).tolist()
    [[128, 128], [192, 64]]
    """
    checks.shape("q", q, "B N")
    steps = np.arange(256, dtype=np.float32) * -np.float32(scale)
    table = np.exp(steps.astype(np.float64)).astype(np.float32)  # rounded once, the same on every processor
    below = q.max(axis=1, keepdims=True).astype(np.int64) - q  # (B, N), 0 to 255
    powers = table[below]
    total = np.add.accumulate(powers, axis=1)[:, -1:]  # accumulate keeps the order of the runtime; sum does not
    steps_out = powers * (1 / (total * np.float32(scale_out)))
    if q.dtype == np.int8:  # TFLite adds the half in float32 for uint8 only
        steps_out = steps_out.astype(np.float64)
    return np.floor(steps_out + 0.5).astype(np.int64)


def _check(x: np.ndarray, kernel: np.ndarray, letters: str, stride: int = 1, padding: str = "same") -> None:
    """Refuse arguments that do not make a convolution of integers; `letters` is the kernel's shape."""
    for name, array in {"x": x, "kernel": kernel}.items():
        if checks.counts_itself(array):
            continue
        if type(array) is not np.ndarray or array.dtype not in WIDE or array.dtype != x.dtype:
            came = f"{type(array).__name__} of {array.dtype}" if isinstance(array, np.ndarray) else type(array).__name__
            raise TypeError(f"{name} must be an array of int32 or int64, both of one dtype, but is {came}")
    checks.shape("kernel", kernel, letters)
    if letters.startswith("D_K") and kernel.shape[0] != kernel.shape[1]:
        raise ValueError(f"kernel must be square, but is {kernel.shape[0]} x {kernel.shape[1]}")
    checks.windows(x, kernel.shape[0] if letters.startswith("D_K") else 1, stride, padding)
    checks.channels(x, kernel.shape[letters.split().index("M")])


def _windows(x: np.ndarray, D_K: int, stride: int, padding: str) -> np.ndarray:
    """A view of every window, (B, H', W', M, D_K, D_K), of the padded image."""
    margins = [_margins(side, D_K, stride, padding) for side in x.shape[1:3]]
    padded = np.pad(x, ((0, 0), *margins, (0, 0)))
    every = np.lib.stride_tricks.sliding_window_view(padded, (D_K, D_K), axis=(1, 2))
    return every[:, ::stride, ::stride]


def _margins(side: int, D_K: int, stride: int, padding: str) -> tuple[int, int]:
    """Zeros before and after an axis: see `conv.standard_conv`."""
    if padding == "valid":
        return 0, 0
    if padding == "symmetric":
        return D_K // 2, D_K // 2
    if padding == "keras" and stride == 2:
        return 0, 1
    zeros = max((-(-side // stride) - 1) * stride + D_K - side, 0)  # "same": ceil(side / stride) windows
    return zeros // 2, zeros - zeros // 2
