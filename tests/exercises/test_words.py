"""Both languages say the same: every sentence of a report has a Korean text with the same names in it."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import npmobile as nm
from npmobile.exercises.korean import KOREAN
from npmobile.exercises.words import Block, Sentence

PACKAGE = Path(nm.exercises.__file__).parent
CALLS = {"Sentence", "say", "gives", "_gives", "_gives_rows", "_gives_logits"}


def names(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def formats(text):
    return sorted((name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None)


def sentences():
    """The texts that the code gives to `Sentence` and to what makes sentences, and keys of tables of them."""
    for path in PACKAGE.glob("*.py"):
        if path.name in ("korean.py", "words.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in CALLS:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value
            elif isinstance(node, ast.Dict):
                keys = [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
                yield from (key for key in keys if " " in key)
            elif isinstance(node, ast.Assign) and str(getattr(node.value, "value", "")).endswith((".", "?")):
                yield node.value.value


def test_every_sentence_has_a_korean_text():
    found = set(sentences())
    assert len(found) > 100
    assert found <= KOREAN.keys(), found - KOREAN.keys()


@pytest.mark.parametrize("english", KOREAN)
def test_both_texts_have_the_same_names(english):
    assert formats(english) == formats(KOREAN[english])


@pytest.mark.parametrize("english", KOREAN)
def test_the_korean_text_is_korean_and_avoids_what_the_glossary_avoids(english):
    korean = KOREAN[english]
    if english not in ("{text}.", "{name}: {problem}"):
        assert any("가" <= letter <= "힣" for letter in korean)
    avoided = ("완전 합성곱", "열 행렬", "인쇄된", "센 수", "센 비", "훈련", "비용", "접다", "까닭", "낱말")
    assert not [word for word in avoided if word in korean]


def test_a_sentence_in_a_sentence_is_in_the_same_language():
    sentence = Sentence("Likely mistake: {what}", what=Sentence("The stride is not used."))
    assert sentence.text("en") == "Likely mistake: The stride is not used."
    assert sentence.text("ko") == "의심되는 실수: 스트라이드를 쓰지 않습니다."


def test_braces_in_what_a_student_wrote_stay():
    assert Sentence("It prints: {text}", text="{x}").text("en") == "It prints: {x}"


def test_a_block_is_the_same_in_both_languages():
    assert Block("1 {2}").text("en") == Block("1 {2}").text("ko") == "1 {2}"
