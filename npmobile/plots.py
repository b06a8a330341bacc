"""Figures from numbers that are already computed. The only module that imports matplotlib.

Every figure takes `labels`, a mapping from the words it writes to others, as {"mult-adds (millions)": "..."}: what
is not in it stays English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from .cost import Row
from .paper import Point

# Okabe and Ito's palette, which colour-blind readers can tell apart; the hatch says the same without colour.
STYLES = {
    "standard": ("#E69F00", "///"),
    "depthwise": ("#D55E00", "..."),
    "pointwise": ("#56B4E9", ""),
    "pool": ("#999999", ""),
    "fully_connected": ("#009E73", "xxx"),
}
WIDTHS = {1.0: ("#0072B2", "o"), 0.75: ("#D55E00", "s"), 0.5: ("#009E73", "^"), 0.25: ("#CC79A7", "D")}  # by alpha


def bill(rows: Sequence[Row], title: str = "", labels: Mapping[str, str] | None = None) -> Figure:
    """What each layer costs: mult-adds on the left, parameters on the right, layers from top to bottom.

    Parameters
    ----------
    rows : sequence of Row
        As made by `cost.table`.
    title : str
    labels : mapping of str to str, optional
        Other words for those in the figure.

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
    words = _Words(labels or {})
    figure = Figure(figsize=(10, 1.4 + 0.23 * len(rows)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    for kind in dict.fromkeys(row.kind for row in rows if row.mult_adds):
        colour, hatch = STYLES[kind]
        places = [place for place, row in enumerate(rows) if row.kind == kind]
        style = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0}
        left.barh(
            places, [rows[place].mult_adds / 1e6 for place in places], label=words[kind.replace("_", " ")], **style
        )
        right.barh(places, [rows[place].parameters / 1e3 for place in places], **style)
    left.set_yticks(range(len(rows)), [row.name for row in rows])
    left.invert_yaxis()
    left.margins(y=0.01)
    left.set_xlabel(words["mult-adds (millions)"])
    right.set_xlabel(words["parameters (thousands)"])
    for axes in (left, right):
        _plain(axes, "x")
    figure.legend(loc="outside lower center", ncols=4, frameon=False)
    if title:
        figure.suptitle(title)
    return figure


def by_kind(rows: Iterable[Row], labels: Mapping[str, str] | None = None) -> Figure:
    """Where the cost lies, by kind of layer: Table 2 of the paper.

    Parameters
    ----------
    rows : iterable of Row
        As in the values of `cost.by_kind`.
    labels : mapping of str to str, optional
        Other words for those in the figure.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> from npmobile import cost, mobilenet
    >>> figure = by_kind(cost.by_kind(mobilenet()).values())
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['share of the mult-adds (%)', 'share of the parameters (%)']
    """
    words = _Words(labels or {})
    rows = [row for row in rows if row.mult_adds]
    figure = Figure(figsize=(9, 2.6), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    shares = [[100 * float(row.share) for row in rows], [100 * float(row.parameter_share) for row in rows]]
    for axes, percents, title in zip(panels, shares, ("mult-adds", "parameters")):
        for place, (row, percent) in enumerate(zip(rows, percents)):
            colour, hatch = STYLES[row.kind]
            axes.barh(place, percent, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
            axes.annotate(f"{percent:.2f}", (percent, place), (4, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(rows)), [words[row.kind.replace("_", " ")] for row in rows])
        axes.set_xlim(0, 112)  # room for the number behind the longest bar
        axes.set_xticks(range(0, 101, 25))
        axes.set_xlabel(words[f"share of the {title} (%)"])
        _plain(axes, "x")
    panels[0].invert_yaxis()
    return figure


def accuracy(points: Sequence[Point], cost: str = "mult_adds", labels: Mapping[str, str] | None = None) -> Figure:
    """Accuracy against cost, each network a point with its resolution: Figures 4 and 5 of the paper.

    Filled points are printed in the paper's tables. For the networks that it only plots, hollow points show the
    weights that its authors released later, trained anew: the two are not quite one measurement.

    Parameters
    ----------
    points : sequence of Point
        As made by `paper.accuracies`.
    cost : str
        "mult_adds" (Figure 4) or "parameters" (Figure 5).
    labels : mapping of str to str, optional
        Other words for those in the figure.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If `cost` is neither of the two.

    Examples
    --------
    >>> from npmobile import paper
    >>> accuracy(paper.accuracies()).axes[0].get_xlabel()
    'mult-adds (millions)'
    """
    if cost not in ("mult_adds", "parameters"):
        raise ValueError(f'cost must be "mult_adds" or "parameters", but is {cost!r}')
    words = _Words(labels or {})
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for alpha, (colour, marker) in WIDTHS.items():
        line = [point for point in points if point.alpha == alpha]
        x = [getattr(point, cost) / 1e6 for point in line]
        y = [point.released if point.printed is None else point.printed for point in line]
        axes.plot(x, y, color=colour, marker=marker, markersize=7, linewidth=1, label=f"{words['alpha']} {alpha}")
        hollow = [place for place, point in enumerate(line) if point.printed is None]
        axes.plot([x[i] for i in hollow], [y[i] for i in hollow], marker, color=colour, markersize=7, mfc="white")
        for millions, percent, point in zip(x, y, line):
            left = cost == "mult_adds" and alpha == 0.75  # its points lie just above those of 1.0
            offset, side = ((-5, 4), "right") if left else ((7, -4), "left")
            axes.annotate(
                str(point.resolution), (millions, percent), offset, textcoords="offset points", size=8, ha=side
            )
    for face, source in (("#555555", "printed in the paper's tables"), ("white", "released later by its authors")):
        axes.plot([], [], "o", color="#555555", mfc=face, label=words[source])
    axes.set_xscale("log")
    ticks = (10, 20, 50, 100, 200, 500) if cost == "mult_adds" else (0.5, 1, 2, 4)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel(words[f"{cost.replace('_', '-')} (millions)"])
    axes.set_ylabel(words["ImageNet accuracy, top 1 (%)"])
    axes.legend(loc="lower right", frameon=False, title=words["numbers at the points: resolution"])
    _plain(axes, "both")
    return figure


def grid(points: Sequence[Point], labels: Mapping[str, str] | None = None) -> Figure:
    """What alpha and rho leave of the mult-adds: the 16 networks as a grid of 4 x 4.

    Parameters
    ----------
    points : sequence of Point
        As made by `paper.accuracies`: every alpha with every resolution.
    labels : mapping of str to str, optional
        Other words for those in the figure.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> from npmobile import paper
    >>> figure = grid(paper.accuracies())
    >>> [text.get_text() for text in figure.axes[0].texts][:2]
    ['568.7', '418.1']
    """
    words = _Words(labels or {})
    alphas, resolutions = (
        sorted(set(values), reverse=True) for values in zip(*((p.alpha, p.resolution) for p in points))
    )
    millions = {(point.alpha, point.resolution): point.mult_adds / 1e6 for point in points}
    figure = Figure(figsize=(6.5, 4.4), layout="constrained")
    axes = figure.subplots()
    cells = [[millions[alpha, resolution] for resolution in resolutions] for alpha in alphas]
    image = axes.imshow(cells, cmap="cividis", norm=LogNorm(), aspect="auto")
    for row, line in enumerate(cells):
        for column, value in enumerate(line):
            ink = "black" if value > 100 else "white"  # on the bright, and on the dark half of the colours
            axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=ink)
    axes.set_xticks(range(len(resolutions)), [f"{side}\n{side / 224:.3f}" for side in resolutions])
    axes.set_yticks(range(len(alphas)), [str(alpha) for alpha in alphas])
    axes.set_xlabel(words["resolution in pixels, and rho = resolution / 224"])
    axes.set_ylabel(words["alpha"])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, label=words["mult-adds (millions)"], ticks=(20, 50, 100, 200, 500), format="{x:g}")
    bar.minorticks_off()
    return figure


class _Words(dict[str, str]):
    """A word that has no other stays itself."""

    def __missing__(self, word: str) -> str:
        return word


def _plain(axes: Axes, lines: Literal["both", "x", "y"]) -> None:
    axes.grid(axis=lines, alpha=0.3)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
