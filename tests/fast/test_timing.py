"""What timing counts is exact and tested; how long it took is not: no test here knows a time."""

from __future__ import annotations

import io
import time
from fractions import Fraction

import pytest

from npmobile import cost, mobilenet, plots
from npmobile.fast import layout, timing
from npmobile.fast.timing import Machine, Ratio, Timed
from npmobile.spec import Layer

SMALL = {"alpha": 0.25, "resolution": 32, "classes": 10}
POINTWISE = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=2, N=3, D_F=4)
DEPTHWISE = Layer("conv_dw_1", "depthwise", D_K=3, stride=2, M=2, N=2, D_F=8)


def both_versions(rounds=2):
    return [timing.by_layer(mobilenet(**SMALL, separable=separable), rounds) for separable in (True, False)]


@pytest.mark.parametrize("end", [None, -1, -2, -3, 2], ids=["whole", "no head", "no pool", "no last layer", "two"])
@pytest.mark.parametrize("separable", [True, False])
def test_every_layer_that_counts_is_timed(separable, end):
    layers = mobilenet(**SMALL, separable=separable)[:end]
    timed = timing.by_layer(layers, rounds=2)
    assert [t.layer for t in timed] == [layer for layer in layers if layer.kind != "pool"]
    assert [t.mult_adds for t in timed] == [cost.mult_adds(t.layer) for t in timed]
    assert all(t.seconds > 0 for t in timed)


def test_each_layer_has_the_seconds_of_its_own_call(monkeypatch):
    ticks, written, write = iter(range(1000)), [], layout.write
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks))  # every call takes a second
    monkeypatch.setattr(layout, "write", lambda x, buffers: written.append(x.shape) or write(x, buffers))
    timed = timing.by_layer(mobilenet(**SMALL), rounds=3)
    assert [t.seconds for t in timed] == [1] * 28
    assert written.count((1, 32, 32, 3)) == 4  # the image is there in each round
    with pytest.raises(ValueError, match="rounds must be an int of at least 1, but is 0"):
        timing.by_layer(mobilenet(**SMALL), rounds=0)


def test_bytes_moved_by_hand():
    # 4 x 4 pixels of 2 channels, a 2 x 3 kernel, 4 x 4 pixels of 3 channels; 4 bytes each
    assert timing.bytes_moved(POINTWISE) == 4 * (32 + 6 + 48)
    assert timing.bytes_moved(DEPTHWISE) == 4 * (128 + 18 + 32)


def test_intensity_and_rate():
    timed = Timed(POINTWISE, mult_adds=96, bytes_moved=344, seconds=0.5)
    assert timed.intensity == Fraction(96, 344)
    assert timed.rate == 192


def test_counted_ratios_are_the_formula():
    *blocks, network = timing.ratios(*both_versions())
    layers = [layer for layer in mobilenet(**SMALL) if layer.kind == "pointwise"]
    assert [ratio.name for ratio in blocks] == [str(number) for number in range(1, 14)]
    for ratio, layer in zip(blocks, layers):
        assert ratio.counted == 1 / cost.separable_ratio(3, layer.N)
    totals = [cost.total(cost.table(mobilenet(**SMALL, separable=s))).mult_adds for s in (False, True)]
    assert network == ("network", Fraction(*totals), network.measured)


def test_measured_ratios_are_of_blocks():
    full = Layer("conv_full_1", "standard", D_K=3, stride=2, M=2, N=3, D_F=8)
    pair = [Timed(DEPTHWISE, 288, 712, seconds=0.25), Timed(POINTWISE, 96, 344, seconds=0.5)]
    assert timing.ratios(pair, [Timed(full, 864, 900, seconds=3.0)]) == [
        ("1", Fraction(864, 384), 4.0),
        ("network", Fraction(864, 384), 4.0),
    ]
    with pytest.raises(ValueError, match="must have the same blocks, but have 1 and none"):
        timing.ratios(pair, [])
    with pytest.raises(ValueError, match="must have the same blocks, but have none and 1"):
        timing.ratios([], pair)


def test_functions_take_turns():
    calls = []
    times = timing.interleaved({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3)
    assert calls == ["a", "b"] * 4  # the first round is not counted
    assert {name: len(seconds) for name, seconds in times.items()} == {"a": 3, "b": 3}
    with pytest.raises(ValueError, match="rounds must be an int of at least 1, but is 0"):
        timing.interleaved({}, rounds=0)


def test_another_clock_may_be_read():
    ticks = iter([0, 1, 10, 13])  # the first round, and the one that counts
    assert timing.interleaved({"a": lambda: None}, rounds=1, clock=lambda: next(ticks)) == {"a": [3]}


def test_machine_counts_what_it_multiplies_and_copies(monkeypatch):
    ticks = iter(range(1000))
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks))  # every call takes a second
    assert timing.machine(rounds=3, side=10, megabytes=2) == Machine(product_rate=1000, copy_rate=4e6)


def test_machine_refuses_what_it_cannot_measure():
    with pytest.raises(ValueError, match="rounds must be an int of at least 1, but is 0"):
        timing.machine(rounds=0)
    with pytest.raises(ValueError, match=r"side must be an int of at least 1, but is 2\.5"):
        timing.machine(side=2.5)
    with pytest.raises(ValueError, match="megabytes must be an int of at least 1, but is -1"):
        timing.machine(megabytes=-1)
    # three matrices of 4 bytes a number; two arrays
    with pytest.raises(ValueError, match=r"side=1000000 and megabytes=64 needs about 12,000\.1 GB of memory"):
        timing.machine(side=10**6)
    with pytest.raises(ValueError, match=r"needs about 2,000,000\.0 GB of memory"):
        timing.machine(side=10, megabytes=10**9)


def test_tables_add_up():
    timed = [Timed(DEPTHWISE, 1_000_000, 500_000, 0.002), Timed(POINTWISE, 3_000_000, 500_000, 0.002)]
    _, first, *_, total = timing.as_text(timed).splitlines()
    assert first.startswith("conv_dw_1 ")
    assert total.split() == ["total", "4,000,000", "1,000,000", "4.0", "4.000", "1.0"]


# Figures


def drawn(figure):
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    assert picture.getvalue().startswith(b"\x89PNG")
    return figure.axes[0]


def test_speedup_draws_both_ratios():
    axes = drawn(plots.speedup([Ratio("1", Fraction(144, 25), 2.5), Ratio("network", Fraction(13, 2), 4.25)]))
    assert [bar.get_height() for bar in axes.patches] == [5.76, 6.5, 2.5, 4.25]
    assert [text.get_text() for text in axes.texts] == ["5.8", "6.5", "2.5", "4.2"]


def test_roofline_draws_each_layer_under_two_roofs():
    timed = [Timed(DEPTHWISE, 10**9, 2 * 10**9, 0.5), Timed(POINTWISE, 10**10, 10**9, 0.25)]
    axes = drawn(plots.roofline(timed, Machine(product_rate=100e9, copy_rate=20e9)))
    slope, flat, *points = [line.get_xydata().tolist() for line in axes.lines if len(line.get_xdata())]
    assert slope[1] == flat[0] == [5, 100]  # 100 / 20 mult-adds a byte
    assert slope[0][1] / slope[0][0] == pytest.approx(20)
    assert points == [[[0.5, 2]], [[10, 40]]]
