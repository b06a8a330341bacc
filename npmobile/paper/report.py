"""Every cost that the paper prints beside ours, with a verdict: `python -m npmobile.paper`.

Nothing here is decided by hand: what was printed stands in `printed`, how it may have been counted in `readings`,
the rules in `verdicts`, and what went wrong in print in `slips`.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from .. import cost, tables
from ..spec import mobilenet
from . import readings, tools
from .errata import Erratum, list_errata
from .printed import KERAS_HEADER, PAPER, RELEASED, Table
from .verdicts import DIFFERS, EQUAL, ERRATUM, REPRODUCED, UNKNOWN, VERDICTS, judge

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

    Examples
    --------
    >>> from npmobile.paper.printed import PAPER
    >>> for cell in cells(PAPER[3])[:2]:
    ...     print(cell.row, cell.printed, cell.ours, cell.verdict)
    Conv MobileNet 4866 4867293184 other convention
    Conv MobileNet 29.3 29281120 equal
    """
    if table.name == "Table 1":
        return _body(table)
    found = []
    for printed in table.rows:
        label = " ".join(printed[: 2 if table.name == "Table 13" else 1])
        row = readings.of(table.name, label)
        for title, number in zip(table.columns, printed):
            match = re.fullmatch("(?:(million|billion)_)?(mult_adds|parameters)(?:_percent)?", title)
            if match:
                verdict, why = judge(number, row, match[2], UNITS.get(match[1], 1))
                ours = getattr(row.readings[0], match[2]) if row.readings else None
                ours = int(ours) if ours is not None and ours.denominator == 1 else ours
                found.append(Cell(table.name, label, title, number, ours, verdict, why))
    return found


