"""Dtypes that are asked for: what a Number becomes, and how arguments ask for one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from .number import COMPLEX, Number, number
from .tally import NotCountable, counter

_NAMES = {
    "float", "float16", "float32", "float64", "single", "double", "int", "int8", "int16", "int32", "int64",
    "uint8", "uint16", "uint32", "uint64", "bool", "f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2",
    "u4", "u8"
}  # fmt: skip


@cache
def cast(dtype: Any) -> Callable[[Any], Any]:
    """A function that makes a Number, or a plain number, a Number of this dtype's kind.

    From float to int is an operation, "trunc". float32 has no rounding here: floats are Python's.
    """
    dtype = np.dtype(dtype)
    kinds: dict[str, Callable[[Any], Any]] = {"f": float, "b": bool, "i": _integer(dtype), "u": _integer(dtype)}
    if dtype.kind == "O":
        return number
    if dtype.kind not in kinds:
        raise NotCountable(COMPLEX if dtype.kind == "c" else f"numbers that count do not become {dtype}")
    truncated, convert = counter("trunc"), kinds[dtype.kind]

    def one(value: Any) -> Number:
        value = number(value)
        if dtype.kind in "iu" and isinstance(value.value, float):
            truncated()
        return value if dtype.kind == "f" and isinstance(value.value, float) else Number(convert(value.value))

    return one


def _integer(dtype: np.dtype[Any]) -> Callable[[Any], int]:
    """To an int that fits in the dtype: what is too large wraps around, as in NumPy."""
    bits = 8 * dtype.itemsize
    lowest = -(1 << bits - 1) if dtype.kind == "i" else 0
    return lambda value: (int(value) - lowest) % (1 << bits) + lowest


def is_dtype(value: Any) -> bool:
    """Whether an argument asks for a dtype of numbers.

    >>> [is_dtype(value) for value in (float, np.uint8, "float32", np.dtype("f4"), "ij,jk", object, 3.0)]
    [True, True, True, True, False, False, False]
    """
    if isinstance(value, str):
        return value in _NAMES
    if isinstance(value, type) and not issubclass(value, (int, float, complex, np.generic)):
        return False
    return isinstance(value, (type, np.dtype)) and np.dtype(value).kind in "fiubc"


def without_dtype(args: Any, kwargs: Any) -> tuple[Any, Any, Any]:
    """Arguments that ask for objects where they asked for a dtype of numbers; and that dtype, or None."""
    asked = [value for value in args if is_dtype(value)]
    args = tuple(object if is_dtype(value) else value for value in args)
    dtype = kwargs.get("dtype")
    if dtype is not None and np.dtype(dtype).kind in "fiubc":
        return args, kwargs | {"dtype": object}, dtype
    return args, kwargs, asked[0] if asked else None


Number.cast = staticmethod(cast)
