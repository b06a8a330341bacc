"""Files as TensorFlow Lite writes them, made from our networks: for tests that have neither TensorFlow nor its files.

A file is described by plain lists and dicts, so that a test can change whatever it likes before it is written. The
order of axes and the operators are typed out here once more, apart from the readers; that TFLite takes such files is
tested with TFLite, in test_tflite_runtimes.py.
"""

from __future__ import annotations

import flatbuffers
import numpy as np
import tflite

TYPES = {"float32": 0, "float16": 1, "int32": 2, "uint8": 3, "int64": 4, "int8": 9}
OPTIONS = {
    "CONV_2D": "Conv2DOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "MEAN": "ReducerOptions",
    "SOFTMAX": "SoftmaxOptions",
    "STRIDED_SLICE": "StridedSliceOptions",
    "PACK": "PackOptions",
}


class File:
    """Tensors and operators, and which tensors are the ends."""

    def __init__(self) -> None:
        self.tensors: list[dict] = []
        self.operators: list[dict] = []
        self.inputs: list[int] = []
        self.outputs: list[int] = []

    def tensor(self, name, shape, dtype, data=None, scale=None, zero=None, axis=0) -> int:
        self.tensors.append(
            {"name": name, "shape": shape, "dtype": dtype, "data": data, "scale": scale, "zero": zero, "axis": axis}
        )
        return len(self.tensors) - 1

    def constant(self, name, data, scale=None, zero=None, axis=0) -> int:
        return self.tensor(name, data.shape, str(data.dtype), data, scale, zero, axis)

    def array(self, name, shape, quantisation) -> int:
        """What is made when the network runs; floats where there is no quantisation."""
        if quantisation is None:
            return self.tensor(name, shape, "float32")
        return self.tensor(name, shape, str(quantisation.dtype), None, [float(quantisation.scale)], [quantisation.zero])

    def operator(self, kind, inputs, output, **options) -> None:
        self.operators.append({"kind": kind, "inputs": inputs, "outputs": [output], "options": options})

    def find(self, kind, number=0) -> dict:
        return [operator for operator in self.operators if operator["kind"] == kind][number]

    def write(self, path) -> None:
        path.write_bytes(self.content())

    def content(self) -> bytes:
        builder = flatbuffers.Builder(1024)
        kinds = list(dict.fromkeys(operator["kind"] for operator in self.operators))
        codes = [_code(builder, kind) for kind in kinds]
        datas = [b"", *(tensor["data"].tobytes() for tensor in self.tensors if tensor["data"] is not None)]
        buffers = [_table(builder, "Buffer", Data=_numbers(builder, np.frombuffer(data, np.uint8))) for data in datas]
        number, tensors = 0, []
        for tensor in self.tensors:
            number += tensor["data"] is not None
            tensors.append(_tensor(builder, tensor, number if tensor["data"] is not None else 0))
        operators = [_operator(builder, operator, kinds) for operator in self.operators]
        graph = _table(
            builder,
            "SubGraph",
            Tensors=_offsets(builder, tensors),
            Inputs=_numbers(builder, self.inputs, np.int32),
            Outputs=_numbers(builder, self.outputs, np.int32),
            Operators=_offsets(builder, operators),
        )
        model = _table(
            builder,
            "Model",
            Version=3,
            OperatorCodes=_offsets(builder, codes),
            Subgraphs=_offsets(builder, [graph]),
            Buffers=_offsets(builder, buffers),
        )
        builder.Finish(model, b"TFL3")
        return bytes(builder.Output())


def _table(builder, kind, **fields) -> int:
    getattr(tflite, f"{kind}Start")(builder)
    for name, value in fields.items():
        getattr(tflite, f"{kind}Add{name}")(builder, value)
    return getattr(tflite, f"{kind}End")(builder)


def _numbers(builder, values, dtype=None) -> int:
    return builder.CreateNumpyVector(np.asarray(values, dtype))


def _offsets(builder, offsets) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return builder.EndVector()


def _code(builder, kind) -> int:
    number = getattr(tflite.BuiltinOperator, kind)
    return _table(builder, "OperatorCode", BuiltinCode=number, DeprecatedBuiltinCode=min(number, 127), Version=1)


def _tensor(builder, tensor, buffer) -> int:
    fields = {
        "Shape": _numbers(builder, tensor["shape"], np.int32),
        "Name": builder.CreateString(tensor["name"]),
    }
    if tensor["scale"] is not None:
        scale, zero = _numbers(builder, tensor["scale"], np.float32), _numbers(builder, tensor["zero"], np.int64)
        parts = {"Scale": scale, "ZeroPoint": zero, "QuantizedDimension": tensor["axis"]}
        fields["Quantization"] = _table(builder, "QuantizationParameters", **parts)
    return _table(builder, "Tensor", Type=TYPES[tensor["dtype"]], Buffer=buffer, **fields)


def _operator(builder, operator, kinds) -> int:
    fields = {
        "Inputs": _numbers(builder, operator["inputs"], np.int32),
        "Outputs": _numbers(builder, operator["outputs"], np.int32),
    }
    if table := OPTIONS.get(operator["kind"]):
        fields["BuiltinOptions"] = _table(builder, table, **operator["options"])
        fields["BuiltinOptionsType"] = getattr(tflite.BuiltinOptions, table)
    return _table(builder, "Operator", OpcodeIndex=kinds.index(operator["kind"]), **fields)


