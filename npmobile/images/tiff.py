"""TIFF, as far as it must be read before Pillow reads it; EXIF is a small TIFF too.

A TIFF begins with its byte order, the number 42 and the offset of a directory. A directory is a count, so many
entries of 12 bytes (tag, type, count, and the values or, if they need more than 4 bytes, their offset), and the offset
of the next directory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from PIL import TiffTags

ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}  # of a value of each type
BITS, ORIENTATION, TILE_WIDTH, TILE_LENGTH = 258, 274, 322, 323
# Tags that describe how pixels are stored: size, bits, compression, strips and tiles, colours, JPEG.
PIXEL_TAGS = {*range(256, 260), 262, 266, 273, ORIENTATION, *range(277, 280), 284, 292, 293, 317, 320, *range(322, 326)}
PIXEL_TAGS |= {338, 339, 347, *range(512, 522), *range(529, 533)}


class Entry(NamedTuple):
    """An entry of a directory; `length` is the number of its values, `value` the first of them or their offset."""

    tag: int
    kind: int
    length: int
    value: int
    raw: bytes


def _order(tiff: bytes) -> str:
    if tiff[:4] not in ORDERS:
        raise ValueError("it does not begin as TIFF does (BigTIFF, for files above 4 GB, is not read)")
    return ORDERS[tiff[:4]]


def _entries(tiff: bytes) -> Iterator[Entry]:
    """The entries of the first directory; ValueError or struct.error where it is damaged."""
    order = _order(tiff)
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for offset in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, n, value = struct.unpack_from(f"{order}HHII", tiff, offset)
        if kind == 3 and n <= 2:  # two bytes each
            (value,) = struct.unpack_from(f"{order}H", tiff, offset + 8)
        yield Entry(tag, kind, n, value, tiff[offset : offset + 12])


def orientation(exif: bytes) -> int:
    """The orientation in EXIF, from 1 to 8; 1, which is upright, where it has none or is damaged."""
    try:
        for entry in _entries(exif.removeprefix(b"Exif\0\0")):
            if entry.tag == ORIENTATION:
                return entry.value
    except (ValueError, struct.error):
        pass
    return 1


def without_metadata(tiff: bytes) -> tuple[bytes, int]:
    """The same TIFF with only one directory, and in it only `PIXEL_TAGS`; and the number of pixels of a tile.

    Of damaged tags Pillow warns, and a warning cannot be kept from the rest of the process. So what is not needed is
    left out here, and damage in the rest is refused.

    Raises
    ------
    ValueError, struct.error
        If the directory is damaged.
    """
    order, total = _order(tiff), 0
    kept = [entry for entry in _entries(tiff) if entry.tag in PIXEL_TAGS]
    for entry in kept:
        size = BYTES.get(entry.kind, len(tiff)) * entry.length  # of a type that does not exist it fits nowhere
        total += size if size > 4 else 0
        if total > len(tiff) or (size > 4 and entry.value + size > len(tiff)):
            raise ValueError(f"the values of tag {entry.tag} are not in the file")
        if entry.kind not in (1, 2, 7) and TiffTags.lookup(entry.tag).length == 1 != entry.length:  # not bytes or text
            raise ValueError(f"tag {entry.tag} has {entry.length} values, not 1")
    first = {entry.tag: entry.value for entry in kept}
    directory = struct.pack(f"{order}H", len(kept)) + b"".join(entry.raw for entry in kept) + bytes(4)
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    return (
        tiff[:start] + directory + tiff[start + len(directory) :],
        first.get(TILE_WIDTH, 0) * first.get(TILE_LENGTH, 0),
    )
