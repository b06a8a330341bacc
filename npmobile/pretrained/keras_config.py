"""The config of a whole Keras model: what its layers do besides holding arrays.

A config lists the layers, each with its class, its settings and the layer before it: see `keras_rows`. This module
iterates over them and over the table of MobileNet v1 together, and refuses by name the first layer or setting that is
another one. Before the body may stand what scales the pixels, behind it a head: the average pool and one layer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..checks import OUTPUTS
from ..spec import Layer, mobilenet
from ..weights import BATCH_NORM
from . import keras_scaling
from .keras_rows import Rest, Row, read
from .messages import Refused, short
from .settings import FLAG, TEXT, Kind, Settings, integer, number

CLASSES = {"standard": "Conv2D", "pointwise": "Conv2D", "depthwise": "DepthwiseConv2D"}
SIDE = integer(32, 10_000)
SHAPE: Kind[int | None] = Kind(
    f"[null, side, side, 3] with {SIDE.words} as the side",
    lambda v: type(v) is list and len(v) == 4 and v[1] == v[2] and v[3] == 3 and (v[1] is None or SIDE.fits(v[1])),
    lambda v: v[1],
)


@dataclass(frozen=True)
class Config:
    """What a config says.

    Parameters
    ----------
    fields : dict
        Of `Contents`: padding, paddings, eps, pool, classifier, output, head_problem; resolution is missing where
        images of any side are taken, and preparation where no layer scales the pixels.
    rows : dict of "layer/array" to (Row, int, str)
        The layer of the config that holds each of our arrays, the array's number in it, and its name.
    head : sequence of Row
        What stands behind the body.
    """

    fields: dict[str, Any]
    rows: dict[str, tuple[Row, int, str]] = field(default_factory=dict)
    head: tuple[Row, ...] = ()


def fields(config: Settings) -> Config:
    """What a config says.

    Parameters
    ----------
    config : Settings
        A model's, as Keras' `model.to_json()` gives it.

    Raises
    ------
    ValueError
        If a layer or a setting before or in the body is not MobileNet v1's; it is named.
    """
    inputs, rest = read(config)
    found = _side(inputs) | keras_scaling.preparation(rest)
    paddings, eps = {}, {}
    rows: dict[str, tuple[Row, int, str]] = {}
    for layer in mobilenet()[:-2]:
        conv, paddings[layer.name] = _convolution(layer, rest)
        rows[f"{layer.name}/kernel"] = (conv, 0, "depthwise_kernel" if layer.kind == "depthwise" else "kernel")
        norm = rest.take(f"{layer.name}_bn", "BatchNormalization")
        for i, (ours, theirs) in enumerate(zip(BATCH_NORM, ("gamma", "beta", "moving_mean", "moving_variance"))):
            rows[f"{layer.name}/{ours}"] = (norm, i, theirs)
        for key in ("center", "scale"):
            norm.settings.must_be(key, True, default=True)
        norm.settings.must_be("axis", -1, 3, [-1], [3], default=-1)
        eps[norm.settings.get("epsilon", number(above=0), 1e-3)] = layer.name
        _relu6(rest.take("ReLU6", "ReLU", "Activation"))
    if len(eps) > 1:
        raise Refused(f"{config.where}: epsilon must be the same in all layers, but is {' and '.join(map(str, eps))}")
    found |= {"padding": "same", "paddings": paddings, "eps": next(iter(eps))}
    behind = tuple(rest.rows)
    try:
        head, arrays = _head(rest)
    except Refused as error:
        return Config(found | {"head_problem": str(error)}, rows, behind)
    return Config(found | head, rows | arrays, behind)


def _side(inputs: list[Row]) -> dict[str, int]:
    """The side of the images, where the config has one."""
    for row in inputs:
        key = "batch_input_shape" if "batch_input_shape" in row.settings.values else "batch_shape"
        side = row.settings.get(key, SHAPE)
        if side is not None:
            return {"resolution": side}
    return {}


def _convolution(layer: Layer, rest: Rest) -> tuple[Row, str]:
    """Read a convolution, perhaps with a layer of zeros before it; returns it and the padding that it has."""
    margin = rest.take_if("ZeroPadding2D") if layer.D_K > 1 else None
    row = rest.take(layer.name, CLASSES[layer.kind])
    conv = row.settings
    conv.must_be("kernel_size", [layer.D_K] * 2)
    conv.must_be("strides", [layer.stride] * 2, default=[1, 1])
    conv.must_be("use_bias", False, default=True)
    _check_plain(conv)
    conv.must_be("activation", "linear", None)
    if margin:
        margin.settings.must_be("data_format", "channels_last", None)
        conv.must_be("padding", "valid", default="valid")
        if layer.stride == 2 and margin.settings.values.get("padding") == [[0, 1], [0, 1]]:
            return row, "keras"
        margin.settings.must_be("padding", [[1, 1], [1, 1]], default=[[1, 1], [1, 1]])
        return row, "symmetric"
    conv.must_be("padding", "same", "valid", default="valid")
    return row, conv.get("padding", TEXT, "valid") if layer.D_K > 1 else "same"


def _check_plain(conv: Settings) -> None:
    """Refuse what no convolution of a MobileNet v1 has."""
    conv.must_be("data_format", "channels_last", None)
    conv.must_be("dilation_rate", [1, 1], default=[1, 1])
    conv.must_be("groups", 1, default=1)
    conv.must_be("depth_multiplier", 1, default=1)


def _relu6(row: Row) -> None:
    if row.kind == "Activation":
        row.settings.must_be("activation", "relu6")
        return
    row.settings.must_be("max_value", 6.0, 6)
    for key in ("negative_slope", "threshold"):
        row.settings.must_be(key, 0.0, 0, default=0.0)


def _head(rest: Rest) -> tuple[dict[str, Any], dict[str, tuple[Row, int, str]]]:
    """What stands behind the last convolution: nothing, the pool, or the pool and the classifier; and its arrays."""
    if rest.outputs:
        raise Refused(rest.outputs)
    rest.skip("Dropout")
    if not rest.rows:
        return {"pool": False, "classifier": False}, {}
    pool = rest.take("the average pool", "GlobalAveragePooling2D").settings
    pool.must_be("data_format", "channels_last", None)
    rest.skip("Reshape", "Flatten", "Dropout")  # one pixel: every shape has the same numbers in the same order
    if not rest.rows:
        return {"classifier": False}, {}
    row = rest.take("the classifier", "Conv2D", "Dense")
    layer = row.settings
    if row.kind == "Conv2D":
        layer.must_be("kernel_size", [1, 1])
        layer.must_be("strides", [1, 1], default=[1, 1])
        _check_plain(layer)
    arrays = {"fc/kernel": (row, 0, "kernel")}
    if layer.get("use_bias", FLAG, True):
        arrays["fc/bias"] = (row, 1, "bias")
    output = "linear" if layer.values.get("activation") is None else layer.get("activation", TEXT)
    size = layer.values.get("filters" if row.kind == "Conv2D" else "units")
    while rest.rows:
        rest.skip("Flatten", "Dropout")
        if reshape := rest.take_if("Reshape"):
            reshape.settings.must_be("target_shape", [size], [-1])
        elif rest.rows:
            output = _function(rest, row, output)
    if output not in OUTPUTS:
        raise Refused(f"its classifier ends in {short(output)}, and a Model in {' or '.join(OUTPUTS)}")
    return {"classifier": True, "output": output}, arrays


def _function(rest: Rest, classifier: Row, output: str) -> str:
    """The function in the next layer, if it is the first behind the classifier."""
    row = rest.rows[0]
    if row.kind not in ("Activation", "Softmax"):
        raise Refused(f"its head has hidden layers: {row} stands behind {short(classifier.name)}")
    rest.take("no more", "Activation", "Softmax")
    if output != "linear":
        raise Refused(f"{short(row.name)} is a second function behind the classifier")
    if row.kind == "Softmax":
        row.settings.must_be("axis", -1, default=-1)
        return "softmax"
    return row.settings.get("activation", TEXT)
