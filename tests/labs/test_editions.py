"""The labs: both editions come from one source, in both languages; the teacher's runs, the student's says what is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
LABS = sorted(FOLDER.glob("src/labs/*.py"))
LANGUAGES = ["en", "ko"]

every_lab = pytest.mark.parametrize("source", LABS, ids=[path.stem for path in LABS])
every_language = pytest.mark.parametrize("language", LANGUAGES)


def graded(cells, kind):
    """The marks of nbgrader by grade id: of cells to write in, to check, or to answer in words."""
    flags = {"write": (True, False), "check": (False, True), "why": (True, True)}[kind]
    marked = [cell.metadata["nbgrader"] for cell in cells if "nbgrader" in cell.metadata]
    return {mark["grade_id"]: mark for mark in marked if (mark["solution"], mark["grade"]) == flags}


def test_there_are_five_labs():
    assert [path.stem[:3] for path in LABS] == ["01_", "02_", "03_", "04_", "05_"]


@every_lab
@every_language
def test_committed_is_the_students_edition(build, source, language):
    import nbformat

    made = build.lesson(source, language)
    kept = nbformat.read(FOLDER / language / "labs" / f"{source.stem}.ipynb", as_version=4)
    assert kept == made
    text = "\n".join(cell.source for cell in kept.cells)
    assert "SOLUTION" not in text
    assert not any(cell.get("outputs") for cell in kept.cells)


@every_lab
@every_language
def test_student_gets_the_teachers_cells_without_the_solutions(build, source, language):
    """Outside of the cells to write in nothing differs, and in these no line of a solution is left."""
    student, teacher = (build.lesson(source, language, teacher) for teacher in (False, True))
    assert len(student.cells) == len(teacher.cells)
    for mine, theirs in zip(student.cells, teacher.cells):
        assert mine.id == theirs.id
        if not theirs.metadata.get("nbgrader", {}).get("solution"):
            assert mine.source == theirs.source
            continue
        assert mine.source != theirs.source
        for solution in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", theirs.source, re.DOTALL):
            assert solution.strip() not in mine.source
        stub = build.labs.STUBS["CODE" if mine.cell_type == "code" else "TEXT"][language]
        assert mine.source.count(stub) == max(theirs.source.count("### BEGIN SOLUTION"), 1)


@every_lab
def test_prose_stands_twice_and_code_once(build, source):
    import jupytext

    cells = jupytext.read(source, fmt="py:percent").cells
    prose = [cell for cell in cells if cell.cell_type == "markdown"]
    assert [cell.metadata["lang"] for cell in prose] == ["en", "ko"] * (len(prose) // 2)
    for english, korean in zip(prose[::2], prose[1::2]):
        assert korean.metadata["of"] == build.digest(english.source), f"stale Korean for: {english.source[:60]}"
        assert "stale" not in korean.metadata
        assert [english.metadata.get(key) for key in ("why", "points")] == [
            korean.metadata.get(key) for key in ("why", "points")
        ]
        for pattern in (r"`[^`\n]+`", r"\$\$.+?\$\$"):  # what a translation must not lose: code and formulas
            texts = (re.sub(r"\\text\{.*?\}", "", cell.source) for cell in (english, korean))
            first, second = (sorted(set(re.findall(pattern, text, re.DOTALL))) for text in texts)
            assert first == second, english.source[:60]
    english, korean = (
        [c.source for c in build.lesson(source, language, teacher=True).cells if c.cell_type == "code"]
        for language in LANGUAGES
    )
    assert [code.replace(build.SPEAK, build.SPEAK.replace("en", "ko")) for code in english] == korean
    assert max(len(line) for code in english[1:] for line in code.splitlines()) <= 110


@every_lab
@every_language
def test_points_and_minutes_are_those_stated(build, source, language):
    cells = build.lesson(source, language).cells
    first = cells[0].source
    number = int(source.stem[:2])
    assert first.startswith({"en": f"# Lab {number}. ", "ko": f"# 실습 {number}. "}[language])
    (minutes,) = re.findall({"en": r"About (\d+) minutes\.", "ko": r"약 (\d+)분이 걸립니다\."}[language], first)
    assert 45 <= int(minutes) <= 90
    (points,) = re.findall({"en": r"The lab has (\d+) points\.", "ko": r"모두 (\d+)점입니다\."}[language], first)
    checks, whys = graded(cells, "check"), graded(cells, "why")
    assert int(points) == sum(mark["points"] for mark in (*checks.values(), *whys.values()))
    assert len(whys) == 2
    headings = [cell.source.splitlines()[0] for cell in cells if re.match(r"## (Task|과제) \d", cell.source)]
    stated = [sum(int(n) for n in re.findall(r"\d+", heading.rpartition("(")[2])) for heading in headings]
    assert sum(stated) == sum(mark["points"] for mark in checks.values()) - graded_without_a_task(checks)


def graded_without_a_task(checks):
    """Points for a result of the whole lab, in a section of its own: the digits of lab 3."""
    return checks.get("digits", {"points": 0})["points"]


@every_lab
@every_language
def test_shape_of_a_task(build, source, language):
    """A task: what to write and a hint, a cell to write in, a check for the values and one for the cost."""
    cells = build.lesson(source, language).cells
    tasks = [n for n, cell in enumerate(cells) if re.match(r"## (Task|과제) \d", cell.source)]
    assert [re.findall(r"\d", cells[n].source)[0] for n in tasks] == [str(1 + n) for n in range(len(tasks))]
    for start, end in zip(tasks, [*tasks[1:], len(cells)]):
        assert graded(cells[start:end], "check")
        if graded(cells[start:end], "write"):
            summary = {"en": "Hint", "ko": "힌트"}[language]
            assert cells[start].source.count(f"<details><summary>{summary}</summary>\n\n") == 1
            assert cells[start].source.endswith("\n\n</details>")
    ids = [mark["grade_id"] for kind in ("write", "check", "why") for mark in graded(cells, kind).values()]
    assert len(ids) == len(set(ids))
    for cell in cells:
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            assert '"""' in cell.source  # what goes in and what comes out
    assert any(">>> " in cell.source for cell in cells)


