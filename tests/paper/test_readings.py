"""How a printed row may have been counted."""

from __future__ import annotations

import json

import pytest

from npmobile import mobilenet
from npmobile.paper import readings
from npmobile.paper.networks import Network
from npmobile.paper.printed import PAPER


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


def test_conventions_by_hand():
    """One layer of 2 x 3 weights on 4 x 4 pixels, and a classifier of 3 x 5: 96 + 15 mult-adds, 6 + 15 weights."""
    layers = (readings.Layer("pw", "pointwise", 1, 1, 2, 3, 4), readings.Layer("fc", "fully_connected", 1, 1, 3, 5, 1))
    found = {
        reading.label: (reading.mult_adds, reading.parameters) for reading in readings.conventions(Network(layers))
    }
    assert found == {
        "": (111, 21),
        "convolutions only": (96, 6),
        "with a bias for each output channel": (111 + 48 + 5, 21 + 3 + 5),
        "multiplications and additions apart": (222, 21),
    }


def test_every_printed_row_has_a_reading_or_says_what_is_unknown():
    for table in PAPER[1:]:
        for row in table.rows:
            found = readings.of_row(table.name, table.label(row))
            assert found.readings or found.unknown


@pytest.mark.parametrize(
    ("table", "label", "message"),
    [
        ("Table 15", "MobileNet", "table must be one of Table 2, .* but is 'Table 15'"),
        ("Table 1", "Conv / s2", "table must be one of Table 2, "),
        ("Table 4", "MobilNet", r"label must name a row of Table 4 \(Conv MobileNet, MobileNet\), but is 'MobilNet'"),
        ("Table 6", "Inception V3 [18]", "label must name a row of Table 6"),
    ],
)
def test_what_is_not_printed_is_refused(table, label, message):
    with pytest.raises(ValueError, match=message):
        readings.of_row(table, label)
