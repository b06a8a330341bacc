"""What is executed: right ways pass, and what costs too much is told by what factor and why."""

from __future__ import annotations

import numpy as np
import pytest

import npmobile as nm

from ..counting.code import students
from ..counting.test_students import EXACT
from . import right_ways, solutions

FLOAT32 = {"float32_first", "index_product"}  # their results are float32, for counting does not mind


@pytest.mark.parametrize(("task", "function"), right_ways.WAYS, ids=solutions.named)
def test_every_right_way_passes(task, function):
    report = getattr(nm.exercises, task)(function)
    assert report.passed, str(report)


@pytest.mark.parametrize("name", sorted({*EXACT} - FLOAT32))
def test_every_way_that_counting_knows_passes(name):
    report = nm.exercises.depthwise_conv(getattr(students, name))
    assert report.passed, str(report)


def said(report, *texts):
    text = " ".join(str(report).split())
    assert all(part in text for part in texts), text


def test_skipped_zeros_are_allowed_and_told():
    report = nm.exercises.depthwise_conv(right_ways.depthwise_skips_zeros)
    assert report.cost is True
    said(report, "Products with the zeros of the padding are skipped, which the paper counts.")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("twice", "That is twice as many on all inputs"),
        ("diagonal", "That is M times as many, as in a standard convolution"),
        ("all_strides", "That is as many as a smaller stride takes: are outputs computed and then thrown away?"),
        ("correlate_rows", "That is as many as a smaller stride takes: are outputs computed and then thrown away?"),
        ("zeros_in_kernel", "That is as many as a kernel of side D_K + 2 takes"),
    ],
)
def test_what_costs_too_much_is_explained(name, reason):
    report = nm.exercises.depthwise_conv(getattr(students, name))
    assert (report.values, report.cost, report.passed) == (True, False, False)
    said(report, "Cost: too high.", reason)


def test_the_factor_of_a_diagonal_kernel_is_the_number_of_channels():
    said(
        nm.exercises.depthwise_conv(students.diagonal),
        "(2, 2, 3, 3)",
        "432 multiplications instead of 144",
        ": 3 times",
    )


def test_what_costs_too_much_for_no_known_reason_has_its_factor_only():
    report = nm.exercises.depthwise_conv(students.three_factors)  # 2 M times
    assert report.cost is False
    said(report, "864 multiplications instead of 144 mult-adds: 6 times as many.")
    assert "That is" not in str(report)


def diagonal_twice(x, kernel, stride):
    students.diagonal(x, kernel, stride)
    return students.diagonal(x, kernel, stride)


def test_two_reasons_at_once_are_not_called_one():
    report = nm.exercises.depthwise_conv(diagonal_twice)
    assert report.cost is False
    assert "That is" not in str(report)


def again_for_each_channel(x, kernel, stride):
    every = [students.slices(x, kernel, stride) for _ in range(x.shape[3])]
    return np.stack([every[m][..., m] for m in range(x.shape[3])], axis=3)


def times_one(x, kernel, stride):
    return students.slices(x, kernel * 1.0, stride) if stride > 1 else students.slices(x, kernel, stride)


def test_a_cause_is_asked_for_where_several_give_the_same_counts():
    said(nm.exercises.depthwise_conv(again_for_each_channel), "or everything computed again for each channel?")
    assert "That is" not in str(nm.exercises.depthwise_conv(times_one))


def three_times(x, kernel, stride=1, padding="same"):
    for _ in range(3):
        y = solutions.standard_conv(x, kernel, stride, padding)
    return y


def test_computed_three_times():
    said(nm.exercises.standard_conv(three_times), ": 3 times as many.", "is everything computed 3 times?")


def whole_batch(x, kernel):
    return np.stack([(x @ kernel)[b] for b in range(len(x))])


def test_the_whole_batch_for_every_image():
    said(nm.exercises.pointwise_conv(whole_batch), "That is B times as many")


def product_kernel(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same"):
    kernel = depthwise_kernel[..., None] * pointwise_kernel
    return solutions.standard_conv(x, kernel, stride, padding)


def separable_diagonal(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same"):
    M = x.shape[3]
    kernel = np.zeros((*depthwise_kernel.shape, M))
    for m in range(M):
        kernel[:, :, m, m] = depthwise_kernel[:, :, m]
    return solutions.standard_conv(x, kernel, stride, padding) @ pointwise_kernel


def late_stride(x, depthwise_kernel, pointwise_kernel, stride=1):
    D_K = len(depthwise_kernel)
    p, rows, cols = solutions.pad(x, D_K, stride, "same")
    every = solutions.depthwise_conv(p, depthwise_kernel, 1, "valid")
    return every[:, ::stride, ::stride][:, :rows, :cols] @ pointwise_kernel


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (product_kernel, "That is as many as a standard convolution takes"),
        (separable_diagonal, "That is M times as many, as in a standard convolution"),
        (late_stride, "That is as many as a smaller stride takes"),
    ],
)
def test_a_separable_convolution_that_costs_too_much(function, reason):
    report = nm.exercises.separable_conv(function)
    assert (report.values, report.cost) == (True, False), str(report)
    said(report, reason)


