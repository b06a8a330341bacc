"""Two convolutions in steps of D_K * D_K * M mult-adds: the numbers behind `interactive.stepper`.

In one step the standard convolution computes one output number, the depthwise convolution one pixel of M numbers, and
the pointwise convolution D_K * D_K numbers: all three make the same number of mult-adds. Each number and each count
is what `loops` returned when it computed that number.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np

from .. import conv, cost, loops

Step = dict[str, Any]


def convolutions(
    x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same"
) -> dict[str, dict[str, Any]]:
    """Every step of a standard convolution, and of the depthwise and the pointwise convolution that replace it.

    Parameters
    ----------
    x : (1, D_F, D_F, M) float array of whole numbers
    kernel : (D_K, D_K, M, N) float array of whole numbers
        The depthwise kernel is its first filter, `kernel[..., 0]`; the pointwise kernel is `kernel[0, 0]`.
    stride, padding
        As in `conv.standard_conv`.

    Returns
    -------
    dict
        For "standard", "depthwise" and "pointwise" a dict of: `image`, the padded input as channels of rows; `before`,
        how many rows of zeros precede it; its side `D_F` without padding; `D_K`, `D_G` and `N`; `total`, the mult-adds
        of `cost`; and `steps`. A step has the `positions` of its windows (top, left), the flattened `windows` and the
        `kernel` they are multiplied with (one list per input channel), whether the windows are `new`, the `outputs`
        (k, l, n, value), the mult-adds of `each` and of the step (`mult_adds`), and the `count` so far.

    Raises
    ------
    ValueError, TypeError
        As `conv.standard_conv`.

    Examples
    --------
    >>> for kind, convolution in convolutions(np.ones((1, 4, 4, 2)), np.ones((3, 3, 2, 3))).items():
    ...     steps = convolution["steps"]
    ...     print(f"{kind:9} {len(steps):2} steps of {len(steps[0]['outputs'])} x {steps[0]['each']} mult-adds")
    standard  48 steps of 1 x 18 mult-adds
    depthwise 16 steps of 2 x 9 mult-adds
    pointwise  6 steps of 9 x 2 mult-adds
    """
    D_K, _, M, N = kernel.shape
    windows = conv.im2col(x, D_K, stride, padding)  # (1, D_G, D_G, D_K, D_K, M)
    filtered, _ = conv.depthwise_conv(x, kernel[..., 0], stride, padding)  # (1, D_G, D_G, M)
    D_F, D_G = x.shape[1], filtered.shape[1]
    padded, before = _padded(x, D_K, stride, padding)
    image = {"image": _channels(padded), "before": before, "D_F": D_F, "D_K": D_K, "D_G": D_G}
    pixels = {"image": _channels(filtered), "before": 0, "D_F": D_G, "D_K": 1, "D_G": D_G}
    standard, depthwise = cost.standard(D_K, M, N, D_G), cost.depthwise(D_K, M, D_G)
    return {
        "standard": image | {"N": N, "total": standard, "steps": _standard(windows, kernel, stride)},
        "depthwise": image | {"N": M, "total": depthwise, "steps": _depthwise(windows, kernel[..., 0], stride)},
        "pointwise": pixels
        | {"N": N, "total": cost.pointwise(M, N, D_G), "steps": _pointwise(filtered, kernel[0, 0], D_K**2)},
    }


def _padded(x: np.ndarray, D_K: int, stride: int, padding: str) -> tuple[np.ndarray, int]:
    """The image with the zeros that its windows reach, and how many rows of zeros precede it: read from `conv.im2col`.

    >>> for padding in ("same", "symmetric", "valid"):
    ...     padded, before = _padded(np.ones((1, 4, 4, 1)), D_K=3, stride=2, padding=padding)
    ...     print(padding, padded.shape, before)
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


def _standard(windows: np.ndarray, kernel: np.ndarray, stride: int) -> list[Step]:
    """One output number per step: a window is multiplied with one filter, and all products are summed."""
    steps = []
    for k, l, n in np.ndindex(*windows.shape[1:3], kernel.shape[3]):
        window, one_filter = windows[:, k, l], kernel[..., n : n + 1]  # (1, D_K, D_K, M), (D_K, D_K, M, 1)
        y, mult_adds = loops.standard_conv(window, one_filter, padding="valid")  # (1, 1, 1, 1)
        step = _step([(stride * k, stride * l)], window[0], one_filter[..., 0], [(k, l, n, y.item())], mult_adds)
        steps.append(step | {"new": n == 0})  # the other filters read the same window
    return _with_counts(steps)


def _depthwise(windows: np.ndarray, kernel: np.ndarray, stride: int) -> list[Step]:
    """One pixel per step: each channel of a window is multiplied with its own filter and summed by itself."""
    steps = []
    for k, l in np.ndindex(*windows.shape[1:3]):
        window = windows[:, k, l]  # (1, D_K, D_K, M)
        y, mult_adds = loops.depthwise_conv(window, kernel, padding="valid")  # (1, 1, 1, M)
        outputs = [(k, l, m, value) for m, value in enumerate(y[0, 0, 0].tolist())]
        steps.append(_step([(stride * k, stride * l)], window[0], kernel, outputs, mult_adds))
    return _with_counts(steps)


def _pointwise(x: np.ndarray, kernel: np.ndarray, each_step: int) -> list[Step]:
    """D_K * D_K output numbers per step, each of M mult-adds: as many mult-adds as a step of the others."""
    steps, everything = [], list(np.ndindex(*x.shape[1:3], kernel.shape[1]))
    for start in range(0, len(everything), each_step):
        outputs, mult_adds = [], 0
        for k, l, n in everything[start : start + each_step]:
            y, one = loops.pointwise_conv(x[:, k : k + 1, l : l + 1], kernel[:, n : n + 1])  # (1, 1, 1, 1)
            outputs.append((k, l, n, y.item()))
            mult_adds += one
        positions = list(dict.fromkeys((k, l) for k, l, n, _ in outputs))
        pixels = np.array([x[0, k, l] for k, l in positions])  # (pixels, M)
        steps.append(_step(positions, pixels, kernel.T, outputs, mult_adds))
    return _with_counts(steps)


def _step(
    positions: list[tuple[int, int]],
    windows: np.ndarray,
    kernel: np.ndarray,
    outputs: list[tuple[int, int, int, float]],
    mult_adds: int,
) -> Step:
    """What one step shows; of `windows` and `kernel`, whose last axis is M, one list per input channel."""
    return {
        "positions": positions,
        "windows": _whole(windows.reshape(-1, windows.shape[-1]).T),
        "kernel": _whole(kernel.reshape(-1, kernel.shape[-1]).T),
        "new": True,
        "outputs": [(k, l, n, int(value)) for k, l, n, value in outputs],
        "mult_adds": mult_adds,
        "each": mult_adds // len(outputs),
    }


def _with_counts(steps: list[Step]) -> list[Step]:
    counts = accumulate(step["mult_adds"] for step in steps)
    return [step | {"count": count} for step, count in zip(steps, counts)]


def _whole(array: np.ndarray) -> list[Any]:
    return array.astype(int).tolist()


def _channels(x: np.ndarray) -> list[Any]:
    return _whole(x[0].transpose(2, 0, 1))  # (1, H, W, M) -> (M, H, W)
