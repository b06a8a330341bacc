"""A folder of `save_pretrained` given as a path."""

from __future__ import annotations

import json

import numpy as np
import pytest
from weight_files import CLASSES, LAYERS, trained, write_hugging_face, write_timm

import npmobile as nm


@pytest.mark.parametrize(("write", "padding"), [(write_hugging_face, "same"), (write_timm, "symmetric")])
@pytest.mark.parametrize("name", ["model.safetensors", "mine.safetensors"])
def test_the_file_in_a_folder_is_read_with_what_is_beside_it(tmp_path, write, padding, name):
    write(tmp_path / name, trained())
    config = {"image_size": 160} if padding == "same" else {"pretrained_cfg": {"input_size": [3, 160, 160]}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    for path in (tmp_path, str(tmp_path)):
        model = nm.load(path)
        assert (model.resolution, model.padding, model.layers[-1].N) == (160, padding, CLASSES)
    assert nm.load(tmp_path, features=True).layers[-1].name == "pool"


def test_of_several_files_the_usual_name_is_read(tmp_path):
    write_hugging_face(tmp_path / "model.safetensors", trained())
    write_hugging_face(tmp_path / "a.safetensors", trained(nm.mobilenet(0.05, classes=2)))
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    assert nm.load(tmp_path).layers[-1].N == CLASSES


def test_a_folder_of_transformers_is_read(framework, torch, tmp_path):
    transformers = framework("transformers")
    torch.manual_seed(0)
    config = transformers.MobileNetV1Config(depth_multiplier=0.25, num_labels=5, tf_padding=False, min_depth=16)
    theirs = transformers.MobileNetV1ForImageClassification(config).eval()
    theirs.save_pretrained(tmp_path / "mine")
    x = np.random.default_rng(0).uniform(-1, 1, (2, 64, 64, 3)).astype(np.float32)
    with torch.no_grad():
        expected = theirs(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())).logits.softmax(1).numpy()
    ours = nm.load(tmp_path / "mine")
    assert ours.layers[0].N == 16  # not 0.25 * 32: transformers rounds up to min_depth
    np.testing.assert_allclose(ours.at(64).predict(x), expected, rtol=0, atol=1e-5)


def test_a_network_in_several_files_is_one_sentence(tmp_path):
    for i in (1, 2):
        write_hugging_face(tmp_path / f"model-0000{i}-of-00002.safetensors", trained(LAYERS[:3]))
    (tmp_path / "model.safetensors.index.json").write_text("{}")
    with pytest.raises(ValueError, match=r"it is one of several files .*: save it as one: .*max_shard_size") as caught:
        nm.load(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}: ")


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pth", "mobilenet.PT"])
def test_a_pickle_in_a_folder_is_one_sentence(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x80\x02")
    with pytest.raises(ValueError, match=f"of {name} in it: it is a pickle .* saves its arrays$"):
        nm.load(tmp_path)


def test_a_saved_model_is_one_sentence(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"\x08\x01")
    with pytest.raises(ValueError, match=r"of saved_model\.pb in it: .* which is not read: save the model as \.keras"):
        nm.load(tmp_path)


def test_of_other_folders_the_file_must_be_given(tmp_path):
    with pytest.raises(IsADirectoryError, match=r"is a folder: give the file in it that holds the weights$"):
        nm.load(tmp_path)
    (tmp_path / "w.npz").write_bytes(b"")
    with pytest.raises(IsADirectoryError, match="is a folder: give the file in it"):
        nm.load(tmp_path)
    for name in ("a.safetensors", "b.safetensors"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(IsADirectoryError, match=r"holds the weights, one of a\.safetensors; b\.safetensors$"):
        nm.load(tmp_path)
