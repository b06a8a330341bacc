"""What moves in a notebook: a convolution step by step, and MobileNet made thinner and smaller.

Each function returns a `Widget`. A notebook shows it as a page with buttons; where scripts are stripped a static
picture stays, and as text it says its final numbers. The numbers are all computed here, by `loops`, `conv` and
`cost`; the scripts in `widgets/` only show them. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.resources import files
from itertools import chain
from numbers import Integral
from typing import Any

import numpy as np

from .. import cost, paper
from .. import language as speech
from ..spec import mobilenet
from . import race

LANGUAGES = ("en", "ko")
ALPHAS = tuple(step / 20 for step in range(1, 26))  # 0.05 to 1.25
RESOLUTIONS = tuple(range(32, 321, 32))
KINDS = ("pointwise", "depthwise", "standard", "fully_connected")


class Widget:
    """A page for a notebook: `data` for its script, a static picture where scripts are stripped, and plain text."""

    def __init__(self, name: str, data: dict[str, Any], picture: str, text: str, language: str) -> None:
        self.data = data
        self._name, self._picture, self._text, self._language = name, picture, text, language

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        # "<" is written as an escape, so that no text in the data can end the script. JupyterLab is asked to leave
        # the keys alone while a button has the focus: its "b" would insert a cell, and "d d" delete one.
        data = json.dumps(self.data | {"style": _read("widgets.css")}, ensure_ascii=False).replace("<", "\\u003c")
        script = _read("common.js") + _read(f"{self._name}.js")
        return (
            f'<div class="npmobile-{self._name}" lang="{self._language}" data-lm-suppress-shortcuts="true">\n{self._picture}\n'
            f'<script type="application/json">{data}</script>\n<script>(() => {{\n{script}}})();</script>\n</div>'
        )


def stepper(
    size: int = 4,
    D_K: int = 3,
    M: int = 2,
    N: int = 3,
    stride: int = 1,
    padding: str = "same",
    language: str | None = None,
) -> Widget:
    """A race of two convolutions, standard and separable, at D_K * D_K * M mult-adds a step.

    In one step the standard convolution makes one output number, the depthwise one a whole pixel, M numbers, and the
    pointwise one D_K * D_K numbers. So the separable pair takes 1/N + 1/D_K**2 of the time: the ratio of the paper's
    section 3.1, seen. The counts are those that `loops` makes while it computes the numbers shown.

    Parameters
    ----------
    size : int
        Side of the picture, 2 to 6.
    D_K : int
        Side of the kernel, 1 to 3.
    M, N : int
        Input channels, 1 to 3, and output channels, 1 to 4.
    stride : int
        1 or 2.
    padding : {"same", "symmetric", "valid"}
    language : {"en", "ko"}, optional
        That of `language.use` unless it is given.

    Returns
    -------
    Widget

    Raises
    ------
    ValueError
        If an argument is out of range: what is larger cannot be read on one page.

    Examples
    --------
    >>> stepper()
    standard 864 mult-adds; separable 288 + 96 = 384 mult-adds; 384 / 864 = 1/N + 1/D_K² = 1/3 + 1/9 = 4/9 ≈ 0.444
    """
    size = _in_range("size", size, 2, 6)
    D_K = _in_range("D_K", D_K, 1, 3)
    M = _in_range("M", M, 1, 3)
    N = _in_range("N", N, 1, 4)
    stride = _in_range("stride", stride, 1, 2)
    language = speech.of_pages() if language is None else language
    words = _words("stepper", language)
    rng = np.random.default_rng(0)
    x = rng.integers(0, 6, (1, size, size, M)).astype(float)  # small whole numbers, to be checked by hand
    kernel = rng.integers(-1, 2, (D_K, D_K, M, N)).astype(float)
    lanes = race.lanes(x, kernel, stride, padding)
    totals: dict[str, Any] = {kind: lane["total"] for kind, lane in lanes.items()}
    totals["separable"] = totals["depthwise"] + totals["pointwise"]
    share = cost.separable_ratio(D_K, N)
    ratio = f"{totals['separable']:,} / {totals['standard']:,} = 1/N + 1/D_K² = 1/{N} + 1/{D_K**2} = {share}"
    ratio += f" ≈ {float(share):.3f}"
    data = {"words": words, "pace": D_K * D_K * M, "lanes": lanes, "totals": totals, "ratio": ratio}
    text = words["text"].format(**{kind: f"{count:,}" for kind, count in totals.items()}, ratio=ratio)
    return Widget("stepper", data, _first_window(lanes, words, text), text, language)


def explorer(classes: int = 1000, language: str | None = None) -> Widget:
    """The bill of any MobileNet with alpha in steps of 0.05 to 1.25 and a resolution in steps of 32 to 320.

    Shown by kind of layer, with the published network nearest in mult-adds and the accuracy it reached.

    Parameters
    ----------
    classes : int
        Outputs of the classifier, 1 to 100,000.
    language : {"en", "ko"}, optional
        That of `language.use` unless it is given.

    Returns
    -------
    Widget

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> explorer()
    MobileNet 1.0-224, 1,000 classes: 568,740,352 mult-adds, 4,209,088 parameters; top-1 accuracy on ImageNet 70.9 %
    """
    classes = _in_range("classes", classes, 1, 100_000)
    language = speech.of_pages() if language is None else language
    words = _words("explorer", language)
    networks: list[dict[str, Any]] = [
        {"name": f"{alpha}-{resolution}", "place": [ALPHAS.index(alpha), RESOLUTIONS.index(resolution)], "top_1": top_1}
        for (alpha, resolution), top_1 in published().items()
    ]
    bills, parameters = _bills(classes)
    for network in networks:
        a, r = network["place"]
        network |= {"mult_adds": bills[a][r]["total"], "parameters": parameters[a]["total"]}
    full = networks[0]["mult_adds"]
    for bill in chain.from_iterable(bills):
        bill["of_full"] = _percent(Fraction(bill["total"], full))
        bill["nearest"] = min(range(len(networks)), key=lambda i: _times(bill["total"], networks[i]["mult_adds"]))
    data = {
        "words": words,
        "classes": classes,
        "kinds": KINDS,
        "alphas": ALPHAS,
        "alpha_names": [str(alpha) for alpha in ALPHAS],
        "resolutions": RESOLUTIONS,
        "rhos": [str(Fraction(resolution, 224)) for resolution in RESOLUTIONS],
        "published": networks,
        "parameters": parameters,
        "bills": bills,
    }
    first = networks[0] | {"total": f"{full:,}", "parameters": f"{networks[0]['parameters']:,}"}
    text = words["text"].format(**first, classes=f"{classes:,}")
    return Widget("explorer", data, _published_table(networks, words, text), text, language)


def published() -> dict[tuple[float, int], float]:
    """Top-1 accuracy in percent of the 16 released networks, by (alpha, resolution).

    Examples
    --------
    >>> published()[0.25, 128]
    41.5
    """
    return {(point.alpha, point.resolution): point.released for point in paper.accuracies()}


def _bills(classes: int) -> tuple[list[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Mult-adds by alpha and resolution, and parameters by alpha: no resolution changes those."""
    bills, parameters = [], []
    for alpha in ALPHAS:
        by_kind = [cost.by_kind(mobilenet(alpha, resolution, classes)) for resolution in RESOLUTIONS]
        bills.append([_column(kinds, "mult_adds", "share") for kinds in by_kind])
        parameters.append(_column(by_kind[0], "parameters", "parameter_share"))
    return bills, parameters


