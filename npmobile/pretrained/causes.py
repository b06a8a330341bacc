"""Why a file is not taken: the likely cause, in one sentence that says what to do where something can be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..files import listed
from ..spec import Layer
from ..weights import shapes
from . import archives, layouts
from .contents import Contents
from .messages import Refused, short

PICKLE = (
    "it is a pickle of Python, which can run any program when it is read: in PyTorch, "
    "safetensors.torch.save_file(model.state_dict(), 'w.safetensors') saves its arrays"
)
TFLITE = "its name says TensorFlow Lite, but it does not begin as a .tflite file does: it may be damaged"
ONNX = "it is a file of ONNX, which is not read: save the network's arrays as .safetensors or .npz"
TUNED = "its classifier is not MobileNet v1's own, as in a network that was trained further"
SHARDS = "it is one of several files that hold the network together: save it as one"
CHECKPOINT = "it is a part of a checkpoint or graph of TensorFlow, which is not read: save the model as .keras or .h5"

# First bytes, as a regular expression, and what has them.
STARTS = {
    rb"version https://git-lfs": "it is a pointer of git-lfs in place of the file, which `git lfs pull` fetches",
    rb"\s*<": "it is a page of HTML or XML in place of the file: its address leads to a page about the file",
    rb"\s*[{\[]": "it is JSON: give the file with the arrays, which lies beside it",
    rb"\x80[\x02-\x05]": PICKLE,
    rb"\x08[\x01-\x20][\x12\x3a]": ONNX,
    rb"PK\x05\x06": "it is an empty zip archive",
    rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!": "it is packed: unpack it first",
    rb"\x89PNG|\xff\xd8\xff|GIF8": "it is an image",
    rb"\x93NUMPY": "it is a single array (.npy), not a network",
}
ENDINGS = {
    **dict.fromkeys((".pth", ".pt", ".pkl", ".pickle", ".bin"), PICKLE),
    ".tflite": TFLITE,
    ".onnx": ONNX,
    **dict.fromkeys((".pb", ".ckpt", ".index", ".meta", ".data-00000-of-00001"), CHECKPOINT),
}
# Names of arrays, as a regular expression, and whose they are.
NAMES = {
    r"(.*\.)?conv_head\.": "it has one more convolution behind the last, as timm's mobilenetv1_100h",
    r"(.*\.)?stage[123]\.\d+\.\d+\.": "such networks have LeakyReLU or ReLU6, and the file does not say which",
    r"MobilenetV1/": "its names are those of TF-slim, which are not read",
    r"mobilenet_v2\.|(.*/)?expanded_conv|(.*/)?block_\d+_expand": "it is a MobileNet of version 2 or 3",
    r"features\.\d+\.": "its names are those of torchvision, which has no MobileNet v1",
}
SHARD = re.compile(r".*(-\d{5}-of-\d{5}|_\d{5}\.weights)\..*")


def check_is_file(path: Path) -> None:
    """Refuse a folder, and what is no file of the disk, which could be read for ever."""
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder: give the file in it that holds the weights")
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is not a regular file")


def of_format(head: bytes, path: Path) -> str:
    """What a file is that no reader takes, from its first bytes or the ending of its name."""
    if not head:
        return "it is empty"
    if head.startswith(archives.SIGNATURE):
        names = archives.names(path)
        return PICKLE if any(n.endswith("data.pkl") for n in names) else f"it is a zip archive of {listed(names)}"
    for start, cause in STARTS.items():
        if re.match(start, head, re.DOTALL):
            return cause
    known = "HDF5 (.h5, .keras), .safetensors or .npz"
    return ENDINGS.get(path.suffix.lower(), f"it is neither {known}: it begins with {head[:9]!r}")


def check(said: Contents, layers: Sequence[Layer], path: Path) -> None:
    """Refuse a file with arrays that are none of ours, and others whose cause can be told; naming the cause first."""
    if said.head_problem:
        raise Refused(f"{said.head_problem}: load(path, features=True) gives the body alone")
    wanted = {f"{layer}/{name}": shape for layer, named in shapes(layers).items() for name, shape in named.items()}
    missing = [name for name in wanted if name not in said.arrays]
    causes = [*_causes(said, missing, path)]
    if causes:
        problems = [f"{name} is not wanted" for name in said.unknown] or [f"{name} is missing" for name in missing]
        raise Refused(": ".join([causes[0], *([listed(problems)] if problems else [])]))


def _causes(said: Contents, missing: Sequence[str], path: Path) -> Iterator[str]:
    """What could explain that a file does not fit, the most telling first."""
    if missing and (SHARD.fullmatch(path.name) or path.with_name(f"{path.name}.index.json").exists()):
        yield SHARDS
    for name, array in said.arrays.items():
        if re.match(r"B?F\d|bfloat|float8", str(array.dtype)):
            yield f"its numbers are {array.dtype}: convert them to float32 and save it again"
        if re.fullmatch(r"conv_dw_\d+/kernel", name) and len(array.shape) == 4:
            yield f"its depthwise convolutions have depth_multiplier {array.shape[-1]}, and MobileNet v1 has 1"
    if not said.unknown:
        return
    for pattern, cause in NAMES.items():
        if any(re.match(pattern, name) for name in said.unknown):
            yield cause
    if said.inside:
        yield f"its MobileNet v1 is a part of a larger model, {short(said.inside)}: save that part alone"
    if not said.arrays:
        yield "it is another network than MobileNet v1"
    if any(name.startswith(layouts.CONVOLUTIONS) for name in missing):
        yield "not all of its arrays are a MobileNet v1's"
    elif said.classifier is not False and not any(name.startswith("fc/") for name in said.arrays):
        yield TUNED
    yield "it holds more than a MobileNet v1"
