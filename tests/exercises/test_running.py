"""Whatever a student's function does becomes a sentence: what it raises, returns, prints, keeps and takes."""

from __future__ import annotations

import functools
import random
import sys
import traceback

import numpy as np
import pytest

import npmobile as nm
from npmobile.exercises.checking import new_seed

from . import solutions


def said(report, *texts):
    text = " ".join(str(report).split())
    assert all(part in text for part in texts), text
    assert not report.values and not report.passed
    report._repr_html_()


def raises(x, kernel):
    y = x @ kernel
    return y.no_such_thing


def in_a_helper(x, kernel):
    def helper(n):
        return 1 / n

    return helper(0)


def in_numpy(x, kernel):
    return np.concatenate([x, kernel])


def test_an_exception_names_the_student_s_line():
    report = nm.exercises.pointwise_conv(raises)
    line = raises.__code__.co_firstlineno + 2
    said(report, f"It raises AttributeError: 'numpy.ndarray' object has no attribute 'no_such_thing' in line {line} of")
    said(report, "test_running.py: return y.no_such_thing")
    assert isinstance(report.error, AttributeError)


def test_the_traceback_holds_no_line_of_npmobile():
    report = nm.exercises.pointwise_conv(in_a_helper)
    files = [frame.filename for frame in traceback.extract_tb(report.error.__traceback__)]
    assert len(files) == 2 and all(file.endswith("test_running.py") for file in files)


def test_an_exception_of_numpy_names_the_line_that_called_it():
    said(nm.exercises.pointwise_conv(in_numpy), "ValueError", "test_running.py: return np.concatenate([x, kernel])")


def test_a_function_that_is_not_written_yet():
    def depthwise_conv(x, kernel, stride=1):
        raise NotImplementedError("write your code here")

    report = nm.exercises.depthwise_conv(depthwise_conv)
    assert str(report).splitlines() == [
        "depthwise_conv   values: wrong   cost: cannot be told",
        "It is not written yet: it raises NotImplementedError: write your code here.",
    ]
    assert isinstance(report.error, NotImplementedError)


def test_a_function_that_is_written_for_stride_1_only():
    def depthwise_conv(x, kernel, stride=1):
        if stride > 1:
            raise NotImplementedError("later")
        return solutions.depthwise_conv(x, kernel)

    said(nm.exercises.depthwise_conv(depthwise_conv), "right on 7 of 8 inputs", "It is not written yet")


def test_what_numpy_does_not_implement_is_not_called_unwritten():
    def function(x, kernel):
        return np.ma.masked_array(x).tofile("nowhere")

    said(nm.exercises.pointwise_conv(function), "It raises NotImplementedError", "right on 0 of 1 inputs")


class Silent(Exception):
    def __str__(self):
        raise RuntimeError


def test_an_exception_that_cannot_be_shown():
    def function(x, kernel):
        raise Silent

    said(nm.exercises.pointwise_conv(function), "It raises Silent in line")


def test_sys_exit():
    said(
        nm.exercises.pointwise_conv(lambda x, kernel: sys.exit(3)), "It raises SystemExit: 3", "right on 0 of 1 inputs"
    )


def test_ctrl_c_goes_through():
    def interrupted(x, kernel):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nm.exercises.pointwise_conv(interrupted)


