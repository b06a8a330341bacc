"""The report of `python -m npmobile.paper`: every cost that the paper prints beside ours, as text, markdown or JSON.

This module only collects and lays out: the numbers and verdicts come from `comparison`, `published`, `errata` and
`tools`.
"""

from __future__ import annotations

import json
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
    errata = [erratum for erratum in list_errata() if number is None or erratum.where.startswith(f"{name},")]
    counted = tally(cell for costs in found.values() for cell in costs)
    return {
        "tables": found,
        "others": {table.name: cells(table) for table in (RELEASED, *KERAS_HEADER)} if number is None else {},
        "accuracies": accuracies() if number is None else [],
        "tools": tools.TOOLS if number is None else (),
        "errata": errata,
        "tally": counted,
        "summary": f"{sum(counted[verdict] for verdict in REPRODUCED)} of {sum(counted.values())} printed costs "
        f"reproduced, {len(errata)} errata explained, {counted[UNKNOWN]} not recomputable",
    }


def as_text(facts: dict[str, Any], markdown: bool = False, wide: bool = False) -> str:
    """The report for reading; its last line is the summary.

    As text no line is longer than 80 columns: the reason for a verdict stands below its line. With `wide` it stands
    in the same line.
    """
    titles = {table.name: table.title for table in (*PAPER, RELEASED, *KERAS_HEADER)}
    blocks: list[str] = []

    def section(title: str, *body: str) -> None:
        blocks.extend([tables.heading(title, markdown), "", *body, ""])

    def lay_out(lines: tables.Lines) -> str:
        if markdown:
            return tables.as_markdown(lines, _WORDS)
        if wide:
            return tables.as_text(lines, _WORDS)
        return tables.as_text(lines, _WORDS, tables.WIDTH, below="why" if "why" in lines[0] else "")

    for name, costs in (facts["tables"] | facts["others"]).items():
        section(f"{name}: {titles[name]}", lay_out(_costs(costs)) if costs else tables.fill(_planet()))
    if facts["accuracies"]:
        section("Figures 4 and 5: ImageNet accuracy in percent", lay_out(_points(facts["accuracies"])))
    for tool in facts["tools"]:
        section(f"{tool.name} {tool.version} says {tool.reported:,} {tool.word}", lay_out(_bridge(tool)))
    if facts["errata"]:
        section("Errata", *(_erratum(number, erratum) for number, erratum in enumerate(facts["errata"], start=1)))
    meanings = [[verdict, str(count), VERDICTS[verdict]] for verdict, count in facts["tally"].items()]
    section("Verdicts on printed costs", lay_out([["verdict", "costs", "meaning"], *meanings]))
    return "\n".join([*blocks, facts["summary"]])


def as_json(facts: dict[str, Any]) -> str:
    """The same for a program; fractions as "73/576"."""
    layers = mobilenet()
    bridged = [asdict(tool) | {"bridge": tools.bridge(layers, tool)} for tool in facts["tools"]]

    def plain(value: Any) -> Any:
        return str(value) if isinstance(value, Fraction) else asdict(value)

    return json.dumps(facts | {"tools": bridged}, indent=2, default=plain)


_WORDS = ("row", "what", "layer", "verdict", "why", "network", "item", "meaning")  # aligned to the left
_UNITS = {"million": "million", "billion": "billion", "percent": "%"}  # word in a column's name -> as shown


def _costs(costs: Sequence[Cell]) -> list[list[str]]:
    if costs[0].column == "layer":
        return [["row", "layer", "verdict", "why"], *([c.row, c.printed, c.verdict, c.why] for c in costs)]
    lines = [["row", "what", "printed", "ours", "verdict", "why"]]
    for cell in costs:
        unit = next(unit for word, unit in _UNITS.items() if word in cell.column)
        what = "mult-adds" if "mult_adds" in cell.column else "parameters"
        ours = f"{cell.ours:,}" if isinstance(cell.ours, int) else f"{float(cell.ours):.4f}" if cell.ours else "-"
        lines.append([cell.row, what, f"{cell.printed} {unit}", ours, cell.verdict, cell.why])
    return lines


def _points(points: Iterable[Point]) -> list[list[str]]:
    head = ["network", "mult-adds", "parameters", "paper's tables", "released later"]
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
    bullet = f"{number}. "
    return tables.fill(text, first=bullet, indent=" " * len(bullet))


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
