"""Tables of numbers show the windows and outputs of small examples that were worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from npmobile import plots
from npmobile.plots.style import STYLES

IMAGE = np.arange(1, 10).reshape(3, 3)  # whole numbers, as a teacher types them


def numbers(axes):
    return [text.get_text() for text in axes.texts]


def outline(axes):
    """Left, top, width and height of the thick frame, in cells."""
    (frame,) = axes.patches
    return frame.get_x() + 0.5, frame.get_y() + 0.5, frame.get_width(), frame.get_height()


def looks(axes):
    """Rows of cells: W where a cell has the colour of the window, p where its lines are dashed as those of padding."""
    (cells,) = axes.collections
    window = to_rgb(STYLES["standard"][0])
    letters = [
        ("W" if tuple(colour[:3]) == window else "") + ("p" if dashes else "") or "."
        for colour, (_, dashes) in zip(cells.get_facecolor(), cells.get_linestyle())
    ]
    cols = round(axes.get_xlim()[1] - axes.get_xlim()[0])
    return [" ".join(letters[start : start + cols]) for start in range(0, len(letters), cols)]


def test_a_window_and_its_row(drawn):
    figure = plots.windows(IMAGE, D_K=2, window=2)
    image, matrix = drawn(figure), figure.axes[1]
    assert numbers(image) == list("123456789")
    assert numbers(matrix) == list("1245235645785689")
    assert outline(image) == (0, 1, 2, 2)  # the third of four windows: at the left, one row down
    assert outline(matrix) == (0, 2, 4, 1)
    assert [tick.get_text() for tick in matrix.get_xticklabels()] == ["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"]
    assert [tick.get_text() for tick in matrix.get_yticklabels()] == list("0123")


def test_padding_zeros_are_drawn_and_told_apart(drawn):
    """3 x 3 pixels with a 2 x 2 kernel and "same": one row of zeros below, one column to the right."""
    figure = plots.windows([[1, 0, 3], [4, 5, 6], [7, 8, 9]], D_K=2, window=8, padding="same")
    image, matrix = drawn(figure), figure.axes[1]
    assert numbers(image) == list("1030456078900000")
    assert looks(image) == [". . . p", ". . . p", ". . W Wp", "p p Wp Wp"]  # the 0 in the first row is a pixel
    assert outline(image) == (2, 2, 2, 2)
    assert looks(matrix)[2] == ". p . p"  # window 2: 3 and 6, each with a zero to its right
    assert looks(matrix)[8] == "W Wp Wp Wp"


@pytest.mark.parametrize(
    ("size", "D_K", "stride", "padding", "before", "after"),
    [  # counted by hand
        (4, 3, 2, "same", 0, 1),  # 2 windows reach 5 pixels: the one zero stands after them
        (4, 3, 2, "symmetric", 1, 1),  # PyTorch pads both sides, although no window reaches the last zero
        (5, 3, 2, "same", 1, 1),
        (5, 3, 2, "keras", 0, 1),
        (5, 3, 1, "same", 1, 1),
        (3, 2, 1, "valid", 0, 0),
        (1, 5, 1, "same", 2, 2),
    ],
)
def test_zeros_before_and_after(drawn, size, D_K, stride, padding, before, after):
    image = drawn(plots.windows(np.ones((size, size)), D_K, 0, stride, padding))
    width = before + size + after
    assert len(numbers(image)) == width**2
    middle = numbers(image)[before * width :][:width]
    assert middle == ["0"] * before + ["1"] * size + ["0"] * after
    assert outline(image) == (0, 0, D_K, D_K)  # the first window begins in the zeros


def test_rows_and_columns_are_padded_by_themselves(drawn):
    """2 rows: one window, one zero below. 5 columns: three windows, one zero at each end."""
    image = drawn(plots.windows(np.ones((2, 5)), D_K=3, window=2, stride=2, padding="same"))
    assert numbers(image) == list("0111110" * 2 + "0" * 7)
    assert outline(image) == (4, 0, 3, 3)


def test_a_convolution_by_hand_stops_at_its_window(drawn):
    figure = plots.by_hand(IMAGE, [[1, 0], [0, -1]], window=2)
    image, kernel, output = drawn(figure), *figure.axes[1:]
    assert numbers(kernel) == ["1", "0", "0", "-1"]
    assert numbers(output) == ["-4", "-4", "-4", "?"]  # 1 - 5, 2 - 6, 4 - 8
    assert outline(image) == (0, 1, 2, 2) and outline(output) == (0, 1, 1, 1)
    assert not kernel.patches
    assert numbers(image) == [*"123456789", "×1", "×0", "×0", "×-1"]
    assert [text.get_text() for text in figure.texts] == ["1 · 4 + 0 · 5 + 0 · 7 + (-1) · 8 = -4"]


def test_a_long_sum_is_broken_into_lines_that_fit(drawn):
    figure = plots.by_hand(np.arange(49).reshape(7, 7), np.ones((5, 5)))
    drawn(figure)
    (text,) = figure.texts
    assert text.get_text().count("·") == 25
    box = text.get_window_extent()
    assert box.x1 < figure.bbox.x1 and box.y0 > 0 and box.y1 < figure.axes[0].get_window_extent().y0


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
    ],
)
def test_what_cannot_be_drawn_gets_one_clear_error(draw, message):
    with pytest.raises((ValueError, TypeError), match=message):
        draw()
