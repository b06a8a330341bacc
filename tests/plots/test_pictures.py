"""Images, feature maps and guesses are shown as they are given."""

from __future__ import annotations

import numpy as np
import pytest

from npmobile import plots

GREY, COLOUR = np.eye(3), np.zeros((4, 4, 3))


def test_guesses_show_the_image_and_each_probability(drawn):
    figure = plots.guesses(COLOUR, [("sea_lion", 0.75), ("seal", 0.125)], "a photograph")
    image, bars = drawn(figure), figure.axes[1]
    assert np.array_equal(image.images[0].get_array(), COLOUR)
    assert [bar.get_width() for bar in bars.patches] == [0.75, 0.125]
    assert [text.get_text() for text in bars.texts] == ["75.0%", "12.5%"]
    assert [label.get_text() for label in bars.get_yticklabels()] == ["sea lion", "seal"]
    assert figure.alt == "An image beside its likeliest labels: sea_lion 75.0%, seal 12.5%"


def test_dollar_signs_in_labels_and_titles_are_no_formulas(drawn):
    figure = plots.guesses(COLOUR, [("under $5", 0.75), ("$x_{$", 0.25)], "bag_$9_$.png")
    drawn(figure)  # matplotlib refuses a formula that it cannot read
    assert [label.get_text() for label in figure.axes[1].get_yticklabels()] == ["under $5", "$x {$"]


def test_gallery_shows_each_image_under_its_title(drawn):
    figure = plots.gallery([GREY, COLOUR], ["one", "two"])
    drawn(figure)
    assert [axes.get_title() for axes in figure.axes] == ["one", "two"]
    assert np.array_equal(figure.axes[0].images[0].get_array(), GREY)


def test_feature_maps_show_one_channel_each(drawn):
    y = np.arange(2.0 * 2 * 5).reshape(1, 2, 2, 5)
    figure = plots.feature_maps(y, channels=3)
    drawn(figure)
    *maps, _ = figure.axes
    assert [axes.get_title() for axes in maps] == ["n = 0", "n = 1", "n = 2"]
    assert maps[2].images[0].get_array().tolist() == [[2, 7], [12, 17]]


@pytest.mark.parametrize(
    ("lowest", "scale"),
    [(0, (0, 17)), (1, (0, 17)), (-3, (-3, 17))],  # white is 0, or the smallest number if that is negative
)
def test_feature_maps_have_one_scale(drawn, lowest, scale):
    y = np.arange(2.0 * 2 * 5).reshape(1, 2, 2, 5)
    y[0, 0, 0, 0] = lowest
    figure = plots.feature_maps(y, channels=3)  # the largest number shown is 17, in channel 2
    drawn(figure)
    *maps, bar = figure.axes
    assert [axes.images[0].get_clim() for axes in maps] == [scale] * 3
    assert bar.get_ylim() == scale


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.guesses(np.zeros((1, 4, 4, 3)), [("a", 1.0)]), r"image must have the shape \(H, W\) or"),
        (lambda: plots.guesses(np.zeros((4, 4, 2)), [("a", 1.0)]), r"but has \(4, 4, 2\)"),
        (lambda: plots.guesses(COLOUR, []), r"answers must hold at least one \(label, probability\), but is empty"),
        (lambda: plots.gallery([], []), "images and titles must be as many, at least 1, but are 0 and 0"),
        (lambda: plots.gallery([GREY], ["a", "b"]), "but are 1 and 2"),
        (lambda: plots.gallery([GREY, np.zeros(3)], ["a", "b"]), r"images\[1\] must have the shape .* but has \(3,\)"),
        (lambda: plots.feature_maps(np.zeros((4, 4, 8))), r"y must have the shape \(1, D_G, D_G, N\), but has"),
        (lambda: plots.feature_maps(np.zeros((2, 4, 4, 8))), r"but has \(2, 4, 4, 8\)"),
        (lambda: plots.feature_maps(np.zeros((1, 4, 4, 5))), "channels must be at most N = 5, but is 8"),
        (lambda: plots.feature_maps(np.zeros((1, 4, 4, 5)), 0), "channels must be an int of at least 1, but is 0"),
    ],
)
def test_what_cannot_be_drawn_gets_one_clear_error(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
