"""A standard and a separable convolution side by side, each step with the same number of mult-adds.

The page shows what each step reads, multiplies and writes, and how far the two counts have come. `steps` computes the
numbers; `stepper.js` shows them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import cost
from .steps import convolutions
from .widget import Widget, html_table, in_range, words


def stepper(
    size: int = 4,
    D_K: int = 3,
    M: int = 2,
    N: int = 3,
    stride: int = 1,
    padding: str = "same",
    language: str | None = None,
) -> Widget:
    """A standard and a separable convolution side by side, in steps of D_K * D_K * M mult-adds.

    In one step the standard convolution computes one output number, the depthwise one a whole pixel, M numbers, and the
    pointwise one D_K * D_K numbers. So the separable convolution needs 1/N + 1/D_K^2 of the steps: the ratio of the
    paper's section 3.1. The counts are those that `loops` makes while it computes the numbers shown.

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
    rng = np.random.default_rng(0)
    x = rng.integers(0, 6, (1, size, size, M)).astype(float)  # small whole numbers, to be checked by hand
    kernel = rng.integers(-1, 2, (D_K, D_K, M, N)).astype(float)
    computed = convolutions(x, kernel, stride, padding)
    totals: dict[str, int] = {kind: convolution["total"] for kind, convolution in computed.items()}
    totals["separable"] = totals["depthwise"] + totals["pointwise"]
    share = cost.separable_ratio(D_K, N)
    ratio = f"{totals['separable']:,} / {totals['standard']:,} = 1/N + 1/D_K² = 1/{N} + 1/{D_K**2} = {share}"
    ratio += f" ≈ {float(share):.3f}"
    data = {
        "words": texts,
        "mult_adds_per_step": D_K * D_K * M,
        "convolutions": computed,
        "totals": totals,
        "ratio": ratio,
    }
    plain_ratio = ratio.replace("²", "^2").replace("≈", "~=")  # for terminals that lack these two signs
    text = texts["text"].format(**{kind: f"{count:,}" for kind, count in totals.items()}, ratio=plain_ratio)
    return Widget("stepper", data, _first_window(computed, texts, text), text, language)


def _first_window(computed: dict[str, Any], texts: dict[str, str], text: str) -> str:
    """The static page: the first window, its row of the im2col matrix, and the final counts as bars."""
    standard = computed["standard"]
    D_K = standard["D_K"]
    image = [
        [f"<b>{value}</b>" if k < D_K and l < D_K else str(value) for l, value in enumerate(row)]
        for k, row in enumerate(standard["image"][0])
    ]
    window = [[f"<b>{value}</b>" for value in standard["steps"][0]["windows"][0]]]
    longest = max(convolution["total"] for convolution in computed.values())
    bars = [
        [texts[kind], f"{convolution['total']:,}", _BAR.format(width=100 * convolution["total"] // longest)]
        for kind, convolution in computed.items()
    ]
    tables = map(html_table, (image, window, bars))
    return "\n".join([f"<p>{texts['first_window']}</p>", *tables, f"<p>{text}</p>"])


_BAR = '<div style="width: {width}px; height: 14px; background-color: #56B4E9; border: 1px solid #111"></div>'
