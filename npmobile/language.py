"""The language of figures and pages: English, or Korean after `use("ko")`.

This module keeps the choice and finds a font for it. The words themselves stand beside what shows them: those of
figures in `plots/words.py`, those of pages in `interactive/en.json` and `ko.json`. A browser finds a font by itself,
so pages always follow the choice. matplotlib has to be given a font with Korean letters: where none is installed,
figures stay English, because missing letters would be drawn as empty boxes.

The font is used in the figures of `plots` only; matplotlib's own settings (`rcParams`) stay as the user left them.
"""

from __future__ import annotations

import warnings
from pathlib import PurePath

LANGUAGES = ("en", "ko")
KOREAN_FONTS = (
    "NanumGothic",
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
    "Noto Sans CJK JP",  # first in NotoSansCJK-Regular.ttc, where matplotlib 3.10 reads no other
)
FONT_FILES = ("Nanum", "NotoSansCJK", "NotoSansKR", "malgun", "AppleSDGothicNeo", "AppleGothic")  # as names begin
NO_FONT = (
    'no Korean font is installed, so figures stay English; install one and call language.use("ko") again '
    "(Debian, Ubuntu: sudo apt-get install fonts-nanum; Colab: !apt-get -qq install fonts-nanum; Windows: Settings, "
    "Apps, Optional features, Korean Supplemental Fonts; macOS: brew install --cask font-nanum-gothic)"
)
_pages = "en"  # what `use` was given
_font: str | None = None  # the font of Korean figures; None while figures are English


def use(language: str) -> str:
    """Choose the language of all figures and pages that are made from now on.

    Parameters
    ----------
    language : {"en", "ko"}

    Returns
    -------
    str
        The language of figures: "en" if Korean was asked for and no Korean font is installed, which a warning says.

    Raises
    ------
    ValueError
        If `language` is neither "en" nor "ko".

    Examples
    --------
    >>> use("en"), of_pages(), of_figures()
    ('en', 'en', 'en')
    """
    global _pages, _font
    _pages = checked(language)
    _font = _korean_font() if language == "ko" else None
    if language == "ko" and _font is None:
        warnings.warn(NO_FONT, stacklevel=2)
    return of_figures()


def checked(language: str) -> str:
    """The language itself, or a ValueError if it is none of `LANGUAGES`.

    >>> checked("kr")
    Traceback (most recent call last):
    ValueError: language must be "en" or "ko", but is 'kr'
    """
    if language not in LANGUAGES:
        raise ValueError(f'language must be "en" or "ko", but is {language!r}')
    return language


def of_pages() -> str:
    """The language of pages: the one that `use` was given."""
    return _pages


def of_figures() -> str:
    """The language of figures: Korean only if `use` was given "ko" and found a font."""
    return "ko" if _font else "en"


def figure_fonts() -> list[str]:
    """The font families of Korean figures, the first one first; empty for English figures, which use the user's font.

    The Korean font comes first: with DejaVu Sans first, Korean letters beside a formula would be missing. DejaVu Sans
    has the signs that a Korean font may lack, such as the minus sign.
    """
    return [_font, "DejaVu Sans"] if _font else []


def _korean_font() -> str | None:
    """The first of `KOREAN_FONTS` that is installed, even if it came after matplotlib made its list of fonts."""
    from matplotlib import font_manager

    def listed() -> str | None:
        known = {font.name for font in font_manager.fontManager.ttflist}
        return next((name for name in KOREAN_FONTS if name in known), None)

    if listed() is None:
        for path in font_manager.findSystemFonts():
            if PurePath(path).name.lower().startswith(tuple(name.lower() for name in FONT_FILES)):
                font_manager.fontManager.addfont(path)
    return listed()
