"""The lessons: the committed notebooks are their sources, in both languages, and they run."""

from __future__ import annotations

import re
import statistics
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
LESSONS = sorted(FOLDER.glob("src/*.py"))
LANGUAGES = ["en", "ko"]

every_lesson = pytest.mark.parametrize("source", LESSONS, ids=[path.stem for path in LESSONS])
every_notebook = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def build():
    for module in ("jupytext", "nbclient", "nbformat", "ipykernel"):
        pytest.importorskip(module, reason=f"{module} is not installed (pip install 'npmobile[test]')")
    sys.path.insert(0, str(FOLDER))
    try:
        import build
    finally:
        sys.path.pop(0)
    return build


def committed(source, language):
    import nbformat

    return nbformat.read(FOLDER / language / f"{source.stem}.ipynb", as_version=4)


@every_lesson
@every_notebook
def test_committed_cells_are_the_sources(build, source, language):
    made, kept = build.lesson(source, language), committed(source, language)
    assert [(c.id, c.cell_type, c.source) for c in kept.cells] == [(c.id, c.cell_type, c.source) for c in made.cells]
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
    assert len(text.encode()) < 500_000
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
    assert re.search(r"you can\b.*\b(15|20|25) minutes.*\bneed", cells[0].source, re.DOTALL)
    assert "import npmobile as nm" in cells[1].source
    assert "install npmobile first" in cells[1].source
    lengths = [len(cell.source.strip().splitlines()) for cell in cells[2:] if cell.cell_type == "code"]
    assert statistics.median(lengths) <= 5
    assert max(lengths) <= 15
    assert any("Predict first" in cell.source for cell in cells)
    assert any("assert " in cell.source for cell in cells if cell.cell_type == "code")
    exercises = cells[-1].source
    assert 3 <= len(re.findall(r"^\d\. ", exercises.split("<details>")[0], re.MULTILINE)) <= 5
    assert len(re.findall(r"^\d\. ", exercises, re.MULTILINE)) == 2 * len(
        re.findall(r"^\d\. ", exercises.split("<details>")[0], re.MULTILINE)
    )


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
        r"^\| (\d) \| (.*?) \| .*? \| (\d+) \| \[English\]\((.*?)\) · \[한국어\]\((.*?)\) \|$", text, re.MULTILINE
    )
    assert len(rows) == len(LESSONS)
    for (number, title, minutes, english, korean), source in zip(rows, LESSONS):
        first = build.lesson(source, language).cells[0].source
        assert first.splitlines()[0] == f"# {number}. {title}"
        assert re.search(rf"\b{minutes}( minutes|분)", first)
        assert (english, korean) == (f"en/{source.stem}.ipynb", f"ko/{source.stem}.ipynb")
        assert (FOLDER / english).exists() and (FOLDER / korean).exists()
