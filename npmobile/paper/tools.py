"""Why a counting tool says another number: eight of them, each from one exact count and what it adds.

A tool counts the multiply-adds of `cost`, once or twice (multiplication and addition apart), and then a little for
batch norm, ReLU, pool, bias or softmax. What it adds is data, so that its total comes out exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .. import cost
from ..spec import Layer


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
        How much is added for each of the `sizes` of a network.
    """

    name: str
    version: str
    word: str
    reported: int
    per_mult_add: int = 1
    adds: Mapping[str, int] = field(default_factory=dict)


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
    """How many elements, channels and classes a network has that some tool counts for.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`: batch norm and ReLU follow each convolution; pool and classifier end it.

    Returns
    -------
    dict of str to int

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
    *convolutions, pool, classifier = layers
    elements = sum(layer.D_G**2 * layer.N for layer in convolutions)
    return {
        "batch-norm elements": elements,
        "batch-norm channels": sum(layer.N for layer in convolutions),
        "ReLU elements": elements,
        "pool inputs": pool.D_F**2 * pool.M,
        "pool outputs": pool.N,
        "classes, for the bias": classifier.N,
        "classes, for softmax": classifier.N,
    }


def bridge(layers: Sequence[Layer], tool: Tool) -> list[tuple[str, int]]:
    """The way from our mult-adds to a tool's total, item by item; the items add up to that total.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`.
    tool : Tool

    Returns
    -------
    list of (what, how many)

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> thop = TOOLS[3]
    >>> bridge(mobilenet(), thop)[:2]
    [('mult-adds', 568740352), ('4 x 5,042,688 batch-norm elements', 20170752)]
    >>> sum(count for _, count in bridge(mobilenet(), thop))
    588962304
    """
    mult_adds = sum(cost.mult_adds(layer) for layer in layers)
    counted = sizes(layers)
    return [
        ("mult-adds", mult_adds),
        *[("additions, counted apart", mult_adds)] * (tool.per_mult_add - 1),
        *((f"{times} x {counted[name]:,} {name}", times * counted[name]) for name, times in tool.adds.items()),
    ]


def total(layers: Sequence[Layer], tool: Tool) -> int:
    """What a tool of this convention says of a network: the sum of its `bridge`.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> {tool.name: total(mobilenet(), tool) for tool in TOOLS[-3:]}
    {'torch.utils.flop_counter': 1137480704, 'calflops': 1152658944, 'tf.profiler on Keras MobileNet': 1147687920}
    """
    return sum(count for _, count in bridge(layers, tool))
