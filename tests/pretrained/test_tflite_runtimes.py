"""Integers against the runtimes themselves: LiteRT (TFLite of today) and TFLite Micro.

Every value between two layers is equal to that of the reference kernels. The optimised kernels and XNNPACK depend on
the processor: their differences are printed.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import replace

import numpy as np
import pytest
from integers.made import integer_images, integer_model
from networks import images, trained
from PIL import Image

import npmobile as nm
from npmobile import integers, pretrained
from npmobile.pretrained import tflite as reader

PHOTOGRAPHS = ("cat_tabby", "dog_beagle", "space_shuttle", "pizza", "coffee_cup")
# TensorFlow's, Keras' and LiteRT's own
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def litert():
    return module("ai_edge_litert.interpreter", "ai-edge-litert")


@pytest.fixture(scope="module")
def micro():
    return module("tflite_micro.python.tflite_micro.runtime", "tflite-micro")


@pytest.fixture(scope="module")
def tensorflow():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    return module("tensorflow", "tensorflow")


@pytest.fixture(scope="module")
def files():
    module("tflite", "tflite")
    from pretrained import tflite_files

    return tflite_files


def module(name, package):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(
            name, reason=f"{package} is not installed (pip install 'npmobile[frameworks]')", exc_type=ImportError
        )


class Interpreter:
    """A file in LiteRT, on one thread."""

    def __init__(self, litert, file, kernels="BUILTIN_REF"):
        kind = getattr(litert.OpResolverType, kernels)
        content = file if isinstance(file, bytes) else file.read_bytes()
        keep = kernels != "AUTO"  # XNNPACK has no values between its layers
        self.interpreter = litert.Interpreter(
            model_content=content,
            experimental_op_resolver_type=kind,
            experimental_preserve_all_tensors=keep,
            num_threads=1,
        )
        self.interpreter.allocate_tensors()
        (self.input,), (self.output,) = self.interpreter.get_input_details(), self.interpreter.get_output_details()

    def run(self, x):
        self.interpreter.set_tensor(self.input["index"], x)
        self.interpreter.invoke()
        return self.interpreter.get_tensor(self.output["index"])

    def between(self, row):
        """What goes into a layer and what comes out of it."""
        return (self.interpreter.get_tensor(tensor.index) for tensor in (row.x, row.y))


def photographs(shared, resolution, dtype="uint8"):
    folder = shared / "images"
    pixels = [nm.images.prepare(folder / f"{name}_cc0.jpg", resolution) for name in PHOTOGRAPHS]
    return [as_integers(np.rint((x + 1) * 127.5).astype(np.uint8), dtype) for x in pixels]


def others(resolution, dtype="uint8"):
    """Noise, black and white."""
    shape = (resolution, resolution, 3)
    noise = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    return [as_integers(x, dtype) for x in (noise, np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8))]


def as_integers(pixels, dtype):
    return (pixels.astype(int) + np.iinfo(dtype).min).astype(dtype)[np.newaxis]


# Google's files: uint8, one scale for each kernel


GOOGLES = {
    "mobilenet_v1_0.25_128_quant": 128,
    "mobilenet_v1_1.0_224_quant_embedding_extractor": 224,
}


@pytest.mark.parametrize("name", GOOGLES)
def test_every_value_of_the_reference_kernels(litert, files, shared, name):
    path = shared / f"weights/tflite/{name}.tflite"
    model, chain, interpreter = reader.load_integers(path), reader.Chain(path), Interpreter(litert, path)
    for x in photographs(shared, GOOGLES[name]) + others(GOOGLES[name]):
        answer = interpreter.run(x)
        for row, step in zip(chain.rows, model.forward(x)):
            _, y = interpreter.between(row)
            assert np.array_equal(step.y, y.reshape(step.y.shape)), row.layer.name
        assert same(model.predict(x), answer)


def same(ours, theirs) -> bool:
    return ours.dtype == theirs.dtype and ours.shape == theirs.shape and np.array_equal(ours, theirs)


def test_body_and_classifier_one_behind_the_other(litert, files, shared):
    folder = shared / "weights/tflite"
    paths = [
        folder / "mobilenet_v1_1.0_224_quant_embedding_extractor.tflite",
        folder / "mobilenet_quant_v1_224_head_layers.tflite",
    ]
    body, head = (reader.load_integers(path) for path in paths)
    their_body, their_head = (Interpreter(litert, path) for path in paths)
    for x in photographs(shared, 224):
        features = body.predict(x)
        answer = head.predict(features)
        assert same(features, their_body.run(x))
        assert same(answer, their_head.run(features))


@pytest.mark.parametrize(("kernels", "rounding"), [("BUILTIN_WITHOUT_DEFAULT_DELEGATES", "twice"), ("AUTO", "float")])
@pytest.mark.parametrize("name", GOOGLES)
def test_optimised_kernels_and_xnnpack(litert, files, shared, name, kernels, rounding):
    """What they answer depends on the processor: on x86 XNNPACK is rounded as "float"."""
    path = shared / f"weights/tflite/{name}.tflite"
    model, interpreter = replace(reader.load_integers(path), rounding=rounding), Interpreter(litert, path, kernels)
    last = reader.Chain(path).rows[-1]
    for x, photograph in zip(photographs(shared, GOOGLES[name]), PHOTOGRAPHS):
        ours, theirs = model.predict(x).astype(int), interpreter.run(x).astype(int)
        print(
            f"{name}, {kernels}, {photograph}: {(ours != theirs).sum()} of {ours.size} differ, by {abs(ours - theirs).max()}"
        )
        assert ours.argmax() == theirs.argmax()
        assert abs(ours - theirs).max() <= 1
        if kernels != "AUTO":  # which has no values between its layers
            (*_, step), (_, logits) = model.forward(x), interpreter.between(last)
            assert abs(step.y.ravel().astype(int) - logits.ravel().astype(int)).max() <= 1


# int8 with a scale for each channel, as TensorFlow makes it now


@pytest.fixture(scope="module")
def converted(tensorflow, shared):
    """Keras' 0.25-224 of the reference data, as TensorFlow converts it: in integers, with each kind of ends."""
    weights = str(shared / "weights/mobilenet_2_5_224_tf.h5")
    network = tensorflow.keras.applications.MobileNet(alpha=0.25, weights=weights)
    logits = tensorflow.keras.applications.MobileNet(
        alpha=0.25, weights=weights, input_shape=(224, 224, 3), classifier_activation=None
    )
    samples = [x.astype(np.float32) / 127.5 - 1 for x in photographs(shared, 224)]
    return {
        "int8": in_integers(tensorflow, network, samples, tensorflow.int8),
        "uint8": in_integers(tensorflow, network, samples, tensorflow.uint8),
        "float32": in_integers(tensorflow, network, samples, tensorflow.float32),
        "logits": in_integers(tensorflow, logits, samples, tensorflow.int8),
        "floats": tensorflow.lite.TFLiteConverter.from_keras_model(network).convert(),
    }


