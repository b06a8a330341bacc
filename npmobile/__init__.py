"""MobileNet v1 in plain NumPy, written to be read in class, that counts every multiply-add it makes.

>>> import npmobile as nm
>>> nm.cost.total(nm.cost.table(nm.mobilenet(alpha=0.5, resolution=160))).mult_adds
76524800

Notation, as in the paper (Howard et al., 2017, arXiv 1704.04861). Capitals are sizes, words are arrays:

    D_K     side of the kernel                  B       images in a batch
    M       input channels                      H, W    height and width of an image
    N       output channels                     x, y    input and output, (B, H, W, channels)
    D_F     side of the input image             kernel  the weights of a convolution
    D_G     side of the output image            alpha   width multiplier
                                                rho     resolution multiplier, resolution / 224

Reading order, one idea in each file:

    loops       the definition: three convolutions as nested loops, adding 1 at every multiply-add
    conv        the same three by im2col and one contraction
    ops         what stands between convolutions
    spec        the network as a table of layers
    cost        the paper's formulas: mult-adds, parameters, memory; cost tables
    weights     the arrays that a table of layers wants
    network     images to probabilities
    model       a network with its weights and labels, ready to be used

and packages beside them:

    images      photographs to arrays
    counting    numbers that count themselves: what any NumPy code multiplies
    integers    the same network in 8-bit integers, as phones run it
    fast        the three convolutions as fast as NumPy runs them, and what `Model.predict` runs
    pretrained  networks that someone trained
    paper       every cost that the paper prints, beside ours
    plots       figures
    exercises   checks for a student's own functions: values, cost, likely mistake
    interactive pages that move in a notebook

`loops`, `conv`, `cost` and `counting` are four witnesses that know nothing of each other: the first counts one by one,
the second reports the size of the contraction that it ran, the third evaluates the formula, and in the fourth the
numbers themselves count. The tests compare them.
"""

from . import cli  # isort: skip  # noqa: F401  (before all others: from here on Ctrl-C ends a command quietly)

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from . import checks, conv, cost, fast, language, loops, model, network, ops, spec, weights
from .model import Model, random_model
from .network import Step, forward, predict
from .spec import BLOCKS, Layer, mobilenet

if TYPE_CHECKING:
    from . import counting, exercises, images, integers, interactive, paper, plots, pretrained
    from .pretrained import digits, digits_test, fetch, load, load_integers

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
    "counting",
    "digits",
    "digits_test",
    "exercises",
    "fast",
    "fetch",
    "forward",
    "images",
    "integers",
    "interactive",
    "language",
    "load",
    "load_integers",
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

# Imported when they are first used: most of them bring Pillow or matplotlib, which the lesson does not need.
_LATER = dict.fromkeys(
    ["counting", "exercises", "images", "integers", "interactive", "paper", "plots", "pretrained"], ""
)
_LATER |= dict.fromkeys(["digits", "digits_test", "fetch", "load", "load_integers"], "pretrained")

if not TYPE_CHECKING:  # hidden from type checkers, so that they find a misspelt name

    def __getattr__(name):
        if name not in _LATER:
            module = sys.modules[__name__]  # from which Python suggests the name that was meant
            raise AttributeError(f"module 'npmobile' has no attribute {name!r}", name=name, obj=module)
        module = import_module(f"npmobile.{_LATER[name] or name}")
        return getattr(module, name) if _LATER[name] else module


def __dir__() -> list[str]:
    return __all__
