"""Photographs to arrays: whatever a student has, as the network wants it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from . import checks

Picture = str | os.PathLike[str] | BinaryIO | Image.Image | np.ndarray


def open_picture(picture: Picture) -> Image.Image:
    """Read a picture as upright RGB.

    EXIF orientation is followed, transparency is laid on white, and grey, palette, CMYK and 16-bit pictures become
    8-bit RGB.

    Parameters
    ----------
    picture : path, open binary file, Pillow image or array
        An array is (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), of uint8 or uint16.

    Returns
    -------
    Pillow image
        Of mode "RGB".

    Raises
    ------
    ValueError
        If it is no picture, is damaged, has no pixels, or is too large to be honest.
    TypeError
        If an array is neither uint8 nor uint16.
    OSError
        If a file cannot be opened.

    Examples
    --------
    >>> open_picture(np.array([[0, 257], [256 * 256 - 1, 0]], np.uint16)).getpixel((1, 0))
    (1, 1, 1)
    """
    if isinstance(picture, np.ndarray):
        return _to_rgb(_from_array(picture))
    if isinstance(picture, str | os.PathLike):
        with open(picture, "rb") as file:
            return _decode(file, os.fspath(picture))
    if isinstance(picture, Image.Image):
        return _decode_image(picture, "picture")
    if hasattr(picture, "read"):
        return _decode(picture, getattr(picture, "name", "picture"))
    raise TypeError(f"picture must be a path, an open file, an image or an array, but is {type(picture).__name__}")


def prepare(
    picture: Picture,
    resolution: int = 224,
    crop: float = 1.0,
    mean: Sequence[float] = (127.5, 127.5, 127.5),
    std: Sequence[float] = (127.5, 127.5, 127.5),
) -> np.ndarray:
    """Turn a picture into the network's input: centre square, bilinear, scaled.

    Parameters
    ----------
    picture : path, open binary file, Pillow image or array
        As for `open_picture`.
    resolution : int
        Side of the result.
    crop : float
        How much of the centre square's side to keep: 1.0 is all of it, as users of Keras do; 0.875 is the
        central crop of TF-slim's and Hugging Face's evaluation.
    mean, std : three floats
        x = (pixel - mean) / std for each colour, pixels from 0 to 255. The defaults give x in -1 .. 1.

    Returns
    -------
    (resolution, resolution, 3) float32 array

    Raises
    ------
    ValueError, TypeError, OSError
        As `open_picture`; and ValueError if resolution or crop is out of range.

    Examples
    --------
    >>> x = prepare(np.full((40, 60, 3), 255, np.uint8), resolution=32)
    >>> x.shape, float(x.min())
    ((32, 32, 3), 1.0)
    """
    checks.count("resolution", resolution)
    if not 0 < crop <= 1:
        raise ValueError(f"crop must be above 0 and at most 1, but is {crop!r}")
    image = open_picture(picture)
    side = max(1, round(crop * min(image.size)))
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    pixels = np.asarray(square.resize((resolution, resolution), Image.Resampling.BILINEAR))  # (r, r, 3) uint8
    return (pixels.astype(np.float32) - np.asarray(mean, np.float32)) / np.asarray(std, np.float32)


def _decode(file: BinaryIO, name: str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(file)  # reads the header alone
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise ValueError(f"{name} is too large a picture: {error}") from error
        except Exception as error:
            raise ValueError(f"{name} is not a picture that can be read") from error
    return _decode_image(image, name)


def _decode_image(image: Image.Image, name: str) -> Image.Image:
    if 0 in image.size:
        raise ValueError(f"{name} has no pixels: it is {image.width} x {image.height}")
    try:
        image.load()
        return _to_rgb(ImageOps.exif_transpose(image))
    except Exception as error:
        raise ValueError(f"{name} is a damaged picture: {error}") from error


def _from_array(array: np.ndarray) -> Image.Image:
    if array.ndim not in (2, 3) or array.shape[2:] not in ((), (1,), (3,), (4,)) or 0 in array.shape:
        raise ValueError(f"picture must have the shape (H, W), or (H, W, 1, 3 or 4), but has {array.shape}")
    if array.dtype == np.uint16:
        array = _to_8_bits(array)
    if array.dtype != np.uint8:
        raise TypeError(f"picture must be uint8 or uint16, but is {array.dtype}")
    return Image.fromarray(np.ascontiguousarray(array[..., 0] if array.shape[2:] == (1,) else array))


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # grey in 16 bits, which Pillow would cut off at 255
        image = Image.fromarray(_to_8_bits(np.asarray(image)))
    elif image.mode == "F":
        raise ValueError("its pixels are floats of unknown range")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")


def _to_8_bits(pixels: np.ndarray) -> np.ndarray:
    """0 .. 65535 to 0 .. 255: 65535 is 255 * 257."""
    return np.round(np.clip(pixels, 0, 65535) / 257).astype(np.uint8)
