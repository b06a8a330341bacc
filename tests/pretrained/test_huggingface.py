"""Files of Hugging Face: names of arrays, `config.json`, and what a file may not hold."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from weight_files import CLASSES, hugging_face_arrays, trained, write_hugging_face

import npmobile as nm
from npmobile.pretrained import huggingface

LABELS = {str(i): f"breed {i}" for i in range(CLASSES)}
QUARTER = nm.mobilenet(0.25, classes=CLASSES)


def load(tmp_path, config=None, w=None, raw=None):
    write_hugging_face(tmp_path / "model.safetensors", trained() if w is None else w)
    if config is not None or raw is not None:
        (tmp_path / "config.json").write_bytes(json.dumps(config).encode() if raw is None else raw)
    return nm.load(tmp_path / "model.safetensors")


def save(path, arrays, metadata=None):
    from safetensors.numpy import save_file

    save_file(arrays, path, metadata)


# Names


@pytest.mark.parametrize("prefix", ["", "mobilenet_v1."])
def test_all_arrays_are_known_with_and_without_the_name_of_the_body(tmp_path, prefix):
    w = trained()
    arrays = hugging_face_arrays(w, prefix)
    known = {huggingface.NAMES.get(name.removeprefix(prefix)) for name in arrays if "num_batches" not in name}
    assert known - {None} == {f"{layer}/{name}" for layer, named in w.items() for name in named if layer != "fc"}
    assert len(huggingface.NAMES) == 27 * 5
    save(tmp_path / "w", arrays)
    assert nm.load(tmp_path / "w").layers[-1].N == CLASSES


@pytest.mark.parametrize(
    "name",
    [
        "layer.26.convolution.weight",
        "layer.-1.convolution.weight",
        "layer.01.convolution.weight",
        "mobilenet_v1.mobilenet_v1.conv_stem.convolution.weight",
        "conv_stem.convolution.bias",
        "conv1/kernel",
    ],
)
def test_other_names_are_refused(tmp_path, name):
    assert name not in huggingface.NAMES
    save(tmp_path / "w", hugging_face_arrays(trained()) | {name: np.zeros(3, np.float32)})
    with pytest.raises(ValueError, match=re.escape(f"{name} is not wanted")):
        nm.load(tmp_path / "w")


def test_counters_of_training_are_left_out_only_where_a_batch_norm_has_them(tmp_path):
    arrays = hugging_face_arrays(trained())
    assert sum("num_batches_tracked" in name for name in arrays) == 27
    save(tmp_path / "w", arrays)
    assert nm.load(tmp_path / "w").layers[-1].N == CLASSES
    save(tmp_path / "w", arrays | {"mine.num_batches_tracked": np.array(0)})
    with pytest.raises(ValueError, match=r"mine\.num_batches_tracked is not wanted"):
        nm.load(tmp_path / "w")


def test_two_classifiers_are_refused(tmp_path):
    more = {"mobilenet_v1.classifier.weight": np.zeros((2, 51), np.float32)}
    save(tmp_path / "w", hugging_face_arrays(trained()) | more)
    with pytest.raises(
        ValueError, match=r"it has several layers behind the average pool, .*mobilenet_v1\.classifier\.weight"
    ):
        nm.load(tmp_path / "w")


def test_an_array_with_and_without_the_name_of_the_body_is_refused(tmp_path):
    arrays = hugging_face_arrays(trained())
    again = arrays["mobilenet_v1.conv_stem.convolution.weight"].copy()
    save(tmp_path / "w", arrays | {"conv_stem.convolution.weight": again})
    with pytest.raises(
        ValueError, match=r"it holds more than a MobileNet v1: conv_stem\.convolution\.weight is not wanted"
    ):
        nm.load(tmp_path / "w")


# The file's own header


def rewritten(path, change):
    """The file with another header."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = change(content[8 : 8 + size].decode()).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + content[8 + size :])


def test_an_array_that_is_listed_twice_is_refused(tmp_path):
    write_hugging_face(tmp_path / "w", trained())
    entry = re.search(r'"classifier\.bias":\{.*?\}', (tmp_path / "w").read_bytes()[8:20_000].decode("latin1"))[0]
    rewritten(tmp_path / "w", lambda header: header[:-1].rstrip().removesuffix("}") + f",{entry}}}")
    with pytest.raises(
        ValueError, match=r"its header cannot be read as JSON: the key 'classifier\.bias' stands in it twice"
    ):
        nm.load(tmp_path / "w")


