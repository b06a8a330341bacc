"""The numbers behind the stepper: which arguments are taken, and which zeros surround the image."""

from __future__ import annotations

import numpy as np
import pytest

from npmobile.interactive import steps


def test_steps_accept_what_conv_accepts():
    with pytest.raises(TypeError, match="x must be float32 or float64"):
        steps.convolutions(np.zeros((1, 4, 4, 2), int), np.zeros((3, 3, 2, 3)))


@pytest.mark.parametrize(
    ("D_F", "D_K", "stride", "padding", "before", "after"),
    [
        (4, 3, 1, "same", 1, 1),
        (4, 3, 2, "same", 0, 1),  # on an even side: one zero, to the bottom and right
        (5, 3, 2, "same", 1, 1),
        (4, 2, 1, "same", 0, 1),
        (4, 1, 2, "same", 0, 0),
        (4, 3, 2, "symmetric", 1, 1),  # PyTorch pads all round, also where no window reaches
        (4, 2, 1, "symmetric", 1, 1),
        (6, 1, 1, "symmetric", 0, 0),
        (5, 2, 2, "valid", 0, 0),  # the last row is in no window, and is shown all the same
        (6, 3, 2, "keras", 0, 1),
    ],
)
def test_the_image_is_shown_with_its_padding(D_F, D_K, stride, padding, before, after):
    x = np.arange(1.0, D_F * D_F + 1).reshape(1, D_F, D_F, 1)
    shown = steps.convolutions(x, np.ones((D_K, D_K, 1, 1)), stride, padding)["standard"]
    image = np.array(shown["image"])[0]
    assert (shown["before"], len(image)) == (before, before + D_F + after)
    assert np.array_equal(image[before : before + D_F, before : before + D_F], x[0, :, :, 0])
    assert image.sum() == x.sum()
