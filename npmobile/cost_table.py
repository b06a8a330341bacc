"""The rows of a cost table: their total, and the table as text, markdown and HTML.

`cost` computes the rows; nothing is computed here but sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from . import tables

_LEFT = ("layer", "kind", "in", "kernel", "kernel/stride", "out")  # columns of words


@dataclass(frozen=True)
class Row:
    """One line of a cost table: a layer, a kind of layers, or a total.

    Shapes are for a single layer and None for sums. Bytes are those of float32: `activation_bytes` of the
    array that the layer makes, `weight_bytes` of its kernel, `memory_bytes` of its input and output together, which
    must be in memory at the same time (of several layers, the largest). `share` and `parameter_share` are the
    fractions of the whole network's mult-adds and parameters.

    Examples
    --------
    >>> from npmobile import cost, mobilenet
    >>> cost.table(mobilenet())[0]
    Row(name='conv1', kind='standard', mult_adds=10838016, parameters=864)
    """

    name: str
    kind: str
    shape_in: tuple[int, ...] | None = field(repr=False)
    kernel: tuple[int, ...] | None = field(repr=False)
    stride: int | None = field(repr=False)
    shape_out: tuple[int, ...] | None = field(repr=False)
    mult_adds: int
    parameters: int
    activation_bytes: int = field(repr=False)
    weight_bytes: int = field(repr=False)
    memory_bytes: int = field(repr=False)
    share: Fraction = field(repr=False)
    parameter_share: Fraction = field(repr=False)


def total(rows: Iterable[Row], name: str = "total", kind: str = "") -> Row:
    """Add rows up.

    Examples
    --------
    >>> from npmobile import cost, mobilenet
    >>> costs = total(cost.table(mobilenet()))
    >>> costs.mult_adds, costs.parameters, costs.share
    (568740352, 4209088, Fraction(1, 1))
    """
    rows = list(rows)
    return Row(
        name=name,
        kind=kind,
        shape_in=None,
        kernel=None,
        stride=None,
        shape_out=None,
        mult_adds=sum(row.mult_adds for row in rows),
        parameters=sum(row.parameters for row in rows),
        activation_bytes=sum(row.activation_bytes for row in rows),
        weight_bytes=sum(row.weight_bytes for row in rows),
        memory_bytes=max((row.memory_bytes for row in rows), default=0),
        share=sum((row.share for row in rows), Fraction(0)),
        parameter_share=sum((row.parameter_share for row in rows), Fraction(0)),
    )


def as_text(rows: Iterable[Row], wide: bool = False) -> str:
    """Rows and their total as a table for a terminal, at most 80 columns wide.

    The column of input and output bytes is not added up: its last line is the largest, the peak memory.

    Where a number does not fit, its column is in millions: M is 10**6, MB are 10**6 bytes. What follows from the
    other columns is left out: the bytes of the output and, for single layers, the input's shape, the bytes of the
    weights and the share of the parameters; of very large networks the bytes of input and output too.

    Parameters
    ----------
    rows : iterable of Row
    wide : bool
        All columns, and every number in full.

    Returns
    -------
    str

    Examples
    --------
    >>> from npmobile import cost, mobilenet
    >>> print(as_text(cost.by_kind(mobilenet()).values()))
    kind               mult-adds       %  parameters       %   weights B  in+out MB
    pointwise        539,492,352   94.86   3,139,584   74.59  12,558,336      4.817
    depthwise         17,385,984    3.06      44,640    1.06     178,560      4.014
    standard          10,838,016    1.91         864    0.02       3,456      2.208
    fully_connected    1,024,000    0.18   1,024,000   24.33   4,096,000      0.008
    pool                       0    0.00           0    0.00           0      0.205
    total            568,740,352  100.00   4,209,088  100.00  16,836,352      4.817
    """
    rows = list(rows)
    return tables.as_text(_lines(rows) if wide else _narrow_lines(rows), _LEFT, None if wide else tables.WIDTH)


def as_markdown(rows: Iterable[Row]) -> str:
    """Rows and their total as a markdown table, with all columns and every number in full.

    Examples
    --------
    >>> from npmobile import cost, mobilenet
    >>> print(as_markdown(cost.table(mobilenet(alpha=0.25, resolution=32, classes=10))[:1]))
    | layer | in | kernel | stride | out | mult-adds | % | parameters | % | output B | weights B | in + out B |
    |:--|:--|:--|--:|:--|--:|--:|--:|--:|--:|--:|--:|
    | conv1 | 32 x 32 x 3 | 3 x 3 x 3 x 8 | 2 | 16 x 16 x 8 | 55,296 | 6.62 | 216 | 0.10 | 8,192 | 864 | 20,480 |
    | total |  |  |  |  | 55,296 | 6.62 | 216 | 0.10 | 8,192 | 864 | 20,480 |
    """
    return tables.as_markdown(_lines(list(rows)), _LEFT)


# Tables as lines of text: a head, the rows, their total

_COUNTS = [  # field of a row, title in full, title in millions
    ("mult_adds", "mult-adds", "mult-adds M"),
    ("parameters", "parameters", "params M"),
    ("activation_bytes", "output B", "output MB"),
    ("weight_bytes", "weights B", "weights MB"),
    ("memory_bytes", "in + out B", "in+out MB"),
]
_SHARES = {"mult_adds": "share", "parameters": "parameter_share"}


def _lines(rows: list[Row]) -> list[list[str]]:
    """All columns, every number in full; shapes only where a row has one."""
    rows = [*rows, total(rows)]
    columns = [_names(rows)]
    if columns[0][0] == "layer":
        columns.append(["in", *(_times(row.shape_in) for row in rows)])
        columns.append(["kernel", *(_times(row.kernel) for row in rows)])
        columns.append(["stride", *(str(row.stride or "") for row in rows)])
        columns.append(["out", *(_times(row.shape_out) for row in rows)])
    return _with_numbers(columns, rows, _COUNTS, in_millions=0)


def _narrow_lines(rows: list[Row]) -> list[list[str]]:
    """As many numbers in full as fit into 80 columns: the last ones are the first to be in millions."""
    rows = [*rows, total(rows)]
    columns, shares, counts = [_names(rows)], _SHARES, [count for count in _COUNTS if count[0] != "activation_bytes"]
    if columns[0][0] == "layer":
        kernels = (f"{_times(row.kernel, 'x')}/{row.stride}" if row.kernel else "" for row in rows)
        columns += [["kernel/stride", *kernels], ["out", *(_times(row.shape_out, "x") for row in rows)]]
        counts = [_COUNTS[0], ("parameters", "params", "params M"), _COUNTS[-1]]
        shares = {"mult_adds": "share"}
    with_memory = [(counts, in_millions) for in_millions in range(1, len(counts) + 1)]
    without = [(counts[:-1], in_millions) for in_millions in range(len(counts))]
    for shown, in_millions in with_memory + without:
        lines = _with_numbers(columns, rows, shown, in_millions, shares)
        if tables.fits(lines):
            break
    return lines


def _with_numbers(
    columns: list[list[str]],
    rows: list[Row],
    counts: Sequence[tuple[str, str, str]],
    in_millions: int,
    shares: dict[str, str] = _SHARES,
) -> list[list[str]]:
    """Add columns of numbers, so many of them in millions, and turn columns into lines."""
    columns = list(columns)
    for number, (name, title, title_in_millions) in enumerate(counts, start=1):
        values = [getattr(row, name) for row in rows]
        if number > len(counts) - in_millions:
            columns.append([title_in_millions, *map(_millions, values)])
        else:
            columns.append([title, *(f"{value:,}" for value in values)])
        if name in shares:
            columns.append(["%", *(f"{float(100 * getattr(row, shares[name])):.2f}" for row in rows)])
    return [list(line) for line in zip(*columns)]


def _names(rows: list[Row]) -> list[str]:
    return ["layer" if any(row.shape_in for row in rows) else "kind", *(row.name for row in rows)]


def _millions(count: int) -> str:
    """Three decimals, without a float.

    >>> _millions(568_740_352)
    '568.740'
    """
    thousands = (count + 500) // 1000
    return f"{thousands // 1000:,}.{thousands % 1000:03}"


def _times(sizes: tuple[int, ...] | None, sign: str = " x ") -> str:
    return sign.join(map(str, sizes or ()))


class CostTable(tables.Shown, list[Row]):
    """A list of rows that displays as a table, with their total under it.

    Examples
    --------
    >>> from npmobile import cost, mobilenet
    >>> cost.table(mobilenet(alpha=0.25, resolution=32, classes=10))[-2:]
    layer  kernel/stride  out  mult-adds     %  params  in+out MB
    pool   1x1/1          256          0  0.00       0      0.002
    fc     256x10/1       10       2,560  0.31   2,560      0.001
    total                          2,560  0.31   2,560      0.002
    """

    _words = _LEFT

    def _lines(self, wide: bool) -> tables.Lines:
        return _lines(self) if wide else _narrow_lines(self)


class CostsByKind(tables.Shown, dict[str, Row]):
    """A dict of rows that displays as a table, with their total under it."""

    _words = _LEFT

    def _lines(self, wide: bool) -> tables.Lines:
        return _lines(list(self.values())) if wide else _narrow_lines(list(self.values()))
