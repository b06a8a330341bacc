"""Files as other frameworks write them, made from our weights: for tests that do not have those frameworks.

The layouts are typed out here once more, apart from `npmobile.formats`; that the frameworks really write them is
tested with the frameworks, in test_trained_frameworks.py.
"""

from __future__ import annotations

import networks
import numpy as np

import npmobile as nm

ALPHA, CLASSES = 0.05, 7
LAYERS = nm.mobilenet(ALPHA, classes=CLASSES)


def trained(layers=LAYERS, seed=0) -> nm.weights.Weights:
    return networks.trained(layers, seed)


def write_npz(path, w) -> None:
    with open(path, "wb") as file:  # numpy.savez would add an ending, and weights.save refuse what some tests write
        np.savez(file, **{f"{layer}/{name}": array for layer, arrays in w.items() for name, array in arrays.items()})


def write_keras(path, w) -> None:
    """As the published files: conv_dw_1_bn/conv_dw_1_bn/moving_mean:0."""
    import h5py

    names = {"mean": "moving_mean", "var": "moving_variance"}
    with h5py.File(path, "w") as file:
        for layer, arrays in w.items():
            for name, array in arrays.items():
                group = "conv_preds" if layer == "fc" else layer if name == "kernel" else f"{layer}_bn"
                if name == "kernel" and layer.startswith("conv_dw"):
                    file[f"{group}/{group}/depthwise_kernel:0"] = array[..., np.newaxis]
                elif name == "kernel" and array.ndim == 2:
                    file[f"{group}/{group}/kernel:0"] = array[np.newaxis, np.newaxis]
                else:
                    file[f"{group}/{group}/{names.get(name, name)}:0"] = array


def write_hugging_face(path, w) -> None:
    """As MobileNetV1ForImageClassification: mobilenet_v1.layer.0.normalization.running_mean."""
    from safetensors.numpy import save_file

    names = {"gamma": "weight", "beta": "bias", "mean": "running_mean", "var": "running_var"}
    arrays, number = {}, -1
    for layer, ours in w.items():
        block = "mobilenet_v1.conv_stem" if layer == "conv1" else f"mobilenet_v1.layer.{number}"
        number += 1
        if layer == "fc":
            arrays |= {"classifier.weight": ours["kernel"].T.copy(), "classifier.bias": ours["bias"]}
            continue
        kernel = ours["kernel"]
        if layer.startswith("conv_dw"):
            kernel = kernel.transpose(2, 0, 1)[:, np.newaxis]
        elif layer.startswith("conv_pw"):
            kernel = kernel.T[..., np.newaxis, np.newaxis]
        else:
            kernel = kernel.transpose(3, 2, 0, 1)
        arrays[f"{block}.convolution.weight"] = kernel.copy()
        arrays |= {f"{block}.normalization.{names[name]}": array for name, array in ours.items() if name != "kernel"}
        arrays[f"{block}.normalization.num_batches_tracked"] = np.array(0)
    save_file(arrays, path)


WRITERS = {"npz": write_npz, "h5": write_keras, "safetensors": write_hugging_face}
