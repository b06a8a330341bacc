"""The tasks im2col, standard_conv, depthwise_conv, pointwise_conv and separable_conv."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import conv
from .answers import arrays_agree, read_array, read_plain_array, told_apart
from .executed import convolution_cost, no_cost
from .misreadings import DEPTHWISE, POINTWISE, SEPARABLE, STANDARD, WINDOWS, matrices
from .task import Case, Line, Task, Trial
from .windows import Sizes, window_cases
from .words import WRITTEN_OUT, Block, Sentence

OPTIONS = {"stride": 1, "padding": "same"}


def _depthwise_shapes(s: Sizes) -> dict[str, Any]:
    return {"x": (s.B, s.H, s.W, s.M), "kernel": (s.D_K, s.D_K, s.M)}


def _standard_shapes(s: Sizes) -> dict[str, Any]:
    return {"x": (s.B, s.H, s.W, s.M), "kernel": (s.D_K, s.D_K, s.M, s.N)}


def _pointwise_shapes(s: Sizes) -> dict[str, Any]:
    return {"x": (s.B, s.H, s.W, s.M), "kernel": (s.M, s.N)}


def _separable_shapes(s: Sizes) -> dict[str, Any]:
    return {"x": (s.B, s.H, s.W, s.M), "depthwise_kernel": (s.D_K, s.D_K, s.M), "pointwise_kernel": (s.M, s.N)}


def _im2col_shapes(s: Sizes) -> dict[str, Any]:
    return {"x": (s.B, s.H, s.W, s.M), "D_K": s.D_K}


def _first_wrong(trial: Trial) -> tuple[int, ...] | None:
    """The index of the first number that is wrong, if the shapes agree."""
    if trial.y is None or trial.y.shape != trial.expected.shape:
        return None
    wrong = np.argwhere(~np.isclose(trial.y, trial.expected, rtol=1e-9, atol=1e-9))
    return tuple(int(n) for n in wrong[0]) if len(wrong) else None


def grids(name: str, x: np.ndarray) -> list[Line]:
    """An array in numbers, one image or filter after the other: the last axis but two and one as a grid."""
    lines: list[Line] = []
    if x.size > 64:
        return lines
    if x.ndim <= 2:
        return [Block(f"{name} =\n{_grid(np.atleast_2d(x))}")]
    before = 1 if name == "x" else 0
    outer = [(b,) for b in range(x.shape[0])] if before else [()]
    for first in outer:
        part = x[first]  # (rows, columns, channels ...)
        for last in np.ndindex(part.shape[2:]):
            index = ", ".join([*map(str, first), ":", ":", *map(str, last)])
            channel = (..., *last)
            lines.append(Block(f"{name}[{index}] =\n{_grid(part[channel])}"))
    return lines


def _grid(x: np.ndarray) -> str:
    cells = [[f"{value:g}" for value in row] for row in x]
    width = max(len(cell) for row in cells for cell in row)
    return "\n".join("  " + " ".join(cell.rjust(width) for cell in row) for row in cells)


def terms(a: np.ndarray, b: np.ndarray) -> str:
    """The sum of products of two arrays, written out.

    >>> terms(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    '1*3 + 2*4'
    """
    pairs = [f"{p:g}*{q:g}" for p, q in zip(np.ravel(a), np.ravel(b))]
    return " + ".join(pairs if len(pairs) <= 12 else [*pairs[:10], "...", pairs[-1]])


def _convolution_working(trial: Trial) -> list[Line]:
    names = ("x", "kernel") if len(trial.case.arguments) == 2 else ("x", "depthwise_kernel", "pointwise_kernel")
    lines = [line for name, array in zip(names, trial.case.arguments) for line in grids(name, array)]
    index = _first_wrong(trial)
    if index is None:
        return lines
    expected, came = told_apart(trial.expected[index], trial.y[index])
    written = f"y[{', '.join(map(str, index))}] = {_sum_of(trial, index)}"
    if len(trial.case.arguments) == 3:
        lines += _depthwise_step(trial, index)
    return [*lines, Sentence(WRITTEN_OUT, written=written, expected=expected, came=came)]


def _depthwise_step(trial: Trial, index: tuple[int, ...]) -> list[Line]:
    """What the first step of a separable convolution gives at the pixel of this index."""
    x, kernel, _ = trial.case.arguments
    b, k, l, _ = index
    window = conv.im2col(x, kernel.shape[0], **trial.case.options)[b, k, l]  # (D_K, D_K, M)
    return [
        Sentence("The depthwise step gives {written} = {filtered} in channel {m}.", m=m, written=terms(window[:, :, m], kernel[:, :, m]),
                 filtered=f"{(window[:, :, m] * kernel[:, :, m]).sum():g}")
        for m in range(kernel.shape[2])
    ]  # fmt: skip


def _sum_of(trial: Trial, index: tuple[int, ...]) -> str:
    """The products whose sum stands at this index of y. Zeros of the padding are written too."""
    x, kernel = trial.case.arguments[:2]
    b, k, l, n = index
    if kernel.ndim == 2:
        return terms(x[b, k, l], kernel[:, n])
    window = conv.im2col(x, kernel.shape[0], **trial.case.options)[b, k, l]  # (D_K, D_K, M)
    if len(trial.case.arguments) == 3:
        filtered = (window * kernel).sum(axis=(0, 1))  # (M,): what the depthwise step makes of this window
        return terms(filtered, trial.case.arguments[2][:, n])
    if kernel.ndim == 3:
        return terms(window[:, :, n], kernel[:, :, n])
    return terms(window, kernel[..., n])


def _im2col_expected(case: Case) -> np.ndarray:
    return conv.im2col(*case.arguments, **case.options)


def _read_im2col(trial: Trial, came: Any) -> None:
    """(B, H', W', D_K, D_K, M), or the im2col matrix with its rows in the order (D_K, D_K, M) or (M, D_K, D_K)."""
    if isinstance(came, np.ndarray) and came.ndim == 2:
        for matrix in matrices(trial.expected):
            if arrays_agree(came, matrix):
                came = trial.expected.astype(came.dtype)
        if came.ndim == 2 and came.dtype.kind in "fiu" and came.shape == matrices(trial.expected)[0].shape:
            trial.y, trial.dtype = came.astype(np.float64), str(came.dtype)  # wrong numbers, in one order or the other
            return
    read_plain_array(trial, came)
    if trial.y is not None and trial.y.ndim == 2:
        wanted = f"{matrices(trial.expected)[0].shape} or {trial.expected.shape}"
        trial.problem = Sentence("The shape is {came}, expected {expected}.", came=trial.y.shape, expected=wanted)


def _im2col_working(trial: Trial) -> list[Line]:
    lines = grids("x", trial.case.arguments[0])
    if trial.y is not None and trial.y.ndim == 2 and trial.problem is None:
        return [*lines, *_wrong_row(trial)]
    index = _first_wrong(trial)
    if index is None:
        return lines
    where = f"windows[{', '.join(map(str, index[:3]))}, :, :, {index[-1]}]"
    window = (*index[:3], slice(None), slice(None), index[-1])
    lines.append(Sentence("{where} must be the first, but is the second:", where=where))
    return [*lines, Block(_grid(trial.expected[window])), Block(_grid(trial.y[window]))]


def _wrong_row(trial: Trial) -> list[Line]:
    """Of a matrix: its first wrong row, in the order of which more rows are right."""
    wrong = [~np.isclose(trial.y, matrix).all(axis=1) for matrix in matrices(trial.expected)]
    best = min(range(2), key=lambda order: wrong[order].sum())
    n = int(wrong[best].argmax())
    rows = matrices(trial.expected)[best][n : n + 1], trial.y[n : n + 1]
    head = Sentence("Row {n} of the im2col matrix must be the first, but is the second:", n=n)
    return [head, *(Block(_grid(row)) for row in rows)]


def _answer(function: Any) -> Any:
    return lambda case: function(*case.arguments, **case.options)[0]


IM2COL = Task(
    "im2col", ("x", "D_K"), lambda rng: window_cases(rng, _im2col_shapes), _im2col_expected,
    _read_im2col, arrays_agree, _im2col_working, WINDOWS, OPTIONS, cost=no_cost,
)  # fmt: skip
STANDARD_CONV = Task(
    "standard_conv", ("x", "kernel"), lambda rng: window_cases(rng, _standard_shapes), _answer(conv.standard_conv),
    read_array, arrays_agree, _convolution_working, STANDARD, OPTIONS, cost=convolution_cost("standard"),
)  # fmt: skip
DEPTHWISE_CONV = Task(
    "depthwise_conv", ("x", "kernel"), lambda rng: window_cases(rng, _depthwise_shapes), _answer(conv.depthwise_conv),
    read_array, arrays_agree, _convolution_working, DEPTHWISE, OPTIONS, cost=convolution_cost("depthwise"),
)  # fmt: skip
POINTWISE_CONV = Task(
    "pointwise_conv", ("x", "kernel"), lambda rng: window_cases(rng, _pointwise_shapes, ()), _answer(conv.pointwise_conv),
    read_array, arrays_agree, _convolution_working, POINTWISE, cost=convolution_cost("pointwise"),
)  # fmt: skip
SEPARABLE_CONV = Task(
    "separable_conv", ("x", "depthwise_kernel", "pointwise_kernel"), lambda rng: window_cases(rng, _separable_shapes),
    _answer(conv.separable_conv), read_array, arrays_agree, _convolution_working, SEPARABLE, OPTIONS,
    cost=convolution_cost("separable"),
)  # fmt: skip
