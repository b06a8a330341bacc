"""The cost of MobileNet for any alpha and resolution, against budgets, beside the 16 published networks.

`cost` and `spec` compute what the page adds up: for each alpha the channels, the parameters and the mult-adds for each
pixel; for each side of an image the side after a layer of stride 2. `explorer_sums.js` multiplies and adds these whole
numbers for the network that is chosen, and a test compares its sums with `cost`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import cost, paper
from ..spec import Layer, mobilenet
from . import still
from .widget import Widget, in_range, words

ALPHAS = tuple(step / 100 for step in range(1, 151))  # 0.01 to 1.5
LEAST, MOST = 32, 1024  # resolutions
RULES = ("same", "keras")  # how an odd side is rounded at stride 2
KINDS = ("pointwise", "depthwise", "standard", "fully_connected")  # of layers that make mult-adds
START = (0.5, 160)


def explorer(classes: int = 1000, language: str | None = None) -> Widget:
    """The cost of any MobileNet: alpha from 0.01 to 1.5 in steps of 0.01, any resolution from 32 to 1024.

    The page shows mult-adds, parameters and peak memory against budgets that can be set, the costs by kind of layer, the
    stairs in which the mult-adds rise with the resolution, and where the network stands among the 16 published ones. It
    shows an accuracy only for those: no other has been trained.

    Parameters
    ----------
    classes : int
        Outputs of the classifier, 1 to 100,000. The published networks have 1000.
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
    networks = [mobilenet(alpha, 224, classes) for alpha in ALPHAS]
    published = _published()
    data = {
        "words": texts,
        "classes": classes,
        "kinds": KINDS,
        "alphas": ALPHAS,
        "alpha_names": [str(alpha) for alpha in ALPHAS],
        "least": LEAST,
        "most": MOST,
        "start": {"alpha": ALPHAS.index(START[0]), "resolution": START[1]},
        "layers": [layer.name for layer in networks[0]],
        "stages": _stages(networks[0]),
        "channels": [[layers[0].M, *(layer.N for layer in layers)] for layers in networks],
        "per_pixel": {kind: [_per_pixel(layers, kind) for layers in networks] for kind in KINDS},
        "parameters": {kind: [_parameters(layers, kind) for layers in networks] for kind in KINDS},
        "halves": {rule: [_half(side, rule) for side in range(MOST + 1)] for rule in RULES},
        "rounding": {rule: [layer.padding for layer in mobilenet(padding=rule) if layer.stride == 2] for rule in RULES},
        "bytes": {"uint8": 1, "float32": cost.FLOAT32},
        "published": published,
        "full": cost.total(cost.table(mobilenet(1.0, 224, classes))).mult_adds,
        "is_published": classes == 1000,
    }
    first = published[0] | {"parameters": cost.total(cost.table(mobilenet(1.0, 224, classes))).parameters}
    first |= {"name": "1.0-224", "total": f"{data['full']:,}", "parameters": f"{first['parameters']:,}"}
    text = texts["text"].format(**first, classes=f"{classes:,}")
    return Widget("explorer", data, still.of_explorer(data, text), text, language)


def _published() -> list[dict[str, Any]]:
    """The 16 published networks, which have 1000 classes: their cost and their top-1 accuracy in percent."""
    return [
        {"name": f"{point.alpha}-{point.resolution}", "alpha": ALPHAS.index(point.alpha), "series": str(point.alpha),
         "resolution": point.resolution, "mult_adds": point.mult_adds, "top_1": str(point.released)}
        for point in paper.accuracies()
    ]  # fmt: skip


def _stages(layers: Sequence[Layer]) -> list[int]:
    """How many layers of stride 2 stand before each layer's output; the last stage is that of one pixel, after the pool.

    >>> _stages(mobilenet(blocks=[(64, 1), (128, 2)]))
    [1, 1, 1, 2, 2, 3, 3]
    """
    strided = sum(layer.stride == 2 for layer in layers)
    stages, stage = [], 0
    for layer in layers:
        stage = strided + 1 if layer.kind == "pool" else stage + (layer.stride == 2)
        stages.append(stage)
    return stages


def _per_pixel(layers: Sequence[Layer], kind: str) -> list[int]:
    """Mult-adds of this kind of layer for each pixel of its output, by stage.

    >>> _per_pixel(mobilenet(blocks=[(64, 1), (128, 2)]), "pointwise")  # 32 * 64 and 64 * 128
    [0, 2048, 8192, 0]
    """
    stages = _stages(layers)
    counts = [0] * (max(stages) + 1)
    for layer, stage in zip(layers, stages):
        if layer.kind == kind:
            counts[stage] += cost.mult_adds(layer) // layer.D_G**2
    return counts


def _parameters(layers: Sequence[Layer], kind: str) -> int:
    return sum(cost.parameters(layer) for layer in layers if layer.kind == kind)


def _half(side: int, rule: str) -> int:
    """The side after a 3 x 3 layer of stride 2; 0 for sides that no network here has.

    >>> _half(113, "same"), _half(113, "keras")
    (57, 56)
    """
    return Layer("", "depthwise", D_K=3, stride=2, M=1, N=1, D_F=side, padding=rule).D_G if side > 1 else side
