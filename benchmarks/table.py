"""A line of the headline table: a ratio (or megabytes, or per cent) beside its bar."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from npmobile import tables
from npmobile.fast.timing import Spread, spread

Times = Mapping[str, list[float]]
UNHELD = ("ONNX Runtime", "LiteRT")  # no variable keeps them from using AVX-512


@dataclass
class Row:
    """What was measured, and the bar it is held to, if there is one."""

    what: str
    figures: str  # ours and theirs, as the table shows them
    value: float
    sign: str = "<="
    bar: float | None = None
    range: tuple[float, float] | None = None  # of the middle half of the rounds
    medians: dict[str, float] = field(default_factory=dict)  # seconds of everything that was measured for it

    @property
    def met(self) -> bool | None:
        if self.bar is None:
            return None
        return self.value <= self.bar if self.sign == "<=" else self.value >= self.bar

    def document(self) -> dict[str, Any]:
        return asdict(self) | {"met": self.met}


def fastest(times: Times, start: str) -> str:
    """Of those whose name starts so, the one with the smallest median."""
    return min((name for name in times if name.startswith(start)), key=lambda name: statistics.median(times[name]))


def compared(what: str, times: Times, other: str, sign: str = "<=", bar: float | None = None) -> Row:
    """Our fastest time over theirs at `<=`; how many times as much as they we do in the same time at `>=`."""
    ours, theirs = fastest(times, "npmobile"), fastest(times, other)
    pairs = zip(times[ours], times[theirs]) if sign == "<=" else zip(times[theirs], times[ours])
    ratio = spread(a / b for a, b in pairs)
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    figures = f"{1e3 * medians[ours]:.2f} / {1e3 * medians[theirs]:.2f} ms"
    details = "; ".join(name.partition(", ")[2] for name in (ours, theirs) if ", " in name and name != other)
    return Row(what, f"{figures} ({details})" if details else figures, *measured(ratio, sign, bar), medians)


def measured(ratio: Spread, sign: str, bar: float | None) -> tuple[float, str, float | None, tuple[float, float]]:
    return ratio.median, sign, bar, (ratio.low, ratio.high)


def side_by_side(documents: Mapping[str, dict[str, Any]]) -> str:
    """The rows of all kinds of processors as markdown: for each kind the figures, their ratio, and "met" or not."""
    kinds = list(documents)
    head = ["what", "bar", *(title for kind in kinds for title in (kind, f"ratio, {kind}"))]
    lines = [head]
    for rows in zip(*(documents[kind]["rows"] for kind in kinds)):
        bar = "" if rows[0]["bar"] is None else f"{rows[0]['sign']} {rows[0]['bar']:g}"
        cells = [
            cell
            for kind, row in zip(kinds, rows)
            for cell in (row["figures"], verdict(row, documents[kind]["variables"]))
        ]
        lines.append([rows[0]["what"], bar, *cells])
    return tables.as_markdown(lines, ("what", "bar", *head[2:]))


def verdict(row: Mapping[str, Any], variables: Mapping[str, str]) -> str:
    """The value of a row, the middle half of its rounds, and whether it meets its bar, if that can be told.

    >>> verdict({"what": "a / b", "value": 0.834, "range": (0.82, 0.85), "met": True}, {})
    '0.83 (0.82 - 0.85), met'
    """
    text = f"{row['value']:.2f}"
    if row["range"]:
        text += " ({:.2f} - {:.2f})".format(*row["range"])
    if variables and any(name in row["what"] for name in UNHELD):
        return text + ", theirs with AVX-512"
    return text + {True: ", met", False: ", **not met**", None: ""}[row["met"]]
