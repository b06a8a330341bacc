"""Layers that scale pixels before the network: what they make of a pixel, or a refusal that names them."""

from __future__ import annotations

import numpy as np
import pytest
from weight_files import trained, tuned_config, write_tuned_h5

import npmobile as nm
from npmobile.images import Preparation
from npmobile.pretrained import keras_config as reader
from npmobile.pretrained.settings import Settings


def operation(config, name, kind, style, constant):
    """Turn a layer of a config into an operation with a constant, as Keras 3 or Keras 2 writes it."""
    row = next(row for row in config["config"]["layers"] if row["config"]["name"] == name)
    if style == 3:
        row |= {"module": "keras.src.ops.numpy", "registered_name": kind, "class_name": kind}
        row["inbound_nodes"][0]["args"].append(constant)
    else:
        function = {
            "TrueDivide": "math.truediv",
            "Subtract": "math.subtract",
            "Multiply": "math.multiply",
            "Add": "math.add",
        }
        row |= {"class_name": "TFOpLambda"}
        row["config"]["function"] = function.get(kind, kind)
        ((source, *_),) = row["inbound_nodes"][0]
        row["inbound_nodes"] = [[source, 0, 0, {"y": constant, "name": None}]]


def scaled(style, *steps):
    """The preparation of a config with these layers: (class, settings or constant)."""
    before = [(kind, f"step {i}", given if isinstance(given, dict) else {}) for i, (kind, given) in enumerate(steps)]
    config = tuned_config(style, before=before)
    for i, (kind, given) in enumerate(steps):
        if not isinstance(given, dict):
            operation(config, f"step {i}", kind, style, given)
    return reader.fields(Settings(config, "model_config")).fields.get("preparation")


STYLES = pytest.mark.parametrize("style", [2, 3])
USUAL = [("TrueDivide", 127.5), ("Subtract", 1.0)]  # keras.applications.mobilenet.preprocess_input


@STYLES
@pytest.mark.parametrize(
    ("steps", "black", "white"),
    [
        (USUAL, -1, 1),
        ([("Rescaling", {"scale": 1 / 127.5, "offset": -1})], -1, 1),
        ([("Rescaling", {"scale": 1 / 255})], 0, 1),
        ([("Rescaling", {"scale": 1 / 255, "offset": 0.0}), ("Subtract", 0.5), ("Multiply", 4)], -2, 2),
        ([("Rescaling", {"scale": 1, "offset": 0})], 0, 255),
        (
            [("RandomFlip", {}), ("Subtract", 127.5), ("RandomZoom", {}), ("TrueDivide", 255), ("Add", 0.25)],
            -0.25,
            0.75,
        ),
    ],
)
def test_what_becomes_of_black_and_white(style, steps, black, white):
    found = scaled(style, *steps)
    ends = (np.array([0, 255])[:, np.newaxis] - np.array(found.mean)) / np.array(found.std)  # (2, 3)
    np.testing.assert_allclose(ends, np.array([[black] * 3, [white] * 3]), atol=1e-12)


@STYLES
def test_each_colour_may_have_its_own_numbers(style):
    found = scaled(style, ("Rescaling", {"scale": [1.0, 0.5, 0.25], "offset": [0.0, -1.0, 2.0]}))
    assert found == Preparation(mean=(0.0, 2.0, -8.0), std=(1.0, 2.0, 4.0))


@STYLES
def test_augmentation_alone_scales_nothing(style):
    assert scaled(style, ("RandomFlip", {}), ("RandomRotation", {}), ("GaussianNoise", {})) is None
    assert scaled(style) is None


@STYLES
@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([("Rescaling", {"scale": 0})], r"its first layers make pixel \* \(0\.0, 0\.0, 0\.0\)"),
        ([("Rescaling", {"scale": -1})], "its first layers make pixel .*: std must be above 0"),
        ([("Rescaling", {"scale": 1e-320})], "its first layers make pixel "),
        ([("Rescaling", {"scale": "1"})], "step 0: scale must be a finite number, or a list of 3, but is '1'"),
        ([("Rescaling", {"scale": 1, "offset": [1, 2]})], "step 0: offset must be a finite number, or a list of 3"),
        ([("TrueDivide", 0)], "'step 0' .* divides by 0"),
        ([("TrueDivide", "x")], "'step 0' .* is no scaling of pixels by numbers"),
        ([("TrueDivide", ["other", 0, 0])], "'step 0' .* is no scaling of pixels by numbers"),
        ([("Power", 2)], r"'step 0' \(\w+\) (is no scaling|stands where MobileNet v1 has conv1)"),
        ([("Resizing", {})], r"'step 0' \(Resizing\) stands where MobileNet v1 has conv1"),
        ([("RandomCrop", {})], r"'step 0' \(RandomCrop\) stands where MobileNet v1 has conv1"),
        ([("CenterCrop", {})], r"'step 0' \(CenterCrop\) stands where MobileNet v1 has conv1"),
    ],
)
def test_other_layers_before_the_network_are_refused_by_name(style, steps, problem):
    with pytest.raises(ValueError, match=problem):
        scaled(style, *steps)


def test_an_operation_with_two_constants_or_none_is_refused():
    config = tuned_config(3, before=[("TrueDivide", "step", {})])
    with pytest.raises(ValueError, match=r"no scaling of pixels by numbers"):
        reader.fields(Settings(config, "model_config"))
    operation(config, "step", "TrueDivide", 3, 1.0)
    row = next(row for row in config["config"]["layers"] if row["config"]["name"] == "step")
    row["inbound_nodes"][0]["args"].append(2.0)
    with pytest.raises(ValueError, match="no scaling of pixels by numbers"):
        reader.fields(Settings(config, "model_config"))


def test_the_model_prepares_images_so(tmp_path):
    write_tuned_h5(tmp_path / "w", trained(), tuned_config(2, before=[("Rescaling", "r", {"scale": 1 / 255})]))
    model = nm.load(tmp_path / "w")
    assert model.prepare(np.full((96, 96, 3), 51, np.uint8)).ravel()[:3].tolist() == pytest.approx([0.2] * 3)
