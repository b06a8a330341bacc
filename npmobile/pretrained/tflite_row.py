"""One layer of a `.tflite` file: its arrays as the file has them, as floats, and as integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..integers import IntegerLayer, Quantisation
from ..spec import Layer
from .tflite_graph import Tensor


@dataclass
class Row:
    """One layer of the chain, with what the file says of it. The kernel is in our order of axes."""

    layer: Layer
    x: Tensor
    y: Tensor
    kernel: np.ndarray | None = None
    w: Tensor | None = None
    bias: np.ndarray | None = None
    b: Tensor | None = None
    rescales: bool = False

    def floats(self) -> dict[str, np.ndarray]:
        """Kernel and bias in float32, dequantised where they are integers."""
        assert self.kernel is not None and self.w is not None
        kernel, bias = self.kernel, np.zeros(self.layer.N) if self.bias is None else self.bias
        if kernel.dtype in (np.uint8, np.int8):
            kernel = quantisation(self.w).dequantise(kernel)
        with np.errstate(over="ignore"):  # of a damaged scale; the numbers are checked below
            bias = bias * _unit(self) if bias.dtype == np.int32 else bias
            arrays = {"kernel": kernel.astype(np.float32), "bias": bias.astype(np.float32)}
        for name, array in arrays.items():
            if not np.isfinite(array).all():
                raise ValueError(f"{self.layer.name}/{name} holds NaN or infinity")
        return arrays

    def integers(self) -> IntegerLayer:
        x, y = quantisation(self.x), quantisation(self.y)
        if self.kernel is None or self.w is None:
            return IntegerLayer(self.layer, x, y, rescales=self.rescales)
        bias = np.zeros(self.layer.N, np.int32) if self.bias is None else self.bias
        if self.b is not None:
            unit = _unit(self)
            if self.b.scale is None or not np.allclose(self.b.scale, unit, rtol=1e-3, atol=0):
                raise ValueError(f"the bias of layer {self.layer.name} is not in units of scale_x * scale_w")
        return IntegerLayer(self.layer, x, y, self.kernel, quantisation(self.w), bias)


def quantisation(tensor: Tensor) -> Quantisation:
    """How a tensor's integers are to be read."""
    if tensor.scale is None or tensor.zero is None:
        raise ValueError(
            f"tensor {tensor.name} is {tensor.dtype} without a scale: the network is not quantised throughout"
        )
    if (tensor.zero != tensor.zero[0]).any():
        raise ValueError(f"tensor {tensor.name} has several zero points")
    scale = tensor.scale[0] if len(tensor.scale) == 1 else tensor.scale
    return Quantisation(scale, int(tensor.zero[0]), tensor.dtype)


def _unit(row: Row) -> np.ndarray:
    """What one step of the bias is worth: scale_x * scale_w, (1,) or (N,)."""
    if row.w is None or row.x.scale is None or row.w.scale is None:
        raise ValueError(f"layer {row.layer.name} has an integer bias, but no scales")
    return row.x.scale.astype(np.float64) * row.w.scale.astype(np.float64)


def check_activation(activation: str, layer: Layer, y: Tensor) -> None:
    """Refuse a convolution without ReLU6, and a classifier with it.

    In 8 bits the activation is where y is cut off, and two activations may be the same: if the 256 integers reach from
    0 to 6 and no further, nothing has to be cut off.
    """
    wanted = "none" if layer.kind == "fully_connected" else "RELU6"
    if activation == wanted:
        return
    if y.scale is not None and wanted == "RELU6" and activation in ("none", "RELU"):
        reading = quantisation(y)
        low, high = reading.quantise(np.array([0, 6], np.float32))
        if high == reading.high and (low == reading.low or activation == "RELU"):
            return
    raise ValueError(f"layer {layer.name} has the activation {activation}, and MobileNet v1 has {wanted}")
