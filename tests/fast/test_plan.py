"""A planned run gives the answers, counts and refusals of `network.predict`, from any number of threads."""

from __future__ import annotations

import copy
import pickle
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import numpy as np
import pytest
from counting_arrays import Numbers
from hypothesis import given, settings
from hypothesis import strategies as st

import npmobile as nm
from npmobile import cost
from npmobile.fast import kernels, workspace
from npmobile.fast import plan as plans
from npmobile.fast.plan import Plan
from npmobile.spec import Layer


def images(B=2, resolution=32, seed=0, dtype=np.float32):
    return np.random.default_rng(seed).uniform(-1, 1, (B, resolution, resolution, 3)).astype(dtype)


def as_trained(layers, seed=0, dtype=np.float32):
    """Random weights whose batch norm is no other's, so that a forgotten one shows."""
    rng = np.random.default_rng(seed)
    w = nm.weights.init(layers, seed)
    for arrays in w.values():
        for name in arrays:
            if name in ("gamma", "var"):
                arrays[name] = rng.uniform(0.5, 1.5, arrays[name].shape)
            elif name != "kernel":
                arrays[name] = rng.normal(0, 0.3, arrays[name].shape)
            arrays[name] = arrays[name].astype(dtype)
    return w


def plain_logits(x, layers, w):
    *_, last = nm.forward(x, layers, w)
    return last.y


def executed(layers, B):
    return B * cost.total(cost.table(layers)).mult_adds


@pytest.mark.parametrize("padding", ["same", "symmetric"])
@pytest.mark.parametrize(("dtype", "rounding"), [(np.float32, 1e-4), (np.float64, 1e-11)])
@pytest.mark.parametrize(
    ("alpha", "resolution", "how"),
    [
        (0.25, 32, {}),
        (0.5, 97, {}),  # odd sides: the zeros of "same" stand elsewhere
        (1.3, 64, {}),
        (0.25, 64, {"separable": False}),
        (0.25, 32, {"blocks": ()}),
        (0.25, 64, {"blocks": ((64, 3), (32, 1), (48, 4))}),
    ],
)
def test_planned_run_is_the_plain_one(alpha, resolution, how, dtype, rounding, padding):
    layers = nm.mobilenet(alpha, resolution, classes=10, padding=padding, **how)
    w, x = as_trained(layers, dtype=dtype), images(B=3, resolution=resolution, dtype=dtype)
    logits, mult_adds = Plan(layers, nm.weights.fold(w)).run(x)
    assert logits.dtype == dtype
    expected = plain_logits(x, layers, w)  # batch norm as trained, im2col
    np.testing.assert_allclose(logits, expected, rtol=rounding, atol=rounding * np.abs(expected).max())
    assert mult_adds == executed(layers, B=3)
    assert type(mult_adds) is int


@pytest.mark.parametrize("how", [{}, {"separable": False}, {"blocks": ((64, 2), (32, 1))}])
def test_im2col_matrix_may_be_made_in_bands(monkeypatch, how):
    monkeypatch.setattr(kernels, "BAND", 1)
    layers = nm.mobilenet(0.25, 64, 10, **how)
    w, x = as_trained(layers), images(resolution=64)
    logits, mult_adds = Plan(layers, nm.weights.fold(w)).run(x)
    expected = plain_logits(x, layers, w)
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
    assert mult_adds == executed(layers, B=2)


@st.composite
def networks(draw):
    """Layers of any kinds in any order, each reading what the one before gives; then a pool and a classifier, or not."""
    D, M = draw(st.integers(1, 20)), draw(st.integers(1, 4))
    layers = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["standard", "depthwise", "pointwise"]))
        D_K, stride, padding = 1, 1, "same"
        if kind != "pointwise":
            padding = draw(st.sampled_from(["same", "symmetric", "valid", "keras"]))
            D_K = 3 if padding == "keras" else draw(st.integers(1, min(D, 5) if padding == "valid" else 5))
            stride = draw(st.sampled_from([1, 2] if padding == "keras" else [1, 2, 3, 4, 10**6]))
            stride = min(stride, D) if padding == "keras" else stride
        N = M if kind == "depthwise" else draw(st.sampled_from([1, 2, 3, 16, 33]))
        layers.append(Layer(f"conv_{number}", kind, D_K, stride, M, N, D, padding))
        D, M = layers[-1].D_G, N
    end = (Layer("pool", "pool", D, 1, M, M, D), Layer("fc", "fully_connected", 1, 1, M, 7, 1))
    return *layers, *end[: draw(st.integers(0, 2))]


