"""The table of layers: Table 1, the two multipliers, paddings, and what is refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from npmobile import BLOCKS, Layer, cost, mobilenet, spec

# The table itself


def test_layers_are_those_of_table_1(shared):
    (table_1,) = (
        table for table in json.loads((shared / "paper/paper_tables.json").read_text())["tables"] if table["table"] == 1
    )
    printed = []
    for row in table_1["rows"]:
        printed.append((row["filter_shape"].removesuffix(" dw"), row["input_size"]))
        if row["repeat"] == 5 and not row["filter_shape"].endswith("dw"):
            printed += printed[-2:] * 4  # the brace of five spans a depthwise row and a pointwise row
    ours = []
    for layer in mobilenet():
        D_K, M, N, D_F = layer.D_K, layer.M, layer.N, layer.D_F
        kernel = {
            "standard": f"{D_K}x{D_K}x{M}x{N}",
            "depthwise": f"{D_K}x{D_K}x{M}",
            "pointwise": f"1x1x{M}x{N}",
            "pool": f"Pool {D_K}x{D_K}",
            "fully_connected": f"{M}x{N}",
        }
        ours.append((kernel[layer.kind], f"{D_F}x{D_F}x{M}"))
    assert ours == printed[:-1]  # softmax, the last row, is no layer of ours


def test_28_layers_as_the_paper_counts():
    assert sum(layer.kind != "pool" for layer in mobilenet()) == 28


def test_each_layer_takes_what_the_last_one_made():
    for layers in (mobilenet(0.3, 97), mobilenet(separable=False), mobilenet(blocks=BLOCKS[:6] + BLOCKS[11:])):
        for layer, following in pairwise(layers):
            assert (following.M, following.D_F) == (layer.N, layer.D_G)


def test_odd_resolutions_round_up_at_each_stride():
    strided = [layer.D_G for layer in mobilenet(resolution=97) if layer.stride == 2]
    assert strided == [49, 25, 13, 7, 4]
    assert mobilenet(resolution=97)[-2] == Layer("pool", "pool", 4, 1, 1024, 1024, 4)
    assert [layer.D_G for layer in mobilenet(resolution=32) if layer.stride == 2] == [16, 8, 4, 2, 1]


def test_channels_of_the_image_change_the_first_layer_alone():
    colour, grey = mobilenet(alpha=0.25, resolution=96, classes=2), mobilenet(0.25, 96, 2, channels=1)
    assert grey[0] == replace(colour[0], M=1)
    assert grey[1:] == colour[1:]
    assert cost.total(cost.table(grey)).mult_adds == 7_157_888  # person_detect, which runs on microcontrollers


@pytest.mark.parametrize("channels", [0, -1, 1.0, True, None])
def test_channels_that_are_no_count_are_refused(channels):
    with pytest.raises(ValueError, match="channels must be an int of at least 1"):
        mobilenet(channels=channels)


def test_alpha_cuts_channels_off_as_keras_does():
    assert [layer.N for layer in mobilenet(alpha=0.3)][:3] == [9, 9, 19]  # int(9.6), int(19.2)
    assert {layer.N for layer in mobilenet(alpha=0.001)[:-1]} == {1}
    assert mobilenet(alpha=1.25)[-3].N == 1280
    assert mobilenet(alpha=Fraction(1, 4)) == mobilenet(alpha=0.25) == mobilenet(alpha=np.float32(0.25))


def test_numpy_ints_become_python_ints():
    layers = mobilenet(1.0, np.int64(224), np.int32(1000), [(np.int64(64), np.int16(2))])
    assert all(type(size) is int for layer in layers for size in (layer.stride, layer.M, layer.N, layer.D_F, layer.D_G))


BAD_ARGUMENTS = [
    ({"alpha": 0}, "alpha must be a number above 0, but is 0"),
    ({"alpha": -0.5}, "alpha must be a number above 0, but is -0.5"),
    ({"alpha": float("nan")}, "alpha must be a number above 0, but is nan"),
    ({"alpha": float("inf")}, "alpha must be a number above 0, but is inf"),
    ({"alpha": "1"}, "alpha must be a number above 0, but is '1'"),
    ({"alpha": True}, "alpha must be a number above 0, but is True"),
    ({"resolution": 31}, "resolution must be an int of at least 32, but is 31"),
    ({"resolution": 224.0}, "resolution must be an int of at least 32, but is 224.0"),
    ({"classes": 0}, "classes must be an int of at least 1, but is 0"),
    ({"classes": None}, "classes must be an int of at least 1, but is None"),
    ({"blocks": [(64, 1), (128,)]}, r"blocks must hold pairs \(channels, stride\), but blocks\[1\] is \(128,\)"),
    ({"blocks": [64]}, r"blocks must hold pairs \(channels, stride\), but blocks\[0\] is 64"),
    ({"blocks": [(64, 0)]}, r"stride of blocks\[0\] must be an int of at least 1, but is 0"),
    ({"blocks": [(6.4, 1)]}, r"channels of blocks\[0\] must be an int of at least 1, but is 6.4"),
]


@pytest.mark.parametrize(("how", "message"), BAD_ARGUMENTS)
def test_bad_arguments_are_named(how, message):
    with pytest.raises(ValueError, match=message):
        mobilenet(**how)


# Paddings

DOWN = ["conv1", "conv_dw_2", "conv_dw_4", "conv_dw_6", "conv_dw_12"]  # the layers of stride 2


def sides(resolution, padding):
    layers = {layer.name: layer for layer in mobilenet(resolution=resolution, padding=padding)}
    return [layers[name].D_G for name in DOWN]


def test_sides_of_keras():
    # as keras.applications.MobileNet prints them: conv1 rounds up, the depthwise layers round down
    assert sides(225, "keras") == [113, 56, 28, 14, 7]
    assert sides(299, "keras") == [150, 75, 37, 18, 9]
    assert sides(100, "keras") == [50, 25, 12, 6, 3]


def test_sides_of_tensorflow_and_pytorch():
    assert sides(225, "same") == sides(225, "symmetric") == [113, 57, 29, 15, 8]
    assert sides(100, "same") == [50, 25, 13, 7, 4]


@pytest.mark.parametrize("resolution", [32, 64, 128, 160, 192, 224, 320])
def test_where_every_side_is_even_all_three_agree(resolution):
    assert sides(resolution, "keras") == sides(resolution, "same") == sides(resolution, "symmetric")


def test_only_depthwise_layers_of_stride_2_have_the_padding_of_keras():
    having = [layer.name for layer in mobilenet(padding="keras") if layer.padding == "keras"]
    assert having == DOWN[1:]
    assert {layer.padding for layer in mobilenet(padding="symmetric") if layer.kind in spec.WINDOWED} == {"symmetric"}


def test_at_another_resolution_the_padding_stays():
    for padding in ("same", "symmetric", "keras"):
        moved = spec.at_resolution(mobilenet(0.5, 224, padding=padding), 225)
        assert moved == mobilenet(0.5, 225, padding=padding)
    assert spec.with_padding(mobilenet(0.5, 225, padding="keras"), "symmetric") == mobilenet(
        0.5, 225, padding="symmetric"
    )


@pytest.mark.parametrize(
    ("D_F", "D_K", "stride", "padding", "D_G"),  # by counting windows on squared paper
    [
        (7, 3, 1, "valid", 5),
        (7, 3, 2, "valid", 3),
        (7, 7, 3, "valid", 1),
        (8, 3, 2, "same", 4),
        (7, 3, 2, "same", 4),
        (7, 3, 3, "symmetric", 3),
        (6, 4, 1, "symmetric", 7),
        (7, 3, 2, "keras", 3),
        (7, 3, 1, "keras", 7),
        (3, 3, 10**6, "same", 1),
    ],
)
def test_output_side(D_F, D_K, stride, padding, D_G):
    assert Layer("conv", "depthwise", D_K, stride, 1, 1, D_F, padding).D_G == D_G


BAD = [
    (
        {"kind": "conv"},
        'kind must be "standard", "depthwise", "pointwise", "pool" or "fully_connected", but is \'conv\'',
    ),
    ({"padding": "Same"}, 'padding must be "same", "symmetric", "valid" or "keras", but is \'Same\''),
    ({"padding": None}, "padding must be"),
    ({"stride": 0}, "stride of layer conv must be an int of at least 1, but is 0"),
    ({"D_F": 7.0}, "D_F of layer conv must be an int of at least 1, but is 7.0"),
    ({"M": 10**13}, "M of layer conv must be at most 1,000,000,000,000, but is 10000000000000"),
    ({"N": 5}, "layer conv is depthwise, so N must be M=4, but is 5"),
    (
        {"D_F": 2, "padding": "valid"},
        'padding "valid" needs a kernel no larger than x, but D_K=3 and layer conv has D_F=2',
    ),
    ({"stride": 3, "padding": "keras"}, 'padding "keras" is for D_K=3 and stride 1 or 2, but D_K=3 and stride=3'),
    ({"D_K": 5, "padding": "keras"}, 'padding "keras" is for D_K=3'),
    ({"D_F": 1, "stride": 2, "padding": "keras"}, 'padding "keras" at stride 2 needs a side of at least 2'),
    ({"kind": "fully_connected"}, "layer conv is fully_connected, so D_K and stride must be 1, but are 3 and 1"),
    (
        {"kind": "pointwise", "stride": 2, "D_K": 1},
        "layer conv is pointwise, so D_K and stride must be 1, but are 1 and 2",
    ),
]


@pytest.mark.parametrize(("change", "message"), BAD, ids=[str(change)[:40] for change, _ in BAD])
def test_a_layer_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(Layer("conv", "depthwise", 3, 1, 4, 4, 8), **change)


@pytest.mark.parametrize("alpha", [1e308, 1001, 10**400])
def test_alpha_has_a_bound(alpha):
    with pytest.raises(ValueError, match="alpha must be "):
        mobilenet(alpha)


def test_an_int_too_long_to_be_printed_is_refused():
    with pytest.raises(
        ValueError, match="classes must be at most 1,000,000,000,000, but is an int of thousands of digits"
    ):
        mobilenet(classes=10**5000)
