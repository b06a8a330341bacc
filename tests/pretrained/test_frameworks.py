"""Keras' and Hugging Face's own MobileNets, with random weights, saved by them and read by us."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace

import numpy as np
import pytest
from framework_models import images, random_keras, saved

import npmobile as nm

# Keras 3 with NumPy 2; theirs, not ours.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
ALPHAS = [1.0, 0.75, 0.5, 0.25]
RESOLUTIONS = [224, 160, 128]
CLOSE = {"rtol": 0, "atol": 1e-5}


@pytest.fixture(scope="module")
def transformers():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(
            "transformers",
            reason="transformers is not installed (pip install 'npmobile[frameworks]')",
            exc_type=ImportError,
        )


def random_hugging_face(torch, transformers, alpha, resolution, labels=1001, **how):
    torch.manual_seed(0)
    config = transformers.MobileNetV1Config(depth_multiplier=alpha, image_size=resolution, num_labels=labels, **how)
    model = transformers.MobileNetV1ForImageClassification(config).eval()
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, torch.nn.Conv2d):
                torch.nn.init.kaiming_normal_(module.weight)
            if isinstance(module, torch.nn.BatchNorm2d):
                for array, low, high in ((module.weight, 0.5, 2), (module.bias, -0.5, 0.5)):
                    array.uniform_(low, high)
                module.running_mean.uniform_(-0.5, 0.5)
                module.running_var.uniform_(0.5, 2)
    return model


# Keras


@pytest.mark.parametrize("resolution", RESOLUTIONS)
@pytest.mark.parametrize("alpha", ALPHAS)
def test_probabilities_are_keras(keras, tmp_path, alpha, resolution):
    theirs = random_keras(keras, alpha, resolution)
    theirs.save_weights(tmp_path / "mobilenet.weights.h5")
    ours = nm.load(tmp_path / "mobilenet.weights.h5").at(resolution)
    x = images(resolution)
    expected = theirs(x, training=False).numpy()
    assert expected.max() > 2 * expected.mean()  # not all alike
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)


SIDES = [32, 64, 100, 131, 160, 200, 224, 225, 255, 299]


@pytest.mark.parametrize(
    ("ending", "side"), [(".weights.h5", side) for side in SIDES] + [(".h5", 100), (".h5", 225), (".keras", 299)]
)
def test_probabilities_are_keras_at_any_side(keras, tmp_path, side, ending):
    """At sides that are odd after some layer, TensorFlow's "same" gives others by more than a thousandth."""
    theirs = random_keras(keras, 0.25, side, classes=20)
    path = tmp_path / f"network{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (theirs.save_weights if "weights" in ending else theirs.save)(path)
    ours = nm.load(path)
    ours = ours.at(side) if "weights" in ending else ours  # a whole model says its side
    assert ours.resolution == side
    x = images(side)
    expected = theirs(x, training=False).numpy()
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)
    np.testing.assert_allclose(nm.predict(x, ours.layers, ours.weights), expected, **CLOSE)
    if side in (100, 131, 200, 225, 299):  # at 255 the sides are even from conv1 on
        assert np.abs(replace(ours, padding="same").predict(x) - expected).max() > 1e-3


@pytest.mark.parametrize("side", [100, 131, 225, 299])
@pytest.mark.parametrize("alpha", ["2_5", "7_5"])
def test_trained_files_answer_as_in_keras_at_any_side(keras, shared, side, alpha):
    path = shared / f"weights/mobilenet_{alpha}_224_tf.h5"
    theirs = keras.applications.MobileNet(
        alpha=0.25 if alpha == "2_5" else 0.75, weights=None, input_shape=(side, side, 3)
    )
    theirs.load_weights(path)
    ours = nm.load(path).at(side)
    x = np.stack([ours.prepare(shared / f"images/{name}_cc0.jpg") for name in ("cat_tabby", "pizza")])
    expected = theirs(x, training=False).numpy()
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)
    assert np.abs(replace(ours, padding="same").predict(x) - expected).max() > 1e-3


def test_every_layer_is_keras(keras, tmp_path):
    theirs = random_keras(keras, 0.5, 131)
    theirs.save_weights(tmp_path / "mobilenet.weights.h5")
    ours = nm.load(tmp_path / "mobilenet.weights.h5").at(131)
    x = images(131)
    names = [f"{layer.name}_relu" for layer in ours.layers[:-2]]
    steps = keras.Model(theirs.input, [theirs.get_layer(name).output for name in names])(x, training=False)
    for step, expected in zip(ours.forward(x), steps):
        np.testing.assert_allclose(step.y, expected.numpy(), rtol=1e-4, atol=1e-4, err_msg=step.layer.name)


