"""The command line: `python -m npmobile.demo`, or `npmobile`.

Three things for a reader who has never seen the project: the worked example, MobileNet's bill, and a few digits
recognised. Every count shown as executed was executed in this run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from . import conv, cost, loops, paper
from .network import forward, random_model
from .pretrained import digits, digits_test

SHADES = " .:-=+*#@"  # from paper to ink


def worked_example(seed: int) -> dict[str, Any]:
    """Section 1: a 32 x 32 x 3 picture, 3 x 3 kernels, 64 outputs, counted in three ways."""
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
    for counts in (executed["loops"], executed["conv"], formula):
        counts["separable"] = counts["depthwise"] + counts["pointwise"]
    counted = executed["loops"]
    return {
        "D_K": D_K,
        "M": M,
        "N": N,
        "D_F": D_F,
        "executed": executed,
        "formula": formula,
        "ratio": Fraction(counted["separable"], counted["standard"]),
        "ratio_formula": cost.separable_ratio(D_K, N),
    }


def network_bill(alpha: float, resolution: int, classes: int, seed: int) -> dict[str, Any]:
    """Section 2: the bill of one network, and the counts of its layers, run on a random picture."""
    model = random_model(alpha, resolution, classes, seed)
    x = np.random.default_rng(seed).standard_normal((1, resolution, resolution, 3)).astype(np.float32)
    steps = forward(x, model.layers, model.folded)
    return {
        "alpha": alpha,
        "resolution": resolution,
        "classes": classes,
        "layers": cost.table(model.layers),
        "by_kind": list(cost.by_kind(model.layers).values()),
        "total": cost.total(cost.table(model.layers)),
        "executed": {step.layer.name: step.mult_adds for step in steps},
        "paper": paper.printed_total(alpha, resolution, classes),
    }


def read_digits(seed: int) -> dict[str, Any]:
    """Section 3: all held-out digits through the trained network, and three of them to look at."""
    model = digits()
    x, labels = digits_test()
    *_, last = steps = list(forward(x, model.layers, model.folded))
    answers = last.y.argmax(axis=1)
    shown = np.random.default_rng(seed).choice(len(x), size=3, replace=False)
    return {
        "right": int((answers == labels).sum()),
        "of": len(labels),
        "executed": sum(step.mult_adds for step in steps),
        "formula": len(x) * cost.total(cost.table(model.layers)).mult_adds,
        "examples": [{"is": str(labels[i]), "drawn": draw(x[i]), "guesses": model.classify(x[i], k=3)} for i in shown],
    }


def draw(picture: np.ndarray) -> list[str]:
    """A 32 x 32 x 3 digit as eight lines of text, two characters a pixel."""
    ink = (picture[::4, ::4, 0] + 1) / 2  # (32, 32, 3) in -1..1 -> (8, 8) in 0..1
    return ["".join(2 * SHADES[round(float(value) * (len(SHADES) - 1))] for value in row).rstrip() for row in ink]


def pairs(facts: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Every count executed in this run beside the formula's: (what, executed, formula)."""
    example, bill, read = facts["worked_example"], facts["bill"], facts["digits"]
    return [
        *(
            (f"{name} {kind}", counts[kind], example["formula"][kind])
            for name, counts in example["executed"].items()
            for kind in ("standard", "depthwise", "pointwise")
        ),
        *((row.name, bill["executed"][row.name], row.mult_adds) for row in bill["layers"]),
        ("digits", read["executed"], read["formula"]),
    ]


def verdict(facts: dict[str, Any]) -> tuple[bool, str]:
    """Section 4: whether all of them are equal, in one line."""
    compared = pairs(facts)
    wrong = [
        f"{what} executed {executed:,}, formula {formula:,}"
        for what, executed, formula in compared
        if executed != formula
    ]
    if wrong:
        return False, f"NOT EQUAL: {len(wrong)} of {len(compared)} counts differ from the formula: " + "; ".join(wrong)
    executed = sum(count for _, count, _ in compared)
    return True, f"Equal: {executed:,} mult-adds were executed in this run; the formula says the same, to the last one."