def _column(kinds: dict[str, cost.Row], counts: str, shares: str) -> dict[str, Any]:
    """One column of a bill with its shares in percent, as `cost.as_text` prints them."""
    rows = [kinds[kind] for kind in KINDS]
    return {
        "counts": [getattr(row, counts) for row in rows],
        "shares": [_percent(getattr(row, shares)) for row in rows],
        "total": getattr(cost.total(kinds.values()), counts),
    }


def _times(a: int, b: int) -> Fraction:
    """How many times the larger is the smaller."""
    return Fraction(max(a, b), min(a, b))


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.2f}"


def _first_window(lanes: dict[str, Any], words: dict[str, str], text: str) -> str:
    """The stepper's static picture: what im2col does to the first window, and the final counts as bars."""
    lane = lanes["standard"]
    rows = [
        [f"<b>{value}</b>" if k < lane["side"] and l < lane["side"] else str(value) for l, value in enumerate(row)]
        for k, row in enumerate(lane["picture"][0])
    ]
    column = [[f"<b>{value}</b>" for value in lane["steps"][0]["column"][0]]]
    longest = max(lane["total"] for lane in lanes.values())
    bars = [
        [words[kind], f"{lane['total']:,}", _BAR.format(width=100 * lane["total"] // longest)]
        for kind, lane in lanes.items()
    ]
    return "\n".join([f"<p>{words['first_window']}</p>", _table(rows), _table(column), _table(bars), f"<p>{text}</p>"])


def _published_table(networks: list[dict[str, Any]], words: dict[str, str], text: str) -> str:
    """The explorer's static picture: the 16 networks with their cost and accuracy."""
    head = ["MobileNet", words["mult_adds"], words["parameters"], words["top_1"]]
    rows = [[n["name"], f"{n['mult_adds']:,}", f"{n['parameters']:,}", f"{n['top_1']} %"] for n in networks]
    return f"<p>{words['presets']}</p>\n{_table([[f'<b>{title}</b>' for title in head], *rows])}\n<p>{text}</p>"


def _table(rows: list[list[str]]) -> str:
    """A table whose looks survive where style sheets and scripts are stripped."""
    lines = [
        "".join(f'<td style="border: 1px solid #767676; padding: 4px">{cell}</td>' for cell in row) for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table style="border-collapse: collapse; margin: 8px 0">{body}</table>'


_BAR = '<div style="width: {width}px; height: 14px; background-color: #56B4E9; border: 1px solid #111"></div>'


def _words(widget: str, language: str) -> dict[str, str]:
    if language not in LANGUAGES:
        raise ValueError(f'language must be "en" or "ko", but is {language!r}')
    everything = json.loads(_read(f"{language}.json"))
    return {key: word for key, word in everything.items() if isinstance(word, str)} | everything[widget]


def _in_range(name: str, value: int, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= value <= most:
        raise ValueError(f"{name} must be an int from {least} to {most}, but is {value!r}")
    return int(value)


def _read(name: str) -> str:
    return (files("npmobile.interactive") / name).read_text(encoding="utf8")
