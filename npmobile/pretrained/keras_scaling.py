"""Layers that scale the pixels inside a Keras model, before its first convolution.

People put `Rescaling(1 / 127.5, offset=-1)` there, or `preprocess_input`, which Keras writes down as a division and a
subtraction. All of them are x = pixel * scale + offset, which is what a `Preparation` does before the network.
"""

from __future__ import annotations

from typing import Any

from ..images import Preparation
from .keras_rows import FUNCTIONS, INERT, OPERATIONS, Rest, Row
from .messages import Refused, short
from .settings import Kind, number, numbers

COLOURS: Kind[tuple[float, ...]] = Kind(
    "a finite number, or a list of 3",
    lambda v: number().fits(v) or numbers(3).fits(v),
    lambda v: (float(v),) * 3 if number().fits(v) else numbers(3).convert(v),
)


def preparation(rest: Rest) -> dict[str, Any]:
    """How images are prepared, where layers before the first convolution scale the pixels; nothing where none does."""
    scale: tuple[float, ...] = (1.0,) * 3
    offset: tuple[float, ...] = (0.0,) * 3
    found = False
    while rest.rows:
        rest.skip(*INERT)
        if not rest.rows or rest.rows[0].kind not in ("Rescaling", "TFOpLambda", *OPERATIONS):
            break
        row = rest.take("", rest.rows[0].kind)
        times, plus = _step(row)
        scale = tuple(s * t for s, t in zip(scale, times))
        offset = tuple(o * t + p for o, t, p in zip(offset, times, plus))
        found = True
    if not found:
        return {}
    try:
        mean = tuple(-o / s for o, s in zip(offset, scale))
        return {"preparation": Preparation(mean=mean, std=tuple(1 / s for s in scale))}
    except (ValueError, ArithmeticError) as error:
        raise Refused(f"its first layers make pixel * {short(scale)} + {short(offset)} of a pixel: {error}") from error


def _step(row: Row) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """What one layer multiplies the pixels with, and what it then adds."""
    ones, zeros = (1.0,) * 3, (0.0,) * 3
    if row.kind == "Rescaling":
        return row.settings.get("scale", COLOURS), row.settings.get("offset", COLOURS, zeros)
    function = row.settings.values.get("function")
    operation = OPERATIONS.get(row.kind) or (FUNCTIONS.get(function) if isinstance(function, str) else None)
    if operation is None or len(row.constants) != 1 or not COLOURS.fits(row.constants[0]):
        raise Refused(f"{row} is no scaling of pixels by numbers, and stands where MobileNet v1 has conv1")
    constant = COLOURS.convert(row.constants[0])
    if operation == "divide":
        if 0 in constant:
            raise Refused(f"{row} divides by 0")
        return tuple(1 / c for c in constant), zeros
    if operation == "multiply":
        return constant, zeros
    return ones, constant if operation == "add" else tuple(-c for c in constant)
