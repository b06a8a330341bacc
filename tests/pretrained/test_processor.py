"""preprocessor_config.json: how images are prepared, or one refusal that names the key."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from weight_files import trained, write_hugging_face

import npmobile as nm
from npmobile.images import Preparation
from npmobile.pretrained import processor
from npmobile.pretrained.settings import Settings

GOOGLES = {  # of google/mobilenet_v1_1.0_224
    "crop_size": {"height": 224, "width": 224},
    "do_center_crop": True,
    "do_normalize": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_processor_type": "MobileNetV1ImageProcessor",
    "image_std": [0.5, 0.5, 0.5],
    "resample": 2,
    "rescale_factor": 0.00392156862745098,
    "size": {"shortest_edge": 256},
}
USUAL = (224, Preparation(resize=256 / 224))


def read(config):
    side, preparation = processor.read(Settings(config, "preprocessor_config.json"))
    # 0.5 / (1 / 255) is 127.5 only to the last digit
    rounded = {name: tuple(round(v, 9) for v in getattr(preparation, name)) for name in ("mean", "std")}
    return side, replace(preparation, **rounded)


def test_googles_config():
    assert read(GOOGLES) == USUAL


@pytest.mark.parametrize("missing", [*GOOGLES, ...])
def test_a_missing_key_has_the_value_that_transformers_gives_it(missing):
    assert read({} if missing is ... else {k: v for k, v in GOOGLES.items() if k != missing}) == USUAL


@pytest.mark.parametrize(
    ("changes", "side", "preparation"),
    [
        ({"crop_size": {"height": 192, "width": 192}}, 192, Preparation(resize=256 / 192)),
        ({"crop_size": 160, "size": 182}, 160, Preparation(resize=182 / 160)),
        ({"size": {"height": 250, "width": 300}}, 224, Preparation(resize=(250 / 224, 300 / 224))),
        ({"size": {"shortest_edge": 200}}, 224, Preparation(resize=200 / 224)),
        ({"do_center_crop": False, "size": {"height": 128, "width": 128}}, 128, Preparation(resize=(1, 1))),
        ({"do_center_crop": False, "size": {"height": 128, "width": 128}, "crop_size": None}, 128, Preparation(resize=(1, 1))),
        ({"resample": 0}, 224, Preparation(resize=256 / 224, resample="nearest")),
        ({"resample": 1}, 224, Preparation(resize=256 / 224, resample="lanczos")),
        ({"resample": 3}, 224, Preparation(resize=256 / 224, resample="bicubic")),
        ({"resample": 4}, 224, Preparation(resize=256 / 224, resample="box")),
        ({"resample": 5}, 224, Preparation(resize=256 / 224, resample="hamming")),
        ({"image_mean": [0, 0.5, 1], "image_std": [1, 0.5, 0.2]}, 224, Preparation(resize=256 / 224, mean=(0, 127.5, 255), std=(255, 127.5, 51))),
        ({"rescale_factor": 0.01}, 224, Preparation(resize=256 / 224, mean=(50,) * 3, std=(50,) * 3)),
        ({"do_rescale": False}, 224, Preparation(resize=256 / 224, mean=(0.5,) * 3, std=(0.5,) * 3)),
        ({"do_rescale": False, "rescale_factor": None}, 224, Preparation(resize=256 / 224, mean=(0.5,) * 3, std=(0.5,) * 3)),
        ({"do_normalize": False, "image_mean": None}, 224, Preparation(resize=256 / 224, mean=(0,) * 3, std=(255,) * 3)),
        ({"do_normalize": False, "do_rescale": False}, 224, Preparation(resize=256 / 224, mean=(0,) * 3, std=(1,) * 3)),
        ({"do_convert_rgb": None, "do_pad": None, "return_tensors": None}, *USUAL),
        ({"image_processor_type": "MobileNetV1ImageProcessorFast"}, *USUAL),
        ({"feature_extractor_type": "MobileNetV1FeatureExtractor", "image_processor_type": None}, *USUAL),
    ],
)  # fmt: skip
def test_each_key_is_followed(changes, side, preparation):
    assert read(GOOGLES | changes) == (side, preparation)


BAD = {
    "do_resize": [False, None, 1, "true", []],
    "do_center_crop": [None, 1, "true", {}],
    "do_rescale": [None, 1, "false"],
    "do_normalize": [None, 0, "true"],
    "do_pad": [True, 1, "no"],
    "resample": [None, -1, 6, 2.0, "bilinear", True, [2]],
    "rescale_factor": [None, 0, -1, "1/255", float("nan"), float("inf"), True, 1e-320, 10**400],
    "image_mean": [None, 0.5, [0.5], [0.5] * 4, ["a", "b", "c"], [None] * 3, [True] * 3, "abc", {}, [1e308, 0, 0]],
    "image_std": [None, 0.5, [0.5, 0.5, 0], [0.5, 0.5, -1], [float("nan")] * 3, [0.5] * 2, [1e308] * 3],
    "size": [
        None, "256", 256.0, 0, -1, True, [256, 256], {}, {"longest_edge": 256}, {"shortest_edge": None}, {"width": 256},
        {"shortest_edge": 256, "longest_edge": 300}, {"height": 256, "width": "256"}, {"shortest_edge": 10**30},
        {"height": 256, "width": 256, "depth": 3}, {"shortest_edge": 0}, {"shortest_edge": True},
    ],
    "crop_size": [
        None, "224", 0, 16, 31, True, {"shortest_edge": 224}, {"height": 224, "width": 192}, {"height": 224}, [224, 224],
        {"height": None, "width": None}, 10**30, {"height": 16, "width": 16},
    ],
    "image_processor_type": ["ViTImageProcessor", 3, [], "MobileNetV2ImageProcessor"],
    "feature_extractor_type": ["CLIPFeatureExtractor", {}],
}  # fmt: skip


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in BAD.items() for value in values])
def test_bad_values_are_one_refusal_that_names_the_file(tmp_path, key, value):
    write_hugging_face(tmp_path / "model.safetensors", trained())
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(GOOGLES | {key: value}))
    named = key if key not in ("image_mean", "image_std", "rescale_factor") else "(mean|std|rescale_factor)"
    with pytest.raises(ValueError, match=rf"model\.safetensors: preprocessor_config\.json: .*{named}") as caught:
        nm.load(tmp_path / "model.safetensors")
    assert len(str(caught.value)) <= 600


@pytest.mark.parametrize("size", [{"shortest_edge": 256}, 256])
def test_without_a_crop_only_a_square_size_gives_squares(size):
    with pytest.raises(ValueError, match=r"size is .*shortest_edge.* and the network takes squares"):
        read(GOOGLES | {"do_center_crop": False, "size": size})


def test_a_size_far_from_the_crop_is_refused():
    with pytest.raises(
        ValueError, match=r"^preprocessor_config\.json: resize must be above 0 and at most 100, but is 312\.5"
    ):
        read(GOOGLES | {"size": 10_000, "crop_size": 32})


# What a Model does with it


def prepared(tmp_path, image, **changes):
    write_hugging_face(tmp_path / "model.safetensors", trained())
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(GOOGLES | changes))
    return nm.load(tmp_path / "model.safetensors").prepare(image)


def test_a_model_crops(tmp_path):
    """A white frame of 16 pixels in an image of 256: the crop of 224 leaves it out, and all is black."""
    image = np.full((256, 256, 3), 255, np.uint8)
    image[16:-16, 16:-16] = 0
    x = prepared(tmp_path, image)
    assert x.shape == (224, 224, 3)
    assert x.min() == x.max() == -1
    x = prepared(tmp_path, image, do_center_crop=False, size={"height": 224, "width": 224})
    assert x.max() == 1


def test_a_model_scales(tmp_path):
    image = np.broadcast_to(np.array([0, 51, 255], np.uint8), (64, 64, 3))
    x = prepared(tmp_path, image, image_mean=[0.5, 0.2, 0], image_std=[0.25, 1, 2])
    np.testing.assert_allclose(x, np.broadcast_to([-2, 0, 0.5], x.shape), atol=1e-6)
    x = prepared(tmp_path, image, do_rescale=False, do_normalize=False)
    np.testing.assert_array_equal(x, np.broadcast_to([0, 51, 255], x.shape))


def test_without_a_processor_images_are_cropped_as_transformers_evaluates(tmp_path):
    write_hugging_face(tmp_path / "model.safetensors", trained())
    model = nm.load(tmp_path / "model.safetensors")
    assert model.preparation == Preparation(crop=0.875)
    image = np.full((256, 256, 3), 255, np.uint8)
    image[16:-16, 16:-16] = 0
    assert model.prepare(image).max() == -1
    assert model.prepare(np.full((9, 9, 3), 255, np.uint8)).min() == 1
