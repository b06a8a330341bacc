"""The fast way through a whole network: the plain way's answers and counts, from any number of threads."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import npmobile as nm
from npmobile import cost
from npmobile.fast import kernels
from npmobile.fast.plan import Plan


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


def plain_logits(x, layers, w, padding):
    *_, last = nm.forward(x, layers, w, padding=padding)
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
    layers = nm.mobilenet(alpha, resolution, classes=10, **how)
    w, x = as_trained(layers, dtype=dtype), images(B=3, resolution=resolution, dtype=dtype)
    logits, mult_adds = Plan(nm.spec.with_padding(layers, padding), nm.weights.fold(w)).run(x)
    assert logits.dtype == dtype
    expected = plain_logits(x, layers, w, padding)  # batch norm as trained, im2col
    np.testing.assert_allclose(logits, expected, rtol=rounding, atol=rounding * np.abs(expected).max())
    assert mult_adds == executed(layers, B=3)
    assert type(mult_adds) is int


@pytest.mark.parametrize("how", [{}, {"separable": False}, {"blocks": ((64, 2), (32, 1))}])
def test_im2col_matrix_may_be_made_in_bands(monkeypatch, how):
    monkeypatch.setattr(kernels, "BAND", 1)
    layers = nm.mobilenet(0.25, 64, 10, **how)
    w, x = as_trained(layers), images(resolution=64)
    logits, mult_adds = Plan(layers, nm.weights.fold(w)).run(x)
    expected = plain_logits(x, layers, w, "same")
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
    assert mult_adds == executed(layers, B=2)


def test_without_a_classifier_the_features_come_out():
    layers = nm.mobilenet(0.25, 64, 10)
    w, x = as_trained(layers), images(resolution=64)
    features, mult_adds = Plan(layers[:-1], nm.weights.fold(w)).run(x)
    np.testing.assert_allclose(features, plain_logits(x, layers[:-1], w, "same"), rtol=1e-4, atol=1e-5)
    assert features.shape == (2, 256)
    assert mult_adds == executed(layers[:-1], B=2)


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
    workspace, average = model.plan.workspace(), np.empty(256, np.float32)
    for (layer, calls), left_out in zip(workspace.calls, cost.table(model.layers)):
        kept = list(calls)
        whole = workspace.run(images()[0], average)
        calls[:] = [call for call in kept if not call.mult_adds]
        assert workspace.run(images()[0], average) == whole - left_out.mult_adds, layer.name
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


@pytest.mark.parametrize("how", [{}, {"separable": False}])
def test_a_number_beyond_all_bounds_stays_where_it_is(how):
    layers = nm.mobilenet(0.25, 64, 10, **how)
    w, x = as_trained(layers), images(B=1, resolution=64)
    x[0, 31, 63, 0] = np.inf  # at the right, beside the left of the next row
    logits, _ = Plan(layers, nm.weights.fold(w)).run(x)
    expected = plain_logits(x, layers, w, "same")
    assert np.isfinite(expected).all()
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


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


def test_what_does_not_fit_is_named():
    model = nm.random_model(0.25, 32, 10)
    for x, error, message in [
        (images()[0], ValueError, r"x must have the shape \(B, 32, 32, 3\), but has \(32, 32, 3\)"),
        (images()[..., :1], ValueError, r"x must have the shape \(B, 32, 32, 3\), but has \(2, 32, 32, 1\)"),
        (images(resolution=64), ValueError, r"x must have the shape \(B, 32, 32, 3\), but has \(2, 64, 64, 3\)"),
        (images(dtype=np.float64), TypeError, "x is float64 but kernel is float32"),
        (images().astype(np.uint8), TypeError, "x must be float32 or float64, but is uint8"),
    ]:
        with pytest.raises(error, match=message):
            model.predict(x)
    with pytest.raises(ValueError, match="weights have no conv_pw_3, fc"):
        Plan(model.layers, {name: w for name, w in model.folded.items() if name not in ("conv_pw_3", "fc")})
    with pytest.raises(ValueError, match="threads must be an int of at least 1, but is 0"):
        model.predict(images(), threads=0)