def folded_weights(layers, seed, dtype, odd=0.0):
    """Random folded weights; a share of them, `odd`, is NaN or infinite."""
    rng = np.random.default_rng(seed)
    w = nm.weights.fold(nm.weights.init(layers, seed))
    for arrays in w.values():
        arrays["bias"] = rng.normal(0, 1, arrays["bias"].shape)
        for name in arrays:
            arrays[name] = with_odd(arrays[name].astype(dtype), rng, odd)
    return w


def with_odd(array, rng, share):
    return np.where(rng.random(array.shape) < share, rng.choice([np.nan, np.inf, -np.inf], array.shape), array).astype(
        array.dtype
    )


@given(networks(), st.sampled_from([0, 1, 2, 5]), st.sampled_from([np.float32, np.float64]), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=200)
def test_whatever_forward_runs_a_plan_runs(layers, B, dtype, seed):
    x = np.random.default_rng(seed).normal(0, 2, (B, layers[0].D_F, layers[0].D_F, layers[0].M)).astype(dtype)
    check_like_forward(x, layers, folded_weights(layers, seed, dtype))


@given(networks(), st.sampled_from([0.01, 0.1, 0.5]), st.sampled_from([0, 0.01, 0.2]), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=200)
def test_what_is_not_finite_is_so_at_the_same_places(layers, in_image, in_weights, seed):
    rng = np.random.default_rng(seed)
    x = with_odd(rng.normal(0, 2, (5, layers[0].D_F, layers[0].D_F, layers[0].M)), rng, in_image)
    check_like_forward(x, layers, folded_weights(layers, seed, np.float64, in_weights))


def check_like_forward(x, layers, w):
    *_, last = steps = list(nm.forward(x, layers, w))
    rounding = 1e-4 if x.dtype == np.float32 else 1e-11
    largest = np.abs(last.y[np.isfinite(last.y)]).max(initial=1)
    plan = Plan(layers, w)
    for large, threads in [(plans.LARGE, 1), (plans.LARGE, 2), (workspace.GROUP, 1)]:
        with mock.patch.object(plans, "LARGE", large):
            y, mult_adds = plan.run(x, threads)
        assert (y.shape, y.dtype) == (last.y.shape, last.y.dtype)
        np.testing.assert_allclose(y, last.y, rtol=rounding, atol=rounding * largest)
        assert mult_adds == sum(step.mult_adds for step in steps)


@pytest.mark.parametrize("activation", ["relu6", "relu"])
@pytest.mark.parametrize("how", [{}, {"separable": False}, {"padding": "symmetric"}])
def test_a_large_batch_goes_through_the_last_layers_in_groups(how, activation):
    layers = nm.mobilenet(0.25, 64, 10, **how)
    w, x = as_trained(layers), images(B=plans.LARGE + 1, resolution=64)
    plan = Plan(layers, nm.weights.fold(w), activation)
    *_, (_, expected, _) = nm.forward(x, layers, w, activation=activation)
    answers = []
    for threads in (1, 3):
        logits, mult_adds = plan.run(x, threads)
        np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
        assert mult_adds == executed(layers, B=len(x))
        answers.append(logits)
    assert np.array_equal(*answers)  # how many threads there are makes no difference
    assert len(plan._idle_groups) > 0


def test_nan_stays_in_its_image_and_its_place():
    layers = nm.mobilenet(0.25, 64)[:-2]  # ends with the last feature map
    w, x = as_trained(layers), images(B=plans.LARGE, resolution=64)
    x[5, 0, 0] = np.nan
    y, _ = Plan(layers, nm.weights.fold(w)).run(x)
    expected = plain_logits(x, layers, w)
    assert np.array_equal(np.isnan(y), np.isnan(expected))
    assert np.isnan(y[5]).any()


