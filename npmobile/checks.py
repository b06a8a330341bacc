"""What every kernel refuses, said once.

A check stands at the head of each public kernel and nowhere below it. This module computes nothing that
`loops`, `conv` or `cost` count: the three witnesses share their manners, not their arithmetic.
"""

from __future__ import annotations

from numbers import Integral

import numpy as np

PADDINGS = ("same", "symmetric", "valid")


def floats(**arrays: np.ndarray) -> None:
    """Refuse whatever is not a float32 or float64 array, and arrays of two dtypes.

    A uint8 photograph would wrap around silently at 255, so integers are refused rather than converted.

    >>> floats(x=np.zeros((1, 2, 2, 1), np.uint8))
    Traceback (most recent call last):
    TypeError: x must be float32 or float64, but is uint8
    """
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise TypeError(f"{name} must be a NumPy array, but is {type(array).__name__}")
        if array.dtype not in (np.float32, np.float64):
            raise TypeError(f"{name} must be float32 or float64, but is {array.dtype}")
    (first, x), *others = arrays.items()
    for name, array in others:
        if array.dtype != x.dtype:
            raise TypeError(f"{first} is {x.dtype} but {name} is {array.dtype}: give both the same dtype")


def shape(name: str, array: np.ndarray, letters: str) -> None:
    """Refuse an array of another rank than `letters`, or with an empty axis. Only the batch, B, may be empty.

    >>> shape("x", np.zeros((32, 32, 3)), "B H W M")
    Traceback (most recent call last):
    ValueError: x must have the shape (B, H, W, M), but has (32, 32, 3)
    """
    axes = letters.split()
    if array.ndim != len(axes) or any(n == 0 and axis != "B" for axis, n in zip(axes, array.shape)):
        raise ValueError(f"{name} must have the shape ({', '.join(axes)}), but has {array.shape}")


def pictures(x: np.ndarray, side: int, M: int) -> None:
    """Refuse x that is not a batch of pictures of this side and so many channels.

    >>> pictures(np.zeros((1, 64, 64, 3)), side=32, M=3)
    Traceback (most recent call last):
    ValueError: x must have the shape (B, 32, 32, 3), but has (1, 64, 64, 3)
    """
    if x.ndim != 4 or x.shape[1:] != (side, side, M):
        raise ValueError(f"x must have the shape (B, {side}, {side}, {M}), but has {x.shape}")


def channels(x: np.ndarray, M: int) -> None:
    """Refuse x with another number of channels than M: NumPy would stretch a single channel without a word."""
    if x.shape[-1] != M:
        raise ValueError(f"kernel is for M={M} channels, but x has {x.shape[-1]}")


def count(name: str, value: int, at_least: int = 1) -> None:
    """Refuse what is not an int of at least `at_least` (True and 2.0 are not).

    >>> count("stride", 0)
    Traceback (most recent call last):
    ValueError: stride must be an int of at least 1, but is 0
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < at_least:
        raise ValueError(f"{name} must be an int of at least {at_least}, but is {value!r}")


def windows(x: np.ndarray, D_K: int, stride: int, padding: str) -> None:
    """Refuse a walk of D_K x D_K windows over x that cannot be taken."""
    shape("x", x, "B H W M")
    count("D_K", D_K)
    count("stride", stride)
    if padding not in PADDINGS:
        raise ValueError(f'padding must be "same", "symmetric" or "valid", but is {padding!r}')
    B, H, W, M = x.shape
    if padding == "valid" and D_K > min(H, W):
        raise ValueError(f'padding "valid" needs a kernel no larger than x, but D_K={D_K} and x is {H} x {W}')


def convolution(x: np.ndarray, kernel: np.ndarray, letters: str, stride: int = 1, padding: str = "same") -> None:
    """Refuse arguments that do not make a convolution; `letters` is the kernel's shape, as "D_K D_K M N"."""
    floats(x=x, kernel=kernel)
    shape("kernel", kernel, letters)
    if letters.startswith("D_K") and kernel.shape[0] != kernel.shape[1]:
        raise ValueError(f"kernel must be square, but is {kernel.shape[0]} x {kernel.shape[1]}")
    windows(x, kernel.shape[0] if letters.startswith("D_K") else 1, stride, padding)
    channels(x, kernel.shape[letters.split().index("M")])
