"""From a large sum back to 8 bits, without a floating-point number: fixed-point multipliers and three roundings.

A sum of products of integers stands for the real number scale_x * scale_w * sum. Written with the scale of the
output it is the integer (Jacob et al., 2018, equations 4 and 5)

    q = zero_y + multiplier * sum,    multiplier = scale_x * scale_w / scale_y

Phones multiply by that real number with integers alone: it is written as fixed * 2**(exponent - 31), where fixed has
31 bits (equation 6), so that one integer product and one shift are enough. What remains is to round, and there
runtimes differ: mostly by nothing, sometimes by one step of q, and the next layer makes more of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def fixed_point(real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Write positive real numbers as fixed * 2**(exponent - 31), with fixed from 2**30 to 2**31 - 1.

    TFLite's QuantizeMultiplier. What is below 2**-32 becomes 0.

    Parameters
    ----------
    real : float array

    Returns
    -------
    fixed, exponent : int64 arrays of the same shape

    Examples
    --------
    0.3125 is 0.625 * 2**-1, and 0.625 * 2**31 is 1342177280:

    >>> fixed_point(np.array([0.3125, 1.0]))
    (array([1342177280, 1073741824]), array([-1,  1]))
    """
    mantissa, power = np.frexp(np.asarray(real, np.float64))  # real = mantissa * 2**power, 0.5 <= mantissa < 1
    fixed = np.floor(mantissa * 2**31 + 0.5).astype(np.int64)
    carried = fixed == 2**31  # a mantissa just below 1 was rounded up
    exponent = power.astype(np.int64) + carried
    vanishes = exponent < -31
    return np.where(vanishes, 0, np.where(carried, 2**30, fixed)), np.where(vanishes, 0, exponent)


def rounded_twice(sums: np.ndarray, fixed: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """Round the product to an integer, then the shifted integer again: TFLite's reference kernels.

    In gemmlowp's words a saturating rounding doubling high multiply (halves upwards), then a rounding division by
    a power of two (halves away from 0). The reference kernels of TFLite and of TFLite Micro do this.

    Parameters
    ----------
    sums : (..., N) int64 array
    fixed, exponent : int64 arrays, of shape () or (N,)
        As `fixed_point` makes them.

    Returns
    -------
    (..., N) int64 array

    Examples
    --------
    1 * 0.3125 should be 0. But 0.3125 = 0.625 / 2: first 1 * 0.625 is rounded to 1, then 1 / 2 is rounded to 1.

    >>> rounded_twice(np.array([1]), *fixed_point(0.3125))
    array([1])
    """
    high = ((sums << np.maximum(exponent, 0)) * fixed + 2**30) >> 31
    shift = np.maximum(-exponent, 0)
    half = ((1 << shift) - (high < 0)) >> 1  # a little less below 0, so that halves go away from 0
    return (high + half) >> shift


def rounded_once(sums: np.ndarray, fixed: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """Round the whole product once, halves upwards: TFLite built with TFLITE_SINGLE_ROUNDING.

    Parameters and returns as `rounded_twice`.

    Examples
    --------
    >>> rounded_once(np.array([1]), *fixed_point(0.3125))
    array([0])
    """
    shift = 31 - exponent
    return (sums * fixed + (1 << (shift - 1))) >> shift


def rounded_as_float(sums: np.ndarray, fixed: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """Multiply by a float32 and round to the nearest integer, halves to even: XNNPACK on x86 processors.

    Parameters and returns as `rounded_twice`.

    Examples
    --------
    8 * 0.3125 is 2.5, a half, which goes to the even neighbour; the others make 3 of it:

    >>> rounded_as_float(np.array([1, 8]), *fixed_point(0.3125)), rounded_once(np.array([8]), *fixed_point(0.3125))
    (array([0, 2]), array([3]))
    """
    multiplier = np.ldexp(fixed.astype(np.float64), exponent - 31).astype(np.float32)
    return np.rint(sums.astype(np.float32) * multiplier).astype(np.int64)


# Three runtimes, one line apart.
ROUNDINGS: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]] = {
    "twice": rounded_twice,  # TFLite's reference kernels, TFLite Micro
    "once": rounded_once,  # TFLite built with TFLITE_SINGLE_ROUNDING
    "float": rounded_as_float,  # XNNPACK on x86
}