@pytest.mark.parametrize(
    ("metadata", "problem"),
    [({"format": "pt"}, None), ({"format": "np"}, None), ({"other": "x"}, None)]
    + [({"format": name}, f"its header: __metadata__: format is '{name}'") for name in ("mlx", "tf", "flax")],
)
def test_files_of_frameworks_with_other_layouts_are_refused(tmp_path, metadata, problem):
    save(tmp_path / "w", hugging_face_arrays(trained()), metadata)
    if problem:
        with pytest.raises(ValueError, match=problem):
            nm.load(tmp_path / "w")
    else:
        assert nm.load(tmp_path / "w").layers[-1].N == CLASSES


def test_a_large_header_is_not_read(tmp_path):
    for size in (1_000_001, 2**31, 2**32 - 1):
        (tmp_path / "w").write_bytes(size.to_bytes(8, "little") + b"{" + b" " * 100)
        with pytest.raises(ValueError, match=f"its header declares {size:,} bytes"):
            nm.load(tmp_path / "w")


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r'("classifier\.bias":.*?"data_offsets":\[)(\d+),(\d+)', r"\g<1>0,28"),  # over the first array
        (r'("classifier\.bias":.*?"data_offsets":\[)(\d+),(\d+)', r"\g<1>\g<2>,999999999999"),
        (r'("classifier\.bias":.*?"data_offsets":\[)(\d+),(\d+)', r"\g<1>\g<3>,\g<2>"),
        (r'("classifier\.bias":.*?"shape":\[)7', r"\g<1>8"),
        (r'("classifier\.bias":.*?"shape":\[)7', r"\g<1>18446744073709551615"),
        (r'("classifier\.bias":.*?"dtype":")F32', r"\g<1>F64"),
        (r'("classifier\.bias":.*?"dtype":")F32', r"\g<1>F99"),
    ],
)
def test_headers_that_lie_are_refused(tmp_path, pattern, replacement):
    write_hugging_face(tmp_path / "w", trained())
    rewritten(tmp_path / "w", lambda header: re.sub(pattern, replacement, header, count=1))
    with pytest.raises(ValueError, match="it is not a whole safetensors file: "):
        nm.load(tmp_path / "w")


# config.json


def test_every_key_is_followed(tmp_path):
    config = {"image_size": 192, "layer_norm_eps": 1e-5, "tf_padding": False, "hidden_act": "relu6", "id2label": LABELS}
    model = load(tmp_path, config)
    assert model.layers == nm.mobilenet(51 / 1024, 192, CLASSES, padding="symmetric")
    assert (model.eps, model.labels) == (1e-5, tuple(LABELS.values()))


def test_missing_keys_have_the_values_that_transformers_gives_them(tmp_path):
    for config in (None, {}, {"unknown": None, "classifier_dropout_prob": "x"}):
        model = load(tmp_path, config)
        assert model.layers == nm.mobilenet(51 / 1024, 224, CLASSES, padding="same")
        assert (model.eps, model.labels[3]) == (1e-3, "class 3")


@pytest.mark.parametrize("size", [160, [160, 160]])
def test_an_image_size_is_a_number_or_two_equal_ones(tmp_path, size):
    assert load(tmp_path, {"image_size": size}).resolution == 160


def test_the_side_of_the_processor_counts(tmp_path):
    """transformers' pipeline gives the network what the processor makes, whatever image_size says."""
    (tmp_path / "preprocessor_config.json").write_text('{"crop_size": 128}')
    assert load(tmp_path, {"image_size": 192}).resolution == 128


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"model_type": "mobilenet_v2"}, "model_type is 'mobilenet_v2', and MobileNet v1 has 'mobilenet_v1'"),
        ({"hidden_act": "relu"}, "hidden_act is 'relu', and MobileNet v1 has 'relu6'"),
        ({"num_channels": 1}, "num_channels is 1, and MobileNet v1 has 3"),
        ({"architectures": ["MobileNetV2Model"]}, r"architectures is \['MobileNetV2Model'\]"),
        ({"architectures": ["MobileNetV1Model", "Other"]}, "architectures is "),
        ({"architectures": "MobileNetV1Model"}, "architectures is 'MobileNetV1Model'"),
        ({"architectures": []}, r"architectures is \[\]"),
        ({"problem_type": "ranking"}, "problem_type is 'ranking'"),
        ({"depth_multiplier": 0.5}, "depth_multiplier is 0.5, which makes 512 channels, but the arrays have 51"),
        ({"min_depth": 64}, "depth_multiplier is 1.0, which makes 1,024 channels, but the arrays have 51"),
        ({"id2label": {"0": "a"}}, "id2label must hold a name for each of 7 classes, but holds 1"),
        ({"id2label": LABELS | {"7": "x"}}, "id2label must hold a name for each of 7 classes, but holds 8"),
        ({"id2label": {str(i + 1): "x" for i in range(7)}}, "id2label: 0 must be text, but is missing"),
        ({"id2label": LABELS | {"3": None}}, "id2label: 3 must be text, but is None"),
        ({"id2label": LABELS | {"3": ["a"]}}, r"id2label: 3 must be text, but is \['a'\]"),
    ],
)
def test_other_networks_are_refused(tmp_path, config, problem):
    with pytest.raises(ValueError, match=rf"model\.safetensors: config\.json: {problem}"):
        load(tmp_path, config)


