"""Many ways of writing one convolution: each is counted as it is written, to the product."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from npmobile import conv
from npmobile.counting import NotCountable, count

from .code import students


class Case(NamedTuple):
    """The sizes of one call."""

    B: int
    H: int
    W: int
    M: int
    D: int
    stride: int

    @property
    def arrays(self):
        rng = np.random.default_rng(0)
        x, kernel = rng.integers(1, 10, (self.B, self.H, self.W, self.M)), rng.integers(1, 10, (self.D, self.D, self.M))
        return x.astype(np.float32), kernel.astype(np.float32)

    @property
    def formula(self):
        return self.B * -(-self.H // self.stride) * -(-self.W // self.stride) * self.D**2 * self.M

    @property
    def inside(self):
        """Products with pixels that are no zeros of the padding, counted window by window."""
        ones = np.ones((self.B, self.H, self.W, 1))
        return self.M * int(conv.depthwise_conv(ones, np.ones((self.D, self.D, 1)), self.stride)[0].sum())


CASES = [Case(1, 4, 4, 2, 3, 1), Case(2, 5, 4, 3, 3, 2), Case(1, 6, 7, 1, 2, 1), Case(1, 3, 5, 2, 3, 2)]
EXACT = [
    "six_loops", "index_product", "scalar_sum", "builtin_sum", "slices", "sum_of_slices", "out_arguments",
    "channel_by_channel", "image_by_image", "windows_sum", "windows_dot", "im2col_einsum", "im2col_optimised",
    "im2col_sum", "im2col_matmul", "im2col_lists", "fancy_indices", "sliding_einsum", "sliding_sum",
    "strided_einsum", "strided_tensordot", "strided_inner", "vectorised", "from_python_ufunc",
    "along_an_axis", "float32_first", "asarray_first", "imports_inside", "recursive", "generated"
]  # fmt: skip
OTHERS = {  # what they multiply instead
    "twice": lambda c: 2 * c.formula,
    "skips_padding": lambda c: c.inside,
    "diagonal": lambda c: c.M * c.formula,
    "three_factors": lambda c: 2 * c.M * c.formula,
    "zeros_in_kernel": lambda c: c.formula * (c.D + 2) ** 2 // c.D**2,
    "halves": lambda c: 2 * c.formula + 2 * c.D**2 * c.M,
    "all_strides": lambda c: (
        c.B * c.M * c.D**2 * ((-(-c.H // c.stride) - 1) * c.stride + 1) * ((-(-c.W // c.stride) - 1) * c.stride + 1)
    ),
    "correlate_rows": lambda c: (  # along a row every window is computed
        c.B * -(-c.H // c.stride) * c.M * c.D**2 * max(c.W - c.D + 1, (-(-c.W // c.stride) - 1) * c.stride + 1)
    ),
}


def checked(function, case):
    x, kernel = case.arrays
    expected, formula = conv.depthwise_conv(x, kernel, case.stride)
    assert formula == case.formula
    np.testing.assert_allclose(function(x, kernel, case.stride), expected, rtol=1e-5)
    counted = count(function, x, kernel, case.stride)
    np.testing.assert_allclose(counted.result, expected, rtol=1e-5)
    return counted


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("name", EXACT)
def test_as_many_products_as_the_formula_says(name, case):
    counted = checked(getattr(students, name), case)
    assert (counted.multiplications, counted.complete) == (case.formula, True)
    assert set(counted.operations) <= {"multiply", "add"}


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("name", OTHERS)
def test_another_number_of_products(name, case):
    counted = checked(getattr(students, name), case)
    assert (counted.multiplications, counted.complete) == (OTHERS[name](case), True)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_object_that_is_called(case):
    counted = checked(students.Depthwise(), case)
    assert (counted.multiplications, counted.complete) == (case.formula, True)


@pytest.mark.parametrize("name", ["floats", "remembers"])
def test_products_that_are_not_seen(name):
    counted = checked(getattr(students, name), CASES[0])
    assert (counted.multiplications, counted.complete) == (0, False)


def test_a_transform_of_fourier_cannot_be_counted():
    x, kernel = CASES[0].arrays
    np.testing.assert_allclose(students.fft(x, kernel, 1), conv.depthwise_conv(x, kernel)[0], rtol=1e-4)
    with pytest.raises(NotCountable, match=r"^fft cannot be counted: np.fft.rfft2 .*\(students.py, line \d+\)$"):
        count(students.fft, x, kernel, 1)
