"""The networks that the paper compares MobileNet with, as tables of layers for `cost`.

They are for counting only and never run. Of strides, paddings and pools a cost needs only the output side D_G, so each
convolution is written with stride 1 and its output side as D_F. A convolution in two groups (AlexNet's, which ran on
two graphics cards) is written as two convolutions with half of the channels each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .. import cost
from ..spec import Layer, mobilenet

COCO_CLASSES = 90  # and one for the background


@dataclass(frozen=True)
class Network:
    """Layers that run once for an image and, in a two-stage detector, layers that run for every proposal.

    Examples
    --------
    >>> layer = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=3, N=64, D_F=32)
    >>> network = Network((layer,), each_proposal=(layer,), proposals=10)
    >>> network.mult_adds, network.parameters, network.bias_additions, network.biases
    (2162688, 384, 720896, 128)
    """

    layers: tuple[Layer, ...]
    each_proposal: tuple[Layer, ...] = ()
    proposals: int = 0

    @property
    def mult_adds(self) -> int:
        """Mult-adds for one image."""
        return self._runs(map(cost.mult_adds, self.layers), map(cost.mult_adds, self.each_proposal))

    @property
    def parameters(self) -> int:
        """Weights, without biases and batch norm; those of `each_proposal` are shared by all proposals."""
        return sum(cost.parameters(layer) for layer in (*self.layers, *self.each_proposal))

    @property
    def bias_additions(self) -> int:
        """Additions for one image if each output gets a bias."""
        return self._runs(map(_outputs, self.layers), map(_outputs, self.each_proposal))

    @property
    def biases(self) -> int:
        """How many parameters are added if each output channel has a bias (or an offset of its batch norm)."""
        return sum(layer.N for layer in (*self.layers, *self.each_proposal) if layer.kind != "pool")

    def _runs(self, once: Iterable[int], each_proposal: Iterable[int]) -> int:
        return sum(once) + self.proposals * sum(each_proposal)


def _outputs(layer: Layer) -> int:
    return layer.D_G**2 * layer.N if layer.kind != "pool" else 0


def _convolution(name: str, D_K: int, M: int, N: int, D_G: int) -> Layer:
    return Layer(name, "standard" if D_K > 1 else "pointwise", D_K, 1, M, N, D_G)


def _fully_connected(name: str, M: int, N: int) -> Layer:
    return Layer(name, "fully_connected", 1, 1, M, N, 1)


def vgg16_body(resolution: int = 224) -> tuple[Layer, ...]:
    """The 13 convolutions of VGG16 (Simonyan and Zisserman, 2015, configuration D); pools halve the side and round down.

    >>> Network(vgg16_body()).mult_adds
    15346630656
    """
    layers, M, D_F = [], 3, resolution
    for stage, (convolutions, N) in enumerate([(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)], start=1):
        for number in range(1, convolutions + 1):
            layers.append(_convolution(f"conv{stage}_{number}", 3, M, N, D_F))
            M = N
        D_F //= 2
    return tuple(layers)


def _vgg16_hidden() -> tuple[Layer, ...]:
    return _fully_connected("fc6", 7 * 7 * 512, 4096), _fully_connected("fc7", 4096, 4096)


def vgg16() -> Network:
    """VGG16 with its three fully connected layers.

    >>> vgg16().parameters
    138344128
    """
    return Network((*vgg16_body(), *_vgg16_hidden(), _fully_connected("fc8", 4096, 1000)))


def alexnet() -> Network:
    """AlexNet (Krizhevsky et al., 2012) on 227 x 227: layers 2, 4 and 5 in two groups.

    >>> alexnet().mult_adds
    724406816
    """
    return Network(
        (
            _convolution("conv1", 11, 3, 96, 55),
            *[_convolution("conv2", 5, 48, 128, 27)] * 2,
            _convolution("conv3", 3, 256, 384, 13),
            *[_convolution("conv4", 3, 192, 192, 13)] * 2,
            *[_convolution("conv5", 3, 192, 128, 13)] * 2,
            _fully_connected("fc6", 6 * 6 * 256, 4096),
            _fully_connected("fc7", 4096, 4096),
            _fully_connected("fc8", 4096, 1000),
        )
    )


def googlenet() -> Network:
    """GoogLeNet (Szegedy et al., 2015, Table 1) without the two classifiers that are used only in training.

    >>> googlenet().mult_adds
    1582671872
    """
    layers = [
        _convolution("conv1", 7, 3, 64, 112),
        _convolution("conv2_reduce", 1, 64, 64, 56),
        _convolution("conv2", 3, 64, 192, 56),
    ]
    M = 192
    for name, D_F, one, three_reduce, three, five_reduce, five, pool in [
        ("3a", 28, 64, 96, 128, 16, 32, 32),
        ("3b", 28, 128, 128, 192, 32, 96, 64),
        ("4a", 14, 192, 96, 208, 16, 48, 64),
        ("4b", 14, 160, 112, 224, 24, 64, 64),
        ("4c", 14, 128, 128, 256, 24, 64, 64),
        ("4d", 14, 112, 144, 288, 32, 64, 64),
        ("4e", 14, 256, 160, 320, 32, 128, 128),
        ("5a", 7, 256, 160, 320, 32, 128, 128),
        ("5b", 7, 384, 192, 384, 48, 128, 128),
    ]:
        layers += [
            _convolution(f"{name}_1x1", 1, M, one, D_F),
            _convolution(f"{name}_3x3_reduce", 1, M, three_reduce, D_F),
            _convolution(f"{name}_3x3", 3, three_reduce, three, D_F),
            _convolution(f"{name}_5x5_reduce", 1, M, five_reduce, D_F),
            _convolution(f"{name}_5x5", 5, five_reduce, five, D_F),
            _convolution(f"{name}_pool", 1, M, pool, D_F),
        ]
        M = one + three + five + pool
    return Network((*layers, _fully_connected("fc", M, 1000)))


def squeezenet() -> Network:
    """SqueezeNet v1.0 (Iandola et al., 2016) on 227 x 227; its last convolution is padded to 15 x 15.

    >>> squeezenet().mult_adds
    861339936
    """
    layers, M = [_convolution("conv1", 7, 3, 96, 111)], 96
    sizes = [(55, 16, 64), (55, 16, 64), (55, 32, 128), (27, 32, 128), (27, 48, 192), (27, 48, 192), (27, 64, 256)]
    for number, (D_F, squeeze, expand) in enumerate([*sizes, (13, 64, 256)], start=2):
        layers += [
            _convolution(f"fire{number}_squeeze", 1, M, squeeze, D_F),
            _convolution(f"fire{number}_1x1", 1, squeeze, expand, D_F),
            _convolution(f"fire{number}_3x3", 3, squeeze, expand, D_F),
        ]
        M = 2 * expand
    return Network((*layers, _convolution("conv10", 1, M, 1000, 15)))


def ssd_mobilenet(resolution: int = 300, classes: int = COCO_CLASSES) -> Network:
    """SSD on MobileNet as in TensorFlow's detection models: six feature maps, each read by two 1 x 1 convolutions.

    >>> ssd_mobilenet().mult_adds, ssd_mobilenet().parameters
    (1237129408, 6791360)
    """
    *body, pool, _ = mobilenet(1.0, resolution)
    layers, M, D_F = list(body), pool.M, pool.D_F
    maps = [(layer.N, layer.D_G) for layer in body if layer.name == "conv_pw_11"] + [(M, D_F)]
    for number, (reduce, N) in enumerate([(256, 512), (128, 256), (128, 256), (64, 128)], start=14):
        layers.append(_convolution(f"conv_{number}_reduce", 1, M, reduce, D_F))
        layers.append(Layer(f"conv_{number}", "standard", 3, 2, reduce, N, D_F))
        M, D_F = N, layers[-1].D_G
        maps.append((M, D_F))
    for (M, D_F), anchors in zip(maps, (3, 6, 6, 6, 6, 6)):
        layers.append(_convolution(f"boxes_{D_F}", 1, M, 4 * anchors, D_F))
        layers.append(_convolution(f"classes_{D_F}", 1, M, (classes + 1) * anchors, D_F))
    return Network(tuple(layers))


def faster_rcnn_mobilenet(resolution: int) -> Network:
    """Faster R-CNN on MobileNet: 11 blocks run once for the image, the last two for each proposal's crop of 14 x 14.

    >>> faster_rcnn_mobilenet(300).mult_adds, faster_rcnn_mobilenet(300).parameters
    (25224412096, 6043072)
    """
    names = [layer.name for layer in mobilenet()]
    body = mobilenet(1.0, resolution)[: names.index("conv_pw_11") + 1]
    # For an image of 224 x 224, block 12 reads a feature map of 14 x 14: the size of a crop.
    crop = mobilenet(1.0, 224)[names.index("conv_dw_12") : names.index("pool")]
    return _faster_rcnn(body, crop, channels=1024)


def faster_rcnn_vgg16(resolution: int) -> Network:
    """Faster R-CNN on VGG16: convolutions run once for the image, two hidden layers for each crop, pooled to 7 x 7.

    >>> faster_rcnn_vgg16(300).mult_adds, faster_rcnn_vgg16(300).parameters
    (64304090112, 138491584)
    """
    return _faster_rcnn(vgg16_body(resolution), _vgg16_hidden(), channels=4096)


def _faster_rcnn(body: Sequence[Layer], crop: Sequence[Layer], channels: int) -> Network:
    """A region proposal network of 12 anchors on the body's last feature map; 300 proposals (section 4.6 of the paper)."""
    M, D_F, anchors = body[-1].N, body[-1].D_G, 12
    proposals = (
        _convolution("rpn", 3, M, 512, D_F),
        _convolution("rpn_objectness", 1, 512, 2 * anchors, D_F),
        _convolution("rpn_boxes", 1, 512, 4 * anchors, D_F),
    )
    head = (
        _fully_connected("classes", channels, COCO_CLASSES + 1),
        _fully_connected("boxes", channels, 4 * COCO_CLASSES),
    )
    return Network((*body, *proposals), (*crop, *head), proposals=300)
