"""Bars show the numbers that they are given."""

from __future__ import annotations

import pytest

from npmobile import Layer, cost, mobilenet, plots
from npmobile.paper import tools
from npmobile.paper.networks import Network


def names(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_by_layer_has_two_bars_for_each_layer_with_a_cost(drawn):
    # by hand, for one block at 32 x 32: 16 x 16 outputs of 27 x 8; of 9 x 8; of 8 x 16; then 16 x 10
    figure = plots.by_layer(cost.table(mobilenet(0.25, 32, 10, blocks=[(64, 1)])), "a title")
    left, right = figure.axes
    drawn(figure)
    heights = {int(bar.get_y() + 0.5): bar.get_width() for bar in left.patches}
    assert heights == pytest.approx({0: 0.055296, 1: 0.018432, 2: 0.032768, 4: 0.00016})
    widths = {int(bar.get_y() + 0.5): bar.get_width() for bar in right.patches}
    assert widths == pytest.approx({0: 0.216, 1: 0.072, 2: 0.128, 4: 0.16})
    assert names(left) == ["conv1", "conv_dw_1", "conv_pw_1", "pool", "fc"]
    assert figure.get_suptitle() == "a title"
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == ["standard", "depthwise", "pointwise", "fully connected"]


def test_by_kind_is_table_2(drawn):
    figure = plots.by_kind(cost.by_kind(mobilenet()).values())
    drawn(figure)
    left, right = map(texts, figure.axes)
    assert left == ["94.86", "3.06", "1.91", "0.18"]
    assert right == ["74.59", "1.06", "0.02", "24.33"]
    assert names(figure.axes[0]) == ["pointwise", "depthwise", "standard", "fully connected"]


def test_totals_are_what_the_tools_report(drawn):
    axes = drawn(plots.tool_totals({tool.name: tools.bridge(mobilenet(), tool) for tool in tools.TOOLS}))
    assert texts(axes) == [f"{tool.reported / 1e6:,.1f}" for tool in tools.TOOLS]
    mult_adds, additions, others = ([bar.get_width() for bar in bars] for bars in axes.containers)
    assert mult_adds == pytest.approx([568.740352] * 8)
    assert additions == pytest.approx([0] * 5 + [568.740352] * 3)
    assert others[5] == 0


def test_head_shares_by_hand(drawn):
    # a body of 10 x 10 x 1 x 9 mult-adds and 9 parameters, a head of 9 x 100 of both
    body = Layer("conv", "pointwise", 1, 1, 1, 9, 10)
    head = Layer("fc", "fully_connected", 1, 1, 9, 100, 1)
    figure = plots.head_shares([("a use", Network((body,)), Network((body, head)))])
    drawn(figure)
    assert [texts(axes) for axes in figure.axes] == [["50.00"], ["99.01"]]  # 900 of 1800; 900 of 909
    assert names(figure.axes[0]) == ["a use"]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.by_layer([]), "rows must hold at least one Row, as made by cost.table, but is empty"),
        (lambda: plots.by_layer(mobilenet()), r"rows must hold only Row, .* but rows\[0\] is Layer"),
        (lambda: plots.by_layer(3), "rows must be a sequence of Row, as made by cost.table, but is int"),
        (
            lambda: plots.by_kind(cost.by_kind(mobilenet())),
            r"only Row, as made by cost.by_kind\(...\).values\(\), but rows\[0\] is str",
        ),
        (lambda: plots.tool_totals({}), "bridges must hold the bridge of at least one tool, but is empty"),
        (lambda: plots.head_shares([]), r"uses must hold at least one \(name, body, whole\), but is empty"),
    ],
)
def test_what_cannot_be_drawn_gets_one_clear_error(draw, message):
    with pytest.raises((ValueError, TypeError), match=message):
        draw()
