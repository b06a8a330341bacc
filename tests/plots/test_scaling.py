"""Curves and points show the numbers that they are given."""

from __future__ import annotations

import dataclasses

import pytest

from npmobile import cost, mobilenet, paper, plots

POINTS = paper.accuracies()


@pytest.mark.parametrize(
    ("what", "ends"), [("mult_adds", (568.740352, 186.400768)), ("parameters", (4.209088, 4.209088))]
)
def test_accuracy_shows_16_networks_8_of_them_hollow(drawn, what, ends):
    axes = drawn(plots.accuracy(POINTS, what))
    lines = [line for line in axes.lines if len(line.get_xdata())]
    through, hollow = lines[0], [line for line in lines if line.get_markerfacecolor() == "white"]
    assert (through.get_xdata()[0], through.get_xdata()[-1]) == pytest.approx(ends)
    assert list(through.get_ydata()) == [70.6, 69.1, 67.2, 64.4]  # Table 7
    assert [len(line.get_xdata()) for line in hollow] == [3, 2, 3]  # alpha 0.75, 0.5 and 0.25
    assert [text.get_text() for text in axes.texts] == ["224", "192", "160", "128"] * 4


@pytest.mark.parametrize("what", ["mult_adds", "parameters"])
def test_labels_of_the_points_do_not_overlap(drawn, what):
    figure = plots.accuracy(POINTS, what)
    axes = drawn(figure)
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(box.overlaps(other) for index, box in enumerate(boxes) for other in boxes[:index])
    assert not any(box.overlaps(axes.get_legend().get_window_extent()) for box in boxes)


def test_grid_has_a_cell_for_each_network(drawn):
    axes = drawn(plots.grid(POINTS[::-1]))  # in whatever order they come
    cells = [text.get_text() for text in axes.texts]
    assert cells[:4] == ["568.7", "418.1", "290.7", "186.4"]
    assert cells[::4] == ["568.7", "325.4", "149.5", "41.0"]
    sides = [label.get_text() for label in axes.get_xticklabels()]
    assert sides == ["224\n1.000", "192\n0.857", "160\n0.714", "128\n0.571"]


def test_ratios_by_hand(drawn):
    axes = drawn(plots.ratios((3, 5), N_max=9))
    three, limit_3, five, limit_5, one = axes.lines
    assert list(three.get_ydata())[::8] == pytest.approx([1 + 1 / 9, 2 / 9])  # N = 1 and 9
    assert list(five.get_ydata())[::4] == pytest.approx([1 + 1 / 25, 1 / 5 + 1 / 25, 1 / 9 + 1 / 25])  # N = 1, 5, 9
    assert [line.get_ydata()[0] for line in (limit_3, limit_5, one)] == [1 / 9, 1 / 25, 1]


def test_ratios_draws_as_many_curves_as_kernels(drawn):
    axes = drawn(plots.ratios((1, 2, 3, 4, 5, 6)))
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == [*(f"$D_K$ = {D_K}" for D_K in range(1, 7)), "$1/D_K^2$"]


def test_cost_is_on_rho_squared_at_multiples_of_32_only(drawn):
    bodies = {
        padding: {side: sum(map(cost.mult_adds, mobilenet(1.0, side, padding=padding)[:-1])) for side in range(96, 257)}
        for padding in ("same", "keras")
    }
    axes = drawn(plots.by_resolution(bodies))
    same, keras, square, whole = axes.lines
    for stairs in (same, keras):
        on_the_curve = [
            side
            for side, y, least in zip(stairs.get_xdata(), stairs.get_ydata(), square.get_ydata())
            if y == pytest.approx(least)
        ]
        assert on_the_curve == list(whole.get_xdata()) == [96, 128, 160, 192, 224, 256]
    at_100 = [line.get_ydata()[4] / line.get_ydata()[224 - 96] for line in (same, keras, square)]
    assert [round(float(share), 4) for share in at_100] == [0.2447, 0.1870, 0.1993]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ['padding "same"', 'padding "keras"', "rho squared", "multiple of 32"]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.accuracy(POINTS, "bytes"), 'cost must be "mult_adds" or "parameters", but is \'bytes\''),
        (lambda: plots.accuracy([]), "points must hold at least one Point, as made by paper.accuracies, but is empty"),
        (
            lambda: plots.accuracy([dataclasses.replace(POINTS[0], alpha=0.3)]),
            "points must have an alpha of 1.0, 0.75, 0.5 or 0.25, but one has 0.3",
        ),
        (lambda: plots.grid(POINTS[1:]), "points must hold every alpha with every resolution, but lack 1.0-224"),
        (lambda: plots.ratios(()), "D_Ks must hold at least one side of a kernel, but is empty"),
        (lambda: plots.ratios((3, 0)), r"D_Ks\[1\] must be an int of at least 1, but is 0"),
        (lambda: plots.ratios(N_max=1), "N_max must be an int of at least 2, but is 1"),
        (lambda: plots.by_resolution({}), "bodies must hold the mult-adds of at least one padding, but is empty"),
        (
            lambda: plots.by_resolution({"keras": {192: 1, 160: 1}}),
            r"bodies\['keras'\] must hold the mult-adds at resolution 224, but holds \[160, 192\]",
        ),
    ],
)
def test_what_cannot_be_drawn_gets_one_clear_error(draw, message):
    with pytest.raises((ValueError, TypeError), match=message):
        draw()
