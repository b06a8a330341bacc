"""Bars of what networks cost: layer by layer, by kind of layer, as tools report it, body beside head.

Each function draws numbers that are already computed, by `cost` or `paper`, and computes nothing but shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..cost import Row
from ..paper.networks import Network
from .style import STYLES, Described, bars, listed, plain
from .words import say


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

    Raises
    ------
    ValueError, TypeError
        If `rows` is empty or holds anything but `cost.Row`.

    Examples
    --------
    >>> from npmobile import cost, mobilenet
    >>> figure = by_layer(cost.table(mobilenet()))
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['mult-adds (millions)', 'parameters (thousands)']
    """
    rows = listed("rows", rows, Row, "cost.table")
    figure = Described(10, 1.4 + 0.23 * len(rows), say("Bars: mult-adds and parameters of {} layers").format(len(rows)))
    left, right = figure.subplots(1, 2, sharey=True)
    for kind in dict.fromkeys(row.kind for row in rows if row.mult_adds):
        lines = [line for line, row in enumerate(rows) if row.kind == kind]
        label, style = say(kind.replace("_", " ")), bars(*STYLES[kind])
        left.barh(lines, [rows[line].mult_adds / 1e6 for line in lines], label=label, **style)
        right.barh(lines, [rows[line].parameters / 1e3 for line in lines], **style)
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
    """The share of each kind of layer in the cost: Table 2 of the paper.

    Parameters
    ----------
    rows : iterable of Row
        As in the values of `cost.by_kind`.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError, TypeError
        If `rows` is empty or holds anything but `cost.Row`.

    Examples
    --------
    >>> from npmobile import cost, mobilenet
    >>> figure = by_kind(cost.by_kind(mobilenet()).values())
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['share of the mult-adds (%)', 'share of the parameters (%)']
    """
    rows = [row for row in listed("rows", rows, Row, "cost.by_kind(...).values()") if row.mult_adds]
    figure = Described(9, 2.6, say("Bars: the share of each kind of layer in mult-adds and in parameters"))
    panels = figure.subplots(1, 2, sharey=True)
    shares = [[100 * float(row.share) for row in rows], [100 * float(row.parameter_share) for row in rows]]
    for axes, percents, title in zip(panels, shares, ("share of the mult-adds (%)", "share of the parameters (%)")):
        for line, (row, percent) in enumerate(zip(rows, percents)):
            axes.barh(line, percent, **bars(*STYLES[row.kind]))
            axes.annotate(f"{percent:.2f}", (percent, line), (4, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(rows)), [say(row.kind.replace("_", " ")) for row in rows])
        axes.set_xlim(0, 112)  # space for the number behind the longest bar
        axes.set_xticks(range(0, 101, 25))
        axes.set_xlabel(say(title))
        plain(axes, "x")
    panels[0].invert_yaxis()
    return figure


def tool_totals(bridges: Mapping[str, Sequence[tuple[str, int]]]) -> Described:
    """What tools report for one network, each total in three parts: mult-adds, additions apart, and the rest.

    Parameters
    ----------
    bridges : mapping of str to sequence of (what, how many)
        By the name of the tool, as made by `paper.tools.bridge`.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If `bridges` is empty.

    Examples
    --------
    >>> from npmobile import mobilenet
    >>> from npmobile.paper import tools
    >>> torchinfo, *_ = tools.TOOLS
    >>> [text.get_text() for text in tool_totals({"torchinfo": tools.bridge(mobilenet(), torchinfo)}).axes[0].texts]
    ['568.8']
    """
    if not bridges:
        raise ValueError("bridges must hold the bridge of at least one tool, but is empty")
    figure = Described(9, 1.6 + 0.35 * len(bridges), say("Bars: what {} tools report, in parts").format(len(bridges)))
    axes = figure.subplots()
    rest = "batch norm, ReLU, pool, bias, softmax"
    parts = {"mult-adds": ("#56B4E9", ""), "additions, counted apart": ("#E69F00", "///"), rest: ("#D55E00", "")}
    ends = [0.0] * len(bridges)
    for part, style in parts.items():
        widths = [
            sum(count for what, count in items if (what if what in parts else rest) == part) / 1e6
            for items in bridges.values()
        ]
        axes.barh(range(len(bridges)), widths, left=ends, label=say(part), **bars(*style))
        ends = [end + width for end, width in zip(ends, widths)]
    for line, end in enumerate(ends):
        axes.annotate(f"{end:,.1f}", (end, line), (4, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(bridges)), list(bridges))
    axes.invert_yaxis()
    axes.set_xlim(0, 1.12 * max(ends))  # space for the number behind the longest bar
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.set_xlabel(say("reported by the tool (millions)"))
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    plain(axes, "x")
    return figure


def head_shares(uses: Sequence[tuple[str, Network, Network]]) -> Described:
    """How much of each network is its body and how much its head: shares of mult-adds and of parameters.

    The body makes features of an image; the head is what a use puts on it, such as a classifier or a detector.

    Parameters
    ----------
    uses : sequence of (name, body, whole)
        Two `paper.networks.Network`. The whole contains the body: the rest is the head.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If `uses` is empty.

    Examples
    --------
    >>> from npmobile import mobilenet
    >>> layers = mobilenet()
    >>> figure = head_shares([("ImageNet, 1000 classes", Network(layers[:-1]), Network(layers))])
    >>> [axes.texts[0].get_text() for axes in figure.axes]
    ['0.18', '24.33']
    """
    if not uses:
        raise ValueError("uses must hold at least one (name, body, whole), but is empty")
    figure = Described(
        10, 1.5 + 0.5 * len(uses), say("Bars: the shares of body and head in {} networks").format(len(uses))
    )
    panels = figure.subplots(1, 2, sharey=True)
    for axes, what in zip(panels, ("mult_adds", "parameters")):
        body = [100 * getattr(body, what) / getattr(whole, what) for _, body, whole in uses]
        head = [100 - percent for percent in body]
        axes.barh(range(len(uses)), body, label=say("body"), **bars("#56B4E9"))
        axes.barh(range(len(uses)), head, left=body, label=say("head"), **bars("#D55E00", "///"))
        for line, percent in enumerate(head):
            axes.text(102, line, f"{percent:.2f}", va="center", color="#A04000")
        axes.set_yticks(range(len(uses)), [say(name) for name, _, _ in uses])
        axes.set_xlim(0, 116)  # space for the head's share behind the bars
        axes.set_xticks(range(0, 101, 25))
        axes.set_xlabel(say(f"share of the {what.replace('_', '-')} (%)"))
        plain(axes, "x")
    panels[0].invert_yaxis()
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    return figure
