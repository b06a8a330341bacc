"""What repeated measurements allow us to say: their median, their spread, and whether it answers a question.

A time differs from run to run. So a quantity is measured many times, and "it is less than 8" is said only if the
middle half of the measurements is less than 8. On a busy machine they scatter, and then the honest answer is that this
run cannot tell.

Why the middle half: if 20 measurements do not depend on each other, it contains the median that very many of them
would have in 96 of 100 such runs.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

ENOUGH = 7  # fewer measurements answer no question


class Spread(NamedTuple):
    """The median of some measurements, and where their middle half lies; see `spread`."""

    median: float
    low: float
    high: float
    rounds: int  # how many measurements

    def decides(self, value: float | Fraction) -> str:
        """Whether the measured quantity is "less" or "more" than a value, or "cannot tell".

        It can be told only if the whole spread is on one side of the value, and there are at least 7 measurements.

        Parameters
        ----------
        value : float or Fraction

        Returns
        -------
        {"less", "more", "cannot tell"}

        Examples
        --------
        >>> measured = spread([2.0, 2.1, 2.1, 2.2, 2.3, 2.4, 9.0])
        >>> measured.decides(3), measured.decides(1), measured.decides(2.3)
        ('less', 'more', 'cannot tell')
        """
        if self.rounds < ENOUGH or self.low <= value <= self.high:
            return "cannot tell"
        return "less" if self.high < value else "more"


def spread(measured: Iterable[float]) -> Spread:
    """Sum measurements of one quantity up: their median, and the range of their middle half.

    A quarter of them is left out at each end: of 20, the five smallest and the five largest. Fewer than 4 are all kept.

    Parameters
    ----------
    measured : iterable of float
        At least one; seconds, or ratios, or shares.

    Returns
    -------
    Spread

    Raises
    ------
    ValueError
        If there is no measurement, or one is not finite.

    Examples
    --------
    >>> spread([2.2, 2.0, 2.1, 2.3, 2.2, 2.1, 9.0, 2.4, 2.2, 2.3])
    Spread(median=2.2, low=2.1, high=2.3, rounds=10)
    """
    values = sorted(map(float, measured))
    if not values:
        raise ValueError("measured must hold at least one measurement, but is empty")
    for value in values:
        if not math.isfinite(value):
            raise ValueError(f"measured must hold finite numbers, but holds {value}")
    left_out = len(values) // 4
    return Spread(statistics.median(values), values[left_out], values[-1 - left_out], len(values))


def conclusion(measured: Spread, value: float | Fraction, form: str = ".2f") -> str:
    """Say in words what measurements tell about a value, or that they cannot tell.

    Parameters
    ----------
    measured : Spread
        As made by `spread`.
    value : float or Fraction
        What the measured quantity is compared with.
    form : str
        How numbers are written, as in an f-string: ".1%" for shares.

    Returns
    -------
    str

    Examples
    --------
    >>> measured = spread([2.0, 2.1, 2.1, 2.2, 2.3, 2.4, 9.0])
    >>> conclusion(measured, 3)
    'measured 2.20 (2.10 to 2.40): less than 3.00'
    >>> conclusion(measured, 2.3)
    'this run cannot tell: the spread is 2.10 to 2.40, and 2.30 is inside'
    >>> conclusion(spread([2.0, 2.1]), 3)
    'this run cannot tell: 2 measurements are too few'
    """
    median, low, high = (f"{number:{form}}" for number in measured[:3])
    decision, other = measured.decides(value), f"{float(value):{form}}"
    if decision != "cannot tell":
        return f"measured {median} ({low} to {high}): {decision} than {other}"
    if measured.rounds < ENOUGH:
        return f"this run cannot tell: {measured.rounds} measurements are too few"
    return f"this run cannot tell: the spread is {low} to {high}, and {other} is inside"
