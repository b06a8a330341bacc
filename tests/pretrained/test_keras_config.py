"""The config of a whole Keras model: read, or refused by the name of the layer and the setting."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
from weight_files import (
    CLASSES,
    STRIDES,
    keras_config,
    model_config,
    rows_of,
    trained,
    write_whole_h5,
    write_whole_keras,
)

import npmobile as nm
from npmobile.pretrained import keras_config as reader
from npmobile.pretrained.settings import Settings

STYLES = pytest.mark.parametrize("style", [2, 3])


def fields(config):
    """What is read; a head that is refused is an error here."""
    found = reader.fields(Settings(config, "model_config")).fields
    if "head_problem" in found:
        raise ValueError(found["head_problem"])
    return found


def layer(config, name):
    return next(row for row in config["config"]["layers"] if row["config"]["name"] == name)


def changed(style=2, of=None, /, **settings):
    """The config with other settings of one layer; a setting of `...` is taken away."""
    config = keras_config(style)
    found = layer(config, of)["config"]
    for key, value in settings.items():
        if value is ...:
            del found[key]
        else:
            found[key] = value
    return config


def refused(config, problem):
    with pytest.raises(ValueError, match=problem):
        fields(config)


# What is read


@STYLES
def test_todays_mobilenet(style):
    found = fields(keras_config(style, side=131))
    assert (found["resolution"], found["eps"], found["classifier"], found["output"]) == (131, 1e-3, True, "softmax")
    padding = {f"conv_dw_{block}": "keras" for block, stride in enumerate(STRIDES, start=1) if stride == 2}
    assert {name: p for name, p in found["paddings"].items() if p != "same"} == padding
    assert (len(found["paddings"]), found["padding"]) == (27, "same")


@STYLES
def test_any_side(style):
    config = keras_config(style, side=None)
    assert "resolution" not in fields(config)


@STYLES
@pytest.mark.parametrize("side", [31, 0, -1, True, 96.0, "96", 10**30, [96]])
def test_other_sides_are_refused(style, side):
    refused(keras_config(style, side=side), r"input: batch_(input_)?shape must be \[null, side, side, 3\]")


@pytest.mark.parametrize("shape", [[None, 96, 97, 3], [None, 96, 96, 1], [None, 3, 96, 96], [96, 96, 3], None, {}])
def test_other_shapes_are_refused(shape):
    refused(changed(2, "input", batch_input_shape=shape), r"input: batch_input_shape must be \[null, side, side, 3\]")


def old(zeros, padding="valid"):
    """The config of Keras before 2.2: zeros before every convolution of 3 x 3, at stride 1 too."""
    config = keras_config(2, pad_conv1=True)
    rows = []
    for row in config["config"]["layers"]:
        if row["class_name"] == "DepthwiseConv2D" and rows[-1][0] != "ZeroPadding2D":
            rows.append(("ZeroPadding2D", f"{row['name']}_pad", {"padding": zeros}))
        rows.append((row["class_name"], row["name"], row["config"]))
    for kind, _, settings in rows:
        if kind == "ZeroPadding2D":
            settings["padding"] = zeros
        if settings.get("kernel_size") == [3, 3]:
            settings["padding"] = padding
    return model_config(rows)


def test_zeros_before_conv1_are_read():
    found = fields(keras_config(2, pad_conv1=True))
    assert found["paddings"]["conv1"] == "keras"


def test_zeros_all_round_are_symmetric():
    paddings = fields(old([[1, 1], [1, 1]]))["paddings"]
    windowed = {name for name in paddings if name == "conv1" or name.startswith("conv_dw")}
    assert {name for name, padding in paddings.items() if padding == "symmetric"} == windowed
    assert {paddings[name] for name in paddings.keys() - windowed} == {"same"}


def test_no_zeros_at_all_are_valid():
    config = keras_config(2)
    for name in ("conv1", "conv_dw_1"):
        layer(config, name)["config"]["padding"] = "valid"
    paddings = fields(config)["paddings"]
    assert (paddings["conv1"], paddings["conv_dw_1"], paddings["conv_dw_3"]) == ("valid", "valid", "same")


@pytest.mark.parametrize("padding", ["same", "valid", ...])
def test_the_padding_of_a_pointwise_convolution_changes_nothing(padding):
    assert fields(changed(2, "conv_pw_5", padding=padding)) == fields(keras_config(2))


@pytest.mark.parametrize(
    ("zeros", "problem"),
    [
        ([[1, 0], [1, 0]], r"conv1_pad: padding is \[\[1, 0\], \[1, 0\]\]"),
        ([[0, 1], [1, 1]], r"conv1_pad: padding is"),
        ([[2, 2], [2, 2]], r"conv1_pad: padding is"),
        (1, "conv1_pad: padding is 1"),
    ],
)
def test_other_zeros_are_refused(zeros, problem):
    refused(old(zeros), problem)


def test_zeros_below_and_right_at_stride_1_are_refused():
    refused(old([[0, 1], [0, 1]]), r"conv_dw_1_pad: padding is \[\[0, 1\], \[0, 1\]\], and MobileNet v1 has \[\[1, 1\]")


def test_zeros_before_a_convolution_that_pads_too_are_refused():
    refused(old([[1, 1], [1, 1]], "same"), "conv1: padding is 'same', and MobileNet v1 has 'valid'")
    refused(old([[1, 1], [1, 1]], "causal"), "conv1: padding is 'causal'")


def test_relu6_as_a_function_is_read():
    config = keras_config(2)
    for row in config["config"]["layers"]:
        if row["class_name"] == "ReLU":
            row["class_name"] = "Activation"
            row["config"] = {"name": row["name"], "activation": "relu6"}
    assert fields(config) == fields(keras_config(2))


@STYLES
def test_another_epsilon_is_read(style):
    config = keras_config(style)
    for row in config["config"]["layers"]:
        if row["class_name"] == "BatchNormalization":
            row["config"]["epsilon"] = 0.01
    assert fields(config)["eps"] == 0.01


@STYLES
def test_without_a_classifier(style):
    none = fields(keras_config(style, top=False))
    assert (none["pool"], none["classifier"]) == (False, False)
    rows = [
        (row["class_name"], row["name"], row["config"]) for row in keras_config(style, top=False)["config"]["layers"]
    ]
    pooled = fields(model_config([*rows, ("GlobalAveragePooling2D", "pool", {"keepdims": False})], style))
    assert pooled.get("pool", True)
    assert pooled["classifier"] is False


def test_the_softmax_of_old_keras_stands_before_the_reshape():
    config = keras_config(2)
    rows = rows_of(config)
    *body, reshape, softmax = rows
    assert fields(model_config([*body, softmax, reshape]))["output"] == "softmax"


@pytest.mark.parametrize("output", ["softmax", "sigmoid", "linear"])
def test_the_function_behind_the_classifier_is_read(tmp_path, output):
    config = changed(2, "predictions", activation=output)
    assert fields(config)["output"] == output
    write_whole_h5(tmp_path / "w.h5", trained(), config)
    assert nm.load(tmp_path / "w.h5").output == output


def test_another_function_behind_the_classifier_is_refused(tmp_path):
    config = changed(2, "predictions", activation="log_softmax")
    write_whole_h5(tmp_path / "w.h5", trained(), config)
    with pytest.raises(
        ValueError, match=r"w\.h5: its classifier ends in 'log_softmax', and a Model in softmax or sigmoid"
    ):
        nm.load(tmp_path / "w.h5")
    assert nm.load(tmp_path / "w.h5", features=True).layers[-1].name == "pool"


def test_a_sequential_model_is_read():
    config = keras_config(2)
    config["class_name"] = "Sequential"
    for row in config["config"]["layers"]:
        del row["inbound_nodes"], row["name"]
    del config["config"]["output_layers"]
    assert fields(config) == fields(keras_config(2))


# What is refused


BAD_SETTINGS = [
    ("conv1", {"data_format": "channels_first"}, "conv1: data_format is 'channels_first'"),
    ("conv1", {"dilation_rate": [2, 2]}, r"conv1: dilation_rate is \[2, 2\]"),
    ("conv1", {"activation": "relu"}, "conv1: activation is 'relu'"),
    ("conv1", {"use_bias": True}, "conv1: use_bias is True"),
    ("conv1", {"use_bias": ...}, "conv1: use_bias is True"),
    ("conv1", {"strides": [1, 1]}, r"conv1: strides is \[1, 1\], and MobileNet v1 has \[2, 2\]"),
    ("conv1", {"strides": ...}, r"conv1: strides is \[1, 1\], and MobileNet v1 has \[2, 2\]"),
    ("conv1", {"kernel_size": [5, 5]}, r"conv1: kernel_size is \[5, 5\]"),
    ("conv1", {"kernel_size": ...}, "conv1: kernel_size is None"),
    ("conv1", {"groups": 3}, "conv1: groups is 3"),
    ("conv1", {"padding": "full"}, "conv1: padding is 'full'"),
    ("conv1", {"padding": None}, "conv1: padding is None"),
    ("conv_dw_3", {"depth_multiplier": 2}, "conv_dw_3: depth_multiplier is 2"),
    ("conv_dw_3", {"strides": [2, 2]}, r"conv_dw_3: strides is \[2, 2\]"),
    ("conv_dw_3", {"data_format": "channels_first"}, "conv_dw_3: data_format is 'channels_first'"),
    ("conv_pw_3", {"kernel_size": [3, 3]}, r"conv_pw_3: kernel_size is \[3, 3\]"),
    ("conv_pw_3", {"strides": [2, 2]}, r"conv_pw_3: strides is \[2, 2\]"),
    ("conv_pad_2", {"data_format": "channels_first"}, "conv_pad_2: data_format is 'channels_first'"),
    ("conv_pad_2", {"padding": ...}, None),  # Keras' default is one zero all round
    ("conv_pw_3_bn", {"axis": 1}, "conv_pw_3_bn: axis is 1"),
    ("conv_pw_3_bn", {"axis": [1]}, r"conv_pw_3_bn: axis is \[1\]"),
    ("conv_pw_3_bn", {"scale": False}, "conv_pw_3_bn: scale is False"),
    ("conv_pw_3_bn", {"center": False}, "conv_pw_3_bn: center is False"),
    ("conv_pw_3_bn", {"epsilon": 0.01}, "epsilon must be the same in all layers, but is 0.001 and 0.01"),
    ("conv_pw_3_bn", {"epsilon": 0}, "conv_pw_3_bn: epsilon must be a finite number above 0, but is 0"),
    ("conv_pw_3_bn", {"epsilon": -1e-3}, "conv_pw_3_bn: epsilon must be a finite number above 0"),
    ("conv_pw_3_bn", {"epsilon": float("nan")}, "conv_pw_3_bn: epsilon must be a finite number above 0, but is nan"),
    ("conv_pw_3_bn", {"epsilon": None}, "conv_pw_3_bn: epsilon must be a finite number above 0, but is None"),
    ("conv_pw_3_bn", {"epsilon": True}, "conv_pw_3_bn: epsilon must be a finite number above 0, but is True"),
    ("conv_pw_3_bn", {"epsilon": ...}, None),  # Keras' default is 1e-3
    ("conv_pw_3_bn", {"axis": ...}, None),
    ("conv_pw_3_bn", {"axis": 3}, None),
    ("conv_pw_3_bn", {"axis": [-1]}, None),
    ("conv_pw_3_bn", {"scale": ..., "center": ...}, None),
    ("conv_pw_3_bn", {"momentum": 0.5}, None),  # of training alone
    ("conv_pw_3_relu", {"max_value": None}, "conv_pw_3_relu: max_value is None, and MobileNet v1 has 6.0"),
    ("conv_pw_3_relu", {"max_value": ...}, "conv_pw_3_relu: max_value is None"),
    ("conv_pw_3_relu", {"max_value": 8.0}, "conv_pw_3_relu: max_value is 8.0"),
    ("conv_pw_3_relu", {"negative_slope": 0.1}, "conv_pw_3_relu: negative_slope is 0.1"),
    ("conv_pw_3_relu", {"threshold": 1}, "conv_pw_3_relu: threshold is 1"),
    ("conv_pw_3_relu", {"max_value": 6, "negative_slope": 0, "threshold": ...}, None),
    ("pool", {"data_format": "channels_first"}, "pool: data_format is 'channels_first'"),
    ("conv_preds", {"activation": "softmax"}, "'predictions' is a second function behind the classifier"),
    ("conv_preds", {"activation": None}, None),
    ("conv_preds", {"use_bias": False}, None),
    ("conv_preds", {"use_bias": 0}, "conv_preds: use_bias must be true or false, but is 0"),
    ("conv_preds", {"kernel_size": [3, 3]}, r"conv_preds: kernel_size is \[3, 3\]"),
    ("conv_preds", {"strides": [2, 2]}, r"conv_preds: strides is \[2, 2\]"),
    ("conv_preds", {"data_format": "channels_first"}, "conv_preds: data_format is 'channels_first'"),
    ("reshape_2", {"target_shape": [7, 1]}, r"reshape_2: target_shape is \[7, 1\], and MobileNet v1 has \[7\]"),
    ("reshape_2", {"target_shape": [-1]}, None),
    ("predictions", {"activation": None}, "predictions: activation must be text, but is None"),
    ("predictions", {"activation": {"class_name": "function"}}, "predictions: activation must be text"),
    ("dropout", {"rate": 0.5}, None),  # of training alone
    ("conv1", {"name": "stem"}, None),
    ("conv_pw_3_bn", {"name": "norm"}, None),
    ("conv_preds", {"name": "head"}, None),
    ("conv1", {"name": None}, "layer 1: config: name must be text, but is None"),
]


@STYLES
@pytest.mark.parametrize(("name", "settings", "problem"), BAD_SETTINGS)
def test_settings_of_other_networks_are_refused_by_name(style, name, settings, problem):
    if name == "conv1" and "name" in settings:
        style = 2
    config = changed(style, name, **settings)
    if settings.get("name"):  # the next layer follows the new name
        config = model_config(rows_of(config), style)
    if problem is None:
        found, usual = fields(config), fields(keras_config(style))
        if name == "conv_pad_2":
            usual["paddings"]["conv_dw_2"] = "symmetric"
        assert found == usual
    else:
        refused(config, problem)


def test_another_function_than_relu6_is_refused():
    config = keras_config(2)
    row = layer(config, "conv1_relu")
    row["class_name"], row["config"] = "Activation", {"name": "conv1_relu", "activation": "swish"}
    refused(config, "conv1_relu: activation is 'swish', and MobileNet v1 has 'relu6'")


@STYLES
@pytest.mark.parametrize(
    ("place", "row", "problem"),
    [
        (0, ("Rescaling", "scale", {}), r"its layer 'scale' \(Rescaling\) stands where MobileNet v1 has an input$"),
        (1, ("InputLayer", "second", {}), r"its layer 'second' \(InputLayer\) stands where MobileNet v1 has no input$"),
        (1, ("Resizing", "size", {}), r"its layer 'size' \(Resizing\) stands where MobileNet v1 has conv1$"),
        (
            1,
            ("Normalization", "scale", {}),
            r"its layer 'scale' \(Normalization\) stands where MobileNet v1 has conv1$",
        ),
        (1, ("Lambda", "scale", {}), r"its layer 'scale' \(Lambda\) stands where MobileNet v1 has conv1$"),
        (1, ("Conv2D", "mine", {"kernel_size": [3, 3]}), r"mine: strides is \[1, 1\], and MobileNet v1 has \[2, 2\]$"),
        (1, ("Sequential", "base", {}), "layer 1: config: layers must be a list of JSON objects, but is missing"),
        (9, ("Functional", "base", {}), "layer 9: config: layers must be a list of JSON objects, but is missing"),
        (4, ("ReLU", "again", {}), r"its layer 'again' \(ReLU\) stands where MobileNet v1 has conv_dw_1$"),
        (
            -4,
            ("Dense", "dense", {}),
            r"^its head has hidden layers: its layer 'conv_preds' \(Conv2D\) stands behind 'dense'$",
        ),
        (
            -4,
            ("BatchNormalization", "bn", {}),
            r"its layer 'bn' \(BatchNormalization\) stands where .* the classifier$",
        ),
        (-5, ("GlobalMaxPooling2D", "max", {}), r"'max' \(GlobalMaxPooling2D\) stands where .* the average pool$"),
        (-5, ("Flatten", "flat", {}), r"its layer 'flat' \(Flatten\) stands where .* the average pool$"),
        (
            None,
            ("Dense", "more", {}),
            r"^its head has hidden layers: its layer 'more' \(Dense\) stands behind 'conv_preds'$",
        ),
        (None, ("Activation", "more", {"activation": "softmax"}), "'more' is a second function behind the classifier"),
        (7, ("ZeroPadding2D", "zeros", {"padding": [[1, 1], [1, 1]]}), r"'zeros' .* stands where .* has conv_pw_1$"),
    ],
)
def test_layers_of_other_networks_are_refused_by_name(style, place, row, problem):
    rows = rows_of(keras_config(style))
    rows.insert(len(rows) if place is None else place, row)
    refused(model_config(rows, style), problem)


@STYLES
@pytest.mark.parametrize("count", [0, 1, 5, 50, 85])
def test_a_config_that_ends_too_early_is_refused(style, count):
    rows = rows_of(keras_config(style))[:count]
    refused(model_config(rows, style), "its layers end before ")


@STYLES
def test_layers_of_somebodys_own_are_refused_though_they_have_the_name_of_keras(style):
    config = keras_config(style)
    layer(config, "conv1_relu")["module"] = "mine"
    refused(config, "model_config: layer 3: module is 'mine', and MobileNet v1 has 'keras.layers'")
    config = keras_config(style)
    layer(config, "conv1_relu")["registered_name"] = "mine>ReLU"
    refused(config, "model_config: layer 3: registered_name is 'mine>ReLU', and MobileNet v1 has None")


def nodes(style, before, node=0, **how):
    if style == 3:
        history = {"class_name": "__keras_tensor__", "config": {"keras_history": [before, node, 0]}}
        return [{"args": [history], "kwargs": how}]
    return [[[before, node, 0, how]]]


@STYLES
def test_layers_must_follow_each_other(style):
    config = keras_config(style)
    row = layer(config, "conv_dw_1")
    for inbound in (
        nodes(style, "conv1_bn"),
        nodes(style, "conv1_relu", node=1),
        nodes(style, "conv1_relu") * 2,
        [],
        None,
        ...,
        [[["conv1_relu", 0, 0, {}], ["conv1_bn", 0, 0, {}]]],
    ):
        row["inbound_nodes"] = inbound
        if inbound is ...:
            del row["inbound_nodes"]
        refused(config, "model_config: layer 4: 'conv_dw_1' must follow 'conv1_relu' alone")
    for how in ({"training": True}, {"mask": [1]}, {"training": 1}):
        row["inbound_nodes"] = nodes(style, "conv1_relu", **how)
        refused(config, "model_config: layer 4: 'conv_dw_1' is run with ")
    row["inbound_nodes"] = nodes(style, "conv1_relu", training=False, mask=None)
    assert fields(config) == fields(keras_config(style))


@STYLES
@pytest.mark.parametrize(
    "outputs", [["conv_pw_13_relu", 0, 0], [["pool", 0, 0], ["predictions", 0, 0]], [["predictions", 1, 0]], None, []]
)
def test_a_model_must_give_its_last_layer_alone(style, outputs):
    config = keras_config(style)
    config["config"]["output_layers"] = outputs
    refused(
        config, r"output_layers is .*, and MobileNet v1 has \['predictions', 0, 0\]|it has 2 outputs, \['pool', 'pred"
    )


@pytest.mark.parametrize("value", [None, 3, "x", [], [1], True, {"a": 1}])
@pytest.mark.parametrize("key", ["class_name", "config", "layers", "row", "row class", "row config", "inbound"])
def test_values_of_any_other_type_are_refused(key, value):
    config = keras_config(3)
    row = layer(config, "conv_dw_1")
    place = {"class_name": config, "config": config, "layers": config["config"], "inbound": row}.get(key, row)
    name = {"row class": "class_name", "row config": "config", "inbound": "inbound_nodes"}.get(key, key)
    if key == "row":
        config["config"]["layers"][4] = value
    else:
        place[name] = value
    refused(config, "^(model_config|its layer)")


def test_every_setting_may_be_missing_or_anything_and_only_a_refusal_comes_of_it():
    """Each value in the config of one block in turn becomes each of these."""
    whole = keras_config(3)
    paths = [(i, key) for i in range(9) for key in whole["config"]["layers"][i]["config"]]
    for i, key in paths:
        for value in (None, -1, 10**400, float("nan"), "x" * 10_000, [[]], {"a": {}}, True, ...):
            config = copy.deepcopy(whole)
            settings = config["config"]["layers"][i]["config"]
            if value is ...:
                del settings[key]
            else:
                settings[key] = value
            try:
                assert fields(config).keys() >= {"eps", "classifier"}
            except ValueError as error:
                assert len(str(error)) < 300


# What the Model does


@pytest.mark.parametrize(("pad_conv1", "first"), [(False, 113), (True, 112)])
def test_conv1_has_the_padding_of_the_config(tmp_path, pad_conv1, first):
    """At 225, "same" gives 113 and Keras' zeros give 112."""
    config = keras_config(2, side=225, pad_conv1=pad_conv1)
    write_whole_h5(tmp_path / "w.h5", trained(), config)
    model = nm.load(tmp_path / "w.h5")
    assert model.padding == "keras"
    assert model.layers[0].D_G == first
    assert [layer.D_G for layer in model.layers if layer.stride == 2] == [first, 56, 28, 14, 7]
    assert model.at(99).layers[0].D_G == (49 if pad_conv1 else 50)


def test_a_model_without_pool_gives_feature_maps(tmp_path):
    w = {name: arrays for name, arrays in trained().items() if name != "fc"}
    write_whole_keras(tmp_path / "w.keras", w, keras_config(3, top=False))
    model = nm.load(tmp_path / "w.keras")
    assert model.layers == nm.mobilenet(51 / 1024, 96, CLASSES, padding="keras")[:-2]
    *_, last = model.forward(np.zeros((1, 96, 96, 3), np.float32))
    assert last.y.shape == (1, 3, 3, 51)


def test_another_epsilon_changes_the_answer(tmp_path):
    config = json.loads(json.dumps(keras_config(2)).replace('"epsilon": 0.001', '"epsilon": 0.5'))
    write_whole_h5(tmp_path / "w.h5", trained(), config)
    assert nm.load(tmp_path / "w.h5").eps == 0.5