def test_another_base_exception_is_an_answer():
    class Own(BaseException):
        pass

    def function(x, kernel):
        raise Own("{braces} <tags>")

    said(nm.exercises.pointwise_conv(function), "It raises Own: {braces} <tags>")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda y: None, "It returns None: does it end with return?"),
        (lambda y: y.tolist(), "It returns a list: make an array of it, with np.array."),
        (lambda y: (y, y), "It returns a tuple: make an array of it, with np.array."),
        (lambda y: (n for n in y), "It returns generator, not an array of NumPy's."),
        (lambda y: "y", "It returns str, not an array of NumPy's."),
        (lambda y: y.sum(), "It returns numpy.float64, not an array of NumPy's."),
        (lambda y: y[0], "The shape is (2, 2, 1), expected (1, 2, 2, 1)."),
        (lambda y: y * np.nan, "The result holds NaN."),
        (lambda y: y / 0.0, "The result holds inf."),
        (lambda y: y.astype(np.float32), "The result is of float32, expected float64."),
        (lambda y: y.astype(complex), "It returns an array of complex128, not of float64."),
        (lambda y: y.astype(object), "It returns an array of object, not of float64."),
        (lambda y: y.astype(str), "It returns an array of <U32, not of float64."),
        (lambda y: np.ma.masked_array(y, y > 5), "It returns numpy.MaskedArray, not an array of NumPy's."),
        (lambda y: np.zeros((0,)), "The shape is (0,), expected (1, 2, 2, 1)."),
    ],
)
def test_what_is_no_array_of_the_right_kind(change, text):
    def function(x, kernel):
        with np.errstate(all="ignore"):
            return change(x @ kernel)

    said(nm.exercises.pointwise_conv(function), text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "It returns None: does it end with return?"),
        ("3", "It returns str, not a whole number."),
        (True, "It returns bool, not a whole number."),
        ([3], "It returns list, not a whole number."),
        (np.array([3]), "It returns numpy.ndarray, not a whole number."),
        (float("nan"), "but yours is nan."),
        (1j, "It returns complex, not a whole number."),
    ],
)
def test_what_is_no_whole_number(value, text):
    said(nm.exercises.output_side(lambda D_F, D_K, stride, padding: value), text)


def test_a_whole_number_of_thousands_of_digits():
    report = nm.exercises.output_side(lambda D_F, D_K, stride, padding: 10**5000)
    said(report, "but yours is an int of thousands of digits.")


def test_a_float_is_told_to_divide_otherwise():
    def mult_adds(layer):
        return solutions.mult_adds(layer) / 1

    said(nm.exercises.mult_adds(mult_adds), "not a whole number: divide with // instead of /.")


def test_integers_of_numpy_are_whole_numbers():
    assert nm.exercises.mult_adds(lambda layer: np.int64(solutions.mult_adds(layer))).passed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "It returns None"),
        (3, "It returns int, not a list of rows."),
        ([], "It has 0 rows, expected 29."),
        ([1, 2], "Row 0 must be (kind, D_K, stride, M, N, D_F), but is 1."),
        ([("standard", 3)], "Row 0 must be (kind, D_K, stride, M, N, D_F), but is ('standard', 3)."),
        ([np.zeros(6)], "Row 0 must be"),
        ([(np.zeros(2), 3, 2, 3, 32, 224)], "Row 0 must be"),
        ([("standard", 3, 2, 3, 32.0, 224)], "Row 0 holds the float 32.0: make an int of it."),
    ],
)
def test_what_is_no_table(value, text):
    said(nm.exercises.mobilenet(lambda alpha, resolution, classes: value), text)


@pytest.mark.parametrize("value", [None, 3, np.zeros(2), (np.zeros(2),), (1, 2), ([1.0], [2.0]), (None, None)])
def test_what_is_no_folded_pair(value):
    report = nm.exercises.fold(lambda *arguments: value)
    assert not report.values and report.mistake is None
    report._repr_html_()


class Hostile:
    """An object that raises whatever is asked of it."""

    __hash__ = None

    def __call__(self, *arguments, **options):
        return self

    def fails(self, *arguments, **options):
        raise RuntimeError("hostile")

    __eq__ = __repr__ = __str__ = __len__ = __iter__ = __array__ = __getattribute__ = fails


@pytest.mark.parametrize("task", [name for name in nm.exercises.__all__ if name != "Report"])
@pytest.mark.parametrize("given", ["itself", "returned", "in a tuple", "in a list"])
def test_an_object_that_raises_whatever_is_asked_of_it(task, given):
    result = {"returned": Hostile(), "in a tuple": (Hostile(), 3), "in a list": [Hostile()]}
    function = Hostile() if given == "itself" else lambda *arguments: result[given]
    report = getattr(nm.exercises, task)(function)
    assert not report.passed and str(report) and report._repr_html_()


# What it takes


