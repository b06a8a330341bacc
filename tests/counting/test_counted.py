"""`count` itself: what it says, what it refuses, and that it is never complete where something was not seen."""

from __future__ import annotations

import multiprocessing
import operator
import threading
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import SimpleNamespace

import numpy as np
import pytest

from npmobile.counting import Counted, NotCountable, count

from .code import lab

X = np.array([1.0, 2.0, 3.0])


def test_what_is_printed():
    assert (
        repr(count(np.matmul, np.ones((40, 30)), np.ones((30, 20))))
        == "Counted: 24,000 multiplications, 23,200 additions"
    )
    assert repr(count(np.sqrt, X)) == "Counted: 0 multiplications, 0 additions, 3 sqrt"

    def leaves(x):
        return x * float(x[0])

    assert repr(count(leaves, X)).splitlines() == [
        "Counted: at least 3 multiplications, 0 additions",
        f"  not counted: float() in test_counted.py, line {leaves.__code__.co_firstlineno + 1} (1)",
    ]
    many = Counted(None, {}, dict.fromkeys("abcde", 1))
    assert repr(many).endswith("not counted: a (1); b (1); c (1) and 2 more")


def test_additions_are_sums_and_differences():
    counted = count(lambda x: (x + x) - x * x, X)
    assert counted.operations == {"add": 3, "subtract": 3, "multiply": 3}
    assert (counted.multiplications, counted.additions) == (3, 6)


def test_results_are_plain():
    float32 = X.astype(np.float32)
    result = count(
        lambda x, i, b: (x * x, i + i, b, x[0] * 2, i[0], {"a": [x]}, "text", None, 7), float32, np.arange(3), X > 1
    )
    y, i, b, number, integer, inside, *rest = result.result
    assert type(y) is np.ndarray and y.dtype == np.float64 and y.tolist() == [1, 4, 9]
    assert i.dtype == np.int64 and i.tolist() == [0, 2, 4]
    assert b.dtype == bool and b.tolist() == [False, True, True]
    assert (type(number), number, type(integer), integer) == (float, 2.0, int, 0)
    assert type(inside["a"][0]) is np.ndarray and rest == ["text", None, 7]
    assert result.complete


def test_the_arguments_are_not_changed():
    x = X.copy()
    counted = count(lambda x: x.__imul__(2.0), x)
    assert counted.result.tolist() == [2, 4, 6] and x.tolist() == [1, 2, 3]
    counted = count(lambda a: a.x.__imul__(2.0), SimpleNamespace(x=x))
    assert counted.result.tolist() == [2, 4, 6] and x.tolist() == [1, 2, 3]


def test_keyword_arguments_may_have_any_name():
    assert count(lambda function, args: function * args, function=X, args=X).multiplications == 3


@pytest.mark.parametrize(
    ("function", "result"),
    [
        (lab.generator, [[0, [0, 0, 0]], [1, [1, 2, 3]], [2, [2, 4, 6]]]),
        (lambda x: (part * part for part in x), [1, 4, 9]),
        (lambda x: map(operator.mul, x, x), [1, 4, 9]),
        (lambda x: (x * 0, iter([x * x])), [[0, 0, 0], [[1, 4, 9]]]),
    ],
)
def test_generators_are_run_to_their_end_inside_the_count(function, result):
    counted = count(function, X)
    assert counted.multiplications in (3, 6, 9) and counted.complete
    assert listed(counted.result) == result


def listed(value):
    """Arrays and tuples, as deep as they go, as lists."""
    if isinstance(value, (list, tuple)):
        return [listed(part) for part in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


# Never 0 and complete for code that multiplies


def in_a_thread(x):
    products = []
    thread = threading.Thread(target=lambda: products.append(x * x))
    thread.start()
    thread.join()
    return products[0]


def in_a_pool(x):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda i: x[i] * x[i], range(3)))


def in_a_process(x):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.starmap(operator.mul, [(a, a) for a in x])


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (np.prod, ([2, 3, 4],)),
        (np.multiply, (3, 4)),
        (operator.mul, (3, 4)),
        (lambda: 3.0 * 4.0, ()),
        (lambda: np.arange(3) * np.arange(3), ()),
        (lambda n: print(3.0 * n), (4,)),
        (lambda D_F, D_K, stride: (D_F - D_K) // stride * 2, (32, 3, 1)),
        (lambda x: lambda: x * x, (X,)),
        (lambda x: x + np.hanning(3), (X,)),
        (in_a_thread, (X,)),
        (in_a_pool, (X,)),
        (in_a_process, (X,)),
    ],
)
def test_it_says_at_least_where_something_was_not_seen(function, args):
    counted = count(function, *args)
    assert not counted.complete and counted.unseen
    assert repr(counted).startswith("Counted: at least")