def as_text(facts: dict[str, Any], markdown: bool, layers: bool) -> str:
    """The four sections for reading, as plain text or as markdown."""
    table = cost.as_markdown if markdown else cost.as_text
    fence = ["```"] if markdown else []
    example, bill, read = facts["worked_example"], facts["bill"], facts["digits"]

    def title(words: str) -> str:
        return f"## {words}" if markdown else f"{words}\n{'-' * len(words)}"

    ratio, D_K, N = example["ratio"], example["D_K"], example["N"]
    lines = [
        title("1. The worked example: a 32 x 32 picture, 3 channels in, 64 out, kernels of 3 x 3"),
        *fence,
        f"{'mult-adds':12}{'loops, one by one':>19}{'conv, im2col':>15}{'formula':>12}",
    ]
    for kind, sign in (("standard", ""), ("depthwise", ""), ("pointwise", "+ "), ("separable", "= ")):
        loops_count, conv_count = example["executed"]["loops"][kind], example["executed"]["conv"][kind]
        lines.append(f"{sign + kind:12}{loops_count:>19,}{conv_count:>15,}{example['formula'][kind]:>12,}")
    lines += [
        f"separable / standard = {ratio} = {float(ratio):.4f}: {float(1 / ratio):.1f} times fewer",
        f"1/N + 1/D_K^2 = 1/{N} + 1/{D_K**2} = {example['ratio_formula']}",
        *fence,
        "",
    ]

    millions = f"{bill['total'].mult_adds / 1e6:.1f} million mult-adds"
    printed = "the paper prints no total for this network"
    if bill["paper"]:
        printed = f"the paper prints {bill['paper'][0]} million ({bill['paper'][1]})"
    lines += [
        title(f"2. The bill of {bill['alpha']} MobileNet-{bill['resolution']}, {bill['classes']} classes"),
        table(bill["layers"] if layers else bill["by_kind"]),
        "",
        f"{millions}; {printed}",
        "",
    ]

    lines += [title("3. Handwritten digits that a trained MobileNet never saw, read in NumPy"), *fence]
    for digit in read["examples"]:
        notes = [f"a {digit['is']}; the network says", *(f"  {label}  {p:7.2%}" for label, p in digit["guesses"])]
        notes += [""] * (len(digit["drawn"]) - len(notes))
        lines += [f"|{row:16}|  {note}".rstrip() for row, note in zip(digit["drawn"], notes)] + [""]
    lines += [*fence, f"{read['right']} of {read['of']} right ({read['right'] / read['of']:.1%})", ""]

    lines += [title("4. Are the executed counts the formula's?"), verdict(facts)[1]]
    return "\n".join(lines)


def as_json(facts: dict[str, Any], layers: bool) -> str:
    """The same facts for a program; fractions as "73/576"."""
    bill = {name: value for name, value in facts["bill"].items() if layers or name != "layers"}
    equal, words = verdict(facts)
    document = facts | {"bill": bill, "verdict": {"equal": equal, "words": words}}

    def plain(value: Any) -> Any:
        return vars(value) if isinstance(value, cost.Row) else str(value)

    return json.dumps(document, indent=2, default=plain)


def _title(bill: dict[str, Any]) -> str:
    name, total = f"{bill['alpha']} MobileNet-{bill['resolution']}", bill["total"]
    return f"{name}: {total.mult_adds / 1e6:.1f} million mult-adds, {total.parameters / 1e6:.2f} million parameters"


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; returns the exit status: 0, or 1 if a count differs from the formula."""
    parser = Parser(prog="npmobile", description="MobileNet v1 in NumPy, counting every multiply-add it makes.")
    parser.add_argument("--alpha", type=float, default=1.0, help="width multiplier (default 1.0)")
    parser.add_argument("--resolution", type=int, default=224, help="side of the picture, at least 32 (default 224)")
    parser.add_argument("--classes", type=int, default=1000, help="outputs of the classifier (default 1000)")
    parser.add_argument("--layers", action="store_true", help="the bill layer by layer, not by kind")
    parser.add_argument("--seed", type=int, default=0, help="for random weights, and which digits are shown")
    parser.add_argument("--figure", metavar="FILE", help="draw the bill by layer, as .png, .svg or .pdf")
    style = parser.add_mutually_exclusive_group()
    style.add_argument("--markdown", action="store_true", help="print markdown")
    style.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if options.seed < 0:
        parser.error(f"argument --seed: must be at least 0, but is {options.seed}")
    try:
        bill = network_bill(options.alpha, options.resolution, options.classes, options.seed)
    except (ValueError, MemoryError) as error:
        parser.error(str(error))
    if options.figure:
        from . import plots

        figure = plots.bill(bill["layers"], _title(bill))
        try:
            figure.savefig(options.figure)
        except (OSError, ValueError) as error:
            parser.error(f"argument --figure: {error}")
    facts = {"worked_example": worked_example(options.seed), "bill": bill, "digits": read_digits(options.seed)}
    if options.json:
        print(as_json(facts, options.layers))
    else:
        print(as_text(facts, options.markdown, options.layers))
    return 0 if verdict(facts)[0] else 1


if __name__ == "__main__":
    sys.exit(main())
