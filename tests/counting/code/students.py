"""Depthwise convolutions as students may write them: x (B, H, W, M), kernel (D_K, D_K, M), padding "same".

Each returns the right values. How often it multiplies differs: see the table in `test_students`.
"""

import functools
import itertools

import numpy as np
from numpy import einsum, zeros
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def outputs(x, stride):
    return -(-x.shape[1] // stride), -(-x.shape[2] // stride)


def padded(x, D, stride):
    """x with zeros around it, and the number of windows in each direction."""
    rows, cols = outputs(x, stride)
    p = max((rows - 1) * stride + D - x.shape[1], 0)
    q = max((cols - 1) * stride + D - x.shape[2], 0)
    return np.pad(x, ((0, 0), (p // 2, p - p // 2), (q // 2, q - q // 2), (0, 0))), rows, cols


def shifted(p, i, j, rows, cols, stride):
    """Element (i, j) of all windows."""
    return p[:, i : i + stride * (rows - 1) + 1 : stride, j : j + stride * (cols - 1) + 1 : stride]


def six_loops(x, kernel, stride):
    D = len(kernel)
    p, rows, cols = padded(x, D, stride)
    y = np.zeros((len(x), rows, cols, x.shape[3]))
    for b in range(len(x)):
        for k in range(rows):
            for l in range(cols):
                for m in range(x.shape[3]):
                    for i in range(D):
                        for j in range(D):
                            y[b, k, l, m] += kernel[i, j, m] * p[b, stride * k + i, stride * l + j, m]
    return y


def index_product(x, kernel, stride):
    p, rows, cols = padded(x, len(kernel), stride)
    y = zeros((len(x), rows, cols, x.shape[3]), dtype=np.float32)
    for b, k, l, m, i, j in itertools.product(*map(range, (*y.shape, *kernel.shape[:2]))):
        y[b, k, l, m] = y[b, k, l, m] + p[b, stride * k + i, stride * l + j, m] * kernel[i, j, m]
    return y


def scalar_sum(x, kernel, stride):
    D = len(kernel)
    p, rows, cols = padded(x, D, stride)
    y = np.empty((len(x), rows, cols, x.shape[3]), x.dtype)
    for b, k, l, m in np.ndindex(y.shape):
        total = 0.0
        for i, j in np.ndindex(D, D):
            total += p[b, stride * k + i, stride * l + j, m] * kernel[i, j, m]
        y[b, k, l, m] = total
    return y


def builtin_sum(x, kernel, stride):
    D = len(kernel)
    p, rows, cols = padded(x, D, stride)
    y = np.zeros_like(x, shape=(len(x), rows, cols, x.shape[3]))
    for b, k, l, m in np.ndindex(y.shape):
        window = p[b, stride * k : stride * k + D, stride * l : stride * l + D, m]
        y[b, k, l, m] = sum(map(lambda a, w: a * w, window.flat, kernel[:, :, m].flat))
    return y


def slices(x, kernel, stride):
    D = len(kernel)
    p, rows, cols = padded(x, D, stride)
    y = np.zeros((len(x), rows, cols, x.shape[3]))
    for i in range(D):
        for j in range(D):
            y += shifted(p, i, j, rows, cols, stride) * kernel[i, j]
    return y


def sum_of_slices(x, kernel, stride):
    p, rows, cols = padded(x, len(kernel), stride)
    return sum(shifted(p, i, j, rows, cols, stride) * kernel[i, j] for i, j in np.ndindex(kernel.shape[:2]))


def out_arguments(x, kernel, stride):
    p, rows, cols = padded(x, len(kernel), stride)
    y = np.zeros((len(x), rows, cols, x.shape[3]))
    product = np.empty_like(y)
    for i, j in np.ndindex(kernel.shape[:2]):
        np.multiply(shifted(p, i, j, rows, cols, stride), kernel[i, j], out=product)
        np.add(y, product, out=y)
    return y


def channel_by_channel(x, kernel, stride):
    def one(m):
        return slices(x[..., m : m + 1], kernel[..., m : m + 1], stride)

    return np.concatenate([one(m) for m in range(x.shape[3])], axis=3)


def image_by_image(x, kernel, stride):
    return np.array([slices(image[np.newaxis], kernel, stride)[0] for image in x])


def windows_sum(x, kernel, stride):
    D = len(kernel)
    p, rows, cols = padded(x, D, stride)
    y = np.zeros((len(x), rows, cols, x.shape[3]), dtype=np.float64)
    for b, k, l in np.ndindex(y.shape[:3]):
        y[b, k, l] = (p[b, stride * k : stride * k + D, stride * l : stride * l + D] * kernel).sum(axis=(0, 1))
    return y


def windows_dot(x, kernel, stride):
    D = len(kernel)
    p, rows, cols = padded(x, D, stride)
    y = np.zeros((len(x), rows, cols, x.shape[3]))
    for b, k, l, m in np.ndindex(y.shape):
        window = p[b, stride * k : stride * k + D, stride * l : stride * l + D, m]
        y[b, k, l, m] = np.dot(window.ravel(), kernel[..., m].ravel())
    return y


def im2col(x, D, stride):
    p, rows, cols = padded(x, D, stride)
    columns = np.empty((len(x), rows, cols, D, D, x.shape[3]), x.dtype)
    for i, j in np.ndindex(D, D):
        columns[:, :, :, i, j] = shifted(p, i, j, rows, cols, stride)
    return columns


def im2col_einsum(x, kernel, stride):
    return einsum("bklijm,ijm->bklm", im2col(x, len(kernel), stride), kernel)


def im2col_optimised(x, kernel, stride):
    return np.einsum("bklijm,ijm->bklm", im2col(x, len(kernel), stride), kernel, optimize=True)


def im2col_sum(x, kernel, stride):
    return (im2col(x, len(kernel), stride) * kernel).sum(axis=(3, 4))


def im2col_matmul(x, kernel, stride):
    columns, D = im2col(x, len(kernel), stride), len(kernel)
    rows = columns.reshape(-1, D * D, x.shape[3]).transpose(2, 0, 1)  # (M, windows, D * D)
    y = rows @ kernel.reshape(D * D, -1).T[:, :, np.newaxis]
    return y[..., 0].T.reshape(*columns.shape[:3], -1)


def im2col_lists(x, kernel, stride):
    columns = im2col(x, len(kernel), stride)
    flat, w = columns.reshape(-1, kernel.size).tolist(), kernel.ravel().tolist()
    M = x.shape[3]
    y = [[sum(c * v for c, v in zip(window[m::M], w[m::M])) for m in range(M)] for window in flat]
    return np.array(y).reshape(*columns.shape[:3], M)


def fancy_indices(x, kernel, stride):
    p, rows, cols = padded(x, len(kernel), stride)
    D = np.arange(len(kernel))
    i = (stride * np.arange(rows))[:, None, None, None] + D[:, None]
    j = (stride * np.arange(cols))[:, None, None] + D
    return np.einsum("bklijm,ijm->bklm", p[:, i, j], kernel)


def sliding_einsum(x, kernel, stride):
    p, rows, cols = padded(x, len(kernel), stride)
    view = sliding_window_view(p, kernel.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("bklmij,ijm->bklm", view, kernel)


def sliding_sum(x, kernel, stride):
    p, rows, cols = padded(x, len(kernel), stride)
    view = sliding_window_view(p, kernel.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.sum(view * kernel.transpose(2, 0, 1), axis=(-1, -2), dtype=np.float64)


def strided(x, D, stride):
    p, rows, cols = padded(x, D, stride)
    b, h, w, m = p.strides
    return as_strided(p, (len(p), rows, cols, D, D, p.shape[3]), (b, stride * h, stride * w, h, w, m))


def strided_einsum(x, kernel, stride):
    return np.einsum("...ijm,ijm->...m", strided(x, len(kernel), stride), kernel)


def strided_tensordot(x, kernel, stride):
    view = strided(x, len(kernel), stride)
    return np.stack([np.tensordot(view[..., m], kernel[..., m], 2) for m in range(x.shape[3])], axis=-1)


def strided_inner(x, kernel, stride):
    view, D = strided(x, len(kernel), stride), len(kernel)
    flat = [np.inner(view[..., m].reshape(-1, D * D), kernel[..., m].ravel()) for m in range(x.shape[3])]
    return np.stack(flat, -1).reshape(*view.shape[:3], -1)


def correlate_rows(x, kernel, stride):
    D = len(kernel)
    p, rows, cols = padded(x, D, stride)
    y = np.zeros((len(x), rows, cols, x.shape[3]))
    for b, k, m, i in np.ndindex(len(x), rows, x.shape[3], D):
        y[b, k, :, m] += np.correlate(p[b, stride * k + i, :, m], kernel[i, :, m], "valid")[::stride]
    return y


def vectorised(x, kernel, stride):
    multiply = np.vectorize(lambda a, w: a * w, otypes=[float])
    return multiply(im2col(x, len(kernel), stride), kernel).sum(axis=(3, 4))


def from_python_ufunc(x, kernel, stride):
    product = np.frompyfunc(lambda a, w: a * w, 2, 1)(im2col(x, len(kernel), stride), kernel)
    return product.astype(float).sum((3, 4))


def along_an_axis(x, kernel, stride):
    D, M = len(kernel), x.shape[3]
    columns = im2col(x, D, stride)  # (B, H', W', D, D, M)
    return np.stack(
        [
            np.apply_along_axis(
                lambda w, m=m: w @ kernel[..., m].ravel(), 3, columns[..., m].reshape(*columns.shape[:3], -1)
            )
            for m in range(M)
        ],
        axis=-1,
    )


def float32_first(x, kernel, stride):
    return slices(x.astype(np.float32), np.asarray(kernel, dtype="float32"), stride)


def asarray_first(x, kernel, stride):
    return im2col_sum(np.ascontiguousarray(x, np.float64), np.array(kernel, copy=True), stride)


def imports_inside(x, kernel, stride):
    import numpy
    from numpy import zeros as nothing

    p, rows, cols = padded(x, len(kernel), stride)
    y = nothing((len(x), rows, cols, x.shape[3]))
    for i, j in numpy.ndindex(kernel.shape[:2]):
        y += shifted(p, i, j, rows, cols, stride) * kernel[i, j]
    return y


def recursive(x, kernel, stride, taps=None):
    taps = list(np.ndindex(kernel.shape[:2])) if taps is None else taps
    p, rows, cols = padded(x, len(kernel), stride)
    (i, j), *others = taps
    product = shifted(p, i, j, rows, cols, stride) * kernel[i, j]
    return product + recursive(x, kernel, stride, others) if others else product


def generated(x, kernel, stride):
    def products():
        p, rows, cols = padded(x, len(kernel), stride)
        for i, j in np.ndindex(kernel.shape[:2]):
            yield shifted(p, i, j, rows, cols, stride) * kernel[i, j]

    return functools.reduce(np.add, products())


class Depthwise:
    def __init__(self):
        self.kernel = None

    def __call__(self, x, kernel, stride):
        self.kernel = kernel
        return self.forward(x, stride)

    def forward(self, x, stride):
        return sliding_einsum(x, self.kernel, stride)


# Right values, at another cost


def twice(x, kernel, stride):
    for _ in range(2):
        y = slices(x, kernel, stride)
    return y


def all_strides(x, kernel, stride):
    """Computes every window, and drops those that the stride leaves out."""
    D = len(kernel)
    p, rows, cols = padded(x, D, stride)
    inside = p[:, : stride * (rows - 1) + D, : stride * (cols - 1) + D]
    windows = sliding_window_view(inside, (D, D), axis=(1, 2))
    return np.einsum("bklmij,ijm->bklm", windows, kernel)[:, ::stride, ::stride]


def skips_padding(x, kernel, stride):
    D = len(kernel)
    rows, cols = outputs(x, stride)
    top = max((rows - 1) * stride + D - x.shape[1], 0) // 2
    left = max((cols - 1) * stride + D - x.shape[2], 0) // 2
    y = np.zeros((len(x), rows, cols, x.shape[3]))
    for b, k, l, i, j in np.ndindex(*y.shape[:3], D, D):
        row, col = stride * k + i - top, stride * l + j - left
        if 0 <= row < x.shape[1] and 0 <= col < x.shape[2]:
            y[b, k, l] += x[b, row, col] * kernel[i, j]
    return y


def diagonal(x, kernel, stride):
    """A standard convolution whose kernel is zero where two channels are mixed."""
    D, _, M = kernel.shape
    full = np.zeros((D, D, M, M))
    for m in range(M):
        full[:, :, m, m] = kernel[:, :, m]
    columns = im2col(x, D, stride)
    return (columns.reshape(-1, D * D * M) @ full.reshape(-1, M)).reshape(*columns.shape[:3], M)


def three_factors(x, kernel, stride):
    return np.einsum("bklijm,ijn,mn->bkln", im2col(x, len(kernel), stride), kernel, np.eye(x.shape[3]))


def zeros_in_kernel(x, kernel, stride):
    """A kernel with a border of zeros, as wide again on every side."""
    D = len(kernel)
    p, rows, cols = padded(x, D, stride)
    wider = np.pad(kernel, ((1, 1), (1, 1), (0, 0)))
    view = sliding_window_view(np.pad(p, ((0, 0), (1, 1), (1, 1), (0, 0))), (D + 2, D + 2), axis=(1, 2))
    view = view[:, : stride * (rows - 1) + 1 : stride, : stride * (cols - 1) + 1 : stride]
    return np.einsum("bklmij,ijm->bklm", view, wider)


def halves(x, kernel, stride):
    """Halves each product, and adds both halves."""
    return slices(x, kernel * 0.5, stride) + slices(x, 0.5 * kernel, stride)


# At least


def floats(x, kernel, stride):
    p, rows, cols = padded(x, len(kernel), stride)
    y = np.zeros((len(x), rows, cols, x.shape[3]))
    for b, k, l, m in np.ndindex(y.shape):
        for i, j in np.ndindex(kernel.shape[:2]):
            y[b, k, l, m] += float(kernel[i, j, m]) * float(p[b, stride * k + i, stride * l + j, m])
    return y


ANSWERS = {}


def remembers(x, kernel, stride):
    key = (x.shape, kernel.shape, stride)
    if key not in ANSWERS:
        ANSWERS[key] = slices(x, kernel, stride)
    return ANSWERS[key]


# Not countable


def fft(x, kernel, stride):
    p, rows, cols = padded(x, len(kernel), stride)
    size = p.shape[1:3]
    product = np.fft.rfft2(p, size, axes=(1, 2)) * np.fft.rfft2(kernel, size, axes=(0, 1)).conj()
    return np.fft.irfft2(product, size, axes=(1, 2))[:, : stride * rows : stride, : stride * cols : stride][
        :, :rows, :cols
    ]
