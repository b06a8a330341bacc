"""Lists, tuples, dicts and sets, as deep as they go: the same again with something else in place of what they hold."""

from __future__ import annotations

import copy
import functools
from collections import deque
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any

# Containers rebuilt already, by id: the old one, which stays alive; the new one; and a copy of what the old one held.
Memo = dict[int, tuple[Any, Any, Any]]


def rebuild(value: Any, leaf: Callable[[Any], Any], memo: Memo) -> Any:
    """A container with `leaf(part)` in place of each part that is no container; the same one if no part changes.

    >>> rebuild([1, (2, {"a": 3})], lambda part: 10 * part, {})
    [10, (20, {'a': 30})]
    """
    kind = type(value)
    if not issubclass(kind, (list, tuple, dict, set, frozenset, deque, MappingProxyType, functools.partial)):
        return leaf(value)
    if id(value) in memo:
        return memo[id(value)][1]
    held = dict(value) if isinstance(value, dict) else list(value) if hasattr(value, "clear") else None
    memo[id(value)] = value, value, held  # in case it holds itself
    if issubclass(kind, functools.partial):
        old: Iterable[Any] = (value.func, value.args, value.keywords)
    else:
        old = value.values() if issubclass(kind, (dict, MappingProxyType)) else value
    parts = [rebuild(part, leaf, memo) for part in old]
    if any(part is not before for part, before in zip(parts, old)):
        memo[id(value)] = value, _again(value, parts), held
    return memo[id(value)][1]


def _again(value: Any, parts: list[Any]) -> Any:
    """A container like this one with other parts."""
    if isinstance(value, functools.partial):
        return type(value)(parts[0], *parts[1], **parts[2])
    if isinstance(value, MappingProxyType):
        return MappingProxyType(dict(zip(value, parts)))
    if isinstance(value, (tuple, frozenset)):
        return value._make(parts) if hasattr(value, "_make") else type(value)(parts)
    new = copy.copy(value)
    if isinstance(value, dict):
        new.update(zip(value, parts))
        return new
    new.clear()
    (new.update if isinstance(new, set) else new.extend)(parts)
    return new


def restore(value: Any, held: Any) -> None:
    """Put back into a list, dict, set or deque what it held.

    >>> numbers = [1, 2, 3]
    >>> restore(numbers, [4, 5])
    >>> numbers
    [4, 5]
    """
    if held is None or _same(value, held):
        return
    value.clear()
    (value.update if hasattr(value, "update") else value.extend)(held)


def _same(value: Any, held: Any) -> bool:
    """Whether two containers hold the same objects."""
    pairs = zip(value.items(), held.items()) if isinstance(value, dict) else zip(enumerate(value), enumerate(held))
    return len(value) == len(held) and all(key == other and part is before for (key, part), (other, before) in pairs)
