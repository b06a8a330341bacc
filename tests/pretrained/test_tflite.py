"""`.tflite` files: what is read, and what is refused by name."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from integers.made import integer_images, integer_model
from networks import images, trained

import npmobile as nm
from npmobile import cost, pretrained
from npmobile.integers import Quantisation
from npmobile.pretrained import tflite as reader

tflite_files = pytest.importorskip("pretrained.tflite_files", reason="needs tflite", exc_type=ImportError)

SMALL = nm.mobilenet(0.25, 32, 10)
NETWORKS = {
    "uint8": SMALL,
    "int8": SMALL,
    "grey": nm.mobilenet(0.25, 32, 2, channels=1),
    "odd, keras": nm.mobilenet(0.25, 41, 10, padding="keras"),
    "symmetric": nm.mobilenet(0.25, 32, 10, padding="symmetric"),
    "valid": nm.mobilenet(0.25, 96, 3, padding="valid", blocks=nm.BLOCKS[:4]),
    "shallow": nm.mobilenet(0.25, 32, 10, blocks=nm.BLOCKS[:6] + nm.BLOCKS[11:]),
    "standard convolutions": nm.mobilenet(0.125, 32, 10, separable=False),
    "features": SMALL[:-1],
    "feature maps": SMALL[:-2],
}


def written(file, path):
    file.write(path / "network.tflite")
    return path / "network.tflite"


def made(name):
    return integer_model(NETWORKS[name], "uint8" if name == "uint8" else "int8")


def integer_file():
    return tflite_files.file_of_integers(made("int8"))


# What is read


@pytest.mark.parametrize("name", NETWORKS)
def test_integers(name, tmp_path):
    model = made(name)
    loaded = reader.load_integers(written(tflite_files.file_of_integers(model), tmp_path))
    assert loaded.layers == model.layers
    for ours, theirs in zip(model.integers, loaded.integers):
        assert ours.x.same_as(theirs.x) and ours.y.same_as(theirs.y)
        if ours.kernel is not None:
            assert np.array_equal(ours.kernel, theirs.kernel) and np.array_equal(ours.bias, theirs.bias)
            assert ours.w.same_as(theirs.w)
    x = integer_images(model)
    answer = loaded.predict(x)
    assert np.array_equal(answer.reshape(2, -1), model.predict(x).reshape(2, -1))
    if name == "features":
        assert answer.shape == (2, 1, 1, 256)  # as the file has them


@pytest.mark.parametrize("name", NETWORKS)
def test_floats(name, tmp_path):
    layers = NETWORKS[name]
    model = nm.Model(layers, trained(layers))
    loaded = pretrained.load(written(tflite_files.file_of_floats(model), tmp_path))
    assert loaded.layers == model.layers
    for layer, arrays in model.folded.items():
        for array in arrays:
            assert np.array_equal(loaded.weights[layer][array], arrays[array])
    x = images(B=1, resolution=layers[0].D_F, channels=layers[0].M)
    np.testing.assert_allclose(loaded.predict(x), model.predict(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["uint8", "int8", "grey", "odd, keras"])
def test_integers_as_floats(name, tmp_path):
    """Each weight is scale * (q - zero), each bias scale_x * scale_w * q, each computed here once more."""
    model = made(name)
    loaded = pretrained.load(written(tflite_files.file_of_integers(model), tmp_path))
    assert loaded.layers == model.layers
    for integer in model.integers:
        if integer.kernel is None:
            continue
        scale = integer.w.scale.astype(float)
        arrays = loaded.weights[integer.layer.name]
        np.testing.assert_allclose(arrays["kernel"], scale * (integer.kernel.astype(int) - integer.w.zero), rtol=1e-6)
        np.testing.assert_allclose(arrays["bias"], float(integer.x.scale) * scale * integer.bias, rtol=1e-6)
        assert arrays["kernel"].dtype == arrays["bias"].dtype == np.float32


def test_half_precision(tmp_path):
    """TensorFlow stores float16 and has a DEQUANTIZE before each kernel and bias."""
    model = nm.Model(SMALL, trained())
    file = tflite_files.file_of_floats(model)
    for tensor in [tensor for tensor in file.tensors if tensor["data"] is not None and tensor["dtype"] == "float32"]:
        half = file.constant(f"{tensor['name']}/half", tensor["data"].astype(np.float16))
        tensor["data"] = None
        file.operators.insert(
            0, {"kind": "DEQUANTIZE", "inputs": [half], "outputs": [file.tensors.index(tensor)], "options": {}}
        )
    loaded = pretrained.load(written(file, tmp_path))
    for layer, arrays in model.folded.items():
        for array in arrays:
            assert np.array_equal(loaded.weights[layer][array], arrays[array].astype(np.float16).astype(np.float32))


def with_computed_shape(file):
    """As TensorFlow 2.21 writes Keras' Reshape: SHAPE, STRIDED_SLICE and PACK compute (batch, classes)."""
    reshape = file.find("RESHAPE")
    at = file.operators.index(reshape)
    logits, classes = reshape["inputs"][0], file.tensors[reshape["outputs"][0]]["shape"][1]
    begin, end = (file.constant(name, np.array([index], np.int32)) for name, index in (("zero", 0), ("one", 1)))
    shape, batch = file.tensor("sides", (4,), "int32"), file.tensor("batch", (), "int32")
    wanted = file.tensor("wanted", (2,), "int32")
    number = file.constant("classes", np.array(classes, np.int32))
    masks = {"BeginMask": 0, "EndMask": 0, "EllipsisMask": 0, "NewAxisMask": 0, "ShrinkAxisMask": 1}
    file.operators[at:at] = [
        {"kind": "SHAPE", "inputs": [logits], "outputs": [shape], "options": {}},
        {"kind": "STRIDED_SLICE", "inputs": [shape, begin, end, end], "outputs": [batch], "options": masks},
        {"kind": "PACK", "inputs": [batch, number], "outputs": [wanted], "options": {"Axis": 0}},
    ]
    reshape["inputs"][1] = wanted
    return file


