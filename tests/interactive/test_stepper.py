"""The numbers of the stepper, without a browser: against `conv`, `cost` and counts made by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from npmobile import conv, cost, interactive

from .reading import data_of

STEPPERS = [
    {},
    {"size": 6, "D_K": 3, "M": 3, "N": 4},
    {"size": 5, "stride": 2},
    {"size": 4, "stride": 2},  # "same" on an even side: one zero, to the bottom and right
    {"size": 3, "D_K": 2, "M": 1, "N": 1, "padding": "valid"},  # the first example of the lessons, done by hand
    {"size": 6, "D_K": 3, "stride": 2, "padding": "symmetric"},
    {"size": 5, "D_K": 3, "stride": 2, "padding": "keras"},
    {"size": 2, "D_K": 1, "M": 1, "N": 1},
]


def arrays(data):
    """The image and the kernels of a page, as `conv` takes them."""
    sizes = data["sizes"]
    D_K, M, N = sizes["D_K"], sizes["M"], sizes["N"]
    inside = slice(sizes["before"], sizes["before"] + sizes["D_F"])
    x = np.array(data["image"], float)[:, inside, inside].transpose(1, 2, 0)[np.newaxis]  # (1, D_F, D_F, M)
    depthwise = np.array(data["kernels"]["depthwise"], float).T.reshape(D_K, D_K, M)
    standards = {
        name: np.array(standard["kernel"], float).transpose(2, 1, 0).reshape(D_K, D_K, M, N)
        for name, standard in data["standards"].items()
    }
    return x, depthwise, np.array(data["kernels"]["pointwise"], float), standards


@pytest.mark.parametrize("sizes", STEPPERS)
def test_all_outputs_are_those_of_conv(sizes):
    data = data_of(interactive.stepper(**sizes)._repr_html_())
    stride, padding = sizes.get("stride", 1), sizes.get("padding", "same")
    x, depthwise, pointwise, standards = arrays(data)
    filtered, _ = conv.depthwise_conv(x, depthwise, stride, padding)
    separable, mult_adds = conv.separable_conv(x, depthwise, pointwise, stride, padding)
    assert [cell["value"] for cell in data["cells"]["depthwise"]] == filtered.ravel().tolist()
    assert [cell["value"] for cell in data["cells"]["pointwise"]] == separable.ravel().tolist()
    assert data["totals"]["separable"] == mult_adds
    for name, kernel in standards.items():
        y, mult_adds = conv.standard_conv(x, kernel, stride, padding)
        assert [cell["value"] for cell in data["standards"][name]["cells"]] == y.ravel().tolist()
        assert data["totals"]["standard"] == mult_adds
        assert data["standards"][name]["equal"] == (y == separable).ravel().tolist()


@pytest.mark.parametrize("sizes", STEPPERS)
def test_the_rank_1_kernel_is_the_product_and_gives_the_same_outputs(sizes):
    data = interactive.stepper(**sizes).data
    _, depthwise, pointwise, standards = arrays(data)
    product = np.einsum("ijm,mn->ijmn", depthwise, pointwise)
    assert np.array_equal(standards["rank1"], product) and not np.array_equal(standards["general"], product)
    assert all(data["standards"]["rank1"]["equal"]) and max(data["standards"]["rank1"]["ranks"]) <= 1


def test_general_and_separable_differ_in_the_default():
    """The page says how many outputs are equal, and of which rank the kernel is: both by counting."""
    data = interactive.stepper().data
    general, rank1 = data["standards"]["general"], data["standards"]["rank1"]
    assert (sum(general["equal"]), sum(rank1["equal"]), len(general["equal"])) == (1, 48, 48)
    assert rank1["ranks"] == [1, 1]
    _, _, _, standards = arrays(data)
    for m, rank in enumerate(general["ranks"]):  # three columns are independent if a 3 x 3 minor is not 0
        rows = standards["general"][:, :, m].reshape(9, 3)
        minors = [round(np.linalg.det(rows[[a, b, c]])) for a in range(9) for b in range(a) for c in range(b)]
        assert (rank == 3) == any(minors)


@pytest.mark.parametrize("sizes", STEPPERS)
def test_counts_are_those_of_cost(sizes):
    data = interactive.stepper(**sizes).data
    size = data["sizes"]
    D_K, M, N, D_G = size["D_K"], size["M"], size["N"], size["D_G"]
    totals, each = data["totals"], data["each"]
    assert totals["standard"] == cost.standard(D_K, M, N, D_G) == each["standard"] * D_G * D_G * N
    assert totals["depthwise"] == cost.depthwise(D_K, M, D_G) == each["depthwise"] * D_G * D_G * M
    assert totals["pointwise"] == cost.pointwise(M, N, D_G) == each["pointwise"] * D_G * D_G * N
    assert Fraction(totals["separable"], totals["standard"]) == cost.separable_ratio(D_K, N)
    assert Fraction(data["words_of_each"]["separable"]) * D_G * D_G * N == totals["separable"]


def test_the_default_by_hand():
    """Image 4 x 4, M = 2, kernel 3 x 3, N = 3: 16 pixels of 54, of 18 and of 6 mult-adds."""
    data = interactive.stepper().data
    assert data["totals"] == {"standard": 864, "depthwise": 288, "pointwise": 96, "separable": 384}
    assert data["ratio"] == "384 / 864 = 1/N + 1/D_K² = 1/3 + 1/9 = 4/9 ≈ 0.444"
    assert data["each"] == {"standard": 18, "depthwise": 9, "pointwise": 2}
    assert data["words_of_each"]["separable"] == "8"  # 18 / 3 + 2
    assert interactive.stepper(M=3, N=4).data["words_of_each"]["separable"] == "9.75"  # 27 / 4 + 3
    assert interactive.stepper(D_K=2, M=2, N=3).data["words_of_each"]["separable"] == "14/3"  # 8 / 3 + 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 7}, "size must be an int from 2 to 6, but is 7"),
        ({"size": 4.0}, "size must be an int from 2 to 6, but is 4.0"),
        ({"D_K": 0}, "D_K must be an int from 1 to 3, but is 0"),
        ({"M": 4}, "M must be an int from 1 to 3, but is 4"),
        ({"N": True}, "N must be an int from 1 to 4, but is True"),
        ({"stride": 3}, "stride must be an int from 1 to 2, but is 3"),
        ({"padding": "full"}, "padding must be .* but is 'full'"),
        ({"size": 2, "padding": "valid"}, "D_K=3 and x is 2 x 2"),
        ({"language": "fr"}, 'language must be "en" or "ko", but is \'fr\''),
    ],
)
def test_bad_argument_gets_one_clear_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        interactive.stepper(**arguments)


def test_plain_text_needs_no_more_than_the_console_has():
    """A Windows console in Korea has cp949, and some have ASCII only."""
    for sizes in STEPPERS:
        assert repr(interactive.stepper(**sizes)).isascii()
        assert repr(interactive.stepper(**sizes, language="ko")).encode("cp949")
