"""What was measured of one layer, and tables of layers."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .. import cost, tables
from ..spec import Layer


@dataclass(frozen=True)
class Timed:
    """One layer, run for one image: mult-adds executed, bytes moved if each number moves once, seconds of each round."""

    layer: Layer
    mult_adds: int
    bytes_moved: int
    rounds: tuple[float, ...]

    @property
    def seconds(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.rounds)

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


def total(timed: Sequence[Timed]) -> tuple[int, list[float]]:
    """The mult-adds of some layers together, and their seconds in each round.

    >>> layer = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=2, N=3, D_F=4)
    >>> total([Timed(layer, 96, 344, rounds=(0.5, 0.25)), Timed(layer, 96, 344, rounds=(1.0, 2.0))])
    (192, [1.5, 2.25])
    """
    return sum(t.mult_adds for t in timed), [sum(seconds) for seconds in zip(*(t.rounds for t in timed))]


def as_text(timed: Sequence[Timed]) -> str:
    """Timed layers and their sum as a table for a terminal."""
    return tables.as_text(_cells(timed), ("layer",))


def as_markdown(timed: Sequence[Timed]) -> str:
    """Timed layers and their sum as a markdown table.

    Examples
    --------
    >>> pointwise = Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=32, N=64, D_F=112)
    >>> print(as_markdown([Timed(pointwise, 25_690_112, bytes_moved(pointwise), rounds=(0.0005,))]))
    | layer | mult-adds | bytes moved | mult-adds / byte | ms | 10^9 mult-adds / s |
    |:--|--:|--:|--:|--:|--:|
    | conv_pw_1 | 25,690,112 | 4,825,088 | 5.3 | 0.500 | 51.4 |
    | total | 25,690,112 | 4,825,088 | 5.3 | 0.500 | 51.4 |
    """
    return tables.as_markdown(_cells(timed), ("layer",))


def _cells(timed: Sequence[Timed]) -> list[list[str]]:
    head = ["layer", "mult-adds", "bytes moved", "mult-adds / byte", "ms", "10^9 mult-adds / s"]
    rows = [(t.layer.name, t.mult_adds, t.bytes_moved, t.seconds) for t in timed]
    rows.append(("total", total(timed)[0], sum(t.bytes_moved for t in timed), sum(t.seconds for t in timed)))
    return [head] + [
        [name, f"{count:,}", f"{moved:,}", f"{count / moved:.1f}", f"{1e3 * s:.3f}", f"{count / s / 1e9:.1f}"]
        for name, count, moved, s in rows
    ]
