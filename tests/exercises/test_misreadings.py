"""Every mistake with windows: a program that makes it gets its sentence and no other, and two at once get none."""

from __future__ import annotations

import numpy as np
import pytest

import npmobile as nm
from npmobile.exercises import convolutions

from . import solutions, wrong_windows
from .wrong_windows import OTHERS, pad_before, torch_pad, windows

PROGRAMS = [*wrong_windows.programs(), *OTHERS]
TASKS = {
    "im2col": convolutions.IM2COL,
    "standard_conv": convolutions.STANDARD_CONV,
    "depthwise_conv": convolutions.DEPTHWISE_CONV,
    "pointwise_conv": convolutions.POINTWISE_CONV,
    "separable_conv": convolutions.SEPARABLE_CONV,
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("task", "sentence", "function"), PROGRAMS, ids=lambda value: str(value)[:40])
def test_a_mistake_is_named(task, sentence, function, seed):
    report = getattr(nm.exercises, task)(function, seed)
    assert report.mistake == sentence, str(report)
    assert (report.values, report.passed) == (False, False)


@pytest.mark.parametrize("name", TASKS)
def test_every_mistake_has_a_program(name):
    made = {sentence for task, sentence, _ in PROGRAMS if task == name}
    assert {mistake.sentence.text("en") for mistake in TASKS[name].mistakes} <= made


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
