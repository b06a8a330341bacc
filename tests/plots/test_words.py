"""The words of figures: every one has its Korean, and none is left over."""

from __future__ import annotations

import ast
import string
from pathlib import Path

from npmobile import cost, mobilenet, plots
from npmobile.plots import style
from npmobile.plots.words import KOREAN, say

FOLDER = Path(plots.__file__).parent
NAMES = {  # said by a variable: kinds, titles of tables, what lesson 8 calls the uses of a network
    *(kind.replace("_", " ") for kind in style.STYLES),
    "mult-adds", "additions, counted apart", "batch norm, ReLU, pool, bias, softmax", "network",
    "ImageNet, 1000 classes", "dogs, 120 classes", "places, 9,766 classes", "embedding, 128 numbers",
    "detection: SSD 300", "detection: Faster R-CNN 300",
    "standard convolution", "depthwise convolution", "pointwise convolution",
    "Input", "Separate", "Depthwise Conv", "Concat", "Pointwise Conv", "Output", "image", "kernel", "output",
    "im2col matrix: a row is a flattened window",
}  # fmt: skip


def trees():
    for path in FOLDER.glob("*.py"):
        if path.name != "words.py":
            yield ast.parse(path.read_text(encoding="utf8"))


def said() -> set[str]:
    """The texts that the figures pass to `say` as constants."""
    calls = (node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call))
    given = [call.args[0] for call in calls if getattr(call.func, "id", "") == "say"]
    texts = [
        choice for text in given for choice in ([text.body, text.orelse] if isinstance(text, ast.IfExp) else [text])
    ]
    return {text.value for text in texts if isinstance(text, ast.Constant)}


def written() -> set[str]:
    """Every text in the modules of figures."""
    return {node.value for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def test_every_word_has_its_korean():
    assert len(said()) > 40
    assert (said() | NAMES) - KOREAN.keys() == set()


def test_no_korean_is_left_over():
    assert (
        KOREAN.keys() - written() - NAMES == {"share of the mult-adds (%)", "share of the parameters (%)"} - written()
    )


def test_korean_takes_the_same_numbers():
    for english, korean in KOREAN.items():
        fields = [[field for _, field, _, _ in string.Formatter().parse(text)] for text in (english, korean)]
        assert [f for f in fields[0] if f is not None] == [f for f in fields[1] if f is not None]
        assert any("가" <= letter <= "힣" for letter in korean) or (english, korean) == ("alpha", "α")


def test_figures_are_korean_after_use(korean):
    title = plots.filters().axes[0].get_title("left")
    assert title == r"(a) 표준 합성곱" + "\n" + r"필터 $N$개: $D_K \times D_K \times M$"
    assert "상자" in plots.filters().alt
    assert "그림" in repr(plots.filters())
    assert plots.by_kind(cost.by_kind(mobilenet()).values()).axes[0].get_yticklabels()[0].get_text() == "점별"


def test_a_text_without_korean_stays_english(korean):
    assert (say("conv_dw_1"), say("kernel")) == ("conv_dw_1", "커널")
