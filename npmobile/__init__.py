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
    layout      where a picture stands in memory, and what a window finds of it without a copy
    fast        the three convolutions once more, as fast as NumPy lets them be
    plan        a network made ready to run often
    timing      how long it takes, beside what it counts
    formats     weight files of other frameworks
    pretrained  networks that someone trained
    images      photographs to arrays
    paper       every cost that the paper prints, beside ours (printed, othernets, readings, verdicts, slips feed it)
    plots       figures of cost (speedplots of time, pictures of what layers make, drawings for the lessons;
                figures is what all share, language their words)
    race        a standard and a separable convolution, step by step
    interactive what moves in a notebook: the race, and the bill for any alpha and resolution
    demo        the command line
    checks      what every kernel refuses

`loops`, `conv` and `cost` are three witnesses that know nothing of each other: one counts, one reports the
size of the contraction that it ran, one evaluates the formula. The tests make them meet.
"""

from . import cli  # isort: skip  # noqa: F401  (before all others: from here on Ctrl-C ends a command quietly)

from importlib import import_module
from typing import TYPE_CHECKING

from . import checks, conv, cost, fast, language, loops, model, network, ops, spec, weights
from .model import Model, random_model
from .network import Step, forward, predict
from .spec import BLOCKS, Layer, mobilenet

if TYPE_CHECKING:
    from . import images, interactive, paper, plots, pretrained
    from .pretrained import digits, digits_test, fetch, load

__version__ = "0.1.0"
__all__ = [
    "BLOCKS",
    "Layer",
    "Model",
    "Step",
    "__version__",
    "checks",
    "conv",
    "cost",
    "digits",
    "digits_test",
    "fast",
    "fetch",
    "forward",
    "images",
    "interactive",
    "language",
    "load",
    "loops",
    "mobilenet",
    "model",
    "network",
    "ops",
    "paper",
    "plots",
    "predict",
    "pretrained",
    "random_model",
    "spec",
    "weights",
]

# Imported when first asked for: these bring Pillow and matplotlib, which counting does not need.
_LATER = dict.fromkeys(["images", "interactive", "paper", "plots", "pretrained"], "")
_LATER |= dict.fromkeys(["digits", "digits_test", "fetch", "load"], "pretrained")

if not TYPE_CHECKING:  # hidden from type checkers, so that they find a misspelt name

    def __getattr__(name):
        if name not in _LATER:
            raise AttributeError(f"module 'npmobile' has no attribute {name!r}")
        module = import_module(f"npmobile.{_LATER[name] or name}")
        return getattr(module, name) if _LATER[name] else module


def __dir__() -> list[str]:
    return __all__
