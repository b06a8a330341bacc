"""The three convolutions as fast as NumPy can run them, and what `Model.predict` runs.

layout      where images stand in memory: padded buffers, phases, windows as strided views
kernels     the three convolutions, with the signatures of `conv`
workspace   the memory in which images pass through a network, and the calls that work in it
plan        a whole network with its workspaces, for any number of threads
timing      how long each layer takes, beside what it counts
timed       what was measured of one layer, and tables of layers
spread      what repeated measurements allow us to say
"""

from .kernels import depthwise_conv, pointwise_conv, standard_conv

__all__ = ["depthwise_conv", "pointwise_conv", "standard_conv"]
