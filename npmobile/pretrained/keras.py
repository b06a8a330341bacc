"""Files of Keras: the published `.h5`, Keras 3's `.weights.h5`, and whole models as `.h5` and `.keras`.

All are HDF5; a `.keras` file is a zip archive with one inside. Keras 2 names an array by its layer,
`conv_dw_1_bn/conv_dw_1_bn/moving_mean:0`, and a whole model as `.h5` still does; Keras 3 counts the layers of each
class, `layers/batch_normalization_1/vars/2`. A whole model has a config, which `keras_config` reads: it tells which
layer holds which of our arrays, whatever its name is, and what stands before and behind the body. A file of weights
alone has none: it is taken as one of today's `keras.applications.MobileNet`, alone or inside one more model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from ..files import Stored, listed
from ..weights import BATCH_NORM
from . import archives, hdf5, keras_config, layouts, settings
from .contents import Contents, Names, by_our_names, needs
from .keras_rows import Row
from .messages import Refused, damaged, short

SIGNATURE = b"\x89HDF\r\n\x1a\n"
WEIGHTS, CONFIG = "model.weights.h5", "config.json"  # in a .keras file
SEEDS = {"seed_generator", "seed_generator_state"}  # of layers that do nothing once the network is trained
DENSE = re.compile(r"(.*/)?dense(_\d+)?/vars/\d|(.*/)?(?!conv_)[^/]+/(kernel|bias)(:0)?")
ALONE = "weights alone do not tell what stands behind the average pool, a whole model saved as .keras does"
PUBLISHED = re.compile(r"mobilenet_(1_0|7_5|5_0|2_5)_(224|192|160|128)_tf(_no_top)?\.h5")


def looks_like(head: bytes, path: Path) -> bool:
    """Whether this is HDF5, or a zip archive with Keras' weights in it."""
    return head.startswith(SIGNATURE) or (head.startswith(archives.SIGNATURE) and WEIGHTS in archives.names(path))


@contextmanager
def contents(path: Path) -> Iterator[Contents]:
    """What the file says, while it is open."""
    h5py = needs("h5py", path)
    source: Path | BytesIO = path
    config, size = None, path.stat().st_size
    with path.open("rb") as file:
        zipped = file.read(len(SIGNATURE)) != SIGNATURE
    if zipped:
        with archives.opened(path) as archive:
            if others := set(archive.namelist()) - {WEIGHTS, CONFIG, "metadata.json"}:
                raise Refused(f"it holds more than a model: {listed(sorted(others))}")
            config = settings.parse(archives.read(archive, CONFIG, path), CONFIG)
            packed = archives.read(archive, WEIGHTS, path)
        source, size = BytesIO(packed), len(packed)
    with damaged("HDF5"):
        opened = h5py.File(source, "r")
    with opened:
        with damaged("HDF5"):
            said = _contents(opened, config or _config(opened), path.name, size)
        yield said


def _config(file: Any) -> settings.Settings | None:
    """The config of a whole model, or None for weights alone."""
    text = file.attrs.get("model_config")
    if text is None:
        return None
    if not isinstance(text, str | bytes):
        raise Refused(f"model_config must be text, but is {short(text)}")
    return settings.parse(text, "model_config")


def _contents(file: Any, config: settings.Settings | None, name: str, size: int) -> Contents:
    whole = "model_weights" in file
    left_out = "optimizer_weights" if whole else "optimizer" if "layers" in file else ""
    datasets = {name: node for name, node in hdf5.arrays(file, {left_out}).items() if not SEEDS & {*name.split("/")}}
    if config is None:
        return _weights_alone(datasets, name, size)
    read = keras_config.fields(config)
    places = {f"{row.place}/vars/{i}": ours for ours, (row, i, _) in read.rows.items()}
    layers = [(row.group, row.name, array) for row, _, array in read.rows.values()]
    named = {key: ours for key, ours in zip(layers, read.rows) if layers.count(key) == 1}
    found = by_our_names(datasets, lambda name: places.get(name) or _by_layer(name, named))
    names = {ours: row.name for ours, (row, _, _) in read.rows.items()}
    arrays = _arrays(datasets, found, names, size)
    if "fc/kernel" in read.rows and "fc/bias" not in read.rows:
        arrays["fc/bias"] = _no_bias(arrays)
    head: tuple[str, ...] = ()
    if "head_problem" in read.fields:
        head = tuple(name for name in found.unknown if any(_is_of(name, row) for row in read.head))
    unknown = tuple(name for name in found.unknown if name not in head)
    return Contents(arrays, unknown, found.inside, head=head, **read.fields)


def _arrays(datasets: dict[str, Any], found: Names, layers: Mapping[str, str], size: int) -> dict[str, Stored]:
    """Our arrays, each of the layer that it should be of; Keras 3 notes the layer beside its arrays."""
    arrays = {}
    for ours, theirs in found.known.items():
        dataset = datasets[theirs]
        layer = dataset.parent.attrs.get("name")
        if isinstance(layer, str) and layer != layers[ours]:
            raise Refused(f"{theirs} is of layer {short(layer)}, and in MobileNet v1 of {layers[ours]}")
        arrays[ours] = hdf5.stored(theirs, dataset, layouts.keras(ours, dataset.shape), size)
    return arrays


