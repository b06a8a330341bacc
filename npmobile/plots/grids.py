"""Tables of numbers that show a convolution window by window: as on paper, and as im2col copies it.

They look like the tables of `interactive.stepper`: the window that is being computed is coloured, and padding zeros
are grey with dashed lines.
"""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from .. import checks, conv
from .style import STYLES, Described
from .words import say

CURRENT = STYLES["standard"][0]  # as in the panel of the standard convolution
CELL, GAP, TITLE = 0.48, 0.8, 0.45  # inches: the side of a cell, the space between tables, the height of a title


def windows(image: np.ndarray, D_K: int, window: int = 0, stride: int = 1, padding: str = "valid") -> Described:
    """One window of an image with its padding zeros, and the row of the im2col matrix that it becomes.

    Parameters
    ----------
    image : (H, W) array
        One channel, with numbers short enough to be read.
    D_K : int
        Side of the window.
    window : int
        The window to outline, counted row by row from 0.
    stride, padding
        As for `conv.im2col`, which makes the matrix.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.

    Examples
    --------
    >>> figure = windows(np.arange(9.0).reshape(3, 3), D_K=2, window=3)
    >>> [text.get_text() for text in figure.axes[1].texts[-4:]]
    ['4', '5', '7', '8']
    """
    image = _numbers("image", image)
    x = image[np.newaxis, ..., np.newaxis]  # (1, H, W, 1)
    matrix = conv.im2col(x, D_K, stride, padding)[0, ..., 0]  # (H', W', D_K, D_K)
    inside = conv.im2col(np.ones_like(x), D_K, stride, padding)[0, ..., 0]  # 0 where padding was copied
    rows, cols = matrix.shape[:2]
    _in_range(window, rows * cols)
    zeros = [  # before and after the image, along each axis
        _zeros(size, inside[0, 0].any(axis=1 - axis), stride, stride * (count - 1) + D_K, padding)
        for axis, (size, count) in enumerate(zip(image.shape, (rows, cols)))
    ]
    padded, pixels = np.pad(image, zeros), np.pad(np.ones_like(image), zeros)
    alt = say("Window {} of an image, and its row of the im2col matrix").format(window)
    flat = matrix.reshape(rows * cols, D_K * D_K)
    figure, axes = _tables(alt, {"image": padded, "im2col matrix: a row is a flattened window": flat})
    k, l = divmod(window, cols)
    _fill(axes[0], padded, (stride * k, stride * l, D_K, D_K), pixels == 0)
    _fill(axes[1], flat, (window, 0, 1, D_K * D_K), inside.reshape(flat.shape) == 0)
    axes[1].set_yticks(range(len(flat)), [str(number) for number in range(len(flat))])
    axes[1].set_ylabel(say("window"), fontsize=10)
    axes[1].set_xticks(range(D_K * D_K), [f"({i}, {j})" for i, j in np.ndindex(D_K, D_K)])
    return figure


def by_hand(image: np.ndarray, kernel: np.ndarray, window: int = 0) -> Described:
    """A convolution as it is done on paper: image, kernel, and the output as far as it is computed.

    In the window each pixel has, in small digits, the number of the kernel with which it is multiplied. The sum of
    the products stands below.

    Parameters
    ----------
    image, kernel : (H, W) and (D_K, D_K) arrays
        One channel, with numbers short enough to be read.
    window : int
        The window to outline, counted row by row from 0. Outputs after it are question marks.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        As `windows`.

    Examples
    --------
    >>> figure = by_hand(np.arange(9.0).reshape(3, 3), np.ones((2, 2)), window=1)
    >>> [text.get_text() for text in figure.axes[2].texts], figure.texts[0].get_text()
    (['8', '12', '?', '?'], '1 · 1 + 1 · 2 + 1 · 4 + 1 · 5 = 12')
    """
    image, kernel = _numbers("image", image), _numbers("kernel", kernel)
    y, _ = conv.standard_conv(image[np.newaxis, ..., np.newaxis], kernel[..., np.newaxis, np.newaxis], 1, "valid")
    output, D_K = y[0, :, :, 0], len(kernel)
    _in_range(window, output.size)
    output.flat[window + 1 :] = np.nan
    top, left = divmod(window, output.shape[1])
    tables = {"image": image, "kernel": kernel, "output": output}
    pixels = image[top : top + D_K, left : left + D_K]
    products = [f"{_factor(weight)} · {_factor(pixel)}" for weight, pixel in zip(kernel.flat, pixels.flat)]
    alt = say("Image, kernel, output up to window {}").format(window)
    figure, axes = _tables(alt, tables, f"{' + '.join(products)} = {output[top, left]:g}")
    _fill(axes[0], image, (top, left, D_K, D_K))
    for (i, j), weight in np.ndenumerate(kernel):
        axes[0].text(left + j + 0.45, top + i + 0.45, f"×{weight:g}", ha="right", va="bottom", fontsize=9)
    _fill(axes[1], kernel)
    _fill(axes[2], output, (top, left, 1, 1))
    return figure