PADDINGS = {"same": 0, "valid": 1, "keras": 1, "symmetric": 1}  # of the convolution: the last two have a PAD before it
NONE, RELU6 = 0, 3


def file_of(layers, arrays, quantisations, input=None, output=None, probabilities=None, rescales=False) -> File:
    """A network as a file.

    `arrays` are {layer name: {"kernel", "bias"}} in our order of axes; `quantisations` are {layer name: (x, w, y)}, or
    nothing for a network of floats.
    """
    file = File()
    first = layers[0]
    x, _, _ = quantisations.get(first.name, (None, None, None))
    now = file.array("image", (1, first.D_F, first.D_F, first.M), input or x)
    file.inputs = [now]
    if input is not None and not input.same_as(x):
        quantised = file.array("quantised", (1, first.D_F, first.D_F, first.M), x)
        file.operator("QUANTIZE", [now], quantised)
        now = quantised
    for layer in layers:
        x, w, y = quantisations.get(layer.name, (None, None, None))
        made = file.array(layer.name, (1, layer.D_G, layer.D_G, layer.N), y)
        if layer.kind == "pool":
            _pool(file, layer, now, made, rescales)
        else:
            _convolution(file, layer, arrays[layer.name], now, made, x, w)
        now = made
    if layers[-1].kind == "fully_connected":
        flat = file.array("flat", (1, layers[-1].N), y)
        file.operator("RESHAPE", [now, file.constant("shape", np.array([1, layers[-1].N], np.int32))], flat)
        now = file.array("probabilities", (1, layers[-1].N), probabilities)
        file.operator("SOFTMAX", [flat], now, Beta=1.0)
    if output is not None and probabilities is not None and not output.same_as(probabilities):
        last = file.array("answer", file.tensors[now]["shape"], output)
        file.operator("QUANTIZE", [now], last)
        now = last
    file.outputs = [now]
    return file


def _pool(file, layer, now, made, rescales) -> None:
    if rescales:
        file.operator("MEAN", [now, file.constant("axes", np.array([1, 2], np.int32))], made, KeepDims=True)
        return
    how = {"Padding": PADDINGS["valid"], "StrideW": 2, "StrideH": 2, "FusedActivationFunction": NONE}
    file.operator("AVERAGE_POOL_2D", [now], made, FilterWidth=layer.D_F, FilterHeight=layer.D_F, **how)


def _convolution(file, layer, arrays, now, made, x, w) -> None:
    kernel, bias = arrays["kernel"], arrays["bias"]
    depthwise = layer.kind == "depthwise" or (layer.kind == "standard" and layer.M == 1)
    if depthwise:
        turned = kernel.reshape(1, layer.D_K, layer.D_K, layer.N)
    else:
        turned = kernel.reshape(layer.D_K, layer.D_K, layer.M, layer.N).transpose(3, 0, 1, 2)
    scales = unit = zeros = units = None
    if w is not None:
        scales, zeros = np.atleast_1d(w.scale), np.full(w.scale.size, w.zero)
        unit, units = float(x.scale) * np.atleast_1d(w.scale).astype(float), np.zeros(w.scale.size)
    kernel_index = file.constant(f"{layer.name}/kernel", turned, scales, zeros, 3 if depthwise else 0)
    bias_index = file.constant(f"{layer.name}/bias", bias, unit, units)
    if layer.padding in ("keras", "symmetric") and (layer.padding, layer.stride) != ("keras", 1):
        before = 0 if layer.padding == "keras" else 1
        zeros = np.array([[0, 0], [before, 1], [before, 1], [0, 0]], np.int32)
        side = layer.D_F + before + 1
        padded = file.array(f"{layer.name}/padded", (1, side, side, layer.M), x)
        file.operator("PAD", [now, file.constant(f"{layer.name}/zeros", zeros)], padded)
        now = padded
    padding = 0 if (layer.padding, layer.stride) == ("keras", 1) else PADDINGS[layer.padding]
    options = {"Padding": padding, "StrideW": layer.stride, "StrideH": layer.stride}
    options["FusedActivationFunction"] = NONE if layer.kind == "fully_connected" else RELU6
    if depthwise:
        options["DepthMultiplier"] = layer.N // layer.M
    kind = "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D"
    file.operator(kind, [now, kernel_index, bias_index], made, **options)


def file_of_integers(model, rescales=False) -> File:
    """An `IntegerModel` as a file."""
    arrays, quantisations = {}, {}
    for integer in model.integers:
        name = integer.layer.name
        quantisations[name] = (integer.x, integer.w, integer.y)
        if integer.kernel is not None:
            arrays[name] = {"kernel": integer.kernel, "bias": integer.bias}
    return file_of(model.layers, arrays, quantisations, model.input, model.output, model.probabilities, rescales)


def file_of_floats(model) -> File:
    """A `Model` as a file of floats."""
    return file_of(model.layers, model.folded, {})
