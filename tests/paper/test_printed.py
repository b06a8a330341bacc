"""What was printed: the data against the reference, cell by cell."""

from __future__ import annotations

import json

from npmobile.paper.printed import KERAS_HEADER, PAPER, RELEASED


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


def test_a_label_names_each_row():
    assert PAPER[5].label(PAPER[5].rows[0]) == "1.0 MobileNet-224"
    labels = [PAPER[12].label(row) for row in PAPER[12].rows]
    assert labels[0] == "SSD 300 deeplab-VGG"
    assert len(set(labels)) == 9