@every_lab
def test_teachers_edition_runs_clean(build, monkeypatch, tmp_path, source):
    """Every solution passes every check, and the examples in the docstrings are true."""
    import nbformat

    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent))
    notebook = build.lesson(source, "en", teacher=True)
    notebook.cells.append(nbformat.v4.new_code_cell("import doctest\nprint(doctest.testmod())"))
    code = [cell for cell in build.run(notebook, tmp_path).cells if cell.cell_type == "code"]
    assert not [output for cell in code for output in cell.outputs if output.get("name") == "stderr"]
    (failed, attempted) = re.findall(r"failed=(\d+), attempted=(\d+)", code[-1].outputs[-1].text)[0]
    assert int(failed) == 0, code[-1].outputs[-1].text
    assert int(attempted) >= 3


@every_lab
def test_students_edition_says_only_what_is_not_written_yet(build, monkeypatch, tmp_path, source):
    """In Korean: the English edition has the same code, as another test holds."""
    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent))
    notebook = build.lesson(source, "ko")
    client = build.NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    outputs = [(cell, output) for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    errors = [(output.ename, output.evalue) for _, output in outputs if output.output_type == "error"]
    assert set(errors) == {("NotImplementedError", "여기에 코드를 작성하세요")}
    assert not [output for _, output in outputs if output.get("name") == "stderr"]
    failing = [cell for cell, output in outputs if output.output_type == "error"]
    assert set(graded(failing, "check")) == set(graded(notebook.cells, "check"))


@every_language
def test_table_of_labs_is_the_labs(build, language):
    """Titles, minutes and links of notebooks/README are those of the labs."""
    text = (FOLDER / {"en": "README.md", "ko": "README.ko.md"}[language]).read_text(encoding="utf8")
    rows = re.findall(
        r"^\| (\d) \| (.*?) \| .*? \| (\d+) \| \[English\]\((en/labs/.*?)\) · \[한국어\]\((ko/labs/.*?)\) \|$",
        text,
        re.MULTILINE,
    )
    assert len(rows) == len(LABS)
    for (number, title, minutes, english, korean), source in zip(rows, LABS):
        first = build.lesson(source, language).cells[0].source
        assert first.splitlines()[0] == {"en": f"# Lab {number}. {title}", "ko": f"# 실습 {number}. {title}"}[language]
        assert re.search(rf"\b{minutes}( minutes|분)", first)
        assert (english, korean) == (f"en/labs/{source.stem}.ipynb", f"ko/labs/{source.stem}.ipynb")
        assert (FOLDER / english).exists() and (FOLDER / korean).exists()
