"""The numbers that the paper prints beside ours: `python -m npmobile.paper`.

printed     what the paper's tables print
networks    the networks that the paper compares MobileNet with, as tables of layers
readings    the ways in which a printed number may have been counted
verdicts    the rules by which a printed number is judged
comparison  every printed cost beside ours, with its verdict
published   the 16 published networks: their costs and accuracies
errata      mistakes in print, each shown by arithmetic
tools       what eight counting tools report, and why
report      all of it as text, markdown or JSON
"""

from . import errata, networks, printed, readings, tools, verdicts
from .comparison import Cell, cells, tally
from .errata import Erratum, list_errata
from .published import Point, accuracies, printed_total

__all__ = [
    "Cell",
    "Erratum",
    "Point",
    "accuracies",
    "cells",
    "errata",
    "list_errata",
    "networks",
    "printed",
    "printed_total",
    "readings",
    "tally",
    "tools",
    "verdicts",
]


def __dir__() -> list[str]:
    return __all__
