"""MobileNet v1 in plain NumPy, written to be read in class, that counts every multiply-add it makes.

>>> import npmobile as nm
>>> nm.cost.total(nm.cost.table(nm.mobilenet(alpha=0.5, resolution=160))).mult_adds
76524800

Notation, as in the paper (Howard et al., 2017, arXiv 1704.04861). Capitals are sizes, words are arrays:

    D_K     side of the kernel                  B       pictures in a batch
    M       input channels                      H, W    height and width of a picture
    N       output channels                     x, y    input and output, (B, H, W, channels)
    D_F     side of the input picture           kernel  the weights of a convolution
    D_G     side of the output picture          alpha   width multiplier
                                                rho     resolution multiplier, resolution / 224

Reading order, each file one idea:

    loops       the definition: three convolutions as nested loops, adding 1 at every multiply-add
    conv        the same three by im2col and one contraction
    ops         what stands between convolutions
    spec        the network as a table of layers
    cost        the paper's formulas, and bills made from them
    conventions what counting tools add, and the way from our count to theirs
    weights     the arrays that a table wants
    network     images to probabilities
    pretrained  networks that someone trained
    paper       every cost that the paper prints, beside ours (printed, othernets, readings, verdicts, slips feed it)
    plots       figures (the only module that imports matplotlib)
    demo        the command line
    checks      what every kernel refuses

`loops`, `conv` and `cost` are three witnesses that know nothing of each other: one counts, one reports the
size of the contraction that it ran, one evaluates the formula. The tests make them meet.
"""

from importlib import import_module
from typing import Any

from . import checks, conv, conventions, cost, loops, network, ops, pretrained, spec, weights
from .network import Model, Step, forward, predict, random_model
from .pretrained import digits, digits_test
from .spec import BLOCKS, Layer, mobilenet

__all__ = [
    "BLOCKS",
    "Layer",
    "Model",
    "Step",
    "checks",
    "conv",
    "conventions",
    "cost",
    "digits",
    "digits_test",
    "forward",
    "loops",
    "mobilenet",
    "network",
    "ops",
    "paper",
    "predict",
    "pretrained",
    "random_model",
    "spec",
    "weights",
]


def __getattr__(name: str) -> Any:
    """Import when first asked for: `plots`, so that `import npmobile` does without matplotlib, and `paper`, a program."""
    if name in ("paper", "plots"):
        return import_module(f"npmobile.{name}")
    raise AttributeError(f"module 'npmobile' has no attribute {name!r}")
