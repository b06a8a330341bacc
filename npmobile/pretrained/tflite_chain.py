"""The layers in the graph of a `.tflite` file.

Batch norm is folded into kernels and biases already. The graph is read as one chain: convolutions with ReLU6, perhaps
a pool, perhaps a classifier (a 1 x 1 convolution without ReLU6), perhaps softmax. QUANTIZE and DEQUANTIZE may stand at
its ends. What else is in it only computes shapes, and a graph that is no such chain is refused: the first operator
that does not fit is named.

Kernels turn from TFLite's order of axes to ours:

                    TFLite                  ours
    standard        (N, D_K, D_K, M)        (D_K, D_K, M, N)
    depthwise       (1, D_K, D_K, M)        (D_K, D_K, M)
    pointwise       (N, 1, 1, M)            (M, N)
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from ..files import one_line
from ..spec import Layer
from .tflite_graph import ACTIVATIONS, PADDINGS, Graph, Operator, Refused, Tensor
from .tflite_row import Row, check_activation, quantisation

# zeros before and after each axis, written as PAD with a VALID convolution behind it -> our name of that padding
PAD = {((0, 0), (0, 1), (0, 1), (0, 0)): "keras", ((0, 0), (1, 1), (1, 1), (0, 0)): "symmetric"}
KERNELS = (np.float32, np.uint8, np.int8)
BIASES = (np.float32, np.int32)


class Chain:
    """The layers of a file, in the order in which they run.

    Parameters
    ----------
    path : path

    Raises
    ------
    ValueError, ImportError, OSError
        As `Graph`; and ValueError if the graph is no chain of layers.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = path
        self._graph = graph = Graph(path)
        self.rows: list[Row] = []
        self.softmax: Tensor | None = None  # what it makes
        self.input, self.output = graph.tensors[graph.input], graph.tensors[graph.output]
        self._made = graph.input  # index of the tensor that the operator before has made
        self._last = ""  # QUANTIZE or DEQUANTIZE behind the layers: nothing may follow
        self._padding, self._unpadded = "", 0  # of a PAD that waits for its convolution, and the side before it
        self._known = {index: tensor.data for index, tensor in graph.tensors.items() if tensor.data is not None}
        for operator in graph.operators:
            with self.named(f"{operator.kind} {graph.tensors[operator.output].name}: "):
                if not self._fold(operator):
                    self._follow(operator)
        with self.named():
            if self._made != graph.output or not self.rows or self._padding:
                raise ValueError("its graph does not end with what its last operator makes")

    @contextmanager
    def named(self, what: str = "") -> Iterator[None]:
        """Turn a refusal into one that names the file, and what in it does not fit."""
        try:
            yield
        except (ValueError, TypeError) as error:
            text = one_line(f"{what}{error}", 450)
            raise Refused(f"{one_line(self._path)} is no MobileNet v1 that can be read: {text}") from error

    def _tensor(self, index: int) -> Tensor:
        if index not in self._graph.tensors:
            raise ValueError(f"there is no tensor {index}")
        return self._graph.tensors[index]

    def _fold(self, operator: Operator) -> bool:
        """Compute what depends on no image: the shape for RESHAPE, and weights that are stored in float16."""
        known = [self._known[index] for index in operator.inputs if index in self._known]
        kind, options = operator.kind, operator.options
        if kind == "SHAPE":
            result = np.array(self._tensor(operator.inputs[0]).shape, np.int32)
        elif len(known) < len(operator.inputs):
            return False
        elif kind == "DEQUANTIZE" and known[0].dtype == np.float16:
            result = known[0].astype(np.float32)
        elif kind == "STRIDED_SLICE" and len(known) == 4:
            if any(options[name] for name in ("BeginMask", "EndMask", "EllipsisMask", "NewAxisMask")):
                raise ValueError("it takes more than one number of a shape")
            values, begin, end, step = (array.ravel() for array in known)
            result = values[int(begin[0]) : int(end[0]) : int(step[0])]
        elif kind == "PACK":
            result = np.array([int(array.ravel()[0]) for array in known], np.int32)
        else:
            return False
        output = self._tensor(operator.output)
        if result.size != math.prod(output.shape) or result.dtype != output.dtype:
            raise ValueError(
                f"it makes {result.size:,} numbers of {result.dtype}, not {output.shape} of {output.dtype}"
            )
        self._known[operator.output] = result.reshape(output.shape)
        return True

    def _follow(self, operator: Operator) -> None:
        """One more operator of the chain."""
        if operator.inputs[0] != self._made:
            raise ValueError("it does not take what the operator before makes")
        if self._last:
            raise ValueError(f"it stands behind {self._last}")
        if self._padding and "CONV" not in operator.kind:
            raise ValueError("there is no convolution behind PAD")
        x, y = self._tensor(operator.inputs[0]), self._tensor(operator.output)
        if operator.kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            self._convolution(operator, x, y)
        elif operator.kind in ("AVERAGE_POOL_2D", "MEAN"):
            self._pool(operator, x, y)
        elif operator.kind == "PAD":
            self._pad(operator, x, y)
        elif operator.kind in ("RESHAPE", "SQUEEZE"):
            self._reshape(operator, x, y)
        elif operator.kind == "SOFTMAX":
            self._softmax(operator, x, y)
        elif operator.kind in ("QUANTIZE", "DEQUANTIZE"):
            self._last = operator.kind if self.rows else ""
            if x.shape != y.shape:
                raise ValueError(f"it makes {y.shape} of {x.shape}")
        else:
            raise ValueError("it depends on the image")
        self._made = operator.output

    def _convolution(self, operator: Operator, x: Tensor, y: Tensor) -> None:
        options, depthwise = operator.options, operator.kind == "DEPTHWISE_CONV_2D"
        kernel, bias, w, b = self._arrays(operator)
        if len(x.shape) != 4 or x.shape[1] != x.shape[2] or kernel.ndim != 4 or kernel.shape[1] != kernel.shape[2]:
            raise ValueError(f"the image is {x.shape} and the kernel {kernel.shape}, which are not square")
        strides = [options["StrideW"], options["StrideH"]]
        dilations = [options["DilationWFactor"], options["DilationHFactor"]]
        if strides[0] != strides[1] or dilations != [1, 1]:
            raise ValueError(f"its strides are {strides} and its dilations {dilations}")
        D_F, M, D_K = self._unpadded or x.shape[1], x.shape[3], kernel.shape[1]
        N, kernel_M = (kernel.shape[3], kernel.shape[0] * M) if depthwise else (kernel.shape[0], kernel.shape[3])
        if kernel_M != M or (depthwise and N != M * options["DepthMultiplier"]):
            raise ValueError(f"the image is {x.shape} and the kernel {kernel.shape}: their channels do not fit")
        name, kind = self._place(depthwise, D_F, D_K, M, N)
        padding = "same" if kind in ("pointwise", "fully_connected") else self._padding_of(options["Padding"])
        layer = Layer(name, kind, D_K, int(strides[0]), M, N, D_F, padding)
        self._padding, self._unpadded = "", 0
        if y.shape != (x.shape[0], layer.D_G, layer.D_G, N):
            raise ValueError(f"it makes {y.shape}, not {(x.shape[0], layer.D_G, layer.D_G, N)}")
        axis = 3 if depthwise else 0
        if w.scale is not None and len(w.scale) > 1 and w.axis != axis:
            raise ValueError(f"its scales belong to axis {w.axis}, not {axis}")
        check_activation(ACTIVATIONS.get(options["FusedActivationFunction"], "unknown"), layer, y)
        turned = kernel.transpose(1, 2, 0, 3) if depthwise else kernel.transpose(1, 2, 3, 0)  # (D_K, D_K, M, N)
        shape = {"standard": (D_K, D_K, M, N), "depthwise": (D_K, D_K, N)}.get(kind, (M, N))
        self.rows.append(Row(layer, x, y, np.ascontiguousarray(turned).reshape(shape), w, bias, b))

    def _arrays(self, operator: Operator) -> tuple[np.ndarray, np.ndarray | None, Tensor, Tensor | None]:
        """Kernel and bias as they stand in the file, and their tensors; a bias may be left out."""
        index, bias_index = (*operator.inputs[1:3], -1, -1)[:2]
        kernel, bias = self._known.get(index), self._known.get(bias_index)
        if kernel is None or (bias is None and bias_index != -1):
            raise ValueError("its kernel or bias is not in the file")
        if kernel.dtype not in KERNELS or (bias is not None and bias.dtype not in BIASES):
            raise ValueError(f"its kernel is {kernel.dtype} and its bias {None if bias is None else bias.dtype}")
        return kernel, bias, self._tensor(index), None if bias is None else self._tensor(bias_index)

    def _place(self, depthwise: bool, D_F: int, D_K: int, M: int, N: int) -> tuple[str, str]:
        """Name and kind of the next convolution."""
        before = self.rows[-1].layer.kind if self.rows else ""
        blocks = sum(row.layer.kind in ("standard", "depthwise") for row in self.rows[1:])
        if before == "fully_connected":
            raise ValueError("it stands behind the classifier")
        if not depthwise and D_K == 1 and (before == "pool" or (not before and D_F == 1)):
            return "fc", "fully_connected"
        if before == "pool":
            raise ValueError("it stands behind the pool")
        if not before and (not depthwise or M == 1):  # depthwise on one channel, with a multiplier of N: M = 1
            return "conv1", "standard"
        if depthwise and before and M == N:
            return f"conv_dw_{blocks + 1}", "depthwise"
        if not depthwise and D_K == 1 and before == "depthwise":
            return f"conv_pw_{blocks}", "pointwise"
        if not depthwise and D_K > 1 and before != "depthwise":
            return f"conv_full_{blocks + 1}", "standard"
        raise ValueError(f"{N:,} channels of {M:,} with a {D_K} x {D_K} kernel behind {before or 'the image'}")

    def _padding_of(self, number: int) -> str:
        padding = PADDINGS.get(number, "unknown").lower()
        if self._padding and padding != "valid":
            raise ValueError("it pads once more what PAD has padded")
        return self._padding or padding

    def _pad(self, operator: Operator, x: Tensor, y: Tensor) -> None:
        """Keras pads by an operator of its own where the side is odd; the convolution behind it is then VALID."""
        zeros = self._known.get(operator.inputs[-1])
        pairs = tuple(map(tuple, zeros.tolist())) if zeros is not None and zeros.shape == (4, 2) else ()
        if pairs not in PAD:
            raise ValueError(f"it pads by {pairs}")
        self._padding, self._unpadded = PAD[pairs], x.shape[1]
        wanted = tuple(side + before + after for side, (before, after) in zip(x.shape, pairs))
        if y.shape != wanted:
            raise ValueError(f"it makes {y.shape}, not {wanted}")

    def _pool(self, operator: Operator, x: Tensor, y: Tensor) -> None:
        if len(x.shape) != 4 or x.shape[1] != x.shape[2] or not self.rows:
            raise ValueError(f"it averages {x.shape}, which is no image with a layer before it")
        D_F, M = x.shape[1], x.shape[3]
        mean = operator.kind == "MEAN"
        if mean:
            axes = self._known.get(operator.inputs[-1])
            whole = axes is not None and sorted((axes.ravel() % 4).tolist()) == [1, 2]
        else:
            window = (operator.options["FilterWidth"], operator.options["FilterHeight"])
            whole = window == (D_F, D_F) and PADDINGS.get(operator.options["Padding"]) == "VALID"
            whole = whole and operator.options["FusedActivationFunction"] == 0
        if not whole or y.shape not in ((x.shape[0], 1, 1, M), (x.shape[0], M)):
            raise ValueError("it does not average each channel over the whole image")
        self.rows.append(Row(Layer("pool", "pool", D_F, 1, M, M, D_F), x, y, rescales=mean))

    def _reshape(self, operator: Operator, x: Tensor, y: Tensor) -> None:
        if not self.rows or self.rows[-1].layer.kind not in ("pool", "fully_connected"):
            raise ValueError("it stands before the pool")
        target = self._known.get(operator.inputs[1]) if len(operator.inputs) > 1 else np.array(y.shape)
        if target is None or target.size != len(y.shape):
            raise ValueError("its shape is not in the file")
        fits = all(wanted in (-1, made) for wanted, made in zip(target.ravel().tolist(), y.shape))
        if not fits or y.shape[0] != x.shape[0] or math.prod(y.shape) != math.prod(x.shape):
            raise ValueError(f"it makes {y.shape} of {x.shape}")
        if x.scale is not None and not quantisation(x).same_as(quantisation(y)):
            raise ValueError("it changes the scale")

    def _softmax(self, operator: Operator, x: Tensor, y: Tensor) -> None:
        if not self.rows or self.rows[-1].layer.kind != "fully_connected" or self.softmax is not None:
            raise ValueError("it does not stand behind the classifier")
        if operator.options["Beta"] != 1 or x.shape != y.shape or x.shape[-1] != self.rows[-1].layer.N:
            raise ValueError(f"it makes {y.shape} of {x.shape}, with beta {operator.options['Beta']}")
        self.softmax = y
