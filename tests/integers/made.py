"""Small networks of random integers for tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import npmobile as nm
from npmobile.integers import IntegerLayer, IntegerModel, Quantisation
from npmobile.weights import shapes

LAYERS = nm.mobilenet(alpha=0.25, resolution=32, classes=10)
PROBABILITIES = {"uint8": Quantisation(1 / 256, 0), "int8": Quantisation(1 / 256, -128, "int8")}


def integer_layer(layer, dtype="uint8", seed=0, x=None, y=None, spread=40) -> IntegerLayer:
    """One layer whose outputs take many of their 256 values; per channel for int8."""
    rng = np.random.default_rng([seed, layer.M, layer.N, layer.D_F])
    zero = 0 if dtype == "uint8" else -128
    x = x or Quantisation(0.0235, zero, dtype)
    if layer.kind == "pool":
        return IntegerLayer(layer, x, x)
    y = y or Quantisation(0.0235, zero, dtype)
    wanted = shapes([layer], folded=True)[layer.name]
    fan_in = np.prod(wanted["kernel"]) / layer.N
    scale = 2.0 / (spread * np.sqrt(fan_in)) * rng.uniform(0.4, 1.6, layer.N if dtype == "int8" else ())
    middle = 128 if dtype == "uint8" else 0
    kernel = np.clip(rng.normal(middle + spread / 8, spread, wanted["kernel"]), middle - 127, middle + 127)
    w = Quantisation(scale, middle, dtype)
    bias = rng.integers(-500, 500, layer.N).astype(np.int32)
    return IntegerLayer(layer, x, y, np.rint(kernel).astype(dtype), w, bias)


def integer_model(layers=LAYERS, dtype="uint8", seed=0, **how) -> IntegerModel:
    first = Quantisation(1 / 128, 128) if dtype == "uint8" else Quantisation(1 / 127.5, -1, "int8")
    logits = Quantisation(0.1, np.iinfo(dtype).min + 100, dtype)
    integers = []
    for layer in layers:
        x = integers[-1].y if integers else first
        y = logits if layer.kind == "fully_connected" else None
        integers.append(integer_layer(layer, dtype, seed, x, y))
    last = PROBABILITIES[dtype] if layers[-1].kind == "fully_connected" else integers[-1].y
    probabilities = last if layers[-1].kind == "fully_connected" else None
    return IntegerModel(tuple(integers), first, last, probabilities, **how)


def integer_images(model, B=2, seed=0) -> np.ndarray:
    first, dtype = model.layers[0], model.input.dtype
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max + 1
    return np.random.default_rng(seed).integers(low, high, (B, first.D_F, first.D_F, first.M)).astype(dtype)


def slow(model) -> IntegerModel:
    """The same network, kept from running in float32."""
    other = replace(model)
    vars(other)["_prepared"] = None
    return other
