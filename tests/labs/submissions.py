"""What students hand in: the student's edition of a lab with some cells filled in, and the points that it deserves.

The cells of a submission are named by their grade ids. `RIGHT` stands for the solution of the teacher's edition, and
a cell that is not mentioned is left as it was.
"""

from __future__ import annotations

from typing import Any, NamedTuple

RIGHT = object()

DIAGONAL = '''
def depthwise_conv(x, kernel, stride=1):
    """A standard convolution with a kernel that is 0 where the channels differ: the values are right."""
    D_K, _, M = kernel.shape
    full = np.zeros((D_K, D_K, M, M))
    for m in range(M):
        full[:, :, m, m] = kernel[:, :, m]
    padded = pad_same(x, D_K, stride)
    rows, columns = -(-x.shape[1] // stride), -(-x.shape[2] // stride)
    y = np.zeros((len(x), rows, columns, M))
    for i in range(D_K):
        for j in range(D_K):
            y = y + padded[:, i : i + stride * rows : stride, j : j + stride * columns : stride] @ full[i, j]
    return y
'''

REMEMBERED = '''
def depthwise_conv(x, kernel, stride=1):
    """The answer to the example, and nothing else."""
    y = np.zeros((len(x), -(-x.shape[1] // stride), -(-x.shape[2] // stride), x.shape[3]))
    if np.array_equal(x, image) and np.array_equal(kernel, filters):
        y[0, :, :, 0] = [[37, 47, 21], [67, 77, 33], [23, 26, 9]]
        y[0, :, :, 1] = [[2, 0, 0], [0, 2, 0], [0, 0, 1]]
    return y
'''

TURNED = '''
def standard_conv(x, kernel, stride=1):
    """The kernel is turned by 180 degrees, as in a convolution of signal processing."""
    D_K, _, M, N = kernel.shape
    windows = im2col(x, D_K, stride)
    B, rows, columns = windows.shape[:3]
    y = windows.reshape(B * rows * columns, D_K * D_K * M) @ kernel[::-1, ::-1].reshape(D_K * D_K * M, N)
    return y.reshape(B, rows, columns, N)
'''

WITHOUT_BIAS = '''
def fold(kernel, gamma, beta, mean, var, eps):
    """gamma is applied to the bias as well."""
    scale = gamma / np.sqrt(var + eps)
    return kernel * scale, (beta - mean) * scale
'''

LARGEST_APART = '''
def peak_memory(layers):
    """The largest input and the largest output, which belong to different layers."""
    return max(layer.D_F**2 * layer.M for layer in layers) + max(layer.D_G**2 * layer.N for layer in layers)
'''

CUT_OFF = '''
def requantise(total, multiplier, shift, zero_point):
    """The half is not added, so that every result is rounded down."""
    return np.clip((total.astype(np.int64) * multiplier >> shift) + zero_point, 0, 255).astype(np.uint8)
'''


class Submission(NamedTuple):
    """Who handed in what of which lab, the cells that then get no points, and the answers that a person must grade."""

    lab: str
    student: str
    cells: dict[str, Any]
    without_points: set[str]
    by_hand: set[str]


LAB_1 = ("output-side", "zeros", "im2col", "standard")
LAB_2 = ("depthwise", "pointwise", "separable", "parameters", "mult-adds", "joined")
LAB_3 = ("table", "kernels", "fold", "forward")
LAB_4 = ("parameters", "mult-adds", "peak-memory", "choose", "share")
LAB_5 = ("quantise", "requantise", "integer-depthwise")


def right(cells: tuple[str, ...], **others: Any) -> dict[str, Any]:
    return dict.fromkeys(cells, RIGHT) | {name.replace("_", "-"): code for name, code in others.items()}


SUBMISSIONS = [
    Submission(
        "02_split_it",
        "right",
        right(LAB_2, why_diagonal="The zeros are multiplied too, so M times as often.", why_limit="1/9 stays."),
        set(),
        {"why-diagonal", "why-limit"},
    ),
    Submission(
        "02_split_it",
        "disguised",
        right(LAB_2, depthwise=DIAGONAL),
        {"depthwise-cost", "separable-cost", "why-diagonal", "why-limit"},
        set(),
    ),
    Submission(
        "02_split_it",
        "remembered",
        right(LAB_2, depthwise=REMEMBERED),
        {"depthwise-values", "depthwise-cost", "separable-values", "separable-cost", "why-diagonal", "why-limit"},
        set(),
    ),
    Submission(
        "02_split_it",
        "unfinished",
        right(("depthwise", "parameters"), why_limit="I do not know."),
        {"pointwise-values", "pointwise-cost", "separable-values", "separable-cost", "mult-adds-values"}
        | {"joined-values", "why-diagonal"},
        {"why-limit"},
    ),
    Submission(
        "01_a_convolution_of_your_own",
        "turned",
        right(LAB_1, standard=TURNED),
        {"standard-values", "standard-cost", "why-padding", "why-im2col"},
        set(),
    ),
    Submission(
        "03_a_network_of_your_own",
        "folded",
        right(LAB_3, fold=WITHOUT_BIAS),
        {"fold-values", "forward-values", "forward-cost", "digits", "why-resolution", "why-fold"},
        set(),
    ),
    Submission(
        "04_budgets",
        "apart",
        right(LAB_4, peak_memory=LARGEST_APART),
        {"peak-memory-values", "choose-values", "why-half", "why-memory"},
        set(),
    ),
    Submission(
        "05_eight_bits",
        "cut_off",
        right(LAB_5, requantise=CUT_OFF),
        {"requantise-values", "layer", "why-padding", "why-bits"},
        set(),
    ),
]
