"""A network with its weights and labels, ready to be used.

A `Model` is a value: nothing in it can be changed, so what is derived from it (folded weights, a plan with its
memory) can never be out of date. What is derived stays behind when a model is copied, pickled or sent to another
process: the copy is made by the constructor, from the same parts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np

from . import checks, conv, network, ops
from .description import description
from .fast.plan import Plan
from .network import Guesses, Kernels, Step
from .spec import Layer, Layers, at_resolution, check_chain, mobilenet, padding_of, with_padding
from .weights import fold, init, require, save, shapes

if TYPE_CHECKING:
    from .images import ImageLike, Preparation

T = TypeVar("T")


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """A network with its weights.

    Parameters
    ----------
    layers : sequence of Layer
        Without the last, `fc`, `predict` gives the features that the pool makes instead of probabilities.
    weights : Weights
        As trained: batch norm may be folded or not. Arrays that could still be changed from outside are copied.
        `predict` and `classify` run them folded.
    labels : sequence of str
        A name for each class; "class 0", "class 1" ... where there are none.
    padding : {"same", "symmetric", "valid", "keras"}, optional
        What the weights were trained with, if the layers do not say it: see `spec.with_padding`. Afterwards it is
        the name of the layers' padding.
    eps : float
        Of the batch norm.
    preparation : images.Preparation, optional
        How images are prepared for these weights; by default as `images.prepare` does.
    output : {"softmax", "sigmoid", "linear"}
        The function behind the classifier, which `predict` applies: softmax makes probabilities that sum to 1,
        sigmoid a probability of its own for each class, linear leaves the numbers as they are.
    activation : {"relu6", "relu"}
        The function behind each convolution.

    Raises
    ------
    ValueError, TypeError
        If the weights do not fit the layers, or the labels the classes.

    Examples
    --------
    >>> model = random_model(alpha=0.25, resolution=32, classes=3)
    >>> model.predict(np.zeros((1, 32, 32, 3), np.float32)).shape
    (1, 3)
    >>> model.weights["conv1"]["kernel"][...] = 0
    Traceback (most recent call last):
    ValueError: assignment destination is read-only
    """

    layers: tuple[Layer, ...]
    weights: Mapping[str, Mapping[str, np.ndarray]]
    labels: tuple[str, ...] = ()
    padding: str | None = None
    eps: float = 1e-3
    preparation: Preparation | None = None
    output: str = "softmax"
    activation: str = "relu6"

    def __post_init__(self) -> None:
        check_chain(self.layers)
        checks.one_of("output", self.output, checks.OUTPUTS)
        checks.one_of("activation", self.activation, checks.ACTIVATIONS)
        if self.padding is not None and self.padding != padding_of(self.layers):
            self._set(layers=with_padding(self.layers, self.padding))
        require(self.weights, self.layers)
        self._set(
            layers=Layers(self.layers),
            padding=padding_of(self.layers),
            weights=_read_only({layer: self.weights[layer] for layer in shapes(self.layers)}),
            labels=_labels(self.labels, self.layers[-1], self.output),
            eps=checks.number("eps", self.eps, at_least=0),
        )

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        parts["weights"] = {layer: dict(arrays) for layer, arrays in self.weights.items()}
        return _made, (type(self), parts)

    def __repr__(self) -> str:
        first, last = self.layers[0], self.layers[-1]
        what = "features" if last.kind != "fully_connected" else "class" if last.N == 1 else "classes"
        gives = f"{last.N:,} {what}"
        gives += f" by {self.output}" if last.kind == "fully_connected" and self.output != "softmax" else ""
        rest = ", ReLU" if self.activation == "relu" else ""
        numbers = sum(array.size for arrays in self.weights.values() for array in arrays.values())
        image = f"({first.D_F}, {first.D_F}, {first.M})"
        return f"<Model: image {image} to {gives}, {numbers:,} numbers, {self.dtype}, padding {self.padding}{rest}>"

    @property
    def dtype(self) -> np.dtype:
        """Of the weights, and so of what goes in and comes out."""
        return next(array.dtype for arrays in self.weights.values() for array in arrays.values())

    @property
    def resolution(self) -> int:
        """Side of the images that `prepare` makes."""
        return self.layers[0].D_F

    @cached_property
    def folded(self) -> Mapping[str, Mapping[str, np.ndarray]]:
        """The same weights with batch norm folded into kernel and bias (computed once)."""
        return _read_only(fold(self.weights, self.eps))

    @cached_property
    def plan(self) -> Plan:
        """The folded weights and the memory to run them fast, kept from one `predict` to the next."""
        return Plan(self.layers, self.folded, self.activation)

    def at(self, resolution: int) -> Model:
        """The same network for images of another side, at least 32; the arrays are shared."""
        return replace(self, layers=at_resolution(self.layers, resolution))

    def forward(self, x: np.ndarray, kernels: Kernels = conv) -> Iterator[Step]:
        """Run layer by layer on the weights as trained; see `npmobile.forward`."""
        return network.forward(x, self.layers, self.weights, kernels, eps=self.eps, activation=self.activation)

    def predict(self, x: np.ndarray, threads: int = 1) -> np.ndarray:
        """Probabilities, (B, classes), of prepared images x: what `npmobile.predict` gives, faster.

        Where `output` is "linear" they are the classifier's numbers as they are; a network without a classifier
        gives its features.

        Any number of threads may use one model at the same time. `threads` splits a batch over so many threads
        of Python; that pays where BLAS is held to one thread (`OPENBLAS_NUM_THREADS=1`) and harms where it is not,
        so by default the batch is not split and BLAS may use the cores.
        """
        y, _ = self.plan.run(x, threads)
        if self.layers[-1].kind != "fully_connected" or self.output == "linear":
            return y
        return ops.sigmoid(y) if self.output == "sigmoid" else ops.softmax(y)

    def prepare(self, image: ImageLike) -> np.ndarray:
        """An image as these weights expect it, (resolution, resolution, M); see `images.prepare`.

        A float array of that shape is taken as prepared already, if its numbers can be those of a prepared image.
        """
        from . import images  # brings Pillow, which counting does not need

        M, preparation = self.layers[0].M, self.preparation or images.Preparation()
        if isinstance(image, np.ndarray) and image.dtype.kind == "f":
            if image.shape != (self.resolution, self.resolution, M):
                raise ValueError(
                    f"an image of floats must be prepared, ({self.resolution}, {self.resolution}, {M}), "
                    f"but has the shape {image.shape}; pixels must be uint8"
                )
            if M in (1, 3):  # of other channels nobody says what they are
                images.check_prepared(image, preparation)
            return image.astype(self.dtype)
        return images.prepare(image, self.resolution, preparation, M).astype(self.dtype, copy=False)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the whole model to one `.npz` file: its arrays, and all that `description` writes.

        `npmobile.load` reads it, and NumPy reads its arrays. The file is written whole or not at all.

        Parameters
        ----------
        path : path
            Used as given: no ending is added.

        Raises
        ------
        ValueError
            If the weights hold NaN, an infinity or a negative variance, which `load` would refuse.
        OSError
            If the file cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> from npmobile import load
        >>> model = random_model(alpha=0.25, resolution=33, classes=2)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     model.save(f"{folder}/model.npz")
        ...     load(f"{folder}/model.npz")
        <Model: image (33, 33, 3) to 2 classes, 219,058 numbers, float32, padding same>
        """
        parts = self.layers, self.labels, self.eps, self.preparation, self.output, self.activation
        save(path, self.weights, description(*parts))

    @overload
    def classify(self, image: ImageLike, k: int = 5) -> Guesses: ...
    @overload
    def classify(self, image: list[ImageLike] | tuple[ImageLike, ...], k: int = 5) -> list[Guesses]: ...
    def classify(
        self, image: ImageLike | list[ImageLike] | tuple[ImageLike, ...], k: int = 5
    ) -> Guesses | list[Guesses]:
        """The k most probable labels with their probabilities, the most probable first.

        Behind a sigmoid each label has a probability of its own: they do not sum to 1, and several can be near 1. A
        sigmoid of one output is the probability of its label; 1 minus it is that of "not this label".

        Parameters
        ----------
        image : path, open binary file, Pillow image or array; or a list or tuple of them
            As for `prepare`. For more than a few, a progress bar is shown on stderr where tqdm is installed.
        k : int

        Returns
        -------
        list of (label, probability)
            For a list of images, a list of those.

        Raises
        ------
        ValueError, TypeError, OSError
            If an image cannot be read, k is not a count, or the network has no classifier or no probabilities.
        """
        checks.count("k", k)
        if self.layers[-1].kind != "fully_connected":
            raise ValueError("this network has no classifier: predict gives its features")
        if self.output == "linear":
            function = "softmax" if self.layers[-1].N > 1 else "sigmoid"
            raise ValueError(
                "the numbers of this classifier are no probabilities (output is linear): predict gives them; if they "
                f'are logits, dataclasses.replace(model, output="{function}") turns them into probabilities'
            )
        if isinstance(image, list | tuple):
            return [self.classify(one, k) for one in _with_progress(image)]
        (probabilities,) = self.predict(self.prepare(image)[np.newaxis])
        best = np.argsort(-probabilities, kind="stable")[:k]
        return Guesses((self.labels[i], float(probabilities[i])) for i in best)


