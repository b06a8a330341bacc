"""Files of Hugging Face: `.safetensors` of MobileNetV1ForImageClassification, or of MobileNetV1Model.

Two files beside it say what the arrays do not: `config.json` what the network does, and `preprocessor_config.json`
how images are prepared. Where they lack a key, the default is that of the library transformers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..files import Stored
from ..images import Preparation
from . import layouts, processor, settings
from .contents import Contents, by_our_names, needs
from .messages import Refused, damaged, short
from .settings import FLAG, TEXT, Kind, Settings, integer, number

LARGEST_HEADER = 1_000_000  # bytes; that of a MobileNet v1 has about 20,000
FLOATS: dict[str, np.dtype[Any]] = {
    "F16": np.dtype(np.float16),
    "F32": np.dtype(np.float32),
    "F64": np.dtype(np.float64),
}
SIDE = integer(32, 10_000)
SIDES: Kind[int] = Kind(
    f"{SIDE.words}, or two equal ones",
    lambda v: SIDE.fits(v[0] if type(v) is list and len(v) == 2 and v[0] == v[1] else v),
    lambda v: v[0] if type(v) is list else v,
)
EVALUATION = Preparation(crop=0.875)  # 224 of 256 pixels, as transformers and TF-slim evaluate it
NORM = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"}
ARCHITECTURES = {"MobileNetV1ForImageClassification": True, "MobileNetV1Model": False}  # with a classifier or not


def looks_like(head: bytes, path: Path) -> bool:
    """Whether JSON begins behind eight bytes that tell its length, as a number below 2^32."""
    return head[4:9] == b"\0\0\0\0{"


@contextmanager
def contents(path: Path) -> Iterator[Contents]:
    """What the file says, and what the files beside it say, while it is open."""
    safetensors = needs("safetensors", path)
    _check_header(path)
    with damaged("safetensors"):
        file = safetensors.safe_open(path, framework="numpy")
    with file:
        with damaged("safetensors"):
            names = by_our_names((name for name in file.keys() if name not in COUNTERS), NAMES.get)  # noqa: SIM118
            arrays = {ours: _stored(ours, theirs, file) for ours, theirs in names.known.items()}
        said = Contents(arrays, names.unknown, names.inside, preparation=EVALUATION)
        said = _configured(said, settings.read(path.with_name("config.json")))
        yield _prepared(said, settings.read(path.with_name("preprocessor_config.json")))


def _check_header(path: Path) -> None:
    """Refuse a header that is too large, or that lists an array twice: the library would keep one of them."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        if size > LARGEST_HEADER:
            raise Refused(f"its header declares {size:,} bytes, and that of a MobileNet v1 has about 20,000")
        text = file.read(size)
    if len(text) < size:
        raise Refused("it is not a whole safetensors file: it ends within its header")
    header = settings.parse(text, "its header")
    if "__metadata__" in header.values:
        header.inside("__metadata__").must_be("format", "pt", "np", None)  # others have other layouts


def _stored(ours: str, theirs: str, file: Any) -> Stored:
    declared = file.get_slice(theirs)
    dtype = str(declared.get_dtype())
    order, shape = layouts.torch(ours, tuple(declared.get_shape()))

    def read() -> np.ndarray:
        with damaged("safetensors"):
            return np.ascontiguousarray(file.get_tensor(theirs).transpose(order)).reshape(shape)

    return Stored(shape, FLOATS.get(dtype, dtype), read)


def _configured(said: Contents, config: Settings | None) -> Contents:
    """What `config.json` says."""
    if config is None:
        return said
    config.must_be("model_type", "mobilenet_v1", default="mobilenet_v1")
    config.must_be("hidden_act", "relu6", default="relu6")
    config.must_be("num_channels", 3, default=3)
    _check_width(config, said.arrays)
    classes = said.arrays["fc/kernel"].shape[-1:] if "fc/kernel" in said.arrays else ()
    return replace(
        said,
        resolution=config.get("image_size", SIDES, 224),
        padding="same" if config.get("tf_padding", FLAG, True) else "symmetric",
        eps=config.get("layer_norm_eps", number(above=0), 1e-3),
        classifier=_classifier(config),
        output=_output(config, classes),
        labels=_labels(config, classes),
    )


def _prepared(said: Contents, config: Settings | None) -> Contents:
    """What `preprocessor_config.json` says; its side counts, as it is the one that the network gets to see."""
    if config is None:
        return said
    side, preparation = processor.read(config)
    return replace(said, resolution=side, preparation=preparation)


def _check_width(config: Settings, arrays: Mapping[str, Stored]) -> None:
    """Refuse a width that is not that of the arrays: then the config is another file's."""
    least = config.get("min_depth", integer(1, 10_000), 8)
    width = config.get("depth_multiplier", number(above=0), 1.0)
    channels = max(int(1024 * width), least)
    last = arrays.get("conv_pw_13/kernel")
    if last and last.shape[-1:] != (channels,) and {"depth_multiplier", "min_depth"} & config.values.keys():
        raise Refused(
            f"{config.where}: depth_multiplier is {short(width)}, which makes {channels:,} channels, "
            f"but the arrays have {last.shape[-1]:,}"
        )


def _classifier(config: Settings) -> bool | None:
    """Whether the config is of a network with a classifier, if it says so."""
    if (kinds := config.values.get("architectures")) is None:
        return None
    config.must_be("architectures", *([kind] for kind in ARCHITECTURES))
    return ARCHITECTURES[kinds[0]]


def _output(config: Settings, classes: tuple[int, ...]) -> str:
    """The function that transformers' pipeline applies to what the classifier gives."""
    problems = {"single_label_classification": "softmax", "multi_label_classification": "sigmoid"}
    if (problem := config.values.get("problem_type")) is not None:
        config.must_be("problem_type", *problems)
        return problems[problem]
    return "sigmoid" if classes == (1,) else "softmax"


def _labels(config: Settings, classes: tuple[int, ...]) -> tuple[str, ...]:
    if "id2label" not in config.values:
        return ()
    names = config.inside("id2label")
    if not classes:
        return ()
    if len(names.values) != classes[0]:
        raise Refused(
            f"{names.where} must hold a name for each of {classes[0]:,} classes, but holds {len(names.values):,}"
        )
    return tuple(names.get(str(i), TEXT) for i in range(classes[0]))


def _names() -> dict[str, str]:
    """The name of each array in transformers, with and without the name of the body: ours."""
    names = {"classifier.weight": "fc/kernel", "classifier.bias": "fc/bias"}
    for place, layer in enumerate(layouts.CONVOLUTIONS):
        block = f"layer.{place - 1}" if place else "conv_stem"
        for body in ("", "mobilenet_v1."):
            names[f"{body}{block}.convolution.weight"] = f"{layer}/kernel"
            for theirs, ours in NORM.items():
                names[f"{body}{block}.normalization.{theirs}"] = f"{layer}/{ours}"
    return names


NAMES = _names()
# How often each batch norm was trained; no network needs it.
COUNTERS = {name.replace("running_var", "num_batches_tracked") for name in NAMES if name.endswith("running_var")}