NAN, INFINITY = float("nan"), float("inf")
BAD = {
    "image_size": [None, 31, 0, -1, 10**30, 224.0, "224", True, [], [224], [224, 192], [224, 224, 3], {"height": 224}, NAN],
    "layer_norm_eps": [None, 0, -1, NAN, INFINITY, -INFINITY, "0.001", True, [0.001], {}, 10**400],
    "tf_padding": [None, 0, 1, "true", [], {}],
    "hidden_act": [None, 6, ["relu6"], {}, True],
    "id2label": [None, 3, "labels", [], ["a"] * CLASSES, True, {}],
    "depth_multiplier": [None, 0, -0.25, NAN, INFINITY, "0.25", True, [0.25], {}, 10**400],
    "min_depth": [None, 0, -1, 8.0, "8", True, [8], 10**30],
    "num_channels": [None, 3.0, "3", True, [3], 0, 4],
    "model_type": [None, 1, [], "vit"],
    "architectures": [3, {}, [None], [["MobileNetV1Model"]], True],
    "problem_type": [3, [], {}, "", True],
}  # fmt: skip


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in BAD.items() for value in values])
def test_bad_values_are_one_refusal_that_names_file_and_key(tmp_path, key, value):
    with pytest.raises(ValueError, match=rf"model\.safetensors: config\.json: {key}") as caught:
        load(tmp_path, {key: value})
    assert len(str(caught.value)) <= 600


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[1, 2]", b"\xff", b"null", b"{'a': 1}", b"[" * 10**5, b'{"image_size": 1, "image_size": 1}', b"9" * 10**5]
)  # fmt: skip
def test_what_is_no_json_object_is_refused(tmp_path, raw):
    with pytest.raises(ValueError, match=r"model\.safetensors: config\.json (cannot be read as JSON|must hold)"):
        load(tmp_path, raw=raw)


def test_a_config_must_have_the_width_of_its_arrays(tmp_path):
    w = trained(QUARTER)
    assert load(tmp_path, {"depth_multiplier": 0.25, "min_depth": 8}, w).layers == QUARTER
    with pytest.raises(
        ValueError, match=r"depth_multiplier is 1\.0, which makes 1,024 channels, but the arrays have 256"
    ):
        load(tmp_path, {"depth_multiplier": 1}, w)


@pytest.mark.parametrize(
    ("problem_type", "output"), [("single_label_classification", "softmax"), (None, "softmax"), ("multi_label_classification", "sigmoid"), ("regression", "linear")]
)  # fmt: skip
def test_the_function_behind_the_classifier_is_the_pipelines(tmp_path, problem_type, output):
    assert load(tmp_path, {"problem_type": problem_type}).output == output


def test_one_class_means_a_sigmoid(tmp_path):
    w = trained(nm.mobilenet(0.05, classes=1))
    assert load(tmp_path, {}, w).output == "sigmoid"


def test_a_body_has_no_classifier_and_no_labels(tmp_path):
    w = trained()
    top = w.pop("fc")
    for architectures in (None, ["MobileNetV1Model"]):
        model = load(tmp_path, {"architectures": architectures, "id2label": {"0": "dog"}}, w)
        assert model.layers[-1].name == "pool"
        assert model.labels == ()
    with pytest.raises(ValueError, match="it has no classifier: fc/kernel is missing; fc/bias is missing"):
        load(tmp_path, {"architectures": ["MobileNetV1ForImageClassification"]}, w)
    with pytest.raises(ValueError, match=r"fc/\w+ is not wanted; fc/\w+ is not wanted"):
        load(tmp_path, {"architectures": ["MobileNetV1Model"]}, w | {"fc": top})


def test_configs_beside_other_formats_are_not_read(tmp_path):
    (tmp_path / "config.json").write_text("{")
    nm.weights.save(tmp_path / "w.npz", trained())
    assert nm.load(tmp_path / "w.npz").resolution == 224
