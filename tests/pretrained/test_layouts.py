"""Orders of axes, on kernels whose every number tells where it belongs."""

from __future__ import annotations

import numpy as np
import pytest

from npmobile import mobilenet
from npmobile.pretrained import layouts
from npmobile.weights import shapes

OURS = shapes(mobilenet(alpha=0.25, classes=5))


def numbered(shape):
    """An array whose number at [a, b, c] is a * 10^6 + b * 10^4 + c * 100 ...: it knows its own index."""
    index = np.indices(shape)
    return sum(axis * 1000 ** (len(shape) - 1 - i) for i, axis in enumerate(index)) if shape else np.zeros(())


@pytest.mark.parametrize("layer", ["conv1", "conv_dw_1", "conv_dw_13", "conv_pw_1", "conv_pw_13", "fc"])
def test_torchs_kernels_become_ours(layer):
    ours = numbered(OURS[layer]["kernel"])
    if layer == "conv1":
        theirs = np.einsum("yxmn->nmyx", ours)
    elif layer.startswith("conv_dw"):
        theirs = np.einsum("yxm->myx", ours)[:, np.newaxis]
    elif layer == "fc":
        theirs = np.einsum("mn->nm", ours)
    else:
        theirs = np.einsum("mn->nm", ours)[..., np.newaxis, np.newaxis]
    order, shape = layouts.torch(f"{layer}/kernel", theirs.shape)
    assert shape == ours.shape
    assert np.array_equal(theirs.transpose(order).reshape(shape), ours)


def test_keras_kernels_have_axes_of_1_more():
    assert layouts.keras("conv1/kernel", (3, 3, 3, 8)) == (3, 3, 3, 8)
    assert layouts.keras("conv_dw_2/kernel", (3, 3, 16, 1)) == (3, 3, 16)
    assert layouts.keras("conv_pw_2/kernel", (1, 1, 16, 32)) == (16, 32)
    assert layouts.keras("fc/kernel", (1, 1, 256, 5)) == (256, 5)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("conv_dw_1/kernel", (3, 3, 8, 2)),  # depth_multiplier 2
        ("conv_pw_1/kernel", (3, 3, 8, 16)),
        ("conv_pw_1/kernel", (8, 16)),
        ("conv1/kernel", (1, 1, 3, 8)),
        ("conv1/gamma", (8,)),
        ("conv1/gamma", (1, 1, 1, 8)),
        ("fc/kernel", ()),
    ],
)
def test_what_does_not_fit_stays_as_it_is(name, shape):
    assert layouts.keras(name, shape) == shape
    if name != "conv1/gamma" or len(shape) == 1:
        assert layouts.torch("conv1/gamma", shape) == (tuple(range(len(shape))), shape)


def test_the_convolutions_are_those_of_the_table():
    assert len(layouts.CONVOLUTIONS) == 27
    assert layouts.CONVOLUTIONS[:4] == ("conv1", "conv_dw_1", "conv_pw_1", "conv_dw_2")
    assert layouts.CONVOLUTIONS[-1] == "conv_pw_13"
