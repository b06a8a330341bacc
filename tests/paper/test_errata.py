"""Each erratum says where it is, what is right and why, and computes it when it is asked for."""

from __future__ import annotations

import re

from npmobile import cost, paper
from npmobile.paper.printed import PAPER


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


def test_every_erratum_or_cut_in_a_table_of_the_paper_has_its_record():
    where = " ".join(erratum.where for erratum in paper.list_errata())
    for table in PAPER:
        for cell in paper.cells(table):
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
