"""How fast npmobile is, beside PyTorch eager, ONNX Runtime, LiteRT and bare matrix products.

Needs `pip install ".[bench]"`. Everything is measured once for each kind of processor that this one can be: as it is
and, where it has AVX-512, without. Exits 0 whatever the figures: this is a benchmark, not a test.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from table import side_by_side

from npmobile import tables

HERE = Path(__file__).parent
README = HERE / "README.md"
BEGIN, END = "<!-- written by run.py --write -->\n", "<!-- end -->\n"
WITH, WITHOUT = "with AVX-512", "without"


def kinds() -> dict[str, dict[str, str]]:
    """The kinds of processor that this one can be, each with the environment variables that make it so.

    They hold NumPy, its OpenBLAS, and PyTorch with oneDNN and MKL to AVX2. ONNX Runtime and LiteRT have no such
    variable: they use AVX-512 wherever the processor has it.
    """
    found = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])  # type: ignore[union-attr]
    wide = [name for name in found if "AVX512" in name or name == "X86_V4"]
    if not wide:
        return {WITHOUT: {}}
    avx2 = {
        "NPY_DISABLE_CPU_FEATURES": " ".join(wide),
        "OPENBLAS_CORETYPE": "Haswell",
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    }
    return {WITH: {}, WITHOUT: avx2}


def measure(variables: Mapping[str, str], arguments: list[str]) -> dict[str, Any]:
    """Run `here.py` with these variables, and without those by which somebody else chose kernels of OpenBLAS."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    command = [sys.executable, str(HERE / "here.py"), *arguments]
    done = subprocess.run(command, env=ours | dict(variables), stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout) | {"variables": dict(variables)}


def floors(documents: Mapping[str, dict[str, Any]]) -> str:
    """What one image spends in NumPy: the minima of each call added up, by kind of call, as markdown."""
    columns = {f"{name}, {kind}": floor for kind, d in documents.items() for name, floor in d["floors"].items()}
    lines = [["minima of one image's calls, ms (calls)", *columns]]
    lines += [
        [parts[0]["name"], *(f"{1e3 * part['seconds']:.3f} ({part['calls']})" for part in parts)]
        for parts in zip(*(floor["parts"] for floor in columns.values()))
    ]
    lines += [
        [what, *(f"{1e3 * floor[key]:.3f}" for floor in columns.values())]
        for what, key in (("all of them: the floor", "seconds"), ("the fastest whole image", "whole"))
    ]
    return tables.as_markdown(lines, lines[0][:1])


def report(documents: Mapping[str, dict[str, Any]]) -> str:
    """What stands in the README."""
    machines = [
        f"{kind}: " + ", ".join(f"{name} {value}" for name, value in document["machine"].items())
        for kind, document in documents.items()
    ]
    return "\n\n".join([*machines, side_by_side(documents), floors(documents)]) + "\n"


def details(document: Mapping[str, Any]) -> str:
    """What else was measured on one kind of processor, for a terminal."""
    measured = [
        "; ".join(f"{name} {1e3 * seconds:.2f}" for name, seconds in row["medians"].items()) for row in document["rows"]
    ]
    networks = [f"{n['network']} {1e3 * n['seconds']:.2f} ({n['ratio']:.2f})" for n in document["networks"]]
    last, roofs = document["ratios"][-1], document["roofs"]
    return "\n\n".join(
        [
            "Medians in ms:\n" + "\n".join(dict.fromkeys(filter(None, measured))),
            "The 16 networks, ms (time a mult-add in units of that of 1.0-224):\n" + "; ".join(networks),
            *(f"{name}, one thread, layer by layer\n{table}" for name, table in document["tables"].items()),
            f"full / separable: {last['counted']:.2f} times the mult-adds, {last['measured']['median']:.2f} times the time\n"
            f"roofs: {roofs['product_rate'] / 1e9:.0f}e9 mult-adds a second, {roofs['copy_rate'] / 1e9:.0f}e9 bytes a second",
        ]
    )


def write(text: str) -> None:
    """Replace what stands between the two marks in the README."""
    before, _, rest = README.read_text(encoding="utf8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"{README} must hold the line {BEGIN.strip()!r} and, below it, {END.strip()!r}")
    README.write_text(f"{before}{BEGIN}\n{text}\n{end}{after}", encoding="utf8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=40, help="rounds of each comparison (default 40)")
    parser.add_argument("--short", action="store_true", help="two rounds and small batches: to see that it works")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--figures", metavar="FOLDER", help="draw the roofline and the ratios into this folder")
    parser.add_argument("--write", action="store_true", help="write the tables into the README of the benchmarks")
    options = parser.parse_args()
    arguments = ["--rounds=2", "--batch=4"] if options.short else [f"--rounds={options.rounds}"]
    documents = {}
    for kind, variables in kinds().items():
        drawn = [f"--figures={options.figures}"] if options.figures and not documents else []
        documents[kind] = measure(variables, arguments + drawn)
    if options.json:
        print(json.dumps(documents, indent=2))
        return 0
    print(report(documents))
    for kind, document in documents.items():
        print(f"== {kind} ==\n\n{details(document)}\n")
    if options.write:
        write(report(documents))
    return 0


if __name__ == "__main__":
    sys.exit(main())
