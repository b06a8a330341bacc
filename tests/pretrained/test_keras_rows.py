"""Models inside models, as Keras 2 and Keras 3 write them down."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from weight_files import CLASSES, model_config, rows_of, trained, tuned_config, write_tuned_h5, write_tuned_keras

import npmobile as nm
from npmobile.pretrained import keras_config
from npmobile.pretrained import keras_rows as reader
from npmobile.pretrained.settings import Settings

STYLES = pytest.mark.parametrize("style", [2, 3])
NESTED = pytest.mark.parametrize("nested", [True, False], ids=["nested", "flat"])


def layer(config, name):
    return next(row for row in config["config"]["layers"] if row["config"]["name"] == name)


def names(config):
    inputs, rest = reader.read(Settings(config, "model_config"))
    return [row.name for row in inputs], [row.name for row in rest.rows]


@STYLES
def test_a_model_inside_the_model_is_replaced_by_its_layers(style):
    assert names(tuned_config(style, nested=True)) == names(tuned_config(style, nested=False))


@STYLES
def test_a_model_in_a_model_in_a_model(style):
    config = tuned_config(style, nested=True)
    rows = rows_of(config)
    whole = copy.deepcopy(config["config"]) | {"name": "whole"}
    outer = model_config([rows[0], ("Functional", "whole", {})], style)
    layer(outer, "whole")["config"] = whole
    if style == 3:
        layer(outer, "whole").update(module="keras.src.models.functional", registered_name="Functional")
    assert names(outer) == names(config)


def test_places_and_groups_of_arrays():
    _, rest = reader.read(Settings(tuned_config(3), "model_config"))
    found = {row.name: (row.place, row.group) for row in rest.rows}
    assert found["conv1"] == ("layers/functional/layers/conv2d", "mobilenet")
    assert found["conv_pw_2"] == ("layers/functional/layers/conv2d_2", "mobilenet")
    assert found["conv_dw_13_bn"] == ("layers/functional/layers/batch_normalization_25", "mobilenet")
    assert found["dense"] == ("layers/dense", "dense")


@STYLES
def test_the_output_of_a_model_may_be_that_of_a_later_call(style):
    """base(x) is the second call of a model that was called when it was made."""
    config = tuned_config(style)
    pool = layer(config, "global_average_pooling2d")
    if style == 3:
        pool["inbound_nodes"][0]["args"][0]["config"]["keras_history"][1] = 1
    else:
        pool["inbound_nodes"][0][0][1] = 1
    _, rest = reader.read(Settings(config, "model_config"))
    assert not any(row.broken for row in rest.rows)
    layer(config, "dense")["inbound_nodes"] = copy.deepcopy(pool["inbound_nodes"])
    _, rest = reader.read(Settings(config, "model_config"))
    assert [row.name for row in rest.rows if row.broken] == ["dense"]


@STYLES
def test_a_model_inside_must_give_its_last_layer(style):
    config = tuned_config(style)
    layer(config, "mobilenet")["config"]["output_layers"] = ["conv1_relu", 0, 0]
    with pytest.raises(ValueError, match=r"layer 1: .*output_layers is .'conv1_relu'"):
        names(config)


def test_models_are_not_read_to_any_depth():
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": []}}
    for _ in range(20):
        config = {"class_name": "Sequential", "config": {"name": "s", "layers": [config]}}
    with pytest.raises(ValueError, match="its models are nested more than 10 deep"):
        names(config)


@STYLES
def test_two_inputs_are_refused(style):
    config = tuned_config(style)
    config["config"]["input_layers"] = [["input", 0, 0], ["more", 0, 0]]
    with pytest.raises(ValueError, match=r"it has 2 inputs, \['input', 'more'\], and MobileNet v1 has one"):
        names(config)


@NESTED
@pytest.mark.parametrize("write", [write_tuned_h5, write_tuned_keras])
def test_files_of_networks_that_were_trained_further_are_read(tmp_path, write, nested):
    w = trained()
    write(tmp_path / "w", w, nested=nested)
    model = nm.load(tmp_path / "w")
    assert model.layers == nm.mobilenet(51 / 1024, 96, CLASSES, padding="keras")
    for layer_name, arrays in w.items():
        for name, array in arrays.items():
            assert np.array_equal(model.weights[layer_name][name], array)


def test_arrays_in_the_group_of_another_layer_are_not_taken(tmp_path):
    """Two bodies have layers of the same names: each array belongs to the model whose group it is in."""
    import h5py

    write_tuned_h5(tmp_path / "w", trained())
    with h5py.File(tmp_path / "w", "a") as file:
        file["model_weights/other/conv1/kernel:0"] = np.zeros((3, 3, 3, 1), np.float32)
    with pytest.raises(
        ValueError, match="it holds more than a MobileNet v1: model_weights/other/conv1/kernel:0 is not"
    ):
        nm.load(tmp_path / "w")


def test_an_array_more_in_a_layer_of_the_head_is_refused(tmp_path):
    import h5py

    write_tuned_h5(tmp_path / "w", trained())
    with h5py.File(tmp_path / "w", "a") as file:
        file["model_weights/dense/dense/lora:0"] = np.zeros((3, 3), np.float32)
    with pytest.raises(ValueError, match="it holds more than a MobileNet v1: model_weights/dense/dense/lora:0 is not"):
        nm.load(tmp_path / "w")


@STYLES
@NESTED
def test_layers_of_somebodys_own_in_the_head_leave_the_body(style, nested):
    config = tuned_config(style, nested=nested)
    layer(config, "dense")["module"] = "mine"
    found = keras_config.fields(Settings(config, "model_config")).fields
    assert "module is 'mine'" in found["head_problem"]


def test_a_model_without_layers_that_takes_something_else_is_refused():
    config = tuned_config(3, before=[("Sequential", "empty", {"layers": []})])
    layer(config, "empty")["inbound_nodes"] = []
    with pytest.raises(ValueError, match="'empty' must follow 'input' alone"):
        names(config)
