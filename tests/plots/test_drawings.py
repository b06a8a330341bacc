"""Drawings have as many filters, channels and cubes as they should, and their words can be read."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from npmobile import plots
from npmobile.plots.shapes import CHANNELS
from npmobile.plots.style import STYLES

STEPS = ["Input", "Separate", "Depthwise Conv", "Concat", "Pointwise Conv", "Output"]  # as the study note names them


def faces(axes):
    """How many squares and parallelograms are seen of each block."""
    return [len(box.get_paths()) for box in axes.collections]


def test_there_are_n_filters_or_m_and_their_cubes_can_be_counted(drawn):
    for M, N in ((3, 5), (2, 4)):
        figure = plots.filters(D_K=3, M=M, N=N)
        drawn(figure)
        standard, depthwise, pointwise = figure.axes
        assert faces(standard) == [9 + 3 * M + 3 * M] * N  # 3 x 3 in front, 3 x M above and 3 x M at the right
        assert faces(depthwise) == [9 + 3 + 3] * M
        assert faces(pointwise) == [1 + M + M] * N
        assert [axes.get_title("left").splitlines()[1] for axes in figure.axes] == [
            r"$N$ filters of $D_K \times D_K \times M$",
            r"$M$ filters of $D_K \times D_K \times 1$",
            r"$N$ filters of $1 \times 1 \times M$",
        ]


def test_a_cube_has_the_colour_of_its_channel():
    _, depthwise, pointwise = plots.filters(D_K=1, M=3, N=1).axes
    fronts = [to_hex(box.get_facecolor()[0]).upper() for box in depthwise.collections]
    assert fronts == list(CHANNELS) and len(set(fronts)) == 3
    assert not set(fronts) & {colour for colour, _ in STYLES.values()}  # no channel looks like a kind of layer
    (pixel,) = pointwise.collections  # 1 face in front, then 1 above and 1 at the right of each channel
    hues = [np.argsort(face[:3]).tolist() for face in pixel.get_facecolor()]
    assert hues[1::2] == hues[2::2] == [np.argsort(to_rgb(colour)).tolist() for colour in CHANNELS]


def test_a_split_convolution_has_the_steps_of_the_note(drawn):
    figure = plots.split(M=2, N=4, D_F=4)
    axes = drawn(figure)
    titles = [text for text in axes.texts if text.get_text()]
    assert [title.get_text().splitlines()[0] for title in titles] == STEPS
    assert {title.get_color() for title in titles} == {"black"}
    channel, kernel, pixel, number = 16 + 4 + 4, 9 + 3 + 3, 1 + 2 + 2, 1 + 1 + 1  # faces that are seen
    stacks = [16 + 8 + 8] * 2 + [16 + 16 + 16]  # input and concatenated channels, output
    assert faces(axes) == stacks + [channel, kernel, channel] * 2 + [pixel, number] * 4


@pytest.mark.parametrize("sizes", [{}, {"M": 2, "N": 4}, {"M": 4, "N": 8, "D_F": 5}])
@pytest.mark.parametrize("words", ["en", "ko"])
def test_titles_of_a_split_convolution_do_not_overlap(drawn, request, sizes, words):
    if words == "ko":
        request.getfixturevalue("korean_font")
    figure = plots.split(**sizes)
    axes = drawn(figure)
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
    assert not any(box.overlaps(other) for index, box in enumerate(boxes) for other in boxes[:index])
    assert all(0 <= box.x0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1 for box in boxes)


def test_a_body_has_four_heads(drawn):
    words = [text.get_text() for text in drawn(plots.body_and_heads()).texts if text.get_text()]
    assert words[:3] == ["image", "body", "vector of M numbers"]
    assert len(words) == 3 + 4


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.filters(N=0), "N must be an int of at least 1, but is 0"),
        (lambda: plots.split(M=1.5), "M must be an int of at least 1, but is 1.5"),
    ],
)
def test_what_cannot_be_drawn_gets_one_clear_error(draw, message):
    with pytest.raises((ValueError, TypeError), match=message):
        draw()
