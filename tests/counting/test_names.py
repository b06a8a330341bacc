"""What a function sees: its module, closure, defaults, objects and what those see; and that all is put back."""

from __future__ import annotations

import dataclasses
import functools
import sys
from collections import deque
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

import npmobile as nm
from npmobile.counting import NotCountable, count, tally

from .code import deeper, lab
from .code.lab import Net, squares

X = np.array([1.0, 2.0, 3.0])


def nested(kernel):
    scale = np.full(3, 0.5)

    def outer(x):
        def inner(y):
            return np.zeros(3) + y * kernel

        return inner(x) * scale

    return outer


COUNTED = [  # function, multiplications
    (lab.squares, 3),
    (squares, 3),
    (lambda x: lab.squares(x), 3),
    (functools.partial(lab.with_defaults, scale=X), 6),
    (functools.partial(np.multiply, X), 3),
    (functools.partial(functools.partial(np.einsum, "i,i"), X), 3),
    (lab.by_imported_names, 3 + 3 + 3),
    (lab.through_a_module, 4),
    (lab.from_a_dict, 3),
    (lab.imports_inside, 3),
    (lab.imports_a_module_inside, 4),
    (lab.decorated_squares, 3 + 3 + 3),
    (lab.with_defaults, 6),
    (nested(X), 6),
    (Net(), 9),
    (Net().method, 9),
    (Net.static, 3),
    (Net.of_class, 3),
    (lambda x: Net().doubled * x, 6 + 0),
    (lambda x: (lambda y: np.ones(3) * y)(x), 3),
    (lambda x: SETTINGS.kernel * x, 3),
    (np.square, 3),
    (np.vectorize(lambda a: a * np.ones(1)[0], otypes=[float]), 3),
]
SETTINGS = SimpleNamespace(kernel=X)


@pytest.mark.parametrize(("function", "multiplications"), COUNTED)
def test_every_product_is_counted_wherever_the_code_stands(function, multiplications):
    counted = count(function, X)
    assert (counted.multiplications, counted.complete) == (multiplications, True), counted
    np.testing.assert_allclose(counted.result, function(X))


def test_a_function_without_arguments_counts_what_it_sees():
    kernel = X.copy()
    assert count(lambda: X @ kernel).multiplications == 3


def state():
    """Everything in the user's modules that could be changed."""
    found = [
        (module.__name__, name, id(value))
        for module in (lab, deeper, sys.modules[__name__])
        for name, value in vars(module).items()
    ]
    found += [(name, id(value)) for name, value in vars(Net).items()]
    return [*found, id(np.zeros), id(np.ndarray), id(__import__), lab.with_defaults.__defaults__, lab.SETTINGS.copy()]


@pytest.mark.parametrize("function", [*(function for function, _ in COUNTED), lab.squares])
def test_everything_is_put_back(function):
    before = repr(state())
    count(function, X)
    assert repr(state()) == before
    assert tally.running is None
    assert type(np.zeros(3) * X) is np.ndarray


@pytest.mark.parametrize(
    ("function", "error"),
    [
        (lab.interrupted, KeyboardInterrupt),
        (lambda x: lab.squares(x) @ np.ones((4, 4)), ValueError),
        (lambda x: undefined, NameError),  # noqa: F821
        (lambda x: sys.exit(3), SystemExit),
        (lambda x: np.linalg.inv(np.outer(x, x)), NotCountable),
    ],
)
def test_everything_is_put_back_after_an_exception(function, error):
    before = repr(state())
    with pytest.raises(error):
        count(function, X)
    assert repr(state()) == before
    assert tally.running is None


def test_what_a_function_writes_into_its_surroundings_is_gone_afterwards():
    net, history, kept, queue = Net(), [], {"x": X}, deque([1, 2])
    total = 0

    def run(x):
        nonlocal total
        y = net(x)
        net.new = total = y
        history.append(y)
        queue.popleft()
        queue.append(y)
        kept["y"] = (y, x[0])
        run.calls = 1
        return y, history

    y, longer = count(run, X).result
    assert np.array_equal(y, longer[0]) and longer[0].dtype == float
    assert net.last is None and not hasattr(net, "new") and not hasattr(net.layers[0], "y") and total == 0
    assert net.layers[0].kernel.tolist() == [2, 2, 2]
    assert history == [] and queue == deque([1, 2]) and list(kept) == ["x"] and kept["x"] is X
    assert not hasattr(run, "calls")
    assert count(lab.writes_a_global, X).result.tolist() == [1, 4, 9]
    assert lab.LAST is None
    for argument in ([], [X]):
        assert count(lambda x, out: out.append(x * x), X, argument).multiplications == 3
        assert argument in ([], [X])


def test_a_model_predicts_after_a_count_that_failed():
    model = nm.random_model(alpha=0.25, resolution=32, classes=10)
    x = np.zeros((1, 32, 32, 3), np.float32)
    with pytest.raises(NotCountable, match=r"use npmobile\.forward"):
        count(model.predict, x)
    assert model.predict(x).shape == (1, 10)


