"""Figures from numbers that are already computed. The only module that imports matplotlib."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from .cost import Row

# Okabe and Ito's palette, which colour-blind readers can tell apart; the hatch says the same without colour.
STYLES = {
    "standard": ("#E69F00", "///"),
    "depthwise": ("#D55E00", "..."),
    "pointwise": ("#56B4E9", ""),
    "pool": ("#999999", ""),
    "fully_connected": ("#009E73", "xxx"),
}


def bill(rows: Sequence[Row], title: str = "") -> Figure:
    """What each layer costs: mult-adds on the left, parameters on the right, layers from top to bottom.

    Parameters
    ----------
    rows : sequence of Row
        As made by `cost.table`.
    title : str

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> from npmobile import cost, mobilenet
    >>> figure = bill(cost.table(mobilenet()))
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['mult-adds (millions)', 'parameters (thousands)']
    """
    figure = Figure(figsize=(10, 1.4 + 0.23 * len(rows)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    for kind in dict.fromkeys(row.kind for row in rows if row.mult_adds):
        colour, hatch = STYLES[kind]
        places = [place for place, row in enumerate(rows) if row.kind == kind]
        style = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0}
        left.barh(places, [rows[place].mult_adds / 1e6 for place in places], label=kind.replace("_", " "), **style)
        right.barh(places, [rows[place].parameters / 1e3 for place in places], **style)
    left.set_yticks(range(len(rows)), [row.name for row in rows])
    left.invert_yaxis()
    left.margins(y=0.01)
    left.set_xlabel("mult-adds (millions)")
    right.set_xlabel("parameters (thousands)")
    for axes in (left, right):
        axes.grid(axis="x", alpha=0.3)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=4, frameon=False)
    if title:
        figure.suptitle(title)
    return figure


def guesses(picture: np.ndarray, answers: Sequence[tuple[str, float]], title: str = "") -> Figure:
    """A picture beside what a network says of it.

    Parameters
    ----------
    picture : (H, W, 3) array
        Colours from 0 to 1.
    answers : sequence of (label, probability)
        As made by `Model.classify`, the likeliest first.
    title : str

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> figure = guesses(np.zeros((8, 8, 3)), [("night", 0.9), ("cave", 0.1)])
    >>> [label.get_text() for label in figure.axes[1].get_yticklabels()]
    ['night', 'cave']
    """
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.6])
    left.imshow(picture)
    left.set_axis_off()
    bars = right.barh(range(len(answers)), [probability for _, probability in answers], color=STYLES["pointwise"][0])
    right.bar_label(bars, [f"{probability:.1%}" for _, probability in answers], padding=4)
    right.set_yticks(range(len(answers)), [label.replace("_", " ") for label, _ in answers])
    right.invert_yaxis()
    right.set_xlim(0, 1.12)
    right.set_xticks(np.linspace(0, 1, 6))
    right.set_xlabel("probability")
    right.spines[["top", "right"]].set_visible(False)
    if title:
        figure.suptitle(title)
    return figure
