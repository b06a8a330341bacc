"""Images in every form that a student may have, as upright RGB."""

from __future__ import annotations

import io
import os
import struct
import threading
import warnings
import zlib
from contextlib import suppress

import numpy as np
import pytest
from image_files import BLACK, BLUE, RED, WHITE, chunk, colours, encoded, grey_tiff, opened, png, refused, tiff
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from npmobile import images
from npmobile.images import opening

# Modes


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("L", 100, (100, 100, 100)),
        ("1", 1, WHITE),
        ("LA", (100, 0), WHITE),
        ("LA", (0, 51), (204, 204, 204)),  # a fifth of black on white
        ("La", (100, 0), WHITE),
        ("PA", (0, 0), WHITE),
        ("RGB", RED, RED),
        ("RGBX", (255, 0, 0, 0), RED),
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (0, 0, 0, 51), (204, 204, 204)),
        ("RGBa", (0, 0, 0, 51), (204, 204, 204)),
        ("CMYK", (0, 255, 255, 0), RED),
        ("HSV", (0, 255, 255), RED),
        ("YCbCr", (255, 128, 128), WHITE),
        ("I;16", 257 * 100, (100, 100, 100)),
        ("I;16", 257 * 100 + 200, (101, 101, 101)),  # rounded, not cut off
        ("I;16", 100, BLACK),
        ("I;16L", 257 * 100, (100, 100, 100)),
        ("I;16B", 257 * 100, (100, 100, 100)),
        ("I;16B", 65535, WHITE),
        ("I", 65535, WHITE),
        ("I", 257 * 100, (100, 100, 100)),
        ("I", 256, (1, 1, 1)),
        ("I", 255, WHITE),
        ("I", 100, (100, 100, 100)),
        ("I", 0, BLACK),
    ],
)
def test_every_mode_becomes_rgb(mode, colour, expected):
    assert opened(Image.new(mode, (3, 2), colour)).getpixel((1, 1)) == expected


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (Image.new("F", (5, 5)), "image has pixels of the mode F, whose range is not known: make them uint8"),
        (Image.new("LAB", (5, 5)), "image has pixels of the mode LAB, whose range is not known"),
        (Image.new("I", (5, 5), 65536), "image has pixels from 65536 to 65536, whose range is not known"),
        (Image.new("I", (5, 5), -1), "image has pixels from -1 to -1, whose range is not known"),
        (Image.new("RGB", (0, 5)), "image has no pixels: it is 0 x 5"),
    ],
)
def test_modes_that_do_not_tell_their_range(image, message):
    refused(image, ValueError, message)


def test_palette_with_and_without_a_transparent_colour():
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *BLUE])
    image.putpixel((1, 0), 1)
    for kind in ("PNG", "GIF"):
        assert colours(encoded(image, kind)) == [RED, BLUE]
        assert colours(encoded(image, kind, transparency=0)) == [WHITE, BLUE]
    assert colours(encoded(image, "PNG", transparency=bytes([255, 0]))) == [RED, WHITE]


@pytest.mark.parametrize(
    ("depth", "row", "transparent", "expected"),
    [
        (1, bytes([0b01010000]), 1, [0, 255, 0, 255]),
        (1, bytes([0b01010000]), 0, [255, 255, 255, 255]),
        (2, bytes([0b00011011]), 2, [0, 85, 255, 255]),
        (4, bytes([0x05, 0xAF]), 10, [0, 85, 255, 255]),
        (4, bytes([0x05, 0xAF]), 5, [0, 255, 170, 255]),
        (8, bytes([0, 100, 200, 255]), 100, [0, 255, 200, 255]),
        (16, struct.pack(">4H", 0, 25700, 51400, 65535), 25700, [0, 255, 200, 255]),
        (16, struct.pack(">4H", 0, 25700, 51400, 65535), 25701, [0, 100, 200, 255]),
        (16, struct.pack(">4H", 0, 25700, 51400, 65535), 0, [255, 100, 200, 255]),
    ],
)
def test_grey_pngs_with_a_transparent_colour(depth, row, transparent, expected):
    file = png(4, 1, depth, 0, b"\0" + row, chunk(b"tRNS", struct.pack(">H", transparent)))
    assert colours(file) == [(grey,) * 3 for grey in expected]


