"""Pictures as the network has them: what went in, what layers make of it, and what the network says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..language import say
from .style import STYLES, Described


def guesses(picture: np.ndarray, answers: Sequence[tuple[str, float]], title: str = "") -> Described:
    """A picture beside what a network says of it.

    Parameters
    ----------
    picture : (H, W, 3) array
        Colours from 0 to 1.
    answers : sequence of (label, probability)
        As made by `Model.classify`, the likeliest first.
    title : str

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> figure = guesses(np.zeros((8, 8, 3)), [("night", 0.9), ("cave", 0.1)])
    >>> [label.get_text() for label in figure.axes[1].get_yticklabels()]
    ['night', 'cave']
    """
    figure = Described(9, 3.6, say("A picture beside its likeliest labels: {}").format(_listed(answers)))
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.6])
    left.imshow(picture)
    left.set_axis_off()
    bars = right.barh(range(len(answers)), [probability for _, probability in answers], color=STYLES["pointwise"][0])
    right.bar_label(bars, [f"{probability:.1%}" for _, probability in answers], padding=4)
    right.set_yticks(range(len(answers)), [label.replace("_", " ") for label, _ in answers])
    right.invert_yaxis()
    right.set_xlim(0, 1.12)
    right.set_xticks(np.linspace(0, 1, 6))
    right.set_xlabel(say("probability"))
    right.spines[["top", "right"]].set_visible(False)
    if title:
        figure.suptitle(title)
    return figure


def gallery(pictures: Sequence[np.ndarray], titles: Sequence[str]) -> Described:
    """Pictures side by side, each under its title.

    Parameters
    ----------
    pictures : sequence of (H, W) or (H, W, 3) arrays
        One channel, dark where large; or colours from 0 to 1.
    titles : sequence of str

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> figure = gallery([np.zeros((8, 8)), np.zeros((8, 8, 3))], ["grey", "black"])
    >>> figure.alt
    'Pictures side by side: grey; black'
    """
    figure = Described(1.8 * len(pictures), 2.2, say("Pictures side by side: {}").format("; ".join(titles)))
    for axes, picture, title in zip(figure.subplots(1, len(pictures), squeeze=False)[0], pictures, titles):
        axes.imshow(picture, cmap="Greys")
        axes.set_title(title, fontsize=12)
        axes.set(xticks=[], yticks=[])
    return figure


def feature_maps(y: np.ndarray, channels: int = 8) -> Described:
    """The first channels of one layer's output for one picture, dark where large.

    Parameters
    ----------
    y : (1, D_G, D_G, N) array
    channels : int

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> len(feature_maps(np.zeros((1, 4, 4, 16)), channels=6).axes)
    6
    """
    figure = Described(1.3 * channels, 1.6, say("The first {} channels of a layer's output").format(channels))
    for n, axes in enumerate(figure.subplots(1, channels, squeeze=False)[0]):
        axes.imshow(y[0, :, :, n], cmap="Greys")
        axes.set_title(f"n = {n}", fontsize=10)
        axes.set(xticks=[], yticks=[])
    return figure


def _listed(answers: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{label} {probability:.1%}" for label, probability in answers)
