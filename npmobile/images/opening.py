"""Files, arrays and Pillow images as upright RGB of 8 bits.

Nothing here changes what belongs to the whole process, such as Pillow's own limit or the filters of `warnings`:
any number of threads may open images at the same time.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import numpy as np
from PIL import Image, JpegImagePlugin

from ..files import one_line
from . import tiff

ImageLike = str | os.PathLike[str] | BinaryIO | Image.Image | np.ndarray

# Formats whose header gives the size that will be decoded; an ICO of 16 x 16 may contain a PNG of any size.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "JPEG2000", "HEIF", "AVIF")
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx")
MODES = ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV")
MOST_BYTES = 512_000_000  # of a file
MOST_PIXELS = 128_000_000  # a large photograph of a phone has 12000 x 9000
MOST_PIXELS_OF_TIFF = 89_000_000  # of more Pillow warns as it decodes them
FEW_PIXELS = 4096 * 4096  # that any file may have
PIXELS_A_BYTE = 400  # that a file with more pixels may have; photographs have 1 to 20
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # what makes an image of this EXIF orientation upright


def open_image(image: ImageLike) -> Image.Image:
    """Read an image as upright RGB.

    EXIF orientation is followed, transparent pixels become white, of an animation the first frame is taken, and grey,
    palette, CMYK and 16-bit images become 8-bit RGB. Pillow's mode "I" does not say how many bits were meant:
    it is taken as 8 bits if no pixel is above 255, else as 16.

    Parameters
    ----------
    image : path, open binary file, Pillow image or array
        A file is a JPEG, PNG, WebP, GIF, BMP, TIFF, PPM, JPEG 2000, AVIF or, with `pillow-heif`, HEIC. An array is
        (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), of uint8 or uint16.

    Returns
    -------
    Pillow image
        Of mode "RGB".

    Raises
    ------
    ValueError
        If it is no image, is damaged, has no pixels, or has too many: more than 128 million, or more than 16.8
        million and more than 400 for each byte of the file.
    TypeError
        If an array is neither uint8 nor uint16, or if `image` is nothing of the above.
    OSError
        If a file cannot be opened.

    Examples
    --------
    >>> open_image(np.array([[0, 257], [256 * 256 - 1, 0]], np.uint16)).getpixel((1, 0))
    (1, 1, 1)
    """
    if isinstance(image, np.ndarray):
        return _to_rgb(_from_array(image), "image")
    if isinstance(image, str | os.PathLike):
        with open(image, "rb") as file:
            return _from_file(file, one_line(os.fspath(image)))
    if isinstance(image, Image.Image):
        _check_size(image, "image", MOST_BYTES)
        with _damaged("image"):
            image = image.copy()
        return _upright(_to_rgb(image, "image"), image.info.get("exif"))
    if hasattr(image, "read") and not isinstance(image, io.TextIOBase):
        return _from_file(image, one_line(getattr(image, "name", "image")))
    raise TypeError(f"image must be a path, a binary file, a Pillow image or an array, but is {type(image).__name__}")


def _from_array(array: np.ndarray) -> Image.Image:
    if isinstance(array, np.matrix | np.ma.MaskedArray):
        raise TypeError(f"image must be a plain array, but is a {type(array).__name__}")
    if array.ndim not in (2, 3) or array.shape[2:] not in ((), (1,), (3,), (4,)) or 0 in array.shape:
        raise ValueError(f"image must have the shape (H, W), or (H, W, 1, 3 or 4), but has {array.shape}")
    if array.dtype.newbyteorder("=") == np.uint16:
        array = _to_8_bits(array)
    if array.dtype != np.uint8:
        raise TypeError(f"image must be uint8, from 0 to 255, or uint16, but is {array.dtype}")
    return Image.fromarray(np.ascontiguousarray(array[..., 0] if array.shape[2:] == (1,) else array))


def _from_file(file: BinaryIO, name: str) -> Image.Image:
    data, tile = _read(file, name), 0
    if data[:2] in (b"II", b"MM"):
        with _damaged(name):
            data, tile = tiff.without_metadata(data)
    image = _identify(data, name)
    _check_size(image, name, len(data), tile)
    with _damaged(name):
        image.load()
    if image.format == "PNG":
        _match_transparency(image, depth=data[24])
    exif = None if image.format == "TIFF" else image.info.get("exif")  # Pillow turns a TIFF itself
    return _upright(_to_rgb(image, name), exif)


def _read(file: BinaryIO, name: str) -> bytes:
    if hasattr(file, "seekable") and file.seekable():
        file.seek(0)
    chunks: list[bytes] = []
    while chunk := file.read(2**20):
        if not isinstance(chunk, bytes):
            raise TypeError(f"image must be a binary file, but {name} gives {type(chunk).__name__}")
        chunks.append(chunk)
        if sum(map(len, chunks)) > MOST_BYTES:
            raise ValueError(f"{name} has more than {MOST_BYTES:,} bytes, too many for an image")
    return b"".join(chunks)


class _Jpeg(JpegImagePlugin.JpegImageFile):
    """A JPEG with a resolution in dots per inch, so that Pillow does not look for one in EXIF, which may be damaged."""

    def _open(self) -> None:
        self.info["dpi"] = 72, 72
        super()._open()


def _identify(data: bytes, name: str) -> Image.Image:
    """Read the header. `Image.open` does that too, but warns of images that are large."""
    Image.init()
    if data[4:8] == b"ftyp" and any(brand in data[8:64] for brand in HEIC) and "HEIF" not in Image.OPEN:
        raise ValueError(
            f"{name} is HEIC, which Pillow does not read by itself: "
            "pip install pillow-heif, and then call pillow_heif.register_heif_opener()"
        )
    with _damaged(name):
        for kind in FORMATS:
            factory, accepts = Image.OPEN.get(kind, (_Jpeg, None))
            if accepts and accepts(data[:16]) is True:
                return (_Jpeg if kind == "JPEG" else factory)(io.BytesIO(data), "")
    raise ValueError(f"{name} is not an image that can be read: it is none of {', '.join(FORMATS)}")


def _check_size(image: Image.Image, name: str, size: int, tile: int = 0) -> None:
    """Refuse an image that would fill the memory, by what its header declares.

    `size` is that of its file in bytes, `tile` the pixels of a tile, which are decoded at once.
    """
    if 0 in image.size:
        raise ValueError(f"{name} has no pixels: it is {image.width} x {image.height}")
    pixels = max(image.width * image.height, tile)
    most = MOST_PIXELS_OF_TIFF if image.format == "TIFF" else MOST_PIXELS
    if pixels > most:
        raise ValueError(f"{name} is too large an image: it has {pixels:,} pixels, and at most {most:,} are read")
    if pixels > (most := max(FEW_PIXELS, PIXELS_A_BYTE * size)):
        raise ValueError(
            f"{name} is too large an image for its {size:,} bytes: it has {pixels:,} pixels, "
            f"and at most {most:,} are read"
        )


@contextmanager
def _damaged(name: str) -> Iterator[None]:
    """Turn whatever a damaged image makes Pillow raise into one ValueError."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise ValueError(f"{name} is a damaged image: {one_line(error) or type(error).__name__}") from error


