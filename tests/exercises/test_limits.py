"""A function that does not end is stopped, and one that calls npmobile is seen; the tracer of before comes back."""

from __future__ import annotations

import bdb
import functools
import importlib
import itertools
import sys
import threading

import numpy as np
import pytest

import npmobile as nm
from npmobile.conv import pointwise_conv as renamed
from npmobile.exercises.limits import Endless, Watch

from . import solutions


def one_line(x, kernel):
    while True:
        pass


def catches_exceptions(x, kernel):
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def catches_everything(x, kernel):
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            pass


def catches_base_exceptions(x, kernel):
    while True:
        try:
            sum(1 for _ in itertools.count())
        except BaseException:
            continue


def nested(x, kernel):
    def inner():
        def innermost():
            n = 0
            while n >= 0:
                n += 1

        innermost()

    return inner()


def generator(x, kernel):
    def forever():
        while True:
            yield 1

    return sum(forever())


def comprehension(x, kernel):
    return [n for n in itertools.count() if n < 0]


def finally_again(x, kernel):
    while True:
        try:
            continue
        finally:
            pass


class Endlessly:
    def __call__(self, x, kernel):
        while True:
            pass


ENDLESS = [
    one_line, catches_exceptions, catches_everything, catches_base_exceptions, nested, generator, comprehension, finally_again,
    Endlessly(), lambda x, kernel: [0 for _ in iter(int, 1)], functools.partial(one_line),
]  # fmt: skip


@pytest.mark.parametrize("function", ENDLESS, ids=lambda value: getattr(value, "__name__", type(value).__name__))
def test_what_does_not_end_is_stopped_and_said(function):
    report = nm.exercises.pointwise_conv(function)
    assert not report.values and not report.passed
    assert "It was stopped after 3,000,000 instructions of Python without an answer" in " ".join(str(report).split())
    assert "right on 0 of 1 inputs" in str(report)


def slow(x, kernel):
    for _ in range(20_000):
        pass
    return x @ kernel


def test_what_is_slow_but_ends_is_not_stopped():
    assert nm.exercises.pointwise_conv(slow).passed


def ends_only_with_floats(x, kernel):
    while type(x) is not np.ndarray:
        pass
    return x @ kernel


def test_what_does_not_end_when_it_is_counted():
    report = nm.exercises.pointwise_conv(ends_only_with_floats)
    assert (report.values, report.cost) == (True, None)
    assert "Cost: it cannot be told. It was stopped" in " ".join(str(report).split())


def recursion(x, kernel, depth=0):
    return recursion(x, kernel, depth + 1)


def test_an_endless_recursion():
    report = nm.exercises.pointwise_conv(lambda x, kernel: recursion(x, kernel))
    assert "RecursionError" in str(report) and not report.values
    assert isinstance(report.error, RecursionError)


# The tracer that was there before


def traced(function):
    """Call with a tracer of a debugger's kind; returns its events, and the tracer at the end."""
    events = []

    def tracer(frame, event, arg):
        events.append((frame.f_code.co_name, event))
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        function()
        return events, sys.gettrace() is tracer
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("function", [one_line, catches_everything, solutions.pointwise_conv, recursion])
def test_the_tracer_of_before_comes_back(function):
    events, is_back = traced(lambda: nm.exercises.pointwise_conv(lambda x, kernel: function(x, kernel)))
    assert is_back and events


def test_a_debugger_of_before_gets_no_event_that_it_does_not_know():
    class Debugger(bdb.Bdb):
        lines = 0

        def user_line(self, frame):
            self.lines += 1
            self.set_step()

    debugger, reports = Debugger(), []
    before = sys.gettrace()
    try:
        debugger.runcall(lambda: reports.append(nm.exercises.pointwise_conv(solutions.pointwise_conv)))
    finally:
        sys.settrace(before)
    assert debugger.lines and reports[0].passed
    assert "It prints" not in str(reports[0])


def test_the_tracer_comes_back_after_ctrl_c():
    def interrupted(x, kernel):
        raise KeyboardInterrupt

    def check():
        with pytest.raises(KeyboardInterrupt):
            nm.exercises.pointwise_conv(interrupted)

    assert traced(check)[1]


def switches_off(x, kernel):
    sys.settrace(None)
    return x @ kernel


def catches_recursion(x, kernel):
    try:
        return recursion(x, kernel)
    except RecursionError:
        return x @ kernel


@pytest.mark.parametrize("function", [switches_off, catches_recursion])
def test_what_cannot_be_watched_does_not_pass(function):
    report = nm.exercises.pointwise_conv(function)
    text = " ".join(str(report).split())
    assert (
        "It could not be watched to its end. A function must not call sys.settrace or breakpoint(), nor catch the exception"
        in text
    )
    assert not report.passed


# npmobile's own


def in_a_thread(x, kernel):
    found = []
    thread = threading.Thread(target=lambda: found.append(renamed(x, kernel)[0]))
    thread.start()
    thread.join()
    return found[0]


class Holds:
    def __init__(self):
        self.kernels = nm.conv

    def __call__(self, x, kernel):
        return self.kernels.pointwise_conv(x, kernel)


def by_importlib(x, kernel):
    return getattr(importlib.import_module("npmobile.conv"), "pointwise" + "_conv")(x, kernel)[0]


def inside(x, kernel):
    def helper():
        return (lambda: nm.loops.pointwise_conv(x, kernel))()[0]

    return helper()


def in_a_generator(x, kernel):
    return next(nm.fast.pointwise_conv(x, kernel)[0] for _ in range(1))


def in_a_comparison(x, kernel):
    y = x @ kernel
    assert np.allclose(y, renamed(x, kernel)[0])
    return y


