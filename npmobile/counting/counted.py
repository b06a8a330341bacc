"""Count what a function multiplies: `count`, and `Counted`, what it found."""

from __future__ import annotations

import array
import inspect
import io
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Number as AnyNumber
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from . import places, tally
from .array import Indices
from .containers import rebuild
from .names import Names
from .number import Given, Number, number
from .tally import NotCountable, Run, file_name, is_own, unseen
from .values import ConstantFloat, ConstantInt, plain


@dataclass(frozen=True, eq=False)
class Counted:
    """What a function returned, and the arithmetic that it did.

    Attributes
    ----------
    result : anything
        What the function returned, with plain arrays; of a generator, the list of what it yielded.
    operations : dict of str to int
        How often each operation was made, by the name of NumPy's function for it.
    unseen : dict of str to int
        What was not counted, with its line in the code, and how many numbers it concerns.
    """

    result: Any
    operations: dict[str, int]
    unseen: dict[str, int]

    @property
    def multiplications(self) -> int:
        """How many products were made: the mult-adds, for each of them has just one."""
        return self.operations.get("multiply", 0)

    @property
    def additions(self) -> int:
        """How many sums and differences were made: n products take n - 1 of them, or n where the sum begins with 0."""
        return self.operations.get("add", 0) + self.operations.get("subtract", 0)

    @property
    def complete(self) -> bool:
        """Whether all was counted. If not, the counts say "at least"."""
        return not self.unseen

    def __repr__(self) -> str:
        others = {n: t for n, t in self.operations.items() if n not in ("multiply", "add", "subtract")}
        text = f"{self.multiplications:,} multiplications, {self.additions:,} additions"
        text += "".join(f", {times:,} {name}" for name, times in others.items())
        if self.complete:
            return f"Counted: {text}"
        reasons = [f"{what} ({times:,})" for what, times in self.unseen.items()]
        more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
        return f"Counted: at least {text}\n  not counted: {'; '.join(reasons[:3])}{more}"


_one_at_a_time = threading.Lock()


