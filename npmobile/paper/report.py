"""The report of `python -m npmobile.paper`: every cost that the paper prints beside ours, as text, markdown or JSON.

This module only collects and lays out: the numbers and verdicts come from `comparison`, `published`, `errata` and
`tools`.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from .. import cost, tables
from ..spec import mobilenet
from . import tools
from .comparison import Cell, cells, tally
from .errata import Erratum, list_errata
from .printed import KERAS_HEADER, PAPER, RELEASED
from .published import Point, accuracies
from .verdicts import REPRODUCED, UNKNOWN, VERDICTS


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
