"""The tools that people count with: each is run, and must return what `tools` says of it."""

from __future__ import annotations

import copy
import importlib.metadata
import json
import logging
import warnings

import pytest

from npmobile import cost, mobilenet
from npmobile.paper import tools

NETWORKS = [(1.0, 224, 1000), (0.25, 160, 10)]  # the second shows that an explanation is no fit to one number
BY_TOOL = {tool.name: tool for tool in tools.TOOLS}


def test_the_eight_totals_come_out_exactly(shared):
    measured = json.loads((shared / "paper/counter_totals.json").read_text())
    layers = mobilenet()
    assert sum(cost.mult_adds(layer) for layer in layers) == measured["exact_mult_adds"]
    assert [tool.name for tool in tools.TOOLS] == [tool["tool"] for tool in measured["tools"]]
    for ours, theirs in zip(tools.TOOLS, measured["tools"]):
        assert (ours.word, ours.reported) == (theirs["word"], theirs["total"])
        assert tools.total(layers, ours) == theirs["total"], ours.name


def test_every_bridge_starts_at_our_count_and_skips_nothing():
    for tool in tools.TOOLS:
        (first, start), *items = tools.bridge(mobilenet(), tool)
        assert (first, start) == ("mult-adds", 568_740_352)
        assert start + sum(count for _, count in items) == tool.reported
        assert all(count > 0 for _, count in items)


def test_sizes_are_those_of_the_arrays():
    # counted by hand for a network of one block: 32 x 32 -> 16 x 16 x 8 -> dw 16 x 16 x 8 -> pw 16 x 16 x 16
    layers = mobilenet(alpha=0.25, resolution=32, classes=10, blocks=[(64, 1)])
    assert tools.sizes(layers) == {
        "batch-norm elements": 256 * (8 + 8 + 16),
        "batch-norm channels": 8 + 8 + 16,
        "ReLU elements": 256 * (8 + 8 + 16),
        "pool inputs": 256 * 16,
        "pool outputs": 16,
        "classes, for the bias": 10,
        "classes, for softmax": 10,
    }


# The tools themselves


def torch_mobilenet(torch, layers):
    """MobileNet v1 in PyTorch, with ReLU as in the paper's Figure 3: ptflops' hooks count ReLU twice, ReLU6 once."""
    nn, modules = torch.nn, []
    for layer in layers:
        if layer.kind == "pool":
            modules += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        elif layer.kind == "fully_connected":
            modules += [nn.Linear(layer.M, layer.N)]
        else:
            groups = layer.M if layer.kind == "depthwise" else 1
            modules += [
                nn.Conv2d(layer.M, layer.N, layer.D_K, layer.stride, layer.D_K // 2, groups=groups, bias=False),
                nn.BatchNorm2d(layer.N),
                nn.ReLU(),
            ]
    return nn.Sequential(*modules).eval()


def torchinfo(tool, model, x):
    return tool.summary(model, input_data=x, verbose=0).total_mult_adds


def ptflops(tool, model, x, backend):
    mult_adds, _ = tool.get_model_complexity_info(
        model, tuple(x.shape[1:]), backend=backend, as_strings=False, print_per_layer_stat=False
    )
    return mult_adds


def thop(tool, model, x):
    return tool.profile(model, (x,), verbose=False)[0]


def fvcore(tool, model, x):
    return tool.FlopCountAnalysis(model, x).unsupported_ops_warnings(False).total()


def flop_counter(tool, model, x):
    with tool.FlopCounterMode(display=False) as counter:
        model(x)
    return counter.get_total_flops()


def calflops(tool, model, x):
    flops, _, _ = tool.calculate_flops(
        model, input_shape=tuple(x.shape), output_as_string=False, print_results=False, print_detailed=False
    )
    return flops


ASKED = {  # the tool -> its module, its package, how it is asked
    "torchinfo": ("torchinfo", "torchinfo", torchinfo),
    "ptflops (aten backend)": ("ptflops", "ptflops", lambda *asked: ptflops(*asked, backend="aten")),
    "ptflops (module hooks)": ("ptflops", "ptflops", lambda *asked: ptflops(*asked, backend="pytorch")),
    "thop": ("thop", "thop", thop),
    "fvcore": ("fvcore.nn", "fvcore", fvcore),
    "torch.utils.flop_counter": ("torch.utils.flop_counter", "torch", flop_counter),
    "calflops": ("calflops", "calflops", calflops),
}


def meets(tool, version, total, layers):
    """Fail by name when a release counts otherwise than the one that is explained."""
    explained = tools.total(layers, tool)
    assert total == explained, (
        f"{tool.name} {version} returns {total:,.0f}; tools.py explains {explained:,}, of release {tool.version}"
    )


@pytest.mark.parametrize("network", NETWORKS, ids=str)
@pytest.mark.parametrize("name", ASKED)
def test_a_tool_returns_what_we_explain(torch, framework, name, network):
    module, package, ask = ASKED[name]
    tool = framework(module, package)
    layers = mobilenet(*network)
    model, x = torch_mobilenet(torch, layers), torch.zeros(1, 3, network[1], network[1])
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # theirs, not ours
        total = ask(tool, copy.deepcopy(model), x)  # some leave their counters in the model
    meets(BY_TOOL[name], importlib.metadata.version(package), total, layers)


@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_tf_profiler_returns_what_we_explain(framework, network):
    tf = framework("tensorflow", "tensorflow-cpu")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    alpha, resolution, classes = network
    shape = (resolution, resolution, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = tf.keras.applications.MobileNet(shape, alpha, classes=classes, weights=None)
        called = tf.function(lambda x: model(x, training=False)).get_concrete_function(tf.TensorSpec((1, *shape)))
        options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation() | {"output": "none"}
        total = tf.compat.v1.profiler.profile(called.graph, options=options).total_float_ops
    meets(BY_TOOL["tf.profiler on Keras MobileNet"], tf.__version__, total, mobilenet(*network))


def test_every_tool_is_run():
    assert {*ASKED, "tf.profiler on Keras MobileNet"} == set(BY_TOOL)


def test_a_changed_tool_is_named():
    with pytest.raises(
        AssertionError, match=r"thop 9\.9 returns 7; tools\.py explains 588,962,304, of release 0\.1\.1"
    ):
        meets(BY_TOOL["thop"], "9.9", 7, mobilenet())