def standard_forward(x, layers, weights):
    """Depthwise layers by a diagonal kernel."""
    for layer in layers:
        w = weights.get(layer.name, {})
        if layer.kind == "pool":
            x = x.mean(axis=(1, 2))
        elif layer.kind == "fully_connected":
            x = x @ w["kernel"] + w["bias"]
        else:
            kernel = w["kernel"] if layer.kind != "pointwise" else w["kernel"][None, None]
            if layer.kind == "depthwise":
                kernel = kernel[..., None] * np.eye(layer.M)
            x = np.clip(solutions.standard_conv(x, kernel, layer.stride) + w["bias"], 0, 6)
    return x


def test_a_network_that_costs_too_much():
    report = nm.exercises.forward(standard_forward)
    assert (report.values, report.cost) == (True, False), str(report)
    said(
        report,
        "The function does not take weights with batch norm",
        "That is as many as standard layers in place of the depthwise ones take",
    )


def integer_diagonal(x, kernel, x_zero_point, kernel_zero_point, stride=1, padding="same"):
    M = x.shape[3]
    found = solutions.im2col(x.astype(np.int64) - x_zero_point, len(kernel), stride, padding)
    full = (kernel.astype(np.int64) - kernel_zero_point)[..., None] * np.eye(M, dtype=np.int64)
    return np.einsum("bklijm,ijmn->bkln", found.astype(np.int64), full).astype(np.int32)


def integers_twice(*arguments, **options):
    solutions.integer_depthwise_conv(*arguments, **options)
    return solutions.integer_depthwise_conv(*arguments, **options)


def test_integers_that_cost_too_much():
    report = nm.exercises.integer_depthwise_conv(integers_twice)
    assert (report.values, report.cost) == (True, False), str(report)
    said(report, "That is twice as many on all inputs")
    report = nm.exercises.integer_depthwise_conv(integer_diagonal)
    assert (report.values, report.cost) == (True, False), str(report)


def multiplies_for_nothing(x, D_K, stride=1, padding="same"):
    return solutions.im2col(x, D_K, stride, padding) * 1.0


def test_im2col_multiplies_nothing():
    report = nm.exercises.im2col(multiplies_for_nothing)
    assert (report.values, report.cost) == (True, False)
    said(report, "where copying needs none")


@pytest.mark.parametrize("name", ["fft", "floats"])
def test_what_cannot_be_counted(name):
    report = nm.exercises.depthwise_conv(getattr(students, name))
    assert (report.values, report.cost, report.passed) == (True, None, False)
    said(report, "Cost: it cannot be told")


def test_products_made_by_divisions_are_not_called_cheap():
    x_kernel = lambda x, kernel: sum(x[..., m, None] / (1 / (kernel[m] + 30)) for m in range(len(kernel)))  # noqa: E731

    def shifted(x, kernel):
        return x_kernel(x, kernel) - 30 * x.sum(axis=3, keepdims=True)

    report = nm.exercises.pointwise_conv(shifted)
    assert (report.values, report.cost) == (True, None), str(report)
    said(report, "because it also makes divide")


# The number of mult-adds that a function returns beside y


def states(count):
    def depthwise_conv(x, kernel, stride=1, padding="same"):
        y = solutions.depthwise_conv(x, kernel, stride, padding)
        return y, count(x, kernel, y, stride)

    return nm.exercises.depthwise_conv(depthwise_conv)


def test_a_number_that_is_right():
    report = states(lambda x, kernel, y, stride: y.size * len(kernel) ** 2)
    assert report.passed, str(report)
    said(report, "The number of mult-adds that it returns is right.")


@pytest.mark.parametrize(
    ("count", "reason"),
    [
        (lambda x, kernel, y, stride: 2 * y.size * len(kernel) ** 2, "It counts multiplications and additions apart"),
        (
            lambda x, kernel, y, stride: y[0].size * len(kernel) ** 2,
            "It counts one image: count the whole batch.",
        ),
        (lambda x, kernel, y, stride: y.size * len(kernel) ** 2 + 1, "is wrong: for x (1, 2, 2, 1)"),
    ],
)
def test_a_number_that_is_wrong(count, reason):
    report = states(count)
    assert (report.values, report.cost, report.passed) == (True, False, False)
    said(report, "The number of mult-adds that it returns is wrong", reason)
