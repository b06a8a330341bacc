"""A report as text, in one line and as HTML, in both languages."""

from __future__ import annotations

import math
import re
from html.parser import HTMLParser

import pytest

import npmobile as nm

from . import solutions


@pytest.fixture
def korean():
    nm.language._pages = "ko"  # without looking for a font
    yield
    nm.language._pages = "en"


def rotated(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x, kernel[::-1, ::-1], stride, padding)


def test_the_verdicts():
    right = nm.exercises.depthwise_conv(solutions.depthwise_conv)
    assert (right.task, right.values, right.cost, right.passed) == ("depthwise_conv", True, True, True)
    assert right.mistake is None and right.error is None
    wrong = nm.exercises.depthwise_conv(rotated)
    assert (wrong.values, wrong.cost, wrong.passed) == (False, None, False)


def test_a_task_without_a_cost_passes_by_its_values():
    report = nm.exercises.output_side(solutions.output_side)
    assert (report.values, report.cost, report.passed) == (True, None, True)
    assert "cost" not in str(report)


def test_one_line():
    assert repr(nm.exercises.depthwise_conv(rotated)) == "<Report depthwise_conv: values wrong, cost cannot be told>"


def test_the_smallest_wrong_example_can_be_followed_on_paper():
    """x = [[1, 1], [1, 2]] and [[8, 6], [9, 5]]: 8 + 6 + 9 + 10 = 33; rotated, 5 + 9 + 6 + 16 = 36."""
    text = str(nm.exercises.depthwise_conv(rotated, 1))
    assert text.splitlines()[:3] == [
        "depthwise_conv   values: wrong   cost: cannot be told",
        "Likely mistake: The kernel is rotated by 180 degrees: the convolution of a",
        "network does not rotate it.",
    ]
    assert "y[0, 0, 0, 0] = 1*8 + 1*6 + 1*9 + 2*5 = 33, but yours is 36." in text
    assert "    x[0, :, :, 0] =\n      1 1\n      1 2\n    kernel[:, :, 0] =\n      8 6\n      9 5\n" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_a_stride_that_is_not_used_by_hand():
    report = nm.exercises.output_side(lambda D_F, D_K, stride, padding: solutions.output_side(D_F, D_K, 1, padding))
    shown = re.search(r"ceil\((\d+) / (\d+)\) = (\d+), but yours is (\d+)\.", str(report))
    assert shown
    D_F, stride, expected, yours = map(int, shown.groups())
    assert (expected, yours) == (math.ceil(D_F / stride), D_F)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text, self.colours = [], "", []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.colours += [
            value for name, value in attrs if name == "style" and ("color" in value or "background" in value)
        ]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def parsed(report):
    page = Tags()
    page.feed(report._repr_html_())
    page.close()
    assert not page.open
    return page


def test_html_is_whole_and_says_what_the_text_says():
    report = nm.exercises.depthwise_conv(rotated, 1)
    words = " ".join(str(report).replace("depthwise_conv   values: wrong   cost: cannot be told", "").split())
    assert words in " ".join(parsed(report).text.split())


def test_html_takes_the_colours_of_the_notebook():
    for style in parsed(nm.exercises.depthwise_conv(rotated)).colours:
        assert all(part in ("inherit", "none") for part in _colours(style)), style


def _colours(style):
    pairs = (part.split(":") for part in style.split(";"))
    return [value.strip() for name, value in pairs if name.strip() in ("color", "background", "background-color")]


def test_html_escapes_what_a_student_wrote():
    def function(x, kernel):
        raise ValueError("<script>alert(1)</script> & more")

    page = nm.exercises.pointwise_conv(function)._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_korean(korean):
    report = nm.exercises.depthwise_conv(rotated, 1)
    text = str(report)
    assert text.splitlines()[0] == "depthwise_conv   결과: 틀림   연산량: 알 수 없음"
    assert report.mistake == "커널을 180도 돌렸습니다. 신경망의 합성곱에서는 커널을 돌리지 않습니다."
    assert "y[0, 0, 0, 0] = 1*8 + 1*6 + 1*9 + 2*5 = 33이어야 하는데 결과는 36입니다." in text
    assert 'lang="ko"' in report._repr_html_() or "lang='ko'" in report._repr_html_()


def test_the_language_is_the_one_of_the_moment():
    report = nm.exercises.depthwise_conv(solutions.depthwise_conv)
    english = str(report)
    nm.language._pages = "ko"
    try:
        assert "결과: 맞음" in str(report)
    finally:
        nm.language._pages = "en"
    assert str(report) == english
