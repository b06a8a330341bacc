"""The tasks mobilenet (the table) and forward (the whole network)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from .. import conv, network, ops, spec
from ..spec import BLOCKS, Layer, Layers
from ..weights import fold, init
from .answers import NOTHING, arrays_agree, read_array, shown, type_name
from .executed import forward_cost
from .task import Case, Line, Mistake, Task, Trial
from .words import Block, Sentence

FIELDS = ("kind", "D_K", "stride", "M", "N", "D_F")
Row = tuple[str, int, int, int, int, int]

# mobilenet(alpha, resolution, classes)


def rows_of(layers: Sequence[Layer]) -> list[Row]:
    """(kind, D_K, stride, M, N, D_F) of each layer."""
    return [(a.kind, a.D_K, a.stride, a.M, a.N, a.D_F) for a in layers]


def _table_cases(rng: np.random.Generator) -> list[Case]:
    fixed = [(1.0, 224, 1000), (0.5, 160, 1000), (0.25, 128, 10), (0.3, 96, 5), (0.01, 32, 2), (0.7, 225, 7)]
    drawn = [
        (float(rng.integers(20, 140)) / 100, int(rng.integers(32, 300)), int(rng.integers(2, 500))) for _ in range(6)
    ]
    return [
        Case(sizes, {}, "mobilenet(alpha={}, resolution={}, classes={})".format(*sizes), n >= len(fixed), n)
        for n, sizes in enumerate([*fixed, *drawn])
    ]


def _read_rows(trial: Trial, came: Any) -> None:
    """Rows as tuples or lists, or as objects with these attributes."""
    if came is None:
        trial.problem = NOTHING
        return
    if not isinstance(came, (list, tuple)):
        trial.problem = Sentence("It returns {kind}, not a list of rows.", kind=type_name(came))
        return
    rows = []
    for n, row in enumerate(came):
        values: Any = tuple(getattr(row, name, None) for name in FIELDS) if hasattr(row, "kind") else row
        fits = isinstance(values, (tuple, list)) and len(values) == len(FIELDS)
        if not fits or not all(isinstance(value, (str, Integral, float)) for value in values):
            trial.problem = Sentence(
                "Row {n} must be ({fields}), but is {row}.", n=n, fields=", ".join(FIELDS), row=shown(row)
            )
            return
        if floats := [value for value in values if isinstance(value, float)]:
            trial.problem = Sentence("Row {n} holds the float {came}: make an int of it.", n=n, came=shown(floats[0]))
            return
        rows.append(tuple(value if isinstance(value, str) else int(value) for value in values))
    trial.y = rows


def _same_rows(y: Any, expected: list[Row]) -> bool:
    return y is not None and len(y) == len(expected) and all(tuple(a) == b for a, b in zip(y, expected))


def _table_working(trial: Trial) -> list[Line]:
    if trial.y is None:
        return []
    for n, (mine, right) in enumerate(zip(trial.y, trial.expected)):
        if mine != right:
            return [Sentence("Row {n} ({fields}) must be {expected}, but is {came}.", n=n, fields=", ".join(FIELDS),
                             expected=str(right), came=shown(mine))]  # fmt: skip
    return [Sentence("It has {came} rows, expected {expected}.", came=len(trial.y), expected=len(trial.expected))]


def _table(
    alpha: float, resolution: int, classes: int, thin: Callable[[float], int] = int, blocks: Sequence[tuple[int, int]] = BLOCKS,
    first: bool = True, side: Callable[[int, int], int] = lambda D_F, stride: -(-D_F // stride), least: int = 1,
) -> list[Row]:  # fmt: skip
    """Table 1 as rows, in the way of one mistake or another. It is written apart from `spec.mobilenet`."""

    def channels(n: int) -> int:
        return max(thin(round(alpha * n, 9)), least)

    D_F, M = resolution, channels(32) if first else 32
    rows: list[Row] = [("standard", 3, 2, 3, M, D_F)]
    D_F = side(D_F, 2)
    for n, stride in blocks:
        rows.append(("depthwise", 3, stride, M, M, D_F))
        D_F = side(D_F, stride)
        rows.append(("pointwise", 1, 1, M, channels(n), D_F))
        M = channels(n)
    return [*rows, ("pool", D_F, 1, M, M, D_F), ("fully_connected", 1, 1, M, classes, 1)]


def _right_table(alpha: float, resolution: int, classes: int) -> list[Row]:
    return rows_of(spec.mobilenet(alpha, resolution, classes))


def _gives_rows(english: str, misreading: Callable[..., list[Row]]) -> Mistake:
    return Mistake(Sentence(english), lambda trial: _same_rows(trial.y, misreading(*trial.case.arguments)))


def _changed(change: Callable[[Row], Row]) -> Callable[..., list[Row]]:
    return lambda *sizes: [change(row) for row in _right_table(*sizes)]


def _output_sides(*sizes: Any) -> list[Row]:
    return [(a.kind, a.D_K, a.stride, a.M, a.N, a.D_G) for a in spec.mobilenet(*sizes)]


def _times_8(channels: float) -> int:
    """As timm does: the nearest multiple of 8, but no less than 90 % of it."""
    near = max(8, int(channels + 4) // 8 * 8)
    return near + 8 if near < 0.9 * channels else near


MOBILENET = Task(
    "mobilenet", ("alpha", "resolution", "classes"), _table_cases, lambda case: _right_table(*case.arguments),
    _read_rows, _same_rows, _table_working, [
        _gives_rows("Channels are rounded: alpha * channels is cut off, as int() does.", lambda a, r, c: _table(a, r, c, thin=round)),
        _gives_rows("Channels are rounded up: alpha * channels is cut off, as int() does.", lambda a, r, c: _table(a, r, c, thin=lambda c: int(np.ceil(c)))),
        _gives_rows("Channels are rounded to multiples of 8: alpha * channels is cut off, as int() does.", lambda a, r, c: _table(a, r, c, thin=_times_8)),
        _gives_rows("A layer has at least 1 channel, however small alpha is.", lambda a, r, c: _table(a, r, c, least=0)),
        _gives_rows("A layer has at least 8 channels, as in TF-slim: here it is 1.", lambda a, r, c: _table(a, r, c, least=8)),
        _gives_rows("alpha is not used.", lambda a, r, c: _table(1.0, r, c)),
        _gives_rows("alpha is not applied to the first convolution.", lambda a, r, c: _table(a, r, c, first=False)),
        _gives_rows("M and N are swapped.", _changed(lambda r: (*r[:3], r[4], r[3], r[5]))),
        _gives_rows("D_G stands where D_F belongs: a row has the side of its input.", _output_sides),
        _gives_rows("Sides are rounded down: with \"same\" the output side is D_F / stride rounded up.",
                    lambda a, r, c: _table(a, r, c, side=lambda D_F, stride: D_F // stride)),
        _gives_rows("The last depthwise layer has stride 1: Table 1 prints 2 there, but keeps 7 x 7.",
                    lambda a, r, c: _table(a, r, c, blocks=(*BLOCKS[:-1], (1024, 2)))),
        _gives_rows("The resolution is not used.", lambda a, r, c: _table(a, 224, c)),
        _gives_rows("The number of classes is not used.", lambda a, r, c: _table(a, r, 1000)),
        _gives_rows("alpha is applied to the classes too: they stay as many as they are.", lambda a, r, c: _table(a, r, int(a * c))),
    ],
)  # fmt: skip

# forward(x, layers, weights)

FORMS = ("weights with a bias (folded)", "weights with batch norm (not folded)")
LIKE_MOBILENET = (
    ("standard", 2, 4),
    ("depthwise", 1, 4),
    ("pointwise", 1, 6),
    ("depthwise", 2, 6),
    ("pointwise", 1, 5),
)


def _network(D_F: int, rows: Sequence[tuple[str, int, int]], channels: int, classes: int) -> Layers:
    layers, M = [], channels
    for n, (kind, stride, N) in enumerate(rows):
        layers.append(Layer(f"layer_{n}", kind, 1 if kind == "pointwise" else 3, stride, M, N, D_F))
        D_F, M = layers[-1].D_G, N
    return Layers(
        [*layers, Layer("pool", "pool", D_F, 1, M, M, D_F), Layer("fc", "fully_connected", 1, 1, M, classes, 1)]
    )


def _weights(layers: Layers, rng: np.random.Generator) -> dict[str, dict[str, np.ndarray]]:
    """Random weights with which no feature map is 0 everywhere, and many numbers are above 6 or below 0."""
    found = {}
    for name, arrays in init(layers).items():
        found[name] = {part: rng.uniform(-1, 1.4, array.shape) for part, array in arrays.items()}
        if "var" in arrays:
            found[name]["var"] = rng.uniform(0.001, 0.1, arrays["var"].shape)
            found[name]["gamma"] = rng.uniform(0.5, 2, arrays["gamma"].shape)
            found[name]["beta"] = rng.uniform(1, 3, arrays["beta"].shape)
    return found


def _forward_cases(rng: np.random.Generator) -> list[Case]:
    fixed = np.random.default_rng(3)
    nets = [
        (1, _network(3, (("pointwise", 1, 2),), 2, 2), fixed),
        (1, _network(4, (("standard", 2, 3),), 2, 3), fixed),
        (1, _network(5, (("depthwise", 1, 2),), 2, 3), fixed),
        (2, _network(6, LIKE_MOBILENET, 3, 4), fixed),
        (2, _network(int(rng.integers(5, 9)), LIKE_MOBILENET, 2, 5), rng),
        (1, _network(int(rng.integers(5, 9)), LIKE_MOBILENET[:3], 3, 3), rng),
    ]
    cases = []
    for n, (B, layers, source) in enumerate(nets):
        x = source.uniform(0.2, 1, (B, layers[0].D_F, layers[0].D_F, layers[0].M))
        unfolded = _weights(layers, source)
        for folded in (True, False):
            weights = fold(unfolded) if folded else unfolded
            feature = FORMS[0] if folded else FORMS[1]
            text = f"x {x.shape}, layers {', '.join(a.kind for a in layers)}; weights {'kernel, bias' if folded else 'kernel, gamma, beta, mean, var'}"
            cases.append(Case((x, layers, weights), {}, text, source is rng, n, frozenset({feature})))
    return cases


def _forward(x: np.ndarray, layers: Sequence[Layer], weights: Any, eps: float = 1e-3) -> np.ndarray:
    *_, last = network.forward(x, layers, weights, eps=eps)
    return last.y


def _forward_working(trial: Trial) -> list[Line]:
    if trial.y is None or trial.problem is not None:
        return []
    return [Sentence("The logits must be the first, but are the second:"),
            Block(np.array2string(trial.expected, precision=5)), Block(np.array2string(trial.y, precision=5))]  # fmt: skip


def _gives_logits(english: str, misreading: Callable[..., np.ndarray]) -> Mistake:
    def explains(trial: Trial) -> bool:
        return trial.y is not None and arrays_agree(trial.y, misreading(*trial.case.arguments))

    return Mistake(Sentence(english), explains)


def _run(x: np.ndarray, layers: Sequence[Layer], weights: Any, relu: Any = (0, 6), norm: bool = True) -> np.ndarray:
    """The forward pass with another end of each convolution, or none: for mistakes."""
    for layer in layers:
        arrays = weights.get(layer.name, {})
        if layer.kind == "pool":
            x = ops.global_average_pool(x)
        elif layer.kind == "fully_connected":
            x = ops.fully_connected(x, **arrays)[0]
        else:
            options = () if layer.kind == "pointwise" else (layer.stride, layer.padding)
            x = getattr(conv, f"{layer.kind}_conv")(x, arrays["kernel"], *options)[0]
            if norm:
                x = _normalised(x, arrays)
            x = np.clip(x, *relu) if relu else x
    return x


def _normalised(y: np.ndarray, arrays: Any) -> np.ndarray:
    if "bias" in arrays:
        return y + arrays["bias"]
    return ops.batch_norm(y, arrays["gamma"], arrays["beta"], arrays["mean"], arrays["var"], 1e-3)


def _softmax(y: np.ndarray) -> np.ndarray:
    powers = np.exp(y - y.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


FORWARD = Task(
    "forward", ("x", "layers", "weights"), _forward_cases, lambda case: _forward(*case.arguments),
    read_array, arrays_agree, _forward_working, [
        _gives_logits("Softmax is applied: the logits are asked for.", lambda *a: _softmax(_forward(*a))),
        _gives_logits("ReLU6 is left out.", lambda x, n, w: _run(x, n, w, relu=None)),
        _gives_logits("It is ReLU and not ReLU6: numbers above 6 become 6.", lambda x, n, w: _run(x, n, w, relu=(0, np.inf))),
        _gives_logits("Batch norm is left out, and so is the bias of a folded one.", lambda x, n, w: _run(x, n, w, norm=False)),
        _gives_logits("eps is left out of the batch norm: it is 0.001.", lambda x, n, w: _forward(x, n, w, eps=0)),
        _gives_logits("eps is 1e-5, as in PyTorch: here it is 0.001.", lambda x, n, w: _forward(x, n, w, eps=1e-5)),
        _gives_logits("That is PyTorch's padding, D_K // 2 zeros on every side.",
                      lambda x, layers, w: _forward(x, spec.with_padding(layers, "symmetric"), w)),
        _gives_logits("The bias of the classifier is left out.",
                      lambda x, layers, w: _forward(x, layers, {**w, "fc": {"kernel": w["fc"]["kernel"], "bias": 0 * w["fc"]["bias"]}})),
        _gives_logits("The pool adds up: it is the mean.",
                      lambda x, layers, w: _forward(x, layers, {**w, "fc": {"kernel": w["fc"]["kernel"] * layers[-2].D_F ** 2, "bias": w["fc"]["bias"]}})),
    ],
    cost=forward_cost, allowed=("ops",), forms=FORMS,
)  # fmt: skip
