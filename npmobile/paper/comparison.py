"""Every printed cost beside ours, with a verdict.

What was printed stands in `printed`, the ways in which it may have been counted in `readings`, and the rules in
`verdicts`. This module puts the three together: one `Cell` for each printed number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..spec import mobilenet
from . import readings
from .printed import Table
from .verdicts import DIFFERS, EQUAL, ERRATUM, VERDICTS, judge

UNITS = {"million": 10**6, "billion": 10**9}


@dataclass(frozen=True)
class Cell:
    """One printed cost beside ours.

    `ours` is the plain count of `cost`: an exact number (percent in Table 2, words in Table 1), or None where
    there is none. `why` says how the verdict came about, in numbers.
    """

    table: str
    row: str
    column: str
    printed: str
    ours: int | Fraction | str | None
    verdict: str
    why: str


def cells(table: Table) -> list[Cell]:
    """Every printed cost of a table beside ours; of Table 1, every row.

    Parameters
    ----------
    table : Table
        Of `printed.PAPER`, `printed.KERAS_HEADER`, or `printed.RELEASED`.

    Returns
    -------
    list of Cell
        Empty for Table 11, which has no costs.

    Raises
    ------
    TypeError
        If `table` is no `Table`.

    Examples
    --------
    >>> from npmobile.paper.printed import PAPER
    >>> for cell in cells(PAPER[3])[:2]:
    ...     print(cell.row, cell.printed, cell.ours, cell.verdict)
    Conv MobileNet 4866 4867293184 other convention
    Conv MobileNet 29.3 29281120 equal
    """
    if not isinstance(table, Table):
        raise TypeError(f"table must be a Table, such as printed.PAPER[5], but is {table!r:.60}")
    if table.name == "Table 1":
        return _layers(table)
    found = []
    for printed in table.rows:
        label = table.label(printed)
        row = readings.of_row(table.name, label)
        for title, number in zip(table.columns, printed):
            match = re.fullmatch("(?:(million|billion)_)?(mult_adds|parameters)(?:_percent)?", title)
            if match:
                verdict, why = judge(number, row, match[2], UNITS.get(match[1], 1))
                ours = getattr(row.readings[0], match[2]) if row.readings else None
                ours = int(ours) if ours is not None and ours.denominator == 1 else ours
                found.append(Cell(table.name, label, title, number, ours, verdict, why))
    return found


def _layers(table: Table) -> list[Cell]:
    """Table 1: each row beside the row of our layer; an erratum if it contradicts the next row of the paper."""
    found = []
    ours = readings.as_table_1(mobilenet())
    for number, (printed, right) in enumerate(zip(table.rows, ours, strict=True)):
        verdict, why = EQUAL, ""
        if printed != right:
            stride, D_F, D_G = int(printed[0][-1]), _side(printed), _side(table.rows[number + 1])
            contradicts = -(-D_F // stride) != D_G
            verdict = ERRATUM if contradicts else DIFFERS
            why = f"stride {stride} makes {-(-D_F // stride)} of {D_F}, and the next row starts with {D_G}"
        found.append(Cell(table.name, f"row {number + 1}", "layer", _joined(printed), _joined(right), verdict, why))
    return found


def _side(row: Sequence[str]) -> int:
    return int(row[2].split("x")[0])


def _joined(row: Sequence[str]) -> str:
    *texts, repeat = row
    return ", ".join(texts) + (f", {repeat} times" if repeat != "1" else "")


def tally(found: Iterable[Cell]) -> dict[str, int]:
    """How many cells got each verdict. The rows of Table 1 are left out, because they print no cost.

    Examples
    --------
    >>> from npmobile.paper.printed import PAPER
    >>> {verdict: count for verdict, count in tally(cells(PAPER[6])).items() if count}
    {'equal': 7, 'cut off': 1}
    """
    found_verdicts = [cell.verdict for cell in found if cell.table != "Table 1"]
    return {verdict: found_verdicts.count(verdict) for verdict in VERDICTS}