def test_rgb_pngs_with_a_transparent_colour():
    transparent = chunk(b"tRNS", struct.pack(">3H", 4, 5, 6))
    assert colours(png(2, 1, 8, 2, bytes([0, 1, 2, 3, 4, 5, 6]), transparent)) == [(1, 2, 3), WHITE]
    transparent = chunk(b"tRNS", struct.pack(">3H", 25600, 51200, 0))
    row = struct.pack(">6H", 256, 512, 768, 25600, 51200, 0)
    assert colours(png(2, 1, 16, 2, b"\0" + row, transparent)) == [(1, 2, 3), WHITE]


def test_pngs_of_16_bits():
    values = np.array([[0, 257, 30 * 257 - 128, 30 * 257 + 128, 30 * 257 + 129, 65406, 65407, 65535]], np.uint16)
    grey = encoded(Image.fromarray(values), "PNG")
    assert colours(grey) == [(v,) * 3 for v in (0, 1, 30, 30, 31, 254, 255, 255)]
    dark = encoded(Image.fromarray(np.array([[0, 255]], np.uint16)), "PNG")
    assert colours(dark) == [BLACK, (1, 1, 1)]
    assert colours(257 * np.array([[7, 9]], np.uint16)) == [(7, 7, 7), (9, 9, 9)]
    half = struct.pack(">4H", 25700, 65535, 25700, 0)
    assert colours(png(2, 1, 16, 4, b"\0" + half)) == [(100, 100, 100), WHITE]


def test_pgm_of_16_bits():
    assert colours(io.BytesIO(b"P2\n3 1\n65535\n0 100 257\n")) == [BLACK, BLACK, (1, 1, 1)]  # surely 16, though dark
    assert colours(io.BytesIO(b"P2\n2 1\n1023\n0 1023\n")) == [BLACK, WHITE]
    assert colours(io.BytesIO(b"P1\n2 1\n0 1\n")) == [WHITE, BLACK]


Image.init()
WRITTEN = [kind for kind in opening.FORMATS if kind in Image.SAVE]  # Pillow below 11.3 knows no AVIF


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_format(kind):
    image = Image.new("RGB", (64, 48), RED)
    read = opened(encoded(image, kind))
    assert read.size == (64, 48)
    assert np.allclose(read.getpixel((32, 24)), RED, atol=6)


def test_cmyk_jpeg():
    cmyk = encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG")
    assert np.allclose(opened(cmyk).getpixel((8, 8)), RED, atol=4)


def test_the_first_frame_of_an_animation():
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    for kind in ("GIF", "PNG", "WEBP", "TIFF"):
        file = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **({"lossless": True} if kind == "WEBP" else {}))  # fmt: skip
        assert opened(file).getpixel((4, 4)) == RED


# Orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_upright_by_exif(kind, orientation):
    """What a camera sees as it is held; EXIF 2.3 says which corner of the scene each pixel of the first row is from."""
    scene = np.zeros((32, 48, 3), np.uint8)
    scene[:8, :8] = 255  # white in the upper left corner, red in the upper right one
    scene[:8, 40:] = RED
    stored = {
        1: scene,
        2: scene[:, ::-1],
        3: scene[::-1, ::-1],
        4: scene[::-1],
        5: scene.transpose(1, 0, 2),
        6: np.rot90(scene),  # the camera's right side was up
        7: scene[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(scene, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    how = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {"lossless": True} if kind == "WEBP" else {}
    file = encoded(Image.fromarray(np.ascontiguousarray(stored)), kind, exif=exif, **how)
    for source in (file, Image.open(file)):
        upright = opened(source)
        assert upright.size == (48, 32)
        np.testing.assert_allclose(np.asarray(upright), scene, atol=8)


def test_big_endian_exif_and_turned_grey():
    grey = np.zeros((2, 3), np.uint16)
    grey[0, 0] = 65535
    big = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0)
    turned = opened(encoded(Image.fromarray(grey), "PNG", exif=big))
    assert turned.size == (2, 3)
    assert turned.getpixel((1, 0)) == WHITE


def jpeg_with_exif(image: Image.Image, exif: bytes) -> io.BytesIO:
    """A JPEG as cameras write it, with EXIF in place of the JFIF header; Pillow would not write damaged EXIF."""
    plain = encoded(image, "JPEG").getvalue()
    end = 4 + struct.unpack(">H", plain[4:6])[0]  # of the JFIF header
    return io.BytesIO(plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[end:])


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"Exif\0\0",
        b"Exif\0\0XX*\0\x08\0\0\0",
        b"Exif\0\0II*\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
        b"Exif\0\0II*\0" + struct.pack("<IHHHI", 8, 1, 0x0112, 3, 1),  # ends before its value
        b"Exif\0\0II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, 9, 0, 0),  # no such orientation
        b"Exif\0\0II*\0" + struct.pack("<IHHHIIHHIII", 8, 2, 0x011A, 5, 1, 60_000, 0x8769, 4, 1, 2**31, 0),
        b"Exif\0\0" + np.random.default_rng(0).bytes(50),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_exif_does_not_refuse_an_image(kind, exif):
    image = Image.new("RGB", (32, 16), RED)
    if kind == "JPEG":
        file = jpeg_with_exif(image, exif)
    elif kind == "PNG":
        plain = encoded(image, kind).getvalue()
        file = io.BytesIO(plain[:33] + chunk(b"eXIf", exif.removeprefix(b"Exif\0\0")) + plain[33:])
    else:
        file = encoded(image, kind, exif=exif)
    assert opened(file).size == (32, 16)


# Sources


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 1), (5, 7, 3), (5, 7, 4)])
def test_arrays(shape):
    pixels = np.full(shape, 255, np.uint8)
    pixels[..., :3] = 90
    assert opened(pixels).size == (7, 5)
    for same in (pixels, 257 * pixels.astype(np.uint16), (257 * pixels.astype(np.uint16)).astype(">u2"), pixels[::-1]):
        assert opened(same).getpixel((0, 0)) == (90, 90, 90)


