"""What the README shows is what its commands print. (Its Python is a doctest.)"""

from __future__ import annotations

import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest

from npmobile.paper import report, verdicts

ROOT = Path(__file__).parents[1]
EXCERPTS = [
    (shlex.split(command), excerpt)
    for command, excerpt in re.findall(
        r"^```text\n\$ python (.*?)\n(.*?)^```$",
        (ROOT / "README.md").read_text(encoding="utf8"),
        re.MULTILINE | re.DOTALL,
    )
]


@pytest.mark.parametrize(("command", "excerpt"), EXCERPTS, ids=[" ".join(command) for command, _ in EXCERPTS])
def test_excerpt_is_what_its_command_prints(request, monkeypatch, tmp_path, capsys, command, excerpt):
    """A line of three dots stands for what is left out."""
    if "--weights" in command:
        shared = request.getfixturevalue("shared")
        for file in (*shared.glob("weights/*.h5"), *shared.glob("weights/*.json"), *shared.glob("images/*.jpg")):
            (tmp_path / file.name).symlink_to(file)
    assert command[0] == "-m"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", command[1:])
    for module in (command[1], f"{command[1]}.__main__"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(SystemExit) as caught:
        runpy.run_module(command[1], run_name="__main__")
    assert not caught.value.code
    out = capsys.readouterr().out
    for piece in re.split(r"^\.\.\.\n", excerpt, flags=re.MULTILINE):
        assert piece in out
        out = out[out.index(piece) + len(piece) :]


def test_every_excerpt_names_its_command():
    assert len(EXCERPTS) == (ROOT / "README.md").read_text(encoding="utf8").count("```text") >= 2


def what_no_translation_changes(name):
    """Fenced blocks, headings and tables in order; links, inline code and numbers in any order, as sentences turn."""
    fenced = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
    text = (ROOT / name).read_text(encoding="utf8")
    prose = fenced.sub("```", text)
    return {
        "blocks": fenced.findall(text),
        "outline": [  # a heading's level, a table row's bars
            line.split()[0] if line[0] == "#" else line.count("|")
            for line in prose.splitlines()
            if line.startswith(("#", "|", "```"))
        ],
        "links": sorted({link.replace(".ko.", ".") for link in re.findall(r"\]\((.*?)\)", prose)}),
        "code": sorted(code.replace(".ko.", ".") for code in re.findall(r"`[^`\n]+`", prose)),
        "numbers": sorted(re.findall(r"\d+(?:[.,/]\d+)*", prose)),
    }


def test_korean_readme_is_the_twin():
    """The blocks are the same, so their doctests and commands need no second run."""
    english, korean = what_no_translation_changes("README.md"), what_no_translation_changes("README.ko.md")
    assert all(english.values())
    for what, found in english.items():
        assert korean[what] == found, what


@pytest.mark.parametrize(
    ("name", "link"), [("README.md", "[한국어](README.ko.md)"), ("README.ko.md", "[English](README.md)")]
)
def test_readme_opens_with_a_link_to_its_twin(name, link):
    assert (ROOT / name).read_text(encoding="utf8").splitlines()[2] == link


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_the_map_of_files_is_the_folder(name):
    package = ROOT / "npmobile"
    there = {path.name for path in package.glob("*.py") if not path.name.startswith("__")}
    there |= {f"{path.name}/" for path in package.iterdir() if (path / "__init__.py").exists()}
    rows = re.findall(r"^\| \[`.*", (ROOT / name).read_text(encoding="utf8"), re.MULTILINE)
    listed = re.findall(r"\[`(\S+)`\]\(npmobile/(\S+?)\)", "\n".join(rows))
    assert all(shown == linked for shown, linked in listed)
    assert sorted(shown for shown, _ in listed) == sorted(there)


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_the_first_page_is_short_and_its_numbers_are_ours(name):
    text = (ROOT / name).read_text(encoding="utf8")
    assert len(text.splitlines()) <= 150
    counted = report.collect()["tally"]
    for number in (sum(counted.values()), sum(counted[verdict] for verdict in verdicts.REPRODUCED)):
        assert re.search(rf"\b{number}\b|{number}개", text)


def test_every_link_leads_somewhere():
    for page in (*ROOT.glob("*.md"), *ROOT.glob("notebooks/*.md"), *ROOT.glob("benchmarks/*.md")):
        for link in re.findall(r"\]\((?!http|#)(.*?)\)", page.read_text(encoding="utf8")):
            assert (page.parent / link.partition("#")[0]).exists(), f"{page.name}: {link}"
