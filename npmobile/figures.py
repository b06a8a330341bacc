"""The figure that all drawings are made on: one that says in words what it shows."""

from __future__ import annotations

import io
from typing import Any

from matplotlib.figure import Figure


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
