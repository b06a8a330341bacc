"""Make the lessons: one source a lesson, a notebook for each language, run and with its outputs kept.

    python notebooks/build.py            # all lessons
    python notebooks/build.py 02         # those whose name begins with 02
    python notebooks/build.py --stamp    # note in each Korean cell which English text it translates, after translating
    python notebooks/build.py --stale    # mark the Korean cells whose English text has changed since

A source is `src/NN_name.py` in jupytext's percent format. Code is written once. A prose cell is written twice, English
first: `# %% [markdown] lang="en"` and `# %% [markdown] lang="ko" of="3f2a91c0"`, where `of` is the hash of the
English text that was translated. Where they differ, a test fails, unless the Korean cell is marked `stale=true`: then
the notebook says in one line that the translation is older than the English text.

The answer to a question is a code cell that begins with `# %% jupyter={"outputs_hidden": true}`: JupyterLab hides its
output until the reader asks for it.
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
STALE = "> (이 부분의 번역은 영어 원문보다 오래되었습니다.)\n\n"  # this translation is older than the English text
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
        if cell.metadata.get("stale"):
            text = STALE + text
        # Ids from the position: a new build of the same source changes nothing.
        made = make(text, id=f"{source.stem[:2]}-{len(cells):02}")
        if "jupyter" in cell.metadata:  # whether the output is hidden until the reader asks for it
            made.metadata.jupyter = cell.metadata["jupyter"]
        cells.append(made)
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
        now, before = next(hashes), match[2]
        if not only_mark:
            return f'{match[1]} of="{now}"'
        return f'{match[1]} of="{before}"' + (" stale=true" if now != before else "")

    text = source.read_text(encoding="utf8")
    text = re.sub(r'(# %% \[markdown\] lang="ko")(?: of="(\w*)")?.*', head, text)
    source.write_text(text, encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the lessons' notebooks.")
    parser.add_argument("begin", nargs="?", default="", help="only lessons whose name begins so")
    parser.add_argument(
        "--stamp", action="store_true", help="mark the Korean cells as translating the English ones as they are"
    )
    parser.add_argument("--stale", action="store_true", help="mark the Korean cells whose English text has changed")
    options = parser.parse_args()
    for source in sources(options.begin):
        if options.stamp or options.stale:
            stamp(source, only_mark=options.stale)
            continue
        for language in LANGUAGES:
            path = HERE / language / f"{source.stem}.ipynb"
            path.parent.mkdir(exist_ok=True)
            nbformat.write(run(lesson(source, language), path.parent), path)
            print(path.relative_to(HERE), f"{path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
