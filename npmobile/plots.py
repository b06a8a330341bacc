"""Figures from numbers that are already computed. The only module that imports matplotlib."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .cost import Row, separable_ratio
from .figures import Described
from .language import say

# Okabe and Ito's palette, which colour-blind readers can tell apart; the hatch says the same without colour.
STYLES = {
    "standard": ("#E69F00", "///"),
    "depthwise": ("#D55E00", "..."),
    "pointwise": ("#56B4E9", ""),
    "pool": ("#999999", ""),
    "fully_connected": ("#009E73", "xxx"),
}


def bill(rows: Sequence[Row], title: str = "") -> Described:
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
    figure = Described(10, 1.4 + 0.23 * len(rows), say("Bars: mult-adds and parameters of {} layers").format(len(rows)))
    left, right = figure.subplots(1, 2, sharey=True)
    for kind in dict.fromkeys(row.kind for row in rows if row.mult_adds):
        colour, hatch = STYLES[kind]
        places = [place for place, row in enumerate(rows) if row.kind == kind]
        style = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0}
        left.barh(places, [rows[place].mult_adds / 1e6 for place in places], label=say(kind.replace("_", " ")), **style)
        right.barh(places, [rows[place].parameters / 1e3 for place in places], **style)
    left.set_yticks(range(len(rows)), [row.name for row in rows])
    left.invert_yaxis()
    left.margins(y=0.01)
    left.set_xlabel(say("mult-adds (millions)"))
    right.set_xlabel(say("parameters (thousands)"))
    for axes in (left, right):
        axes.grid(axis="x", alpha=0.3)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=4, frameon=False)
    if title:
        figure.suptitle(title)
    return figure


def guesses(picture: np.ndarray, answers: Sequence[tuple[str, float]], title: str = "") -> Described:
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
    figure = Described(9, 3.6, say("A picture beside its likeliest labels: {}").format(_listed(answers)))
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.6])
    left.imshow(picture)
    left.set_axis_off()
    bars = right.barh(range(len(answers)), [probability for _, probability in answers], color=STYLES["pointwise"][0])
    right.bar_label(bars, [f"{probability:.1%}" for _, probability in answers], padding=4)
    right.set_yticks(range(len(answers)), [label.replace("_", " ") for label, _ in answers])
    right.invert_yaxis()
    right.set_xlim(0, 1.12)
    right.set_xticks(np.linspace(0, 1, 6))
    right.set_xlabel(say("probability"))
    right.spines[["top", "right"]].set_visible(False)
    if title:
        figure.suptitle(title)
    return figure


def ratios(D_Ks: Sequence[int] = (3, 5, 7), N_max: int = 256) -> Described:
    """What a separable convolution costs of a standard one, against N, for some sides of the kernel.

    Parameters
    ----------
    D_Ks : sequence of int
    N_max : int

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> [line.get_label() for line in ratios((3,)).axes[0].get_lines()]
    ['$D_K$ = 3', '$1/D_K^2$']
    """
    figure = Described(8, 4.2, say("Curves: separable over standard cost falls with N to 1/D_K^2"))
    axes = figure.subplots()
    N = range(1, N_max + 1)
    styles = zip(D_Ks, ("#D55E00", "#0072B2", "#009E73", "#E69F00"), ("-", "--", "-.", ":"))
    for number, (D_K, colour, dashes) in enumerate(styles):
        axes.plot(N, [float(separable_ratio(D_K, n)) for n in N], dashes, color=colour, lw=2.5, label=f"$D_K$ = {D_K}")
        floor = "$1/D_K^2$" if number == len(D_Ks) - 1 else None
        axes.axhline(1 / D_K**2, color=colour, lw=0.8, label=floor or "_")
    axes.axhline(1, color="black", lw=0.8, label="_")
    axes.set(xscale="log", yscale="log", xlim=(1, N_max))
    axes.set_xlabel(say("output channels N"))
    axes.set_ylabel(say("separable / standard"))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def feature_maps(y: np.ndarray, channels: int = 8) -> Described:
    """The first channels of one layer's output for one picture, dark where large.

    Parameters
    ----------
    y : (1, D_G, D_G, N) array
    channels : int

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> len(feature_maps(np.zeros((1, 4, 4, 16)), channels=6).axes)
    6
    """
    figure = Described(1.3 * channels, 1.6, say("The first {} channels of a layer's output").format(channels))
    for n, axes in enumerate(figure.subplots(1, channels, squeeze=False)[0]):
        axes.imshow(y[0, :, :, n], cmap="Greys")
        axes.set_title(f"n = {n}", fontsize=10)
        axes.set(xticks=[], yticks=[])
    return figure


def _listed(answers: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{label} {probability:.1%}" for label, probability in answers)
