"""The Korean text uses one term for one thing, everywhere: lessons, labs, READMEs, words of figures and pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from npmobile.exercises.korean import KOREAN as REPORTS
from npmobile.plots.words import KOREAN as FIGURES

ROOT = Path(__file__).parents[1]
HANGUL = re.compile("[가-힣]")
jupytext = pytest.importorskip("jupytext")

# Words that mean something else to a Korean student, or that no Korean lecturer says.
AVOIDED = {
    "완전 합성곱": "표준 합성곱: this one is the fully convolutional network",
    "열 행렬": "im2col 행렬: this one is an n x 1 matrix",
    "인쇄된": "논문에 실린: this one is of a printing press",
    "센 수": "연산 횟수",
    "센 비": "연산 횟수의 비율: this one is heavy rain",
    "훈련": "학습",
    "청구서": "연산량 표",
    "견주": "비교하다",
    "견줍": "비교하다",
    "까닭": "이유",
    "낱말": "단어",
    "저마다": "각각",
    "몸통": "백본",
    "알파": "α",
}

# An English term and its one Korean term: wherever the English text has the first, the Korean text has the second.
GLOSSARY = {
    r"strides?": "스트라이드",
    r"padding": "패딩",
    r"(?<!On )windows?": "윈도우",
    r"depthwise": "깊이별",
    r"pointwise": "점별",
    r"standard convolutions?": "표준 합성곱",
    r"depthwise separable": "깊이별 분리 합성곱",
    r"width multipliers?": "너비 승수",
    r"resolution multipliers?": "해상도 승수",
    r"feature maps?": "특징 맵",
    r"channels?": "채널",
    r"kernels?": "커널",
    r"im2col matri(?:x|ces)": "im2col 행렬",
    r"batch": "배치",
    r"batch norm": "배치 정규화",
    r"parameters?": "매개변수",
    r"mult-adds?": "곱셈-누산|연산량|연산 횟수",
    r"trained|training": "학습",
    r"thresholds?": "임계값",
    r"percentage points?": "%p",
    r"(?:counting )?conventions?": "집계 방식",
    r"zero points?": "영점",
    r"quantis\w+": "양자화",
    r"accurac(?:y|ies)": "정확도",
    r"labels?": "레이블",
}


def sources() -> list[Path]:
    return sorted((ROOT / "notebooks" / "src").rglob("[0-9]*.py"))


def cells() -> Iterator[tuple[str, str, str]]:
    """The English and the Korean text of each prose cell, and where it stands."""
    for source in sources():
        prose = [cell for cell in jupytext.read(source, fmt="py:percent").cells if cell.cell_type == "markdown"]
        for english, korean in zip(prose[::2], prose[1::2]):
            yield f"{source.name}: {english.source[:50]!r}", english.source, korean.source


def words() -> Iterator[tuple[str, str, str]]:
    """The words of figures, of reports and of pages."""
    for english, korean in FIGURES.items():
        yield f"figures: {english!r}", english, korean
    for english, korean in REPORTS.items():
        names = set(re.findall(r"[A-Za-z_]{3,}", korean))  # of arguments, which no translation changes
        yield f"reports: {english!r}", " ".join(w for w in re.split(r"(\W)", english) if w not in names), korean
    pages = ROOT / "npmobile" / "interactive"
    yield from pairs("pages", *(json.loads((pages / f"{name}.json").read_text("utf8")) for name in ("en", "ko")))


def readmes() -> Iterator[tuple[str, str, str]]:
    """The paragraphs, lists and tables of the READMEs."""
    for folder in (ROOT, ROOT / "notebooks"):
        files = [folder / name for name in ("README.md", "README.ko.md")]
        texts = [without_code(file.read_text(encoding="utf8")).split("\n\n") for file in files]
        for english, korean in zip(*texts, strict=True):
            yield f"{folder.name}: {english[:50]!r}", english, korean


def pairs(where: str, english: object, korean: object) -> Iterator[tuple[str, str, str]]:
    if isinstance(english, dict):
        assert isinstance(korean, dict)
        assert english.keys() == korean.keys(), where
        for key in english:
            yield from pairs(f"{where}.{key}", english[key], korean[key])
    elif isinstance(english, list):
        assert isinstance(korean, list)
        for n, (one, other) in enumerate(zip(english, korean, strict=True)):
            yield from pairs(f"{where}.{n}", one, other)
    else:
        yield where, str(english), str(korean)


def korean_texts() -> dict[str, str]:
    """Every file with Korean text in it that a user can meet."""
    files = [*ROOT.glob("*.ko.md"), *(ROOT / "notebooks").rglob("*.ko.md"), *sources()]
    files += (path for path in (ROOT / "npmobile").rglob("*") if path.suffix in {".py", ".json", ".js", ".md"})
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf8") for path in files}
    return {name: text for name, text in texts.items() if HANGUL.search(text)}


@pytest.mark.parametrize("word", AVOIDED)
def test_avoided_words_are_nowhere(word):
    found = [name for name, text in korean_texts().items() if word in text]
    assert not found, f"say {AVOIDED[word]}"


def test_no_cell_is_stale():
    assert not [source.name for source in sources() if "stale=true" in source.read_text(encoding="utf8")]


def without_code(text: str) -> str:
    """The prose: no code, no formulas, no links' addresses, no titles of papers."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$", " ", text, flags=re.DOTALL)
    return re.sub(r"`[^`\n]*`|\$[^$\n]*\$|\]\([^)\n]*\)|\{\w+\}|<[^>\n]*>", " ", text)


@pytest.mark.parametrize("english", GLOSSARY)
def test_one_korean_term_for_an_english_term(english):
    term = re.compile(rf"(?<![\w-]){english}(?![\w-])", re.IGNORECASE)
    missing = [
        where
        for where, one, other in [*cells(), *words(), *readmes()]
        if term.search(without_code(one)) and not re.search(GLOSSARY[english], other)
    ]
    assert not missing


def test_headings_are_noun_phrases():
    """One style for all: "배치 정규화의 병합", not "배치 정규화 병합하기", no sentence and no question."""
    for where, _, korean in cells():
        for heading in re.findall(r"^#+ (.*)$", korean, re.MULTILINE):
            words = re.sub(r" \([^)]*점[^)]*\)$", "", heading)  # a lab's points
            assert not re.search(
                r"(?:하|세|읽|쓰|고르|찾|합치|나누|만들|맞추|불러오)기$|[다요까]$|(?:으?로|에서)$|[.?!]$", words
            ), where