def test_subclasses_of_arrays(tmp_path):
    class Pixels(np.ndarray):  # as imageio gives them
        pass

    assert opened(np.full((2, 2), 9, np.uint8).view(Pixels)).getpixel((0, 0)) == (9, 9, 9)
    mapped = np.memmap(tmp_path / "pixels", np.uint8, "w+", shape=(2, 2))
    assert opened(mapped).getpixel((0, 0)) == BLACK


def test_a_path_an_open_file_an_image_and_an_array_are_the_same(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    path = tmp_path / "고양이.png"
    Image.fromarray(pixels).save(path)

    class Stream(io.RawIOBase):  # it cannot seek and gives little at a time, as a connection does
        def __init__(self):
            self.rest = path.read_bytes()

        def read(self, size=-1):
            first, self.rest = self.rest[:100], self.rest[100:]
            return first

        def seekable(self):
            return False

    with open(path, "rb") as file, open(path, "rb", buffering=0) as unbuffered:
        file.read(100)
        sources = (path, str(path), file, file, unbuffered, Stream(), Image.fromarray(pixels), Image.open(path), pixels)
        for source in sources:
            assert np.array_equal(np.asarray(opened(source)), pixels)


def test_the_image_of_the_caller_is_not_changed():
    theirs = Image.new("RGB", (4, 4), RED)
    opened(theirs).putpixel((0, 0), BLUE)
    assert theirs.getpixel((0, 0)) == RED


# What is refused


def test_what_is_no_image(tmp_path):
    (tmp_path / "notes.jpg").write_text("this is not an image")
    (tmp_path / "empty.png").write_bytes(b"")
    none = "is not an image that can be read: it is none of JPEG, PNG, WEBP, GIF, BMP, TIFF, PPM, JPEG2000, HEIF, AVIF"
    refused(tmp_path / "notes.jpg", ValueError, rf"notes\.jpg {none}")
    refused(tmp_path / "empty.png", ValueError, rf"empty\.png {none}")
    refused(tmp_path / "none.png", FileNotFoundError, r"none\.png")
    refused(tmp_path, OSError, "denied|directory")
    refused(io.BytesIO(b"GIF89a"), ValueError, "image is a damaged image")
    refused(io.BytesIO(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"), ValueError, none)  # would be run
    refused(encoded(Image.new("RGB", (16, 16)), "ICO"), ValueError, none)


@pytest.mark.parametrize("source", [None, 1, b"\x89PNG", [[1, 2]], {}, io.StringIO("x")])
def test_other_types(source):
    refused(source, TypeError, "image must be a path, a binary file, a Pillow image or an array, but is ")


def test_text_from_a_file_of_ones_own():
    class Text:
        def read(self, size=-1):
            return "text"

    refused(Text(), TypeError, "image must be a binary file, but image gives str")


def test_names_that_break_lines(tmp_path):
    if os.name != "nt":
        (tmp_path / "line\nbreak.png").write_bytes(b"x" * 100)
        refused(tmp_path / "line\nbreak.png", ValueError, r"line\\nbreak\.png is not an image")
        name = os.fsdecode(b"\xff.png")
        (tmp_path / name).write_bytes(b"x" * 100)
        refused(tmp_path / name, ValueError, r"udcff\.png is not an image").encode("ascii")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "JPEG2000"])
def test_truncated_files(tmp_path, kind):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    whole = encoded(Image.fromarray(noise), kind).getvalue()
    (tmp_path / "half.bin").write_bytes(whole[: len(whole) // 2])
    refused(tmp_path / "half.bin", ValueError, r"half\.bin is a damaged image: .")


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"])
def test_heic_names_what_reads_it(brand):
    file = io.BytesIO(
        struct.pack(">I", 24)
        + b"ftyp"
        + brand
        + bytes(4)
        + (b"mif1heic" if brand == b"mif1" else bytes(8))
        + bytes(100)
    )
    refused(file, ValueError, "image is HEIC, which Pillow does not read by itself: pip install pillow-heif, and then")


def test_heic_is_read_where_it_can_be(monkeypatch):
    file = io.BytesIO(struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(100))
    plugin = (lambda file, name: Image.new("RGB", (3, 2), RED), lambda head: head[4:12] == b"ftypheic")
    monkeypatch.setitem(Image.OPEN, "HEIF", plugin)  # as pillow-heif does it
    assert colours(file) == [RED] * 3


@pytest.mark.parametrize(
    ("array", "error", "message"),
    [
        (np.zeros((0, 5, 3), np.uint8), ValueError, r"image must have the shape \(H, W\), .* but has \(0, 5, 3\)"),
        (np.zeros((5, 0), np.uint8), ValueError, r"but has \(5, 0\)"),
        (np.zeros(5, np.uint8), ValueError, r"but has \(5,\)"),
        (np.zeros((5, 5, 2), np.uint8), ValueError, r"but has \(5, 5, 2\)"),
        (np.zeros((5, 5, 3, 1), np.uint8), ValueError, r"but has \(5, 5, 3, 1\)"),
        (np.zeros((1, 5, 5, 3), np.uint8), ValueError, r"but has \(1, 5, 5, 3\)"),
        (np.zeros((5, 5, 3)), TypeError, "image must be uint8, from 0 to 255, or uint16, but is float64"),
        (np.zeros((5, 5, 3), int), TypeError, "but is int64"),
        (np.zeros((5, 5, 3), np.int8), TypeError, "but is int8"),
        (np.zeros((5, 5), bool), TypeError, "but is bool"),
        (np.zeros((5, 5), complex), TypeError, "but is complex128"),
        (np.full((5, 5), "x"), TypeError, "but is <U1"),
        (np.full((5, 5), None), TypeError, "but is object"),
        (np.ma.array(np.zeros((5, 5), np.uint8), mask=True), TypeError, "a plain array, but is a MaskedArray"),
        (np.zeros((5, 5), np.uint8).view(np.matrix), TypeError, "a plain array, but is a matrix"),
    ],
)  # fmt: skip
def test_arrays_that_are_no_images(array, error, message):
    refused(array, error, message)


# Bombs, and large photographs


def blank(width: int, height: int, depth: int = 1) -> bytes:
    """A PNG of one colour, made row by row; 1 bit packs 8000 pixels to a byte, and 8 bits 1000."""
    pack = zlib.compressobj(9)
    row = bytes(1 + (width * depth + 7) // 8)
    packed = b"".join(pack.compress(row) for _ in range(height)) + pack.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height", "depth", "message"),
    [
        (20_000, 20_000, 1, "it has 400,000,000 pixels, and at most 128,000,000 are read"),
        (12_800, 10_001, 1, "it has 128,012,800 pixels, and at most 128,000,000 are read"),
        (12_800, 10_000, 1, "for its .* bytes: it has 128,000,000 pixels, and at most 16,777,216 are read"),
        (16_000, 12_000, 1, "it has 192,000,000 pixels, and at most 128,000,000 are read"),
        (10_000, 8_900, 1, r"for its 1\d,\d\d\d bytes: it has 89,000,000 pixels, and at most 16,777,216 are read"),
        (4097, 4096, 1, "it has 16,781,312 pixels, and at most 16,777,216 are read"),
        (8000, 8000, 8, r"for its 6\d,\d\d\d bytes: it has 64,000,000 pixels, and at most 2\d,\d\d\d,\d00 are read"),
    ],
)
def test_bombs_are_refused_before_they_are_decoded(tmp_path, monkeypatch, width, height, depth, message):
    (tmp_path / "bomb.png").write_bytes(blank(width, height, depth))
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: pytest.fail("it was decoded"))
    refused(tmp_path / "bomb.png", ValueError, r"bomb\.png is too large an image.*" + message)


def test_a_bomb_in_an_image_that_pillow_opened():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of Image.open, which the caller called
        image = Image.open(io.BytesIO(blank(13_000, 10_000)))
    refused(image, ValueError, "image is too large an image: it has 130,000,000 pixels")


def test_what_any_file_may_have():
    assert opened(io.BytesIO(blank(4096, 4096))).size == (4096, 4096)


def test_too_little_memory_is_not_the_images_fault(monkeypatch):
    def load(image):
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    with pytest.raises(MemoryError):
        images.open_image(encoded(Image.new("RGB", (2, 2)), "BMP"))


def test_a_file_without_end():
    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return bytes(size)

    endless = Endless()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "MOST_BYTES", 100_000_000)
        refused(endless, ValueError, "image has more than 100,000,000 bytes, too many for an image")
    assert endless.given < 110_000_000


def test_a_photograph_of_108_megapixels():
    photograph = encoded(Image.effect_noise((1200, 900), 20).resize((12_000, 9_000)).convert("RGB"), "JPEG", quality=60)
    x = images.prepare(photograph, 32)
    assert x.shape == (32, 32, 3)
    assert abs(x.mean()) < 0.1  # the noise is around 128


# What belongs to the whole process


def files_that_pillow_warns_of() -> list[bytes]:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8))
    outside = b"Exif\0\0II*\0" + struct.pack("<IHHHIIHHII", 8, 2, 0x0112, 3, 1, 6, 0x011A, 5, 1, 60_000)
    plain = encoded(noise, "JPEG").getvalue()
    return [
        jpeg_with_exif(noise, outside).getvalue(),
        plain[:2] + b"\xff\xe2" + struct.pack(">H", 14) + b"MPF\0II*\0\xff\xff\xff\xff" + plain[2:],  # several images
        encoded(noise.quantize(8), "PNG", transparency=bytes([0, 128])).getvalue(),
        tiff([*grey_tiff(3, 1, 8, 3), (270, 2, 1000, 1000)], bytes(3)),
        blank(10_000, 8_950),
        blank(13_000, 10_000),
    ]


