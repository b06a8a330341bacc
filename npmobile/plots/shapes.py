"""The shapes of drawings: blocks of unit cubes, squares, arrows, and the bar that marks a kind of layer.

A cube stands for one number. It has the colour of its channel; no channel has the colour of a kind of layer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon, Rectangle

from .style import STYLES

CHANNELS = ("#0072B2", "#F0E442", "#CC79A7")  # of Okabe and Ito's colours, three that `STYLES` does not use
GREY = "#CCCCCC"  # of an output channel, into which all input channels are mixed
DEPTH = 0.45  # how far the next channel lies to the right and up, in sides of a cube


def channel_colours(M: int) -> list[str]:
    """One colour for each channel; after three channels they repeat.

    >>> channel_colours(4)
    ['#0072B2', '#F0E442', '#CC79A7', '#0072B2']
    """
    return [CHANNELS[m % len(CHANNELS)] for m in range(M)]


def block(axes: Axes, x: float, y: float, width: int, height: int, colours: Sequence[str]) -> None:
    """A block of unit cubes, one channel behind the other; the first colour is that of the channel in front.

    Its front has its lower left corner at (x, y). Each side that is seen is ruled, so that the cubes can be counted.
    """
    right, up, back = np.array([1, 0]), np.array([0, 1]), np.array([DEPTH, DEPTH])
    corner, faces, shades = np.array([x, y]), [], []

    def face(start: np.ndarray, along: np.ndarray, across: np.ndarray, colour: str, light: float) -> None:
        faces.append([start, start + along, start + along + across, start + across])
        shades.append(tuple(light + (1 - light) * c if light > 0 else (1 + light) * c for c in to_rgb(colour)))

    for i, j in np.ndindex(width, height):
        face(corner + i * right + j * up, right, up, colours[0], 0)
    for m, colour in enumerate(colours):
        for i in range(width):
            face(corner + i * right + height * up + m * back, right, back, colour, 0.35)
        for j in range(height):
            face(corner + width * right + j * up + m * back, up, back, colour, -0.2)
    axes.add_collection(PolyCollection(faces, facecolors=shades, edgecolors="black", linewidths=0.8))


def outline_pixel(axes: Axes, x: float, y: float, side: int, channels: int) -> None:
    """A thick frame around the pixel at the top right of a block, in all its channels."""
    left, right, low, high, back = x + side - 1, x + side, y + side - 1, y + side, DEPTH * channels
    front = [(left, high), (left, low), (right, low)]
    behind = [(right + back, low + back), (right + back, high + back), (left + back, high + back)]
    axes.add_patch(Polygon(front + behind, fill=False, ec="black", lw=3, joinstyle="round", zorder=5))


def square(axes: Axes, x: float, y: float, side: float, colour: str) -> None:
    """A plain square; a feature map seen from the front."""
    axes.add_patch(Rectangle((x, y), side, side, fc=colour, ec="black", lw=1))


def arrow(axes: Axes, start: float, end: float, y: float) -> None:
    """A horizontal arrow."""
    axes.annotate("", (end, y), (start, y), arrowprops={"arrowstyle": "->", "lw": 1.5, "shrinkA": 0, "shrinkB": 0})


def mark(axes: Axes, x: float, y: float, width: float, height: float, kind: str) -> None:
    """A bar with the colour and hatch of a kind of layer, as the bars of `interactive.stepper`."""
    colour, hatch = STYLES[kind]
    axes.add_patch(Rectangle((x, y), width, height, fc=colour, hatch=hatch, ec="white", lw=0, clip_on=False))


def bare(axes: Axes, width: float, height: float, below: float = 0) -> None:
    """A drawing to scale, without axes."""
    axes.set(xlim=(-0.1, width - 0.1), ylim=(-below, height), aspect="equal", xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
