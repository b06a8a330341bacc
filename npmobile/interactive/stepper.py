"""A standard and a separable convolution side by side: two functions of the same image, and what each output costs.

`steps` computes the numbers, and the `stepper*.js` show them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from .. import conv, cost
from . import steps, still
from .widget import Widget, in_range, words

SEED = 12871  # with it all numbers of `stepper()` have one digit


def stepper(
    size: int = 4,
    D_K: int = 3,
    M: int = 2,
    N: int = 3,
    stride: int = 1,
    padding: str = "same",
    language: str | None = None,
) -> Widget:
    """A standard and a separable convolution of the same image side by side, one mult-add after the other.

    Point at an output, or go to it with the arrow keys: the page shows its window, its kernel, every product and their
    sum, on both sides. The two are different functions of the image, and their outputs differ. With the switch "rank-1
    kernel" the standard kernel is the product of the depthwise and the pointwise kernel, `D[i, j, m] * P[m, n]`; then
    the outputs agree, and only the cost differs. The counts are those that `loops` makes while it computes the outputs.

    Parameters
    ----------
    size : int
        Side of the image, 2 to 6.
    D_K : int
        Side of the kernel, 1 to 3.
    M, N : int
        Input channels, 1 to 3, and output channels, 1 to 4.
    stride : int
        1 or 2.
    padding : {"same", "symmetric", "valid", "keras"}
    language : {"en", "ko"}, optional
        That of `language.use` unless it is given.

    Returns
    -------
    Widget

    Raises
    ------
    ValueError
        If an argument is out of range: what is larger cannot be read on one page.

    Examples
    --------
    >>> stepper()
    standard 864 mult-adds; separable 288 + 96 = 384 mult-adds; 384 / 864 = 1/N + 1/D_K^2 = 1/3 + 1/9 = 4/9 ~= 0.444
    """
    size = in_range("size", size, 2, 6)
    D_K = in_range("D_K", D_K, 1, 3)
    M = in_range("M", M, 1, 3)
    N = in_range("N", N, 1, 4)
    stride = in_range("stride", stride, 1, 2)
    language, texts = words("stepper", language)
    data = {"words": texts} | _numbers(size, D_K, M, N, stride, padding)
    plain_ratio = data["ratio"].replace("²", "^2").replace("≈", "~=")  # for terminals that lack these two signs
    text = texts["text"].format(**{kind: f"{count:,}" for kind, count in data["totals"].items()}, ratio=plain_ratio)
    return Widget("stepper", data, still.of_stepper(data, text), text, language)


def _numbers(size: int, D_K: int, M: int, N: int, stride: int, padding: str) -> dict[str, Any]:
    """Everything that the page shows but its words."""
    x, depthwise, pointwise, general = _drawn(size, D_K, M, N)
    padded, before = steps.padded(x, D_K, stride, padding)
    rank1 = depthwise[..., np.newaxis] * pointwise  # (D_K, D_K, M, 1) * (M, N) -> (D_K, D_K, M, N)
    filtered, _ = conv.depthwise_conv(x, depthwise, stride, padding)  # (1, D_G, D_G, M)
    D_G = filtered.shape[1]
    cells = {
        "depthwise": steps.depthwise(x, depthwise, stride, padding),
        "pointwise": steps.pointwise(filtered, pointwise),
    }
    standards = {
        name: _standard(steps.standard(x, kernel, stride, padding), kernel, cells["pointwise"])
        for name, kernel in (("general", general), ("rank1", rank1))
    }
    totals = {
        "standard": cost.standard(D_K, M, N, D_G),
        "depthwise": cost.depthwise(D_K, M, D_G),
        "pointwise": cost.pointwise(M, N, D_G),
    }
    totals["separable"] = totals["depthwise"] + totals["pointwise"]
    each = {kind: some[0]["mult_adds"] for kind, some in cells.items()}
    each["standard"] = standards["general"]["cells"][0]["mult_adds"]
    share = cost.separable_ratio(D_K, N)
    return {
        "sizes": {"D_F": size, "D_K": D_K, "M": M, "N": N, "D_G": D_G, "stride": stride, "before": before},
        "image": steps.whole(padded[0].transpose(2, 0, 1)),  # (1, H, W, M) -> (M, H, W)
        "kernels": {"depthwise": _by_channel(depthwise), "pointwise": steps.whole(pointwise)},
        "cells": cells,
        "standards": standards,
        "each": each,
        "totals": totals,
        "words_of_each": {
            "D_K": D_K, "M": M, "N": N, "standard": each["standard"], "pointwise": each["pointwise"],
            "separable": _plain(Fraction(totals["separable"], D_G * D_G * N)), "pixel": totals["depthwise"] // D_G**2,
            "channels": " + ".join([str(each["depthwise"])] * M),
        },
        "ratio": f"{totals['separable']:,} / {totals['standard']:,} = 1/N + 1/D_K² = 1/{N} + 1/{D_K**2} = {share}"
        f" ≈ {float(share):.3f}",
    }  # fmt: skip


def _drawn(size: int, D_K: int, M: int, N: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """An image, a depthwise, a pointwise and a standard kernel of small whole numbers, which can be checked by hand."""
    rng = np.random.default_rng(SEED)
    x = rng.integers(0, 4, (1, size, size, M)).astype(float)
    depthwise = rng.integers(-1, 2, (D_K, D_K, M)).astype(float)
    pointwise = np.array([-1.0, 1.0, 2.0])[rng.integers(0, 3, (M, N))]
    general = rng.integers(-1, 2, (D_K, D_K, M, N)).astype(float)
    if np.array_equal(general, depthwise[..., np.newaxis] * pointwise):  # by chance, where there are few numbers
        general += 1
    return x, depthwise, pointwise, general


def _standard(cells: list[steps.Cell], kernel: np.ndarray, separable: list[steps.Cell]) -> dict[str, Any]:
    """A standard convolution: its outputs, which of them the separable one computes too, its kernel and the ranks.

    The rank of channel m is that of its D_K * D_K rows and N columns. A kernel D[i, j, m] * P[m, n] has rank 1.
    """
    D_K, _, M, N = kernel.shape
    by_channel = kernel.reshape(D_K * D_K, M, N).transpose(1, 0, 2)  # (M, D_K D_K, N)
    return {
        "cells": cells,
        "equal": [ours["value"] == theirs["value"] for ours, theirs in zip(cells, separable)],
        "kernel": [_by_channel(kernel[..., n]) for n in range(N)],
        "ranks": np.linalg.matrix_rank(by_channel).tolist(),
    }


def _plain(share: Fraction) -> str:
    """A decimal number where it ends, else a fraction.

    >>> _plain(Fraction(39, 4)), _plain(Fraction(20, 3))
    ('9.75', '20/3')
    """
    return str(share) if share.denominator % 3 == 0 else f"{float(share):g}"


def _by_channel(kernel: np.ndarray) -> list[Any]:
    return steps.whole(kernel.reshape(-1, kernel.shape[-1]).T)  # (D_K, D_K, M) -> (M, D_K D_K)
