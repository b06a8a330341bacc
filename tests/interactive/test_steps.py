"""The numbers behind the stepper, against one call of `conv` for all outputs."""

from __future__ import annotations

import numpy as np
import pytest

from npmobile import conv
from npmobile.interactive import steps

CASES = [  # D_F, D_K, M, N, stride, padding
    (4, 3, 2, 3, 1, "same"), (6, 3, 3, 4, 2, "same"), (3, 2, 1, 1, 1, "valid"), (5, 3, 2, 2, 2, "keras"),
    (4, 2, 3, 1, 2, "symmetric"), (2, 1, 1, 2, 1, "same"),
]  # fmt: skip


def drawn(D_F, D_K, M, N):
    rng = np.random.default_rng(1)
    x = rng.integers(0, 6, (1, D_F, D_F, M)).astype(float)
    return x, *(rng.integers(-2, 3, shape).astype(float) for shape in [(D_K, D_K, M, N), (D_K, D_K, M), (M, N)])


@pytest.mark.parametrize(("D_F", "D_K", "M", "N", "stride", "padding"), CASES)
def test_outputs_and_counts_are_those_of_one_convolution(D_F, D_K, M, N, stride, padding):
    x, kernel, depthwise, pointwise = drawn(D_F, D_K, M, N)
    for cells, (y, mult_adds) in [
        (steps.standard(x, kernel, stride, padding), conv.standard_conv(x, kernel, stride, padding)),
        (steps.depthwise(x, depthwise, stride, padding), conv.depthwise_conv(x, depthwise, stride, padding)),
        (steps.pointwise(x, pointwise), conv.pointwise_conv(x, pointwise)),
    ]:
        assert [(cell["k"], cell["l"], cell["n"]) for cell in cells] == list(np.ndindex(y.shape[1:]))
        assert [cell["value"] for cell in cells] == y.ravel().tolist()
        assert sum(cell["mult_adds"] for cell in cells) == mult_adds
        for cell in cells:
            assert len(cell["x"]) == len(cell["w"]) == len(cell["p"]) == cell["mult_adds"]
            assert cell["p"] == [a * b for a, b in zip(cell["x"], cell["w"])]
            assert cell["s"] == [sum(cell["p"][: i + 1]) for i in range(cell["mult_adds"])]
            assert cell["s"][-1] == cell["value"]


@pytest.mark.parametrize(("D_F", "D_K", "M", "N", "stride", "padding"), CASES)
def test_a_window_is_a_row_of_the_im2col_matrix(D_F, D_K, M, N, stride, padding):
    """In NumPy's order (i, j, m), as `conv` multiplies it; of the depthwise step, one channel of it."""
    x, kernel, depthwise, _ = drawn(D_F, D_K, M, N)
    windows = conv.im2col(x, D_K, stride, padding)
    matrix = windows.reshape(-1, D_K * D_K * M)
    standard = steps.standard(x, kernel, stride, padding)
    assert [cell["x"] for cell in standard] == np.repeat(matrix, N, axis=0).tolist()
    assert [cell["w"] for cell in standard[:N]] == kernel.reshape(-1, N).T.tolist()
    by_channel = matrix.reshape(-1, D_K * D_K, M).transpose(0, 2, 1).reshape(-1, D_K * D_K)
    cells = steps.depthwise(x, depthwise, stride, padding)
    assert [cell["x"] for cell in cells] == by_channel.tolist()
    assert [cell["w"] for cell in cells[:M]] == depthwise.reshape(-1, M).T.tolist()


def test_steps_accept_what_conv_accepts():
    with pytest.raises(TypeError, match="x must be float32 or float64"):
        steps.standard(np.zeros((1, 4, 4, 2), int), np.zeros((3, 3, 2, 3)))


@pytest.mark.parametrize(
    ("D_F", "D_K", "stride", "padding", "before", "after"),
    [
        (4, 3, 1, "same", 1, 1),
        (4, 3, 2, "same", 0, 1),  # on an even side: one zero, to the bottom and right
        (5, 3, 2, "same", 1, 1),
        (4, 2, 1, "same", 0, 1),
        (4, 1, 2, "same", 0, 0),
        (4, 3, 2, "symmetric", 1, 1),  # PyTorch pads all round, also where no window reaches
        (4, 2, 1, "symmetric", 1, 1),
        (6, 1, 1, "symmetric", 0, 0),
        (5, 2, 2, "valid", 0, 0),  # the last row is in no window, and is shown all the same
        (6, 3, 2, "keras", 0, 1),
    ],
)
def test_the_image_is_shown_with_its_padding(D_F, D_K, stride, padding, before, after):
    x = np.arange(1.0, D_F * D_F + 1).reshape(1, D_F, D_F, 1)
    padded, found = steps.padded(x, D_K, stride, padding)
    assert (found, padded.shape) == (before, (1, before + D_F + after, before + D_F + after, 1))
    assert np.array_equal(padded[0, before : before + D_F, before : before + D_F], x[0])
    assert padded.sum() == x.sum()
