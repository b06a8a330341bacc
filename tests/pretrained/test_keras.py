"""Files of Keras: names of arrays, whole models, and what a file may not hold."""

from __future__ import annotations

import re
import zipfile

import numpy as np
import pytest
from weight_files import (
    CLASSES,
    LAYERS,
    keras_3_arrays,
    keras_arrays,
    keras_config,
    trained,
    write_hdf5,
    write_keras,
    write_whole_h5,
    write_whole_keras,
)

import npmobile as nm
from npmobile.pretrained import keras

h5py = pytest.importorskip("h5py", reason="h5py is not installed (pip install 'npmobile[pretrained]')")
KERAS = nm.mobilenet(51 / 1024, classes=CLASSES, padding="keras")


def same(weights, w):
    return all(
        np.array_equal(weights[layer][name], array) for layer, named in w.items() for name, array in named.items()
    )


# Names


def test_137_arrays_are_known_by_either_name():
    w = trained()
    wanted = {f"{layer}/{name}" for layer, named in w.items() for name in named}
    assert len(wanted) == 137
    assert {keras._our_name(name) for name in keras_arrays(w)} == wanted
    assert {keras._our_name(name) for name in keras_3_arrays(w)} == wanted


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("conv1/conv1/kernel:0", "conv1/kernel"),
        ("conv1/conv1/kernel", "conv1/kernel"),  # Keras 3, whole models as .h5
        ("conv1/conv1_2/kernel:0", "conv1/kernel"),  # the third model of a session in Keras 2
        ("conv1/kernel:0", "conv1/kernel"),
        ("conv_dw_13/conv_dw_13/depthwise_kernel:0", "conv_dw_13/kernel"),
        ("conv_dw_13/conv_dw_13/kernel", "conv_dw_13/kernel"),
        ("conv_pw_7_bn/conv_pw_7_bn/moving_variance:0", "conv_pw_7/var"),
        ("conv_preds/conv_preds/bias:0", "fc/bias"),
        ("layers/conv2d/vars/0", "conv1/kernel"),
        ("layers/conv2d_14/vars/1", "fc/bias"),
        ("layers/depthwise_conv2d_12/vars/0", "conv_dw_13/kernel"),
        ("layers/batch_normalization/vars/1", "conv1/beta"),
        ("layers/batch_normalization_26/vars/3", "conv_pw_13/var"),
    ],
)
def test_names_of_keras(name, ours):
    assert keras._our_name(name) == ours


@pytest.mark.parametrize(
    "name",
    [
        "conv1/conv2/kernel:0",
        "conv1/conv1/conv1/kernel:0",
        "net/conv1/kernel:0",
        "conv1/conv1/kernel:1",
        "conv1/conv1/depthwise_kernel:0",
        "conv1/conv1/gamma:0",
        "conv1_bn/conv1_bn/kernel:0",
        "conv_pw_14/conv_pw_14/kernel:0",
        "fc/fc/kernel:0",
        "kernel",
        "layers/conv2d_0/vars/0",
        "layers/conv2d_01/vars/0",
        "layers/conv2d_15/vars/0",
        "layers/conv2d/vars/1",
        "layers/batch_normalization_27/vars/0",
        "layers/batch_normalization/vars/4",
        "layers/functional/layers/conv2d/vars/0",
        "layers/functional_1/layers/conv2d/vars/0",
        "_layer_checkpoint_dependencies/conv2d/vars/0",
    ],
)
def test_other_names_are_not_ours(name):
    assert keras._our_name(name) is None


# Files of weights


@pytest.mark.parametrize("arrays", [keras_arrays, keras_3_arrays])
def test_weights_alone_mean_todays_mobilenet_of_keras(tmp_path, arrays):
    write_hdf5(tmp_path / "w", arrays(trained()))
    model = nm.load(tmp_path / "w")
    assert model.layers == KERAS
    assert (model.padding, model.eps, model.resolution) == ("keras", 1e-3, 224)
    assert same(model.weights, trained())


def test_old_names_without_the_ending_and_with_a_session_number_are_read(tmp_path):
    arrays = {}
    for name, array in keras_arrays(trained()).items():
        layer, again, array_name = name.split("/")
        arrays[f"{layer}/{again}_3/{array_name.removesuffix(':0')}"] = array
    write_hdf5(tmp_path / "w", arrays)
    assert same(nm.load(tmp_path / "w").weights, trained())


