"""Arrays of Numbers, and arrays of indices. NumPy asks their classes what its functions shall do with them.

NumPy's own code runs on arrays of objects, and asks the Numbers in them for each operation. What stands here sees
to it that an array holds nothing but Numbers, that no dtype takes the values out of them, and that what NumPy would
compute without asking them is refused or noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import tally
from .dtypes import cast, is_dtype, without_dtype
from .number import Number
from .tally import NotCountable, unseen
from .ufuncs import PLAIN, apply, counts_itself, taking_part
from .values import as_key, objects, plain, released

MULTIPLYING = {
    "multiply", "matmul", "vecdot", "matvec", "vecmat", "power", "square", "left_shift", "dot", "inner",
    "outer", "vdot", "einsum", "tensordot", "kron", "convolve", "correlate", "cross", "prod", "cumprod"
}  # fmt: skip
INDEXING = {"take", "take_along_axis", "put", "put_along_axis", "delete", "insert", "repeat", "roll", "compress"}
WRITING = {"copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis"}
CHOOSING = {"choose", "select"}  # by their first argument
# Of np.linalg and np.fft, what is written in NumPy's own arithmetic. The rest is compiled for floats.
IN_NUMPY = {
    "cross", "diagonal", "matmul", "matrix_norm", "matrix_power", "matrix_transpose", "multi_dot", "norm",
    "outer", "tensordot", "trace", "vecdot", "vector_norm", "fftshift", "ifftshift"
}  # fmt: skip


class Numbers(np.ndarray):
    """An array (dtype object) of Numbers and of nothing else: what is written into it becomes one."""

    counts_itself = True
    __array_priority__ = 1000.0

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except IndexError:  # a mistake, or the key is an array of Numbers
            return super().__getitem__(as_key(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        if type(value) is not Number:
            value = _written(value)
        try:
            super().__setitem__(key, value)
        except IndexError:
            super().__setitem__(as_key(key), value)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return applied(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if tally.running is None:  # numbers left over from a count
            return function(*map(released, args), **{word: released(value) for word, value in kwargs.items()})
        module, name = function.__module__ or "", function.__name__
        if module.startswith(("numpy.linalg", "numpy.fft")) and name not in IN_NUMPY:
            raise NotCountable(f"np{module.removeprefix('numpy')}.{name} is compiled for floats")
        written = kwargs.get("out", args[0] if name in WRITING and args else None)
        if isinstance(written, np.ndarray) and written.dtype.kind != "O":
            raise NotCountable(PLAIN)
        args, kwargs, dtype = without_dtype(args, kwargs)
        args = tuple(_joining(value, name) for value in args)
        kwargs = {word: _joining(value, name) for word, value in kwargs.items()}
        if name in INDEXING:
            args = (args[0], *map(as_key, args[1:]))
            kwargs = {word: as_key(value) for word, value in kwargs.items()}
        elif name in CHOOSING:
            first = args[0]
            args = ([as_key(part) for part in first] if isinstance(first, list) else as_key(first), *args[1:])
        if "where" in kwargs:
            kwargs["where"] = as_key(kwargs["where"])
        result = super().__array_function__(function, types, args, kwargs)
        if result is None and args and counts_itself(args[0]):  # np.copyto, np.put and others write into it
            objects(np.asarray(args[0]))
        return converted(outcome(result, args, uninitialised=name == "empty_like"), dtype)

    # Methods of np.ndarray that would do with objects what is not to be done with Numbers

    def astype(self, dtype: Any, *how: Any, copy: bool = True, **named: Any) -> Numbers:  # type: ignore[override]
        if not copy and np.dtype(dtype).kind in "fO":
            return self
        made = np.empty_like(np.asarray(self))
        made[...] = np.frompyfunc(cast(dtype), 1, 1)(np.asarray(self))
        return made.view(Numbers)

    def view(self, *dtype: Any, **named: Any) -> Any:
        for asked in (*dtype, *named.values()):
            if isinstance(asked, type) and issubclass(asked, np.ndarray) and asked not in (np.ndarray, Numbers):
                raise NotCountable(f"{asked.__module__}.{asked.__name__} does not compute with numbers that count")
            if is_dtype(asked) or (isinstance(asked, np.dtype) and asked.kind != "O"):
                raise NotCountable(f"numbers that count cannot be seen as {asked}: their memory holds no floats")
        return super().view()

    def fill(self, value: Any) -> None:
        self[...] = value

    def dot(self, other: Any, out: Any = None) -> Any:
        return np.dot(self, other, out=out)

    def any(self, *args: Any, **kwargs: Any) -> Any:
        return converted(_on_objects(np.ndarray.any)(self, *args, **kwargs), bool)

    def all(self, *args: Any, **kwargs: Any) -> Any:
        return converted(_on_objects(np.ndarray.all)(self, *args, **kwargs), bool)

    @property  # type: ignore[override]
    def flat(self) -> Flat:
        return Flat(self)

    @flat.setter
    def flat(self, values: Any) -> None:
        self.flat[:] = values

    def __reduce_ex__(self, protocol: Any) -> Any:
        unseen("a pickled number", self.size)
        return plain(self).__reduce_ex__(protocol)


def _on_objects(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of np.ndarray, called on the objects. What it returns is looked at."""

    def on_objects(self: Numbers, *args: Any, out: Any = None, **kwargs: Any) -> Any:
        kwargs = {word: as_key(value) for word, value in kwargs.items()} | ({} if out is None else {"out": out})
        result = method(np.asarray(self), *map(as_key, args), **kwargs)
        objects(np.asarray(self))  # np.ndarray.put writes into it
        return outcome(result, (self,))

    return on_objects


