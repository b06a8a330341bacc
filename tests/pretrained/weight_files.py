"""Files as other frameworks write them, made from our weights: for tests that do not have those frameworks.

The layouts are typed out here once more, apart from `npmobile.pretrained`; that the frameworks really write them is
tested with the frameworks, in test_frameworks.py.
"""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO

import networks
import numpy as np

import npmobile as nm

ALPHA, CLASSES = 0.05, 7
LAYERS = nm.mobilenet(ALPHA, classes=CLASSES)
KERAS_ORDER = [
    f"{name}:0" for name in ("kernel", "depthwise_kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance")
]
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)  # of the 13 blocks


def trained(layers=LAYERS, seed=0) -> nm.weights.Weights:
    return networks.trained(layers, seed)


def write_npz(path, w) -> None:
    with open(path, "wb") as file:  # numpy.savez would add an ending, and weights.save refuse what some tests write
        np.savez(file, **{f"{layer}/{name}": array for layer, arrays in w.items() for name, array in arrays.items()})


# Keras


def keras_arrays(w) -> dict[str, np.ndarray]:
    """As the published files name them: conv_dw_1_bn/conv_dw_1_bn/moving_mean:0."""
    names = {"mean": "moving_mean", "var": "moving_variance"}
    found = {}
    for layer, arrays in w.items():
        for name, array in arrays.items():
            group = "conv_preds" if layer == "fc" else layer if name == "kernel" else f"{layer}_bn"
            if name == "kernel" and layer.startswith("conv_dw"):
                found[f"{group}/{group}/depthwise_kernel:0"] = array[..., np.newaxis]
            elif name == "kernel" and array.ndim == 2:
                found[f"{group}/{group}/kernel:0"] = array[np.newaxis, np.newaxis]
            else:
                found[f"{group}/{group}/{names.get(name, name)}:0"] = array
    return found


def keras_3_arrays(w) -> dict[str, np.ndarray]:
    """As Keras 3 names them in .weights.h5 and .keras: layers/batch_normalization_1/vars/2."""
    numbered = {"conv1": 0, "fc": 14} | {f"conv_pw_{n}": n for n in range(1, 14)}
    found = {}
    for name, array in keras_arrays(w).items():
        group, _, array_name = name.removesuffix(":0").split("/")
        layer = group.removesuffix("_bn").replace("conv_preds", "fc")
        if group.endswith("_bn"):
            number = 0 if layer == "conv1" else 2 * int(layer[8:]) - layer.startswith("conv_dw")
            kind, index = "batch_normalization", ("gamma", "beta", "moving_mean", "moving_variance").index(array_name)
        elif layer.startswith("conv_dw"):
            kind, number, index = "depthwise_conv2d", int(layer[8:]) - 1, 0
        else:
            kind, number, index = "conv2d", numbered[layer], int(array_name == "bias")
        found[f"layers/{kind}_{number}/vars/{index}" if number else f"layers/{kind}/vars/{index}"] = array
    return found


def write_hdf5(path, arrays, prefix="", config=None) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[prefix + name] = array
        if config is not None:
            file.attrs["model_config"] = config if isinstance(config, str | bytes) else json.dumps(config)


def write_keras(path, w) -> None:
    """As the published files."""
    write_hdf5(path, keras_arrays(w))


def write_whole_h5(path, w, config=None) -> None:
    """A whole model as .h5, with its optimizer's arrays."""
    import h5py

    arrays = {f"model_weights/{name}": array for name, array in keras_arrays(w).items()}
    arrays["optimizer_weights/adam/m"] = np.ones(3, np.float32)
    config = keras_config() if config is None else config
    write_hdf5(path, arrays, config=config)
    with h5py.File(path, "a") as file:  # what Keras itself goes by
        names = [name for kind, name, _ in rows_of(config) if "Conv" in kind or "Norm" in kind]
        file["model_weights"].attrs["layer_names"] = [name.encode() for name in names]
        for name in names:
            group = file["model_weights"].get(name, {})
            order = sorted(group.get(name, {}), key=KERAS_ORDER.index)
            if order:
                group.attrs["weight_names"] = [f"{name}/{array}".encode() for array in order]


