"""Which network a printed row is about, and the ways in which its cost may have been counted.

Two counts of one network mostly differ because they follow different conventions: one counts biases, the other leaves
the classifier out. So each row gets a list of readings. The first counts as `cost` does; the others count in another
way, or make a mistake that explains the printed number. `verdicts` looks for the first that gives the printed number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from .. import cost
from ..spec import BLOCKS, Layer, mobilenet
from .networks import (
    Network,
    alexnet,
    faster_rcnn_mobilenet,
    faster_rcnn_vgg16,
    googlenet,
    squeezenet,
    ssd_mobilenet,
    vgg16,
)
from .printed import KERAS_HEADER, PAPER, RELEASED

DOGS = 120  # classes of Stanford Dogs
SHALLOW = BLOCKS[:6] + BLOCKS[11:]  # Table 5: without the five blocks of 14 x 14 x 512


@dataclass(frozen=True)
class Reading:
    """One way to count a network, and what it gives.

    `label` names the way; it is empty for that of `cost`. `mistake` is True if no fair convention counts so.
    """

    label: str
    mult_adds: Fraction
    parameters: Fraction
    mistake: bool = False


@dataclass(frozen=True)
class Row:
    """How a printed row may have been counted.

    `unknown` names the part that is private or not described, if there is one. The numbers of a `quoted` network come
    from another paper and are round: their trailing zeros are no digits.
    """

    readings: tuple[Reading, ...] = ()
    unknown: str = ""
    quoted: bool = False


def first_layer_of(channels: int, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The network with another number of channels in its first convolution, and so in the block after it.

    Examples
    --------
    >>> sum(map(cost.mult_adds, first_layer_of(16, mobilenet(alpha=0.75))))
    316970880
    """
    conv1, depthwise, pointwise, *others = layers
    return (
        replace(conv1, N=channels),
        replace(depthwise, M=channels, N=channels),
        replace(pointwise, M=channels),
        *others,
    )


def conventions(network: Network) -> tuple[Reading, ...]:
    """The conventions by which counts of one network differ, in the order in which they are tried.

    Examples
    --------
    >>> for reading in conventions(Network(mobilenet())):
    ...     print(f"{int(reading.mult_adds):>13,} {int(reading.parameters):>9,} {reading.label or 'as in cost'}")
      568,740,352 4,209,088 as in cost
      567,716,352 3,185,088 convolutions only
      573,784,040 4,221,032 with a bias for each output channel
    1,137,480,704 4,209,088 multiplications and additions apart
    """
    convolutions = tuple(layer for layer in network.layers if layer.kind != "fully_connected")
    mult_adds, parameters = network.mult_adds, network.parameters
    return (
        _reading("", network),
        _reading("convolutions only", replace(network, layers=convolutions)),
        Reading(
            "with a bias for each output channel",
            Fraction(mult_adds + network.bias_additions),
            Fraction(parameters + network.biases),
        ),
        Reading("multiplications and additions apart", Fraction(2 * mult_adds), Fraction(parameters)),
    )


def of_row(table: str, label: str) -> Row:
    """The readings of one printed row.

    Parameters
    ----------
    table : str
        The name of a printed table: "Table 2" to "Table 14", "TF-slim README", "Keras header".
    label : str
        What names the row: `Table.label`.

    Returns
    -------
    Row

    Raises
    ------
    ValueError
        If there is no such table, or no such row in it.

    Examples
    --------
    >>> [int(reading.mult_adds) for reading in of_row("Table 10", "1.0 MobileNet-224").readings]
    [567839232, 568740352]
    >>> of_row("Table 10", "Inception V3 [18]").unknown
    'Inception V3 [18]: the paper does not describe its layers'
    """
    if table not in _TABLES:
        raise ValueError(f"table must be one of {', '.join(_TABLES)}, but is {table!r}")
    labels = [_TABLES[table].label(row) for row in _TABLES[table].rows]
    if label not in labels:
        raise ValueError(f"label must name a row of {table} ({', '.join(labels)}), but is {label!r}")
    if table == "Table 2":
        return _kind(label)
    if table in ("Table 3", "Table 4", "Table 5"):
        return Row(conventions(_VARIANTS[label]))
    if label in _OTHERS:
        return _other(label)
    name = re.search(r"(\d\.\d+)[ _](?:MobileNet-)?(\d+)$", label)
    if not name:
        return Row(unknown=f"{label}: the paper does not describe its layers", quoted=True)
    return _mobilenet(table, float(name[1]), int(name[2]))


