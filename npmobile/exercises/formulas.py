"""The tasks output_side, mult_adds, parameters, separable_ratio and peak_memory: numbers from sizes."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from .. import cost
from ..spec import Layer, Layers
from .answers import read_count, read_ratio, shown
from .task import Case, Line, Mistake, Task, Trial
from .words import WRITTEN_OUT, Sentence


def _equal(y: Any, expected: Any) -> bool:
    return y is not None and bool(y == expected)


def _near(y: Any, expected: Any) -> bool:
    """Whether two numbers are equal but for the rounding of a float."""
    if y is None or (isinstance(y, float) and not math.isfinite(y)):
        return False
    return abs(Fraction(y) - Fraction(expected)) <= abs(Fraction(expected)) / 10**12


def _working(written: Callable[..., str]) -> Callable[[Trial], list[Line]]:
    """The right answer written out with the numbers of the case, and what came."""

    def working(trial: Trial) -> list[Line]:
        if trial.y is None or trial.problem is not None:
            return []
        text = written(*trial.case.arguments)
        return [Sentence(WRITTEN_OUT, written=text, expected=str(trial.expected), came=shown(trial.y))]

    return working


def gives(english: str, misreading: Callable[..., Any], same: Callable[[Any, Any], bool] = _equal) -> Mistake:
    """A mistake that gives a certain number instead of the right one."""
    return Mistake(Sentence(english), lambda trial: same(trial.y, misreading(*trial.case.arguments)))


# output_side

SIDES = [
    (4, 3, 1, "same"), (4, 2, 1, "same"), (5, 3, 2, "same"), (4, 3, 2, "same"), (6, 4, 2, "same"), (7, 3, 3, "same"), (4, 1, 2, "same"),
    (4, 3, 1, "valid"), (6, 3, 2, "valid"), (7, 2, 2, "valid"), (8, 5, 3, "valid"),
    (4, 3, 1, "symmetric"), (6, 3, 2, "symmetric"), (5, 2, 1, "symmetric"), (8, 5, 3, "symmetric"),
]  # fmt: skip


def _side(D_F: int, D_K: int, stride: int, padding: str) -> int:
    return Layer("layer", "standard", D_K, stride, 1, 1, D_F, padding).D_G


def _side_written(D_F: int, D_K: int, stride: int, padding: str) -> str:
    if padding == "same":
        return f"ceil({D_F} / {stride})"
    zeros = f" + 2*{D_K // 2}" if padding == "symmetric" else ""
    return f"({D_F}{zeros} - {D_K}) // {stride} + 1"


def _side_cases(rng: np.random.Generator) -> list[Case]:
    drawn = []
    for n in range(12):
        D_K, stride = (int(size) for size in rng.integers(1, 6, 2))
        drawn.append((int(rng.integers(D_K, 300)), D_K, stride, ("same", "valid", "symmetric")[n % 3]))
    cases = []
    for n, sizes in enumerate([*SIDES, *drawn]):
        D_F, D_K, stride, padding = sizes
        text = f"output_side(D_F={D_F}, D_K={D_K}, stride={stride}, padding={padding!r})"
        features = frozenset({f"padding {padding!r}"} | ({"a stride above 1"} if stride > 1 else set()))
        cases.append(Case(sizes, {}, text, n >= len(SIDES), D_F, features))
    return cases


OUTPUT_SIDE = Task(
    "output_side", ("D_F", "D_K", "stride", "padding"), _side_cases, lambda case: _side(*case.arguments),
    read_count, _equal, _working(_side_written), [
        gives("With \"same\" the side is D_F / stride rounded up, not down.",
              lambda F, K, s, p: F // s if p == "same" else _side(F, K, s, p)),
        gives("That is PyTorch's padding for \"same\", D_K // 2 zeros on every side.",
              lambda F, K, s, p: _side(F, K, s, "symmetric" if p == "same" else p)),
        gives("One window is missing: (D_F - D_K) // stride is the number of steps between windows, so add 1.",
              lambda F, K, s, p: _side(F, K, s, p) - (p != "same")),
        gives("The stride is not used.", lambda F, K, s, p: _side(F, K, 1, p)),
        gives("There is no padding: every padding is treated as \"valid\".", lambda F, K, s, p: _side(F, K, s, "valid")),
        gives("Every padding is treated as \"same\".", lambda F, K, s, p: _side(F, K, s, "same")),
        gives("With \"symmetric\" D_K // 2 zeros stand on both sides, not on one.",
              lambda F, K, s, p: (F + K // 2 - K) // s + 1 if p == "symmetric" else _side(F, K, s, p)),
    ],
)  # fmt: skip

# mult_adds(layer), parameters(layer)

LAYERS = [
    Layer("conv1", "standard", 3, 1, 2, 5, 4), Layer("conv1", "standard", 3, 2, 3, 4, 7), Layer("conv1", "standard", 5, 2, 2, 3, 9, "valid"),
    Layer("conv_dw_1", "depthwise", 3, 1, 4, 4, 5), Layer("conv_dw_2", "depthwise", 3, 2, 5, 5, 8), Layer("conv_dw_3", "depthwise", 2, 3, 3, 3, 7),
    Layer("conv_pw_1", "pointwise", 1, 1, 3, 8, 6), Layer("conv_pw_2", "pointwise", 1, 1, 5, 2, 3),
    Layer("fc", "fully_connected", 1, 1, 7, 10, 1), Layer("pool", "pool", 3, 1, 6, 6, 3),
]  # fmt: skip


def _drawn_layer(rng: np.random.Generator, n: int) -> Layer:
    D_K, stride, M, N, D_F = (int(size) for size in rng.integers((2, 1, 2, 2, 6), (6, 4, 40, 40, 60)))
    kind = ("standard", "depthwise", "pointwise")[n % 3]
    if kind == "pointwise":
        return Layer("layer", kind, 1, 1, M, N, D_F)
    return Layer("layer", kind, D_K, stride, M, M if kind == "depthwise" else N, D_F)


def _layer_cases(rng: np.random.Generator) -> list[Case]:
    layers = [*LAYERS, *(_drawn_layer(rng, n) for n in range(9))]
    cases = []
    for n, layer in enumerate(layers):
        features = frozenset({f"a {layer.kind} layer"} | ({"a stride above 1"} if layer.stride > 1 else set()))
        cases.append(Case((layer,), {}, str(layer), n >= len(LAYERS), layer.D_F * layer.M * layer.N, features))
    return cases


def _parameters_written(a: Layer) -> str:
    factors = {"pool": [0], "depthwise": [a.D_K, a.D_K, a.M], "standard": [a.D_K, a.D_K, a.M, a.N]}
    return "*".join(map(str, factors.get(a.kind, [a.M, a.N])))


def _mult_adds_written(a: Layer) -> str:
    return _parameters_written(a) + (f"*{a.D_G}*{a.D_G}" if a.kind != "pool" else "")


def _with_bias(layer: Layer) -> int:
    return 0 if layer.kind == "pool" else layer.N


def _as_standard(layer: Layer) -> int:
    return cost.standard(layer.D_K, layer.M, layer.N, layer.D_G)


MULT_ADDS = Task(
    "mult_adds", ("layer",), _layer_cases, lambda case: cost.mult_adds(*case.arguments), read_count, _equal, _working(_mult_adds_written), [
        gives("D_F stands where D_G belongs: with a stride above 1 there are fewer outputs than inputs.",
              lambda a: cost.mult_adds(a) * a.D_F**2 // a.D_G**2),
        gives("Multiplications and additions are counted apart: a mult-add is one of each.", lambda a: 2 * cost.mult_adds(a)),
        gives("The bias is counted: it is no mult-add.", lambda a: cost.mult_adds(a) + _with_bias(a) * a.D_G**2),
        gives("A depthwise layer is counted as a standard one: its filters have one channel each, not M.",
              lambda a: _as_standard(a) if a.kind == "depthwise" else cost.mult_adds(a)),
        gives("The pool is counted: it has no mult-adds.",
              lambda a: a.D_K**2 * a.M * a.D_G**2 if a.kind == "pool" else cost.mult_adds(a)),
        gives("The outputs are left out: these are the parameters, which are used once for each of the D_G * D_G outputs.",
              cost.parameters),
        gives("D_G is a factor once, not twice: an output image has D_G * D_G pixels.", lambda a: cost.mult_adds(a) // a.D_G),
        gives("D_K is a factor once, not twice: a kernel has D_K * D_K weights for each channel.", lambda a: cost.mult_adds(a) // a.D_K),
    ],
)  # fmt: skip

PARAMETERS = Task(
    "parameters", ("layer",), _layer_cases, lambda case: cost.parameters(*case.arguments), read_count, _equal, _working(_parameters_written), [
        gives("The bias is counted: as in the paper, only the kernel's weights are.", lambda a: cost.parameters(a) + _with_bias(a)),
        gives("Batch norm is counted: as in the paper, only the kernel's weights are.",
              lambda a: cost.parameters(a) + 2 * (0 if a.kind in ("pool", "fully_connected") else a.N)),
        gives("Batch norm is counted with its four numbers for each channel: as in the paper, only the kernel's weights are.",
              lambda a: cost.parameters(a) + 4 * (0 if a.kind in ("pool", "fully_connected") else a.N)),
        gives("A depthwise layer is counted as a standard one: its filters have one channel each, not M.",
              lambda a: a.D_K**2 * a.M * a.N if a.kind == "depthwise" else cost.parameters(a)),
        gives("These are the mult-adds: a weight is one parameter, however often it is used.", cost.mult_adds),
        gives("The pool is counted: it has no weights.", lambda a: a.D_K**2 * a.M if a.kind == "pool" else cost.parameters(a)),
        gives("D_K is a factor once, not twice: a kernel has D_K * D_K weights for each channel.", lambda a: cost.parameters(a) // a.D_K),
    ],
)  # fmt: skip

# separable_ratio(D_K, M, N, D_F)

RATIOS = [(3, 3, 64, 32), (3, 2, 4, 5), (5, 4, 2, 7), (1, 2, 3, 4), (2, 5, 8, 3)]


def _ratio_written(D_K: int, M: int, N: int, D_F: int) -> str:
    return f"1/{N} + 1/{D_K}**2"


def _ratio_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [tuple(int(size) for size in rng.integers((1, 2, 2, 2), (8, 500, 500, 200))) for _ in range(8)]
    return [
        Case(sizes, {}, "separable_ratio(D_K={}, M={}, N={}, D_F={})".format(*sizes), n >= len(RATIOS), sizes[2])
        for n, sizes in enumerate([*RATIOS, *drawn])
    ]


SEPARABLE_RATIO = Task(
    "separable_ratio", ("D_K", "M", "N", "D_F"), _ratio_cases, lambda case: cost.separable_ratio(case.arguments[0], case.arguments[2]),
    read_ratio, _near, _working(_ratio_written), [
        gives("That is 1/N + 1/D_F^2: D_K belongs where D_F stands. A 3 x 3 kernel cannot save more than 9 times.",
              lambda K, M, N, F: 1 / N + 1 / F**2, _near),
        gives("M stands where N belongs: the input channels cancel.", lambda K, M, N, F: 1 / M + 1 / K**2, _near),
        gives("It is upside down: the separable convolution over the standard one.", lambda K, M, N, F: 1 / (1 / N + 1 / K**2), _near),
        gives("D_K is not squared.", lambda K, M, N, F: 1 / N + 1 / K, _near),
        gives("Only the depthwise step is counted.", lambda K, M, N, F: 1 / N, _near),
        gives("Only the pointwise step is counted.", lambda K, M, N, F: 1 / K**2, _near),
    ],
)  # fmt: skip

# peak_memory(layers)


def _chain(D_F: int, *rows: tuple[str, int, int]) -> Layers:
    """Layers that follow from each other: (kind, stride, N) of each, from an image with 3 channels."""
    layers, M = [], 3
    for n, (kind, stride, N) in enumerate(rows):
        D_K = D_F if kind == "pool" else 3 if kind in ("standard", "depthwise") else 1
        layers.append(Layer(f"layer_{n}", kind, D_K, stride, M, N, D_F))
        D_F, M = layers[-1].D_G, N
    return Layers(layers)


def _memory_cases(rng: np.random.Generator) -> list[Case]:
    fixed = [
        _chain(4, ("standard", 1, 2)),
        _chain(4, ("standard", 2, 5)),
        _chain(6, ("standard", 2, 4), ("depthwise", 1, 4), ("pointwise", 1, 8)),
        _chain(
            8,
            ("standard", 2, 4),
            ("depthwise", 2, 4),
            ("pointwise", 1, 40),
            ("pool", 1, 40),
            ("fully_connected", 1, 500),
        ),
        _chain(8, ("standard", 1, 4), ("depthwise", 2, 4), ("pointwise", 1, 6)),
    ]
    drawn = []
    for _ in range(6):
        side, a, b, c = (int(size) for size in rng.integers((5, 2, 2, 2), (40, 20, 60, 120)))
        stride = int(rng.integers(1, 3))
        drawn.append(
            _chain(
                side,
                ("standard", 2, a),
                ("depthwise", stride, a),
                ("pointwise", 1, b),
                ("depthwise", 2, b),
                ("pointwise", 1, c),
            )
        )
    return [
        Case((layers,), {}, "peak_memory([{}])".format(", ".join(f"{a.kind} {a.D_F} x {a.D_F} x {a.M} -> {a.D_G} x {a.D_G} x {a.N}" for a in layers)),
             n >= len(fixed), len(layers) * layers[0].D_F) for n, layers in enumerate([*fixed, *drawn])
    ]  # fmt: skip


def _memory_written(layers: Layers) -> str:
    """The layer that needs most."""
    a = max(layers, key=lambda layer: cost.peak_memory([layer]))
    return f"{a.D_F}*{a.D_F}*{a.M} + {a.D_G}*{a.D_G}*{a.N}"


def _inputs(layers: Layers) -> list[int]:
    return [layer.D_F**2 * layer.M for layer in layers]


def _outputs(layers: Layers) -> list[int]:
    return [layer.D_G**2 * layer.N for layer in layers]


PEAK_MEMORY = Task(
    "peak_memory", ("layers",), _memory_cases, lambda case: cost.peak_memory(*case.arguments), read_count, _equal, _working(_memory_written), [
        gives("Only the outputs are counted: a layer needs its input and its output at the same time.", lambda a: max(_outputs(a))),
        gives("Only the largest feature map is counted: a layer needs its input and its output at the same time.",
              lambda a: max(_inputs(a) + _outputs(a))),
        gives("All feature maps are added up: the memory of one is used again as soon as the next layer has read it.",
              lambda a: cost.peak_memory(a, reuse=False)),
        gives("All inputs and outputs are added up: only those of one layer are needed at the same time.",
              lambda a: sum(_inputs(a) + _outputs(a))),
        gives("The numbers are taken as float32, 4 bytes each: here a number takes 1 byte.", lambda a: cost.peak_memory(a, 4)),
        gives("The weights are counted: the memory of feature maps is asked for.",
              lambda a: max(i + o + cost.parameters(layer) for i, o, layer in zip(_inputs(a), _outputs(a), a))),
        gives("The output is given the side of the input: with a stride above 1 it is smaller.",
              lambda a: max(i + layer.D_F**2 * layer.N for i, layer in zip(_inputs(a), a))),
        gives("The largest input and the largest output are added, even of two layers: take the largest sum of one layer.",
              lambda a: max(_inputs(a)) + max(_outputs(a))),
    ],
)  # fmt: skip
