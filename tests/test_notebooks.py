"""The lessons: the committed notebooks are their sources, in both languages, and they run."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
LESSONS = sorted(FOLDER.glob("src/*.py"))
LANGUAGES = ["en", "ko"]

every_lesson = pytest.mark.parametrize("source", LESSONS, ids=[path.stem for path in LESSONS])
every_notebook = pytest.mark.parametrize("language", LANGUAGES)


def committed(source, language):
    import nbformat

    return nbformat.read(FOLDER / language / f"{source.stem}.ipynb", as_version=4)


@every_lesson
@every_notebook
def test_committed_cells_are_the_sources(build, source, language):
    made, kept = build.lesson(source, language), committed(source, language)
    kept_cells, made_cells = ([(c.id, c.cell_type, c.source, c.metadata) for c in book.cells] for book in (kept, made))
    assert kept_cells == made_cells
    assert kept.metadata == made.metadata


@every_lesson
def test_prose_stands_twice_and_code_once(build, source):
    import jupytext

    cells = jupytext.read(source, fmt="py:percent").cells
    prose = [cell for cell in cells if cell.cell_type == "markdown"]
    assert [cell.metadata["lang"] for cell in prose] == ["en", "ko"] * (len(prose) // 2)
    for english, korean in zip(prose[::2], prose[1::2]):
        if korean.metadata.get("stale"):
            continue
        assert korean.metadata["of"] == build.digest(english.source), f"stale Korean for: {english.source[:60]}"
        # What a translation must not lose: code and formulas.
        for pattern in (r"`[^`\n]+`", r"\$\$.+?\$\$"):
            texts = (re.sub(r"\\text\{.*?\}", "", cell.source) for cell in (english, korean))
            first, second = (sorted(set(re.findall(pattern, text, re.DOTALL))) for text in texts)
            assert first == second, english.source[:60]
    english, korean = (
        [c.source for c in build.lesson(source, language).cells if c.cell_type == "code"] for language in LANGUAGES
    )
    assert [code.replace(build.SPEAK, build.SPEAK.replace("en", "ko")) for code in english] == korean
    assert sum(a != b for a, b in zip(english, korean)) == 1


@every_lesson
@every_notebook
def test_outputs_are_whole(source, language):
    text = (FOLDER / language / f"{source.stem}.ipynb").read_text(encoding="utf8")
    assert len(text.encode()) < 1_000_000
    assert not re.search(r"/root/|/home/|/tmp/|/Users/|[A-Z]:\\\\", text)
    code = [cell for cell in committed(source, language).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    for output in (output for cell in code for output in cell.outputs):
        assert output.output_type != "error"
        assert output.get("name") != "stderr"
        if "image/png" in output.get("data", {}):
            assert output.metadata["image/png"]["alt"]


@every_lesson
def test_shape_of_a_lesson(build, source):
    cells = build.lesson(source, "en").cells
    (minutes,) = re.findall(r"you can\b.*\b(\d\d) minutes.*\bneed", cells[0].source, re.DOTALL)
    assert 15 <= int(minutes) <= 60
    assert "import npmobile as nm" in cells[1].source
    assert "install npmobile first" in cells[1].source
    code = [cell.source.strip().splitlines() for cell in cells[2:] if cell.cell_type == "code"]
    assert statistics.median(map(len, code)) <= 5
    assert max(map(len, code)) <= 15
    assert max(len(line) for lines in code for line in lines) <= 110
    assert any("Predict first" in cell.source for cell in cells)
    assert any("assert " in cell.source for cell in cells if cell.cell_type == "code")


@every_lesson
@every_notebook
def test_hidden_outputs_answer_a_question(build, source, language):
    """A reader who predicts first does not see the answer below the question."""
    question, hidden = "", 0
    for cell in build.lesson(source, language).cells:
        if cell.cell_type == "markdown":
            question = cell.source
        elif cell.metadata.get("jupyter"):
            assert cell.metadata.jupyter == {"outputs_hidden": True}
            assert {"en": "**Predict first.**", "ko": "**먼저 예상해 보세요.**"}[language] in question
            hidden += 1
    assert hidden >= 3


@every_lesson
@every_notebook
def test_each_exercise_has_its_own_answer(build, source, language):
    heading, summary = {
        "en": ("## Exercises\n", r"<details><summary>Answer (\d)</summary>\n\n"),
        "ko": ("## 연습 문제\n", r"<details><summary>(\d)번 답</summary>\n\n"),
    }[language]
    prose = "\n\n".join(cell.source for cell in build.lesson(source, language).cells if cell.cell_type == "markdown")
    before, exercises = prose.split(heading)
    assert "<details>" not in before
    numbers = [str(number) for number in range(1, 1 + exercises.count("<details>"))]
    assert 3 <= len(numbers) <= 6
    # Question 1, answer 1, question 2, answer 2 ...
    assert re.findall(rf"^\*\*(\d)\.\*\* |{summary}", exercises, re.MULTILINE) == [
        pair for number in numbers for pair in ((number, ""), ("", number))
    ]
    assert exercises.count("\n\n</details>") == len(numbers)


@every_lesson
def test_runs_from_a_fresh_kernel(build, monkeypatch, tmp_path, source):
    """The English notebook: the Korean one has the same code, as another test holds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent))
    notebook = build.run(build.lesson(source, "en"), tmp_path)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr"]


@every_notebook
def test_table_of_lessons_is_the_lessons(build, language):
    """Titles, minutes and links of notebooks/README are those of the notebooks."""
    text = (FOLDER / {"en": "README.md", "ko": "README.ko.md"}[language]).read_text(encoding="utf8")
    rows = re.findall(
        r"^\| (\d) \| (.*?) \| .*? \| (\d+) \| \[English\]\((en/[^/]*?)\) · \[한국어\]\((.*?)\) \|$", text, re.MULTILINE
    )
    assert len(rows) == len(LESSONS)
    for (number, title, minutes, english, korean), source in zip(rows, LESSONS):
        first = build.lesson(source, language).cells[0].source
        assert first.splitlines()[0] == f"# {number}. {title}"
        assert re.search(rf"\b{minutes}( minutes|분)", first)
        assert (english, korean) == (f"en/{source.stem}.ipynb", f"ko/{source.stem}.ipynb")
        assert (FOLDER / english).exists() and (FOLDER / korean).exists()
