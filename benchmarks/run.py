"""How fast npmobile is, beside PyTorch eager, ONNX Runtime and bare matrix products: `python benchmarks/run.py`.

Needs `pip install ".[bench]"`. Whatever is compared is measured in turn in one run; a ratio is the median of the
rounds' ratios, so that what else the machine does falls on both sides. Comparisons on one thread read the processor
time of that thread, which leaves out the turns of other programs, and the workers of BLAS that go on spinning for a
while when their work is done; those on several threads read the clock on the wall. Exits 0 whatever the figures:
this is a benchmark, not a test.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import rivals
import torch
from threadpoolctl import ThreadpoolController

import npmobile as nm
from npmobile import cost, fast, plots, tables
from npmobile.fast import timing

EIGHT_BITS = Path(__file__).parents[2] / "shared/weights/tflite/mobilenet_v1_1.0_224_quant_embedding_extractor.tflite"
CORES = os.cpu_count() or 1
THREADS = ThreadpoolController()
FINE = time.get_clock_info("thread_time").resolution < 1e-5  # on Windows it is 16 ms
ONE_THREAD = time.thread_time if FINE else time.perf_counter


@dataclass
class Row:
    """One line of the headline table: a ratio (or megabytes) beside its bar."""

    what: str
    ours: str
    other: str
    value: float
    quartiles: tuple[float, float] | None
    sign: str
    bar: float | None
    medians: dict[str, float] = field(default_factory=dict)  # seconds of everything that was measured for it

    @property
    def met(self) -> bool | None:
        if self.bar is None:
            return None
        return self.value <= self.bar if self.sign == "<=" else self.value >= self.bar


@contextmanager
def held_to(threads: int) -> Iterator[None]:
    """BLAS and PyTorch held to so many threads. It takes time itself, so it stands outside what is measured."""
    torch.set_num_threads(threads)
    with THREADS.limit(limits=threads, user_api="blas"):
        yield


def on_one_thread(functions: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    with held_to(1):
        return timing.interleaved(functions, rounds, ONE_THREAD)


def on(threads: int, function: Callable[[], Any]) -> Callable[[], Any]:
    """The function with its own number of threads, for what takes so long that setting it does not count."""

    def held() -> Any:
        with held_to(threads):
            return function()

    return held


def milliseconds(seconds: list[float]) -> str:
    low, middle, high = (1e3 * q for q in quartiles(seconds))
    return f"{middle:.2f} ms ({low:.2f} - {high:.2f})"


def quartiles(values: list[float]) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, [25, 50, 75])
    return float(low), float(middle), float(high)


def fastest(times: Mapping[str, list[float]], start: str) -> tuple[str, list[float]]:
    """Of those whose name starts so, the one with the smallest median."""
    return min(((n, s) for n, s in times.items() if n.startswith(start)), key=lambda pair: statistics.median(pair[1]))


def compared(what: str, times: Mapping[str, list[float]], other: str, sign: str, bar: float | None) -> Row:
    """Our fastest time over theirs at `<=`; how many times as much as they we do in the same time at `>=`."""
    ours, theirs = fastest(times, "npmobile"), fastest(times, other)
    pairs = zip(ours[1], theirs[1]) if sign == "<=" else zip(theirs[1], ours[1])
    low, middle, high = quartiles([a / b for a, b in pairs])
    cells = [f"{name}: {milliseconds(seconds)}" for name, seconds in (ours, theirs)]
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    return Row(what, *cells, middle, (low, high), sign, bar, medians)


def products(layers: tuple[nm.Layer, ...]) -> Callable[[], None]:
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


def images(B: int, resolution: int = 224) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (B, resolution, resolution, 3)).astype(np.float32)


def agree(functions: Mapping[str, Callable[[], Any]]) -> None:
    """Stop unless all of them give the same answer: what computes something else is no rival."""
    with held_to(1):  # wakes no worker that would spin into what is measured next
        answers = {name: function() for name, function in functions.items()}
    first, *others = answers
    for name in others:
        np.testing.assert_allclose(
            answers[name], answers[first], rtol=1e-3, atol=1e-5, err_msg=f"{name} is not {first}"
        )


def one_image(rounds: int) -> list[Row]:
    model, x = nm.random_model(), images(1)
    whole = {"npmobile": lambda: model.predict(x), **rivals.pytorch(model, x)}
    whole["ONNX Runtime"] = rivals.onnx_runtime(model, x, threads=1)
    agree(whole)
    whole["bare products"] = products(model.layers)
    times = on_one_thread(whole, rounds)
    return [
        compared("one image / PyTorch eager", times, "PyTorch eager, as it comes", "<=", 1.0),
        compared("one image / PyTorch eager, channels last", times, "PyTorch eager, channels last", "<=", None),
        compared("one image / ONNX Runtime", times, "ONNX", "<=", 1.6),
        compared("one image / its bare matrix products", times, "bare", "<=", 1.45),
    ]


def batch(rounds: int, B: int) -> Row:
    model, x = nm.random_model(), images(B)
    ours = {
        f"npmobile, BLAS on {CORES}": on(CORES, lambda: model.predict(x)),
        f"npmobile, threads={CORES}": on(1, lambda: model.predict(x, threads=CORES)),
    }
    theirs = {name: on(CORES, function) for name, function in rivals.pytorch(model, x).items()}
    agree(ours | theirs)
    times = timing.interleaved(ours | theirs, rounds)
    what = f"batch of {B}, {CORES} cores: images a second, to PyTorch eager"
    return compared(what, times, "PyTorch", ">=", 1.0)


def growth(rounds: int) -> tuple[Row, list[dict[str, Any]]]:
    """Time a mult-add over the 16 networks, in units of what it takes in 1.0-224.

    The smaller a network, the more images it is given in a row: as many as make the mult-adds of 1.0-224.
    """
    networks, functions = {}, {}
    for alpha in (1.0, 0.75, 0.5, 0.25):
        for resolution in (224, 192, 160, 128):
            model, x = nm.random_model(alpha, resolution), images(1, resolution)
            name, count = f"{alpha}-{resolution}", cost.total(cost.table(model.layers)).mult_adds
            networks[name] = count, round(networks.get("1.0-224", (count, 1))[0] / count)
            functions[name] = lambda model=model, x=x, n=networks[name][1]: [model.predict(x) for _ in range(n)]
    times = on_one_thread(functions, rounds)
    times = {name: [s / networks[name][1] for s in seconds] for name, seconds in times.items()}
    expense = {
        name: quartiles(
            [s / count / (first / networks["1.0-224"][0]) for s, first in zip(times[name], times["1.0-224"])]
        )
        for name, (count, _) in networks.items()
    }
    found = [
        {"network": name, "mult_adds": count, "seconds": statistics.median(times[name]), "ratio": expense[name][1]}
        for name, (count, _) in networks.items()
    ]
    worst = max(expense, key=lambda name: expense[name][1])
    cells = [f"{name}: {milliseconds(times[name])}" for name in (worst, "1.0-224")]
    low, middle, high = expense[worst]
    return Row(
        "time a mult-add: most expensive of 16 networks / 1.0-224", *cells, middle, (low, high), "<=", 3.0
    ), found


def memory() -> Row:
    """What the first run of a model needs beyond its weights and the image."""
    model, x = nm.random_model(), images(1)
    _ = model.folded
    tracemalloc.start()
    model.predict(x)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return Row("peak memory beyond weights and input, MB", f"{peak:.1f} MB", "", peak, None, "<=", 40.0)


def kernels(rounds: int) -> list[Row]:
    """Two layers by themselves, called as anyone would."""
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(1, 56, 56, 128)).astype(np.float32), rng.normal(size=(3, 3, 128)).astype(np.float32)
    depthwise = {"npmobile": lambda: fast.depthwise_conv(x, kernel)[0], **dict(rivals.depthwise_layer(x, kernel))}
    agree(depthwise)
    x32, kernel64 = x[..., :32].copy(), rng.normal(size=(3, 3, 32, 64)).astype(np.float32)
    columns, matrix = nm.conv.im2col(x32, 3).reshape(-1, 288), kernel64.reshape(288, 64)
    out = np.empty((len(columns), 64), np.float32)
    standard = {
        "npmobile": lambda: fast.standard_conv(x32, kernel64)[0],
        "bare product": lambda: np.matmul(columns, matrix, out=out).reshape(1, 56, 56, 64),
    }
    agree(standard)
    rows = []
    for what, functions, bar in (
        ("depthwise_conv 56x56x128 / PyTorch", depthwise, 4.0),
        ("standard_conv 3x3 56x56, 32 to 64 / its bare product", standard, 1.5),
    ):
        other = "PyTorch" if "PyTorch" in what else "bare"
        rows.append(compared(what, on_one_thread(functions, rounds), other, "<=", bar))
    return rows


def integers(rounds: int) -> list[Row]:
    """The body of 1.0-224 in 8 bits beside LiteRT's optimised kernels, where its file is beside the checkout."""
    if not EIGHT_BITS.exists():
        return []
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    optimised = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    litert = Interpreter(str(EIGHT_BITS), experimental_op_resolver_type=optimised, num_threads=1)
    model = nm.load_integers(EIGHT_BITS)
    x = np.random.default_rng(0).integers(0, 256, (1, 224, 224, 3), np.uint8)
    litert.allocate_tensors()
    litert.set_tensor(litert.get_input_details()[0]["index"], x)
    times = on_one_thread({"npmobile": lambda: model.predict(x), "LiteRT": litert.invoke}, rounds)
    return [compared("one image in 8 bits / LiteRT's optimised kernels", times, "LiteRT", "<=", 4.0)]


