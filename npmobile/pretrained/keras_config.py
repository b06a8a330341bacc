"""The config of a whole Keras model: what its layers do besides holding arrays.

A config lists the layers, each with its class, its settings and the layer before it. This module iterates over them
and over the table of MobileNet v1 together, and refuses by name the first layer or setting that is another one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from ..spec import Layer, mobilenet
from .messages import Refused, short
from .settings import OBJECTS, TEXT, Kind, Settings, integer, number

MODELS = ("Functional", "Model", "Sequential")
TUNED = "its classifier is not MobileNet v1's own, as in a network that was trained further"
CLASSES = {"standard": "Conv2D", "pointwise": "Conv2D", "depthwise": "DepthwiseConv2D"}
SIDE = integer(32, 10_000)
SHAPE: Kind[int | None] = Kind(
    f"[null, side, side, 3] with {SIDE.words} as the side",
    lambda v: type(v) is list and len(v) == 4 and v[1] == v[2] and v[3] == 3 and (v[1] is None or SIDE.fits(v[1])),
    lambda v: v[1],
)


def fields(config: Settings) -> dict[str, Any]:
    """What a config says, as fields of `Contents`.

    Parameters
    ----------
    config : Settings
        A model's, as Keras' `model.to_json()` gives it.

    Returns
    -------
    dict
        resolution, padding, paddings, eps, pool, classifier, output; resolution is missing where any is taken.

    Raises
    ------
    ValueError
        If a layer or a setting is not MobileNet v1's; it is named.
    """
    rest = _Rest(deque(_rows(config)))
    found = _input(rest.take("an input", "InputLayer"))
    paddings, eps = {}, {}
    for layer in mobilenet()[:-2]:
        paddings[layer.name] = _convolution(layer, rest)
        norm = rest.take(f"{layer.name}_bn", "BatchNormalization", named=True).settings
        for key in ("center", "scale"):
            norm.must_be(key, True, default=True)
        norm.must_be("axis", -1, 3, [-1], [3], default=-1)
        eps[norm.get("epsilon", number(above=0), 1e-3)] = layer.name
        _relu6(rest.take("ReLU6", "ReLU", "Activation"))
    if len(eps) > 1:
        raise Refused(f"{config.where}: epsilon must be the same in all layers, but is {' and '.join(map(str, eps))}")
    return found | {"padding": "same", "paddings": paddings, "eps": next(iter(eps))} | _head(rest)


@dataclass(frozen=True)
class _Row:
    """One layer of a config."""

    name: str
    kind: str
    settings: Settings


@dataclass
class _Rest:
    """The layers of a config that are still to be read."""

    rows: deque[_Row]

    def take(self, place: str, *kinds: str, named: bool = False, cause: str = "") -> _Row:
        """The next layer: of one of these classes, and named as its place if that is where its arrays are found."""
        if not self.rows:
            raise Refused(f"its layers end before {place}")
        row = self.rows.popleft()
        if row.kind not in kinds or (named and row.name != place):
            raise Refused(f"{cause}its layer {short(row.name)} ({row.kind}) stands where MobileNet v1 has {place}")
        return row

    def take_if(self, *kinds: str) -> _Row | None:
        """The next layer if it is of one of these classes."""
        return self.rows.popleft() if self.rows and self.rows[0].kind in kinds else None


def _rows(config: Settings) -> list[_Row]:
    """The layers of a model in the order in which they run, one after the other."""
    config.must_be("class_name", *MODELS)
    model = config.inside("config")
    layers = model.get("layers", OBJECTS)
    listed = [Settings(row, f"{config.where}: layer {i}") for i, row in enumerate(layers)]
    rows = []
    for row in listed:
        settings = row.inside("config")
        name = settings.get("name", TEXT)
        kind = row.get("class_name", TEXT)
        if kind in MODELS:
            raise Refused(f"{short(name)} is a model inside the model: save that one alone, and load it")
        row.must_be("module", "keras.layers", None)  # a class of somebody's own may have the name of one of Keras'
        row.must_be("registered_name", None)
        rows.append(_Row(name, kind, Settings(settings.values, f"{config.where}: {name}")))
    if rows and config.values["class_name"] != "Sequential":
        for before, row, this in zip(rows, listed[1:], rows[1:]):
            _check_follows(this.name, row, before.name)
        last = [rows[-1].name, 0, 0]
        model.must_be("output_layers", last, [last])
    return rows


def _check_follows(name: str, row: Settings, before: str) -> None:
    """Refuse a layer that takes anything else than what the layer before it gives, or is run as in training."""
    match row.values.get("inbound_nodes"):
        case [{"args": [{"config": {"keras_history": [source, 0, 0]}}], "kwargs": dict(how)}] if source == before:
            pass  # Keras 3
        case [[[source, 0, 0, dict(how)]]] if source == before:
            pass  # Keras 2
        case _:
            raise Refused(f"{row.where}: {short(name)} must follow {short(before)} alone")
    if any(how.values()):
        raise Refused(f"{row.where}: {short(name)} is run with {short(how)}")


def _input(row: _Row) -> dict[str, int]:
    """The side of the images, where the config has one."""
    key = "batch_input_shape" if "batch_input_shape" in row.settings.values else "batch_shape"
    side = row.settings.get(key, SHAPE)
    return {} if side is None else {"resolution": side}


def _convolution(layer: Layer, rest: _Rest) -> str:
    """Read a convolution, perhaps with a layer of zeros before it; returns the padding that it has."""
    margin = rest.take_if("ZeroPadding2D") if layer.D_K > 1 else None
    conv = rest.take(layer.name, CLASSES[layer.kind], named=True).settings
    conv.must_be("kernel_size", [layer.D_K] * 2)
    conv.must_be("strides", [layer.stride] * 2, default=[1, 1])
    conv.must_be("use_bias", False, default=True)
    _check_plain(conv)
    if margin:
        margin.settings.must_be("data_format", "channels_last", None)
        conv.must_be("padding", "valid", default="valid")
        if layer.stride == 2 and margin.settings.values.get("padding") == [[0, 1], [0, 1]]:
            return "keras"
        margin.settings.must_be("padding", [[1, 1], [1, 1]], default=[[1, 1], [1, 1]])
        return "symmetric"
    conv.must_be("padding", "same", "valid", default="valid")
    return conv.get("padding", TEXT, "valid") if layer.D_K > 1 else "same"


def _check_plain(conv: Settings) -> None:
    """Refuse what no convolution of a MobileNet v1 has."""
    conv.must_be("data_format", "channels_last", None)
    conv.must_be("dilation_rate", [1, 1], default=[1, 1])
    conv.must_be("groups", 1, default=1)
    conv.must_be("depth_multiplier", 1, default=1)
    conv.must_be("activation", "linear", None)


def _relu6(row: _Row) -> None:
    if row.kind == "Activation":
        row.settings.must_be("activation", "relu6")
        return
    row.settings.must_be("max_value", 6.0, 6)
    for key in ("negative_slope", "threshold"):
        row.settings.must_be(key, 0.0, 0, default=0.0)


def _head(rest: _Rest) -> dict[str, Any]:
    """What stands behind the last convolution: nothing, the pool, or the pool and the classifier."""
    if not rest.rows:
        return {"pool": False, "classifier": False}
    pool = rest.take("the average pool", "GlobalAveragePooling2D", cause=f"{TUNED}: ").settings
    pool.must_be("data_format", "channels_last", None)
    while rest.take_if("Reshape", "Dropout"):
        pass  # one pixel: every shape has the same numbers in the same order
    if not rest.rows:
        return {"classifier": False}
    conv = rest.take("conv_preds", "Conv2D", named=True, cause=f"{TUNED}: ").settings
    conv.must_be("kernel_size", [1, 1])
    conv.must_be("strides", [1, 1], default=[1, 1])
    conv.must_be("use_bias", True, default=True)
    _check_plain(conv)
    output = "linear"
    while rest.rows:
        row = rest.take("no more", "Reshape", "Activation", cause=f"{TUNED}: ")
        if row.kind == "Reshape":
            row.settings.must_be("target_shape", [conv.values.get("filters")], [-1])
        elif output == "linear":
            output = row.settings.get("activation", TEXT)
        else:
            raise Refused(f"{short(row.name)} is a second function behind the classifier")
    return {"classifier": True, "output": output}
