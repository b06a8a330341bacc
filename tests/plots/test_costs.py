"""Figures show the numbers that they are given, in the words that they are given."""

from __future__ import annotations

import io

import pytest

from npmobile import cost, mobilenet, paper, plots
from npmobile.paper import tools

POINTS = paper.accuracies()


def drawn(figure):
    """Draw for real: a missing glyph or a failing layout is a warning, and so an error."""
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    assert picture.getvalue().startswith(b"\x89PNG")
    return figure.axes[0]


@pytest.mark.parametrize(
    ("what", "ends"), [("mult_adds", (568.740352, 186.400768)), ("parameters", (4.209088, 4.209088))]
)
def test_accuracy_shows_16_networks_8_of_them_hollow(what, ends):
    axes = drawn(plots.accuracy(POINTS, what))
    lines = [line for line in axes.lines if len(line.get_xdata())]
    through, hollow = lines[0], [line for line in lines if line.get_markerfacecolor() == "white"]
    assert (through.get_xdata()[0], through.get_xdata()[-1]) == pytest.approx(ends)
    assert list(through.get_ydata()) == [70.6, 69.1, 67.2, 64.4]  # Table 7
    assert [len(line.get_xdata()) for line in hollow] == [3, 2, 3]  # alpha 0.75, 0.5 and 0.25
    assert [text.get_text() for text in axes.texts] == ["224", "192", "160", "128"] * 4


@pytest.mark.parametrize("what", ["mult_adds", "parameters"])
def test_labels_of_the_points_do_not_overlap(what):
    figure = plots.accuracy(POINTS, what)
    axes = drawn(figure)
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(box.overlaps(other) for place, box in enumerate(boxes) for other in boxes[:place])
    assert not any(box.overlaps(axes.get_legend().get_window_extent()) for box in boxes)


def test_accuracy_against_what():
    with pytest.raises(ValueError, match='cost must be "mult_adds" or "parameters", but is \'bytes\''):
        plots.accuracy(POINTS, "bytes")


def test_by_kind_is_table_2():
    figure = plots.by_kind(cost.by_kind(mobilenet()).values())
    drawn(figure)
    left, right = ([text.get_text() for text in axes.texts] for axes in figure.axes)
    assert left == ["94.86", "3.06", "1.91", "0.18"]
    assert right == ["74.59", "1.06", "0.02", "24.33"]
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["pointwise", "depthwise", "standard", "fully connected"]


def test_grid_has_a_cell_for_each_network():
    axes = drawn(plots.grid(POINTS[::-1]))  # in whatever order they come
    cells = [text.get_text() for text in axes.texts]
    assert cells[:4] == ["568.7", "418.1", "290.7", "186.4"]
    assert cells[::4] == ["568.7", "325.4", "149.5", "41.0"]
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "224\n1.000",
        "192\n0.857",
        "160\n0.714",
        "128\n0.571",
    ]


def test_stairs_touch_rho_squared_at_multiples_of_32_only():
    bodies = {side: sum(map(cost.mult_adds, mobilenet(1.0, side)[:-1])) for side in range(96, 257)}
    counted, square, whole = drawn(plots.stairs(bodies)).lines
    on_the_curve = [
        side for side, y, least in zip(counted.get_xdata(), counted.get_ydata(), square.get_ydata()) if y < least + 1e-6
    ]
    assert on_the_curve == list(whole.get_xdata()) == [96, 128, 160, 192, 224, 256]


def test_totals_are_what_the_tools_report():
    axes = drawn(plots.totals({tool.name: tools.bridge(mobilenet(), tool) for tool in tools.TOOLS}))
    assert [text.get_text() for text in axes.texts] == [f"{tool.reported / 1e6:,.1f}" for tool in tools.TOOLS]
    mult_adds, additions, others = ([bar.get_width() for bar in bars] for bars in axes.containers)
    assert mult_adds == pytest.approx([568.740352] * 8)
    assert additions == pytest.approx([0] * 5 + [568.740352] * 3)
    assert others[5] == 0
