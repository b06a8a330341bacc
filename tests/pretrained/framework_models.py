"""Other frameworks' networks with random weights through which the image is seen."""

from __future__ import annotations

import warnings

import numpy as np


def images(resolution, B=2):
    return np.random.default_rng(resolution).uniform(-1, 1, (B, resolution, resolution, 3)).astype(np.float32)


def random_keras(keras, alpha, resolution, **how):
    """Keras' MobileNet with random weights through which the image is seen: kernels as He et al. make them."""
    model = keras.applications.MobileNet(alpha=alpha, weights=None, input_shape=(resolution, resolution, 3), **how)
    rng = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            C = layer.gamma.shape[0]
            layer.set_weights(
                [rng.uniform(0.7, 1.5, C), rng.normal(0.3, 0.3, C), rng.normal(0, 0.2, C), rng.uniform(0.5, 1.5, C)]
            )
        elif layer.weights:
            kernel, *bias = layer.get_weights()
            depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
            fan_in = np.prod(kernel.shape[:2]) * (1 if depthwise else kernel.shape[2])
            spread = [rng.normal(0, np.sqrt(2 / fan_in), kernel.shape)]
            layer.set_weights(spread + [rng.normal(0, 0.3, array.shape) for array in bias])
    return model


def saved(model, path) -> None:
    """Save a whole Keras model or its weights, whatever Keras thinks of `.h5`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (model.save_weights if "weights" in path.name else model.save)(path)


def randomised(torch, model, spread=1.0):
    """A PyTorch network, its kernels as He et al. make them and its batch norms as after training; `spread` scales it."""
    torch.manual_seed(0)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, torch.nn.Conv2d):
                torch.nn.init.kaiming_normal_(module.weight)
            if isinstance(module, torch.nn.BatchNorm2d):
                module.weight.uniform_(0.5 * spread, 2 * spread)
                module.bias.uniform_(-0.5, 0.5)
                module.running_mean.uniform_(-0.5, 0.5)
                module.running_var.uniform_(0.5, 2)
    return model.eval()


def torch_answers(torch, model, x):
    """What a PyTorch network gives for images in our layout."""
    with torch.no_grad():
        return model(torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2)))).numpy()