def _by_layer(name: str, named: Mapping[tuple[str, str, str], str]) -> str | None:
    """Our name of an array that stands under its layer's name: model_weights/base/conv1/kernel:0 is of conv1.

    Keras 2 writes the number of a second model of that session behind the layer's name: conv1/conv1_1/kernel:0. And
    it calls the kernel of a depthwise layer depthwise_kernel, Keras 3 kernel.
    """
    *parts, array = name.removeprefix("model_weights/").removesuffix(":0").split("/")
    for layer in reversed(parts):
        for kernel in (array, f"depthwise_{array}"):
            if (parts[0], layer, kernel) in named:
                return named[parts[0], layer, kernel]
    return None


def _is_of(name: str, row: Row) -> bool:
    """Whether an array of a file is one of this layer's."""
    return name.startswith(f"{row.place}/") or name.removeprefix("model_weights/").startswith(f"{row.group}/")


def _no_bias(arrays: Mapping[str, Stored]) -> Stored:
    """The zeros that a classifier without a bias adds."""
    N = arrays["fc/kernel"].shape[-1] if "fc/kernel" in arrays and arrays["fc/kernel"].shape else 1
    dtype = arrays["fc/kernel"].dtype if "fc/kernel" in arrays else np.dtype(np.float32)
    return Stored((N,), dtype, lambda: np.zeros(N, dtype))


def _weights_alone(datasets: dict[str, Any], name: str, size: int) -> Contents:
    """Today's `keras.applications.MobileNet`, for images of the side that a published file's name tells."""
    published = PUBLISHED.fullmatch(name)
    prefix = _prefix(datasets)
    found = by_our_names(datasets, lambda name: _our_name(_inside(name, prefix)))
    arrays = _arrays(datasets, found, LAYERS, size)
    head = tuple(name for name in found.unknown if DENSE.fullmatch(name) and len(datasets[name].shape) <= 2)
    unknown = tuple(name for name in found.unknown if name not in head)
    problem = f"{ALONE} ({listed(head, most=4)})" if head and len(arrays) > 1 else ""
    if not len(arrays) > 1:
        head, unknown = (), found.unknown
    side = int(published[2]) if published else 224
    return Contents(arrays, unknown, found.inside, head=head, head_problem=problem, padding="keras", resolution=side)


def _prefix(names: Collection[str]) -> str:
    """What stands before the names of a MobileNet v1 inside another model: layers/functional/, or nothing."""
    prefixes = Counter({"": 0})
    for name in names:
        inside = _inside(name, "")
        for cut in (0, *(slash.end() for slash in islice(re.finditer("/", inside), 4))):
            prefixes[inside[:cut]] += _our_name(inside[cut:]) is not None
    return max(prefixes, key=prefixes.__getitem__)


def _inside(name: str, prefix: str) -> str:
    """The name of an array without the group that holds all of a whole model's, and without the prefix."""
    name = name.removeprefix("model_weights/")
    return name[len(prefix) :] if name.startswith(prefix) else ""


def _our_name(name: str) -> str | None:
    """Our name of an array of Keras 2 or Keras 3.

    >>> _our_name("conv_dw_1_bn/conv_dw_1_bn/moving_mean:0"), _our_name("layers/batch_normalization_1/vars/2")
    ('conv_dw_1/mean', 'conv_dw_1/mean')
    >>> _our_name("mobilenet_1.00_224/conv1/kernel:0"), _our_name("layers/functional/layers/conv2d/vars/0")
    (None, None)
    """
    if name in KERAS_3:
        return KERAS_3[name]
    # The layer, perhaps once more (with the number of a second model of that session), the array.
    match = re.fullmatch(r"([^/]+)/(?:\1(?:_\d+)?/)?([^/:]+)(?::0)?", name)
    return KERAS_2.get((match[1], match[2])) if match else None


def _keras_2_names() -> dict[tuple[str, str], str]:
    """(layer, array) as Keras 2 and whole models name them: ("conv_dw_1_bn", "moving_mean") is conv_dw_1/mean."""
    names = {("conv_preds", array): f"fc/{array}" for array in ("kernel", "bias")}
    for layer in layouts.CONVOLUTIONS:
        names[layer, "kernel"] = f"{layer}/kernel"
        if layer.startswith("conv_dw_"):
            names[layer, "depthwise_kernel"] = f"{layer}/kernel"
        for theirs, array in zip(("gamma", "beta", "moving_mean", "moving_variance"), BATCH_NORM):
            names[f"{layer}_bn", theirs] = f"{layer}/{array}"
    return names


def _keras_3_names() -> dict[str, str]:
    """Names of Keras 3, which counts the layers of each class: the first has no number, the second has 1."""

    def vars_of(kind: str, number: int) -> str:
        return f"layers/{kind}_{number}/vars" if number else f"layers/{kind}/vars"

    names = {f"{vars_of('conv2d', 14)}/{i}": f"fc/{array}" for i, array in enumerate(("kernel", "bias"))}
    for number, layer in enumerate(layouts.CONVOLUTIONS):
        kind = "depthwise_conv2d" if layer.startswith("conv_dw_") else "conv2d"
        names[f"{vars_of(kind, number // 2)}/0"] = f"{layer}/kernel"
        for i, array in enumerate(BATCH_NORM):
            names[f"{vars_of('batch_normalization', number)}/{i}"] = f"{layer}/{array}"
    return names


KERAS_2, KERAS_3 = _keras_2_names(), _keras_3_names()
LAYERS = {
    ours: "conv_preds" if layer == "fc" else layer if array == "kernel" else f"{layer}_bn"
    for ours in KERAS_3.values()
    for layer, array in [ours.split("/")]
}
