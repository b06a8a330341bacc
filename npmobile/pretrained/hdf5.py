"""The arrays of an HDF5 file, listed in bounded time and memory.

HDF5 is a file system in a file: groups hold arrays, other groups, and links, which may lead in circles or out of the
file, and an array may be cut into chunks that are compressed. Keras writes groups and plain arrays only. So links
are refused, and so is an array that would take much more memory than the file has bytes.
"""

from __future__ import annotations

import math
import zlib
from collections import deque
from collections.abc import Collection
from importlib import import_module
from itertools import product
from typing import Any

from ..files import Stored, one_line
from .messages import Refused, damaged, short

MOST_ENTRIES = 10_000  # groups and arrays of a file; a MobileNet with its optimizer's arrays has about 1000
DEEPEST = 10  # groups in groups
MOST_CHUNKS = 10_000  # of one array
GREATEST_RATIO = 4  # bytes declared to bytes in the file: trained numbers hardly compress


def arrays(file: Any, left_out: Collection[str] = ()) -> dict[str, Any]:
    """The arrays of a file by their full names, none of them read.

    Parameters
    ----------
    file : h5py.File
    left_out : collection of str
        Top-level groups that are not looked into.

    Returns
    -------
    dict of name to h5py.Dataset

    Raises
    ------
    ValueError
        If there is a link, a second name for an array or a group, or too much of anything.
    """
    h5py = import_module("h5py")
    found: dict[str, Any] = {}
    seen = {h5py.h5o.get_info(file.id).addr: "/"}
    waiting, entries = deque([("", file)]), 0
    while waiting:
        prefix, group = waiting.popleft()
        entries += len(group)
        if entries > MOST_ENTRIES:
            raise Refused(f"it holds more than {MOST_ENTRIES:,} groups and arrays, and a MobileNet v1 some hundreds")
        if prefix.count("/") > DEEPEST:
            raise Refused(f"its groups are nested more than {DEEPEST} deep")
        for name in group:
            full = f"{prefix}{name}"
            if full in left_out:
                continue
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise Refused(f"{short(full)} is a link to another place")
            node = group[name]
            address = h5py.h5o.get_info(node.id).addr
            if address in seen:
                raise Refused(f"{short(full)} is a second name of {short(seen[address])}")
            seen[address] = full
            if isinstance(node, h5py.Group):
                waiting.append((f"{full}/", node))
            elif isinstance(node, h5py.Dataset) and node.shape is not None:
                found[full] = node
            else:
                raise Refused(f"{short(full)} is neither an array nor a group")
    return found


def stored(name: str, dataset: Any, shape: tuple[int, ...], size: int) -> Stored:
    """An array of a file of `size` bytes, to be read in this shape."""
    dtype = dataset.dtype
    if dtype.kind == "f":
        _check_whole(name, dataset, size)
    else:
        dtype = one_line(dataset.attrs.get("dtype", dtype), longest=40)  # Keras notes there that it is bfloat16

    def read() -> Any:
        with damaged("HDF5"):
            return dataset[()].reshape(shape)

    return Stored(shape, dtype, read)


def _check_whole(name: str, dataset: Any, size: int) -> None:
    """Refuse an array that is not whole in this file, before it is read.

    HDF5 reads zeros where nothing was ever written, and takes as much memory as a chunk unpacks to.
    """
    if dataset.external or dataset.is_virtual:
        raise Refused(f"{short(name)} lies in another file")
    if dataset.chunks is None:
        if dataset.id.get_storage_size() < dataset.size * dataset.id.get_type().get_size():
            raise Refused(f"{short(name)} was never written whole")
        return
    chunk_bytes = math.prod(dataset.chunks) * dataset.dtype.itemsize
    count = math.prod(-(-side // chunk) for side, chunk in zip(dataset.shape, dataset.chunks))
    if count > MOST_CHUNKS or count * chunk_bytes > GREATEST_RATIO * size:
        raise Refused(f"{short(name)} declares {count * chunk_bytes:,} bytes, far more than the file can hold")
    if count != dataset.id.get_num_chunks():
        raise Refused(f"{short(name)} was never written whole")
    gzip = _gzip_mark(name, dataset)
    for corner in product(*(range(0, side, chunk) for side, chunk in zip(dataset.shape, dataset.chunks))):
        if dataset.id.get_chunk_info_by_coord(corner).size > size:
            raise Refused(f"{short(name)} declares a chunk larger than the file")
        mask, packed = dataset.id.read_direct_chunk(corner)
        if gzip and not mask & gzip and len(zlib.decompressobj().decompress(packed, chunk_bytes + 1)) > chunk_bytes:
            raise Refused(f"{short(name)} unpacks to more bytes than it declares")


def _gzip_mark(name: str, dataset: Any) -> int:
    """The bit that marks a chunk which gzip did not pack; 0 where no chunk is packed."""
    h5z = import_module("h5py").h5z
    pipeline = dataset.id.get_create_plist()
    filters = [pipeline.get_filter(number)[0] for number in range(pipeline.get_nfilters())]
    others = set(filters) - {h5z.FILTER_DEFLATE, h5z.FILTER_SHUFFLE, h5z.FILTER_FLETCHER32}
    if others or filters.count(h5z.FILTER_DEFLATE) > 1:
        raise Refused(f"{short(name)} is compressed in another way than gzip")
    return 1 << filters.index(h5z.FILTER_DEFLATE) if h5z.FILTER_DEFLATE in filters else 0