def test_mean_shape_strided_slice_and_pack(tmp_path):
    model = made("int8")
    path = written(with_computed_shape(tflite_files.file_of_integers(model, rescales=True)), tmp_path)
    loaded = reader.load_integers(path)
    assert loaded.integers[-2].rescales
    assert pretrained.load(path).layers == model.layers
    x = integer_images(model)
    assert loaded.predict(x).shape == (2, 10)


def test_uint8_at_the_ends_of_int8(tmp_path):
    model = made("int8")
    ends = {"input": Quantisation(1 / 127.5, 127), "output": Quantisation(1 / 256, 0)}
    loaded = reader.load_integers(written(tflite_files.file_of_integers(replace(model, **ends)), tmp_path))
    x = integer_images(model)
    answer = loaded.predict((x.astype(int) + 128).astype(np.uint8))
    assert answer.dtype == np.uint8
    assert np.array_equal(answer, model.predict(x).astype(int) + 128)


def test_a_bias_may_be_left_out(tmp_path):
    model = made("int8")
    integers = [replace(i, bias=None if i.bias is None else np.zeros_like(i.bias)) for i in model.integers]
    file = tflite_files.file_of_integers(replace(model, integers=tuple(integers)))
    for operator in file.operators:
        if "CONV" in operator["kind"]:
            operator["inputs"] = (
                operator["inputs"][:2] if operator is file.find("CONV_2D", 1) else [*operator["inputs"][:2], -1]
            )
    loaded = reader.load_integers(written(file, tmp_path))
    assert not any(integer.bias.any() for integer in loaded.integers if integer.bias is not None)


def test_pixels_are_the_integers(tmp_path):
    """uint8 pixels go into Google's files as they are, minus 128 into int8 ones."""
    pixels = np.arange(32 * 32 * 3, dtype=np.uint8).reshape(32, 32, 3)
    for name, offset in (("uint8", 0), ("int8", 128)):
        path = written(tflite_files.file_of_integers(made(name)), tmp_path)
        loaded = reader.load_integers(path)
        assert np.array_equal(loaded.prepare(pixels), pixels.astype(int) - offset)
        real = loaded.input.dequantise(loaded.prepare(pixels))
        np.testing.assert_allclose(pretrained.load(path).prepare(pixels), real, atol=1e-6)


