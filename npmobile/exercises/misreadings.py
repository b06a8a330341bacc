"""The mistakes that the tasks with windows know: what a function would return that made one of them and no other."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import conv
from .answers import arrays_agree
from .task import Mistake, Trial
from .words import Sentence

# A convolution of (x, kernel, stride, padding) -> y, and what a mistake makes of it: one array or several.
Run = Callable[[np.ndarray, np.ndarray, int, str], np.ndarray]
Misreading = Callable[[Run, np.ndarray, np.ndarray, int, str], Any]


def gives(english: str, run: Callable[[Trial], Run], misreading: Misreading) -> Mistake:
    """A mistake that gives certain numbers instead of the right ones."""

    def explains(trial: Trial) -> bool:
        if trial.y is None:
            return False
        x, kernel = trial.case.arguments[:2]
        options = trial.case.options
        try:
            made = misreading(run(trial), x, kernel, options.get("stride", 1), options.get("padding", "same"))
        except ValueError:  # a kernel larger than x, where the mistake leaves the padding out
            return True
        return any(arrays_agree(trial.y, y) for y in (made if isinstance(made, list) else [made]))

    return Mistake(Sentence(english), explains)


def _integers(trial: Trial) -> bool:
    """Whole numbers, no farther from the right ones than cutting off each product can bring them."""
    if trial.y is None or trial.y.shape != trial.expected.shape or not np.array_equal(trial.y, np.rint(trial.y)):
        return False
    whole = all(np.array_equal(a, np.rint(a)) for a in trial.case.arguments if isinstance(a, np.ndarray))
    reach = 1e-9 if whole else np.prod(trial.case.arguments[1].shape[:3] if np.ndim(trial.case.arguments[1]) else 1)
    return bool((np.abs(trial.y - trial.expected) <= reach).all())


def _float32(trial: Trial) -> bool:
    """The right numbers to some seven digits, which are those of float32."""
    if trial.y is None or trial.y.shape != trial.expected.shape or trial.dtype not in ("float32", "float64"):
        return False
    largest = max(np.abs(trial.expected).max(initial=0), 1)
    return bool(np.allclose(trial.y, trial.expected, rtol=1e-6, atol=1e-6 * largest))


INTEGERS = "It is computed in integers, which cut off what stands behind the point: make arrays of x.dtype."
FLOAT32 = "It is computed in float32, to some 7 digits, where x is float64: make arrays of x.dtype."


def _truncated(f: Run, x: np.ndarray, k: np.ndarray, s: int, p: str) -> list[np.ndarray]:
    """Integers made of x, of the kernel or of both."""
    return [f(np.trunc(x), k, s, p), f(x, np.trunc(k), s, p), f(np.trunc(x), np.trunc(k), s, p)]


def _kinds(run: Callable[[Trial], Run]) -> list[Mistake]:
    """Arrays of another type than x's."""
    before = gives(INTEGERS, run, _truncated)
    integers = Mistake(Sentence(INTEGERS), lambda trial: _integers(trial) or before.explains(trial))
    return [integers, Mistake(Sentence(FLOAT32), _float32)]


