"""Sentences of a report, in English and Korean. The language is chosen when they are shown."""

from __future__ import annotations

from typing import Any

from .korean import KOREAN

WRITTEN_OUT = "{written} = {expected}, but yours is {came}."


class Sentence:
    """A text with values in it, which can be shown in both languages.

    Parameters
    ----------
    english : str
        With names in braces where the values go. `korean.KOREAN` has the Korean text for it.
    **values
        Numbers, texts, or other sentences.

    Examples
    --------
    >>> Sentence("The shape is {came}, expected {expected}.", came=(2, 2), expected=(1, 2)).text("en")
    'The shape is (2, 2), expected (1, 2).'
    """

    block = False  # whether spaces and lines stay as they are

    def __init__(self, english: str, /, **values: Any) -> None:
        self.english, self.values = english, values

    def text(self, language: str) -> str:
        """The sentence in "en" or "ko"."""
        template = KOREAN[self.english] if language == "ko" else self.english
        return template.format(**{name: _shown(value, language) for name, value in self.values.items()})


class Block(Sentence):
    """Numbers or code, in lines that stay as they are, the same in both languages."""

    block = True

    def text(self, language: str) -> str:
        return self.english


def _shown(value: Any, language: str) -> Any:
    return value.text(language) if isinstance(value, Sentence) else value


def joined(sentences: list[Sentence], language: str, between: str = ", ") -> str:
    """Several sentences as one text."""
    return between.join(sentence.text(language) for sentence in sentences)
