"""The network as data: Table 1 of the paper, and the two multipliers that shrink it.

`mobilenet(...)` returns a tuple of `Layer`, and everything else reads that one table: `cost` its bill,
`weights` its arrays, `network` its forward pass.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Real

from . import checks

# Table 1 after the first convolution: (output channels N, stride) of each depthwise separable block. The paper
# prints stride 2 for the last row as well, but keeps its picture at 7 x 7: it is stride 1.
BLOCKS: tuple[tuple[int, int], ...] = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (1024, 2),
    (1024, 1),
)
FIRST_CHANNELS = 32  # output channels of the first convolution, which has stride 2


@dataclass(frozen=True)
class Layer:
    """One row of the table: what a layer does, and the sizes that decide its cost.

    Parameters
    ----------
    name : str
        "conv1", "conv_dw_3", "conv_pw_3", "pool", "fc".
    kind : str
        "standard", "depthwise", "pointwise", "pool" or "fully_connected".
    D_K : int
        Side of the kernel.
    stride : int
    M, N : int
        Input and output channels (equal for "depthwise" and "pool").
    D_F : int
        Side of the input picture.

    Examples
    --------
    >>> Layer("conv1", "standard", D_K=3, stride=2, M=3, N=32, D_F=224).D_G
    112
    """

    name: str
    kind: str
    D_K: int
    stride: int
    M: int
    N: int
    D_F: int

    @property
    def D_G(self) -> int:
        """Side of the output picture: ceil(D_F / stride), and 1 after the pool."""
        return 1 if self.kind == "pool" else -(-self.D_F // self.stride)


def mobilenet(
    alpha: float = 1.0,
    resolution: int = 224,
    classes: int = 1000,
    blocks: Sequence[tuple[int, int]] = BLOCKS,
    separable: bool = True,
) -> tuple[Layer, ...]:
    """MobileNet v1 as a table of layers (Table 1, sections 3.2 - 3.4 of the paper).

    Parameters
    ----------
    alpha : float
        Width multiplier: every layer has `int(alpha * channels)` channels, at least 1. The paper has 1, 0.75,
        0.5 and 0.25; any number above 0 will do. Between those, libraries round differently: Keras as here,
        TF-slim never below 8 channels, timm to multiples of 8. At the four published ones all agree.
    resolution : int
        Side of the input picture, at least 32. The paper's rho is resolution / 224.
    classes : int
        Outputs of the classifier.
    blocks : sequence of (channels, stride)
        The depthwise separable blocks. `BLOCKS[:6] + BLOCKS[11:]` is the shallow network of Table 5.
    separable : bool
        False makes the full-convolution twin of Table 4: each block is one standard convolution.

    Returns
    -------
    tuple of Layer

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.

    Examples
    --------
    >>> layers = mobilenet(alpha=0.25, resolution=32, classes=10)
    >>> layers[0]
    Layer(name='conv1', kind='standard', D_K=3, stride=2, M=3, N=8, D_F=32)
    >>> [layer.name for layer in layers[-3:]]
    ['conv_pw_13', 'pool', 'fc']
    """
    _check(alpha, resolution, classes, blocks)

    def thin(channels: int) -> int:
        return max(1, int(alpha * channels))

    layers = [Layer("conv1", "standard", 3, 2, 3, thin(FIRST_CHANNELS), int(resolution))]
    for number, (channels, stride) in enumerate(blocks, start=1):
        M, N, D_F = layers[-1].N, thin(channels), layers[-1].D_G
        if separable:
            layers.append(Layer(f"conv_dw_{number}", "depthwise", 3, int(stride), M, M, D_F))
            layers.append(Layer(f"conv_pw_{number}", "pointwise", 1, 1, M, N, layers[-1].D_G))
        else:
            layers.append(Layer(f"conv_full_{number}", "standard", 3, int(stride), M, N, D_F))
    M, D_F = layers[-1].N, layers[-1].D_G
    layers.append(Layer("pool", "pool", D_F, 1, M, M, D_F))
    layers.append(Layer("fc", "fully_connected", 1, 1, M, int(classes), 1))
    return tuple(layers)


def at_resolution(layers: Sequence[Layer], resolution: int) -> tuple[Layer, ...]:
    """The same layers for pictures of another side. Their weights stay as they are: no kernel knows the picture.

    Parameters
    ----------
    layers : sequence of Layer
    resolution : int
        At least 32.

    Returns
    -------
    tuple of Layer

    Raises
    ------
    ValueError
        If resolution is out of range.

    Examples
    --------
    >>> at_resolution(mobilenet(alpha=0.5, resolution=224), 160) == mobilenet(alpha=0.5, resolution=160)
    True
    """
    checks.count("resolution", resolution, at_least=32)
    D_F, moved = int(resolution), []
    for layer in layers:
        D_F = 1 if layer.kind == "fully_connected" else D_F
        moved.append(replace(layer, D_F=D_F, D_K=D_F if layer.kind == "pool" else layer.D_K))
        D_F = moved[-1].D_G
    return tuple(moved)


def _check(alpha: float, resolution: int, classes: int, blocks: Sequence[tuple[int, int]]) -> None:
    if isinstance(alpha, bool) or not isinstance(alpha, Real) or not (math.isfinite(alpha) and alpha > 0):
        raise ValueError(f"alpha must be a number above 0, but is {alpha!r}")
    checks.count("resolution", resolution, at_least=32)
    checks.count("classes", classes)
    for row, block in enumerate(blocks):
        if not isinstance(block, Sequence) or len(block) != 2:
            raise ValueError(f"blocks must hold pairs (channels, stride), but blocks[{row}] is {block!r}")
        checks.count(f"channels of blocks[{row}]", block[0])
        checks.count(f"stride of blocks[{row}]", block[1])
