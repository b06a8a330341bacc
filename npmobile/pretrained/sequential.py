"""The layout that most programs for PyTorch have: one `nn.Sequential` of `conv_bn` and thirteen `conv_dw`, and `fc`.

    model.0     conv_bn     0 convolution, 1 batch norm, 2 ReLU
    model.1     conv_dw     0 depthwise, 1 batch norm, 2 ReLU, 3 pointwise, 4 batch norm, 5 ReLU
    ...         and so on to model.13; model.14 is the average pool

The Sequential is an attribute of the network, mostly `model`, and its name is read as a prefix. Such a file says
nothing but its arrays. What is assumed is what those programs have: `nn.ReLU` (nine of ten that we found; for a
network with `nn.ReLU6`, write `dataclasses.replace(model, activation="relu6")`), padding 1 all round, eps 1e-5, and
images as PyTorch's example for ImageNet prepares them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..images import Preparation
from . import layouts
from .contents import Contents

EPS = 1e-5  # PyTorch's
IMAGENET = Preparation(  # torchvision: Resize(256), CenterCrop(224), Normalize
    resize=256 / 224,
    mean=tuple(255 * m for m in (0.485, 0.456, 0.406)),
    std=tuple(255 * s for s in (0.229, 0.224, 0.225)),
)


def described(said: Contents, path: Path) -> Contents:
    """What is assumed of such a file."""
    return replace(said, eps=EPS, padding="symmetric", activation="relu", preparation=IMAGENET)


def _names() -> dict[str, str]:
    """The name of each array of the body inside the Sequential: ours."""
    parts = [("0.0", "0.1")]
    for block in range(1, 14):
        parts += [(f"{block}.0", f"{block}.1"), (f"{block}.3", f"{block}.4")]
    return layouts.torch_names(parts)


NAMES = _names()
