"""The same arithmetic in PyTorch, and the node tests that ONNX publishes for every runtime."""

from __future__ import annotations

import importlib
import warnings

import numpy as np
import pytest

from npmobile import conv, fast, loops, ops

every = pytest.mark.parametrize("kernels", [loops, conv, fast], ids=["loops", "conv", "fast"])
CLOSE = {"rtol": 1e-4, "atol": 1e-5}


# PyTorch


def torch_conv(torch, x, kernel, stride, padding, groups=1):
    """Torch's conv2d on our layout, its zeros put where `padding` wants them."""
    D_K = kernel.shape[0]
    sides = [0, 0, 0, 0]  # left, right, top, bottom
    if padding == "symmetric":
        sides = [D_K // 2] * 4
    elif padding == "same":
        for axis, size in ((0, x.shape[2]), (2, x.shape[1])):
            zeros = max((int(np.ceil(size / stride)) - 1) * stride + D_K - size, 0)
            sides[axis : axis + 2] = zeros // 2, zeros - zeros // 2
    nchw = torch.nn.functional.pad(torch.from_numpy(x.transpose(0, 3, 1, 2).copy()), sides)
    oihw = torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy())
    return torch.nn.functional.conv2d(nchw, oihw, stride=stride, groups=groups).numpy().transpose(0, 2, 3, 1)


@every
@pytest.mark.parametrize("padding", ["same", "symmetric", "valid"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("D_K", [1, 2, 3, 5])
def test_convolutions_are_pytorchs(torch, kernels, D_K, stride, padding):
    rng = np.random.default_rng(D_K)
    for H, W in [(7, 6), (8, 8)]:
        x = rng.normal(size=(2, H, W, 3)).astype(np.float32)
        kernel = rng.normal(size=(D_K, D_K, 3, 4)).astype(np.float32)
        y, _ = kernels.standard_conv(x, kernel, stride, padding)
        np.testing.assert_allclose(y, torch_conv(torch, x, kernel, stride, padding), **CLOSE)
        depthwise = kernel[..., 0]
        y, _ = kernels.depthwise_conv(x, depthwise, stride, padding)
        expected = torch_conv(torch, x, depthwise[:, :, np.newaxis], stride, padding, groups=3)
        np.testing.assert_allclose(y, expected, **CLOSE)


@every
def test_same_at_stride_1_is_what_pytorch_calls_same(torch, kernels):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, 6, 7, 2)).astype(np.float32)
    for D_K in (2, 3, 4):
        kernel = rng.normal(size=(D_K, D_K, 2, 3)).astype(np.float32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch warns that an even kernel costs it a copy
            expected = torch.nn.functional.conv2d(
                torch.from_numpy(x.transpose(0, 3, 1, 2).copy()),
                torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy()),
                padding="same",
            )
        y, _ = kernels.standard_conv(x, kernel)
        np.testing.assert_allclose(y, expected.numpy().transpose(0, 2, 3, 1), **CLOSE)


def test_ops_are_pytorchs(torch):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 5, 4, 3)).astype(np.float32)
    gamma, beta, mean = rng.normal(size=(3, 3)).astype(np.float32)
    var = rng.uniform(0.1, 2, 3).astype(np.float32)
    tensor, functional = torch.from_numpy(x.transpose(0, 3, 1, 2).copy()), torch.nn.functional
    stats = [torch.from_numpy(array) for array in (mean, var, gamma, beta)]
    expected = functional.batch_norm(tensor, *stats, eps=1e-3).numpy().transpose(0, 2, 3, 1)
    np.testing.assert_allclose(ops.batch_norm(x, gamma, beta, mean, var), expected, **CLOSE)
    assert np.array_equal(ops.relu6(9 * x), functional.relu6(9 * torch.from_numpy(x)).numpy())
    np.testing.assert_allclose(ops.global_average_pool(x), tensor.mean(dim=(2, 3)).numpy(), **CLOSE)
    logits = 50 * x[:, 0, 0]
    np.testing.assert_allclose(ops.softmax(logits), functional.softmax(torch.from_numpy(logits), 1).numpy(), **CLOSE)
    kernel, bias = rng.normal(size=(3, 4)).astype(np.float32), rng.normal(size=4).astype(np.float32)
    expected = functional.linear(torch.from_numpy(logits), torch.from_numpy(kernel.T.copy()), torch.from_numpy(bias))
    np.testing.assert_allclose(ops.fully_connected(logits, kernel, bias)[0], expected.numpy(), rtol=1e-4, atol=1e-4)


