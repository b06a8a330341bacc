"""The 16 published networks: what the paper prints of them, and what was released."""

from __future__ import annotations

import json

from npmobile import paper


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
