"""The command `npmobile`, or `python -m npmobile`: a first look at the project.

It works the paper's cost formulas on one example, prints the cost table of MobileNet, and recognises a few
handwritten digits. With `--weights FILE`, a trained network classifies a photograph instead. Every count that is
shown as executed was executed in this run, and the last line says whether the formula gives the same.

First the facts are computed; then they are written as text, markdown or JSON.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import Any

import numpy as np

from . import checks, cli, conv, cost, counting, loops, paper, pretrained, tables
from .files import replacing
from .model import random_model
from .network import Step, forward
from .spec import mobilenet

Facts = dict[str, Any]  # of one section; its "counts" are [(what, executed, formula), ...]
TITLES = {"loops": "loops, one by one", "conv": "conv, im2col", "counting": "counting, each product"}
MEMORY = 5  # times the largest input and output of a layer: what `forward` needs with im2col, measured


# The facts


def worked_example(seed: int) -> Facts:
    """A 32 x 32 x 3 image, 3 x 3 kernels, 64 output channels: the counts that each witness executes, and the formula's."""
    D_K, M, N, D_F = 3, 3, 64, 32
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((1, D_F, D_F, M)).astype(np.float32)
    kernel = rng.standard_normal((D_K, D_K, M, N)).astype(np.float32)
    executed = {
        "loops": _by_kind(lambda name, k: getattr(loops, name)(x, k)[1], kernel),
        "conv": _by_kind(lambda name, k: getattr(conv, name)(x, k)[1], kernel),
        "counting": _by_kind(lambda name, k: counting.count(getattr(conv, name), x, k).multiplications, kernel),
    }
    formula = {
        "standard": cost.standard(D_K, M, N, D_F),
        "depthwise": cost.depthwise(D_K, M, D_F),
        "pointwise": cost.pointwise(M, N, D_F),
    }
    counts = [(f"{name} {kind}", executed[name][kind], formula[kind]) for name in executed for kind in formula]
    for sums in (*executed.values(), formula):
        sums["separable"] = sums["depthwise"] + sums["pointwise"]
    return {
        "D_K": D_K,
        "N": N,
        "executed": executed,
        "formula": formula,
        "ratio": Fraction(counts[1][1] + counts[2][1], counts[0][1]),
        "ratio_formula": cost.separable_ratio(D_K, N),
        "counts": counts,
    }


def _by_kind(count: Callable[[str, np.ndarray], int], kernel: np.ndarray) -> dict[str, int]:
    """The count of each kind of convolution, from its function's name and the kernel that it takes."""
    return {
        "standard": count("standard_conv", kernel),
        "depthwise": count("depthwise_conv", kernel[..., 0]),
        "pointwise": count("pointwise_conv", kernel[0, 0]),
    }


def costs(alpha: float, steps: Iterable[Step]) -> Facts:
    """The cost table of the network that made these steps for one image."""
    executed = {step.layer: step.mult_adds for step in steps}
    layers = tuple(executed)
    resolution, classes = layers[0].D_F, layers[-1].N
    rows = cost.table(layers)
    return {
        "network": f"{alpha} MobileNet-{resolution}",
        "alpha": alpha,
        "resolution": resolution,
        "classes": classes,
        "layers": rows,
        "by_kind": list(cost.by_kind(layers).values()),
        "total": cost.total(rows),
        "peak_memory": cost.peak_memory(layers),
        "paper": paper.printed_total(alpha, resolution, classes),
        "counts": [(row.name, count, row.mult_adds) for row, count in zip(rows, executed.values())],
    }


def random_costs(seed: int, alpha: float = 1.0, resolution: int = 224, classes: int = 1000) -> Facts:
    """The cost table of an untrained network, run on a random image."""
    checks.memory(MEMORY * cost.peak_memory(mobilenet(alpha, resolution, classes), 4), f"resolution={resolution}")
    model = random_model(alpha, resolution, classes, seed)
    x = np.random.default_rng(seed).standard_normal((1, resolution, resolution, 3)).astype(np.float32)
    return costs(alpha, forward(x, model.layers, model.folded))


def digits(seed: int) -> Facts:
    """All test digits through the trained network, and three of them to look at."""
    model = pretrained.digits()
    x, labels = pretrained.digits_test()
    *_, last = steps = list(forward(x, model.layers, model.folded))
    answers = last.y.argmax(axis=1)
    shown = np.random.default_rng(seed).choice(len(x), size=3, replace=False)
    formula = len(x) * cost.total(cost.table(model.layers)).mult_adds
    return {
        "right": int((answers == labels).sum()),
        "of": len(labels),
        "examples": [{"label": str(labels[i]), "drawn": draw(x[i]), "guesses": model.classify(x[i], 3)} for i in shown],
        "counts": [("digits", sum(step.mult_adds for step in steps), formula)],
    }


