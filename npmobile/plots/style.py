"""What all figures share: one that says in words what it shows, the colours of the layers, plain axes."""

from __future__ import annotations

import io
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's palette, which colour-blind readers can tell apart; the hatch says the same without colour.
STYLES = {
    "standard": ("#E69F00", "///"),
    "depthwise": ("#D55E00", "..."),
    "pointwise": ("#56B4E9", ""),
    "pool": ("#999999", ""),
    "fully_connected": ("#009E73", "xxx"),
}


class Described(Figure):
    """A matplotlib figure with a text alternative, which notebooks show as a picture without any set-up.

    Parameters
    ----------
    width, height : float
        In inches.
    alt : str
        What the figure shows, for those who cannot see it.

    Examples
    --------
    >>> figure = Described(2, 1, alt="an empty figure")
    >>> data, metadata = figure._repr_mimebundle_()
    >>> data["image/png"][:4], metadata["image/png"]["alt"]
    (b'\\x89PNG', 'an empty figure')
    """

    def __init__(self, width: float, height: float, alt: str) -> None:
        super().__init__(figsize=(width, height), layout="constrained")
        self.alt = alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        file = io.BytesIO()
        self.savefig(file, format="png", dpi=80)
        return {"image/png": file.getvalue(), "text/plain": self.alt}, {"image/png": {"alt": self.alt}}


def plain(axes: Axes, lines: Literal["both", "x", "y"]) -> None:
    """Grid lines behind the data, and no frame at the top and on the right."""
    axes.grid(axis=lines, alpha=0.3)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
