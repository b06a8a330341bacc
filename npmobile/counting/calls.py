"""Functions of NumPy's as the function that is counted calls them: they take Numbers and make Numbers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from . import tally
from .array import MULTIPLYING, WRITING, Indices, Numbers, converted, numbers, outcome
from .containers import rebuild
from .dtypes import without_dtype
from .number import Given, Number, number
from .tally import unseen
from .ufuncs import taking_part
from .values import ConstantFloat

# What these make holds values and not indices, whatever its dtype.
MAKERS = {
    "array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "asarray_chkfinite", "require",
    "copy", "zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "full_like", "eye",
    "identity", "frombuffer", "fromiter", "fromstring"
}  # fmt: skip
MULTIPLYING_NOTHING = MAKERS | {
    "arange",
    "linspace",
    "load",
    "loadtxt",
    "genfromtxt",
    "fromfile",
    "diag",
    "tri",
    "tile",
    "repeat",
}


def counting(function: Callable[..., Any], draws: bool = False) -> Callable[..., Any]:
    """A function of NumPy's that takes and makes Numbers, in the thread that counts and while it counts.

    With `draws` it makes random numbers: whatever it computes for that is not counted.
    """

    @functools.wraps(function, updated=())
    def call(*args: Any, **kwargs: Any) -> Any:
        return _call(function, args, kwargs, draws) if tally.here() else function(*args, **kwargs)

    if isinstance(function, np.ufunc):  # np.add.reduce, np.multiply.outer and so on
        for name in dir(function):
            if not name.startswith("_"):
                value = getattr(function, name)
                setattr(call, name, counting(value) if callable(value) else value)
    return call


def _call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], draws: bool) -> Any:
    name = function.__name__
    if name not in WRITING | {"shuffle", "at"}:
        args = tuple(map(_given, args))
        kwargs = {word: value if word == "out" else _given(value) for word, value in kwargs.items()}
    counts = any(map(_counts, (*args, *kwargs.values())))
    dtype = None
    if counts:
        args, kwargs, dtype = without_dtype(args, kwargs)
    result = function(*args, **kwargs)
    if isinstance(result, np.ndarray) and result.dtype.kind in "fiub" and not counts and name in MAKERS:
        return numbers(result, constant=True)
    made = outcome(result, args, uninitialised=name.startswith("empty"))
    if type(made) is Numbers and not counts and name not in MULTIPLYING_NOTHING and not draws:
        unseen(f"np.{name} of plain numbers", made.size)
    if type(made) is Indices and name in MULTIPLYING:
        made.multiplied = True
    return converted(made, dtype)


def _given(value: Any) -> Any:
    """An argument: plain arrays and lists of floats become Numbers; a single number stays, as sizes and axes are."""
    if isinstance(value, (list, tuple)):
        return rebuild(value, lambda part: Number(ConstantFloat(part)) if isinstance(part, float) else _given(part), {})
    if type(value) is np.ndarray and value.dtype.kind == "f":
        return taking_part(value).view(Numbers)
    return number(value) if type(value) is Given else value


def _counts(value: Any) -> bool:
    """Whether there is a Number in it."""
    if isinstance(value, (list, tuple)):
        return any(map(_counts, value))
    return type(value) is Number or (isinstance(value, np.ndarray) and value.dtype.kind == "O")