def test_nothing_multiplied_is_complete():
    counted = count(lambda x: x.T.reshape(-1)[::-1].copy(), np.ones((2, 3)))
    assert (counted.operations, counted.complete) == ({}, True)
    counted = count(lambda x: (x + x, x.shape[0] * x.shape[1]), np.ones((2, 3)))  # sizes may be multiplied
    assert (counted.operations, counted.complete) == ({"add": 6}, True)


def test_other_libraries_are_refused_or_noted(framework):
    scipy = framework("scipy.signal", "scipy", "frameworks")
    image = np.outer(X, X)
    with pytest.raises(NotCountable, match="cannot be counted: it works with floats, but with numbers that count"):
        count(lambda x: scipy.convolve2d(x, x), image)
    with pytest.raises(NotCountable, match="convolve2d cannot be counted"):
        count(scipy.convolve2d, image, image)
    counted = count(lambda x: scipy.fftconvolve(x, x), X)
    assert (counted.multiplications, counted.complete) == (0, False)
    counted = count(lambda x: x * scipy.windows.hann(3), X)
    assert (counted.multiplications, counted.complete) == (3, False)
    special = framework("scipy.special", "scipy", "frameworks")
    assert count(lambda x: special.expit(x) * x, X).operations == {"expit": 3, "multiply": 3}


def test_pytorch_is_refused_or_noted(torch):
    tensor = torch.ones(3, dtype=torch.float64)
    with pytest.raises(NotCountable, match=r"torch.Tensor does not count: give a NumPy array"):
        count(lambda t: t * t, tensor)
    for function in (
        lambda x: torch.from_numpy(x) * 2,
        lambda x: torch.tensor(x.tolist()) * 2,
        lambda x: tensor * x[0],
    ):
        with pytest.raises(NotCountable, match=r"cannot be counted: .*\(test_counted.py, line \d+\)$"):
            count(function, X)
    for function in (
        lambda x: tensor * tensor,
        lambda x: x + (tensor * tensor).numpy(),
        lambda x: x.copy().__setitem__(..., tensor),
    ):
        assert not count(function, X).complete


# Mistakes


def test_a_mistake_of_the_function_is_its_own():
    with pytest.raises(ValueError, match="size 4 is different from 3"):
        count(lambda x: x @ np.ones((4, 4)), X)
    with pytest.raises(ZeroDivisionError):
        count(lambda x: 1 // 0, X)
    with pytest.raises(TypeError, match="positional argument"):
        count(lambda x: x, X, X)


def test_what_works_on_floats_and_not_on_numbers_that_count_is_said_in_one_sentence():
    def picky(x):
        if x.dtype != np.float64:
            raise TypeError("float64 only")
        return x * x

    line = picky.__code__.co_firstlineno + 2
    message = (
        "picky cannot be counted: it works with floats, but with numbers that count it raises TypeError: "
        f"float64 only (test_counted.py, line {line})"
    )
    with pytest.raises(NotCountable) as raised:
        count(picky, X)
    assert str(raised.value) == message


def test_counts_are_neither_nested_nor_concurrent():
    with pytest.raises(RuntimeError, match="a count is running"):
        count(lambda x: count(np.sqrt, x).result, X)
    refused: SimpleQueue[str] = SimpleQueue()  # a list would be put back

    def meanwhile():
        try:
            count(np.sqrt, X)
        except RuntimeError as error:
            refused.put(str(error))

    def function(x):
        thread = threading.Thread(target=meanwhile)
        thread.start()
        thread.join()
        return x * x

    assert count(function, X).multiplications == 3
    assert refused.get_nowait().startswith("a count is running")
    assert count(np.sqrt, X).complete  # and afterwards it counts again


def test_another_thread_goes_on_with_floats():
    answers: SimpleQueue[np.ndarray] = SimpleQueue()

    def function(x):
        thread = threading.Thread(target=lambda: answers.put(np.zeros(3) + np.ones(3) * 2))
        thread.start()
        thread.join()
        return x * x

    counted = count(function, X)
    answer = answers.get_nowait()
    assert answer.dtype == float and answer.tolist() == [2, 2, 2]
    assert counted.operations == {"multiply": 3} and not counted.complete


def test_coroutines_are_refused():
    async def squares(x):
        return x * x

    with pytest.raises(NotCountable, match="squares cannot be counted: it is async"):
        count(squares, X)


@pytest.mark.parametrize("function", [None, 3, "np.sqrt", X])
def test_a_function_is_wanted(function):
    with pytest.raises(TypeError, match=r"^function must be callable, but is (NoneType|int|str|ndarray)$"):
        count(function, X)
