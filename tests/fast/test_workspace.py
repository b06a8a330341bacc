"""The calls of a workspace make what they claim, in no more memory than it says."""

from __future__ import annotations

import numpy as np
import pytest
from counting_arrays import Number, Numbers, values

from npmobile import cost, mobilenet, weights
from npmobile.fast import workspace
from npmobile.fast.layout import Geometry
from npmobile.fast.plan import Plan
from npmobile.spec import Layer

SMALL = mobilenet(0.25, 32, 10, blocks=((16, 1), (32, 2), (24, 3)))


def layer(kind, D_K=1, stride=1, M=4, N=4, D_F=8, padding="same"):
    return Layer(kind, kind, D_K, stride, M, N, D_F, padding)


@pytest.mark.parametrize("layers", [SMALL, mobilenet(0.25, 32, 10, blocks=((16, 1), (32, 2)), separable=False)])
def test_each_call_multiplies_as_often_as_it_claims(layers):
    """Made once more, on counting copies of its own arguments."""
    plan = Plan(layers, weights.fold(weights.init(layers)))
    memory = plan.workspace()
    memory.run(np.random.default_rng(0).uniform(-1, 1, (1, 32, 32, 3)), np.empty((1, plan.convolutions[-1].layer.N)))
    for made_by, calls in memory.calls:
        claimed = [call for call in calls if call.mult_adds]
        for bound, mult_adds in claimed:
            Number.made, out = 0, bound.keywords["out"]
            arguments = [Numbers.of(a) if isinstance(a, np.ndarray) else a for a in bound.args]
            again = np.empty(out.shape, object)
            bound.func(*arguments, out=again)
            assert Number.made == mult_adds
            bound()
            np.testing.assert_allclose(values(again), out, rtol=1e-4, atol=1e-4)
        assert sum(call.mult_adds for call in claimed) == cost.mult_adds(made_by)


def test_calls_that_claim_nothing_do_not_multiply():
    plan = Plan(SMALL, weights.fold(weights.init(SMALL)))
    names = {
        getattr(call.bound.func, "__name__", "")
        for _, calls in plan.workspace().calls
        for call in calls
        if not call.mult_adds
    }
    assert names == {"fill", "copyto", "add", "bias_relu6", "write"}


@pytest.mark.parametrize(
    ("made_by", "following", "direct"),
    [
        # one phase: everything writes where it will be read
        (layer("depthwise", D_K=3), Geometry(8, 8), True),
        (layer("pointwise"), Geometry(8, 8, 3, 1, "same", split=True), True),
        (layer("depthwise", D_K=3), Geometry(8, 8, 3, 1, "same", split=True), True),
        (layer("pointwise"), Geometry(8, 8, 3, 2, "same"), True),  # standard: not split
        # two phases: a product makes one after the other, where the rows are of even length
        (layer("pointwise"), Geometry(8, 8, 3, 2, "same", split=True), True),
        (layer("standard", D_K=3), Geometry(8, 8, 3, 2, "same", split=True), True),
        (layer("pointwise", D_F=9), Geometry(9, 9, 3, 2, "same", split=True), False),
        (layer("depthwise", D_K=3), Geometry(8, 8, 3, 2, "same", split=True), False),
        # a kernel with more rows than the image has pixels
        (layer("pointwise", M=64), Geometry(8, 8, 3, 2, "same", split=True), True),
        (layer("pointwise", M=65), Geometry(8, 8, 3, 2, "same", split=True), False),
        # three columns of four are in no phase: the product must be made all the same
        (layer("pointwise"), Geometry(8, 8, 1, 4, "valid", split=True), False),
        (layer("pointwise"), Geometry(8, 8, 3, 4, "valid", split=True), False),
        (layer("pointwise"), Geometry(8, 8, 4, 4, "valid", split=True), True),
        # zeros at the sides part the rows
        (layer("pointwise"), Geometry(8, 8, 3, 1, "same", split=True, sides=True), False),
        (layer("pointwise"), Geometry(8, 8, 3, 1, "valid", split=True, sides=True), True),
    ],
)
def test_who_writes_where_the_next_one_reads(made_by, following, direct):
    assert workspace.writes_directly(made_by, following) == direct


