"""The memory in which images pass through a network, and the calls that work in it, made once.

Each trick saves something and costs something:

    memory is used again    A run makes no large new array. All layers share two: each layer reads from one and writes
                            into the other, and memory that was just used is still in the cache. Cost: some 10 MB
                            (1.0-224) for each thread that runs at the same time.
    calls are bound         Which NumPy function gets which arrays is decided when the workspace is made; a run only
                            makes the calls. Cost: a workspace is for so many images of one size.
    output is padded input  A layer writes its output where the next one reads it, and bias and ReLU6 are applied
                            there: no copy. For this there are no zeros at the sides (see `layout`). Cost: a NaN
                            at one side of a feature map makes NaN at the other side as well, because zero times
                            NaN is NaN. So an image whose output has a NaN is run again, with zeros at the sides.
    output in phases        Before a depthwise layer of stride 2, the matrix product takes every second pixel first,
                            then the others: so its output is split into phases without a copy. Cost: BLAS reorders
                            the kernel twice, so it pays only where the output is larger than the kernel.
    four images together    BLAS reorders the kernel for each product. Where an image has few pixels left, that is a good
                            part of the time, so four images go through the last layers together. Cost: more memory,
                            and the output must be copied to where the next layer reads it.
    spaced kernel rows      Rows of 512 or 1024 numbers all fall on the same few lines of the cache and evict each
                            other; with 16 unused numbers between them they do not. Cost: a copy of the kernel, so
                            it pays only where the output is smaller than the kernel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..spec import WINDOWED, Layer
from . import kernels, layout
from .layout import Buffer, Geometry

SPACE = 16  # unused numbers between the rows of a kernel
GROUP = 4  # images that go through the last layers together
FEW = 100  # pixels; the last layers begin with a product that makes fewer of an image


class Prepared(NamedTuple):
    """A layer with its folded weights as the calls need them; see `prepare`."""

    layer: Layer
    geometry: Geometry  # of its input
    kernel: np.ndarray  # (D_K * D_K * M, N), its rows spaced or not, or depthwise (D_K, D_K, M)
    bias: np.ndarray  # (N,)


def prepare(layer: Layer, arrays: Mapping[str, np.ndarray]) -> Prepared:
    """A layer's kernel and bias, so kept that what happens to the originals later changes no answer."""
    geometry = Geometry(layer.D_F, layer.D_F)  # pixels alone
    if layer.kind in WINDOWED:
        split = layer.kind == "depthwise"
        geometry = Geometry(layer.D_F, layer.D_F, layer.D_K, layer.stride, layer.padding, split)
    kernel, bias = _unchanging(arrays["kernel"]), _unchanging(arrays["bias"])
    if layer.kind == "depthwise":
        return Prepared(layer, geometry, kernel, bias)
    matrix = kernel.reshape(-1, layer.N)
    if layer.D_G**2 < layer.N and layer.N % 256 == 0:
        matrix = np.empty((len(matrix), layer.N + SPACE), kernel.dtype)[:, : layer.N]
        matrix[...] = kernel.reshape(-1, layer.N)
    return Prepared(layer, geometry, matrix, bias)


def _unchanging(array: np.ndarray) -> np.ndarray:
    """The array itself if nobody can write into it, as those of a `Model`, and a copy otherwise."""
    kept = array.base is None and not array.flags.writeable and array.flags.c_contiguous
    return array if kept else np.array(array, order="C")


def with_sides(prepared: Prepared) -> Prepared:
    """The same with zeros stored at the sides of its input."""
    return prepared._replace(geometry=replace(prepared.geometry, sides=True))


def last_layers(convolutions: Sequence[Prepared]) -> Sequence[Prepared]:
    """From the first product that makes few pixels on; none if there is no such product, or it is the first layer."""
    few = [n for n, (layer, *_) in enumerate(convolutions) if layer.kind != "depthwise" and layer.D_G**2 < FEW]
    return convolutions[few[0] :] if few and few[0] else []


def sizes(convolutions: Sequence[Prepared], B: int = 1) -> tuple[int, int]:
    """How many numbers each of the two shared arrays needs for B images, and how many are needed beside them.

    Beside them stands a band of the im2col matrix, or the sum of a phase.
    """
    shared = beside = 0
    for layer, geometry, kernel, _ in convolutions:
        output = B * layer.D_G**2 * layer.N
        shared = max(shared, layout.buffer_size(geometry, B, layer.M), output)
        if layer.kind == "standard":
            beside = max(beside, kernels.band_size(geometry, B, kernel))
        elif layer.kind == "depthwise" and layer.stride > 1:
            beside = max(beside, output)
    return shared, beside


def needed_bytes(convolutions: Sequence[Prepared], B: int = 1) -> int:
    """Bytes of a workspace for B images."""
    shared, beside = sizes(convolutions, B)
    return (2 * shared + beside) * convolutions[0].kernel.itemsize if convolutions else 0