SIDES = [*range(32, 51), 97, 100, 131, 225, 299]


@pytest.mark.parametrize("padding", ["same", "symmetric", "valid", "keras"])
@pytest.mark.parametrize("resolution", SIDES)
def test_every_side_and_padding(resolution, padding):
    blocks = nm.BLOCKS[:3] if padding == "valid" else nm.BLOCKS[:7]  # without zeros the sides are soon too small
    layers = nm.mobilenet(0.25, resolution, 10, blocks, padding=padding)
    w, x = as_trained(layers, resolution), images(1, resolution)
    logits, mult_adds = Plan(layers, nm.weights.fold(w)).run(x)
    expected = plain_logits(x, layers, w)
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
    assert mult_adds == executed(layers, B=1)


def test_keras_and_same_differ_at_an_odd_side():
    """Else the test above could pass with the wrong one."""
    layers, x = nm.mobilenet(0.25, 225, 10), images(1, 225)
    folded = nm.weights.fold(as_trained(layers))
    same, keras = (Plan(nm.spec.with_padding(layers, padding), folded).run(x) for padding in ("same", "keras"))
    assert not np.allclose(same[0], keras[0], rtol=1e-2)
    assert keras[1] < same[1]


@pytest.mark.parametrize(("end", "shape"), [(-1, (2, 256)), (-2, (2, 2, 2, 256)), (1, (2, 32, 32, 8)), (0, (2, 10))])
def test_a_network_may_end_anywhere(end, shape):
    layers = nm.mobilenet(0.25, 64, 10)
    layers = layers[: end or None]
    w, x = as_trained(layers), images(resolution=64)
    y, mult_adds = Plan(layers, nm.weights.fold(w)).run(x)
    assert y.shape == shape
    expected = plain_logits(x, layers, w)
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
    assert mult_adds == executed(layers, B=2)
    model = nm.Model(layers, w)
    np.testing.assert_allclose(model.predict(x), nm.predict(x, layers, w), rtol=1e-4, atol=1e-4)


def test_a_network_may_begin_with_a_depthwise_layer_for_one_channel():
    layers = (
        Layer("dw", "depthwise", 3, 2, 1, 1, 5, "keras"),
        Layer("pool", "pool", 2, 1, 1, 1, 2),
    )
    x = np.arange(25, dtype=np.float32).reshape(1, 5, 5, 1)
    kernel = np.zeros((3, 3, 1), np.float32)
    kernel[1, 1] = 0.25
    y, mult_adds = Plan(layers, {"dw": {"kernel": kernel, "bias": np.ones(1, np.float32)}}).run(x)
    # the middles of the four windows are 6, 8, 16, 18; a quarter and 1 more, at most 6: 2.5, 3, 5, 5.5
    assert y.tolist() == [[4.0]]
    assert mult_adds == 4 * 9


def test_model_predicts_what_the_plain_network_does():
    x, labels = nm.digits_test()
    model = nm.digits()
    probabilities = model.predict(x)
    np.testing.assert_allclose(probabilities, nm.predict(x, model.layers, model.weights), rtol=1e-3, atol=1e-6)
    assert (probabilities.argmax(axis=1) == labels).mean() >= 0.97


def test_forward_runs_on_fast_kernels_and_counts():
    layers = nm.mobilenet(0.25, 32, 10)
    w, x = as_trained(layers), images()
    for step, plain in zip(nm.forward(x, layers, w, kernels=nm.fast), nm.forward(x, layers, w), strict=True):
        np.testing.assert_allclose(step.y, plain.y, rtol=1e-4, atol=1e-5)
        assert step.mult_adds == 2 * cost.mult_adds(step.layer)


def test_1_0_224_counts_what_the_paper_prints_and_stays_small():
    model, x = nm.random_model(), images(B=1, resolution=224)
    _ = model.folded
    tracemalloc.start()
    try:
        _, mult_adds = model.plan.run(x)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert mult_adds == 568_740_352
    assert peak < 40e6


