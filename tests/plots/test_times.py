"""Figures of time show the measurements that they are given; no test here knows a time."""

from __future__ import annotations

from fractions import Fraction

import pytest
from matplotlib.container import ErrorbarContainer

from npmobile import plots
from npmobile.fast.timing import Machine, Ratio, Timed, spread
from npmobile.spec import Layer

POINTWISE = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=2, N=3, D_F=4)
DEPTHWISE = Layer("conv_dw_1", "depthwise", D_K=3, stride=2, M=2, N=2, D_F=8)


def test_speedup_draws_both_ratios_and_the_spread(drawn):
    ratios = [Ratio("1", Fraction(144, 25), spread([2, 2.5, 4])), Ratio("network", Fraction(13, 2), spread([4.25]))]
    axes = drawn(plots.speedup(ratios))
    assert [bar.get_height() for bar in axes.patches] == [5.76, 6.5, 2.5, 4.25]
    assert [text.get_text() for text in axes.texts] == ["5.8", "6.5", "2.5", "4.2"]
    (lines,) = (container.lines[2][0] for container in axes.containers if isinstance(container, ErrorbarContainer))
    assert [line[:, 1].tolist() for line in lines.get_segments()] == [[2, 4], [4.25, 4.25]]


def test_roofline_draws_each_layer_under_two_limits(drawn):
    timed = [Timed(DEPTHWISE, 10**9, 2 * 10**9, (0.5,)), Timed(POINTWISE, 10**10, 10**9, (0.25,))]
    axes = drawn(plots.roofline(timed, Machine(product_rate=100e9, copy_rate=20e9)))
    slope, flat, *points = [line.get_xydata().tolist() for line in axes.lines if len(line.get_xdata())]
    assert slope[1] == flat[0] == [5, 100]  # 100 / 20 mult-adds per byte
    assert slope[0][1] / slope[0][0] == pytest.approx(20)
    assert points == [[[0.5, 2]], [[10, 40]]]


@pytest.mark.parametrize("draw", [plots.speedup, lambda none: plots.roofline(none, Machine(1.0, 1.0))])
def test_nothing_to_draw_is_one_clear_error(draw):
    with pytest.raises(ValueError, match=r"must hold at least one (Ratio|Timed), as made by timing"):
        draw([])
