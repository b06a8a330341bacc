"""One layer in integers: 8 bits in, sums, a bias, one multiplication with a rounding, a zero point, 8 bits out.

    sum = bias + sum over the window of (x - zero_x) * (w - zero_w)      integers
    y   = zero_y + round(multiplier * sum)                               `rounding`
    y   = y cut off at what stands for 0 and 6                           ReLU6: two comparisons

(Jacob et al., 2018, section 2.) Batch norm is folded into the kernel before it is quantised; the bias is quantised
with scale_x * scale_w and zero point 0, so that it is added to the sum as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .. import checks
from ..spec import Layer
from ..weights import shapes
from . import kernels
from .quantisation import Quantisation
from .rounding import ROUNDINGS, fixed_point

LARGEST_SUM = 2**31 - 1  # of int32


@dataclass(frozen=True, eq=False, repr=False)
class IntegerLayer:
    """A layer with its integers, and how they are to be read.

    Parameters
    ----------
    layer : Layer
        Convolutions end with ReLU6, as everywhere in npmobile; a pool and a fully connected layer do not.
    x, y : Quantisation
        Of what goes in and what comes out: one scale each.
    kernel : array of uint8 or int8
        In the shape of `weights.shapes`; none for a pool.
    w : Quantisation
        Of the kernel: one scale, or one for each output channel.
    bias : (N,) int32 array
        In units of scale_x * scale_w.
    rescales : bool
        Of a pool: whether its output has a scale of its own (TFLite's MEAN) or the input's (AVERAGE_POOL_2D).

    Raises
    ------
    ValueError, TypeError
        If the parts do not fit together, or a sum could leave int32.

    Examples
    --------
    A pointwise layer from two channels to one. x = (1.0, 2.0), w = (0.5, 0.25) and bias = 0.25 make 1.25:

    >>> x, w, y = Quantisation(0.5, 10), Quantisation(0.25, 0), Quantisation(0.125, 0)
    >>> layer = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=2, N=1, D_F=1)
    >>> kernel = w.quantise(np.array([[0.5], [0.25]], np.float32))
    >>> small = IntegerLayer(layer, x, y, kernel, w, bias=np.array([2], np.int32))
    >>> q = x.quantise(np.array([[[[1.0, 2.0]]]], np.float32))
    >>> q.tolist(), kernel.tolist(), small.sums(q)[0].tolist()  # 2 * 2 + 4 * 1
    ([[[[12, 14]]]], [[2], [1]], [[[[8]]]])

    With the bias, 10. The multiplier is 0.5 * 0.25 / 0.125 = 1, and 10 steps of 0.125 are 1.25:

    >>> answer, mult_adds = small.run(q)
    >>> y.dequantise(answer).tolist(), mult_adds
    ([[[[1.25]]]], 2)
    """

    layer: Layer
    x: Quantisation
    y: Quantisation
    kernel: np.ndarray | None = None
    w: Quantisation | None = None
    bias: np.ndarray | None = None
    rescales: bool = False

    def __post_init__(self) -> None:
        if self.x.scale.ndim or self.y.scale.ndim or self.x.dtype != self.y.dtype:
            raise ValueError(f"x and y of layer {self.layer.name} must have one scale each, and one dtype")
        if self.layer.kind == "pool":
            self._check_pool()
        else:
            self._check_arrays()
            for name in ("kernel", "bias"):
                array = np.array(getattr(self, name))
                array.flags.writeable = False
                object.__setattr__(self, name, array)
        if self.largest_sum > LARGEST_SUM:
            raise ValueError(f"layer {self.layer.name} can make sums of {self.largest_sum:,}, more than int32 holds")

    def _check_pool(self) -> None:
        if any(part is not None for part in (self.kernel, self.w, self.bias)):
            raise ValueError(f"layer {self.layer.name} is a pool, which has no kernel and no bias")
        if not self.rescales and not self.x.same_as(self.y):
            raise ValueError(f"layer {self.layer.name} has another scale or zero point behind it, but does not rescale")

    def _check_arrays(self) -> None:
        name, dtype = self.layer.name, self.x.dtype
        wanted = shapes([self.layer], folded=True)[name]
        for part, expected in (("kernel", dtype), ("bias", np.dtype(np.int32))):
            array = getattr(self, part)
            if not isinstance(array, np.ndarray) or array.dtype != expected:
                came = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
                raise TypeError(f"{part} of layer {name} must be an array of {expected}, but is {came}")
            if array.shape != wanted[part]:
                raise ValueError(f"{part} of layer {name} must have the shape {wanted[part]}, but has {array.shape}")
        if self.w is None or self.w.dtype != dtype or self.w.scale.shape not in ((), (self.layer.N,)):
            raise ValueError(
                f"w of layer {name} must be of {dtype}, with one scale or {self.layer.N:,}, but is {self.w}"
            )
        if dtype == np.int8 and self.w.zero != 0:
            raise ValueError(f"w of layer {name} is int8, so its zero point must be 0, but is {self.w.zero}")

    def __repr__(self) -> str:
        return f"<IntegerLayer {self.layer.name}: {self.x} to {self.y}>"

    def __reduce__(self) -> tuple[Any, ...]:
        parts = (self.layer, self.x, self.y, self.kernel, self.w, self.bias, self.rescales)
        return type(self), parts

    @cached_property
    def multiplier(self) -> tuple[np.ndarray, np.ndarray]:
        """scale_x * scale_w / scale_y as (fixed, exponent), of shape () or (N,); see `fixed_point`.

        TFLite makes the product of the two scales in float32 for uint8 and in float64 for int8. Of a pool it is
        scale_x / scale_y / count, where TFLite divides the fixed-point number by the count and cuts off.
        """
        exact = np.float32 if self.x.dtype == np.uint8 and self.w is not None else np.float64
        w = self.w.scale.astype(exact) if self.w is not None else 1
        with np.errstate(over="ignore", under="ignore"):
            real = (self.x.scale.astype(exact) * w).astype(np.float64) / self.y.scale.astype(np.float64)
        if not np.isfinite(real).all():
            raise ValueError(f"the scales of layer {self.layer.name} make a multiplier that is not finite")
        fixed, exponent = fixed_point(real)
        if self.layer.kind != "pool":
            return fixed, exponent
        count = self.layer.D_F**2
        shift = min(count.bit_length() - 1, 32, 31 + int(exponent))
        return (fixed << shift) // count, exponent - shift

    @cached_property
    def limits(self) -> tuple[int, int]:
        """Where y is cut off: at what stands for 0 and 6, or at the ends of its dtype."""
        if self.layer.kind in ("pool", "fully_connected"):
            return self.y.low, self.y.high
        low, high = self.y.quantise(np.array([0, 6], np.float32))
        return int(low), int(high)

    @cached_property
    def largest_product_sum(self) -> np.ndarray:
        """The largest possible sum of products of each output channel, (N,): every |w| times the largest |x|."""
        furthest = max(self.x.high - self.x.zero, self.x.zero - self.x.low)
        if self.kernel is None or self.w is None:  # a pool adds up D_F * D_F numbers
            return np.full(self.layer.N, furthest * self.layer.D_F**2, np.int64)
        distances = np.abs(self.kernel.astype(np.int64) - self.w.zero)
        return furthest * distances.reshape(-1, self.layer.N).sum(axis=0)

    @cached_property
    def largest_sum(self) -> int:
        """The largest that a sum can be with its bias, and shifted to the left where the multiplier is 1 or more."""
        bias = 0 if self.bias is None else np.abs(self.bias.astype(np.int64))
        _, exponent = self.multiplier
        with np.errstate(over="ignore"):
            shifted = np.ldexp((self.largest_product_sum + bias).astype(np.float64), np.maximum(exponent, 0))
        return int(min(shifted.max(), 2.0**63))

    def _check_input(self, q: np.ndarray) -> None:
        D_F, M = self.layer.D_F, self.layer.M
        if type(q) is not np.ndarray or q.dtype != self.x.dtype:
            came = f"{type(q).__name__} of {q.dtype}" if isinstance(q, np.ndarray) else type(q).__name__
            raise TypeError(f"q must be an array of {self.x.dtype}, but is {came}")
        flat = self.layer.kind == "fully_connected" and q.shape[1:] == (M,)
        if not flat and q.shape[1:] != (D_F, D_F, M):
            raise ValueError(f"q must have the shape (B, {D_F}, {D_F}, {M}), but has {q.shape}")

    def sums(self, q: np.ndarray) -> tuple[np.ndarray, int]:
        """The sums of products, int64, before the bias, and how many mult-adds they took; q as for `run`."""
        self._check_input(q)
        assert self.kernel is not None and self.w is not None
        x, kernel = q.astype(np.int64) - self.x.zero, self.kernel.astype(np.int64) - self.w.zero
        layer = self.layer
        if layer.kind == "standard":
            return kernels.standard_conv(x, kernel, layer.stride, layer.padding)
        if layer.kind == "depthwise":
            return kernels.depthwise_conv(x, kernel, layer.stride, layer.padding)
        if layer.kind == "pointwise":
            return kernels.pointwise_conv(x, kernel)
        sums, mult_adds = kernels.pointwise_conv(x.reshape(len(x), 1, 1, layer.M), kernel)
        return sums.reshape(len(x), layer.N), mult_adds  # (B, 1, 1, N) -> (B, N)

    def requantise(self, sums: np.ndarray, rounding: str = "twice") -> np.ndarray:
        """From sums of products to the layer's output: bias, multiplier, zero point, ReLU6."""
        bias = 0 if self.bias is None else self.bias
        checks.one_of("rounding", rounding, tuple(ROUNDINGS))
        steps = ROUNDINGS[rounding](sums + bias, *self.multiplier)
        return np.clip(steps + self.y.zero, *self.limits).astype(self.y.dtype)

    def run(self, q: np.ndarray, rounding: str = "twice") -> tuple[np.ndarray, int]:
        """The layer's output and its mult-adds.

        Parameters
        ----------
        q : (B, D_F, D_F, M) array of `x.dtype`
            (B, M) for a fully connected layer.
        rounding : {"twice", "once", "float"}
            See `ROUNDINGS`.

        Returns
        -------
        y : (B, D_G, D_G, N) array of `y.dtype`
            (B, N) for a pool and for a fully connected layer.
        mult_adds : int
        """
        if self.layer.kind != "pool":
            sums, mult_adds = self.sums(q)
            return self.requantise(sums, rounding), mult_adds
        self._check_input(q)
        if not self.rescales:
            return kernels.average_pool(q).astype(self.y.dtype), 0
        sums = (q.astype(np.int64) - self.x.zero).sum(axis=(1, 2))  # (B, D_F, D_F, M) -> (B, M)
        return self.requantise(sums, rounding), 0
