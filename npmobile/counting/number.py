"""One number that counts: a value, and Python's arithmetic that adds 1 to the tally at every operation.

What is computed from a Number is a Number again, the answer of a comparison too. A value leaves only where Python
asks for a plain float, int or text; that is noted with the line that asked, because nobody sees what is done to it.

NumPy multiplies an array of objects by asking each object, so the same methods count its matrix products, einsums
and sums. Operations have the names of NumPy's functions; comparisons are all called "compare".
"""

from __future__ import annotations

import math
import numbers
import operator
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

import numpy as np

from .tally import NotCountable, counter, unseen

COMPLEX = "complex numbers are not counted: one product of them is four products of real numbers"


class Number:
    """A value that counts what is done to it."""

    __slots__ = ("value",)
    value: Any  # a Python float, int or bool
    cast: ClassVar[Callable[..., Any]]  # `dtypes.cast`
    apply: ClassVar[Callable[..., Any]]  # `ufuncs.apply`

    def __init__(self, value: Any) -> None:
        self.value = value

    # The two operations of a mult-add are written out, because they are called most.

    def __mul__(self, other: Any) -> Any:
        if type(other) is not Number:
            return _with_plain(other, self.__mul__)
        _multiplied()
        made = _new(Number)
        made.value = self.value * other.value
        return made

    def __add__(self, other: Any) -> Any:
        if type(other) is not Number:
            return _with_plain(other, self.__add__)
        _added()
        made = _new(Number)
        made.value = self.value + other.value
        return made

    def __rmul__(self, other: Any) -> Any:
        return _with_plain(other, self.__mul__)

    def __radd__(self, other: Any) -> Any:
        return _with_plain(other, self.__add__)

    def __pow__(self, other: Any, modulus: None = None) -> Any:
        """A power; a square is counted as the multiplication that NumPy makes of it."""
        if type(other) is not Number:
            return NotImplemented if modulus is not None else _with_plain(other, self.__pow__)
        if other.value == 2:
            return self * self
        _raised()
        return Number(_power(self.value, other.value))

    def __rpow__(self, other: Any) -> Any:
        return _with_plain(other, lambda base: base**self)

    def __pos__(self) -> Number:
        return self

    def __bool__(self) -> bool:
        return bool(self.value)

    def __hash__(self) -> int:
        return hash(self.value)

    def __copy__(self) -> Number:
        return self  # a Number never changes

    def __deepcopy__(self, memo: Any) -> Number:
        return self

    # What NumPy's floats have besides

    shape: ClassVar[tuple[int, ...]] = ()
    ndim: ClassVar[int] = 0
    size: ClassVar[int] = 1
    dtype: ClassVar[np.dtype[Any]] = np.dtype(object)

    def item(self) -> Number:
        return self

    tolist = item

    def any(self, *how: Any, **named: Any) -> Number:
        return Number(bool(self.value))

    all = any

    def conjugate(self) -> Number:
        return self

    @property
    def real(self) -> Number:
        return self

    def astype(self, dtype: Any) -> Number:
        return Number.cast(dtype)(self)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return Number.apply(ufunc, method, inputs, kwargs)

    # Where a value leaves

    def __float__(self) -> float:
        unseen("float()")
        return float(self.value)

    def __int__(self) -> int:
        unseen("int()")
        return int(self.value)

    def __index__(self) -> int:
        if sys._getframe(1).f_globals.get("__name__") != f"{__package__}.array":  # there it only says where to look
            unseen("a number used as an index")
        return operator.index(self.value)

    def __complex__(self) -> complex:
        raise NotCountable(COMPLEX)

    def __str__(self) -> str:
        unseen("text made of a number")
        return str(self.value)

    def __repr__(self) -> str:
        unseen("text made of a number")
        return repr(self.value)

    def __format__(self, form: str) -> str:
        unseen("text made of a number")
        return format(self.value, form)

    def __reduce__(self) -> tuple[Any, ...]:
        unseen("a pickled number")
        return _unpickled, (self.value,)


def _unpickled(value: Any) -> Any:
    """A number from another process: what was done to it there is not counted."""
    unseen("a number from a pickle")
    return value


class Given(float):
    """A float that is an argument by itself. It is a float to who asks, and what is computed from it is a Number."""

    def __neg__(self) -> Given:
        return Given(-float(self))

    def __pos__(self) -> Given:
        return self

    def __abs__(self) -> Given:
        return Given(abs(float(self)))


