"""The words of figures: every one has its Korean, and none is left over."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from npmobile import cost, language, mobilenet, plots
from npmobile.plots import costs, drawings, pictures, style, times


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    language.use("en")


def said(module) -> set[str]:
    """The texts that a module hands to `say` as they stand."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say")
    return {node.args[0].value for node in calls if isinstance(node.args[0], ast.Constant)}


def test_every_word_has_its_korean():
    words = set().union(*map(said, (drawings, pictures, costs, times)))
    assert len(words) > 15
    assert words - language.KOREAN.keys() == set()
    assert {kind.replace("_", " ") for kind in style.STYLES} - language.KOREAN.keys() == set()


def test_korean_takes_the_same_numbers():
    for english, korean in language.KOREAN.items():
        fields = [[field for _, field, _, _ in string.Formatter().parse(text)] for text in (english, korean)]
        assert [f for f in fields[0] if f is not None] == [f for f in fields[1] if f is not None]
        assert any("가" <= letter <= "힣" for letter in korean)


def test_figures_speak_korean_where_there_is_a_font(monkeypatch):
    monkeypatch.setattr(language, "_korean_font", lambda: "NanumGothic")
    assert language.use("ko") == "ko"
    assert drawings.filters().axes[0].get_title() == "표준 합성곱\nD_K x D_K x M x N"
    assert "상자" in drawings.filters().alt
    assert plots.by_kind(cost.by_kind(mobilenet()).values()).axes[0].get_yticklabels()[0].get_text() == "점별"


def test_without_a_font_figures_stay_english(monkeypatch):
    monkeypatch.setattr(language, "_korean_font", lambda: None)
    assert language.use("ko") == "en"
    figure = drawings.filters()
    assert figure.axes[0].get_title().startswith("standard convolution")
    figure._repr_mimebundle_()  # warnings are errors: no glyph is missing


def test_korean_and_formulas_are_drawn_without_a_warning():
    if language.use("ko") != "ko":
        pytest.skip("no Korean font is installed (on Debian: apt-get install fonts-nanum)")
    assert plots.ratios()._repr_mimebundle_()[0]["image/png"].startswith(b"\x89PNG")


def test_other_languages_are_refused():
    with pytest.raises(ValueError, match='language must be "en" or "ko", but is \'kr\''):
        language.use("kr")
