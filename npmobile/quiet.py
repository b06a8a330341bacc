"""Functions that let no floating-point warning of NumPy out, and leave its settings alone whatever stops them.

Which operations warn of an infinity depends on the processor: the matrix kernels for AVX-512 set the flag for
"invalid value" even where no output is NaN. The numbers that come out are the same, so such warnings say nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
T = TypeVar("T")


def quiet(function: Callable[P, T]) -> Callable[P, T]:
    """Make a function that runs with floating-point warnings switched off: a decorator.

    `np.errstate` alone puts the setting back in a line of Python, and Ctrl-C may come just before that line. NumPy 2
    keeps the setting in the context (PEP 567). Here that is a copy, which ends with the function: nothing needs to be
    put back. NumPy 1.26 keeps it in the thread, where `np.errstate` has to do.

    >>> @quiet
    ... def reciprocal(x):
    ...     return 1 / x
    >>> reciprocal(np.zeros(1))
    array([inf])
    """

    @wraps(function)
    def quietly(*args: P.args, **kwargs: P.kwargs) -> T:
        return copy_context().run(silenced, *args, **kwargs)

    def silenced(*args: P.args, **kwargs: P.kwargs) -> T:
        with np.errstate(all="ignore"):
            return function(*args, **kwargs)

    return quietly