@pytest.mark.parametrize("ending", [".weights.h5", ".h5", ".keras"])
@pytest.mark.parametrize(
    ("how", "kind"), [({"include_top": False, "pooling": "avg"}, "pool"), ({"include_top": False}, "pointwise")]
)
def test_keras_networks_without_a_classifier_give_features(keras, tmp_path, ending, how, kind):
    theirs = random_keras(keras, 0.25, 96, **how)
    path = tmp_path / f"no_top{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (theirs.save_weights if "weights" in ending else theirs.save)(path)
    ours = nm.load(path).at(96)
    x = images(96)
    expected = theirs(x, training=False).numpy()
    if "weights" in ending and kind == "pointwise":
        expected = expected.mean(axis=(1, 2))  # weights alone do not tell that nothing pools
    else:
        assert ours.layers[-1].kind == kind
    *_, last = ours.forward(x)
    np.testing.assert_allclose(last.y, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("ending", [".weights.h5", ".h5", ".keras"])
def test_keras_optimizer_is_left_out(keras, tmp_path, ending):
    theirs = random_keras(keras, 0.25, 32, classes=3)
    theirs.compile("adam", "categorical_crossentropy")
    theirs.fit(images(32), np.eye(3)[:2], verbose=0)
    path = tmp_path / f"trained{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (theirs.save_weights if "weights" in ending else theirs.save)(path)
    x = images(32)
    np.testing.assert_allclose(nm.load(path).at(32).predict(x), theirs(x, training=False).numpy(), **CLOSE)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid", None])
@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_the_function_behind_keras_classifier_is_applied(keras, tmp_path, activation, ending):
    theirs = random_keras(keras, 0.25, 32, classes=3, classifier_activation=activation)
    saved(theirs, tmp_path / f"network{ending}")
    ours = nm.load(tmp_path / f"network{ending}")
    assert ours.output == (activation or "linear")
    np.testing.assert_allclose(ours.predict(images(32)), theirs(images(32), training=False).numpy(), **CLOSE)


@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_another_function_behind_keras_classifier_is_refused(keras, tmp_path, ending):
    theirs = random_keras(keras, 0.25, 32, classes=3, classifier_activation="relu")
    saved(theirs, tmp_path / f"network{ending}")
    with pytest.raises(ValueError, match="its classifier ends in 'relu', and a Model in softmax or sigmoid or linear"):
        nm.load(tmp_path / f"network{ending}")


def further(keras, kind):
    """Networks that people make of MobileNet: (model, what the refusal says of a whole file, and of weights)."""
    layers = keras.layers
    base = random_keras(keras, 0.25, 32, include_top=False, pooling="avg")
    if kind == "two":
        x = inputs = layers.Input((32, 32, 3))
        other = random_keras(keras, 0.25, 32, include_top=False, pooling="avg", name="other")
        model = keras.Model(inputs, layers.Add()([base(x), other(x)]))
        return model, "must follow 'mobilenet_0.25_32' alone", "its classifier is not MobileNet v1's own"
    if kind == "layer in front":
        x = inputs = layers.Input((32, 32, 3))
        x = layers.Conv2D(3, 3, padding="same", use_bias=False, name="mine")(x)
        whole = random_keras(keras, 0.25, 32, input_tensor=x, classes=3)
        return (
            keras.Model(inputs, whole.output),
            r"mine: strides is \[1, 1\], and MobileNet v1 has \[2, 2\]",
            "is of layer 'mine'",
        )
    if kind == "depth_multiplier 2":
        return (
            random_keras(keras, 0.25, 32, depth_multiplier=2),
            "depth_multiplier is 2, and",
            "depth_multiplier 2, and",
        )
    assert kind == "max pool"
    return random_keras(keras, 0.25, 32, include_top=False, pooling="max"), "GlobalMaxPooling2D", ""


FURTHER = ["two", "layer in front", "depth_multiplier 2"]


@pytest.mark.parametrize(
    ("kind", "ending"),
    [(kind, ending) for kind in FURTHER for ending in (".weights.h5", ".h5", ".keras")]
    + [("max pool", ".h5"), ("max pool", ".keras")],  # a file of weights does not tell how features are pooled
)
def test_networks_made_of_mobilenet_are_refused_by_name(keras, tmp_path, kind, ending):
    model, whole, weights = further(keras, kind)
    path = tmp_path / f"network{ending}"
    problem = weights if "weights" in ending else whole
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (model.save_weights if "weights" in ending else model.save)(path)
    with pytest.raises(ValueError, match=problem) as caught:
        nm.load(path)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value)) <= 600