class Workspace:
    """Memory for B images, and the calls that work in it, layer by layer. It serves one thread at a time.

    Parameters
    ----------
    convolutions : sequence of Prepared
        At least one; each reads what the one before writes.
    pooled : bool
        Whether the average of each channel of the last output is wanted, or that output as it is.
    activation : {"relu6", "relu"}
    B : int

    Attributes
    ----------
    calls : list of (Layer, list of kernels.Call)
        Run in this order, they turn the images in `entrance` into the output in `exit`.
    """

    def __init__(self, convolutions: Sequence[Prepared], pooled: bool, activation: str = "relu6", B: int = 1) -> None:
        self.made_from = convolutions, pooled, activation, B
        shared, beside = sizes(convolutions, B)
        first, last = convolutions[0], convolutions[-1].layer
        # One array for all: between arrays that were made one by one, copies can take twice as long.
        self.memory = np.empty(2 * shared + beside, first.kernel.dtype)
        self.here, self.there, self.beside = np.split(self.memory, [shared, 2 * shared])
        self.pooled, self.B = pooled, B
        self.activate = kernels.bias_relu if activation == "relu" else kernels.bias_relu6
        self.entrance = buffers = layout.lay_out(self.here, first.geometry, B, first.layer.M)
        self.calls: list[tuple[Layer, list[kernels.Call]]] = []
        following = [*(prepared.geometry for prepared in convolutions[1:]), Geometry(last.D_G, last.D_G)]
        for prepared, geometry in zip(convolutions, following):
            calls, buffers = self._bind(prepared, buffers, geometry)
            self.calls.append((prepared.layer, calls))
        self.exit = buffers[0].pixels.reshape(B, last.D_G**2, last.N)

    def __reduce__(self) -> tuple[object, ...]:
        """A copy is made anew: copied one by one, the views of this memory would be arrays of their own."""
        return type(self), self.made_from

    def run(self, images: np.ndarray, out: np.ndarray) -> int:
        """Run images, (B, D_F, D_F, M); writes into `out`, (B, N) if pooled or else (B, D_G, D_G, N), and counts."""
        layout.write(images, self.entrance)
        mult_adds = 0
        for _, calls in self.calls:
            mult_adds += kernels.run(calls)
        if self.pooled:
            np.add.reduce(self.exit, axis=1, out=out)
            out /= self.exit.shape[1]
        else:
            out[...] = self.exit.reshape(out.shape)
        return mult_adds

    def _bind(
        self, prepared: Prepared, buffers: list[Buffer], following: Geometry
    ) -> tuple[list[kernels.Call], list[Buffer]]:
        """The calls of a layer that reads from `buffers`, and the buffers from which the next layer will read."""
        layer, _, _, bias = prepared
        direct = writes_directly(layer, following, self.B)
        calls = [kernels.bind(part.fill, 0) for buffer in buffers for part in buffer.zeros]
        geometry = following if direct else Geometry(layer.D_G, layer.D_G)
        out = layout.lay_out(self.there, geometry, self.B, layer.N)
        calls += self._convolve(prepared, buffers, out)
        calls += [kernels.bind(self.activate, b.pixels, np.tile(bias, (b.pixels.shape[2], 1))) for b in out]
        self._swap()
        if not direct:  # the output is one block: copy it to where it will be read, in the memory that was read
            (block,), out = out, layout.lay_out(self.there, following, self.B, layer.N)
            calls.append(kernels.bind(layout.write, block.pixels, out))
            self._swap()
        return calls, out

    def _swap(self) -> None:
        self.here, self.there = self.there, self.here

    def _convolve(self, prepared: Prepared, buffers: list[Buffer], out: list[Buffer]) -> list[kernels.Call]:
        """The convolution itself, from `buffers` into `out`."""
        layer, geometry, kernel, _ = prepared
        if layer.kind == "pointwise":
            pixels = _matrix(buffers[0])  # (D_F * D_F, M)
            return [kernels.matrix_product(pixels[b.columns], kernel, out=_matrix(b)) for b in out]
        if layer.kind == "standard":
            band = self.beside[: kernels.band_size(geometry, self.B, kernel)]
            return kernels.standard_calls(buffers[0], geometry, kernel, band, out)
        y = out[0].pixels.reshape(self.B, layer.D_G, layer.D_G * layer.N)
        spare = self.beside[: y.size].reshape(y.shape) if len(buffers) > 1 else y
        return kernels.depthwise_calls(buffers, geometry, kernel, out=y, spare=spare)


class Group:
    """A workspace in which images pass the first layers one by one, and one in which they pass the last together."""

    def __init__(self, convolutions: Sequence[Prepared], pooled: bool, activation: str = "relu6") -> None:
        last = last_layers(convolutions)
        self.made_from = convolutions, pooled, activation
        self.first = Workspace(convolutions[: len(convolutions) - len(last)], False, activation)
        self.last = Workspace(last, pooled, activation, GROUP)
        D_F, M = last[0].layer.D_F, last[0].layer.M
        self.between = np.empty((GROUP, D_F, D_F, M), self.last.memory.dtype)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self.made_from

    def run(self, images: np.ndarray, out: np.ndarray) -> int:
        """Run GROUP images as `Workspace.run` does."""
        mult_adds = 0
        for n in range(GROUP):
            mult_adds += self.first.run(images[n : n + 1], self.between[n : n + 1])
        return mult_adds + self.last.run(self.between, out)


def writes_directly(layer: Layer, following: Geometry, B: int = 1) -> bool:
    """Whether a layer can write its output where the next one reads it, and whether that is faster than a copy."""
    phases = following.phases
    if B > 1 and following.D_K > 1:  # zeros between the images: their pixels are not one block
        return False
    if any(phase.row > phase.width for phase in phases):  # zeros at the sides: the pixels are not one block
        return False
    if len(phases) == 1 and phases[0].columns.step == 1:  # not split
        return True
    # Every second row of a matrix is every second column of the image only where the side is even (and so on for
    # other strides), and every column must belong to a phase. A depthwise output cannot be split: it is a sum.
    possible = layer.kind != "depthwise" and layer.D_G % following.stride == 0 and len(phases) == following.stride
    # The copy that is saved moves D_G**2 * N numbers. Each further product reorders M * N numbers of the kernel.
    return possible and layer.M <= layer.D_G**2


def _matrix(buffer: Buffer) -> np.ndarray:
    """The pixels of a buffer as the rows of a matrix, (B * H * width, M): a view."""
    return buffer.pixels.reshape(-1, buffer.pixels.shape[3])
