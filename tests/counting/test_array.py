"""Arrays that count: NumPy's functions, operators and methods with the products that a hand count gives."""

from __future__ import annotations

import io
import itertools
import operator
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from npmobile.counting import NotCountable, count

V, W = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])
A = np.arange(1.0, 7.0).reshape(2, 3)
S = np.arange(1.0, 10.0).reshape(3, 3)


def agrees(function, *args):
    """Count a function, and see that the values are those that it has on floats."""
    counted = count(function, *args)
    expected = function(*(arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args))
    if isinstance(expected, tuple):
        for part, other in zip(counted.result, expected):
            np.testing.assert_allclose(part, other, rtol=1e-12)
    else:
        np.testing.assert_allclose(counted.result, np.asarray(expected, float), rtol=1e-12)
    return counted


def in_place(x, y):
    x *= y
    x += y
    x @= y
    return x


def nditer(x, y):
    total = 0
    for a, b in np.nditer([x, y]):
        total = total + a * b
    return total


def add_at(x):
    y = np.zeros(2)
    np.add.at(y, [0, 0, 1], x * x)
    return y


def through_flat(x):
    y = np.empty_like(x)
    y.flat = 2.0
    y.flat[0] = 3.0
    return y * y


PRODUCTS = [  # function, arguments, multiplications, additions
    (lambda x, y: x * y, (A, A), 6, 0),
    (lambda x: 2.0 * x * 3, (V,), 6, 0),
    (lambda x: np.float32(3) * x, (V,), 3, 0),
    (lambda x: x * np.ones((4, 1)), (V,), 12, 0),
    (lambda x: x**2, (V,), 3, 0),  # NumPy multiplies
    (lambda x: np.square(x), (V,), 3, 0),
    (np.multiply.outer, (V, W), 9, 0),
    (np.outer, (V, W), 9, 0),
    (np.kron, (A, A), 36, 0),
    (np.dot, (V, W), 3, 2),
    (np.dot, (S, S), 27, 18),
    (lambda x, y: x.dot(y), (A, S), 18, 12),
    (lambda x, y: np.dot(x, y, out=np.empty((3, 3))), (S, S), 27, 18),
    (np.vdot, (A, A), 6, 5),
    (np.inner, (A, A), 12, 8),
    (lambda x, y: x @ y, (A, S), 18, 12),
    (lambda x, y: np.matmul(x, y, axes=[(0, 1), (1, 0), (0, 1)]), (S, S), 27, 18),
    (lambda x, y: np.matmul(x, y, out=np.zeros((2, 3))), (A, S), 18, 12),
    (in_place, (S, S + 0), 9 + 27, 9 + 18),
    (lambda x, y: np.tensordot(x, y, 1), (A, S), 18, 12),
    (lambda x, y: np.tensordot(x, y, axes=([0, 1], [0, 1])), (S, S), 9, 8),
    (lambda x, y: np.einsum("ij,jk->ik", x, y), (A, S), 18, 18),  # each of the 6 sums begins with 0
    (lambda x, y: np.einsum("i,i", x, y), (V, W), 3, 3),
    (lambda x, y: np.einsum("i,i->i", x, y), (V, W), 3, 3),
    (lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [0, 2]), (A, S), 18, 18),
    (lambda x: np.einsum("i,i,i->", x, x, x), (V,), 6, 3),  # three factors, two products
    (lambda x: np.einsum("ii->", x), (S,), 0, 3),
    (lambda x, y: np.einsum("i,i", x, y, dtype=np.float64), (V, W), 3, 3),
    (np.convolve, (V, W), 9, 4),
    (lambda x, y: np.convolve(x, y, "same"), (V, W), 7, 4),
    (lambda x, y: np.convolve(x, y, "valid"), (V, W), 3, 2),
    (lambda x, y: np.correlate(x, y, "full"), (V, W), 9, 4),
    (np.cross, (V, W), 6, 3),
    (np.prod, (V,), 2, 0),
    (lambda x: x.prod(axis=0), (A,), 3, 0),
    (np.cumprod, (V,), 2, 0),
    (np.multiply.reduce, (A,), 3, 0),
    (np.multiply.accumulate, (V,), 2, 0),
    (lambda x: np.linalg.multi_dot([x, x, x]), (S,), 54, 36),
    (lambda x: np.linalg.matrix_power(x, 3), (S,), 54, 36),
    (np.linalg.norm, (V,), 3, 2),
    (lambda x: np.polyval([1.0, 2.0, 3.0], x), (V,), 9, 9),  # Horner, begun with 0 * x + 1
    (np.var, (V,), 3, 2 + 3 + 2),
    (lambda x: np.average(x, weights=[1.0, 2.0, 1.0]), (V,), 3, 2 + 2),
    (lambda x: np.apply_along_axis(lambda row: row @ row, 1, x), (A,), 6, 4),
    (lambda x, y: np.vectorize(lambda a, b: a * b)(x, y), (V, W), 4, 0),  # one call more, to see the type
    (lambda x, y: np.vectorize(lambda a, b: a * b, otypes=[float])(x, y), (V, W), 3, 0),
    (lambda x, y: np.frompyfunc(lambda a, b: a * b, 2, 1)(x, y).astype(float), (V, W), 3, 0),
    (nditer, (V, W), 3, 3),
    (lambda x: [a * 2 for _, a in np.ndenumerate(x)], (A,), 6, 0),
    (lambda x: [a * 2 for a in x.flat], (A,), 6, 0),
    (lambda x: [a * 2 for row in x for a in row], (A,), 6, 0),
    (lambda x: [a * 2 for a in x.ravel().tolist()], (A,), 6, 0),
    (lambda x: x[0, 0].item() * x.item(1), (A,), 1, 0),
    (lambda x: as_strided(x, (2, 2), (x.itemsize, x.itemsize)) @ np.ones(2), (V,), 4, 2),
    (lambda x: sliding_window_view(x, 2) * 2.0, (V,), 4, 0),
    (lambda x: np.broadcast_to(x, (4, 3)) * 2, (V,), 12, 0),
    (lambda x: x[::-1] * x[None].T[..., 0], (V,), 3, 0),
    (lambda x: np.array([[a, a] for a in x]) * 2, (V,), 6, 0),
    (lambda x: np.stack([x, x]) * 2, (V,), 6, 0),
    (lambda x: np.concatenate([x, [1.0, 2.0]]) * 2, (V,), 5, 0),
    (lambda x: np.pad(x, 1) * np.pad(x, 1), (V,), 5, 0),  # 0 times 0 is a product too
    (lambda x: np.zeros(3) * np.zeros(3) + x, (V,), 3, 3),
    (lambda x: np.full(3, 2.0) * x * np.eye(3), (V,), 12, 0),
    (lambda x: np.multiply(x, x, out=np.empty_like(x)), (V,), 3, 0),
    (lambda x: np.multiply(2.0, 3.0, out=np.empty(3)) + x, (V,), 3, 3),
    (lambda x: np.multiply(x, x, where=x > 1, out=np.zeros(3)), (V,), 2, 0),
    (lambda x: np.where(x > 1, x * x, x), (V,), 3, 0),
    (lambda x: x[x > 1] * 2, (V,), 2, 0),
    (lambda x: np.copyto(x, x * x) or x, (V,), 3, 0),
    (through_flat, (V,), 3, 0),
    (add_at, (V,), 3, 3),
    (lambda x: np.meshgrid(x, x)[0] * 2, (V,), 9, 0),
    (lambda x: np.r_[x, 0.5] * 2, (V,), 4, 0),
    (lambda x: np.roll(x, 1) * np.flip(x) * np.sort(x), (V,), 6, 0),
    (lambda x: np.take(x, [0, 2]) * np.delete(x, 1), (V,), 2, 0),
    (lambda x: np.linspace(0.0, 1.0, 3) * x, (V,), 3, 0),
    (lambda x: np.arange(3) * x, (V,), 3, 0),
    (lambda x: np.arange(3.0) * np.arange(3.0) + x, (V,), 3, 3),
    (lambda x: x.astype(np.float32) * np.asarray(x, np.float32), (V,), 3, 0),
    (lambda x: np.sum(x * x, dtype=float), (V,), 3, 2),
    (lambda x: np.sum(x * x, None, np.float32), (V,), 3, 2),
    (lambda x: np.sum(x * x, where=x > 1), (V,), 3, 2),
    (lambda x: (x[0] * np.array([1.0, 2.0]))[x[:2] > 1], (V,), 2, 0),
    (lambda x: np.array(3.0) * x[0], (V,), 1, 0),
    (lambda x: x * x, (np.array(3.0),), 1, 0),
    (lambda x: x * x, (np.empty((0, 3)),), 0, 0),
    (lambda x: np.ones((2, 0)) @ np.ones((0, 2)) * x[0], (V,), 4, 0),
    (lambda x, y: x @ y, (np.arange(6).reshape(2, 3), np.arange(9).reshape(3, 3)), 18, 12),
    (lambda x, y: x * y, (np.array([True, False]), np.array([True, True])), 2, 0),
    (lambda x: x * x, (np.array([1.5, 2], object),), 2, 0),
    (lambda x: np.matmul(np.ones((2, 2), np.int32), np.ones((2, 2), int)) * x[0], (V,), 8 + 4, 4),
    (lambda x, i: x[i] * np.eye(3)[i].sum(axis=1), (V, np.array([2, 0])), 2, 4),  # integers that are used as indices
]


