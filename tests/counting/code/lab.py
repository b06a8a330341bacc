"""Functions and classes as a user writes them, with the state that such modules have."""

import functools

import numpy as np
import numpy.linalg as la
from numpy import einsum, zeros
from numpy.lib.stride_tricks import as_strided

from . import deeper

KERNEL = np.array([1.0, 2.0, 3.0])
SETTINGS = {"scale": np.full(3, 2.0), "activation": np.tanh}
REMEMBERED = {}
LAST = None


def squares(x):
    y = np.zeros(3)
    for i in range(3):
        y[i] = x[i] * x[i]
    return y


def by_imported_names(x):
    y = zeros(3)
    y += einsum("i,i->i", as_strided(x, (3,), x.strides), x) * la.norm(x)
    return y


def through_a_module(x):
    return deeper.corner(x)


def from_a_dict(x):
    return SETTINGS["activation"](x) * SETTINGS["scale"]


def remembers(x):
    if "y" not in REMEMBERED:
        REMEMBERED["y"] = x * x
    return REMEMBERED["y"]


def writes_a_global(x):
    global LAST
    LAST = x * KERNEL
    return LAST


@functools.lru_cache
def window(n):
    return np.ones(n) * np.full(n, 0.5)


def windowed(x):
    return window(len(x)) * x


def imports_inside(x):
    import numpy as np2
    from numpy import full

    y = np2.zeros(3)
    y += x * full(3, 2.0)
    return y


def imports_a_module_inside(x):
    from . import deeper as inside

    return inside.corner(x)


def decorated(function):
    @functools.wraps(function)
    def twice(*args):
        return function(*args) * np.ones(3) + function(*args)

    return twice


@decorated
def decorated_squares(x):
    return squares(x)


def with_defaults(x, kernel=KERNEL, combine=np.multiply, *, scale=KERNEL):
    return combine(x, kernel) * scale


def interrupted(x):
    global LAST
    LAST = np.zeros(3) + x
    raise KeyboardInterrupt


def generator(x):
    for i in range(3):
        yield i, x * i


class Layer:
    __slots__ = ("kernel", "y")

    def __init__(self):
        self.kernel = np.full(3, 2.0)

    def forward(self, x):
        self.y = np.zeros(3)
        self.y += self.kernel * x
        return self.y


class Net:
    scale = np.ones(3)
    activation = np.tanh

    def __init__(self):
        self.layers = [Layer(), Layer()]
        self.last = None

    def __call__(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        self.last = x
        return self.activation(x * self.scale)

    def method(self, x):
        return self(x)

    @staticmethod
    def static(x):
        return squares(x)

    @classmethod
    def of_class(cls, x):
        return cls.static(x)

    @property
    def doubled(self):
        return np.zeros(3) + 2.0 * self.scale
