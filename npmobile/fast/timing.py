"""How long each layer takes, beside what it counts: seconds, bytes and mult-adds.

A count is exact and a time is not. So what is compared is run in turn, round after round: other work of the machine
then slows all of it alike, and a pause spoils one round, not the result. Every round is kept, so that `spread` can say
how far the rounds differ, and what they do not tell.
"""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import numpy as np

from .. import checks, ops
from ..quiet import quiet
from ..spec import Layer
from ..weights import fold, init
from . import kernels, layout
from .plan import Plan
from .spread import Spread, conclusion, spread
from .timed import Timed, as_markdown, as_text, bytes_moved, total

__all__ = [
    "Machine",
    "Ratio",
    "Spread",
    "Timed",
    "as_markdown",
    "as_text",
    "by_layer",
    "bytes_moved",
    "conclusion",
    "in_turn",
    "interleaved",
    "machine",
    "ratios",
    "spread",
]


def interleaved(
    functions: Mapping[str, Callable[[], object]],
    rounds: int = 20,
    clock: Callable[[], float] | None = None,
    at_least: float = 0,
    before: Callable[[], object] | None = None,
) -> dict[str, list[float]]:
    """Call functions in turn, round after round, and take the time of each call.

    Each round begins with the next function, so that none always follows the same other one.

    Parameters
    ----------
    functions : dict of name to function without arguments
    rounds : int
        One more comes first and is not counted: it makes workspaces and fills caches.
    clock : function
        Without one, `time.perf_counter`: the time that passes. `time.process_time` is processor time, without
        that of other programs, summed over the threads of this one; `time.thread_time` that of the calling thread.
    at_least : float
        Seconds. A function that takes less is called again in the same round, until this time has passed: for
        clocks that tick coarsely, as in a browser.
    before : function
        Called before each function, and not timed: `time.sleep` for a moment, say, so that threads come to rest.

    Returns
    -------
    dict of name to list of float
        Seconds of one call, one number for each round.

    Raises
    ------
    ValueError
        If `rounds` is not a count.

    Examples
    --------
    >>> times = interleaved({"sum": lambda: sum(range(100)), "nothing": lambda: None}, rounds=5)
    >>> [len(seconds) for seconds in times.values()]
    [5, 5]
    """
    checks.count("rounds", rounds)
    now = clock or time.perf_counter
    times: dict[str, list[float]] = {name: [] for name in functions}
    turns = deque(functions.items())
    for _ in range(rounds + 1):
        for name, function in turns:
            if before:
                before()
            calls, passed, start = 0, 0.0, now()
            while not calls or passed < at_least:
                function()
                calls, passed = calls + 1, now() - start
            times[name].append(passed / calls)
        turns.rotate(-1)
    return {name: seconds[1:] for name, seconds in times.items()}


def by_layer(layers: Sequence[Layer], rounds: int = 20, seed: int = 0) -> list[Timed]:
    """Run a network with random weights on one random image and time each layer, bias and ReLU6 included.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`, separable or not.
    rounds : int
        How often; one more comes first and is not counted.
    seed : int

    Returns
    -------
    list of Timed
        The layers that make mult-adds; the pool makes none.

    Raises
    ------
    ValueError
        If `rounds` is not a count, or the layers do not follow from each other.
    RuntimeError
        If the clock shows no time for a layer, because it ticks too coarsely.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> timed = by_layer(mobilenet(alpha=0.25, resolution=32, classes=10), rounds=3)
    >>> timed[2].layer.name, timed[2].mult_adds, timed[2].bytes_moved, timed[2].seconds > 0
    ('conv_pw_1', 32768, 25088, True)
    """
    return in_turn([layers], rounds, seed)[0]


@quiet
def in_turn(networks: Sequence[Sequence[Layer]], rounds: int = 20, seed: int = 0) -> list[list[Timed]]:
    """Run several networks as `by_layer` does, in turn: in each round every network runs once.

    Parameters and raises as `by_layer`; returns what it returns, for each network.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> both = in_turn([mobilenet(0.25, 32, 10, separable=s) for s in (True, False)], rounds=3)
    >>> [(len(network), len(network[0].rounds)) for network in both]
    [(28, 3), (15, 3)]
    """
    checks.count("rounds", rounds)
    prepared = [_prepared(layers, seed) for layers in networks]
    counts = [[0] * len(runs) for _, runs in prepared]
    times: list[list[list[float]]] = [[[] for _ in runs] for _, runs in prepared]
    for _ in range(rounds + 1):
        for (enter, runs), counted, seconds in zip(prepared, counts, times):
            enter()
            for n, (_, run) in enumerate(runs):
                start = time.perf_counter()
                counted[n] = run()
                seconds[n].append(time.perf_counter() - start)
    return [
        [
            Timed(layer, count, bytes_moved(layer), _ticked(layer, each[1:]))
            for (layer, _), count, each in zip(runs, counted, seconds)
        ]
        for (_, runs), counted, seconds in zip(prepared, counts, times)
    ]