@pytest.mark.parametrize(
    ("function", "text"),
    [
        ("depthwise_conv", "Give the function itself, without calling it"),
        (None, "Give the function itself, without calling it"),
        (np.zeros(3), "is of type ndarray."),
        (dict, "Give a function, depthwise_conv(x, kernel, stride=1, padding='same'), and not a class."),
        (lambda: 1, "It must take depthwise_conv(x, kernel, stride=1, padding='same'), but is <lambda>()."),
        (lambda x: 1, "but is <lambda>(x)."),
        (lambda x, kernel, stride, padding, bias: 1, "but is <lambda>(x, kernel, stride, padding, bias)."),
        (lambda x, *, kernel: 1, "but is <lambda>(x, *, kernel)."),
        (functools.partial(solutions.depthwise_conv, 1), "It must take"),
    ],
)
def test_what_cannot_be_called(function, text):
    said(nm.exercises.depthwise_conv(function), text)


def test_options_that_are_left_out_are_named():
    report = nm.exercises.depthwise_conv(lambda x, kernel: solutions.depthwise_conv(x, kernel))
    assert report.passed
    text = " ".join(str(report).split())
    assert "The function does not take stride, padding: tried with stride=1, padding='same' only." in text


def test_an_option_of_another_meaning_is_left_alone():
    def depthwise_conv(x, kernel, verbose=False):
        assert verbose is False
        return solutions.depthwise_conv(x, kernel)

    assert nm.exercises.depthwise_conv(depthwise_conv).passed


# What it keeps


def test_what_it_prints_is_said_and_forgiven():
    def function(x, kernel):
        print("a <b> {c}", x.shape)
        return x @ kernel

    report = nm.exercises.pointwise_conv(function)
    assert report.passed and "It prints: a <b> {c} (1, 2, 2, 1)" in str(report)
    assert "a &lt;b&gt; {c}" in report._repr_html_()


def test_nothing_of_it_reaches_the_screen(capsys):
    nm.exercises.pointwise_conv(lambda x, kernel: print("hello"))
    assert capsys.readouterr().out == ""


def test_what_is_changed_in_place():
    def function(x, kernel):
        kernel *= 2
        x /= 2
        return x @ kernel

    report = nm.exercises.pointwise_conv(function)
    said(report, "Likely mistake: x, kernel is changed in place: work on a copy.")


def test_random_answers():
    report = nm.exercises.pointwise_conv(lambda x, kernel: x @ kernel * random.random())
    said(
        report,
        "A second call with the same arguments gives another answer: is it drawn at random, or kept between calls?",
    )
    assert report.mistake is None


def test_an_answer_that_depends_on_earlier_calls():
    calls = []

    def function(x, kernel):
        calls.append(x)
        return x @ kernel if len(calls) <= 27 else x @ kernel + 1

    said(nm.exercises.pointwise_conv(function), "A second call with the same arguments gives another answer")


def test_one_buffer_for_all_answers():
    buffer = np.zeros(1000)

    def function(x, kernel):
        y = x @ kernel
        buffer[: y.size] = y.ravel()
        return buffer[: y.size].reshape(y.shape)

    assert nm.exercises.pointwise_conv(function).values


def test_remembered_answers_fail_on_new_numbers():
    known = {}
    first = nm.exercises.pointwise_conv(
        lambda x, kernel: known.setdefault((x.tobytes(), kernel.tobytes()), x @ kernel), 1
    )
    assert first.values

    def remembered(x, kernel):
        return known.get((x.tobytes(), kernel.tobytes()), x[..., :1] * kernel[0] + 1)

    said(
        nm.exercises.pointwise_conv(remembered, 2),
        "Likely mistake: It is right on the inputs that are the same in every run",
    )


def test_the_seed_repeats_the_inputs():
    seen = []
    function = lambda x, kernel: seen.append(x.tobytes()) or x @ kernel  # noqa: E731
    seeds = [nm.exercises.pointwise_conv(function, seed).seed for seed in (5, 5, 6)]
    assert seeds == [5, 5, 6]
    runs = len(seen) // 3
    first, second, third = (seen[n * runs : (n + 1) * runs] for n in range(3))
    assert first == second != third
    assert nm.exercises.output_side(solutions.output_side).seed != nm.exercises.output_side(solutions.output_side).seed


def test_every_run_has_another_seed():
    assert len({new_seed() for _ in range(5)}) > 1


@pytest.mark.parametrize("seed", [-1, 1.5, "1"])
def test_a_seed_that_is_none(seed):
    with pytest.raises(ValueError, match="seed must be an int of at least 0"):
        nm.exercises.output_side(solutions.output_side, seed)