def test_an_answer_that_is_remembered_is_noticed():
    lab.REMEMBERED.clear()
    for _ in range(2):
        assert count(lab.remembers, X).multiplications == 3
    lab.remembers(X)
    again = count(lab.remembers, X)
    assert (again.multiplications, again.unseen) == (0, {"a constant in the result": 3})
    assert count(lambda x: lab.KERNEL, X).unseen == {"a constant in the result": 3}
    assert count(lambda x: np.array([1.5, 2.5]), X).unseen == {"a constant in the result": 2}
    assert count(lambda x: [1.5, 2.5], X).unseen == {"a plain number in the result": 2}
    assert count(lambda x: (x, np.zeros(3), np.maximum(x, 2.0)), X).complete  # these are no answers


def test_a_cache_of_functools_does_not_keep_numbers():
    lab.window.cache_clear()
    counted = count(lab.windowed, X)
    assert (counted.multiplications, counted.complete) == (6, True)
    assert lab.window(3).dtype == float
    counted = count(lab.windowed, X)  # now it remembers an array that was made outside
    assert (counted.multiplications, counted.complete) == (3, False)


# Arguments and results of every form


@dataclasses.dataclass
class Data:
    a: Any
    b: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    a: Any
    b: Any


class Named(NamedTuple):
    a: Any
    b: Any


class Children(list):
    pass


def both(data):
    return type(data)(data.a * data.b[0], [data.b[0] * 2.0])


@pytest.mark.parametrize("kind", [Data, Frozen, Named])
def test_arrays_in_objects(kind):
    a, b = X, [X]
    data = kind(a, b)
    counted = count(both, data)
    assert (counted.multiplications, counted.complete) == (6, True)
    assert type(counted.result) is kind
    assert counted.result.a.tolist() == [1, 4, 9] and counted.result.b[0].dtype == float
    assert data.a is a and data.b is b and b[0] is X


@pytest.mark.parametrize(
    "argument",
    [
        [X, X],
        (X, X),
        {"a": X, 1: (X,)},
        [[[X]], X],
        {"a": {"b": [X, X]}},
        MappingProxyType({"a": X, "b": X}),
        Children([X, X]),
        [1.0, 2.0, 3.0, 1.0, 2.0, 3.0],
        ((1.0, [2.0, 3.0]), {"a": (1.0, 2.0, 3.0)}),
        [X.astype(np.float32), X.astype(np.int16)],
        iter([X, X]),
        (part for part in (X, X)),
    ],
    ids=lambda argument: str(argument).partition(" at 0x")[0],
)
def test_arrays_and_floats_in_containers(argument):
    def squared(part):
        if hasattr(part, "items"):
            return {key: squared(value) for key, value in part.items()}
        return part * part if hasattr(part, "dtype") else [squared(value) for value in part]

    counted = count(squared, argument)
    assert (counted.multiplications, counted.complete) == (6, True)


def test_containers_keep_their_types_and_arrays_their_identity():
    def look(pair, children, other):
        assert pair[0] is pair[1] is other and type(children) is Children
        pair[0][0] = 5.0
        return other * children[0]

    counted = count(look, [X, X], Children([X]), X)
    assert counted.result.tolist() == [25, 4, 9] and X.tolist() == [1, 2, 3]


def test_views_share_memory_as_they_do_without_counting():
    def write(x, backwards, column):
        x[0, 0] = 7.0
        backwards[0] = 8.0
        return column * 1.0

    table = np.arange(6.0).reshape(3, 2)
    counted = count(write, table, table[::-1, 0], table[:, 0])
    assert counted.result.tolist() == [7, 2, 8] and table[0, 0] == 0


def test_of_a_large_array_only_the_view_is_copied():
    large = np.zeros((1024, 2048))
    assert count(lambda x, y: x * y, large[3, :4], large[3, :4]).multiplications == 4
    with pytest.raises(NotCountable, match="share memory"):
        count(lambda x, y: x * y, large[3, :4], large[3, 1:5])


def test_arrays_that_the_function_does_not_name_are_left_alone():
    space = {"np": np, "kernel": X, "shape": np.zeros(5), "other": np.zeros(5)}
    exec(
        "def function(x):\n"
        "    kinds = {name: type(globals()[name]).__name__ for name in ('kernel', 'shape', 'other')}\n"
        "    return np.zeros(x.shape) + x * kernel, kinds",
        space,
    )
    counted = count(space["function"], X)
    assert counted.multiplications == 3
    assert counted.result[1] == {"kernel": "Numbers", "shape": "ndarray", "other": "ndarray"}


def test_tools_that_stand_around_the_code_are_not_looked_into():
    assert not any(map(tally.is_own, ("pytest", "_pytest.assertion", "numpy", "math")))
    assert all(map(tally.is_own, (__name__, lab.__name__, "npmobile.conv", "__main__")))
    assert not tally.is_own("npmobile.counting.number")  # and not into the counting itself


def test_an_array_that_cannot_be_written_stays_so():
    fixed = X.copy()
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        count(lambda x: x.__setitem__(0, 1.0), fixed)


def test_numpy_imported_inside_a_function_that_a_debugger_traces():
    """While a tracer sees a function, Python 3.10 gives its local names to the import statement."""

    def function(x):
        import numpy

        y = numpy.zeros(2)
        y[:] = 3 * x
        return y

    def tracer(frame, event, arg):
        frame.f_trace_opcodes = True
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        counted = count(function, np.array([1.0, 2.0]))
    finally:
        sys.settrace(before)
    assert (counted.multiplications, counted.complete) == (2, True)
