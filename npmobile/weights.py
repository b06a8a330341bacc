"""The arrays that a table of layers wants: their shapes, random ones, files of them, batch norm folded away.

Weights are `dict[layer name][array name]`. A convolution has `kernel` and the four vectors of its batch norm,
`gamma`, `beta`, `mean`, `var`; folded, it has `kernel` and `bias`. The classifier, `fc`, always has `kernel`
and `bias`, and the pool has nothing.
"""

from __future__ import annotations

import math
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.lib import format as npy

from . import checks
from .spec import Layer

Weights = dict[str, dict[str, np.ndarray]]  # what is made here; any mapping of mappings is taken
BATCH_NORM = ("gamma", "beta", "mean", "var")
FLOATS = (np.float16, np.float32, np.float64)  # on disk; float16 is read as float32


def shapes(layers: Sequence[Layer], folded: bool = False) -> dict[str, dict[str, tuple[int, ...]]]:
    """Shape of every array that these layers want.

    Parameters
    ----------
    layers : sequence of Layer
    folded : bool
        True for weights whose batch norm is folded into kernel and bias.

    Returns
    -------
    dict of layer name to dict of array name to shape

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> wanted = shapes(mobilenet())
    >>> wanted["conv_pw_1"]
    {'kernel': (32, 64), 'gamma': (64,), 'beta': (64,), 'mean': (64,), 'var': (64,)}
    >>> wanted["fc"]
    {'kernel': (1024, 1000), 'bias': (1000,)}
    >>> sum(math.prod(shape) for arrays in wanted.values() for shape in arrays.values())  # as Keras counts
    4253864
    """
    wanted = {}
    for layer in layers:
        D_K, M, N = layer.D_K, layer.M, layer.N
        vectors = ["bias"] if folded or layer.kind == "fully_connected" else BATCH_NORM
        kernels: dict[str, tuple[int, ...]] = {
            "standard": (D_K, D_K, M, N),
            "depthwise": (D_K, D_K, M),
            "pointwise": (M, N),
            "fully_connected": (M, N),
        }
        if layer.kind in kernels:
            wanted[layer.name] = {"kernel": kernels[layer.kind]} | dict.fromkeys(vectors, (N,))
    return wanted


def init(layers: Sequence[Layer], seed: int = 0) -> Weights:
    """Random float32 weights for an untrained network.

    Kernels are normal with variance 2 / fan-in (He et al., 2015: behind a ReLU the activations then keep their
    size from layer to layer); batch norm starts as the identity and the bias as 0.

    Parameters
    ----------
    layers : sequence of Layer
    seed : int
        For `numpy.random.default_rng`; the same seed gives the same weights.

    Returns
    -------
    Weights

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> w = init(mobilenet(), seed=1)
    >>> round(float(w["conv_pw_13"]["kernel"].std() * np.sqrt(1024 / 2)), 2)
    1.0
    """
    numbers = sum(math.prod(shape) for arrays in shapes(layers).values() for shape in arrays.values())
    checks.memory(12 * numbers, f"a network of {numbers:,} weights")  # drawn in float64, kept in float32
    rng = np.random.default_rng(seed)
    start = {"gamma": 1, "beta": 0, "mean": 0, "var": 1, "bias": 0}
    w: Weights = {}
    for name, wanted in shapes(layers).items():
        kernel_shape = wanted["kernel"]
        # A depthwise output sums one channel's window (its kernel has no N); the others sum all but N.
        fan_in = math.prod(kernel_shape[:2]) if len(kernel_shape) == 3 else math.prod(kernel_shape[:-1])
        kernel = rng.standard_normal(kernel_shape) * math.sqrt(2 / fan_in)
        w[name] = {"kernel": kernel.astype(np.float32)}
        for vector in list(wanted)[1:]:
            w[name][vector] = np.full(wanted[vector], start[vector], np.float32)
    return w


