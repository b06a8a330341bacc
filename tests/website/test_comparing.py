"""Which cells depend on a clock."""

from __future__ import annotations

from .comparing import measured


def test_what_a_clock_gave_is_followed_through_names_and_functions():
    cells = [
        "a = 1\nprint(a)",
        "times = timing.interleaved(runs)",
        "print(a + 1)",
        "def ratio():\n    return times[0] / times[1]",
        "b = ratio()",
        "print(f'{b}')",
        "rounds = 7 if in_browser else 20",
        "%pip install x\nprint('b')",
    ]
    assert measured(cells) == [False, True, False, True, True, True, True, False]
