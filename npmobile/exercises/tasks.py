"""The checks that are called from a notebook: one function for each task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import convolutions, eight_bits, folding, formulas, networks
from .checking import check
from .report import Report

Function = Callable[..., Any]


def im2col(function: Function, seed: int | None = None) -> Report:
    """Check `im2col(x, D_K, stride=1, padding="same")`.

    It returns (B, H', W', D_K, D_K, M), or the im2col matrix (B H' W', D_K D_K M), its rows in the order (D_K, D_K, M)
    or (M, D_K, D_K). It copies and multiplies nothing.
    """
    return check(convolutions.IM2COL, function, seed)


def standard_conv(function: Function, seed: int | None = None) -> Report:
    """Check `standard_conv(x, kernel, stride=1, padding="same")`."""
    return check(convolutions.STANDARD_CONV, function, seed)


def depthwise_conv(function: Function, seed: int | None = None) -> Report:
    """Check `depthwise_conv(x, kernel, stride=1, padding="same")`."""
    return check(convolutions.DEPTHWISE_CONV, function, seed)


def pointwise_conv(function: Function, seed: int | None = None) -> Report:
    """Check `pointwise_conv(x, kernel)`."""
    return check(convolutions.POINTWISE_CONV, function, seed)


def separable_conv(function: Function, seed: int | None = None) -> Report:
    """Check `separable_conv(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same")`."""
    return check(convolutions.SEPARABLE_CONV, function, seed)


def mult_adds(function: Function, seed: int | None = None) -> Report:
    """Check `mult_adds(layer)`."""
    return check(formulas.MULT_ADDS, function, seed)


def parameters(function: Function, seed: int | None = None) -> Report:
    """Check `parameters(layer)`."""
    return check(formulas.PARAMETERS, function, seed)


def output_side(function: Function, seed: int | None = None) -> Report:
    """Check `output_side(D_F, D_K, stride, padding)` for the paddings "same", "valid" and "symmetric"."""
    return check(formulas.OUTPUT_SIDE, function, seed)


def separable_ratio(function: Function, seed: int | None = None) -> Report:
    """Check `separable_ratio(D_K, M, N, D_F)`: separable over standard, at stride 1; a float or a Fraction."""
    return check(formulas.SEPARABLE_RATIO, function, seed)


def peak_memory(function: Function, seed: int | None = None) -> Report:
    """Check `peak_memory(layers)`: bytes of feature maps at 1 byte a number, memory used again."""
    return check(formulas.PEAK_MEMORY, function, seed)


def mobilenet(function: Function, seed: int | None = None) -> Report:
    """Check `mobilenet(alpha, resolution, classes)`: rows (kind, D_K, stride, M, N, D_F), the pool and classifier too."""
    return check(networks.MOBILENET, function, seed)


def forward(function: Function, seed: int | None = None) -> Report:
    """Check `forward(x, layers, weights)`: logits, by the student's own convolutions; `nm.ops` may be used."""
    return check(networks.FORWARD, function, seed)


def fold(function: Function, seed: int | None = None) -> Report:
    """Check `fold(kernel, gamma, beta, mean, var, eps)`: (kernel, bias)."""
    return check(folding.FOLD, function, seed)


def quantise(function: Function, seed: int | None = None) -> Report:
    """Check `quantise(x, scale, zero_point)`: uint8, halves away from 0, cut off at 0 and 255."""
    return check(eight_bits.QUANTISE, function, seed)


def requantise(function: Function, seed: int | None = None) -> Report:
    """Check `requantise(total, multiplier, shift, zero_point)`: uint8, round(total * multiplier / 2**shift) + zero_point."""
    return check(eight_bits.REQUANTISE, function, seed)


def integer_depthwise_conv(function: Function, seed: int | None = None) -> Report:
    """Check `integer_depthwise_conv(x, kernel, x_zero_point, kernel_zero_point, stride=1, padding="same")`: int32 sums."""
    return check(eight_bits.INTEGER_DEPTHWISE_CONV, function, seed)
