"""The drawings of `layout`, made from the offsets that its views really have, and its geometry, counted by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest

from npmobile import loops
from npmobile.fast import layout
from npmobile.fast.layout import Geometry, Phase

PADDINGS = ["same", "symmetric", "valid"]


def draw(geometry, k, l):
    """The memory of each phase: numbered pixels, dots for the rest, in brackets what the window of (k, l) reads."""
    x = np.arange(float(geometry.H * geometry.W)).reshape(1, geometry.H, geometry.W, 1)
    buffers = layout.lay_out(np.full(layout.buffer_size(geometry, 1, 1), np.nan), geometry, 1, 1)
    layout.write(x, buffers)
    lines = []
    for buffer, windows in zip(buffers, layout.depthwise_windows(buffers, geometry), strict=True):
        rows = [[offset(buffer, windows[0, k, i, t, l:]) for t in range(windows.shape[3])] for i in range(geometry.D_K)]
        opening, closing = {row[0] for row in rows}, {row[-1] for row in rows}
        cells = (
            f"{'[' if n in opening else ' '}{'.' if np.isnan(number) else int(number):>2}{']' if n in closing else ' '}"
            for n, number in enumerate(buffer.memory[0])
        )
        lines.append("".join(cells).rstrip())
    return lines


def offset(buffer, view):
    """How many numbers a view begins after the memory that it shows."""
    address, start = (array.__array_interface__["data"][0] for array in (view, buffer.memory))
    return (address - start) // buffer.memory.itemsize


@pytest.mark.parametrize("sides", [True, False])
def test_docstring_shows_the_memory_of_its_example(sides):
    shown = re.findall(r"^    phase \d  (.*)$", layout.__doc__, re.MULTILINE)
    example = Geometry(H=3, W=5, D_K=3, stride=2, padding="same", split=True, sides=sides)
    assert draw(example, k=0, l=0) == (shown[:2] if sides else shown[2:])
    assert len(shown) == 4
    pixels = "\n".join("     " + "  ".join(f"{5 * row + col:2}" for col in range(5)) for row in range(3))
    assert pixels in layout.__doc__


@pytest.mark.parametrize(
    ("H", "W", "stride", "sides", "window", "drawing"),
    [  # D_K = 3, padding "same", drawn by hand
        # one zero on each side; the window at the bottom right
        (2, 3, 1, True, (1, 2), ["  .   .   .   .   .   .   0 [ 1   2   .]  .   3 [ 4   5   .]  .   . [ .   .   .]"]),
        (2, 3, 1, False, (1, 2), ["  .   .   .   .   0 [ 1   2   3][ 4   5   .][ .   .   .]"]),
        # no zeros above and below, one at the left and one at the right; the window at the right
        (
            *(3, 7, 3, True, (0, 2)),
            [
                "  .   2 [ 5]  .   9 [12]  .  16 [19]",
                "  0   3 [ 6]  7  10 [13] 14  17 [20]",
                "  1   4 [ .]  8  11 [ .] 15  18 [ .]",
            ],
        ),
        (
            *(3, 7, 3, False, (0, 2)),
            [
                "  .   2 [ 5]  9 [12] 16 [19]",
                "  0   3 [ 6]  7  10 [13] 14  17 [20]",
                "  1   4 [ 8] 11 [15] 18 [ .]",
            ],
        ),
    ],
)
def test_memory_of_other_strides(H, W, stride, sides, window, drawing):
    geometry = Geometry(H, W, D_K=3, stride=stride, padding="same", split=True, sides=sides)
    assert draw(geometry, *window) == drawing


def test_keras_has_its_one_zero_at_the_bottom_and_right():
    geometry = Geometry(H=3, W=5, D_K=3, stride=2, padding="keras", split=True)
    assert (geometry.vertical, geometry.horizontal, geometry.rows, geometry.cols) == ((0, 1), (0, 1), 1, 2)
    # columns 0 2 4 and 1 3; the second window reads 2, 3, 4
    assert draw(geometry, 0, 1) == [
        "  0 [ 2   4]  5 [ 7   9] 10 [12  14]  .   .   .",
        "  1 [ 3]  6 [ 8] 11 [13]  .   .",
    ]


@pytest.mark.parametrize(
    ("size", "D_K", "stride", "padding", "zeros"),
    [
        (5, 3, 2, "same", (1, 1)),
        (6, 3, 2, "same", (0, 1)),
        (6, 3, 3, "same", (0, 0)),
        (7, 5, 1, "same", (2, 2)),
        (7, 4, 1, "same", (1, 2)),
        (1, 3, 4, "same", (1, 1)),
        (9, 1, 2, "same", (0, 0)),
        (6, 4, 2, "symmetric", (2, 2)),
        (6, 5, 2, "symmetric", (2, 2)),
        (6, 3, 2, "valid", (0, 0)),
        (5, 3, 2, "keras", (0, 1)),
        (6, 3, 2, "keras", (0, 1)),
        (5, 3, 1, "keras", (1, 1)),
    ],
)
def test_zeros_by_hand(size, D_K, stride, padding, zeros):
    assert layout.margins(size, D_K, stride, padding) == zeros


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("D_K", range(1, 6))
@pytest.mark.parametrize("stride", range(1, 6))
def test_outputs_and_overhang_are_those_of_loops(stride, D_K, padding):
    """The definition: a pixel of an image of ones, or a zero of the padding, at each element of the kernel."""
    for W in range(D_K if padding == "valid" else 1, 9):
        geometry = Geometry(D_K, W, D_K, stride, padding)
        inside = [
            loops.depthwise_conv(np.ones((1, D_K, W, 1)), one_hot(D_K, j), stride, padding)[0][0, :, :, 0].max(axis=0)
            for j in range(D_K)
        ]
        assert geometry.cols == len(inside[0])
        outside = {(l, j) for l in range(geometry.cols) for j in range(D_K) if inside[j][l] == 0}
        assert {(l, j) for l, columns in geometry.overhang for j in range(D_K)[columns]} == outside


def one_hot(D_K, j):
    """A kernel of zeros with a column j of ones."""
    kernel = np.zeros((D_K, D_K, 1))
    kernel[:, j] = 1
    return kernel


def test_only_phases_that_the_kernel_reads_are_made():
    assert [phase.columns for phase in Geometry(9, 9, 2, 4, "valid", split=True).phases] == [
        slice(0, None, 4),
        slice(1, None, 4),
    ]
    assert Geometry(9, 9, 3, 10**6, "same", split=True).phases == [
        Phase(slice(0, None, 12), 1, slice(0, None, 12), 0, 0, 0, 0),
        Phase(slice(1, None, 12), 1, slice(1, None, 12), 0, 0, 0, 0),
        Phase(slice(2, None, 12), 1, slice(2, None, 12), 0, 0, 0, 0),
    ]


@pytest.mark.parametrize("sides", [True, False])
def test_images_of_a_batch_have_their_own_zeros(sides):
    x = np.ones((2, 2, 2, 3))
    (buffer,) = layout.pad(x, Geometry(2, 2, D_K=3, padding="same", sides=sides))
    numbers = 16 if sides else 10  # 4 x 4 pixels; or 4 rows of 2 pixels and one before and after
    assert buffer.memory.shape == (2, 3 * numbers)
    assert buffer.pixels.tolist() == x.tolist()
    assert buffer.memory.sum() == x.sum()  # the rest is zero


def test_a_view_cannot_leave_its_memory():
    geometry = Geometry(4, 4, D_K=3, padding="same")
    (buffer,) = layout.pad(np.zeros((1, 4, 4, 1)), geometry)
    short = buffer._replace(memory=buffer.memory[:, :-1].copy())
    for view in (lambda: layout.standard_windows(short, geometry), lambda: layout.depthwise_windows([short], geometry)):
        with pytest.raises((TypeError, ValueError), match=r"buffer|strides"):
            view()
