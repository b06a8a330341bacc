"""All of a model but its arrays, as text: what `Model.save` writes beside them, and what `load` reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .files import one_line
from .spec import Layer, Layers, check_chain

if TYPE_CHECKING:
    from .images import Preparation

PARTS = {"npmobile", "layers", "labels", "eps", "preparation"}
FUNCTIONS = {"output", "activation"}  # a file that lacks them has softmax and ReLU6


def description(
    layers: Sequence[Layer],
    labels: Sequence[str],
    eps: float,
    preparation: Preparation | None,
    output: str = "softmax",
    activation: str = "relu6",
) -> str:
    """These parts of a model as JSON.

    >>> from npmobile import mobilenet
    >>> text = description(mobilenet()[:1], (), 1e-3, None)
    >>> described(text)["layers"][0]
    Layer(name='conv1', kind='standard', D_K=3, stride=2, M=3, N=32, D_F=224, padding='same')
    """
    parts = {
        "npmobile": 1,  # the version of this format
        "layers": [asdict(layer) for layer in layers],
        "labels": list(labels),
        "eps": eps,
        "preparation": None if preparation is None else asdict(preparation),
        "output": output,
        "activation": activation,
    }
    return json.dumps(parts, allow_nan=False)


def described(text: str) -> dict[str, Any]:
    """What a description says, as arguments of `Model`; the weights are not among them.

    Raises
    ------
    ValueError
        If it is not what `description` writes. `Model` itself refuses labels, eps, output and activation that do
        not fit.

    Examples
    --------
    >>> described('{"npmobile": 2}')
    Traceback (most recent call last):
    ValueError: model.json is not what npmobile writes: it must hold npmobile 1, layers, labels, eps and preparation
    """
    try:
        parts = json.loads(text)
        if not isinstance(parts, dict) or parts.keys() - FUNCTIONS != PARTS or parts.pop("npmobile") != 1:
            raise ValueError("it must hold npmobile 1, layers, labels, eps and preparation")
        parts["layers"] = Layers(Layer(**layer) for layer in parts["layers"])
        check_chain(parts["layers"])
        if parts["preparation"] is not None:
            from .images import Preparation  # brings Pillow

            parts["preparation"] = Preparation(**parts["preparation"])
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"model.json is not what npmobile writes: {one_line(error)}") from error
    return parts
