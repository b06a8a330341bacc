"""The package as a whole: what importing it brings, what it promises by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

import npmobile as nm

PUBLIC = {
    "loops": ["standard_conv", "depthwise_conv", "pointwise_conv"],
    "conv": ["standard_conv", "depthwise_conv", "pointwise_conv", "separable_conv", "im2col"],
    "fast": ["standard_conv", "depthwise_conv", "pointwise_conv"],
    "ops": ["batch_norm", "relu6", "global_average_pool", "fully_connected", "softmax"],
    "spec": ["Layer", "mobilenet", "BLOCKS"],
    "cost": [
        "standard", "depthwise", "pointwise", "separable_ratio", "mult_adds", "parameters",
        "table", "by_kind", "total", "as_text", "as_markdown", "Row",
    ],
    "paper": ["accuracies", "cells", "printed_total", "list_errata", "tally"],
    "weights": ["shapes", "init", "save", "load", "fold"],
    "network": ["forward", "predict", "Step"],
    "model": ["Model", "random_model"],
    "pretrained": ["digits", "digits_test"],
    "plots": ["by_layer", "by_kind", "accuracy", "grid", "guesses", "gallery", "feature_maps", "speedup", "roofline"],
    "interactive": ["stepper", "explorer", "Widget"],
}  # fmt: skip


def test_import_brings_numpy_and_nothing_heavy():
    program = "import sys, npmobile; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "numpy" in loaded
    assert not {"matplotlib", "PIL", "h5py", "safetensors", "pooch", "tqdm", "torch"} & set(loaded)


@pytest.mark.parametrize("module", PUBLIC)
def test_public_names_are_there_and_documented(module):
    for name in PUBLIC[module]:
        assert getattr(getattr(nm, module), name).__doc__


def test_everything_promised_can_be_had():
    assert all(hasattr(nm, name) for name in nm.__all__)
    with pytest.raises(AttributeError, match="module 'npmobile' has no attribute 'convolve'"):
        _ = nm.convolve