def _numbers(name: str, array: np.ndarray) -> np.ndarray:
    """One channel as float64; anything that is not a matrix of numbers is refused."""
    array = np.asarray(array)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} must have the shape (H, W), but has {array.shape}")
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold numbers, but is {array.dtype}")
    return array.astype(float)


def _in_range(window: int, windows: int) -> None:
    checks.count("window", window, at_least=0)
    if window >= windows:
        raise ValueError(f"window must be less than {windows}, the number of windows, but is {window}")


def _zeros(size: int, inside: np.ndarray, stride: int, reach: int, padding: str) -> tuple[int, int]:
    """How many zeros stand before and after an axis of `size` pixels.

    The first window, of which `inside` says where it has pixels, begins in the zeros before them; all windows together
    cover `reach` numbers. "symmetric" and "keras" add zeros after the pixels even where no window reaches them.

    >>> first, shifted = np.array([True, True, True]), np.array([False, True, True])
    >>> _zeros(4, first, 2, 5, "same"), _zeros(4, shifted, 2, 5, "symmetric"), _zeros(5, first, 2, 5, "keras")
    ((0, 1), (1, 1), (0, 1))
    """
    before = int(np.argmax(inside))
    if padding == "symmetric":
        return before, before
    if padding == "keras" and stride == 2:
        return 0, 1
    return before, max(reach - before - size, 0)


def _factor(number: float) -> str:
    """A factor of a product, in parentheses if it is negative.

    >>> _factor(2.0), _factor(-1.0)
    ('2', '(-1)')
    """
    return f"{number:g}" if number >= 0 else f"({number:g})"


def _tables(alt: str, tables: dict[str, np.ndarray], below: str = "") -> tuple[Described, list[Axes]]:
    """A figure with empty axes for tables side by side, all with cells of one size, and a line of text below them."""
    wide = [max(numbers.shape[1] * CELL, 0.09 * len(title)) for title, numbers in tables.items()]
    width, tallest = sum(wide) + GAP * (len(wide) - 1) + 0.4, CELL * max(len(numbers) for numbers in tables.values())
    lines = textwrap.wrap(below, int(width / 0.1))
    bottom = 0.35 + 0.25 * len(lines)
    height = bottom + tallest + TITLE
    figure, axes, x = Described(width, height, alt), [], 0.2
    figure.set_layout_engine("none")  # the axes are placed in inches
    for (title, numbers), step in zip(tables.items(), wide):
        rows, cols = numbers.shape
        y = bottom + (tallest - rows * CELL) / 2
        axes.append(figure.add_axes((x / width, y / height, cols * CELL / width, rows * CELL / height)))
        axes[-1].set_title(say(title), fontsize=13, loc="left")
        axes[-1].set(xlim=(-0.5, cols - 0.5), ylim=(rows - 0.5, -0.5), xticks=[], yticks=[])
        axes[-1].tick_params(length=0, labelsize=9)
        axes[-1].spines[:].set_visible(False)
        x += step + GAP
    if lines:
        figure.text(0.2 / width, 0.12 / height, "\n".join(lines), fontsize=13)
    return figure, axes


def _fill(
    axes: Axes,
    numbers: np.ndarray,
    current: tuple[int, int, int, int] | None = None,
    padding: np.ndarray | None = None,
) -> None:
    """Fill in a table, with a frame around its `current` part: top row, left column, rows and columns.

    A number that is not computed yet (NaN) is a question mark; where `padding` is true it is a padding zero.
    """
    top, left, rows, cols = current or (0, 0, 0, 0)
    cells = []
    for (row, col), number in np.ndenumerate(numbers):
        is_zero = padding is not None and padding[row, col]
        is_current = top <= row < top + rows and left <= col < left + cols
        colour = CURRENT if is_current else "#EEEEEE" if is_zero else "white"
        corner = (col - 0.5, row - 0.5)
        cells.append(Rectangle(corner, 1, 1, fc=colour, ec="#767676", lw=1, ls="--" if is_zero else "-"))
        word = "?" if np.isnan(number) else f"{number:g}"
        axes.text(
            col,
            row,
            word,
            ha="center",
            va="center",
            fontsize=13,
            color="#555555" if is_zero and not is_current else "black",
        )
    axes.add_collection(PatchCollection(cells, match_original=True, clip_on=False))
    if current:
        frame = Rectangle((left - 0.5, top - 0.5), cols, rows, fill=False, lw=3, ec="black", clip_on=False, zorder=5)
        axes.add_patch(frame)