def _all_zeros_before(f: Run, x: np.ndarray, k: np.ndarray, s: int, p: str) -> np.ndarray:
    """ "same" with the odd zero at the top and left."""
    if p != "same":
        return f(x, k, s, p)
    margins = [max((-(-side // s) - 1) * s + len(k) - side, 0) for side in x.shape[1:3]]
    padded = np.pad(x, ((0, 0), *((zeros - zeros // 2, zeros // 2) for zeros in margins), (0, 0)))
    return f(padded, k, s, "valid")


def _one_image(f: Run, x: np.ndarray, k: np.ndarray, s: int, p: str) -> list[np.ndarray]:
    y = f(x, k, s, p)
    first, others = y.copy(), y.copy()
    first[1:], others[:] = 0, y[:1]
    return [y[:1], y[0], first, others]


WINDOWED: dict[str, Misreading] = {
    "That is PyTorch's padding, D_K // 2 zeros on every side. \"same\" takes only as many as are needed, the odd one at the bottom and right.":
        lambda f, x, k, s, p: f(x, k, s, "symmetric" if p == "same" else p),
    "The odd zero of the padding stands at the top and left: \"same\" has it at the bottom and right.": _all_zeros_before,
    "All outputs are computed as for stride 1, and every stride-th is taken: with \"same\" the windows then begin at another pixel.":
        lambda f, x, k, s, p: f(x, k, 1, p)[:, ::s, ::s],
    "The stride is not used.": lambda f, x, k, s, p: f(x, k, 1, p),
    "There is no padding: \"same\" puts zeros around the image.": lambda f, x, k, s, p: f(x, k, s, "valid"),
    "padding=\"valid\" is treated as \"same\": \"valid\" has no zeros around the image.": lambda f, x, k, s, p: f(x, k, s, "same"),
    "Rows and columns of the output are swapped.": lambda f, x, k, s, p: f(x, k, s, p).swapaxes(1, 2),
    "Only the first image of the batch is computed.": _one_image,
}  # fmt: skip
KERNELS: dict[str, Misreading] = {
    "The kernel is rotated by 180 degrees: the convolution of a network does not rotate it.":
        lambda f, x, k, s, p: f(x, k[::-1, ::-1], s, p),
    "Rows and columns of the kernel are swapped.": lambda f, x, k, s, p: f(x, k.swapaxes(0, 1), s, p),
}  # fmt: skip
CHANNELS: dict[str, Misreading] = {
    "Every channel is filtered with the kernel of channel 0.":
        lambda f, x, k, s, p: f(x, np.repeat(k[..., :1], k.shape[2], axis=2), s, p),
}  # fmt: skip
SUMMED: dict[str, Misreading] = {
    "The channels are added up, as in a standard convolution: the depthwise convolution keeps them apart.":
        lambda f, x, k, s, p: _summed(f(x, k, s, p)),
}  # fmt: skip
STEPS: dict[str, Misreading] = {
    "The stride is used in both steps: the pointwise step has stride 1.": lambda f, x, k, s, p: f(x, k, s, p)[:, ::s, ::s],
}  # fmt: skip
FILTERS: dict[str, Misreading] = {
    "Every output channel is computed with filter 0.":
        lambda f, x, k, s, p: f(x, np.repeat(k[..., :1], k.shape[3], axis=3), s, p),
    "Only channel 0 of x is used: the sum runs over all input channels.":
        lambda f, x, k, s, p: f(x[..., :1], k[:, :, :1], s, p),
}  # fmt: skip


def _summed(y: np.ndarray) -> list[np.ndarray]:
    summed = y.sum(axis=3, keepdims=True)
    return [summed, summed[..., 0], np.repeat(summed, y.shape[3], axis=3)]


def _all(run: Callable[[Trial], Run], *families: dict[str, Misreading]) -> list[Mistake]:
    made = [gives(english, run, misreading) for family in families for english, misreading in family.items()]
    return [*made, *_kinds(run)]


def _separable(trial: Trial) -> Run:
    pointwise = trial.case.arguments[2]
    return lambda x, k, s, p: conv.separable_conv(x, np.ascontiguousarray(k), pointwise, s, p)[0]


def _im2col(trial: Trial) -> Run:
    D_K = trial.case.arguments[1]
    return lambda x, k, s, p: conv.im2col(x, D_K, s, p)


STANDARD = _all(lambda trial: lambda x, k, s, p: conv.standard_conv(x, k, s, p)[0], WINDOWED, KERNELS, FILTERS)
DEPTHWISE = _all(
    lambda trial: lambda x, k, s, p: conv.depthwise_conv(x, k, s, p)[0], WINDOWED, KERNELS, CHANNELS, SUMMED
)
SEPARABLE = _all(_separable, WINDOWED, KERNELS, CHANNELS, STEPS)


def swapped(run: Callable[[Trial], Callable[[np.ndarray], np.ndarray]]) -> Mistake:
    """M and N of the last kernel swapped: other numbers where M = N, and an exception elsewhere."""

    def explains(trial: Trial) -> bool:
        kernel = trial.case.arguments[-1]
        M, N = kernel.shape[-2:]
        if M != N:  # NumPy repeats an axis of length 1 without an error
            return trial.outcome.error is not None or (1 in (M, N) and not trial.right)
        return trial.y is not None and arrays_agree(trial.y, run(trial)(kernel.swapaxes(-1, -2).copy()))

    return Mistake(Sentence("M and N are swapped: the kernel has one column for each output channel."), explains)


def _separable_of(trial: Trial, pointwise: np.ndarray) -> np.ndarray:
    x, depthwise, _ = trial.case.arguments
    return conv.separable_conv(x, depthwise, pointwise, **trial.case.options)[0]


STANDARD.append(
    swapped(lambda trial: lambda k: conv.standard_conv(trial.case.arguments[0], k, **trial.case.options)[0])
)
SEPARABLE.append(swapped(lambda trial: lambda k: _separable_of(trial, k)))
POINTWISE = [
    swapped(lambda trial: lambda k: trial.case.arguments[0] @ k),
    *_all(lambda trial: lambda x, k, s, p: x @ k, {
        "Only the first image of the batch is computed.": _one_image,
        "Rows and columns of the output are swapped.": WINDOWED["Rows and columns of the output are swapped."],
        "Every output channel is computed with filter 0.": lambda f, x, k, s, p: f(x, np.repeat(k[:, :1], k.shape[1], axis=1), s, p),
        "Only channel 0 of x is used: the sum runs over all input channels.": lambda f, x, k, s, p: f(x[..., :1], k[:1], s, p),
    }),
]  # fmt: skip


SEPARABLE.append(gives(
    "The pointwise step is left out.",
    lambda trial: lambda x, k, s, p: conv.depthwise_conv(x, k, s, p)[0], lambda f, x, k, s, p: f(x, k, s, p),
))  # fmt: skip


def matrices(windows: np.ndarray) -> list[np.ndarray]:
    """(B, H', W', D_K, D_K, M) as im2col matrices: the numbers of a row in the order (D_K, D_K, M), and (M, D_K, D_K)."""
    rows, length = math.prod(windows.shape[:3]), math.prod(windows.shape[3:])
    return [windows.reshape(rows, length), windows.transpose(0, 1, 2, 5, 3, 4).reshape(rows, length)]


def _of_windows(english: str, misreading: Misreading) -> Mistake:
    """A mistake of im2col, as windows or as a matrix. Its second argument is D_K and no kernel."""

    def both(f: Run, x: np.ndarray, D_K: Any, s: int, p: str) -> list[np.ndarray]:
        made = misreading(f, x, np.zeros((D_K, D_K)), s, p)
        found = made if isinstance(made, list) else [made]
        return [*found, *(matrix for windows in found if windows.ndim == 6 for matrix in matrices(windows))]

    return gives(english, _im2col, both)


WINDOWS = [
    *(_of_windows(english, misreading) for english, misreading in WINDOWED.items()),
    _of_windows("The windows are transposed: windows[b, k, l, i, j] is the pixel in row i and column j of a window.",
                lambda f, x, k, s, p: f(x, k, s, p).swapaxes(3, 4)),
    _of_windows(INTEGERS, lambda f, x, k, s, p: np.trunc(f(x, k, s, p))),
    Mistake(Sentence(FLOAT32), _float32),
]  # fmt: skip