def test_a_product_that_is_not_made_is_not_counted():
    model = nm.random_model(0.25, 32, 10)
    workspace, average = model.plan.workspace(), np.empty((1, 256), np.float32)
    for (layer, calls), left_out in zip(workspace.calls, cost.table(model.layers)):
        kept = list(calls)
        whole = workspace.run(images(B=1), average)
        calls[:] = [call for call in kept if not call.mult_adds]
        assert workspace.run(images(B=1), average) == whole - left_out.mult_adds, layer.name
        calls[:] = kept


# Memory that is used again


def test_many_threads_may_ask_one_model():
    model = nm.digits()
    x, _ = nm.digits_test()
    alone = [model.predict(image[np.newaxis]) for image in x[:60]]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda n: model.predict(x[n : n + 1]), list(range(60)) * 5))
    for n, answer in enumerate(together):
        assert np.array_equal(answer, alone[n % 60])


def test_first_questions_may_come_at_once():
    x, _ = nm.digits_test()
    expected = nm.digits().predict(x[:8])
    model = nm.digits()
    with ThreadPoolExecutor(8) as pool:
        for answer in pool.map(model.predict, [x[:8]] * 8):
            assert np.array_equal(answer, expected)


@pytest.mark.parametrize("threads", [1, 2, 3, 50])
def test_batch_may_be_split_over_threads(threads):
    model = nm.digits()
    x, _ = nm.digits_test()
    assert np.array_equal(model.predict(x[:7], threads=threads), model.predict(x[:7]))
    assert model.predict(x[:0], threads=threads).shape == (0, 10)
    assert model.plan.run(x[:7], threads)[1] == executed(model.layers, B=7)


def test_an_answer_stays_when_the_next_is_asked():
    model, x = nm.random_model(0.25, 32, 10), images(B=2)
    first = model.predict(x[:1])
    kept = first.copy()
    assert not np.array_equal(model.predict(x[1:]), kept)
    assert np.array_equal(first, kept)


def test_nothing_is_left_over_from_the_image_before():
    layers = nm.mobilenet(0.25, 64, 10)
    plan, x = Plan(layers, nm.weights.fold(as_trained(layers))), images(B=1, resolution=64)
    expected, _ = plan.run(x)
    logits, _ = plan.run(np.full_like(x, np.nan))
    assert np.isnan(logits).all()
    assert np.array_equal(plan.run(x)[0], expected)


def test_a_thread_more_costs_memory_once():
    layers = nm.mobilenet(0.25, 32, 10)
    plan, x = Plan(layers, nm.weights.fold(as_trained(layers))), images(B=8)
    plan.run(x, threads=4)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(20):
            plan.run(x)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 10_000


def test_a_plan_keeps_copies_of_its_weights():
    layers = nm.mobilenet(0.25, 32, 10)
    folded, x = nm.weights.fold(as_trained(layers)), images()
    plan = Plan(layers, folded)
    expected, _ = Plan(layers, nm.weights.fold(as_trained(layers))).run(x)
    for arrays in folded.values():
        for array in arrays.values():
            array[...] = 0
    assert np.array_equal(plan.run(x)[0], expected)
    assert np.array_equal(plan.run(x)[0], expected)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda plan: pickle.loads(pickle.dumps(plan))])
def test_a_copy_of_a_plan_works_on_memory_of_its_own(copied):
    plan, x = Plan(LAYERS, nm.weights.fold(as_trained(LAYERS))), images(B=3)
    expected, mult_adds = plan.run(x)
    again = copied(plan)
    for each in (again, plan, again):
        y, made = each.run(x, threads=2)
        assert np.array_equal(y, expected)
        assert made == mult_adds
    workspace = copied(plan.workspace())
    assert not np.shares_memory(workspace.memory, plan.workspace().memory)
    y = np.empty((1, 256), np.float32)
    workspace.run(x[:1], y)
    assert np.array_equal(y, Plan(LAYERS[:-1], nm.weights.fold(as_trained(LAYERS))).run(x)[0][:1])