def test_other_ranges_scale_pixels_to_minus_1_and_1(tmp_path):
    model = made("int8")
    narrow = Quantisation(0.004, -128, "int8")  # 0 to 1.02
    first = replace(model.integers[0], x=narrow)
    model = replace(model, input=narrow, integers=(first, *model.integers[1:]))
    loaded = reader.load_integers(written(tflite_files.file_of_integers(model), tmp_path))
    pixels = np.full((32, 32, 3), 255, np.uint8)
    assert (loaded.prepare(pixels) == narrow.quantise(np.float32([1.0]))).all()


def test_two_activations_that_are_the_same_in_8_bits(tmp_path):
    """Where 256 integers reach from 0 to 6, RELU6, RELU and none cut off at the same places."""
    file = integer_file()
    for number, activation in enumerate((0, 1, 3)):
        file.find("CONV_2D", number)["options"]["FusedActivationFunction"] = activation
    assert reader.load_integers(written(file, tmp_path)).layers == SMALL


# What is refused by name


OTHERS = [
    "ADD",
    "FULLY_CONNECTED",
    "LOGISTIC",
    "RELU6",
    "CONV_3D",
    "CUSTOM",
    "MUL",
    "CONCATENATION",
    "MAX_POOL_2D",
    "LSTM",
]


@pytest.mark.parametrize("load", [pretrained.load, reader.load_integers])
@pytest.mark.parametrize("other", OTHERS)
def test_other_operators(other, load, tmp_path):
    file = integer_file()
    file.find("SOFTMAX")["kind"] = other
    with pytest.raises(ValueError, match=rf"network.tflite is no MobileNet v1 .*: it has the operators {other}$"):
        load(written(file, tmp_path))


def test_many_other_operators(tmp_path):
    file = integer_file()
    for operator, other in zip(file.operators, OTHERS):
        operator["kind"] = other
    with pytest.raises(ValueError, match=r"ADD; CONCATENATION; CONV_3D; CUSTOM; FULLY_CONNECTED; and 5 more$"):
        pretrained.load(written(file, tmp_path))


def option(kind, number, **options):
    return lambda file: file.find(kind, number)["options"].update(options)


def array(name, **changes):
    def change(file):
        (tensor,) = (tensor for tensor in file.tensors if tensor["name"] == name)
        tensor.update(changes)

    return change


def operators(change):
    def changed(file):
        file.operators = change(file.operators)

    return changed


