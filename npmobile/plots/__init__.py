"""Figures, drawn with matplotlib. Each function returns a figure, which a notebook shows and `.savefig` writes.

costs       bars of what networks cost: by layer, by kind, as tools report it, body beside head
scaling     how cost changes with alpha, resolution and output channels, and accuracy with cost
times       how long layers take, beside the mult-adds that they make
pictures    images as the network has them: the input, feature maps, guesses
drawings    drawings that explain a network: filters, the two steps, a body and its heads
grids       tables of numbers that show a convolution window by window
shapes      the blocks, arrows and frames that drawings are made of
style       the class of a figure, colours and hatches
words       the words of figures in Korean
"""

from .costs import by_kind, by_layer, head_shares, tool_totals
from .drawings import body_and_heads, filters, split
from .grids import by_hand, windows
from .pictures import feature_maps, gallery, grace_hopper, guesses
from .scaling import accuracy, by_resolution, grid, ratios
from .times import roofline, speedup

__all__ = [
    "accuracy",
    "body_and_heads",
    "by_hand",
    "by_kind",
    "by_layer",
    "by_resolution",
    "feature_maps",
    "filters",
    "gallery",
    "grace_hopper",
    "grid",
    "guesses",
    "head_shares",
    "ratios",
    "roofline",
    "speedup",
    "split",
    "tool_totals",
    "windows",
]


def __dir__() -> list[str]:
    return __all__
