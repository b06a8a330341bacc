"""Images in files, made for tests; and what the tests look at."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from npmobile import images

RED, BLUE, WHITE, BLACK = (255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def encoded(image: Image.Image, kind: str, **how) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind, **how)
    file.seek(0)
    return file


def opened(source) -> Image.Image:
    image = images.open_image(source)
    assert image.mode == "RGB"
    return image


def colours(source) -> list[tuple[int, ...]]:
    """The colours of the first row."""
    image = opened(source)
    return [image.getpixel((x, 0)) for x in range(image.width)]


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *chunks: bytes) -> io.BytesIO:
    """A PNG written byte by byte: `rows` are its bytes, each row after a 0; `chunks` come before the pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def tiff(entries: list[tuple[int, int, int, int]], pixels: bytes = b"", order: str = "<", after: bytes = b"") -> bytes:
    """A TIFF written byte by byte: entries of tag, type, count and value; its pixels begin at byte 8."""
    start = 8 + len(pixels)
    directory = b"".join(
        struct.pack(f"{order}HHI", tag, kind, count) + struct.pack(f"{order}{'HH' if kind == 3 and count <= 2 else 'I'}", *([value, 0] if kind == 3 and count <= 2 else [value]))
        for tag, kind, count, value in sorted(entries)
    )  # fmt: skip
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", start)
    return head + pixels + struct.pack(f"{order}H", len(entries)) + directory + bytes(4) + after


def grey_tiff(width: int, height: int, bits: int, size: int) -> list[tuple[int, int, int, int]]:
    return [(256, 3, 1, width), (257, 3, 1, height), (258, 3, 1, bits), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 3, 1, height), (279, 4, 1, size)]  # fmt: skip


def refused(source, error, message) -> str:
    with pytest.raises(error, match=message) as caught:
        images.open_image(source)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
    return str(caught.value)
