"""How long layers take beside the mult-adds that they make, drawn from the measurements of `fast.timing`."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.ticker import LogLocator

from ..fast.timing import Machine, Ratio, Timed
from .style import STYLES, Described, bars, listed, plain
from .words import say

MARKERS = {"standard": "s", "depthwise": "o", "pointwise": "^", "fully_connected": "D"}


def speedup(ratios: Sequence[Ratio]) -> Described:
    """How many times fewer mult-adds each separable block makes, and how many times faster it runs.

    A thin line on each measured bar shows the spread of the rounds.

    Parameters
    ----------
    ratios : sequence of Ratio
        As made by `timing.ratios`.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError, TypeError
        If `ratios` is empty or holds anything but `Ratio`.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from npmobile.fast.timing import Ratio, spread
    >>> axes = speedup([Ratio("1", Fraction(8), spread([3.0])), Ratio("network", Fraction(8), spread([4.0]))]).axes[0]
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['1: no difference', 'times fewer mult-adds, counted', 'times faster, measured']
    """
    ratios = listed("ratios", ratios, Ratio, "timing.ratios")
    figure = Described(9, 4, say("Pairs of bars for each block: the counted ratio beside the measured one"))
    axes = figure.subplots()
    counted, measured = [float(ratio.counted) for ratio in ratios], [ratio.measured for ratio in ratios]
    medians = [spread.median for spread in measured]
    whiskers = [[m.median - m.low for m in measured], [m.high - m.median for m in measured]]
    line = {"ecolor": "black", "elinewidth": 1, "capsize": 2}
    for side, heights, reach, (colour, hatch, words) in (
        (-0.2, counted, None, ("#0072B2", "", "times fewer mult-adds, counted")),
        (0.2, medians, whiskers, ("#E69F00", "///", "times faster, measured")),
    ):
        positions = [block + side for block in range(len(ratios))]
        drawn = axes.bar(positions, heights, 0.4, yerr=reach, error_kw=line, label=say(words), **bars(colour, hatch))
        axes.bar_label(drawn, [f"{height:.1f}" for height in heights], size=8, padding=2)
    axes.axhline(1, color="black", lw=0.8, label=say("1: no difference"))
    axes.set_xticks(range(len(ratios)), [say(ratio.name) for ratio in ratios])
    axes.set_xlabel(say("block"))
    axes.set_ylabel(say("standard convolution / separable"))
    axes.margins(y=0.25)
    axes.legend(frameon=False, loc="upper left", ncols=3)
    plain(axes, "y")
    return figure


def roofline(timed: Sequence[Timed], machine: Machine) -> Described:
    """Each layer's mult-adds per second against its mult-adds per byte, under the two limits of this machine.

    This is the roofline model. The sloping limit is set by memory: so many bytes per second can be copied, and each
    byte serves so many mult-adds. The flat limit is the speed of a large matrix product. A layer near the slope waits
    for memory, however fast its arithmetic; a layer above the slope found its numbers in a cache.

    Parameters
    ----------
    timed : sequence of Timed
        As made by `timing.by_layer`.
    machine : Machine
        As made by `timing.machine`.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError, TypeError
        If `timed` is empty or holds anything but `Timed`.

    Examples
    --------
    >>> from npmobile.spec import Layer
    >>> from npmobile.fast.timing import Machine, Timed
    >>> layer = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=32, N=64, D_F=112)
    >>> axes = roofline([Timed(layer, 25_690_112, 4_825_088, (0.0005,))], Machine(1e11, 2e10)).axes[0]
    >>> axes.get_xlabel(), axes.get_ylabel()
    ('mult-adds per byte moved', 'mult-adds per second (billions)')
    """
    timed = listed("timed", timed, Timed, "timing.by_layer")
    figure = Described(8, 5, say("Points: the speed of each layer against its mult-adds per byte, under two limits"))
    axes = figure.subplots()
    intensities = [float(t.intensity) for t in timed]
    ridge = machine.product_rate / machine.copy_rate  # where the two limits cross
    left, right = min([*intensities, ridge]) / 2, max([*intensities, ridge]) * 2
    axes.plot([left, ridge], [left * machine.copy_rate / 1e9, machine.product_rate / 1e9], "k--", lw=1.2)
    axes.plot([ridge, right], [machine.product_rate / 1e9] * 2, "k-", lw=1.2)
    slope, flat = say("copying: {:.0f} GB per second"), say("matrix product: {:.0f} billion per second")
    axes.plot([], [], "k--", lw=1.2, label=slope.format(machine.copy_rate / 1e9))
    axes.plot([], [], "k-", lw=1.2, label=flat.format(machine.product_rate / 1e9))
    for kind, marker in MARKERS.items():
        points = [t for t in timed if t.layer.kind == kind]
        if points:
            x, y = [float(t.intensity) for t in points], [t.rate / 1e9 for t in points]
            label = say(kind.replace("_", " "))
            axes.plot(x, y, marker, color=STYLES[kind][0], mec="black", mew=0.6, ms=8, label=label)
    axes.set(xscale="log", yscale="log", xlim=(left, right))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter("")
    axes.set_xlabel(say("mult-adds per byte moved"))
    axes.set_ylabel(say("mult-adds per second (billions)"))
    axes.legend(frameon=False, loc="lower right")
    plain(axes, "both")
    return figure
