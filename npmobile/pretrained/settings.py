"""JSON that lies in or beside a file of weights, read with every value checked.

`Settings` is a JSON object that remembers where it stands. A value is checked when it is asked for, so a refusal
names the file, the key, what was expected and what came; nobody else needs to look at types.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from .messages import Refused, short

T = TypeVar("T")
LARGEST = 4_000_000  # bytes of JSON; that of a network takes about 0.1 million


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What a value may be, in words and as a test, and what it is turned into."""

    words: str
    fits: Callable[[Any], bool]
    convert: Callable[[Any], T] = lambda value: value


def _is_number(value: object) -> bool:
    """Whether a value is a finite number, as NaN, True and False are not."""
    return isinstance(value, int | float) and type(value) is not bool and abs(value) <= sys.float_info.max


def integer(low: int, high: int) -> Kind[int]:
    """A whole number from low to high."""
    return Kind(f"an integer from {low:,} to {high:,}", lambda v: type(v) is int and low <= v <= high)


def number(at_least: float = -math.inf, above: float = -math.inf) -> Kind[float]:
    """A finite number."""
    bound = f" above {above:g}" if above > -math.inf else f" of at least {at_least:g}" if at_least > -math.inf else ""
    return Kind(f"a finite number{bound}", lambda v: _is_number(v) and v >= at_least and v > above, float)


def numbers(count: int, above: float = -math.inf) -> Kind[tuple[float, ...]]:
    """A list of so many finite numbers."""
    one = number(above=above)
    return Kind(
        f"a list of {count} numbers, each {one.words}",
        lambda v: type(v) is list and len(v) == count and all(map(one.fits, v)),
        lambda v: tuple(map(float, v)),
    )


FLAG: Kind[bool] = Kind("true or false", lambda v: type(v) is bool)
TEXT: Kind[str] = Kind("text", lambda v: type(v) is str and not any("\ud800" <= c <= "\udfff" for c in v))
OBJECT: Kind[dict[str, Any]] = Kind("a JSON object", lambda v: type(v) is dict)
OBJECTS: Kind[list[dict[str, Any]]] = Kind(
    "a list of JSON objects", lambda v: type(v) is list and all(type(item) is dict for item in v)
)


@dataclass(frozen=True)
class Settings:
    """A JSON object of a file.

    Parameters
    ----------
    values : dict
    where : str
        The file, and the keys that lead to this object in it.

    Examples
    --------
    >>> settings = Settings({"eps": None}, "config.json")
    >>> settings.get("alpha", number(above=0), 1.0)
    1.0
    >>> settings.get("eps", number(at_least=0), 1e-3)
    Traceback (most recent call last):
    npmobile.pretrained.messages.Refused: config.json: eps must be a finite number of at least 0, but is None
    """

    values: dict[str, Any]
    where: str

    def get(self, key: str, kind: Kind[T], default: T | None = None) -> T:
        """The value of a key, or `default` where the key is missing; without a default it must not be."""
        if key not in self.values and default is not None:
            return default
        if key not in self.values or not kind.fits(self.values[key]):
            came = f"is {short(self.values[key])}" if key in self.values else "is missing"
            raise Refused(f"{self.where}: {key} must be {kind.words}, but {came}")
        return kind.convert(self.values[key])

    def must_be(self, key: str, *allowed: Any, default: Any = None) -> None:
        """Refuse a key that has another value than those allowed; `default` is what a missing key means."""
        value = self.values.get(key, default)
        if not any(type(value) is type(one) and value == one for one in allowed):
            raise Refused(f"{self.where}: {key} is {short(value)}, and MobileNet v1 has {short(allowed[0])}")

    def inside(self, key: str) -> Settings:
        """The JSON object that a key holds."""
        return Settings(self.get(key, OBJECT), f"{self.where}: {key}")


def read(path: Path) -> Settings | None:
    """The JSON object of a file, or None where there is no such file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return parse(file.read(LARGEST + 1), path.name)


def parse(text: bytes | str, where: str) -> Settings:
    """A JSON object from its text; refuses what is no JSON, holds a key twice, or is too large.

    >>> parse('{"a": 1, "a": 2}', "config.json")
    Traceback (most recent call last):
    npmobile.pretrained.messages.Refused: config.json cannot be read as JSON: the key 'a' stands in it twice
    """
    if len(text) > LARGEST:
        raise Refused(f"{where} is larger than {LARGEST:,} bytes")
    try:
        document = json.loads(
            text.decode("utf8") if isinstance(text, bytes) else text,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise Refused(f"{where} cannot be read as JSON: {reason}") from error
    if not isinstance(document, dict):
        raise Refused(f"{where} must hold a JSON object, but holds {short(document)}")
    return Settings(document, where)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, refused if a key stands in it twice: Python would keep the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise Refused(f"the key {short(twice)} stands in it twice")
    return found
