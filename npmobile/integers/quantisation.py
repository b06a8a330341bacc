"""Real numbers as 8-bit integers: a scale and a zero point.

The integer q stands for the real number (Jacob et al., 2018, "Quantization and Training of Neural Networks for
Efficient Integer-Arithmetic-Only Inference", equation 1)

    real = scale * (q - zero)

The zero point is the integer that stands for 0. Padding needs it: a border of zeros must be exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import checks
from ..quiet import quiet

INTEGERS = (np.uint8, np.int8)


@dataclass(frozen=True, eq=False)
class Quantisation:
    """How the integers of one array are to be read: real = scale * (q - zero).

    Parameters
    ----------
    scale : float, or (N,) array of floats
        The real number that one step of q is worth; kept as float32, as files have it. A kernel may have one for
        each output channel ("per channel").
    zero : int
        The zero point: which q stands for 0.
    dtype : uint8 or int8

    Raises
    ------
    ValueError, TypeError
        If a scale is not a finite number above 0, or the zero point is not a number of this dtype.

    Examples
    --------
    Ten steps make 5, and 100 stands for 0:

    >>> half = Quantisation(scale=0.5, zero=100)
    >>> half.quantise(np.array([0.0, 5.0, -1.0, 1000.0], np.float32))
    array([100, 110,  98, 255], dtype=uint8)
    >>> half.dequantise(np.array([100, 110, 98, 255], np.uint8))
    array([ 0. ,  5. , -1. , 77.5], dtype=float32)
    """

    scale: Any
    zero: int
    dtype: Any = "uint8"

    def __post_init__(self) -> None:
        dtype = np.dtype(self.dtype)
        if dtype not in INTEGERS:
            raise TypeError(f"dtype must be uint8 or int8, but is {dtype}")
        scale = np.array(self.scale, np.float32)
        if scale.ndim > 1 or scale.size == 0 or not (np.isfinite(scale) & (scale > 0)).all():
            raise ValueError("scale must be a finite number above 0, or one for each channel")
        scale.flags.writeable = False
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        zero = checks.count("zero", self.zero, at_least=low)
        if zero > high:
            raise ValueError(f"zero must be a number of {dtype}, {low} to {high}, but is {zero}")
        for name, value in {"scale": scale, "zero": zero, "dtype": dtype}.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.scale, self.zero, self.dtype)

    def __repr__(self) -> str:
        scale = f"{self.scale:.6g}" if self.scale.ndim == 0 else f"one for each of {self.scale.size:,} channels"
        return f"Quantisation(scale={scale}, zero={self.zero}, dtype={self.dtype})"

    @property
    def low(self) -> int:
        """The smallest q."""
        return int(np.iinfo(self.dtype).min)

    @property
    def high(self) -> int:
        """The largest q."""
        return int(np.iinfo(self.dtype).max)

    @quiet
    def quantise(self, real: np.ndarray) -> np.ndarray:
        """The integers nearest to real numbers: q = round(real / scale) + zero, cut off at `low` and `high`.

        Halves are rounded away from 0, and the division is made in float32, as TFLite's QUANTIZE does.

        Parameters
        ----------
        real : float array
            Where there is a scale for each channel, the channels are its last axis.

        Returns
        -------
        array of the same shape, of `dtype`

        Raises
        ------
        TypeError
            If real is not an array of floats.
        ValueError
            If it holds NaN, which no integer stands for.

        Examples
        --------
        1.25 is 2.5 steps of 0.5, and -1.25 is -2.5 steps:

        >>> Quantisation(0.5, 0, np.int8).quantise(np.array([1.25, -1.25], np.float32))
        array([ 3, -3], dtype=int8)
        """
        checks.floats(real=real)
        steps = (real.astype(np.float32) / self.scale).astype(np.float64)  # float64: adding the half is exact
        if np.isnan(steps).any():
            raise ValueError("real holds NaN, which no integer stands for")
        nearest = np.copysign(np.floor(np.abs(steps) + 0.5), steps)
        return np.clip(nearest + self.zero, self.low, self.high).astype(self.dtype)

    @quiet
    def dequantise(self, q: np.ndarray) -> np.ndarray:
        """The real numbers that integers stand for: scale * (q - zero).

        Parameters
        ----------
        q : integer array
            Where there is a scale for each channel, the channels are its last axis.

        Returns
        -------
        float32 array of the same shape

        Examples
        --------
        >>> Quantisation(np.array([0.5, 2.0]), 0, np.int8).dequantise(np.array([[3, 3]], np.int8))
        array([[1.5, 6. ]], dtype=float32)
        """
        return self.scale * (q.astype(np.int32) - self.zero).astype(np.float32)

    def same_as(self, other: Quantisation) -> bool:
        """Whether every integer stands for the same real number in both."""
        return self.shifts_to(other) and self.dtype == other.dtype

    def shifts_to(self, other: Quantisation) -> bool:
        """Whether both differ at most as uint8 and int8 do: q - 128 in one is what q is in the other."""
        return self.zero - self.low == other.zero - other.low and np.array_equal(self.scale, other.scale)

    def shift(self, q: np.ndarray, other: Quantisation) -> np.ndarray:
        """The same real numbers as integers of `other`, to which this one `shifts_to`.

        >>> unsigned, signed = Quantisation(0.5, 128), Quantisation(0.5, 0, "int8")
        >>> unsigned.shift(np.array([0, 128, 255], np.uint8), signed)
        array([-128,    0,  127], dtype=int8)
        """
        return (q.astype(np.int16) - self.low + other.low).astype(other.dtype)
