"""The rules by which a printed number is judged. A verdict is the first rule that holds.

Fair readings of a row are tried before mistaken ones, and rounding before cutting off.
"""

from __future__ import annotations

import math
from fractions import Fraction

from .readings import Reading, Row

EQUAL = "equal"
CUT = "cut off"
CONVENTION = "other convention"
ERRATUM = "erratum"
UNKNOWN = "not recomputable"
DIFFERS = "differs"
VERDICTS = {
    EQUAL: "ours, rounded to the printed digits, is what is printed",
    CUT: "ours, cut off at the last printed digit instead of rounded, is what is printed",
    CONVENTION: "the network counted in another way, which is named, is what is printed",
    ERRATUM: "a mistake, which is named, gives what is printed",
    UNKNOWN: "a part of the network is private or not described",
    DIFFERS: "no reading here gives what is printed",
}
REPRODUCED = (EQUAL, CUT, CONVENTION)


def last_digit(printed: str, quoted: bool = False) -> Fraction:
    """The value of one unit of the last printed digit. The trailing zeros of a quoted round number are no digits.

    Examples
    --------
    >>> last_digit("94.86"), last_digit("290"), last_digit("1700", quoted=True)
    (Fraction(1, 100), Fraction(1, 1), Fraction(100, 1))
    """
    whole, _, decimals = printed.partition(".")
    zeros = len(whole) - len(whole.rstrip("0")) if quoted and not decimals else 0
    return Fraction(10**zeros, 10 ** len(decimals))


def rounded(exact: Fraction, step: Fraction) -> Fraction:
    """The nearest multiple of `step`, halves up.

    >>> rounded(Fraction("290.675"), Fraction(1))
    Fraction(291, 1)
    """
    return math.floor(exact / step + Fraction(1, 2)) * step


def cut(exact: Fraction, step: Fraction) -> Fraction:
    """The largest multiple of `step` that is not above the number.

    >>> cut(Fraction("290.675"), Fraction(1))
    Fraction(290, 1)
    """
    return math.floor(exact / step) * step


def judge(printed: str, row: Row, column: str, unit: int) -> tuple[str, str]:
    """The verdict on one printed number, and why.

    Parameters
    ----------
    printed : str
        The number as printed.
    row : Row
        As made by `readings.of_row`.
    column : {"mult_adds", "parameters"}
        What is printed.
    unit : int
        What it is printed in: 10**6 for millions.

    Returns
    -------
    (verdict, why)
        The verdict is a key of `VERDICTS`.

    Raises
    ------
    ValueError
        If `column` is neither of the two.

    Examples
    --------
    >>> from npmobile.paper import readings
    >>> judge("290", readings.of_row("Table 7", "1.0 MobileNet-160"), "mult_adds", 10**6)
    ('cut off', '290.675 would round to 291')
    >>> judge("4866", readings.of_row("Table 4", "Conv MobileNet"), "mult_adds", 10**6)
    ('other convention', 'convolutions only: 4866.269')
    """
    if column not in ("mult_adds", "parameters"):
        raise ValueError(f'column must be "mult_adds" or "parameters", but is {column!r}')
    step = last_digit(printed, row.quoted)
    for reading in sorted(row.readings, key=lambda reading: reading.mistake):  # fair ones first
        exact = getattr(reading, column) / unit
        if Fraction(printed) in (rounded(exact, step), cut(exact, step)):
            return _fits(printed, reading, exact, step)
    if not row.readings:
        return UNKNOWN, row.unknown
    exact = getattr(row.readings[0], column) / unit
    return _miswritten(printed, exact, step) or _misses(printed, row, exact, step)


def _fits(printed: str, reading: Reading, exact: Fraction, step: Fraction) -> tuple[str, str]:
    """The verdict where a reading gives the printed number, rounded or cut off."""
    label = f"{reading.label}: " if reading.label else ""
    if rounded(exact, step) == Fraction(printed):
        verdict, why = (CONVENTION, f"{label}{_decimal(exact, step)}") if label else (EQUAL, "")
    else:
        verdict = CUT
        why = f"{label}{_decimal(exact, step)} would round to {_decimal(rounded(exact, step), step, more=0)}"
    return ERRATUM if reading.mistake else verdict, why


def _miswritten(printed: str, exact: Fraction, step: Fraction) -> tuple[str, str] | None:
    """The verdict where the right count was miswritten: its digits swapped, or rounded a second time."""
    right, once = _decimal(rounded(exact, step), step, more=0), rounded(exact, step / 10)
    if printed in _swapped(right):
        return ERRATUM, f"two digits of {right} are swapped"
    if rounded(once, step) == Fraction(printed):
        return ERRATUM, f"rounded twice: {_decimal(exact, step)} to {_decimal(once, step, more=1)} to {printed}"
    return None


def _misses(printed: str, row: Row, exact: Fraction, step: Fraction) -> tuple[str, str]:
    """The verdict where nothing gives the printed number: a part of the network is unknown, or the reason is."""
    if row.unknown:
        left = float(Fraction(printed) - exact)
        return UNKNOWN, f"{row.unknown}: the {_decimal(exact, step)} before them leave {left:+.1f}"
    return DIFFERS, f"no reading gives it; ours is {float(100 * (exact / Fraction(printed) - 1)):+.1f} %"


def _swapped(number: str) -> set[str]:
    """All numbers that swapping two neighbouring digits gives.

    >>> sorted(_swapped("1.91"))
    ['1.19', '9.11']
    """
    digits, point = number.replace(".", ""), number.find(".")
    found = {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)} - {digits}
    return {swapped if point < 0 else f"{swapped[:point]}.{swapped[point:]}" for swapped in found}


def _decimal(exact: Fraction, step: Fraction, more: int = 3) -> str:
    """The number with `more` decimals than were printed."""
    return f"{float(exact):.{len(str(step.denominator)) - 1 + more}f}"
