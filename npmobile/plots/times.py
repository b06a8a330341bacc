"""Figures of what layers take in time, beside what they count, from what `timing` measured."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.ticker import LogLocator

from ..fast.timing import Machine, Ratio, Timed
from ..language import say
from .style import STYLES, Described, plain

MARKERS = {"standard": "s", "depthwise": "o", "pointwise": "^", "fully_connected": "D"}


def speedup(ratios: Sequence[Ratio]) -> Described:
    """How many times fewer mult-adds the separable blocks make, and how many times faster they are.

    Parameters
    ----------
    ratios : sequence of Ratio
        As made by `timing.ratios`.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> from fractions import Fraction
    >>> from npmobile.fast.timing import Ratio
    >>> axes = speedup([Ratio("1", Fraction(8), 3.0), Ratio("network", Fraction(8), 4.0)]).axes[0]
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['times fewer mult-adds, counted', 'times faster, measured']
    """
    figure = Described(9, 4, say("Pairs of bars by block: the counted ratio beside the measured one"))
    axes = figure.subplots()
    both = ([float(ratio.counted) for ratio in ratios], [ratio.measured for ratio in ratios])
    styles = (("#0072B2", "", "times fewer mult-adds, counted"), ("#E69F00", "///", "times faster, measured"))
    for side, heights, (colour, hatch, words) in zip((-0.2, 0.2), both, styles):
        places = [place + side for place in range(len(ratios))]
        bars = axes.bar(
            places, heights, 0.4, color=colour, hatch=hatch, edgecolor="white", linewidth=0, label=say(words)
        )
        axes.bar_label(bars, [f"{height:.1f}" for height in heights], size=8)
    axes.axhline(1, color="black", lw=0.8)
    axes.set_xticks(range(len(ratios)), [say(ratio.name) for ratio in ratios])
    axes.set_xlabel(say("block"))
    axes.set_ylabel(say("full convolution / separable"))
    axes.margins(y=0.25)
    axes.legend(frameon=False, loc="upper left", ncols=2)
    plain(axes, "y")
    return figure


def roofline(timed: Sequence[Timed], machine: Machine) -> Described:
    """Each layer's mult-adds a second against its mult-adds a byte, under the roofs of this machine.

    The slope is what copying allows: so many bytes a second, and so many mult-adds for each. The flat roof is the
    best that a matrix product does. A layer under the slope waits for memory, whatever its arithmetic; one
    above it found its numbers in a cache.

    Parameters
    ----------
    timed : sequence of Timed
        As made by `timing.by_layer`.
    machine : Machine
        As made by `timing.machine`.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> from npmobile.spec import Layer
    >>> from npmobile.fast.timing import Machine, Timed
    >>> layer = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=32, N=64, D_F=112)
    >>> axes = roofline([Timed(layer, 25_690_112, 4_825_088, 0.0005)], Machine(1e11, 2e10)).axes[0]
    >>> axes.get_xlabel(), axes.get_ylabel()
    ('mult-adds for each byte moved', 'mult-adds a second (billions)')
    """
    figure = Described(8, 5, say("Points: each layer's speed against its mult-adds a byte, under two roofs"))
    axes = figure.subplots()
    intensities = [float(t.intensity) for t in timed]
    ridge = machine.product_rate / machine.copy_rate  # where the roofs meet
    left, right = min([*intensities, ridge]) / 2, max([*intensities, ridge]) * 2
    axes.plot([left, ridge], [left * machine.copy_rate / 1e9, machine.product_rate / 1e9], "k--", lw=1.2)
    axes.plot([ridge, right], [machine.product_rate / 1e9] * 2, "k-", lw=1.2)
    words = (say("copy: {:.0f} GB a second"), say("matrix product: {:.0f} billion a second"))
    axes.plot([], [], "k--", lw=1.2, label=words[0].format(machine.copy_rate / 1e9))
    axes.plot([], [], "k-", lw=1.2, label=words[1].format(machine.product_rate / 1e9))
    for kind, marker in MARKERS.items():
        points = [t for t in timed if t.layer.kind == kind]
        if points:
            x, y = [float(t.intensity) for t in points], [t.rate / 1e9 for t in points]
            axes.plot(
                x, y, marker, color=STYLES[kind][0], mec="black", mew=0.6, ms=8, label=say(kind.replace("_", " "))
            )
    axes.set(xscale="log", yscale="log", xlim=(left, right))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter("")
    axes.set_xlabel(say("mult-adds for each byte moved"))
    axes.set_ylabel(say("mult-adds a second (billions)"))
    axes.legend(frameon=False, loc="lower right")
    plain(axes, "both")
    return figure