def machine() -> dict[str, Any]:
    """What was measured on: processor, cores, versions, and the BLAS that NumPy uses."""
    info = Path("/proc/cpuinfo")
    names = (
        [line.partition(": ")[2] for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.exists()
        else [platform.processor()]
    )
    blas = [i for i in THREADS.info() if i["user_api"] == "blas" and "numpy" in i["filepath"]] or THREADS.info()
    return {
        "processor": names[0],
        "cores": CORES,
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "onnxruntime": onnxruntime.__version__,
        "blas": f"{blas[0]['internal_api']} {blas[0]['version']}, kernels {blas[0].get('architecture', 'unknown')}",
    }


def layers(rounds: int) -> dict[str, list[timing.Timed]]:
    """The separable network and its standard-convolution version, layer by layer, on one thread."""
    networks = {"separable": nm.mobilenet(), "full": nm.mobilenet(separable=False)}
    return dict(zip(networks, on(1, lambda: timing.in_turn(list(networks.values()), rounds))()))


def headline(rows: list[Row]) -> str:
    head = ["what", "npmobile", "other", "ratio", "bar", ""]
    lines = [
        [row.what, row.ours, row.other, f"{row.value:.2f}", bar, "NOT MET" if row.met is False else ""]
        for row in rows
        for bar in ["" if row.bar is None else f"{row.sign} {row.bar:g}"]
    ]
    return tables.as_markdown([head, *lines], ("what", "npmobile", "other", "bar", ""))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=40, help="rounds of each comparison (default 40)")
    parser.add_argument("--short", action="store_true", help="two rounds and small batches: to see that it works")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--figures", metavar="FOLDER", help="draw the roofline and the ratios into this folder")
    options = parser.parse_args()
    rounds, B = (2, 4) if options.short else (options.rounds, 32)
    grown, networks = growth(rounds)
    rows = [*one_image(rounds), batch(max(2, rounds // 4), B), grown, memory(), *kernels(rounds), *integers(rounds)]
    timed, roofs = layers(max(1, rounds // 4)), on(1, timing.machine)()
    ratios = timing.ratios(timed["separable"], timed["full"])
    if options.figures:
        folder = Path(options.figures)
        folder.mkdir(parents=True, exist_ok=True)
        plots.roofline(timed["separable"], roofs).savefig(folder / "roofline.png")
        plots.speedup(ratios).savefig(folder / "speedup.png")
    if options.json:
        document = {
            "machine": machine(),
            "rows": [asdict(row) | {"met": row.met} for row in rows],
            "networks": networks,
            "layers": {
                name: [
                    asdict(t) | {"seconds": t.seconds, "intensity": float(t.intensity), "rate": t.rate} for t in network
                ]
                for name, network in timed.items()
            },
            "ratios": [
                {"block": r.name, "counted": float(r.counted), "measured": r.measured._asdict()} for r in ratios
            ],
            "roofs": roofs._asdict(),
        }
        print(json.dumps(document, indent=2))
        return 0
    print(", ".join(f"{name} {value}" for name, value in machine().items()), end="\n\n")
    print(headline(rows), end="\n\n")
    print("All that was measured, medians in ms:")
    measured = ("; ".join(f"{name} {1e3 * seconds:.2f}" for name, seconds in row.medians.items()) for row in rows)
    print(*dict.fromkeys(filter(None, measured)), sep="\n", end="\n\n")
    for name, network in timed.items():
        print(f"{name}, one thread, layer by layer", timing.as_text(network), sep="\n", end="\n\n")
    last = ratios[-1]
    print(f"full / separable: {float(last.counted):.2f} times the mult-adds, {last.measured.median:.2f} times the time")
    print(f"roofs: {roofs.product_rate / 1e9:.0f}e9 mult-adds a second, {roofs.copy_rate / 1e9:.0f}e9 bytes a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
