"""Weight files of other frameworks, read as if they were ours.

Each reader opens a file, lists its arrays under our names with the shapes they have in our layout, and reads
none: `weights.take` compares first. What a file has beyond a MobileNet v1 keeps its own name, so that it is
named in the refusal.

Our layout is the paper's, and TensorFlow's but for axes of size 1; PyTorch turns every kernel round:

                    ours                  Keras                 PyTorch
    standard        (D_K, D_K, M, N)      (D_K, D_K, M, N)      (N, M, D_K, D_K)
    depthwise       (D_K, D_K, M)         (D_K, D_K, M, 1)      (M, 1, D_K, D_K)
    pointwise       (M, N)                (1, 1, M, N)          (N, M, 1, 1)
    classifier      (M, N)                (1, 1, M, N)          (N, M)
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from ..weights import Stored, npz, unreadable

Path = str | os.PathLike[str]


def reader(path: Path) -> tuple[str, AbstractContextManager[dict[str, Stored]]]:
    """Find a file's format by its first bytes, whatever its name.

    Parameters
    ----------
    path : path

    Returns
    -------
    kind : {"keras", "hugging face", "npz"}
    context manager
        Gives the file's arrays as a dict of "layer/array" to Stored.

    Raises
    ------
    ValueError
        If it is none of the three.
    OSError
        If it cannot be opened.
    """
    with open(path, "rb") as file:
        head = file.read(9)
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "keras", keras(path)
    if head.startswith(b"PK\x03\x04"):
        return "npz", npz(path)
    if head[8:9] == b"{":  # behind eight bytes that tell the length of its JSON header
        return "hugging face", hugging_face(path)
    raise ValueError(f"{path} is neither HDF5 (.h5), nor .safetensors, nor .npz: it begins with {head!r}")


@contextmanager
def keras(path: Path) -> Iterator[dict[str, Stored]]:
    """Keras' published `.h5` files, whole models saved as `.h5`, and Keras 3's `.weights.h5`."""
    h5py = needs("h5py", path)
    with unreadable(path, "HDF5"):
        file = h5py.File(path, "r")
    with file:
        with unreadable(path, "HDF5"):
            root = file.get("model_weights", file)
            datasets: dict[str, Any] = {}
            root.visititems(lambda name, node: datasets.update({name: node} if hasattr(node, "shape") else {}))
            stored = dict(
                _keras_array(name, dataset, path)
                for name, dataset in datasets.items()
                if not name.startswith("optimizer")
            )
        yield stored


@contextmanager
def hugging_face(path: Path) -> Iterator[dict[str, Stored]]:
    """`.safetensors` of Hugging Face's MobileNetV1ForImageClassification (or MobileNetV1Model, without classifier)."""
    safetensors = needs("safetensors", path)
    with unreadable(path, "safetensors"):
        file = safetensors.safe_open(path, framework="numpy")
    with file:
        with unreadable(path, "safetensors"):
            names = [name for name in file.keys() if not name.endswith("num_batches_tracked")]  # noqa: SIM118
            stored = dict(_torch_array(name, file, path) for name in names)
        yield stored


