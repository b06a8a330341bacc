"""The command line, as a reader types it."""

from __future__ import annotations

import argparse
import json
import re

import pytest
from PIL import Image

import npmobile as nm
from npmobile import conv, demo, tables


def run(capsys, *arguments):
    status = demo.main(list(arguments))
    out, err = capsys.readouterr()
    assert err == ""
    return status, out


def test_says_the_worked_example_the_costs_the_digits_and_the_verdict(capsys):
    status, out = run(capsys)
    assert status == 0
    for kind, count in [
        ("standard", "1,769,472"),
        ("depthwise", "27,648"),
        ("pointwise", "196,608"),
        ("separable", "224,256"),
    ]:
        assert re.search(rf"{kind} +{count} +{count} +{count} +{count}\n", out)
    assert "73/576 = 0.1267: 7.9 times fewer" in out
    assert "1/N + 1/D_K^2 = 1/64 + 1/9 = 73/576" in out
    assert "568,740,352 mult-adds in total; in the paper: 569 million (Table 6)" in out
    assert re.search(r"pointwise +539,492,352 +94\.86", out)
    right, of = re.search(r"(\d+) of (\d+) right", out).groups()
    assert int(right) >= 0.97 * int(of)
    # 3 x (1,769,472 + 224,256) for the example, 568,740,352 for the network, 360 x 834,688 for the digits
    assert out.splitlines()[-1] == ("Equal: 875,209,216 mult-adds were executed, as many as the formula says.")
    assert 2 * (1_769_472 + 224_256) + 568_740_352 + 360 * 834_688 == 873_215_488
    assert max(map(len, out.splitlines())) <= 80


def test_a_miscount_is_told(capsys, monkeypatch):
    honest = conv.depthwise_conv

    def dishonest(*args, **how):
        y, mult_adds = honest(*args, **how)
        return y, mult_adds + 1

    monkeypatch.setattr(conv, "depthwise_conv", dishonest)
    status, out = run(capsys, "--alpha", "0.25", "--resolution", "32")
    assert status == 1
    # one in the worked example, 13 layers, and the digits
    assert "NOT EQUAL: 15 of 39 counts differ from the formula" in out
    assert "conv depthwise executed 27,649, formula 27,648" in " ".join(out.split())


def test_other_networks(capsys):
    _, out = run(capsys, "--alpha", "0.75", "--resolution", "160", "--classes", "10")
    assert "0.75 MobileNet-160, 10 classes" in out
    assert "mult-adds in total; not in the paper" in out
    _, out = run(capsys, "--alpha", "0.5", "--resolution", "160")
    assert "76,524,800 mult-adds in total; in the paper: 76 million (Table 9)" in out


def test_layers_and_markdown(capsys):
    _, out = run(capsys, "--layers")
    assert re.search(r"conv_dw_12 +3x3x512/2 +7x7x512 +225,792 ", out)
    _, out = run(capsys, "--layers", "--wide")
    assert re.search(r"conv_dw_12 +14 x 14 x 512 +3 x 3 x 512 +2 +7 x 7 x 512 +225,792 ", out)
    _, out = run(capsys, "--layers", "--markdown")
    assert "| conv_dw_12 | 14 x 14 x 512 | 3 x 3 x 512 | 2 | 7 x 7 x 512 | 225,792 |" in out
    assert re.findall(r"^## (\d)\.", out, re.MULTILINE) == ["1", "2", "3", "4"]
    assert out.count("```") % 2 == 0


@pytest.mark.parametrize("layers", [False, True])
@pytest.mark.parametrize(
    ("alpha", "resolution", "classes"), [(1.0, 224, 1000), (0.123456789012345678, 33, 987_654), (64.0, 4096, 1)]
)
def test_no_line_of_any_network_is_longer_than_80_columns(alpha, resolution, classes, layers):
    steps = [nm.Step(layer, None, nm.cost.mult_adds(layer)) for layer in nm.mobilenet(alpha, resolution, classes)]
    options = argparse.Namespace(layers=layers, wide=False, markdown=False)
    text = demo.as_text({"costs": demo.costs(alpha, steps)}, options)
    assert max(map(tables.width, text.splitlines())) <= 80


def test_json(capsys):
    _, out = run(capsys, "--json")
    facts = json.loads(out)
    assert facts["worked_example"]["ratio"] == "73/576"
    assert facts["worked_example"]["executed"]["loops"]["separable"] == 224_256
    assert facts["costs"]["total"]["mult_adds"] == 568_740_352
    assert facts["verdict"]["equal"] is True
    assert "layers" not in facts["costs"]
    _, out = run(capsys, "--json", "--layers")
    assert json.loads(out)["costs"]["layers"][0]["kernel"] == [3, 3, 3, 32]


