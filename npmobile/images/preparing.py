"""Images as a network's training prepared them: cropped, resized and scaled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from PIL import Image

from .. import checks
from ..files import one_line
from .opening import MOST_PIXELS, ImageLike, open_image

FILTERS = {kind.name.lower(): kind for kind in Image.Resampling}


def _numbers(name: str, values: object, count: int) -> tuple[float, ...]:
    """So many finite numbers, as floats; refused by name if they are anything else."""
    try:
        numbers = tuple(float(value) for value in cast(Sequence[float], values) if not isinstance(value, str | bool))
        if len(numbers) == count and all(map(math.isfinite, numbers)):
            return numbers
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{name} must be {count} finite number{'s' if count > 1 else ''}, but is {one_line(values)}")


@dataclass(frozen=True)
class Preparation:
    """How a network wants its images.

    Parameters
    ----------
    crop : float
        How much of the centre square's side is kept before it is resized: 1.0 is all of it, as users of Keras do;
        0.875 is the central crop of TF-slim's evaluation.
    resize : float or two floats, optional
        Hugging Face's order: the whole image is resized first, and then the centre is cut out. One number is the
        length of the shorter side, two numbers are height and width, all as multiples of the network's resolution:
        `size` {"shortest_edge": 256} with a `crop_size` of 224 is 256 / 224; {"height": 224, "width": 224} is (1, 1).
    resample : {"nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"}
        Pillow's filter for resizing.
    mean, std : three floats
        x = (pixel - mean) / std for each colour, pixels from 0 to 255. The defaults give x in -1 .. 1. Hugging Face
        multiplies with `rescale_factor` first: divide its `image_mean` and `image_std` by that.

    Raises
    ------
    ValueError
        If a value is of another kind or out of range.

    Examples
    --------
    >>> Preparation(crop=0.875, mean=[0, 0, 0], std=[255, 255, 255]).std
    (255.0, 255.0, 255.0)
    """

    crop: float = 1.0
    resize: float | tuple[float, ...] | None = None
    resample: str = "bilinear"
    mean: tuple[float, ...] = (127.5, 127.5, 127.5)
    std: tuple[float, ...] = (127.5, 127.5, 127.5)

    def __post_init__(self) -> None:
        (crop,) = _numbers("crop", [self.crop], 1)
        if not 0 < crop <= 1:
            raise ValueError(f"crop must be above 0 and at most 1, but is {crop}")
        if self.resize is not None:
            two = isinstance(self.resize, Sequence)
            lengths = _numbers("resize", self.resize if two else [self.resize], 2 if two else 1)
            if not all(0 < length <= 100 for length in lengths):
                raise ValueError(f"resize must be above 0 and at most 100, but is {self.resize}")
            if crop != 1:
                raise ValueError(f"crop must be 1 where resize is given, but is {crop}")
            object.__setattr__(self, "resize", lengths if two else lengths[0])
        if self.resample not in FILTERS:
            raise ValueError(f"resample must be one of {', '.join(FILTERS)}, but is {one_line(repr(self.resample))}")
        object.__setattr__(self, "mean", _numbers("mean", self.mean, 3))
        object.__setattr__(self, "std", _numbers("std", self.std, 3))
        if not all(std > 0 for std in self.std):
            raise ValueError(f"std must be above 0, but is {self.std}")


def prepare(
    image: ImageLike, resolution: int = 224, preparation: Preparation = Preparation(), channels: int = 3
) -> np.ndarray:
    """Turn an image into the network's input.

    Parameters
    ----------
    image : path, open binary file, Pillow image or array
        As for `open_image`.
    resolution : int
        Side of the result.
    preparation : Preparation
        By default the centre square, bilinear, scaled to -1 .. 1.
    channels : int
        3 for colour, 1 for grey (as Pillow makes it, 0.299 R + 0.587 G + 0.114 B): what the network takes.

    Returns
    -------
    (resolution, resolution, channels) float32 array

    Raises
    ------
    ValueError, TypeError, OSError
        As `open_image`; and ValueError if resolution is not a count, channels is neither 1 nor 3, or the resized
        image would be too large.

    Examples
    --------
    >>> x = prepare(np.full((40, 60, 3), 255, np.uint8), resolution=32)
    >>> x.shape, float(x.min())
    ((32, 32, 3), 1.0)
    """
    checks.count("resolution", resolution)
    if channels not in (1, 3):
        raise ValueError(f"an image has 3 channels, or 1 if it is grey, but the network takes {channels}")
    rgb = open_image(image)
    rgb = rgb.convert("L").convert("RGB") if channels == 1 else rgb
    resample = FILTERS[preparation.resample]
    if preparation.resize is None:
        side = max(1, round(preparation.crop * min(rgb.size)))
        square = _centre(rgb, side).resize((resolution, resolution), resample)
    else:
        square = _centre(rgb.resize(_new_size(rgb, resolution, preparation.resize), resample), resolution)
    pixels = np.asarray(square, np.float32)  # (resolution, resolution, 3), 0 .. 255
    x = (pixels - np.asarray(preparation.mean, np.float32)) / np.asarray(preparation.std, np.float32)
    return x[..., :channels]


def check_prepared(x: np.ndarray, preparation: Preparation = Preparation()) -> None:
    """Refuse floats that no image can have after this preparation.

    Pixels from 0 to 255 end between (0 - mean) / std and (255 - mean) / std. Whoever resized floats may be a little
    beyond it, so a quarter of that range is allowed at both ends.

    Parameters
    ----------
    x : (..., 3) float array
    preparation : Preparation

    Raises
    ------
    ValueError
        If x holds NaN, infinity, or numbers far out of that range, as unscaled pixels are.

    Examples
    --------
    >>> check_prepared(np.full((2, 2, 3), 128.0))
    Traceback (most recent call last):
    ValueError: a prepared image has numbers from -1 to 1, but this one from 128 to 128: give its pixels as uint8, from 0 to 255
    """
    mean, std = np.asarray(preparation.mean), np.asarray(preparation.std)
    low, high = (0 - mean) / std, (255 - mean) / std  # (3,) each
    spare = (high - low) / 4
    if not ((x >= low - spare) & (x <= high + spare)).all():  # NaN is neither
        raise ValueError(
            f"a prepared image has numbers from {low.min():.4g} to {high.max():.4g}, but this one from "
            f"{x.min():.4g} to {x.max():.4g}: give its pixels as uint8, from 0 to 255"
        )


def _centre(image: Image.Image, side: int) -> Image.Image:
    """The centre square; where the image is smaller, black is added around it."""
    square = Image.new("RGB", (side, side))
    square.paste(image, (-((image.width - side) // 2), -((image.height - side) // 2)))
    return square


def _new_size(image: Image.Image, resolution: int, resize: float | tuple[float, ...]) -> tuple[int, int]:
    """Width and height of the resized image, as Hugging Face rounds them."""
    if isinstance(resize, tuple):
        height, width = (max(1, round(length * resolution)) for length in resize)
    else:
        shorter = max(1, round(resize * resolution))
        width, height = (int(shorter * side / min(image.size)) for side in image.size)
    if width * height > MOST_PIXELS:
        raise ValueError(f"an image of {image.width} x {image.height} pixels would be resized to {width} x {height}")
    return width, height
