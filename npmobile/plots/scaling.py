"""How cost changes with a size: with alpha and resolution, with the output channels N, and accuracy with cost.

Each function draws numbers that are already computed; `ratios` asks `cost.separable_ratio` for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from .. import checks
from ..cost import separable_ratio
from ..paper.published import Point
from .style import Described, listed, plain
from .words import say

ALPHAS = {1.0: ("#0072B2", "o"), 0.75: ("#D55E00", "s"), 0.5: ("#009E73", "^"), 0.25: ("#CC79A7", "D")}
CURVES = (("#D55E00", "-"), ("#0072B2", "--"), ("#009E73", "-."), ("#E69F00", ":"))
STAIRS = ("#0072B2", "#009E73", "#CC79A7")


def accuracy(points: Sequence[Point], cost: str = "mult_adds") -> Described:
    """Accuracy against cost, each network a point with its resolution: Figures 4 and 5 of the paper.

    Filled points are printed in the paper's tables. For the networks that the paper only plots, hollow points show
    the weights that its authors trained again and released later: the two are not quite one measurement.

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
    ValueError, TypeError
        If `cost` is neither of the two, or `points` is empty or holds anything but points of the four alphas.

    Examples
    --------
    >>> from npmobile import paper
    >>> accuracy(paper.accuracies()).axes[0].get_xlabel()
    'mult-adds (millions)'
    """
    if cost not in ("mult_adds", "parameters"):
        raise ValueError(f'cost must be "mult_adds" or "parameters", but is {cost!r}')
    points = listed("points", points, Point, "paper.accuracies")
    for point in points:
        if point.alpha not in ALPHAS:
            raise ValueError(f"points must have an alpha of 1.0, 0.75, 0.5 or 0.25, but one has {point.alpha}")
    figure = Described(8, 5, say("Points: the accuracy of {} networks against their cost").format(len(points)))
    axes = figure.subplots()
    for alpha in ALPHAS:
        _line(axes, [point for point in points if point.alpha == alpha], alpha, cost)
    for face, source in (("#555555", "printed in the paper's tables"), ("white", "released later by its authors")):
        axes.plot([], [], "o", color="#555555", mfc=face, label=say(source))
    axes.set_xscale("log")
    ticks = (10, 20, 50, 100, 200, 500) if cost == "mult_adds" else (0.5, 1, 2, 4)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel(say("mult-adds (millions)" if cost == "mult_adds" else "parameters (millions)"))
    axes.set_ylabel(say("ImageNet accuracy, top-1 (%)"))
    axes.legend(loc="lower right", frameon=False, title=say("numbers beside the points: resolution"))
    plain(axes, "both")
    return figure


def _line(axes: Axes, points: Sequence[Point], alpha: float, cost: str) -> None:
    """The networks of one alpha, joined by a line; hollow where the paper prints no accuracy."""
    colour, marker = ALPHAS[alpha]
    x = [getattr(point, cost) / 1e6 for point in points]
    y = [point.released if point.printed is None else point.printed for point in points]
    axes.plot(x, y, color=colour, marker=marker, markersize=7, linewidth=1, label=f"{say('alpha')} {alpha}")
    hollow = [i for i, point in enumerate(points) if point.printed is None]
    axes.plot([x[i] for i in hollow], [y[i] for i in hollow], marker, color=colour, markersize=7, mfc="white")
    left = cost == "mult_adds" and alpha == 0.75  # these points lie just above those of alpha 1.0
    offset, side = ((-5, 4), "right") if left else ((7, -4), "left")
    for point, *position in zip(points, x, y):
        text = str(point.resolution)
        axes.annotate(text, tuple(position), offset, textcoords="offset points", size=8, ha=side)


def grid(points: Sequence[Point]) -> Described:
    """The mult-adds of the 16 published networks as a grid: alpha by resolution.

    Parameters
    ----------
    points : sequence of Point
        As made by `paper.accuracies`: every alpha with every resolution, in any order.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError, TypeError
        If `points` is empty, lacks a combination, or holds anything but points.

    Examples
    --------
    >>> from npmobile import paper
    >>> figure = grid(paper.accuracies())
    >>> [text.get_text() for text in figure.axes[0].texts][:2]
    ['568.7', '418.1']
    """
    points = listed("points", points, Point, "paper.accuracies")
    alphas = sorted({point.alpha for point in points}, reverse=True)
    resolutions = sorted({point.resolution for point in points}, reverse=True)
    millions = {(point.alpha, point.resolution): point.mult_adds / 1e6 for point in points}
    for alpha in alphas:
        for resolution in resolutions:
            if (alpha, resolution) not in millions:
                raise ValueError(f"points must hold every alpha with every resolution, but lack {alpha}-{resolution}")
    figure = Described(6.5, 4.4, say("A grid of mult-adds by alpha and resolution; both make them fewer"))
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
    """The cost of a separable convolution over that of a standard one, against N, for some sides of the kernel.

    Parameters
    ----------
    D_Ks : sequence of int
        Sides of the kernel, one curve each.
    N_max : int
        The largest number of output channels, at least 2.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If `D_Ks` is empty or holds anything but ints of at least 1, or `N_max` is less than 2.

    Examples
    --------
    >>> [line.get_label() for line in ratios((3,)).axes[0].get_lines()][:2]
    ['$D_K$ = 3', '$1/D_K^2$']
    """
    if not D_Ks:
        raise ValueError("D_Ks must hold at least one side of a kernel, but is empty")
    for index, D_K in enumerate(D_Ks):
        checks.count(f"D_Ks[{index}]", D_K)
    checks.count("N_max", N_max, at_least=2)
    figure = Described(8, 4.2, say("Curves: the cost of separable over standard falls with N to 1/D_K^2"))
    axes = figure.subplots()
    N = range(1, N_max + 1)
    for number, (D_K, (colour, dashes)) in enumerate(zip(D_Ks, cycle(CURVES))):
        axes.plot(N, [float(separable_ratio(D_K, n)) for n in N], dashes, color=colour, lw=2.5, label=f"$D_K$ = {D_K}")
        limit = "$1/D_K^2$" if number == len(D_Ks) - 1 else "_"  # one legend entry for all limits
        axes.axhline(1 / D_K**2, color=colour, lw=0.8, label=limit)
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


def by_resolution(bodies: Mapping[str, Mapping[int, int]]) -> Described:
    """The cost of a body at many resolutions, one staircase for each padding, beside the curve of rho squared.

    At multiples of 32 every padding is on the curve. Between them "same" rounds odd sides up and is above it; Keras
    rounds down in most layers.

    Parameters
    ----------
    bodies : mapping of str to mapping of int to int
        For each padding, the mult-adds by resolution, 224 among them. The curve starts from the first padding.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If there is no padding, or resolution 224 is missing: rho is resolution / 224.

    Examples
    --------
    >>> figure = by_resolution({"same": {112: 30_000_000, 224: 100_000_000}})
    >>> [round(float(y), 1) for y in figure.axes[0].lines[-2].get_ydata()]
    [25.0, 100.0]
    """
    if not bodies:
        raise ValueError("bodies must hold the mult-adds of at least one padding, but is empty")
    for padding, costs in bodies.items():
        if 224 not in costs:
            raise ValueError(
                f"bodies[{padding!r}] must hold the mult-adds at resolution 224, but holds {sorted(costs)}"
            )
    first = next(iter(bodies.values()))
    sides = sorted(first)
    alt = say("Staircases: the cost at {} resolutions with padding {}, beside the curve of rho squared")
    figure = Described(8, 4.6, alt.format(len(sides), ", ".join(bodies)))
    axes = figure.subplots()
    for (padding, costs), colour in zip(bodies.items(), cycle(STAIRS)):
        x = sorted(costs)
        axes.step(
            x, [costs[side] / 1e6 for side in x], where="mid", color=colour, label=f'{say("padding")} "{padding}"'
        )
    square = [first[224] / 1e6 * (side / 224) ** 2 for side in sides]
    axes.plot(sides, square, "--", color="#D55E00", lw=1.5, label=say("rho squared"))
    whole = [side for side in sides if side % 32 == 0]
    heights = [first[side] / 1e6 for side in whole]
    axes.plot(whole, heights, "o", mfc="none", color="black", label=say("multiple of 32"))
    axes.set_xticks(whole)
    axes.set_xlabel(say("resolution in pixels"))
    axes.set_ylabel(say("mult-adds (millions)"))
    axes.legend(frameon=False)
    plain(axes, "both")
    return figure
