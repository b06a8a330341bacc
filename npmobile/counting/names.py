"""What a function sees: the names in its module, its closure, its defaults, its objects, and what those see in turn.

While it is counted, NumPy among them is the stand-in, and arrays are Numbers. Then everything is put back. Code of
Python's own library, of NumPy and of packages with compiled parts is left as it is.
"""

from __future__ import annotations

import array
import builtins
import functools
from collections.abc import Callable, Iterator
from contextlib import suppress
from numbers import Number as AnyNumber
from types import CodeType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from . import tally
from .array import Indices
from .containers import Memo, rebuild
from .memory import Memory
from .number import Given, number
from .standin import stand_in
from .tally import NotCountable, is_own
from .values import released

Leaf = Callable[[Any], Any]
_ATOMS = (int, float, complex, str, bytes, type(None))


class Place(NamedTuple):
    """Where values have names: how to list those that count, and how to write one."""

    items: Callable[[], list[tuple[Any, Any]]]
    write: Callable[[Any, Any], Any]


class Names:
    """The names that functions see. As a context, what they stand for is replaced, and put back at the end."""

    def __init__(self) -> None:
        self._used: set[str] = set()  # all names that stand in the code seen so far
        self._places: dict[int, tuple[Any, Leaf, list[Place]]] = {}  # by the id of what has them, which stays alive
        self._replaced: set[tuple[int, int, Any]] = set()
        self._undo: list[Callable[[], Any]] = []
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
        for undo in reversed(self._undo):
            undo()
        for _, _, places in self._places.values():
            for place in places:
                _release(place)
        for old, _ in self._memo.values():
            if isinstance(old, (list, dict)):
                _release(_of_container(old))
        for function, before in self._caches:
            if function.cache_info() != before:  # it remembers Numbers
                function.cache_clear()

    def argument(self, value: Any) -> Any:
        """An argument as the function gets it: the arrays and floats in it are Numbers."""
        new = rebuild(value, self._argument, self._memo)
        self._settle()
        return new

    def _argument(self, value: Any) -> Any:
        if isinstance(value, (float, np.floating)):
            return Given(value)
        if isinstance(value, AnyNumber) and not isinstance(value, (int, np.integer)):
            return number(value)
        if isinstance(value, Iterator) and type(value).__module__ in ("builtins", "itertools"):
            return (rebuild(part, self._argument, {}) for part in value)
        if isinstance(value, np.ndarray):
            return self._memory.numbers(value, constant=False)
        if isinstance(value, (array.array, memoryview)) or (
            hasattr(type(value), "__array__") and not np.isscalar(value)
        ):
            kind = type(value)
            raise NotCountable(f"a {kind.__module__}.{kind.__name__} does not count: give a NumPy array")
        return self._seen(value, self._argument)

    def _seen(self, value: Any, leaf: Leaf | None = None) -> Any:
        """What stands for a value that a function sees. What this value sees in turn is put on the list.

        With `leaf`, which makes arguments what they are to be, an object is an argument, and so is what it holds.
        """
        if isinstance(value, _ATOMS):
            return value
        if isinstance(value, np.ndarray):
            with suppress(NotCountable):  # it may have nothing to do with the function
                return self._memory.numbers(value, constant=True)
            return value
        if isinstance(value, np.vectorize):
            self._seen(value.pyfunc)
        new = stand_in(value)
        if new is value and id(value) not in self._places:
            self._places[id(value)] = value, leaf if leaf and _is_object(value) else self._seen, []
            self._places[id(value)][2].extend(self._look_at(value))
        return new

    def _look_at(self, value: Any) -> list[Place]:
        """The places in a function, class, module or object of the user's code."""
        if isinstance(value, FunctionType):
            return self._in_function(value) if is_own(value.__globals__.get("__name__", "")) else []
        if isinstance(value, (MethodType, staticmethod, classmethod)):
            self._seen(getattr(value, "__self__", None))
            self._seen(value.__func__)
        elif isinstance(value, property):
            self._seen(value.fget)
        elif isinstance(value, (functools.partialmethod, functools.cached_property)):
            self._seen(value.func)
        elif hasattr(type(value), "cache_info"):
            self._caches.append((value, value.cache_info()))
            self._seen(value.__wrapped__)
        elif isinstance(value, ModuleType):
            if is_own(value.__name__):
                self._module(vars(value))
        elif isinstance(value, type):
            return [_of_class(base) for base in value.__mro__ if is_own(base.__module__)]
        elif _is_object(value):
            self._seen(type(value))
            return of_object(value)
        return []

    def _in_function(self, function: FunctionType) -> list[Place]:
        self._used.update(_names(function.__code__))
        self._module(function.__globals__)
        places = [_of_container(function.__dict__), _of_attributes(function, ["__defaults__", "__kwdefaults__"])]
        return places + [_of_attributes(cell, ["cell_contents"]) for cell in function.__closure__ or ()]

    def _module(self, space: dict[str, Any]) -> None:
        place = Place(lambda: [(name, space[name]) for name in self._used & space.keys()], space.__setitem__)
        self._places.setdefault(id(space), (space, self._seen, [place]))

    def _settle(self) -> None:
        """Replace what can be seen, until nothing new comes to sight."""
        before = -1
        while len(self._replaced) != before:
            before = len(self._replaced)
            for owner, (_, leaf, places) in list(self._places.items()):
                for n, place in enumerate(places):
                    for key, value in place.items():
                        if (owner, n, key) not in self._replaced:
                            self._replaced.add((owner, n, key))
                            self._replace(place, key, value, leaf)

    def _replace(self, place: Place, key: Any, value: Any, leaf: Leaf) -> None:
        new = rebuild(value, leaf, self._memo)
        if new is not value:
            place.write(key, new)
            self._undo.append(functools.partial(place.write, key, value))

    def _importing(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        """The import statement: NumPy, imported inside a function that is counted, is the stand-in."""
        module = self._import(name, globals, locals, fromlist, level)
        tally.can_be_counted.cache_clear()
        if not tally.here() or locals or not is_own((globals or {}).get("__name__", "numpy")):
            return module
        new = self._seen(module)
        self._settle()
        return new


def _names(code: CodeType) -> set[str]:
    """The global names and attributes in a function's code and in the functions inside it."""
    inner = (part for part in code.co_consts if isinstance(part, CodeType))
    return {*code.co_names}.union(*map(_names, inner))


def _of_container(container: Any) -> Place:
    pairs = container.items if isinstance(container, dict) else lambda: enumerate(container)
    return Place(lambda: list(pairs()), container.__setitem__)


def _of_attributes(owner: Any, names: list[str]) -> Place:
    """Attributes that are there; not all are, as in an empty cell."""

    def items() -> list[tuple[str, Any]]:
        found = []
        for name in names:
            with suppress(AttributeError, ValueError):
                found.append((name, object.__getattribute__(owner, name)))
        return found

    return Place(items, functools.partial(object.__setattr__, owner))


def _is_object(value: Any) -> bool:
    """Whether a value is an object of a class of the user's."""
    return is_own(type(value).__module__) or isinstance(value, SimpleNamespace)


def of_object(value: Any) -> list[Place]:
    slots = [name for base in type(value).__mro__ for name in _slots(base)]
    dictionary = getattr(value, "__dict__", None)
    places = [_of_container(dictionary)] if isinstance(dictionary, dict) else []
    return [*places, _of_attributes(value, slots)] if slots else places


def _slots(base: type) -> list[str]:
    slots = vars(base).get("__slots__", ())
    names = [slots] if isinstance(slots, str) else slots
    return [f"_{base.__name__.lstrip('_')}{name}" if name[:2] == "__" != name[-2:] else name for name in names]


def _of_class(owner: type) -> Place:
    def write(name: str, value: Any) -> None:
        # np.tanh in a class is no method, but the function that stands for it would be.
        setattr(owner, name, staticmethod(value) if isinstance(value, FunctionType) and name in replaced else value)

    replaced = {name for name, value in vars(owner).items() if not isinstance(value, FunctionType)}
    return Place(lambda: [item for item in vars(owner).items() if item[0] != "__annotations__"], write)


def _release(place: Place) -> None:
    """Turn Numbers that are left in a place into the values they have."""
    for key, value in place.items():
        new = rebuild(value, lambda part: np.asarray(part) if type(part) is Indices else released(part), {})
        if new is not value:
            place.write(key, new)
