"""The same network in 8-bit integers, as phones run it.

Reading order: `quantisation` (a scale and a zero point), `kernels` (sums of products of integers), `rounding` (from a
large sum back to 8 bits), `layer`, `model` (the network), `exact` (the same integers, fast), `calibration`
(`quantise`: from a float network to integers).
"""

from .calibration import quantise
from .layer import IntegerLayer
from .model import IntegerModel
from .quantisation import Quantisation
from .rounding import ROUNDINGS, fixed_point

__all__ = ["ROUNDINGS", "IntegerLayer", "IntegerModel", "Quantisation", "fixed_point", "quantise"]