REFUSED = {
    "dilated": (option("CONV_2D", 3, DilationWFactor=2), "CONV_2D conv_pw_3: its strides are"),
    "uneven strides": (option("DEPTHWISE_CONV_2D", 1, StrideW=1), "DEPTHWISE_CONV_2D conv_dw_2: its strides"),
    "another stride": (option("DEPTHWISE_CONV_2D", 0, StrideW=2, StrideH=2), r"conv_dw_1: it makes \(1, 16, 16, 8\)"),
    "no stride": (option("CONV_2D", 0, StrideW=0, StrideH=0), "stride of layer conv1 must be"),
    "another padding": (option("DEPTHWISE_CONV_2D", 2, Padding=1), "conv_dw_3: it makes"),
    "unknown padding": (option("DEPTHWISE_CONV_2D", 2, Padding=7), "padding must be .* but is 'unknown'"),
    "tanh": (
        option("CONV_2D", 2, FusedActivationFunction=4),
        "conv_pw_2 has the activation TANH, and MobileNet v1 has RELU6",
    ),
    "unknown activation": (option("CONV_2D", 2, FusedActivationFunction=9), "conv_pw_2 has the activation unknown"),
    "relu6 at the classifier": (option("CONV_2D", 14, FusedActivationFunction=3), "layer fc has the activation RELU6"),
    "depth multiplier": (option("DEPTHWISE_CONV_2D", 4, DepthMultiplier=2), "conv_dw_5: .* their channels do not fit"),
    "a part of the image": (option("AVERAGE_POOL_2D", 0, FilterWidth=2), "AVERAGE_POOL_2D pool: it does not average"),
    "temperature": (option("SOFTMAX", 0, Beta=2.0), "SOFTMAX probabilities: it makes"),
    "another shape": (array("conv_dw_2", shape=(1, 8, 8, 17)), "conv_dw_2: it makes"),
    "a rectangle": (array("image", shape=(1, 32, 31, 3)), "which are not square"),
    "no axes": (array("image", shape=()), "CONV_2D conv1"),
    "five axes": (array("image", shape=(1, 1, 32, 32, 3)), "tensor image has 5 axes"),
    "another type": (array("image", dtype="int64"), "tensor image is of type int64, not float32"),
    "floats": (array("conv_pw_3", scale=None), "conv_pw_3 is int8 without a scale"),
    "several zero points": (array("conv_pw_3", scale=[0.1, 0.1], zero=[0, 1]), "conv_pw_3 has several zero points"),
    "no scale": (array("conv_pw_3", scale=[0.0]), "scale must be a finite number above 0"),
    "infinite scale": (array("conv_pw_3", scale=[np.inf]), "scale must be a finite number above 0"),
    "zero point": (array("conv_pw_3", zero=[200]), "zero must be a number of int8"),
    "another axis": (array("conv_pw_3/kernel", axis=2), "its scales belong to axis 2, not 0"),
    "kernel with zero point": (array("conv_pw_3/kernel", zero=np.full(32, 1)), "its zero point must be 0, but is 1"),
    "bias in other units": (
        array("conv_pw_3/bias", scale=np.full(32, 0.1)),
        "the bias of layer conv_pw_3 is not in units",
    ),
    "no kernel": (array("conv_pw_3/kernel", data=None), "conv_pw_3: its kernel or bias is not in the file"),
    "kernel of another type": (
        array("conv_pw_3/kernel", dtype="int32", data=np.zeros((32, 1, 1, 32), np.int32)),
        "conv_pw_3: its kernel is int32",
    ),
    "half a bias": (array("conv_pw_3/bias", data=np.zeros(16, np.int32)), r"bias of the shape \(32,\) has 64 bytes"),
    "one operator less": (operators(lambda all: all[:3] + all[4:]), "it does not take what the operator before makes"),
    "two depthwise in a row": (operators(lambda all: [*all[:2], all[1]]), "it does not take what"),
    "nothing behind": (operators(lambda all: all[:-1]), "does not end with what its last operator makes"),
    "nothing": (operators(lambda all: []), "it holds 0 operators"),
    "thousands": (operators(lambda all: all * 40), "it holds 1,240 operators"),
    "a sum that leaves int32": (
        array("conv_pw_3/bias", data=np.full(32, 2**31 - 1, np.int32)),
        "conv_pw_3 can make sums of 2,1.*, more than int32 holds",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit(name, tmp_path):
    change, message = REFUSED[name]
    file = integer_file()
    change(file)
    with pytest.raises(ValueError, match=message) as caught:
        reader.load_integers(written(file, tmp_path))
    text = str(caught.value)
    assert "network.tflite" in text and "\n" not in text and len(text) < 600


def inserted(kind, after, shape=None, **options):
    """One more operator behind another one."""

    def change(file):
        at = next(i for i, operator in enumerate(file.operators) if operator["outputs"] == [named(file, after)])
        before = file.operators[at]["outputs"][0]
        tensor = file.tensors[before]
        again = file.tensor("again", shape or tensor["shape"], tensor["dtype"], None, tensor["scale"], tensor["zero"])
        for operator in file.operators[at + 1 :]:
            operator["inputs"] = [again if index == before else index for index in operator["inputs"]]
        file.outputs = [again if index == before else index for index in file.outputs]
        file.operators.insert(at + 1, {"kind": kind, "inputs": [before], "outputs": [again], "options": options})

    return change


def named(file, name) -> int:
    return next(i for i, tensor in enumerate(file.tensors) if tensor["name"] == name)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (inserted("QUANTIZE", "conv_pw_3"), "DEPTHWISE_CONV_2D conv_dw_4: it stands behind QUANTIZE"),
        (inserted("RESHAPE", "conv_pw_3"), "RESHAPE again: it stands before the pool"),
        (inserted("SOFTMAX", "conv_pw_3", Beta=1.0), "SOFTMAX again: it does not stand behind the classifier"),
        (inserted("SOFTMAX", "probabilities", Beta=1.0), "SOFTMAX again: it does not stand behind the classifier"),
        (inserted("PAD", "conv_pw_3"), "PAD again: it pads by"),
        (inserted("PACK", "conv_pw_3", Axis=0), "PACK again: it depends on the image"),
        (inserted("MEAN", "conv_pw_3", KeepDims=True), "MEAN again: it does not average each channel"),
    ],
)
def test_operators_in_the_wrong_place(change, message, tmp_path):
    file = integer_file()
    change(file)
    with pytest.raises(ValueError, match=message):
        reader.load_integers(written(file, tmp_path))


