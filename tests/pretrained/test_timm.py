"""timm's names, its `config.json`, and a PyTorch network of its layout."""

from __future__ import annotations

import json

import numpy as np
import pytest
from framework_models import images, randomised, torch_answers
from weight_files import CLASSES, timm_arrays, trained, write_safetensors, write_timm

import npmobile as nm
from npmobile.images import Preparation
from npmobile.pretrained import timm

# As huggingface.co/timm/mobilenetv1_100.ra4_e3600_r224_in1k has it.
PUBLISHED = {
    "architecture": "mobilenetv1_100",
    "num_classes": CLASSES,
    "num_features": 1024,
    "pretrained_cfg": {
        "tag": "ra4_e3600_r224_in1k",
        "custom_load": False,
        "input_size": [3, 224, 224],
        "test_input_size": [3, 256, 256],
        "fixed_input_size": False,
        "interpolation": "bicubic",
        "crop_pct": 0.875,
        "test_crop_pct": 0.95,
        "crop_mode": "center",
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "num_classes": 1000,
        "pool_size": [7, 7],
        "first_conv": "conv_stem",
        "classifier": "classifier",
    },
}
EVALUATION = Preparation(resize=256 / 224, resample="bicubic")


def load(tmp_path, config=None, w=None, **how):
    write_timm(tmp_path / "model.safetensors", trained() if w is None else w)
    if config is not None:
        (tmp_path / "config.json").write_text(json.dumps(config))
    return nm.load(tmp_path / "model.safetensors", **how)


