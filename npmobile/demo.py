"""The command line: `python -m npmobile.demo`, or `npmobile`.

For a reader who has never seen the project: the worked example, MobileNet's bill, and a few digits recognised. With
`--weights FILE` a trained network looks at a photograph instead. Every count shown as executed was executed in
this run, and the last line says whether the formula agrees.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from . import conv, cost, loops, paper, pretrained
from .cli import Parser
from .model import Model, random_model
from .network import Step, forward

Facts = dict[str, Any]  # a section; its "counts" are [(what, executed, formula), ...]
SHADES = " .:-=+*#@"  # from paper to ink


# What is shown, as numbers


def worked_example(seed: int) -> Facts:
    """A 32 x 32 x 3 picture, 3 x 3 kernels, 64 outputs, counted in three ways."""
    D_K, M, N, D_F = 3, 3, 64, 32
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((1, D_F, D_F, M)).astype(np.float32)
    kernel = rng.standard_normal((D_K, D_K, M, N)).astype(np.float32)
    executed = {
        name: {
            "standard": kernels.standard_conv(x, kernel)[1],
            "depthwise": kernels.depthwise_conv(x, kernel[..., 0])[1],
            "pointwise": kernels.pointwise_conv(x, kernel[0, 0])[1],
        }
        for name, kernels in (("loops", loops), ("conv", conv))
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
        "ratio": Fraction(executed["loops"]["separable"], executed["loops"]["standard"]),
        "ratio_formula": cost.separable_ratio(D_K, N),
        "counts": counts,
    }


def bill(alpha: float, steps: Iterable[Step]) -> Facts:
    """The bill of the network that made these steps for one picture."""
    executed = {step.layer: step.mult_adds for step in steps}
    layers = tuple(executed)
    resolution, classes = layers[0].D_F, layers[-1].N
    rows = cost.table(layers)
    return {
        "alpha": alpha,
        "resolution": resolution,
        "classes": classes,
        "layers": rows,
        "by_kind": list(cost.by_kind(layers).values()),
        "total": cost.total(rows),
        "paper": paper.printed_total(alpha, resolution, classes),
        "counts": [(row.name, count, row.mult_adds) for row, count in zip(rows, executed.values())],
    }


def random_bill(alpha: float, resolution: int, classes: int, seed: int) -> Facts:
    """The bill of an untrained network, run on a random picture."""
    model = random_model(alpha, resolution, classes, seed)
    x = np.random.default_rng(seed).standard_normal((1, resolution, resolution, 3)).astype(np.float32)
    return bill(alpha, forward(x, model.layers, model.folded))


def read_digits(seed: int) -> Facts:
    """All held-out digits through the trained network, and three of them to look at."""
    model = pretrained.digits()
    x, labels = pretrained.digits_test()
    *_, last = steps = list(forward(x, model.layers, model.folded))
    answers = last.y.argmax(axis=1)
    shown = np.random.default_rng(seed).choice(len(x), size=3, replace=False)
    formula = len(x) * cost.total(cost.table(model.layers)).mult_adds
    return {
        "right": int((answers == labels).sum()),
        "of": len(labels),
        "examples": [{"is": str(labels[i]), "drawn": draw(x[i]), "guesses": model.classify(x[i], k=3)} for i in shown],
        "counts": [("digits", sum(step.mult_adds for step in steps), formula)],
    }


def photograph(model: Model, x: np.ndarray, picture: str, weights: str) -> Facts:
    """What a trained network sees in a prepared picture x."""
    return {"picture": picture, "weights": weights, "guesses": model.classify(x), "counts": []}


def draw(picture: np.ndarray) -> list[str]:
    """A 32 x 32 x 3 digit as eight lines of text, two characters a pixel."""
    ink = (picture[::4, ::4, 0] + 1) / 2  # (32, 32, 3) in -1..1 -> (8, 8) in 0..1
    return ["".join(2 * SHADES[round(float(value) * (len(SHADES) - 1))] for value in row) for row in ink]


def verdict(facts: Facts) -> tuple[bool, str]:
    """Whether every count executed in this run is the formula's, and the line that says so."""
    counts = [count for section in facts.values() for count in section["counts"]]
    wrong = [f"{what} executed {executed:,}, formula {formula:,}" for what, executed, formula in counts
             if executed != formula]  # fmt: skip
    if wrong:
        return False, f"NOT EQUAL: {len(wrong)} of {len(counts)} counts differ from the formula: " + "; ".join(wrong)
    executed = sum(count for _, count, _ in counts)
    return True, f"Equal: {executed:,} mult-adds were executed in this run; the formula says the same, to the last one."


