"""How a function is called, by the arguments and options that it takes."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from npmobile.exercises.signatures import Caller

OPTIONS = {"stride": 1, "padding": "same"}


def called(function, stride=2, padding="valid"):
    """What a function of x and kernel gets, as (positional, named)."""
    caller = Caller(function, "depthwise_conv", ("x", "kernel"), OPTIONS)
    assert caller.problem is None, caller.problem.text("en")
    return caller.plan({"stride": stride, "padding": padding})


class Object:
    def __call__(self, x, kernel, stride):
        pass

    def method(self, x, kernel, padding="same"):
        pass


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x, kernel: 0, ((), {})),
        (lambda x, kernel, stride=1: 0, ((), {"stride": 2})),
        (lambda x, kernel, padding="same", stride=1: 0, ((), {"stride": 2, "padding": "valid"})),
        (lambda x, kernel, *, stride=1: 0, ((), {"stride": 2})),
        (lambda x, kernel, **options: 0, ((), {"stride": 2, "padding": "valid"})),
        (lambda *arguments: 0, ((), {})),
        (lambda a, b, s, p: 0, ((2, "valid"), {})),
        (lambda a, b, s=1, p="same": 0, ((2, "valid"), {})),
        (lambda a, b, s=1, padding="same": 0, ((2,), {"padding": "valid"})),
        (lambda x, kernel, bias=None, stride=1: 0, ((), {"stride": 2})),
        (lambda x, kernel, verbose=True: 0, ((), {})),
        (lambda x, kernel, dilation=2: 0, ((), {})),
        (Object(), ((), {"stride": 2})),
        (Object().method, ((), {"padding": "valid"})),
        (functools.partial(lambda x, kernel, stride=1, padding="same": 0, padding="same"), ((), {"stride": 2, "padding": "valid"})),
        (np.multiply, ((), {})),
    ],
)  # fmt: skip
def test_options_are_passed_as_they_are_taken(function, expected):
    assert called(function) == expected


@pytest.mark.parametrize(
    "function",
    [
        lambda: 0,
        lambda x: 0,
        lambda x, *, kernel: 0,
        lambda a, b, c, d, e: 0,
        lambda x, kernel, *, bias: 0,
        3,
        None,
        int,
    ],
)
def test_what_cannot_take_the_arguments(function):
    assert Caller(function, "depthwise_conv", ("x", "kernel"), OPTIONS).problem is not None