def as_table_1(layers: Sequence[Layer]) -> list[tuple[str, str, str, str]]:
    """Layers as Table 1 prints them: kind and stride, filter, input, and how often a block of two is repeated.

    Examples
    --------
    >>> as_table_1(mobilenet())[13]
    ('Conv dw / s1', '3x3x512 dw', '14x14x512', '5')
    """
    rows = []
    for layer in layers:
        D_K, M, N, D_F = layer.D_K, layer.M, layer.N, layer.D_F
        kind, kernel = {
            "standard": ("Conv", f"{D_K}x{D_K}x{M}x{N}"),
            "depthwise": ("Conv dw", f"{D_K}x{D_K}x{M} dw"),
            "pointwise": ("Conv", f"1x1x{M}x{N}"),
            "pool": ("Avg Pool", f"Pool {D_K}x{D_K}"),
            "fully_connected": ("FC", f"{M}x{N}"),
        }[layer.kind]
        rows.append((f"{kind} / s{layer.stride}", kernel, f"{D_F}x{D_F}x{M}"))
    rows.append(("Softmax / s1", "Classifier", f"1x1x{layers[-1].N}"))
    counted = []
    while rows:
        repeat = 1
        while rows[2:4] == rows[:2]:
            del rows[:2]
            repeat += 1
        taken = 2 if repeat > 1 else 1
        counted += [(*row, str(repeat)) for row in rows[:taken]]
        del rows[:taken]
    return counted


def _reading(label: str, network: Network, mistake: bool = False) -> Reading:
    return Reading(label, Fraction(network.mult_adds), Fraction(network.parameters), mistake)


def _kind(label: str) -> Row:
    """Table 2: the share of a kind of layer, in percent."""
    kinds = {
        "Conv 1x1": "pointwise",
        "Conv DW 3x3": "depthwise",
        "Conv 3x3": "standard",
        "Fully Connected": "fully_connected",
    }
    row = cost.by_kind(mobilenet())[kinds[label]]
    return Row((Reading("", 100 * row.share, 100 * row.parameter_share),))


def _separable(M: int, D_F: int) -> Network:
    return Network((Layer("dw", "depthwise", 3, 1, M, M, D_F), Layer("pw", "pointwise", 1, 1, M, M, D_F)))


_TABLES = {table.name: table for table in (*PAPER[1:], RELEASED, *KERAS_HEADER)}  # Table 1 prints no costs

_VARIANTS = {
    # Table 3: a layer of 512 channels and 14 x 14; then separable; 384 channels; 10 x 10
    "Convolution": Network((Layer("conv", "standard", 3, 1, 512, 512, 14),)),
    "Depthwise Separable Conv": _separable(512, 14),
    "alpha = 0.75": _separable(int(0.75 * 512), 14),
    "rho = 0.714": _separable(int(0.75 * 512), round(0.714 * 14)),
    # Tables 4 and 5
    "Conv MobileNet": Network(mobilenet(separable=False)),
    "MobileNet": Network(mobilenet()),
    "0.75 MobileNet": Network(mobilenet(alpha=0.75)),
    "Shallow MobileNet": Network(mobilenet(blocks=SHALLOW)),
}

_OTHERS: dict[str, Callable[[], Network]] = {
    "GoogleNet": googlenet,
    "VGG 16": vgg16,
    "Squeezenet": squeezenet,
    "AlexNet": alexnet,
    "SSD 300 MobileNet": ssd_mobilenet,
    "Faster-RCNN 300 VGG": lambda: faster_rcnn_vgg16(300),
    "Faster-RCNN 300 MobileNet": lambda: faster_rcnn_mobilenet(300),
    "Faster-RCNN 600 VGG": lambda: faster_rcnn_vgg16(600),
    "Faster-RCNN 600 Mobilenet": lambda: faster_rcnn_mobilenet(600),
}


def _other(label: str) -> Row:
    network = _OTHERS[label]()
    readings = conventions(network)
    if label == "GoogleNet":  # its own paper's table counts parameters so: "linear: 1000K" is 1,024,000
        thousands = Fraction(1000 * network.parameters, 1024)
        readings += (Reading("a thousand parameters is 1,024", Fraction(network.mult_adds), thousands),)
    return Row(readings, quoted="RCNN" not in label and "SSD" not in label)


def _mobilenet(table: str, alpha: float, resolution: int) -> Row:
    layers = mobilenet(alpha, resolution)
    body = Network(layers[:-1])
    narrow = _reading("first layer of 16 channels", Network(first_layer_of(16, layers)), mistake=True)
    if table == "Table 10":
        dogs = _reading("", Network(mobilenet(alpha, resolution, DOGS)))
        return Row((dogs, _reading(f"1000 classes, not {DOGS}", Network(layers), mistake=True)))
    if table == "Table 12":  # how many attributes a face has is not printed
        narrow = _reading(narrow.label, Network(first_layer_of(16, layers)[:-1]), mistake=True)
        return Row((_reading("convolutions only", body), narrow))
    if table == "Table 14":
        other = _reading(f"{alpha} MobileNet-160", Network(mobilenet(alpha, 160)[:-1]), mistake=True)
        return Row((_reading("convolutions only", body), other), "the layers after the body are not described")
    if table == "TF-slim README":
        *convolutions, pool, fc = layers
        batch_norm = 3 * sum(layer.N for layer in convolutions)
        parameters = Fraction(Network(layers).parameters + batch_norm + fc.N)
        label = "with 3 batch-norm numbers per channel and the classifier's biases"
        plain, *_ = conventions(Network(layers))
        return Row((plain, Reading(label, plain.mult_adds, parameters), narrow))
    return Row(conventions(Network(layers)))
