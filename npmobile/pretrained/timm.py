"""timm's MobileNet v1, `mobilenetv1_100` and `mobilenetv1_125`: names of arrays, and `config.json` beside the file.

timm builds it of five stages of `DepthwiseSeparableConv` (`_gen_mobilenet_v1` in timm/models/efficientnet.py: 'dsa'
blocks, 1, 2, 2, 6 and 2 of them), whose arrays are `conv_dw`, `bn1`, `conv_pw` and `bn2`; `conv_stem` and `bn1` stand
before them, `classifier` behind. Both activations of a block are ReLU6, the padding is PyTorch's, and eps is 1e-5.

The defaults are those of timm's published networks: `pretrained_cfg` in that file has mean and std 0.5, bicubic, and
crop_pct 0.875, or 0.9 for alpha 1.25. Where the image's side and the crop's differ by an odd number, the crop may lie
one pixel beside timm's.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import chain
from pathlib import Path

from ..images import Preparation
from . import layouts, settings
from .contents import Contents
from .messages import Refused, short
from .settings import TEXT, Kind, Settings, integer, number, numbers

STAGES = (1, 2, 2, 6, 2)  # blocks in each
EPS = 1e-5  # PyTorch's
SIDE = integer(32, 10_000)
SIZE: Kind[int] = Kind(
    f"[3, side, side] with {SIDE.words} as the side",
    lambda v: type(v) is list and len(v) == 3 and v[0] == 3 and v[1] == v[2] and SIDE.fits(v[1]),
    lambda v: v[1],
)
CROP: Kind[float] = Kind("a number above 0 and at most 1", lambda v: number(above=0).fits(v) and v <= 1, float)
NAMES_OF_CLASSES: Kind[list[str]] = Kind("a list of text", lambda v: type(v) is list and all(map(TEXT.fits, v)))
# Arguments of timm.create_model that change nothing here: they are of training, or follow from the arrays.
FOLLOWED = {"in_chans", "global_pool", "act_layer", "pad_type", "bn_eps"}
HARMLESS = {"num_classes", "drop_rate", "drop_path_rate", "bn_momentum", "channel_multiplier", "pretrained"}


def described(said: Contents, path: Path) -> Contents:
    """What `config.json` beside the file says, and timm's defaults where it says nothing."""
    config = settings.read(path.with_name("config.json")) or Settings({}, "config.json")
    config.must_be("model_type", "timm_wrapper", None)
    name = config.get("architecture", TEXT, "mobilenetv1_100")
    if not re.fullmatch(r"mobilenetv1_\d+", name):
        raise Refused(f"{config.where}: architecture is {short(name)}, and MobileNet v1 is 'mobilenetv1_100'")
    config.must_be("global_pool", "avg", None)
    classes = said.arrays["fc/kernel"].shape[-1:] if "fc/kernel" in said.arrays else ()
    if classes and config.get("num_classes", integer(1, 10**9), classes[0]) != classes[0]:
        count = config.values["num_classes"]
        raise Refused(f"{config.where}: num_classes is {short(count)}, but the arrays have {classes[0]:,}")
    padding, eps = _arguments(config)
    given = config.inside("pretrained_cfg") if "pretrained_cfg" in config.values else config
    side, preparation = _preparation(given, wide=_is_wide(said))
    labels = _labels(config, classes)
    return replace(said, resolution=side, padding=padding, eps=eps, labels=labels, preparation=preparation)


def _arguments(config: Settings) -> tuple[str, float]:
    """Padding and eps, which `model_args`, the arguments of timm.create_model, may change."""
    if "model_args" not in config.values:
        return "symmetric", EPS
    arguments = config.inside("model_args")
    arguments.must_be("in_chans", 3, default=3)
    arguments.must_be("global_pool", "avg", default="avg")
    arguments.must_be("act_layer", "relu6", None)
    arguments.must_be("pad_type", "", "same", default="")
    if others := sorted(arguments.values.keys() - FOLLOWED - HARMLESS):
        raise Refused(f"{arguments.where}: {short(others[0])} is not followed here: remove it if it changes nothing")
    padding = arguments.get("pad_type", TEXT, "") or "symmetric"
    return padding, arguments.get("bn_eps", number(above=0), EPS)


def _preparation(given: Settings, wide: bool) -> tuple[int, Preparation]:
    """The side of the prepared images, and how they are prepared."""
    side = given.get("input_size", SIZE, 224)
    crop = given.get("crop_pct", CROP, 0.9 if wide else 0.875)
    given.must_be("crop_mode", "center", "squash", default="center")
    given.must_be("interpolation", "bicubic", "bilinear", "nearest", "lanczos", "box", "hamming", default="bicubic")
    half = (0.5, 0.5, 0.5)
    mean, std = given.get("mean", numbers(3), half), given.get("std", numbers(3, above=0), half)
    resized = math.floor(side / crop) / side  # timm resizes to whole pixels, and then cuts out the centre
    try:
        return side, Preparation(
            resize=(resized, resized) if given.values.get("crop_mode") == "squash" else resized,
            resample=given.get("interpolation", TEXT, "bicubic"),
            mean=tuple(255 * m for m in mean),
            std=tuple(255 * s for s in std),
        )
    except ValueError as error:
        raise Refused(f"{given.where}: {error}") from error


def _is_wide(said: Contents) -> bool:
    """Whether this is alpha 1.25."""
    last = said.arrays.get("conv_pw_13/kernel")
    return last is not None and last.shape[-1:] == (1280,)


def _labels(config: Settings, classes: tuple[int, ...]) -> tuple[str, ...]:
    """`label_names`, one for each class, or their `label_descriptions` where there are some."""
    if "label_names" not in config.values or not classes:
        return ()
    names = config.get("label_names", NAMES_OF_CLASSES)
    if len(names) != classes[0]:
        raise Refused(f"{config.where}: label_names must be {classes[0]:,} names, but are {len(names):,}")
    if config.values.get("label_descriptions") is None:
        return tuple(names)
    described = config.inside("label_descriptions")
    return tuple(described.get(name, TEXT, name) for name in names)


def _names() -> dict[str, str]:
    """timm's name of each array of the body: ours."""
    parts = [("conv_stem", "bn1")]
    blocks = chain.from_iterable(((i, j) for j in range(count)) for i, count in enumerate(STAGES))
    for i, j in blocks:
        parts += [
            (f"blocks.{i}.{j}.conv_dw", f"blocks.{i}.{j}.bn1"),
            (f"blocks.{i}.{j}.conv_pw", f"blocks.{i}.{j}.bn2"),
        ]
    return layouts.torch_names(parts)


NAMES = _names()
