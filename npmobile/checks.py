"""What arguments are refused, and the message that says so.

A check stands at the head of each public function and nowhere below it. A message names the argument, what was
expected and what came. This module computes nothing that `loops`, `conv` or `cost` count.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

LARGEST = 10**12  # of any size: the side, the channels or the classes of no network are near it
PADDINGS = ("same", "symmetric", "valid", "keras")
ACTIVATIONS = ("relu6", "relu")  # behind each convolution
OUTPUTS = ("softmax", "sigmoid", "linear")  # behind the classifier


def one_of(name: str, value: object, allowed: Sequence[str]) -> None:
    """Refuse a word that is not among those allowed.

    >>> one_of("padding", "Same", ("same", "valid"))
    Traceback (most recent call last):
    ValueError: padding must be "same" or "valid", but is 'Same'
    """
    if not isinstance(value, str) or value not in allowed:
        *first, last = (f'"{word}"' for word in allowed)
        raise ValueError(f"{name} must be {', '.join(first)} or {last}, but is {value!r}")


def count(name: str, value: int, at_least: int = 1) -> int:
    """Refuse what is not an int of at least `at_least` (True and 2.0 are not); returns it as a Python int.

    The small integers of NumPy overflow where Python's do not, so the kernels use what this returns.

    >>> count("stride", np.uint8(2))
    2
    >>> count("stride", 0)
    Traceback (most recent call last):
    ValueError: stride must be an int of at least 1, but is 0
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < at_least:
        raise ValueError(f"{name} must be an int of at least {at_least}, but is {_short(value)}")
    if value > LARGEST:
        raise ValueError(f"{name} must be at most {LARGEST:,}, but is {_short(value)}")
    return int(value)


def number(name: str, value: float, at_least: float = -math.inf, above: float = -math.inf) -> float:
    """Refuse what is not a finite number in range; returns it as a Python float.

    >>> number("eps", float("nan"), at_least=0)
    Traceback (most recent call last):
    ValueError: eps must be a number of at least 0, but is nan
    """
    fits = isinstance(value, Real) and not isinstance(value, bool) and abs(value) < math.inf
    if not fits or value < at_least or value <= above:
        bound = f" above {above}" if above > -math.inf else f" of at least {at_least}" if at_least > -math.inf else ""
        raise ValueError(f"{name} must be a number{bound}, but is {_short(value)}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{name} must be a number that a float can hold, but is {_short(value)}") from None


def counts_itself(array: Any) -> bool:
    """Whether the numbers of an array count what is done to them, as those of `counting` do."""
    return bool(getattr(type(array), "counts_itself", False))


def floats(**arrays: np.ndarray) -> None:
    """Refuse whatever is not a float32 or float64 array, and arrays of two dtypes.

    A uint8 image would overflow silently at 255, so integers are refused rather than converted. Subclasses of
    ndarray are refused too, because they change what `*` and `@` mean (np.matrix) or leave numbers out (masked
    arrays); a memmap is an array like any other, and so are arrays whose numbers count themselves.

    >>> floats(x=np.zeros((1, 2, 2, 1), np.uint8))
    Traceback (most recent call last):
    TypeError: x must be float32 or float64, but is uint8
    """
    arrays = {name: array for name, array in arrays.items() if not counts_itself(array)}
    for name, array in arrays.items():
        if type(array) not in (np.ndarray, np.memmap):
            raise TypeError(f"{name} must be a NumPy array, but is {_type_name(array)}")
        if array.dtype not in (np.float32, np.float64):
            raise TypeError(f"{name} must be float32 or float64, but is {_dtype_name(array.dtype)}")
        first = next(iter(arrays))
        if array.dtype != arrays[first].dtype:
            dtypes = f"{first} is {arrays[first].dtype} but {name} is {array.dtype}"
            raise TypeError(f"{dtypes}: give both the same dtype")


def shape(name: str, array: np.ndarray, letters: str) -> None:
    """Refuse an array of another rank than `letters`, or with an empty axis. Only the batch, B, may be empty.

    >>> shape("x", np.zeros((32, 32, 3)), "B H W M")
    Traceback (most recent call last):
    ValueError: x must have the shape (B, H, W, M), but has (32, 32, 3)
    """
    axes = letters.split()
    if array.ndim != len(axes) or any(n == 0 and axis != "B" for axis, n in zip(axes, array.shape)):
        raise ValueError(f"{name} must have the shape ({', '.join(axes)}), but has {array.shape}")


