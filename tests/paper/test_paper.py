"""The paper's numbers beside ours: the data against the reference, the verdicts against an audit by hand."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections import Counter
from fractions import Fraction

import pytest

from npmobile import cost, mobilenet, paper
from npmobile.paper import __main__ as command
from npmobile.paper import networks, readings, verdicts
from npmobile.paper.networks import Network
from npmobile.paper.printed import KERAS_HEADER, PAPER, RELEASED
from npmobile.paper.readings import Reading, Row

CELLS = {table.name: paper.cells(table) for table in (*PAPER, RELEASED, *KERAS_HEADER)}


def find(table, row, what, nth=0):
    return [cell for cell in CELLS[table] if cell.row == row and what in cell.column][nth]


# What was printed


def test_the_tables_are_the_papers_cell_by_cell(shared):
    reference = json.loads((shared / "paper/paper_tables.json").read_text())["tables"]
    assert len(PAPER) == len(reference) == 14
    for table, expected in zip(PAPER, reference):
        assert (table.name, table.title) == (f"Table {expected['table']}", expected["title"])
        assert list(table.columns) == expected["columns"]
        assert len(table.rows) == len(expected["rows"])
        for row, cells in zip(table.rows, expected["rows"]):
            assert list(row) == [str(cells[column]) for column in table.columns]


def test_the_released_networks_are_the_readmes(shared):
    reference = json.loads((shared / "paper/slim_checkpoints.json").read_text())["checkpoints"]
    keys = ("name", "readme_macs_million", "readme_params_million", "top1", "top5")
    assert [list(row) for row in RELEASED.rows] == [[str(point[key]) for key in keys] for point in reference]


def test_keras_prints_529_at_every_resolution():
    assert [row[2] for row in KERAS_HEADER[1].rows] == ["529"] * 4
    assert [row[0] for row in KERAS_HEADER[1].rows] == [row[0] for row in PAPER[6].rows]


# The rules


def row(*values, unknown="", quoted=False):
    """A row whose readings count these millions; a pair is (label, millions), a triple a mistake."""
    found = []
    for value in values:
        label, millions, *mistake = value if isinstance(value, tuple) else ("", value)
        found.append(Reading(label, Fraction(millions) * 10**6, Fraction(0), bool(mistake)))
    return Row(tuple(found), unknown, quoted)


@pytest.mark.parametrize(
    ("printed", "counted", "verdict", "why"),
    [
        ("569", row("568.74"), "equal", ""),
        ("569", row("568.5"), "equal", ""),  # halves go up
        ("568", row("568.74"), "cut off", "568.740 would round to 569"),
        ("567", row("568.74"), "differs", "no reading gives it; ours is +0.3 %"),
        ("4.2", row("4.2499"), "equal", ""),
        ("1700", row("1722.7"), "differs", "no reading gives it; ours is +1.3 %"),
        ("1700", row("1722.7", quoted=True), "equal", ""),
        ("60", row("60.95", quoted=True), "equal", ""),
        ("60", row("60.95"), "cut off", "60.950 would round to 61"),
        ("568", row("568.74", ("without biases", "567.7")), "cut off", "568.740 would round to 569"),
        ("566", row("568.74", ("without biases", "566.1")), "other convention", "without biases: 566.100"),
        ("566", row("568.74", ("without biases", "566.9")), "cut off", "without biases: 566.900 would round to 567"),
        ("566", row("568.74", ("too narrow", "566.1", True)), "erratum", "too narrow: 566.100"),
        ("566", row(("too narrow", "566.1", True), ("fair", "566.2")), "other convention", "fair: 566.200"),
        ("1.19", row("1.9056"), "erratum", "two digits of 1.91 are swapped"),
        ("150", row("149.497"), "erratum", "rounded twice: 149.497 to 149.5 to 150"),
        ("150", row("149.44"), "differs", "no reading gives it; ours is -0.4 %"),
        ("5000", row(unknown="private"), "not recomputable", "private"),
        ("108", row("106", unknown="the head"), "not recomputable", "the head: the 106.000 before them leave +2.0"),
        ("106", row("106", unknown="the head"), "equal", ""),
    ],
)
def test_a_verdict_is_the_first_rule_that_holds(printed, counted, verdict, why):
    assert verdicts.judge(printed, counted, "mult_adds", 10**6) == (verdict, why)


# The verdicts, audited by hand


AUDIT = {  # table -> cells per verdict
    "Table 2": {"equal": 7, "erratum": 1},
    "Table 3": {"equal": 8},
    "Table 4": {"equal": 3, "other convention": 1},
    "Table 5": {"equal": 4},
    "Table 6": {"equal": 8},
    "Table 7": {"equal": 7, "cut off": 1},
    "Table 8": {"equal": 3, "other convention": 2, "differs": 1},
    "Table 9": {"equal": 3, "other convention": 2, "cut off": 1},
    "Table 10": {"equal": 6, "erratum": 2, "not recomputable": 2},
    "Table 11": {},
    "Table 12": {"other convention": 9, "cut off": 1, "erratum": 2, "not recomputable": 2},
    "Table 13": {"equal": 7, "other convention": 3, "not recomputable": 8},
    "Table 14": {"other convention": 1, "erratum": 1, "not recomputable": 8},
    "TF-slim README": {"equal": 10, "other convention": 16, "erratum": 6},
    "Keras header": {"equal": 7, "differs": 1},
    "Keras header, continued": {"equal": 4, "differs": 4},
}


@pytest.mark.parametrize("table", AUDIT)
def test_each_tables_verdicts(table):
    assert Counter(cell.verdict for cell in CELLS[table]) == AUDIT[table]


def test_verdicts_over_all_tables():
    costs = paper.tally(cell for table in PAPER for cell in CELLS[table.name])
    assert costs == {
        "equal": 56, "cut off": 3, "other convention": 18, "erratum": 6, "not recomputable": 20, "differs": 1,
    }  # fmt: skip
    assert sum(costs.values()) == sum(
        len(table.rows) for table in PAPER for title in table.columns if "mult_adds" in title or "parameters" in title
    )


def test_every_verdict_but_equal_says_why():
    for cells in CELLS.values():
        for cell in cells:
            assert bool(cell.why) == (cell.verdict != "equal")


def test_table_1_is_ours_but_for_one_stride():
    verdict = [cell.verdict for cell in CELLS["Table 1"]]
    assert verdict == ["equal"] * 17 + ["erratum"] + ["equal"] * 4
    erratum = CELLS["Table 1"][17]
    assert (erratum.printed, erratum.ours) == (
        "Conv dw / s2, 3x3x1024 dw, 7x7x1024",
        "Conv dw / s1, 3x3x1024 dw, 7x7x1024",
    )


def test_what_is_cut_off():
    cut = [(cell.table, cell.printed) for table in PAPER for cell in CELLS[table.name] if cell.verdict == "cut off"]
    assert cut == [("Table 7", "290"), ("Table 9", "76"), ("Table 12", "48")]


@pytest.mark.parametrize(
    ("table", "label", "what", "ours", "why"),
    [
        ("Table 4", "Conv MobileNet", "mult_adds", 4_867_293_184, "convolutions only: 4866.269"),
        ("Table 8", "VGG 16", "mult_adds", 15_470_264_320, "convolutions only: 15346.631"),
        ("Table 8", "GoogleNet", "mult_adds", 1_582_671_872, "no reading gives it; ours is +2.1 %"),
        ("Table 9", "Squeezenet", "mult_adds", 861_339_936, "multiplications and additions apart: 1722.680"),
        ("Table 10", "1.0 MobileNet-224", "mult_adds", 567_839_232, "1000 classes, not 120: 568.740"),
        ("Table 14", "0.75 MobileNet-128", "mult_adds", 106_002_432, "0.75 MobileNet-160: 165.629"),
        ("TF-slim README", "MobileNet_v1_0.25_192", "mult_adds", 30_212_608, "first layer of 16 channels: 34.046"),
    ],
)
def test_why(table, label, what, ours, why):
    cell = find(table, label, what)
    assert (cell.ours, cell.why) == (ours, why)


def test_printed_totals_are_those_of_the_1000_class_network():
    expected = {
        (1.0, 224): (569, "Table 6"), (0.75, 224): (325, "Table 6"), (0.5, 224): (149, "Table 6"),
        (0.25, 224): (41, "Table 6"), (1.0, 192): (418, "Table 7"), (1.0, 160): (290, "Table 7"),
        (1.0, 128): (186, "Table 7"), (0.5, 160): (76, "Table 9"),
    }  # fmt: skip
    for alpha in (1.0, 0.75, 0.5, 0.25):
        for resolution in (224, 192, 160, 128):
            assert paper.printed_total(alpha, resolution) == expected.get((alpha, resolution))
    assert paper.printed_total(1.0, 224, classes=10) is None


def test_accuracies_are_printed_for_8_of_16(shared):
    reference = json.loads((shared / "paper/slim_checkpoints.json").read_text())["checkpoints"]
    points = paper.accuracies()
    for point, expected in zip(points, reference, strict=True):
        assert (point.alpha, point.resolution) == (expected["alpha"], expected["resolution"])
        assert (point.printed, point.released) == (expected["paper_top1"], expected["top1"])
        assert (point.mult_adds, point.parameters) == (
            expected["computed_macs_1000cls"], expected["computed_weights_1000cls"],
        )  # fmt: skip
    assert sum(point.printed is not None for point in points) == 8


# Other networks, against what their own authors' files hold


@pytest.mark.parametrize(
    ("network", "mult_adds", "with_biases"),
    [
        (networks.vgg16, 15_470_264_320, 138_357_544),
        (networks.alexnet, 724_406_816, 60_965_224),
        (networks.googlenet, 1_582_671_872, 6_998_552),
        (networks.squeezenet, 861_339_936, 1_248_424),
    ],
)
def test_networks_of_others(network, mult_adds, with_biases):
    assert network().mult_adds == mult_adds
    assert network().parameters + network().biases == with_biases  # of the Caffe models


def test_vgg16_is_15_347_million_in_its_convolutions():
    assert Network(networks.vgg16_body()).mult_adds == 15_346_630_656


def test_detectors():
    ssd = networks.ssd_mobilenet()
    assert (ssd.mult_adds, ssd.parameters) == (1_237_129_408, 6_791_360)
    # the maps of SSD on 300 x 300 are 19, 10, 5, 3, 2 and 1 wide
    assert [layer.D_F for layer in ssd.layers if layer.name.startswith("boxes")] == [19, 10, 5, 3, 2, 1]
    small, large = (networks.faster_rcnn_mobilenet(resolution) for resolution in (300, 600))
    assert [round(network.mult_adds / 1e9, 3) for network in (small, large)] == [25.224, 30.494]
    assert small.parameters == large.parameters == 6_043_072
    # a crop costs what blocks 12 and 13 and the two heads cost, whatever the picture
    assert small.proposals * (77_747_712 + 1024 * (91 + 360)) == small.mult_adds - Network(small.layers).mult_adds


def test_a_network_counts_proposals_again_but_shares_their_weights():
    layers = mobilenet(0.25, 32, 10)
    once, again = Network(layers), Network(layers, layers[-1:], proposals=7)
    assert again.mult_adds - once.mult_adds == 7 * cost.mult_adds(layers[-1])
    assert again.parameters - once.parameters == cost.parameters(layers[-1])
    assert again.bias_additions - once.bias_additions == 7 * 10
    assert again.biases - once.biases == 10


# Laws and the counts of the authors' own code


def test_conv2d_totals_of_the_authors_code():
    body, small = (Network(mobilenet(alpha, resolution)[:-1]) for alpha, resolution in [(1.0, 224), (0.75, 128)])
    assert (body.mult_adds, body.parameters) == (567_716_352, 3_185_088)
    assert (small.mult_adds, small.parameters) == (106_002_432, 1_800_144)


def test_a_first_layer_of_16_channels(shared):
    for point in json.loads((shared / "paper/slim_checkpoints.json").read_text())["checkpoints"]:
        expected = point.get("computed_macs_if_first_conv_had_16_channels")
        if expected:  # counted with the 1001 classes of the released networks
            layers = readings.first_layer_of(16, mobilenet(point["alpha"], point["resolution"], 1001))
            assert Network(layers).mult_adds == expected
            rounds = point["readme_macs_million"] == round(expected / 1e6)
            assert rounds == point["readme_matches_16_channel_first_conv"]
    same = mobilenet(0.5)
    assert readings.first_layer_of(16, same) == same


# The errata


def test_errata_say_where_what_and_why():
    found = paper.list_errata()
    assert "worked example" in found[0].where
    assert found[0].right == "224,256 mult-adds, ratio 0.1267"
    assert "29,376 / 1,769,472 = 17/1024, and 1/N + 1/D_F^2 = 17/1024" in found[0].why
    right = {erratum.where: erratum.right for erratum in found}
    assert right["Table 1, row 18"] == "Conv dw / s1"
    assert right["Table 2, Conv 3x3"] == "1.91 %"
    assert right["Table 4, Conv MobileNet"] == "4867"
    assert right["Table 7, 1.0 MobileNet-160"] == "291"
    assert right["Table 9, 0.50 MobileNet-160"] == "77"
    assert right["Table 9, Squeezenet"] == "861, and 11x"
    assert right["Table 9, in the text"] == "3.0 and 2.7 points"
    assert right["Table 10, 1.0 MobileNet-224"] == "568"
    assert right["Table 10, 1.0 MobileNet-192"] == "417"
    assert right["Table 11, in the text"] == "0.58 billion"
    assert right["Table 12, 0.5 MobileNet-128"] == "49"
    assert right["Table 12, 0.25 MobileNet-224 and -128"] == "41 and 13"
    assert right["Table 12, in the text"] == "7.5 million"
    assert right["Table 14, the first 0.75 MobileNet-128"] == "0.75 MobileNet-160: 166"
    assert right["TF-slim README, 0.75 at all resolutions and 0.25 at 192"] == "325, 239, 166, 107, 30"
    assert right["TF-slim README, 0.5 at 224"] == "149"
    assert right["Keras header, multiply-adds by resolution"] == "569, 418, 291, 186"
    assert len(right) == len(found) == 19


def test_every_slip_or_cut_in_a_table_of_the_paper_has_its_record():
    where = " ".join(erratum.where for erratum in paper.list_errata())
    for table in PAPER:
        for cell in CELLS[table.name]:
            if cell.verdict in ("erratum", "cut off"):
                assert re.search(rf"{cell.table},", where), cell


def test_why_is_recomputed_when_called(monkeypatch):
    def why():
        return {erratum.where: erratum.why for erratum in paper.list_errata()}

    before = why()
    honest = cost.mult_adds
    monkeypatch.setattr(cost, "mult_adds", lambda layer: honest(layer) + 10**6 * layer.N)
    monkeypatch.setattr(cost, "pointwise", lambda M, N, D_G: M * N * D_G * D_G + 1)
    for where, words in why().items():
        # the two of no count: a difference of accuracies, and a number that the paper itself prints twice
        assert (words != before[where]) == (where not in ("Table 9, in the text", "Table 12, in the text"))


# The command


def run(capsys, *arguments):
    assert command.main(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


LAST = re.compile(r"(\d+) of (\d+) printed costs reproduced, (\d+) errata explained, (\d+) not recomputable")


def test_the_report_ends_with_its_account(capsys):
    out = run(capsys)
    assert LAST.fullmatch(out.splitlines()[-1]).groups() == ("77", "104", "19", "20")
    for number in range(1, 15):
        assert f"\nTable {number}: " in f"\n{out}"
    assert [int(n) for n in re.findall(r"^(\d+)\. ", out, re.M)] == list(range(1, 20))
    for total in ("568,763,240", "568,741,352", "589,012,456", "588,962,304", "578,875,904", "1,137,480,704"):
        assert re.search(rf"^total +{total}$", out, re.M)


def test_one_table(capsys):
    out = run(capsys, "--table", "9")
    assert "Table 9:" in out
    assert "Table 8:" not in out
    assert "thop" not in out
    assert LAST.fullmatch(out.splitlines()[-1]).groups() == ("6", "6", "3", "0")
    assert LAST.fullmatch(run(capsys, "--table", "1").splitlines()[-1]).groups() == ("0", "0", "1", "0")


def test_table_11_is_told_in_words(capsys):
    words = " ".join(run(capsys, "--table", "11").split())
    assert "the body's 3.185 and the final layer's 10 are 13.185" in words
    assert "0.58 million mult-adds are billions: 0.5777" in words


def test_markdown(capsys):
    out = run(capsys, "--markdown")
    assert LAST.fullmatch(out.splitlines()[-1])
    assert (
        "| 1.0 MobileNet-160 | mult-adds, million | 290 | 290,675,200 | cut off | 290.675 would round to 291 |" in out
    )
    blocks = re.findall(r"(?:^\|.*\|\n)+", out, re.M)
    assert len(blocks) == 13 + 3 + 1 + 8 + 1  # tables, tables of others, accuracies, tools, verdicts
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_json(capsys):
    found = json.loads(run(capsys, "--json"))
    assert len(found["tables"]) == 14
    assert found["tables"]["Table 7"][4] == dataclasses.asdict(find("Table 7", "1.0 MobileNet-160", "mult_adds"))
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
    with pytest.raises(SystemExit) as caught:
        command.main(arguments)
    out, err = capsys.readouterr()
    assert (caught.value.code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("npmobile.paper: ")
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


def test_a_reader_may_stop_early():
    program = "import sys; from npmobile.paper import __main__, report; report.as_text = lambda *_: 'x' * 10**6; sys.exit(__main__.main([]))"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
