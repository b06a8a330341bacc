"""Names of ImageNet's classes from a file beside the weights."""

from __future__ import annotations

import json

import pytest
from weight_files import ALPHA, WRITERS, trained

import npmobile as nm
from npmobile.pretrained import labels

INDEX = {str(number): [f"n{number:08}", f"thing {number}"] for number in range(1000)}


def write(tmp_path, index):
    (tmp_path / labels.CLASS_NAMES).write_text(json.dumps(index), encoding="utf8")
    return tmp_path / labels.CLASS_NAMES


def last(classes):
    return nm.mobilenet(classes=classes)[-1]


def test_names_of_1000_classes(tmp_path):
    names = tuple(f"thing {number}" for number in range(1000))
    assert labels.beside(tmp_path / "w.h5", last(1000)) == ()
    write(tmp_path, INDEX)
    assert labels.beside(tmp_path / "w.h5", last(1000)) == names
    assert labels.beside(tmp_path / "w.h5", last(1001)) == ("background", *names)


@pytest.mark.parametrize(("classes", "shift"), [(1000, 0), (1001, 1)])
def test_names_lie_beside_the_weights(tmp_path, shared, classes, shift):
    layers = nm.mobilenet(ALPHA, classes=classes)
    WRITERS["h5"](tmp_path / "w.h5", trained(layers))
    assert nm.load(tmp_path / "w.h5").labels[1] == "class 1"
    (tmp_path / labels.CLASS_NAMES).write_bytes((shared / f"weights/{labels.CLASS_NAMES}").read_bytes())
    found = nm.load(tmp_path / "w.h5").labels
    assert len(found) == classes
    assert found[281 + shift] == "tabby"
    assert (found[0] == "background") == (classes == 1001)


@pytest.mark.parametrize("classes", [2, 999, 1002])
def test_other_numbers_of_classes_have_no_names(tmp_path, classes):
    write(tmp_path, INDEX)
    assert labels.beside(tmp_path / "w.h5", last(classes)) == ()


@pytest.mark.parametrize("kind", ["npz", "h5", "safetensors"])
def test_features_have_no_names(tmp_path, kind):
    """The last layer of a body of alpha 1000 / 1024 has 1000 channels, which are no classes."""
    layers = nm.mobilenet(1000 / 1024, classes=2)
    assert layers[-2].N == 1000
    WRITERS[kind](tmp_path / "w", trained(layers[:-1]))
    write(tmp_path, INDEX)
    assert nm.load(tmp_path / "w").labels == ()


@pytest.mark.parametrize(
    ("index", "problem"),
    [
        ({"0": ["n01440764", "tench"]}, "is not an index of 1000 classes: it has 1$"),
        (INDEX | {"1000": ["n", "x"]}, "is not an index of 1000 classes: it has 1,001$"),
        ([], "must hold a JSON object"),
        *(
            (INDEX | {"7": value}, ": 7 must be a pair of texts, but is ")
            for value in (
                None,
                3,
                "tench",
                [],
                ["n"],
                ["n", None],
                ["n", 3],
                ["n", ["x"]],
                ["n", "x", "y"],
                [3, "x"],
                {},
            )
        ),
        ({"x" if k == "7" else k: v for k, v in INDEX.items()}, ": 7 must be a pair of texts, but is missing"),
    ],
)
def test_a_file_that_is_no_class_index_is_refused(tmp_path, index, problem):
    write(tmp_path, index)
    WRITERS["npz"](tmp_path / "w.npz", trained(nm.mobilenet(ALPHA, classes=1000)))
    with pytest.raises(ValueError, match=rf"w\.npz: imagenet_class_index\.json ?{problem}"):
        nm.load(tmp_path / "w.npz")
