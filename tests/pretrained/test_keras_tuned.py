"""Networks that people built on Keras' MobileNet: made and saved by Keras, read by us."""

from __future__ import annotations

import numpy as np
import pytest
from framework_models import images, random_keras, saved

import npmobile as nm

# Keras 3 with NumPy 2; theirs, not ours.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
CLOSE = {"rtol": 0, "atol": 1e-5}
ENDINGS = pytest.mark.parametrize("ending", [".keras", ".h5"])


def head(keras, features, classes=3, activation="softmax", dropout=0.2, **how):
    """A Dense layer with random weights, through which differences are seen."""
    dense = keras.layers.Dense(classes, activation=activation, **how)
    made = dense(keras.layers.Dropout(dropout)(features))
    rng = np.random.default_rng(1)
    dense.set_weights([rng.normal(0, 0.3, array.shape) for array in dense.get_weights()])
    return made


def tuned(keras, nested=True, alpha=0.25, side=32, activation="softmax", pooling=None, name="mine", before=None, **how):
    """Body and head as people put them together; `before` is put between the image and the body."""
    layers = keras.layers
    body = random_keras(keras, alpha, side, include_top=False, pooling=pooling, **({} if nested else {"name": "body"}))
    body.trainable = False
    inputs = layers.Input((side, side, 3)) if nested else body.input
    x = inputs if before is None else before(inputs)
    x = body(x, training=False) if nested else body.output
    x = x if pooling else layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, head(keras, x, activation=activation, **how), name=name), body


@ENDINGS
@pytest.mark.parametrize("activation", ["softmax", "sigmoid", "linear", None])
@pytest.mark.parametrize("nested", [True, False], ids=["nested", "flat"])
def test_body_and_head_answer_as_in_keras(keras, tmp_path, nested, activation, ending):
    theirs, body = tuned(keras, nested, activation=activation)
    saved(theirs, tmp_path / f"w{ending}")
    ours = nm.load(tmp_path / f"w{ending}")
    x = images(32)
    expected = theirs(x, training=False).numpy()
    assert np.abs(expected - expected.mean()).max() > 0.01
    assert (ours.output, ours.resolution, ours.labels) == (
        activation or "linear",
        32,
        ("class 0", "class 1", "class 2"),
    )
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)
    features = nm.load(tmp_path / f"w{ending}", features=True)
    np.testing.assert_allclose(
        features.predict(x), body(x, training=False).numpy().mean(axis=(1, 2)), rtol=1e-4, atol=1e-5
    )


@ENDINGS
@pytest.mark.parametrize(("alpha", "side"), [(1.0, 64), (0.5, 100), (0.35, 131), (0.25, 225)])
def test_other_widths_and_sides(keras, tmp_path, alpha, side, ending):
    theirs, _ = tuned(keras, side % 2 == 1, alpha=alpha, side=side)
    saved(theirs, tmp_path / f"w{ending}")
    ours = nm.load(tmp_path / f"w{ending}")
    assert ours.resolution == side
    np.testing.assert_allclose(ours.predict(images(side)), theirs(images(side), training=False).numpy(), **CLOSE)


@ENDINGS
@pytest.mark.parametrize("nested", [True, False], ids=["nested", "flat"])
@pytest.mark.parametrize(
    "how", ["pooling in the body", "one class", "no bias", "renamed", "trained", "keepdims and Flatten"]
)
def test_other_ways_to_put_them_together(keras, tmp_path, nested, how, ending):
    layers = keras.layers
    given = {"pooling in the body": {"pooling": "avg"}, "no bias": {"use_bias": False}}.get(how, {})
    given |= {"classes": 1, "activation": "sigmoid"} if how == "one class" else {}
    theirs, body = tuned(keras, nested, **given)
    if how == "renamed" and nested:
        body.name = "my_body"
    elif how == "renamed":
        for layer in body.layers:
            layer.name = f"my_{layer.name}"
    elif how == "trained":
        theirs.compile("adam", "categorical_crossentropy")
        theirs.fit(images(32), np.eye(3)[:2], verbose=0)
    elif how == "keepdims and Flatten":
        x = layers.Flatten()(layers.GlobalAveragePooling2D(keepdims=True)(body.output))
        theirs = keras.Model(body.input, layers.Softmax()(head(keras, x, activation=None)))
    saved(theirs, tmp_path / f"w{ending}")
    ours = nm.load(tmp_path / f"w{ending}")
    np.testing.assert_allclose(ours.predict(images(32)), theirs(images(32), training=False).numpy(), **CLOSE)
    assert ours.labels[0] == ("class 1" if how == "one class" else "class 0")


