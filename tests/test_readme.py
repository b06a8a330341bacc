"""What the README shows is what the programs print. (Its Python sessions are run as doctests.)"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_excerpts_are_what_the_command_above_them_prints(capsys):
    above, excerpts = "", 0
    text = README.read_text(encoding="utf8")
    for part in re.finditer(
        r"python -m npmobile\.(?P<command>\w+[^\n`]*)|^```text\n(?P<excerpt>.*?)^```$", text, re.M | re.S
    ):
        if part["command"]:
            above = part["command"]
            continue
        module, *options = above.split()
        assert importlib.import_module(f"npmobile.{module}").main(options) == 0
        assert part["excerpt"] in capsys.readouterr().out, f"not printed by python -m npmobile.{above}"
        excerpts += 1
    assert excerpts == text.count("```text\n") >= 2
