"""How a student's function is called: what it may leave out, and what it must take."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from .answers import shown
from .words import Sentence

P = inspect.Parameter


class Caller:
    """How a student's function is called: with the arguments in order, and with those options that it takes.

    Parameters
    ----------
    function : callable
    arguments : sequence of str
        What it must take, in this order; it may use other names.
    options : dict of str to default
        What it may leave out. It takes an option by its name, or by its place behind the arguments.

    Attributes
    ----------
    taken : list of str
        The options that it takes.
    problem : Sentence, optional
        Why it cannot be called.
    """

    def __init__(
        self, function: Callable[..., Any], name: str, arguments: tuple[str, ...], options: Mapping[str, Any]
    ) -> None:
        self.function, self.taken = function, list[str]()
        self.problem: Sentence | None = None
        self._by_place: list[str] = []
        wanted = signature(name, arguments, options)
        if not callable(function):
            kind = type(function).__name__
            self.problem = Sentence("Give the function itself, without calling it: it must be {wanted}, but is of type {kind}.",
                                    wanted=wanted, kind=kind)  # fmt: skip
            return
        if issubclass(type(function), type):
            self.problem = Sentence("Give a function, {wanted}, and not a class.", wanted=wanted)
            return
        try:
            found = inspect.signature(function)
        except Exception:  # compiled code often does not tell, and an object of the student's may raise anything
            return
        self._find_options(found, len(arguments), options)
        try:
            by_name = dict.fromkeys(option for option in self.taken if option not in self._by_place)
            found.bind(*arguments, *self._by_place, **by_name)
        except TypeError:
            came = shown(f"{getattr(function, '__name__', 'f')}{found}")
            self.problem = Sentence("It must take {wanted}, but is {came}.", wanted=wanted, came=came)

    def _find_options(self, found: inspect.Signature, required: int, options: Mapping[str, Any]) -> None:
        parameters = list(found.parameters.values())
        places = [p for p in parameters if p.kind in (P.POSITIONAL_ONLY, P.POSITIONAL_OR_KEYWORD)][required:]
        any_name = any(p.kind == P.VAR_KEYWORD for p in parameters)
        for name in options:
            by_name = name in found.parameters and found.parameters[name].kind in (
                P.POSITIONAL_OR_KEYWORD,
                P.KEYWORD_ONLY,
            )
            if by_name or any_name:
                self.taken.append(name)
        for name, parameter in zip([name for name in options if name not in self.taken], places):
            if parameter.name in options or not _stands_for(parameter, options[name]):
                break
            self._by_place.append(name)
        self.taken += self._by_place

    def plan(self, options: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What to pass behind the arguments, and by name, for these options."""
        by_place = tuple(options[name] for name in self._by_place)
        return by_place, {name: options[name] for name in self.taken if name not in self._by_place}


def _stands_for(parameter: inspect.Parameter, default: Any) -> bool:
    """Whether a parameter of another name is the option: it has the option's default, or none."""
    same = type(parameter.default) is type(default) and parameter.default == default
    return same or parameter.default is P.empty


def signature(name: str, arguments: tuple[str, ...], options: Mapping[str, Any]) -> str:
    """What a function is to take, as one writes it.

    >>> signature("depthwise_conv", ("x", "kernel"), {"stride": 1, "padding": "same"})
    "depthwise_conv(x, kernel, stride=1, padding='same')"
    """
    return f"{name}({', '.join([*arguments, *(f'{option}={default!r}' for option, default in options.items())])})"
