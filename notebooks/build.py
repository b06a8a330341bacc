"""Make the lessons and the labs: one source each, a notebook for each language.

    python notebooks/build.py            # all lessons, run and with their outputs kept, and all labs
    python notebooks/build.py 02         # the lessons whose name begins with 02
    python notebooks/build.py labs/      # all labs, in the student's edition: without solutions, not run
    python notebooks/build.py labs/ --teacher FOLDER    # in the teacher's edition, run: a course of nbgrader
    python notebooks/build.py --stamp    # note in each Korean cell which English text it translates, after translating
    python notebooks/build.py --stale    # mark the Korean cells whose English text has changed since

A source is `src/NN_name.py` in jupytext's percent format. Code is written once. A prose cell is written twice, English
first: `# %% [markdown] lang="en"` and `# %% [markdown] lang="ko" of="3f2a91c0"`, where `of` is the hash of the
English text that was translated. Where they differ, a test fails, unless the Korean cell is marked `stale=true`: then
the notebook says in one line that the translation is older than the English text.

The answer to a question is a code cell that begins with `# %% jupyter={"outputs_hidden": true}`: JupyterLab hides its
output until the reader asks for it. What the cells of a lab have besides is said in `labs.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

import jupytext
import labs
import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
LANGUAGES = ("en", "ko")
STALE = "> (이 부분의 번역은 영어 원문보다 오래되었습니다.)\n\n"  # this translation is older than the English text
# The one line of code in which the languages differ: figures speak the lesson's language.
SPEAK = 'nm.language.use("en")'


def sources(begin: str = "") -> list[Path]:
    """The sources in order, lessons before labs: those whose path in `src` begins so."""
    every = [*sorted((HERE / "src").glob("*.py")), *sorted((HERE / "src" / "labs").glob("*.py"))]
    return [path for path in every if path.relative_to(HERE / "src").as_posix().startswith(begin)]


def is_lab(source: Path) -> bool:
    return source.parent.name == "labs"


def digest(text: str) -> str:
    """Eight characters that change when an English cell changes."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def lesson(source: Path, language: str, teacher: bool = False) -> nbformat.NotebookNode:
    """The notebook of one lesson or lab in one language, not yet run; the teacher's has the solutions of a lab."""
    cells = []
    for cell in jupytext.read(source, fmt="py:percent").cells:
        if cell.metadata.get("lang", language) != language:
            continue
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        text = cell.source.replace(SPEAK, SPEAK.replace("en", language))
        if cell.metadata.get("stale"):
            text = STALE + text
        # Ids from the position: a new build of the same source changes nothing.
        made = make(text, id=f"{source.stem[:2]}-{len(cells):02}")
        if "jupyter" in cell.metadata:  # whether the output is hidden until the reader asks for it
            made.metadata.jupyter = cell.metadata["jupyter"]
        made.metadata.update(labs.marks(cell.metadata))
        cells.append(made if teacher else labs.without_solution(made, language))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def run(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run every cell in a fresh kernel; a cell that fails raises."""
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}, record_timing=False).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    notebook.metadata.language_info = {"name": "python"}  # without the version of this machine
    return notebook


def joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join what was printed in a row: the kernel sends it in pieces, now so, now otherwise."""
    whole: list[nbformat.NotebookNode] = []
    for output in outputs:
        if whole and output.output_type == whole[-1].output_type == "stream" and output.name == whole[-1].name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def stamp(source: Path, only_mark: bool = False) -> None:
    """Write the hash of each English cell into the Korean cell behind it, or mark those where it differs as stale."""
    cells = jupytext.read(source, fmt="py:percent").cells
    hashes = iter([digest(cell.source) for cell in cells if cell.metadata.get("lang") == "en"])

    def head(match: re.Match[str]) -> str:
        now, before, others = next(hashes), match[2], match[3]
        if not only_mark:
            return f'{match[1]} of="{now}"{others}'
        return f'{match[1]} of="{before}"' + (" stale=true" if now != before else "") + others

    text = source.read_text(encoding="utf8")
    text = re.sub(r'(# %% \[markdown\] lang="ko")(?: of="(\w*)")?(?: stale=true)?(.*)', head, text)
    source.write_text(text, encoding="utf8")


def write(source: Path, language: str, teacher: Path | None) -> None:
    """Make one notebook; lessons and the teacher's labs are run."""
    folder = HERE / language / ("labs" if is_lab(source) else "")
    if teacher:
        folder = teacher / language / "source" / source.stem  # as nbgrader wants it: one folder for each assignment
    folder.mkdir(parents=True, exist_ok=True)
    notebook = lesson(source, language, teacher is not None)
    if teacher:
        labs.write_configuration(teacher / language, language)
    if teacher or not is_lab(source):
        run(notebook, folder)
    path = folder / f"{source.stem}.ipynb"
    nbformat.write(notebook, path)
    print(path.relative_to(teacher or HERE), f"{path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the notebooks of the lessons and labs.")
    parser.add_argument("begin", nargs="?", default="", help="only those whose name begins so: 02, labs/, labs/02")
    parser.add_argument("--teacher", type=Path, metavar="FOLDER", help="write the labs with their solutions there")
    parser.add_argument(
        "--stamp", action="store_true", help="mark the Korean cells as translating the English ones as they are"
    )
    parser.add_argument("--stale", action="store_true", help="mark the Korean cells whose English text has changed")
    options = parser.parse_args()
    for source in sources(options.begin):
        if options.stamp or options.stale:
            stamp(source, only_mark=options.stale)
        elif is_lab(source) or not options.teacher:
            for language in LANGUAGES:
                write(source, language, options.teacher)


if __name__ == "__main__":
    main()