def write_whole_keras(path, w, config=None) -> None:
    """A whole model as .keras, with its optimizer's arrays."""
    packed = BytesIO()
    write_hdf5(packed, keras_3_arrays(w) | {"optimizer/vars/0": np.ones(3, np.float32)})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr("config.json", json.dumps(keras_config(keras=3) if config is None else config))
        archive.writestr("model.weights.h5", packed.getvalue())


def rows_of(config) -> list[tuple[str, str, dict]]:
    """The layers of a config as (class, name, settings)."""
    return [(row["class_name"], row["config"]["name"], row["config"]) for row in config["config"]["layers"]]


def keras_config(keras=2, side=96, layers=LAYERS, top=True, pad_conv1=False) -> dict:
    """The config of keras.applications.MobileNet as Keras 2 or 3 writes it; a list of layers to be changed by tests."""
    filters = {layer.name: layer.N for layer in layers}
    rows = [("InputLayer", "input", {"batch_shape" if keras == 3 else "batch_input_shape": [None, side, side, 3]})]
    plain = {"data_format": "channels_last", "dilation_rate": [1, 1], "activation": "linear"}

    def convolve(name, kind, D_K, stride, padding, **more):
        sizes = {"kernel_size": [D_K, D_K], "strides": [stride, stride], "padding": padding, "use_bias": False}
        if kind == "Conv2D":
            sizes |= {"filters": filters["fc" if name == "conv_preds" else name], "groups": 1}
        rows.append((kind, name, plain | sizes | more))

    def normalise(name):
        axis = -1 if keras == 3 else [3]
        settings = {"axis": axis, "momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True}
        rows.append(("BatchNormalization", f"{name}_bn", settings))
        rows.append(("ReLU", f"{name}_relu", {"max_value": 6.0, "negative_slope": 0.0, "threshold": 0.0}))

    def pad(name):
        rows.append(("ZeroPadding2D", name, {"padding": [[0, 1], [0, 1]], "data_format": "channels_last"}))

    if pad_conv1:
        pad("conv1_pad")
    convolve("conv1", "Conv2D", 3, 2, "valid" if pad_conv1 else "same")
    normalise("conv1")
    for block, stride in enumerate(STRIDES, start=1):
        if stride == 2:
            pad(f"conv_pad_{block}")
        padding = "valid" if stride == 2 else "same"
        convolve(f"conv_dw_{block}", "DepthwiseConv2D", 3, stride, padding, depth_multiplier=1)
        normalise(f"conv_dw_{block}")
        convolve(f"conv_pw_{block}", "Conv2D", 1, 1, "same")
        normalise(f"conv_pw_{block}")
    if top:
        rows.append(("GlobalAveragePooling2D", "pool", {"data_format": "channels_last", "keepdims": True}))
        rows.append(("Dropout", "dropout", {"rate": 0.001}))
        convolve("conv_preds", "Conv2D", 1, 1, "same", use_bias=True)
        rows.append(("Reshape", "reshape_2", {"target_shape": [filters["fc"]]}))
        rows.append(("Activation", "predictions", {"activation": "softmax"}))
    return model_config(rows, keras)


def model_config(rows, keras=2) -> dict:
    """A functional model of layers (class, name, settings), each following the one before."""
    layers, before = [], None
    for kind, name, settings in rows:
        layer = {"class_name": kind, "name": name, "config": {"name": name, "dtype": "float32"} | settings}
        history = {"class_name": "__keras_tensor__", "config": {"keras_history": [before, 0, 0]}}
        if keras == 3:
            layer |= {"module": "keras.layers", "registered_name": None}
            layer["inbound_nodes"] = [{"args": [history], "kwargs": {}}] if before else []
        else:
            layer["inbound_nodes"] = [[[before, 0, 0, {}]]] if before else []
        layers.append(layer)
        before = name
    ends = {"input_layers": [rows[0][1] if rows else None, 0, 0], "output_layers": [before, 0, 0]}
    ends = ends if keras == 3 else {key: [end] for key, end in ends.items()}
    return {"class_name": "Functional", "config": {"name": "net", "layers": layers} | ends}


# Hugging Face


def hugging_face_arrays(w, prefix="mobilenet_v1.") -> dict[str, np.ndarray]:
    """As MobileNetV1ForImageClassification: mobilenet_v1.layer.0.normalization.running_mean."""
    names = {"gamma": "weight", "beta": "bias", "mean": "running_mean", "var": "running_var"}
    arrays = {}
    for layer, ours in w.items():
        if layer == "fc":
            arrays |= {"classifier.weight": ours["kernel"].T.copy(), "classifier.bias": ours["bias"]}
            continue
        block = re.search(r"\d+", layer.removeprefix("conv1"))
        place = f"layer.{2 * int(block[0]) - 2 + layer.startswith('conv_pw')}" if block else "conv_stem"
        kernel = ours["kernel"]
        if layer.startswith("conv_dw"):
            kernel = kernel.transpose(2, 0, 1)[:, np.newaxis]
        elif layer.startswith("conv_pw"):
            kernel = kernel.T[..., np.newaxis, np.newaxis]
        else:
            kernel = kernel.transpose(3, 2, 0, 1)
        arrays[f"{prefix}{place}.convolution.weight"] = kernel.copy()
        for name in ours.keys() - {"kernel"}:
            arrays[f"{prefix}{place}.normalization.{names[name]}"] = ours[name]
        arrays[f"{prefix}{place}.normalization.num_batches_tracked"] = np.array(0)
    return arrays


def write_hugging_face(path, w) -> None:
    write_safetensors(path, hugging_face_arrays(w))


def write_safetensors(path, arrays) -> None:
    from safetensors.numpy import save_file

    save_file(arrays, path)


# PyTorch's names by timm, and in one nn.Sequential


def renamed(w, names, fc) -> dict[str, np.ndarray]:
    """The arrays of `hugging_face_arrays` under other names: of each layer that of its convolution and its norm."""
    arrays = {}
    for name, array in hugging_face_arrays(w, prefix="").items():
        place, _, rest = name.rpartition(".")
        if place == "classifier":
            arrays[f"{fc}.{rest}"] = array
            continue
        layer, kind = place.rsplit(".", 1)
        convolution, norm = names[0 if layer == "conv_stem" else int(layer.removeprefix("layer.")) + 1]
        arrays[f"{convolution if kind == 'convolution' else norm}.{rest}"] = array
    return arrays


def timm_arrays(w, prefix="") -> dict[str, np.ndarray]:
    """As timm's mobilenetv1_100: blocks.3.5.conv_pw.weight, blocks.3.5.bn2.running_var."""
    places = ["0.0", "1.0", "1.1", "2.0", "2.1", "3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "4.0", "4.1"]
    names = [(f"{prefix}conv_stem", f"{prefix}bn1")]
    for place in places:
        names.append((f"{prefix}blocks.{place}.conv_dw", f"{prefix}blocks.{place}.bn1"))
        names.append((f"{prefix}blocks.{place}.conv_pw", f"{prefix}blocks.{place}.bn2"))
    return renamed(w, names, f"{prefix}classifier")


def sequential_arrays(w, prefix="", container="model.", fc="fc") -> dict[str, np.ndarray]:
    """As the programs with conv_bn and conv_dw: model.13.3.weight, model.13.4.running_var."""
    names = [(f"{prefix}{container}0.0", f"{prefix}{container}0.1")]
    for n in range(1, 14):
        names += [(f"{prefix}{container}{n}.{i}", f"{prefix}{container}{n}.{i + 1}") for i in (0, 3)]
    return renamed(w, names, f"{prefix}{fc}")


def write_timm(path, w) -> None:
    write_safetensors(path, timm_arrays(w))


def write_sequential(path, w) -> None:
    write_safetensors(path, sequential_arrays(w))


def write_bfloat16(path, w) -> None:
    """timm's names, in bfloat16: the upper 16 bits of each float32."""
    pieces, header, offset = [], {}, 0
    for name, array in timm_arrays(w).items():
        if array.dtype != np.float32:
            continue
        content = (array.view(np.uint32) >> 16).astype("<u2").tobytes()
        header[name] = {"dtype": "BF16", "shape": array.shape, "data_offsets": [offset, offset + len(content)]}
        offset += len(content)
        pieces.append(content)
    text = json.dumps(header).encode()
    path.write_bytes(b"".join([len(text).to_bytes(8, "little"), text, *pieces]))


# Keras networks that somebody trained further


def tuned_config(keras=3, side=96, nested=True, activation="softmax", before=(), units=CLASSES, layers=LAYERS) -> dict:
    """The config of a network built on MobileNet: perhaps layers that scale, the body, the pool, Dropout and Dense."""
    body = rows_of(keras_config(keras, side=side, layers=layers, top=False))
    inputs, body = body[0], body[1:]
    dense = {"units": units, "activation": activation, "use_bias": True}
    head = [
        ("GlobalAveragePooling2D", "global_average_pooling2d", {"data_format": "channels_last", "keepdims": False}),
        ("Dropout", "dropout", {"rate": 0.2}),
        ("Dense", "dense", dense),
    ]
    if not nested:
        return model_config([inputs, *before, *body, *head], keras)
    config = model_config([inputs, *before, ("Functional", "mobilenet", {}), *head], keras)
    inner = model_config([inputs, *body], keras)["config"]
    row = next(row for row in config["config"]["layers"] if row["config"]["name"] == "mobilenet")
    row["config"] = inner | {"name": "mobilenet"}
    if keras == 3:
        row |= {"module": "keras.src.models.functional", "registered_name": "Functional"}
    return config


def tuned_keras_3_arrays(w, nested=True) -> dict[str, np.ndarray]:
    body = keras_3_arrays({layer: arrays for layer, arrays in w.items() if layer != "fc"})
    place = "layers/functional/" if nested else ""
    head = {"layers/dense/vars/0": w["fc"]["kernel"], "layers/dense/vars/1": w["fc"]["bias"]}
    return {f"{place}{name}": array for name, array in body.items()} | head


def tuned_h5_arrays(w, nested=True) -> dict[str, np.ndarray]:
    """In a whole model as .h5 the layers of a nested model are not named twice: mobilenet/conv1/kernel:0."""
    body = keras_arrays({layer: arrays for layer, arrays in w.items() if layer != "fc"})
    body = {f"mobilenet/{name.split('/', 1)[1]}": array for name, array in body.items()} if nested else body
    head = {f"dense/dense/{name}:0": w["fc"][name] for name in ("kernel", "bias")}
    return {f"model_weights/{name}": array for name, array in (body | head).items()}


def write_tuned_keras(path, w, config=None, nested=True) -> None:
    packed = BytesIO()
    write_hdf5(packed, tuned_keras_3_arrays(w, nested) | {"optimizer/vars/0": np.ones(3, np.float32)})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr("config.json", json.dumps(tuned_config(3, nested=nested) if config is None else config))
        archive.writestr("model.weights.h5", packed.getvalue())


def write_tuned_h5(path, w, config=None, nested=True) -> None:
    write_hdf5(path, tuned_h5_arrays(w, nested), config=tuned_config(2, nested=nested) if config is None else config)


WRITERS = {
    "npz": write_npz,
    "h5": write_keras,
    "whole h5": write_whole_h5,
    "keras": write_whole_keras,
    "safetensors": write_hugging_face,
    "timm": write_timm,
    "sequential": write_sequential,
    "tuned keras": write_tuned_keras,
    "tuned h5": write_tuned_h5,
}
