"""The counts that this package claims, counted: `loops`, `conv`, `fast`, the network, and a plan call by call."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npmobile import conv, cost, fast, loops, mobilenet, network, ops, weights
from npmobile.counting import count
from npmobile.fast import kernels as fast_kernels
from npmobile.fast.plan import Plan

from ..networks import LAYERS, images, trained

every = pytest.mark.parametrize("kernels", [loops, conv, fast], ids=["loops", "conv", "fast"])


@st.composite
def convolutions(draw):
    """Random arrays and geometry: x, kernel (D_K, D_K, M, N), stride, padding."""
    padding = draw(st.sampled_from(["same", "symmetric", "valid", "keras"]))
    D_K, stride = (
        (3, draw(st.integers(1, 2))) if padding == "keras" else (draw(st.integers(1, 4)), draw(st.integers(1, 3)))
    )
    smallest = D_K if padding in ("valid", "keras") else 1
    B, H, W = draw(st.integers(0, 2)), draw(st.integers(smallest, 6)), draw(st.integers(smallest, 6))
    M, N = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    x, kernel = (rng.normal(size=size).astype(dtype) for size in [(B, H, W, M), (D_K, D_K, M, N)])
    return x, kernel, stride, padding


@every
@settings(max_examples=40, deadline=None)
@given(problem=convolutions())
def test_kernels_multiply_as_often_as_they_claim(kernels, problem):
    x, kernel, stride, padding = problem
    calls = [
        (kernels.standard_conv, kernel, (stride, padding)),
        (kernels.depthwise_conv, kernel[..., 0], (stride, padding)),
        (kernels.pointwise_conv, kernel[0, 0], ()),
    ]
    for function, k, how in calls:
        y, claimed = function(x, k, *how)
        counted = count(function, x, k, *how)
        assert (counted.multiplications, counted.result[1]) == (claimed, claimed)
        assert counted.complete or not x.size
        np.testing.assert_allclose(counted.result[0], y, rtol=1e-4, atol=1e-4)
        assert counted.additions >= claimed - y.size  # each sum of n products takes n - 1 additions, or n from 0
        if kernels is not fast:  # which adds up the sums of its phases as well
            assert counted.additions <= claimed


@every
def test_the_worked_example_is_counted_four_ways(kernels):
    x, kernel = np.ones((1, 32, 32, 3), np.float32), np.ones((3, 3, 3, 64), np.float32)
    assert count(kernels.depthwise_conv, x, kernel[..., 0]).multiplications == cost.depthwise(3, 3, 32) == 27_648
    assert count(kernels.pointwise_conv, x, kernel[0, 0]).multiplications == cost.pointwise(3, 64, 32) == 196_608
    if kernels is not loops:  # some seconds
        assert count(kernels.standard_conv, x, kernel).multiplications == cost.standard(3, 3, 64, 32) == 1_769_472


def test_a_separable_convolution():
    x, depthwise, pointwise = np.ones((1, 8, 8, 3)), np.ones((3, 3, 3)), np.ones((3, 4))
    counted = count(conv.separable_conv, x, depthwise, pointwise)
    assert counted.multiplications == counted.result[1] == 8 * 8 * 3 * 9 + 8 * 8 * 3 * 4
    assert count(conv.im2col, x, 3).operations == {}


def test_operations_between_convolutions_by_hand():
    x, channel = np.arange(8.0).reshape(1, 2, 2, 2), np.array([1.0, 2.0])
    counted = count(ops.batch_norm, x, channel, channel, channel, channel)
    # for each number a difference, a quotient, a product and a sum; for each channel a sum and a root
    assert counted.operations == {"subtract": 8, "divide": 8, "multiply": 8, "add": 8 + 2, "sqrt": 2}
    assert count(ops.relu6, x).operations == {"maximum": 8, "minimum": 8}
    assert count(ops.global_average_pool, x).operations == {"add": 2 * 3, "divide": 2}
    counted = count(ops.fully_connected, x[0, 0], np.ones((2, 5)), np.ones(5))
    assert counted.multiplications == counted.result[1] == 2 * 2 * 5
    assert count(ops.softmax, x[0, 0]).operations == {"maximum": 2, "subtract": 4, "exp": 4, "add": 2, "divide": 4}


def test_a_whole_network_folded():
    layers = mobilenet(alpha=0.25, resolution=32, classes=10)
    counted = count(network.forward, images(1), layers, weights.fold(trained(layers)))
    assert counted.complete
    assert counted.multiplications == cost.total(cost.table(layers)).mult_adds == 834_688
    assert [step.mult_adds for step in counted.result] == [row.mult_adds for row in cost.table(layers)]
    y = network.predict(images(1), layers, trained(layers))
    np.testing.assert_allclose(ops.softmax(counted.result[-1].y), y, rtol=1e-4, atol=1e-6)


def test_a_batch_norm_multiplies_each_number_that_it_scales():
    w = trained()
    counted = count(network.forward, images(1), LAYERS, w, eps=1e-3)
    scaled = sum(layer.D_G**2 * layer.N for layer in LAYERS if layer.kind in ("standard", "depthwise", "pointwise"))
    assert counted.complete
    assert counted.multiplications == cost.total(cost.table(LAYERS)).mult_adds + scaled


@pytest.mark.parametrize(("resolution", "padding"), [(32, "same"), (37, "symmetric"), (37, "keras")])
def test_every_call_of_a_plan_multiplies_as_often_as_it_claims(resolution, padding, monkeypatch):
    monkeypatch.setitem(fast_kernels.BOUNDS, np.dtype(object), (0, 6))
    layers = mobilenet(alpha=0.25, resolution=resolution, classes=10, padding=padding)
    plan = Plan(layers, weights.fold(trained(layers)))
    plan.run(images(1, resolution))
    claimed = 0
    for layer, calls in plan.workspace().calls:
        of_layer = 0
        for bound, mult_adds in calls:
            claimed += mult_adds
            if bound.func is np.copyto or getattr(bound.func, "__name__", "") == "fill":
                assert mult_adds == 0  # they move bytes
                continue
            counted = count(bound)
            assert counted.multiplications == mult_adds, (layer.name, bound.func)
            of_layer += counted.multiplications
        assert of_layer == cost.mult_adds(layer)
    assert claimed == sum(cost.mult_adds(layer) for layer in layers[:-2])
