"""Arrays as Numbers that share memory as the arrays do: what is written into one is seen in its views."""

from __future__ import annotations

from typing import Any

import numpy as np

from .array import Indices, Numbers, numbers
from .tally import NotCountable

LARGE = 2**20  # values; a larger array is not copied whole for the sake of a view of it


class Memory:
    """The Numbers of arrays, each made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], tuple[np.ndarray, Numbers]] = {}

    def numbers(self, x: np.ndarray, constant: bool) -> np.ndarray:
        """The Numbers of an array; with `constant`, of one that is no argument.

        Raises
        ------
        NotCountable
            If it holds no real numbers, is of another class, or shares memory in a way that cannot be followed.
        """
        if type(x) in (Numbers, Indices) or x.dtype.kind in "SUM":
            return x
        if type(x) not in (np.ndarray, np.memmap):
            raise NotCountable(f"a {type(x).__module__}.{type(x).__name__} does not count: give a NumPy array")
        x = np.asarray(x)
        key = (_address(x), x.shape, x.strides, x.dtype)
        if key not in self._made:
            self._made[key] = x, self._view(x, constant)
            if not x.flags.writeable:
                self._made[key][1].setflags(write=False)
        return self._made[key][1]

    def _view(self, x: np.ndarray, constant: bool) -> Numbers:
        root = x
        while type(root.base) is np.ndarray:
            root = root.base
        if root is x or root.dtype != x.dtype or not root.flags.forc or root.size > max(LARGE, 2 * x.size):
            if x.flags.writeable and any(np.may_share_memory(old, x) for old, _ in self._made.values()):
                raise NotCountable("two arrays share memory in a way that cannot be followed: give copies of them")
            return numbers(x.copy(order="K") if x.dtype.kind == "O" else x, constant)
        whole = np.asarray(self.numbers(root, constant)).ravel(order="K")
        start = (_address(x) - _address(root)) // x.itemsize
        strides = [stride // x.itemsize * whole.itemsize for stride in x.strides]
        return np.ndarray(x.shape, object, whole, start * whole.itemsize, strides).view(Numbers)


def _address(x: np.ndarray) -> int:
    """Where in memory its first value is."""
    return int(x.__array_interface__["data"][0])