def network(torch, alpha=1.0, classes=10, eps=1e-5, rounded=8):
    """mobilenetv1 as timm builds it, its modules named as there."""
    nn = torch.nn

    def width(channels):
        return max(rounded, int(channels * alpha + rounded / 2) // rounded * rounded)

    class Block(nn.Module):
        def __init__(self, M, N, stride):
            super().__init__()
            self.conv_dw = nn.Conv2d(M, M, 3, stride, 1, groups=M, bias=False)
            self.bn1 = nn.BatchNorm2d(M, eps)
            self.conv_pw = nn.Conv2d(M, N, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(N, eps)

        def forward(self, x):
            return nn.functional.relu6(self.bn2(self.conv_pw(nn.functional.relu6(self.bn1(self.conv_dw(x))))))

    class MobileNetV1(nn.Module):
        def __init__(self):
            super().__init__()
            M = width(32)
            self.conv_stem = nn.Conv2d(3, M, 3, 2, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(M, eps)
            stages = []
            for count, N, first in [(1, 64, 1), (2, 128, 2), (2, 256, 2), (6, 512, 2), (2, 1024, 2)]:
                blocks = []
                for i in range(count):
                    blocks.append(Block(M, width(N), 1 if i else first))
                    M = width(N)
                stages.append(nn.Sequential(*blocks))
            self.blocks = nn.Sequential(*stages)
            self.classifier = nn.Linear(M, classes)

        def features(self, x):
            return self.blocks(nn.functional.relu6(self.bn1(self.conv_stem(x)))).mean((2, 3))

        def forward(self, x):
            return self.classifier(self.features(x)).softmax(1)

    return MobileNetV1()


PREFIXES = ["", "module.", "model.", "timm_model.", "_orig_mod.module.", "state_dict.net."]


@pytest.mark.parametrize(
    ("alpha", "side", "prefix"),
    [(1.0, 64, ""), (1.25, 65, ""), (0.35, 96, ""), *((0.25, 33, prefix) for prefix in PREFIXES)],
)
def test_probabilities_are_those_of_a_pytorch_network_of_this_layout(torch, tmp_path, prefix, alpha, side):
    from safetensors.torch import save_file

    theirs = randomised(torch, network(torch, alpha, classes=10))
    save_file({f"{prefix}{name}": array for name, array in theirs.state_dict().items()}, tmp_path / "w.safetensors")
    ours = nm.load(tmp_path / "w.safetensors").at(side)
    x = images(side)
    expected = torch_answers(torch, theirs, x)
    np.testing.assert_allclose(ours.predict(x), expected, rtol=0, atol=1e-5)
    features = nm.load(tmp_path / "w.safetensors", features=True).at(side).predict(x)
    theirs.forward = theirs.features
    expected = torch_answers(torch, theirs, x)
    assert expected.max() > 1
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


def test_130_names_of_the_body_are_known():
    w = trained()
    names = {name for name in timm_arrays(w) if "num_batches" not in name and "classifier" not in name}
    assert set(timm.NAMES) == names
    assert timm.NAMES["blocks.3.5.bn2.running_var"] == "conv_pw_11/var"
    assert timm.NAMES["blocks.4.0.conv_dw.weight"] == "conv_dw_12/kernel"


# config.json


def test_the_published_config_is_followed(tmp_path):
    model = load(tmp_path, PUBLISHED)
    assert (model.eps, model.padding, model.preparation) == (1e-5, "symmetric", EVALUATION)
    assert (model.resolution, model.output, model.activation) == (224, "softmax", "relu6")


def test_without_a_config_the_published_values_are_assumed(tmp_path):
    model = load(tmp_path)
    assert (model.eps, model.padding, model.preparation) == (1e-5, "symmetric", EVALUATION)
    wide = nm.mobilenet(1.25, classes=2)
    model = load(tmp_path, w=trained(wide))
    assert [layer.N for layer in model.layers] == [layer.N for layer in wide]
    assert model.preparation == Preparation(resize=248 / 224, resample="bicubic")  # floor(224 / 0.9) = 248


def test_every_key_is_followed(tmp_path):
    names = [f"n{i}" for i in range(CLASSES)]
    given = {
        "input_size": [3, 160, 160],
        "interpolation": "bilinear",
        "crop_pct": 1.0,
        "crop_mode": "squash",
        "mean": [0.485, 0.456, 0.406],
        "std": [0.2, 0.3, 0.4],
    }
    config = {"architecture": "mobilenetv1_050", "label_names": names, "pretrained_cfg": given}
    config["model_args"] = {"pad_type": "same", "bn_eps": 0.01, "drop_rate": 0.3}
    model = load(tmp_path, config)
    assert (model.resolution, model.labels, model.padding, model.eps) == (160, tuple(names), "same", 0.01)
    expected = Preparation(resize=(1, 1), mean=[255 * m for m in given["mean"]], std=[255 * s for s in given["std"]])
    assert model.preparation == expected
    config["label_descriptions"] = {"n3": "a cat"}
    assert load(tmp_path, config).labels[2:4] == ("n2", "a cat")
    del config["pretrained_cfg"]  # older files have its keys beside the others
    assert load(tmp_path, config | given).preparation == expected


def test_photographs_are_prepared_as_torchvision_does_it(tmp_path):
    """Resize(256) with Pillow's bicubic, CenterCrop(224), (x / 255 - 0.5) / 0.5."""
    from PIL import Image

    pixels = np.random.default_rng(0).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    resized = np.asarray(Image.fromarray(pixels).resize((341, 256), Image.Resampling.BICUBIC), np.float32)
    expected = (resized[16:240, 58:282] / 255 - 0.5) / 0.5  # (341 - 224) / 2 = 58.5, rounded to even
    np.testing.assert_allclose(load(tmp_path, PUBLISHED).prepare(pixels), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"architecture": "mobilenetv2_100"},
            "architecture is 'mobilenetv2_100', and MobileNet v1 is 'mobilenetv1_100'",
        ),
        ({"architecture": "mobilenetv1_100h"}, "architecture is 'mobilenetv1_100h'"),
        ({"architecture": None}, "architecture must be text, but is None"),
        ({"model_type": "mobilenet_v1"}, "model_type is 'mobilenet_v1', and MobileNet v1 has 'timm_wrapper'"),
        ({"global_pool": "max"}, "global_pool is 'max', and MobileNet v1 has 'avg'"),
        ({"num_classes": 8}, "num_classes is 8, but the arrays have 7"),
        ({"num_classes": "7"}, "num_classes must be an integer from 1 to 1,000,000,000, but is '7'"),
        ({"label_names": ["a"]}, "label_names must be 7 names, but are 1"),
        ({"label_names": [1] * 7}, "label_names must be a list of text"),
        ({"label_names": list("abcdefg"), "label_descriptions": []}, "label_descriptions must be a JSON object"),
        ({"label_names": list("abcdefg"), "label_descriptions": {"a": 1}}, "label_descriptions: a must be text"),
        ({"model_args": {"in_chans": 1}}, "model_args: in_chans is 1, and MobileNet v1 has 3"),
        ({"model_args": {"act_layer": "silu"}}, "model_args: act_layer is 'silu', and MobileNet v1 has 'relu6'"),
        ({"model_args": {"pad_type": "valid"}}, "model_args: pad_type is 'valid'"),
        ({"model_args": {"bn_eps": 0}}, "model_args: bn_eps must be a finite number above 0, but is 0"),
        ({"model_args": {"s2d": 1}}, "model_args: 's2d' is not followed here"),
        ({"model_args": []}, r"model_args must be a JSON object, but is \[\]"),
        ({"pretrained_cfg": {"input_size": [3, 224, 192]}}, "pretrained_cfg: input_size must be "),
        ({"pretrained_cfg": {"input_size": [1, 224, 224]}}, "pretrained_cfg: input_size must be "),
        ({"pretrained_cfg": {"crop_pct": 1.1}}, "pretrained_cfg: crop_pct must be a number above 0 and at most 1"),
        ({"pretrained_cfg": {"crop_pct": 1e-9}}, "pretrained_cfg: resize must be above 0 and at most 100"),
        ({"pretrained_cfg": {"crop_mode": "border"}}, "pretrained_cfg: crop_mode is 'border'"),
        ({"pretrained_cfg": {"interpolation": "random"}}, "pretrained_cfg: interpolation is 'random'"),
        ({"pretrained_cfg": {"mean": [0.5]}}, "pretrained_cfg: mean must be a list of 3 numbers"),
        ({"pretrained_cfg": {"std": [0, 1, 1]}}, "pretrained_cfg: std must be a list of 3 numbers"),
        ({"pretrained_cfg": 3}, "pretrained_cfg must be a JSON object, but is 3"),
    ],
)
def test_configs_of_other_networks_are_refused_by_key(tmp_path, change, problem):
    with pytest.raises(ValueError, match=rf"model\.safetensors: config\.json(: |, ){problem}") as caught:
        load(tmp_path, PUBLISHED | change)
    assert len(str(caught.value)) <= 600


def test_without_a_classifier_it_gives_features_and_has_no_labels(tmp_path):
    w = {layer: arrays for layer, arrays in trained().items() if layer != "fc"}
    model = load(tmp_path, PUBLISHED | {"num_classes": 0, "label_names": ["a"]}, w)
    assert (model.layers[-1].name, model.labels) == ("pool", ())


def test_wrong_shapes_are_named(tmp_path):
    arrays = timm_arrays(trained())
    arrays["blocks.3.2.conv_pw.weight"] = np.zeros((25, 25, 3, 3), np.float32)
    arrays["blocks.1.0.conv_dw.weight"] = np.zeros((3, 1, 5, 5), np.float32)
    del arrays["blocks.4.1.bn1.bias"]
    write_safetensors(tmp_path / "w", arrays)
    with pytest.raises(ValueError, match=r"conv_dw_2/kernel has the shape \(5, 5, 3\), not \(3, 3, 3\)") as caught:
        nm.load(tmp_path / "w")
    assert "conv_pw_8/kernel has the shape (3, 3, 25, 25), not (25, 25)" in str(caught.value)
    assert "conv_dw_13/beta is missing" in str(caught.value)
