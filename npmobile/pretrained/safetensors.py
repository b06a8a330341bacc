"""`.safetensors` files of PyTorch: whose names an array has, and what it holds.

Three libraries name the arrays of a MobileNet v1 in three ways, and each has a module: `huggingface`, `timm` and
`sequential`. The names may have one prefix more, as `module.` or `backbone.`; the one classifier behind the body may
have one of several names. The arrays of all are in PyTorch's layout, in float16, bfloat16, float32 or float64. Of
several types in one file all become the widest, which holds the numbers of the others exactly, and at least float32.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from ..files import Stored, listed
from . import huggingface, layouts, sequential, settings, timm
from .contents import Contents, Names, by_our_names, needs
from .messages import Refused, damaged

LARGEST_HEADER = 1_000_000  # bytes; that of a MobileNet v1 has about 20,000
FLOATS: dict[str, np.dtype[Any]] = {
    "F16": np.dtype(np.float16),
    "BF16": np.dtype(np.float32),  # its upper 16 bits
    "F32": np.dtype(np.float32),
    "F64": np.dtype(np.float64),
}
LIBRARIES: tuple[ModuleType, ...] = (huggingface, timm, sequential)
COUNTER = "num_batches_tracked"  # the last part of a name: how often a batch norm was trained; no network needs it
# What stands behind the body, and the part of its names behind the prefix.
HEAD = re.compile(r"(classifier|fc\d*|linear\d*|head|last_linear)(\.\w+)*\.(weight|bias|running_mean|running_var)")

HIDDEN = "it has several layers behind the average pool, and MobileNet v1 has one"


def looks_like(head: bytes, path: Path) -> bool:
    """Whether JSON begins behind eight bytes that tell its length, as a number below 2^32."""
    return head[4:9] == b"\0\0\0\0{"


@contextmanager
def contents(path: Path) -> Iterator[Contents]:
    """What the file says, and what the files beside it say, while it is open."""
    safetensors = needs("safetensors", path)
    header, start = _header(path)
    with damaged("safetensors"):
        file = safetensors.safe_open(path, framework="numpy")
    with file:
        with damaged("safetensors"):
            names, counters = _without_counters(file.keys())
            library, prefix = _library(names)
            found, head = _found(names, library, prefix)
            arrays = _arrays(file, found.known, partial(_bfloat16, path, start, header))
        unknown = (*found.unknown, *counters)
        problem = f"{HIDDEN} ({listed(head, most=4)})" if head else ""
        said = Contents(arrays, unknown, found.inside, head=head, head_problem=problem)
        yield library.described(said, path)


def _header(path: Path) -> tuple[settings.Settings, int]:
    """The header and where the arrays begin; refused if it is too large, or lists an array twice.

    Of an array that is listed twice the library would keep one.
    """
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        if size > LARGEST_HEADER:
            raise Refused(f"its header declares {size:,} bytes, and that of a MobileNet v1 has about 20,000")
        text = file.read(size)
    if len(text) < size:
        raise Refused("it is not a whole safetensors file: it ends within its header")
    header = settings.parse(text, "its header")
    if "__metadata__" in header.values:
        header.inside("__metadata__").must_be("format", "pt", "np", None)  # others have other layouts
    return header, 8 + size


def _without_counters(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names without the counters of batch norms, and the counters of no batch norm."""
    kept = [name for name in names if not name.endswith(COUNTER)]
    norms = {name.removesuffix("running_var") for name in kept if name.endswith("running_var")}
    return kept, [name for name in names if name.endswith(COUNTER) and name.removesuffix(COUNTER) not in norms]


def _library(names: Sequence[str]) -> tuple[ModuleType, str]:
    """The library whose names most of these are, and the prefix that they have besides."""
    prefixes = Counter({"": len(names)})
    for name in names:
        prefixes.update(name[: cut.end()] for cut in islice(re.finditer(r"\.", name), 4))
    best, most = (huggingface, ""), 0
    for prefix, count in prefixes.most_common():
        if count <= most:
            break
        inside = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        for library in LIBRARIES:
            known = sum(name in library.NAMES for name in inside)
            if known > most:
                best, most = (library, prefix), known
    return best


def _found(names: Sequence[str], library: ModuleType, prefix: str) -> tuple[Names, tuple[str, ...]]:
    """Which arrays are ours, and those of a head with hidden layers.

    A head stands beside the body or in a model around it: fc.weight beside backbone.conv_stem.weight.
    """
    around = [prefix[: cut.end()] for cut in re.finditer(r"\.", prefix)] + [""]
    heads = [name for name in names if any(name.startswith(p) and HEAD.fullmatch(name[len(p) :]) for p in around)]
    layers = {name.rpartition(".")[0] for name in heads}
    hidden = tuple(heads) if len(layers) > 1 else ()

    def ours(name: str) -> str | None:
        if name in heads:
            return {"weight": "fc/kernel", "bias": "fc/bias"}.get(name.rpartition(".")[2])
        found: str | None = library.NAMES.get(name.removeprefix(prefix)) if name.startswith(prefix) else None
        return found

    return by_our_names((name for name in names if name not in hidden), ours), hidden


def _arrays(file: Any, known: Mapping[str, str], bfloat16: Callable[[str], np.ndarray]) -> dict[str, Stored]:
    """Our arrays, all of one type if the file's are of several."""
    declared = {ours: file.get_slice(theirs) for ours, theirs in known.items()}
    dtypes = {ours: str(piece.get_dtype()) for ours, piece in declared.items()}
    widest = None
    if len({*dtypes.values()}) > 1:
        widest = np.result_type(np.float32, *(FLOATS[name] for name in dtypes.values() if name in FLOATS))
    arrays = {}
    for ours, theirs in known.items():
        read = partial(bfloat16 if dtypes[ours] == "BF16" else file.get_tensor, theirs)
        arrays[ours] = _stored(ours, tuple(declared[ours].get_shape()), dtypes[ours], read, widest)
    return arrays


def _stored(
    ours: str, shape: tuple[int, ...], dtype: str, read: Callable[[], np.ndarray], widest: np.dtype[Any] | None
) -> Stored:
    order, shape = layouts.torch(ours, shape)

    def turned() -> np.ndarray:
        with damaged("safetensors"):
            array = np.ascontiguousarray(read().transpose(order)).reshape(shape)
            return array if widest is None else array.astype(widest)

    return Stored(shape, widest or FLOATS[dtype] if dtype in FLOATS else dtype, turned)


def _bfloat16(path: Path, start: int, header: settings.Settings, name: str) -> np.ndarray:
    """An array of bfloat16, which NumPy has not: its 16 bits are the upper ones of a float32."""
    first, end = header.inside(name).values["data_offsets"]  # the library has checked them
    with path.open("rb") as file:
        file.seek(start + first)
        upper = np.frombuffer(file.read(end - first), "<u2")
    return (upper.astype(np.uint32) << 16).view(np.float32).reshape(header.inside(name).values["shape"])