def draw(image: np.ndarray) -> list[str]:
    """A 32 x 32 x 3 digit as eight lines of text, two characters for each of 8 x 8 pixels."""
    shades = " .:-=+*#@"  # from paper to ink
    ink = (image[::4, ::4, 0] + 1) / 2  # (32, 32, 3) in -1..1 -> (8, 8) in 0..1
    return ["".join(2 * shades[round(float(value) * (len(shades) - 1))] for value in row) for row in ink]


def verdict(facts: Facts) -> tuple[bool, str]:
    """Whether every count executed in this run is the formula's, and the sentence that says so."""
    counts = [count for section in facts.values() for count in section["counts"]]
    wrong = [f"{what} executed {found:,}, formula {right:,}" for what, found, right in counts if found != right]
    if wrong:
        return False, f"NOT EQUAL: {len(wrong)} of {len(counts)} counts differ from the formula: " + "; ".join(wrong)
    executed = sum(found for _, found, _ in counts)
    return True, f"Equal: {executed:,} mult-adds were executed, as many as the formula says."


# The facts as text: each section gives a title and a text


def worked_example_text(facts: Facts, options: argparse.Namespace) -> tuple[str, str]:
    """The counts of all witnesses side by side, and the ratio."""
    counted = [*facts["executed"].values(), facts["formula"]]
    lines = [["mult-adds", *(TITLES[name] for name in facts["executed"]), "formula"]]
    for kind, sign in (("standard", ""), ("depthwise", ""), ("pointwise", "+ "), ("separable", "= ")):
        lines.append([sign + kind, *(f"{counts[kind]:,}" for counts in counted)])
    ratio, D_K, N = facts["ratio"], facts["D_K"], facts["N"]
    text = (
        f"{tables.as_text(lines, ['mult-adds'])}\n\n"
        f"separable / standard = {ratio} = {float(ratio):.4f}: {float(1 / ratio):.1f} times fewer\n"
        f"1/N + 1/D_K^2 = 1/{N} + 1/{D_K**2} = {facts['ratio_formula']}"
    )
    return "A worked example: 32 x 32 x 3 image, 3 x 3 kernels, 64 output channels", tables.fenced(
        text, options.markdown
    )


def costs_text(facts: Facts, options: argparse.Namespace) -> tuple[str, str]:
    """The cost table, by kind of layer or layer by layer, and its total beside the paper's."""
    rows = facts["layers"] if options.layers else facts["by_kind"]
    table = cost.as_markdown(rows) if options.markdown else cost.as_text(rows, options.wide)
    printed = "in the paper: {} million ({})".format(*facts["paper"]) if facts["paper"] else "not in the paper"
    total = f"{facts['total'].mult_adds:,} mult-adds in total; {printed}"
    memory = f"{facts['peak_memory'] / 1024:,.0f} KiB for the input and output of its largest layer in 8 bits"
    return f"Costs of {facts['network']}, {facts['classes']} classes", f"{table}\n\n{total}\n{memory}"


def digits_text(facts: Facts, options: argparse.Namespace) -> tuple[str, str]:
    """Three digits drawn beside the network's answers, and how many of all are right."""
    drawings = []
    for digit in facts["examples"]:
        notes = [f"label {digit['label']}; the network's answers:"]
        notes += [f"  {label}  {probability:7.2%}" for label, probability in digit["guesses"]]
        rows = zip_longest(digit["drawn"], notes, fillvalue="")
        drawings.append("\n".join(f"|{row}|  {note}".rstrip() for row, note in rows))
    right = f"{facts['right']} of {facts['of']} right ({facts['right'] / facts['of']:.1%})"
    text = tables.fenced("\n\n".join(drawings), options.markdown)
    return "Handwritten digits that were not in the training, classified in NumPy", f"{text}\n\n{right}"


def photograph_text(facts: Facts, options: argparse.Namespace) -> tuple[str, str]:
    """The five most probable classes with bars."""
    lines = [["class", "probability", ""]]
    lines += [[label, f"{probability:.2%}", "#" * round(30 * probability)] for label, probability in facts["guesses"]]
    text = tables.fenced(tables.as_text(lines, ["class", ""], tables.WIDTH), options.markdown)
    return f"{facts['image']}, classified with {facts['weights']}", text


def as_text(facts: Facts, options: argparse.Namespace) -> str:
    """All sections for reading, numbered, as plain text or as markdown."""
    texts = {
        "worked_example": worked_example_text,
        "costs": costs_text,
        "digits": digits_text,
        "photograph": photograph_text,
    }
    sections = [texts[name](section, options) for name, section in facts.items()]
    sections.append(("Are the executed counts equal to the formula's?", tables.fill(verdict(facts)[1])))
    return "\n\n".join(
        f"{tables.heading(f'{number}. {title}', options.markdown)}\n{text}"
        for number, (title, text) in enumerate(sections, start=1)
    )


