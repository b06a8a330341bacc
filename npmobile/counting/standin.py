"""A stand-in for NumPy: to the function that is counted, what NumPy makes of nothing are Numbers too.

NumPy itself is never changed, for its own compiled code and other libraries' need it as it is. A name such as `np`
or `zeros` in the function's module stands for something from here while the function is counted (see `names`).
"""

from __future__ import annotations

import functools
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
from numpy.lib import stride_tricks

from . import tally
from .array import Numbers, outcome
from .calls import counting
from .tally import NotCountable

_FUNCTIONS = (FunctionType, BuiltinFunctionType, np.ufunc, type(np.dot))
_RANDOM = (np.random.Generator, np.random.RandomState)


class StandIn(ModuleType):
    """A module of NumPy's whose functions take and make Numbers."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(module.__name__, module.__doc__)
        self._module = module

    def __getattr__(self, name: str) -> Any:
        value = stand_in(getattr(self._module, name))
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        return dir(self._module)


def stand_in(value: Any) -> Any:
    """What stands for something of NumPy's; anything else is itself.

    >>> stand_in(np).zeros is stand_in(np.zeros), stand_in(functools) is functools
    (True, True)
    """
    if isinstance(value, _RANDOM):
        return Drawing(value)
    if isinstance(value, np.vectorize):
        return Vectorize(value.pyfunc, value.otypes, value.__doc__, value.excluded, value.cache, value.signature)
    if isinstance(value, ModuleType):
        return _once(value) if _of_numpy(value.__name__) and not isinstance(value, StandIn) else value
    if isinstance(value, np.ufunc):
        return _once(value) if getattr(np, value.__name__, None) is value else value
    owner = value.__self__ if isinstance(value, (BuiltinFunctionType, MethodType)) else None
    if isinstance(owner, _RANDOM):
        return counting(value, draws=True)
    if isinstance(value, _FUNCTIONS):
        ours = owner is None or isinstance(owner, ModuleType)
        return _once(value) if ours and _of_numpy(getattr(value, "__module__", None) or "") else value
    return _SPECIAL.get(id(value), (value, value))[1]


def _of_numpy(module: str) -> bool:
    return module.partition(".")[0] == "numpy"


@functools.cache
def _once(value: Any) -> Any:
    if id(value) in _SPECIAL:
        return _SPECIAL[id(value)][1]
    return StandIn(value) if isinstance(value, ModuleType) else counting(value)


# What needs more than that


def _made(result: Any, uninitialised: bool = False) -> Any:
    """What NumPy made for the function that is counted: afterwards, and in other threads, arrays stay what they are."""
    return outcome(result, uninitialised=uninitialised) if tally.here() else result


class Drawing:
    """A generator of random numbers, whose floats are Numbers."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._generator, name)
        return counting(value, draws=True) if callable(value) else value


class Vectorize(np.vectorize):
    """np.vectorize, whose results are Numbers: an otype would make them floats."""

    def __init__(self, pyfunc: Any, otypes: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(pyfunc, otypes and "O" * len(list(otypes)), *args, **kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _made(super().__call__(*args, **kwargs))


class _Getting:
    """np.r_ and others that are called with square brackets."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getitem__(self, key: Any) -> Any:
        return _made(self._real[key])


class _ArrayType(type):
    """np.ndarray, which makes Numbers, and is the class of all arrays as ever."""

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, np.ndarray)

    def __subclasscheck__(cls, other: Any) -> bool:
        return issubclass(other, np.ndarray)

    def __getattr__(cls, name: str) -> Any:
        return getattr(np.ndarray, name)

    def __call__(
        cls, shape: Any, dtype: Any = float, buffer: Any = None, offset: int = 0, *how: Any, **named: Any
    ) -> Any:
        if not isinstance(buffer, Numbers) or not tally.here():
            return _made(np.ndarray(shape, dtype, buffer, offset, *how, **named), uninitialised=True)
        if np.dtype(dtype).kind not in "fiubO":
            raise NotCountable(f"numbers that count cannot be seen as {np.dtype(dtype)}: their memory holds no floats")
        view = np.ndarray(shape, object, np.asarray(buffer), offset, *how, **named)
        return _whole(view).view(Numbers)


class Array(metaclass=_ArrayType):
    """What stands for np.ndarray."""


def _whole(view: np.ndarray) -> np.ndarray:
    """Refuse a view that would find pieces of objects: strides were written for floats of another size."""
    if any(stride % view.itemsize for stride in view.strides):
        raise NotCountable("strides for floats of another size: take them from the array, x.strides or x.itemsize")
    return view


def _as_strided(x: Any, shape: Any = None, strides: Any = None, subok: bool = False, writeable: bool = True) -> Any:
    """np.lib.stride_tricks.as_strided, which must not leave the memory: there are no objects beside it."""
    if not isinstance(x, Numbers):
        return stride_tricks.as_strided(x, shape, strides, subok, writeable)
    memory = np.asarray(x)
    shape, strides = x.shape if shape is None else tuple(shape), x.strides if strides is None else tuple(strides)
    while isinstance(memory.base, np.ndarray):
        memory = memory.base
    reach = [(n - 1) * stride for n, stride in zip(shape, strides)] if 0 not in shape else []
    first = np.asarray(x).__array_interface__["data"][0] - memory.__array_interface__["data"][0]
    lowest, highest = first + sum(n for n in reach if n < 0), first + sum(n for n in reach if n > 0)
    if reach and (lowest < 0 or highest + x.itemsize > memory.size * x.itemsize):
        raise NotCountable("strides that leave the array: take them from the array, x.strides or x.itemsize")
    return _whole(stride_tricks.as_strided(np.asarray(x), shape, strides, False, writeable)).view(Numbers)


def _nditer(op: Any, flags: Any = (), *args: Any, **kwargs: Any) -> Any:
    return np.nditer(op, [*flags, "refs_ok"], *args, **kwargs)


def _frombuffer(buffer: Any, *args: Any, **kwargs: Any) -> Any:
    if isinstance(buffer, Numbers):
        raise NotCountable("the memory of numbers that count holds no floats, so its bytes are refused")
    return _made(np.frombuffer(buffer, *args, **kwargs))


def _frompyfunc(*args: Any, **kwargs: Any) -> Any:
    return counting(np.frompyfunc(*args, **kwargs))


_SPECIAL: dict[int, tuple[Any, Any]] = {
    id(real): (real, special)
    for real, special in [
        (np.vectorize, Vectorize),
        (np.ndarray, Array),
        (np.nditer, _nditer),
        (np.frombuffer, _frombuffer),
        (np.frompyfunc, _frompyfunc),
        (stride_tricks.as_strided, _as_strided),
        (np.random.default_rng, lambda *args: Drawing(np.random.default_rng(*args))),
        (np.random.RandomState, lambda *args: Drawing(np.random.RandomState(*args))),
        *((real, _Getting(real)) for real in (np.r_, np.c_, np.mgrid, np.ogrid)),
    ]
}
