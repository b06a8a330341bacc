"""What stays of a page where scripts are stripped: a still picture of it in plain HTML.

Untrusted notebooks and previews on the web strip scripts and style sheets, and keep tables and most of what stands in
`style`. So the picture is made of tables, it also reads well without colours, and it says how to get the page that
moves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

COLOURS = {"standard": "#E69F00", "depthwise": "#D55E00", "pointwise": "#56B4E9"}
TINTS = {"standard": "#FBEBCC", "depthwise": "#F8DFCC", "pointwise": "#DDF0FB"}  # under black numbers
BAR = 320  # pixels of the longest bar


def of_stepper(data: dict[str, Any], text: str) -> str:
    """The first output n = 0 in the middle of the image, on both sides, and the counts as bars."""
    words, sizes, cells = data["words"], data["sizes"], data["cells"]
    middle = (sizes["D_G"] - 1) // 2
    pixel = middle * sizes["D_G"] + middle
    M, N = sizes["M"], sizes["N"]
    standard, pointwise = data["standards"]["general"]["cells"][pixel * N], cells["pointwise"][pixel * N]
    depthwise = cells["depthwise"][pixel * M : (pixel + 1) * M]
    made = [("standard", words["standard"], data["totals"]["standard"])]
    made += [(kind, words[kind], data["totals"][kind]) for kind in ("depthwise", "pointwise")]
    parts = [
        _heading(words["title"], words["still"]),
        _images(data, standard, "standard"),
        _why("standard", data),
        _products([standard], words, "standard"),
        _why("separable", data),
        _products(depthwise, words, "depthwise"),
        _products([pointwise], words, "pointwise"),
        _bars(made),
        f"<p>{text}</p>",
    ]
    return "\n".join(parts)


def of_explorer(data: dict[str, Any], text: str) -> str:
    """The 16 published networks with their cost and accuracy, and the mult-adds as bars."""
    words, points = data["words"], data["published"]
    head = ["MobileNet", words["top_1"], words["mult_adds"], ""]
    longest = max(point["mult_adds"] for point in points)
    rows = [
        [
            point["name"],
            f"{point['top_1']} %",
            f"{point['mult_adds']:,}",
            _bar("pointwise", BAR * point["mult_adds"] // longest),
        ]
        for point in points
    ]
    table = _table([[f"<b>{title}</b>" for title in head], *rows])
    return "\n".join([_heading(words["title"], words["still"]), f"<p>{words['presets']}</p>", table, f"<p>{text}</p>"])


def _heading(title: str, sentence: str) -> str:
    return f"<p><b>{title}</b></p>\n<p><b>{sentence}</b></p>"


def _why(side: str, data: dict[str, Any]) -> str:
    """What an output of this side costs, and why: the words of the page without their styles."""
    words = [data["words"][key].format(**data["words_of_each"]) for key in (f"each_{side}", f"why_{side}")]
    return f"<p><b>{data['words'][side]}</b>: {re.sub('<[^>]*>', '', '; '.join(words))}</p>"


def _images(data: dict[str, Any], cell: dict[str, Any], kind: str) -> str:
    """The channels of the image beside each other, with the window of an output in colour and in bold."""
    sizes = data["sizes"]
    rows, cols = (
        range(start, start + sizes["D_K"]) for start in (sizes["stride"] * cell["k"], sizes["stride"] * cell["l"])
    )
    lines = []
    for k in range(len(data["image"][0])):
        line = []
        for m, channel in enumerate(data["image"]):
            line += [("", "")] * (m > 0)  # between two channels
            for l, value in enumerate(channel[k]):
                is_read = k in rows and l in cols
                line.append((f"<b>{value}</b>", TINTS[kind]) if is_read else (str(value), ""))
        lines.append(line)
    names = ", ".join(f"m = {m}" for m in range(sizes["M"]))
    return f"<p>{data['words']['image_caption'].replace('m = {m}', names)}</p>\n{_coloured(lines)}"


def _products(cells: Sequence[dict[str, Any]], words: dict[str, str], kind: str) -> str:
    """The windows of these outputs, their weights, the products and the sums so far; the last sum is the output."""
    lines = []
    for row in "xwps":
        line = [(words[f"row_{row}"], "")]
        for cell in cells:
            line += [("|", "")] * (cell is not cells[0])
            numbers = [(str(value).replace("-", "−"), TINTS[kind] if row == "x" else "") for value in cell[row]]
            if row == "s":
                numbers[-1] = (f"<b>{numbers[-1][0]}</b>", COLOURS[kind])
            line += numbers
        lines.append(line)
    return _coloured(lines)


def _bars(rows: Sequence[tuple[str, str, int]]) -> str:
    longest = max(count for _, _, count in rows)
    return _table([[name, f"{count:,}", _bar(kind, BAR * count // longest)] for kind, name, count in rows])


def _bar(kind: str, width: int) -> str:
    return f'<div style="width: {width}px; height: 12px; background-color: {COLOURS[kind]}"></div>'


def _table(rows: Sequence[Sequence[str]]) -> str:
    return _coloured([[(text, "") for text in row] for row in rows])


def _coloured(rows: Sequence[Sequence[tuple[str, str]]]) -> str:
    """A table of texts, each with a background colour or none; black on white or on its colour, in a dark theme too."""
    body = "".join("<tr>" + "".join(_cell(text, colour) for text, colour in row) + "</tr>" for row in rows)
    return f'<table style="border-collapse: collapse; margin: 4px 0">{body}</table>'


def _cell(text: str, colour: str) -> str:
    if not text:
        return "<td></td>"
    style = f"background-color: {colour or '#ffffff'}; color: #111111; border: 1px solid #999999; padding: 2px 5px"
    return f'<td style="{style}; text-align: center">{text}</td>'
