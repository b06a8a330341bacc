"""Make the lessons: one source a lesson, a notebook for each language, run and with its outputs kept.

    python notebooks/build.py            # all lessons
    python notebooks/build.py 02         # those whose name begins with 02
    python notebooks/build.py --stamp    # note in each Korean cell which English text it translates, after translating

A source is `src/NN_name.py` in jupytext's percent format. Code stands once. A prose cell stands twice, English
first: `# %% [markdown] lang="en"` and `# %% [markdown] lang="ko" of="3f2a91c0"`, where `of` is the hash of the
English text that was translated: where they differ, the translation is stale, and a test says so.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
LANGUAGES = ("en", "ko")
# The one line of code in which the languages differ: figures speak the lesson's language.
SPEAK = 'nm.language.use("en")'


def sources(begin: str = "") -> list[Path]:
    """The lessons' sources in order."""
    return sorted((HERE / "src").glob(f"{begin}*.py"))


def digest(text: str) -> str:
    """Eight characters that change when an English cell changes."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def lesson(source: Path, language: str) -> nbformat.NotebookNode:
    """The notebook of one lesson in one language, not yet run."""
    cells = []
    for cell in jupytext.read(source, fmt="py:percent").cells:
        if cell.metadata.get("lang", language) != language:
            continue
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        text = cell.source.replace(SPEAK, SPEAK.replace("en", language))
        # Ids from the position: a new build of the same source changes nothing.
        cells.append(make(text, id=f"{source.stem[:2]}-{len(cells):02}"))
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


def stamp(source: Path) -> None:
    """Write the hash of each English cell into the Korean cell behind it."""
    english = [
        digest(cell.source)
        for cell in jupytext.read(source, fmt="py:percent").cells
        if cell.metadata.get("lang") == "en"
    ]
    hashes = iter(english)
    text = re.sub(
        r'(# %% \[markdown\] lang="ko").*', lambda m: f'{m[1]} of="{next(hashes)}"', source.read_text(encoding="utf8")
    )
    source.write_text(text, encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the lessons' notebooks.")
    parser.add_argument("begin", nargs="?", default="", help="only lessons whose name begins so")
    parser.add_argument(
        "--stamp", action="store_true", help="mark the Korean cells as translating the English ones as they are"
    )
    options = parser.parse_args()
    for source in sources(options.begin):
        if options.stamp:
            stamp(source)
            continue
        for language in LANGUAGES:
            path = HERE / language / f"{source.stem}.ipynb"
            path.parent.mkdir(exist_ok=True)
            nbformat.write(run(lesson(source, language), path.parent), path)
            print(path.relative_to(HERE), f"{path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