def test_no_warning_gets_out_whatever_the_blas():
    x = images(B=4)
    x[0, 5, 5], x[1, :, 31], x[2] = np.nan, np.inf, 3e38
    folded = nm.weights.fold(as_trained(LAYERS))
    folded["conv_pw_3"]["kernel"][5] = np.inf
    folded["conv_dw_5"]["kernel"][0] = -np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(all="raise"):
            plan = Plan(LAYERS, folded)
            for threads in (1, 3):
                plan.run(x, threads)


def fortran(array):
    return np.asfortranarray(array)


def every_second(array):
    wide = np.zeros((*array.shape, 2), array.dtype)
    wide[..., 0] = array
    return wide[..., 0]


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("arranged", [fortran, every_second, read_only, lambda array: array[::-1].copy()[::-1]])
def test_how_arrays_lie_in_memory_changes_nothing(arranged):
    layers = nm.mobilenet(0.25, 32, 10)
    folded, x = nm.weights.fold(as_trained(layers)), images()
    expected, _ = Plan(layers, folded).run(x)
    again = {layer: {name: arranged(array) for name, array in arrays.items()} for layer, arrays in folded.items()}
    assert np.array_equal(Plan(layers, again).run(arranged(x))[0], expected)


def test_images_may_lie_in_a_file(tmp_path):
    layers, x = nm.mobilenet(0.25, 32, 10), images()
    x.tofile(tmp_path / "images")
    mapped = np.memmap(tmp_path / "images", x.dtype, "r", shape=x.shape)
    plan = Plan(layers, nm.weights.fold(as_trained(layers)))
    assert np.array_equal(plan.run(mapped)[0], plan.run(x)[0])


# What does not fit is refused, as `network.predict` refuses it

LAYERS = nm.mobilenet(0.25, 32, 10)


def changed(layer, name, change):
    folded = nm.weights.fold(as_trained(LAYERS))
    folded[layer][name] = change(folded[layer][name])
    return folded


WEIGHTS = {
    "none": {},
    "a list": [],
    "a layer too few": {name: arrays for name, arrays in changed("fc", "bias", np.copy).items() if name != "conv_pw_3"},
    "conv1 as PyTorch has it": changed("conv1", "kernel", lambda kernel: kernel.transpose(3, 2, 0, 1)),
    "pointwise as PyTorch has it": changed("conv_pw_1", "kernel", lambda kernel: kernel.T),
    "pointwise as a standard kernel": changed("conv_pw_1", "kernel", lambda kernel: kernel[np.newaxis, np.newaxis]),
    "depthwise for one channel": changed("conv_dw_1", "kernel", lambda kernel: kernel[..., :1]),
    "depthwise as TensorFlow has it": changed("conv_dw_1", "kernel", lambda kernel: kernel[..., np.newaxis]),
    "a bias of one number": changed("conv_dw_1", "bias", lambda bias: bias[:1]),
    "a bias that is a number": changed("conv_dw_1", "bias", lambda bias: bias[0]),
    "a classifier turned round": changed("fc", "kernel", lambda kernel: kernel.T),
    "one float64": changed("conv_pw_1", "bias", lambda bias: bias.astype(np.float64)),
    "one of the other byte order": changed("conv_pw_1", "bias", lambda bias: bias.astype(bias.dtype.newbyteorder())),
    "all of the other byte order": {
        layer: {name: array.astype(array.dtype.newbyteorder()) for name, array in arrays.items()}
        for layer, arrays in changed("fc", "bias", np.copy).items()
    },
    "integers": changed("conv_pw_1", "kernel", lambda kernel: kernel.astype(int)),
    "a list of numbers": changed("conv_pw_1", "bias", lambda bias: bias.tolist()),
    "a masked array": changed("conv_pw_1", "bias", np.ma.masked_array),
    "a matrix": changed("conv_pw_1", "kernel", lambda kernel: kernel.view(np.matrix)),
    "gamma beside a bias": changed("conv1", "bias", np.copy) | {"conv1": as_trained(LAYERS)["conv1"] | {"bias": 0}},
    "one layer not folded": changed("fc", "bias", np.copy) | {"conv_dw_2": as_trained(LAYERS)["conv_dw_2"]},
    "None": changed("fc", "kernel", lambda kernel: None),
}


