"""What is compared: one function for each group of lines of the headline table."""

from __future__ import annotations

import statistics
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import rivals
from floor import Floor, floor
from measuring import CORES, agree, held_to, on, on_all_cores, on_one_thread
from table import Row, compared, measured

import npmobile as nm
from npmobile import cost, fast, integers
from npmobile.fast.timing import spread


def symmetric(alpha: float = 1.0, resolution: int = 224) -> nm.Model:
    """A random network with PyTorch's padding."""
    model = nm.random_model(alpha, resolution)
    return nm.Model(model.layers, model.weights, padding="symmetric")


def images(B: int, resolution: int = 224) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (B, resolution, resolution, 3)).astype(np.float32)


def products(layers: Sequence[nm.Layer]) -> Callable[[], None]:
    """The matrix products of a network and nothing else: one for each layer but the depthwise ones and the pool."""
    arrays = []
    for layer in layers:
        if layer.kind in ("standard", "pointwise", "fully_connected"):
            rows, inner = layer.D_G**2, layer.D_K**2 * layer.M
            arrays.append([np.ones(s, np.float32) for s in ((rows, inner), (inner, layer.N), (rows, layer.N))])

    def run() -> None:
        for a, b, out in arrays:
            np.matmul(a, b, out=out)

    return run


def one_image(rounds: int) -> list[Row]:
    model, x = symmetric(), images(1)
    functions = {"npmobile": lambda: model.predict(x), **rivals.pytorch(model, x)}
    functions["ONNX Runtime"] = rivals.onnx_runtime(model, x, threads=1)
    functions["LiteRT"] = rivals.litert(model, x)
    agree(functions)
    functions["bare products"] = products(model.layers)
    times = on_one_thread(functions, rounds)
    return [
        compared("one image / PyTorch eager, the faster of its layouts", times, "PyTorch", bar=1.05),
        compared("one image / its bare matrix products", times, "bare", bar=1.25),
        compared("one image / ONNX Runtime", times, "ONNX", bar=1.4),
        compared("one image / LiteRT with XNNPACK", times, "LiteRT"),
    ]


def floors(rounds: int) -> tuple[list[Row], dict[str, Floor]]:
    """Of the largest and of the thinnest network: the fastest image beside the sum of the minima of its NumPy calls."""
    large = floor(symmetric(), images(1), 4 * rounds)  # minima need many rounds where others use the processor too
    thin = floor(symmetric(0.25, 128), images(1, 128), 40 * rounds)
    figures = f"{1e3 * large.whole:.2f} / {1e3 * large.seconds:.2f} ms"
    row = Row(
        "one image above the sum of its NumPy calls' minima, %", figures, 1e2 * (large.whole / large.seconds - 1), bar=5
    )
    return [row], {"1.0-224": large, "0.25-128": thin}


def batch(rounds: int, B: int) -> list[Row]:
    """Ours with a thread of Python on each core and BLAS on one, which is the fastest (see the README on threads)."""
    model, x = symmetric(), images(B)
    functions = {
        f"npmobile, threads={CORES}": on(1, lambda: model.predict(x, threads=CORES)),
        **{name: on(CORES, function) for name, function in rivals.pytorch(model, x).items()},
        "ONNX Runtime": rivals.onnx_runtime(model, x, threads=CORES),
    }
    agree(functions)
    times = on_all_cores(functions, rounds)
    what = f"batch of {B}, {CORES} cores: images a second, to"
    return [
        compared(f"{what} PyTorch eager, the faster of its layouts", times, "PyTorch", ">=", 1.1),
        compared(f"{what} ONNX Runtime", times, "ONNX", ">=", 0.8),
    ]


