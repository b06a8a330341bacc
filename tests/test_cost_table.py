"""The cost table as a reader sees it: lines that fit a terminal, numbers that stay exact."""

from __future__ import annotations

import copy
import pickle

import pytest

from npmobile import cost, mobilenet

NETWORKS = [
    mobilenet(alpha, resolution, classes, separable=separable)
    for alpha in (0.25, 1.0, 1.37, 8.0)
    for resolution in (32, 224, 1024)
    for classes in (1, 1000, 123_456)
    for separable in (True, False)
]


def test_wide_text_lines_up_and_ends_with_the_total():
    lines = cost.as_text(cost.table(mobilenet()), wide=True).splitlines()
    assert len(lines) == 1 + 29 + 1
    assert lines[0].split()[:5] == ["layer", "in", "kernel", "stride", "out"]
    assert len({len(line) for line in lines}) == 1
    assert lines[-1].split()[:4] == ["total", "568,740,352", "100.00", "4,209,088"]


def test_of_mobilenet_the_counts_stay_exact_in_80_columns():
    lines = cost.as_text(cost.table(mobilenet())).splitlines()
    assert len(lines) == 1 + 29 + 1
    assert lines[1].split()[:6] == ["conv1", "3x3x3x32/2", "112x112x32", "10,838,016", "1.91", "864"]
    assert lines[-1].split()[:4] == ["total", "568,740,352", "100.00", "4,209,088"]
    kinds = cost.as_text(cost.by_kind(mobilenet()).values()).splitlines()
    assert kinds[-1].split()[:4] == ["total", "568,740,352", "100.00", "4,209,088"]
    assert kinds[-1].split()[-2:] == ["16,836,352", "4.817"]


@pytest.mark.parametrize("layers", NETWORKS)
def test_every_table_fits_80_columns(layers):
    for rows in (cost.table(layers), cost.by_kind(layers)):
        for text in (repr(rows), str(rows)):
            assert max(map(len, text.splitlines())) <= 80
        assert len(repr(rows)) < 1400


def test_what_does_not_fit_is_in_millions_or_left_out():
    lines = cost.as_text(cost.table(mobilenet(alpha=2.0))).splitlines()
    assert lines[0].split() == ["layer", "kernel/stride", "out", "mult-adds", "M", "%", "params", "M", "in+out", "MB"]
    standard = cost.as_text(cost.table(mobilenet(separable=False))).splitlines()
    assert standard[0].split() == ["layer", "kernel/stride", "out", "mult-adds", "%", "params"]
    assert standard[-1].split() == ["total", "4,867,293,184", "100.00", "29,281,120"]
    assert standard[4].split()[1] == "3x3x128x128/1"
    large = cost.as_text(cost.table(mobilenet(alpha=2.0, resolution=2048, separable=False))).splitlines()
    assert large[0].split() == ["layer", "kernel/stride", "out", "mult-adds", "M", "%", "params", "M"]


def test_markdown_has_as_many_cells_in_each_line_and_full_numbers():
    lines = cost.as_markdown(cost.table(mobilenet())).splitlines()
    assert len(lines) == 1 + 1 + 29 + 1
    assert {line.count("|") for line in lines} == {13}
    assert "| 568,740,352 | 100.00 | 4,209,088 |" in lines[-1]


def test_empty_tables_print():
    assert cost.table([]) == []
    assert cost.as_text([]).splitlines()[1].split() == ["total", "0", "0.00", "0", "0.00", "0", "0.000"]
    assert repr(cost.table([])) == cost.as_text([])


def test_a_table_displays_and_stays_a_list_of_rows():
    rows = cost.table(mobilenet())
    assert isinstance(rows, list)
    assert rows == list(rows)
    assert "... 18 more" in repr(rows)
    assert str(rows) == cost.as_text(rows)
    assert repr(rows).split()[-5:] == str(rows).split()[-5:] == ["total", "568,740,352", "100.00", "4,209,088", "4.817"]
    assert rows._repr_html_().count("<tr>") == 1 + 29 + 1
    for copied in (copy.copy(rows), copy.deepcopy(rows), pickle.loads(pickle.dumps(rows)), rows[:]):
        assert copied == rows
        assert repr(copied) == repr(rows)


def test_costs_by_kind_display_and_stay_a_dict():
    kinds = cost.by_kind(mobilenet())
    assert isinstance(kinds, dict)
    assert kinds == dict(kinds)
    assert repr(kinds) == cost.as_text(kinds.values())
    assert "<td" in kinds._repr_html_()
    assert pickle.loads(pickle.dumps(kinds)) == copy.deepcopy(kinds) == kinds
