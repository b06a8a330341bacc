"""What NumPy's ufuncs make of Numbers, on plain arrays of objects.

Most ask each object for the operation and need no help. The others are computed number by number.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import tally
from .number import Number, elementwise, number
from .tally import NotCountable, unseen
from .values import as_key, objects, released

# These ask each object for the operation, by Python's operators.
BY_OPERATORS = {
    "add", "subtract", "multiply", "divide", "floor_divide", "remainder", "power", "negative", "positive",
    "absolute", "square", "reciprocal", "conjugate", "matmul", "vecdot", "matvec", "vecmat", "left_shift",
    "right_shift", "bitwise_and", "bitwise_or", "bitwise_xor", "invert", "equal", "not_equal", "less",
    "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_not", "logical_xor"
}  # fmt: skip
PLAIN = "a plain array takes no numbers that count: it was made where the count does not look"
IGNORED = {"casting", "dtype", "sig", "signature", "subok"}  # how floats are to be converted


def counts_itself(x: Any) -> bool:
    """Whether x is an array of Numbers."""
    return getattr(type(x), "counts_itself", False)


def apply(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a ufunc, or a method of it such as "reduce", with Numbers among its arguments.

    Returns
    -------
    array of objects, Number, a tuple of these, or what `out` is

    Raises
    ------
    NotCountable
        If it is compiled for whole arrays of floats, or is to write into such an array.
    """
    if tally.running is None:  # numbers left over from a count
        kwargs = {word: released(value) for word, value in kwargs.items()}
        return getattr(ufunc, method)(*map(released, inputs), **kwargs)
    name, run = ufunc.__name__, ufunc
    if name not in BY_OPERATORS and ufunc.types != ["O" * ufunc.nin + "->" + "O" * ufunc.nout]:
        if ufunc.signature:
            raise NotCountable(f"{name} is compiled for floats")
        run = np.frompyfunc(elementwise(ufunc), ufunc.nin, ufunc.nout)
    operands = [taking_part(x) for x in inputs]
    if method in ("at", "reduceat"):
        operands[1] = as_key(inputs[1])
    out = kwargs.get("out", ())
    if any(np.asarray(y).dtype.kind != "O" for y in out):
        raise NotCountable(PLAIN)
    kwargs = {word: value for word, value in kwargs.items() if word not in IGNORED}
    if out:
        kwargs["out"] = tuple(map(np.asarray, out))
    if kwargs.get("where", True) is True:
        kwargs.pop("where", None)
    else:
        kwargs["where"] = np.asarray(released(kwargs["where"]), bool)
        if method == "reduce":
            kwargs.setdefault("initial", ufunc.identity)  # NumPy wants it said for objects
    if method == "reduce" and run is not ufunc:
        result = _reduced(run, operands[0], **kwargs)
    else:
        result = getattr(run, method)(*operands, **kwargs)
    for written in out if method != "at" else operands[:1]:
        objects(np.asarray(written))
    if out:
        return out[0] if len(out) == 1 else out
    return tuple(map(_made, result)) if isinstance(result, tuple) else _made(result)


def _reduced(run: Any, x: np.ndarray, axis: Any = 0, keepdims: bool = False, out: Any = None, **how: Any) -> Any:
    """Reduce along one axis after the other, because a function of Python's reduces along one."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    for n in sorted((n % x.ndim for n in axes), reverse=True):
        x = run.reduce(x, axis=n, keepdims=keepdims, **how)
    if out is not None:
        out[0][...] = x
    return x[()] if isinstance(x, np.ndarray) else x


def _made(result: Any) -> Any:
    return objects(result) if isinstance(result, np.ndarray) else number(result)


def taking_part(x: Any) -> np.ndarray:
    """What takes part in an operation, as an array of objects. A plain array, which the count has not seen, is noted."""
    if not isinstance(x, np.ndarray):
        made = np.asarray(x, object if type(x) is Number else None)
        if made.ndim and made.dtype.kind != "O" and hasattr(x, "__array__"):  # of another library
            unseen("a plain array", made.size)
        return objects(made, constant=made.ndim > 0)
    if hasattr(x, "multiplied"):
        if x.multiplied:
            unseen("indices that were multiplied", x.size)
    elif not counts_itself(x):
        if type(x) not in (np.ndarray, np.memmap):
            raise NotCountable(f"{type(x).__module__}.{type(x).__name__} does not compute with numbers that count")
        if x.ndim and x.dtype.kind in "fiub" and not tally.inside_numpy():
            unseen("a plain array", x.size)
    return objects(np.asarray(x), constant=True)
