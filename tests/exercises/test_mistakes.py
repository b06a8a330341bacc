"""Every mistake of the tasks without windows: a program that makes it gets its sentence and no other."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest

import npmobile as nm
from npmobile.exercises import eight_bits, folding, formulas, networks

from . import solutions

TASKS = {
    "output_side": formulas.OUTPUT_SIDE,
    "mult_adds": formulas.MULT_ADDS,
    "parameters": formulas.PARAMETERS,
    "separable_ratio": formulas.SEPARABLE_RATIO,
    "peak_memory": formulas.PEAK_MEMORY,
    "fold": folding.FOLD,
    "mobilenet": networks.MOBILENET,
    "forward": networks.FORWARD,
    "quantise": eight_bits.QUANTISE,
    "requantise": eight_bits.REQUANTISE,
    "integer_depthwise_conv": eight_bits.INTEGER_DEPTHWISE_CONV,
}


def side(D_F, D_K, stride, padding):
    """Right, and written once more, for the mistakes below to change."""
    zeros = {"valid": 0, "symmetric": 2 * (D_K // 2)}
    return ceil(D_F / stride) if padding == "same" else (D_F + zeros[padding] - D_K) // stride + 1


def same_only(wrong):
    return lambda D_F, D_K, stride, padding: (wrong if padding == "same" else side)(D_F, D_K, stride, padding)


OUTPUT_SIDE = [
    ('With "same" the side is D_F / stride rounded up, not down.', same_only(lambda D_F, D_K, s, p: D_F // s)),
    (
        'That is PyTorch\'s padding for "same", D_K // 2 zeros on every side.',
        same_only(lambda D_F, D_K, s, p: (D_F + 2 * (D_K // 2) - D_K) // s + 1),
    ),
    (
        "One window is missing: (D_F - D_K) // stride is the number of steps between windows, so add 1.",
        lambda D_F, D_K, s, p: side(D_F, D_K, s, p) if p == "same" else side(D_F, D_K, s, p) - 1,
    ),
    ("The stride is not used.", lambda D_F, D_K, s, p: side(D_F, D_K, 1, p)),
    ('There is no padding: every padding is treated as "valid".', lambda D_F, D_K, s, p: (D_F - D_K) // s + 1),
    ('Every padding is treated as "same".', lambda D_F, D_K, s, p: -(-D_F // s)),
    (
        'With "symmetric" D_K // 2 zeros stand on both sides, not on one.',
        lambda D_F, D_K, s, p: (D_F + D_K // 2 - D_K) // s + 1 if p == "symmetric" else side(D_F, D_K, s, p),
    ),
]


def each(standard, depthwise, pointwise, pool=lambda a: 0):
    """A function of a layer, by its kind."""
    kinds = {
        "standard": standard,
        "depthwise": depthwise,
        "pointwise": pointwise,
        "fully_connected": pointwise,
        "pool": pool,
    }
    return lambda layer: kinds[layer.kind](layer)


MULT_ADDS = [
    (
        "D_F stands where D_G belongs: with a stride above 1 there are fewer outputs than inputs.",
        each(
            lambda a: a.D_K * a.D_K * a.M * a.N * a.D_F * a.D_F,
            lambda a: a.D_K * a.D_K * a.M * a.D_F * a.D_F,
            lambda a: a.M * a.N * a.D_F * a.D_F,
        ),
    ),
    (
        "Multiplications and additions are counted apart: a mult-add is one of each.",
        lambda a: 2 * solutions.mult_adds(a),
    ),
    (
        "The bias is counted: it is no mult-add.",
        lambda a: solutions.mult_adds(a) + (a.kind != "pool") * a.N * a.D_G**2,
    ),
    (
        "A depthwise layer is counted as a standard one: its filters have one channel each, not M.",
        each(*[lambda a: a.D_K**2 * a.M * a.N * a.D_G**2] * 3),
    ),
    (
        "The pool is counted: it has no mult-adds.",
        lambda a: a.D_F**2 * a.N if a.kind == "pool" else solutions.mult_adds(a),
    ),
    (
        "The outputs are left out: these are the parameters, which are used once for each of the D_G * D_G outputs.",
        each(lambda a: a.D_K**2 * a.M * a.N, lambda a: a.D_K**2 * a.M, lambda a: a.M * a.N),
    ),
    (
        "D_G is a factor once, not twice: an output image has D_G * D_G pixels.",
        each(lambda a: a.D_K**2 * a.M * a.N * a.D_G, lambda a: a.D_K**2 * a.M * a.D_G, lambda a: a.M * a.N * a.D_G),
    ),
    (
        "D_K is a factor once, not twice: a kernel has D_K * D_K weights for each channel.",
        each(lambda a: a.D_K * a.M * a.N * a.D_G**2, lambda a: a.D_K * a.M * a.D_G**2, lambda a: a.M * a.N * a.D_G**2),
    ),
]
PARAMETERS = [
    (
        "The bias is counted: as in the paper, only the kernel's weights are.",
        lambda a: solutions.parameters(a) + (a.kind != "pool") * a.N,
    ),
    (
        "Batch norm is counted: as in the paper, only the kernel's weights are.",
        lambda a: solutions.parameters(a) + 2 * a.N * (a.kind in ("standard", "depthwise", "pointwise")),
    ),
    (
        "Batch norm is counted with its four numbers for each channel: as in the paper, only the kernel's weights are.",
        lambda a: solutions.parameters(a) + 4 * a.N * (a.kind in ("standard", "depthwise", "pointwise")),
    ),
    (
        "A depthwise layer is counted as a standard one: its filters have one channel each, not M.",
        each(*[lambda a: a.D_K**2 * a.M * a.N] * 3),
    ),
    ("These are the mult-adds: a weight is one parameter, however often it is used.", solutions.mult_adds),
    (
        "The pool is counted: it has no weights.",
        lambda a: a.D_K**2 * a.M if a.kind == "pool" else solutions.parameters(a),
    ),
    (
        "D_K is a factor once, not twice: a kernel has D_K * D_K weights for each channel.",
        each(lambda a: a.D_K * a.M * a.N, lambda a: a.D_K * a.M, lambda a: a.M * a.N),
    ),
]
SEPARABLE_RATIO = [
    (
        "That is 1/N + 1/D_F^2: D_K belongs where D_F stands. A 3 x 3 kernel cannot save more than 9 times.",
        lambda D_K, M, N, D_F: 1 / N + 1 / (D_F * D_F),
    ),
    ("M stands where N belongs: the input channels cancel.", lambda D_K, M, N, D_F: 1 / M + 1 / (D_K * D_K)),
    (
        "It is upside down: the separable convolution over the standard one.",
        lambda D_K, M, N, D_F: D_K**2 * M * N * D_F**2 / (D_K**2 * M * D_F**2 + M * N * D_F**2),
    ),
    ("D_K is not squared.", lambda D_K, M, N, D_F: 1 / N + 1 / D_K),
    ("Only the depthwise step is counted.", lambda D_K, M, N, D_F: D_K**2 * M / (D_K**2 * M * N)),
    ("Only the pointwise step is counted.", lambda D_K, M, N, D_F: 1 / (D_K * D_K)),
]
PEAK_MEMORY = [
    (
        "Only the outputs are counted: a layer needs its input and its output at the same time.",
        lambda layers: max(a.D_G**2 * a.N for a in layers),
    ),
    (
        "Only the largest feature map is counted: a layer needs its input and its output at the same time.",
        lambda layers: max(max(a.D_F**2 * a.M, a.D_G**2 * a.N) for a in layers),
    ),
    (
        "All feature maps are added up: the memory of one is used again as soon as the next layer has read it.",
        lambda layers: layers[0].D_F ** 2 * layers[0].M + sum(a.D_G**2 * a.N for a in layers),
    ),
    (
        "All inputs and outputs are added up: only those of one layer are needed at the same time.",
        lambda layers: sum(a.D_F**2 * a.M + a.D_G**2 * a.N for a in layers),
    ),
    (
        "The numbers are taken as float32, 4 bytes each: here a number takes 1 byte.",
        lambda layers: 4 * solutions.peak_memory(layers),
    ),
    (
        "The weights are counted: the memory of feature maps is asked for.",
        lambda layers: max(a.D_F**2 * a.M + a.D_G**2 * a.N + solutions.parameters(a) for a in layers),
    ),
    (
        "The output is given the side of the input: with a stride above 1 it is smaller.",
        lambda layers: max(a.D_F**2 * a.M + a.D_F**2 * a.N for a in layers),
    ),
    (
        "The largest input and the largest output are added, even of two layers: take the largest sum of one layer.",
        lambda layers: max(a.D_F**2 * a.M for a in layers) + max(a.D_G**2 * a.N for a in layers),
    ),
]
FOLD = [
    (
        "eps is left out: the scale is gamma / sqrt(var + eps).",
        lambda kernel, g, b, m, v, eps: (kernel * g / np.sqrt(v), b - m * g / np.sqrt(v)),
    ),
    (
        "eps is added to the root: it belongs under it, sqrt(var + eps).",
        lambda kernel, g, b, m, v, eps: (kernel * g / (np.sqrt(v) + eps), b - m * g / (np.sqrt(v) + eps)),
    ),
    (
        "gamma is applied to the bias too: beta is added after the scaling.",
        lambda kernel, g, b, m, v, eps: (kernel * g / np.sqrt(v + eps), g * (b - m / np.sqrt(v + eps))),
    ),
    (
        "The whole scale is applied to beta too: beta is added after the scaling.",
        lambda kernel, g, b, m, v, eps: (kernel * g / np.sqrt(v + eps), (b - m) * (g / np.sqrt(v + eps))),
    ),
    (
        "The mean is not scaled: the bias is beta - mean * scale.",
        lambda kernel, g, b, m, v, eps: (kernel * g / np.sqrt(v + eps), b - m),
    ),
    ("The mean is left out of the bias.", lambda kernel, g, b, m, v, eps: (kernel * g / np.sqrt(v + eps), b)),
    (
        "beta and mean have each other's sign: the bias is beta - mean * scale.",
        lambda kernel, g, b, m, v, eps: (kernel * g / np.sqrt(v + eps), m * g / np.sqrt(v + eps) - b),
    ),
    (
        "The mean is added: the bias is beta - mean * scale.",
        lambda kernel, g, b, m, v, eps: (kernel * g / np.sqrt(v + eps), b + m * g / np.sqrt(v + eps)),
    ),
    (
        "There is no square root: the scale is gamma / sqrt(var + eps).",
        lambda kernel, g, b, m, v, eps: (kernel * g / (v + eps), b - m * g / (v + eps)),
    ),
    (
        "gamma is left out: the scale is gamma / sqrt(var + eps).",
        lambda kernel, g, b, m, v, eps: (kernel / np.sqrt(v + eps), b - m / np.sqrt(v + eps)),
    ),
    (
        "The kernel is not scaled.",
        lambda kernel, g, b, m, v, eps: (kernel, b - m * g / np.sqrt(v + eps)),
    ),
]

BLOCKS = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]


def table(alpha, resolution, classes, cut=int, blocks=BLOCKS, first=None, down=lambda D, s: -(-D // s), least=1):
    """Right by default; a keyword makes one mistake."""

    def thin(channels):
        return max(cut(alpha * channels), least)

    M, D = first or thin(32), down(resolution, 2)
    rows = [("standard", 3, 2, 3, M, resolution)]
    for N, stride in blocks:
        rows += [("depthwise", 3, stride, M, M, D), ("pointwise", 1, 1, M, thin(N), down(D, stride))]
        M, D = thin(N), down(D, stride)
    return [*rows, ("pool", D, 1, M, M, D), ("fully_connected", 1, 1, M, classes, 1)]


def eights(channels):
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def outputs(alpha, resolution, classes):
    rows = table(alpha, resolution, classes)
    following = [row[5] for row in rows[1:]]  # what comes out of a layer goes into the next
    return [(*row[:5], D_G) for row, D_G in zip(rows, [*following, 1])]


MOBILENET = [
    ("Channels are rounded: alpha * channels is cut off, as int() does.", lambda *sizes: table(*sizes, cut=round)),
    ("Channels are rounded up: alpha * channels is cut off, as int() does.", lambda *sizes: table(*sizes, cut=ceil)),
    (
        "Channels are rounded to multiples of 8: alpha * channels is cut off, as int() does.",
        lambda *sizes: table(*sizes, cut=eights),
    ),
    ("A layer has at least 1 channel, however small alpha is.", lambda *sizes: table(*sizes, least=0)),
    ("A layer has at least 8 channels, as in TF-slim: here it is 1.", lambda *sizes: table(*sizes, least=8)),
    ("alpha is not used.", lambda alpha, *sizes: table(1, *sizes)),
    ("alpha is not applied to the first convolution.", lambda *sizes: table(*sizes, first=32)),
    ("M and N are swapped.", lambda *sizes: [(a, b, c, N, M, D) for a, b, c, M, N, D in table(*sizes)]),
    ("D_G stands where D_F belongs: a row has the side of its input.", outputs),
    (
        'Sides are rounded down: with "same" the output side is D_F / stride rounded up.',
        lambda *sizes: table(*sizes, down=lambda D, stride: D // stride),
    ),
    (
        "The last depthwise layer has stride 1: Table 1 prints 2 there, but keeps 7 x 7.",
        lambda *sizes: table(*sizes, blocks=[*BLOCKS[:-1], (1024, 2)]),
    ),
    ("The resolution is not used.", lambda alpha, resolution, classes: table(alpha, 224, classes)),
    ("The number of classes is not used.", lambda alpha, resolution, classes: table(alpha, resolution, 1000)),
    (
        "alpha is applied to the classes too: they stay as many as they are.",
        lambda alpha, resolution, classes: table(alpha, resolution, int(alpha * classes)),
    ),
]


def forward(x, layers, weights, eps=1e-3, top=6, bottom=0, norm=True, bias=True, pool=np.mean, depthwise=None):
    """Right by default; a keyword makes one mistake."""
    for layer in layers:
        w = weights.get(layer.name, {})
        if layer.kind == "pool":
            x = pool(x, axis=(1, 2))
        elif layer.kind == "fully_connected":
            x = x @ w["kernel"] + (w["bias"] if bias else 0)
        else:
            if layer.kind == "pointwise":
                x = x @ w["kernel"]
            elif layer.kind == "depthwise":
                x = (depthwise or solutions.depthwise_conv)(x, w["kernel"], layer.stride)
            else:
                x = convolve(x, w["kernel"], layer.stride, depthwise)
            if norm and "gamma" in w:
                x = (x - w["mean"]) / np.sqrt(w["var"] + eps) * w["gamma"] + w["beta"]
            elif norm:
                x = x + w["bias"]
            x = np.clip(x, bottom, top)
    return x


def convolve(x, kernel, stride, depthwise):
    """A standard convolution; with the padding of another depthwise one, if it is given."""
    if depthwise is None:
        return solutions.standard_conv(x, kernel, stride)
    return sum(
        depthwise(x[..., m : m + 1].repeat(kernel.shape[3], 3), kernel[:, :, m], stride) for m in range(x.shape[3])
    )


def torch_depthwise(x, kernel, stride):
    p = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return solutions.depthwise_conv(p, kernel, stride, "valid")


def softmax(x, layers, weights):
    y = np.exp(forward(x, layers, weights))
    return y / y.sum(axis=1, keepdims=True)


def unfolded(function):
    """With weights that hold batch norm only: a folded one has no eps any more."""

    def refuse(x, layers, weights):
        weights["layer_0"]["gamma"]
        return function(x, layers, weights)

    return refuse


FORWARD = [
    ("Softmax is applied: the logits are asked for.", softmax),
    ("ReLU6 is left out.", lambda *args: forward(*args, bottom=-np.inf, top=np.inf)),
    ("It is ReLU and not ReLU6: numbers above 6 become 6.", lambda *args: forward(*args, top=np.inf)),
    ("Batch norm is left out, and so is the bias of a folded one.", lambda *args: forward(*args, norm=False)),
    ("eps is left out of the batch norm: it is 0.001.", lambda *args: forward(*args, eps=0)),
    ("eps is 1e-5, as in PyTorch: here it is 0.001.", unfolded(lambda *args: forward(*args, eps=1e-5))),
    (
        "That is PyTorch's padding, D_K // 2 zeros on every side.",
        lambda *args: forward(*args, depthwise=torch_depthwise),
    ),
    ("The bias of the classifier is left out.", lambda *args: forward(*args, bias=False)),
    ("The pool adds up: it is the mean.", lambda *args: forward(*args, pool=np.sum)),
]


def away(steps):
    return np.sign(steps) * np.floor(np.abs(steps) + 0.5)


def to_bytes(q):
    return np.clip(q, 0, 255).astype(np.uint8)


QUANTISE = [
    (
        "Halves are rounded to the even neighbour, as np.round does: here they go away from 0.",
        lambda x, scale, zero: to_bytes(np.round(x / scale) + zero),
    ),
    (
        "Halves are rounded upwards, as np.floor(q + 0.5) does: here they go away from 0, so -2.5 becomes -3.",
        lambda x, scale, zero: to_bytes(np.floor(x / scale + 0.5) + zero),
    ),
    (
        "Nothing is rounded: what stands behind the point is cut off.",
        lambda x, scale, zero: to_bytes((x / scale).astype(int) + zero),
    ),
    (
        "It is rounded down.",
        lambda x, scale, zero: to_bytes(x / scale + zero),
    ),
    (
        "Numbers below 0 and above 255 are not cut off: in uint8 they wrap around.",
        lambda x, scale, zero: (away(x / scale) + zero).astype(int).astype(np.uint8),
    ),
    ("The zero point is left out.", lambda x, scale, zero: to_bytes(away(x / scale))),
    ("The zero point is subtracted: it is added.", lambda x, scale, zero: to_bytes(away(x / scale) - zero)),
    (
        "It is cut off at 0 and 255 before the zero point is added.",
        lambda x, scale, zero: (np.clip(away(x / scale), 0, 255) + zero).astype(int).astype(np.uint8),
    ),
    ("x is multiplied by the scale: it is divided.", lambda x, scale, zero: to_bytes(away(x * scale) + zero)),
    (
        "It is cut off at -128 and 127, the range of int8: uint8 goes from 0 to 255.",
        lambda x, scale, zero: np.clip(away(x / scale) + zero, -128, 127).astype(int).astype(np.uint8),
    ),
]


def product(total, multiplier, shift, half=1):
    return (total.astype(np.int64) * multiplier + half * 2 ** (shift - 1)) // 2**shift


def narrow(total, multiplier, shift, zero):
    with np.errstate(over="ignore"):
        total = total.astype(np.int32) * np.int32(multiplier)
    return to_bytes(product(total, 1, shift) + zero)


def rounded_twice(total, multiplier, shift, zero):
    """A product of the upper 31 bits, rounded; then the rest of the shift, halves away from 0 (gemmlowp)."""
    high = (total.astype(np.int64) * multiplier + 2**30) // 2**31
    rest = shift - 31
    return to_bytes(away(high / 2**rest) + zero)


REQUANTISE = [
    ("It is rounded twice, as the reference kernels of TFLite do: here once, after the whole shift.", rounded_twice),
    (
        "Nothing is rounded: the shift cuts off. Add half of 2**shift before it.",
        lambda total, multiplier, shift, zero: to_bytes((total.astype(np.int64) * multiplier >> shift) + zero),
    ),
    (
        "Numbers below 0 and above 255 are not cut off: in uint8 they wrap around.",
        lambda total, multiplier, shift, zero: (product(total, multiplier, shift) + zero).astype(np.uint8),
    ),
    (
        "Numbers below 0 and above 255 are not cut off: in uint8 they wrap around.",
        lambda total, multiplier, shift, zero: product(total, multiplier, shift) + zero,
    ),
    ("The zero point is left out.", lambda total, multiplier, shift, zero: to_bytes(product(total, multiplier, shift))),
    (
        "The zero point is added before the multiplication: it is added after the shift.",
        lambda total, multiplier, shift, zero: to_bytes(product(total + zero, multiplier, shift)),
    ),
    ("The product is made in int32, where it overflows: it needs int64.", narrow),
    (
        "It is computed in floating-point numbers and rounded to even: here integers are multiplied and shifted, halves "
        "go upwards.",
        lambda total, multiplier, shift, zero: to_bytes(np.round(total * (multiplier / 2**shift)) + zero),
    ),
]


def integer_conv(x, kernel, zx, zk, stride=1, padding="same", wide=np.int64, kind=np.int32, border=None):
    """Right by default; a keyword makes one mistake."""
    p, rows, cols = solutions.pad(np.ones_like(x), len(kernel), stride, padding)
    inside = p.astype(bool)
    values = solutions.pad(x, len(kernel), stride, padding)[0].astype(wide)
    values[~inside] = zx if border is None else border
    values, k = values - wide(zx), kernel.astype(wide) - wide(zk)
    y = np.zeros((len(x), rows, cols, x.shape[3]), kind)
    for i, j in np.ndindex(kernel.shape[:2]):
        part = values[:, i : i + stride * (rows - 1) + 1 : stride, j : j + stride * (cols - 1) + 1 : stride]
        y += (part.astype(np.int64) * k[i, j].astype(np.int64)).astype(kind)
    return y.astype(np.int32)


INTEGER_DEPTHWISE_CONV = [
    (
        "The padding is the integer 0: it must be x_zero_point, which stands for 0.",
        lambda x, k, zx, zk, stride=1, padding="same": integer_conv(x, k, zx, zk, stride, padding, border=0),
    ),
    (
        "The zero point of x is left out.",
        lambda x, k, zx, zk, stride=1, padding="same": integer_conv(x, k, 0, zk, stride, padding),
    ),
    (
        "The zero point of the kernel is left out.",
        lambda x, k, zx, zk, stride=1, padding="same": integer_conv(x, k, zx, 0, stride, padding),
    ),
    (
        "Both zero points are left out.",
        lambda x, k, zx, zk, stride=1, padding="same": integer_conv(x, k, 0, 0, stride, padding),
    ),
    (
        "The zero points are subtracted in uint8, where numbers below 0 wrap around: make int32 of the arrays first.",
        lambda x, k, zx, zk, stride=1, padding="same": integer_conv(x, k, zx, zk, stride, padding, wide=np.uint8),
    ),
    *(
        (
            f"The sums are kept in {kind.__name__}, where they overflow: they need int32.",
            lambda x, k, zx, zk, stride=1, padding="same", kind=kind: integer_conv(
                x, k, zx, zk, stride, padding, kind=kind
            ),
        )
        for kind in (np.int8, np.uint8, np.int16, np.uint16)
    ),
]
PROGRAMS = {
    "output_side": OUTPUT_SIDE,
    "mult_adds": MULT_ADDS,
    "parameters": PARAMETERS,
    "separable_ratio": SEPARABLE_RATIO,
    "peak_memory": PEAK_MEMORY,
    "fold": FOLD,
    "mobilenet": MOBILENET,
    "forward": FORWARD,
    "quantise": QUANTISE,
    "requantise": REQUANTISE,
    "integer_depthwise_conv": INTEGER_DEPTHWISE_CONV,
}
EVERY = [(task, *program) for task, programs in PROGRAMS.items() for program in programs]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("task", "sentence", "function"), EVERY, ids=solutions.named)
def test_a_mistake_is_named(task, sentence, function, seed):
    report = getattr(nm.exercises, task)(function, seed)
    assert report.mistake == sentence, str(report)
    assert (report.values, report.passed) == (False, False)


@pytest.mark.parametrize("task", TASKS)
def test_every_mistake_has_a_program(task):
    assert {m.sentence.text("en") for m in TASKS[task].mistakes} == {sentence for sentence, _ in PROGRAMS[task]}


TWO = [
    ("mult_adds", lambda a: 2 * solutions.mult_adds(a) + a.N),
    ("parameters", lambda a: solutions.mult_adds(a) + a.N),
    ("output_side", lambda D_F, D_K, stride, padding: D_F // stride),
    ("mobilenet", lambda *sizes: table(*sizes, cut=round, first=32)),
    ("fold", lambda kernel, g, b, m, v, eps: (kernel * g / np.sqrt(v), b + m * g / np.sqrt(v))),
    ("forward", lambda *args: forward(*args, top=np.inf, bias=False)),
    ("quantise", lambda x, scale, zero: np.round(x / scale).astype(int).astype(np.uint8)),
    ("requantise", lambda t, m, shift, zero: (t.astype(np.int64) * m >> shift).astype(np.uint8)),
    ("integer_depthwise_conv", lambda x, k, zx, zk, stride=1: integer_conv(x, k[::-1, ::-1], 0, zk, stride)),
    ("peak_memory", lambda layers: 4 * max(a.D_G**2 * a.N for a in layers)),
    ("separable_ratio", lambda D_K, M, N, D_F: 1 / (1 / N + 1 / D_F**2)),
]


@pytest.mark.parametrize(("task", "function"), TWO, ids=solutions.named)
def test_two_mistakes_at_once_are_not_called_one(task, function):
    report = getattr(nm.exercises, task)(function)
    assert report.mistake is None and not report.values, str(report)


def test_the_right_variants_above_are_right():
    for name, function in {"mobilenet": table, "forward": forward, "integer_depthwise_conv": integer_conv}.items():
        assert getattr(nm.exercises, name)(function).values, name
