"""Two convolutions side by side, D_K * D_K * M mult-adds a step: the numbers behind `interactive.stepper`.

In that time the standard convolution makes one output number, the depthwise one a pixel of M numbers, and the
pointwise one D_K * D_K numbers. Each number shown and each count is what `loops` returned when it made that number.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np

from .. import conv, cost, loops
from ..fast import layout


def lanes(x: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: str = "same") -> dict[str, dict[str, Any]]:
    """Every step of a standard convolution, and of the depthwise and the pointwise one that stand in for it.

    Parameters
    ----------
    x : (1, D_F, D_F, M) float array of whole numbers
    kernel : (D_K, D_K, M, N) float array of whole numbers
        The depthwise kernel is its first filter, the pointwise one its first weights.
    stride, padding
        As in `conv.standard_conv`.

    Returns
    -------
    dict
        For "standard", "depthwise" and "pointwise": the picture with its padding, the shape of the output, the total
        of `cost`, and a list of steps. A step has its windows (top, left), the column that im2col made of them, the
        kernel that met it, the output numbers (k, l, n, value), their mult-adds, and the count so far.

    Raises
    ------
    ValueError, TypeError
        As `conv.standard_conv`.

    Examples
    --------
    >>> race = lanes(np.ones((1, 4, 4, 2)), np.ones((3, 3, 2, 3)))
    >>> for kind, lane in race.items():
    ...     step = lane["steps"][0]
    ...     print(f"{kind:9} {len(lane['steps']):2} steps, the first makes {len(step['made'])} of {step['each']} mult-adds")
    standard  48 steps, the first makes 1 of 18 mult-adds
    depthwise 16 steps, the first makes 2 of 9 mult-adds
    pointwise  6 steps, the first makes 9 of 2 mult-adds
    """
    D_K, _, M, N = kernel.shape
    columns = conv.im2col(x, D_K, stride, padding)  # (1, D_G, D_G, D_K, D_K, M)
    filtered, _ = conv.depthwise_conv(x, kernel[..., 0], stride, padding)  # (1, D_G, D_G, M)
    D_F, D_G = x.shape[1], filtered.shape[1]
    before, after = layout.margins(D_F, D_K, stride, padding)
    padded = np.pad(x, ((0, 0), (before, after), (before, after), (0, 0)))
    picture = {"picture": _channels(padded), "before": before, "D_F": D_F, "side": D_K, "D_G": D_G}
    pixels = {"picture": _channels(filtered), "before": 0, "D_F": D_G, "side": 1, "D_G": D_G}
    return {
        "standard": picture
        | {"N": N, "total": cost.standard(D_K, M, N, D_G), "steps": _standard(columns, kernel, stride)},
        "depthwise": picture
        | {"N": M, "total": cost.depthwise(D_K, M, D_G), "steps": _depthwise(columns, kernel[..., 0], stride)},
        "pointwise": pixels
        | {"N": N, "total": cost.pointwise(M, N, D_G), "steps": _pointwise(filtered, kernel[0, 0], D_K**2)},
    }


def _standard(columns: np.ndarray, kernel: np.ndarray, stride: int) -> list[dict[str, Any]]:
    """One output number a step: a window meets one filter, and all its products make one sum."""
    steps = []
    for k, l, n in np.ndindex(*columns.shape[1:3], kernel.shape[3]):
        window, one_filter = columns[:, k, l], kernel[..., n : n + 1]  # (1, D_K, D_K, M), (D_K, D_K, M, 1)
        y, mult_adds = loops.standard_conv(window, one_filter, padding="valid")  # (1, 1, 1, 1)
        step = _step([(stride * k, stride * l)], window[0], one_filter[..., 0], [(k, l, n, y.item())], mult_adds)
        steps.append(step | {"fresh": n == 0})  # written once: the other filters meet the same column
    return _with_counts(steps)


def _depthwise(columns: np.ndarray, kernel: np.ndarray, stride: int) -> list[dict[str, Any]]:
    """One pixel a step: each channel of a window meets its own filter, and makes its own sum."""
    steps = []
    for k, l in np.ndindex(*columns.shape[1:3]):
        window = columns[:, k, l]  # (1, D_K, D_K, M)
        y, mult_adds = loops.depthwise_conv(window, kernel, padding="valid")  # (1, 1, 1, M)
        made = [(k, l, m, value) for m, value in enumerate(y[0, 0, 0].tolist())]
        steps.append(_step([(stride * k, stride * l)], window[0], kernel, made, mult_adds))
    return _with_counts(steps)


def _pointwise(x: np.ndarray, kernel: np.ndarray, numbers: int) -> list[dict[str, Any]]:
    """As many output numbers a step as the others pay for in one: D_K * D_K, of M mult-adds each."""
    steps, places = [], list(np.ndindex(*x.shape[1:3], kernel.shape[1]))
    for start in range(0, len(places), numbers):
        made, mult_adds = [], 0
        for k, l, n in places[start : start + numbers]:
            y, one = loops.pointwise_conv(x[:, k : k + 1, l : l + 1], kernel[:, n : n + 1])  # (1, 1, 1, 1)
            made.append((k, l, n, y.item()))
            mult_adds += one
        pixels = list(dict.fromkeys((k, l) for k, l, n, _ in made))
        columns = np.array([x[0, k, l] for k, l in pixels])  # (pixels, M)
        steps.append(_step(pixels, columns, kernel.T, made, mult_adds))
    return _with_counts(steps)


def _step(
    windows: list[tuple[int, int]],
    column: np.ndarray,
    kernel: np.ndarray,
    made: list[tuple[int, int, int, float]],
    mult_adds: int,
) -> dict[str, Any]:
    """What one step shows; of `column` and `kernel`, whose last axis is M, a row for each input channel."""
    return {
        "windows": windows,
        "column": _whole(column.reshape(-1, column.shape[-1]).T),
        "kernel": _whole(kernel.reshape(-1, kernel.shape[-1]).T),
        "fresh": True,
        "made": [(k, l, n, int(value)) for k, l, n, value in made],
        "mult_adds": mult_adds,
        "each": mult_adds // len(made),
    }


def _with_counts(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counts = accumulate(step["mult_adds"] for step in steps)
    return [step | {"count": count} for step, count in zip(steps, counts)]


def _whole(array: np.ndarray) -> list[Any]:
    return array.astype(int).tolist()


def _channels(x: np.ndarray) -> list[Any]:
    return _whole(x[0].transpose(2, 0, 1))  # (1, H, W, M) -> (M, H, W)