@ENDINGS
def test_a_sequential_model(keras, tmp_path, ending):
    body = random_keras(keras, 0.25, 32, include_top=False)
    layers = keras.layers
    theirs = keras.Sequential([keras.Input((32, 32, 3)), body, layers.GlobalAveragePooling2D(), layers.Dropout(0.3)])
    theirs.add(layers.Dense(4, activation="softmax"))
    theirs.layers[-1].set_weights([np.random.default_rng(0).normal(0, 0.3, (256, 4)), np.ones(4)])
    saved(theirs, tmp_path / f"w{ending}")
    ours = nm.load(tmp_path / f"w{ending}")
    np.testing.assert_allclose(ours.predict(images(32)), theirs(images(32), training=False).numpy(), **CLOSE)


# Pixels that are scaled inside the model


def rescaling(keras):
    return keras.layers.Rescaling(1 / 127.5, offset=-1)


def augmented(keras):
    layers = keras.layers
    augment = [layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.GaussianNoise(0.1)]
    augment += [layers.RandomZoom(0.1), layers.RandomContrast(0.1)]
    return lambda x: keras.Sequential([*augment, layers.Rescaling(1 / 255)])(x) * 2.0 - 1.0


def preprocessed(keras):
    return keras.applications.mobilenet.preprocess_input


def halved(x):
    return x / 127.5 - 1


def of_each_colour(keras):
    return keras.layers.Rescaling([1 / 50, 1 / 60, 1 / 70], offset=[-2.0, -2.1, -2.2])


@ENDINGS
@pytest.mark.parametrize("before", [rescaling, preprocessed, augmented, of_each_colour])
def test_scaling_inside_the_model_is_how_images_are_prepared(keras, tmp_path, before, ending):
    theirs, _ = tuned(keras, before=before(keras))
    saved(theirs, tmp_path / f"w{ending}")
    ours = nm.load(tmp_path / f"w{ending}")
    pixels = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3)).astype(np.uint8)
    x = np.stack([ours.prepare(image) for image in pixels])
    expected = theirs(pixels.astype(np.float32), training=False).numpy()
    np.testing.assert_allclose(ours.predict(x), expected, **CLOSE)
    assert dict(ours.classify(pixels[1]))["class 2"] == pytest.approx(expected[1, 2], abs=1e-5)


@ENDINGS
@pytest.mark.parametrize("how", ["caffe", "Normalization", "Resizing", "Lambda", "Conv2D", "negative"])
def test_what_is_no_such_scaling_is_refused_by_name(keras, tmp_path, how, ending):
    layers = keras.layers
    make = {
        "caffe": lambda: lambda x: keras.applications.imagenet_utils.preprocess_input(x, mode="caffe"),
        "Normalization": lambda: layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 2.0, 3.0]),
        "Resizing": lambda: layers.Resizing(32, 32),
        "Lambda": lambda: layers.Lambda(halved),
        "Conv2D": lambda: layers.Conv2D(3, 1, use_bias=False),
        "negative": lambda: layers.Rescaling(-1.0),
    }[how]
    theirs, _ = tuned(keras, before=make())
    saved(theirs, tmp_path / f"w{ending}")
    name = {"caffe": "GetItem|get_item", "Conv2D": "conv2d", "negative": "first layers make pixel"}.get(how, how)
    for features in (False, True):
        with pytest.raises(ValueError, match=name) as caught:
            nm.load(tmp_path / f"w{ending}", features=features)
        assert len(str(caught.value)) <= 600


