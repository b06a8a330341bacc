"""What stands between the convolutions: ReLU6, batch norm, average pool, fully connected layer, softmax, sigmoid.

Each is one line of arithmetic. Only the fully connected layer makes mult-adds that are counted: the paper
leaves the others out, and so do we.
"""

from __future__ import annotations

import numpy as np

from . import checks
from .quiet import quiet


@quiet
def relu6(x: np.ndarray) -> np.ndarray:
    """Cut off below 0 and above 6.

    The paper says ReLU; the networks that its authors released have ReLU6, and so have Keras' and timm's. Some
    networks of PyTorch have ReLU: see `relu`.

    Parameters
    ----------
    x : float array of any shape

    Returns
    -------
    array of x's shape and dtype

    Raises
    ------
    TypeError
        If x is not a float32 or float64 array.

    Examples
    --------
    >>> relu6(np.array([-1.0, 0.5, 7.0]))
    array([0. , 0.5, 6. ])
    """
    checks.floats(x=x)
    return np.minimum(np.maximum(x, 0), 6)


@quiet
def relu(x: np.ndarray) -> np.ndarray:
    """Cut off below 0, as the paper says.

    Parameters, returns and raises as `relu6`.

    Examples
    --------
    >>> relu(np.array([-1.0, 0.5, 7.0]))
    array([0. , 0.5, 7. ])
    """
    checks.floats(x=x)
    return np.maximum(x, 0)


@quiet
def batch_norm(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, mean: np.ndarray, var: np.ndarray, eps: float = 1e-3
) -> np.ndarray:
    """Batch norm at inference: gamma * (x - mean) / sqrt(var + eps) + beta, channel by channel.

    Parameters
    ----------
    x : (..., C) float array
    gamma, beta, mean, var : (C,) float arrays
        Trained scale and offset; mean and variance gathered in training.
    eps : float
        Keeps the root away from 0. Keras' and TensorFlow's MobileNet have 1e-3, PyTorch's default is 1e-5:
        the wrong one is no error, only slightly other probabilities.

    Returns
    -------
    (..., C) array of x's dtype

    Raises
    ------
    ValueError, TypeError
        If the arrays do not fit together.

    Examples
    --------
    >>> x = np.array([[1.0, 10.0], [3.0, 30.0]])
    >>> batch_norm(x, *np.array([[1.0, 1.0], [0.0, 5.0], [2.0, 20.0], [1.0, 100.0]]), eps=0.0)
    array([[-1.,  4.],
           [ 1.,  6.]])
    """
    checks.floats(x=x, gamma=gamma, beta=beta, mean=mean, var=var)
    eps = checks.number("eps", eps, at_least=0)
    for name, array in {"gamma": gamma, "beta": beta, "mean": mean, "var": var}.items():
        checks.shape(name, array, "C")
        if x.shape[-1:] != array.shape:
            raise ValueError(f"{name} is for {array.shape[0]} channels, but x has the shape {x.shape}")
    return (x - mean) / np.sqrt(var + eps) * gamma + beta


@quiet
def global_average_pool(x: np.ndarray) -> np.ndarray:
    """Average each channel over the whole image: (B, H, W, C) -> (B, C).

    This is why MobileNet's weights fit any resolution: whatever the side of the feature map, C numbers come out.

    Parameters
    ----------
    x : (B, H, W, C) float array

    Returns
    -------
    (B, C) array of x's dtype

    Raises
    ------
    ValueError, TypeError
        If x is not such an array.

    Examples
    --------
    >>> global_average_pool(np.arange(8.0).reshape(1, 2, 2, 2))
    array([[3., 4.]])
    """
    checks.floats(x=x)
    checks.shape("x", x, "B H W C")
    return x.mean(axis=(1, 2))


@quiet
def fully_connected(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, int]:
    """Fully connected layer: a matrix product, and a bias that costs no multiplication.

    Parameters
    ----------
    x : (B, M) float array
    kernel : (M, N) float array
    bias : (N,) float array

    Returns
    -------
    y : (B, N) array
    mult_adds : int
        B * M * N, read from the arrays that were multiplied.

    Raises
    ------
    ValueError, TypeError
        If the arrays do not fit together.

    Examples
    --------
    >>> fully_connected(np.array([[1.0, 2.0]]), np.array([[1.0], [10.0]]), np.array([0.5]))
    (array([[21.5]]), 2)
    """
    checks.floats(x=x, kernel=kernel, bias=bias)
    checks.shape("x", x, "B M")
    checks.shape("kernel", kernel, "M N")
    checks.shape("bias", bias, "N")
    (B, M), (_, N) = x.shape, kernel.shape
    checks.channels(x, kernel.shape[0])
    if bias.shape != (N,):
        raise ValueError(f"bias has {bias.shape[0]} numbers, but kernel makes {N} outputs")
    return x @ kernel + bias, B * M * N


@quiet
def softmax(logits: np.ndarray) -> np.ndarray:
    """Turn scores into probabilities along the last axis: exp(logits) / sum of exp(logits).

    The largest score is subtracted first. That changes no ratio, and exp never sees a number above 0, so it
    cannot overflow.

    Parameters
    ----------
    logits : (..., classes) float array

    Returns
    -------
    array of the same shape and dtype; each row is positive and sums to 1

    Raises
    ------
    ValueError, TypeError
        If logits is not a float array with at least one class.

    Examples
    --------
    >>> softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    checks.floats(logits=logits)
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ValueError(f"logits must have the shape (..., classes), but has {logits.shape}")
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@quiet
def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Turn each score into a probability of its own: 1 / (1 + exp(-logit)).

    For classes of which several can be true at once, or none. It is computed as exp(-log(1 + exp(-logit))), which
    stays exact where the probability is near 0.

    Parameters
    ----------
    logits : float array of any shape

    Returns
    -------
    array of the same shape and dtype, from 0 to 1; rows do not sum to 1

    Raises
    ------
    TypeError
        If logits is not a float32 or float64 array.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    checks.floats(logits=logits)
    return np.exp(-np.logaddexp(0, -logits))
