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

from ..spec import Layer
from .layer import IntegerLayer

EXACT = 2**24  # float32 holds every integer up to here
BAND = 2**16  # numbers that are made at a time: they stay in the cache until the next step reads them


@dataclass(frozen=True)
class FloatLayer:
    """A convolution with ReLU6 on integers that are kept as float32: q - zero, from 0 to at most 255.

    `kernel` is (M, N) for a pointwise convolution, (D_K * D_K * M, N) for a standard one and (D_K, D_K, D_G * M),
    repeated for every column, for a depthwise one. `slope` and `offset` have the length of its last axis.
    """

    layer: Layer
    kernel: np.ndarray
    slope: np.ndarray
    offset: np.ndarray
    top: int

    def run(self, v: np.ndarray) -> np.ndarray:
        """One image, (D_F, D_F, M) to (D_G, D_G, N)."""
        D_G, N = self.layer.D_G, self.layer.N
        y = np.empty((D_G, D_G, N), np.float32)
        if self.layer.kind == "depthwise":
            self._filter(v, y.reshape(D_G, D_G * N))
        elif self.layer.kind == "pointwise":
            self._multiply(v.reshape(D_G * D_G, -1), y.reshape(D_G * D_G, N))
        else:
            self._multiply(_im2col(v, self.layer), y.reshape(D_G * D_G, N))
        return y

    def _multiply(self, rows: np.ndarray, y: np.ndarray) -> None:
        """A matrix product, band by band of rows."""
        for band in _bands(len(y), y.shape[1]):
            self._round(rows[band] @ self.kernel, y[band])

    def _filter(self, v: np.ndarray, y: np.ndarray) -> None:
        """Depthwise: a row of pixels is one run of D_G * M numbers, multiplied with a row of the repeated kernel."""
        D_K, stride = self.layer.D_K, self.layer.stride
        D_G, run = y.shape
        phases = _phases(v, self.layer)  # columns 0, stride, 2 * stride ... lie side by side in phase 0
        for band in _bands(D_G, run):
            sums = np.zeros_like(y[band])
            products = np.empty_like(sums)
            for i in range(D_K):
                rows = slice(i + stride * band.start, i + stride * (band.stop - 1) + 1, stride)
                for j in range(D_K):
                    first = (j // stride) * self.layer.M
                    taps = phases[j % stride][rows, first : first + run]
                    np.multiply(taps, self.kernel[i, j], out=products)
                    sums += products
            self._round(sums, y[band])

    def _round(self, sums: np.ndarray, y: np.ndarray) -> None:
        steps = np.multiply(sums, self.slope)  # float64
        steps += self.offset
        np.clip(steps, 0, self.top, out=steps)
        np.floor(steps, out=y, casting="same_kind")


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
    if layer.kind == "depthwise":
        kernel, slope, offset = np.tile(kernel, layer.D_G), np.tile(slope, layer.D_G), np.tile(offset, layer.D_G)
    else:
        kernel = kernel.reshape(-1, layer.N)
    return FloatLayer(layer, kernel, slope, offset, integer.limits[1] - integer.y.zero)


def _padded(v: np.ndarray, layer: Layer) -> np.ndarray:
    """Zeros around the image, just as many as the windows reach."""
    D_F, D_K = layer.D_F, layer.D_K
    reach = (layer.D_G - 1) * layer.stride + D_K
    before = {"valid": 0, "symmetric": D_K // 2}.get(layer.padding, max(reach - D_F, 0) // 2)
    side = max(reach, before + D_F)
    padded = np.zeros((side, side, layer.M), np.float32)
    padded[before : before + D_F, before : before + D_F] = v
    return padded


def _phases(v: np.ndarray, layer: Layer) -> list[np.ndarray]:
    """The padded image, split into phases: every stride-th column, as rows of (columns * M) numbers."""
    padded, stride = _padded(v, layer), layer.stride
    phases = [np.ascontiguousarray(padded[:, phase::stride]) for phase in range(stride)]
    return [phase.reshape(len(phase), -1) for phase in phases]


def _im2col(v: np.ndarray, layer: Layer) -> np.ndarray:
    """(D_F, D_F, M) -> (D_G * D_G, D_K * D_K * M): one row for each window, which is D_K runs of D_K * M numbers."""
    D_K, D_G, M, stride = layer.D_K, layer.D_G, layer.M, layer.stride
    padded = _padded(v, layer)
    row, column, _ = padded.strides
    strides = (stride * row, stride * column, row, padded.itemsize)
    windows = np.lib.stride_tricks.as_strided(padded, (D_G, D_G, D_K, D_K * M), strides, writeable=False)
    return windows.reshape(D_G * D_G, D_K * D_K * M)


def _bands(rows: int, run: int) -> list[slice]:
    height = max(BAND // run, 1)
    return [slice(start, min(start + height, rows)) for start in range(0, rows, height)]
