"""Convolutions with one mistake each. A function's docstring is the sentence that names its mistake.

What is right in them is in `solutions`, where a mistake is one changed line.
"""

from __future__ import annotations

import numpy as np

from . import solutions
from .solutions import pad

TORCH = (
    'That is PyTorch\'s padding, D_K // 2 zeros on every side. "same" takes only as many as are needed, the odd one '
    "at the bottom and right."
)
BEFORE = 'The odd zero of the padding stands at the top and left: "same" has it at the bottom and right.'
AFTERWARDS = (
    'All outputs are computed as for stride 1, and every stride-th is taken: with "same" the windows then begin at '
    "another pixel."
)
STRIDE = "The stride is not used."
NO_PADDING = 'There is no padding: "same" puts zeros around the image.'
ALWAYS_SAME = 'padding="valid" is treated as "same": "valid" has no zeros around the image.'
OUTPUT = "Rows and columns of the output are swapped."
BATCH = "Only the first image of the batch is computed."
ROTATED = "The kernel is rotated by 180 degrees: the convolution of a network does not rotate it."
SWAPPED = "Rows and columns of the kernel are swapped."
CHANNEL_0 = "Every channel is filtered with the kernel of channel 0."
SUMMED = "The channels are added up, as in a standard convolution: the depthwise convolution keeps them apart."
FILTER_0 = "Every output channel is computed with filter 0."
X_0 = "Only channel 0 of x is used: the sum runs over all input channels."
M_N = "M and N are swapped: the kernel has one column for each output channel."
WINDOW = "The windows are transposed: windows[b, k, l, i, j] is the pixel in row i and column j of a window."
INTEGERS = "It is computed in integers, which cut off what stands behind the point: make arrays of x.dtype."
FLOAT32 = "It is computed in float32, to some 7 digits, where x is float64: make arrays of x.dtype."
IN_PLACE = "x is changed in place: work on a copy."
REMEMBERED = (
    "It is right on the inputs that are the same in every run and wrong on all new ones, as remembered answers are."
)
EARLIER = "It returns the answer of an earlier call with the same shapes: compute it from the numbers."


def torch_pad(x, D_K, stride, padding):
    side = D_K // 2 if padding == "same" else 0
    p = np.pad(x, ((0, 0), (side, side), (side, side), (0, 0)))
    return p, (p.shape[1] - D_K) // stride + 1, (p.shape[2] - D_K) // stride + 1


def pad_before(x, D_K, stride, padding):
    p, rows, cols = pad(x, D_K, stride, padding)
    above, left = (p.shape[axis] - x.shape[axis] for axis in (1, 2))
    above, left = above - above // 2, left - left // 2  # the larger part before
    q = np.zeros_like(p)
    q[:, above : above + x.shape[1], left : left + x.shape[2]] = x
    return q, rows, cols


def no_pad(x, D_K, stride, padding):
    return x, (x.shape[1] - D_K) // stride + 1, (x.shape[2] - D_K) // stride + 1


def windows(x, D_K, stride, padding, padded=pad):
    p, rows, cols = padded(x, D_K, stride, padding)
    found = np.zeros((len(x), max(rows, 0), max(cols, 0), D_K, D_K, x.shape[3]), x.dtype)
    for k in range(rows):
        for l in range(cols):
            found[:, k, l] = p[:, k * stride : k * stride + D_K, l * stride : l * stride + D_K]
    return found


def one_image(x, apply):
    return apply(x[:1])


# What each task makes of windows: (windows, kernels) -> y.
MAKES = {
    "im2col": lambda found: found,
    "standard_conv": lambda found, kernel: np.einsum("bklijm,ijmn->bkln", found, kernel),
    "depthwise_conv": lambda found, kernel: np.einsum("bklijm,ijm->bklm", found, kernel),
    "separable_conv": lambda found, kernel, pointwise: np.einsum("bklijm,ijm->bklm", found, kernel) @ pointwise,
}


def programs():
    """(task, sentence, function): every mistake with windows in every task that has windows."""
    for task, makes in MAKES.items():
        yield from ((task, sentence, function) for sentence, function in with_windows(task, makes))
        if task != "im2col":
            yield from ((task, sentence, function) for sentence, function in with_kernels(makes))


def with_windows(task, makes):
    def function(change):
        if task == "im2col":  # its second argument is D_K
            return lambda x, D_K, stride=1, padding="same": makes(change(x, D_K, stride, padding))

        def convolve(x, kernel, *others, stride=1, padding="same"):
            return makes(change(x, len(kernel), stride, padding), kernel, *others)

        return convolve

    yield TORCH, function(lambda x, D, s, p: windows(x, D, s, p, torch_pad))
    yield BEFORE, function(lambda x, D, s, p: windows(x, D, s, p, pad_before))
    yield NO_PADDING, function(lambda x, D, s, p: windows(x, D, s, p, no_pad))
    yield AFTERWARDS, function(lambda x, D, s, p: windows(x, D, 1, p)[:, ::s, ::s])
    yield STRIDE, function(lambda x, D, s, p: windows(x, D, 1, p))
    yield ALWAYS_SAME, function(lambda x, D, s, p: windows(x, D, s, "same"))
    yield OUTPUT, function(lambda x, D, s, p: windows(x, D, s, p).swapaxes(1, 2))
    yield BATCH, function(lambda x, D, s, p: windows(x[:1], D, s, p))
    yield BATCH, function(lambda x, D, s, p: windows(x, D, s, p) * (np.arange(len(x)) == 0).reshape(-1, 1, 1, 1, 1, 1))
    yield FLOAT32, function(lambda x, D, s, p: windows(x.astype(np.float32), D, s, p))
    yield INTEGERS, function(lambda x, D, s, p: windows(x.astype(int), D, s, p))
    if task == "im2col":
        yield WINDOW, function(lambda x, D, s, p: windows(x, D, s, p).swapaxes(3, 4))


