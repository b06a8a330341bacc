"""What the README shows is what its commands print. (Its Python is a doctest.)"""

from __future__ import annotations

import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest

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
    monkeypatch.delitem(sys.modules, command[1], raising=False)
    with pytest.raises(SystemExit) as caught:
        runpy.run_module(command[1], run_name="__main__")
    assert not caught.value.code
    out = capsys.readouterr().out
    for piece in re.split(r"^\.\.\.\n", excerpt, flags=re.MULTILINE):
        assert piece in out
        out = out[out.index(piece) + len(piece) :]


def test_every_excerpt_names_its_command():
    assert len(EXCERPTS) == (ROOT / "README.md").read_text(encoding="utf8").count("```text") >= 2
