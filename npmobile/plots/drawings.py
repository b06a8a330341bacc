"""Drawings that explain a network: the filters of a convolution, the two steps that replace it, a body and its heads."""

from __future__ import annotations

from itertools import accumulate, pairwise

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from .. import checks
from .shapes import DEPTH, GREY, arrow, bare, block, channel_colours, mark, outline_pixel, square
from .style import STYLES, Described
from .words import say

TITLE = 0.9  # inches: the height of a title of two lines


def filters(D_K: int = 3, M: int = 3, N: int = 5) -> Described:
    """The filters of a standard convolution, and those of the two steps that replace it (Figure 2 of the paper).

    A cube is one number. Its colour says with which input channel it is multiplied.

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
    >>> [axes.get_title("left").splitlines()[0] for axes in filters().axes]
    ['(a) standard convolution', '(b) depthwise convolution', '(c) pointwise convolution']
    """
    _sizes(D_K=D_K, M=M, N=N)
    alt = say("Boxes: the filters of standard, depthwise and pointwise convolution")
    colours = channel_colours(M)
    panels = [  # kind, size of a filter, what numbers the filters, their side, the colours of each
        ("standard", r"$N$", r"$D_K \times D_K \times M$", "n", D_K, [colours] * N),
        ("depthwise", r"$M$", r"$D_K \times D_K \times 1$", "m", D_K, [[colour] for colour in colours]),
        ("pointwise", r"$N$", r"$1 \times 1 \times M$", "n", 1, [colours] * N),
    ]
    steps = [side + DEPTH * len(boxes[0]) + 0.8 for *_, side, boxes in panels]  # from filter to filter, in cubes
    long = [len(boxes) * step for step, (*_, boxes) in zip(steps, panels)]
    cube = min(0.34, 10 / max(long[0], long[1] + long[2]))  # its side in inches
    wide = [max(cube * length, 3.6) for length in long]
    tall = [cube * (D_K + DEPTH * M) + 0.5, *[cube * (max(D_K, 1 + DEPTH * (M - 1)) + DEPTH) + 0.5] * 2]
    width, height = max(wide[0], wide[1] + wide[2]) + 0.2, tall[0] + tall[1] + 2 * TITLE
    figure = Described(width, height, alt)
    figure.set_layout_engine("none")  # the axes are placed in inches
    corners = [(0.2, tall[1] + TITLE), (0.2, 0), (0.2 + wide[1], 0)]  # the two steps stand below what they replace
    for letter, step, w, h, (x, y), panel in zip("abc", steps, wide, tall, corners, panels):
        kind, many, size, index, side, boxes = panel
        axes = figure.add_axes((x / width, y / height, w / width, h / height))
        bare(axes, w / cube, (h - 0.35) / cube, below=0.35 / cube)
        for number, shades in enumerate(boxes):
            block(axes, number * step, 0, side, side, shades)
            axes.text(number * step + side / 2, -0.2, f"${index} = {number}$", ha="center", va="top", fontsize=11)
        mark(axes, 0, (h - 0.35) / cube, len(boxes) * step - 0.8, 0.1 / cube, kind)
        words = f"({letter}) {say(f'{kind} convolution')}\n{say('{} filters of {}').format(many, size)}"
        axes.set_title(words, loc="left", fontsize=13, linespacing=1.4, pad=14)
    return figure


def split(M: int = 3, N: int = 5, D_F: int = 4) -> Described:
    """A depthwise separable convolution from input to output, with the steps of the study note.

    The channels are separated, each is filtered with its own 3 x 3 kernel, the results are concatenated, and at each
    pixel N filters of 1 x 1 x M make N numbers of the M numbers there. A cube is one number.

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
    >>> [text.get_text().splitlines()[0] for text in split().axes[0].texts if text.get_text()]
    ['Input', 'Separate', 'Depthwise Conv', 'Concat', 'Pointwise Conv', 'Output']
    """
    _sizes(M=M, N=N, D_F=D_F)
    stack, single, kernel = D_F + DEPTH * M, D_F + DEPTH, 3 + DEPTH  # widths of M channels, of one, of its filter
    pixel, number = 1 + DEPTH * M, 1 + DEPTH  # widths of a pixel in all its channels, and of one number
    last = D_F + DEPTH * N  # width of the output
    names = ["Input", "Separate", "Depthwise Conv", "filtered", "Concat", "Pointwise Conv", "numbers", "Output"]
    gaps = [0.1, stack + 1.8, single + 1, kernel + 1, single + 1.8, stack + 1.8, pixel + 1.2, number + 1.8]
    x = dict(zip(names, accumulate(gaps)))  # left edges
    wide = {
        "Input": stack,
        "Separate": single,
        "Depthwise Conv": x["filtered"] + single - x["Depthwise Conv"],
        "Concat": stack,
        "Pointwise Conv": x["numbers"] + number - x["Pointwise Conv"],
        "Output": last,
    }
    tall = max(M * (max(single, kernel) + 0.7), N * (pixel + 0.3), last)
    cube = min(0.3, 11.5 / (x["Output"] + last + 0.2))  # its side in inches
    titles = _titles()
    top = 0.45 + 0.25 * max(title.count("\n") + 1 for title in titles.values())  # inches above the boxes
    width, height = cube * (x["Output"] + last + 0.2), cube * tall + top
    alt = say("A drawing: a depthwise separable convolution in six steps, from input to output")
    figure = Described(width, height, alt)
    figure.set_layout_engine("none")  # the axes are placed in inches
    axes = figure.add_axes((0, 0, 1, 1))
    bare(axes, width / cube, height / cube)
    for name, title in titles.items():
        middle = x[name] + wide[name] / 2
        axes.text(middle, tall + 0.3 / cube, title, ha="center", fontsize=12, linespacing=1.4)
    for name in ("Depthwise Conv", "Pointwise Conv"):
        mark(axes, x[name], tall + 0.12 / cube, wide[name], 0.1 / cube, name.split()[0].lower())
    colours = channel_colours(M)
    for name, shades in (("Input", colours), ("Concat", colours), ("Output", [GREY] * N)):
        block(axes, x[name], (tall - D_F) / 2, D_F, D_F, shades)
        if name != "Input":
            outline_pixel(axes, x[name], (tall - D_F) / 2, D_F, len(shades))
    _depthwise_step(axes, [x[name] for name in names[1:4]], tall, D_F, colours)
    _pointwise_step(axes, x["Pointwise Conv"], x["numbers"], tall, N, colours)
    for name, following in pairwise(titles):
        if name != "Separate":  # from there, an arrow for each channel
            arrow(axes, x[name] + wide[name] + 0.3, x[following] - 0.3, tall / 2)
    return figure


