"""Figures of what networks cost, from numbers that are already computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.colors import LogNorm

from ..cost import Row, separable_ratio
from ..language import say
from ..paper.networks import Network
from ..paper.published import Point
from .style import STYLES, Described, plain

WIDTHS = {1.0: ("#0072B2", "o"), 0.75: ("#D55E00", "s"), 0.5: ("#009E73", "^"), 0.25: ("#CC79A7", "D")}  # by alpha


def by_layer(rows: Sequence[Row], title: str = "") -> Described:
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
    >>> figure = by_layer(cost.table(mobilenet()))
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
        plain(axes, "x")
    figure.legend(loc="outside lower center", ncols=4, frameon=False)
    if title:
        figure.suptitle(title)
    return figure


def by_kind(rows: Iterable[Row]) -> Described:
    """Where the cost lies, by kind of layer: Table 2 of the paper.

    Parameters
    ----------
    rows : iterable of Row
        As in the values of `cost.by_kind`.

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
    rows = [row for row in rows if row.mult_adds]
    figure = Described(9, 2.6, say("Bars: the share of each kind of layer in mult-adds and in parameters"))
    panels = figure.subplots(1, 2, sharey=True)
    shares = [[100 * float(row.share) for row in rows], [100 * float(row.parameter_share) for row in rows]]
    for axes, percents, title in zip(panels, shares, ("share of the mult-adds (%)", "share of the parameters (%)")):
        for place, (row, percent) in enumerate(zip(rows, percents)):
            colour, hatch = STYLES[row.kind]
            axes.barh(place, percent, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
            axes.annotate(f"{percent:.2f}", (percent, place), (4, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(rows)), [say(row.kind.replace("_", " ")) for row in rows])
        axes.set_xlim(0, 112)  # room for the number behind the longest bar
        axes.set_xticks(range(0, 101, 25))
        axes.set_xlabel(say(title))
        plain(axes, "x")
    panels[0].invert_yaxis()
    return figure


def accuracy(points: Sequence[Point], cost: str = "mult_adds") -> Described:
    """Accuracy against cost, each network a point with its resolution: Figures 4 and 5 of the paper.

    Filled points are printed in the paper's tables. For the networks that it only plots, hollow points show the
    weights that its authors released later, trained anew: the two are not quite one measurement.

    Parameters
    ----------
    points : sequence of Point
        As made by `paper.accuracies`.
    cost : str
        "mult_adds" (Figure 4) or "parameters" (Figure 5).

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
    figure = Described(8, 5, say("Points: the accuracy of {} networks against their cost").format(len(points)))
    axes = figure.subplots()
    for alpha, (colour, marker) in WIDTHS.items():
        line = [point for point in points if point.alpha == alpha]
        x = [getattr(point, cost) / 1e6 for point in line]
        y = [point.released if point.printed is None else point.printed for point in line]
        axes.plot(x, y, color=colour, marker=marker, markersize=7, linewidth=1, label=f"{say('alpha')} {alpha}")
        hollow = [place for place, point in enumerate(line) if point.printed is None]
        axes.plot([x[i] for i in hollow], [y[i] for i in hollow], marker, color=colour, markersize=7, mfc="white")
        for millions, percent, point in zip(x, y, line):
            left = cost == "mult_adds" and alpha == 0.75  # its points lie just above those of 1.0
            offset, side = ((-5, 4), "right") if left else ((7, -4), "left")
            axes.annotate(
                str(point.resolution), (millions, percent), offset, textcoords="offset points", size=8, ha=side
            )
    for face, source in (("#555555", "printed in the paper's tables"), ("white", "released later by its authors")):
        axes.plot([], [], "o", color="#555555", mfc=face, label=say(source))
    axes.set_xscale("log")
    ticks = (10, 20, 50, 100, 200, 500) if cost == "mult_adds" else (0.5, 1, 2, 4)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel(say("mult-adds (millions)" if cost == "mult_adds" else "parameters (millions)"))
    axes.set_ylabel(say("ImageNet accuracy, top 1 (%)"))
    axes.legend(loc="lower right", frameon=False, title=say("numbers at the points: resolution"))
    plain(axes, "both")
    return figure


def grid(points: Sequence[Point]) -> Described:
    """What alpha and rho leave of the mult-adds: the 16 networks as a grid of 4 x 4.

    Parameters
    ----------
    points : sequence of Point
        As made by `paper.accuracies`: every alpha with every resolution.

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
    alphas, resolutions = (
        sorted(set(values), reverse=True) for values in zip(*((p.alpha, p.resolution) for p in points))
    )
    millions = {(point.alpha, point.resolution): point.mult_adds / 1e6 for point in points}
    figure = Described(6.5, 4.4, say("A grid of mult-adds: alpha by resolution, falling towards thin and small"))
    axes = figure.subplots()
    cells = [[millions[alpha, resolution] for resolution in resolutions] for alpha in alphas]
    image = axes.imshow(cells, cmap="cividis", norm=LogNorm(), aspect="auto")
    for row, line in enumerate(cells):
        for column, value in enumerate(line):
            ink = "black" if value > 100 else "white"  # on the bright, and on the dark half of the colours
            axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=ink)
    axes.set_xticks(range(len(resolutions)), [f"{side}\n{side / 224:.3f}" for side in resolutions])
    axes.set_yticks(range(len(alphas)), [str(alpha) for alpha in alphas])
    axes.set_xlabel(say("resolution in pixels, and rho = resolution / 224"))
    axes.set_ylabel(say("alpha"))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, label=say("mult-adds (millions)"), ticks=(20, 50, 100, 200, 500), format="{x:g}")
    bar.minorticks_off()
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
    >>> [line.get_label() for line in ratios((3,)).axes[0].get_lines()][:2]
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


