"""Every mistake with windows: a program that makes it gets its sentence and no other, and two at once get none."""

from __future__ import annotations

import numpy as np
import pytest

import npmobile as nm
from npmobile.exercises import convolutions

from . import solutions, wrong_windows
from .wrong_windows import BEFORE, OTHERS, TORCH, pad_before, torch_pad, windows

PROGRAMS = [*wrong_windows.programs(), *OTHERS]
TASKS = {
    "im2col": convolutions.IM2COL,
    "standard_conv": convolutions.STANDARD_CONV,
    "depthwise_conv": convolutions.DEPTHWISE_CONV,
    "pointwise_conv": convolutions.POINTWISE_CONV,
    "separable_conv": convolutions.SEPARABLE_CONV,
}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("task", "sentence", "function"), PROGRAMS, ids=lambda value: str(value)[:40])
def test_a_mistake_is_named(task, sentence, function, seed):
    report = getattr(nm.exercises, task)(function, seed)
    assert report.mistake == sentence, str(report)
    assert (report.values, report.passed) == (False, False)


@pytest.mark.parametrize("name", TASKS)
def test_every_mistake_has_a_program(name):
    made = {sentence for task, sentence, _ in PROGRAMS if task == name}
    assert {mistake.sentence.text("en") for mistake in TASKS[name].mistakes} <= made


@pytest.mark.parametrize("order", ["D_K D_K M", "M D_K D_K"])
@pytest.mark.parametrize("padded", [torch_pad, pad_before])
def test_a_mistake_in_an_im2col_matrix_is_named(order, padded):
    def im2col(x, D_K, stride=1, padding="same"):
        found = windows(x, D_K, stride, padding, padded)
        axes = (0, 1, 2, 5, 3, 4) if order == "M D_K D_K" else range(6)
        return found.transpose(axes).reshape(-1, D_K * D_K * x.shape[3])

    report = nm.exercises.im2col(im2col)
    assert report.mistake == (TORCH if padded is torch_pad else BEFORE), str(report)


def test_the_first_wrong_row_of_an_im2col_matrix_is_shown():
    def im2col(x, D_K):
        matrix = solutions.im2col(x, D_K).reshape(-1, D_K * D_K * x.shape[3])
        matrix[1:2] *= 2
        return matrix

    text = str(nm.exercises.im2col(im2col, 1))
    assert "Row 1 of the im2col matrix must be the first, but is the second:" in " ".join(text.split())


def test_an_im2col_matrix_that_is_transposed():
    text = str(nm.exercises.im2col(lambda x, D_K: solutions.im2col(x, D_K).reshape(-1, D_K * D_K * x.shape[3]).T, 1))
    assert "The shape is (1, 4), expected (4, 1) or (1, 2, 2, 1, 1, 1)." in " ".join(text.split())


def rotated_and_torch(x, kernel, stride=1, padding="same"):
    return np.einsum("bklijm,ijm->bklm", windows(x, len(kernel), stride, padding, torch_pad), kernel[::-1, ::-1])


def swapped_and_before(x, kernel, stride=1, padding="same"):
    return np.einsum("bklijm,jim->bklm", windows(x, len(kernel), stride, padding, pad_before), kernel)


def summed_and_rotated(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x, kernel[::-1, ::-1], stride, padding).sum(axis=3, keepdims=True)


def integers_and_rotated(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x, kernel[::-1, ::-1], stride, padding).astype(int)


def float32_and_stride(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x, kernel, 1, padding).astype(np.float32)


def batch_and_rotated(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x[:1], kernel[::-1, ::-1], stride, padding)


def half_too_much(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x, kernel, stride, padding) + 0.5


def in_place_and_swapped(x, kernel, stride=1, padding="same"):
    x *= 2
    return solutions.depthwise_conv(x, kernel.swapaxes(0, 1), stride, padding) / 2


BOTH = [
    rotated_and_torch,
    swapped_and_before,
    summed_and_rotated,
    integers_and_rotated,
    batch_and_rotated,
    half_too_much,
]


@pytest.mark.parametrize("function", BOTH, ids=lambda function: function.__name__)
def test_two_mistakes_at_once_are_not_called_one(function):
    report = nm.exercises.depthwise_conv(function)
    assert report.mistake is None and not report.values, str(report)