@pytest.mark.parametrize(
    ("name", "resolution"),
    [
        ("mobilenet_2_5_160_tf.h5", 160),
        ("mobilenet_1_0_128_tf.h5", 128),
        ("mobilenet_7_5_192_tf_no_top.h5", 192),
        ("mobilenet_5_0_224_tf.h5", 224),
        ("mobilenet_ckpt_128.h5", 224),
        ("dogs_128_classes.h5", 224),
        ("my_mobilenet_2_5_160_tf.h5", 224),
        ("mobilenet_2_5_160_tf.h5.h5", 224),
        ("mobilenet_2_5_160_tf_backup.h5", 224),
        ("mobilenet_3_0_160_tf.h5", 224),
        ("mobilenet_2_5_96_tf.h5", 224),
    ],
)
def test_only_the_published_names_tell_the_resolution(tmp_path, name, resolution):
    write_keras(tmp_path / name, trained())
    assert nm.load(tmp_path / name).resolution == resolution


def test_a_resolution_in_the_name_of_another_format_means_nothing(tmp_path):
    nm.weights.save(tmp_path / "dogs_128_classes.npz", trained())
    assert nm.load(tmp_path / "dogs_128_classes.npz").resolution == 224


# Whole models


@pytest.mark.parametrize("write", [write_whole_h5, write_whole_keras])
@pytest.mark.parametrize("style", [2, 3])
def test_a_whole_model_says_its_side_and_its_optimizer_is_left_out(tmp_path, write, style):
    write(tmp_path / "whole", trained(), keras_config(style, side=99))
    model = nm.load(tmp_path / "whole")
    assert model.layers == nm.mobilenet(51 / 1024, 99, CLASSES, padding="keras")
    assert same(model.weights, trained())


@pytest.mark.parametrize("arrays", [keras_arrays, keras_3_arrays])
def test_an_optimizer_is_left_out_only_where_keras_has_it(tmp_path, arrays):
    """`optimizer_weights` stands beside `model_weights`, and `optimizer` beside `layers`; elsewhere they are layers."""
    for name in ("optimizer_weights/m", "optimizer/vars/0", "model_weights/optimizer_weights/m", "layers/optimizer/m"):
        left_out = name == "optimizer/vars/0" and arrays is keras_3_arrays
        write_hdf5(tmp_path / "w", arrays(trained()) | {name: np.ones(3, np.float32)})
        if left_out:
            assert same(nm.load(tmp_path / "w").weights, trained())
        else:
            with pytest.raises(ValueError, match=f"{re.escape(name)} is not wanted"):
                nm.load(tmp_path / "w")


def test_a_config_with_a_classifier_and_arrays_without_one_do_not_fit(tmp_path):
    w = trained()
    top = w.pop("fc")
    write_whole_h5(tmp_path / "w", w)
    with pytest.raises(ValueError, match="it has no classifier: fc/kernel is missing; fc/bias is missing"):
        nm.load(tmp_path / "w")
    write_whole_h5(tmp_path / "w", w | {"fc": top}, keras_config(top=False))
    with pytest.raises(ValueError, match=r"conv_preds/bias:0 is not wanted; .*conv_preds/kernel:0 is not wanted"):
        nm.load(tmp_path / "w")


def test_a_config_that_is_no_json_is_refused(tmp_path):
    for config, problem in (
        ("{", "model_config cannot be read as JSON"),
        (b"\xff", "model_config cannot be read as JSON|it is not a whole HDF5 file"),
        ("[]", "model_config must hold a JSON object"),
    ):
        write_hdf5(tmp_path / "w", keras_arrays(trained()), prefix="model_weights/", config=config)
        with pytest.raises(ValueError, match=problem):
            nm.load(tmp_path / "w")
    with h5py.File(tmp_path / "w", "a") as file:
        file.attrs["model_config"] = np.arange(3)
    with pytest.raises(ValueError, match=r"model_config must be text, but is array\(\[0, 1, 2\]\)"):
        nm.load(tmp_path / "w")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_keras_archive_holds_each_part_once_and_nothing_else(tmp_path):
    write_whole_keras(tmp_path / "whole.keras", trained())
    with zipfile.ZipFile(tmp_path / "whole.keras") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def rewritten(entries):
        with zipfile.ZipFile(tmp_path / "w.keras", "w") as archive:
            for name, content in entries:
                archive.writestr(name, content)
        return tmp_path / "w.keras"

    assert nm.load(rewritten(parts.items())).layers == nm.load(tmp_path / "whole.keras").layers
    without = [(name, content) for name, content in parts.items() if name != "config.json"]
    with pytest.raises(ValueError, match=r"it must hold config\.json once, but holds it 0 times"):
        nm.load(rewritten(without))
    with pytest.raises(ValueError, match=r"it must hold model\.weights\.h5 once, but holds it 2 times"):
        nm.load(rewritten([*parts.items(), ("model.weights.h5", parts["model.weights.h5"])]))
    with pytest.raises(ValueError, match=r"it holds more than a model: assets/words\.txt"):
        nm.load(rewritten([*parts.items(), ("assets/words.txt", b"")]))
    with pytest.raises(ValueError, match="it is not a whole HDF5 file"):
        nm.load(rewritten([*without, ("config.json", parts["config.json"]), ("model.weights.h5", b"")][-2:]))