def test_where_rows_of_zeros_part_the_images_nobody_writes_directly():
    assert not workspace.writes_directly(layer("pointwise"), Geometry(8, 8, 3, 1, "same", split=True), B=2)
    assert workspace.writes_directly(layer("depthwise", D_K=3), Geometry(8, 8), B=2)


def test_memory_by_hand():
    layers = (layer("standard", D_K=3, M=2, N=4, D_F=6), layer("depthwise", D_K=3, stride=2, D_F=6))
    prepared = [workspace.prepare(l, weights.fold(weights.init(layers))[l.name]) for l in layers]
    # read by the first: 6 x 6 pixels, a row above and below, a pixel before and after, 2 channels: 100;
    # by the second: 6 x 6 pixels, a row below, a pixel after (its zeros are at the bottom and right), 4 channels: 172;
    # beside them the im2col matrix, 36 windows of 18 numbers
    assert workspace.sizes(prepared) == (172, 36 * 18)
    # the sum of a phase, 3 x 3 pixels of 4 channels
    assert workspace.sizes(prepared[1:]) == (172, 36)
    # a pointwise layer needs nothing beside its input, 64 pixels of 2 channels, and its output, of 3
    pointwise = layer("pointwise", M=2, N=3)
    arrays = weights.fold(weights.init([pointwise]))["pointwise"]
    assert workspace.sizes([workspace.prepare(pointwise, arrays)]) == (64 * 3, 0)
    # zeros at the sides: 8 x 8 pixels of 2 channels, which are fewer
    assert workspace.sizes([workspace.with_sides(prepared[0]), prepared[1]]) == (172, 36 * 18)
    assert workspace.sizes([workspace.with_sides(prepared[0])]) == (144, 36 * 18)  # its output, 6 x 6 of 4 channels


def test_the_last_layers_begin_at_the_first_product_with_few_pixels():
    assert [prepared(n).layer.name for n in (224, 160, 96)] == ["conv_pw_12", "conv_pw_12", "conv_pw_6"]


def prepared(resolution):
    layers = mobilenet(0.25, resolution)[:-2]
    folded = weights.fold(weights.init(layers))
    return workspace.last_layers([workspace.prepare(l, folded[l.name]) for l in layers])[0]


def test_memory_of_several_images_by_hand():
    layers = (layer("standard", D_K=3, M=2, N=4, D_F=6), layer("depthwise", D_K=3, stride=2, D_F=6))
    prepared = [workspace.prepare(l, weights.fold(weights.init(layers))[l.name]) for l in layers]
    assert workspace.sizes(prepared, B=3) == (3 * 172, 3 * 36 * 18)  # see the test before


def prepared_kernel(given, D_F):
    M, N = given.shape
    pointwise, bias = layer("pointwise", M=M, N=N, D_F=D_F), np.zeros(N, np.float32)
    prepared = workspace.prepare(pointwise, {"kernel": given, "bias": bias})
    assert np.array_equal(prepared.kernel, given)
    return prepared.kernel


def test_rows_of_a_kernel_are_spaced_where_the_output_is_smaller():
    spaced, plain = (4 * (512 + 16), 4), (4 * 512, 4)
    kernel = np.ones((3, 512), np.float32)
    assert prepared_kernel(kernel, D_F=22).strides == spaced  # 484 pixels
    assert prepared_kernel(kernel, D_F=23).strides == plain  # 529
    assert prepared_kernel(np.ones((3, 500), np.float32), D_F=8).strides == (4 * 500, 4)


def test_only_what_nobody_can_write_is_kept():
    kernel = np.ones((3, 4), np.float32)
    assert not np.shares_memory(prepared_kernel(kernel, D_F=8), kernel)
    view = kernel[:]
    view.flags.writeable = False
    assert not np.shares_memory(prepared_kernel(view, D_F=8), kernel)
    kernel.flags.writeable = False
    assert np.shares_memory(prepared_kernel(kernel, D_F=8), kernel)