@pytest.mark.parametrize("number", range(6))
def test_pillow_warns_of_these_files(number):
    with pytest.warns(Warning), suppress(UnidentifiedImageError):  # Pillow 10 refuses the TIFF as well
        ImageOps.exif_transpose(Image.open(io.BytesIO(files_that_pillow_warns_of()[number]))).convert("RGB")


def test_threads_leave_filters_and_limits_as_they_were_and_warn_of_nothing():
    files = [*files_that_pillow_warns_of(), encoded(Image.new("RGB", (40, 40)), "JPEG").getvalue()[:-9]]
    before, limit = list(warnings.filters), Image.MAX_IMAGE_PIXELS
    ends = []

    def work():
        for content in 3 * files:
            try:
                ends.append(images.open_image(io.BytesIO(content)).size)
            except ValueError as error:
                ends.append(str(error)[:30])

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        inside = list(warnings.filters)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert warnings.filters == inside
    assert [str(warning.message) for warning in caught] == []
    assert (warnings.filters, Image.MAX_IMAGE_PIXELS) == (before, limit)
    assert len(ends) == 4 * 3 * len(files)
    assert set(ends) == {
        (40, 40),
        (3, 1),
        "image is too large an image fo",
        "image is too large an image: i",
        "image is a damaged image: imag",
    }


def test_what_pillow_turns_upright_is_turned_alike(shared):
    compared = 0
    for path in sorted((shared / "images").glob("*.jpg")):
        expected = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        assert np.array_equal(np.asarray(opened(path)), np.asarray(expected))
        compared += 1
    assert compared == 5
