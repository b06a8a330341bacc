"""How the axes of kernels are ordered, here and in other frameworks.

Our layout is the paper's, and TensorFlow's but for axes of size 1; PyTorch has another order of axes everywhere:

                    ours                  Keras                 PyTorch
    standard        (D_K, D_K, M, N)      (D_K, D_K, M, N)      (N, M, D_K, D_K)
    depthwise       (D_K, D_K, M)         (D_K, D_K, M, 1)      (M, 1, D_K, D_K)
    pointwise       (M, N)                (1, 1, M, N)          (N, M, 1, 1)
    classifier      (M, N)                (1, 1, M, N)          (N, M)
"""

from __future__ import annotations

from collections.abc import Sequence

from ..spec import mobilenet

Shape = tuple[int, ...]
# PyTorch's names of a batch norm's arrays, and ours.
TORCH_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"}
CONVOLUTIONS = tuple(layer.name for layer in mobilenet()[:-2])  # conv1, conv_dw_1, conv_pw_1, conv_dw_2 ...


def keras(name: str, shape: Shape) -> Shape:
    """The shape that an array of Keras has here; what does not fit stays as it is.

    >>> keras("conv_dw_1/kernel", (3, 3, 32, 1)), keras("fc/kernel", (1, 1, 1024, 1000))
    ((3, 3, 32), (1024, 1000))
    """
    if not name.endswith("/kernel") or len(shape) != 4:
        return shape
    if name.startswith("conv_dw_"):
        return shape[:3] if shape[3] == 1 else shape
    return shape[2:] if name != "conv1/kernel" and shape[:2] == (1, 1) else shape


def torch(name: str, shape: Shape) -> tuple[Shape, Shape]:
    """The order of axes and then the shape that an array of PyTorch has here.

    >>> torch("conv_dw_1/kernel", (32, 1, 3, 3)), torch("fc/kernel", (1000, 1024))
    (((2, 3, 1, 0), (3, 3, 32)), ((1, 0), (1024, 1000)))
    """
    if not name.endswith("/kernel") or len(shape) not in (2, 4):
        return tuple(range(len(shape))), shape
    order = (2, 3, 1, 0) if len(shape) == 4 else (1, 0)
    shape = tuple(shape[axis] for axis in order)  # (N, M, D_K, D_K) -> (D_K, D_K, M, N), or (N, M) -> (M, N)
    if name.startswith("conv_dw_") and shape[2:3] == (1,):
        shape = (*shape[:2], *shape[3:])  # (D_K, D_K, 1, M) -> (D_K, D_K, M)
    elif name.startswith(("conv_pw_", "fc/")) and shape[:2] == (1, 1):
        shape = shape[2:]  # (1, 1, M, N) -> (M, N)
    return order, shape


def torch_names(parts: Sequence[tuple[str, str]]) -> dict[str, str]:
    """PyTorch's name of each array of the body: ours; from the names of each convolution and its batch norm, in order.

    >>> torch_names([("stem", "bn1")])["bn1.running_var"]
    'conv1/var'
    """
    names = {}
    for layer, (convolution, norm) in zip(CONVOLUTIONS, parts):
        names[f"{convolution}.weight"] = f"{layer}/kernel"
        names |= {f"{norm}.{theirs}": f"{layer}/{ours}" for theirs, ours in TORCH_NORM.items()}
    return names
