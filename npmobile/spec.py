"""The network as data: Table 1 of the paper, and the two multipliers that shrink it.

`mobilenet(...)` returns a tuple of `Layer`, and everything else reads that one table: `cost` its mult-adds,
`weights` its arrays, `network` its forward pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from . import checks, tables

# Table 1 after the first convolution: (output channels N, stride) of each depthwise separable block. The paper
# prints stride 2 for the last row as well, but keeps its image at 7 x 7: it is stride 1.
BLOCKS: tuple[tuple[int, int], ...] = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1),
    (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
    (1024, 2), (1024, 1),
)  # fmt: skip
FIRST_CHANNELS = 32  # output channels of the first convolution, which has stride 2
KINDS = ("standard", "depthwise", "pointwise", "pool", "fully_connected")
WINDOWED = ("standard", "depthwise")  # kinds of layers with windows, which need a padding
LARGEST_ALPHA = 1000


@dataclass(frozen=True)
class Layer:
    """One row of the table: what a layer does, and the sizes that decide its cost.

    Parameters
    ----------
    name : str
        "conv1", "conv_dw_3", "conv_pw_3", "pool", "fc".
    kind : {"standard", "depthwise", "pointwise", "pool", "fully_connected"}
    D_K : int
        Side of the kernel.
    stride : int
    M, N : int
        Input and output channels (equal for "depthwise" and "pool").
    D_F : int
        Side of the input image.
    padding : {"same", "symmetric", "valid", "keras"}
        Of the windows of a standard or depthwise convolution: see `conv.standard_conv`.

    Raises
    ------
    ValueError
        If the kind or the padding is unknown, or a size is not an int of at least 1.

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
    padding: str = "same"

    def __post_init__(self) -> None:
        checks.one_of("kind", self.kind, KINDS)
        for size in ("D_K", "stride", "M", "N", "D_F"):
            object.__setattr__(self, size, checks.count(f"{size} of layer {self.name}", getattr(self, size)))
        if self.kind in ("depthwise", "pool") and self.M != self.N:
            raise ValueError(f"layer {self.name} is {self.kind}, so N must be M={self.M}, but is {self.N}")
        if self.kind in ("pointwise", "fully_connected") and (self.D_K, self.stride) != (1, 1):
            found = f"{self.D_K} and {self.stride}"
            raise ValueError(f"layer {self.name} is {self.kind}, so D_K and stride must be 1, but are {found}")
        if self.kind in WINDOWED:
            checks.window(self.D_K, self.stride, self.padding, self.D_F, f"layer {self.name} has D_F={self.D_F}")
        else:
            checks.one_of("padding", self.padding, checks.PADDINGS)

    @property
    def D_G(self) -> int:
        """Side of the output image, 1 after the pool.

        ceil(D_F / stride) for "same", (D_F - D_K) // stride + 1 for "valid", the same with D_F + 2 * (D_K // 2)
        for "symmetric", and D_F // 2 for "keras" at stride 2.
        """
        if self.kind == "pool":
            return 1
        if self.kind not in WINDOWED or self.padding == "same":
            return -(-self.D_F // self.stride)
        if self.padding == "keras":  # stride 1 or 2
            return self.D_F // self.stride
        margin = self.D_K // 2 if self.padding == "symmetric" else 0
        return (self.D_F + 2 * margin - self.D_K) // self.stride + 1


class Layers(tables.Shown, tuple[Layer, ...]):
    """A tuple of layers that displays as a table.

    >>> mobilenet(alpha=0.25, resolution=32, classes=10, blocks=())
    layer  kind             D_K  stride  M   N  D_F  D_G  padding
    conv1  standard           3       2  3   8   32   16  same
    pool   pool              16       1  8   8   16    1
    fc     fully_connected    1       1  8  10    1    1
    """

    _words = ("layer", "kind", "padding")

    def _lines(self, wide: bool) -> tables.Lines:
        head = ["layer", "kind", "D_K", "stride", "M", "N", "D_F", "D_G", "padding"]
        return [head, *(self._line(layer) for layer in self)]

    def _line(self, layer: Layer) -> list[str]:
        sizes = (layer.D_K, layer.stride, layer.M, layer.N, layer.D_F, layer.D_G)
        return [layer.name, layer.kind, *map(str, sizes), layer.padding if layer.kind in WINDOWED else ""]


def mobilenet(
    alpha: float = 1.0,
    resolution: int = 224,
    classes: int = 1000,
    blocks: Sequence[tuple[int, int]] = BLOCKS,
    separable: bool = True,
    padding: str = "same",
    channels: int = 3,
) -> tuple[Layer, ...]:
    """MobileNet v1 as a table of layers (Table 1, sections 3.2 - 3.4 of the paper).

    Parameters
    ----------
    alpha : float
        Width multiplier: every layer has `int(alpha * channels)` channels, at least 1. The paper has 1, 0.75,
        0.5 and 0.25; any number above 0 up to 1000 will do. Between the four, libraries round differently: Keras
        as here, TF-slim never below 8 channels, timm to multiples of 8. At the four published ones all agree.
    resolution : int
        Side of the input image, at least 32. The paper's rho is resolution / 224.
    classes : int
        Outputs of the classifier.
    blocks : sequence of (channels, stride)
        The depthwise separable blocks. `BLOCKS[:6] + BLOCKS[11:]` is the shallow network of Table 5.
    separable : bool
        False makes the standard-convolution version of Table 4: each block is one standard convolution.
    padding : {"same", "symmetric", "valid", "keras"}
        "same" for networks trained in TensorFlow, "symmetric" for PyTorch's own, "keras" for
        `keras.applications.MobileNet`, whose layers have it as `with_padding` says.
    channels : int
        Of the input images: 3 for colour, 1 for grey. Only the first layer depends on it.

    Returns
    -------
    tuple of Layer
        It displays as a table.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.

    Examples
    --------
    >>> layers = mobilenet(alpha=0.25, resolution=32, classes=10)
    >>> layers[0]
    Layer(name='conv1', kind='standard', D_K=3, stride=2, M=3, N=8, D_F=32, padding='same')
    >>> [layer.name for layer in layers[-3:]]
    ['conv_pw_13', 'pool', 'fc']
    >>> mobilenet(alpha=0.25, resolution=96, classes=2, channels=1)[0].M
    1
    """
    _check(alpha, resolution, classes, blocks)
    checks.count("channels", channels)
    checks.one_of("padding", padding, checks.PADDINGS)

    def scaled(outputs: int) -> int:
        return max(1, int(alpha * outputs))

    layers = [_padded(Layer("conv1", "standard", 3, 2, channels, scaled(FIRST_CHANNELS), resolution), padding)]
    for number, (outputs, stride) in enumerate(blocks, start=1):
        M, N, D_F = layers[-1].N, scaled(outputs), layers[-1].D_G
        if separable:
            layers.append(_padded(Layer(f"conv_dw_{number}", "depthwise", 3, stride, M, M, D_F), padding))
            layers.append(_padded(Layer(f"conv_pw_{number}", "pointwise", 1, 1, M, N, layers[-1].D_G), padding))
        else:
            layers.append(_padded(Layer(f"conv_full_{number}", "standard", 3, stride, M, N, D_F), padding))
    M, D_F = layers[-1].N, layers[-1].D_G
    layers.append(Layer("pool", "pool", D_F, 1, M, M, D_F))
    layers.append(Layer("fc", "fully_connected", 1, 1, M, classes, 1))
    return Layers(layers)


def at_resolution(layers: Sequence[Layer], resolution: int) -> tuple[Layer, ...]:
    """The same layers for images of another side. Their weights stay as they are: no kernel depends on the side.

    Parameters
    ----------
    layers : sequence of Layer
    resolution : int
        At least 32.

    Returns
    -------
    tuple of Layer
        With the paddings that they had.

    Raises
    ------
    ValueError
        If resolution is out of range.

    Examples
    --------
    >>> at_resolution(mobilenet(alpha=0.5, resolution=224), 160) == mobilenet(alpha=0.5, resolution=160)
    True
    """
    return _chained(layers, checks.count("resolution", resolution, at_least=32))


def with_padding(layers: Sequence[Layer], padding: str) -> tuple[Layer, ...]:
    """The same layers with another padding; the sides of the feature maps follow.

    Parameters
    ----------
    layers : sequence of Layer
    padding : {"same", "symmetric", "valid", "keras"}
        "keras" is what `keras.applications.MobileNet` of Keras 3 has: its depthwise layers of stride 2 pad one
        zero at the bottom and right, and all its other layers are "same". On even sides that equals "same".

    Returns
    -------
    tuple of Layer

    Raises
    ------
    ValueError
        If padding is unknown.

    Examples
    --------
    >>> [layer.D_F for layer in with_padding(mobilenet(resolution=225), "keras") if layer.stride == 2]
    [225, 113, 56, 28, 14]
    """
    checks.one_of("padding", padding, checks.PADDINGS)
    return _chained([_padded(layer, padding) for layer in layers], layers[0].D_F)


def check_chain(layers: Sequence[Layer]) -> None:
    """Refuse layers that do not follow from each other: each takes what the one before gives.

    A network is convolutions, then perhaps a pool, then perhaps a fully connected layer.

    >>> check_chain(mobilenet()[1:3] + mobilenet()[5:])
    Traceback (most recent call last):
    ValueError: layer conv_dw_3 takes (56, 56, 128), but conv_pw_1 gives (112, 112, 64)
    """
    if not layers or not all(isinstance(layer, Layer) for layer in layers):
        raise ValueError("layers must be a sequence of at least one Layer, as spec.mobilenet makes")
    if len({layer.name for layer in layers}) < len(layers):
        raise ValueError("layers must have names of their own, but two have the same")
    for layer, following in pairwise(layers):
        if (layer.D_G, layer.N) != (following.D_F, following.M):
            raise ValueError(
                f"layer {following.name} takes {_shape(following.D_F, following.M)}, "
                f"but {layer.name} gives {_shape(layer.D_G, layer.N)}"
            )
    *body, last = (layer.kind for layer in layers)
    if last == "fully_connected" and body and body[-1] == "pool":
        *body, last = body
    if "pool" in body or "fully_connected" in (*body, last):
        raise ValueError("layers must be convolutions, then at most one pool, then at most one fully connected layer")


def padding_of(layers: Sequence[Layer]) -> str:
    """The name of a network's padding: that of its windowed layers, "keras" if any of them has that.

    >>> padding_of(mobilenet(padding="keras")), padding_of(mobilenet())
    ('keras', 'same')
    """
    found = dict.fromkeys(layer.padding for layer in layers if layer.kind in WINDOWED)
    return "keras" if "keras" in found else " and ".join(found) or "same"


def _padded(layer: Layer, padding: str) -> Layer:
    """A layer with a network's padding; "keras" is that of depthwise layers at stride 2 only."""
    if layer.kind not in WINDOWED:
        return layer
    if padding == "keras" and (layer.kind, layer.stride, layer.D_K) != ("depthwise", 2, 3):
        padding = "same"
    return replace(layer, padding=padding)


def _chained(layers: Sequence[Layer], D_F: int) -> tuple[Layer, ...]:
    """The same layers with each one's input side made the output side of the one before."""
    chained: list[Layer] = []
    for layer in layers:
        D_F = 1 if layer.kind == "fully_connected" else D_F
        chained.append(replace(layer, D_F=D_F, D_K=D_F if layer.kind == "pool" else layer.D_K))
        D_F = chained[-1].D_G
    return Layers(chained)


def _shape(side: int, channels: int) -> str:
    return f"({side}, {side}, {channels})"


def _check(alpha: float, resolution: int, classes: int, blocks: Sequence[tuple[int, int]]) -> None:
    checks.number("alpha", alpha, above=0)
    if alpha > LARGEST_ALPHA:
        raise ValueError(f"alpha must be at most {LARGEST_ALPHA}, but is {alpha!r}")
    checks.count("resolution", resolution, at_least=32)
    checks.count("classes", classes)
    for row, block in enumerate(blocks):
        if not isinstance(block, Sequence) or isinstance(block, str) or len(block) != 2:
            raise ValueError(f"blocks must hold pairs (channels, stride), but blocks[{row}] is {block!r}")
        checks.count(f"channels of blocks[{row}]", block[0])
        checks.count(f"stride of blocks[{row}]", block[1])
