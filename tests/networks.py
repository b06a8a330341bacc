"""Small networks and images for tests."""

from __future__ import annotations

import numpy as np

import npmobile as nm

LAYERS = nm.mobilenet(alpha=0.25, resolution=32, classes=10)


def trained(layers=LAYERS, seed=0, dtype=np.float32):
    """Random weights as if trained: each batch norm has numbers of its own, so that a test sees a forgotten one."""
    rng = np.random.default_rng(seed)
    w = nm.weights.init(layers, seed)
    for arrays in w.values():
        for name, array in arrays.items():
            if name in ("gamma", "var"):
                arrays[name] = rng.uniform(0.5, 1.5, array.shape)
            elif name != "kernel":
                arrays[name] = rng.normal(0, 0.3, array.shape)
            arrays[name] = arrays[name].astype(dtype)
    return w


def images(B=2, resolution=32, seed=0, dtype=np.float32, channels=3):
    return np.random.default_rng(seed).uniform(-1, 1, (B, resolution, resolution, channels)).astype(dtype)
