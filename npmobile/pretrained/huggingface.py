"""Files of Hugging Face's transformers: those of MobileNetV1ForImageClassification, or of MobileNetV1Model.

Two files beside it say what the arrays do not: `config.json` what the network does, and `preprocessor_config.json`
how images are prepared. Where they lack a key, the default is that of the library transformers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..files import Stored
from ..images import Preparation
from . import layouts, processor, settings
from .contents import Contents
from .messages import Refused, short
from .settings import FLAG, TEXT, Kind, Settings, integer, number

SIDE = integer(32, 10_000)
SIDES: Kind[int] = Kind(
    f"{SIDE.words}, or two equal ones",
    lambda v: SIDE.fits(v[0] if type(v) is list and len(v) == 2 and v[0] == v[1] else v),
    lambda v: v[0] if type(v) is list else v,
)
EVALUATION = Preparation(crop=0.875)  # 224 of 256 pixels, as transformers and TF-slim evaluate it
ARCHITECTURES = {"MobileNetV1ForImageClassification": True, "MobileNetV1Model": False}  # with a classifier or not


def described(said: Contents, path: Path) -> Contents:
    """What the files beside a file say."""
    said = _configured(replace(said, preparation=EVALUATION), settings.read(path.with_name("config.json")))
    return _prepared(said, settings.read(path.with_name("preprocessor_config.json")))


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
    problems["regression"] = "linear"
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
    """The name of each array of the body in transformers, behind `mobilenet_v1.`: ours."""
    blocks = ["conv_stem", *(f"layer.{place}" for place in range(26))]
    return layouts.torch_names([(f"{block}.convolution", f"{block}.normalization") for block in blocks])


NAMES = _names()
