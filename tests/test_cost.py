"""What networks cost, against the paper's numbers and exact laws."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

from npmobile import BLOCKS, Layer, conv, cost, loops, mobilenet
from npmobile.spec import at_resolution, check_chain, padding_of, with_padding

PUBLISHED = [(alpha, resolution) for alpha in (1.0, 0.75, 0.5, 0.25) for resolution in (224, 192, 160, 128)]


def costs(*args, **how):
    return cost.total(cost.table(mobilenet(*args, **how)))


def kinds(*args, **how):
    return {kind: row.mult_adds for kind, row in cost.by_kind(mobilenet(*args, **how)).items()}


# The worked example


@pytest.mark.parametrize(
    ("D_K", "stride", "D_F", "padding", "D_G"),
    [
        (3, 2, 9, "same", 5),  # ceil(9 / 2)
        (5, 1, 8, "symmetric", 8),  # 8 + 2 * 2 - 5 + 1
        (4, 1, 8, "symmetric", 9),  # 8 + 2 * 2 - 4 + 1
        (4, 3, 8, "symmetric", 3),  # (8 + 2 * 2 - 4) // 3 + 1
        (3, 1, 8, "valid", 6),  # 8 - 3 + 1
        (3, 2, 8, "valid", 3),  # (8 - 3) // 2 + 1
        (3, 2, 9, "keras", 4),  # 9 // 2
        (3, 1, 9, "keras", 9),
    ],
)
def test_output_sides_by_hand(D_K, stride, D_F, padding, D_G):
    assert Layer("dw", "depthwise", D_K, stride, 1, 1, D_F, padding).D_G == D_G


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (("x", "separable", 3, 1, 2, 2, 8), 'kind must be "standard", .* or "fully_connected", but is \'separable\''),
        (("pw", "pointwise", 3, 1, 2, 4, 8), "layer pw is pointwise, so D_K and stride must be 1, but are 3 and 1"),
        (("pw", "pointwise", 1, 2, 2, 4, 8), "so D_K and stride must be 1, but are 1 and 2"),
        (("dw", "depthwise", 3, 1, 2, 4, 8), "layer dw is depthwise, so N must be M=2, but is 4"),
        (("pw", "pointwise", 1, 1, 2, 4, 8, "Same"), "padding must be"),
    ],
)
def test_a_layer_that_cannot_be_is_refused(layer, message):
    with pytest.raises(ValueError, match=message):
        Layer(*layer)


def test_the_head_reads_what_the_last_block_makes():
    for separable in (True, False):
        *_, pool, fc = mobilenet(blocks=((64, 1), (96, 2)), separable=separable)
        assert (pool.M, pool.D_F, fc.M) == (96, 56, 96)


def test_the_smallest_resolution_is_32():
    assert at_resolution(mobilenet(), 32) == mobilenet(resolution=32)
    with pytest.raises(ValueError, match="resolution must be an int of at least 32, but is 31"):
        at_resolution(mobilenet(), 31)


def test_paddings_have_a_name():
    with pytest.raises(ValueError, match=r"^padding must be"):
        mobilenet(padding="Same")
    first, *_ = with_padding(mobilenet(), "symmetric")
    assert padding_of((first, *mobilenet()[1:])) == "symmetric and same"
    assert padding_of((first, *mobilenet(padding="keras")[1:])) == "keras"
    assert padding_of(mobilenet()[2:3]) == "same"  # a pointwise layer has no windows


@pytest.mark.parametrize("order", [(0, 2, 1), (2, 0), (0, 1, 1), (0, 3), (3,)])
def test_a_network_ends_with_its_pool_and_classifier(order):
    conv1 = Layer("conv1", "pointwise", 1, 1, 4, 4, 1)
    pools = [Layer(name, "pool", 1, 1, 4, 4, 1) for name in ("pool", "pool_2")]
    layers = (conv1, *pools, Layer("fc", "fully_connected", 1, 1, 4, 4, 1))
    check_chain((layers[0], layers[1], layers[3]))
    with pytest.raises(
        ValueError, match=r"layers must (be convolutions, then at most one pool|have names of their own)"
    ):
        check_chain([layers[n] for n in order])


def test_worked_example():
    D_K, M, N, D_F = 3, 3, 64, 32
    assert cost.standard(D_K, M, N, D_F) == 1_769_472
    assert cost.depthwise(D_K, M, D_F) == 27_648
    assert cost.pointwise(M, N, D_F) == 196_608
    assert cost.separable_ratio(D_K, N) == Fraction(73, 576) == Fraction(224_256, 1_769_472)


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_three_witnesses_meet(stride):
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(1, 7, 7, 3)), rng.normal(size=(3, 3, 3, 4))
    D_G = -(-7 // stride)
    for kernels in (loops, conv):
        assert kernels.standard_conv(x, kernel, stride)[1] == cost.standard(3, 3, 4, D_G)
        assert kernels.depthwise_conv(x, kernel[..., 0], stride)[1] == cost.depthwise(3, 3, D_G)
        assert kernels.pointwise_conv(x, kernel[0, 0])[1] == cost.pointwise(3, 4, 7)


@pytest.mark.parametrize("stride", [1, 2])
def test_the_ratio_is_executed(stride):
    for D_K, N in [(1, 1), (2, 3), (3, 8), (5, 2)]:
        x = np.zeros((2, 6, 6, 3))
        standard = conv.standard_conv(x, np.zeros((D_K, D_K, 3, N)), stride)[1]
        separable = conv.separable_conv(x, np.zeros((D_K, D_K, 3)), np.zeros((3, N)), stride)[1]
        assert Fraction(separable, standard) == Fraction(1, N) + Fraction(1, D_K**2) == cost.separable_ratio(D_K, N)


@pytest.mark.parametrize("size", [0, -1, 3.0, True, None])
def test_formulas_take_ints_only(size):
    with pytest.raises(ValueError, match="M must be an int of at least 1, but is"):
        cost.standard(3, size, 64, 32)
    with pytest.raises(ValueError, match="N must be an int of at least 1, but is"):
        cost.separable_ratio(3, size)


def test_counts_never_wrap_around():
    huge = np.int64(2**31)
    assert cost.standard(3, huge, huge, 2**31) == 9 * 2**124


# Totals that others counted


def test_totals_of_the_paper_and_its_twins():
    assert (costs().mult_adds, costs().parameters) == (568_740_352, 4_209_088)
    assert costs(separable=False).mult_adds == 4_867_293_184
    shallow = costs(blocks=BLOCKS[:6] + BLOCKS[11:])
    assert (shallow.mult_adds, shallow.parameters) == (307_323_392, 2_875_328)


def test_totals_of_the_16_released_networks(shared):
    checkpoints = json.loads((shared / "paper/slim_checkpoints.json").read_text())["checkpoints"]
    assert sorted((c["alpha"], c["resolution"]) for c in checkpoints) == sorted(PUBLISHED)
    for c in checkpoints:
        row = costs(c["alpha"], c["resolution"])
        body = cost.total(cost.table(mobilenet(c["alpha"], c["resolution"])[:-1]))
        assert (row.mult_adds, row.parameters) == (c["computed_macs_1000cls"], c["computed_weights_1000cls"])
        assert (body.mult_adds, body.parameters) == (c["computed_macs_body"], c["computed_weights_body"])


def test_table_2():
    rows = cost.by_kind(mobilenet())
    printed = {"pointwise": ("94.86", "74.59"), "depthwise": ("3.06", "1.06"), "fully_connected": ("0.18", "24.33")}
    printed["standard"] = ("1.91", "0.02")  # printed as 1.19, its digits swapped
    for kind, cells in printed.items():
        assert (f"{float(100 * rows[kind].share):.2f}", f"{float(100 * rows[kind].parameter_share):.2f}") == cells
    assert rows["pool"].mult_adds == rows["pool"].parameters == 0
    assert sum(row.share for row in rows.values()) == sum(row.parameter_share for row in rows.values()) == 1


# Laws


@pytest.mark.parametrize("alpha", [1.0, 0.75, 0.5, 0.25])
def test_body_scales_by_rho_squared_at_multiples_of_32(alpha):
    body = cost.total(cost.table(mobilenet(alpha)[:-1])).mult_adds
    for resolution in range(32, 513, 32):
        thin = cost.total(cost.table(mobilenet(alpha, resolution)[:-1])).mult_adds
        assert Fraction(thin, body) == Fraction(resolution, 224) ** 2
    off = cost.total(cost.table(mobilenet(alpha, 100)[:-1])).mult_adds
    assert Fraction(off, body) != Fraction(100, 224) ** 2


@pytest.mark.parametrize("resolution", [224, 192, 160, 128])
def test_alpha_scales_pointwise_by_its_square_and_the_rest_by_itself(resolution):
    full = kinds(1.0, resolution)
    for alpha in (Fraction(3, 4), Fraction(1, 2), Fraction(1, 4)):
        thin = kinds(alpha, resolution)
        assert Fraction(thin["pointwise"], full["pointwise"]) == alpha**2
        assert Fraction(thin["depthwise"], full["depthwise"]) == alpha
        assert Fraction(thin["standard"], full["standard"]) == alpha
        assert Fraction(thin["fully_connected"], full["fully_connected"]) == alpha


# Tables


def test_a_row_says_all_of_its_layer():
    row = cost.table(mobilenet())[0]
    assert (row.name, row.kind, row.shape_in, row.kernel, row.stride, row.shape_out) == (
        "conv1", "standard", (224, 224, 3), (3, 3, 3, 32), 2, (112, 112, 32),
    )  # fmt: skip
    assert (row.mult_adds, row.parameters) == (10_838_016, 864)
    assert (row.activation_bytes, row.weight_bytes) == (112 * 112 * 32 * 4, 864 * 4)
    assert row.share == Fraction(10_838_016, 568_740_352)
    pool, fc = cost.table(mobilenet())[-2:]
    assert (pool.shape_in, pool.kernel, pool.shape_out, pool.mult_adds) == ((7, 7, 1024), (7, 7), (1024,), 0)
    assert (fc.shape_in, fc.kernel, fc.shape_out) == ((1024,), (1024, 1000), (1000,))


# Memory


def kib(*args, **how):
    return cost.peak_memory(mobilenet(*args), **how) / 1024


def test_peak_memory_by_hand():
    # conv_pw_1 reads 112 x 112 x 32 numbers and makes 112 x 112 x 64; of 0.25-128, 64 x 64 x 8 and 64 x 64 x 16
    assert kib(1.0, 224) == 112 * 112 * 96 / 1024 == 1176
    assert kib(0.25, 128) == 64 * 64 * 24 / 1024 == 96
    assert kib(0.25, 128, bytes_per_value=4) == 4 * 96
    rows = cost.table(mobilenet(0.25, 128))
    assert max(rows, key=lambda row: row.memory_bytes).name == "conv_pw_1"
    assert cost.total(rows).memory_bytes == 4 * 96 * 1024
    assert cost.by_kind(mobilenet(0.25, 128))["pointwise"].memory_bytes == 4 * 96 * 1024


def test_without_reuse_every_feature_map_has_memory_of_its_own():
    layers = mobilenet(0.25, 32, classes=10, blocks=[(64, 1)])
    maps = [32 * 32 * 3, 16 * 16 * 8, 16 * 16 * 8, 16 * 16 * 16, 16, 10]
    assert cost.peak_memory(layers, reuse=False) == sum(maps)
    assert cost.peak_memory(layers) == maps[2] + maps[3]  # conv_pw_1
    assert cost.peak_memory(()) == cost.peak_memory((), reuse=False) == 0
