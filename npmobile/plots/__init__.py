"""Figures, drawn with matplotlib.

costs       what networks cost: by layer, by kind, against accuracy, for each alpha and resolution
times       what layers take in time, beside what they count
pictures    images as the network has them: what went in, what layers make of it, what the network says
drawings    drawings that explain a convolution
style       the colours, hatches and words that all figures share
"""

from .costs import accuracy, by_kind, by_layer, grid, heads, ratios, stairs, totals
from .drawings import by_hand, filters, heads_drawing, split, windows
from .pictures import feature_maps, gallery, guesses
from .times import roofline, speedup

__all__ = [
    "accuracy",
    "by_hand",
    "by_kind",
    "by_layer",
    "feature_maps",
    "filters",
    "gallery",
    "grid",
    "guesses",
    "heads",
    "heads_drawing",
    "ratios",
    "roofline",
    "speedup",
    "split",
    "stairs",
    "totals",
    "windows",
]
