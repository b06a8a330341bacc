"""Every printed cost beside ours, against an audit by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from npmobile import paper
from npmobile.paper.printed import KERAS_HEADER, PAPER, RELEASED

CELLS = {table.name: paper.cells(table) for table in (*PAPER, RELEASED, *KERAS_HEADER)}


def find(table, row, what, nth=0):
    return [cell for cell in CELLS[table] if cell.row == row and what in cell.column][nth]


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


def test_a_table_is_given_as_printed_has_it():
    with pytest.raises(TypeError, match=r"table must be a Table, such as printed.PAPER\[5\], but is 'Table 6'"):
        paper.cells("Table 6")