def _prepared(layers: Sequence[Layer], seed: int) -> tuple[Callable[[], None], list[tuple[Layer, Callable[[], int]]]]:
    """A network ready to be timed: what writes an image where it begins, and what runs each of its layers."""
    rng = np.random.default_rng(seed)
    plan = Plan(layers, fold(init(layers, seed)))
    workspace = plan.workspace()
    image = rng.uniform(-1, 1, (1, layers[0].D_F, layers[0].D_F, layers[0].M)).astype(np.float32)
    runs: list[tuple[Layer, Callable[[], int]]] = [
        (layer, partial(kernels.run, calls)) for layer, calls in workspace.calls
    ]
    if plan.classifier:
        last, _, kernel, bias = plan.classifier
        features = rng.uniform(0, 6, (1, last.M)).astype(np.float32)
        runs.append((last, lambda: ops.fully_connected(features, kernel, bias)[1]))
    return partial(layout.write, image, workspace.entrance), runs


def _ticked(layer: Layer, seconds: list[float]) -> tuple[float, ...]:
    """The seconds, if the clock ticked in each round."""
    if min(seconds) <= 0:
        raise RuntimeError(f"the clock ticks too coarsely to time {layer.name}: in one round it shows no time for it")
    return tuple(seconds)


class Ratio(NamedTuple):
    """How many times as expensive a block is as a standard convolution: in mult-adds, exactly, and in time, measured."""

    name: str
    counted: Fraction
    measured: Spread


def ratios(separable: Sequence[Timed], full: Sequence[Timed]) -> list[Ratio]:
    """Standard convolution divided by depthwise separable, for each block and for the whole network.

    Parameters
    ----------
    separable, full : sequence of Timed
        From one call of `in_turn`: a network and its standard-convolution version
        (`mobilenet(..., separable=False)`). The ratio of times is taken in each round.

    Returns
    -------
    list of Ratio
        One for each block, named by its number, and one named "network".

    Raises
    ------
    ValueError
        If the two do not have the same blocks, or not the same number of rounds.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> both = in_turn([mobilenet(0.25, 32, 10, separable=s) for s in (True, False)], rounds=3)
    >>> first, *_, network = ratios(*both)
    >>> first.name, first.counted, network.name, round(float(network.counted), 2)  # 144/25 = 1 / (1/16 + 1/9)
    ('1', Fraction(144, 25), 'network', 7.49)
    """
    blocks, others = (list(dict.fromkeys(map(_block, network))) for network in (separable, full))
    if blocks != others:
        raise ValueError(
            f"separable and full must have the same blocks, but have {_named(blocks)} and {_named(others)}"
        )
    once, twice = ({len(timed.rounds) for timed in network} for network in (separable, full))
    if once != twice or len(once) > 1:
        raise ValueError(f"separable and full must have the same number of rounds, but have {once} and {twice}")
    found = []
    for name in [*filter(None, blocks), "network"]:
        few, many = (total(_of(network, name)) for network in (separable, full))
        measured = spread(long / short for short, long in zip(few[1], many[1]))
        found.append(Ratio(name, Fraction(many[0], few[0]), measured))
    return found


class Machine(NamedTuple):
    """What this machine can do: mult-adds per second in a matrix product, bytes per second in a copy."""

    product_rate: float
    copy_rate: float


def machine(rounds: int = 10, side: int = 1024, megabytes: int = 64) -> Machine:
    """Measure the two roofs of a roofline figure: a large matrix product and a large copy, in float32.

    No layer makes more mult-adds per second than the product. The array that is copied is larger than most caches;
    a layer whose numbers are still in a cache, from the layer before, may be faster than that copy.

    Parameters
    ----------
    rounds : int
        The median is taken.
    side : int
        Of the two square matrices.
    megabytes : int
        Size of the array that is read, and of the one that is written.

    Raises
    ------
    ValueError
        If an argument is not a count, or this machine has not so much memory.

    Examples
    --------
    >>> machine(rounds=3, side=64, megabytes=1).product_rate > 0
    True
    """
    checks.count("rounds", rounds)
    side, megabytes = checks.count("side", side), checks.count("megabytes", megabytes)
    checks.memory(12 * side**2 + 2 * megabytes * 10**6, f"measuring with side={side} and megabytes={megabytes}")
    a, b, c = np.ones((3, side, side), np.float32)
    source, target = np.ones((2, megabytes * 250_000), np.float32)
    times = interleaved({"product": lambda: np.matmul(a, b, out=c), "copy": lambda: np.copyto(target, source)}, rounds)
    product, copy = (statistics.median(times[name]) for name in ("product", "copy"))
    return Machine(side**3 / product, 2 * source.nbytes / copy)


def _block(timed: Timed) -> str:
    """The number of the block that a layer is part of, "" for the first convolution and the classifier."""
    return timed.layer.name.rpartition("_")[2] if "_" in timed.layer.name else ""


def _named(blocks: Sequence[str]) -> str:
    return ", ".join(filter(None, blocks)) or "none"


def _of(network: Sequence[Timed], block: str) -> list[Timed]:
    """The layers of a block, or all of them for "network"."""
    return [timed for timed in network if block in ("network", _block(timed))]
