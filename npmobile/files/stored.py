"""Arrays in files: what they declare to be, and whether that is what a network wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

FLOATS = (np.float16, np.float32, np.float64)  # in files; float16 is read as float32


class Stored(NamedTuple):
    """An array in a file: what it declares to be, and how to read it."""

    shape: tuple[int, ...]
    dtype: np.dtype | str
    read: Callable[[], np.ndarray]


def _native(dtype: np.dtype | str) -> np.dtype | None:
    """float16, float32 or float64 in this machine's byte order, or None if it is none of them."""
    native = dtype.newbyteorder("=") if isinstance(dtype, np.dtype) else None
    return native if native in FLOATS else None


def as_floats(array: np.ndarray) -> np.ndarray:
    """The same numbers, C-contiguous and in this machine's byte order; float16 becomes float32."""
    dtype = _native(array.dtype)
    return np.ascontiguousarray(array, np.float32 if dtype == np.float16 else dtype)


def misfits(stored: Mapping[str, Stored], wanted: Mapping[str, tuple[int, ...]]) -> list[str]:
    """What a file declares that is not wanted, and what it lacks."""
    problems = []
    if len(dtypes := {str(native) for array in stored.values() if (native := _native(array.dtype))}) > 1:
        problems.append(f"its arrays are of several dtypes ({', '.join(sorted(dtypes))})")
    for name, (shape, dtype, _) in stored.items():
        if name not in wanted:
            problems.append(f"{name} is not wanted")
        elif shape != wanted[name]:
            problems.append(f"{name} has the shape {shape}, not {wanted[name]}")
        elif not _native(dtype):
            problems.append(f"{name} is {dtype}, not float16, float32 or float64")
    return problems + [f"{name} is missing" for name in wanted if name not in stored]


def likely_cause(stored: Mapping[str, Stored], wanted: Mapping[str, tuple[int, ...]]) -> str:
    """The likely cause of the misfits, if names and shapes show one: the beginning of a sentence, or nothing."""
    has = {name: array.shape for name, array in stored.items()}
    if not has.keys() & wanted.keys():
        return "none of its names is one of theirs: "
    wrong = [name for name in {*has, *wanted} if has.get(name) != wanted.get(name)]
    first = next(iter(wanted))  # conv1/kernel
    if first in wrong and first in has:
        return f"it has another alpha or another first layer, {has[first]} and not {wanted[first]}: "
    if wrong and all(name.startswith("fc/") for name in wrong):
        return "it has another classifier: " if "fc/kernel" in has else "it has no classifier: "
    if wrong and not has.keys() & wrong:
        return "it holds only a part of the network: "
    return ""


def odd_numbers(arrays: Mapping[str, np.ndarray]) -> list[str]:
    """The arrays "layer/array" that hold numbers which no training gives."""
    problems = []
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            problems.append(f"{name} holds NaN or infinity")
        elif name.endswith("/var") and (array < 0).any():
            problems.append(f"{name} holds a negative variance")
    return problems
