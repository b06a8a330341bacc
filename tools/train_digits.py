"""Train the small network that ships with npmobile, on the handwritten digits of scikit-learn.

Run it from a checkout, in an environment with the requirements below. It takes about a minute on two cores and
writes two files of `npmobile/data/`: the weights, and the digits that training never saw.

    pip install -e . torch==2.13.0 scikit-learn==1.9.1
    python tools/train_digits.py

The network is MobileNet v1, alpha 0.25, for 32 x 32 x 3 pictures and 10 classes. PyTorch only trains it: its
layers are read from `npmobile.mobilenet`, its padding is TensorFlow's as in `npmobile`, and the accuracy printed
at the end is that of the written file in NumPy.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

import npmobile as nm

DATA = Path(nm.__file__).parent / "data"
LAYERS = nm.mobilenet(alpha=0.25, resolution=32, classes=10)
EPS = 1e-3


class Block(nn.Module):
    """One convolution of the table with its batch norm and ReLU6."""

    def __init__(self, layer: nm.spec.Layer) -> None:
        super().__init__()
        groups = layer.M if layer.kind == "depthwise" else 1
        self.conv = nn.Conv2d(layer.M, layer.N, layer.D_K, layer.stride, groups=groups, bias=False)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")
        self.norm = nn.BatchNorm2d(layer.N, eps=EPS)
        zeros = max((layer.D_G - 1) * layer.stride + layer.D_K - layer.D_F, 0)
        self.padding = (zeros // 2, zeros - zeros // 2) * 2  # left, right, top, bottom

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu6(self.norm(self.conv(F.pad(x, self.padding))))


class Network(nn.Module):
    """The table as a PyTorch module: the convolutions, the pool, the classifier."""

    def __init__(self) -> None:
        super().__init__()
        *body, _, classifier = LAYERS
        self.blocks = nn.ModuleDict({layer.name: Block(layer) for layer in body})
        self.fc = nn.Linear(classifier.M, classifier.N)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.blocks.values():
            x = block(x)
        return self.fc(x.mean(dim=(2, 3)))


def split() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Train and held-out pictures, and their labels: 360 of the 1,797 are held out, as many of each digit."""
    digits = load_digits()
    pictures = digits.images.astype(np.uint8)  # 0 is paper, 16 is ink
    return train_test_split(
        pictures, digits.target.astype(np.uint8), test_size=360, stratify=digits.target, random_state=0
    )


def augment(x: torch.Tensor) -> torch.Tensor:
    """Turn, scale and shift each picture a little, so that the network learns shapes and not places."""
    angle = torch.empty(len(x)).uniform_(-0.2, 0.2)
    scale = torch.empty(len(x)).uniform_(0.85, 1.15)
    shift = torch.empty(len(x), 2, 1).uniform_(-0.12, 0.12)
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], 1).reshape(-1, 2, 2)
    grid = F.affine_grid(torch.cat([scale[:, None, None] * turn, shift], 2), list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def train(pictures: np.ndarray, labels: np.ndarray, epochs: int) -> Network:
    """Train on the training digits alone, for a number of epochs fixed beforehand."""
    x = torch.from_numpy(nm.pretrained.digit_input(pictures)).permute(0, 3, 1, 2)
    y = torch.from_numpy(labels.astype(np.int64))
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.01, weight_decay=0.01)
    batches = len(x) // 64
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.01, total_steps=epochs * batches)
    for epoch in range(epochs):
        network.train()
        losses = []
        for chosen in torch.randperm(len(x))[: batches * 64].split(64):
            loss = F.cross_entropy(network(augment(x[chosen])), y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1:2}: loss {np.mean(losses):.4f}")
    return network.eval()


def to_numpy(network: Network) -> nm.weights.Weights:
    """PyTorch's arrays in npmobile's order: kernels (D_K, D_K, M, N), (D_K, D_K, M) or (M, N)."""
    w: nm.weights.Weights = {}
    for layer in LAYERS[:-2]:
        block = network.blocks[layer.name]
        kernel = block.conv.weight.detach().numpy().transpose(2, 3, 1, 0)  # (N, M, D_K, D_K) -> (D_K, D_K, M, N)
        if layer.kind == "depthwise":
            kernel = kernel[:, :, 0]
        elif layer.kind == "pointwise":
            kernel = kernel[0, 0]
        norm = block.norm
        vectors = {"gamma": norm.weight, "beta": norm.bias, "mean": norm.running_mean, "var": norm.running_var}
        w[layer.name] = {"kernel": kernel} | {name: array.detach().numpy() for name, array in vectors.items()}
    w["fc"] = {"kernel": network.fc.weight.detach().numpy().T, "bias": network.fc.bias.detach().numpy()}
    return {layer: {name: array.astype(np.float16) for name, array in arrays.items()} for layer, arrays in w.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the digits network and write npmobile/data.")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    torch.use_deterministic_algorithms(True)
    train_pictures, test_pictures, train_labels, test_labels = split()
    network = train(train_pictures, train_labels, arguments.epochs)
    nm.weights.save(DATA / "digits_weights.npz", to_numpy(network))
    np.savez_compressed(DATA / "digits_test.npz", pictures=test_pictures, labels=test_labels)
    x, labels = nm.digits_test()
    right = int((nm.digits().predict(x).argmax(axis=1) == labels).sum())
    print(f"held out: {right} of {len(labels)} right ({right / len(labels):.1%})")


if __name__ == "__main__":
    main()
