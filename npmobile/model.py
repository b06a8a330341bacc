"""A network with its weights and labels, ready to be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, overload

import numpy as np

from . import checks, conv, ops
from .fast.plan import Plan
from .network import Kernels, Step, forward
from .spec import Layer, at_resolution, mobilenet
from .weights import Weights, fold, init

if TYPE_CHECKING:
    from .images import ImageLike

Guesses = list[tuple[str, float]]
T = TypeVar("T")


@dataclass(frozen=True)
class Model:
    """A network with its weights, ready to be asked.

    Parameters
    ----------
    layers : tuple of Layer
        Without the last, `fc`, `predict` gives the features that the pool makes instead of probabilities.
    weights : Weights
        As trained: batch norm may be folded or not. `predict` and `classify` run it folded.
    labels : tuple of str
        A name for each class.
    padding : {"same", "symmetric"}
        What the weights were trained with.
    eps : float
        Of the batch norm.
    crop, mean, std
        How the weights expect their pictures: see `images.prepare`.

    Examples
    --------
    >>> model = random_model(alpha=0.25, resolution=32, classes=3)
    >>> model.predict(np.zeros((1, 32, 32, 3), np.float32)).shape
    (1, 3)
    """

    layers: tuple[Layer, ...]
    weights: Weights
    labels: tuple[str, ...]
    padding: str = "same"
    eps: float = 1e-3
    crop: float = 1.0
    mean: tuple[float, ...] = (127.5, 127.5, 127.5)
    std: tuple[float, ...] = (127.5, 127.5, 127.5)

    @cached_property
    def folded(self) -> Weights:
        """The same weights with batch norm folded into kernel and bias (made once)."""
        return fold(self.weights, self.eps)

    @property
    def resolution(self) -> int:
        """Side of the pictures that `classify` makes."""
        return self.layers[0].D_F

    def at(self, resolution: int) -> Model:
        """The same network for pictures of another side, at least 32; the weights are shared."""
        return replace(self, layers=at_resolution(self.layers, resolution))

    def forward(self, x: np.ndarray, kernels: Kernels = conv) -> Iterator[Step]:
        """Run layer by layer on the weights as trained; see `npmobile.forward`."""
        return forward(x, self.layers, self.weights, kernels, self.padding, self.eps)

    @cached_property
    def plan(self) -> Plan:
        """The folded weights and the memory to run them fast, kept from one `predict` to the next."""
        return Plan(self.layers, self.folded, self.padding)

    def predict(self, x: np.ndarray, threads: int = 1) -> np.ndarray:
        """Probabilities, (B, classes), of prepared pictures x: `npmobile.predict`, faster.

        Any number of threads may ask one model at the same time. `threads` splits a batch over so many
        threads of Python; that pays where BLAS is held to one thread (`OPENBLAS_NUM_THREADS=1`) and harms
        where it is not, so by default the batch is not split and BLAS may use the cores.
        """
        y, _ = self.plan.run(x, threads)
        return ops.softmax(y) if self.layers[-1].kind == "fully_connected" else y

    def prepare(self, picture: ImageLike) -> np.ndarray:
        """A picture as these weights expect it, (resolution, resolution, 3); see `images.prepare`.

        A float array of that shape is taken as prepared already.
        """
        from .images import Preparation, prepare  # brings Pillow, which counting needs not

        if isinstance(picture, np.ndarray) and picture.dtype in (np.float32, np.float64):
            if picture.shape != (self.resolution, self.resolution, 3):
                raise ValueError(
                    f"a picture of floats must be prepared, ({self.resolution}, {self.resolution}, 3), "
                    f"but has the shape {picture.shape}; pixels must be uint8"
                )
            return picture.astype(np.float32)
        return prepare(picture, self.resolution, Preparation(self.crop, mean=self.mean, std=self.std))

    @overload
    def classify(self, picture: ImageLike, k: int = 5) -> Guesses: ...
    @overload
    def classify(self, picture: list[ImageLike] | tuple[ImageLike, ...], k: int = 5) -> list[Guesses]: ...
    def classify(
        self, picture: ImageLike | list[ImageLike] | tuple[ImageLike, ...], k: int = 5
    ) -> Guesses | list[Guesses]:
        """The k likeliest labels with their probabilities, the likeliest first.

        Parameters
        ----------
        picture : path, open binary file, Pillow image or array; or a list or tuple of them
            As for `prepare`. More than a few are shown with a progress bar on stderr, where tqdm is installed.
        k : int

        Returns
        -------
        list of (label, probability)
            For a list of pictures, a list of those.

        Raises
        ------
        ValueError, TypeError, OSError
            If a picture cannot be read, k is not a count, or the network has no classifier.
        """
        checks.count("k", k)
        if self.layers[-1].kind != "fully_connected":
            raise ValueError("this network has no classifier: predict gives its features")
        if isinstance(picture, list | tuple):
            return [self.classify(one, k) for one in _with_progress(picture)]
        (probabilities,) = self.predict(self.prepare(picture)[np.newaxis])
        best = np.argsort(-probabilities, kind="stable")[:k]
        return [(self.labels[i], float(probabilities[i])) for i in best]


def random_model(alpha: float = 1.0, resolution: int = 224, classes: int = 1000, seed: int = 0) -> Model:
    """An untrained network: right in every shape and count, and in no answer.

    Parameters
    ----------
    alpha, resolution, classes
        As for `mobilenet`.
    seed : int
        As for `weights.init`.

    Returns
    -------
    Model

    Examples
    --------
    >>> random_model(alpha=0.5, resolution=96, classes=2).labels
    ('class 0', 'class 1')
    """
    layers = mobilenet(alpha, resolution, classes)
    return Model(layers, init(layers, seed), tuple(f"class {number}" for number in range(classes)))


def _with_progress(items: Sequence[T]) -> Sequence[T]:
    """Show a progress bar for more than a few items, where tqdm is installed."""
    if len(items) > 4:
        try:
            from tqdm import tqdm
        except ImportError:
            return items
        return tqdm(items, unit="picture")
    return items
