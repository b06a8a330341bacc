"""Drawings for the lessons: what a kernel sees, what im2col copies, how a convolution is split in two."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from .. import conv
from ..language import say
from .style import Described

BLUE, ORANGE, GREEN, VERMILION, GREY = "#56B4E9", "#E69F00", "#009E73", "#D55E00", "#999999"  # Okabe and Ito
CHANNELS = (VERMILION, GREEN, BLUE, ORANGE, GREY)


def windows(picture: np.ndarray, D_K: int, window: int = 0, stride: int = 1, padding: str = "valid") -> Described:
    """One window in the picture, and the row of the column matrix that it becomes.

    Parameters
    ----------
    picture : (H, W) float array
        One channel, with numbers short enough to be read.
    D_K : int
        Side of the window.
    window : int
        Which window to outline, counted row by row from 0.
    stride, padding
        As for `conv.im2col`, which makes the columns.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> figure = windows(np.arange(9.0).reshape(3, 3), D_K=2, window=3)
    >>> [text.get_text() for text in figure.axes[1].texts[-4:]]
    ['4', '5', '7', '8']
    """
    places = conv.im2col(np.arange(1.0, picture.size + 1).reshape(1, *picture.shape, 1), D_K, stride, padding)
    _, rows, cols = places.shape[:3]
    columns = conv.im2col(picture[np.newaxis, ..., np.newaxis], D_K, stride, padding).reshape(rows * cols, D_K * D_K)
    # Where the window lies: the place of its first pixel that is no padding tells.
    inside = places.reshape(rows * cols, D_K, D_K)[window]
    i, j = np.argwhere(inside > 0)[0]
    top, left = (np.array(divmod(int(inside[i, j]) - 1, picture.shape[1])) - (i, j)).tolist()
    alt = say("Window {} of a picture, and the row of the column matrix that it becomes").format(window)
    figure = Described(9, 0.9 + 0.42 * max(rows * cols, picture.shape[0] + 2), alt)
    axes = figure.subplots(1, 2, width_ratios=[picture.shape[1] + 1, D_K * D_K + 1])
    _grid(axes[0], picture, say("picture"))
    axes[0].add_patch(
        Rectangle((left - 0.5, top - 0.5), D_K, D_K, fill=False, lw=4, ec=VERMILION, clip_on=False, zorder=5)
    )
    axes[0].set(xlim=(-1.6, picture.shape[1] + 0.6), ylim=(picture.shape[0] + 0.6, -1.6))
    _grid(axes[1], columns, say("columns, one row a window"), picture.min(), picture.max())
    axes[1].add_patch(
        Rectangle((-0.5, window - 0.5), D_K * D_K, 1, fill=False, lw=4, ec=VERMILION, clip_on=False, zorder=5)
    )
    return figure


def by_hand(picture: np.ndarray, kernel: np.ndarray, window: int = 0) -> Described:
    """A convolution as it is done on paper: picture, kernel, and the output as far as it is worked out.

    Parameters
    ----------
    picture : (H, W) float array
        One channel, with numbers short enough to be read.
    kernel : (D_K, D_K) float array
    window : int
        The window to outline, counted row by row from 0. Outputs after it are question marks.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> figure = by_hand(np.arange(9.0).reshape(3, 3), np.ones((2, 2)), window=1)
    >>> [text.get_text() for text in figure.axes[2].texts]
    ['8', '12', '?', '?']
    """
    y, _ = conv.standard_conv(picture[np.newaxis, ..., np.newaxis], kernel[..., np.newaxis, np.newaxis], 1, "valid")
    output = y[0, :, :, 0]
    output.flat[window + 1 :] = np.nan
    top, left = divmod(window, output.shape[1])
    panels = ((picture, "picture", len(kernel)), (kernel, "kernel", len(kernel)), (output, "output", 1))
    figure = Described(
        9, 0.9 + 0.55 * len(picture), say("A picture, a kernel, and the output up to window {}").format(window)
    )
    axes = figure.subplots(1, 3, width_ratios=[numbers.shape[1] + 1.5 for numbers, *_ in panels])
    for panel, (numbers, words, side) in zip(axes, panels):
        _grid(panel, numbers, say(words))
        x, y0 = (-0.5, -0.5) if words == "kernel" else (left - 0.5, top - 0.5)
        panel.add_patch(Rectangle((x, y0), side, side, fill=False, lw=4, ec=VERMILION, clip_on=False, zorder=5))
        middle = (len(numbers) - 1) / 2  # cells of one size in all three
        panel.set(
            xlim=(-1.25, numbers.shape[1] + 0.25),
            ylim=(middle + len(picture) / 2 + 0.1, middle - len(picture) / 2 - 0.1),
        )
    return figure


def filters(D_K: int = 3, M: int = 3, N: int = 5) -> Described:
    """The filters of a standard convolution, and those of the two that replace it (Figure 2 of the paper).

    Parameters
    ----------
    D_K, M, N : int
        Side of the kernel, input channels, output channels; small numbers read best.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> [axes.get_title().splitlines()[0] for axes in filters().axes]
    ['standard convolution', 'depthwise convolution', 'pointwise convolution']
    """
    figure = Described(11, 2.3, say("Boxes: the filters of standard, depthwise and pointwise convolution"))
    panels = [
        ("standard convolution", "N filters, each through all M channels", "D_K x D_K x M x N", N, D_K, M, GREY),
        ("depthwise convolution", "M filters, each on its own channel", "D_K x D_K x M", M, D_K, 1, None),
        ("pointwise convolution", "N filters of one pixel, through all M channels", "M x N", N, 1, M, GREY),
    ]
    for axes, (name, words, size, count, side, depth, colour) in zip(figure.subplots(1, 3), panels):
        for number in range(count):
            _box(axes, number * (D_K + 0.45 * M + 0.8), 0, side, depth, colour or CHANNELS[number % len(CHANNELS)])
        axes.set_title(f"{say(name)}\n{size}", fontsize=14)
        axes.set_xlabel(say(words), fontsize=11)
        _bare(axes, max(M, N) * (D_K + 0.45 * M + 0.8), D_K + 0.45 * M)  # one scale for all three
    return figure


def split(M: int = 3, N: int = 5, D_F: int = 5) -> Described:
    """A separable convolution step by step: take the channels apart, filter each, put them together, combine.

    Parameters
    ----------
    M, N : int
        Input and output channels.
    D_F : int
        Side of the picture as drawn.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> [text.get_text() for text in split().axes[0].texts if text.get_text()][:3]
    ['input', 'channels apart', 'filtered']
    """
    figure = Described(12, 4.2, say("A separable convolution in five steps, from input to combined output"))
    axes = figure.subplots()
    step, apart = D_F + 4.2, D_F * 0.75
    colours = [CHANNELS[m % len(CHANNELS)] for m in range(M)]
    middle = (M - 1) * apart / 2

    def stack(x: float, shades: list[str], gap: float) -> None:
        for m, shade in reversed(list(enumerate(shades))):
            _slab(
                axes,
                x + (0.45 * m if not gap else 0),
                middle + 0.45 * m if not gap else m * gap,
                D_F * (0.62 if gap else 1),
                shade,
            )

    stack(0, colours, 0)
    stack(step, colours, apart)
    stack(2 * step, colours, apart)
    stack(3 * step, colours, 0)
    stack(4 * step + 1, [GREY] * N, 0)
    for m, colour in enumerate(colours):
        y = m * apart + D_F * 0.31
        axes.annotate("", (2 * step - 0.3, y), (step + D_F * 0.62 + 0.3, y), arrowprops={"arrowstyle": "->", "lw": 2})
        _slab(axes, step + D_F * 0.62 + 1.3, y + 0.35, 1.5, colour, grid=3)
    for x, end in (
        (D_F + 0.45 * M, step),
        (2 * step + D_F * 0.62, 3 * step),
        (3 * step + D_F + 0.45 * M, 4 * step + 1),
    ):
        axes.annotate(
            "", (end - 0.3, middle + D_F / 2), (x + 0.3, middle + D_F / 2), arrowprops={"arrowstyle": "->", "lw": 2}
        )
    for x, words in enumerate(["input", "channels apart", "filtered", "put together", "combined"]):
        axes.text(
            x * step + (1 if x == 4 else 0) + D_F / 2 - (0 if x in (0, 3, 4) else 0.9),
            -1.3,
            say(words),
            ha="center",
            va="top",
            fontsize=13,
        )
    axes.text(step + D_F * 0.62 + 1.9, M * apart + 1.2, say("depthwise"), ha="center", fontsize=13, color=VERMILION)
    axes.text(4 * step - 0.8, M * apart + 1.2, say("pointwise"), ha="center", fontsize=13, color=VERMILION)
    _bare(axes, 4 * step + 1 + D_F + 0.45 * N, M * apart + 2.5, below=2.6)
    return figure


def heads_drawing() -> Described:
    """One body and the heads that it carries: some on its last numbers, a detector's on its maps.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> [text.get_text() for text in heads_drawing().axes[0].texts][:3]
    ['picture', 'body', 'M numbers']
    """
    figure = Described(11, 3.5, say("A body of shrinking maps; on its last numbers and on its maps stand heads"))
    axes = figure.subplots()
    for x, side, colour in ((0, 4.0, "white"), (5, 3.2, BLUE), (9, 2.4, BLUE), (12.2, 1.6, BLUE)):
        for behind in (2, 1, 0):
            _slab(axes, x + 0.22 * behind, 0.22 * behind - side / 2, side, colour)
    axes.add_patch(Rectangle((15.4, -2), 0.5, 4, fc=GREEN, ec="black"))
    for words, x, y in (("picture", 2.2, -3.1), ("body", 9.5, -3.1), ("M numbers", 15.65, -3.1)):
        axes.text(x, y, say(words), ha="center", fontsize=14)
    for start, end in ((4.5, 4.95), (8.7, 8.95), (11.9, 12.15), (14.3, 15.35)):
        axes.annotate("", (end, 0), (start, 0), arrowprops={"arrowstyle": "->", "lw": 1.5})
    box = {"boxstyle": "round,pad=0.4", "fc": "white", "ec": VERMILION, "lw": 2}
    for y, words in ((2.2, "one of N classes: dogs, places"), (0, "yes or no: face attributes"), (-2.2, "embedding")):
        axes.annotate("", (18.3, y), (16, 0.5 * y), arrowprops={"arrowstyle": "->", "lw": 1.5})
        axes.text(18.4, y, say(words), va="center", fontsize=13, bbox=box)
    for x, top in ((10.4, 1.8), (13.2, 1.4)):
        axes.annotate("", (x, 3.2), (x, top), arrowprops={"arrowstyle": "->", "lw": 1.5})
    axes.text(11.8, 3.8, say("boxes and classes at every place: detection"), ha="center", fontsize=13, bbox=box)
    axes.set(xlim=(-0.5, 27.5), ylim=(-3.8, 4.6), aspect="equal", xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    return figure


def _grid(axes: Axes, numbers: np.ndarray, title: str, low: float | None = None, high: float | None = None) -> None:
    """A table of numbers, shaded by their value; what is not known yet is a question mark."""
    low, high = (np.nanmin(numbers) if low is None else low), (np.nanmax(numbers) if high is None else high)
    axes.imshow(numbers, cmap="Blues", vmin=low, vmax=high + (high - low or 1))  # the lighter half: print stays black
    for (row, col), number in np.ndenumerate(numbers):
        axes.text(col, row, "?" if np.isnan(number) else f"{number:g}", ha="center", va="center", fontsize=13)
    axes.set_title(title, fontsize=13)
    axes.set_xticks(np.arange(numbers.shape[1] + 1) - 0.5, [])
    axes.set_yticks(np.arange(numbers.shape[0] + 1) - 0.5, [])
    axes.grid(color="white", lw=2)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _box(axes: Axes, x: float, y: float, side: float, depth: float, colour: str) -> None:
    """A box in oblique view: side x side in front, `depth` channels behind."""
    d = 0.45 * depth
    front = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    top = [front[3], front[2], (x + side + d, y + side + d), (x + d, y + side + d)]
    right = [front[1], (x + side + d, y + d), (x + side + d, y + side + d), front[2]]
    for face, shade in ((front, 1.0), (top, 0.6), (right, 0.8)):
        axes.add_patch(Polygon(face, closed=True, fc=colour, alpha=shade, ec="black", lw=1))
    for k in range(1, round(side)):
        axes.plot([x + k, x + k], [y, y + side], color="black", lw=0.6)
        axes.plot([x, x + side], [y + k, y + k], color="black", lw=0.6)


def _slab(axes: Axes, x: float, y: float, side: float, colour: str, grid: int = 0) -> None:
    """One channel seen from the front; with `grid`, a kernel of so many numbers a side."""
    axes.add_patch(Rectangle((x, y), side, side, fc=colour, ec="black", lw=1))
    for k in range(1, grid):
        axes.plot([x + k * side / grid] * 2, [y, y + side], color="black", lw=0.8)
        axes.plot([x, x + side], [y + k * side / grid] * 2, color="black", lw=0.8)


def _bare(axes: Axes, width: float, height: float, below: float = 0.5) -> None:
    """A drawing to scale, without axes."""
    axes.set(xlim=(-0.5, width + 0.5), ylim=(-below, height + 0.5), aspect="equal", xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