def _body(table: Table) -> list[Cell]:
    """Table 1: each row beside a row made from our layers; a slip if it contradicts the row under it."""
    found = []
    ours = readings.as_table_1(mobilenet())
    for number, (printed, right) in enumerate(zip(table.rows, ours, strict=True)):
        verdict, why = EQUAL, ""
        if printed != right:
            stride, D_F, D_G = int(printed[0][-1]), _side(printed), _side(table.rows[number + 1])
            contradicts = -(-D_F // stride) != D_G
            verdict = ERRATUM if contradicts else DIFFERS
            why = f"stride {stride} makes {-(-D_F // stride)} of {D_F}, and the next row starts with {D_G}"
        found.append(Cell(table.name, f"row {number + 1}", "layer", _words(printed), _words(right), verdict, why))
    return found


def _side(row: Sequence[str]) -> int:
    return int(row[2].split("x")[0])


def _words(row: Sequence[str]) -> str:
    *words, repeat = row
    return ", ".join(words) + (f", {repeat} times" if repeat != "1" else "")


def tally(found: Iterable[Cell]) -> dict[str, int]:
    """How many cells got each verdict, the rows of Table 1 left out: they print no cost.

    Examples
    --------
    >>> from npmobile.paper.printed import PAPER
    >>> {verdict: count for verdict, count in tally(cells(PAPER[6])).items() if count}
    {'equal': 7, 'cut off': 1}
    """
    found_verdicts = [cell.verdict for cell in found if cell.table != "Table 1"]
    return {verdict: found_verdicts.count(verdict) for verdict in VERDICTS}


def printed_total(alpha: float, resolution: int, classes: int = 1000) -> tuple[int, str] | None:
    """Millions of mult-adds that the paper prints for this network, and the table; None where it prints none.

    Examples
    --------
    >>> printed_total(1.0, 224)
    (569, 'Table 6')
    >>> printed_total(0.3, 224) is None
    True
    """
    for table in PAPER[5:9] if classes == 1000 else ():  # Tables 6 to 9 are about ImageNet's 1000 classes
        for label, _, millions, _ in table.rows:
            if _network(label) == (alpha, resolution):
                return int(millions), table.name
    return None


@dataclass(frozen=True)
class Point:
    """One of the 16 networks of Figures 4 and 5: its costs, and its ImageNet accuracy in percent.

    `printed` is the accuracy in the paper's tables, None for the 8 networks that it only plots; `released` is
    that of the weights which its authors published later.
    """

    alpha: float
    resolution: int
    mult_adds: int
    parameters: int
    printed: float | None
    released: float


def accuracies() -> list[Point]:
    """The 16 networks of Figures 4 and 5.

    Examples
    --------
    >>> accuracies()[0]
    Point(alpha=1.0, resolution=224, mult_adds=568740352, parameters=4209088, printed=70.6, released=70.9)
    >>> sum(point.printed is not None for point in accuracies())
    8
    """
    in_paper = {_network(row[0]): float(row[1]) for table in PAPER[5:9] for row in table.rows if _network(row[0])}
    points = []
    for name, _, _, top1, _ in RELEASED.rows:
        alpha, resolution = name.removeprefix("MobileNet_v1_").split("_")
        network = float(alpha), int(resolution)
        bill = cost.total(cost.table(mobilenet(*network)))
        points.append(Point(*network, bill.mult_adds, bill.parameters, in_paper.get(network), float(top1)))
    return points


def _network(label: str) -> tuple[float, int] | None:
    """Of "0.50 MobileNet-160": (0.5, 160)."""
    match = re.fullmatch(r"(\d\.\d+) MobileNet-(\d+)", label)
    return (float(match[1]), int(match[2])) if match else None


# The report


def collect(number: int | None = None) -> dict[str, Any]:
    """All that the report says: of one table, or of all of them, the tools and the tables of others."""
    name = f"Table {number}"
    printed = [table for table in PAPER if number is None or table.name == name]
    found = {table.name: cells(table) for table in printed}
    said = [erratum for erratum in list_errata() if number is None or erratum.where.startswith(f"{name},")]
    counted = tally(cell for costs in found.values() for cell in costs)
    return {
        "tables": found,
        "others": {table.name: cells(table) for table in (RELEASED, *KERAS_HEADER)} if number is None else {},
        "accuracies": accuracies() if number is None else [],
        "tools": tools.TOOLS if number is None else (),
        "errata": said,
        "tally": counted,
        "summary": f"{sum(counted[verdict] for verdict in REPRODUCED)} of {sum(counted.values())} printed costs "
        f"reproduced, {len(said)} errata explained, {counted[UNKNOWN]} not recomputable",
    }


def as_text(facts: dict[str, Any], markdown: bool = False) -> str:
    """The report for reading; its last line is the summary."""
    lay_out = tables.as_markdown if markdown else tables.as_text
    titles = {table.name: table.title for table in (*PAPER, RELEASED, *KERAS_HEADER)}
    lines = []

    def section(title: str, *body: str) -> None:
        lines.extend([f"## {title}" if markdown else f"{title}\n{'-' * len(title)}", "", *body, ""])

    for name, costs in (facts["tables"] | facts["others"]).items():
        body = lay_out(_costs(costs), _WORDS) if costs else textwrap.fill(_planet(), 100)
        section(f"{name}: {titles[name]}", body)
    if facts["accuracies"]:
        section("Figures 4 and 5: ImageNet accuracy in percent", lay_out(_points(facts["accuracies"]), _WORDS))
    for tool in facts["tools"]:
        title = f"{tool.name} {tool.version} says {tool.reported:,} {tool.word}"
        section(title, lay_out(_bridge(tool), _WORDS))
    if facts["errata"]:
        section("Erratums", *(_erratum(number, erratum) for number, erratum in enumerate(facts["errata"], start=1)))
    meanings = [[verdict, str(count), VERDICTS[verdict]] for verdict, count in facts["tally"].items()]
    section("Verdicts on printed costs", lay_out([["verdict", "costs", "meaning"], *meanings], _WORDS))
    return "\n".join([*lines, facts["summary"]])


def as_json(facts: dict[str, Any]) -> str:
    """The same for a program; fractions as "73/576"."""
    layers = mobilenet()
    bridged = [asdict(tool) | {"bridge": tools.bridge(layers, tool)} for tool in facts["tools"]]

    def plain(value: Any) -> Any:
        return str(value) if isinstance(value, Fraction) else asdict(value)

    return json.dumps(facts | {"tools": bridged}, indent=2, default=plain)


_WORDS = ("row", "what", "layer", "verdict", "why", "network", "item", "meaning")  # columns to the left


def _costs(costs: Sequence[Cell]) -> list[list[str]]:
    if costs[0].column == "layer":
        return [["row", "layer", "verdict", "why"], *([c.row, c.printed, c.verdict, c.why] for c in costs)]
    lines = [["row", "what", "printed", "ours", "verdict", "why"]]
    for cell in costs:
        unit = next((word for word in ("million", "billion", "percent") if word in cell.column), "")
        what = f"{'mult-adds' if 'mult_adds' in cell.column else 'parameters'}, {unit}"
        ours = f"{cell.ours:,}" if isinstance(cell.ours, int) else f"{float(cell.ours):.4f}" if cell.ours else "-"
        lines.append([cell.row, what, cell.printed, ours, cell.verdict, cell.why])
    return lines


def _points(points: Iterable[Point]) -> list[list[str]]:
    head = ["network", "mult-adds", "parameters", "in the paper's tables", "released later"]
    return [
        head,
        *(
            [
                f"{point.alpha} MobileNet-{point.resolution}",
                f"{point.mult_adds:,}",
                f"{point.parameters:,}",
                "-" if point.printed is None else str(point.printed),
                str(point.released),
            ]
            for point in points
        ),
    ]


def _bridge(tool: tools.Tool) -> list[list[str]]:
    layers = mobilenet()
    items = [*tools.bridge(layers, tool), ("total", tools.total(layers, tool))]
    return [["item", "count"], *([what, f"{count:,}"] for what, count in items)]


def _erratum(number: int, erratum: Erratum) -> str:
    text = (
        f"{erratum.where}: printed {erratum.printed}; right {erratum.right}. {erratum.why[0].upper()}{erratum.why[1:]}."
    )
    indent = f"{number}. "
    return textwrap.fill(text, 100, initial_indent=indent, subsequent_indent=" " * len(indent))


def _planet() -> str:
    """Table 11 has accuracies only; the costs beside it stand in the text."""
    body = cost.total(cost.table(mobilenet()[:-1]))
    final = 10 * 10**6
    return (
        "No costs are printed in this table. The text gives PlaNet 52 million parameters and 5.74 billion mult-adds, "
        "which cannot be recomputed (its layers are not described), and PlaNet on MobileNet 13 million parameters: the "
        f"body's {body.parameters / 1e6:.3f} and the final layer's {final / 1e6:.0f} are "
        f"{(body.parameters + final) / 1e6:.3f}. Its 0.58 million mult-adds are billions: "
        f"{(body.mult_adds + final) / 1e9:.4f}."
    )
