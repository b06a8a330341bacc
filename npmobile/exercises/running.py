"""Run a student's function once: what it returned, printed and changed, or what went wrong, in one sentence."""

from __future__ import annotations

import contextlib
import copy
import io
import linecache
import os
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import numpy as np

from .. import spec
from ..counting.tally import file_name
from .limits import INSTRUCTIONS, PACKAGE, Endless, Watch
from .words import Sentence

# Helpers of npmobile that compute nothing which a student is to write.
ALLOWED = ("checks", "quiet", "tables", "language", "counting")
_LAYERS = {spec.Layer.D_G.fget.__code__, spec.Layer.__post_init__.__code__, spec.Layers._lines.__code__}  # type: ignore[attr-defined]

UNWRITTEN = "It is not written yet: it raises {error}."
STOPPED = "It was stopped after {count:,} instructions of Python without an answer: does every loop end?"
LOST = (
    "It could not be watched to its end. A function must not call sys.settrace or breakpoint(), nor catch the exception of "
    "a recursion that goes too deep."
)


@dataclass
class Outcome:
    """What one call did.

    Attributes
    ----------
    result : anything
    problem : Sentence, optional
        Why there is no result.
    error : exception, optional
        What it raised.
    changed : list of int
        The positions of the arguments that it changed.
    printed : str
    used : list of str
        Functions of npmobile that it called.
    ends : bool
        Whether further calls would be of no use.
    """

    result: Any = None
    problem: Sentence | None = None
    error: BaseException | None = None
    changed: list[int] = field(default_factory=list)
    printed: str = ""
    used: list[str] = field(default_factory=list)
    ends: bool = False


def run(
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    keywords: Mapping[str, Any],
    allowed: Collection[str] = (),
) -> Outcome:
    """Call a function on copies of the arguments, watched."""
    given = copy.deepcopy(arguments)
    watch = Watch((*ALLOWED, *allowed), _LAYERS)
    outcome, printed = Outcome(), io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            outcome.result = watch.call(function, given, keywords)
    except KeyboardInterrupt:  # the user's own
        raise
    except Endless:
        outcome.problem, outcome.ends = Sentence(STOPPED, count=INSTRUCTIONS), True
    except BaseException as error:  # whatever a student's function raises is an answer
        outcome.problem, outcome.error = _raised(error), error
        outcome.ends = isinstance(error, NotImplementedError) or not isinstance(error, Exception)
    if watch.lost:
        outcome.problem, outcome.ends = Sentence(LOST), True
    outcome.used, outcome.printed = watch.used, printed.getvalue()
    outcome.changed = [n for n, (now, before) in enumerate(zip(given, arguments)) if not _equal(now, before)]
    return outcome


def _raised(error: BaseException) -> Sentence:
    """What was raised, and at which line of the student's code. npmobile's own lines are cut off the traceback."""
    error.__traceback__ = _own(error.__traceback__)
    shown = _in_one_line(error)
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [(code.co_filename, line) for code, line in frames if Watch().is_own(code)]
    if not own:
        return Sentence("It raises {error}.", error=shown)
    file, line = own[-1]
    if isinstance(error, NotImplementedError) and Watch().is_own(frames[-1][0]):
        return Sentence(UNWRITTEN, error=shown)
    place: str | Sentence = file_name(file)
    if place == "a notebook cell":
        place = Sentence("a notebook cell")
    source = linecache.getline(file, line).strip()
    values = {"error": shown, "line": line, "file": place}
    if not source:
        return Sentence("It raises {error} in line {line} of {file}.", **values)
    return Sentence("It raises {error} in line {line} of {file}: {source}", source=source, **values)


def _in_one_line(error: BaseException) -> str:
    """As "ValueError: what it says", not too long."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # of an exception that the student wrote
        text = ""
    name = type(error).__name__
    return f"{name}: {text if len(text) <= 300 else text[:297] + '...'}" if text else name


def _own(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(PACKAGE + os.sep):
        trace = trace.tb_next
    return trace


def _equal(now: Any, before: Any) -> bool:
    """Whether an argument is still what it was."""
    if isinstance(before, np.ndarray):
        return isinstance(now, np.ndarray) and now.shape == before.shape and np.array_equal(now, before)
    if isinstance(before, dict):
        return now.keys() == before.keys() and all(_equal(now[name], before[name]) for name in before)
    return bool(now == before)
