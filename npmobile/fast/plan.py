"""A whole network made ready to run often: what can be done once is done once.

A `Plan` holds the folded weights and as many workspaces as ever ran at the same time (see `workspace`).
It gives the answers of `network.predict`, before softmax. Images of a batch are run one by one: what one image needs
stays in the cache, and what 32 images need does not. Only through the last layers images of a large batch go in groups.
"""

from __future__ import annotations

import math
from _thread import start_new_thread
from collections import deque
from collections.abc import Mapping, Sequence
from queue import SimpleQueue
from typing import TypeVar

import numpy as np

from .. import checks
from ..quiet import quiet
from ..spec import Layer, check_chain
from ..weights import check_input, require
from . import kernels
from .workspace import GROUP, Group, Workspace, last_layers, needed_bytes, prepare, with_sides

T = TypeVar("T", Workspace, Group)

LARGE = 32  # images; a batch of so many goes in groups: enough of them for 8 threads


class Plan:
    """Folded weights and the memory to run them in. Any number of threads may use one plan at the same time.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`, with or without its last layers.
    folded : Weights
        As made by `weights.fold`. Arrays that can still be written are copied.
    activation : {"relu6", "relu"}
        Behind each convolution.

    Raises
    ------
    ValueError, TypeError
        If the layers do not follow from each other, or the weights do not fit them or are not folded.

    Examples
    --------
    >>> from npmobile import mobilenet, weights
    >>> layers = mobilenet(alpha=0.25, resolution=32, classes=10)
    >>> plan = Plan(layers, weights.fold(weights.init(layers)))
    >>> logits, mult_adds = plan.run(np.zeros((2, 32, 32, 3), np.float32))
    >>> logits.shape, mult_adds  # 2 * 834688
    ((2, 10), 1669376)
    """

    def __init__(
        self, layers: Sequence[Layer], folded: Mapping[str, Mapping[str, np.ndarray]], activation: str = "relu6"
    ) -> None:
        check_chain(layers)
        checks.one_of("activation", activation, checks.ACTIVATIONS)
        require(folded, layers)
        _check_folded(layers, folded)
        self.layers, self.activation = tuple(layers), activation
        first, *others = (prepare(layer, folded[layer.name]) for layer in layers if layer.kind != "pool")
        self.classifier = others.pop() if layers[-1].kind == "fully_connected" else None
        self.convolutions = [with_sides(first), *others]  # an image may hold an infinity, a feature map only a NaN
        self.pooled = any(layer.kind == "pool" for layer in layers)
        last = last_layers(self.convolutions)
        self._in_groups = bool(last)
        self._workspace_bytes = needed_bytes(self.convolutions)
        self._group_bytes = self._workspace_bytes + needed_bytes(last, GROUP)
        checks.memory(self._workspace_bytes, f"a workspace for images of {layers[0].D_F} x {layers[0].D_F}")
        self._idle: deque[Workspace] = deque()  # append and pop of a deque are atomic
        self._idle_groups: deque[Group] = deque()

    def run(self, x: np.ndarray, threads: int = 1) -> tuple[np.ndarray, int]:
        """Run the network: the output of its last layer, before softmax, and the mult-adds executed.

        Parameters
        ----------
        x : (B, resolution, resolution, M) float array
            Images, prepared as the weights expect.
        threads : int
            How many threads the images are divided among, the calling one included; see `Model.predict`. After
            Ctrl-C each of the others finishes the images that it is at.

        Raises
        ------
        ValueError, TypeError
            If x does not fit the layers and the weights.
        """
        if checks.counts_itself(x):
            raise TypeError(
                "x counts what is done to it, but a plan computes on copies in floats: use npmobile.forward"
            )
        check_input(x, self.layers, {self.layers[0].name: {"kernel": self.convolutions[0].kernel}})
        groups = len(x) // GROUP if len(x) >= LARGE and self._in_groups else 0
        todo = [slice(GROUP * n, GROUP * (n + 1)) for n in range(groups)]
        todo += [slice(n, n + 1) for n in range(GROUP * groups, len(x))]
        threads = min(checks.count("threads", threads), max(len(todo), 1))
        last = self.convolutions[-1].layer
        shape = (len(x), last.N) if self.pooled else (len(x), last.D_G, last.D_G, last.N)
        needed = threads * (self._group_bytes if groups else self._workspace_bytes) + math.prod(shape) * x.itemsize
        checks.memory(needed, f"a run of {len(x)} images with threads={threads}")
        y = np.empty(shape, x.dtype)
        mult_adds = self._share(x, y, deque(todo), threads)
        if self.classifier is None:
            return y, mult_adds
        logits, classified = self._classify(y)
        return logits, mult_adds + classified

    def workspace(self) -> Workspace:
        """An idle workspace for one image if there is one, or else a new one."""
        return self._idle_or_new(self._idle, Workspace)

    def _idle_or_new(self, idle: deque[T], kind: type[T]) -> T:
        try:
            return idle.pop()
        except IndexError:
            return kind(self.convolutions, self.pooled, self.activation)

    def _share(self, x: np.ndarray, y: np.ndarray, todo: deque[slice], threads: int) -> int:
        """Run all images on so many threads, of which this is one; each takes the next ones from `todo`. Counts."""
        done: SimpleQueue[int | BaseException] = SimpleQueue()

        def work() -> None:
            result: int | BaseException
            try:
                result = self._images(x, y, todo)
            except BaseException as error:  # also Ctrl-C
                todo.clear()  # the other threads find nothing more to do
                result = error
            done.put(result)

        try:
            for _ in range(threads - 1):
                start_new_thread(work, ())  # Thread.start waits in Python code that Ctrl-C can leave locked for good
            work()
            results = [done.get() for _ in range(threads)]
        finally:
            todo.clear()
        mult_adds = 0
        for result in results:
            if isinstance(result, BaseException):
                raise result
            mult_adds += result
        return mult_adds

    @quiet
    def _images(self, x: np.ndarray, y: np.ndarray, todo: deque[slice]) -> int:
        """Run images until none is left to do."""
        mult_adds = 0
        while True:
            try:
                some = todo.popleft()
            except IndexError:
                return mult_adds
            images, out = x[some], y[some]
            if len(images) == GROUP:
                mult_adds += self._run(self._idle_groups, Group, images, out)
            else:
                mult_adds += self._run(self._idle, Workspace, images, out)
            if np.isnan(out).any():
                self._again(images, out)

    def _run(self, idle: deque[T], kind: type[T], images: np.ndarray, out: np.ndarray) -> int:
        """Run images in an idle workspace or a new one. One that was interrupted is not used again."""
        workspace = self._idle_or_new(idle, kind)
        mult_adds = workspace.run(images, out)
        idle.append(workspace)
        return mult_adds

    def _again(self, images: np.ndarray, out: np.ndarray) -> None:
        """Run images with zeros at the sides of all feature maps, because NaN may have spread too far."""
        workspace = Workspace([with_sides(prepared) for prepared in self.convolutions], self.pooled, self.activation)
        for n in range(len(images)):
            workspace.run(images[n : n + 1], out[n : n + 1])

    @quiet
    def _classify(self, features: np.ndarray) -> tuple[np.ndarray, int]:
        """The fully connected layer for the whole batch, (B, M) -> (B, N)."""
        assert self.classifier is not None
        _, _, kernel, bias = self.classifier
        logits = np.empty((len(features), len(bias)), features.dtype)
        mult_adds = kernels.run([kernels.matrix_product(features, kernel, out=logits)])
        logits += bias
        return logits, mult_adds


def _check_folded(layers: Sequence[Layer], weights: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    """Refuse weights that a plan cannot run: unfolded, or counting what is done to them."""
    named = [layer.name for layer in layers if layer.kind != "pool"]
    if not named or layers[0].kind == "pool":
        raise ValueError(f"a plan needs at least one convolution, but layers begin with {layers[0].name}")
    if unfolded := [name for name in named if "bias" not in weights[name]]:
        raise ValueError(f"a plan needs folded weights, but {unfolded[0]} has a batch norm: give weights.fold(weights)")
    for name in named:
        if any(map(checks.counts_itself, weights[name].values())):
            raise TypeError(f"{name} has weights that count what is done to them: use npmobile.forward")
