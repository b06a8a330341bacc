"""What is written down of a measured layer is exact: bytes, mult-adds per byte, sums."""

from __future__ import annotations

from fractions import Fraction

from npmobile.fast import timed
from npmobile.fast.timed import Timed
from npmobile.spec import Layer

POINTWISE = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=2, N=3, D_F=4)
DEPTHWISE = Layer("conv_dw_1", "depthwise", D_K=3, stride=2, M=2, N=2, D_F=8)


def test_bytes_moved_by_hand():
    # 4 x 4 pixels of 2 channels, a 2 x 3 kernel, 4 x 4 pixels of 3 channels; 4 bytes each
    assert timed.bytes_moved(POINTWISE) == 4 * (32 + 6 + 48)
    assert timed.bytes_moved(DEPTHWISE) == 4 * (128 + 18 + 32)


def test_intensity_and_rate_of_the_median_round():
    layer = Timed(POINTWISE, mult_adds=96, bytes_moved=344, rounds=(0.25, 0.5, 7.0))
    assert layer.intensity == Fraction(96, 344)
    assert (layer.seconds, layer.rate) == (0.5, 192)


def test_tables_add_up():
    """The last line is the sum of the lines above it, also where a pause spoilt one round of one layer."""
    layers = [
        Timed(DEPTHWISE, 1_000_000, 500_000, rounds=(0.001, 0.002, 0.003)),
        Timed(POINTWISE, 3_000_000, 500_000, rounds=(0.002, 0.001, 0.6)),
    ]
    *_, total = timed.as_text(layers).splitlines()
    assert total.split() == ["total", "4,000,000", "1,000,000", "4.0", "4.000", "1.0"]
