"""What timing counts is exact and tested; how long it took is not: no test here knows a time."""

from __future__ import annotations

import time
from fractions import Fraction
from functools import partial

import pytest

from npmobile import cost, mobilenet
from npmobile.fast import layout, timing
from npmobile.fast.timing import Machine, Timed
from npmobile.spec import Layer

SMALL = {"alpha": 0.25, "resolution": 32, "classes": 10}
POINTWISE = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=2, N=3, D_F=4)
DEPTHWISE = Layer("conv_dw_1", "depthwise", D_K=3, stride=2, M=2, N=2, D_F=8)


def both_versions(rounds=2):
    return timing.in_turn([mobilenet(**SMALL, separable=separable) for separable in (True, False)], rounds)


@pytest.mark.parametrize("end", [None, -1, -2, -3, 2], ids=["whole", "no head", "no pool", "no last layer", "two"])
@pytest.mark.parametrize("separable", [True, False])
def test_every_layer_that_counts_is_timed(separable, end):
    layers = mobilenet(**SMALL, separable=separable)[:end]
    timed = timing.by_layer(layers, rounds=2)
    assert [t.layer for t in timed] == [layer for layer in layers if layer.kind != "pool"]
    assert [t.mult_adds for t in timed] == [cost.mult_adds(t.layer) for t in timed]
    assert all(t.seconds > 0 for t in timed)


def test_networks_take_turns(monkeypatch):
    """In each round every layer of every network is run once, one network after the other."""
    ticks = iter(range(1000))
    monkeypatch.setattr(time, "perf_counter", lambda: 2.0 ** next(ticks))  # each call takes twice as long as the last
    tiny = mobilenet(**SMALL, blocks=[])[:1]
    first, second = timing.in_turn([tiny, tiny], rounds=2)
    # 2**1 - 2**0 and 2**3 - 2**2 are the round that is not counted
    assert [first[0].rounds, second[0].rounds] == [(2**4, 2**8), (2**6, 2**10)]


def test_the_image_is_there_in_each_round(monkeypatch):
    written, write = [], layout.write
    monkeypatch.setattr(layout, "write", lambda x, buffers: written.append(x.shape) or write(x, buffers))
    timing.by_layer(mobilenet(**SMALL), rounds=3)
    assert written.count((1, 32, 32, 3)) == 4  # one round more comes first


def test_a_clock_that_does_not_tick_is_refused(monkeypatch):
    monkeypatch.setattr(time, "perf_counter", lambda: 0.0)
    with pytest.raises(RuntimeError, match="the clock ticks too coarsely to time conv1: in one round it shows no time"):
        timing.by_layer(mobilenet(**SMALL), rounds=1)


def test_counted_ratios_are_the_formula():
    *blocks, network = timing.ratios(*both_versions())
    layers = [layer for layer in mobilenet(**SMALL) if layer.kind == "pointwise"]
    assert [ratio.name for ratio in blocks] == [str(number) for number in range(1, 14)]
    for ratio, layer in zip(blocks, layers):
        assert ratio.counted == 1 / cost.separable_ratio(3, layer.N)
    totals = [cost.total(cost.table(mobilenet(**SMALL, separable=s))).mult_adds for s in (False, True)]
    assert network == ("network", Fraction(*totals), network.measured)


def test_measured_ratios_are_taken_in_each_round():
    full = Layer("conv_full_1", "standard", D_K=3, stride=2, M=2, N=3, D_F=8)
    pair = [Timed(DEPTHWISE, 288, 712, rounds=(0.25, 1.0)), Timed(POINTWISE, 96, 344, rounds=(0.5, 2.0))]
    both = timing.ratios(pair, [Timed(full, 864, 900, rounds=(3.0, 6.0))])  # 3.0 / 0.75 and 6.0 / 3.0
    assert both == [(name, Fraction(864, 384), (3.0, 2.0, 4.0, 2)) for name in ("1", "network")]


def test_ratios_of_what_does_not_belong_together():
    one, two = Timed(DEPTHWISE, 288, 712, rounds=(1.0,)), Timed(DEPTHWISE, 288, 712, rounds=(1.0, 1.0))
    with pytest.raises(ValueError, match="must have the same blocks, but have 1 and none"):
        timing.ratios([one], [])
    with pytest.raises(ValueError, match="must have the same blocks, but have none and 1"):
        timing.ratios([], [one])
    with pytest.raises(ValueError, match=r"must have the same number of rounds, but have \{1\} and \{2\}"):
        timing.ratios([one], [two])


def test_functions_take_turns():
    calls = []
    functions = {name: partial(calls.append, name) for name in "abc"}
    times = timing.interleaved(functions, rounds=3)
    assert calls == [*"abc", *"bca", *"cab", *"abc"]  # the first round is not counted
    assert {name: len(seconds) for name, seconds in times.items()} == {"a": 3, "b": 3, "c": 3}
    with pytest.raises(ValueError, match="rounds must be an int of at least 1, but is 0"):
        timing.interleaved({}, rounds=0)


def test_another_clock_may_be_read():
    ticks = iter([0, 1, 10, 13])  # the first round, and the one that counts
    assert timing.interleaved({"a": lambda: None}, rounds=1, clock=lambda: next(ticks)) == {"a": [3]}


def test_what_comes_before_is_not_timed():
    now = []
    functions = {"a": lambda: now.extend("aa"), "b": lambda: now.append("b")}
    times = timing.interleaved(functions, 1, clock=lambda: len(now), before=lambda: now.extend("....."))
    assert times == {"a": [2], "b": [1]}
    assert "".join(now) == ".....aa.....b.....b.....aa"


def test_a_short_function_is_called_until_the_clock_has_ticked():
    """The clock shows full seconds, and each call takes a quarter of one: 8 calls pass 2 seconds."""
    calls = []
    times = timing.interleaved(
        {"a": lambda: calls.append("a")}, rounds=2, clock=lambda: float(len(calls) // 4), at_least=2
    )
    assert times == {"a": [0.25, 0.25]}
    assert len(calls) == 3 * 8


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
    timed = [Timed(DEPTHWISE, 1_000_000, 500_000, (0.002,)), Timed(POINTWISE, 3_000_000, 500_000, (0.002,))]
    _, first, *_, total = timing.as_text(timed).splitlines()
    assert first.startswith("conv_dw_1 ")
    assert total.split() == ["total", "4,000,000", "1,000,000", "4.0", "4.000", "1.0"]
