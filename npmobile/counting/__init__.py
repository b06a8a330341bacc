"""Count what any NumPy code multiplies.

>>> import numpy as np
>>> counted = count(lambda x, w: (x * w).sum(), np.array([1.0, 2.0]), np.array([3.0, 4.0]))
>>> counted, counted.result
(Counted: 2 multiplications, 1 additions, 11.0)

tally, number       one number that counts, and where it counts
values, dtypes      from values to such numbers, and back
ufuncs, array       arrays of them, and what NumPy's functions do with these
calls, standin      NumPy, as the function that is counted sees it
containers, memory  the arguments, as the function gets them
places, names       what else the function sees, replaced and put back
counted             `count` and what it returns
"""

from .counted import Counted, count
from .tally import NotCountable

__all__ = ["Counted", "NotCountable", "count"]
