"""`language.use` chooses the language of figures and pages, and changes nothing else."""

from __future__ import annotations

import subprocess
import sys

import matplotlib
import pytest

from npmobile import language, plots


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    language.use("en")


def test_korean_is_chosen_for_figures_and_pages_where_there_is_a_font(monkeypatch):
    monkeypatch.setattr(language, "_korean_font", lambda: "NanumGothic")
    before = dict(matplotlib.rcParams)
    assert (language.use("ko"), language.of_pages(), language.of_figures()) == ("ko", "ko", "ko")
    assert language.figure_fonts() == ["NanumGothic", "DejaVu Sans"]
    assert (language.use("en"), language.of_pages(), language.of_figures()) == ("en", "en", "en")
    assert language.figure_fonts() == []
    assert dict(matplotlib.rcParams) == before


def test_without_a_font_figures_stay_english_and_a_warning_says_so(monkeypatch):
    monkeypatch.setattr(language, "_korean_font", lambda: None)
    with pytest.warns(UserWarning, match="no Korean font is installed, so figures stay English; install one") as caught:
        assert language.use("ko") == "en"
    assert caught[0].filename == __file__  # it points at the caller's line
    assert (language.of_pages(), language.of_figures()) == ("ko", "en")  # a browser finds a font by itself
    figure = plots.filters()
    assert figure.axes[0].get_title("left").startswith("(a) standard convolution")
    figure._repr_mimebundle_()  # warnings are errors: no glyph is missing


def test_english_needs_no_matplotlib():
    program = "import sys; from npmobile import language; language.use('en'); print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_other_languages_are_refused_and_nothing_changes():
    with pytest.raises(ValueError, match='language must be "en" or "ko", but is \'kr\''):
        language.use("kr")
    assert (language.of_pages(), language.of_figures()) == ("en", "en")


FONTS = [
    ("NotoSansCJK-Regular.ttc", {"Noto Sans CJK JP", "Noto Sans CJK KR"}),  # until 3.10 matplotlib reads the first only
    ("NanumGothic.ttf", {"NanumGothic"}),
]


@pytest.mark.parametrize(("file", "names"), FONTS)
def test_a_font_installed_after_matplotlibs_list_was_made_is_found_and_draws_hangul(file, names, monkeypatch):
    from matplotlib import font_manager

    path = next((p for p in font_manager.findSystemFonts() if p.endswith("/" + file)), None)
    if path is None:
        pytest.skip(f"needs the font file {file}")
    manager = font_manager.fontManager
    latin = [font for font in manager.ttflist if font.name not in language.KOREAN_FONTS]
    monkeypatch.setattr(manager, "ttflist", latin)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [path])
    assert language.use("ko") == "ko"
    assert language.figure_fonts()[0] in names
    plots.filters()._repr_mimebundle_()  # warnings are errors: no glyph is missing


@pytest.mark.parametrize("where", ["Debian", "Colab", "Windows", "macOS"])
def test_the_warning_says_how_to_install_a_font(where, monkeypatch):
    monkeypatch.setattr(language, "_korean_font", lambda: None)
    with pytest.warns(UserWarning, match=where):
        language.use("ko")
