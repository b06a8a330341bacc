"""Hugging Face's `preprocessor_config.json`: how images are prepared.

transformers resizes an image, cuts out its centre, multiplies its pixels with `rescale_factor`, subtracts `image_mean`
and divides by `image_std`; each step can be left out. Keys that are missing have the values that transformers gives
them, and keys that transformers does not read change nothing.
"""

from __future__ import annotations

from ..images import Preparation
from .messages import Refused
from .settings import FLAG, Settings, integer, number, numbers

TYPES = tuple(f"MobileNetV1{name}" for name in ("ImageProcessor", "ImageProcessorFast", "FeatureExtractor"))
FILTERS = ("nearest", "lanczos", "bilinear", "bicubic", "box", "hamming")  # by Pillow's numbers
SIDE = integer(32, 10_000)
LENGTH = integer(1, 10_000)
HALF = (0.5, 0.5, 0.5)
Size = dict[str, int]


def read(config: Settings) -> tuple[int, Preparation]:
    """The side of the prepared images, and how they are prepared.

    Parameters
    ----------
    config : Settings

    Returns
    -------
    side : int
    preparation : Preparation

    Raises
    ------
    ValueError
        If a value cannot be what it is, or images are prepared in a way that `images.prepare` has not.
    """
    for key in ("image_processor_type", "feature_extractor_type"):
        config.must_be(key, *TYPES, None)
    config.must_be("do_pad", False, None)
    if not config.get("do_resize", FLAG, True):
        raise Refused(f"{config.where}: do_resize is False, and images of any size are resized here")
    size = _size(config, "size", {"shortest_edge": 256}, of_int=("shortest_edge",))
    if config.get("do_center_crop", FLAG, True):
        crop = _size(config, "crop_size", {"height": 224, "width": 224}, of_int=("height", "width"))
        side = _side(crop, config, "crop_size")
        resize: float | tuple[float, ...] = (
            size["shortest_edge"] / side if "shortest_edge" in size else (size["height"] / side, size["width"] / side)
        )
    else:
        side, resize = _side(size, config, "size"), (1.0, 1.0)
    factor = config.get("rescale_factor", number(above=0), 1 / 255) if config.get("do_rescale", FLAG, True) else 1.0
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    if config.get("do_normalize", FLAG, True):
        mean, std = config.get("image_mean", numbers(3), HALF), config.get("image_std", numbers(3, above=0), HALF)
    mean, std = tuple(m / factor for m in mean), tuple(s / factor for s in std)  # of (pixel * factor - mean) / std
    resample = FILTERS[config.get("resample", integer(0, len(FILTERS) - 1), 2)]
    try:
        return side, Preparation(resize=resize, resample=resample, mean=mean, std=std)
    except ValueError as error:
        raise Refused(f"{config.where}: {error}") from error


def _size(config: Settings, key: str, default: Size, of_int: tuple[str, ...]) -> Size:
    """{"shortest_edge": length} or {"height": length, "width": length}; a number alone stands for `of_int`."""
    if key not in config.values:
        return default
    if type(config.values[key]) is int:
        return dict.fromkeys(of_int, config.get(key, LENGTH))
    size = config.inside(key)
    if size.values.keys() not in ({"shortest_edge"}, {"height", "width"}):
        raise Refused(f"{size.where} must have shortest_edge, or height and width, but has {sorted(size.values)}")
    return {name: size.get(name, LENGTH) for name in size.values}


def _side(size: Size, config: Settings, key: str) -> int:
    """The side of the squares that a size makes of all images."""
    if len(set(size.values())) > 1 or "shortest_edge" in size:
        raise Refused(f"{config.where}: {key} is {size}, and the network takes squares")
    return Settings(size, f"{config.where}: {key}").get("height", SIDE)
