"""The same integers, fast: sums in float32 that are exact, and one multiplication and one floor for the rounding.

NumPy multiplies matrices of integers one number at a time; its float32 products (BLAS) are some fifty times faster.
They are exact as long as every sum stays below 2**24 = 16,777,216, because float32 holds every integer up to there.
The largest possible sum follows from the weights alone: |w - zero_w| added up, times the largest |x - zero_x|. No
order of adding, no block of a BLAS can go beyond it.

The rounding becomes y = floor(slope * sum + offset) in float64, with the bias in the offset. Rounding twice is no
obstacle: it moves each of the at most 255 steps of y by a fraction of one unit of the sum, and a larger offset does
the same (`_line`). That both agree for every sum is proved and not assumed (`_proved`).

Where a layer fails one of the two, the network runs on `kernels` instead: as exact, and slower. So does one that is
rounded as "float", whose product is rounded to float32 before it is rounded to an integer: that is no line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import fast
from ..spec import Layer
from .layer import IntegerLayer

EXACT = 2**24  # float32 holds every integer up to here
BAND = 2**16  # numbers that are rounded at a time: they stay in the cache until the next step reads them


@dataclass(frozen=True)
class FloatLayer:
    """A convolution with ReLU6 on integers that are kept as float32: q - zero, from 0 to at most 255.

    `slope` and `offset` are repeated along a row of pixels, (D_G * N,).
    """

    layer: Layer
    kernel: np.ndarray
    slope: np.ndarray
    offset: np.ndarray
    top: int

    def run(self, v: np.ndarray) -> np.ndarray:
        """One image, (1, D_F, D_F, M) to (1, D_G, D_G, N)."""
        layer = self.layer
        if layer.kind == "pointwise":
            sums, _ = fast.pointwise_conv(v, self.kernel)
        else:
            convolve = fast.depthwise_conv if layer.kind == "depthwise" else fast.standard_conv
            sums, _ = convolve(v, self.kernel, layer.stride, layer.padding)
        rows = sums.reshape(layer.D_G, layer.D_G * layer.N)
        height = max(BAND // rows.shape[1], 1)
        for first in range(0, layer.D_G, height):
            self._round(rows[first : first + height])
        return sums

    def _round(self, rows: np.ndarray) -> None:
        """From sums to steps of y, in place."""
        steps = np.multiply(rows, self.slope)  # float64
        steps += self.offset
        np.clip(steps, 0, self.top, out=steps)
        np.floor(steps, out=rows, casting="same_kind")


def prepared(integers: Sequence[IntegerLayer], rounding: str) -> tuple[FloatLayer, ...] | None:
    """The convolutions of a network for float32, or None where one of them would not be exact.

    Parameters
    ----------
    integers : sequence of IntegerLayer
        Convolutions alone.
    rounding : {"twice", "once", "float"}

    Returns
    -------
    tuple of FloatLayer, or None
    """
    made = []
    for integer in integers:
        if rounding == "float" or integer.largest_product_sum.max() >= EXACT:
            return None
        slope, offset = _line(integer, rounding)
        if not _proved(integer, rounding, slope, offset):
            return None
        made.append(_float_layer(integer, slope, offset))
    return tuple(made)


def _line(integer: IntegerLayer, rounding: str) -> tuple[np.ndarray, np.ndarray]:
    """slope and offset, (N,) float64, so that y - zero = floor(slope * sum + offset).

    Rounding once is floor(real + 1/2). Rounding twice is floor((2**shift * real + 1/2) / 2**shift + 1/2), because
    halves above 0 go up both times, and that is floor(real + 1/2 + 1/2**(shift + 1)).
    """
    fixed, exponent = (np.broadcast_to(part, integer.layer.N) for part in integer.multiplier)
    slope = np.ldexp(fixed.astype(np.float64), exponent - 31)
    half = np.full(slope.shape, 0.5)
    if rounding == "twice":
        half += np.where(exponent < 0, np.ldexp(0.5, np.minimum(exponent, 0)), 0)
    assert integer.bias is not None
    return slope, integer.bias * slope + half


def _proved(integer: IntegerLayer, rounding: str, slope: np.ndarray, offset: np.ndarray) -> bool:
    """Whether floor(slope * sum + offset) is the exact rounding for every sum that can occur.

    Both stay or grow when the sum grows. So it is enough to compare them at two sums before and two behind each step
    of y, and at the smallest and largest sum, and to see that the exact one does not grow between two such places:
    the other one, which is equal at both ends, cannot either.
    """
    zero, high, reach = integer.y.zero, integer.limits[1], integer.largest_product_sum
    steps = np.arange(1, high - zero + 1)[:, np.newaxis, np.newaxis]  # (steps, 1, 1)
    with np.errstate(all="ignore"):  # a multiplier may be 0
        first = np.nan_to_num(np.ceil((steps - offset) / slope))  # (steps, 1, N): the first sum that makes this step
    around = np.clip(first + np.arange(-2, 2)[:, np.newaxis], -reach, reach)  # (steps, 4, N)
    ends = np.broadcast_to(reach, (1, 4, len(reach)))
    sums = np.concatenate([-ends, around, ends]).astype(np.int64)
    exact = integer.requantise(sums, rounding).astype(np.int64) - zero
    fast = np.floor(np.clip(sums * slope + offset, 0, high - zero)).astype(np.int64)
    return np.array_equal(exact, fast) and bool((exact[1:, 0] <= exact[:-1, -1]).all())


def _float_layer(integer: IntegerLayer, slope: np.ndarray, offset: np.ndarray) -> FloatLayer:
    assert integer.kernel is not None and integer.w is not None
    layer = integer.layer
    kernel = integer.kernel.astype(np.float32) - integer.w.zero
    slope, offset = np.tile(slope, layer.D_G), np.tile(offset, layer.D_G)
    return FloatLayer(layer, kernel, slope, offset, integer.limits[1] - integer.y.zero)