def test_several_inputs_and_outputs(tmp_path):
    for ends, message in (({"inputs": [0, 1]}, "2 inputs and 1 outputs"), ({"outputs": []}, "1 inputs and 0 outputs")):
        file = integer_file()
        vars(file).update(ends)
        with pytest.raises(ValueError, match=message):
            pretrained.load(written(file, tmp_path))


@pytest.mark.parametrize("activation", [0, 1, 4])
def test_floats_without_relu6(activation, tmp_path):
    file = tflite_files.file_of_floats(nm.Model(SMALL, trained()))
    file.find("CONV_2D", 3)["options"]["FusedActivationFunction"] = activation
    with pytest.raises(
        ValueError, match=r"layer conv_pw_3 has the activation (none|RELU|TANH), and MobileNet v1 has RELU6"
    ):
        pretrained.load(written(file, tmp_path))


def test_scales_that_make_no_finite_weights(tmp_path):
    file = integer_file()
    kernel, bias = (file.tensors[named(file, f"conv_pw_3/{name}")] for name in ("kernel", "bias"))
    kernel["scale"], kernel["data"] = np.full(32, 3e38), np.zeros_like(kernel["data"])
    bias["data"] = np.full(32, 2**30, np.int32)
    with pytest.raises(ValueError, match="conv_pw_3/bias holds NaN or infinity"):
        pretrained.load(written(file, tmp_path))


def test_floats_at_a_tensor_of_integers(tmp_path):
    file = integer_file()
    file.tensors[named(file, "conv_pw_3")]["dtype"] = "float32"
    with pytest.raises(
        ValueError, match=r"network\.tflite is no MobileNet v1 .*: dtype must be uint8 or int8, but is float32"
    ):
        reader.load_integers(written(file, tmp_path))


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_floats_that_no_training_gives(number, tmp_path):
    file = tflite_files.file_of_floats(nm.Model(SMALL, trained()))
    tensor = file.tensors[named(file, "conv_pw_3/bias")]
    tensor["data"] = np.full_like(tensor["data"], number)
    with pytest.raises(ValueError, match="conv_pw_3/bias holds NaN or infinity"):
        pretrained.load(written(file, tmp_path))


def test_floats_are_no_integers(tmp_path):
    path = written(tflite_files.file_of_floats(nm.Model(SMALL, trained())), tmp_path)
    with pytest.raises(
        ValueError, match="tensor image is float32 without a scale: the network is not quantised throughout"
    ):
        reader.load_integers(path)


def test_logits_are_no_probabilities(tmp_path):
    whole = pretrained.load(written(integer_file(), tmp_path))
    file = integer_file()
    file.operators.remove(file.find("SOFTMAX"))
    file.outputs = [named(file, "flat")]
    path = written(file, tmp_path)
    logits = pretrained.load(path)
    assert (whole.output, logits.output) == ("softmax", "linear")
    x = np.zeros((1, logits.resolution, logits.resolution, 3), np.float32)
    np.testing.assert_allclose(nm.ops.softmax(logits.predict(x)), whole.predict(x), rtol=1e-5)
    with pytest.raises(ValueError, match="the numbers of this classifier are no probabilities"):
        logits.classify(np.zeros((8, 8, 3), np.uint8))
    model = reader.load_integers(path)
    assert model.probabilities is None
    *_, last = model.forward(integer_images(model))
    assert np.array_equal(model.predict(integer_images(model)), last.y)