def count(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Counted:
    """Call a function on numbers that count, and say what it multiplied.

    Nothing is worked out from shapes: each number adds 1 to a tally when it is multiplied, added, divided and so on.
    NumPy asks them for every product in a loop, a slice, a matrix product or an einsum.

    Parameters
    ----------
    function : callable
        Anything that computes with NumPy or in plain Python. A generator is run to its end.
    *args, **kwargs
        Its arguments. Arrays of floats, integers and bools, and floats, count; so they do inside of lists, tuples,
        dicts and objects. An int stays one: it is a size, a stride or an index. The function cannot change its
        arguments: arrays, lists, dicts, objects and the names of its module are afterwards as they were before.

    Returns
    -------
    Counted
        Values are computed in Python's own numbers, floats in double precision and integers of any size.

    Raises
    ------
    NotCountable
        A TypeError: if the function computes in compiled code that takes floats only, as np.fft, most of np.linalg,
        SciPy and PyTorch do, or with complex numbers.
    RuntimeError
        If another count is running.

    Notes
    -----
    Counted is the arithmetic on numbers that were given or that stand in arrays of values. Not counted is
    Python's own arithmetic on loop indices, sizes and constants such as `0.5 * 3.0`, what is done to the indices
    that np.arange and argmax make, and what another library computes by itself. A value that becomes a plain float, an
    array that the count did not see made, a result that was not computed from numbers that count, a thread: each is
    noted in `unseen`, and then the count is not complete.

    If the function raises an exception, it is called a second time, in the ordinary way, to find out whose mistake it
    is: if that call fails too, its exception is what you get.

    Examples
    --------
    >>> counted = count(np.matmul, np.ones((4, 3)), np.ones((3, 2)))
    >>> counted
    Counted: 24 multiplications, 16 additions
    >>> counted.multiplications, counted.complete, counted.result[0]
    (24, True, array([3., 3.]))
    >>> count(lambda x: float(x[0]) * float(x[1]), np.array([2.0, 3.0])).complete
    False
    """
    if not callable(function):
        raise TypeError(f"function must be callable, but is {type(function).__name__}")
    if not _one_at_a_time.acquire(blocking=False):
        raise RuntimeError("a count is running: counts cannot be nested, nor run in two threads at the same time")
    try:
        return _count(function, args, kwargs)
    finally:
        _one_at_a_time.release()


def _count(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Counted:
    try:
        return _run(function, args, kwargs)
    except NotCountable as error:
        raise NotCountable(f"{_name(function)} cannot be counted: {error}{_line(error)}") from error.__cause__
    except Exception as error:
        failure = error
    args, kwargs = rebuild((args, kwargs), _copied, {})
    _finished(function(*args, **kwargs))  # raises if the mistake is the function's own
    raise NotCountable(
        f"{_name(function)} cannot be counted: it works with floats, but with numbers that count it raises "
        f"{type(failure).__name__}: {failure}{_line(failure)}"
    ) from failure


def _run(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Counted:
    with Names() as names:
        args = tuple(map(names.argument, args))
        kwargs = {word: names.argument(value) for word, value in kwargs.items()}
        function = names.argument(function)
        profile = threading.getprofile()
        tally.running = run = Run()
        try:
            threading.setprofile(_thread_started)
            result = _finished(function(*args, **kwargs))
            operations = run.operations()
        finally:
            tally.running = None
            threading.setprofile(profile)
        reader = _Result()
        result = rebuild(result, reader.plain, {})
    left = run.unseen + reader.unseen
    if not (left or operations or reader.holds_numbers):
        left["nothing was computed with numbers that count"] = 1
    return Counted(result, operations, dict(left))


def _copied(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    copied = value.copy()
    copied.flags.writeable = value.flags.writeable
    return copied


def _thread_started(*event: object) -> None:
    """In a thread that starts during a count, before its first line runs."""
    sys.setprofile(None)
    unseen("a thread was started")


def _finished(result: Any) -> Any:
    """A result with its generators and other iterators run to the end, as lists."""
    if inspect.iscoroutine(result):
        result.close()
    if inspect.iscoroutine(result) or inspect.isasyncgen(result):
        raise NotCountable("it is async")
    return rebuild(result, lambda part: list(map(_finished, part)) if _is_iterator(part) else part, {})


def _is_iterator(value: Any) -> bool:
    return isinstance(value, Iterator) and not isinstance(value, io.IOBase)


def _name(function: Any) -> str:
    return str(getattr(getattr(function, "func", function), "__name__", type(function).__name__))


def _line(error: Exception) -> str:
    """The last line of the user's code that an exception passed."""
    places = [
        (frame.f_globals.get("__name__", ""), frame.f_code.co_filename, n)
        for frame, n in traceback.walk_tb(error.__traceback__)
    ]
    own = [f" ({file_name(file)}, line {n})" for module, file, n in places if is_own(module)]
    return own[-1] if own else ""


class _Result:
    """Makes plain values of a result, and looks at what in it was not computed from numbers that count."""

    def __init__(self) -> None:
        self.holds_numbers = False
        self.unseen: Counter[str] = Counter()
        self._looked_at: dict[int, Any] = {}

    def plain(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return self._array(value)
        if type(value) in (Number, Given):
            value = number(value)
            self._number(value)
            return float(value.value) if isinstance(value.value, float) else value.value
        if isinstance(value, AnyNumber):
            if not isinstance(value, (int, np.integer)):
                self.unseen["a plain number in the result"] += 1
        elif isinstance(value, (FunctionType, MethodType)):
            self.unseen["a function in the result that was not called"] += 1
        elif not isinstance(value, (type, ModuleType)):
            self._object(value)
        return value

    def _number(self, value: Number) -> None:
        self.holds_numbers = True
        if isinstance(value.value, (ConstantFloat, ConstantInt)) and value.value:
            self.unseen["a constant in the result"] += 1

    def _array(self, x: np.ndarray) -> np.ndarray:
        if type(x) is Indices:
            self.unseen["indices that were multiplied, in the result"] += x.size if x.multiplied else 0
            return np.asarray(x)
        if x.dtype.kind != "O":
            self.unseen["a plain number in the result"] += x.size if x.dtype.kind in "fiubcV" else 0
            return x
        self.holds_numbers |= not x.size
        for value in x.flat:
            if type(value) is Number:
                self._number(value)
            elif isinstance(value, AnyNumber):
                self.unseen["a plain number in the result"] += 1
        return plain(x)

    def _object(self, value: Any) -> None:
        """Look into an object of the user's code, and make what it holds plain."""
        if id(value) in self._looked_at:
            return
        self._looked_at[id(value)] = value
        kind = type(value)
        if is_own(kind.__module__) or kind is SimpleNamespace:
            for place in places.in_object(value):
                for key, part in list(place.items()):
                    new = rebuild(part, self.plain, {})
                    if new is not part:
                        place.write(key, new)
        elif kind.__module__.partition(".")[0] not in sys.stdlib_module_names or isinstance(value, array.array):
            self.unseen[f"a {kind.__module__}.{kind.__name__} in the result"] += 1