# ONNX: (x, expected) and attributes come from the node tests of the standard itself

ONNX_NODE_TESTS = {
    "conv": [
        "test_basic_conv_with_padding",
        "test_basic_conv_without_padding",
        "test_conv_with_strides_padding",
        "test_conv_with_strides_no_padding",
        "test_conv_with_strides_and_asymmetric_padding",
        "test_conv_with_autopad_same",
    ],
    "batch_normalization": ["test_batchnorm_example", "test_batchnorm_epsilon"],
    "globalaveragepool": ["test_globalaveragepool", "test_globalaveragepool_precomputed"],
    "softmax": [
        "test_softmax_example",
        "test_softmax_large_number",
        "test_softmax_axis_0",
        "test_softmax_axis_1",
        "test_softmax_axis_2",
        "test_softmax_negative_axis",
        "test_softmax_default_axis",
    ],
}


@pytest.fixture(scope="module")
def node_tests():
    """Name -> (attributes, inputs, outputs) of ONNX's node tests for the four operators that we have."""
    pytest.importorskip("onnx", reason="onnx is not installed (pip install 'npmobile[frameworks]')")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in ONNX_NODE_TESTS:
            importlib.import_module(f"onnx.backend.test.case.node.{module}")
        from onnx.backend.test.case.node import _NodeTestCases
        from onnx.helper import get_attribute_value

        found = {}
        for case in _NodeTestCases:
            (node, *others) = case.model.graph.node
            if not others:
                attributes = {a.name: get_attribute_value(a) for a in node.attribute}
                found[case.name] = (node.op_type, attributes, *case.data_sets[0])
    return found


def test_no_node_test_that_applies_is_left_out(node_tests):
    ours = {name for names in ONNX_NODE_TESTS.values() for name in names}
    for name, (op_type, attributes, _, _) in node_tests.items():
        if op_type in ("Conv", "BatchNormalization", "GlobalAveragePool", "Softmax"):
            assert name in ours or attributes.get("training_mode"), name


@pytest.mark.parametrize("name", ONNX_NODE_TESTS["conv"])
@every
def test_onnx_conv(node_tests, kernels, name):
    _, attributes, (x, W), (expected,) = node_tests[name]
    pads, stride = list(attributes.get("pads", [0, 0, 0, 0])), attributes.get("strides", [1, 1])[0]
    x, kernel = x.transpose(0, 2, 3, 1), W.transpose(2, 3, 1, 0)
    if "auto_pad" in attributes:
        padding = "same"
    elif pads == [1, 1, 1, 1]:
        padding = "symmetric"
    else:  # none, or one that has no name here
        padding = "valid"
        x = np.pad(x, ((0, 0), (pads[0], pads[2]), (pads[1], pads[3]), (0, 0)))
    y, mult_adds = kernels.standard_conv(x, kernel, stride, padding)
    np.testing.assert_allclose(y, expected.transpose(0, 2, 3, 1), rtol=1e-5)
    assert mult_adds == expected.size * 9


@pytest.mark.parametrize("name", ONNX_NODE_TESTS["batch_normalization"])
def test_onnx_batch_norm(node_tests, name):
    _, attributes, (x, scale, bias, mean, var), (expected,) = node_tests[name]
    y = ops.batch_norm(x.transpose(0, 2, 3, 1), scale, bias, mean, var, attributes.get("epsilon", 1e-5))
    np.testing.assert_allclose(y, expected.transpose(0, 2, 3, 1), **CLOSE)


@pytest.mark.parametrize("name", ONNX_NODE_TESTS["globalaveragepool"])
def test_onnx_global_average_pool(node_tests, name):
    _, _, (x,), (expected,) = node_tests[name]
    np.testing.assert_allclose(ops.global_average_pool(x.transpose(0, 2, 3, 1)), expected[:, :, 0, 0], **CLOSE)


@pytest.mark.parametrize("name", ONNX_NODE_TESTS["softmax"])
def test_onnx_softmax(node_tests, name):
    _, attributes, (x,), (expected,) = node_tests[name]
    axis = attributes.get("axis", -1)
    y = ops.softmax(np.moveaxis(x, axis, -1))
    np.testing.assert_allclose(np.moveaxis(y, -1, axis), expected, rtol=1e-5)
