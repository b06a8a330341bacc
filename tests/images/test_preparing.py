"""Cropped, resized and scaled as a network was trained."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from npmobile.images import Preparation, check_prepared, prepare

IMAGENET = {"mean": [255 * m for m in (0.485, 0.456, 0.406)], "std": [255 * s for s in (0.229, 0.224, 0.225)]}


def noise(height=40, width=50, seed=0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


# Geometry


def test_centre_square():
    pixels = np.zeros((4, 10, 3), np.uint8)
    pixels[:, 3:7] = 255
    assert (prepare(pixels, 4) == 1).all()
    assert (prepare(pixels.transpose(1, 0, 2), 4) == 1).all()


def test_central_crop():
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[4:60, 4:60] = 255  # 56 of 64 is 0.875
    assert (prepare(pixels, 56, Preparation(crop=0.875)) == 1).all()
    assert not (prepare(pixels, 56) == 1).all()


@pytest.mark.parametrize(("crop", "kept"), [(0.76, 8), (0.74, 7), (0.94, 9), (0.96, 10), (0.01, 1)])
def test_a_crop_is_rounded(crop, kept):
    pixels = noise(10, 10)
    start = (10 - kept) // 2
    expected = pixels[start : start + kept, start : start + kept] / 127.5 - 1
    np.testing.assert_allclose(prepare(pixels, kept, Preparation(crop=crop)), expected, atol=1e-6)


@pytest.mark.parametrize("size", [(10, 13), (13, 10), (11, 11)])
def test_what_has_the_right_side_is_not_resampled(size):
    pixels = noise(*size)
    side = min(size)
    top, left = (size[0] - side) // 2, (size[1] - side) // 2
    expected = pixels[top : top + side, left : left + side] / 127.5 - 1
    np.testing.assert_allclose(prepare(pixels, side), expected, atol=1e-6)


def test_bilinear_is_pillows(shared):
    golden = np.load(shared / "golden/keras_reference.npz")
    compared = 0
    for name, pixels in zip(golden["files"], golden["images_uint8"]):
        path = shared / "images" / str(name)
        if path.exists():
            np.testing.assert_allclose(prepare(path), pixels / 127.5 - 1, atol=1e-6)
            compared += 1
    assert compared == 5


def test_halving_by_each_filter():
    """A row 0, 0, 0, 0, 255, 255, 255, 255 halved: at the edge each filter has weights of its own."""
    row = np.repeat(np.array([[0] * 4 + [255] * 4], np.uint8), 8, axis=0)
    edges = {
        resample: np.round(prepare(row, 4, Preparation(resample=resample))[0, :, 0] * 127.5 + 127.5).tolist()
        for resample in ("box", "nearest", "bilinear", "bicubic")
    }
    # Bilinear: weights 1, 3, 3, 1 of 8, so the second pixel has 1/8 of 255. Box: 1, 1 of 2.
    assert edges["box"] == edges["nearest"] == [0, 0, 255, 255]
    assert edges["bilinear"] == [0, 32, 223, 255]
    assert edges["bicubic"][1] < 32


# Hugging Face's order: resize, then crop


def test_resized_first_and_cut_out_after():
    pixels = np.zeros((8, 16, 3), np.uint8)
    pixels[2:6, 6:10] = 255  # the centre: 4 x 4
    assert (prepare(pixels, 4, Preparation(resize=2)) == 1).all()  # shorter side 8: not resized at all
    assert (prepare(pixels, 4, Preparation(resize=(2, 4))) == 1).all()
    assert not (prepare(pixels, 4, Preparation(resize=1)) == 1).all()


def test_height_and_width_without_the_aspect():
    pixels = np.zeros((8, 16, 3), np.uint8)
    pixels[:4] = 255
    x = prepare(pixels, 8, Preparation(resize=(1, 1)))
    assert (x[:4] == 1).all()
    assert (x[4:] == -1).all()


def test_what_is_smaller_than_the_cut_is_padded_with_black():
    x = prepare(np.full((4, 8, 3), 255, np.uint8), 8, Preparation(resize=0.5))  # 4 x 8 stays
    assert (x[2:6] == 1).all()
    assert (x[:2] == -1).all()
    assert (x[6:] == -1).all()


SIZES = [(300, 400), (225, 500), (640, 480), (100, 90), (256, 256), (37, 911), (224, 224), (255, 257), (9, 8)]
SETTINGS = {
    "published": ({}, Preparation(resize=256 / 224)),
    "bicubic": ({"resample": 3}, Preparation(resize=256 / 224, resample="bicubic")),
    "imagenet": (
        {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]},
        Preparation(resize=256 / 224, **IMAGENET),
    ),
    "exact size": ({"size": {"height": 224, "width": 224}, "do_center_crop": False}, Preparation(resize=(1, 1))),
    "exact size, cut": ({"size": {"height": 250, "width": 300}}, Preparation(resize=(250 / 224, 300 / 224))),
    "padded": ({"size": {"shortest_edge": 101}}, Preparation(resize=101 / 224)),
    "not normalised": ({"do_normalize": False}, Preparation(resize=256 / 224, mean=(0, 0, 0), std=(255, 255, 255))),
    "not rescaled": (
        {"do_rescale": False, "image_mean": [128.0] * 3, "image_std": [64.0] * 3},
        Preparation(resize=256 / 224, mean=(128, 128, 128), std=(64, 64, 64)),
    ),
    "another factor": (
        {"rescale_factor": 1 / 127.5, "image_mean": [1.0] * 3, "image_std": [1.0] * 3},
        Preparation(resize=256 / 224),
    ),
}


@pytest.mark.parametrize("settings", SETTINGS)
def test_hugging_faces_processor(framework, settings):
    module = "transformers.models.mobilenet_v1.image_processing_pil_mobilenet_v1"
    processor = framework(module, "transformers").MobileNetV1ImageProcessorPil(**SETTINGS[settings][0])
    for size in SIZES:
        pixels = noise(*size)
        (theirs,) = processor(pixels, return_tensors="np")["pixel_values"]  # (3, 224, 224)
        ours = prepare(pixels, 224, SETTINGS[settings][1])
        np.testing.assert_allclose(ours, theirs.transpose(1, 2, 0), atol=1e-6 * np.abs(theirs).max())


# Scale


def test_grey():
    """ITU-R 601: a grey pixel is 0.299 R + 0.587 G + 0.114 B."""
    rgb = np.zeros((4, 4, 3), np.uint8)
    rgb[...] = 100, 200, 50
    grey = prepare(rgb, resolution=4, preparation=Preparation(mean=[0, 0, 0], std=[1, 1, 1]), channels=1)
    assert grey.shape == (4, 4, 1)
    assert (grey == 153).all()  # 29.9 + 117.4 + 5.7


@pytest.mark.parametrize("channels", [0, 2, 4])
def test_no_image_has_so_many_channels(channels):
    with pytest.raises(ValueError, match=f"takes {channels}$"):
        prepare(noise(), resolution=32, channels=channels)


def test_scales():
    pixels = np.array([[[0, 51, 255]]], np.uint8)
    np.testing.assert_allclose(prepare(pixels, 1)[0, 0], [-1, -0.6, 1], atol=1e-7)
    scaled = prepare(pixels, 1, Preparation(mean=(0, 0, 51), std=(255, 51, 102)))
    np.testing.assert_allclose(scaled[0, 0], [0, 1, 2], atol=1e-7)
    assert scaled.dtype == np.float32


# What is refused


@pytest.mark.parametrize("resolution", [0, -1, 2.0, True, "32", None])
def test_bad_resolutions(resolution):
    with pytest.raises(ValueError, match="resolution must be an int of at least 1, but is"):
        prepare(noise(), resolution)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"crop": 0}, "crop must be above 0 and at most 1, but is 0"),
        ({"crop": 1.5}, "crop must be above 0 and at most 1, but is 1.5"),
        ({"crop": float("nan")}, "crop must be 1 finite number, but is .nan"),
        ({"crop": None}, "crop must be 1 finite number, but is .None"),
        ({"crop": "1"}, "crop must be 1 finite number, but is"),
        ({"crop": True}, "crop must be 1 finite number, but is"),
        ({"resize": 0}, "resize must be above 0 and at most 100, but is 0"),
        ({"resize": -1.5}, "resize must be above 0 and at most 100, but is -1.5"),
        ({"resize": 1e9}, "resize must be above 0 and at most 100, but is 1000000000"),
        ({"resize": (1, 0)}, r"resize must be above 0 and at most 100, but is \(1, 0\)"),
        ({"resize": (1, 1, 1)}, "resize must be 2 finite numbers, but is"),
        ({"resize": [1]}, "resize must be 2 finite numbers, but is"),
        ({"resize": "256"}, "resize must be 2 finite numbers, but is"),
        ({"resize": 256 / 224, "crop": 0.875}, "crop must be 1 where resize is given, but is 0.875"),
        ({"resample": "cubic"}, "resample must be one of nearest, .*bicubic.*, but is 'cubic'"),
        ({"resample": 2}, "resample must be one of .*, but is 2"),
        ({"mean": (0, 0)}, r"mean must be 3 finite numbers, but is \(0, 0\)"),
        ({"mean": 127.5}, "mean must be 3 finite numbers, but is 127.5"),
        ({"mean": (0, 0, None)}, "mean must be 3 finite numbers, but is"),
        ({"mean": "123"}, "mean must be 3 finite numbers, but is 123"),
        ({"mean": (0, 0, 10**400)}, "mean must be 3 finite numbers, but is"),
        ({"mean": range(10**6)}, "mean must be 3 finite numbers, but is"),
        ({"std": (1, 1, float("nan"))}, "std must be 3 finite numbers, but is"),
        ({"std": (1, 1, float("inf"))}, "std must be 3 finite numbers, but is"),
        ({"std": (1, 1, 0)}, "std must be above 0, but is"),
        ({"std": (1, -1, 1)}, "std must be above 0, but is"),
    ],
)
def test_bad_preparations(values, message):
    with pytest.raises(ValueError, match=message) as caught:
        Preparation(**values)
    assert len(str(caught.value)) < 200


def test_a_long_image_is_not_blown_up():
    line = np.zeros((1, 1_000_000), np.uint8)
    message = "an image of 1000000 x 1 pixels would be resized to 256000000 x 256"
    with pytest.raises(ValueError, match=message):
        prepare(line, 224, Preparation(resize=256 / 224))
    assert prepare(line, 224).shape == (224, 224, 3)


# A preparation is a value


def test_a_preparation_goes_through_json():
    for preparation in (Preparation(), Preparation(crop=0.875, **IMAGENET), Preparation(resize=[1, 1.5])):
        again = Preparation(**json.loads(json.dumps(dataclasses.asdict(preparation))))
        assert again == preparation
        assert hash(again) == hash(preparation)


def test_numpy_numbers_are_numbers():
    preparation = Preparation(crop=np.float32(0.5), mean=np.zeros(3), std=np.ones(3, np.float32))
    assert preparation == Preparation(crop=0.5, mean=(0, 0, 0), std=(1, 1, 1))
    assert type(preparation.mean) is tuple


# Floats that were prepared


@pytest.mark.parametrize(
    "preparation", [Preparation(), Preparation(**IMAGENET), Preparation(mean=(0, 0, 0), std=(1, 1, 1))]
)
def test_what_prepare_gives_is_prepared(preparation):
    for pixels in (noise(), np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 255, np.uint8)):
        check_prepared(prepare(pixels, 8, preparation), preparation)
        check_prepared(prepare(pixels, 8, preparation).astype(float)[np.newaxis], preparation)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (noise().astype(np.float32), "numbers from -1 to 1, but this one from 0 to 255: give its pixels as uint8"),
        (np.full((2, 2, 3), 3.0), "from -1 to 1, but this one from 3 to 3"),
        (np.full((2, 2, 3), -1.6), "from -1 to 1, but this one from -1.6 to -1.6"),
        (np.full((2, 2, 3), 1.51), "from -1 to 1, but this one from 1.51 to 1.51"),
        (np.full((2, 2, 3), np.nan), "but this one from nan to nan"),
        (np.full((2, 2, 3), np.inf), "but this one from inf to inf"),
        (np.full((2, 2, 3), -np.inf), "but this one from -inf to -inf"),
    ],
)
def test_what_no_prepared_image_has(x, message):
    with pytest.raises(ValueError, match=message):
        check_prepared(x)
    one = np.zeros((2, 2, 3), x.dtype)
    one[1, 1, 2] = x[1, 1, 2]
    if not np.array_equal(x, noise().astype(np.float32)):
        with pytest.raises(ValueError, match="a prepared image has numbers from -1 to 1"):
            check_prepared(one)


def test_a_little_beyond_is_allowed():
    check_prepared(np.full((2, 2, 3), 1.4))
    check_prepared(np.full((2, 2, 3), -1.5))


def test_each_colour_has_a_range_of_its_own():
    preparation = Preparation(mean=(0, 0, 255), std=(255, 255, 255))  # red and green 0 .. 1, blue -1 .. 0
    check_prepared(np.full((2, 2, 3), (1, 1, -1.0)), preparation)
    with pytest.raises(ValueError, match="from -1 to 1, but this one from -1 to 1"):
        check_prepared(np.full((2, 2, 3), (-1.0, 1, 1)), preparation)
