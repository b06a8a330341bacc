"""A right answer to every task, as a student may write it: the labs' tests may use them too."""

import numpy as np


def named(value):
    """The name of a test for a value: the same in every process, so without the address of a function."""
    return (value if isinstance(value, str) else getattr(value, "__name__", type(value).__name__))[:40]


def pad(x, D, s, padding):
    B, H, W, M = x.shape
    if padding == "valid":
        return x, (H - D) // s + 1, (W - D) // s + 1
    r, c = -(-H // s), -(-W // s)
    p, q = max((r - 1) * s + D - H, 0), max((c - 1) * s + D - W, 0)
    return np.pad(x, ((0, 0), (p // 2, p - p // 2), (q // 2, q - q // 2), (0, 0))), r, c


def im2col(x, D_K, stride=1, padding="same"):
    p, r, c = pad(x, D_K, stride, padding)
    out = np.zeros((len(x), r, c, D_K, D_K, x.shape[3]))
    for k in range(r):
        for l in range(c):
            out[:, k, l] = p[:, k * stride : k * stride + D_K, l * stride : l * stride + D_K]
    return out


def standard_conv(x, kernel, stride=1, padding="same"):
    w = im2col(x, len(kernel), stride, padding)
    B, r, c = w.shape[:3]
    return (w.reshape(B * r * c, -1) @ kernel.reshape(-1, kernel.shape[3])).reshape(B, r, c, -1)


def depthwise_conv(x, kernel, stride=1, padding="same"):
    w = im2col(x, len(kernel), stride, padding)
    return (w * kernel).sum(axis=(3, 4))


def pointwise_conv(x, kernel):
    return x @ kernel


def separable_conv(x, dk, pk, stride=1, padding="same"):
    return pointwise_conv(depthwise_conv(x, dk, stride, padding), pk)


def output_side(D_F, D_K, stride, padding):
    if padding == "same":
        return -(-D_F // stride)
    if padding == "symmetric":
        D_F += 2 * (D_K // 2)
    return (D_F - D_K) // stride + 1


def mult_adds(a):
    if a.kind == "standard":
        return a.D_K**2 * a.M * a.N * a.D_G**2
    if a.kind == "depthwise":
        return a.D_K**2 * a.M * a.D_G**2
    if a.kind == "pool":
        return 0
    return a.M * a.N * a.D_G**2


def parameters(a):
    return 0 if a.kind == "pool" else mult_adds(a) // a.D_G**2


def separable_ratio(D_K, M, N, D_F):
    return (D_K**2 * M * D_F**2 + M * N * D_F**2) / (D_K**2 * M * N * D_F**2)


def peak_memory(layers):
    return max(a.D_F**2 * a.M + a.D_G**2 * a.N for a in layers)


def fold(kernel, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return kernel * s, beta - mean * s


def mobilenet(alpha, resolution, classes):
    def ch(n):
        return max(int(alpha * n), 1)

    rows = [("standard", 3, 2, 3, ch(32), resolution)]
    M = ch(32)
    D = -(-resolution // 2)
    for n, s in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + [(512, 1)] * 5 + [(1024, 2), (1024, 1)]:
        rows.append(("depthwise", 3, s, M, M, D))
        D = -(-D // s)
        rows.append(("pointwise", 1, 1, M, ch(n), D))
        M = ch(n)
    return [*rows, ("pool", D, 1, M, M, D), ("fully_connected", 1, 1, M, classes, 1)]


def forward(x, layers, weights):
    for a in layers:
        w = weights.get(a.name, {})
        if a.kind == "pool":
            x = x.mean(axis=(1, 2))
            continue
        if a.kind == "fully_connected":
            x = x @ w["kernel"] + w["bias"]
            continue
        f = {"standard": standard_conv, "depthwise": depthwise_conv}.get(a.kind)
        x = f(x, w["kernel"], a.stride, a.padding) if f else pointwise_conv(x, w["kernel"])
        if "gamma" in w:
            x = (x - w["mean"]) / np.sqrt(w["var"] + 1e-3) * w["gamma"] + w["beta"]
        x = np.clip(x + w.get("bias", 0), 0, 6)
    return x


def quantise(x, scale, zero_point):
    q = x / scale
    q = np.sign(q) * np.floor(np.abs(q) + 0.5) + zero_point
    return np.clip(q, 0, 255).astype(np.uint8)


def requantise(total, multiplier, shift, zero_point):
    p = total.astype(np.int64) * multiplier
    return np.clip(((p + (1 << (shift - 1))) >> shift) + zero_point, 0, 255).astype(np.uint8)


def integer_depthwise_conv(x, kernel, x_zero_point, kernel_zero_point, stride=1, padding="same"):
    x = x.astype(np.int32) - x_zero_point
    k = kernel.astype(np.int32) - kernel_zero_point
    D = len(k)
    p, r, c = pad(x, D, stride, padding)
    y = np.zeros((len(x), r, c, x.shape[3]), np.int32)
    for i in range(D):
        for j in range(D):
            y += p[:, i : i + stride * (r - 1) + 1 : stride, j : j + stride * (c - 1) + 1 : stride] * k[i, j]
    return y
