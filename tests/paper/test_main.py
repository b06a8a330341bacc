"""The command `python -m npmobile.paper`: the report for reading, for markdown and for programs."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys

import pytest

from npmobile import paper, tables
from npmobile.paper import __main__ as command
from npmobile.paper.printed import PAPER

LAST = re.compile(r"(\d+) of (\d+) printed costs reproduced, (\d+) errata explained, (\d+) not recomputable")


def run(capsys, *arguments):
    assert command.main(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_the_report_ends_with_its_account(capsys):
    out = run(capsys)
    assert LAST.fullmatch(out.splitlines()[-1]).groups() == ("77", "104", "19", "20")
    for number in range(1, 15):
        assert f"\nTable {number}: " in f"\n{out}"
    assert [int(n) for n in re.findall(r"^(\d+)\. ", out, re.M)] == list(range(1, 20))
    for total in ("568,763,240", "568,741,352", "589,012,456", "588,962,304", "578,875,904", "1,137,480,704"):
        assert re.search(rf"^total +{total}$", out, re.M)


@pytest.mark.parametrize("table", [[], *(["--table", str(number)] for number in range(1, 15))])
def test_no_line_is_longer_than_80_columns(capsys, table):
    assert max(map(tables.width, run(capsys, *table).splitlines())) <= 80


def test_one_table(capsys):
    out = run(capsys, "--table", "9")
    assert "Table 9:" in out
    assert "Table 8:" not in out
    assert "thop" not in out
    assert LAST.fullmatch(out.splitlines()[-1]).groups() == ("6", "6", "3", "0")
    assert LAST.fullmatch(run(capsys, "--table", "1").splitlines()[-1]).groups() == ("0", "0", "1", "0")


def test_a_reason_stands_below_its_line_and_counts_in_full(capsys):
    assert (
        "Squeezenet          mult-adds   1700 million  861,339,936  other convention\n"
        "    multiplications and additions apart: 1722.680\n"
    ) in run(capsys, "--table", "9")


def test_wide_has_each_reason_in_its_line_and_loses_nothing(capsys):
    wide, narrow = run(capsys, "--wide"), run(capsys)
    assert re.search(r"^1\.0 MobileNet-160 +mult-adds +290 million +290,675,200 +cut off +290\.675 would", wide, re.M)
    assert re.search(r"^Faster-RCNN 300 MobileNet +mult-adds +25\.2 billion +25,224,412,096 +equal$", wide, re.M)
    pieces = [re.findall(r"[^\s-]+", text.replace("why", "")) for text in (wide, narrow)]
    assert sorted(pieces[0]) == sorted(pieces[1])


def test_table_11_is_told_in_words(capsys):
    words = " ".join(run(capsys, "--table", "11").split())
    assert "the body's 3.185 and the final layer's 10 are 13.185" in words
    assert "0.58 million mult-adds are billions: 0.5777" in words


def test_markdown(capsys):
    out = run(capsys, "--markdown")
    assert LAST.fullmatch(out.splitlines()[-1])
    assert "| 1.0 MobileNet-160 | mult-adds | 290 million | 290,675,200 | cut off | 290.675 would round to 291 |" in out
    blocks = re.findall(r"(?:^\|.*\|\n)+", out, re.M)
    assert len(blocks) == 13 + 3 + 1 + 8 + 1  # tables, tables of others, accuracies, tools, verdicts
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_json(capsys):
    found = json.loads(run(capsys, "--json"))
    assert len(found["tables"]) == 14
    (cut_off,) = (cell for cell in paper.cells(PAPER[6]) if cell.verdict == "cut off")
    assert dataclasses.asdict(cut_off) in found["tables"]["Table 7"]
    assert found["tally"]["equal"] == 56
    assert {tool["name"]: sum(n for _, n in tool["bridge"]) for tool in found["tools"]}["thop"] == 588_962_304
    assert LAST.fullmatch(found["summary"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--table", "15"], "argument --table: invalid choice: 15"),
        (["--table", "six"], "argument --table: invalid int value: 'six'"),
        (["--json", "--markdown"], "not allowed with argument"),
        (["9"], "unrecognized arguments: 9"),
    ],
)
def test_wrong_options_are_one_line_and_status_2(capsys, arguments, message):
    status = command.main(arguments)
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("python -m npmobile.paper: ")
    assert message in err


def test_runs_as_a_module_in_an_ascii_terminal(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "npmobile.paper"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert LAST.fullmatch(done.stdout.splitlines()[-1])
