"""TIFF: many numbers of bits, and tags that are damaged."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
from image_files import BLACK, WHITE, colours, encoded, grey_tiff, opened, refused, tiff
from PIL import Image

from npmobile.images.tiff import without_metadata


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32])
def test_tiffs_of_every_number_of_bits(dtype):
    values = np.array([[0, 7, 100, 255]], dtype)
    assert colours(encoded(Image.fromarray(values), "TIFF")) == [
        (v,) * 3 for v in ([0, 0, 0, 1] if dtype == np.uint16 else [0, 7, 100, 255])
    ]
    refused(encoded(Image.fromarray(np.array([[-7, 100]], np.int32)), "TIFF"), ValueError, "has pixels from -7 to 100")
    refused(encoded(Image.fromarray(np.array([[0.5]], np.float32)), "TIFF"), ValueError, "pixels of the mode F")


def test_tiffs_of_12_bits():
    """Two pixels in three bytes: 4095 and 0; 16 of 4095 is 1 of 255."""
    assert colours(io.BytesIO(tiff(grey_tiff(2, 1, 12, 3), b"\xff\xf0\x00"))) == [WHITE, BLACK]
    assert colours(io.BytesIO(tiff(grey_tiff(2, 1, 12, 3), b"\x01\x06\x40"))) == [(1, 1, 1), (100, 100, 100)]
    assert colours(io.BytesIO(tiff(grey_tiff(2, 1, 12, 3), b"\xff\x7f\xf6"))) == [(255, 255, 255), (254, 254, 254)]


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "group4"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr"])
def test_tiffs_of_every_compression(mode, compression):
    if (compression == "jpeg" and mode in "1P") or (compression == "group4" and mode != "1"):
        return  # there are none
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (33, 20, 3), dtype=np.uint8))
    file = encoded(noise.convert(mode), "TIFF", **({"compression": compression} if compression else {}))
    try:
        expected = Image.open(file).convert("RGB")
    except OSError:
        assert mode == "YCbCr"  # Pillow writes some that it cannot read
    else:
        assert np.array_equal(np.asarray(opened(file)), np.asarray(expected))


@pytest.mark.parametrize(
    ("kind", "size"),
    [(1, 1), (2, 1), (3, 2), (4, 4), (5, 8), (6, 1), (7, 1), (8, 2), (9, 4), (10, 8), (11, 4), (12, 8)],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_values_that_end_with_the_file_and_one_byte_after_it(kind, size, order):
    """Of tag 532, the black and the white of YCbCr, in every type; 5 values need more than the 4 bytes of an entry."""
    good = grey_tiff(3, 1, 8, 3)
    start = len(tiff([*good, (532, kind, 5, 0)], bytes(3), order))
    content = tiff([*good, (532, kind, 5, start)], bytes(3), order, bytes(5 * size))
    assert len(without_metadata(content)[0]) == len(content)
    with pytest.raises(ValueError, match="the values of tag 532 are not in the file"):
        without_metadata(content[:-1])


def test_two_shorts_are_in_their_entry_and_three_are_not():
    good = [entry for entry in grey_tiff(3, 1, 8, 3) if entry[0] != 258]
    with pytest.raises(ValueError, match="the values of tag 258 are not in the file"):
        without_metadata(tiff([*good, (258, 3, 3, 0xFFFF0000)], bytes(3), ">"))
    without_metadata(tiff([*good, (258, 3, 2, 0xFFFF)], bytes(3), ">"))


@pytest.mark.parametrize("order", ["<", ">"])
def test_damaged_metadata_does_not_refuse_a_tiff_nor_warn(order):
    pixels = bytes([0, 100, 200])
    good = grey_tiff(3, 1, 8, 3)
    odd = [
        (270, 2, 10**9, 10**9),
        (282, 5, 1, 0xFFFFFFFF),
        (34665, 4, 1, 0xFFFFFFF0),
        (700, 99, 5, 7),
        (305, 2, 7, 100_000),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert colours(io.BytesIO(tiff(good, pixels, order))) == [(v,) * 3 for v in pixels]
        assert colours(io.BytesIO(tiff(good + odd, pixels, order))) == [(v,) * 3 for v in pixels]
        assert colours(io.BytesIO(tiff(good, pixels, order)[:-4] + b"\xff\xff\xff\0")) == [(v,) * 3 for v in pixels]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((256, 3, 2, 3), "tag 256 has 2 values, not 1"),
        ((256, 99, 1, 3), "the values of tag 256 are not in the file"),
        ((273, 4, 2, 10**9), "the values of tag 273 are not in the file"),
        ((273, 4, 2**32 - 1, 8), "the values of tag 273 are not in the file"),
        ((320, 3, 50, 110), "the values of tag 320 are not in the file"),
    ],
)
def test_damaged_tags_of_pixels_are_refused(change, message):
    entries = [entry for entry in grey_tiff(3, 1, 8, 3) if entry[0] != change[0]]
    refused(io.BytesIO(tiff([*entries, change], bytes(3))), ValueError, f"image is a damaged image: {message}")


def test_values_of_tags_that_lie_over_each_other():
    """Pillow would read them all, and warn where they are more than the file in all."""
    entries = [(tag, 1, 150, 8) for tag in (320, 532)]
    refused(
        io.BytesIO(tiff(grey_tiff(3, 1, 8, 3) + entries, bytes(150))), ValueError, "the values of tag 532 are not in"
    )


def test_large_tiffs_and_large_tiles():
    entries = grey_tiff(10_000, 8_901, 1, 10**6)
    refused(
        io.BytesIO(tiff(entries, bytes(10**6))), ValueError, "has 89,010,000 pixels, and at most 89,000,000 are read"
    )
    tile = [(322, 3, 1, 60_000), (323, 3, 1, 60_000), (324, 4, 1, 8), (325, 4, 1, 3)]
    small = [entry for entry in grey_tiff(3, 1, 8, 3) if entry[0] not in (273, 278, 279)]
    refused(io.BytesIO(tiff(small + tile, bytes(3))), ValueError, "has 3,600,000,000 pixels, and at most 89,000,000")


@pytest.mark.parametrize(
    "content", [b"II*\0", b"MM\0*\0\0\0\xff", b"II+\0\x08\0\0\0" + bytes(100), b"II*\0\x08\0\0\0\xff\xff"]
)
def test_tiffs_without_a_directory(content):
    refused(io.BytesIO(content), ValueError, "image is a damaged image: ")