def test_published_layout_is_what_keras_reads(keras, shared, tmp_path):
    """The file that we read by hand gives Keras the same network, and so does the writer of our tests."""
    from weight_files import write_keras

    path = shared / "weights/mobilenet_2_5_224_tf.h5"
    x = images(224)
    ours = nm.load(path)
    theirs = keras.applications.MobileNet(alpha=0.25, weights=None)
    theirs.load_weights(path)
    np.testing.assert_allclose(ours.predict(x), theirs(x, training=False).numpy(), **CLOSE)
    write_keras(tmp_path / "again.h5", ours.weights)
    again = nm.load(tmp_path / "again.h5")
    assert all(
        np.array_equal(a, again.weights[layer][name])
        for layer, arrays in ours.weights.items()
        for name, a in arrays.items()
    )


@pytest.mark.parametrize("how", ["today", "zeros before conv1", "zeros all round"])
def test_old_whole_models_are_read_as_keras_reads_them(keras, tmp_path, how):
    """Keras and we read the same file, whose config is typed out in weight_files."""
    from weight_files import keras_config, model_config, rows_of, trained, write_whole_h5

    layers = nm.mobilenet(0.25, classes=5)
    config = keras_config(2, side=131, layers=layers, pad_conv1=how != "today")
    if how == "zeros all round":
        rows = rows_of(config)
        for _, _, settings in rows:
            if settings.get("padding") == [[0, 1], [0, 1]]:
                settings["padding"] = [[1, 1], [1, 1]]
        config = model_config(rows)
    write_whole_h5(tmp_path / "old.h5", trained(layers), config)
    theirs = keras.models.load_model(tmp_path / "old.h5", compile=False)
    ours = nm.load(tmp_path / "old.h5")
    x = images(131)
    expected = np.reshape(theirs([x], training=False), (2, 5))
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)
    for layer in ours.layers[:-2]:
        assert theirs.get_layer(layer.name).output.shape[1] == layer.D_G
    sides = [layer.D_G for layer in ours.layers if layer.stride == 2]
    assert (
        sides
        == {
            "today": [66, 33, 16, 8, 4],
            "zeros before conv1": [65, 32, 16, 8, 4],
            "zeros all round": [66, 33, 17, 9, 5],
        }[how]
    )


# Hugging Face


@pytest.mark.parametrize("resolution", RESOLUTIONS)
@pytest.mark.parametrize("alpha", ALPHAS)
def test_probabilities_are_hugging_faces(torch, transformers, tmp_path, alpha, resolution):
    theirs = random_hugging_face(torch, transformers, alpha, resolution)
    theirs.save_pretrained(tmp_path)
    ours = nm.load(tmp_path / "model.safetensors")
    assert (ours.resolution, len(ours.labels), ours.labels[3]) == (resolution, 1001, "LABEL_3")
    x = images(resolution)
    with torch.no_grad():
        expected = theirs(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())).logits.softmax(1).numpy()
    assert expected.max() > 2 * expected.mean()
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)
    assert sum(step.mult_adds for step in ours.forward(x[:1])) == nm.cost.total(nm.cost.table(ours.layers)).mult_adds


