"""Arrays whose numbers count how often they are multiplied, as a kernel may be given."""

from __future__ import annotations

import numpy as np


class Number:
    """A float that counts its multiplications."""

    made = 0

    def __init__(self, value):
        self.value = value

    def __mul__(self, other):
        Number.made += 1
        return Number(self.value * getattr(other, "value", other))

    def __add__(self, other):
        return Number(self.value + getattr(other, "value", other))

    def __sub__(self, other):
        return Number(self.value - getattr(other, "value", other))

    __rmul__, __radd__ = __mul__, __add__


class Numbers(np.ndarray):
    """An array of them."""

    counts_itself = True

    @classmethod
    def of(cls, array):
        return np.frompyfunc(Number, 1, 1)(array).view(cls)


def values(array):
    """The floats in an array of Numbers, or of Numbers and plain zeros."""
    return np.frompyfunc(lambda number: getattr(number, "value", number), 1, 1)(array).astype(float)
