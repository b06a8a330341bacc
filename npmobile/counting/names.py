"""What a function sees: the names in its module, its closure, its defaults, its objects, and what those see in turn.

While it is counted, NumPy among them is the stand-in, and arrays are Numbers. Then everything is put back as it was,
and what the function wrote there is gone. Code of Python's own library, of NumPy and of packages with compiled parts is
left as it is.
"""

from __future__ import annotations

import array
import builtins
import functools
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from numbers import Number as AnyNumber
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from . import places, tally
from .containers import Memo, rebuild, restore
from .memory import Memory
from .number import Given, number
from .places import Place
from .standin import stand_in
from .tally import NotCountable, is_own

_ATOMS = (int, float, complex, str, bytes, type(None))


class Names:
    """The names that functions see. As a context, what they stand for is replaced, and put back at the end."""

    def __init__(self) -> None:
        self._globals: dict[int, set[str]] = defaultdict(set)  # by the id of a module's names: which ones its code uses
        self._attributes: set[str] = set()  # names of attributes in all code seen so far,
        self._modules: set[int] = set()  # for modules that are values themselves, as `np` is in `np.zeros`
        # What has places, by its id: itself, so that it stays alive; the places; and what stands for a value there.
        self._seen: dict[int, tuple[Any, list[Place], Callable[[Any], Any]]] = {}
        self._caches: list[tuple[Any, Any]] = []
        self._memo: Memo = {}
        self._memory = Memory()
        self._import = builtins.__import__

    def __enter__(self) -> Names:
        tally.can_be_counted.cache_clear()
        builtins.__import__ = self._importing
        return self

    def __exit__(self, *raised: object) -> None:
        builtins.__import__ = self._import
        for _, found, _ in reversed(self._seen.values()):
            for place in found:
                place.put_back()
        for container, _, held in self._memo.values():
            restore(container, held)
        for function, before in self._caches:
            if function.cache_info() != before:  # it remembers Numbers
                function.cache_clear()

    def argument(self, value: Any) -> Any:
        """An argument as the function gets it: arrays in it are Numbers, and so are floats in a container."""
        new = self._given(value)
        self._settle()
        return new

    # What stands for a value

    def _given(self, value: Any) -> Any:
        if isinstance(value, (float, np.floating)):
            return Given(value)
        return rebuild(value, self._given_part, self._memo)

    def _given_part(self, value: Any) -> Any:
        if isinstance(value, AnyNumber) and not isinstance(value, (int, np.integer)):
            return number(value)
        if isinstance(value, np.ndarray):
            return self._memory.numbers(value, constant=False)
        kind = type(value)
        if isinstance(value, Iterator) and kind.__module__ in ("builtins", "itertools"):
            return map(self._given, value)
        if isinstance(value, (array.array, memoryview)) or (hasattr(kind, "__array__") and not np.isscalar(value)):
            raise NotCountable(f"a {kind.__module__}.{kind.__name__} does not count: give a NumPy array")
        return self._outside_part(value, self._given if _is_object(value) else None)

    def _outside(self, value: Any) -> Any:
        return rebuild(value, self._outside_part, self._memo)

    def _outside_part(self, value: Any, inside: Callable[[Any], Any] | None = None) -> Any:
        """What stands for a value that is no argument, or for a function. It is put on the list to be looked at."""
        if isinstance(value, _ATOMS):
            return value
        if isinstance(value, np.ndarray):
            with suppress(NotCountable):  # it may have nothing to do with the function
                return self._memory.numbers(value, constant=True)
            return value
        if isinstance(value, np.vectorize):
            self._outside_part(value.pyfunc)
        new = stand_in(value)
        if new is value and id(value) not in self._seen:
            self._seen[id(value)] = value, (found := []), inside or self._outside
            found += self._look_at(value)
        return new

    # Where it sees others

    def _look_at(self, value: Any) -> list[Place]:
        """The places in a function, class, module or object of the user's code."""
        if isinstance(value, FunctionType):
            if is_own(value.__globals__.get("__name__", "")):
                of_globals, of_attributes = places.names(value.__code__)
                self._globals[id(value.__globals__)] |= of_globals
                self._attributes |= of_attributes
                self._module(value.__globals__)
                return places.in_function(value)
        elif isinstance(value, (MethodType, staticmethod, classmethod)):
            self._outside(getattr(value, "__self__", None))
            self._outside(value.__func__)
        elif isinstance(value, property):
            self._outside(value.fget)
        elif isinstance(value, (functools.partialmethod, functools.cached_property)):
            self._outside(value.func)
        elif hasattr(type(value), "cache_info"):
            self._caches.append((value, value.cache_info()))
            self._outside(value.__wrapped__)
        elif isinstance(value, ModuleType):
            if is_own(value.__name__):
                self._modules.add(id(vars(value)))
                self._module(vars(value))
        elif isinstance(value, type):
            if is_own(value.__module__):
                for base in value.__bases__:
                    self._outside(base)
                return [places.in_class(value)]
        elif _is_object(value):
            self._outside(type(value))
            return places.in_object(value)
        return []

    def _module(self, space: dict[str, Any]) -> None:
        def used() -> set[str]:
            return self._globals[id(space)] | (self._attributes if id(space) in self._modules else set())

        self._seen.setdefault(id(space), (space, [places.in_module(space, used)], self._outside))

    def _settle(self) -> None:
        """Replace what is seen, until nothing new comes to sight."""
        found_more = True
        while found_more:
            found_more = False
            for _, found, stands_for in list(self._seen.values()):
                for place in found:
                    for name, value in place.items():
                        if name not in place.before:
                            found_more = True
                            place.before[name] = value
                            new = stands_for(value)
                            if new is not value:
                                place.write(name, new)

    def _importing(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        """The import statement: NumPy, imported inside a function that is counted, is the stand-in."""
        module = self._import(name, globals, locals, fromlist, level)
        tally.can_be_counted.cache_clear()
        if not tally.here() or locals is globals or not is_own((globals or {}).get("__name__", "numpy")):
            return module
        new = self._outside(module)
        self._settle()
        return new


def _is_object(value: Any) -> bool:
    """Whether a value is an object of a class of the user's."""
    return is_own(type(value).__module__) or isinstance(value, SimpleNamespace)
