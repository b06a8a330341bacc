"""Why a file is not taken: the likely cause comes first, in one short line that names the file."""

from __future__ import annotations

import io
import json
import os
import pickle
import zipfile

import numpy as np
import pytest
from weight_files import (
    LAYERS,
    hugging_face_arrays,
    keras_3_arrays,
    keras_arrays,
    timm_arrays,
    trained,
    write_hdf5,
    write_hugging_face,
    write_keras,
    write_npz,
)

import npmobile as nm

PICKLE = (
    "it is a pickle of Python, which can run any program when it is read: in PyTorch, "
    "safetensors.torch.save_file(model.state_dict(), 'w.safetensors') saves its arrays"
)


def refusal(path, start=""):
    """What `load` says of a file, checked to be one short line that names it."""
    with pytest.raises(ValueError) as caught:
        nm.load(path)
    line = str(caught.value)
    assert len(line) <= 600
    assert line.isprintable()
    assert path.name in line
    assert line.startswith(f"{path}: {start}"), line
    assert "magic" not in line
    return line


def pth() -> bytes:
    """As torch.save writes it: a zip archive with a pickle in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"conv1": 1}, 2))
        archive.writestr("archive/data/0", bytes(100))
        archive.writestr("archive/version", "3\n")
    return content.getvalue()


def zipped(*names) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, b"content")
    return content.getvalue()


def npy() -> bytes:
    content = io.BytesIO()
    np.save(content, np.ones(3))
    return content.getvalue()


FILES = {
    "model.pth": (pth(), PICKLE),
    "old.pth": (pickle.dumps({"conv1": np.ones(3)}, 2), PICKLE),
    "new.pkl": (pickle.dumps({"conv1": np.ones(3)}, 5), PICKLE),
    "old.bin": (b"\x00 unknown", PICKLE),
    "model.tflite": (b"\x1c\x00\x00\x00TFL2\x14\x00\x20", "its name says TensorFlow Lite, but it does not begin"),
    "model.onnx": (b"\x08\x07\x12\x07pytorch", "it is a file of ONNX"),
    "noend": (b"\x08\x0a\x12\x07pytorch", "it is a file of ONNX"),
    "pointer.h5": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "it is a pointer of git-lfs in place of the file, which `git lfs pull` fetches",
    ),
    "page.h5": (b"<!DOCTYPE html><html>404</html>", "it is a page of HTML or XML in place of the file"),
    "page.safetensors": (b"\n\n<html><head>", "it is a page of HTML or XML in place of the file"),
    "model.safetensors.index.json": (
        b'{"metadata": {}, "weight_map": {}}',
        "it is JSON: give the file with the arrays",
    ),
    "model.json": (b"\n [1]", "it is JSON: give the file with the arrays"),
    "empty.h5": (b"", "it is empty"),
    "empty.npz": (zipped(), "it is an empty zip archive"),
    "saved_model.pb": (b"\x0a\x00", "it is a part of a checkpoint or graph of TensorFlow"),
    "old.tflite": (b"no", "its name says TensorFlow Lite, but it does not begin"),
    "old.onnx": (b"no", "it is a file of ONNX, which is not read: save the network's arrays as .safetensors or .npz"),
    "model.ckpt": (b"\x00\x01", "it is a part of a checkpoint or graph of TensorFlow"),
    "light.ckpt": (pth(), PICKLE),
    "model.PTH": (b"no", PICKLE),
    "model.ckpt.index": (b"\x00\x01", "it is a part of a checkpoint or graph of TensorFlow"),
    "model.ckpt.data-00000-of-00001": (b"\x00\x01", "it is a part of a checkpoint or graph of TensorFlow"),
    "model.h5.gz": (b"\x1f\x8b\x08\x00", "it is packed: unpack it first"),
    "cat.png": (b"\x89PNG\r\n\x1a\n", "it is an image"),
    "cat.jpg": (b"\xff\xd8\xff\xe0", "it is an image"),
    "one.npy": (npy(), r"it is a single array (.npy), not a network"),
    "other.zip": (zipped("a.txt", "b.txt"), "it is a zip archive of a.txt; b.txt"),
    "notes.h5": (
        b"conv1: 1, 2, 3",
        "it is neither HDF5 (.h5, .keras), .safetensors or .npz: it begins with b'conv1: 1,'",
    ),
    "noise": (bytes(range(200, 255)), "it is neither HDF5"),
    "cut.npz": (b"PK\x03\x04" + bytes(50), "it is not a whole .npz or .keras file: "),
    "nine": (b"1234\0\0\0\0{", "its header declares 875,770,417 bytes"),
    "meta.json": (b'{"meta":{"a": 1}}', "it is JSON: give the file with the arrays"),
    "nine.txt": (b"12345678{", "it is neither HDF5"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_of_weights_is_named(tmp_path, name):
    content, cause = FILES[name]
    (tmp_path / name).write_bytes(content)
    refusal(tmp_path / name, cause)


def test_many_entries_of_another_archive_are_not_all_listed(tmp_path):
    (tmp_path / "w.zip").write_bytes(zipped(*(f"folder/new\nline{i}" for i in range(1000))))
    line = refusal(tmp_path / "w.zip", r"it is a zip archive of folder/new\nline0; folder/new\nline1; ")
    assert line.endswith("and 995 more")


def test_what_is_no_file_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        nm.load(tmp_path / "none.h5")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")  # opening it would wait for ever
        with pytest.raises(OSError, match="pipe is not a regular file"):
            nm.load(tmp_path / "pipe")


# Arrays of other networks


def write_safetensors(path, arrays):
    from safetensors.numpy import save_file

    save_file(arrays, path)


@pytest.mark.parametrize(
    ("arrays", "cause"),
    [
        (
            timm_arrays(trained()) | {"conv_head.weight": np.zeros((1024, 51, 1, 1), np.float32)},
            "it has one more convolution behind the last, as timm's mobilenetv1_100h: conv_head.weight is not wanted",
        ),
        (
            {"stage1.0.0.weight": np.zeros((8, 3, 3, 3)), "stage2.0.0.weight": np.zeros((8, 1, 3, 3))},
            "such networks have LeakyReLU or ReLU6, and the file does not say which: ",
        ),
        (
            timm_arrays(trained()) | {"blocks.0.0.se.fc1.weight": np.zeros((2, 1, 1, 1), np.float32)},
            "it holds more than a MobileNet v1: blocks.0.0.se.fc1.weight is not wanted",
        ),
        ({"MobilenetV1/Conv2d_0/weights": np.zeros((3, 3, 3, 32))}, "its names are those of TF-slim"),
        ({"mobilenet_v2.conv_stem.first_conv.weight": np.zeros((3, 3))}, "it is a MobileNet of version 2 or 3: "),
        (
            {"features.0.0.weight": np.zeros((8, 3, 3, 3)), "features.1.conv.0.0.weight": np.zeros((8, 1, 3, 3))},
            "its names are those of torchvision",
        ),
        ({"resnet.stem": np.zeros((3, 3))}, "it is another network than MobileNet v1: resnet.stem is not wanted"),
        (
            {k.replace("classifier", "top"): v for k, v in hugging_face_arrays(trained()).items()},
            "its classifier is not MobileNet v1's own, as in a network that was trained further: "
            "top.bias is not wanted; top.weight is not wanted",
        ),
        (
            {f"net.{k}": v for k, v in hugging_face_arrays(trained()).items()} | {"decoder.weight": np.zeros((2, 2))},
            "it holds more than a MobileNet v1: decoder.weight is not wanted",
        ),
        (
            hugging_face_arrays(trained()) | {"ema": np.zeros(3, np.float32)},
            "it holds more than a MobileNet v1: ema is not wanted",
        ),
    ],
)
def test_networks_in_safetensors(tmp_path, arrays, cause):
    write_safetensors(tmp_path / "w.safetensors", arrays)
    refusal(tmp_path / "w.safetensors", cause)


@pytest.mark.parametrize(
    ("arrays", "cause"),
    [
        ({"expanded_conv/project/kernel:0": np.zeros(3)}, "it is a MobileNet of version 2 or 3: "),
        ({"block_1_expand/block_1_expand/kernel:0": np.zeros(3)}, "it is a MobileNet of version 2 or 3: "),
        ({"layers/dense/vars/0": np.zeros(3)}, "it is another network than MobileNet v1: "),
        (
            keras_arrays(trained(LAYERS[:-1])) | {"dense/dense/kernel:0": np.zeros(3)},
            "weights alone do not tell what stands behind the average pool, a whole model saved as .keras does (dense/dense/",
        ),
        (
            {f"base/{k}": v for k, v in keras_3_arrays(trained()).items()} | {"more/kernel:0": np.zeros((1, 2, 3, 4))},
            "it holds more than a MobileNet v1: more/kernel:0 is not wanted",
        ),
    ],
)
def test_networks_in_hdf5(tmp_path, arrays, cause):
    write_hdf5(tmp_path / "w.h5", arrays)
    refusal(tmp_path / "w.h5", cause)


@pytest.mark.parametrize("multiplier", [2, 4])
def test_a_depth_multiplier_is_told(tmp_path, multiplier):
    w = trained()
    for name, arrays in w.items():
        if name.startswith("conv_dw"):
            arrays["kernel"] = np.repeat(arrays["kernel"][..., np.newaxis], multiplier, axis=3)
    arrays = {
        name: array[..., 0] if name.endswith("depthwise_kernel:0") else array for name, array in keras_arrays(w).items()
    }
    write_hdf5(tmp_path / "w.h5", arrays)
    refusal(tmp_path / "w.h5", f"its depthwise convolutions have depth_multiplier {multiplier}, and MobileNet v1 has 1")


def header_only(path, arrays, dtype):
    """A .safetensors file of zeros of any dtype, of which NumPy has none."""
    size = {"BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I64": 8}[dtype]
    header, offset = {}, 0
    for name, array in arrays.items():
        end = offset + array.size * size
        header[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(offset))


@pytest.mark.parametrize("dtype", ["F8_E4M3", "F8_E5M2"])
def test_numbers_that_numpy_has_not_are_named(tmp_path, dtype):
    header_only(tmp_path / "w.safetensors", hugging_face_arrays(trained()), dtype)
    refusal(tmp_path / "w.safetensors", f"its numbers are {dtype}: convert them to float32 and save it again")


def test_other_numbers_are_named_by_weights(tmp_path):
    header_only(tmp_path / "w.safetensors", hugging_face_arrays(trained()), "I64")
    with pytest.raises(ValueError, match=r"conv1/.* is I64, not float16, float32 or float64; .*and 132 more$"):
        nm.load(tmp_path / "w.safetensors")


def test_keras_bfloat16_is_named(tmp_path):
    import h5py

    write_hdf5(tmp_path / "w.h5", keras_3_arrays(trained()))
    with h5py.File(tmp_path / "w.h5", "a") as file:
        del file["layers/conv2d/vars/0"]
        file["layers/conv2d/vars/0"] = np.zeros((3, 3, 3, 1), "V2")
        file["layers/conv2d/vars/0"].attrs["dtype"] = "bfloat16"
    refusal(tmp_path / "w.h5", "its numbers are bfloat16: convert them to float32 and save it again")


@pytest.mark.parametrize("name", ["model-00001-of-00002.safetensors", "model_00000.weights.h5", "model.safetensors"])
def test_one_of_several_files_is_told(tmp_path, name):
    w = trained()
    part = {layer: w[layer] for layer in list(w)[:10]}
    (write_keras if name.endswith("h5") else write_hugging_face)(tmp_path / name, part)
    (tmp_path / "model.safetensors.index.json").write_text("{}")
    refusal(
        tmp_path / name,
        "it is one of several files that hold the network together: save it as one: conv_pw_5/kernel is missing; ",
    )
    (write_keras if name.endswith("h5") else write_hugging_face)(tmp_path / name, w)
    assert nm.load(tmp_path / name).layers[-1].N == 7  # a name alone says nothing of a whole file


def test_a_part_of_the_network_is_told(tmp_path):
    w = trained()
    write_npz(tmp_path / "w.npz", {layer: w[layer] for layer in list(w)[:10]})
    with pytest.raises(ValueError, match="it holds only a part of the network: conv_pw_5/kernel is missing; "):
        nm.load(tmp_path / "w.npz")


# Long and strange names


@pytest.mark.parametrize("kind", ["npz", "h5", "safetensors"])
def test_a_file_of_thousands_of_strange_names_is_refused_in_one_line(tmp_path, kind):
    names = [f"layer\n{'x' * 300}/array {i}" for i in range(2000)]
    path = tmp_path / f"w.{kind}"
    arrays = {name: np.zeros(1, np.float32) for name in names}
    if kind == "npz":
        np.savez(path, **arrays)
    elif kind == "h5":
        write_hdf5(path, arrays)
    else:
        write_safetensors(path, arrays)
    with pytest.raises(ValueError) as caught:
        nm.load(path)
    line = str(caught.value)
    assert len(line) <= 600
    assert line.isprintable()
    assert f"w.{kind}" in line
    assert "more" in line


def test_a_path_of_any_length_and_with_new_lines_is_shown_in_short(tmp_path):
    folder = tmp_path / "deep" / ("f" * 200) / ("g" * 200)
    folder.mkdir(parents=True)
    path = folder / "new\nline.h5"
    path.write_bytes(b"no")
    with pytest.raises(ValueError) as caught:
        nm.load(path)
    assert len(str(caught.value)) < 300
    assert r"new\nline.h5: it is neither HDF5" in str(caught.value)
