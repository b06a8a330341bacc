"""From arrays of values to arrays of Numbers."""

from __future__ import annotations

import numpy as np

from npmobile.counting.values import objects


def test_memory_that_was_never_written_makes_no_warning():
    """The bits of a signalling NaN: NumPy warns when it casts them to float64, and warnings are errors in tests."""
    x = np.array([0x7FA00000, 0x3F800000], np.uint32).view(np.float32)
    made = objects(x)
    assert np.isnan(made[0].value) and made[1].value == 1.0
