"""The layers in the config of a whole Keras model, in the order in which they run.

A model is a chain here: each layer takes what the layer before it gives. A model inside the model (as
`keras.applications.MobileNet` in a network that somebody built on it) is replaced by its own layers. Where the chain
breaks, the row says so, and is refused when it is taken: what stands behind the body may be of any kind if only the
body is wanted.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import Any

from ..files import one_line
from .messages import Refused, short
from .settings import OBJECTS, TEXT, Settings

MODELS = ("Functional", "Model", "Sequential")
DEEPEST = 10  # models in models
# Layers that do nothing to an image once the network is trained.
INERT = {"Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization"}
INERT |= {f"Random{what}" for what in ("Flip", "Rotation", "Zoom", "Translation", "Contrast", "Brightness", "Shear")}
INERT |= {f"Random{what}" for what in ("Hue", "Saturation", "ColorJitter", "Grayscale", "GaussianBlur", "Sharpness")}
INERT |= {f"Random{what}" for what in ("Invert", "Posterization", "ColorDegeneration", "Erasing", "Perspective")}
# Operations on the pixels before the network, and what they are called in the configs of Keras 3 and of Keras 2.
OPERATIONS = {"TrueDivide": "divide", "Divide": "divide", "Multiply": "multiply", "Subtract": "subtract", "Add": "add"}
FUNCTIONS = {"math.truediv": "divide", "math.divide": "divide", "math.multiply": "multiply"}
FUNCTIONS |= {"math.subtract": "subtract", "math.add": "add", "__operators__.add": "add"}


@dataclass(frozen=True)
class Row:
    """One layer of a config.

    Parameters
    ----------
    name, kind : str
        Kind is the class.
    settings : Settings
    place : str
        Of its arrays in a file of Keras 3: layers/functional/layers/conv2d_1.
    group : str
        Where its arrays stand in a whole model as `.h5`: its name, or that of the model which it is in.
    constants : tuple
        What it takes besides the output of the layer before it: the numbers of an arithmetic operation.
    broken : str
        Why it is no link of the chain, or nothing.
    """

    name: str
    kind: str
    settings: Settings
    place: str
    group: str
    constants: tuple[Any, ...] = ()
    broken: str = ""

    def __str__(self) -> str:
        return f"its layer {short(self.name)} ({one_line(self.kind, longest=60)})"


@dataclass
class Rest:
    """The layers of a config that are still to be read."""

    rows: deque[Row]
    outputs: str = field(default="", kw_only=True)  # why the model's output is not that of its last layer, or nothing

    def take(self, place: str, *kinds: str) -> Row:
        """The next layer that does something: of one of these classes."""
        self.skip(*INERT)
        if not self.rows:
            raise Refused(f"its layers end before {place}")
        row = self.rows.popleft()
        if row.kind not in kinds:
            raise Refused(f"{row} stands where MobileNet v1 has {place}")
        if row.broken:
            raise Refused(row.broken)
        return row

    def take_if(self, *kinds: str) -> Row | None:
        """The next layer if it is of one of these classes."""
        return self.take("", *kinds) if self.rows and self.rows[0].kind in kinds else None

    def skip(self, *kinds: str) -> None:
        """Leave out layers of these classes."""
        while self.rows and self.rows[0].kind in kinds:
            if self.rows[0].broken:
                raise Refused(self.rows[0].broken)
            self.rows.popleft()


def read(config: Settings) -> tuple[list[Row], Rest]:
    """The input layers of a model, and its other layers in the order in which they run."""
    rows, outputs = _rows(config)
    inputs = [row for row in rows if row.kind == "InputLayer"]
    for row in inputs:
        if row.broken:
            raise Refused(row.broken)
    return inputs, Rest(deque(row for row in rows if row.kind != "InputLayer"), outputs=outputs)


def _rows(config: Settings, place: str = "layers", group: str = "", depth: int = 0) -> tuple[list[Row], str]:
    """The layers of a model and of the models in it, and why its output is not that of the last one, or nothing."""
    config.must_be("class_name", *MODELS)
    if depth > DEEPEST:
        raise Refused(f"its models are nested more than {DEEPEST} deep")
    model = config.inside("config")
    rows: list[Row] = []
    counted: Counter[str] = Counter()
    before, chained = ("", False), config.values["class_name"] != "Sequential"
    if chained:
        _check_inputs(config, model)
    layers = model.get("layers", OBJECTS)
    for i, values in enumerate(layers):
        raw = Settings(values, f"{config.where}: layer {i}")
        settings = raw.inside("config")
        name, kind = settings.get("name", TEXT), raw.get("class_name", TEXT)
        if chained and (kind == "InputLayer") != (i == 0):
            row = f"its layer {short(name)} ({one_line(kind, longest=60)})"
            raise Refused(f"{row} stands where MobileNet v1 has {'no' if i else 'an'} input")
        folder = _snake(kind)
        number, counted[folder] = counted[folder], counted[folder] + 1
        folder = f"{place}/{folder}_{number}" if number else f"{place}/{folder}"
        constants, broken = _link(raw, name, before) if chained and i else ((), "")
        if kind in MODELS:
            inner, outputs = _rows(raw, f"{folder}/layers", group or name, depth + 1)
            if outputs:
                raise Refused(f"{raw.where}: {outputs}")
            made = [row for row in inner if i == 0 or row.kind != "InputLayer"]
            if broken and not made:
                raise Refused(broken)
            rows += [replace(row, broken=broken or row.broken) for row in made[:1]] + made[1:]
        else:
            broken = broken or _own(raw, kind)
            named = Settings(settings.values, f"{config.where}: {name}")
            rows.append(Row(name, kind, named, folder, group or name, constants, broken))
        before = (name, kind in MODELS)
    return rows, _outputs(model, *before) if chained and rows else ""


def _snake(kind: str) -> str:
    """The name that Keras 3 gives a class in its files.

    >>> [_snake(kind) for kind in ("Conv2D", "DepthwiseConv2D", "BatchNormalization", "Functional", "ReLU")]
    ['conv2d', 'depthwise_conv2d', 'batch_normalization', 'functional', 're_lu']
    """
    kind = re.sub(r"\W+", "", kind)
    kind = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", kind).lower()


def _own(raw: Settings, kind: str) -> str:
    """Why a class is one of somebody's own, which may have the name of one of Keras', or nothing."""
    module = raw.values.get("module")
    try:
        if isinstance(module, str) and module.startswith("keras.src.ops."):
            raw.must_be("registered_name", kind, None)
        else:
            raw.must_be("module", "keras.layers", None)
            raw.must_be("registered_name", None)
    except Refused as error:
        return str(error)
    return ""


def _check_inputs(config: Settings, model: Settings) -> None:
    names = _ends(model.values.get("input_layers"))
    if len(names) > 1:
        raise Refused(f"{config.where}: it has {len(names)} inputs, {short(names)}, and MobileNet v1 has one")


def _outputs(model: Settings, last: str, is_model: bool) -> str:
    """Why the output of a model is not that of its last layer, or nothing."""
    ends = model.values.get("output_layers")
    names = _ends(ends)
    if len(names) > 1:
        return f"it has {len(names)} outputs, {short(names)}, and MobileNet v1 has one"
    match ends:
        case [str(name), int(call), 0] | [[str(name), int(call), 0]] if name == last and (is_model or call == 0):
            return ""
    return f"{model.where}: output_layers is {short(ends)}, and MobileNet v1 has {short([last, 0, 0])}"


def _ends(ends: Any) -> list[str]:
    """Names of the layers at an end of a model: [name, 0, 0] for one, or a list or an object of those."""
    match ends:
        case [str(name), int(), int()]:
            return [name]
        case dict():
            return [name for end in ends.values() for name in _ends(end)]
        case list():
            return [name for end in ends for name in (_ends(end) if isinstance(end, list) else [])]
    return []


def _link(raw: Settings, name: str, before: tuple[str, bool]) -> tuple[tuple[Any, ...], str]:
    """The constants that a layer takes, and why it does not follow the layer before it, or nothing.

    The outputs of a layer are numbered by its calls. A model may have been called when it was made: its number is not
    always 0.
    """
    how: dict[str, Any] = {}
    constants: list[Any] = []
    source: Any = None
    call: Any = None
    match raw.values.get("inbound_nodes"):
        case [{"args": [{"config": {"keras_history": [source, call, 0]}}, *constants], "kwargs": dict(how)}]:
            pass  # Keras 3
        case [[[source, call, 0, dict(how)]]]:
            pass  # Keras 2
        case [[str(source), call, 0, {"y": constant, **more}]] if raw.values.get("class_name") == "TFOpLambda":
            constants, how = [constant], {str(key): value for key, value in more.items() if key != "name"}
    if source != before[0] or type(call) is not int or (call and not before[1]):
        return (), f"{raw.where}: {short(name)} must follow {short(before[0])} alone"
    if any(how.values()) or (constants and raw.values.get("class_name") not in (*OPERATIONS, "TFOpLambda")):
        return (), f"{raw.where}: {short(name)} is run with {short(how or constants)}"
    return tuple(constants), ""
