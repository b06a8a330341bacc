"""The three convolutions as fast as NumPy can run them, and what `Model.predict` runs.

layout      where images stand in memory, so that windows are views
kernels     the three convolutions, with the signatures of `conv`
plan        a whole network, its memory and its calls prepared once
timing      how long each layer takes, beside what it counts
"""

from .kernels import depthwise_conv, pointwise_conv, standard_conv

__all__ = ["depthwise_conv", "pointwise_conv", "standard_conv"]
