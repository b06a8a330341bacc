"""A figure can be seen in a notebook, a script and a window, says what it shows, and has its own font."""

from __future__ import annotations

import copy
import io
import os
import subprocess
import sys
import types
from typing import ClassVar

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

from npmobile import cost, language, mobilenet, plots
from npmobile.plots.style import Described


def test_it_says_what_it_shows_and_how_to_see_it():
    assert str(plots.filters()) == (
        "Boxes: the filters of standard, depthwise and pointwise convolution "
        '(a figure: .savefig("figure.png") writes it to a file, .show() opens it)'
    )


def test_public_names_are_all_that_completion_offers():
    assert dir(plots) == sorted(plots.__all__)
    assert all(callable(getattr(plots, name)) and getattr(plots, name).__doc__ for name in plots.__all__)


# Korean


def test_korean_figures_leave_the_users_font_alone(korean_font, monkeypatch, drawn):
    monkeypatch.setitem(matplotlib.rcParams, "font.family", ["DejaVu Serif"])
    before = copy.deepcopy(dict(matplotlib.rcParams))
    figure = plots.ratios()
    drawn(figure)  # Korean beside formulas; a missing glyph would be a warning
    assert dict(matplotlib.rcParams) == before
    family = language.figure_fonts()
    assert family[1:] == ["DejaVu Sans"] and family[0] in language.KOREAN_FONTS
    texts = [text for text in figure.findobj(Text) if text.get_text()]
    assert len(texts) > 10 and all(text.get_fontfamily() == family for text in texts)  # also labels of ticks


def test_english_figures_have_the_users_font(monkeypatch, drawn):
    monkeypatch.setitem(matplotlib.rcParams, "font.family", ["DejaVu Serif"])
    figure = plots.ratios()
    drawn(figure)
    assert {tuple(text.get_fontfamily()) for text in figure.findobj(Text) if text.get_text()} == {("DejaVu Serif",)}


def test_a_font_that_the_user_gives_to_a_text_is_kept(korean_font, drawn):
    figure = plots.gallery([np.eye(2)], ["one"])
    figure.axes[0].title.set_fontfamily("DejaVu Serif")
    drawn(figure)
    assert figure.axes[0].title.get_fontfamily() == ["DejaVu Serif"]


def test_a_figure_keeps_its_language(korean_font, drawn):
    figure, fonts = plots.ratios(), language.figure_fonts()
    language.use("en")
    drawn(figure)
    assert figure.axes[0].get_xticklabels()[0].get_fontfamily() == fonts


# Seeing it


def test_a_notebook_shows_it_with_a_text_alternative():
    data, metadata = Described(2, 1, alt="An empty figure")._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert (data["text/plain"], metadata["image/png"]["alt"]) == ("An empty figure",) * 2


def shown_and_drawn(figure):
    """The image that a notebook shows, and the same figure as matplotlib draws it."""
    figure.set_layout_engine("none")  # a second layout may move the axes a little
    data, metadata = figure._repr_mimebundle_()
    direct = io.BytesIO()
    figure.savefig(direct, format="png", dpi=160)
    return Image.open(io.BytesIO(data["image/png"])), Image.open(direct), metadata["image/png"]["width"]


def test_a_notebook_shows_it_at_160_dots_per_inch():
    shown, _, width = shown_and_drawn(Described(7.5, 3, alt="An empty figure"))
    assert shown.size == (1200, 480)
    assert width == 600  # on the page: 80 dots per inch


@pytest.mark.parametrize(
    "figure",
    [
        plots.filters(),
        plots.by_layer(cost.table(mobilenet())),
        plots.gallery([np.linspace(0, 1, 32 * 32 * 3).reshape(32, 32, 3)], ["colours"]),
    ],
    ids=["cubes", "bars", "an image"],
)
def test_a_notebook_keeps_it_small_and_its_colours_right(figure):
    shown, direct, _ = shown_and_drawn(figure)
    assert (shown.mode, shown.format) == ("P", "PNG")
    before, after = (np.asarray(image.convert("RGB"), float) for image in (direct, shown))
    assert np.abs(after - before).max() <= 16  # of 255
    assert after[0, 0].tolist() == [255, 255, 255]


def test_a_notebook_of_figures_stays_small():
    data, _ = plots.by_layer(cost.table(mobilenet()))._repr_mimebundle_()  # the figure with the most details
    assert len(data["image/png"]) < 60_000


class Canvas(FigureCanvasAgg):
    """What a window of a desktop draws on."""

    required_interactive_framework = "headless"  # any name will do; this one is let through where there is no screen


class Manager(FigureManagerBase):
    """A window of a desktop: it draws what its canvas holds when the program waits for it to be closed."""

    seen: ClassVar[list] = []

    def show(self):
        pass

    @classmethod
    def start_main_loop(cls):
        for number in pyplot.get_fignums():
            canvas = pyplot.figure(number).canvas
            canvas.draw()
            cls.seen.append((canvas.figure, canvas.get_width_height()))
        pyplot.close("all")


def test_show_opens_a_window_with_this_figure(monkeypatch):
    Canvas.manager_class = Manager
    desktop = types.SimpleNamespace(FigureCanvas=Canvas, FigureManager=Manager, backend_version="1")
    monkeypatch.setitem(sys.modules, "desktop", desktop)
    backend = matplotlib.get_backend()
    pyplot.switch_backend("module://desktop")
    try:
        figure = plots.filters()
        figure.show()
    finally:
        pyplot.switch_backend(backend)
    assert [shown is figure for shown, _ in Manager.seen] == [True]
    assert Manager.seen[0][1] == tuple(round(100 * inches) for inches in figure.get_size_inches())  # at 100 dots


def test_show_without_windows_says_what_to_do():
    program = "from npmobile import plots; plots.filters().show()"
    environment = os.environ | {"MPLBACKEND": "agg"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
    assert '.savefig("figure.png") writes it to a file' in done.stdout


def test_show_in_a_notebook_displays_it(monkeypatch):
    displayed = []
    monkeypatch.setitem(sys.modules, "IPython.display", types.SimpleNamespace(display=displayed.append))
    figure = plots.filters()
    figure.show()
    assert displayed == [figure]


def test_show_leaves_no_figure_open(monkeypatch):
    before = pyplot.get_fignums()
    monkeypatch.setitem(sys.modules, "IPython.display", types.SimpleNamespace(display=lambda figure: None))
    plots.filters().show()
    assert pyplot.get_fignums() == before
