"""One number that counts: its arithmetic, and the places where its value leaves."""

from __future__ import annotations

import cmath
import copy
import decimal
import fractions
import functools
import itertools
import math
import operator
import pickle
import statistics
import struct

import numpy as np
import pytest

from npmobile.counting import NotCountable, count


def of_two(function, a=7.0, b=2.0):
    """Count a function of two numbers from arrays."""
    return count(lambda x: function(x[0], x[1]), np.array([a, b]))


BINARY = [
    (operator.mul, 14, "multiply"),
    (operator.add, 9, "add"),
    (operator.sub, 5, "subtract"),
    (operator.truediv, 3.5, "divide"),
    (operator.floordiv, 3, "floor_divide"),
    (operator.mod, 1, "remainder"),
    (operator.pow, 49, "multiply"),  # a square is a product, as NumPy computes it
    (lambda a, b: b**a, 128, "power"),
    (operator.lt, False, "compare"),
    (operator.ge, True, "compare"),
    (operator.eq, False, "compare"),
    (operator.ne, True, "compare"),
]


@pytest.mark.parametrize(("function", "value", "name"), BINARY, ids=lambda part: getattr(part, "__name__", str(part)))
def test_an_operation_of_two_numbers_counts_once(function, value, name):
    counted = of_two(function)
    assert (counted.result, counted.operations, counted.complete) == (value, {name: 1}, True)


@pytest.mark.parametrize(("function", "value", "name"), BINARY, ids=lambda part: getattr(part, "__name__", str(part)))
@pytest.mark.parametrize("plain", [float, int, np.float32, np.float64, np.int64, fractions.Fraction])
def test_a_plain_number_on_either_side_counts_too(function, value, name, plain):
    left = count(lambda x: function(x[0], plain(2)), np.array([7.0]))
    right = count(lambda x: function(plain(7), x[0]), np.array([2.0]))
    for counted in (left, right):
        assert (counted.result, counted.operations, counted.complete) == (value, {name: 1}, True)


@pytest.mark.parametrize(
    ("function", "value", "name"),
    [
        (operator.lshift, 28, "left_shift"),
        (operator.rshift, 1, "right_shift"),
        (operator.and_, 2, "bitwise_and"),
        (operator.or_, 7, "bitwise_or"),
        (operator.xor, 5, "bitwise_xor"),
    ],
)
def test_shifts_and_masks_of_integers(function, value, name):
    counted = count(lambda x: function(x[0], x[1]), np.array([7, 2]))
    assert (counted.result, counted.operations, counted.complete) == (value, {name: 1}, True)


@pytest.mark.parametrize(
    ("function", "value", "name"),
    [
        (operator.neg, 2.5, "negative"),
        (abs, 2.5, "absolute"),
        (round, -2, "round"),
        (math.floor, -3, "floor"),
        (math.ceil, -2, "ceil"),
        (math.trunc, -2, "trunc"),
        (np.floor, -3, "floor"),
        (np.tanh, np.tanh(-2.5), "tanh"),
        (np.sign, -1, "sign"),
        (np.isnan, False, "isnan"),
    ],
)
def test_an_operation_of_one_number(function, value, name):
    counted = count(lambda x: function(x[0]), np.array([-2.5]))
    assert (counted.result, counted.operations, counted.complete) == (value, {name: 1}, True)


def test_invert_of_an_integer_and_of_a_bool():
    assert count(lambda x: ~x[0], np.array([5])).result == -6
    assert count(lambda x: ~(x[0] > 1), np.array([5.0])).result is False


def test_divmod_makes_two_numbers_in_one_operation():
    counted = of_two(divmod)
    assert (counted.result, counted.operations) == ((3, 1), {"divmod": 1})


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("a", [1.0, -1.0, 0.0])
@pytest.mark.parametrize("function", [operator.truediv, operator.floordiv, operator.mod, lambda a, b: b**-a])
def test_division_by_zero_is_what_numpy_makes_of_it(function, a):
    x = np.array([a, 0.0])
    assert np.array_equal(count(lambda x: function(x[:1], x[1:]), x).result, function(x[:1], x[1:]), equal_nan=True)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("a", "b", "power"), [(10.0, 400.0, math.inf), (-8.0, 1 / 3, math.nan)])
def test_powers_that_overflow_or_have_no_real_value(a, b, power):
    assert np.array_equal(of_two(operator.pow, a, b).result, power, equal_nan=True)