def growth(rounds: int) -> tuple[Row, list[dict[str, Any]]]:
    """Time a mult-add over the 16 networks, in units of what it takes in 1.0-224.

    The smaller a network, the more images it is given in a row: as many as make the mult-adds of 1.0-224.
    """
    counts, repeats, functions = {}, {}, {}
    for alpha in (1.0, 0.75, 0.5, 0.25):
        for resolution in (224, 192, 160, 128):
            model, x, name = symmetric(alpha, resolution), images(1, resolution), f"{alpha}-{resolution}"
            counts[name] = cost.total(cost.table(model.layers)).mult_adds
            repeats[name] = round(counts["1.0-224"] / counts[name])
            functions[name] = lambda model=model, x=x, n=repeats[name]: [model.predict(x) for _ in range(n)]
    times = on_one_thread(functions, rounds)
    expense = {name: [s / repeats[name] / counts[name] for s in seconds] for name, seconds in times.items()}
    ratios = {name: spread(a / b for a, b in zip(each, expense["1.0-224"])) for name, each in expense.items()}
    seconds = {name: statistics.median(times[name]) / repeats[name] for name in times}
    found = [
        {"network": name, "mult_adds": count, "seconds": seconds[name], "ratio": ratios[name].median}
        for name, count in counts.items()
    ]
    worst = max(ratios, key=lambda name: ratios[name].median)
    figures = f"{worst}: {1e3 * seconds[worst]:.2f} ms; 1.0-224: {1e3 * seconds['1.0-224']:.2f} ms"
    what = "growth of the time a mult-add: most expensive of 16 networks / 1.0-224"
    return Row(what, figures, *measured(ratios[worst], "<=", 2.5)), found


def memory() -> Row:
    """What the first run of a model needs beyond its weights and the image."""
    model, x = symmetric(), images(1)
    _ = model.folded
    tracemalloc.start()
    model.predict(x)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return Row("peak memory beyond weights and input, MB", "", peak, bar=24)


def kernels(rounds: int) -> list[Row]:
    """Two layers by themselves, called as anyone would."""
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(1, 56, 56, 128)).astype(np.float32), rng.normal(size=(3, 3, 128)).astype(np.float32)
    depthwise = {"npmobile": lambda: fast.depthwise_conv(x, kernel)[0], **dict(rivals.depthwise_layer(x, kernel))}
    x32, kernel64 = x[..., :32].copy(), rng.normal(size=(3, 3, 32, 64)).astype(np.float32)
    columns, matrix = nm.conv.im2col(x32, 3).reshape(-1, 288), kernel64.reshape(288, 64)
    out = np.empty((len(columns), 64), np.float32)
    standard = {
        "npmobile": lambda: fast.standard_conv(x32, kernel64)[0],
        "bare product": lambda: np.matmul(columns, matrix, out=out).reshape(1, 56, 56, 64),
    }
    rows = []
    for what, functions, other, bar in (
        ("depthwise_conv 56 x 56 x 128 / PyTorch", depthwise, "PyTorch", 4.0),
        ("standard_conv 3 x 3, 56 x 56, 32 to 64 / its bare product", standard, "bare", 1.5),
    ):
        agree(functions)
        rows.append(compared(what, on_one_thread(functions, rounds), other, bar=bar))
    return rows


def eight_bits(rounds: int) -> list[Row]:
    """The network in int8 beside LiteRT's: with its own optimised kernels, and with XNNPACK."""
    model, x = symmetric(), images(1)
    small = integers.quantise(model, x)
    q = small.input.quantise(x)
    functions = {"npmobile": lambda: small.predict(q), **rivals.litert_integers(small, q)}
    with held_to(1):
        answers = [function().astype(int) for function in functions.values()]
    assert max(abs(other - answers[0]).max() for other in answers[1:]) <= 1  # runtimes round differently
    times = on_one_thread(functions, rounds)
    return [
        compared(f"one image in int8 / {name}", {n: times[n] for n in ("npmobile", name)}, name, bar=bar)
        for name, bar in (("LiteRT, its own kernels", 4.0), ("LiteRT, XNNPACK", None))
    ]