def in_integers(tensorflow, keras_model, samples, ends) -> bytes:
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(keras_model)
    converter.optimizations = [tensorflow.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([x] for x in samples)
    converter.target_spec.supported_ops = [tensorflow.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = ends
    return converter.convert()


@pytest.fixture(scope="module")
def converted_files(converted, tmp_path_factory):
    folder = tmp_path_factory.mktemp("converted")
    for name, content in converted.items():
        (folder / f"{name}.tflite").write_bytes(content)
    return {name: folder / f"{name}.tflite" for name in converted}


def test_converted_int8_layer_by_layer(litert, files, shared, converted_files):
    """Given the interpreter's own input, each layer makes just what the interpreter makes: convolutions and MEAN."""
    path = converted_files["int8"]
    model, chain, interpreter = reader.load_integers(path), reader.Chain(path), Interpreter(litert, path)
    assert model.layers == nm.mobilenet(0.25, 224, 1000)
    assert any(integer.w.scale.size > 1 for integer in model.integers if integer.w)
    for x in photographs(shared, 224, "int8")[:3] + others(224, "int8"):
        answer = interpreter.run(x)
        for row, integer in zip(chain.rows, model.integers):
            given, y = interpreter.between(row)
            made, _ = integer.run(given)
            assert np.array_equal(made, y.reshape(made.shape)), row.layer.name
        assert same(model.predict(x), answer)
    mult_adds = sum(step.mult_adds for step in model.forward(x))
    assert mult_adds == nm.cost.total(nm.cost.table(model.layers)).mult_adds


@pytest.mark.parametrize("ends", ["uint8", "float32"])
def test_converted_with_other_ends(litert, files, shared, converted_files, ends):
    path = converted_files[ends]
    model, interpreter = reader.load_integers(path), Interpreter(litert, path)
    for x in photographs(shared, 224)[:2]:
        x = x if ends == "uint8" else x.astype(np.float32) / 127.5 - 1
        assert same(model.predict(x), interpreter.run(x))


@pytest.mark.parametrize("ends", ["int8", "logits"])
def test_converted_xnnpack(litert, files, shared, converted_files, ends):
    path = converted_files[ends]
    interpreter = Interpreter(litert, path, "AUTO")
    model = replace(reader.load_integers(path), rounding="float")
    for x, photograph in zip(photographs(shared, 224, "int8"), PHOTOGRAPHS):
        ours, theirs = model.predict(x).astype(int), interpreter.run(x).astype(int)
        print(
            f"{ends}, XNNPACK, {photograph}: {(ours != theirs).sum()} of {ours.size} differ, by {abs(ours - theirs).max()}"
        )
        assert ours.argmax() == theirs.argmax()
        assert abs(ours - theirs).max() <= 1


def test_converted_floats(litert, files, shared, converted_files):
    path = converted_files["floats"]
    model, interpreter = pretrained.load(path), Interpreter(litert, path)
    assert model.layers == nm.mobilenet(0.25, 224, 1000)
    for x in photographs(shared, 224):
        x = x.astype(np.float32) / 127.5 - 1
        np.testing.assert_allclose(model.predict(x), interpreter.run(x), rtol=0, atol=1e-5)


def test_keras_at_an_odd_side(litert, files, tensorflow, tmp_path):
    """PAD stands before each depthwise convolution of stride 2 whose side is odd; on an even side it would be SAME."""
    keras_model = tensorflow.keras.applications.MobileNet(
        alpha=0.25, weights=None, include_top=False, pooling="avg", input_shape=(101, 101, 3)
    )
    samples = [images(B=1, resolution=101, seed=seed) for seed in range(3)]
    path = tmp_path / "odd.tflite"
    path.write_bytes(in_integers(tensorflow, keras_model, samples, tensorflow.int8))
    model, interpreter = reader.load_integers(path), Interpreter(litert, path)
    sides = [(layer.D_F, layer.D_G) for layer in nm.mobilenet(0.25, 101, padding="keras")[:-1]]
    assert [(layer.D_F, layer.D_G) for layer in model.layers] == sides
    assert {layer.padding for layer in model.layers if layer.stride == 2} == {"keras", "same"}
    x = model.input.quantise(samples[0])
    assert same(model.predict(x), interpreter.run(x))


@pytest.mark.parametrize("activation", ["relu", "swish"])
def test_another_network_of_keras_is_refused(files, tensorflow, tmp_path, activation):
    keras = tensorflow.keras
    layers = [
        keras.layers.Conv2D(8, 3, 2, "same", activation=activation),
        keras.layers.Flatten(),
        keras.layers.Dense(2),
    ]
    keras_model = keras.Sequential([keras.Input((32, 32, 3)), *layers])
    (tmp_path / "other.tflite").write_bytes(tensorflow.lite.TFLiteConverter.from_keras_model(keras_model).convert())
    with pytest.raises(ValueError, match=r"it has the operators .*FULLY_CONNECTED"):
        pretrained.load(tmp_path / "other.tflite")


# The dequantised network in floats


def test_dequantised_against_a_run_in_floats(litert, files, shared, tmp_path):
    path = shared / "weights/tflite/mobilenet_v1_0.25_128_quant.tflite"
    model, integer = pretrained.load(path), reader.load_integers(path)
    floats = Interpreter(litert, files.file_of_floats(model).content())
    quantised = Interpreter(litert, path)
    for name, pixels in zip(PHOTOGRAPHS, photographs(shared, 128)):
        image = shared / f"images/{name}_cc0.jpg"
        x = model.prepare(image)[np.newaxis]
        probabilities = model.predict(x)
        np.testing.assert_allclose(probabilities, floats.run(x), rtol=0, atol=1e-5)
        best = quantised.run(pixels).argmax()
        assert probabilities.argmax() == best
        assert model.classify(image, k=1)[0][0] == integer.classify(image, k=1)[0][0] == f"class {best}"


# Our own networks, written as files


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
@pytest.mark.parametrize("rescales", [False, True])
def test_networks_of_random_integers(litert, files, dtype, rescales):
    """That TFLite takes the files of test_tflite.py, and computes on them what we do."""
    for resolution in (32, 41, 64):
        model = integer_model(nm.mobilenet(0.25, resolution, 10), dtype, seed=resolution)
        if rescales:
            pool = replace(model.integers[-2], rescales=True)
            model = replace(model, integers=(*model.integers[:-2], pool, model.integers[-1]))
        interpreter = Interpreter(litert, files.file_of_integers(model, rescales).content())
        for seed in range(5):
            x = integer_images(model, B=1, seed=seed)
            assert same(model.predict(x), interpreter.run(x))


def test_networks_of_random_floats(litert, files):
    model = nm.Model(nm.mobilenet(0.25, 41, 10, padding="keras"), trained(nm.mobilenet(0.25, 41, 10)))
    interpreter = Interpreter(litert, files.file_of_floats(model).content())
    x = images(B=1, resolution=41)
    np.testing.assert_allclose(model.predict(x), interpreter.run(x), rtol=0, atol=1e-5)


def test_digits_in_8_bits_run_in_tflite(litert, files):
    """What `quantise` makes is a network that TFLite takes, with the same answers."""
    x, _ = nm.pretrained.digits_test()
    model = integers.quantise(nm.pretrained.digits(), x[:100])
    interpreter = Interpreter(litert, files.file_of_integers(model).content())
    q = model.input.quantise(x[100:150])
    answers = np.concatenate([interpreter.run(image[np.newaxis]) for image in q])
    assert same(model.predict(q), answers)


# The network that finds persons, on TFLite Micro


def test_persons(micro, files, shared):
    path = shared / "weights/tflite/person_detect.tflite"
    model, interpreter = reader.load_integers(path), micro.Interpreter.from_file(str(path))
    rng = np.random.default_rng(0)
    bitmaps = [np.asarray(Image.open(shared / f"images/{name}.bmp")) for name in ("person", "no_person")]
    xs = [np.ascontiguousarray(bitmap).view(np.int8).reshape(96, 96, -1)[..., :1] for bitmap in bitmaps]
    xs += [rng.integers(-128, 128, (96, 96, 1)).astype(np.int8) for _ in range(30)]
    xs += [np.full((96, 96, 1), level, np.int8) for level in (-128, 127)]
    answers = []
    for x in xs:
        interpreter.set_input(x[np.newaxis], 0)
        interpreter.invoke()
        answers.append(interpreter.get_output(0).copy())
    assert answers[0].tolist() == [[-113, 113]] and answers[1].tolist() == [[57, -57]]  # no person, person
    assert np.array_equal(model.predict(np.stack(xs)), np.concatenate(answers))
    once = replace(model, rounding="once").predict(np.stack(xs))
    assert (once != np.concatenate(answers)).any()  # rounding once is another network