def needs(module: str, path: object) -> ModuleType:
    """Import a library that only some files need, or say how to get it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise ImportError(f'{path} needs {module}: pip install "npmobile[pretrained]"') from error


_KERAS_ARRAYS = {
    "kernel": "kernel",
    "depthwise_kernel": "kernel",
    "bias": "bias",
    "gamma": "gamma",
    "beta": "beta",
    "moving_mean": "mean",
    "moving_variance": "var",
}
_KERAS_3_NORM = ("gamma", "beta", "mean", "var")
_TORCH_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"}


def _keras_array(name: str, dataset: Any, path: object) -> tuple[str, Stored]:
    if dataset.external or dataset.is_virtual:
        raise ValueError(f"{name} lies in another file")
    ours = _keras_3_name(name) if "/vars/" in name else _keras_name(name)
    shape = dataset.shape
    if re.fullmatch(r"conv_dw_\d+/kernel", ours) and shape[3:] == (1,):
        shape = shape[:3]
    elif re.fullmatch(r"(conv_pw_\d+|fc)/kernel", ours) and shape[:2] == (1, 1) and len(shape) == 4:
        shape = shape[2:]

    def read() -> np.ndarray:
        with unreadable(path, "HDF5"):
            return np.reshape(dataset[()], shape)

    return ours, Stored(shape, dataset.dtype, read)


def _keras_name(name: str) -> str:
    """`conv_dw_1_bn/conv_dw_1_bn/moving_mean:0` -> `conv_dw_1/mean`."""
    layer, array = name.split("/")[0], name.split("/")[-1].split(":")[0]
    if array not in _KERAS_ARRAYS:
        return name
    return f"{'fc' if layer == 'conv_preds' else layer.removesuffix('_bn')}/{_KERAS_ARRAYS[array]}"


def _keras_3_name(name: str) -> str:
    """`layers/batch_normalization_2/vars/2` -> `conv_pw_1/mean`: Keras 3 numbers the layers of each class."""
    layer, _, index = name.split("/")[-3:]
    kind, number = re.fullmatch(r"(.*?)_?(\d*)", layer).groups()  # type: ignore[union-attr]
    n = int(number or 0)
    if kind == "depthwise_conv2d" and index == "0":
        return f"conv_dw_{n + 1}/kernel"
    if kind == "conv2d" and index in ("0", "1"):
        ours = {0: "conv1", 14: "fc"}.get(n, f"conv_pw_{n}")
        return f"{ours}/{'kernel' if index == '0' else 'bias'}"
    if kind == "batch_normalization" and index in ("0", "1", "2", "3"):
        return f"{_conv_number(n)}/{_KERAS_3_NORM[int(index)]}"
    return name


def _torch_array(name: str, file: Any, path: object) -> tuple[str, Stored]:
    declared = file.get_slice(name)
    shape, dtype = tuple(declared.get_shape()), declared.get_dtype()
    ours = _torch_name(name)
    kernel = ours.endswith("/kernel")
    order = tuple(range(len(shape)))
    if kernel and len(shape) == 4:
        order = (2, 3, 1, 0)  # (N, M, D_K, D_K) -> (D_K, D_K, M, N)
    elif kernel and len(shape) == 2:
        order = (1, 0)  # (N, M) -> (M, N)
    shape = tuple(shape[axis] for axis in order)
    if ours.startswith("conv_dw") and shape[2:3] == (1,):
        shape = (*shape[:2], *shape[3:])
    elif ours.startswith("conv_pw") and shape[:2] == (1, 1):
        shape = shape[2:]

    def read() -> np.ndarray:
        with unreadable(path, "safetensors"):
            return np.ascontiguousarray(file.get_tensor(name).transpose(order)).reshape(shape)

    floats: dict[str, Any] = {"F16": np.dtype(np.float16), "F32": np.dtype(np.float32), "F64": np.dtype(np.float64)}
    return ours, Stored(shape, floats.get(str(dtype), str(dtype)), read)


def _torch_name(name: str) -> str:
    """`mobilenet_v1.layer.1.normalization.running_mean` -> `conv_pw_1/mean`."""
    *block, part, array = ["", "", *name.removeprefix("mobilenet_v1.").split(".")]
    where = ".".join(block).strip(".")
    if part == "classifier" and not where and array in ("weight", "bias"):
        return f"fc/{'kernel' if array == 'weight' else 'bias'}"
    number = 0 if where == "conv_stem" else int(where[6:]) + 1 if re.fullmatch(r"layer\.\d{1,3}", where) else None
    if number is not None and (part, array) == ("convolution", "weight"):
        return f"{_conv_number(number)}/kernel"
    if number is not None and part == "normalization" and array in _TORCH_NORM:
        return f"{_conv_number(number)}/{_TORCH_NORM[array]}"
    return name


def _conv_number(n: int) -> str:
    """Name of the n-th convolution: 0 is the first, then depthwise and pointwise take turns."""
    return "conv1" if n == 0 else f"conv_dw_{(n + 1) // 2}" if n % 2 else f"conv_pw_{n // 2}"