def random_model(alpha: float = 1.0, resolution: int = 224, classes: int = 1000, seed: int = 0) -> Model:
    """An untrained network: its shapes and counts are right, its answers are random.

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
    >>> random_model(alpha=0.5, resolution=96, classes=2)
    <Model: image (96, 96, 3) to 2 classes, 830,562 numbers, float32, padding same>
    """
    layers = mobilenet(alpha, resolution, classes)
    return Model(layers, init(layers, seed))


def _made(kind: type[Model], parts: dict[str, Any]) -> Model:
    """For pickle and copy: a model from its parts."""
    return kind(**parts)


def _read_only(weights: Mapping[str, Mapping[str, np.ndarray]]) -> Mapping[str, Mapping[str, np.ndarray]]:
    """The same arrays behind mappings that refuse changes; an array that somebody else can change is copied."""
    return MappingProxyType(
        {
            layer: MappingProxyType({name: _frozen(array) for name, array in arrays.items()})
            for layer, arrays in weights.items()
        }
    )


def _frozen(array: np.ndarray) -> np.ndarray:
    """An array that is read-only and shares its memory with no other array."""
    if array.flags.writeable or array.base is not None:
        array = np.array(array)
        array.flags.writeable = False
    return array


def _labels(labels: Sequence[str], last: Layer, output: str) -> tuple[str, ...]:
    """A label for each class, and none where there are no classes.

    A sigmoid of one output tells class 1 from class 0, and gives the probability of class 1.
    """
    classes = last.N if last.kind == "fully_connected" else 0
    if isinstance(labels, str) or not all(isinstance(label, str) for label in labels):
        raise TypeError("labels must be a sequence of str, one for each class")
    if labels and len(labels) != classes:
        raise ValueError(f"labels must be one for each of {classes:,} classes, but are {len(labels):,}")
    first = int(output == "sigmoid" and classes == 1)
    return tuple(labels) or tuple(f"class {number}" for number in range(first, first + classes))


def _with_progress(items: Sequence[T]) -> Sequence[T]:
    """Show a progress bar for more than a few items, where tqdm is installed."""
    if len(items) > 4:
        try:
            from tqdm import tqdm
        except ImportError:
            return items
        return tqdm(items, unit="image")
    return items
