"""The cases of the tasks with windows: sizes, strides and paddings, and small numbers to follow on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .task import Case


class Sizes(NamedTuple):
    """The sizes of one call. N is not used where there is no N."""

    B: int
    H: int
    W: int
    M: int
    N: int
    D_K: int
    stride: int = 1
    padding: str = "same"

    @property
    def features(self) -> frozenset[str]:
        """What may set this call apart from others, in words of `korean.KOREAN`."""
        even = self.H % 2 == self.W % 2 == 0
        present = {
            "padding 'valid'": self.padding == "valid",
            "a stride above 1": self.stride > 1,
            "a stride above 1 and even sides": self.stride > 1 and even,
            "more than one image": self.B > 1,
            "more than one channel": self.M > 1,
            "height and width that differ": self.H != self.W,
            "a kernel of even side": self.D_K % 2 == 0,
            "a kernel larger than 1": self.D_K > 1,
        }
        return frozenset(feature for feature, is_there in present.items() if is_there)


# Small enough to follow on paper, and between them they tell every mistake from every other (a test says so).
FIXED = (
    Sizes(1, 2, 2, 1, 1, 1),
    Sizes(1, 2, 2, 1, 1, 2),
    Sizes(1, 3, 3, 1, 1, 3),
    Sizes(1, 2, 2, 2, 2, 1),
    Sizes(1, 3, 2, 2, 3, 2),
    Sizes(2, 2, 3, 3, 2, 2),
    Sizes(2, 3, 3, 2, 2, 3),
    Sizes(1, 4, 4, 1, 1, 3, stride=2),
    Sizes(1, 5, 5, 1, 1, 3, stride=2),
    Sizes(1, 4, 5, 2, 3, 2, stride=2),
    Sizes(2, 6, 4, 2, 2, 3, stride=2),
    Sizes(1, 7, 6, 1, 2, 3, stride=3),
    Sizes(1, 3, 4, 1, 1, 3, padding="valid"),
    Sizes(1, 4, 5, 2, 3, 2, padding="valid"),
    Sizes(2, 6, 5, 2, 2, 3, stride=2, padding="valid"),
)


def drawn(rng: np.random.Generator, count: int = 8) -> list[Sizes]:
    """Sizes from the seed: half of them at stride 1 and "same", for functions that take nothing else."""
    found = []
    for n in range(count):
        H, W = (int(side) for side in rng.integers(3, 6, 2))
        D_K = int(rng.integers(1, 1 + min(4, H, W)))
        B, M, N = (int(size) for size in rng.integers((1, 1, 1), (3, 4, 4)))
        stride = 1 if n % 2 else int(rng.integers(1, 4))
        found.append(Sizes(B, H, W, M, N, D_K, stride, "valid" if n % 4 == 2 else "same"))
    return found


def whole_numbers(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers from 1 to 9, as floats: they can be followed on paper, and none of them is 0."""
    return rng.integers(1, 10, shape).astype(np.float64)


def tenths(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers from -2 to 2 with one digit behind the point: float32 and integers do not hold them exactly."""
    return rng.integers(-20, 21, shape) / 10


# {name of an argument: the shape of its array, or the number that it is}
Shapes = dict[str, Any]
Numbers = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]


def window_cases(
    rng: np.random.Generator, shapes: Callable[[Sizes], Shapes], options: Sequence[str] = ("stride", "padding")
) -> list[Case]:
    """Cases of all fixed sizes, of some of them with numbers from the seed, and of sizes from the seed."""
    fixed = np.random.default_rng(0)
    cases = [_case(sizes, shapes(sizes), fixed, whole_numbers, False, options) for sizes in FIXED]
    for n, sizes in enumerate([*FIXED[4::3], *drawn(rng)]):
        cases.append(_case(sizes, shapes(sizes), rng, tenths if n % 2 else whole_numbers, True, options))
    return cases


def _case(
    sizes: Sizes, shapes: Shapes, rng: np.random.Generator, numbers: Numbers, is_drawn: bool, options: Sequence[str]
) -> Case:
    arguments = tuple(numbers(rng, shape) if isinstance(shape, tuple) else shape for shape in shapes.values())
    chosen = {name: getattr(sizes, name) for name in options}
    parts = [f"{name} {shape}" if isinstance(shape, tuple) else f"{name}={shape}" for name, shape in shapes.items()]
    text = ", ".join([*parts, *(f"{name}={value!r}" for name, value in chosen.items())])
    size = sum(np.size(argument) for argument in arguments) + 1000 * is_drawn
    return Case(arguments, chosen, text, is_drawn, size, sizes.features)
