"""Names of classes from Keras' class index: {"0": ["n01440764", "tench"], "1": ...}."""

from __future__ import annotations

from pathlib import Path

from ..spec import Layer
from . import settings
from .messages import Refused

CLASS_NAMES = "imagenet_class_index.json"
IMAGENET = 1000
ENTRY: settings.Kind[str] = settings.Kind(
    "a pair of texts", lambda v: type(v) is list and len(v) == 2 and all(map(settings.TEXT.fits, v)), lambda v: v[1]
)


def imagenet(index: settings.Settings) -> tuple[str, ...]:
    """ImageNet's 1000 names from a class index."""
    if len(index.values) != IMAGENET:
        raise Refused(f"{index.where} is not an index of {IMAGENET} classes: it has {len(index.values):,}")
    return tuple(index.get(str(number), ENTRY) for number in range(IMAGENET))


def beside(path: Path, last: Layer) -> tuple[str, ...]:
    """Names for the classes of a network, if they are ImageNet's and their names lie beside its file."""
    classes = last.N
    if last.kind != "fully_connected" or classes not in (IMAGENET, IMAGENET + 1):
        return ()
    index = settings.read(path.with_name(CLASS_NAMES))
    return ("background",) * (classes - IMAGENET) + imagenet(index) if index else ()