def test_seed_chooses_the_digits_and_nothing_else_changes(capsys):
    first, again, other = (run(capsys, "--seed", seed)[1] for seed in "001")
    assert first == again != other
    assert first.splitlines()[-1] == other.splitlines()[-1]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_figure(capsys, tmp_path, ending):
    run(capsys, "--alpha", "0.25", "--resolution", "32", "--figure", str(tmp_path / f"costs.{ending}"))
    content = (tmp_path / f"costs.{ending}").read_bytes()
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
        (["--figure", "no/such/folder/costs.png"], "there is no folder 'no/such/folder'"),
        (["--figure", "costs.docx"], "must end with .png, .svg or .pdf"),
        (["--figure", ""], "must end with .png, .svg or .pdf"),
        (["--alpha", "1e308"], "alpha must be at most 1000, but is 1e+308"),
        (["--alpha", "nan"], "alpha must be a number above 0, but is nan"),
        (["--alpha", "1000"], "GB of memory, more than this machine has"),
        (["--resolution", "1000000000"], "GB of memory, more than this machine has"),
        (["--classes", f"1{30 * '0'}"], "classes must be at most 1,000,000,000,000"),
        (["--seed", 5000 * "1"], "argument --seed: invalid int value"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["cat.jpg"], "unrecognized arguments: cat.jpg"),
    ],
)
def test_wrong_options_are_one_line_and_status_2(capsys, arguments, message):
    status = demo.main(arguments)
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert err.startswith("python -m npmobile: ")
    assert len(err) < 1100


def test_a_figure_of_no_known_kind_is_refused_before_the_work(capsys, monkeypatch):
    monkeypatch.setattr(demo, "worked_example", None)
    monkeypatch.setattr(demo, "random_costs", None)
    assert demo.main(["--figure", "costs.xyz"]) == 2
    assert "argument --figure: must end with" in capsys.readouterr().err


def test_a_seed_may_have_hundreds_of_digits(capsys):
    assert run(capsys, "--alpha", "0.25", "--resolution", "32", "--seed", 400 * "9")[0] == 0


# A trained network and a photograph


@pytest.fixture
def weights(tmp_path):
    """An untrained network in a file, which will do for what is printed."""
    path = tmp_path / "network.npz"
    nm.weights.save(path, nm.weights.init(nm.mobilenet(0.25)))
    return str(path)


def test_photograph_top_five_and_executed_costs(capsys, weights, tmp_path):
    photo = tmp_path / "grey.png"
    Image.new("L", (40, 30), 128).save(photo)
    _, out = run(capsys, "--weights", weights, "--image", str(photo))
    assert "1. grey.png, classified with network.npz" in out
    assert len(re.findall(r"^class \d+ +\d+\.\d\d%", out, re.MULTILINE)) == 5
    assert "2. Costs of 0.25 MobileNet-224, 1000 classes" in out
    assert "41,030,272 mult-adds in total; in the paper: 41 million (Table 6)" in out
    assert out.splitlines()[-1].startswith("Equal: 41,030,272 mult-adds were executed")


def test_long_names_of_classes_are_wrapped():
    label = "tench, Tinca tinca, " * 8
    facts = {"image": "고양이" * 20 + ".png", "weights": "w" * 99, "guesses": [(label, 0.9), ("cat", 0.1)]}
    options = argparse.Namespace(markdown=False)
    _, text = demo.photograph_text(facts, options)
    assert max(map(tables.width, text.splitlines())) <= 80
    assert " ".join(re.sub(r"class|probability|[\d.]+%|#", "", text).split()) == f"{label}cat"


def test_without_an_image_it_is_grace_hopper(capsys, weights, tmp_path):
    _, out = run(capsys, "--weights", weights, "--resolution", "64", "--json", "--figure", str(tmp_path / "seen.png"))
    facts = json.loads(out)
    assert facts["photograph"]["image"] == "Grace Hopper"
    assert len(facts["photograph"]["guesses"]) == 5
    assert facts["costs"]["resolution"] == 64
    assert (tmp_path / "seen.png").read_bytes().startswith(b"\x89PNG")


def test_a_trained_file_sees_grace_hopper(capsys, shared):
    _, out = run(capsys, "--weights", str(shared / "weights/mobilenet_7_5_224_tf.h5"))
    assert "military_uniform" in out
    assert "325,400,448 mult-adds in total; in the paper: 325 million (Table 6)" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--image", "cat.jpg"], "argument --image: needs --weights FILE"),
        (["--weights", "none.h5"], "No such file or directory: 'none.h5'"),
        (["--weights", "WEIGHTS", "--image", "none.jpg"], "No such file or directory: 'none.jpg'"),
        (["--weights", "WEIGHTS", "--image", "WEIGHTS"], "network.npz"),
        (["--weights", "WEIGHTS", "--alpha", "0.5"], "alpha and classes come from the file"),
        (["--weights", "WEIGHTS", "--resolution", "100000000"], "GB of memory, more than this machine has"),
        (["--weights", "WEIGHTS", "--resolution", "16"], "resolution must be an int of at least 32, but is 16"),
    ],
)
def test_wrong_files_are_one_line_and_status_2(capsys, weights, arguments, message):
    status = demo.main([weights if argument == "WEIGHTS" else argument for argument in arguments])
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err