def require(w: Mapping[str, Mapping[str, np.ndarray]], layers: Sequence[Layer]) -> None:
    """Refuse weights that are not just what these layers want: names, shapes and one float dtype for all.

    Each convolution may be folded or not. Weights of further layers are left alone.

    >>> from npmobile.spec import mobilenet
    >>> require({"conv1": {}}, mobilenet(blocks=()))
    Traceback (most recent call last):
    ValueError: weights have no fc
    """
    if not isinstance(w, Mapping):
        raise TypeError(f"weights must be a dict of dicts of arrays, but is {type(w).__name__}")
    trained, folded = shapes(layers), shapes(layers, folded=True)
    if missing := [layer for layer in trained if not isinstance(w.get(layer), Mapping)]:
        raise ValueError(f"weights have no {_listed(missing, ', ')}")
    problems: list[str] = []
    for layer in trained:
        wanted = folded[layer] if "bias" in w[layer] else trained[layer]
        problems += [f"{layer} has no {name}" for name in wanted if name not in w[layer]]
        problems += [f"{layer} has {name}, which is not wanted" for name in w[layer] if name not in wanted]
        problems += [
            f"{layer}/{name} has the shape {np.shape(array)}, not {wanted[name]}"
            for name, array in w[layer].items()
            if name in wanted and np.shape(array) != wanted[name]
        ]
    if problems:
        raise ValueError(f"weights do not fit the layers: {_listed(problems, '; ')}")
    checks.floats(**{f"{layer}/{name}": array for layer in trained for name, array in w[layer].items()})


