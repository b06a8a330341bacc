"""What the tests of figures share."""

from __future__ import annotations

import io

import pytest

from npmobile import language


@pytest.fixture
def drawn():
    """Draw a figure for real and return its first axes: a missing glyph or a failing layout is a warning, an error."""

    def draw(figure):
        image = io.BytesIO()
        figure.savefig(image, format="png")
        assert image.getvalue().startswith(b"\x89PNG")
        return figure.axes[0]

    return draw


@pytest.fixture
def korean(monkeypatch):
    """Korean figures, with a font that may not be installed: enough to read their words, not to draw them."""
    monkeypatch.setattr(language, "_korean_font", lambda: "NanumGothic")
    assert language.use("ko") == "ko"
    yield
    language.use("en")


@pytest.fixture
def korean_font():
    """Korean figures, to be drawn."""
    if language._korean_font() is None:
        pytest.skip("no Korean font is installed (on Debian: apt-get install fonts-nanum)")
    language.use("ko")
    yield
    language.use("en")