# The same for reading: each gives a title and lines


def worked_example_text(facts: Facts, fence: list[str]) -> tuple[str, list[str]]:
    """The three counts side by side, and the ratio."""
    lines = [f"{'mult-adds':12}{'loops, one by one':>19}{'conv, im2col':>15}{'formula':>12}"]
    for kind, sign in (("standard", ""), ("depthwise", ""), ("pointwise", "+ "), ("separable", "= ")):
        by_loops, by_conv = (facts["executed"][name][kind] for name in ("loops", "conv"))
        lines.append(f"{sign + kind:12}{by_loops:>19,}{by_conv:>15,}{facts['formula'][kind]:>12,}")
    ratio, D_K, N = facts["ratio"], facts["D_K"], facts["N"]
    lines += [
        f"separable / standard = {ratio} = {float(ratio):.4f}: {float(1 / ratio):.1f} times fewer",
        f"1/N + 1/D_K^2 = 1/{N} + 1/{D_K**2} = {facts['ratio_formula']}",
    ]
    title = "The worked example: a 32 x 32 picture, 3 channels in, 64 out, kernels of 3 x 3"
    return title, [*fence, *lines, *fence]


def bill_text(facts: Facts, markdown: bool, layers: bool) -> tuple[str, list[str]]:
    """The table, by kind or by layer, and its total beside the paper's."""
    rows = facts["layers"] if layers else facts["by_kind"]
    printed = "the paper prints no total for this network"
    if facts["paper"]:
        printed = "the paper prints {} million ({})".format(*facts["paper"])
    return f"The bill of {_name(facts)}, {facts['classes']} classes", [
        cost.as_markdown(rows) if markdown else cost.as_text(rows, wide=True),
        "",
        f"{facts['total'].mult_adds / 1e6:.1f} million mult-adds; {printed}",
    ]


def digits_text(facts: Facts, fence: list[str]) -> tuple[str, list[str]]:
    """Three digits drawn beside what the network says, and how many it has right."""
    lines = []
    for digit in facts["examples"]:
        notes = [f"a {digit['is']}; the network says", *(f"  {label}  {p:7.2%}" for label, p in digit["guesses"])]
        notes += [""] * (len(digit["drawn"]) - len(notes))
        lines += [f"|{row}|  {note}".rstrip() for row, note in zip(digit["drawn"], notes)] + [""]
    lines = [
        *fence,
        *lines[:-1],
        *fence,
        "",
        f"{facts['right']} of {facts['of']} right ({facts['right'] / facts['of']:.1%})",
    ]
    return "Handwritten digits that a trained MobileNet never saw, read in NumPy", lines


def photograph_text(facts: Facts, fence: list[str]) -> tuple[str, list[str]]:
    """The top five with bars."""
    width = max(len(label) for label, _ in facts["guesses"])
    lines = [f"{label:{width}}  {p:7.2%}  {'#' * round(40 * p)}".rstrip() for label, p in facts["guesses"]]
    return f"{facts['picture']}, seen with {facts['weights']}", [*fence, *lines, *fence]


def as_text(facts: Facts, markdown: bool, layers: bool) -> str:
    """All sections for reading, numbered, as plain text or as markdown."""
    fence = ["```"] if markdown else []
    write = {
        "worked_example": lambda section: worked_example_text(section, fence),
        "photograph": lambda section: photograph_text(section, fence),
        "bill": lambda section: bill_text(section, markdown, layers),
        "digits": lambda section: digits_text(section, fence),
    }
    sections = [write[name](section) for name, section in facts.items()]
    sections.append(("Are the executed counts the formula's?", [verdict(facts)[1]]))
    blocks = []
    for number, (title, lines) in enumerate(sections, start=1):
        title = f"{number}. {title}"
        head = [f"## {title}"] if markdown else [title, "-" * len(title)]
        blocks.append("\n".join([*head, *lines]))
    return "\n\n".join(blocks)


