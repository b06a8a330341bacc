"""PyTorch's sequential layout: names, and a network of that layout."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from framework_models import images, randomised, torch_answers
from weight_files import CLASSES, sequential_arrays, trained, write_safetensors

import npmobile as nm
from npmobile.pretrained import sequential


def network(torch, activation, alpha=1.0, classes=10):
    """As it stands in many programs: conv_bn, conv_dw, and a fully connected layer."""
    nn = torch.nn

    def conv_bn(M, N, stride):
        return nn.Sequential(nn.Conv2d(M, N, 3, stride, 1, bias=False), nn.BatchNorm2d(N), activation(inplace=True))

    def conv_dw(M, N, stride):
        return nn.Sequential(
            nn.Conv2d(M, M, 3, stride, 1, groups=M, bias=False),
            nn.BatchNorm2d(M),
            activation(inplace=True),
            nn.Conv2d(M, N, 1, 1, 0, bias=False),
            nn.BatchNorm2d(N),
            activation(inplace=True),
        )

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            sizes = [(32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2)]
            sizes += [(512, 512, 1)] * 5 + [(512, 1024, 2), (1024, 1024, 1)]
            blocks = [conv_dw(int(alpha * M), int(alpha * N), stride) for M, N, stride in sizes]
            self.model = nn.Sequential(conv_bn(3, int(alpha * 32), 2), *blocks, nn.AdaptiveAvgPool2d(1))
            self.fc = nn.Linear(int(alpha * 1024), classes)

        def forward(self, x):
            return self.fc(self.model(x).flatten(1)).softmax(1)

    return Net()


def saved(torch, path, name, alpha, spread, dtype):
    """Such a network in a file, and what it gives."""
    from safetensors.torch import save_file

    activation = {"relu": torch.nn.ReLU, "relu6": torch.nn.ReLU6}[name]
    theirs = randomised(torch, network(torch, activation, alpha), spread).to(dtype)
    with torch.no_grad():
        theirs.fc.weight /= 100 if spread > 1 else 1  # so that the probabilities are not all 0 and 1
    save_file(theirs.state_dict(), path)
    return theirs


@pytest.mark.parametrize(("alpha", "side"), [(1.0, 64), (0.5, 97), (0.25, 224)])
def test_probabilities_are_those_of_a_pytorch_network_of_this_layout(torch, tmp_path, alpha, side):
    theirs = saved(torch, tmp_path / "w.safetensors", "relu", alpha, 0.8, torch.float32)
    x = images(side)
    expected = torch_answers(torch, theirs, x)
    assert expected.max() > 1.05 * expected.mean()
    np.testing.assert_allclose(nm.load(tmp_path / "w.safetensors").at(side).predict(x), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["relu", "relu6"])
def test_relu_is_assumed_and_relu6_can_be_said(torch, tmp_path, name):
    """Such a file does not tell which of them it was trained with. Here numbers are far above 6, in float64."""
    theirs = saved(torch, tmp_path / "w.safetensors", name, 0.25, 1.2, torch.float64)
    ours = nm.load(tmp_path / "w.safetensors").at(64)
    assert ours.activation == "relu"
    models = {"relu": ours, "relu6": replace(ours, activation="relu6")}
    x = images(64).astype(np.float64)
    expected = torch_answers(torch, theirs, x)
    right = models.pop(name)
    np.testing.assert_allclose(right.predict(x), expected, rtol=0, atol=1e-9)
    *_, last = right.forward(x)
    np.testing.assert_allclose(nm.ops.softmax(last.y), expected, rtol=0, atol=1e-9)
    (wrong,) = models.values()
    assert np.abs(wrong.predict(x) - expected).max() > 1e-4


@pytest.mark.parametrize("prefix", ["", "module.", "net.", "_orig_mod."])
@pytest.mark.parametrize("container", ["model.", "features.", "layers.", ""])
@pytest.mark.parametrize("fc", ["fc", "classifier", "linear", "head", "classifier.1"])
def test_prefixes_and_other_names_of_the_sequential_and_the_classifier(tmp_path, prefix, container, fc):
    w = trained()
    write_safetensors(tmp_path / "w", sequential_arrays(w, prefix, container, fc))
    model = nm.load(tmp_path / "w")
    assert model.layers == nm.mobilenet(51 / 1024, classes=CLASSES, padding="symmetric")
    for layer, arrays in w.items():
        for name, array in arrays.items():
            assert np.array_equal(model.weights[layer][name], array)


def test_all_names_of_the_body_are_known():
    names = {name.removeprefix("model.") for name in sequential_arrays(trained()) if "num_batches" not in name}
    assert set(sequential.NAMES) == {name for name in names if not name.startswith("fc")}


def test_a_body_inside_a_network_with_its_own_classifier(tmp_path):
    arrays = sequential_arrays(trained(), "backbone.")
    arrays = {name.replace("backbone.fc", "fc"): array for name, array in arrays.items()}
    write_safetensors(tmp_path / "w", arrays)
    assert nm.load(tmp_path / "w").layers[-1].N == CLASSES


def test_hidden_layers_are_refused_and_the_body_is_given(tmp_path):
    arrays = sequential_arrays(trained(), fc="classifier.3") | {"classifier.0.weight": np.ones((51, 51), np.float32)}
    write_safetensors(tmp_path / "w", arrays)
    with pytest.raises(ValueError, match="it has several layers behind the average pool") as caught:
        nm.load(tmp_path / "w")
    assert str(caught.value).endswith("load(path, features=True) gives the body alone")
    assert "classifier.0.weight; classifier.3.bias; classifier.3.weight" in str(caught.value)
    assert nm.load(tmp_path / "w", features=True).layers[-1].name == "pool"


def test_what_stands_inside_the_body_is_refused_even_where_only_features_are_wanted(tmp_path):
    arrays = sequential_arrays(trained()) | {"model.5.6.fc1.weight": np.ones((2, 2), np.float32)}
    write_safetensors(tmp_path / "w", arrays)
    with pytest.raises(ValueError, match=r"it holds more than a MobileNet v1: model\.5\.6\.fc1\.weight is not wanted"):
        nm.load(tmp_path / "w", features=True)
