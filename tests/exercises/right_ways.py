"""Other right ways to write the tasks, as students do: (task, function)."""

from __future__ import annotations

import functools
import math
from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from . import solutions
from .solutions import pad


def im2col_matrix(x, D_K, stride=1, padding="same"):
    """(B H' W', D_K D_K M)"""
    found = solutions.im2col(x, D_K, stride, padding)
    return found.reshape(-1, D_K * D_K * x.shape[3])


def im2col_by_channel(x, D_K, stride=1, padding="same"):
    """(B H' W', M D_K D_K), as in a well-known book"""
    found = solutions.im2col(x, D_K, stride, padding)
    return found.transpose(0, 1, 2, 5, 3, 4).reshape(-1, x.shape[3] * D_K * D_K)


def im2col_strided(x, D_K, stride=1, padding="same"):
    p, rows, cols = pad(x, D_K, stride, padding)
    b, h, w, m = p.strides
    return as_strided(p, (len(x), rows, cols, D_K, D_K, x.shape[3]), (b, stride * h, stride * w, h, w, m)).copy()


def im2col_sliding(x, D_K, stride=1, padding="same"):
    p, _, _ = pad(x, D_K, stride, padding)
    return sliding_window_view(p, (D_K, D_K), axis=(1, 2))[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)


def seven_loops(x, kernel, stride=1, padding="same"):
    p, rows, cols = pad(x, len(kernel), stride, padding)
    B, M, N = len(x), *kernel.shape[2:]
    y = np.zeros((B, rows, cols, N))
    for b in range(B):
        for k in range(rows):
            for l in range(cols):
                for n in range(N):
                    for i in range(len(kernel)):
                        for j in range(len(kernel)):
                            for m in range(M):
                                y[b, k, l, n] += kernel[i, j, m, n] * p[b, k * stride + i, l * stride + j, m]
    return y


def loops_that_count(x, kernel, stride=1, padding="same"):
    mult_adds = 0
    p, rows, cols = pad(x, len(kernel), stride, padding)
    y = np.zeros((len(x), rows, cols, kernel.shape[3]))
    for index in np.ndindex(*y.shape):
        for i, j, m in np.ndindex(*kernel.shape[:3]):
            b, k, l, n = index
            y[index] += kernel[i, j, m, n] * p[b, k * stride + i, l * stride + j, m]
            mult_adds += 1
    return y, mult_adds


def tensordot(x, kernel, stride=1, padding="same"):
    return np.tensordot(solutions.im2col(x, len(kernel), stride, padding), kernel, axes=3)


def sum_of_matrix_products(x, kernel, stride=1, padding="same"):
    D_K = len(kernel)
    p, rows, cols = pad(x, D_K, stride, padding)
    y = 0
    for i in range(D_K):
        for j in range(D_K):
            y = (
                y
                + p[:, i : i + (rows - 1) * stride + 1 : stride, j : j + (cols - 1) * stride + 1 : stride]
                @ kernel[i, j]
            )
    return y


def windows_times_filters(x, kernel, stride=1, padding="same"):
    D_K = len(kernel)
    p, rows, cols = pad(x, D_K, stride, padding)
    return np.array(
        [
            [
                [
                    [(p[b, k * stride : k * stride + D_K, l * stride : l * stride + D_K] * kernel[..., n]).sum()
                     for n in range(kernel.shape[3])]
                    for l in range(cols)
                ]
                for k in range(rows)
            ]
            for b in range(len(x))
        ]
    )  # fmt: skip


def other_names(images, weights, s=1, pad_mode="same"):
    return solutions.standard_conv(images, weights, s, pad_mode)


def no_options(x, kernel):
    return solutions.standard_conv(x, kernel)


def any_options(x, kernel, **options):
    return solutions.standard_conv(x, kernel, **options)


def keyword_only(x, kernel, *, padding="same", stride=1):
    return solutions.standard_conv(x, kernel, stride, padding)


def with_another_option(x, kernel, bias=None, stride=1):
    y = solutions.standard_conv(x, kernel, stride)
    return y if bias is None else y + bias


def prints(x, kernel, stride=1, padding="same"):
    print("shapes", x.shape, kernel.shape)
    return solutions.standard_conv(x, kernel, stride, padding)


class Layer:
    def __call__(self, x, kernel, stride=1, padding="same"):
        self.calls = getattr(self, "calls", 0) + 1
        return solutions.standard_conv(x, kernel, stride, padding)


def depthwise_lists(x, kernel, stride=1, padding="same"):
    p, rows, cols = pad(x, len(kernel), stride, padding)
    p, w, D_K = p.tolist(), kernel.tolist(), len(kernel)
    y = []
    for image in p:
        y.append([])
        for k in range(rows):
            y[-1].append([])
            for l in range(cols):
                y[-1][-1].append(
                    [
                        sum(
                            w[i][j][m] * image[k * stride + i][l * stride + j][m]
                            for i in range(D_K)
                            for j in range(D_K)
                        )
                        for m in range(x.shape[3])
                    ]
                )
    return np.array(y)


def convolve_rows(x, kernel):
    """np.convolve, row by row: it rotates, so the kernel is rotated before"""
    D_K = len(kernel)
    p, rows, cols = pad(x, D_K, 1, "same")
    y = np.zeros((len(x), rows, cols, x.shape[3]))
    for b, k, m in np.ndindex(len(x), rows, x.shape[3]):
        for i in range(D_K):
            if p.shape[2] >= D_K:
                y[b, k, :, m] += np.convolve(p[b, k + i, :, m], kernel[i, ::-1, m], "valid")
    return y


