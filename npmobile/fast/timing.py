"""How long it takes, beside what it counts: seconds, bytes and mult-adds of each layer, measured.

A count is exact and a time is not. So everything is measured in turn, several times, and the median taken: what
else the machine does then falls on all alike, and a pause counts as one round, not as an average.
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
        One more comes first and is not counted: in it memory is laid out and caches are filled.
    clock : function
        `time.perf_counter`, the clock on the wall, if none is given. `time.process_time` leaves out the turns of
        other programs, but adds up the threads of this one; `time.thread_time` is of the thread that calls.

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
    """One layer, run for one picture: mult-adds executed, bytes moved if each number moves once, and seconds."""

    layer: Layer
    mult_adds: int
    bytes_moved: int
    seconds: float

    @property
    def intensity(self) -> Fraction:
        """Arithmetic intensity: mult-adds for each byte moved."""
        return Fraction(self.mult_adds, self.bytes_moved)

    @property
    def rate(self) -> float:
        """Mult-adds a second."""
        return self.mult_adds / self.seconds


def bytes_moved(layer: Layer) -> int:
    """Bytes that a layer must read and write for one picture: input, kernel and output in float32, each once.

    Examples
    --------
    >>> bytes_moved(Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=32, N=64, D_F=112))  # 4 * (401408 + 2048 + 802816)
    4825088
    """
    return cost.FLOAT32 * (layer.D_F**2 * layer.M + cost.parameters(layer) + layer.D_G**2 * layer.N)


def by_layer(layers: Sequence[Layer], rounds: int = 20, seed: int = 0) -> list[Timed]:
    """Run a network with random weights on one random picture and time each layer, bias and ReLU6 included.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`, separable or not.
    rounds : int
        The median of so many runs is taken; one more comes first.
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
    lane = plan.lane()
    picture = rng.uniform(-1, 1, (1, layers[0].D_F, layers[0].D_F, layers[0].M)).astype(np.float32)
    features = rng.uniform(0, 6, (1, plan.convolutions[-1].N)).astype(np.float32)
    runs: list[tuple[Layer, Callable[[], int]]] = [(layer, partial(kernels.run, calls)) for layer, calls in lane.calls]
    if (last := layers[-1]).kind == "fully_connected":
        runs.append((last, lambda: ops.fully_connected(features, **plan.folded[last.name])[1]))
    counts = [0] * len(runs)
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds + 1):
        layout.put(picture, lane.entrance)
        with kernels.Unbuffered():
            for n, (_, run) in enumerate(runs):
                start = time.perf_counter()
                counts[n] = run()
                times[n].append(time.perf_counter() - start)
    return [
        Timed(layer, count, bytes_moved(layer), statistics.median(seconds[1:]))
        for (layer, _), count, seconds in zip(runs, counts, times)
    ]


class Ratio(NamedTuple):
    """How many times dearer one block is as a full convolution: counted exactly, and measured."""

    name: str
    counted: Fraction
    measured: float


def ratios(separable: Sequence[Timed], full: Sequence[Timed]) -> list[Ratio]:
    """Full convolution over depthwise separable, block by block and for the whole network.

    Parameters
    ----------
    separable, full : sequence of Timed
        Of `by_layer`, for a network and its twin (`mobilenet(..., separable=False)`).

    Returns
    -------
    list of Ratio
        One for each block, named by its number, and "network".

    Raises
    ------
    ValueError
        If the two have not the same blocks.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> twins = [by_layer(mobilenet(0.25, 32, 10, separable=s), rounds=3) for s in (True, False)]
    >>> first, *_, network = ratios(*twins)
    >>> first.name, first.counted, network.name, round(float(network.counted), 2)  # 144/25 = 1 / (1/16 + 1/9)
    ('1', Fraction(144, 25), 'network', 7.49)
    """
    blocks, twins = ([_block(timed) for timed in network] for network in (separable, full))
    if list(dict.fromkeys(blocks)) != list(dict.fromkeys(twins)):
        raise ValueError("separable and full must be the same blocks, but are not")
    sums = [(name, _sum(separable, name), _sum(full, name)) for name in dict.fromkeys(blocks) if name]
    sums.append(("network", _sum(separable), _sum(full)))
    return [Ratio(name, Fraction(f[0], s[0]), f[1] / s[1]) for name, s, f in sums]


class Machine(NamedTuple):
    """What this machine does at its best: mult-adds a second in a matrix product, bytes a second in a copy."""

    product_rate: float
    copy_rate: float


def machine(rounds: int = 10, side: int = 1024, megabytes: int = 64) -> Machine:
    """Measure the two roofs that no layer can be above: a large matrix product and a large copy in float32.

    The copy is of an array larger than most caches. Where a layer's numbers still lie in a cache from the layer
    before, it may well be above that roof.

    Parameters
    ----------
    rounds : int
        The median is taken.
    side : int
        Of the two square matrices.
    megabytes : int
        Size of the array; as much is read and as much written.

    Examples
    --------
    >>> machine(rounds=3, side=64, megabytes=1).product_rate > 0
    True
    """
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


def _sum(network: Sequence[Timed], block: str | None = None) -> tuple[int, float]:
    """Mult-adds and seconds of a block, or of all."""
    chosen = [timed for timed in network if block is None or _block(timed) == block]
    return sum(timed.mult_adds for timed in chosen), sum(timed.seconds for timed in chosen)
