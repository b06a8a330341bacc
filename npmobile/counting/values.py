"""From arrays of values to arrays (dtype object) of Numbers, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..quiet import quiet
from .number import COMPLEX, Number, number
from .tally import NotCountable


class ConstantFloat(float):
    """A float that did not come with the arguments. What is computed from it is a plain float."""


class ConstantInt(int):
    """The same for an int."""


_CONSTANT: dict[type, Any] = {float: ConstantFloat, int: ConstantInt, bool: bool}
_each_number = np.frompyfunc(number, 1, 1)
_each_plain = np.frompyfunc(Number, 1, 1)
_each_constant = np.frompyfunc(lambda value: Number(_CONSTANT[type(value)](value)), 1, 1)
_each_value = np.frompyfunc(lambda value: value.value if type(value) is Number else value, 1, 1)


def objects(x: np.ndarray, constant: bool = False, uninitialised: bool = False) -> np.ndarray:
    """The Numbers of an array's values: a new array, or the same memory if it holds objects already.

    Parameters
    ----------
    x : array of floats, integers, bools or objects
    constant : bool
        Whether the values are no arguments of the function that is counted: then they are marked.
    uninitialised : bool
        Whether None stands for a value that was never written, as in `np.empty`.

    Raises
    ------
    NotCountable
        If x is of another dtype.

    Examples
    --------
    >>> [number.value for number in objects(np.array([1.5, 2.5]))]
    [1.5, 2.5]
    """
    if x.dtype.kind == "O":
        return _complete(np.asarray(x), uninitialised)
    if x.dtype.kind not in "fiub":
        raise NotCountable(COMPLEX if x.dtype.kind == "c" else f"an array of {x.dtype} holds no numbers that can count")
    made = np.empty_like(x, object, subok=False)
    values = _doubles(x) if x.dtype.kind == "f" else x
    each = _each_constant if constant else _each_plain
    if x.size and (values == values.flat[0]).all():  # as of np.zeros: one Number will do, for it never changes
        made.fill(each(values.flat[0].item()))
    else:
        made[...] = each(values)
    return made


@quiet
def _doubles(x: np.ndarray) -> np.ndarray:
    """The same values in float64. `np.empty` leaves any bits in memory, some of which NumPy would warn of."""
    return x.astype(float)


def _complete(x: np.ndarray, uninitialised: bool) -> np.ndarray:
    """Make Numbers of what else an array of objects holds: in place, if it can be written."""
    kinds = set(map(type, x.flat))
    if kinds <= {Number}:
        return x
    made = np.empty_like(x)
    made[...] = Number(0.0) if uninitialised else _each_number(x)
    if not x.flags.writeable:
        return made
    x[...] = made
    return x


def plain(x: np.ndarray) -> np.ndarray:
    """The values of an array of Numbers: bool or int64 if all are, float64, or what else they may be.

    >>> plain(objects(np.arange(3)) * 2), plain(objects(np.arange(3.0)) * 2)
    (array([0, 2, 4]), array([0., 2., 4.]))
    """
    values = np.empty(x.shape, object)
    values[...] = _each_value(np.asarray(x))
    kinds = set(map(type, values.flat))
    for dtype, kind in ((bool, bool), (np.int64, int), (float, (int, float))):
        if all(issubclass(k, kind) for k in kinds) and (kinds or dtype is float):
            try:
                return values.astype(dtype)
            except OverflowError:  # an int of more than 64 bits
                break
    return values


def as_key(key: Any) -> Any:
    """A key, or a part of one, with plain integers and bools in place of Numbers: they only say where to look."""
    if isinstance(key, tuple):
        return tuple(map(as_key, key))
    if isinstance(key, list) and any(type(part) is Number or isinstance(part, np.ndarray) for part in key):
        return plain(np.array(key, object))
    if isinstance(key, np.ndarray) and key.dtype.kind == "O":
        return plain(key)
    return key.value if type(key) is Number else key


def released(value: Any) -> Any:
    """An array of Numbers as its values, for what is done after the count; anything else as it is."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "O" and Number in set(map(type, value.flat)):
        return plain(value)
    return value.value if type(value) is Number else value
