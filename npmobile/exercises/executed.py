"""What a student's function executes: every multiplication is counted, and compared with the formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import conv, cost
from ..counting import NotCountable, count
from .report import Report
from .running import run
from .signatures import Caller
from .task import Case, Trial
from .words import Sentence


class Count(NamedTuple):
    """Mult-adds of one case: of the formula, without the products with zeros of the padding, and executed."""

    case: Case
    formula: int
    inside: int
    yours: int


def no_cost(report: Report, caller: Caller, trials: list[Trial]) -> None:
    """Judge a function that only copies."""
    counts = _count_all(report, caller, trials, lambda case: (0, 0))
    if counts is None:
        return
    report.cost = all(c.yours == 0 for c in counts)
    if report.cost:
        report.say("Cost: it copies and multiplies nothing, as it should.")
    else:
        worst = max(counts, key=lambda c: c.yours)
        report.say("Cost: {yours:,} multiplications, where copying needs none.", yours=worst.yours)


def convolution_cost(kind: str) -> Callable[[Report, Caller, list[Trial]], None]:
    """A judge of the mult-adds that a convolution of this kind executes."""
    function: Any = getattr(conv, f"{kind}_conv")

    def formula(case: Case) -> tuple[int, int]:
        mult_adds = int(function(*case.arguments, **case.options)[1])
        if kind == "pointwise":
            return mult_adds, mult_adds
        (B, H, W, M), kernel = case.arguments[0].shape, case.arguments[1]
        D_K, N = kernel.shape[0], kernel.shape[3] if kind == "standard" else 1
        # Ones under a kernel of ones: each output is the number of pixels, not zeros, in its window.
        pixels = conv.depthwise_conv(np.ones((B, H, W, 1)), np.ones((D_K, D_K, 1)), **case.options)[0]
        zeros = pixels.size * D_K**2 - int(pixels.sum())
        return mult_adds, mult_adds - zeros * M * N

    def judge(report: Report, caller: Caller, trials: list[Trial]) -> None:
        counts = _count_all(report, caller, trials, formula)
        if counts is not None:
            report.cost = _judge(report, counts, kind)
        _judge_stated(report, trials, formula)

    return judge


def _count_all(
    report: Report, caller: Caller, trials: list[Trial], formula: Callable[[Case], tuple[int, int]]
) -> list[Count] | None:
    """Count all cases; None if one of them cannot be counted, which is said."""
    counts = []
    for trial in trials:
        call = caller(trial.case.options)
        outcome = run(lambda *arguments: count(call, *arguments), trial.case.arguments)  # noqa: B023
        if outcome.used:
            report.values, report.cost = False, False
            report.say(
                "It calls {names}, which is npmobile's own: write the computation yourself.",
                names=", ".join(outcome.used),
            )
            return None
        if outcome.problem:
            reason = (
                Sentence("{text}.", text=str(outcome.error))
                if isinstance(outcome.error, NotCountable)
                else outcome.problem
            )
            report.say("Cost: it cannot be told. {reason}", reason=reason)
            return None
        counted = outcome.result
        if not counted.complete:
            what = "; ".join(f"{what} ({times:,})" for what, times in list(counted.unseen.items())[:3])
            report.say("Cost: it cannot be told, because not all is counted: {what}.", what=what)
            return None
        counts.append(Count(trial.case, *formula(trial.case), counted.multiplications))
    return counts


def _judge(report: Report, counts: list[Count], kind: str) -> bool | None:
    largest = max(counts, key=lambda c: c.formula)
    numbers: dict[str, Any] = {"call": largest.case.text, "formula": largest.formula, "yours": largest.yours}
    if all(c.yours == c.formula for c in counts):
        report.say("Cost: right on all inputs; for {call}, {formula:,} mult-adds.", **numbers)
        return True
    if all(c.inside <= c.yours <= c.formula for c in counts):
        report.say("Cost: right. It skips products with the zeros of the padding, which the paper counts: "
                   "for {call}, {yours:,} mult-adds instead of {formula:,}.", **numbers)  # fmt: skip
        return True
    if any(c.yours > c.formula for c in counts):
        worst = max(counts, key=lambda c: c.yours / c.formula)
        report.say("Cost: too high. For {call}, {yours:,} mult-adds instead of {formula:,}: {factor:.3g} times as many. {why}",
                   call=worst.case.text, yours=worst.yours, formula=worst.formula, factor=worst.yours / worst.formula,
                   why=_why(counts, kind))  # fmt: skip
        return False
    report.say(
        "Cost: it cannot be told. There are fewer mult-adds than the definition has: for {call}, {yours:,} instead of {formula:,}.",
        **numbers,
    )
    return None


def _why(counts: list[Count], kind: str) -> Sentence:
    """The reason, if one explains the counts of all cases."""
    for english, factor in REASONS.items():
        if all(c.yours == factor(c, kind) for c in counts):
            return Sentence(english)
    return Sentence("")


def _size(case: Case, axis: int) -> int:
    return int(case.arguments[0].shape[axis])


def _at_stride_1(c: Count, kind: str) -> int:
    if kind == "pointwise":
        return 0
    arguments: Any = c.case.arguments
    return int(getattr(conv, f"{kind}_conv")(*arguments, **{**c.case.options, "stride": 1})[1])


REASONS: dict[str, Callable[[Count, str], int]] = {
    "Everything is computed twice.": lambda c, kind: 2 * c.formula,
    "Every channel is multiplied with the kernels of all channels, as a standard convolution does.":
        lambda c, kind: c.formula * _size(c.case, 3) if kind == "depthwise" else 0,
    "The whole batch is computed once for every image.": lambda c, kind: c.formula * _size(c.case, 0),
    "Outputs are computed that the stride skips: let the window move by the stride.": _at_stride_1,
}  # fmt: skip


def _judge_stated(report: Report, trials: list[Trial], formula: Callable[[Case], tuple[int, int]]) -> None:
    """Judge the number of mult-adds that the function returns beside y, if it does."""
    stated = [trial for trial in trials if trial.stated is not None]
    if not stated:
        return
    wrong = [trial for trial in stated if trial.stated not in formula(trial.case)]
    if not wrong:
        report.say("The number of mult-adds that it returns is right.")
        return
    trial = min(wrong, key=lambda trial: trial.case.size)
    report.say("The number of mult-adds that it returns is wrong: for {call} it is {stated:,}, expected {formula:,}.",
               call=trial.case.text, stated=trial.stated, formula=formula(trial.case)[0])  # fmt: skip
    report.cost = False


def integer_cost(report: Report, caller: Caller, trials: list[Trial]) -> None:
    """Judge a depthwise convolution of integers. Multiplications with the zero points may come on top."""

    def formula(case: Case) -> tuple[int, int]:
        x, kernel = (array.astype(np.float64) for array in case.arguments[:2])
        mult_adds = conv.depthwise_conv(x, kernel, **case.options)[1]
        return int(mult_adds), 0

    counts = _count_all(report, caller, trials, formula)
    if counts is not None:
        report.cost = _judge(report, counts, "depthwise")


def forward_cost(report: Report, caller: Caller, trials: list[Trial]) -> None:
    """Judge a forward pass. Products of batch norm, ReLU6 and the pool may come on top: they are no mult-adds."""

    def formula(case: Case) -> tuple[int, int]:
        x, layers, _ = case.arguments
        return sum(len(x) * cost.mult_adds(layer) for layer in layers), 0

    counts = _count_all(report, caller, trials, formula)
    if counts is None:
        return
    report.cost = all(c.yours <= c.formula + _beside(c.case) for c in counts)
    worst = max(counts, key=lambda c: c.yours / c.formula)
    numbers: dict[str, Any] = {"call": worst.case.text, "formula": worst.formula, "yours": worst.yours}
    if report.cost:
        report.say(
            "Cost: right. For {call}, {formula:,} mult-adds, and {yours:,} multiplications with batch norm and the pool.",
            **numbers,
        )
    else:
        report.say(
            "Cost: too high. For {call}, {yours:,} multiplications, where the layers have {formula:,} mult-adds.",
            **numbers,
        )


def _beside(case: Case) -> int:
    """Multiplications that batch norm (2 for each output and channel), ReLU6 (1) and the pool (1) may take."""
    x, layers, _ = case.arguments
    return sum(3 * len(x) * layer.D_G**2 * layer.N + 2 * layer.N for layer in layers)
