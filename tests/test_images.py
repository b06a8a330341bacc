"""Photographs to arrays, in every form that a student may have."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from npmobile import images

RED, WHITE = (255, 0, 0), (255, 255, 255)


def encoded(image: Image.Image, kind: str, **how) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind, **how)
    file.seek(0)
    return file


def opened(source):
    image = images.open_picture(source)
    assert image.mode == "RGB"
    return image


# Modes


def test_upright_by_exif():
    image = Image.new("RGB", (6, 4), "white")
    image.putpixel((0, 0), (0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera on its side: turn by 90 degrees
    turned = opened(encoded(image, "PNG", exif=exif))
    assert turned.size == (4, 6)
    assert turned.getpixel((3, 0)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("L", 100, (100, 100, 100)),
        ("1", 1, WHITE),
        ("LA", (100, 0), WHITE),
        ("RGB", RED, RED),
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (0, 0, 0, 51), (204, 204, 204)),  # a fifth of black on white
        ("CMYK", (0, 255, 255, 0), RED),
        ("HSV", (0, 255, 255), RED),
        ("I;16", 257 * 100, (100, 100, 100)),
        ("I", 65535, WHITE),
    ],
)
def test_every_mode_becomes_rgb(mode, colour, expected):
    assert opened(Image.new(mode, (3, 2), colour)).getpixel((1, 1)) == expected


def test_palette_with_and_without_a_transparent_colour():
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    assert [opened(encoded(image, "PNG")).getpixel((i, 0)) for i in (0, 1)] == [RED, (0, 0, 255)]
    transparent = encoded(image, "PNG", transparency=0)
    assert [opened(transparent).getpixel((i, 0)) for i in (0, 1)] == [WHITE, (0, 0, 255)]


def test_16_bit_png_and_cmyk_jpeg():
    grey = encoded(Image.fromarray(np.full((2, 2), 257 * 30, np.uint16)), "PNG")
    assert opened(grey).getpixel((0, 0)) == (30, 30, 30)
    cmyk = encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG")
    assert np.allclose(opened(cmyk).getpixel((8, 8)), RED, atol=4)


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 1), (5, 7, 3), (5, 7, 4)])
def test_arrays(shape):
    pixels = np.full(shape, 255, np.uint8)
    pixels[..., :3] = 90
    assert opened(pixels).size == (7, 5)
    assert opened(pixels).getpixel((0, 0)) == (90, 90, 90)
    assert opened(257 * pixels.astype(np.uint16)).getpixel((0, 0)) == (90, 90, 90)


def test_a_path_an_open_file_an_image_and_an_array_are_the_same(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "p.png")
    expected = images.prepare(pixels, 32)
    with open(tmp_path / "p.png", "rb") as file:
        for source in (tmp_path / "p.png", str(tmp_path / "p.png"), file, Image.fromarray(pixels)):
            assert np.array_equal(images.prepare(source, 32), expected)


# Geometry and scale


def test_centre_square():
    pixels = np.zeros((4, 10, 3), np.uint8)
    pixels[:, 3:7] = 255
    assert (images.prepare(pixels, 4) == 1).all()
    assert (images.prepare(pixels.transpose(1, 0, 2), 4) == 1).all()


def test_central_crop():
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[4:60, 4:60] = 255  # 56 of 64 is 0.875
    assert (images.prepare(pixels, 56, crop=0.875) == 1).all()
    assert not (images.prepare(pixels, 56) == 1).all()


def test_scales():
    pixels = np.array([[[0, 51, 255]]], np.uint8)
    np.testing.assert_allclose(images.prepare(pixels, 1)[0, 0], [-1, -0.6, 1], atol=1e-7)
    scaled = images.prepare(pixels, 1, mean=(0, 0, 51), std=(255, 51, 102))
    np.testing.assert_allclose(scaled[0, 0], [0, 1, 2], atol=1e-7)
    assert scaled.dtype == np.float32


def test_bilinear_is_pillows(shared):
    golden = np.load(shared / "golden/keras_reference.npz")
    compared = 0
    for name, pixels in zip(golden["files"], golden["images_uint8"]):
        path = shared / "images" / str(name)
        if path.exists():
            np.testing.assert_allclose(images.prepare(path), pixels / 127.5 - 1, atol=1e-6)
            compared += 1
    assert compared == 5


# What is refused


def refused(source, error, message):
    with pytest.raises(error, match=message):
        images.open_picture(source)


def test_what_is_no_picture(tmp_path):
    (tmp_path / "notes.jpg").write_text("this is not a picture")
    (tmp_path / "empty.png").write_bytes(b"")
    refused(tmp_path / "notes.jpg", ValueError, r"notes\.jpg is not a picture that can be read")
    refused(tmp_path / "empty.png", ValueError, r"empty\.png is not a picture that can be read")
    refused(tmp_path / "none.png", FileNotFoundError, r"none\.png")
    refused(io.BytesIO(b"GIF89a"), ValueError, "picture is not a picture that can be read")
    refused(None, TypeError, "picture must be a path, an open file, an image or an array, but is NoneType")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_truncated_files(tmp_path, kind):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    whole = encoded(Image.fromarray(noise), kind).getvalue()
    (tmp_path / "half.bin").write_bytes(whole[: len(whole) // 2])
    refused(tmp_path / "half.bin", ValueError, r"half\.bin is (a damaged picture|not a picture that can be read)")


def test_decompression_bomb(tmp_path):
    large = encoded(Image.new("1", (20_000, 20_000)), "PNG").getvalue()
    (tmp_path / "bomb.png").write_bytes(large)
    assert len(large) < 100_000
    refused(tmp_path / "bomb.png", ValueError, r"bomb\.png is too large a picture: Image size \(400000000 pixels\)")
    (tmp_path / "smaller.png").write_bytes(encoded(Image.new("1", (10_000, 10_000)), "PNG").getvalue())
    refused(tmp_path / "smaller.png", ValueError, r"smaller\.png is too large a picture")


def test_arrays_that_are_no_pictures():
    refused(np.zeros((0, 5, 3), np.uint8), ValueError, r"picture must have the shape \(H, W\), .* but has \(0, 5, 3\)")
    refused(np.zeros((5, 5, 2), np.uint8), ValueError, r"but has \(5, 5, 2\)")
    refused(np.zeros((1, 5, 5, 3), np.uint8), ValueError, r"but has \(1, 5, 5, 3\)")
    refused(np.zeros((5, 5, 3)), TypeError, "picture must be uint8 or uint16, but is float64")
    refused(np.zeros((5, 5, 3), int), TypeError, "picture must be uint8 or uint16, but is int64")
    refused(Image.new("RGB", (0, 5)), ValueError, "picture has no pixels: it is 0 x 5")
    refused(Image.new("F", (5, 5)), ValueError, "its pixels are floats of unknown range")


def test_bad_sizes():
    pixels = np.zeros((5, 5, 3), np.uint8)
    with pytest.raises(ValueError, match="resolution must be an int of at least 1, but is 0"):
        images.prepare(pixels, 0)
    for crop in (0, 1.5, float("nan")):
        with pytest.raises(ValueError, match="crop must be above 0 and at most 1, but is"):
            images.prepare(pixels, 32, crop=crop)
