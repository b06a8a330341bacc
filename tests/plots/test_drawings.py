"""Drawings show the windows, kernels and outputs of small examples that were worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from npmobile import plots

IMAGE = np.arange(1, 10).reshape(3, 3)  # whole numbers, as a teacher types them


def numbers(axes):
    return [text.get_text() for text in axes.texts]


def outline(axes):
    """Left, top, width and height, in cells."""
    (frame,) = axes.patches
    return frame.get_x() + 0.5, frame.get_y() + 0.5, frame.get_width(), frame.get_height()


def test_a_window_and_its_row(drawn):
    figure = plots.windows(IMAGE, D_K=2, window=2)
    image, matrix = drawn(figure), figure.axes[1]
    assert numbers(image) == list("123456789")
    assert numbers(matrix) == list("1245235645785689")
    assert outline(image) == (0, 1, 2, 2)  # the third of four windows: at the left, one row down
    assert outline(matrix) == (0, 2, 4, 1)


@pytest.mark.parametrize(
    ("padding", "corner"),
    [("same", (0, 0)), ("symmetric", (-1, -1))],  # on an even side, with stride 2: 0 or 1 zero at the left and top
)
def test_a_window_over_the_edge_is_outlined_where_it_lies(drawn, padding, corner):
    figure = plots.windows(np.ones((4, 4)), D_K=3, window=0, stride=2, padding=padding)
    assert outline(drawn(figure)) == (*corner, 3, 3)


def test_a_convolution_by_hand_stops_at_its_window(drawn):
    figure = plots.by_hand(IMAGE, [[1, 0], [0, -1]], window=2)
    image, kernel, output = drawn(figure), *figure.axes[1:]
    assert numbers(kernel) == ["1", "0", "0", "-1"]
    assert numbers(output) == ["-4", "-4", "-4", "?"]  # 1 - 5, 2 - 6, 4 - 8
    assert [outline(axes)[:2] for axes in (image, kernel, output)] == [(0, 1), (0, 0), (0, 1)]


def test_there_are_n_filters_or_m():
    for M, N in ((3, 5), (2, 4)):
        standard, depthwise, pointwise = plots.filters(D_K=3, M=M, N=N).axes
        boxes = [len(axes.patches) // 3 for axes in (standard, depthwise, pointwise)]  # three faces are seen of each
        assert boxes == [N, M, N]


def test_a_split_convolution_has_m_channels_in_four_stages_and_n_in_the_last(drawn):
    axes = drawn(plots.split(M=2, N=4))
    assert len(axes.patches) == 5 * 2 + 4  # four stages and the filters, then the output
    words = [text for text in numbers(axes) if text]
    assert words == ["input", "channels separated", "filtered", "concatenated", "output", "depthwise", "pointwise"]


def test_a_body_has_four_heads(drawn):
    words = [text for text in numbers(drawn(plots.body_and_heads())) if text]
    assert words[:3] == ["image", "body", "vector of M numbers"]
    assert len(words) == 3 + 4


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.windows(np.ones((1, 3, 3, 1)), 2), r"image must have the shape \(H, W\), but has"),
        (lambda: plots.windows(IMAGE, 2, window=4), "window must be less than 4, the number of windows, but is 4"),
        (lambda: plots.windows(IMAGE, 2, window=-1), "window must be an int of at least 0, but is -1"),
        (lambda: plots.windows(IMAGE, 0), "D_K must be an int of at least 1, but is 0"),
        (lambda: plots.windows([["a"]], 1), "image must hold numbers, but is <U1"),
        (lambda: plots.by_hand(IMAGE, np.ones((2, 2)), window=4), "window must be less than 4"),
        (lambda: plots.by_hand(IMAGE, np.ones((2, 3))), "kernel must be square"),
        (lambda: plots.by_hand(IMAGE, np.ones(3)), r"kernel must have the shape \(H, W\), but has \(3,\)"),
        (lambda: plots.filters(N=0), "N must be an int of at least 1, but is 0"),
        (lambda: plots.split(M=1.5), "M must be an int of at least 1, but is 1.5"),
    ],
)
def test_what_cannot_be_drawn_gets_one_clear_error(draw, message):
    with pytest.raises((ValueError, TypeError), match=message):
        draw()
