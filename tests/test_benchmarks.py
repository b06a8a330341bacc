"""What the benchmarks report is what they measured; how long it took is not tested."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import npmobile as nm

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)


def test_the_calls_of_the_floor_make_the_whole_answer(torch):
    """None is left out: made by themselves, they turn the image into the logits."""
    import floor

    model = nm.random_model(0.25, 64, classes=10)
    x = np.random.default_rng(0).uniform(-1, 1, (1, 64, 64, 3)).astype(np.float32)
    calls = floor.calls_of(model, x)
    for _, call in calls:
        call()
    *_, logits = (call.keywords["out"] for name, call in calls if name == "matmul")
    np.testing.assert_allclose(logits, model.plan.run(x)[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("what", "met", "variables", "end"),
    [
        ("one image / PyTorch", True, {}, ", met"),
        ("one image / PyTorch", False, {"ONEDNN_MAX_CPU_ISA": "AVX2"}, ", **not met**"),
        ("one image / ONNX Runtime", False, {"ONEDNN_MAX_CPU_ISA": "AVX2"}, ", theirs with AVX-512"),
        ("one image / ONNX Runtime", False, {}, ", **not met**"),
        ("one image / LiteRT", None, {}, ""),
    ],
)
def test_a_bar_is_judged_only_where_both_sides_are_held_to_the_same(what, met, variables, end):
    import table

    row = {"what": what, "value": 1.234, "range": (1.2, 1.3), "met": met}
    assert table.verdict(row, variables) == "1.23 (1.20 - 1.30)" + end


def test_a_ratio_is_the_median_of_the_rounds_ratios():
    import table

    times = {"npmobile": [1.0, 2.0, 9.0], "PyTorch, slow": [8.0, 8.0, 8.0], "PyTorch, fast": [2.0, 1.0, 3.0]}
    assert table.compared("a", times, "PyTorch", bar=2).value == 2  # of 1/2, 2/1, 9/3
    assert table.compared("a", times, "PyTorch", bar=2).met
    assert table.compared("a", times, "PyTorch", ">=", 0.6).value == 0.5  # of 2/1, 1/2, 3/9
    assert not table.compared("a", times, "PyTorch", ">=", 0.6).met


def test_only_what_stands_between_the_marks_is_written(monkeypatch, tmp_path):
    import run

    page = tmp_path / "README.md"
    monkeypatch.setattr(run, "README", page)
    page.write_text(f"before\n{run.BEGIN}old\n{run.END}after\n", encoding="utf8")
    for text in ("new\n", "newer\n"):
        run.write(text)
        assert page.read_text(encoding="utf8") == f"before\n{run.BEGIN}\n{text}\n{run.END}after\n"
    page.write_text("no marks\n", encoding="utf8")
    with pytest.raises(SystemExit, match="must hold the line"):
        run.write("new\n")
    assert page.read_text(encoding="utf8") == "no marks\n"


def test_the_page_has_both_marks():
    import run

    text = run.README.read_text(encoding="utf8")
    assert text.count(run.BEGIN) == text.count(run.END) == 1
    assert text.index(run.BEGIN) < text.index(run.END)
