"""Places where values have names: in modules, closures, classes, objects and containers. They are read and written."""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import CodeType, FunctionType
from typing import Any


@dataclass
class Place:
    """Names with their values. What is written there can be put back.

    `items` lists the names with their values, `write` and `remove` change one. `before` is what they stood for.
    """

    items: Callable[[], Iterable[tuple[Any, Any]]]
    write: Callable[[Any, Any], Any]
    remove: Callable[[Any], Any]
    before: dict[Any, Any] = field(default_factory=dict)

    def put_back(self) -> None:
        """Give every name its value of before, and remove those that were not there."""
        now = dict(self.items())
        for name in now.keys() - self.before.keys():
            self.remove(name)
        for name, value in self.before.items():
            if name not in now or now[name] is not value:
                self.write(name, value)


def names(code: CodeType) -> tuple[set[str], set[str]]:
    """The global names, and the names of attributes, in a function's code and in the functions inside it.

    >>> names((lambda x: np.zeros(x.shape)).__code__) == ({"np"}, {"zeros", "shape"})
    True
    """
    of_globals: set[str] = set()
    of_attributes: set[str] = set()
    for instruction in dis.get_instructions(code):
        if instruction.opcode in dis.hasname:
            kind = instruction.opname
            (of_globals if "GLOBAL" in kind or kind.endswith("_NAME") else of_attributes).add(instruction.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            for found, more in zip((of_globals, of_attributes), names(inner)):
                found |= more
    return of_globals, of_attributes


def in_module(space: dict[str, Any], used: Callable[[], set[str]]) -> Place:
    """Those names of a module that are used. More may come to be used later."""
    return Place(lambda: [(name, space[name]) for name in used() & space.keys()], space.__setitem__, space.__delitem__)


def in_dictionary(space: dict[str, Any]) -> Place:
    """All names in the dictionary of an object."""
    return Place(lambda: list(space.items()), space.__setitem__, space.__delitem__)


def in_attributes(owner: Any, attributes: list[str]) -> Place:
    """Attributes that are there; not all are, as in an empty cell of a closure."""

    def items() -> Iterable[tuple[str, Any]]:
        for name in attributes:
            with suppress(AttributeError, ValueError):
                yield name, object.__getattribute__(owner, name)

    return Place(items, partial(object.__setattr__, owner), partial(object.__delattr__, owner))


def in_function(function: FunctionType) -> list[Place]:
    """Its attributes, its defaults and its closure."""
    cells = [in_attributes(cell, ["cell_contents"]) for cell in function.__closure__ or ()]
    return [in_dictionary(function.__dict__), in_attributes(function, ["__defaults__", "__kwdefaults__"]), *cells]


def in_object(value: Any) -> list[Place]:
    """The attributes of an object, those in slots too."""
    slots = [name for base in type(value).__mro__ for name in _slots(base)]
    dictionary = getattr(value, "__dict__", None)
    places = [in_dictionary(dictionary)] if isinstance(dictionary, dict) else []
    return [*places, in_attributes(value, slots)] if slots else places


def _slots(base: type) -> list[str]:
    slots = vars(base).get("__slots__", ())
    names = [slots] if isinstance(slots, str) else slots
    return [f"_{base.__name__.lstrip('_')}{name}" if name[:2] == "__" != name[-2:] else name for name in names]


def in_class(owner: type) -> Place:
    """The methods and other attributes of a class itself."""
    functions = {name for name, value in vars(owner).items() if isinstance(value, FunctionType)}

    def write(name: str, value: Any) -> None:
        # np.tanh in a class is no method, but a function that stands for it would be.
        becomes_method = isinstance(value, FunctionType) and name not in functions
        setattr(owner, name, staticmethod(value) if becomes_method else value)

    def items() -> list[tuple[str, Any]]:
        return [(name, value) for name, value in vars(owner).items() if name not in ("__annotations__", "__doc__")]

    return Place(items, write, partial(delattr, owner))
