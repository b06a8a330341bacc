"""The arrays that a table of layers wants: their shapes, random ones, files of them, batch norm folded away.

Weights are `dict[layer name][array name]`. A convolution has `kernel` and the four vectors of its batch norm,
`gamma`, `beta`, `mean`, `var`; folded, it has `kernel` and `bias`. The classifier, `fc`, always has `kernel`
and `bias`, and the pool has nothing.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence

import numpy as np

from . import checks
from .files import Stored as Stored
from .files import listed, one_line, replacing, write_npz
from .files import npz as npz
from .files import unreadable as unreadable
from .files.stored import FLOATS, as_floats, likely_cause, misfits, odd_numbers
from .spec import Layer

Weights = dict[str, dict[str, np.ndarray]]  # what is made here; any mapping of mappings is taken
BATCH_NORM = ("gamma", "beta", "mean", "var")
GREATEST_RATIO = 4  # of the bytes that arrays take to those of their file: trained numbers hardly compress


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

    They may be folded or not. Weights of further layers are left alone.

    >>> from npmobile.spec import mobilenet
    >>> require({"conv1": {}}, mobilenet(blocks=()))
    Traceback (most recent call last):
    ValueError: weights have no fc
    """
    if not isinstance(w, Mapping):
        raise TypeError(f"weights must be a dict of dicts of arrays, but is {type(w).__name__}")
    wanted = shapes(layers, folded="bias" in w.get(layers[0].name, ()))
    if missing := [layer for layer in wanted if not isinstance(w.get(layer), Mapping)]:
        raise ValueError(f"weights have no {listed(missing, separator=', ')}")
    problems: list[str] = []
    for layer, shaped in wanted.items():
        problems += [f"{layer} has no {name}" for name in shaped if name not in w[layer]]
        for name, array in w[layer].items():
            if name not in shaped:
                problems.append(f"{layer} has {name}, which is not wanted")
            elif np.shape(array) != shaped[name]:
                problems.append(f"{layer}/{name} has the shape {np.shape(array)}, not {shaped[name]}")
    if problems:
        raise ValueError(f"weights do not fit the layers: {listed(problems)}")
    checks.floats(**{f"{layer}/{name}": array for layer in wanted for name, array in w[layer].items()})


def check_input(x: np.ndarray, layers: Sequence[Layer], w: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    """Refuse x that is not a batch of images for these layers, of the weights' dtype."""
    checks.images(x, layers[0].D_F, layers[0].M)
    if layers[0].name in w:  # a pool alone has none
        checks.floats(x=x, kernel=w[layers[0].name]["kernel"])


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


def save(path: str | os.PathLike[str], w: Mapping[str, Mapping[str, np.ndarray]], metadata: str | None = None) -> None:
    """Write weights to one `.npz` file, an array to a name like `conv_dw_3/kernel`.

    An old file is replaced only when the new one is whole: see `files.replacing`.

    Parameters
    ----------
    path : path
        Used as given: no ending is added.
    w : Weights
        Of one dtype: float16, float32 or float64.
    metadata : str, optional
        A text to keep beside the arrays, in the entry `model.json`; `npz` gives it back.

    Raises
    ------
    TypeError
        If w is not a dict of dicts of plain NumPy arrays, all of one of the three dtypes.
    ValueError
        If `load` would refuse it: nothing to save, a name with "/", NaN, infinity or a negative variance.
    OSError
        If the file cannot be written.
    """
    arrays = _named_arrays(w)
    if problems := odd_numbers(arrays):
        raise ValueError(f"weights hold numbers that no training gives: {listed(problems)}")
    with replacing(path) as file:
        write_npz(file, arrays, metadata)


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
        If the file is not such an `.npz` or does not fit: the likely cause and the first of the arrays that are
        missing, extra or mis-shaped are named.
    OSError
        If it cannot be opened.
    """
    with npz(path) as stored:
        return take(stored, layers, path)


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
        C-contiguous, in this machine's byte order.

    Raises
    ------
    ValueError
        If an array is missing, extra, mis-shaped, not a float, NaN, infinite or a negative variance.
    """
    name = one_line(path)
    folded = bool(layers) and f"{layers[0].name}/bias" in stored
    wanted = {
        f"{layer}/{array}": shape for layer, named in shapes(layers, folded).items() for array, shape in named.items()
    }
    if problems := misfits(stored, wanted):
        raise ValueError(f"{name} does not fit these layers: {likely_cause(stored, wanted)}{listed(problems)}")
    declared = sum(math.prod(array.shape) * np.dtype(array.dtype).itemsize for array in stored.values())
    if declared > GREATEST_RATIO * os.path.getsize(path):
        raise ValueError(f"{name} declares {declared:,} bytes of arrays, far more than it can hold")
    arrays = {full_name: as_floats(stored[full_name].read()) for full_name in wanted}
    if problems := odd_numbers(arrays):
        raise ValueError(f"{name} holds numbers that no training gives: {listed(problems)}")
    w: Weights = {}
    for full_name, values in arrays.items():
        layer, array = full_name.rsplit("/", 1)
        w.setdefault(layer, {})[array] = values
    return w


def _named_arrays(w: Mapping[str, Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """{"conv1": {"kernel": ...}} as {"conv1/kernel": ...}; refused if it is anything else."""
    if not isinstance(w, Mapping) or not all(isinstance(named, Mapping) for named in w.values()):
        raise TypeError("weights must be a dict of dicts of arrays")
    arrays = {}
    for layer, named in w.items():
        for name, array in named.items():
            full_name = one_line(f"{layer}/{name}")
            if not all(isinstance(part, str) and part and part.isprintable() for part in (layer, name)):
                raise TypeError(f"weights must be named by printable text, but there is {full_name}")
            if "/" in layer + name:
                raise ValueError(f"names of weights must be without '/', but there is {full_name}")
            if type(array) not in (np.ndarray, np.memmap):  # a masked array would lose its mask
                raise TypeError(f"{full_name} must be a NumPy array, but is {type(array).__name__}")
            if array.dtype not in FLOATS:
                raise TypeError(f"{full_name} must be float16, float32 or float64, but is {one_line(array.dtype)}")
            arrays[f"{layer}/{name}"] = array
    if not arrays:
        raise ValueError("weights are empty")
    if len(dtypes := {str(array.dtype) for array in arrays.values()}) > 1:
        raise TypeError(f"weights must be of one dtype, but are of {', '.join(sorted(dtypes))}")
    return arrays
