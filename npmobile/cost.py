"""What a network costs, from the paper's formulas alone: mult-adds, parameters and bytes.

This is the third witness: no array is made and no kernel runs. Everything is a Python int or a Fraction, so
nothing is rounded and nothing overflows. One mult-add is one multiplication with its addition; bias, batch
norm, ReLU, pooling and softmax are not counted. All tables are for one image.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from . import checks
from .cost_table import CostsByKind, CostTable, Row, as_markdown, as_text, total
from .spec import Layer

__all__ = [
    "CostTable",
    "CostsByKind",
    "Row",
    "as_markdown",
    "as_text",
    "by_kind",
    "depthwise",
    "mult_adds",
    "parameters",
    "pointwise",
    "separable_ratio",
    "standard",
    "table",
    "total",
]

FLOAT32 = 4  # bytes


def standard(D_K: int, M: int, N: int, D_G: int) -> int:
    """Mult-adds of a standard convolution, equation 2 of the paper: D_K * D_K * M * N * D_G * D_G.

    Parameters
    ----------
    D_K, M, N : int
        Side of the kernel, input channels, output channels.
    D_G : int
        Side of the output image. The paper writes D_F, the input's, which is the same at stride 1 only.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If a size is not an int of at least 1.

    Examples
    --------
    >>> standard(D_K=3, M=3, N=64, D_G=32)
    1769472
    """
    return _product(D_K=D_K, M=M, N=N, D_G=D_G) * D_K * D_G


def depthwise(D_K: int, M: int, D_G: int) -> int:
    """Mult-adds of a depthwise convolution, equation 4 of the paper: D_K * D_K * M * D_G * D_G.

    Parameters, returns and raises as `standard`.

    Examples
    --------
    >>> depthwise(D_K=3, M=3, D_G=32)
    27648
    """
    return _product(D_K=D_K, M=M, D_G=D_G) * D_K * D_G


def pointwise(M: int, N: int, D_G: int) -> int:
    """Mult-adds of a pointwise convolution, the second term of equation 5: M * N * D_G * D_G.

    Parameters, returns and raises as `standard`.

    Examples
    --------
    >>> pointwise(M=3, N=64, D_G=32)
    196608
    """
    return _product(M=M, N=N, D_G=D_G) * D_G


def separable_ratio(D_K: int, N: int) -> Fraction:
    """Cost of the separable convolution over the standard one, exactly: 1/N + 1/D_K**2 (section 3.1).

    The input channels and the side of the image cancel. Parameters and raises as `standard`.

    Returns
    -------
    Fraction

    Examples
    --------
    >>> separable_ratio(D_K=3, N=64)
    Fraction(73, 576)
    >>> Fraction(depthwise(3, 3, 32) + pointwise(3, 64, 32), standard(3, 3, 64, 32))
    Fraction(73, 576)
    """
    _product(D_K=D_K, N=N)
    return Fraction(1, N) + Fraction(1, D_K**2)


def mult_adds(layer: Layer) -> int:
    """Mult-adds of one layer for one image; the pool has none.

    Examples
    --------
    >>> mult_adds(Layer("conv_dw_1", "depthwise", D_K=3, stride=1, M=32, N=32, D_F=112))
    3612672
    """
    if layer.kind == "standard":
        return standard(layer.D_K, layer.M, layer.N, layer.D_G)
    if layer.kind == "depthwise":
        return depthwise(layer.D_K, layer.M, layer.D_G)
    if layer.kind in ("pointwise", "fully_connected"):
        return pointwise(layer.M, layer.N, layer.D_G)
    return 0


def parameters(layer: Layer) -> int:
    """Weights of one layer: its kernel, without batch norm and bias, as the paper's tables count.

    MobileNet 1.0 has 4,209,088. Keras' 4,253,864 adds four batch-norm numbers for each channel and the classifier's
    1,000 biases; 4,231,976 leaves out the two of the four that are not trained.

    Examples
    --------
    >>> parameters(Layer("conv_dw_1", "depthwise", D_K=3, stride=1, M=32, N=32, D_F=112))
    288
    """
    if layer.kind == "standard":
        return layer.D_K**2 * layer.M * layer.N
    if layer.kind == "depthwise":
        return layer.D_K**2 * layer.M
    if layer.kind in ("pointwise", "fully_connected"):
        return layer.M * layer.N
    return 0


def peak_memory(layers: Sequence[Layer], bytes_per_value: int = 1, reuse: bool = True) -> int:
    """Bytes of memory that the feature maps of one image need; weights are not counted.

    A layer needs its input and its output in memory at the same time. Where the memory of a feature map is used
    again as soon as the next layer has read it, a network needs the largest of these sums. This decides whether it
    runs on a microcontroller. A depthwise or pointwise convolution could also write over its own input; that is not
    assumed here.

    Parameters
    ----------
    layers : sequence of Layer
    bytes_per_value : int
        1 for the 8-bit networks of phones, 4 for float32.
    reuse : bool
        False for the sum over the network's life: every feature map, the input included, has memory of its own.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If bytes_per_value is not an int of at least 1.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> peak_memory(mobilenet()) // 1024, peak_memory(mobilenet(alpha=0.25, resolution=128)) // 1024  # KiB
    (1176, 96)
    """
    checks.count("bytes_per_value", bytes_per_value)
    inputs = [layer.D_F**2 * layer.M for layer in layers]
    outputs = [layer.D_G**2 * layer.N for layer in layers]
    values = max(map(sum, zip(inputs, outputs)), default=0) if reuse else sum([*inputs[:1], *outputs])
    return int(bytes_per_value) * values


def table(layers: Sequence[Layer]) -> CostTable:
    """The cost table of a network, one row for each layer.

    Parameters
    ----------
    layers : sequence of Layer
        As made by `spec.mobilenet`.

    Returns
    -------
    list of Row
        It displays as a table; `print` writes all of it, and `as_text(rows, wide=True)` more columns.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> rows = table(mobilenet())
    >>> rows[1].name, rows[1].shape_in, rows[1].kernel, rows[1].mult_adds
    ('conv_dw_1', (112, 112, 32), (3, 3, 32), 3612672)
    """
    all_mult_adds = sum(mult_adds(layer) for layer in layers)
    all_parameters = sum(parameters(layer) for layer in layers)
    rows = CostTable()
    for layer in layers:
        shape_in, kernel, shape_out = _shapes(layer)
        rows.append(
            Row(
                name=layer.name,
                kind=layer.kind,
                shape_in=shape_in,
                kernel=kernel,
                stride=layer.stride,
                shape_out=shape_out,
                mult_adds=mult_adds(layer),
                parameters=parameters(layer),
                activation_bytes=FLOAT32 * layer.D_G**2 * layer.N,
                weight_bytes=FLOAT32 * parameters(layer),
                memory_bytes=peak_memory([layer], FLOAT32),
                share=Fraction(mult_adds(layer), all_mult_adds or 1),
                parameter_share=Fraction(parameters(layer), all_parameters or 1),
            )
        )
    return rows


def by_kind(layers: Sequence[Layer]) -> CostsByKind:
    """The costs by kind of layer, the most expensive first: Table 2 of the paper.

    Returns
    -------
    dict of str to Row
        It displays as a table.

    Examples
    --------
    >>> from npmobile.spec import mobilenet
    >>> for kind, row in by_kind(mobilenet()).items():
    ...     print(f"{kind:15} {float(row.share):6.2%} {float(row.parameter_share):6.2%}")
    pointwise       94.86% 74.59%
    depthwise        3.06%  1.06%
    standard         1.91%  0.02%
    fully_connected  0.18% 24.33%
    pool             0.00%  0.00%
    """
    rows = table(layers)
    kinds = dict.fromkeys(row.kind for row in rows)  # in order of appearance, each once
    sums = [total((row for row in rows if row.kind == kind), name=kind, kind=kind) for kind in kinds]
    return CostsByKind((row.kind, row) for row in sorted(sums, key=lambda row: -row.mult_adds))


def _shapes(layer: Layer) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Input, kernel and output of a layer as Table 1 prints them."""
    D_F, D_G, D_K, M, N = layer.D_F, layer.D_G, layer.D_K, layer.M, layer.N
    shape_in, shape_out = (D_F, D_F, M), (D_G, D_G, N)
    if layer.kind == "standard":
        return shape_in, (D_K, D_K, M, N), shape_out
    if layer.kind == "depthwise":
        return shape_in, (D_K, D_K, M), shape_out
    if layer.kind == "pointwise":
        return shape_in, (M, N), shape_out
    if layer.kind == "pool":
        return shape_in, (D_K, D_K), (N,)
    return (M,), (M, N), (N,)


def _product(**sizes: int) -> int:
    """Multiply sizes as Python ints: those of NumPy would wrap around at 2**63 and say nothing."""
    product = 1
    for name, size in sizes.items():
        checks.count(name, size)
        product *= int(size)
    return product