# Heads that are refused; the body is given


def hidden(keras, x):
    return keras.layers.Dense(3, "softmax", name="last")(keras.layers.Dense(8, "relu", name="first")(x))


def max_pooled(keras, maps):
    return keras.layers.Dense(3, name="last")(keras.layers.GlobalMaxPooling2D(name="max")(maps))


def flattened(keras, maps):
    return keras.layers.Dense(3, name="last")(keras.layers.Flatten(name="flat")(maps))


def normalised(keras, x):
    return keras.layers.Dense(3, name="last")(keras.layers.BatchNormalization(name="norm")(x))


def two_outputs(keras, x):
    return [keras.layers.Dense(3, name="a")(x), keras.layers.Dense(2, name="b")(x)]


def tanh(keras, x):
    return keras.layers.Dense(3, "tanh", name="last")(x)


HEADS = {
    hidden: r"its head has hidden layers: its layer 'last' \(Dense\) stands behind 'first'",
    max_pooled: r"its layer 'max' \(GlobalMaxPooling2D\) stands where MobileNet v1 has the average pool",
    flattened: r"its layer 'flat' \(Flatten\) stands where MobileNet v1 has the average pool",
    normalised: r"its layer 'norm' \(BatchNormalization\) stands where MobileNet v1 has the classifier",
    two_outputs: r"it has 2 outputs, \['a', 'b'\], and MobileNet v1 has one",
    tanh: "its classifier ends in 'tanh', and a Model in softmax or sigmoid or linear",
}


@ENDINGS
@pytest.mark.parametrize("nested", [True, False], ids=["nested", "flat"])
@pytest.mark.parametrize("make", HEADS)
def test_other_heads_are_refused_by_name_and_the_body_is_given(keras, tmp_path, make, nested, ending):
    body = random_keras(keras, 0.25, 64, include_top=False)
    x = inputs = keras.layers.Input((64, 64, 3)) if nested else body.input
    maps = body(x) if nested else body.output
    made = make(keras, maps if make in (max_pooled, flattened) else keras.layers.GlobalAveragePooling2D()(maps))
    path = tmp_path / f"w{ending}"
    saved(keras.Model(inputs, made), path)
    with pytest.raises(ValueError, match=HEADS[make]) as caught:
        nm.load(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert line.endswith("load(path, features=True) gives the body alone")
    assert len(line) <= 600
    expected = body(images(64), training=False).numpy().mean(axis=(1, 2))
    np.testing.assert_allclose(nm.load(path, features=True).predict(images(64)), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("nested", [True, False], ids=["nested", "flat"])
def test_weights_alone_do_not_tell_the_head_but_give_the_body(keras, tmp_path, nested):
    theirs, body = tuned(keras, nested)
    saved(theirs, tmp_path / "w.weights.h5")
    with pytest.raises(
        ValueError, match=r"weights alone do not tell .* a whole model saved as \.keras does \(.*features=True"
    ):
        nm.load(tmp_path / "w.weights.h5")
    expected = body(images(32), training=False).numpy().mean(axis=(1, 2))
    ours = nm.load(tmp_path / "w.weights.h5", features=True).at(32)
    np.testing.assert_allclose(ours.predict(images(32)), expected, rtol=1e-4, atol=1e-5)


@ENDINGS
def test_two_inputs_are_refused_by_name(keras, tmp_path, ending):
    layers = keras.layers
    body = random_keras(keras, 0.25, 32, include_top=False, pooling="avg")
    one, two = layers.Input((32, 32, 3), name="one"), layers.Input((4,), name="two")
    made = layers.Dense(3)(layers.Concatenate()([body(one), two]))
    saved(keras.Model([one, two], made), tmp_path / f"w{ending}")
    for features in (False, True):
        with pytest.raises(ValueError, match=r"it has 2 inputs, \['one', 'two'\], and MobileNet v1 has one"):
            nm.load(tmp_path / f"w{ending}", features=features)
