"""nbgrader reads the labs: it makes the student's edition from the teacher's, and gives submissions the right points."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from .submissions import RIGHT, SUBMISSIONS

FOLDER = Path(__file__).parents[2] / "notebooks"
LABS = sorted(path.stem for path in FOLDER.glob("src/labs/*.py"))


@pytest.fixture(scope="module")
def gradebook(framework):
    return framework("nbgrader.api", "nbgrader").Gradebook


def run(course, *command):
    """One command of nbgrader, as a teacher types it."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command], cwd=course, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module", autouse=True)
def environment():
    """nbgrader starts the command alembic and kernels; both are those of this Python."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        patch.setenv("PYTHONPATH", str(FOLDER.parent))
        yield


@pytest.fixture(scope="module")
def courses(build, gradebook, tmp_path_factory):
    """What `build.py --teacher` writes, without having run the notebooks, and the student's edition of all labs."""
    folder = tmp_path_factory.mktemp("courses")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "run", lambda notebook, folder: notebook)
        for language in build.LANGUAGES:
            for source in build.sources("labs/"):
                build.write(source, language, teacher=folder)
            run(folder / language, "generate_assignment", "*")
    return folder


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_generate_assignment_makes_the_committed_edition(courses, language, lab):
    import nbformat

    made = nbformat.read(courses / language / "release" / lab / f"{lab}.ipynb", as_version=4)
    kept = nbformat.read(FOLDER / language / "labs" / f"{lab}.ipynb", as_version=4)
    for cell in made.cells:  # what nbgrader notes for itself
        for key in ("checksum", "cell_type"):
            cell.metadata.get("nbgrader", {}).pop(key, None)
    assert made.cells == kept.cells
    assert made.metadata == kept.metadata


@pytest.fixture(scope="module")
def points(build, courses, gradebook):
    """Hand in all submissions, let nbgrader grade them, and read the points of each cell."""
    for submission in SUBMISSIONS:
        hand_in(build, courses / "en" / "submitted", submission)
    run(courses / "en", "autograde", "*")
    return read_points(gradebook, courses / "en" / "gradebook.db")


def hand_in(build, folder, submission):
    """Fill in cells of the committed student's edition: a student works on that file."""
    import nbformat

    (source,) = build.sources(f"labs/{submission.lab}")
    notebook = nbformat.read(FOLDER / "en" / "labs" / f"{submission.lab}.ipynb", as_version=4)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    solutions = {cell.id: cell.source for cell in build.lesson(source, "en", teacher=True).cells}
    for name, code in submission.cells.items():
        cells[name].source = solutions[cells[name].id] if code is RIGHT else code.strip()
    target = folder / submission.student / submission.lab
    target.mkdir(parents=True)
    nbformat.write(notebook, target / f"{submission.lab}.ipynb")


def read_points(gradebook, path):
    """{(lab, student): {cell: (points, most points, whether a person must grade it)}}"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of SQLAlchemy
        with gradebook(f"sqlite:///{path}") as book:
            return {
                (lab, submission.student_id): {
                    grade.name: (grade.auto_score, grade.max_score, grade.needs_manual_grade)
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for lab in LABS
                for submission in book.assignment_submissions(lab)
            }


@pytest.mark.parametrize("submission", SUBMISSIONS, ids=[f"{s.lab[:2]}-{s.student}" for s in SUBMISSIONS])
def test_autograde_gives_the_points_that_a_submission_deserves(points, submission):
    given = points[submission.lab, submission.student]
    expected = {
        name: (None if name in submission.by_hand else 0 if name in submission.without_points else most)
        for name, (_, most, _) in given.items()
    }
    assert {name: got for name, (got, _, _) in given.items()} == expected
    assert {name for name, (_, _, by_hand) in given.items() if by_hand} == submission.by_hand
    assert submission.without_points <= set(given)
