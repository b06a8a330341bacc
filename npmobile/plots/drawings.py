"""Drawings that explain a convolution: one window, one output, the filters, the two steps, a body and its heads."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from .. import checks, conv
from .style import Described
from .words import say

BLUE, ORANGE, GREEN, VERMILION, GREY = "#56B4E9", "#E69F00", "#009E73", "#D55E00", "#999999"  # Okabe and Ito
CHANNELS = (VERMILION, GREEN, BLUE, ORANGE, GREY)


def windows(image: np.ndarray, D_K: int, window: int = 0, stride: int = 1, padding: str = "valid") -> Described:
    """One window of an image, and the row of the im2col matrix that it becomes.

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
    (H, W), x = image.shape, image[np.newaxis, ..., np.newaxis]  # (1, H, W, 1)
    numbered = np.arange(1.0, H * W + 1).reshape(x.shape)  # pixel numbers from 1, so that 0 is padding
    matrix, pixels = (conv.im2col(a, D_K, stride, padding).reshape(-1, D_K * D_K) for a in (x, numbered))
    _in_range(window, len(matrix))
    # The position of the window follows from its first pixel that is not padding.
    first = int(np.flatnonzero(pixels[window])[0])
    top, left = np.subtract(divmod(int(pixels[window, first]) - 1, W), divmod(first, D_K)).tolist()
    alt = say("Window {} of an image, and its row of the im2col matrix").format(window)
    figure = Described(9, 0.9 + 0.42 * max(len(matrix), H + 2), alt)
    axes = figure.subplots(1, 2, width_ratios=[W + 1, D_K * D_K + 1])
    _grid(axes[0], image, say("image"))
    _outline(axes[0], left, top, D_K, D_K)
    axes[0].set(xlim=(-1.6, W + 0.6), ylim=(H + 0.6, -1.6))
    _grid(axes[1], matrix, say("im2col matrix: a row is a flattened window"), image.min(), image.max())
    _outline(axes[1], 0, window, D_K * D_K, 1)
    return figure


