"""The checks that are called from a notebook: one function for each task.

Each takes the student's function and returns a `Report`. The function is called with its arguments in order, so their
names are free. Options, as stride and padding, may be left out: then only their defaults are tried, which the report says.
A convolution returns y, or (y, mult_adds); then the number is checked too.

Some inputs are the same in every run and small enough for paper, others are drawn from a seed that is new in each run.
A report names it: `depthwise_conv(mine, seed=123456)` repeats it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import convolutions, eight_bits, folding, formulas, networks
from .checking import check
from .report import Report

Function = Callable[..., Any]


def im2col(function: Function, seed: int | None = None) -> Report:
    """Check `im2col(x, D_K, stride=1, padding="same")`: every window of the images, copied.

    x is a (B, H, W, M) float64 array; padding is "same" or "valid".
    Returned is (B, H', W', D_K, D_K, M), or the im2col matrix (B H' W', D_K D_K M) with the numbers of a row in the
    order (D_K, D_K, M) or (M, D_K, D_K). Nothing is to be multiplied.

    Parameters
    ----------
    function : callable
        The student's.
    seed : int, optional
        Of an earlier report, to repeat its inputs.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If the seed is not an int of at least 0.
    """
    return check(convolutions.IM2COL, function, seed)


def standard_conv(function: Function, seed: int | None = None) -> Report:
    """Check `standard_conv(x, kernel, stride=1, padding="same")`, equation 1 of the paper.

    x is (B, H, W, M) and kernel (D_K, D_K, M, N), both float64; padding is "same" or "valid". Returned is
    y, (B, H', W', N), or (y, mult_adds). Parameters, returns and raises as `im2col`.
    """
    return check(convolutions.STANDARD_CONV, function, seed)


def depthwise_conv(function: Function, seed: int | None = None) -> Report:
    """Check `depthwise_conv(x, kernel, stride=1, padding="same")`, equation 3 of the paper.

    x is (B, H, W, M) and kernel (D_K, D_K, M), both float64; padding is "same" or "valid". Returned is
    y, (B, H', W', M), or (y, mult_adds). Parameters, returns and raises as `im2col`.

    Examples
    --------
    The sum over i and j is right, but the kernel is rotated:

    >>> import numpy as np
    >>> def mine(x, kernel):
    ...     D_K = len(kernel)
    ...     before, after = (D_K - 1) // 2, D_K // 2
    ...     padded = np.pad(x, ((0, 0), (before, after), (before, after), (0, 0)))
    ...     H, W = x.shape[1:3]
    ...     return sum(
    ...         padded[:, i : i + H, j : j + W] * kernel[-1 - i, -1 - j] for i in range(D_K) for j in range(D_K)
    ...     )
    >>> report = depthwise_conv(mine, seed=1)
    >>> report
    <Report depthwise_conv: values wrong, cost cannot be told>
    >>> report.mistake
    'The kernel is rotated by 180 degrees: the convolution of a network does not rotate it.'
    """
    return check(convolutions.DEPTHWISE_CONV, function, seed)


def pointwise_conv(function: Function, seed: int | None = None) -> Report:
    """Check `pointwise_conv(x, kernel)`.

    x is (B, H, W, M) and kernel (M, N), both float64. Returned is y, (B, H, W, N), or (y, mult_adds).
    Parameters, returns and raises as `im2col`.

    Examples
    --------
    >>> print(pointwise_conv(lambda x, kernel: x @ kernel, seed=1))
    pointwise_conv   values: right   cost: right
    Values: right on all 27 inputs.
    Cost: right on all inputs. For x ..., kernel ..., ... mult-adds.
    Some inputs were drawn from a seed: seed=1 repeats them.
    """
    return check(convolutions.POINTWISE_CONV, function, seed)


def separable_conv(function: Function, seed: int | None = None) -> Report:
    """Check `separable_conv(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same")`, with nothing in between.

    x is (B, H, W, M), depthwise_kernel (D_K, D_K, M) and pointwise_kernel (M, N), all float64; padding is "same" or
    "valid". Returned is y, (B, H', W', N), or (y, mult_adds). Parameters, returns and raises as `im2col`.
    """
    return check(convolutions.SEPARABLE_CONV, function, seed)


def output_side(function: Function, seed: int | None = None) -> Report:
    """Check `output_side(D_F, D_K, stride, padding)`: the side D_G of the output, an int.

    padding is "same", "valid" or "symmetric". Parameters, returns and raises as `im2col`.

    Examples
    --------
    >>> report = output_side(lambda D_F, D_K, stride, padding: D_F // stride)
    >>> report.values, report.cost, report.passed
    (False, None, False)
    """
    return check(formulas.OUTPUT_SIDE, function, seed)


def mult_adds(function: Function, seed: int | None = None) -> Report:
    """Check `mult_adds(layer)`: the mult-adds of one layer for one image, an int.

    layer is a `spec.Layer` of any kind. Parameters, returns and raises as `im2col`.
    """
    return check(formulas.MULT_ADDS, function, seed)


def parameters(function: Function, seed: int | None = None) -> Report:
    """Check `parameters(layer)`: the weights of one layer's kernel, without bias and batch norm, an int.

    layer is a `spec.Layer` of any kind. Parameters, returns and raises as `im2col`.
    """
    return check(formulas.PARAMETERS, function, seed)


def separable_ratio(function: Function, seed: int | None = None) -> Report:
    """Check `separable_ratio(D_K, M, N, D_F)`: mult-adds of the separable convolution over those of the standard one.

    All at stride 1 and "same". Returned is a float or a Fraction. Parameters, returns and raises as `im2col`.
    """
    return check(formulas.SEPARABLE_RATIO, function, seed)


def peak_memory(function: Function, seed: int | None = None) -> Report:
    """Check `peak_memory(layers)`: the bytes of feature maps that are needed at the same time, an int.

    layers is a sequence of `spec.Layer`. A number takes 1 byte, a layer needs its input and its output at the same
    time, and memory is used again. Parameters, returns and raises as `im2col`.
    """
    return check(formulas.PEAK_MEMORY, function, seed)


def mobilenet(function: Function, seed: int | None = None) -> Report:
    """Check `mobilenet(alpha, resolution, classes)`: the network as a table, Table 1 with both multipliers.

    Returned is a list of 29 rows (kind, D_K, stride, M, N, D_F), as tuples, lists or objects with these attributes.
    kind is "standard", "depthwise", "pointwise", "pool" (D_K = D_F, stride 1) or "fully_connected" (D_K, stride and
    D_F are 1). Parameters, returns and raises as `im2col`.
    """
    return check(networks.MOBILENET, function, seed)


def forward(function: Function, seed: int | None = None) -> Report:
    """Check `forward(x, layers, weights)`: a whole small network by the student's own convolutions.

    x is (B, H, H, M) float64; layers a sequence of `spec.Layer` with padding "same"; weights a dict of dicts, as
    `Model.weights`: kernel, gamma, beta, mean, var, or folded kernel, bias. A function may take one of both. Each
    convolution is followed by batch norm (eps = 0.001) or bias, and ReLU6. Returned are the logits, (B, classes).
    The functions of `ops` may be used. Parameters, returns and raises as `im2col`.
    """
    return check(networks.FORWARD, function, seed)


def fold(function: Function, seed: int | None = None) -> Report:
    """Check `fold(kernel, gamma, beta, mean, var, eps)`: batch norm in the kernel and a bias.

    The last axis of kernel, a float64 array of any rank from 2 to 4, has the N output channels; the others are (N,)
    and eps is a float. Returned is (kernel, bias). Parameters, returns and raises as `im2col`.
    """
    return check(folding.FOLD, function, seed)


def quantise(function: Function, seed: int | None = None) -> Report:
    """Check `quantise(x, scale, zero_point)`: round(x / scale) + zero_point, cut off at 0 and 255, as uint8.

    x is a float64 array, scale a float and zero_point an int. Halves are rounded away from 0, as
    `integers.Quantisation` does. Compared bit for bit. Parameters, returns and raises as `im2col`.
    """
    return check(eight_bits.QUANTISE, function, seed)


def requantise(function: Function, seed: int | None = None) -> Report:
    """Check `requantise(total, multiplier, shift, zero_point)`: from int32 sums back to uint8.

    round(total * multiplier / 2**shift) + zero_point, cut off at 0 and 255; halves are rounded upwards, in integers:
    (total * multiplier + 2**(shift - 1)) >> shift. total is an int32 array; multiplier, from 2**30 to 2**31 - 1, and
    shift are ints: of `fixed, exponent = integers.fixed_point(real)`, multiplier is fixed and shift is
    31 - exponent. This is the rounding "once" of `integers`. Compared bit for bit. Parameters, returns and raises as
    `im2col`.
    """
    return check(eight_bits.REQUANTISE, function, seed)


def integer_depthwise_conv(function: Function, seed: int | None = None) -> Report:
    """Check `integer_depthwise_conv(x, kernel, x_zero_point, kernel_zero_point, stride=1, padding="same")`.

    The sums of (x - x_zero_point) * (kernel - kernel_zero_point), int32. x is (B, H, W, M) and kernel (D_K, D_K, M),
    both uint8; the padding stands for the real number 0. Compared bit for bit. Parameters, returns and raises as
    `im2col`.
    """
    return check(eight_bits.INTEGER_DEPTHWISE_CONV, function, seed)