@pytest.mark.parametrize("what", WEIGHTS)
def test_weights_that_do_not_fit_are_refused(what):
    with pytest.raises((ValueError, TypeError)) as expected:
        nm.predict(images(), LAYERS, WEIGHTS[what])
    with pytest.raises((ValueError, TypeError)) as refused:
        Plan(LAYERS, WEIGHTS[what])
    assert (refused.type, str(refused.value)) == (expected.type, str(expected.value))


@pytest.mark.parametrize(
    "layers",
    [
        (),
        LAYERS[1:2] + LAYERS[5:],
        LAYERS[:3] * 2,
        LAYERS[-2:] + LAYERS[:1],
        ["conv1"],
        None,
        LAYERS[:-2] + LAYERS[-1:],
    ],
    ids=["none", "a gap", "the same twice", "pool first", "a name", "None", "no pool"],
)
def test_layers_that_do_not_fit_are_refused(layers):
    folded = nm.weights.fold(as_trained(LAYERS))
    with pytest.raises((ValueError, TypeError)) as expected:
        nm.predict(images(), layers, folded)
    with pytest.raises((ValueError, TypeError)) as refused:
        Plan(layers, folded)
    assert (refused.type, str(refused.value)) == (expected.type, str(expected.value))


X = images()


@pytest.mark.parametrize(
    "x",
    [
        *(X[0], X[..., :1], X[:, :16], images(resolution=64), X.astype(np.float64), X.astype(np.uint8)),
        *(X.astype(">f4"), X.tolist(), None, np.ma.masked_array(X), X[:, :, :0]),
    ],
)
def test_images_that_do_not_fit_are_refused(x):
    folded = nm.weights.fold(as_trained(LAYERS))
    with pytest.raises((ValueError, TypeError)) as expected:
        nm.predict(x, LAYERS, folded)
    with pytest.raises((ValueError, TypeError)) as refused:
        Plan(LAYERS, folded).run(x)
    assert (refused.type, str(refused.value)) == (expected.type, str(expected.value))


def test_what_only_a_plan_refuses():
    folded = nm.weights.fold(as_trained(LAYERS))
    with pytest.raises(ValueError, match=r"a plan needs folded weights, but conv1 has a batch norm: give weights.fold"):
        Plan(LAYERS, as_trained(LAYERS))
    with pytest.raises(ValueError, match="a plan needs at least one convolution, but layers begin with pool"):
        Plan(LAYERS[-2:], folded)
    with pytest.raises(TypeError, match=r"conv1 has weights that count what is done to them: use npmobile\.forward"):
        Plan(LAYERS, folded | {"conv1": {name: Numbers.of(array) for name, array in folded["conv1"].items()}})
    plan = Plan(LAYERS, folded)
    with pytest.raises(TypeError, match="x counts what is done to it, but a plan computes on copies in floats"):
        plan.run(Numbers.of(X))
    for threads in (0, -1, 1.0, True, "2", None):
        with pytest.raises(ValueError, match="threads must be an int of at least 1, but is"):
            plan.run(X, threads)
    assert np.array_equal(plan.run(X, np.uint8(2))[0], plan.run(X)[0])


def test_more_memory_than_there_is_is_refused(monkeypatch):
    layers = (Layer("conv1", "standard", 3, 2, 3, 8, 10**6), Layer("dw", "depthwise", 3, 2, 8, 8, 500_000))
    folded = nm.weights.fold(nm.weights.init(layers))
    with pytest.raises(ValueError, match=r"a workspace for images of 1000000 x 1000000 needs about .* GB of memory"):
        Plan(layers, folded)
    plan = Plan(LAYERS, nm.weights.fold(as_trained(LAYERS)))
    needed = plan.workspace().memory.nbytes + workspace.Group(plan.convolutions, True).last.memory.nbytes
    monkeypatch.setattr(nm.checks, "machine_memory", lambda: 20 * needed)
    plan.run(images(B=100), threads=15)
    with pytest.raises(
        ValueError,
        match=r"a run of 100 images with threads=25 needs about .* GB of memory, more than this machine has",
    ):
        plan.run(images(B=100), threads=1000)
