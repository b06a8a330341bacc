"""Where images stand in memory, so that the windows of a convolution are strided views: nothing is copied.

**Padded buffer.** An image is stored row by row, with the zeros that the padding asks for around it.

**Phases.** At stride s, the windows of a row begin s columns apart. So the columns are split into s phases
(polyphase decomposition): phase p holds columns p, p + s, p + 2s ... of the padded image, in a buffer of its own.
Within a phase, windows begin one column apart. Column j of the kernel reads phase j % s, from its column j // s on.
Phases that no column of the kernel reads are left out.

**Example.** 3 x 5 pixels, D_K = 3, stride 2, padding "same", which is one zero on each of the four sides. The pixels
are numbered:

      0   1   2   3   4
      5   6   7   8   9
     10  11  12  13  14

In memory, a dot being a zero, and in brackets what the window of output pixel (0, 0) reads:

    phase 0  [ .   .]  .   . [ .   1]  3   . [ .   6]  8   .   .  11  13   .   .   .   .   .
    phase 1  [ .]  .   . [ 0]  2   4 [ 5]  7   9  10  12  14   .   .   .

Phase 0 holds columns 1 and 3 of the image and the zeros at its sides; columns 0 and 2 of the kernel read it. Phase 1
holds columns 0, 2 and 4; column 1 of the kernel reads it. The window of the next output pixel in the row is the same
brackets one number further on; that of the next output row is the same brackets two rows further on.

**No zeros at the sides.** Without them the image is one uninterrupted block of memory, and the layer before can write
its output straight into it:

    phase 0  [ .   .][ .   1][ 3   6]  8  11  13   .   .   .
    phase 1  [ .]  .   . [ 0]  2   4 [ 5]  7   9  10  12  14   .   .   .

But a window over the left or right side now reads a number of the row before or after, here the 3: the element of the
kernel that is multiplied with it must be zero. `Geometry.overhang` says for which windows and which elements.

Nothing here multiplies, and nothing here checks its arguments: `kernels` and `plan` have done that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np


def margins(size: int, D_K: int, stride: int, padding: str) -> tuple[int, int]:
    """Zeros before and after an axis of `size`.

    >>> margins(224, 3, 2, "same"), margins(224, 3, 2, "symmetric"), margins(224, 3, 2, "valid")
    ((0, 1), (1, 1), (0, 0))
    """
    if padding == "valid":
        return 0, 0
    if padding == "symmetric":
        return D_K // 2, D_K // 2
    if padding == "keras" and stride == 2:
        return 0, 1
    zeros = max(D_K - (size % stride or stride), 0)  # "same": what the last of ceil(size / stride) windows lacks
    return zeros // 2, zeros - zeros // 2


class Phase(NamedTuple):
    """Which columns of an image one phase holds, and the zeros beside them, in pixels."""

    columns: slice
    width: int  # how many columns that are
    taps: slice  # which columns of the kernel read this phase
    left: int  # zeros at the left of each row
    right: int
    first: int  # zeros before the first row
    last: int

    @property
    def row(self) -> int:
        """Pixels in a row, with the zeros at its sides."""
        return self.left + self.width + self.right


@dataclass(frozen=True)
class Geometry:
    """Images of H x W pixels, and windows of D_K x D_K over them; by default each window is one pixel.

    `split` says whether the columns are split into phases. If not, one phase holds them all, and in it the windows
    begin `stride` columns apart. `sides` says whether zeros are stored at the left and right.

    >>> geometry = Geometry(H=3, W=5, D_K=3, stride=2, padding="same", split=True)
    >>> geometry.rows, geometry.cols
    (2, 3)
    >>> [phase.columns for phase in geometry.phases]
    [slice(1, None, 2), slice(0, None, 2)]
    """

    H: int
    W: int
    D_K: int = 1
    stride: int = 1
    padding: str = "valid"
    split: bool = False
    sides: bool = False

    def __post_init__(self) -> None:
        # A stride beyond the padded image makes one window, like any such stride; bytes must fit in 64 bits.
        object.__setattr__(self, "stride", min(self.stride, max(self.H, self.W) + self.D_K))

    @property
    def vertical(self) -> tuple[int, int]:
        """Rows of zeros above and below."""
        return margins(self.H, self.D_K, self.stride, self.padding)

    @property
    def horizontal(self) -> tuple[int, int]:
        """Columns by which windows reach over the left and the right side."""
        return margins(self.W, self.D_K, self.stride, self.padding)

    @cached_property
    def rows(self) -> int:
        """Rows of windows: the H' of the output."""
        return (self.H + sum(self.vertical) - self.D_K) // self.stride + 1

    @cached_property
    def cols(self) -> int:
        """Windows in a row: the W' of the output."""
        return (self.W + sum(self.horizontal) - self.D_K) // self.stride + 1

    @property
    def overhang(self) -> list[tuple[int, slice]]:
        """The windows of a row that read numbers of another row, each with the columns of the kernel that do.

        >>> Geometry(H=4, W=4, D_K=3, padding="same").overhang  # of four windows the first and the last, by one column
        [(0, slice(0, 1, None)), (3, slice(2, 3, None))]
        """
        if self.sides:
            return []
        left, _ = self.horizontal
        first_right = max((self.W + left - self.D_K) // self.stride + 1, 0)  # the first window over the right side
        at_left = range(min(-(-left // self.stride), self.cols))
        return [
            *((l, slice(0, left - self.stride * l)) for l in at_left),
            *((l, slice(self.W + left - self.stride * l, self.D_K)) for l in range(first_right, self.cols)),
        ]

    @property
    def phases(self) -> list[Phase]:
        """The phases that a window reads: at most D_K, whatever the stride."""
        left, _ = self.horizontal
        step, count = (self.stride, min(self.stride, self.D_K)) if self.split else (1, 1)
        last = self.stride // step * (self.cols - 1)  # the column of the phase in which the last window begins
        phases = []
        for p in range(count):
            before = -((p - left) // step)  # columns of this phase that lie in the left margin
            columns = slice(before * step + p - left, None, step)
            width, taps = len(range(self.W)[columns]), slice(p, None, step)
            after = max(last + len(range(self.D_K)[taps]) - before - width, 0)  # what the last window lacks
            zeros = (before, after, 0, 0) if self.sides else (0, 0, before, after)
            phases.append(Phase(columns, width, taps, *zeros))
        return phases


class Buffer(NamedTuple):
    """One phase of B images in memory."""

    memory: np.ndarray  # (B, numbers)
    pixels: np.ndarray  # (B, H, width, M), a view of it
    zeros: list[np.ndarray]  # views of all the rest
    columns: slice  # which columns of the images it holds


def buffer_size(geometry: Geometry, B: int, M: int) -> int:
    """How many numbers the padded buffers of all phases have together, for B images of M channels."""
    rows = geometry.H + sum(geometry.vertical)
    return B * M * sum(phase.first + rows * phase.row + phase.last for phase in geometry.phases)


def lay_out(memory: np.ndarray, geometry: Geometry, B: int, M: int) -> list[Buffer]:
    """Divide memory, (numbers,), into the padded buffers of all phases; nothing is written yet.

    >>> geometry = Geometry(H=2, W=3, D_K=3, padding="same")
    >>> memory = np.zeros(buffer_size(geometry, B=1, M=1))
    >>> write(np.arange(1.0, 7.0).reshape(1, 2, 3, 1), lay_out(memory, geometry, B=1, M=1))
    >>> memory  # one pixel, a row above, the image, a row below, one pixel
    array([0., 0., 0., 0., 1., 2., 3., 4., 5., 6., 0., 0., 0., 0.])
    """
    (above, below), H = geometry.vertical, geometry.H
    buffers, start = [], 0
    for phase in geometry.phases:
        top = (phase.first + above * phase.row) * M  # where in the buffer the first row of the image begins
        bottom = top + H * phase.row * M
        end = bottom + (below * phase.row + phase.last) * M
        numbers = memory[start : start + B * end].reshape(B, end)
        rows = numbers[:, top:bottom].reshape(B, H, phase.row, M)
        left, right = phase.left, phase.left + phase.width
        zeros = [numbers[:, :top], numbers[:, bottom:], rows[:, :, :left], rows[:, :, right:]]
        buffers.append(Buffer(numbers, rows[:, :, left:right], [part for part in zeros if part.size], phase.columns))
        start += B * end
    return buffers


def write(x: np.ndarray, buffers: list[Buffer]) -> None:
    """Write images, (B, H, W, M), into their buffers: each phase gets its columns."""
    for buffer in buffers:
        buffer.pixels[...] = x[:, :, buffer.columns]


def pad(x: np.ndarray, geometry: Geometry) -> list[Buffer]:
    """Copy images, (B, H, W, M), into new padded buffers."""
    B, _, _, M = x.shape
    buffers = lay_out(np.empty(buffer_size(geometry, B, M), x.dtype), geometry, B, M)
    for buffer in buffers:
        for part in buffer.zeros:
            part.fill(0)
    write(x, buffers)
    return buffers


def standard_windows(buffer: Buffer, geometry: Geometry) -> np.ndarray:
    """View the windows in a buffer that is not split: (B, H', W', D_K, D_K * M).

    A row of a window, D_K pixels with their M channels, is one run of D_K * M numbers in memory, hence one axis.

    >>> geometry = Geometry(H=3, W=3, D_K=2)
    >>> (buffer,) = pad(np.arange(9.0).reshape(1, 3, 3, 1), geometry)
    >>> standard_windows(buffer, geometry)[0, 1, 1]  # at the bottom right
    array([[4., 5.],
           [7., 8.]])
    """
    B, _, _, M = buffer.pixels.shape
    (phase,), D_K, stride = geometry.phases, geometry.D_K, geometry.stride
    strides = (stride * phase.row * M, stride * M, phase.row * M, 1)  # in numbers
    return _view(buffer.memory, (B, geometry.rows, geometry.cols, D_K, D_K * M), strides)


def depthwise_windows(buffers: list[Buffer], geometry: Geometry) -> list[np.ndarray]:
    """View the windows in the buffers of all phases: (B, H', D_K, taps, W' * M) for each.

    All windows of a row are one axis: in memory, what element (i, j) of the kernel is multiplied with, for the whole
    row of windows, is one run of W' * M numbers.

    >>> geometry = Geometry(H=3, W=3, D_K=2, split=True)
    >>> (windows,) = depthwise_windows(pad(np.arange(9.0).reshape(1, 3, 3, 1), geometry), geometry)
    >>> windows[0, 0, 1, 1]  # the lower right element of both windows in row 0
    array([4., 5.])
    """
    views = []
    for buffer, phase in zip(buffers, geometry.phases):
        B, _, _, M = buffer.pixels.shape
        taps = len(range(geometry.D_K)[phase.taps])
        strides = (geometry.stride * phase.row * M, phase.row * M, M, 1)  # in numbers
        views.append(_view(buffer.memory, (B, geometry.rows, geometry.D_K, taps, geometry.cols * M), strides))
    return views


def _view(memory: np.ndarray, shape: tuple[int, ...], strides: tuple[int, ...]) -> np.ndarray:
    """A view of each image's memory, (B, numbers), with strides in numbers; NumPy refuses one that would leave it."""
    in_bytes = (memory.strides[0], *(memory.itemsize * stride for stride in strides))
    return np.ndarray(shape, memory.dtype, buffer=memory, strides=in_bytes)
