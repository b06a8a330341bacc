"""What a file of weights holds: the same for all formats, so that `load` makes a `Model` from each in the same way.

A reader of a format is a module with two functions. `looks_like(head, path)` tells whether a file is of its format
by its first bytes, whatever its name. `contents(path)` opens it, lists its arrays under our names with the shapes
that they have in our layout, and reads none: what is declared is compared before anything is read. To add a format
takes such a module and its name in `loading.READERS`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import islice
from types import ModuleType
from typing import Any

from ..files import Stored
from ..images import Preparation
from ..spec import Layer
from .messages import Refused, short

HEAD = 64  # first bytes of a file, by which its format is recognised


@dataclass(frozen=True)
class Contents:
    """What a file says, and what is assumed where it says nothing.

    Parameters
    ----------
    arrays : dict of "layer/array" to Stored
    unknown : sequence of str
        Names, as the file has them, of arrays that are none of a MobileNet v1's.
    inside : str
        Where some of these would be one of a MobileNet v1's but for a name before theirs: that name.
    resolution : int
        Side of the images.
    padding : str
        Of all layers: see `spec.with_padding`.
    paddings : dict of layer name to padding
        Of layers that have another one.
    eps : float
        Of the batch norm.
    pool : bool
        Whether the network averages over the image; False gives the feature maps of the last convolution.
    classifier : bool, optional
        Whether the network has one; None where only the arrays tell.
    output, activation : str
        The function behind the classifier, and the one behind each convolution: see `Model`.
    head : sequence of str
        Names, as the file has them, of arrays behind the pool that are no classifier of ours.
    head_problem : str
        Why what stands behind the pool is not taken. The body may be taken all the same: see `body`.
    labels : sequence of str
        Empty where the file has no names of classes.
    preparation : Preparation, optional
        Of the images.
    layers : sequence of Layer, optional
        All of them, where the file describes them. Where it does not, they are those of a MobileNet v1 with the
        alpha and the classes of the arrays, and with the resolution, padding, paddings, pool and classifier above.
    """

    arrays: Mapping[str, Stored]
    unknown: tuple[str, ...] = ()
    inside: str = ""
    resolution: int = 224
    padding: str = "same"
    paddings: Mapping[str, str] = field(default_factory=dict)
    eps: float = 1e-3
    pool: bool = True
    classifier: bool | None = None
    output: str = "softmax"
    activation: str = "relu6"
    head: tuple[str, ...] = ()
    head_problem: str = ""
    labels: Sequence[str] = ()
    preparation: Preparation | None = None
    layers: Sequence[Layer] | None = None

    def body(self) -> Contents:
        """The same without what stands behind the average pool."""
        layers = self.layers
        if layers is not None:
            layers = [layer for layer in layers if layer.kind not in ("pool", "fully_connected")]
            side, N = layers[-1].D_G, layers[-1].N
            layers = [*layers, Layer("pool", "pool", side, 1, N, N, side)]
        arrays = {name: array for name, array in self.arrays.items() if not name.startswith("fc/")}
        behind: dict[str, Any] = {"pool": True, "classifier": False, "labels": (), "output": "softmax"}
        return replace(self, arrays=arrays, layers=layers, head=(), head_problem="", **behind)


@dataclass(frozen=True)
class Names:
    """Which of a file's arrays are ours: `known` maps our name to the file's; `unknown` and `inside` as `Contents`."""

    known: dict[str, str]
    unknown: tuple[str, ...]
    inside: str


def by_our_names(names: Iterable[str], ours: Callable[[str], str | None]) -> Names:
    """Find the arrays that are ours among the names of a file's.

    Parameters
    ----------
    names : iterable of str
    ours : function
        Our name for one of them, or None.

    Raises
    ------
    ValueError
        If two arrays of the file are the same one of ours.

    Examples
    --------
    >>> by_our_names(["stem", "net/stem"], {"stem": "conv1/kernel"}.get)
    Names(known={'conv1/kernel': 'stem'}, unknown=('net/stem',), inside='net')
    """
    known: dict[str, str] = {}
    unknown: list[str] = []
    for name in names:
        our = ours(name)
        if our is None:
            unknown.append(name)
        elif our in known:
            raise Refused(f"it holds {our} twice, as {short(known[our])} and as {short(name)}")
        else:
            known[our] = name
    prefixes = (prefix for name in unknown for prefix, rest in _split(name) if ours(rest))
    return Names(known, tuple(unknown), next(prefixes, ""))


def _split(name: str) -> Iterator[tuple[str, str]]:
    """A name cut at each of its first separators: a/b/c is a and b/c, a/b and c."""
    for cut in islice(re.finditer(r"[/.]", name), 8):
        yield name[: cut.start()], name[cut.end() :]


def needs(module: str, what: object) -> ModuleType:
    """Import a library that only some files need, or say how to get it."""
    try:
        return import_module(module)
    except ImportError as error:
        in_browser = sys.platform == "emscripten"
        how = f"run %pip install {module} first, with internet" if in_browser else 'pip install "npmobile[pretrained]"'
        raise ImportError(f"{what} needs {module}: {how}") from error
