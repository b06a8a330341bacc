"""Pages that move in a notebook.

stepper     a standard and a separable convolution, step by step
explorer    what any MobileNet costs
widget      what both are: a page with its script, styles and words
"""

from .pages import ALPHAS, KINDS, LANGUAGES, RESOLUTIONS, Widget, explorer, published, stepper

__all__ = ["ALPHAS", "KINDS", "LANGUAGES", "RESOLUTIONS", "Widget", "explorer", "published", "stepper"]
