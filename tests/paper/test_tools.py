"""The tools that people count with: each is run, and must return what `tools` says it returns."""

from __future__ import annotations

import copy
import dataclasses
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


def test_what_a_network_lacks_is_not_added():
    """By hand, for the same network: 32 channels and 256 x 32 elements of batch norm whatever comes after them."""
    layers = mobilenet(alpha=0.25, resolution=32, classes=10, blocks=[(64, 1)])
    mult_adds = 256 * (27 * 8 + 9 * 8 + 8 * 16)
    with_batch_norm = {"batch-norm elements": 256 * 32, "batch-norm channels": 32, "ReLU elements": 256 * 32}
    nothing = dict.fromkeys(["classes, for the bias", "classes, for softmax"], 0)
    for part, pool in ((layers[:-1], 256 * 16), (layers[:-2], 0)):  # a pool and no classifier; convolutions only
        sizes = tools.sizes(part)
        assert sizes == with_batch_norm | {"pool inputs": pool, "pool outputs": 16 if pool else 0} | nothing
        keras = mult_adds * 2 + 2 * 256 * 32 + 6 * 32 + pool
        expected = {
            "torchinfo": mult_adds + 2 * 32,
            "ptflops (aten backend)": mult_adds,
            "ptflops (module hooks)": mult_adds + 4 * 256 * 32 + 2 * pool,
            "thop": mult_adds + 4 * 256 * 32 + pool + (16 if pool else 0),
            "tf.profiler on Keras MobileNet": keras,
        }
        assert {name: tools.total(part, BY_TOOL[name]) for name in expected} == expected
        items = [what for tool in tools.TOOLS for what, _ in tools.bridge(part, tool)]
        assert not [what for what in items if "class" in what or ("pool" in what and not pool)]
    assert tools.sizes([]) == dict.fromkeys(tools.SIZES, 0)
    classifier = tools.sizes(layers[-1:])
    assert {name: size for name, size in classifier.items() if size} == dict.fromkeys(nothing, 10)
    hidden = [layers[-1], dataclasses.replace(layers[-1], M=10, N=7)]  # two biases, one softmax
    assert {name: size for name, size in tools.sizes(hidden).items() if size} == {
        "classes, for the bias": 17,
        "classes, for softmax": 7,
    }


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tools.total(mobilenet(), "thop"), "tool must be a Tool, such as those of tools.TOOLS, but is 'thop'"),
        (lambda: tools.bridge(tools.TOOLS[0], mobilenet()), "tool must be a Tool"),
        (lambda: tools.sizes(3), "layers must be a sequence of Layer, as made by spec.mobilenet, but is 3"),
        (lambda: tools.sizes(["conv1"]), r"layers must be a sequence of Layer, .* but is \['conv1'\]"),
        (lambda: tools.sizes(mobilenet()[0]), "layers must be a sequence of Layer, .* but is Layer"),
        (lambda: tools.Tool("t", "1", "w", 0, per_mult_add=3), "per_mult_add must be 1 or 2, but is 3"),
        (lambda: tools.Tool("t", "1", "w", 0, adds={"loops": 1}), "adds must name only 'batch-norm .* names 'loops'"),
    ],
)
def test_unknown_arguments_get_one_clear_error(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


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


def assert_explained(tool, version, total, layers):
    """Fail by name when a release counts otherwise than the one that is explained."""
    explained = tools.total(layers, tool)
    assert total == explained, (
        f"{tool.name} {version} returns {total:,.0f}; tools.py explains {explained:,}, of release {tool.version}"
    )


@pytest.mark.parametrize("network", NETWORKS, ids=str)
@pytest.mark.parametrize("name", ASKED)
def test_a_tool_returns_what_we_explain(torch, framework, name, network):
    returns_what_we_explain(torch, framework, name, mobilenet(*network))


@pytest.mark.parametrize("end", [-1, -2, -3], ids=["no classifier", "no pool", "no last convolution"])
@pytest.mark.parametrize("name", ASKED)
def test_a_tool_returns_what_we_explain_of_a_part(torch, framework, name, end):
    returns_what_we_explain(torch, framework, name, mobilenet(0.25, 64, 10)[:end])


def returns_what_we_explain(torch, framework, name, layers):
    module, package, ask = ASKED[name]
    tool = framework(module, package)
    model, x = torch_mobilenet(torch, layers), torch.zeros(1, 3, layers[0].D_F, layers[0].D_F)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # theirs, not ours
        total = ask(tool, copy.deepcopy(model), x)  # some leave their counters in the model
    assert_explained(BY_TOOL[name], importlib.metadata.version(package), total, layers)


@pytest.fixture
def tf_profiler(framework):
    """What tf.profiler returns for MobileNet of Keras: a function, and the release of TensorFlow."""
    tf = framework("tensorflow", "tensorflow-cpu")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)

    def total(alpha, resolution, **options):
        shape = (resolution, resolution, 3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = tf.keras.applications.MobileNet(shape, alpha, weights=None, **options)
            called = tf.function(lambda x: model(x, training=False)).get_concrete_function(tf.TensorSpec((1, *shape)))
            options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation() | {"output": "none"}
            return tf.compat.v1.profiler.profile(called.graph, options=options).total_float_ops

    return total, tf.__version__


@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_tf_profiler_returns_what_we_explain(tf_profiler, network):
    total, version = tf_profiler
    alpha, resolution, classes = network
    found = total(alpha, resolution, classes=classes)
    assert_explained(BY_TOOL["tf.profiler on Keras MobileNet"], version, found, mobilenet(*network))


def test_tf_profiler_where_keras_pads_otherwise(tf_profiler):
    """At 200 the sides of Keras are 100, 50, 25, 12, 6, and those of "same" 100, 50, 25, 13, 7."""
    total, version = tf_profiler
    layers = mobilenet(0.25, 200, padding="keras")
    assert sum(map(cost.mult_adds, layers)) == 31_267_872
    assert sum(map(cost.mult_adds, mobilenet(0.25, 200))) == 35_001_952
    found = total(0.25, 200)
    assert found == 64_535_824
    assert_explained(BY_TOOL["tf.profiler on Keras MobileNet"], version, found, layers)


@pytest.mark.parametrize(("pooling", "end"), [("avg", -1), (None, -2)])
def test_tf_profiler_returns_what_we_explain_of_a_part(tf_profiler, pooling, end):
    total, version = tf_profiler
    found = total(0.25, 64, include_top=False, pooling=pooling)
    assert_explained(BY_TOOL["tf.profiler on Keras MobileNet"], version, found, mobilenet(0.25, 64)[:end])


def test_every_tool_is_run():
    assert {*ASKED, "tf.profiler on Keras MobileNet"} == set(BY_TOOL)


def test_a_changed_tool_is_named():
    with pytest.raises(
        AssertionError, match=r"thop 9\.9 returns 7; tools\.py explains 588,962,304, of release 0\.1\.1"
    ):
        assert_explained(BY_TOOL["thop"], "9.9", 7, mobilenet())
