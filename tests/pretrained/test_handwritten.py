"""The digits that ship with the package."""

from __future__ import annotations

import numpy as np

import npmobile as nm


def test_digits_are_recognised():
    model = nm.digits()
    x, labels = nm.digits_test()
    right = (model.predict(x).argmax(axis=1) == labels).mean()
    assert len(labels) >= 300
    assert right >= 0.97


def test_classify_sorts_its_guesses():
    x, labels = nm.digits_test()
    guesses = nm.digits().classify(x[1], k=10)
    assert guesses[0][0] == str(labels[1])
    assert sorted((p for _, p in guesses), reverse=True) == [p for _, p in guesses]
    assert {label for label, _ in guesses} == set("0123456789")


def test_held_out_digits_are_scikit_learns_and_training_never_saw_them(sklearn_datasets):
    from sklearn.model_selection import train_test_split

    digits = sklearn_datasets.load_digits()
    train, test, _, labels = train_test_split(
        digits.images, digits.target, test_size=360, stratify=digits.target, random_state=0
    )
    x, our_labels = nm.digits_test()
    assert np.array_equal(our_labels, labels)
    assert np.array_equal(x, nm.pretrained.digit_input(test))
    seen = {picture.tobytes() for picture in train}
    assert not any(picture.tobytes() in seen for picture in test)


def test_shipped_weights_are_small():
    from importlib.resources import files

    assert len((files("npmobile.pretrained") / "data" / "digits_weights.npz").read_bytes()) < 600_000
