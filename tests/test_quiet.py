"""No warning gets out of a quiet function, and nothing that it set stays behind."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from npmobile.quiet import quiet

ZERO, HUGE, INFINITY = np.zeros(1), np.full(1, 1e308), np.full(1, np.inf)
WARN = [lambda: 1 / ZERO, lambda: HUGE * 10, lambda: INFINITY - INFINITY, lambda: 1e-320 * ZERO + 1e-300 * 1e-300]


@pytest.mark.parametrize("function", WARN)
def test_no_warning_gets_out(function):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quiet(function)()
        with np.errstate(all="raise"):  # a user's own choice is no other case
            quiet(function)()


def test_the_users_setting_stays():
    with np.errstate(all="raise", over="print"):
        before = np.geterr()
        quiet(lambda: None)()
        with pytest.raises(KeyError):
            quiet({}.__getitem__)("no such key")
        assert np.geterr() == before


def test_threads_are_quiet_at_the_same_time():
    @quiet
    def invalid():
        assert np.geterr()["invalid"] == "ignore"
        return INFINITY - INFINITY

    with warnings.catch_warnings(), ThreadPoolExecutor(4) as pool:
        warnings.simplefilter("error")
        for _ in pool.map(lambda _: invalid(), range(200)):
            pass


def test_a_quiet_function_is_the_function_otherwise():
    @quiet
    def add(a: int, b: int = 2) -> int:
        """Add."""
        return a + b

    assert (add(1), add(1, b=3), add.__name__, add.__doc__) == (3, 4, "add", "Add.")
