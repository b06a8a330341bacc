"""Why a function multiplies more than it should: a reason is given only if it gives the count of every case."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from .. import cost
from .task import Case
from .words import Sentence

Counted = tuple[Case, int, int]  # case, formula, executed


def why(counts: list[Counted], kind: str) -> Sentence | None:
    """The reason, if one explains the counts of all cases.

    Parameters
    ----------
    counts : list of (case, formula, executed)
    kind : str
        "standard", "depthwise", "pointwise", "separable" or "forward".
    """
    times = {executed / formula for _, formula, executed in counts}
    if times == {2}:
        return Sentence(TWICE)
    if len(times) == 1 and max(times) == int(max(times)):
        return Sentence(OFTEN, factor=int(max(times)))
    found = [
        english
        for english, possible in REASONS.get(kind, {}).items()
        if all(executed in possible(case, formula) for case, formula, executed in counts)
    ]
    return Sentence(found[0]) if len(found) == 1 else None


def _sizes(case: Case) -> tuple[int, int, int, int, int]:
    """B, M, D_K, N (of the last kernel) and outputs, B * H' * W'."""
    x, kernel, *others = (array for array in case.arguments if isinstance(array, np.ndarray))
    B, H, W, M = x.shape
    D_K, N = kernel.shape[0], [kernel, *others][-1].shape[-1]
    return B, M, D_K, N, B * _side(H, D_K, case) * _side(W, D_K, case)


def _side(size: int, D_K: int, case: Case, stride: int | None = None) -> int:
    stride = stride or case.options["stride"]
    return -(-size // stride) if case.options["padding"] == "same" else (size - D_K) // stride + 1


def _at_stride_1(case: Case) -> set[int]:
    """How many windows there may be if the stride is not used along one axis or both, over the image or the padded one."""
    B, H, W, _ = case.arguments[0].shape
    D_K, stride = case.arguments[1].shape[0], case.options["stride"]
    along = []
    for size in (H, W):
        windows = _side(size, D_K, case)
        padded = max((windows - 1) * stride + D_K, size)
        along.append((windows, _side(size, D_K, case, 1), padded - D_K + 1, (windows - 1) * stride + 1))
    return {B * rows * cols for rows, cols in product(*along)}


def _thrown_away(kind: str) -> Callable[[Case, int], list[int]]:
    def possible(case: Case, formula: int) -> list[int]:
        _, M, D_K, N, outputs = _sizes(case)
        each = formula // outputs
        found = [windows * each for windows in _at_stride_1(case)]
        if kind == "separable":  # the depthwise step alone
            found += [windows * D_K**2 * M + outputs * M * N for windows in _at_stride_1(case)]
        return found

    return possible


def _diagonal(case: Case, formula: int) -> list[int]:
    _, M, D_K, _, outputs = _sizes(case)
    return [formula + (M - 1) * outputs * D_K**2 * M]


def _product_kernel(case: Case, formula: int) -> list[int]:
    """A standard convolution; its kernel is the product of both, made before."""
    _, M, D_K, N, outputs = _sizes(case)
    return [outputs * D_K**2 * M * N, (outputs + 1) * D_K**2 * M * N]


def _rim(case: Case, formula: int) -> list[int]:
    D_K = case.arguments[1].shape[0]
    return [formula * (D_K + 2) ** 2 // D_K**2]


def _whole_batch(case: Case, formula: int) -> list[int]:
    return [formula * len(case.arguments[0])]


def _standard_for_depthwise(case: Case, formula: int) -> list[int]:
    x, layers, _ = case.arguments
    standard = [cost.standard(a.D_K, a.M, a.N, a.D_G) if a.kind == "depthwise" else cost.mult_adds(a) for a in layers]
    beside = sum(3 * len(x) * layer.D_G**2 * layer.N + 2 * layer.N for layer in layers)
    least = len(x) * sum(standard)
    return list(range(least, least + beside + 1))


Reasons = dict[str, Callable[[Case, int], Any]]
# Each says what the counts are equal to, and asks for the cause: another cause may give the same counts.
TWICE = "That is twice as many on all inputs: is everything computed twice, or each product multiplied once more?"
OFTEN = "That is {factor} times as many on all inputs: is everything computed {factor} times?"
AS_STANDARD = (
    "That is M times as many, as in a standard convolution: is every channel multiplied with the kernels of all channels, "
    "or everything computed again for each channel?"
)
SKIPPED = (
    "That is as many as a smaller stride takes: are outputs computed and then thrown away? Let the window move by the "
    "stride."
)
RIM = "That is as many as a kernel of side D_K + 2 takes: is there a rim of zeros around the kernel?"
BATCH = "That is B times as many: is the whole batch computed again for every image?"
PRODUCT = "That is as many as a standard convolution takes: are both kernels multiplied into one? Two steps take fewer."
LAYERS = "That is as many as standard layers in place of the depthwise ones take: filter each channel for itself."
REASONS: dict[str, Reasons] = {
    "standard": {SKIPPED: _thrown_away("standard"), RIM: _rim, BATCH: _whole_batch},
    "depthwise": {AS_STANDARD: _diagonal, SKIPPED: _thrown_away("depthwise"), RIM: _rim, BATCH: _whole_batch},
    "pointwise": {BATCH: _whole_batch},
    "separable": {
        PRODUCT: _product_kernel,
        AS_STANDARD: _diagonal,
        SKIPPED: _thrown_away("separable"),
        BATCH: _whole_batch,
    },
    "forward": {LAYERS: _standard_for_depthwise},
}