def by_forward(x, kernel):
    layer = nm.Layer("layer", "pointwise", 1, 1, *kernel.shape, x.shape[1])
    return next(nm.forward(x, [layer], {"layer": {"kernel": kernel, "bias": kernel[0] * 0}})).y


def only_when_counted(x, kernel):
    return x @ kernel if type(x) is np.ndarray else renamed(x, kernel)[0]


OWN = [
    nm.conv.pointwise_conv, nm.loops.pointwise_conv, nm.fast.pointwise_conv, renamed, functools.partial(renamed), Holds(),
    in_a_thread, by_importlib, inside, in_a_generator, in_a_comparison, by_forward, only_when_counted, lambda x, kernel: renamed(x, kernel)[0],
]  # fmt: skip


@pytest.mark.parametrize("function", OWN, ids=lambda value: getattr(value, "__name__", type(value).__name__))
def test_npmobile_s_own_kernels_pass_nothing(function):
    report = nm.exercises.pointwise_conv(function)
    assert (report.values, report.cost, report.passed) == (False, False, False), str(report)
    assert "which is npmobile's own: write the computation yourself." in " ".join(str(report).split())
    assert "It calls npmobile." in str(report)


@pytest.mark.parametrize(
    ("task", "function", "name"),
    [
        ("mult_adds", nm.cost.mult_adds, "npmobile.cost.mult_adds"),
        ("parameters", lambda layer: nm.cost.parameters(layer), "npmobile.cost.parameters"),
        ("peak_memory", lambda layers: nm.cost.peak_memory(layers), "npmobile.cost.peak_memory"),
        ("separable_ratio", lambda D_K, M, N, D_F: nm.cost.separable_ratio(D_K, N), "npmobile.cost.separable_ratio"),
        (
            "fold",
            lambda k, g, b, m, v, e: nm.weights.fold({"a": {"kernel": k, "gamma": g}}, e),
            "npmobile.weights.fold",
        ),
        ("mobilenet", nm.mobilenet, "npmobile.spec.mobilenet"),
        ("forward", lambda x, layers, w: list(nm.forward(x, layers, w))[-1].y, "npmobile.network.forward"),
        ("forward", lambda x, layers, w: nm.Model(layers, w, ["a"] * layers[-1].N), "npmobile.model."),
        ("quantise", lambda x, s, z: nm.integers.Quantisation(s, z).quantise(x), "npmobile.integers.quantisation."),
    ],
)
def test_npmobile_s_own_formulas_pass_nothing(task, function, name):
    report = getattr(nm.exercises, task)(function)
    assert not report.values and not report.passed
    assert f"It calls {name}" in str(report)


class HoldsAGenerator:
    """An object that cannot be copied."""

    def __init__(self):
        self.generator = (n for n in range(3))

    def __call__(self, x, kernel):
        return x @ kernel


def test_an_object_that_cannot_be_copied():
    assert nm.exercises.pointwise_conv(HoldsAGenerator()).passed


def forward_with_ops(x, layers, weights):
    for layer in layers:
        w = weights.get(layer.name, {})
        if layer.kind == "pool":
            x = nm.ops.global_average_pool(x)
        elif layer.kind == "fully_connected":
            x, _ = nm.ops.fully_connected(x, **w)
        else:
            if layer.kind == "pointwise":
                x = solutions.pointwise_conv(x, w["kernel"])
            elif layer.kind == "depthwise":
                x = solutions.depthwise_conv(x, w["kernel"], layer.stride, layer.padding)
            else:
                x = solutions.standard_conv(x, w["kernel"], layer.stride, layer.padding)
            norm = [w[name] for name in ("gamma", "beta", "mean", "var")] if "gamma" in w else []
            x = nm.ops.relu6(nm.ops.batch_norm(x, *norm, eps=1e-3) if norm else x + w["bias"])
    return x


def test_what_stands_between_convolutions_may_be_npmobile_s():
    report = nm.exercises.forward(forward_with_ops)
    assert report.passed, str(report)


def test_a_table_may_be_made_of_layers():
    def mobilenet(alpha, resolution, classes):
        rows = solutions.mobilenet(alpha, resolution, classes)
        return [nm.Layer(f"layer_{n}", *row) for n, row in enumerate(rows)]

    assert nm.exercises.mobilenet(mobilenet).passed


def test_a_watch_counts_instructions():
    with pytest.raises(Endless):
        Watch(instructions=100).call(one_line, (0, 0), {})
    watch = Watch(instructions=10_000)
    assert watch.call(sum, (range(1000),), {}) == 499500
    assert not watch.used and not watch.lost


LAB = """
import npmobile as nm

def mine(x, kernel):
    return x @ kernel

def endless(x, kernel):
    while True:
        pass

passed = nm.exercises.pointwise_conv(mine).passed
print(passed, nm.exercises.pointwise_conv(endless).passed)

def after():
    return 1

after()
"""


def test_a_coverage_tool_goes_on_after_the_check(tmp_path):
    """All lines but those that ran while they were watched: 5, 8 and 9."""
    coverage = pytest.importorskip("coverage")
    lab = tmp_path / "lab.py"
    lab.write_text(LAB)
    measured = coverage.Coverage(data_file=None, include=[str(lab)], config_file=False)
    before = sys.gettrace()
    measured.start()
    try:
        exec(compile(LAB, str(lab), "exec"), {"__name__": "lab"})
    finally:
        measured.stop()
        sys.settrace(before)
    _, _, missing, _ = measured.analysis(str(lab))
    assert set(missing) <= {5, 8, 9}
