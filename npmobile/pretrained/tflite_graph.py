"""What a `.tflite` file holds: its operators in order, and the arrays that they read.

A `.tflite` file is a FlatBuffer: tables with offsets to other tables. The library `tflite` knows the tables; here
everything that a damaged or foreign file could say is checked before it is believed. No array is copied: each is a
view of the file's bytes.
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..files import listed, one_line
from .contents import needs

MOST = 1000  # operators: a MobileNet v1 has some forty
DTYPES = {0: np.float32, 1: np.float16, 2: np.int32, 3: np.uint8, 9: np.int8}  # TensorType
PADDINGS = {0: "SAME", 1: "VALID"}
ACTIVATIONS = {0: "none", 1: "RELU", 2: "RELU_N1_TO_1", 3: "RELU6", 4: "TANH", 5: "SIGN_BIT"}

_WINDOW = ("Padding", "StrideW", "StrideH", "FusedActivationFunction")
_DILATION = ("DilationWFactor", "DilationHFactor")
_MASKS = ("BeginMask", "EndMask", "EllipsisMask", "NewAxisMask", "ShrinkAxisMask")
# operator -> the table of its options, and those that are read
OPERATORS: dict[str, tuple[str, tuple[str, ...]]] = {
    "CONV_2D": ("Conv2DOptions", _WINDOW + _DILATION),
    "DEPTHWISE_CONV_2D": ("DepthwiseConv2DOptions", (*_WINDOW, *_DILATION, "DepthMultiplier")),
    "AVERAGE_POOL_2D": ("Pool2DOptions", (*_WINDOW, "FilterWidth", "FilterHeight")),
    "MEAN": ("ReducerOptions", ("KeepDims",)),
    "SOFTMAX": ("SoftmaxOptions", ("Beta",)),
    "STRIDED_SLICE": ("StridedSliceOptions", _MASKS),
    "PACK": ("PackOptions", ("Axis",)),
    "PAD": ("", ()),
    "RESHAPE": ("", ()),
    "SQUEEZE": ("", ()),
    "SHAPE": ("", ()),
    "QUANTIZE": ("", ()),
    "DEQUANTIZE": ("", ()),
}


class Refused(ValueError):
    """What is said of a whole file that is not taken."""


@contextmanager
def reading(path: object) -> Iterator[None]:
    """Turn whatever a damaged file makes the library raise into one line that names the file."""
    try:
        yield
    except MemoryError:
        raise
    except Refused as error:
        raise Refused(f"{one_line(path)} is no MobileNet v1 that can be read: {one_line(error, 450)}") from error
    except struct.error as error:
        raise ValueError(f"{one_line(path)} is not a whole TFLite file: it points to what is not in it") from error
    except Exception as error:
        raise ValueError(f"{one_line(path)} is not a whole TFLite file: {one_line(error, 450)}") from error


@dataclass(frozen=True)
class Tensor:
    """An array of the graph: constant, with its numbers in the file, or made when the network runs (data is None)."""

    index: int
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    data: np.ndarray | None
    scale: np.ndarray | None  # (1,) or (N,) float32
    zero: np.ndarray | None  # of the same length
    axis: int  # of the channels, where there is a scale for each


@dataclass(frozen=True)
class Operator:
    """One operator: what it is, the indices of the tensors that it reads (-1: left out) and makes, its options."""

    kind: str
    inputs: tuple[int, ...]
    output: int
    options: dict[str, Any]


class Graph:
    """The graph of a `.tflite` file: its operators in the order in which they run, and the tensors that they name.

    Parameters
    ----------
    path : path

    Raises
    ------
    ValueError
        If the file is damaged, or has an operator that MobileNet v1 does not have.
    ImportError
        If the library `tflite` is missing; the message says how to install it.
    OSError
        If the file cannot be opened.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._library = needs("tflite", path)
        with open(path, "rb") as file:
            content = file.read()
        with reading(path):
            self._model = self._library.Model.GetRootAs(content, 0)
            if self._model.SubgraphsLength() != 1:
                raise Refused(f"it holds {self._model.SubgraphsLength():,} graphs, not 1")
            self._graph = self._model.Subgraphs(0)
            found = [self._graph.Operators(index) for index in range(self._operator_count())]
            kinds = [self._kind(operator) for operator in found]
            if foreign := sorted(set(kinds) - OPERATORS.keys()):
                raise Refused(f"it has the operators {listed(foreign)}")
            if (self._graph.InputsLength(), self._graph.OutputsLength()) != (1, 1):
                raise Refused(
                    f"it has {self._graph.InputsLength():,} inputs and {self._graph.OutputsLength():,} outputs"
                )
            self.input, self.output = int(self._graph.Inputs(0)), int(self._graph.Outputs(0))
            self.operators = tuple(self._operator(kind, operator) for kind, operator in zip(kinds, found))
            named = {index for operator in self.operators for index in (*operator.inputs, operator.output)}
            self.tensors = {index: self._tensor(index) for index in sorted({*named, self.input, self.output} - {-1})}

    def _operator_count(self) -> int:
        count = int(self._graph.OperatorsLength())
        if not 0 < count <= MOST:
            raise Refused(f"it holds {count:,} operators")
        return count

    def _kind(self, operator: Any) -> str:
        if operator.OpcodeIndex() >= self._model.OperatorCodesLength():
            raise ValueError("an operator has no code")
        code = self._model.OperatorCodes(operator.OpcodeIndex())
        number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())  # old files have the second alone
        return _name_of(number, self._library.BuiltinOperator)

    def _type(self, tensor: Any) -> str:
        return _name_of(tensor.Type(), self._library.TensorType).lower()

    def _operator(self, kind: str, operator: Any) -> Operator:
        if operator.OutputsLength() != 1 or not 0 < operator.InputsLength() <= 8:
            raise Refused(f"{kind} has {operator.InputsLength()} inputs and {operator.OutputsLength()} outputs")
        inputs = tuple(int(operator.Inputs(index)) for index in range(operator.InputsLength()))
        table, names = OPERATORS[kind]
        options = {}
        if table:
            found = operator.BuiltinOptions()
            if found is None or operator.BuiltinOptionsType() != getattr(self._library.BuiltinOptions, table):
                raise ValueError(f"{kind} has no {table}")
            read = getattr(self._library, table)()
            read.Init(found.Bytes, found.Pos)
            options = {name: getattr(read, name)() for name in names}
        return Operator(kind, inputs, int(operator.Outputs(0)), options)

    def _tensor(self, index: int) -> Tensor:
        if not 0 <= index < self._graph.TensorsLength():
            raise ValueError(f"there is no tensor {index:,}")
        tensor = self._graph.Tensors(index)
        name = one_line((tensor.Name() or b"").decode(errors="replace"), 80)
        if tensor.Type() not in DTYPES:
            raise Refused(f"tensor {name} is of type {self._type(tensor)}, not float32, float16, int32, uint8 or int8")
        if tensor.ShapeLength() > 4 or tensor.Sparsity() is not None:
            raise Refused(f"tensor {name} has {tensor.ShapeLength():,} axes, or is sparse")
        dtype = np.dtype(DTYPES[tensor.Type()])
        shape = tuple(int(tensor.Shape(axis)) for axis in range(tensor.ShapeLength()))
        if min(shape, default=1) < 1:
            raise ValueError(f"tensor {name} has the shape {shape}")
        return Tensor(index, name, shape, dtype, self._data(tensor, name, shape, dtype), *_quantisation(tensor, name))

    def _data(self, tensor: Any, name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray | None:
        if tensor.Buffer() >= self._model.BuffersLength():
            raise ValueError(f"tensor {name} has no buffer")
        buffer = self._model.Buffers(tensor.Buffer())
        if not buffer.DataLength():
            return None
        data = buffer.DataAsNumpy()
        if data.nbytes != math.prod(shape) * dtype.itemsize:
            raise ValueError(f"tensor {name} of the shape {shape} has {data.nbytes:,} bytes")
        return np.frombuffer(data, dtype).reshape(shape)


def _name_of(number: int, enumeration: type) -> str:
    """CONV_2D for 3 of BuiltinOperator."""
    return next((name for name, value in vars(enumeration).items() if value == number), f"number {number}")


def _quantisation(tensor: Any, name: str) -> tuple[np.ndarray | None, np.ndarray | None, int]:
    found = tensor.Quantization()
    if found is None or not found.ScaleLength():
        return None, None, 0
    if found.ScaleLength() != found.ZeroPointLength() or found.DetailsType():
        raise ValueError(
            f"tensor {name} has {found.ScaleLength():,} scales and {found.ZeroPointLength():,} zero points"
        )
    return found.ScaleAsNumpy(), found.ZeroPointAsNumpy(), found.QuantizedDimension()
