"""The tasks quantise, requantise and integer_depthwise_conv: arithmetic of 8-bit networks, compared bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..conv import im2col
from ..integers import fixed_point
from ..integers.kernels import depthwise_conv
from ..integers.rounding import rounded_once, rounded_twice
from .answers import read_plain_array
from .convolutions import grids, terms
from .executed import integer_cost
from .task import Case, Line, Mistake, Task, Trial
from .windows import FIXED, Sizes, drawn
from .words import WRITTEN_OUT, Sentence


def _read_as(dtype: Any) -> Callable[[Trial, Any], None]:
    return lambda trial, came: read_plain_array(trial, came, dtype)


def _equal(y: Any, expected: np.ndarray) -> bool:
    return y is not None and np.array_equal(y, expected)


def _gives(english: str, misreading: Callable[..., Any], **values: str) -> Mistake:
    """A mistake that gives certain numbers instead of the right ones: one array, or one of several."""

    def explains(trial: Trial) -> bool:
        made = misreading(*trial.case.arguments, **trial.case.options)
        return any(_equal(trial.y, y) for y in (made if isinstance(made, list) else [made]))

    return Mistake(Sentence(english, **values), explains)


def _working(written: Callable[..., str]) -> Callable[[Trial], list[Line]]:
    """The first number that is wrong, and how the right one is computed."""

    def working(trial: Trial) -> list[Line]:
        index = _first_wrong(trial)
        if index is None:
            return []
        value, *others = trial.case.arguments
        text = written(value[index].item(), *others)
        return [
            Sentence(WRITTEN_OUT, written=text, expected=f"{trial.expected[index]:g}", came=f"{trial.y[index]:.10g}")
        ]

    return working


def _first_wrong(trial: Trial) -> tuple[int, ...] | None:
    if trial.y is None or trial.y.shape != trial.expected.shape or np.array_equal(trial.y, trial.expected):
        return None
    return tuple(int(n) for n in np.argwhere(trial.y != trial.expected)[0])


def _clamped(q: np.ndarray) -> np.ndarray:
    return np.clip(q, 0, 255)


def _not_clamped(q: np.ndarray) -> list[np.ndarray]:
    """In uint8, where numbers wrap around, and in a wider type."""
    return [q % 256, q]


def _away(steps: np.ndarray) -> np.ndarray:
    """Rounded to the nearest whole number, halves away from 0."""
    return np.copysign(np.floor(np.abs(steps) + 0.5), steps)


# quantise(x, scale, zero_point)


def _quantise(x: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return _clamped(_away(x / scale) + zero_point)


def _quantise_written(x: float, scale: float, zero_point: int) -> str:
    return f"clip(round({x:g} / {scale:g}) + {zero_point}, 0, 255) = clip(round({x / scale:g}) + {zero_point}, 0, 255)"


def _quantise_cases(rng: np.random.Generator) -> list[Case]:
    cases = []
    for n in range(12):
        fixed, drawn_here = np.random.default_rng(n), n >= 6
        source = rng if drawn_here else fixed
        third = n % 3 == 2  # a scale of which no exact reciprocal exists: then no halves
        scale = float(2.0 ** -source.integers(0, 5)) * (3 if third else 1)
        zero_point = int(source.integers(1, 250))
        steps = source.integers(-300, 300, 12) + source.choice([0.0, 0.25, 0.75], 12)
        if not third:
            steps[6:] = np.floor(steps[6:]) + 0.5
        steps[:4] = [-1.5, 0.5, 2.5, -zero_point - 3] if not third else [-1.75, 0.75, 2.25, -zero_point - 3]
        steps[4:6] = [255 - zero_point + 20, 0]
        x = steps[: 4 if n == 0 else 12] * scale
        cases.append(Case((x.reshape(2, -1), scale, zero_point), {}, f"x {x.reshape(2, -1).tolist()}, scale={scale}, zero_point={zero_point}",
                          drawn_here, x.size + 1000 * drawn_here))  # fmt: skip
    return cases


QUANTISE = Task(
    "quantise", ("x", "scale", "zero_point"), _quantise_cases, lambda case: _quantise(*case.arguments),
    _read_as(np.uint8), _equal, _working(_quantise_written), [
        _gives("Halves are rounded to the even neighbour, as np.round does: here they go away from 0.",
               lambda x, s, z: _clamped(np.rint(x / s) + z)),
        _gives("Halves are rounded upwards, as np.floor(q + 0.5) does: here they go away from 0, so -2.5 becomes -3.",
               lambda x, s, z: _clamped(np.floor(x / s + 0.5) + z)),
        _gives("Nothing is rounded: what stands behind the point is cut off.", lambda x, s, z: _clamped(np.trunc(x / s) + z)),
        _gives("It is rounded down.", lambda x, s, z: _clamped(np.floor(x / s) + z)),
        _gives("Numbers below 0 and above 255 are not cut off: in uint8 they wrap around.", lambda x, s, z: _not_clamped(_away(x / s) + z)),
        _gives("The zero point is left out.", lambda x, s, z: _clamped(_away(x / s))),
        _gives("The zero point is subtracted: it is added.", lambda x, s, z: _clamped(_away(x / s) - z)),
        _gives("It is cut off at 0 and 255 before the zero point is added.", lambda x, s, z: (_clamped(_away(x / s)) + z) % 256),
        _gives("x is multiplied by the scale: it is divided.", lambda x, s, z: _clamped(_away(x * s) + z)),
        _gives("It is cut off at -128 and 127, the range of int8: uint8 goes from 0 to 255.", lambda x, s, z: np.clip(_away(x / s) + z, -128, 127) % 256),
    ],
)  # fmt: skip

# requantise(total, multiplier, shift, zero_point)


def _with(rounding: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    def requantise(total: np.ndarray, multiplier: int, shift: int, zero_point: int) -> np.ndarray:
        fixed, exponent = np.int64(multiplier), np.int64(31 - shift)
        return _clamped(rounding(total.astype(np.int64), fixed, exponent) + zero_point).astype(np.float64)

    return requantise


_requantise, _twice = _with(rounded_once), _with(rounded_twice)


def _requantise_written(total: int, multiplier: int, shift: int, zero_point: int) -> str:
    return f"clip((({total} * {multiplier} + 2**{shift - 1}) >> {shift}) + {zero_point}, 0, 255)"


def _requantise_cases(rng: np.random.Generator) -> list[Case]:
    cases = []
    reals = [0.5, 0.25, 0.3125, 0.0123, 0.75, 0.001]
    for n in range(12):
        source = rng if n >= 6 else np.random.default_rng(n)
        real = reals[n] if n < 6 else float(source.uniform(0.0005, 0.9))
        fixed, exponent = (int(part) for part in fixed_point(np.float64(real)))
        zero_point = int(source.integers(1, 250))
        reach = int(300 / real)
        total = source.integers(-reach, reach, 4 if n == 0 else 16).astype(np.int32)
        total[:3] = [1, 3, -5]
        shift = 31 - exponent
        text = f"total {total.tolist()}, multiplier={fixed}, shift={shift}, zero_point={zero_point}"
        cases.append(Case((total, fixed, shift, zero_point), {}, text, n >= 6, total.size + 1000 * (n >= 6)))
    return cases


def _product(total: np.ndarray, multiplier: int, shift: int, half: bool = True) -> np.ndarray:
    return (total.astype(np.int64) * multiplier + (1 << (shift - 1)) * half) >> shift


def _narrow(total: np.ndarray, m: int, s: int, z: int) -> np.ndarray:
    """The product in int32, which keeps its lowest 32 bits."""
    product = (total.astype(np.int64) * m).astype(np.int32)
    return _clamped((product.astype(np.int64) + (1 << (s - 1)) >> s) + z)


REQUANTISE = Task(
    "requantise", ("total", "multiplier", "shift", "zero_point"), _requantise_cases, lambda case: _requantise(*case.arguments).astype(np.float64),
    _read_as(np.uint8), _equal, _working(_requantise_written), [
        _gives("Nothing is rounded: the shift cuts off. Add half of 2**shift before it.", lambda t, m, s, z: _clamped(_product(t, m, s, False) + z)),
        _gives("Numbers below 0 and above 255 are not cut off: in uint8 they wrap around.", lambda t, m, s, z: _not_clamped(_product(t, m, s) + z)),
        _gives("The zero point is left out.", lambda t, m, s, z: _clamped(_product(t, m, s))),
        _gives("The zero point is added before the multiplication: it is added after the shift.", lambda t, m, s, z: _clamped(_product(t + z, m, s))),
        _gives("It is rounded twice, as the reference kernels of TFLite do: here once, after the whole shift.", _twice),
        _gives("The product is made in int32, where it overflows: it needs int64.", _narrow),
        _gives("It is computed in floating-point numbers and rounded to even: here integers are multiplied and shifted, halves go upwards.",
               lambda t, m, s, z: _clamped(np.rint(t * (m / 2**s)) + z)),
    ],
)  # fmt: skip

# integer_depthwise_conv(x, kernel, x_zero_point, kernel_zero_point, stride=1, padding="same")


def _sums(x: np.ndarray, kernel: np.ndarray, zx: int, zk: int, stride: int = 1, padding: str = "same") -> np.ndarray:
    sums, _ = depthwise_conv(x.astype(np.int64) - zx, kernel.astype(np.int64) - zk, stride, padding)
    return sums.astype(np.float64)


def _bytes(rng: np.random.Generator, s: Sizes, is_drawn: bool) -> Case:
    x, kernel = (rng.integers(0, 256, shape).astype(np.uint8) for shape in ((s.B, s.H, s.W, s.M), (s.D_K, s.D_K, s.M)))
    zeros = tuple(int(zero) for zero in rng.integers(1, 250, 2))
    options = {"stride": s.stride, "padding": s.padding}
    text = f"x {x.shape}, kernel {kernel.shape}, x_zero_point={zeros[0]}, kernel_zero_point={zeros[1]}, stride={s.stride}, padding={s.padding!r}"
    return Case((x, kernel, *zeros), options, text, is_drawn, x.size + kernel.size + 1000 * is_drawn, s.features)


def _integer_cases(rng: np.random.Generator) -> list[Case]:
    fixed = np.random.default_rng(0)
    return [*(_bytes(fixed, sizes, False) for sizes in FIXED), *(_bytes(rng, sizes, True) for sizes in drawn(rng))]


def _padded_with_0(x: np.ndarray, kernel: np.ndarray, zx: int, zk: int, stride: int, padding: str) -> np.ndarray:
    """Padding of the integer 0, from which the zero point is subtracted as from any other."""
    inside = _sums(x, kernel, zx, zk, stride, padding)
    weights = _sums(np.ones_like(x), kernel, 0, zk, stride, padding)  # of each window, those that no padding lies under
    return inside - zx * ((kernel.astype(np.float64) - zk).sum(axis=(0, 1)) - weights)


def _narrow_sums(kind: type[np.integer[Any]]) -> Callable[..., np.ndarray]:
    return lambda *arguments, **options: _sums(*arguments, **options).astype(np.int64).astype(kind).astype(np.float64)


def _narrow_inputs(x: np.ndarray, kernel: np.ndarray, zx: int, zk: int, stride: int, padding: str) -> np.ndarray:
    """Differences in uint8, which wrap around at 256; their products and sums in a wide type."""
    x, kernel = ((array.astype(np.int64) - zero) % 256 for array, zero in ((x, zx), (kernel, zk)))
    return _sums(x, kernel, 0, 0, stride, padding)


def _integer_working(trial: Trial) -> list[Line]:
    x, kernel, zx, zk = trial.case.arguments
    lines = [*grids("x", x), *grids("kernel", kernel)]
    index = _first_wrong(trial)
    if index is None:
        return lines
    b, k, l, m = index
    differences = im2col(x.astype(np.float64) - zx, kernel.shape[0], **trial.case.options)[b, k, l, :, :, m]
    written = f"y[{', '.join(map(str, index))}] = {terms(differences, kernel[:, :, m].astype(np.float64) - zk)}"
    came = f"{trial.y[index]:.10g}"
    return [*lines, Sentence(WRITTEN_OUT, written=written, expected=f"{trial.expected[index]:.0f}", came=came)]


INTEGER_DEPTHWISE_CONV = Task(
    "integer_depthwise_conv", ("x", "kernel", "x_zero_point", "kernel_zero_point"), _integer_cases,
    lambda case: _sums(*case.arguments, **case.options), _read_as(np.int32), _equal, _integer_working, [
        _gives("The padding is the integer 0: it must be x_zero_point, which stands for 0.", _padded_with_0),
        _gives("The zero point of x is left out.", lambda x, k, a, b, stride, padding: _sums(x, k, 0, b, stride, padding)),
        _gives("The zero point of the kernel is left out.", lambda x, k, a, b, stride, padding: _sums(x, k, a, 0, stride, padding)),
        _gives("Both zero points are left out.", lambda x, k, a, b, stride, padding: _sums(x, k, 0, 0, stride, padding)),
        _gives("The zero points are subtracted in uint8, where numbers below 0 wrap around: make int32 of the arrays first.", _narrow_inputs),
        *(_gives("The sums are kept in {dtype}, where they overflow: they need int32.", _narrow_sums(kind), dtype=np.dtype(kind).name)
          for kind in (np.int8, np.uint8, np.int16, np.uint16)),
    ],
    options={"stride": 1, "padding": "same"}, cost=integer_cost,
)  # fmt: skip