# What is extra or double


def doubled(arrays, name, again):
    return arrays | {again: arrays[name]}


@pytest.mark.parametrize(
    ("arrays", "problem"),
    [
        (
            doubled(keras_arrays(trained()), "conv1/conv1/kernel:0", "conv1/kernel:0"),
            "it holds conv1/kernel twice, as 'conv1/(conv1/)?kernel:0' and as 'conv1/(conv1/)?kernel:0'",
        ),
        (
            doubled(keras_arrays(trained()), "conv1/conv1/kernel:0", "model_weights/conv1/conv1/kernel:0"),
            "it holds conv1/kernel twice, as '(model_weights/)?conv1/conv1/kernel:0' and as '(model_weights/)?conv1",
        ),
        (
            keras_arrays(trained()) | keras_3_arrays(trained()),
            "it holds conv1/gamma twice, as 'conv1_bn/conv1_bn/gamma:0' and as 'layers/batch_normalization/vars/0'",
        ),
        (
            keras_3_arrays(trained()) | {"layers/dense/vars/0": np.zeros((7, 2), np.float32)},
            "weights alone do not tell what stands behind the average pool, .*layers/dense/vars/0.*features=True",
        ),
        (
            {f"layers/functional/{name}": array for name, array in keras_3_arrays(trained()).items()}
            | {f"layers/functional_1/{name}": array for name, array in keras_3_arrays(trained()).items()},
            "it holds more than a MobileNet v1: layers/functional_1/.* is not wanted; .* and 132 more$",
        ),
    ],
)
def test_extra_and_double_arrays_are_refused(tmp_path, arrays, problem):
    write_hdf5(tmp_path / "w", arrays)
    with pytest.raises(ValueError, match=problem):
        nm.load(tmp_path / "w")


def test_an_alias_is_refused(tmp_path):
    write_keras(tmp_path / "w", trained())
    with h5py.File(tmp_path / "w", "a") as file:
        file["conv1/kernel:0"] = file["conv1/conv1/kernel:0"]
    with pytest.raises(ValueError, match="is a second name of"):
        nm.load(tmp_path / "w")


def test_keras_3_notes_the_layer_beside_its_arrays(tmp_path):
    write_hdf5(tmp_path / "w", keras_3_arrays(trained()))
    with h5py.File(tmp_path / "w", "a") as file:
        for name, layer in (
            ("conv2d", "conv1"),
            ("batch_normalization_2", "conv_pw_1_bn"),
            ("conv2d_14", "conv_preds"),
        ):
            file[f"layers/{name}/vars"].attrs["name"] = layer
    assert nm.load(tmp_path / "w").layers == KERAS
    with h5py.File(tmp_path / "w", "a") as file:
        file["layers/conv2d_14/vars"].attrs["name"] = "breeds"
    with pytest.raises(
        ValueError, match=r"layers/conv2d_14/vars/\d is of layer 'breeds', and in MobileNet v1 of conv_"
    ):
        nm.load(tmp_path / "w")


def test_alpha_and_classes_come_from_the_arrays(tmp_path):
    layers = nm.mobilenet(0.25, classes=3)
    write_whole_keras(tmp_path / "w.keras", trained(layers), keras_config(3, layers=layers))
    assert nm.load(tmp_path / "w.keras").layers == nm.mobilenet(0.25, 96, 3, padding="keras")
    assert len(LAYERS) == len(layers)
