"""The task fold: batch norm into kernel and bias."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .answers import NOTHING, arrays_agree, read_plain_array
from .task import Case, Line, Mistake, Task, Trial
from .words import Block, Sentence

Folded = tuple[np.ndarray, np.ndarray]


def _fold(
    kernel: np.ndarray, gamma: np.ndarray, beta: np.ndarray, mean: np.ndarray, var: np.ndarray, eps: float
) -> Folded:
    scale = gamma / np.sqrt(var + eps)  # (N,)
    return kernel * scale, beta - mean * scale


def _cases(rng: np.random.Generator) -> list[Case]:
    fixed = np.random.default_rng(0)
    shapes = [((1, 1), True), ((2, 2), True), ((2, 3), True), ((3, 3, 2), True), ((3, 3, 2, 3), True)]
    shapes += [((3, 2), False), ((2, 2, 3), False), ((2, 2, 2, 4), False), ((4, 4), False)]
    return [_case(rng if drawn else fixed, shape, drawn) for shape, drawn in [(s, not f) for s, f in shapes]]


def _case(rng: np.random.Generator, shape: tuple[int, ...], drawn: bool) -> Case:
    """With numbers that are easy on paper: var + eps is a square, unless the numbers are drawn."""
    N = shape[-1]
    kernel, gamma, beta, mean = (rng.integers(1, 10, s).astype(float) for s in (shape, N, N, N))
    roots, eps = rng.integers(1, 5, N).astype(float), 0.5
    if drawn:
        kernel, roots, eps = rng.normal(size=shape), rng.uniform(0.8, 2, N), float(rng.uniform(0.01, 0.5))
    arguments = (kernel, gamma, beta, mean, roots**2 - eps, eps)
    text = f"kernel {shape}, gamma, beta, mean, var ({N},), eps={eps:g}"
    return Case(arguments, {}, text, drawn, int(np.prod(shape)) + 1000 * drawn)


def _read(trial: Trial, came: Any) -> None:
    if came is None:
        trial.problem = NOTHING
        return
    if not isinstance(came, (tuple, list)) or len(came) != 2:
        trial.problem = Sentence("It must return two arrays, (kernel, bias).")
        return
    parts = []
    for name, value, expected in zip(("kernel", "bias"), came, trial.expected):
        part = Trial(trial.case, trial.outcome, expected)
        read_plain_array(part, value)
        if part.problem and trial.problem is None:
            trial.problem = Sentence("{name}: {problem}", name=name, problem=part.problem)
        parts.append(part.y)
    trial.y = tuple(parts)


def _same(y: Any, expected: Folded) -> bool:
    return y is not None and all(arrays_agree(mine, right) for mine, right in zip(y, expected))


def _working(trial: Trial) -> list[Line]:
    kernel, *others = trial.case.arguments
    if kernel.size > 6:
        return []
    named = zip(("kernel", "gamma", "beta", "mean", "var", "eps"), trial.case.arguments)
    lines: list[Line] = [Block("\n".join(f"{name} = {np.array2string(np.asarray(value))}" for name, value in named))]
    if trial.y is None:
        return lines
    for name, mine, right in zip(("kernel", "bias"), trial.y, trial.expected):
        if mine is not None and not arrays_agree(mine, right):
            lines.append(Sentence("{name} must be {expected}, but is {came}.", name=name,
                                  expected=np.array2string(right), came=np.array2string(mine)))  # fmt: skip
    return lines


def _gives(english: str, misreading: Callable[..., Folded]) -> Mistake:
    return Mistake(Sentence(english), lambda trial: _same(trial.y, misreading(*trial.case.arguments)))


FOLD = Task(
    "fold", ("kernel", "gamma", "beta", "mean", "var", "eps"), _cases, lambda case: _fold(*case.arguments),
    _read, _same, _working, [
        _gives("eps is left out: the scale is gamma / sqrt(var + eps).", lambda k, g, b, m, v, e: _fold(k, g, b, m, v, 0)),
        _gives("eps is added to the root: it belongs under it, sqrt(var + eps).", lambda k, g, b, m, v, e: _fold(k, g, b, m, (np.sqrt(v) + e) ** 2, 0)),
        _gives("gamma is applied to the bias too: beta is added after the scaling.", lambda k, g, b, m, v, e: (_fold(k, g, b, m, v, e)[0], (b - m / np.sqrt(v + e)) * g)),
        _gives("The whole scale is applied to beta too: beta is added after the scaling.",
               lambda k, g, b, m, v, e: (_fold(k, g, b, m, v, e)[0], (b - m) * g / np.sqrt(v + e))),
        _gives("The mean is not scaled: the bias is beta - mean * scale.", lambda k, g, b, m, v, e: (_fold(k, g, b, m, v, e)[0], b - m)),
        _gives("The mean is left out of the bias.", lambda k, g, b, m, v, e: (_fold(k, g, b, m, v, e)[0], b)),
        _gives("beta and mean have each other's sign: the bias is beta - mean * scale.",
               lambda k, g, b, m, v, e: (_fold(k, g, b, m, v, e)[0], m * g / np.sqrt(v + e) - b)),
        _gives("The mean is added: the bias is beta - mean * scale.", lambda k, g, b, m, v, e: _fold(k, g, b, -m, v, e)),
        _gives("There is no square root: the scale is gamma / sqrt(var + eps).", lambda k, g, b, m, v, e: _fold(k, g, b, m, (v + e) ** 2, 0)),
        _gives("gamma is left out: the scale is gamma / sqrt(var + eps).", lambda k, g, b, m, v, e: _fold(k, np.ones_like(g), b, m, v, e)),
        _gives("The kernel is not scaled.", lambda k, g, b, m, v, e: (k, _fold(k, g, b, m, v, e)[1])),
    ],
)  # fmt: skip
