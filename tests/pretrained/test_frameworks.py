"""Keras' and Hugging Face's own MobileNets, with random weights, saved by them and read by us."""

from __future__ import annotations

import os
import warnings

import numpy as np
import pytest

import npmobile as nm

# Keras 3 with NumPy 2; theirs, not ours.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
ALPHAS = [1.0, 0.75, 0.5, 0.25]
RESOLUTIONS = [224, 160, 128]
CLOSE = {"rtol": 0, "atol": 1e-5}


def pictures(resolution, B=2):
    return np.random.default_rng(resolution).uniform(-1, 1, (B, resolution, resolution, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def keras():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    pytest.importorskip(
        "tensorflow", reason="tensorflow is not installed (pip install 'npmobile[frameworks]')", exc_type=ImportError
    )
    import keras

    return keras


@pytest.fixture(scope="module")
def transformers():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(
            "transformers",
            reason="transformers is not installed (pip install 'npmobile[frameworks]')",
            exc_type=ImportError,
        )


def random_keras(keras, alpha, resolution, **how):
    """Keras' MobileNet with random weights and random batch-norm statistics."""
    keras.utils.set_random_seed(0)
    model = keras.applications.MobileNet(alpha=alpha, weights=None, input_shape=(resolution, resolution, 3), **how)
    rng = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            C = layer.gamma.shape[0]
            layer.set_weights(
                [rng.uniform(0.5, 2, C), rng.normal(0, 0.5, C), rng.normal(0, 0.5, C), rng.uniform(0.5, 2, C)]
            )
    return model


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
    x = pictures(resolution)
    expected = theirs(x, training=False).numpy()
    assert expected.max() > 2 * expected.mean()  # not all alike
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)


def test_every_layer_is_keras(keras, tmp_path):
    theirs = random_keras(keras, 0.5, 128)
    theirs.save_weights(tmp_path / "mobilenet.weights.h5")
    ours = nm.load(tmp_path / "mobilenet.weights.h5").at(128)
    x = pictures(128)
    names = [f"{layer.name}_relu" for layer in ours.layers[:-2]]
    steps = keras.Model(theirs.input, [theirs.get_layer(name).output for name in names])(x, training=False)
    for step, expected in zip(ours.forward(x), steps):
        np.testing.assert_allclose(step.y, expected.numpy(), rtol=1e-4, atol=1e-4, err_msg=step.layer.name)


def test_keras_other_files_are_read(keras, tmp_path):
    x = pictures(96)
    theirs = random_keras(keras, 0.25, 96, classes=12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.save(tmp_path / "whole.h5")  # the whole model in the older format
    ours = nm.load(tmp_path / "whole.h5").at(96)
    np.testing.assert_allclose(ours.predict(x), theirs(x, training=False).numpy(), **CLOSE)
    theirs = random_keras(keras, 0.25, 96, include_top=False, pooling="avg")
    theirs.save_weights(tmp_path / "no_top.weights.h5")
    ours = nm.load(tmp_path / "no_top.weights.h5").at(96)
    np.testing.assert_allclose(ours.predict(x), theirs(x, training=False).numpy(), rtol=1e-4, atol=1e-5)


def test_published_layout_is_what_keras_reads(keras, shared, tmp_path):
    """The file that we read by hand gives Keras the same network, and so does the writer of our tests."""
    from weight_files import write_keras

    path = shared / "weights/mobilenet_2_5_224_tf.h5"
    x = pictures(224)
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


# Hugging Face


@pytest.mark.parametrize("resolution", RESOLUTIONS)
@pytest.mark.parametrize("alpha", ALPHAS)
def test_probabilities_are_hugging_faces(torch, transformers, tmp_path, alpha, resolution):
    theirs = random_hugging_face(torch, transformers, alpha, resolution)
    theirs.save_pretrained(tmp_path)
    ours = nm.load(tmp_path / "model.safetensors")
    assert (ours.resolution, len(ours.labels), ours.labels[3]) == (resolution, 1001, "LABEL_3")
    x = pictures(resolution)
    with torch.no_grad():
        expected = theirs(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())).logits.softmax(1).numpy()
    assert expected.max() > 2 * expected.mean()
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)
    assert sum(step.mult_adds for step in ours.forward(x[:1])) == nm.cost.total(nm.cost.table(ours.layers)).mult_adds


@pytest.mark.parametrize("tf_padding", [True, False])
def test_every_layer_is_hugging_faces(torch, transformers, tmp_path, tf_padding):
    theirs = random_hugging_face(torch, transformers, 0.5, 128, tf_padding=tf_padding, layer_norm_eps=0.01)
    theirs.save_pretrained(tmp_path)
    ours = nm.load(tmp_path / "model.safetensors")
    assert (ours.padding, ours.eps) == ("same" if tf_padding else "symmetric", 0.01)
    x = pictures(128)
    with torch.no_grad():
        body = theirs.mobilenet_v1(torch.from_numpy(x.transpose(0, 3, 1, 2).copy()), output_hidden_states=True)
    first, *steps, pooled, _ = ours.forward(x)
    assert len(body.hidden_states) == len(steps) == 26  # theirs leave out the first convolution
    for step, expected in zip(steps, body.hidden_states):
        np.testing.assert_allclose(
            step.y, expected.numpy().transpose(0, 2, 3, 1), rtol=1e-4, atol=1e-4, err_msg=step.layer.name
        )
    np.testing.assert_allclose(pooled.y, body.pooler_output.numpy(), rtol=1e-4, atol=1e-4)


def test_hugging_faces_body_alone_gives_features(torch, transformers, tmp_path):
    theirs = random_hugging_face(torch, transformers, 0.25, 128)
    theirs.mobilenet_v1.save_pretrained(tmp_path)
    ours = nm.load(tmp_path / "model.safetensors")
    x = pictures(128)
    with torch.no_grad():
        expected = theirs.mobilenet_v1(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())).pooler_output.numpy()
    np.testing.assert_allclose(ours.predict(x), expected, rtol=1e-4, atol=1e-5)
