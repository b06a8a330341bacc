"""The tally: how many operations were made, and what could not be seen. One tally, for one count at a time."""

from __future__ import annotations

import importlib.machinery
import itertools
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np

_counters: dict[str, itertools.count[int]] = {}
running: Run | None = None  # the count that runs now


class NotCountable(TypeError):
    """A function computes in a way that numbers cannot count, as compiled code does that takes floats only."""


class Run:
    """One count: it begins when it is made, in the thread that makes it."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.unseen: Counter[str] = Counter()  # what was not counted, in words, and how often
        self._start = _read()

    def operations(self) -> dict[str, int]:
        """How many operations of each name were made since the beginning."""
        made = {name: now - self._start.get(name, -1) - 1 for name, now in _read().items()}
        return {name: times for name, times in made.items() if times}


def counter(name: str) -> Callable[[], int]:
    """A function that adds 1 to the operations of this name: `itertools.count`, the fastest that Python has."""
    return _counters.setdefault(name, itertools.count()).__next__


def _read() -> dict[str, int]:
    """Where the counters stand. Reading moves each of them on by 1."""
    return {name: next(count) for name, count in _counters.items()}


def here() -> bool:
    """Whether this thread counts now."""
    return running is not None and running.thread == threading.get_ident()


def unseen(what: str, times: int = 1) -> None:
    """Note what was not counted, and at which line of the user's code."""
    if running is not None and times:
        running.unseen[what + _line()] += times


def _line() -> str:
    """The line that runs now in code that is not a library's: " in lab.py, line 12", or nothing if there is none."""
    frame = sys._getframe(2)
    while frame is not None and not is_own(frame.f_globals.get("__name__", "")):
        frame = frame.f_back  # type: ignore[assignment]
    return f" in {file_name(frame.f_code.co_filename)}, line {frame.f_lineno}" if frame else ""


def file_name(path: str) -> str:
    """A file's name without its folder. IPython invents file names for the cells of a notebook.

    >>> file_name("/home/me/lab.py"), file_name("/tmp/ipykernel_123/4567.py")
    ('lab.py', 'a notebook cell')
    """
    return "a notebook cell" if "ipykernel_" in path or path.startswith("<ipython-") else os.path.basename(path)


def inside_numpy() -> bool:
    """Whether a function of NumPy's that is written in Python runs now: its constants are no concern of the user's."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith(__package__):
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None and frame.f_globals.get("__name__", "").startswith("numpy.")


def is_own(module: str) -> bool:
    """Whether a module is code to look into: the user's, or of a package that is written in Python and uses NumPy.

    >>> [is_own(name) for name in ("npmobile.conv", "__main__", "math", "numpy.linalg", "pytest")]
    [True, True, False, False, False]
    """
    return not module.startswith(__package__) and can_be_counted(module.partition(".")[0])


@cache
def can_be_counted(package: str) -> bool:
    """Whether this is true of a package, as far as it is loaded now: the answers are remembered for one count."""
    if package in {"__main__", "numpy", *sys.stdlib_module_names}:
        return package == "__main__"
    loaded = [module for name, module in list(sys.modules.items()) if f"{name}.".startswith(f"{package}.")]
    files = [str(getattr(module, "__file__", "")) for module in loaded]
    if any(file.endswith(tuple(importlib.machinery.EXTENSION_SUFFIXES)) for file in files):
        return False
    installed = any("site-packages" in file or "dist-packages" in file for file in files)
    return not installed or any(value is np for module in loaded for value in list(vars(module).values()))
