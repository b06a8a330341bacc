"""Check a student's function: call it on every case, compare, look for the mistake, then judge the cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .report import Report
from .running import run
from .signatures import Caller
from .task import Case, Task, Trial
from .words import Sentence


def check(task: Task, function: Callable[..., Any], seed: int | None = None) -> Report:
    """Check a function against a task; see `Report`."""
    seed = int(np.random.SeedSequence().entropy) % 1_000_000 if seed is None else int(seed)  # type: ignore[arg-type]
    report = Report(task.name, seed, task.cost is not None)
    caller = Caller(function, task.name, task.arguments, task.options)
    if caller.problem:
        report.add(caller.problem)
        return report
    rng = np.random.default_rng(seed)
    cases = [case for case in task.cases(rng) if _can_take(caller, task, case)]
    trials = _try_all(task, caller, cases)
    report.error = next((trial.outcome.error for trial in trials if trial.outcome.error), None)
    if used := next((trial.outcome.used for trial in trials if trial.outcome.used), None):
        _refuse(report, used)
        return report
    _judge_values(report, task, caller, trials, len(cases))
    if report.values and task.cost:
        task.cost(report, caller, trials)
    elif task.cost:
        report.say("The cost is looked at when the values are right.")
    return report


def _can_take(caller: Caller, task: Task, case: Case) -> bool:
    """Whether the function takes the options of a case, or these are the defaults."""
    return all(name in caller.taken or value == task.options[name] for name, value in case.options.items())


def _try_all(task: Task, caller: Caller, cases: list[Case]) -> list[Trial]:
    trials = []
    for case in cases:
        trials.append(attempt(task, caller, case))
        if trials[-1].outcome.ends or trials[-1].outcome.used:
            break
    return trials


def attempt(task: Task, caller: Caller, case: Case) -> Trial:
    """Call the function on one case, and compare."""
    outcome = run(caller(case.options), case.arguments, task.allowed)
    trial = Trial(case, outcome, task.expected(case), problem=outcome.problem)
    if trial.problem is None:
        task.read(trial, outcome.result)
        trial.right = trial.problem is None and task.same(trial.y, trial.expected)
    if outcome.changed and trial.right:
        trial.right = False
        names = ", ".join(task.arguments[n] for n in outcome.changed)
        trial.problem = Sentence("It changes {names} in place: work on a copy.", names=names)
    return trial


def _refuse(report: Report, used: list[str]) -> None:
    report.cost = False if report.has_cost else None
    names = ", ".join(used[:3])
    report.say("It calls {names}, which is npmobile's own: write the computation yourself.", names=names)


def _judge_values(report: Report, task: Task, caller: Caller, trials: list[Trial], planned: int) -> None:
    wrong = [trial for trial in trials if not trial.right]
    if left_out := [name for name in task.options if name not in caller.taken]:
        pairs = ", ".join(f"{name}={task.options[name]!r}" for name in left_out)
        report.say(
            "Tried with {pairs} only, because the function does not take {names}.",
            pairs=pairs,
            names=", ".join(left_out),
        )
    if printed := next((trial.outcome.printed for trial in trials if trial.outcome.printed), ""):
        report.say("It prints: {text}", text=_shortened(printed))
    if not wrong:
        again = attempt(task, caller, trials[0].case)
        if not again.right:
            report.say(
                "A second call with the same arguments gives another answer: does it keep something between calls?"
            )
            return
        report.values = True
        report.say("Values: right on all {count} inputs.", count=len(trials))
        return
    ended = wrong[-1] if wrong[-1].outcome.ends else None
    if ended:
        report.say("Values: not tried further after {count} of {planned} inputs.", count=len(trials), planned=planned)
    else:
        right = len(trials) - len(wrong)
        report.say(
            "Values: right on {right} of {count} inputs{common}",
            right=right,
            count=len(trials),
            common=_common(wrong, trials),
        )
    smallest = min(wrong, key=lambda trial: trial.case.size)
    report.say("Smallest wrong example: {call}", call=smallest.case.text)
    if smallest.problem:
        report.add(smallest.problem)
    report.add(*task.working(smallest))
    if not ended:
        for mistake in task.mistakes:
            if all(mistake.explains(trial) for trial in trials):
                report.suspect(mistake.sentence)
                break


def _common(wrong: list[Trial], trials: list[Trial]) -> Sentence:
    """What the cases that went wrong have in common and no other case has."""
    if len(wrong) < len(trials):
        for feature in sorted(wrong[0].case.features):
            if [trial for trial in trials if feature in trial.case.features] == wrong:
                return Sentence(", wrong on all with {feature} and on no other.", feature=Sentence(feature))
    return Sentence(".")


def _shortened(text: str) -> str:
    first = text.strip().splitlines()[0] if text.strip() else repr(text)
    return first if len(first) <= 60 else f"{first[:57]}..."
