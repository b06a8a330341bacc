"""Check a student's function: call it on every case, compare, look for the mistake, then judge the cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import checks
from .answers import arrays_agree
from .report import Report
from .running import UNWRITTEN, run
from .signatures import Caller
from .task import Case, Task, Trial
from .words import Sentence

ANOTHER = "A second call with the same arguments gives another answer: is it drawn at random, or kept between calls?"


def check(task: Task, function: Callable[..., Any], seed: int | None = None) -> Report:
    """Check a function against a task.

    Parameters
    ----------
    task : Task
    function : callable
    seed : int, optional
        Of an earlier report, to repeat its shapes.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If the seed is not an int of at least 0.
    """
    seed = new_seed() if seed is None else checks.count("seed", seed, at_least=0)
    report = Report(task.name, seed, task.cost is not None)
    caller = Caller(function, task.name, task.arguments, task.options)
    if caller.problem:
        report.add(caller.problem)
        return report
    cases = [case for case in task.cases(np.random.default_rng(seed)) if _can_take(caller, task, case)]
    trials = _try_all(task, caller, cases)
    report.error = next((trial.outcome.error for trial in trials if trial.outcome.error), None)
    if used := next((trial.outcome.used for trial in trials if trial.outcome.used), None):
        report.refuse(used)
        return report
    if trials[0].problem and trials[0].problem.english == UNWRITTEN:
        report.add(trials[0].problem)
        return report
    report.tried = True
    _say_what_was_tried(report, task, caller, trials)
    trials = _without_refused(report, task, trials)
    report.values = all(trial.right for trial in trials) and _same_again(report, task, caller, trials[0])
    if report.values:
        report.say("Values: right on all {count} inputs.", count=len(trials))
        if task.cost:
            task.cost(report, caller, trials)
        return report
    if not all(trial.right for trial in trials):
        _explain(report, task, caller, trials, len(cases))
    if task.cost:
        report.say("The cost is looked at when the values are right.")
    return report


def new_seed() -> int:
    """A seed that is another one in each run."""
    return int(np.random.default_rng().integers(1_000_000))


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
    behind, by_name = caller.plan(case.options)
    outcome = run(caller.function, (*case.arguments, *behind), by_name, task.allowed)
    trial = Trial(case, outcome, task.expected(case), problem=outcome.problem)
    if trial.problem is None:
        try:
            task.read(trial, outcome.result)
        except Exception:  # of an object that the student wrote
            trial.problem = Sentence("It returns {kind}, not what is asked for.", kind=type(outcome.result).__name__)
    if outcome.changed:
        names = ", ".join(task.arguments[n] for n in outcome.changed)
        trial.changes = Sentence("{names} is changed in place: work on a copy.", names=names)
    trial.right = trial.problem is None and trial.changes is None and task.same(trial.y, trial.expected)
    return trial


def _say_what_was_tried(report: Report, task: Task, caller: Caller, trials: list[Trial]) -> None:
    if left_out := [name for name in task.options if name not in caller.taken]:
        pairs = ", ".join(f"{name}={task.options[name]!r}" for name in left_out)
        report.say(
            "The function does not take {names}: tried with {pairs} only.", names=", ".join(left_out), pairs=pairs
        )
    if printed := next((trial.outcome.printed for trial in trials if trial.outcome.printed), ""):
        lines = printed.strip().splitlines() or [repr(printed)]
        report.say("It prints: {text}", text=lines[0] if len(lines[0]) <= 60 else f"{lines[0][:57]}...")


def _without_refused(report: Report, task: Task, trials: list[Trial]) -> list[Trial]:
    """Leave out the cases of a form that the function refuses, if it takes another."""
    for form in task.forms:
        of_form = [trial for trial in trials if form in trial.case.features]
        others = [trial for trial in trials if form not in trial.case.features]
        refused = all(isinstance(trial.outcome.error, KeyError) for trial in of_form)
        if of_form and refused and any(trial.outcome.error is None for trial in others):
            report.say("The function does not take {form}: tried with others only.", form=Sentence(form))
            return others
    return trials


def _same_again(report: Report, task: Task, caller: Caller, first: Trial) -> bool:
    """Whether another call with the arguments of the first gives the right answer again."""
    again = attempt(task, caller, first.case).right
    if not again:
        report.say(ANOTHER)
    return again


def _explain(report: Report, task: Task, caller: Caller, trials: list[Trial], planned: int) -> None:
    """Say where the values are wrong, show the smallest example, and name the mistake if one explains all."""
    wrong = [trial for trial in trials if not trial.right]
    ended = trials[-1].outcome.ends
    counts = {"right": len(trials) - len(wrong), "count": len(trials), "planned": planned}
    if ended:
        report.say("Values: right on {right} of {count} inputs; {planned} were planned.", **counts)
    elif common := _common(wrong, trials):
        report.say("Values: right on {right} of {count} inputs, wrong on all with {feature} and on no other.",
                   feature=Sentence(common), **counts)  # fmt: skip
    else:
        report.say("Values: right on {right} of {count} inputs.", **counts)
    smallest = min(wrong, key=lambda trial: trial.case.size)
    report.say("Smallest wrong example: {call}", call=smallest.case.text)
    report.add(*(part for part in (smallest.problem, smallest.changes) if part))
    if smallest.outcome.problem is None:
        report.add(*task.working(smallest))
    if ended:
        return
    found = explanations(task, trials)
    if not _equal(attempt(task, caller, smallest.case).y, smallest.y):
        report.say(ANOTHER)
    elif len(found) == 1:
        report.suspect(found[0])


def _equal(a: Any, b: Any) -> bool:
    """Whether two answers of any task are the same."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return all(map(_equal, a, b))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.array_equal(a, b, equal_nan=True)
    return bool(type(a) is type(b) and (a == b or a != a))


def explanations(task: Task, trials: list[Trial]) -> list[Sentence]:
    """The mistakes that explain every trial, those that are right too."""
    changed = [trial.changes for trial in trials if trial.changes]
    if changed and all(trial.problem is None and task.same(trial.y, trial.expected) for trial in trials):
        return changed[:1]
    if all(trial.right != trial.case.drawn for trial in trials) and any(trial.right for trial in trials):
        return [
            Sentence(
                "It is right on the inputs that are the same in every run and wrong on all new ones, as remembered answers are."
            )
        ]
    if isinstance(trials[0].expected, np.ndarray) and _remembered(trials):
        return [Sentence("It returns the answer of an earlier call with the same shapes: compute it from the numbers.")]
    return [mistake.sentence for mistake in task.mistakes if all(mistake.explains(trial) for trial in trials)]


def _remembered(trials: list[Trial]) -> bool:
    """Whether every wrong answer is the right one of an earlier call with the same shapes."""
    earlier: dict[str, Trial] = {}
    for trial in trials:
        first = earlier.setdefault(trial.case.text, trial)
        if not trial.right and (first is trial or trial.y is None or not arrays_agree(trial.y, first.expected)):
            return False
    return True


def _common(wrong: list[Trial], trials: list[Trial]) -> str:
    """What the cases that went wrong have in common and no other case has."""
    if len(wrong) < len(trials):
        for feature in sorted(wrong[0].case.features):
            if [trial for trial in trials if feature in trial.case.features] == wrong:
                return feature
    return ""