def as_json(facts: Facts, layers: bool) -> str:
    """The same facts for a program; fractions as "73/576"."""
    equal, words = verdict(facts)
    kept = {name: value for name, value in facts["bill"].items() if layers or name != "layers"}

    def plain(value: Any) -> Any:
        return vars(value) if isinstance(value, cost.Row) else str(value)

    return json.dumps(facts | {"bill": kept, "verdict": {"equal": equal, "words": words}}, indent=2, default=plain)


def _name(facts: Facts) -> str:
    return f"{facts['alpha']} MobileNet-{facts['resolution']}"


# The command


def _parser() -> Parser:
    parser = Parser(prog="npmobile", description="MobileNet v1 in NumPy, counting every multiply-add it makes.")
    parser.add_argument("--alpha", type=float, help="width multiplier (default 1.0)")
    parser.add_argument("--resolution", type=int, help="side of the picture, at least 32 (default 224)")
    parser.add_argument("--classes", type=int, help="outputs of the classifier (default 1000)")
    parser.add_argument("--weights", metavar="FILE", help="a trained network: Keras' .h5, .safetensors or .npz")
    parser.add_argument("--image", metavar="FILE", help="the photograph that it looks at (default: Grace Hopper)")
    parser.add_argument("--layers", action="store_true", help="the bill layer by layer, not by kind")
    parser.add_argument("--seed", type=int, default=0, help="for random weights, and which digits are shown")
    parser.add_argument("--figure", metavar="FILE", help="draw the bill, or photograph and guesses: .png, .svg, .pdf")
    style = parser.add_mutually_exclusive_group()
    style.add_argument("--markdown", action="store_true", help="print markdown")
    style.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _untrained(options: argparse.Namespace) -> Facts:
    """Worked example, bill and digits."""
    alpha = 1.0 if options.alpha is None else options.alpha
    resolution = 224 if options.resolution is None else options.resolution
    classes = 1000 if options.classes is None else options.classes
    run = random_bill(alpha, resolution, classes, options.seed)
    if options.figure:
        from . import plots

        total = f"{run['total'].mult_adds / 1e6:.1f} million mult-adds, {run['total'].parameters / 1e6:.2f} million parameters"
        plots.by_layer(run["layers"], f"{_name(run)}: {total}").savefig(options.figure)
    return {"worked_example": worked_example(options.seed), "bill": run, "digits": read_digits(options.seed)}


def _trained(options: argparse.Namespace) -> Facts:
    """A photograph through a network that someone trained, and its bill."""
    model = pretrained.load(options.weights)
    if options.resolution is not None:
        model = model.at(options.resolution)
    if options.image:
        picture, x = os.path.basename(options.image), model.prepare(options.image)
    else:
        from matplotlib.cbook import get_sample_data

        picture, x = "Grace Hopper", model.prepare(get_sample_data("grace_hopper.jpg", asfileobj=False))  # a path
    seen = photograph(model, x, picture, os.path.basename(options.weights))
    if options.figure:
        from . import plots

        plots.guesses(np.clip(x * model.std + model.mean, 0, 255) / 255, seen["guesses"], picture).savefig(
            options.figure
        )
    alpha = model.layers[-1].M / 1024
    return {
        "photograph": seen,
        "bill": bill(alpha, forward(x[np.newaxis], model.layers, model.folded, padding=model.padding)),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; returns the exit status: 0, or 1 if a count differs from the formula."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.seed < 0:
        parser.error(f"argument --seed: must be at least 0, but is {options.seed}")
    if options.image and not options.weights:
        parser.error("argument --image: needs --weights FILE, of a network that was trained on photographs")
    if options.weights and (options.alpha is not None or options.classes is not None):
        parser.error("argument --weights: alpha and classes come from the file")
    try:
        facts = _trained(options) if options.weights else _untrained(options)
    except (ValueError, OSError, ImportError, MemoryError) as error:
        parser.error(str(error))
    print(as_json(facts, options.layers) if options.json else as_text(facts, options.markdown, options.layers))
    return 0 if verdict(facts)[0] else 1


if __name__ == "__main__":
    sys.exit(main())
