"""What all figures share: the class of a figure, the colours and hatches of layers, plain axes.

A `Described` is a matplotlib figure that is made without `pyplot`. So no list of open figures keeps it in memory, and
it works in a script, in a notebook and in a browser alike. It carries a text alternative (`alt`): a sentence for
readers who cannot see the figure.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import Any, Literal, TypeVar

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from .. import language
from .words import say

# Okabe and Ito's palette, which colour-blind readers can tell apart; the hatch says the same without colour.
STYLES = {
    "standard": ("#E69F00", "///"),
    "depthwise": ("#D55E00", "..."),
    "pointwise": ("#56B4E9", ""),
    "pool": ("#999999", ""),
    "fully_connected": ("#009E73", "xxx"),
}
DPI = 160  # of figures in a notebook: two pixels for one on the page, so that Korean letters stay sharp
PAGE_DPI = 80  # pixels on the page for an inch of a figure

Item = TypeVar("Item")


class Described(Figure):
    """A matplotlib figure with a text alternative.

    A notebook shows it when it is the last line of a cell. Elsewhere `figure.savefig("figure.png")` writes it to a file
    and `figure.show()` opens it in a window.

    Parameters
    ----------
    width, height : float
        In inches.
    alt : str
        What the figure shows, for those who cannot see it.

    Examples
    --------
    >>> figure = Described(2, 1, alt="An empty figure")
    >>> figure
    An empty figure (a figure: .savefig("figure.png") writes it to a file, .show() opens it)
    >>> data, metadata = figure._repr_mimebundle_()
    >>> data["image/png"][:4], metadata["image/png"]
    (b'\\x89PNG', {'alt': 'An empty figure', 'width': 160})
    """

    def __init__(self, width: float, height: float, alt: str) -> None:
        super().__init__(figsize=(width, height), layout="constrained")
        self.alt = alt
        self._fonts = language.figure_fonts()
        self._default_fonts = list(matplotlib.rcParams["font.family"])

    def __repr__(self) -> str:
        return say('{} (a figure: .savefig("figure.png") writes it to a file, .show() opens it)').format(self.alt)

    def __str__(self) -> str:
        return repr(self)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        drawn, file = io.BytesIO(), io.BytesIO()
        self.savefig(drawn, format="png", dpi=DPI)
        # A notebook holds many figures. With a palette of 256 colours a figure takes a third of the bytes, and this
        # method chooses the palette so that no colour changes visibly.
        image = Image.open(drawn).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE)
        image.save(file, format="png", optimize=True)
        shown = {"alt": self.alt, "width": image.width * PAGE_DPI // DPI}
        return {"image/png": file.getvalue(), "text/plain": self.alt}, {"image/png": shown}

    def draw(self, renderer: RendererBase) -> None:
        """Draw with the fonts of the chosen language; texts whose font the user has set keep theirs."""
        if not self._fonts:
            return super().draw(renderer)
        for text in self.findobj(Text):
            if isinstance(text, Text) and text.get_fontfamily() == self._default_fonts:
                text.set_fontfamily(self._fonts)
        with matplotlib.rc_context({"font.family": self._fonts}):  # drawing makes further texts: labels of ticks
            return super().draw(renderer)

    def show(self, warn: bool = True) -> None:
        """Open the figure in a window and wait until it is closed; in a notebook, show it there.

        Where matplotlib has no windows (its backend is "agg", as on a server), this prints how to save the figure.
        """
        from matplotlib import pyplot

        window = pyplot.figure(figsize=tuple(self.get_size_inches()))
        if window.canvas.required_interactive_framework and window.canvas.manager:
            self.set_canvas(window.canvas)  # pyplot's window shows this figure instead of its own, empty one
            window.canvas.figure = self
            return pyplot.show()
        pyplot.close(window)
        notebook = sys.modules.get("IPython.display")  # every notebook has loaded it
        (notebook.display if notebook else print)(self)
        return None


def bars(colour: str, hatch: str = "") -> dict[str, Any]:
    """How bars look: a colour, and a white hatch that tells them apart without colour."""
    return {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0}


def plain(axes: Axes, lines: Literal["both", "x", "y"]) -> None:
    """Grid lines behind the data, and no frame at the top and on the right."""
    axes.grid(axis=lines, alpha=0.3)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def listed(name: str, items: Iterable[Item], kind: type[Item], maker: str) -> list[Item]:
    """The items of an argument as a list; one error if there is none, or one that is not of this kind.

    >>> from npmobile.cost import Row
    >>> listed("rows", ["pointwise", "depthwise"], Row, "cost.table")
    Traceback (most recent call last):
    TypeError: rows must hold only Row, as made by cost.table, but rows[0] is str
    """
    if not isinstance(items, Iterable):
        raise TypeError(
            f"{name} must be a sequence of {kind.__name__}, as made by {maker}, but is {type(items).__name__}"
        )
    found = list(items)
    if not found:
        raise ValueError(f"{name} must hold at least one {kind.__name__}, as made by {maker}, but is empty")
    for index, item in enumerate(found):
        if not isinstance(item, kind):
            raise TypeError(
                f"{name} must hold only {kind.__name__}, as made by {maker}, but {name}[{index}] is {type(item).__name__}"
            )
    return found