def _imag(self: Numbers) -> Numbers:
    return numbers(np.zeros(self.shape))


def _no_bytes(self: Numbers, *args: Any) -> Any:
    raise NotCountable("the memory of numbers that count holds no floats, so its bytes are refused")


for _name in (
    "argmax",
    "argmin",
    "argpartition",
    "argsort",
    "compress",
    "nonzero",
    "put",
    "repeat",
    "round",
    "searchsorted",
    "take",
):
    setattr(Numbers, _name, _on_objects(getattr(np.ndarray, _name)))
for _name in ("tobytes", "tofile", "getfield", "byteswap", "__bytes__", "__buffer__"):
    setattr(Numbers, _name, _no_bytes)
for _name, _get in {"ctypes": _no_bytes, "data": _no_bytes, "real": lambda x: x, "imag": _imag}.items():
    setattr(Numbers, _name, property(_get))


class Flat:
    """`x.flat` of Numbers: what is written through it becomes Numbers too."""

    def __init__(self, x: Numbers) -> None:
        self._flat = np.asarray(x).flat

    def __iter__(self) -> Iterator[Any]:
        return iter(self._flat)

    def __len__(self) -> int:
        return len(self._flat)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.asarray(self._flat)

    def __getitem__(self, key: Any) -> Any:
        return outcome(self._flat[as_key(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        self._flat[as_key(key)] = _written(value)


class Indices(np.ndarray):
    """Integers or bools that say where, as np.arange and argmax make them: what is done to them is not counted.

    If they were multiplied and then take part in what is counted, that is noted.
    """

    multiplied: bool = False

    def __array_finalize__(self, origin: Any) -> None:
        self.multiplied = getattr(origin, "multiplied", False)

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except IndexError:
            return super().__getitem__(as_key(key))

    def astype(self, dtype: Any, *how: Any, **named: Any) -> Any:
        if tally.running is None or np.dtype(dtype).kind != "f":
            return super().astype(dtype, *how, **named)
        return taking_part(self).view(Numbers).astype(dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        out = kwargs.get("out", ())
        if any(counts_itself(value) or type(value) is Number for value in (*inputs, *out)):
            return applied(ufunc, method, inputs, kwargs)
        if out:
            kwargs["out"] = tuple(map(np.asarray, out))
        result = getattr(ufunc, method)(*(np.asarray(x) if type(x) is Indices else x for x in inputs), **kwargs)
        if tally.running and isinstance(result, np.ndarray) and result.dtype.kind == "f":
            return applied(ufunc, method, inputs, kwargs)  # positions became values, and these count
        made = out[0] if out else outcome(result)
        if type(made) is Indices:
            made.multiplied = ufunc.__name__ in MULTIPLYING or any(getattr(x, "multiplied", False) for x in inputs)
        return made


def numbers(x: np.ndarray, constant: bool = False, uninitialised: bool = False) -> Numbers:
    """An array as Numbers; see `values.objects`."""
    return objects(x, constant, uninitialised).view(Numbers)


def _written(value: Any) -> Any:
    """What is written into an array: objects, but of an array of no dimension the Number in it."""
    made = np.asarray(value) if type(value) is Numbers else taking_part(value)
    return made if made.ndim else made[()]


def applied(ufunc: Any, method: str, inputs: Any, kwargs: dict[str, Any]) -> Any:
    """What a ufunc makes of Numbers: Numbers, of the dtype's kind that was asked for."""
    made = apply(ufunc, method, inputs, kwargs)
    parts = [x.view(Numbers) if type(x) is np.ndarray else x for x in (made if isinstance(made, tuple) else (made,))]
    return converted(tuple(parts) if isinstance(made, tuple) else parts[0], kwargs.get("dtype"))


def converted(value: Any, dtype: Any) -> Any:
    """Numbers of a dtype's kind, of what was made where that dtype was asked for."""
    if dtype is None or isinstance(value, tuple):
        return value
    if isinstance(value, np.ndarray):
        return (value if counts_itself(value) else numbers(np.asarray(value))).astype(dtype)
    return cast(dtype)(value)


def outcome(result: Any, args: Any = (), uninitialised: bool = False) -> Any:
    """What a function of NumPy's returned: Numbers where it holds values, Indices where it says where."""
    if isinstance(result, (tuple, list)):
        parts = [outcome(part, args) for part in result]
        return result._make(parts) if hasattr(result, "_make") else type(result)(parts)
    if type(result) not in (np.ndarray, Numbers):
        return result
    if result.dtype.kind == "O":
        x = np.asarray(result)
        shared = any(counts_itself(a) and np.may_share_memory(np.asarray(a), x) for a in args)
        return x.view(Numbers) if shared else numbers(x, uninitialised=uninitialised)  # a view may be very large
    if result.dtype.kind == "f":
        return numbers(result, constant=True)
    return result.view(Indices) if result.dtype.kind in "iub" else result


def _joining(value: Any, name: str) -> Any:
    """An argument of NumPy's function of this name: arrays of values become Numbers, for it may multiply them."""
    if isinstance(value, (list, tuple)):
        parts = [_joining(part, name) for part in value]
        return value if all(a is b for a, b in zip(parts, value)) else type(value)(parts)
    if not isinstance(value, np.ndarray) or type(value) is Numbers:
        return value
    return taking_part(value).view(Numbers) if value.dtype.kind in "fc" or name in MULTIPLYING else value


Number.apply = staticmethod(applied)
