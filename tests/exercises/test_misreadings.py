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
@pytest.mark.parametrize(("task", "sentence", "function"), PROGRAMS, ids=solutions.named)
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


# What a mistake does to the windows, and what another does to the kernel: the two are made at once.
WITH_WINDOWS = {
    "torch": lambda x, D, s, p: windows(x, D, s, p, torch_pad),
    "before": lambda x, D, s, p: windows(x, D, s, p, pad_before),
    "afterwards": lambda x, D, s, p: windows(x, D, 1, p)[:, ::s, ::s],
    "stride": lambda x, D, s, p: windows(x, D, 1, p),
    "always same": lambda x, D, s, p: windows(x, D, s, "same"),
    "output": lambda x, D, s, p: windows(x, D, s, p).swapaxes(1, 2),
    "batch": lambda x, D, s, p: windows(x[:1], D, s, p),
    "integers": lambda x, D, s, p: windows(x.astype(int), D, s, p),
    "float32": lambda x, D, s, p: windows(x.astype(np.float32), D, s, p),
}
WITH_KERNEL = {
    "rotated": lambda kernel: kernel[::-1, ::-1],
    "swapped": lambda kernel: kernel.swapaxes(0, 1),
    "channel 0": lambda kernel: np.repeat(kernel[..., :1], kernel.shape[2], axis=2),
}


@pytest.mark.parametrize("first", WITH_WINDOWS)
@pytest.mark.parametrize("second", WITH_KERNEL)
def test_two_mistakes_of_two_kinds_are_not_called_one(first, second):
    def depthwise_conv(x, kernel, stride=1, padding="same"):
        found = WITH_WINDOWS[first](x, len(kernel), stride, padding)
        return np.einsum("bklijm,ijm->bklm", found, WITH_KERNEL[second](kernel))

    report = nm.exercises.depthwise_conv(depthwise_conv)
    assert report.mistake is None and not report.values, str(report)


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
    summed_and_rotated,
    float32_and_stride,
    integers_and_rotated,
    batch_and_rotated,
    half_too_much,
]


@pytest.mark.parametrize("function", BOTH, ids=lambda function: function.__name__)
def test_two_mistakes_at_once_are_not_called_one(function):
    report = nm.exercises.depthwise_conv(function)
    assert report.mistake is None and not report.values, str(report)


def test_a_change_in_place_is_said_beside_another_mistake():
    report = nm.exercises.depthwise_conv(in_place_and_swapped)
    assert report.mistake == wrong_windows.SWAPPED
    assert "x is changed in place: work on a copy." in str(report)
