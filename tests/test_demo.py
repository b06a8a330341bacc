"""The command line, as a reader types it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from npmobile import conv, demo


def run(capsys, *arguments):
    status = demo.main(list(arguments))
    out, err = capsys.readouterr()
    assert err == ""
    return status, out


def test_says_the_worked_example_the_bill_the_digits_and_the_verdict(capsys):
    status, out = run(capsys)
    assert status == 0
    for kind, count in [
        ("standard", "1,769,472"),
        ("depthwise", "27,648"),
        ("pointwise", "196,608"),
        ("separable", "224,256"),
    ]:
        assert re.search(rf"{kind} +{count} +{count} +{count}\n", out)
    assert "73/576 = 0.1267: 7.9 times fewer" in out
    assert "1/N + 1/D_K^2 = 1/64 + 1/9 = 73/576" in out
    assert "568.7 million mult-adds; the paper prints 569 million (Table 6)" in out
    assert re.search(r"pointwise +539,492,352 +94\.86", out)
    right, of = re.search(r"(\d+) of (\d+) right", out).groups()
    assert int(right) >= 0.97 * int(of)
    # 2 x (1,769,472 + 224,256) for the example, 568,740,352 for the network, 360 x 834,688 for the digits
    assert out.splitlines()[-1] == (
        "Equal: 873,215,488 mult-adds were executed in this run; the formula says the same, to the last one."
    )
    assert 2 * (1_769_472 + 224_256) + 568_740_352 + 360 * 834_688 == 873_215_488


def test_a_miscount_is_told(capsys, monkeypatch):
    honest = conv.depthwise_conv

    def dishonest(*args, **how):
        y, mult_adds = honest(*args, **how)
        return y, mult_adds + 1

    monkeypatch.setattr(conv, "depthwise_conv", dishonest)
    status, out = run(capsys, "--alpha", "0.25", "--resolution", "32")
    assert status == 1
    # one in the worked example, 13 layers, and the digits
    assert "NOT EQUAL: 15 of 36 counts differ from the formula" in out
    assert "conv depthwise executed 27,649, formula 27,648" in out


def test_other_networks(capsys):
    _, out = run(capsys, "--alpha", "0.75", "--resolution", "160", "--classes", "10")
    assert "0.75 MobileNet-160, 10 classes" in out
    assert "the paper prints no total for this network" in out
    _, out = run(capsys, "--alpha", "0.5", "--resolution", "160")
    assert "76.5 million mult-adds; the paper prints 76 million (Table 9)" in out


def test_layers_and_markdown(capsys):
    _, out = run(capsys, "--layers")
    assert re.search(r"conv_dw_12 +14 x 14 x 512 +3 x 3 x 512 +2 +7 x 7 x 512 +225,792", out)
    _, out = run(capsys, "--layers", "--markdown")
    assert "| conv_dw_12 | 14 x 14 x 512 | 3 x 3 x 512 | 2 | 7 x 7 x 512 | 225,792 |" in out
    assert re.findall(r"^## (\d)\.", out, re.MULTILINE) == ["1", "2", "3", "4"]
    assert out.count("```") % 2 == 0


def test_json(capsys):
    _, out = run(capsys, "--json")
    facts = json.loads(out)
    assert facts["worked_example"]["ratio"] == "73/576"
    assert facts["worked_example"]["executed"]["loops"]["separable"] == 224_256
    assert facts["bill"]["total"]["mult_adds"] == 568_740_352
    assert facts["verdict"]["equal"] is True
    assert "layers" not in facts["bill"]
    _, out = run(capsys, "--json", "--layers")
    assert json.loads(out)["bill"]["layers"][0]["kernel"] == [3, 3, 3, 32]


def test_seed_chooses_the_digits_and_nothing_else_changes(capsys):
    first, again, other = (run(capsys, "--seed", seed)[1] for seed in "001")
    assert first == again != other
    assert first.splitlines()[-1] == other.splitlines()[-1]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_figure(capsys, tmp_path, ending):
    run(capsys, "--alpha", "0.25", "--resolution", "32", "--figure", str(tmp_path / f"bill.{ending}"))
    content = (tmp_path / f"bill.{ending}").read_bytes()
    assert content.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--alpha", "0"], "alpha must be a number above 0, but is 0.0"),
        (["--alpha", "wide"], "argument --alpha: invalid float value: 'wide'"),
        (["--resolution", "31"], "resolution must be an int of at least 32, but is 31"),
        (["--classes", "-1"], "classes must be an int of at least 1, but is -1"),
        (["--seed", "-1"], "argument --seed: must be at least 0, but is -1"),
        (["--json", "--markdown"], "not allowed with argument"),
        (["--figure", "no/such/folder/bill.png"], "No such file or directory"),
        (["--figure", "bill.docx"], "'docx' is not supported"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["cat.jpg"], "unrecognized arguments: cat.jpg"),
    ],
)
def test_wrong_options_are_one_line_and_status_2(capsys, arguments, message):
    with pytest.raises(SystemExit) as caught:
        demo.main(arguments)
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert message in err
    assert err.startswith("npmobile: ")
    assert err.count("\n") == 1


def test_runs_as_a_module_from_anywhere(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "npmobile.demo", "--alpha", "0.25", "--resolution", "32"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},  # no sign that an old terminal lacks
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Equal:" in done.stdout
    assert os.listdir(tmp_path) == []