@pytest.mark.parametrize(
    "content", [b"", b"TFL3", bytes(8), b"\x1c\0\0\0TFL3", b"\xff" * 100, b"PK\x03\x04" + bytes(100)]
)
@pytest.mark.parametrize("load", [pretrained.load, reader.load_integers])
def test_what_is_no_file_of_tflite(content, load, tmp_path):
    (tmp_path / "no.tflite").write_bytes(content)
    with pytest.raises(ValueError, match=r"no\.tflite(: it| is |: its name says TensorFlow Lite)"):
        load(tmp_path / "no.tflite")


def test_what_looks_like_it():
    content = integer_file().content()
    assert reader.looks_like(content[:64], Path("x"))
    assert not any(
        reader.looks_like(head, Path("x")) for head in (b"", b"TFL3", b"PK\x03\x04TFL2", b"\x89HDF\r\n\x1a\n")
    )


def test_a_file_that_cannot_be_opened(tmp_path):
    with pytest.raises(FileNotFoundError):
        pretrained.load(tmp_path / "missing.tflite")


def test_without_the_library(tmp_path, monkeypatch):
    path = written(integer_file(), tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "tflite", None)
    with pytest.raises(ImportError, match=r'needs tflite: pip install "npmobile\[pretrained\]"'):
        pretrained.load(path)


def test_two_graphs(tmp_path):
    content = bytearray(integer_file().content())
    import tflite

    model = tflite.Model.GetRootAs(bytes(content), 0)
    vector = model._tab.Vector(model._tab.Offset(8)) - 4  # the length of the vector of subgraphs
    struct.pack_into("<I", content, vector, 2)
    (tmp_path / "two.tflite").write_bytes(content)
    with pytest.raises(ValueError, match="it holds 2 graphs, not 1"):
        pretrained.load(tmp_path / "two.tflite")


# Google's files


def test_googles_network_for_images_of_128(shared):
    path = shared / "weights/tflite/mobilenet_v1_0.25_128_quant.tflite"
    integers, floats = reader.load_integers(path), pretrained.load(path)
    assert integers.layers == floats.layers == nm.mobilenet(0.25, 128, 1001)
    x = np.zeros((1, 128, 128, 3), np.uint8)
    assert sum(step.mult_adds for step in integers.forward(x)) == 13_570_304
    assert (integers.input.zero, float(integers.input.scale)) == (128, 1 / 128)
    assert floats.preparation.mean == (128, 128, 128)


def test_the_two_parts_of_googles_network_for_images_of_224(shared):
    folder = shared / "weights/tflite"
    body = reader.load_integers(folder / "mobilenet_v1_1.0_224_quant_embedding_extractor.tflite")
    head = reader.load_integers(folder / "mobilenet_quant_v1_224_head_layers.tflite")
    whole = nm.mobilenet(1.0, 224, 1001)
    assert (*body.layers, *head.layers) == whole
    assert max(integer.largest_sum for model in (body, head) for integer in model.integers) < 2**24
    features = body.predict(np.zeros((1, 224, 224, 3), np.uint8))
    assert features.shape == (1, 1, 1, 1024)
    assert head.predict(features).shape == (1, 1001)
    assert pretrained.load(folder / "mobilenet_v1_1.0_224_quant_embedding_extractor.tflite").layers == whole[:-1]
    with pytest.raises(ValueError, match="holds a classifier alone, which takes no images; load_integers reads it"):
        pretrained.load(folder / "mobilenet_quant_v1_224_head_layers.tflite")


def test_the_network_that_finds_persons(shared):
    path = shared / "weights/tflite/person_detect.tflite"
    model = reader.load_integers(path)
    assert model.layers == pretrained.load(path).layers == nm.mobilenet(0.25, 96, 2, channels=1)
    x = np.zeros((1, 96, 96, 1), np.int8)
    assert sum(step.mult_adds for step in model.forward(x)) == 7_157_888 == sum(map(cost.mult_adds, model.layers))
    assert len(model.classify(shared / "images/dog_beagle_cc0.jpg")) == 2
    assert len(pretrained.load(path).classify(shared / "images/dog_beagle_cc0.jpg")) == 2