def depthwise_running_sums(x, kernel, stride=1, padding="same"):
    found = solutions.im2col(x, len(kernel), stride, padding) * kernel
    flat = found.reshape(*found.shape[:3], -1, found.shape[5])
    return np.cumsum(flat, axis=3)[:, :, :, -1]


def depthwise_skips_zeros(x, kernel, stride=1, padding="same"):
    D_K, (B, H, W, M) = len(kernel), x.shape
    p, rows, cols = pad(x, D_K, stride, padding)
    top, left = (p.shape[1] - H) // 2, (p.shape[2] - W) // 2
    y = np.zeros((B, rows, cols, M))
    for b, k, l, i, j in np.ndindex(B, rows, cols, D_K, D_K):
        row, col = k * stride + i - top, l * stride + j - left
        if 0 <= row < H and 0 <= col < W:
            y[b, k, l] += x[b, row, col] * kernel[i, j]
    return y


def pointwise_loops(x, kernel):
    B, H, W, M = x.shape
    y = np.zeros((B, H, W, kernel.shape[1]))
    for b, k, l, m, n in np.ndindex(B, H, W, *kernel.shape):
        y[b, k, l, n] += x[b, k, l, m] * kernel[m, n]
    return y, B * H * W * kernel.size


def pointwise_rows(x, kernel):
    return np.dot(x.reshape(-1, len(kernel)), kernel).reshape(*x.shape[:3], -1)


def pointwise_channels(x, kernel):
    y = np.zeros((*x.shape[:3], kernel.shape[1]))
    for m in range(len(kernel)):
        y += x[..., m, None] * kernel[m]
    return y


def separable_loops(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same"):
    filtered = depthwise_lists(x, depthwise_kernel, stride, padding)
    return pointwise_loops(filtered, pointwise_kernel)[0]


def separable_einsum(x, depthwise_kernel, pointwise_kernel, stride=1, padding="same"):
    found = solutions.im2col(x, len(depthwise_kernel), stride, padding)
    filtered = np.einsum("bklijm,ijm->bklm", found, depthwise_kernel)
    return np.einsum("bklm,mn->bkln", filtered, pointwise_kernel)


def output_side_ceil(D_F, D_K, stride, padding):
    if padding == "same":
        return math.ceil(D_F / stride)
    return int((D_F + (2 * (D_K // 2) if padding == "symmetric" else 0) - D_K) / stride) + 1


def quantise_loop(x, scale, zero_point):
    q = np.zeros(x.shape, np.uint8)
    for index in np.ndindex(*x.shape):
        steps = abs(x[index]) / scale
        whole = int(steps + 0.5)
        q[index] = min(max((whole if x[index] >= 0 else -whole) + zero_point, 0), 255)
    return q


def requantise_python(total, multiplier, shift, zero_point):
    steps = [(int(t) * multiplier + 2 ** (shift - 1)) // 2**shift + zero_point for t in total]
    return np.array([min(max(q, 0), 255) for q in steps], np.uint8)


def multiplied_out(x, kernel, x_zero_point, kernel_zero_point, stride=1, padding="same"):
    """(x - a) (w - b) = x w - a w - b x + a b"""
    a, b, D_K = x_zero_point, kernel_zero_point, len(kernel)
    p, rows, cols = pad(x.astype(np.int32) - a, D_K, stride, padding)
    found = np.zeros((len(x), rows, cols, D_K, D_K, x.shape[3]), np.int32)
    for i in range(D_K):
        for j in range(D_K):
            found[:, :, :, i, j] = p[
                :, i : i + stride * (rows - 1) + 1 : stride, j : j + stride * (cols - 1) + 1 : stride
            ]
    return (found * kernel.astype(np.int32)).sum(axis=(3, 4), dtype=np.int32) - b * found.sum(
        axis=(3, 4), dtype=np.int32
    )


WAYS = [
    ("im2col", im2col_matrix),
    ("im2col", im2col_by_channel),
    ("im2col", im2col_strided),
    ("im2col", im2col_sliding),
    ("standard_conv", seven_loops),
    ("standard_conv", loops_that_count),
    ("standard_conv", tensordot),
    ("standard_conv", sum_of_matrix_products),
    ("standard_conv", windows_times_filters),
    ("standard_conv", other_names),
    ("standard_conv", no_options),
    ("standard_conv", any_options),
    ("standard_conv", keyword_only),
    ("standard_conv", with_another_option),
    ("standard_conv", prints),
    ("standard_conv", Layer()),
    ("standard_conv", functools.partial(keyword_only)),
    ("standard_conv", lambda x, kernel, stride: solutions.standard_conv(x, kernel, stride)),
    ("depthwise_conv", depthwise_lists),
    ("depthwise_conv", convolve_rows),
    ("depthwise_conv", depthwise_running_sums),
    ("depthwise_conv", depthwise_skips_zeros),
    ("pointwise_conv", np.matmul),
    ("pointwise_conv", pointwise_loops),
    ("pointwise_conv", pointwise_rows),
    ("pointwise_conv", pointwise_channels),
    ("separable_conv", separable_loops),
    ("separable_conv", separable_einsum),
    ("output_side", output_side_ceil),
    ("separable_ratio", lambda D_K, M, N, D_F: Fraction(1, N) + Fraction(1, D_K**2)),
    ("quantise", quantise_loop),
    ("requantise", requantise_python),
    ("integer_depthwise_conv", multiplied_out),
]
