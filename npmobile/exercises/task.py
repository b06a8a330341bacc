"""What a task is: its cases, the right answers, and the mistakes that it knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .running import Outcome
from .words import Sentence

Line = Sentence


@dataclass(frozen=True, eq=False)
class Case:
    """One call of a student's function.

    Attributes
    ----------
    arguments : tuple
        In the order of the task's signature.
    options : dict
        As {"stride": 2, "padding": "same"}.
    text : str
        The call in one line: the shapes of arrays, the values of numbers.
    drawn : bool
        Whether it is drawn from the seed, and new in each run.
    size : int
        How many numbers it takes to follow it on paper.
    features : frozenset of str
        What may set it apart from other cases, as "stride above 1".
    """

    arguments: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    drawn: bool = False
    size: int = 0
    features: frozenset[str] = frozenset()


@dataclass(eq=False)
class Trial:
    """What a student's function made of one case.

    Attributes
    ----------
    y : array, number or rows, optional
        What it returned, as the task reads it; None if it returned nothing of the kind.
    dtype : str
        Of the array that was returned.
    stated : int, optional
        The number of mult-adds that it returned beside.
    problem : Sentence, optional
        Why y is not even compared, or wrong in another way than by its values.
    changes : Sentence, optional
        Which arguments the function changed in place.
    right : bool
    """

    case: Case
    outcome: Outcome
    expected: Any
    y: Any = None
    dtype: str = ""
    stated: Any = None
    problem: Sentence | None = None
    changes: Sentence | None = None
    right: bool = False


@dataclass(frozen=True)
class Mistake:
    """A mistake, and whether it explains what a trial gave: also that a trial is right."""

    sentence: Sentence
    explains: Callable[[Trial], bool]


@dataclass(frozen=True)
class Task:
    """A function that a student is to write.

    Attributes
    ----------
    cases : function of a random generator
        The fixed cases first, then those that are drawn.
    expected : function of a case
    read : function of (trial, what came)
        Sets `y`, `stated` and `problem` of the trial.
    same : function of (y, expected)
    working : function of a trial
        The lines that show a wrong example: what went in, what is expected and why, what came.
    cost : function of (report, caller, trials), optional
        Judges what was executed; None where a task has no cost.
    allowed : collection of str
        Modules of npmobile that the function may call.
    forms : tuple of str
        Features of cases. A function may refuse all cases of one form with a KeyError.
    """

    name: str
    arguments: tuple[str, ...]
    cases: Callable[[np.random.Generator], list[Case]]
    expected: Callable[[Case], Any]
    read: Callable[[Trial, Any], None]
    same: Callable[[Any, Any], bool]
    working: Callable[[Trial], list[Line]]
    mistakes: Sequence[Mistake]
    options: dict[str, Any] = field(default_factory=dict)
    cost: Callable[[Any, Any, list[Trial]], None] | None = None
    allowed: Collection[str] = ()
    forms: tuple[str, ...] = ()
