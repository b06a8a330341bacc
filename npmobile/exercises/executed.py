"""What a student's function executes: every multiplication is counted, and compared with the formula."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from .. import conv, cost
from ..counting import NotCountable, count
from .answers import arrays_agree, shown
from .factors import why
from .report import Report
from .running import run
from .signatures import Caller
from .task import Case, Trial
from .words import Sentence

# With these a product can be made without a multiplication.
INSTEAD = {
    "divide",
    "floor_divide",
    "power",
    "float_power",
    "square",
    "exp",
    "exp2",
    "log",
    "log2",
    "log10",
    "left_shift",
    "reciprocal",
}


class Count(NamedTuple):
    """Mult-adds of one case.

    Attributes
    ----------
    formula : int
        Of the paper's formula.
    least : int
        Without the products with zeros of the padding.
    most : int
        With multiplications that are no mult-adds but may be needed beside, as those of batch norm.
    yours : int
        Executed.
    """

    case: Case
    formula: int
    least: int
    most: int
    yours: int


Formula = Callable[[Case], tuple[int, int, int]]  # formula, least, most


def no_cost(report: Report, caller: Caller, trials: list[Trial]) -> None:
    """Judge a function that only copies."""
    counts = _count_all(report, caller, trials, lambda case: (0, 0, 0))
    if counts is None:
        return
    report.cost = all(c.yours == 0 for c in counts)
    if report.cost:
        report.say("Cost: right. It copies and multiplies nothing.")
    else:
        worst = max(counts, key=lambda c: c.yours)
        report.say(
            "Cost: too high. For {call}, {yours:,} multiplications, where copying needs none.",
            call=worst.case.text,
            yours=worst.yours,
        )


def convolution_cost(kind: str) -> Callable[[Report, Caller, list[Trial]], None]:
    """A judge of the mult-adds that a convolution of this kind executes."""

    def judge(report: Report, caller: Caller, trials: list[Trial]) -> None:
        counts = _count_all(report, caller, trials, lambda case: _of_convolution(kind, case))
        if counts is not None:
            report.cost = _judge(report, counts, kind)
        _judge_stated(report, trials, kind)

    return judge


def _of_convolution(kind: str, case: Case) -> tuple[int, int, int]:
    arguments = [array.astype(np.float64) for array in case.arguments if isinstance(array, np.ndarray)]
    mult_adds = int(getattr(conv, f"{kind}_conv")(*arguments, **case.options)[1])
    if kind == "pointwise":
        return mult_adds, mult_adds, mult_adds
    (B, H, W, M), kernel = arguments[0].shape, arguments[1]
    D_K, N = kernel.shape[0], kernel.shape[3] if kind == "standard" else 1
    # Ones under a kernel of ones: each output is the number of pixels, not zeros, in its window.
    pixels = conv.depthwise_conv(np.ones((B, H, W, 1)), np.ones((D_K, D_K, 1)), **case.options)[0]
    zeros = pixels.size * D_K**2 - int(pixels.sum())
    return mult_adds, mult_adds - zeros * M * N, mult_adds


def integer_cost(report: Report, caller: Caller, trials: list[Trial]) -> None:
    """Judge a depthwise convolution of integers.

    (x - zero_x) * (w - zero_w) may be multiplied out: that takes up to three more products for each output and channel.
    """

    def formula(case: Case) -> tuple[int, int, int]:
        mult_adds, least, _ = _of_convolution("depthwise", case)
        D_K, _, M = case.arguments[1].shape
        return mult_adds, least, mult_adds + 3 * mult_adds // D_K**2 + 3 * M

    counts = _count_all(report, caller, trials, formula)
    if counts is not None:
        report.cost = _judge(report, counts, "depthwise")


def forward_cost(report: Report, caller: Caller, trials: list[Trial]) -> None:
    """Judge a forward pass. Batch norm (2 products for each output and channel), ReLU6 and the pool may come on top."""

    def formula(case: Case) -> tuple[int, int, int]:
        x, layers, _ = case.arguments
        mult_adds = sum(len(x) * cost.mult_adds(layer) for layer in layers)
        beside = sum(3 * len(x) * layer.D_G**2 * layer.N + 2 * layer.N for layer in layers)
        return mult_adds, 0, mult_adds + beside

    counts = _count_all(report, caller, trials, formula, divides=True)
    if counts is not None:
        report.cost = _judge(report, counts, "forward")


def _count_all(
    report: Report, caller: Caller, trials: list[Trial], formula: Formula, divides: bool = False
) -> list[Count] | None:
    """Count all cases; None if one of them cannot be counted, which is said. `divides`: the task has divisions."""
    counts = []
    for trial in trials:
        behind, by_name = caller.plan(trial.case.options)
        outcome = run(partial(count, caller.function), (*trial.case.arguments, *behind), by_name, ("ops",))
        if outcome.used:
            report.refuse(outcome.used)
            return None
        if outcome.problem:
            reason = (
                Sentence("{text}.", text=str(outcome.error))
                if isinstance(outcome.error, NotCountable)
                else outcome.problem
            )
            report.say("Cost: it cannot be told. {reason}", reason=reason)
            return None
        if problem := _uncountable(trial, outcome.result, divides):
            report.add(problem)
            return None
        counts.append(Count(trial.case, *formula(trial.case), outcome.result.multiplications))
    return counts


def _uncountable(trial: Trial, counted: Any, divides: bool) -> Sentence | None:
    """Why a count does not say what the function costs."""
    if not counted.complete:
        what = "; ".join(f"{what} ({times:,})" for what, times in list(counted.unseen.items())[:3])
        return Sentence("Cost: it cannot be told, because not all is counted: {what}.", what=what)
    usual, with_numbers = (r[0] if isinstance(r, tuple) else r for r in (trial.outcome.result, counted.result))
    if not arrays_agree(np.asarray(with_numbers, np.float64), np.asarray(usual, np.float64)):
        return Sentence("Cost: it cannot be told, because on numbers that count it gives another answer.")
    if not divides and (instead := sorted(INSTEAD & counted.operations.keys())):
        return Sentence(
            "Cost: it cannot be told from multiplications alone, because it also makes {names}.",
            names=", ".join(instead),
        )
    return None


def _judge(report: Report, counts: list[Count], kind: str) -> bool | None:
    largest = max(counts, key=lambda c: c.formula)
    worst = max(counts, key=lambda c: c.yours / c.formula)
    numbers: dict[str, Any] = {"call": largest.case.text, "formula": largest.formula, "yours": largest.yours}
    if all(c.yours == c.formula for c in counts):
        report.say("Cost: right on all inputs. For {call}, {formula:,} mult-adds.", **numbers)
        return True
    if any(c.yours > c.most for c in counts):
        report.say("Cost: too high. For {call}, {yours:,} multiplications instead of {formula:,} mult-adds: {factor:.3g} times as many.",
                   call=worst.case.text, yours=worst.yours, formula=worst.formula, factor=worst.yours / worst.formula)  # fmt: skip
        if reason := why([(c.case, c.formula, c.yours) for c in counts], kind):
            report.add(reason)
        return False
    if any(c.yours < c.least for c in counts):
        few = min(counts, key=lambda c: c.yours / c.formula)
        report.say("Cost: it cannot be told. For {call}, {yours:,} multiplications are fewer than the {formula:,} mult-adds of the definition.",
                   call=few.case.text, yours=few.yours, formula=few.formula)  # fmt: skip
        return None
    if all(c.yours <= c.formula for c in counts):
        report.say("Cost: right. Products with the zeros of the padding are skipped, which the paper counts. "
                   "For {call}, {yours:,} mult-adds instead of {formula:,}.", **numbers)  # fmt: skip
    else:
        more = max(counts, key=lambda c: c.yours - c.formula)
        report.say("Cost: right. For {call}, {formula:,} mult-adds, and {yours:,} multiplications with what stands beside the convolutions.",
                   call=more.case.text, formula=more.formula, yours=more.yours)  # fmt: skip
    return True


# What the number of mult-adds may be that a function returns beside y, if it is wrong.
STATED: dict[str, Callable[[str, Case, int], float]] = {
    "It counts multiplications and additions apart: a mult-add is one of each.": lambda kind, case, n: 2 * n,
    "It counts one image: count the whole batch.": lambda kind, case, n: n / len(case.arguments[0]),
    "It counts as if the stride were 1: there are D_G * D_G outputs, not D_F * D_F.":
        lambda kind, case, n: _of_convolution(kind, Case(case.arguments, {**case.options, "stride": 1}))[0],
}  # fmt: skip


def _judge_stated(report: Report, trials: list[Trial], kind: str) -> None:
    """Judge the number of mult-adds that the function returns beside y, if it does."""
    stated = [(trial, _of_convolution(kind, trial.case)) for trial in trials if trial.stated is not None]
    if not stated:
        return
    if all(trial.stated in (formula, least) for trial, (formula, least, _) in stated):
        report.say("The number of mult-adds that it returns is right.")
        return
    wrong = [(trial, formula) for trial, (formula, least, _) in stated if trial.stated not in (formula, least)]
    trial, formula = min(wrong, key=lambda pair: pair[0].case.size)
    report.say("The number of mult-adds that it returns is wrong: for {call} it is {stated}, expected {formula:,}.",
               call=trial.case.text, stated=shown(trial.stated), formula=formula)  # fmt: skip
    for english, misreading in STATED.items():
        if all(trial.stated == misreading(kind, trial.case, formula) for trial, (formula, _, _) in stated):
            report.say(english)
    report.cost = False