def images(x: np.ndarray, side: int, M: int) -> None:
    """Refuse x that is not a batch of images of this side and so many channels.

    >>> images(np.zeros((1, 64, 64, 3)), side=32, M=3)
    Traceback (most recent call last):
    ValueError: x must have the shape (B, 32, 32, 3), but has (1, 64, 64, 3)
    """
    if not isinstance(x, np.ndarray):
        raise TypeError(
            f"x must be a NumPy array of prepared images, (B, {side}, {side}, {M}), but is {_type_name(x)}; "
            "Model.classify takes files and images as they are"
        )
    if x.ndim != 4 or x.shape[1:] != (side, side, M):
        raise ValueError(f"x must have the shape (B, {side}, {side}, {M}), but has {x.shape}")
    floats(x=x)


def channels(x: np.ndarray, M: int) -> None:
    """Refuse x with another number of channels than M: NumPy would repeat a single channel without a word."""
    if x.shape[-1] != M:
        raise ValueError(f"kernel is for M={M} channels, but x has {x.shape[-1]}")


def windows(x: np.ndarray, D_K: int, stride: int, padding: str) -> None:
    """Refuse windows of D_K x D_K that do not fit x, or that a padding is not defined for."""
    shape("x", x, "B H W M")
    count("D_K", D_K)
    window(D_K, stride, padding, smallest=min(x.shape[1:3]), size=f"x is {x.shape[1]} x {x.shape[2]}")


def window(D_K: int, stride: int, padding: str, smallest: int, size: str) -> None:
    """Refuse a stride or padding for windows of D_K x D_K over an image whose smaller side is `smallest`."""
    count("stride", stride)
    one_of("padding", padding, PADDINGS)
    if padding == "valid" and D_K > smallest:
        raise ValueError(f'padding "valid" needs a kernel no larger than x, but D_K={D_K} and {size}')
    if padding == "keras" and (D_K != 3 or stride > 2):
        raise ValueError(f'padding "keras" is for D_K=3 and stride 1 or 2, but D_K={D_K} and stride={stride}')
    if padding == "keras" and stride > smallest:
        raise ValueError(f'padding "keras" at stride 2 needs a side of at least 2, but {size}')


def convolution(x: np.ndarray, kernel: np.ndarray, letters: str, stride: int = 1, padding: str = "same") -> int:
    """Refuse arguments that do not make a convolution; returns the stride as a Python int.

    `letters` is the kernel's shape, as "D_K D_K M N".
    """
    floats(x=x, kernel=kernel)
    shape("kernel", kernel, letters)
    if letters.startswith("D_K") and kernel.shape[0] != kernel.shape[1]:
        raise ValueError(f"kernel must be square, but is {kernel.shape[0]} x {kernel.shape[1]}")
    windows(x, kernel.shape[0] if letters.startswith("D_K") else 1, stride, padding)
    channels(x, kernel.shape[letters.split().index("M")])
    return int(stride)


def memory(needed: int, what: str) -> None:
    """Refuse work that needs more memory than this machine has, before it takes all of it.

    >>> memory(10**18, "resolution=1000000")
    Traceback (most recent call last):
    ValueError: resolution=1000000 needs about 1,000,000,000.0 GB of memory, more than this machine has
    """
    if needed > machine_memory():
        raise ValueError(f"{what} needs about {needed / 1e9:,.1f} GB of memory, more than this machine has")


def machine_memory() -> int:
    """Bytes of memory of this machine; 4 GiB where it cannot be told, which is the most that a browser gives."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 4 * 2**30


def _short(value: object) -> str:
    """What came, cut off where it is long: an int of a thousand digits does not belong in a message."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write an int of more than 4300 digits
        return "an int of thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _type_name(value: object) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.partition('.')[0]}.{kind.__name__}"


def _dtype_name(dtype: np.dtype) -> str:
    """As "float32", or, in the byte order of another machine, as "float32 of another byte order"."""
    return dtype.name if dtype.isnative else f"{dtype.name} in the other byte order ({dtype.str})"