@pytest.mark.parametrize(("function", "args", "multiplications", "additions"), PRODUCTS)
def test_products_and_sums_by_hand(function, args, multiplications, additions):
    counted = agrees(function, *args)
    assert (counted.multiplications, counted.additions, counted.complete) == (multiplications, additions, True)


OTHERS = [
    (lambda x: -x, {"negative": 3}),
    (lambda x: abs(x), {"absolute": 3}),
    (lambda x: x / 2, {"divide": 3}),
    (lambda x: 1 / x, {"divide": 3}),
    (lambda x: x // 2, {"floor_divide": 3}),
    (lambda x: x % 2, {"remainder": 3}),
    (lambda x: x**3, {"power": 3}),
    (lambda x: x**0.5, {"power": 3}),
    (np.divmod, {"divmod": 3}),
    (np.sqrt, {"sqrt": 3}),
    (np.exp, {"exp": 3}),
    (np.log, {"log": 3}),
    (np.tanh, {"tanh": 3}),
    (np.rint, {"rint": 3}),
    (np.hypot, {"hypot": 3}),
    (np.copysign, {"copysign": 3}),
    (np.isfinite, {"isfinite": 3}),
    (lambda x: np.round(x), {"rint": 3}),
    (lambda x: x.round(1), {"multiply": 3, "rint": 3, "divide": 3}),  # NumPy multiplies by 10
    (lambda x: x.astype(int), {"trunc": 3}),
    (lambda x: x.mean(), {"add": 2, "divide": 1}),
    (lambda x: x.std(), {"multiply": 3, "add": 4, "subtract": 3, "divide": 2, "sqrt": 1}),
    (lambda x: np.diff(x), {"subtract": 2}),
    (lambda x: np.cumsum(x), {"add": 2}),
    (lambda x: x.max(), {"maximum": 2}),
    (lambda x: np.maximum(x, 2), {"maximum": 3}),
    (lambda x: np.clip(x, 1.5, 2), {"clip": 3}),
    (lambda x: np.nansum(x), {"compare": 3, "add": 2}),
    (lambda x: np.piecewise(x, [x > 1, x <= 1], [lambda part: part * part, 0.0]), {"compare": 6, "multiply": 2}),
    (lambda x: x.argmax(), {"compare": 2}),
    (lambda x: (x > 1).any(), {"compare": 3}),
    (lambda x: (x > 1).sum(), {"compare": 3, "add": 2}),
    (lambda x: x.T.copy().reshape(3, 1)[:, 0], {}),
    (lambda x: np.exp(x - x.max()) / np.exp(x).sum(), {"maximum": 2, "subtract": 3, "exp": 6, "add": 2, "divide": 3}),
]


@pytest.mark.parametrize(("function", "operations"), OTHERS)
def test_other_operations_are_listed_by_name(function, operations):
    args = (V, W)[: getattr(function, "nin", 1)]
    counted = agrees(function, *args)
    assert (counted.operations, counted.complete) == (operations, True)


@pytest.mark.parametrize("function", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_extremes_treat_nan_as_numpy_does(function):
    x, y = np.array([np.nan, 1.0, np.nan, 2.0]), np.array([1.0, np.nan, np.nan, 3.0])
    name = function.__name__
    counted = count(function, x, y)
    assert np.array_equal(counted.result, function(x, y), equal_nan=True) and counted.operations == {name: 4}
    table = np.stack([x, y]).reshape(2, 2, 2)
    for axis in (None, 0, (0, 2), (-1,), (0, 1, 2)):
        counted = count(function.reduce, table, axis=axis)
        expected = function.reduce(table, axis=axis)
        assert np.array_equal(counted.result, expected, equal_nan=True)
        assert counted.operations == {name: table.size - np.size(expected)}
    counted = count(lambda x: function.reduce(x, axis=(0, 1), keepdims=True, out=np.zeros((1, 1, 2))), table)
    assert np.array_equal(counted.result, function.reduce(table, axis=(0, 1), keepdims=True), equal_nan=True)


def test_shifts_and_masks_of_integer_arrays():
    x = np.array([5, 6, 7])
    for function, name in (
        (lambda x: x << 2, "left_shift"),
        (lambda x: x & 3, "bitwise_and"),
        (lambda x: ~x, "invert"),
    ):
        counted = agrees(function, x)
        assert (counted.operations, counted.result.dtype) == ({name: 3}, np.int64)


def test_an_integer_dtype_that_is_asked_for_wraps_around_as_in_numpy():
    x = np.array([-1.5, 255.9, 300.0])
    assert count(lambda x: x.astype(np.int64).astype(np.uint8), x).result.tolist() == [255, 255, 44]
    assert count(lambda x: x.astype(bool), np.array([0.0, 2.0])).result.tolist() == [False, True]


# einsum, in general


@st.composite
def einsums(draw):
    """Subscripts for two or three arrays without repeated indices in one of them, and the size of each index."""
    sizes = {letter: draw(st.integers(1, 3)) for letter in "ijkl"}
    terms = draw(
        st.lists(st.lists(st.sampled_from("ijkl"), min_size=1, max_size=3, unique=True), min_size=2, max_size=3)
    )
    used = sorted({letter for term in terms for letter in term})
    kept = draw(st.lists(st.sampled_from(used), unique=True))
    return ["".join(term) for term in terms], "".join(kept), {letter: sizes[letter] for letter in used}


@settings(max_examples=60, deadline=None)
@given(einsums(), st.integers(0, 2**32 - 1))
def test_einsum_makes_a_product_less_than_factors_for_every_combination_of_indices(problem, seed):
    terms, kept, sizes = problem
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=[sizes[letter] for letter in term]) for term in terms]
    counted = agrees(lambda *x: np.einsum(f"{','.join(terms)}->{kept}", *x), *arrays)
    combinations = 1
    for size in sizes.values():
        combinations *= size
    assert (counted.multiplications, counted.additions) == ((len(terms) - 1) * combinations, combinations)
    assert counted.complete