def test_the_answer_of_a_comparison_counts_as_well():
    counted = of_two(lambda a, b: (a > b) * (b > 0))
    assert (counted.result, counted.operations) == (1, {"compare": 2, "multiply": 1})


# Python's own functions


@pytest.mark.parametrize(
    ("function", "multiplications", "additions"),
    [
        (sum, 0, 3),  # it begins with 0
        (math.prod, 3, 0),  # it begins with 1
        (lambda x: functools.reduce(operator.mul, x), 2, 0),
        (lambda x: list(itertools.accumulate(x, operator.mul)), 2, 0),
        (lambda x: list(map(operator.mul, x, x)), 3, 0),
        (lambda x: [a * b for a in x for b in x], 9, 0),
        (lambda x: copy.deepcopy(x[0]) * copy.copy(x[1]), 1, 0),
        (lambda x: eval("x[0] * x[1]"), 1, 0),
        (lambda x: x[0] * fractions.Fraction(1, 2), 1, 0),
        (lambda x: {x[0]: x[1]}[x[0]] * 2, 1, 0),
    ],
)
def test_python_functions(function, multiplications, additions):
    counted = count(function, np.array([1.0, 2.0, 4.0]))
    assert counted.complete
    assert (counted.multiplications, counted.additions) == (multiplications, additions)
    assert np.array_equal(counted.result, function(np.array([1.0, 2.0, 4.0])))


def test_sorting_and_choosing_compare():
    counted = count(lambda x: (max(x), min(x), sorted(x)), np.array([2.0, 1.0]))
    assert counted.result == (2, 1, [1, 2])
    assert counted.multiplications == counted.additions == 0 and counted.complete


# Where a value leaves


LEAVING = {
    "float()": lambda x: float(x[0]) * float(x[1]),
    "int()": lambda x: int(x[0]) * int(x[1]),
    "np.float64()": lambda x: np.float64(x[0]) * np.float64(x[1]),
    "math.sqrt": lambda x: math.sqrt(x[0]) * math.exp(x[1]),
    "math.fsum": lambda x: math.fsum(x),
    "math.hypot": lambda x: math.hypot(*x),
    "struct": lambda x: struct.unpack("3d", struct.pack("3d", *x)),
    "format": lambda x: float(f"{x[0]:.3f}") * 2,
    "percent": lambda x: float("%f" % x[0]) * 2,  # noqa: UP031
    "str": lambda x: float(str(x[0])) * 2,
    "repr": lambda x: float(repr(x[0])) * 2,
    "print": lambda x: print(x),
    "pickle": lambda x: [a * a for a in pickle.loads(pickle.dumps(list(x)))],
    "index": lambda x: [0, 1, 2, 3, 4][x.astype(int)[1]] * 2,
    "range": lambda x: [2 * n for n in range(x.astype(int)[1])],
}


@pytest.mark.parametrize("how", LEAVING)
def test_a_value_that_leaves_is_noted_with_file_and_line(how):
    line = LEAVING[how].__code__.co_firstlineno
    counted = count(LEAVING[how], np.array([1.0, 2.0, 4.0]))
    assert not counted.complete
    assert counted.multiplications == 0
    assert any(f"in test_number.py, line {line}" in what for what in counted.unseen), counted.unseen
    assert "at least" in repr(counted)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: decimal.Decimal(x[0]),
        lambda x: fractions.Fraction(x[0]),
        lambda x: statistics.mean(x),
        lambda x: cmath.exp(x[0]),
        lambda x: complex(x[0]),
        lambda x: x[0] * 1j,
        lambda x: x * 1j,
        lambda x: x * np.array([1j]),
        lambda x: x.astype(complex),
        lambda x: np.zeros(3, complex) * x,
    ],
)
def test_what_a_number_cannot_become_is_refused(function):
    with pytest.raises(NotCountable, match=r"^<lambda> cannot be counted: .*test_number.py, line \d+"):
        count(function, np.array([1.0, 2.0, 4.0]))


def test_an_int_argument_stays_a_size_and_a_float_argument_counts():
    counted = count(lambda x, n, a, b: x[:n] + a * b, np.ones(3), 2, 3.0, 0.5)
    assert (counted.result.tolist(), counted.operations, counted.complete) == (
        [2.5, 2.5],
        {"multiply": 1, "add": 2},
        True,
    )
    counted = count(lambda a, b: (isinstance(a, float), -a * abs(b)), 2.0, -3.0)
    assert (counted.result, counted.operations) == ((True, -6.0), {"multiply": 1})
