"""The network in integers, ready to be used: what an interpreter of TFLite answers, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from .. import checks, ops
from ..network import Guesses, Step
from ..spec import Layers, check_chain
from . import exact, kernels
from .layer import IntegerLayer
from .quantisation import Quantisation
from .rounding import ROUNDINGS

if TYPE_CHECKING:
    from ..images import ImageLike, Preparation


@dataclass(frozen=True, eq=False, repr=False)
class IntegerModel:
    """A network in 8-bit integers.

    Parameters
    ----------
    integers : sequence of IntegerLayer
        Each takes what the one before gives.
    input : Quantisation or None
        Of what `predict` takes. None: real numbers, float32, which are quantised first.
    output : Quantisation or None
        Of what `predict` returns. None: real numbers.
    probabilities : Quantisation, optional
        Of the softmax. Without it the network ends with logits or features.
    shape : tuple of int, optional
        Of one answer: (1, 1, 1024) where a file keeps the sides of the pooled image, as TFLite files do.
    labels : sequence of str
        A name for each class; "class 0", "class 1" ... where there are none.
    rounding : {"twice", "once", "float"}
        Which runtime is followed: see `ROUNDINGS`.
    preparation : images.Preparation, optional
        How images are prepared before they are quantised; by default as `images.prepare` does.

    Raises
    ------
    ValueError, TypeError
        If the layers, their scales or the labels do not fit together.

    Examples
    --------
    The digits network in 8 bits, on four digits that it was not quantised with:

    >>> from npmobile import pretrained
    >>> x, labels = pretrained.digits_test()
    >>> from npmobile.integers import quantise
    >>> model = quantise(pretrained.digits(), x[:100])
    >>> model
    <IntegerModel: image (32, 32, 3) of int8 to 10 classes, 221,144 bytes, rounded twice>
    >>> y = model.predict(model.input.quantise(x[100:104]))
    >>> y.dtype, y.argmax(axis=1).tolist(), labels[100:104].tolist()
    (dtype('int8'), [5, 2, 1, 5], [5, 2, 1, 5])
    """

    integers: tuple[IntegerLayer, ...]
    input: Quantisation | None
    output: Quantisation | None
    probabilities: Quantisation | None = None
    shape: tuple[int, ...] | None = None
    labels: tuple[str, ...] = ()
    rounding: str = "twice"
    preparation: Preparation | None = None

    def __post_init__(self) -> None:
        if [layer.kind for layer in self.layers] != ["fully_connected"]:  # a classifier alone is read from files
            check_chain(self.layers)
        checks.one_of("rounding", self.rounding, tuple(ROUNDINGS))
        self._check_scales()
        last = self.integers[-1].layer
        classes = last.N if last.kind == "fully_connected" else 0
        if isinstance(self.labels, str) or not all(isinstance(label, str) for label in self.labels):
            raise TypeError("labels must be a sequence of str, one for each class")
        labels = tuple(self.labels) or tuple(f"class {number}" for number in range(classes))
        if len(labels) != classes:
            raise ValueError(f"labels must be one for each of {classes:,} classes, but are {len(self.labels):,}")
        sides = () if last.kind in ("pool", "fully_connected") else (last.D_G, last.D_G)
        shape = tuple(self.shape or (*sides, last.N))
        if np.prod(shape) != np.prod((*sides, last.N)):
            raise ValueError(f"shape must hold {np.prod((*sides, last.N)):,} numbers, but is {shape}")
        for name, value in {"integers": tuple(self.integers), "labels": labels, "shape": shape}.items():
            object.__setattr__(self, name, value)

    def _check_scales(self) -> None:
        for integer, following in zip(self.integers, self.integers[1:]):
            if not integer.y.same_as(following.x):
                raise ValueError(
                    f"layer {following.layer.name} takes {following.x}, but {integer.layer.name} gives {integer.y}"
                )
        first, last = self.integers[0].x, self.probabilities or self.integers[-1].y
        if self.input is not None and not self.input.shifts_to(first):
            raise ValueError(f"input must be {first}, or its shift to the other dtype, but is {self.input}")
        if self.output is not None and not self.output.shifts_to(last):
            raise ValueError(f"output must be {last}, or its shift to the other dtype, but is {self.output}")
        if self.probabilities is not None and self.integers[-1].layer.kind != "fully_connected":
            raise ValueError("probabilities need a classifier, but the last layer is no fully connected layer")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple(getattr(self, field.name) for field in fields(self))

    def __repr__(self) -> str:
        first, last = self.layers[0], self.layers[-1]
        image = f"({first.D_F}, {first.D_F}, {first.M}) of {self.input.dtype if self.input else 'float32'}"
        gives = f"{last.N:,} {'classes' if last.kind == 'fully_connected' else 'features'}"
        return f"<IntegerModel: image {image} to {gives}, {self.nbytes:,} bytes, rounded {self.rounding}>"

    @property
    def layers(self) -> Layers:
        """The table of layers, as of a float network: for `cost` and for reading."""
        return Layers(integer.layer for integer in self.integers)

    @property
    def nbytes(self) -> int:
        """Of all kernels and biases: one for each weight, four for each bias."""
        arrays = [array for integer in self.integers for array in (integer.kernel, integer.bias) if array is not None]
        return sum(array.nbytes for array in arrays)

    @cached_property
    def _prepared(self) -> tuple[exact.FloatLayer, ...] | None:
        convolutions = [
            integer for integer in self.integers if integer.layer.kind in ("standard", "depthwise", "pointwise")
        ]
        return exact.prepared(convolutions, self.rounding)

    def forward(self, x: np.ndarray) -> Iterator[Step]:
        """Run layer by layer on integers (int64 sums); yields each step as soon as it is made.

        Parameters
        ----------
        x : array
            As for `predict`.

        Yields
        ------
        Step
            `(layer, y, mult_adds)`, as `npmobile.forward`, with y in 8-bit integers. The last step's y are the
            logits, before softmax.

        Raises
        ------
        ValueError, TypeError
            As `predict`.
        """
        return self._steps(self._taken(x))

    def predict(self, x: np.ndarray) -> np.ndarray:
        """What the interpreter's output tensor holds, bit for bit, for what its input tensor takes.

        Runs in float32 where that is exact: see `exact`.

        Parameters
        ----------
        x : (B, resolution, resolution, M) array
            Of the dtype of `input`: uint8 or int8, or float32 where that is None.

        Returns
        -------
        (B, classes) array
            Of the dtype of `output`. Probabilities, or logits or features where the network ends with them.

        Raises
        ------
        ValueError
            If x is not of the size that the layers are for.
        TypeError
            If it is of another dtype.
        """
        q = self._taken(x)
        answers = [self._answer(image[np.newaxis]) for image in q]
        last = self.output.dtype if self.output else np.float32
        return np.concatenate(answers) if answers else np.empty((0, *(self.shape or ())), last)

    def prepare(self, image: ImageLike) -> np.ndarray:
        """An image as `predict` takes it, but for the batch: (resolution, resolution, M); see `images.prepare`."""
        from .. import images  # brings Pillow, which counting does not need

        first = self.layers[0]
        x = images.prepare(image, first.D_F, self.preparation or images.Preparation(), first.M)
        return self.input.quantise(x) if self.input else x

    @overload
    def classify(self, image: ImageLike, k: int = 5) -> Guesses: ...
    @overload
    def classify(self, image: list[ImageLike], k: int = 5) -> list[Guesses]: ...
    def classify(self, image: ImageLike | list[ImageLike], k: int = 5) -> Guesses | list[Guesses]:
        """The k most probable labels with their probabilities, the most probable first.

        Parameters
        ----------
        image : path, open binary file, Pillow image or array; or a list of them
            As for `images.prepare`.
        k : int

        Returns
        -------
        list of (label, probability)
            Dequantised. Where the network ends with logits, their softmax in floats. For a list of images, a list
            of those.

        Raises
        ------
        ValueError, TypeError, OSError
            If the image cannot be read, k is not a count, or the network has no classifier.
        """
        checks.count("k", k)
        if not self.labels:
            raise ValueError("this network has no classifier: predict gives its features")
        if isinstance(image, list):
            return [self.classify(one, k) for one in image]
        (y,) = self.predict(self.prepare(image)[np.newaxis]).reshape(1, -1)
        real = self.output.dequantise(y) if self.output else y
        probabilities = real if self.probabilities else ops.softmax(real)
        best = np.argsort(-probabilities, kind="stable")[:k]
        return Guesses((self.labels[i], float(probabilities[i])) for i in best)

    def _taken(self, x: np.ndarray) -> np.ndarray:
        """Check x, and make the integers of it that the first layer takes."""
        first, wanted = self.layers[0], self.input.dtype if self.input else np.dtype(np.float32)
        if type(x) not in (np.ndarray, np.memmap) or x.dtype != wanted:
            came = x.dtype if type(x) is np.ndarray else type(x).__name__
            raise TypeError(f"x must be an array of {wanted}, as the input of this network, but is {came}")
        if x.ndim != 4 or x.shape[1:] != (first.D_F, first.D_F, first.M):
            raise ValueError(f"x must have the shape (B, {first.D_F}, {first.D_F}, {first.M}), but has {x.shape}")
        x, inside = np.asarray(x), self.integers[0].x  # of a memmap, a plain array
        return self.input.shift(x, inside) if self.input else inside.quantise(x)

    def _steps(self, q: np.ndarray, integers: Sequence[IntegerLayer] | None = None) -> Iterator[Step]:
        for integer in self.integers if integers is None else integers:
            q, mult_adds = integer.run(q, self.rounding)
            yield Step(integer.layer, q, mult_adds)

    def _answer(self, q: np.ndarray) -> np.ndarray:
        """One image through the whole network: (1, D_F, D_F, M) to (1, *shape)."""
        rest = self.integers
        if self._prepared is not None:
            rest = self.integers[len(self._prepared) :]
            q = self._convolved(q)
        for step in self._steps(q, rest):
            q = step.y
        last = self.integers[-1].y
        if self.probabilities:
            steps = kernels.softmax(q, float(last.scale), float(self.probabilities.scale))
            last = self.probabilities
            q = np.clip(steps + last.zero, last.low, last.high).astype(last.dtype)
        q = q.reshape(1, *(self.shape or ()))
        return last.shift(q, self.output) if self.output else last.dequantise(q)

    def _convolved(self, q: np.ndarray) -> np.ndarray:
        """All convolutions in float32: (1, D_F, D_F, M) to (1, D_G, D_G, N)."""
        assert self._prepared is not None
        if not self._prepared:
            return q
        last = self.integers[len(self._prepared) - 1].y
        v = q.astype(np.float32) - self.integers[0].x.zero
        for layer in self._prepared:
            v = layer.run(v)
        return (v + last.zero).astype(last.dtype)
