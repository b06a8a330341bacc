"""Images as the network has them: the input, what a layer makes of it, and what the network says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.cbook import get_sample_data

from .. import checks
from .style import STYLES, Described
from .words import say


def guesses(image: np.ndarray, answers: Sequence[tuple[str, float]], title: str = "") -> Described:
    """An image beside what a network says of it.

    Parameters
    ----------
    image : (H, W) or (H, W, 3) array
        Grey, dark where large; or colours from 0 to 1.
    answers : sequence of (label, probability)
        As made by `Model.classify`, the likeliest first.
    title : str

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If `image` has another shape, or `answers` is empty.

    Examples
    --------
    >>> figure = guesses(np.zeros((8, 8, 3)), [("night", 0.9), ("cave", 0.1)])
    >>> [label.get_text() for label in figure.axes[1].get_yticklabels()]
    ['night', 'cave']
    """
    _check("image", image)
    if not answers:
        raise ValueError("answers must hold at least one (label, probability), but is empty")
    listed = ", ".join(f"{label} {probability:.1%}" for label, probability in answers)
    figure = Described(9, 3.6, say("An image beside its likeliest labels: {}").format(listed))
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.6])
    left.imshow(image, cmap="Greys")
    left.set_axis_off()
    bars = right.barh(range(len(answers)), [probability for _, probability in answers], color=STYLES["pointwise"][0])
    right.bar_label(bars, [f"{probability:.1%}" for _, probability in answers], padding=4)
    right.set_yticks(range(len(answers)), [label.replace("_", " ") for label, _ in answers], parse_math=False)
    right.invert_yaxis()
    right.set_xlim(0, 1.12)  # space for the number behind the longest bar
    right.set_xticks(np.linspace(0, 1, 6))
    right.set_xlabel(say("probability"))
    right.spines[["top", "right"]].set_visible(False)
    if title:
        figure.suptitle(title, parse_math=False)  # the name of a file or of a class, in which a $ is a $
    return figure


def gallery(images: Sequence[np.ndarray], titles: Sequence[str]) -> Described:
    """Images side by side, each under its title.

    Parameters
    ----------
    images : sequence of (H, W) or (H, W, 3) arrays
        Grey, dark where large; or colours from 0 to 1.
    titles : sequence of str

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If there is no image, one of another shape, or another number of titles.

    Examples
    --------
    >>> figure = gallery([np.zeros((8, 8)), np.zeros((8, 8, 3))], ["grey", "black"])
    >>> figure.alt
    'Images side by side: grey; black'
    """
    if not len(images) or len(images) != len(titles):
        raise ValueError(f"images and titles must be as many, at least 1, but are {len(images)} and {len(titles)}")
    figure = Described(1.8 * len(images), 2.2, say("Images side by side: {}").format("; ".join(titles)))
    for index, axes in enumerate(figure.subplots(1, len(images), squeeze=False)[0]):
        _check(f"images[{index}]", images[index])
        axes.imshow(images[index], cmap="Greys")
        axes.set_title(titles[index], fontsize=12)
        axes.set(xticks=[], yticks=[])
    return figure


def feature_maps(y: np.ndarray, channels: int = 8) -> Described:
    """The first channels of one layer's output for one image, dark where large, all on one scale.

    The bar on the right is the scale. White is 0, or the smallest number shown if that is negative.

    Parameters
    ----------
    y : (1, D_G, D_G, N) array
    channels : int
        How many, at most N.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If `y` has another shape or fewer channels.

    Examples
    --------
    >>> *maps, bar = feature_maps(np.ones((1, 4, 4, 16)), channels=6).axes
    >>> len(maps)
    6
    """
    checks.count("channels", channels)
    if np.ndim(y) != 4 or len(y) != 1:
        raise ValueError(f"y must have the shape (1, D_G, D_G, N), but has {np.shape(y)}")
    if channels > y.shape[3]:
        raise ValueError(f"channels must be at most N = {y.shape[3]}, but is {channels}")
    alt = say("The first {} channels of a layer's output, on one scale").format(channels)
    figure = Described(1.3 * channels + 0.6, 1.6, alt)
    shown = y[0, :, :, :channels]  # (D_G, D_G, channels)
    scale = {"vmin": min(shown.min(), 0), "vmax": shown.max()}
    panels = figure.subplots(1, channels, squeeze=False)[0]
    for n, axes in enumerate(panels):
        image = axes.imshow(shown[:, :, n], cmap="Greys", **scale)
        axes.set_title(f"n = {n}", fontsize=10)
        axes.set(xticks=[], yticks=[])
    figure.colorbar(image, ax=list(panels), pad=0.01)
    return figure


def grace_hopper() -> str:
    """Path of a photograph that matplotlib ships: Grace Hopper, in uniform (public domain).

    >>> grace_hopper().rpartition(".")[2]
    'jpg'
    """
    return str(get_sample_data("grace_hopper.jpg", asfileobj=False))


def _check(name: str, image: np.ndarray) -> None:
    shape = np.shape(image)
    if len(shape) not in (2, 3) or shape[2:] not in ((), (3,)):
        raise ValueError(f"{name} must have the shape (H, W) or (H, W, 3), but has {shape}")
