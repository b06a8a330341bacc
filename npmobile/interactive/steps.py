"""The numbers behind the stepper: each output of a convolution with its window, its kernel, its products and their sums.

An output and its count are what `loops` returned when it computed that output alone; its window is a row of the im2col
matrix of `conv`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import conv, loops

Cell = dict[str, Any]


def standard(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> list[Cell]:
    """The outputs of a standard convolution, pixel by pixel, and at each pixel n = 0 to N - 1.

    Parameters
    ----------
    x : (1, D_F, D_F, M) float array of whole numbers
    kernel : (D_K, D_K, M, N) float array of whole numbers
    stride, padding
        As in `conv.standard_conv`.

    Returns
    -------
    list of dict
        Of each output: its place `k`, `l`, `n`; the `x` of its window and the weights `w` in the order (i, j, m), which
        is that of the im2col matrix; their products `p` and the running sums `s`; its `value`; its `mult_adds`.

    Raises
    ------
    ValueError, TypeError
        As `conv.standard_conv`.

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> standard(x, np.ones((2, 2, 1, 1)), padding="valid")[3]
    {'k': 1, 'l': 1, 'n': 0, 'x': [4, 5, 7, 8], 'w': [1, 1, 1, 1], 'p': [4, 5, 7, 8], 's': [4, 9, 16, 24], 'value': 24, 'mult_adds': 4}
    """
    cells = []
    windows = conv.im2col(x, len(kernel), stride, padding)  # (1, D_G, D_G, D_K, D_K, M)
    for k, l, n in np.ndindex(*windows.shape[1:3], kernel.shape[3]):
        window, one_filter = windows[:, k, l], kernel[..., n : n + 1]  # (1, D_K, D_K, M), (D_K, D_K, M, 1)
        y, mult_adds = loops.standard_conv(window, one_filter, padding="valid")  # (1, 1, 1, 1)
        cells.append(_cell((k, l, n), window, one_filter, y, mult_adds))
    return cells


def depthwise(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> list[Cell]:
    """The outputs of a depthwise convolution, as those of `standard`: at each pixel, `n` is the channel m.

    `x` and `w` of an output are those of its channel, in the order (i, j).
    """
    cells = []
    windows = conv.im2col(x, len(kernel), stride, padding)  # (1, D_G, D_G, D_K, D_K, M)
    for k, l, m in np.ndindex(*windows.shape[1:3], kernel.shape[2]):
        window, one_filter = windows[:, k, l, ..., m : m + 1], kernel[..., m : m + 1]  # (1, D_K, D_K, 1), (D_K, D_K, 1)
        y, mult_adds = loops.depthwise_conv(window, one_filter, padding="valid")  # (1, 1, 1, 1)
        cells.append(_cell((k, l, m), window, one_filter, y, mult_adds))
    return cells


def pointwise(x: np.ndarray, kernel: np.ndarray) -> list[Cell]:
    """The outputs of a pointwise convolution, as those of `standard`: `x` and `w` are in the order of the channels m."""
    cells = []
    for k, l, n in np.ndindex(*x.shape[1:3], kernel.shape[1]):
        pixel, weights = x[:, k : k + 1, l : l + 1], kernel[:, n : n + 1]  # (1, 1, 1, M), (M, 1)
        y, mult_adds = loops.pointwise_conv(pixel, weights)  # (1, 1, 1, 1)
        cells.append(_cell((k, l, n), pixel, weights, y, mult_adds))
    return cells


def padded(x: np.ndarray, D_K: int, stride: int, padding: str) -> tuple[np.ndarray, int]:
    """The image with the zeros that its windows read, and how many rows of zeros precede it: read from `conv.im2col`.

    >>> for padding in ("same", "symmetric", "valid"):
    ...     image, before = padded(np.ones((1, 4, 4, 1)), D_K=3, stride=2, padding=padding)
    ...     print(padding, image.shape, before)
    same (1, 5, 5, 1) 0
    symmetric (1, 6, 6, 1) 1
    valid (1, 4, 4, 1) 0
    """
    D_F = x.shape[1]
    windows = conv.im2col(np.ones((1, D_F, D_F, 1)), D_K, stride, padding)  # (1, D_G, D_G, D_K, D_K, 1): 0 is padding
    before = int(np.argmax(windows[0, 0, 0, :, :, 0].any(axis=1)))  # the first row of the first window with a pixel
    reach = stride * (windows.shape[1] - 1) + D_K  # rows from the top of the first window to the end of the last
    after = before if padding == "symmetric" else max(reach - before - D_F, 0)
    return np.pad(x, ((0, 0), (before, after), (before, after), (0, 0))), before


def whole(array: np.ndarray) -> list[Any]:
    """Nested lists of ints."""
    return array.astype(int).tolist()


def _cell(place: tuple[int, ...], x: np.ndarray, w: np.ndarray, y: np.ndarray, mult_adds: int) -> Cell:
    k, l, n = place
    products = x.ravel() * w.ravel()
    return {
        "k": k,
        "l": l,
        "n": n,
        "x": whole(x.ravel()),
        "w": whole(w.ravel()),
        "p": whole(products),
        "s": whole(np.cumsum(products)),
        "value": int(y.item()),
        "mult_adds": mult_adds,
    }