def test_einsum_that_is_optimised_multiplies_two_by_two():
    x, y, z = np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 1))
    assert agrees(lambda *x: np.einsum("ij,jk,kl->il", *x), x, y, z).multiplications == 2 * (2 * 3 * 4 * 1)
    optimised = agrees(lambda *x: np.einsum("ij,jk,kl->il", *x, optimize=True), x, y, z)
    assert optimised.multiplications == 3 * 4 * 1 + 2 * 3 * 1  # the two on the right first, for they make a vector


# Expressions, in general


class Sized:
    """An array that knows how many products its expression makes, because it looks at shapes: what `count` does not."""

    def __init__(self, x, multiplications=0):
        self.x, self.multiplications = x, multiplications

    def of(self, other, operation):
        x = operation(self.x, other.x)
        made = {"mul": x.size, "matmul": x.size * self.x.shape[-1]}.get(operation.__name__, 0)
        return Sized(x, self.multiplications + other.multiplications + made)


@st.composite
def expressions(draw, depth=3):
    """A function of a list of arrays, (3, 3), (3,) or (1, 3), as a tree of operations."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.integers(0, 2))
    name = draw(st.sampled_from([operator.mul, operator.add, operator.sub, operator.matmul, np.maximum]))
    return name, draw(expressions(depth - 1)), draw(expressions(depth - 1))


def evaluated(tree, leaves, of):
    if isinstance(tree, int):
        return leaves[tree]
    operation, left, right = tree
    return of(operation, evaluated(left, leaves, of), evaluated(right, leaves, of))


@settings(max_examples=80, deadline=None)
@given(expressions(), st.integers(0, 2**32 - 1))
def test_expressions_of_arrays(tree, seed):
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in [(3, 3), (3, 3), (3, 3) if seed % 2 else (1, 3)]]
    try:
        expected = evaluated(tree, [Sized(x) for x in arrays], lambda operation, a, b: a.of(b, operation))
    except ValueError:  # shapes that do not fit
        return
    counted = count(lambda *x: evaluated(tree, x, lambda operation, a, b: operation(a, b)), *arrays)
    assert (counted.multiplications, counted.complete) == (expected.multiplications, True)
    np.testing.assert_allclose(counted.result, expected.x, rtol=1e-9, atol=1e-9)


# What NumPy does with floats only


@pytest.mark.parametrize(
    "function",
    [
        np.fft.fft,
        np.fft.rfft2,
        np.linalg.inv,
        np.linalg.svd,
        np.linalg.solve,
        lambda x: np.linalg.det(x),
        lambda x: x.tobytes(),
        lambda x: bytes(x),
        lambda x: np.frombuffer(x),
        lambda x: x.view(np.float64),
        lambda x: x.view("f8"),
        lambda x: x.ctypes.data,
        lambda x: x.data,
        lambda x: as_strided(x, (3, 3), (4, 4)),
        lambda x: as_strided(x, (4, 4)),
        lambda x: as_strided(x, (10,), (x.itemsize,)),
        lambda x: np.ndarray((3, 3), np.dtype("V8"), x),
        lambda x: x.astype(str),
        lambda x: np.ma.array(x) * 2,
        lambda x: x.view(np.matrix) * x.view(np.matrix),
        lambda x: np.interp(x, [0.0, 10.0], [0.0, 1.0]),
    ],
)
def test_what_computes_with_floats_only_is_refused(function):
    args = (S, V) if function is np.linalg.solve else (S,)
    with pytest.raises(NotCountable, match="cannot be counted: "):
        count(function, *args)


@pytest.mark.parametrize(
    "x",
    [
        np.ma.array(V),
        A.view(np.matrix),
        np.zeros(3, [("a", float)]),
        V * 1j,
        np.array(["2020-01-01"], "M8[D]") - np.datetime64("2019-01-01"),
        np.rec.array([(1.0,)], [("a", float)]),
    ],
    ids=lambda x: type(x).__name__,
)
def test_arrays_of_other_kinds_are_refused(x):
    with pytest.raises(NotCountable, match="cannot be counted: "):
        count(lambda x: x * 2, x)


def test_what_goes_through_a_file_is_noted():
    def saved(x):
        file = io.BytesIO()
        np.save(file, x)
        file.seek(0)
        y = np.load(file, allow_pickle=True)
        return y * y

    counted = agrees(saved, V)
    assert counted.multiplications == 3 and not counted.complete
    counted = count(lambda x: pickle.loads(pickle.dumps(x)) + x, V)
    assert not counted.complete


def test_plain_memory_that_the_count_did_not_see_made():
    hidden = itertools.cycle([np.ones(3)])  # nobody looks into it

    def store(x):
        y = next(hidden)
        y[...] = x
        return y * 1.0

    counted = count(store, V)
    line = store.__code__.co_firstlineno + 2
    assert counted.unseen == {
        f"float() in test_array.py, line {line}": 3,
        "a plain number in the result": 3,
    }
    counted = count(lambda x: x + next(hidden) * next(hidden), V)
    assert (counted.multiplications, len(counted.unseen)) == (0, 1)
    with pytest.raises(NotCountable, match="a plain array takes no numbers that count"):
        count(lambda x: np.multiply(x, x, out=next(hidden)), V)


def test_what_is_written_into_an_array_becomes_a_number_that_counts():
    def write(x):
        y, z = np.zeros((2, 2)), np.empty_like(x)
        y[0, 0] = 3.0
        y[0, 1] = np.array(3.0)
        y[1] = [3, 3.0]
        z[...] = 3
        z.flat[0] = np.float32(3)
        z.fill(3.0)
        z[z > 5] = np.array([])
        np.copyto(z, 3.0, where=z > 0)
        np.put(z, [0], [3.0])
        z.put(1, 3.0)
        np.place(z, z > 2, [3.0])
        return [type(a).__name__ for part in (y, z) for a in part.flat], y * y, z * z

    counted = count(write, V)
    assert set(counted.result[0]) == {"Number"}
    assert counted.multiplications == 7 and (counted.result[1] == 9).all() and (counted.result[2] == 9).all()
    hidden = itertools.cycle([np.ones(3)])
    for function in (np.copyto, lambda y, x: np.place(y, y > 0, x)):
        with pytest.raises(NotCountable, match="a plain array takes no numbers"):
            count(lambda x, function=function: function(next(hidden), x), V)
    with pytest.raises(NotCountable, match="a plain array takes no numbers"):
        count(lambda x: np.concatenate([x[:1], x[:2]], out=next(hidden)), V)


def test_indices_are_not_counted_and_what_is_computed_from_their_products_is_noted():
    assert agrees(lambda x: x[2 * np.arange(2)] * 1.0, V).operations == {"multiply": 2}
    counted = agrees(lambda x: x + np.arange(3) * np.arange(3), V)
    assert (counted.multiplications, counted.complete) == (0, False)
    counted = agrees(lambda x: x + np.outer(np.arange(3), [1, 2, 3])[0], V)
    assert not counted.complete
