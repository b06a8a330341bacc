"""The table in the README of `npmobile/pretrained`: what it says of each format is what `load` does."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from weight_files import (
    LAYERS,
    WRITERS,
    sequential_arrays,
    timm_arrays,
    trained,
    tuned_config,
    write_hugging_face,
    write_npz,
    write_safetensors,
)

import npmobile as nm
from npmobile import pretrained
from npmobile.images import Preparation

README = Path(pretrained.__file__).with_name("README.md")
COLUMNS = ["format", "who", "padding", "eps", "pixels", "labels", "refused"]


def rows() -> list[dict[str, str]]:
    lines = [line for line in README.read_text(encoding="utf8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    assert {len(row) for row in cells} == {len(COLUMNS)}
    return [dict(zip(COLUMNS, row)) for row in cells]


def whole(path, w) -> None:
    """A saved model in which everything is another value than the default."""
    how = Preparation(crop=0.5, mean=(1, 2, 3), std=(4, 5, 6))
    nm.Model(LAYERS, w, tuple("abcdefg"), "symmetric", 0.5, how, "sigmoid", "relu").save(path)


def folder(path, w) -> None:
    path.mkdir()
    write_hugging_face(path / "model.safetensors", w)


def bicubic(crop):
    return Preparation(resize=crop, resample="bicubic")


IMAGENET = Preparation(
    resize=256 / 224, mean=[255 * m for m in (0.485, 0.456, 0.406)], std=[255 * s for s in (0.229, 0.224, 0.225)]
)
# Of each row: how such a file is made, and the preparation that the column "pixels" means.
MADE = [
    (WRITERS["h5"], Preparation()),
    (WRITERS["tuned keras"], Preparation()),
    (write_hugging_face, Preparation(crop=0.875)),
    (WRITERS["timm"], bicubic(256 / 224)),
    (WRITERS["sequential"], IMAGENET),
    (folder, Preparation(crop=0.875)),
    (None, None),  # .tflite: its files are made and read in test_tflite.py
    (whole, Preparation(crop=0.5, mean=(1, 2, 3), std=(4, 5, 6))),
    (write_npz, Preparation()),
]
IN_THE_FILE = {1: ("keras", 1e-3), 5: ("same", 1e-3), 7: ("symmetric", 0.5)}


@pytest.mark.parametrize("number", [n for n, (make, _) in enumerate(MADE) if make])
def test_padding_eps_and_preparation(tmp_path, number):
    row, (make, preparation) = rows()[number], MADE[number]
    make(tmp_path / "w", trained())
    model = nm.load(tmp_path / "w")
    said = [re.match(r"`([^`]+)`", row[column]) for column in ("padding", "eps")]
    padding, eps = IN_THE_FILE.get(number) or (said[0][1], float(said[1][1]))
    assert (model.padding, model.eps) == (padding, eps)
    assert (model.preparation or Preparation()) == preparation
    scaled = (np.array([0.0, 255.0]) - preparation.mean[0]) / preparation.std[0]
    assert ("-1 to 1" in row["pixels"]) == (scaled.tolist() == [-1, 1]) or number in IN_THE_FILE


def test_the_table_has_a_row_for_each_format():
    table = rows()
    assert len(table) == len(MADE) + 1
    assert [re.findall(r"`([^`]+)`", row["format"])[:1] for row in table] == [
        [".h5"], [".keras"], [".safetensors"], [".safetensors"], [".safetensors"], [], [".tflite"], [".npz"], [".npz"], [".pth"]
    ]  # fmt: skip


@pytest.mark.parametrize("ending", re.findall(r"`([^`]+)`", rows()[-1]["format"]))
def test_a_pickle_gets_the_sentence_of_the_table(tmp_path, ending):
    (command,) = re.findall(r"`(safetensors[^`]+)`", rows()[-1]["refused"])
    (tmp_path / f"w{ending}").write_bytes(b"anything")
    with pytest.raises(ValueError, match=r"it is a pickle") as caught:
        nm.load(tmp_path / f"w{ending}")
    assert command.replace('"', "'") in str(caught.value)
    assert len(str(caught.value)) <= 600


@pytest.mark.parametrize("kind", ["h5", "keras", "safetensors", "timm", "sequential", "npz"])
def test_labels_of_imagenet_lie_beside_the_file(tmp_path, kind):
    from test_labels import INDEX, write

    layers = nm.mobilenet(0.05, classes=1000)
    WRITERS[kind](tmp_path / "w", trained(layers))
    assert nm.load(tmp_path / "w").labels[:2] == ("class 0", "class 1")
    write(tmp_path, INDEX)
    assert nm.load(tmp_path / "w").labels[1] == "thing 1"


def test_every_name_of_arrays_in_the_table_is_read():
    names = [name for row in rows() for name in re.findall(r"`([\w.]+\.weight)`", row["format"])]
    known = sequential_arrays(trained()) | timm_arrays(trained())
    assert len(names) == 4
    assert set(names[1:]) <= known.keys()


# What is refused


REFUSED = {
    "hidden layers in the head": [("Dense", "second", {"units": 2, "activation": "softmax"})],
    "softmax, sigmoid and linear": [("Activation", "tanh", {"activation": "tanh"})],
}


@pytest.mark.parametrize("said", REFUSED)
def test_heads_are_refused(tmp_path, said):
    from weight_files import model_config, rows_of

    assert said in rows()[1]["refused"]
    config = model_config([*rows_of(tuned_config(3, nested=False, activation="linear")), *REFUSED[said]], 3)
    WRITERS["tuned keras"](tmp_path / "w", trained(), config, nested=False)
    with pytest.raises(ValueError, match=r"load\(path, features=True\) gives the body alone$"):
        nm.load(tmp_path / "w")
    assert nm.load(tmp_path / "w", features=True).layers[-1].name == "pool"


def test_names_that_the_table_refuses_are_refused(tmp_path):
    arrays = {name.replace("model.0.", "stage1.0."): array for name, array in sequential_arrays(trained()).items()}
    write_safetensors(tmp_path / "w", arrays)
    with pytest.raises(ValueError, match="LeakyReLU or ReLU6, and the file does not say which"):
        nm.load(tmp_path / "w")
    write_safetensors(tmp_path / "w", timm_arrays(trained()) | {"conv_head.weight": np.ones((2, 51, 1, 1), np.float32)})
    with pytest.raises(ValueError, match="mobilenetv1_100h"):
        nm.load(tmp_path / "w")


def test_what_is_said_of_relu_and_of_logits_works(tmp_path):
    text = README.read_text(encoding="utf8")
    WRITERS["sequential"](tmp_path / "w", trained())
    model = nm.load(tmp_path / "w")
    for expression in re.findall(r"`dataclasses\.(replace\(model, [^`]+)`", text):
        made = eval(expression, {"replace": replace, "model": model})
        assert made.activation == "relu6" or made.output == "softmax"
