"""The floor of one image: every NumPy call of `Model.predict` timed by itself, and the minima added up.

NumPy itself takes that long, whatever is written around these calls. What an image takes beyond it is ours: Python between
the calls, and checks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from measuring import ONE_THREAD, held_to, settle

from npmobile import Model
from npmobile.fast import kernels, layout

NAMES = {"matmul": "matrix products", "einsum": "depthwise products", "add": "bias and sums of phases", "clip": "ReLU6"}
OTHERS = "im2col, zeros, pool, softmax"


class Part(NamedTuple):
    """Calls of one kind: how many, and the sum of their minima in seconds."""

    name: str
    calls: int
    seconds: float


class Floor(NamedTuple):
    """The fastest `Model.predict` in seconds, and the parts of the floor below it."""

    whole: float
    parts: list[Part]

    @property
    def seconds(self) -> float:
        return sum(part.seconds for part in self.parts)


def calls_of(model: Model, x: np.ndarray) -> list[tuple[str, Callable[[], Any]]]:
    """The NumPy calls that one image needs, in their order, each with the name of its kind."""
    plan = model.plan
    workspace, classifier = plan.workspace(), plan.classifier
    assert classifier is not None
    calls: list[tuple[str, Callable[[], Any]]] = [("", partial(layout.write, x, workspace.entrance))]
    for _, bound in workspace.calls:
        for call, _ in bound:
            if call.func is kernels.bias_relu6:  # two calls of NumPy
                y, bias = call.args
                calls.append(("add", partial(np.add, y, bias, out=y)))
                calls.append(("clip", partial(y.clip, *kernels.BOUNDS[y.dtype], out=y)))
            else:
                calls.append((call.func.__name__, call))
    features, logits = np.empty((1, classifier.layer.M), x.dtype), np.empty((1, classifier.layer.N), x.dtype)
    top = np.empty((1, 1), x.dtype)
    calls += [
        ("", partial(np.add.reduce, workspace.exit, axis=1, out=features)),
        ("", partial(np.divide, features, workspace.exit.shape[1], out=features)),
        ("", partial(np.isnan, features)),
        ("matmul", partial(np.matmul, features, classifier.kernel, out=logits)),
        ("add", partial(np.add, logits, classifier.bias, out=logits)),
        ("", partial(np.max, logits, axis=1, keepdims=True, out=top)),
        ("", partial(np.subtract, logits, top)),
        ("", partial(np.exp, logits)),
        ("", partial(np.sum, logits, axis=1, keepdims=True)),
        ("", partial(np.divide, logits, 1)),
    ]
    return calls


def floor(model: Model, x: np.ndarray, rounds: int) -> Floor:
    """Time each call by itself and the whole image, in turn.

    A call is so short that its minimum is never interrupted; the image is not, so its clock is that of the thread.
    """
    calls = calls_of(model, x)
    best, whole, clock = [float("inf")] * len(calls), float("inf"), time.perf_counter
    with held_to(1):
        settle()
        for _ in range(rounds):
            for n, (_, call) in enumerate(calls):
                start = clock()
                call()
                best[n] = min(best[n], clock() - start)
            start = ONE_THREAD()
            model.predict(x)
            whole = min(whole, ONE_THREAD() - start)
    found: dict[str, list[float]] = {name: [] for name in (*NAMES.values(), OTHERS)}
    for (name, _), seconds in zip(calls, best):
        found[NAMES.get(name, OTHERS)].append(seconds)
    return Floor(whole, [Part(name, len(seconds), sum(seconds)) for name, seconds in found.items()])
