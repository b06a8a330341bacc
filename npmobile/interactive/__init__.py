"""Pages that move in a notebook. Each function returns a `Widget`, which a notebook shows as a small HTML page.

stepper     a standard and a separable convolution side by side, step by step
steps       the numbers behind the stepper
explorer    the cost of MobileNet for any alpha and resolution
widget      what both pages are made of: a page with its data, script, styles and words
"""

from .explorer import explorer
from .stepper import stepper
from .widget import Widget

__all__ = ["Widget", "explorer", "stepper"]


def __dir__() -> list[str]:
    return __all__