def as_json(facts: Facts, layers: bool) -> str:
    """The same facts for a program; fractions as "73/576"."""
    equal, words = verdict(facts)
    kept = {name: value for name, value in facts["costs"].items() if layers or name != "layers"}

    def plain(value: Any) -> Any:
        return vars(value) if isinstance(value, cost.Row) else str(value)

    return json.dumps(facts | {"costs": kept, "verdict": {"equal": equal, "words": words}}, indent=2, default=plain)


# The command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; returns the exit status: 1 if a count differs from the formula, else as `cli.run`."""
    parser = cli.parser("npmobile", "MobileNet v1 in NumPy, counting every multiply-add that it makes.")
    parser.add_argument("--alpha", type=float, help="width multiplier (default 1.0)")
    parser.add_argument("--resolution", type=int, metavar="SIDE", help="of the image, at least 32 (default 224)")
    parser.add_argument("--classes", type=int, metavar="N", help="outputs of the classifier (default 1000)")
    parser.add_argument("--weights", metavar="FILE", help="a trained network: Keras' .h5, .safetensors or .npz")
    parser.add_argument("--image", metavar="FILE", help="the photograph to classify (default: Grace Hopper)")
    parser.add_argument("--layers", action="store_true", help="costs layer by layer, not by kind of layer")
    parser.add_argument("--wide", action="store_true", help="all columns, numbers in full; wider than 80 columns")
    parser.add_argument("--seed", type=int, default=0, help="for random weights, and which digits are shown")
    parser.add_argument("--figure", metavar="FILE", type=cli.figure_path, help="draw costs, or photograph and answers")
    style = parser.add_mutually_exclusive_group()
    style.add_argument("--markdown", action="store_true", help="print markdown")
    style.add_argument("--json", action="store_true", help="print JSON")
    return cli.run(parser, _run, arguments)


def _run(options: argparse.Namespace) -> tuple[int, str]:
    if options.seed < 0:
        raise ValueError(f"argument --seed: must be at least 0, but is {options.seed}")
    if options.image is not None and options.weights is None:
        raise ValueError("argument --image: needs --weights FILE, of a network that was trained on photographs")
    if options.weights is not None and (options.alpha is not None or options.classes is not None):
        raise ValueError("argument --weights: alpha and classes come from the file")
    facts, figure = _untrained(options) if options.weights is None else _trained(options)
    if figure:
        _save(figure, options.figure)
    text = as_json(facts, options.layers) if options.json else as_text(facts, options)
    return int(not verdict(facts)[0]), text


def _untrained(options: argparse.Namespace) -> tuple[Facts, Any]:
    """Worked example, costs and digits; the figure is of the costs."""
    sizes = {name: getattr(options, name) for name in ("alpha", "resolution", "classes")}
    run = random_costs(options.seed, **{name: size for name, size in sizes.items() if size is not None})
    facts = {"worked_example": worked_example(options.seed), "costs": run, "digits": digits(options.seed)}
    if options.figure is None:
        return facts, None
    from . import plots

    total = run["total"]
    counted = f"{total.mult_adds / 1e6:.1f} million mult-adds, {total.parameters / 1e6:.2f} million parameters"
    return facts, plots.by_layer(run["layers"], f"{run['network']}: {counted}")


def _trained(options: argparse.Namespace) -> tuple[Facts, Any]:
    """A photograph through a trained network, and its costs; the figure is of photograph and answers."""
    model, weights = pretrained.load(options.weights), tables.printable(os.path.basename(options.weights))
    if options.resolution is not None:
        model = model.at(options.resolution)
        checks.memory(MEMORY * cost.peak_memory(model.layers, 4), f"resolution={options.resolution}")
    if options.image is not None:
        image, x = tables.printable(os.path.basename(options.image)), model.prepare(options.image)
    else:
        from . import plots

        image, x = "Grace Hopper", model.prepare(plots.grace_hopper())
    facts = {
        "photograph": {"image": image, "weights": weights, "guesses": model.classify(x), "counts": []},
        "costs": costs(model.layers[-1].M / 1024, forward(x[np.newaxis], model.layers, model.folded)),
    }
    if options.figure is None:
        return facts, None
    from . import images, plots

    how = model.preparation or images.Preparation()
    pixels = np.clip(x * how.std + how.mean, 0, 255) / 255
    return facts, plots.guesses(pixels, facts["photograph"]["guesses"], image)


def _save(figure: Any, path: str) -> None:
    """Draw in memory, then write the whole file."""
    drawn = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that the font lacks
        figure.savefig(drawn, format=path.rsplit(".", 1)[1].lower())
    with replacing(path) as file:
        file.write(drawn.getbuffer())


if __name__ == "__main__":
    sys.exit(main())
