"""The cost of MobileNet for any alpha and resolution, beside the accuracy of the nearest published network.

All 250 combinations that can be chosen are computed here, by `cost`; `explorer.js` shows one of them. The resolutions
are multiples of 32, where all paddings of MobileNet have the same cost.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from typing import Any

from .. import cost, paper
from ..spec import mobilenet
from .widget import Widget, html_table, in_range, words

ALPHAS = tuple(step / 20 for step in range(1, 26))  # 0.05 to 1.25
RESOLUTIONS = tuple(range(32, 321, 32))
KINDS = ("pointwise", "depthwise", "standard", "fully_connected")  # of layers that make mult-adds


def explorer(classes: int = 1000, language: str | None = None) -> Widget:
    """The cost of any MobileNet: alpha from 0.05 to 1.25 in steps of 0.05, resolution from 32 to 320 in steps of 32.

    The cost is shown by kind of layer, with the published network nearest in mult-adds and its accuracy.

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
    classes = in_range("classes", classes, 1, 100_000)
    language, texts = words("explorer", language)
    costs, parameters = _costs(classes)
    published: list[dict[str, Any]] = []
    for point in paper.accuracies():
        a, r = ALPHAS.index(point.alpha), RESOLUTIONS.index(point.resolution)
        network = {"name": f"{point.alpha}-{point.resolution}", "index": [a, r], "top_1": point.released}
        published.append(network | {"mult_adds": costs[a][r]["total"], "parameters": parameters[a]["total"]})
    full = published[0]["mult_adds"]
    for column in chain.from_iterable(costs):
        column["of_full"] = _percent(Fraction(column["total"], full))
        factors = [_factor(column["total"], network["mult_adds"]) for network in published]
        column["nearest"] = factors.index(min(factors))
    data = {
        "words": texts,
        "classes": classes,
        "kinds": KINDS,
        "alphas": ALPHAS,
        "alpha_names": [str(alpha) for alpha in ALPHAS],
        "resolutions": RESOLUTIONS,
        "rhos": [str(Fraction(resolution, 224)) for resolution in RESOLUTIONS],
        "published": published,
        "parameters": parameters,
        "costs": costs,
    }
    first = published[0] | {"total": f"{full:,}", "parameters": f"{published[0]['parameters']:,}"}
    text = texts["text"].format(**first, classes=f"{classes:,}")
    return Widget("explorer", data, _published_table(published, texts, text), text, language)


def _costs(classes: int) -> tuple[list[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Mult-adds by alpha and resolution, and parameters by alpha: the resolution does not change those."""
    costs, parameters = [], []
    for alpha in ALPHAS:
        by_kind = [cost.by_kind(mobilenet(alpha, resolution, classes)) for resolution in RESOLUTIONS]
        costs.append([_column(kinds, "mult_adds", "share") for kinds in by_kind])
        parameters.append(_column(by_kind[0], "parameters", "parameter_share"))
    return costs, parameters


def _column(kinds: dict[str, cost.Row], counts: str, shares: str) -> dict[str, Any]:
    """One column of a cost table with its shares in percent, as `cost.as_text` prints them."""
    rows = [kinds[kind] for kind in KINDS]
    return {
        "counts": [getattr(row, counts) for row in rows],
        "shares": [_percent(getattr(row, shares)) for row in rows],
        "total": getattr(cost.total(kinds.values()), counts),
    }


def _factor(a: int, b: int) -> Fraction:
    """The larger over the smaller."""
    return Fraction(max(a, b), min(a, b))


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.2f}"


def _published_table(published: list[dict[str, Any]], texts: dict[str, str], text: str) -> str:
    """The static page: the 16 published networks with their cost and accuracy."""
    head = ["MobileNet", texts["mult_adds"], texts["parameters"], texts["top_1"]]
    rows = [[n["name"], f"{n['mult_adds']:,}", f"{n['parameters']:,}", f"{n['top_1']} %"] for n in published]
    table = html_table([[f"<b>{title}</b>" for title in head], *rows])
    return f"<p>{texts['presets']}</p>\n{table}\n<p>{text}</p>"
