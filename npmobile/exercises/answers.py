"""Read what a student's function returned: an array, or an array with a number of mult-adds; a whole number; rows."""

from __future__ import annotations

from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import numpy as np

from .task import Trial
from .words import Sentence

NOTHING = Sentence("It returns None: does it end with return?")


def read_array(trial: Trial, came: Any) -> None:
    """An array of float64, alone or as (y, mult_adds)."""
    if isinstance(came, tuple) and len(came) == 2 and isinstance(came[1], (int, float, np.integer, np.floating)):
        came, stated = came
        trial.stated = int(stated) if isinstance(stated, Integral) else float(stated)
    read_plain_array(trial, came)


def read_plain_array(trial: Trial, came: Any, dtype: Any = np.float64) -> None:
    """An array of one dtype. Values of another dtype are kept, so that a mistake can be recognised in them."""
    if came is None:
        trial.problem = NOTHING
        return
    if type(came) not in (np.ndarray, np.memmap):  # a masked array would lose its mask
        trial.problem = Sentence("It returns {kind}, not an array of NumPy's.", kind=type_name(came))
        if isinstance(came, (list, tuple)):
            trial.problem = Sentence(
                "It returns a {kind}: make an array of it, with np.array.", kind=type(came).__name__
            )
        return
    if came.dtype.kind not in "fiub":
        trial.problem = Sentence(
            "It returns an array of {dtype}, not of {wanted}.", dtype=str(came.dtype), wanted=np.dtype(dtype).name
        )
        return
    trial.y, trial.dtype = np.array(came, np.float64, subok=False), str(came.dtype)
    if not np.isfinite(trial.y).all():
        trial.problem = Sentence("The result holds {what}.", what="NaN" if np.isnan(trial.y).any() else "inf")
    elif trial.y.shape != trial.expected.shape:
        trial.problem = Sentence(
            "The shape is {came}, expected {expected}.", came=came.shape, expected=trial.expected.shape
        )
    elif came.dtype != dtype:
        wanted = np.dtype(dtype).name
        trial.problem = Sentence("The result is of {dtype}, expected {wanted}.", dtype=str(came.dtype), wanted=wanted)


def read_count(trial: Trial, came: Any) -> None:
    """A whole number."""
    if came is None:
        trial.problem = NOTHING
    elif (
        isinstance(came, bool)
        or not isinstance(came, (Integral, float, np.floating, np.ndarray))
        or (isinstance(came, np.ndarray) and came.shape)
    ):
        trial.problem = Sentence("It returns {kind}, not a whole number.", kind=type_name(came))
    elif isinstance(came, Integral):
        trial.y = int(came)
    else:
        trial.y = float(came)
        if trial.y == trial.expected:
            trial.problem = Sentence(
                "It returns the float {came}, not a whole number: divide with // instead of /.", came=trial.y
            )


def read_ratio(trial: Trial, came: Any) -> None:
    """A number: int, float or Fraction."""
    if came is None:
        trial.problem = NOTHING
    elif isinstance(came, bool) or not isinstance(came, (Real, np.floating)):
        trial.problem = Sentence("It returns {kind}, not a number.", kind=type_name(came))
    else:
        trial.y = Fraction(came) if isinstance(came, (int, Fraction)) else float(came)


def arrays_agree(y: Any, expected: np.ndarray) -> bool:
    """Whether two arrays are equal but for the rounding of float64."""
    return y is not None and y.shape == expected.shape and bool(np.allclose(y, expected, rtol=1e-9, atol=1e-9))


def told_apart(expected: float, came: float) -> tuple[str, str]:
    """Two numbers with so many digits that they differ.

    >>> told_apart(0.5, 0.25), told_apart(1 / 3, 0.33333334)
    (('0.5', '0.25'), ('0.3333333333', '0.33333334'))
    """
    for digits in (6, 10, 17):
        texts = f"{expected:.{digits}g}", f"{came:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def shown(value: Any) -> str:
    """A number or a row as text, not too long.

    >>> shown(3), shown(10**5000)
    ('3', 'an int of thousands of digits')
    """
    try:
        text = str(value)
    except ValueError:  # Python refuses to write an int of more than 4300 digits
        return "an int of thousands of digits"
    return text if len(text) <= 100 else f"{text[:97]}..."


def type_name(value: Any) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
