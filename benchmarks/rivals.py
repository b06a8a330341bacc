"""The same folded weights in PyTorch, ONNX Runtime and LiteRT, to be timed beside npmobile.

All of them pad symmetrically (`Model(padding="symmetric")`), which every one of them does inside the convolution:
with TensorFlow's padding, PyTorch would have to copy the input of each layer of stride 2 first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnxruntime
import torch
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from npmobile import Layer, Model
from npmobile.integers import IntegerModel

sys.path.append(str(Path(__file__).parents[1] / "tests/pretrained"))
import tflite_files


def oihw(layer: Layer, kernel: np.ndarray) -> np.ndarray:
    """A kernel in the order of PyTorch and ONNX: (N, M, D_K, D_K), depthwise (M, 1, D_K, D_K)."""
    if layer.kind == "depthwise":
        kernel = kernel[:, :, np.newaxis]
    elif layer.kind == "pointwise":
        kernel = kernel[np.newaxis, np.newaxis]
    return np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))


class Convolution(nn.Module):
    """One layer with its padding, bias and ReLU6."""

    def __init__(self, layer: Layer, arrays: dict[str, np.ndarray]) -> None:
        super().__init__()
        groups = layer.M if layer.kind == "depthwise" else 1
        self.conv = nn.Conv2d(layer.M, layer.N, layer.D_K, layer.stride, layer.D_K // 2, groups=groups, bias=True)
        self.conv.weight.data = torch.from_numpy(oihw(layer, arrays["kernel"]))
        self.conv.bias.data = torch.from_numpy(arrays["bias"].copy())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.relu6(self.conv(x), inplace=True)


class Network(nn.Module):
    """The whole network, ending in softmax."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        *convolutions, _, last = model.layers
        self.body = nn.Sequential(*(Convolution(layer, model.folded[layer.name]) for layer in convolutions))
        self.fc = nn.Linear(last.M, last.N)
        self.fc.weight.data = torch.from_numpy(model.folded[last.name]["kernel"].T.copy())
        self.fc.bias.data = torch.from_numpy(model.folded[last.name]["bias"].copy())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.fc(self.body(x).mean(dim=(2, 3))), dim=1)


def pytorch(model: Model, x: np.ndarray) -> dict[str, Callable[[], np.ndarray]]:
    """PyTorch eager on images x, in both of its memory layouts."""

    def run(memory_format: torch.memory_format) -> Callable[[], np.ndarray]:
        network = Network(model).eval().to(memory_format=memory_format)
        tensor = torch.from_numpy(x.transpose(0, 3, 1, 2).copy()).contiguous(memory_format=memory_format)

        def call() -> np.ndarray:
            with torch.inference_mode():
                return network(tensor).numpy()

        return call

    return {
        "PyTorch eager, as it comes": run(torch.contiguous_format),
        "PyTorch eager, channels last": run(torch.channels_last),
    }


def onnx_bytes(model: Model) -> bytes:
    """The network as an ONNX file."""
    *convolutions, _, last = model.layers
    constants = {"zero": np.float32(0), "six": np.float32(6)}
    nodes, x = [], "x"
    for layer in convolutions:
        name, arrays = layer.name, model.folded[layer.name]
        constants |= {f"{name}/kernel": oihw(layer, arrays["kernel"]), f"{name}/bias": arrays["bias"]}
        how = {"strides": [layer.stride] * 2, "pads": [layer.D_K // 2] * 4}
        how["group"] = layer.M if layer.kind == "depthwise" else 1
        inputs = [x, f"{name}/kernel", f"{name}/bias"]
        nodes.append(helper.make_node("Conv", inputs, [f"{name}/y"], **how))
        x = f"{name}/relu6"
        nodes.append(helper.make_node("Clip", [f"{name}/y", "zero", "six"], [x]))
    constants |= {f"fc/{name}": array for name, array in model.folded[last.name].items()}
    nodes.append(helper.make_node("GlobalAveragePool", [x], ["pool"]))
    nodes.append(helper.make_node("Flatten", ["pool"], ["features"]))
    nodes.append(helper.make_node("Gemm", ["features", "fc/kernel", "fc/bias"], ["logits"]))
    nodes.append(helper.make_node("Softmax", ["logits"], ["y"]))
    D_F = model.layers[0].D_F
    ends = [("x", ["B", 3, D_F, D_F]), ("y", ["B", last.N])]
    x_info, y_info = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in ends)
    initializers = [numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "mobilenet", [x_info], [y_info], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def onnx_runtime(model: Model, x: np.ndarray, threads: int) -> Callable[[], np.ndarray]:
    """ONNX Runtime on images x."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(onnx_bytes(model), options, providers=["CPUExecutionProvider"])
    nchw = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    return lambda: session.run(None, {"x": nchw})[0]


def _litert(content: bytes, x: np.ndarray, delegate: bool) -> Callable[[], np.ndarray]:
    """LiteRT on one image and one thread: with XNNPACK as it comes, or on its own optimised kernels."""
    kind = OpResolverType.BUILTIN if delegate else OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = Interpreter(model_content=content, experimental_op_resolver_type=kind, num_threads=1)
    interpreter.allocate_tensors()
    entrance, exit = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]

    def call() -> np.ndarray:
        interpreter.set_tensor(entrance, x)
        interpreter.invoke()
        return interpreter.get_tensor(exit)

    return call


def litert(model: Model, x: np.ndarray) -> Callable[[], np.ndarray]:
    """LiteRT with XNNPACK on one image of floats."""
    # At stride 1 "same" pads as "symmetric" does, and a file of LiteRT needs no operator of its own for it.
    layers = [replace(layer, padding="same") if layer.stride == 1 else layer for layer in model.layers]
    content = tflite_files.file_of_floats(SimpleNamespace(layers=layers, folded=model.folded)).content()
    return _litert(content, x, delegate=True)


def litert_integers(model: IntegerModel, x: np.ndarray) -> dict[str, Callable[[], np.ndarray]]:
    """LiteRT on one image of 8-bit integers, with its own optimised kernels and with XNNPACK."""
    content = tflite_files.file_of_integers(model).content()
    return {
        "LiteRT, its own kernels": _litert(content, x, delegate=False),
        "LiteRT, XNNPACK": _litert(content, x, delegate=True),
    }


def depthwise_layer(x: np.ndarray, kernel: np.ndarray) -> Iterator[tuple[str, Callable[[], np.ndarray]]]:
    """One depthwise convolution of PyTorch at stride 1, in both layouts."""
    weight = torch.from_numpy(kernel.transpose(2, 0, 1)[:, np.newaxis].copy())
    for name, order in (("PyTorch", torch.contiguous_format), ("PyTorch, channels last", torch.channels_last)):
        tensor = torch.from_numpy(x.transpose(0, 3, 1, 2).copy()).contiguous(memory_format=order)
        laid_out = weight.contiguous(memory_format=order)

        def call(tensor: torch.Tensor = tensor, laid_out: torch.Tensor = laid_out) -> np.ndarray:
            with torch.inference_mode():
                y = nn.functional.conv2d(tensor, laid_out, padding=1, groups=len(laid_out))
            return y.numpy().transpose(0, 2, 3, 1)

        yield name, call
