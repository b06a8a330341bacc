"""Pages that move, for a notebook or a web page. Each function returns a `Widget`.

stepper     a standard and a separable convolution side by side: how each output is made, and what it costs
steps       the numbers behind the stepper
explorer    what MobileNet costs for any alpha and resolution, against budgets
still       what stays of a page where scripts are stripped
widget      what both pages are made of: data, scripts, styles and words in one piece of HTML

`common.js` and `common.css` belong to both pages, `stepper*` and `explorer*` to one. `en.json` and `ko.json` hold the
words.
"""

from .explorer import explorer
from .stepper import stepper
from .widget import Widget

__all__ = ["Widget", "explorer", "stepper"]


def __dir__() -> list[str]:
    return __all__