@pytest.mark.parametrize("tf_padding", [True, False])
def test_every_layer_is_hugging_faces(torch, transformers, tmp_path, tf_padding):
    theirs = random_hugging_face(torch, transformers, 0.5, 131, tf_padding=tf_padding, layer_norm_eps=0.01)
    theirs.save_pretrained(tmp_path)
    ours = nm.load(tmp_path / "model.safetensors")
    assert (ours.padding, ours.eps) == ("same" if tf_padding else "symmetric", 0.01)
    x = images(131)
    with torch.no_grad():
        body = theirs.mobilenet_v1(torch.from_numpy(x.transpose(0, 3, 1, 2).copy()), output_hidden_states=True)
    first, *steps, pooled, _ = ours.forward(x)
    assert len(body.hidden_states) == len(steps) == 26  # theirs leave out the first convolution
    for step, expected in zip(steps, body.hidden_states):
        np.testing.assert_allclose(
            step.y, expected.numpy().transpose(0, 2, 3, 1), rtol=1e-4, atol=1e-4, err_msg=step.layer.name
        )
    np.testing.assert_allclose(pooled.y, body.pooler_output.numpy(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("missing", ["tf_padding", "layer_norm_eps", "image_size", "hidden_act"])
def test_a_key_that_config_lacks_means_what_transformers_takes(torch, transformers, tmp_path, missing):
    random_hugging_face(torch, transformers, 0.25, 224, labels=20).save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config.pop(missing, None)
    (tmp_path / "config.json").write_text(json.dumps(config))
    theirs = transformers.MobileNetV1ForImageClassification.from_pretrained(tmp_path).eval()
    x = images(224)
    with torch.no_grad():
        expected = theirs(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())).logits.softmax(1).numpy()
    ours = nm.load(tmp_path / "model.safetensors")
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)
    for mistake in ({"padding": "symmetric"}, {"eps": 1e-2}):
        assert np.abs(replace(ours, **mistake).predict(x) - expected).max() > 1e-4


def test_hugging_faces_body_alone_gives_features(torch, transformers, tmp_path):
    theirs = random_hugging_face(torch, transformers, 0.25, 128)
    theirs.mobilenet_v1.save_pretrained(tmp_path)
    ours = nm.load(tmp_path / "model.safetensors")
    x = images(128)
    with torch.no_grad():
        expected = theirs.mobilenet_v1(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())).pooler_output.numpy()
    np.testing.assert_allclose(ours.predict(x), expected, rtol=1e-4, atol=1e-5)


PROCESSORS = {
    "as published": {},
    "no crop": {"do_center_crop": False, "size": {"height": 224, "width": 224}},
    "192": {"size": {"shortest_edge": 219}, "crop_size": {"height": 192, "width": 192}},
    "crop 160 of 400 x 300": {"size": {"height": 400, "width": 300}, "crop_size": {"height": 160, "width": 160}},
    "crop larger than the image": {"size": {"shortest_edge": 150}, "crop_size": {"height": 224, "width": 224}},
    "bicubic": {"resample": 3},
    "nearest": {"resample": 0},
    "lanczos": {"resample": 1},
    "0 .. 255": {"do_rescale": False, "do_normalize": False},
    "0 .. 1": {"do_normalize": False},
    "normalised pixels": {"do_rescale": False, "image_mean": [120.0, 115.0, 105.0], "image_std": [60.0, 58.0, 57.0]},
    "ImageNet's": {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]},
    "rescale_factor": {"rescale_factor": 1 / 127.5, "image_mean": [1.0, 1.0, 1.0], "image_std": [1.0, 1.0, 1.0]},
}


@pytest.mark.parametrize("how", PROCESSORS)
def test_photographs_are_prepared_as_transformers_does(torch, transformers, shared, tmp_path, how):
    """From file to probabilities: their processor and their model, saved and read by us."""
    from PIL import Image
    from transformers.models.mobilenet_v1.image_processing_pil_mobilenet_v1 import MobileNetV1ImageProcessorPil

    theirs = random_hugging_face(torch, transformers, 0.25, 224, labels=20)
    processor = MobileNetV1ImageProcessorPil(**PROCESSORS[how])
    theirs.save_pretrained(tmp_path)
    processor.save_pretrained(tmp_path)
    ours = nm.load(tmp_path / "model.safetensors")
    changed = 0.0
    for name in ("cat_tabby", "coffee_cup", "pizza"):
        path = shared / f"images/{name}_cc0.jpg"
        x = processor(Image.open(path).convert("RGB"), return_tensors="pt")["pixel_values"].float()
        assert ours.resolution == x.shape[-1]
        np.testing.assert_allclose(
            ours.prepare(path), x[0].numpy().transpose(1, 2, 0), rtol=1e-4, atol=1e-4 * float(x.abs().max())
        )
        with torch.no_grad():
            expected = theirs(x).logits.softmax(1).numpy()
        np.testing.assert_allclose(ours.predict(ours.prepare(path)[np.newaxis]), expected, **CLOSE)
        usual = replace(ours, preparation=None)
        changed = max(changed, np.abs(usual.predict(usual.prepare(path)[np.newaxis]) - expected).max())
    assert changed > 1e-4  # images prepared as for Keras give other answers