def with_kernels(makes):
    def function(change):
        def convolve(x, kernel, *others, stride=1, padding="same"):
            return makes(windows(x, len(kernel), stride, padding), change(kernel), *others)

        return convolve

    yield ROTATED, function(lambda kernel: kernel[::-1, ::-1])
    yield SWAPPED, function(lambda kernel: kernel.swapaxes(0, 1))


# depthwise_conv alone


def channel_0(x, kernel, stride=1, padding="same"):
    kernel = np.stack([kernel[..., 0]] * x.shape[3], axis=2)
    return solutions.depthwise_conv(x, kernel, stride, padding)


def summed(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x, kernel, stride, padding).sum(axis=3, keepdims=True)


def summed_without_axis(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x, kernel, stride, padding).sum(axis=3)


def summed_into_all(x, kernel, stride=1, padding="same"):
    y = np.zeros_like(solutions.depthwise_conv(x, kernel, stride, padding))
    y += solutions.depthwise_conv(x, kernel, stride, padding).sum(axis=3, keepdims=True)
    return y


def only_first_image(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x[:1], kernel, stride, padding)[0]


def into_integers(x, kernel, stride=1, padding="same"):
    y = solutions.depthwise_conv(x, kernel, stride, padding)
    made = np.zeros(y.shape, int)
    made[...] = y
    return made


def integer_kernel(x, kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x.astype(int), kernel.astype(int), stride, padding)


def float32_sums(x, kernel, stride=1, padding="same"):
    y = solutions.depthwise_conv(x, kernel, stride, padding)
    made = np.zeros(y.shape, np.float32)
    made[...] = y
    return made


def changes_x(x, kernel, stride=1, padding="same"):
    y = solutions.depthwise_conv(x, kernel, stride, padding)
    x[0, 0, 0, 0] += 1
    return y


_answers = {}


def earlier_answer(x, kernel, stride=1, padding="same"):
    key = x.shape, kernel.shape, stride, padding
    if key not in _answers:
        _answers[key] = solutions.depthwise_conv(x, kernel, stride, padding)
    return _answers[key].copy()


# standard_conv, pointwise_conv and separable_conv


def filter_0(x, kernel, stride=1, padding="same"):
    y = solutions.standard_conv(x, kernel, stride, padding)
    return np.repeat(y[..., :1], kernel.shape[3], axis=3)


def channel_0_of_x(x, kernel, stride=1, padding="same"):
    return solutions.standard_conv(x[..., :1], kernel[:, :, :1], stride, padding)


def standard_n_m(x, kernel, stride=1, padding="same"):
    found = solutions.im2col(x, len(kernel), stride, padding)
    return np.einsum("bklijm,ijnm->bkln", found, kernel)


def pointwise_n_m(x, kernel):
    return x @ kernel.T


def pointwise_first_image(x, kernel):
    return x[:1] @ kernel


def pointwise_swapped(x, kernel):
    return x.swapaxes(1, 2) @ kernel


def pointwise_filter_0(x, kernel):
    return np.stack([x @ kernel[:, 0]] * kernel.shape[1], axis=3)


def pointwise_channel_0(x, kernel):
    return x[..., :1] * kernel[0]


def pointwise_integers(x, kernel):
    return (x @ kernel).astype(int)


def pointwise_float32(x, kernel):
    return x.astype(np.float32) @ kernel.astype(np.float32)


def separable_n_m(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same"):
    filtered = solutions.depthwise_conv(x, depthwise_kernel, stride, padding)
    return np.einsum("bklm,nm->bkln", filtered, pointwise_kernel)


def separable_channel_0(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same"):
    return channel_0(x, depthwise_kernel, stride, padding) @ pointwise_kernel


def stride_twice(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same"):
    filtered = solutions.depthwise_conv(x, depthwise_kernel, stride, padding)
    return filtered[:, ::stride, ::stride] @ pointwise_kernel


def no_pointwise(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same"):
    return solutions.depthwise_conv(x, depthwise_kernel, stride, padding)


OTHERS = [
    ("separable_conv", "The stride is used in both steps: the pointwise step has stride 1.", stride_twice),
    ("separable_conv", "The pointwise step is left out.", no_pointwise),
    ("depthwise_conv", CHANNEL_0, channel_0),
    ("depthwise_conv", SUMMED, summed),
    ("depthwise_conv", SUMMED, summed_without_axis),
    ("depthwise_conv", SUMMED, summed_into_all),
    ("depthwise_conv", BATCH, only_first_image),
    ("depthwise_conv", INTEGERS, into_integers),
    ("depthwise_conv", INTEGERS, integer_kernel),
    ("depthwise_conv", FLOAT32, float32_sums),
    ("depthwise_conv", IN_PLACE, changes_x),
    ("depthwise_conv", EARLIER, earlier_answer),
    ("standard_conv", FILTER_0, filter_0),
    ("standard_conv", X_0, channel_0_of_x),
    ("standard_conv", M_N, standard_n_m),
    ("pointwise_conv", M_N, pointwise_n_m),
    ("pointwise_conv", BATCH, pointwise_first_image),
    ("pointwise_conv", OUTPUT, pointwise_swapped),
    ("pointwise_conv", FILTER_0, pointwise_filter_0),
    ("pointwise_conv", X_0, pointwise_channel_0),
    ("pointwise_conv", INTEGERS, pointwise_integers),
    ("pointwise_conv", FLOAT32, pointwise_float32),
    ("separable_conv", M_N, separable_n_m),
    ("separable_conv", CHANNEL_0, separable_channel_0),
]
