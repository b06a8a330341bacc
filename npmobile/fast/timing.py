"""How long each layer takes, beside what it counts: seconds, bytes and mult-adds.

A count is exact and a time is not. So what is compared is run in turn, many times, and the median is taken: other
work of the machine then slows all of it alike, and a pause spoils one round, not the result.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import numpy as np

from .. import checks, cost, ops, tables
from ..quiet import quiet
from ..spec import Layer
from ..weights import fold, init
from . import kernels, layout
from .plan import Plan


def interleaved(
    functions: Mapping[str, Callable[[], object]], rounds: int = 20, clock: Callable[[], float] | None = None
) -> dict[str, list[float]]:
    """Call functions in turn, round after round, and take the time of each call.

    Parameters
    ----------
    functions : dict of name to function without arguments
    rounds : int
        One more comes first and is not counted: it makes workspaces and fills caches.
    clock : function
        Without one, `time.perf_counter`: the time that passes. `time.process_time` is processor time, without
        that of other programs, summed over the threads of this one; `time.thread_time` that of the calling thread.

    Returns
    -------
    dict of name to list of float
        Seconds, one for each round.

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
    for _ in range(rounds + 1):
        for name, function in functions.items():
            start = now()
            function()
            times[name].append(now() - start)
    return {name: seconds[1:] for name, seconds in times.items()}


@dataclass(frozen=True)
class Timed:
    """One layer, run for one image: mult-adds executed, bytes moved if each number moves once, and seconds."""

    layer: Layer
    mult_adds: int
    bytes_moved: int
    seconds: float

    @property
    def intensity(self) -> Fraction:
        """Arithmetic intensity: mult-adds per byte moved."""
        return Fraction(self.mult_adds, self.bytes_moved)

    @property
    def rate(self) -> float:
        """Mult-adds per second."""
        return self.mult_adds / self.seconds


def bytes_moved(layer: Layer) -> int:
    """Bytes that a layer must read and write for one image: input, kernel and output in float32, each once.

    Examples
    --------
    >>> bytes_moved(Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=32, N=64, D_F=112))  # 4 * (401408 + 2048 + 802816)
    4825088
    """
    return cost.FLOAT32 * (layer.D_F**2 * layer.M + cost.parameters(layer) + layer.D_G**2 * layer.N)


@quiet
def by_layer(layers: Sequence[Layer], rounds: int = 20, seed: int = 0) -> list[Timed]:
    """Run a network with random weights on one random image and time each layer, bias and ReLU6 included.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`, separable or not.
    rounds : int
        The median of so many runs is taken; one more comes first and is not counted.
    seed : int

    Returns
    -------
    list of Timed
        The layers that make mult-adds; the pool makes none.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> timed = by_layer(mobilenet(alpha=0.25, resolution=32, classes=10), rounds=3)
    >>> timed[2].layer.name, timed[2].mult_adds, timed[2].bytes_moved, timed[2].seconds > 0
    ('conv_pw_1', 32768, 25088, True)
    """
    checks.count("rounds", rounds)
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
    counts = [0] * len(runs)
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds + 1):
        layout.write(image, workspace.entrance)
        for n, (_, run) in enumerate(runs):
            start = time.perf_counter()
            counts[n] = run()
            times[n].append(time.perf_counter() - start)
    return [
        Timed(layer, count, bytes_moved(layer), statistics.median(seconds[1:]))
        for (layer, _), count, seconds in zip(runs, counts, times)
    ]


class Ratio(NamedTuple):
    """How many times as expensive a block is as a standard convolution: in mult-adds, exactly, and in time, measured."""

    name: str
    counted: Fraction
    measured: float


def ratios(separable: Sequence[Timed], full: Sequence[Timed]) -> list[Ratio]:
    """Standard convolution divided by depthwise separable, for each block and for the whole network.

    Parameters
    ----------
    separable, full : sequence of Timed
        From `by_layer`, of a network and of its standard-convolution version (`mobilenet(..., separable=False)`).

    Returns
    -------
    list of Ratio
        One for each block, named by its number, and one named "network".

    Raises
    ------
    ValueError
        If the two do not have the same blocks.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> both = [by_layer(mobilenet(0.25, 32, 10, separable=s), rounds=3) for s in (True, False)]
    >>> first, *_, network = ratios(*both)
    >>> first.name, first.counted, network.name, round(float(network.counted), 2)  # 144/25 = 1 / (1/16 + 1/9)
    ('1', Fraction(144, 25), 'network', 7.49)
    """
    blocks, others = (list(dict.fromkeys(map(_block, network))) for network in (separable, full))
    if blocks != others:
        raise ValueError(
            f"separable and full must have the same blocks, but have {_named(blocks)} and {_named(others)}"
        )
    sums = [(name, _sum(separable, name), _sum(full, name)) for name in blocks if name]
    sums.append(("network", _sum(separable), _sum(full)))
    return [Ratio(name, Fraction(f[0], s[0]), f[1] / s[1]) for name, s, f in sums]


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


def as_text(timed: Sequence[Timed]) -> str:
    """Timed layers and their sum as a table for a terminal."""
    return tables.as_text(_cells(timed), ("layer",))


def as_markdown(timed: Sequence[Timed]) -> str:
    """Timed layers and their sum as a markdown table.

    Examples
    --------
    >>> pointwise = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=32, N=64, D_F=112)
    >>> print(as_markdown([Timed(pointwise, 25_690_112, bytes_moved(pointwise), seconds=0.0005)]))
    | layer | mult-adds | bytes moved | mult-adds / byte | ms | 10^9 mult-adds / s |
    |:--|--:|--:|--:|--:|--:|
    | conv_pw_1 | 25,690,112 | 4,825,088 | 5.3 | 0.500 | 51.4 |
    | total | 25,690,112 | 4,825,088 | 5.3 | 0.500 | 51.4 |
    """
    return tables.as_markdown(_cells(timed), ("layer",))


def _cells(timed: Sequence[Timed]) -> list[list[str]]:
    head = ["layer", "mult-adds", "bytes moved", "mult-adds / byte", "ms", "10^9 mult-adds / s"]
    rows = [(t.layer.name, t.mult_adds, t.bytes_moved, t.seconds) for t in timed]
    count, seconds = _sum(timed)
    rows.append(("total", count, sum(t.bytes_moved for t in timed), seconds))
    return [head] + [
        [name, f"{count:,}", f"{moved:,}", f"{count / moved:.1f}", f"{1e3 * s:.3f}", f"{count / s / 1e9:.1f}"]
        for name, count, moved, s in rows
    ]


def _block(timed: Timed) -> str:
    """The number of the block that a layer is part of, "" for the first convolution and the classifier."""
    return timed.layer.name.rpartition("_")[2] if "_" in timed.layer.name else ""


def _named(blocks: Sequence[str]) -> str:
    return ", ".join(filter(None, blocks)) or "none"


def _sum(network: Sequence[Timed], block: str | None = None) -> tuple[int, float]:
    """Mult-adds and seconds of a block, or of all."""
    chosen = [timed for timed in network if block is None or _block(timed) == block]
    return sum(timed.mult_adds for timed in chosen), sum(timed.seconds for timed in chosen)