def _titles() -> dict[str, str]:
    """The steps of `split`, each with what there is after it or what it filters with."""
    filters_of, image = say("{} filters of {}"), r"$D_F \times D_F \times %s$"
    sizes = {
        "Input": image % "M",
        "Separate": say("{} channels").format("$M$"),
        "Depthwise Conv": filters_of.format("$M$", r"$D_K \times D_K \times 1$"),
        "Concat": image % "M",
        "Pointwise Conv": filters_of.format("$N$", r"$1 \times 1 \times M$"),
        "Output": image % "N",
    }
    return {step: f"{say(step)}\n{size}" for step, size in sizes.items()}


def _depthwise_step(axes: Axes, x: list[float], tall: float, D_F: int, colours: list[str]) -> None:
    """Each channel, its 3 x 3 filter and what comes out, at the left edges `x`; one channel below the other."""
    apart = tall / len(colours)
    for m, colour in enumerate(colours):
        middle = tall - (m + 0.5) * apart
        for start, side in zip(x, (D_F, 3, D_F)):
            block(axes, start, middle - (side + DEPTH) / 2, side, side, [colour])
        arrow(axes, x[0] + D_F + DEPTH + 0.1, x[1] - 0.1, middle)
        arrow(axes, x[1] + 3 + DEPTH + 0.1, x[2] - 0.1, middle)


def _pointwise_step(axes: Axes, x: float, end: float, tall: float, N: int, colours: list[str]) -> None:
    """N filters of 1 x 1 x M at the left edge `x`, one below the other; each mixes M numbers into one, at `end`."""
    pixel, apart = 1 + DEPTH * len(colours), tall / N
    for n in range(N):
        low = tall - (n + 0.5) * apart - pixel / 2
        block(axes, x, low, 1, 1, colours)
        arrow(axes, x + pixel, end - 0.1, low + 0.5)
        block(axes, end, low, 1, 1, [GREY])


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
    axes, blue = figure.subplots(), STYLES["pointwise"][0]
    for x, side, colour in ((0, 4.0, "white"), (5, 3.2, blue), (9, 2.4, blue), (12.2, 1.6, blue)):
        for behind in (2, 1, 0):
            square(axes, x + 0.22 * behind, 0.22 * behind - side / 2, side, colour)
    axes.add_patch(Rectangle((15.4, -2), 0.5, 4, fc=STYLES["fully_connected"][0], ec="black"))
    for words, x in (("image", 2.2), ("body", 9.5), ("vector of M numbers", 15.65)):
        axes.text(x, -3.1, say(words), ha="center", fontsize=14)
    for start, end in ((4.5, 4.95), (8.7, 8.95), (11.9, 12.15), (14.3, 15.35)):
        arrow(axes, start, end, 0)
    box = {"boxstyle": "round,pad=0.4", "fc": "white", "ec": "black", "lw": 2}
    for y, words in ((2.2, "one of N classes: dogs, places"), (0, "yes or no: face attributes"), (-2.2, "embedding")):
        axes.annotate("", (18.3, y), (16, 0.5 * y), arrowprops={"arrowstyle": "->", "lw": 1.5})
        axes.text(18.4, y, say(words), va="center", fontsize=13, bbox=box)
    for x, top in ((10.4, 1.8), (13.2, 1.4)):
        axes.annotate("", (x, 3.45), (x, top), arrowprops={"arrowstyle": "->", "lw": 1.5})
    axes.text(11.8, 3.8, say("boxes and classes at every position: detection"), ha="center", fontsize=13, bbox=box)
    bare(axes, 27, 4.1, below=3.8)
    return figure


def _sizes(**sizes: int) -> None:
    for name, size in sizes.items():
        checks.count(name, size)
