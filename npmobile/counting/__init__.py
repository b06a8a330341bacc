"""Count what any NumPy code multiplies.

count       call a function on numbers that count: what it returned, and what it multiplied

number      one number that counts
array       arrays of them, and what NumPy's functions do with these
values      from values to numbers that count, and back
calls, standin   NumPy, as the function that is counted sees it
names, memory, containers   what the function sees, replaced and put back
tally       what was counted, and what could not be seen
counted     `count` and `Counted`
"""

from .counted import Counted, count
from .tally import NotCountable

__all__ = ["Counted", "NotCountable", "count"]