def number(value: Any) -> Any:
    """The Number of a value; what is no number stays what it is.

    >>> number(2.5).value, number(None) is None
    (2.5, True)
    """
    kind = type(value)
    if kind is Number:
        return value
    if kind is float or kind is int or kind is bool:
        return Number(value)
    if kind is Given:
        return Number(float(value))
    if isinstance(value, (complex, np.complexfloating)):
        raise NotCountable(COMPLEX)
    if isinstance(value, (np.number, np.bool_)):
        value = value.item()
    return Number(value) if isinstance(value, numbers.Number) else value


def _with_plain(other: Any, operation: Callable[[Number], Any]) -> Any:
    """An operation with something that is no Number: a plain number becomes one, for anything else Python asks it."""
    if isinstance(other, np.ndarray):
        return NotImplemented  # then NumPy asks number by number
    other = number(other)
    return operation(other) if type(other) is Number else NotImplemented


_new: Callable[[type[Number]], Number] = object.__new__
_multiplied, _added, _raised = map(counter, ("multiply", "add", "power"))


def _careful(operation: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Division by zero, overflow and roots of negative numbers as NumPy has them: inf or nan, and no exception."""

    def careful(a: Any, b: Any) -> Any:
        try:
            value = operation(a, b)
        except (ZeroDivisionError, OverflowError):
            return _plain(getattr(np, name)(a, b))
        return value if type(value) is not complex else math.nan

    return careful


_power = _careful(operator.pow, "power")


def _plain(value: Any) -> Any:
    """NumPy's scalar, or several, as Python's."""
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value.item()


def _wrap(value: Any) -> Any:
    return tuple(map(Number, value)) if isinstance(value, tuple) else Number(value)


def _binary(operation: Callable[[Any, Any], Any], name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The method for `number op other`, and the one for `other op number`."""
    made = counter(name)

    def method(self: Number, other: Any) -> Any:
        if type(other) is not Number:
            return _with_plain(other, lambda number: method(self, number))
        made()
        return _wrap(operation(self.value, other.value))

    return method, lambda self, other: _with_plain(other, lambda number: method(number, self))


def _unary(operation: Callable[..., Any], name: str) -> Callable[..., Any]:
    made = counter(name)

    def method(self: Number, *how: Any) -> Number:
        made()
        return Number(operation(self.value, *how))

    return method


@cache
def elementwise(ufunc: np.ufunc) -> Callable[..., Any]:
    """A function of numbers, Numbers or plain, that counts one operation of the ufunc's name."""
    made = counter(ufunc.__name__)

    def one(*values: Any) -> Any:
        made()
        return _wrap(_plain(ufunc(*(value.value if type(value) is Number else value for value in values))))

    return one


def _invert(value: Any) -> Any:
    return not value if isinstance(value, bool) else ~value


_TWO = {
    "sub": "subtract", "truediv": "divide", "floordiv": "floor_divide", "mod": "remainder", "divmod": "divmod",
    "lshift": "left_shift", "rshift": "right_shift", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor"
}  # fmt: skip
_ONE: dict[str, tuple[str, Callable[..., Any]]] = {
    "neg": ("negative", operator.neg), "abs": ("absolute", abs), "invert": ("invert", _invert), "round": ("round", round),
    "floor": ("floor", math.floor), "ceil": ("ceil", math.ceil), "trunc": ("trunc", math.trunc)
}  # fmt: skip
for _symbol, _name in (_TWO | dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), "compare")).items():
    _operation = divmod if _symbol == "divmod" else getattr(operator, f"__{_symbol}__")
    _ours, _theirs = _binary(_careful(_operation, _name), _name)
    setattr(Number, f"__{_symbol}__", _ours)
    if _symbol in _TWO:
        setattr(Number, f"__r{_symbol}__", _theirs)
for _symbol in ("mul", "add", "pow", *_TWO):
    for _method in (f"__{_symbol}__", f"__r{_symbol}__"):
        if hasattr(float, _method):
            setattr(Given, _method, lambda self, *others, name=_method: getattr(number(self), name)(*others))
for _symbol, (_name, _operation) in _ONE.items():
    setattr(Number, f"__{_symbol}__", _unary(_operation, _name))


def _named(ufunc: np.ufunc) -> Callable[..., Any]:
    """The method that NumPy asks an object for: `exp`, where np.exp comes to an array of objects."""
    return lambda self, *others: elementwise(ufunc)(self, *others)


for _name, _ufunc in vars(np).items():
    if isinstance(_ufunc, np.ufunc) and not _ufunc.signature and not hasattr(Number, _name):
        setattr(Number, _name, _named(_ufunc))
