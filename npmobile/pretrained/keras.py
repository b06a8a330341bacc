"""Files of Keras: the published `.h5`, Keras 3's `.weights.h5`, and whole models as `.h5` and `.keras`.

All are HDF5; a `.keras` file is a zip archive with one inside. Keras 2 names an array by its layer,
`conv_dw_1_bn/conv_dw_1_bn/moving_mean:0`, and a whole model as `.h5` still does; Keras 3 counts the layers of each
class, `layers/batch_normalization_1/vars/2`. A whole model has a config, which `keras_config` reads. A file of
weights alone has none: it is taken as one of today's `keras.applications.MobileNet`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from ..files import listed
from ..weights import BATCH_NORM
from . import archives, hdf5, keras_config, layouts, settings
from .contents import Contents, by_our_names, needs
from .messages import Refused, damaged, short

SIGNATURE = b"\x89HDF\r\n\x1a\n"
WEIGHTS, CONFIG = "model.weights.h5", "config.json"  # in a .keras file
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
    said = keras_config.fields(config) if config else _of_weights_alone(name)
    whole = "model_weights" in file
    left_out = "optimizer_weights" if whole else "optimizer" if "layers" in file else ""
    datasets = hdf5.arrays(file, {left_out})
    names = by_our_names(datasets, lambda name: _our_name(name.removeprefix("model_weights/")))
    arrays = {}
    for ours, theirs in names.known.items():
        dataset = datasets[theirs]
        _check_layer(ours, theirs, dataset.parent.attrs.get("name"))
        arrays[ours] = hdf5.stored(theirs, dataset, layouts.keras(ours, dataset.shape), size)
    return Contents(arrays, names.unknown, names.inside, **said)


def _of_weights_alone(name: str) -> dict[str, Any]:
    """Today's `keras.applications.MobileNet`, for images of the side that a published file's name tells."""
    published = PUBLISHED.fullmatch(name)
    return {"padding": "keras", "resolution": int(published[2]) if published else 224}


def _check_layer(ours: str, theirs: str, layer: object) -> None:
    """Refuse an array of another layer than MobileNet's; Keras 3 notes the layer beside its arrays."""
    name, array = ours.split("/")
    expected = "conv_preds" if name == "fc" else name if array == "kernel" else f"{name}_bn"
    if isinstance(layer, str) and layer != expected:
        raise Refused(f"{theirs} is of layer {short(layer)}, and in MobileNet v1 of {expected}")


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