def check_input(x: np.ndarray, layers: Sequence[Layer], w: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    """Refuse x that is not a batch of images for these layers, of the weights' dtype."""
    checks.images(x, layers[0].D_F, layers[0].M)
    if layers[0].name in w:  # a pool alone has none
        checks.floats(x=x, kernel=w[layers[0].name]["kernel"])


def _listed(names: Sequence[str], separator: str) -> str:
    """The first five names, and how many more there are."""
    more = [f"and {len(names) - 5} more"] if len(names) > 5 else []
    return separator.join([*names[:5], *more])


def fold(w: Mapping[str, Mapping[str, np.ndarray]], eps: float = 1e-3) -> Weights:
    """Fold each batch norm into the convolution before it.

    Batch norm multiplies channel n by scale = gamma / sqrt(var + eps) and adds beta - mean * scale. A
    convolution is linear, so the kernel can carry the scale and a bias the rest: the same network,
    with two arrays a layer instead of five. What is folded already stays as it is.

    Parameters
    ----------
    w : Weights
        Left unchanged.
    eps : float
        The batch norm's own.

    Returns
    -------
    Weights

    Examples
    --------
    >>> gamma, beta, mean, var = np.array([[6.0], [1.0], [5.0], [4.0]])
    >>> w = {"conv1": dict(kernel=np.ones((1, 1)), gamma=gamma, beta=beta, mean=mean, var=var)}
    >>> fold(w, eps=0.0)["conv1"]
    {'kernel': array([[3.]]), 'bias': array([-14.])}
    """
    folded: Weights = {}
    for name, arrays in w.items():
        if "gamma" not in arrays:
            folded[name] = dict(arrays)
            continue
        scale = arrays["gamma"] / np.sqrt(arrays["var"] + eps)  # (N,): the last axis of every kernel
        folded[name] = {"kernel": arrays["kernel"] * scale, "bias": arrays["beta"] - arrays["mean"] * scale}
    return folded


def save(path: str | os.PathLike[str], w: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    """Write weights to one `.npz` file, an array to a name like `conv_dw_3/kernel`.

    The file is written beside its place and moved there when it is whole, so that an interrupted save leaves
    what was there before.

    Parameters
    ----------
    path : path
        Used as given: no ending is added.
    w : Weights

    Raises
    ------
    TypeError
        If an array does not hold floats.
    OSError
        If the file cannot be written.
    """
    path = Path(path)
    arrays = {f"{layer}/{name}": array for layer, named in w.items() for name, array in named.items()}
    for name, array in arrays.items():
        if array.dtype not in FLOATS:
            raise TypeError(f"{name} must be an array of floats, but is {array.dtype}")
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())  # whole on the disk before it takes the old one's place
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load(path: str | os.PathLike[str], layers: Sequence[Layer]) -> Weights:
    """Read what `save` wrote, and take it only if it fits the layers, whole.

    Parameters
    ----------
    path : path
    layers : sequence of Layer

    Returns
    -------
    Weights
        Folded if the file's are. float16 arrays become float32.

    Raises
    ------
    ValueError
        If the file is not such an `.npz` or does not fit: every missing, extra or mis-shaped array is named.
    OSError
        If it cannot be opened.
    """
    with npz(path) as stored:
        return take(stored, layers, path)


class Stored(NamedTuple):
    """An array in a file: what it declares to be, and how to read it."""

    shape: tuple[int, ...]
    dtype: np.dtype | str
    read: Callable[[], np.ndarray]


def take(stored: Mapping[str, Stored], layers: Sequence[Layer], path: str | os.PathLike[str]) -> Weights:
    """Read a file's arrays if they are just those that the layers want.

    What the file declares is compared before any array is read, so that a file of another network, or one
    made to fill the memory, costs nothing.

    Parameters
    ----------
    stored : dict of "layer/array" to Stored
    layers : sequence of Layer
    path : path
        Of the file: named in messages, and its size bounds what it may declare.

    Returns
    -------
    Weights

    Raises
    ------
    ValueError
        Naming everything that is missing, extra, mis-shaped, not a float, NaN, infinite or a negative variance.
    """
    folded = f"{layers[0].name}/bias" in stored
    wanted = {
        f"{layer}/{name}": shape for layer, named in shapes(layers, folded).items() for name, shape in named.items()
    }
    problems = [f"{name} is missing" for name in wanted if name not in stored]
    for name, (shape, dtype, _) in stored.items():
        if name not in wanted:
            problems.append(f"{name} is not wanted")
        elif shape != wanted[name]:
            problems.append(f"{name} has the shape {shape}, not {wanted[name]}")
        elif dtype not in FLOATS:
            problems.append(f"{name} is {dtype}, not float16, float32 or float64")
    if len(dtypes := {str(array.dtype) for array in stored.values() if array.dtype in FLOATS}) > 1:
        problems.append(f"its arrays are of several dtypes ({', '.join(sorted(dtypes))})")
    if problems:
        raise ValueError(f"{path} does not fit these layers: " + "; ".join(problems))
    declared = sum(math.prod(array.shape) * np.dtype(array.dtype).itemsize for array in stored.values())
    if declared > 4 * os.path.getsize(path):  # trained numbers hardly compress
        raise ValueError(f"{path} declares {declared:,} bytes of arrays, far more than it can hold")
    w: Weights = {}
    for full_name in wanted:
        layer, name = full_name.rsplit("/", 1)
        array = stored[full_name].read()
        w.setdefault(layer, {})[name] = array.astype(np.float32) if array.dtype == np.float16 else array
        if not np.isfinite(array).all():
            problems.append(f"{full_name} holds NaN or infinity")
        elif name == "var" and (array < 0).any():
            problems.append(f"{full_name} holds a negative variance")
    if problems:
        raise ValueError(f"{path} holds numbers that no training gives: " + "; ".join(problems))
    return w


@contextmanager
def npz(path: str | os.PathLike[str]) -> Iterator[dict[str, Stored]]:
    """Open an `.npz` file and list its arrays, reading none. Pickled objects are never read."""
    with open(path, "rb") as file:
        with unreadable(path, "npz"):
            archive = zipfile.ZipFile(file)
            stored = {entry.removesuffix(".npy"): _stored(archive, entry, path) for entry in archive.namelist()}
        yield stored


@contextmanager
def unreadable(path: object, kind: str) -> Iterator[None]:
    """Turn whatever a damaged file makes its reader raise into one ValueError that names the file."""
    try:
        yield
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"{path} is not a whole {kind} file: {reason}") from error


def _stored(archive: zipfile.ZipFile, entry: str, path: object) -> Stored:
    def read() -> np.ndarray:
        with unreadable(path, "npz"), archive.open(entry) as file:
            return npy.read_array(file, allow_pickle=False)

    with archive.open(entry) as file:
        if (version := npy.read_magic(file)) != (1, 0):
            raise ValueError(f"{entry} is .npy of version {version}")
        shape, _, dtype = npy.read_array_header_1_0(file)
    return Stored(shape, dtype, read)
