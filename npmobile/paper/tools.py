"""Why a counting tool reports another number than `cost`: eight tools, each explained exactly.

A tool counts the mult-adds of `cost`, once, or twice where it counts multiplications and additions apart. Then it adds
something for batch norm, ReLU, pool, bias or softmax. What each tool adds is written down here as data, so that its
total can be computed for any network, item by item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .. import cost
from ..spec import WINDOWED, Layer

SIZES = (  # what some tool adds something for
    "batch-norm elements",
    "batch-norm channels",
    "ReLU elements",
    "pool inputs",
    "pool outputs",
    "classes, for the bias",
    "classes, for softmax",
)


@dataclass(frozen=True)
class Tool:
    """What a tool counts.

    Parameters
    ----------
    name, version : str
        The tool, and the release whose total is explained.
    word : str
        What the tool calls its number.
    reported : int
        The number itself, for MobileNet 1.0-224 with 1000 classes.
    per_mult_add : int
        1, or 2 where a multiplication and its addition are counted apart.
    adds : mapping of str to int
        How much is added for each element, channel or class of the `sizes` of a network.

    Raises
    ------
    ValueError
        If `per_mult_add` is neither 1 nor 2, or `adds` names what is not among `SIZES`.
    """

    name: str
    version: str
    word: str
    reported: int
    per_mult_add: int = 1
    adds: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.per_mult_add not in (1, 2):
            raise ValueError(f"per_mult_add must be 1 or 2, but is {self.per_mult_add!r}")
        if unknown := [name for name in self.adds if name not in SIZES]:
            raise ValueError(f"adds must name only {', '.join(map(repr, SIZES))}, but names {unknown[0]!r}")


TOOLS = (
    Tool("torchinfo", "1.8.0", "mult-adds", 568_763_240, 1, {"batch-norm channels": 2, "classes, for the bias": 1}),
    Tool("ptflops (aten backend)", "0.7.5", "MMac", 568_741_352, 1, {"classes, for the bias": 1}),
    Tool(
        "ptflops (module hooks)",
        "0.7.5",
        "MMac",
        589_012_456,
        1,
        {"batch-norm elements": 2, "ReLU elements": 2, "pool inputs": 2, "classes, for the bias": 1},
    ),
    Tool("thop", "0.1.1", "macs", 588_962_304, 1, {"batch-norm elements": 4, "pool inputs": 1, "pool outputs": 1}),
    Tool(
        "fvcore", "0.1.5", "flops (meaning multiply-adds)", 578_875_904, 1, {"batch-norm elements": 2, "pool inputs": 1}
    ),
    Tool("torch.utils.flop_counter", "2.13.0", "flops", 1_137_480_704, 2),
    Tool(
        "calflops", "0.3.2", "FLOPs", 1_152_658_944, 2, {"batch-norm elements": 2, "ReLU elements": 1, "pool inputs": 1}
    ),
    Tool(
        "tf.profiler on Keras MobileNet",
        "2.21.0",
        "float ops",
        1_147_687_920,
        2,
        {
            "batch-norm elements": 2,
            "batch-norm channels": 6,
            "pool inputs": 1,
            "classes, for the bias": 1,
            "classes, for softmax": 5,
        },
    ),
)


def sizes(layers: Sequence[Layer]) -> dict[str, int]:
    """How many elements, channels and classes a network has that some tool adds something for.

    Batch norm and ReLU follow each convolution; each fully connected layer has a bias, and a softmax follows the last
    layer if it is fully connected. A network without pool or classifier has none of theirs.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`, or a part of them.

    Returns
    -------
    dict of str to int
        For one image, by the names in `SIZES`.

    Raises
    ------
    TypeError
        If `layers` holds anything but layers.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> for name, size in sizes(mobilenet()).items():
    ...     print(f"{name:22}{size:>10,}")
    batch-norm elements    5,042,688
    batch-norm channels       10,944
    ReLU elements          5,042,688
    pool inputs               50,176
    pool outputs               1,024
    classes, for the bias      1,000
    classes, for softmax       1,000
    """
    layers = _checked(layers)
    convolutions = [layer for layer in layers if layer.kind in (*WINDOWED, "pointwise")]
    pools = [layer for layer in layers if layer.kind == "pool"]
    classifiers = [layer for layer in layers if layer.kind == "fully_connected"]
    elements = sum(layer.D_G**2 * layer.N for layer in convolutions)
    found = (
        elements,
        sum(layer.N for layer in convolutions),
        elements,
        sum(layer.D_F**2 * layer.M for layer in pools),
        sum(layer.N for layer in pools),
        sum(layer.N for layer in classifiers),
        sum(layer.N for layer in classifiers if layer is layers[-1]),
    )
    return dict(zip(SIZES, found, strict=True))


def bridge(layers: Sequence[Layer], tool: Tool) -> list[tuple[str, int]]:
    """From our mult-adds to the total of a tool, item by item; the items add up to that total.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`, or a part of them.
    tool : Tool
        One of `TOOLS`, or one of your own.

    Returns
    -------
    list of (what, how many)
        Without an item for what the network does not have.

    Raises
    ------
    TypeError
        If `layers` holds anything but layers, or `tool` is no `Tool`.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> thop = TOOLS[3]
    >>> bridge(mobilenet(), thop)[:2]
    [('mult-adds', 568740352), ('4 x 5,042,688 batch-norm elements', 20170752)]
    >>> sum(count for _, count in bridge(mobilenet(), thop))
    588962304
    """
    if not isinstance(tool, Tool):
        raise TypeError(f"tool must be a Tool, such as those of tools.TOOLS, but is {tool!r}")
    counted = sizes(layers)
    mult_adds = sum(map(cost.mult_adds, layers))
    items = [("mult-adds", mult_adds)]
    if tool.per_mult_add == 2:
        items.append(("additions, counted apart", mult_adds))
    for name, times in tool.adds.items():
        if counted[name]:
            items.append((f"{times} x {counted[name]:,} {name}", times * counted[name]))
    return items


def total(layers: Sequence[Layer], tool: Tool) -> int:
    """What a tool reports for a network: the sum of its `bridge`.

    Parameters and raises as `bridge`.

    Returns
    -------
    int

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> {tool.name: total(mobilenet(), tool) for tool in TOOLS[-3:]}
    {'torch.utils.flop_counter': 1137480704, 'calflops': 1152658944, 'tf.profiler on Keras MobileNet': 1147687920}
    """
    return sum(count for _, count in bridge(layers, tool))


def _checked(layers: Sequence[Layer]) -> Sequence[Layer]:
    if not isinstance(layers, Sequence) or not all(isinstance(layer, Layer) for layer in layers):
        raise TypeError(f"layers must be a sequence of Layer, as made by spec.mobilenet, but is {layers!r:.60}")
    return layers