def stairs(bodies: Mapping[int, int]) -> Described:
    """The cost of a body at many resolutions beside rho squared: equal at multiples of 32, dearer between them.

    Parameters
    ----------
    bodies : mapping of int to int
        Mult-adds by resolution, 224 among them.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> [round(float(y), 1) for y in stairs({112: 30_000_000, 224: 100_000_000}).axes[0].lines[1].get_ydata()]
    [25.0, 100.0]
    """
    sides = sorted(bodies)
    figure = Described(8, 4.2, say("Stairs: the cost at {} resolutions, on or above rho squared").format(len(sides)))
    axes = figure.subplots()
    axes.plot(sides, [bodies[side] / 1e6 for side in sides], ".", color="#0072B2", markersize=4, label=say("counted"))
    square = [bodies[224] / 1e6 * (side / 224) ** 2 for side in sides]
    axes.plot(sides, square, "--", color="#D55E00", lw=1.5, label=say("rho squared"))
    whole = [side for side in sides if side % 32 == 0]
    axes.plot(
        whole, [bodies[side] / 1e6 for side in whole], "o", mfc="none", color="black", label=say("multiple of 32")
    )
    axes.set_xticks(whole)
    axes.set_xlabel(say("resolution in pixels"))
    axes.set_ylabel(say("mult-adds (millions)"))
    axes.legend(frameon=False)
    plain(axes, "both")
    return figure


def totals(bridges: Mapping[str, Sequence[tuple[str, int]]]) -> Described:
    """What tools report for one network, each total in three parts: mult-adds, additions apart, and the rest.

    Parameters
    ----------
    bridges : mapping of str to sequence of (what, how many)
        By tool, as made by `tools.bridge`.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> from npmobile import mobilenet
    >>> from npmobile.paper import tools
    >>> torchinfo, *_ = tools.TOOLS
    >>> [text.get_text() for text in totals({"torchinfo": tools.bridge(mobilenet(), torchinfo)}).axes[0].texts]
    ['568.8']
    """
    figure = Described(9, 1.6 + 0.35 * len(bridges), say("Bars: what {} tools report, in parts").format(len(bridges)))
    axes = figure.subplots()
    rest = "batch norm, ReLU, pool, bias, softmax"
    parts = {"mult-adds": ("#56B4E9", ""), "additions, counted apart": ("#E69F00", "///"), rest: ("#D55E00", "")}
    ends = [0.0] * len(bridges)
    for part, (colour, hatch) in parts.items():
        widths = [
            sum(count for what, count in items if (what if what in parts else rest) == part) / 1e6
            for items in bridges.values()
        ]
        axes.barh(
            range(len(bridges)), widths, left=ends, label=say(part), color=colour, hatch=hatch, ec="white", linewidth=0
        )
        ends = [end + width for end, width in zip(ends, widths)]
    for place, end in enumerate(ends):
        axes.annotate(f"{end:,.1f}", (end, place), (4, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(bridges)), list(bridges))
    axes.invert_yaxis()
    axes.set_xlim(0, 1.12 * max(ends))  # room for the number behind the longest bar
    axes.set_xlabel(say("what the tool reports (millions)"))
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    plain(axes, "x")
    return figure


def heads(uses: Sequence[tuple[str, Network, Network]]) -> Described:
    """How much of a network is its body, and how much what stands on it: mult-adds and parameters.

    Parameters
    ----------
    uses : sequence of (name, body, whole)
        The whole contains the body: the rest is the head's.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> from npmobile import mobilenet
    >>> layers = mobilenet()
    >>> figure = heads([("ImageNet, 1000 classes", Network(layers[:-1]), Network(layers))])
    >>> [axes.texts[0].get_text() for axes in figure.axes]
    ['0.18', '24.33']
    """
    figure = Described(10, 1.5 + 0.5 * len(uses), say("Bars: what body and head take of {} networks").format(len(uses)))
    panels = figure.subplots(1, 2, sharey=True)
    for axes, what in zip(panels, ("mult_adds", "parameters")):
        body = np.array([100 * getattr(body, what) / getattr(whole, what) for _, body, whole in uses])
        bars = {"edgecolor": "white", "linewidth": 0}
        axes.barh(range(len(uses)), body, color=STYLES["pointwise"][0], label=say("body"), **bars)
        axes.barh(range(len(uses)), 100 - body, left=body, color="#D55E00", hatch="///", label=say("head"), **bars)
        for place, percent in enumerate(body):
            axes.text(102, place, f"{100 - percent:.2f}", va="center", color="#A04000")
        axes.set_yticks(range(len(uses)), [say(name) for name, _, _ in uses])
        axes.set_xlim(0, 116)  # room for the head's share behind the bars
        axes.set_xticks(range(0, 101, 25))
        axes.set_xlabel(say(f"share of the {what.replace('_', '-')} (%)"))
        plain(axes, "x")
    panels[0].invert_yaxis()
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    return figure