def by_hand(image: np.ndarray, kernel: np.ndarray, window: int = 0) -> Described:
    """A convolution as it is done on paper: image, kernel, and the output as far as it is computed.

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
    >>> [text.get_text() for text in figure.axes[2].texts]
    ['8', '12', '?', '?']
    """
    image, kernel = _numbers("image", image), _numbers("kernel", kernel)
    y, _ = conv.standard_conv(image[np.newaxis, ..., np.newaxis], kernel[..., np.newaxis, np.newaxis], 1, "valid")
    output = y[0, :, :, 0]
    _in_range(window, output.size)
    output.flat[window + 1 :] = np.nan
    top, left = divmod(window, output.shape[1])
    panels = {  # title -> numbers, position and side of the outline
        "image": (image, left, top, len(kernel)),
        "kernel": (kernel, 0, 0, len(kernel)),
        "output": (output, left, top, 1),
    }
    figure = Described(9, 0.9 + 0.55 * len(image), say("Image, kernel, output up to window {}").format(window))
    axes = figure.subplots(1, 3, width_ratios=[numbers.shape[1] + 1.5 for numbers, *_ in panels.values()])
    for panel, (title, (numbers, x, y0, side)) in zip(axes, panels.items()):
        _grid(panel, numbers, say(title))
        _outline(panel, x, y0, side, side)
        middle, half = (len(numbers) - 1) / 2, len(image) / 2 + 0.1  # cells of one size in all three
        panel.set(xlim=(-1.25, numbers.shape[1] + 0.25), ylim=(middle + half, middle - half))
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

    Raises
    ------
    ValueError
        If a size is not an int of at least 1.

    Examples
    --------
    >>> [axes.get_title().splitlines()[0] for axes in filters().axes]
    ['standard convolution', 'depthwise convolution', 'pointwise convolution']
    """
    _sizes(D_K=D_K, M=M, N=N)
    figure = Described(11, 2.3, say("Boxes: the filters of standard, depthwise and pointwise convolution"))
    panels = [
        ("standard convolution", "N filters, each through all M channels", "D_K x D_K x M x N", N, D_K, M, GREY),
        ("depthwise convolution", "M filters, each on its own channel", "D_K x D_K x M", M, D_K, 1, None),
        ("pointwise convolution", "N filters of one pixel, through all M channels", "M x N", N, 1, M, GREY),
    ]
    for axes, (name, words, size, count, side, depth, colour) in zip(figure.subplots(1, 3), panels):
        for number in range(count):
            _box(axes, number * (D_K + 0.45 * M + 0.8), side, depth, colour or CHANNELS[number % len(CHANNELS)])
        axes.set_title(f"{say(name)}\n{size}", fontsize=14, linespacing=1.4)
        axes.set_xlabel(say(words), fontsize=11)
        _bare(axes, max(M, N) * (D_K + 0.45 * M + 0.8), D_K + 0.45 * M)  # one scale for all three
    return figure


def split(M: int = 3, N: int = 5, D_F: int = 5) -> Described:
    """A separable convolution step by step: separate the channels, filter each, concatenate them, combine them.

    Parameters
    ----------
    M, N : int
        Input and output channels.
    D_F : int
        Side of the image as drawn.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        As `filters`.

    Examples
    --------
    >>> [text.get_text() for text in split().axes[0].texts if text.get_text()][:3]
    ['input', 'channels separated', 'filtered']
    """
    _sizes(M=M, N=N, D_F=D_F)
    figure = Described(12, 4.2, say("A drawing: a separable convolution in five stages, from input to output"))
    axes = figure.subplots()
    stage, apart, small = D_F + 4.2, D_F * 0.75, D_F * 0.62  # from stage to stage, from channel to channel, a side
    starts = [0, stage, 2 * stage, 3 * stage, 4 * stage + 1]  # left edges
    colours = [CHANNELS[m % len(CHANNELS)] for m in range(M)]
    middle, width = (M - 1) * apart / 2, D_F + 0.45 * M  # lower edge of a stack of channels, and its width
    for x, shades in ((starts[0], colours), (starts[3], colours), (starts[4], [GREY] * N)):
        for m, shade in reversed(list(enumerate(shades))):  # one channel behind the other
            _square(axes, x + 0.45 * m, middle + 0.45 * m, D_F, shade)
    for m, colour in enumerate(colours):
        y = m * apart
        _square(axes, starts[1], y, small, colour)
        _arrow(axes, starts[1] + small + 0.3, starts[2] - 0.3, y + small / 2)
        _square(axes, starts[1] + small + 1.3, y + small / 2 + 0.35, 1.5, colour, grid=3)  # this channel's filter
        _square(axes, starts[2], y, small, colour)
    for start, end in ((width, starts[1]), (starts[2] + small, starts[3]), (starts[3] + width, starts[4])):
        _arrow(axes, start + 0.3, end - 0.3, middle + D_F / 2)
    titles = ("input", "channels separated", "filtered", "concatenated", "output")
    for x, side, title in zip(starts, (D_F, small, small, D_F, D_F), titles):
        axes.text(x + side / 2, -1.3, say(title), ha="center", va="top", fontsize=13)
    for x, title in ((starts[1] + small + 1.9, "depthwise"), (4 * stage - 0.8, "pointwise")):
        axes.text(x, M * apart + 1.2, say(title), ha="center", fontsize=13, color=VERMILION)
    _bare(axes, starts[4] + D_F + 0.45 * N, M * apart + 2.5, below=2.6)
    return figure


def body_and_heads() -> Described:
    """A body and the heads that different uses put on it: three on its last vector, a detector on its feature maps.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> [text.get_text() for text in body_and_heads().axes[0].texts][:3]
    ['image', 'body', 'vector of M numbers']
    """
    figure = Described(11, 3.5, say("A drawing: a body of shrinking feature maps, and the heads that read them"))
    axes = figure.subplots()
    for x, side, colour in ((0, 4.0, "white"), (5, 3.2, BLUE), (9, 2.4, BLUE), (12.2, 1.6, BLUE)):
        for behind in (2, 1, 0):
            _square(axes, x + 0.22 * behind, 0.22 * behind - side / 2, side, colour)
    axes.add_patch(Rectangle((15.4, -2), 0.5, 4, fc=GREEN, ec="black"))
    for words, x in (("image", 2.2), ("body", 9.5), ("vector of M numbers", 15.65)):
        axes.text(x, -3.1, say(words), ha="center", fontsize=14)
    for start, end in ((4.5, 4.95), (8.7, 8.95), (11.9, 12.15), (14.3, 15.35)):
        _arrow(axes, start, end, 0, lw=1.5)
    box = {"boxstyle": "round,pad=0.4", "fc": "white", "ec": VERMILION, "lw": 2}
    for y, words in ((2.2, "one of N classes: dogs, places"), (0, "yes or no: face attributes"), (-2.2, "embedding")):
        axes.annotate("", (18.3, y), (16, 0.5 * y), arrowprops={"arrowstyle": "->", "lw": 1.5})
        axes.text(18.4, y, say(words), va="center", fontsize=13, bbox=box)
    for x, top in ((10.4, 1.8), (13.2, 1.4)):
        axes.annotate("", (x, 3.2), (x, top), arrowprops={"arrowstyle": "->", "lw": 1.5})
    axes.text(11.8, 3.8, say("boxes and classes at every position: detection"), ha="center", fontsize=13, bbox=box)
    _bare(axes, 27, 4.1, below=3.8)
    return figure


def _numbers(name: str, array: np.ndarray) -> np.ndarray:
    """One channel as float64; anything that is not a matrix of numbers is refused."""
    array = np.asarray(array)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} must have the shape (H, W), but has {array.shape}")
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold numbers, but is {array.dtype}")
    return array.astype(float)


def _sizes(**sizes: int) -> None:
    for name, size in sizes.items():
        checks.count(name, size)


def _in_range(window: int, windows: int) -> None:
    checks.count("window", window, at_least=0)
    if window >= windows:
        raise ValueError(f"window must be less than {windows}, the number of windows, but is {window}")


def _grid(axes: Axes, numbers: np.ndarray, title: str, low: float | None = None, high: float | None = None) -> None:
    """A table of numbers, shaded by their value; a number that is not computed yet (NaN) is a question mark."""
    low, high = (np.nanmin(numbers) if low is None else low), (np.nanmax(numbers) if high is None else high)
    darkest = high + (high - low or 1)  # only the lighter half of the colours is used, so that black digits are read
    axes.imshow(numbers, cmap="Blues", vmin=low, vmax=darkest)
    for (row, col), number in np.ndenumerate(numbers):
        axes.text(col, row, "?" if np.isnan(number) else f"{number:g}", ha="center", va="center", fontsize=13)
    axes.set_title(title, fontsize=13)
    axes.set_xticks(np.arange(numbers.shape[1] + 1) - 0.5, [])
    axes.set_yticks(np.arange(numbers.shape[0] + 1) - 0.5, [])
    axes.grid(color="white", lw=2)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _outline(axes: Axes, column: float, row: float, width: float, height: float) -> None:
    """A thick frame around cells of a grid."""
    corner = (column - 0.5, row - 0.5)
    axes.add_patch(Rectangle(corner, width, height, fill=False, lw=4, ec=VERMILION, clip_on=False, zorder=5))


def _arrow(axes: Axes, start: float, end: float, y: float, lw: float = 2) -> None:
    axes.annotate("", (end, y), (start, y), arrowprops={"arrowstyle": "->", "lw": lw})


def _box(axes: Axes, x: float, side: float, depth: float, colour: str) -> None:
    """A box in oblique view: side x side in front, `depth` channels behind."""
    d, end = 0.45 * depth, x + side
    _square(axes, x, 0, side, colour, grid=round(side))
    top = [(x, side), (end, side), (end + d, side + d), (x + d, side + d)]
    right = [(end, 0), (end + d, d), (end + d, side + d), (end, side)]
    axes.add_patch(Polygon(top, fc=colour, alpha=0.6, ec="black", lw=1))
    axes.add_patch(Polygon(right, fc=colour, alpha=0.8, ec="black", lw=1))


def _square(axes: Axes, x: float, y: float, side: float, colour: str, grid: int = 0) -> None:
    """One channel seen from the front; with `grid`, a kernel with that many numbers on a side."""
    axes.add_patch(Rectangle((x, y), side, side, fc=colour, ec="black", lw=1))
    for k in range(1, grid):
        axes.plot([x + k * side / grid] * 2, [y, y + side], color="black", lw=0.8)
        axes.plot([x, x + side], [y + k * side / grid] * 2, color="black", lw=0.8)


def _bare(axes: Axes, width: float, height: float, below: float = 0.5) -> None:
    """A drawing to scale, without axes."""
    axes.set(xlim=(-0.5, width + 0.5), ylim=(-below, height + 0.5), aspect="equal", xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