def _match_transparency(image: Image.Image, depth: int) -> None:
    """Make the transparent colour of a PNG one of 8 bits, as Pillow has made the pixels."""
    colour = image.info.get("transparency")
    if isinstance(colour, int) and image.mode == "L":
        image.info["transparency"] = colour * 255 // (2**depth - 1)
    elif isinstance(colour, tuple) and depth == 16:
        image.info["transparency"] = tuple(value >> 8 for value in colour)


def _to_rgb(image: Image.Image, name: str) -> Image.Image:
    if image.mode.startswith("I"):
        return Image.fromarray(_grey(image, name)).convert("RGB")
    if image.mode not in MODES:
        raise ValueError(f"{name} has pixels of the mode {image.mode}, whose range is not known: make them uint8")
    with _damaged(name):
        if not image.has_transparency_data:
            return image if image.mode == "RGB" else image.convert("RGB")
        image = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")


def _grey(image: Image.Image, name: str) -> np.ndarray:
    """(H, W) uint8 array of a grey image of 16 or 32 bits, its transparent pixels white."""
    pixels = np.asarray(image)  # (H, W)
    low, high = int(pixels.min()), int(pixels.max())
    if low < 0 or high > 65535:
        raise ValueError(f"{name} has pixels from {low} to {high}, whose range is not known: make them uint8")
    if getattr(image, "tag_v2", {}).get(tiff.BITS) == (12,):
        top = 4095
    elif image.mode != "I" or image.format in ("PNG", "PPM") or high > 255:  # Pillow below 10.3 has "I" for PNG
        top = 65535
    else:
        top = 255
    grey = _to_8_bits(pixels, top)
    transparent = image.info.get("transparency")
    return grey if transparent is None else np.where(pixels == transparent, np.uint8(255), grey)


def _to_8_bits(pixels: np.ndarray, top: int = 65535) -> np.ndarray:
    """0 .. top to 0 .. 255, rounded."""
    return np.round(pixels.astype(np.float32) * (255 / top)).astype(np.uint8)


def _upright(image: Image.Image, exif: bytes | None) -> Image.Image:
    turn = TURNS.get(tiff.orientation(exif or b""))
    return image if turn is None else image.transpose(turn)
