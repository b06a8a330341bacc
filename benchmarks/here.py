"""Measure everything in this process, on the processor as the environment variables leave it, and print it as JSON.

`run.py` starts this once for each kind of processor.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import comparisons
import numpy as np
import onnxruntime
import torch
from measuring import CORES, THREADS, on

import npmobile as nm
from npmobile import plots
from npmobile.fast import timing


def machine() -> dict[str, Any]:
    """What was measured on: processor, cores, versions, and the BLAS that NumPy uses."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")] or [platform.processor()]
    blas = [i for i in THREADS.info() if i["user_api"] == "blas" and "numpy" in i["filepath"]] or THREADS.info()
    return {
        "processor": names[0],
        "cores": CORES,
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "torch uses": torch.backends.cpu.get_cpu_capability(),
        "onnxruntime": onnxruntime.__version__,
        "blas": f"{blas[0]['internal_api']} {blas[0]['version']}, kernels {blas[0].get('architecture', 'unknown')}",
    }


def everything(rounds: int, B: int, folder: Path | None) -> dict[str, Any]:
    """All that is measured, as JSON can hold it; with a folder, the figures are drawn there."""
    grown, networks = comparisons.growth(rounds)
    above, floors = comparisons.floors(rounds)
    rows = [
        *comparisons.one_image(rounds),
        *above,
        *comparisons.batch(max(2, rounds // 4), B),
        grown,
        comparisons.memory(),
        *comparisons.kernels(rounds),
        *comparisons.eight_bits(rounds),
    ]
    versions = {"separable": nm.mobilenet(), "full": nm.mobilenet(separable=False)}
    layers = on(1, lambda: timing.in_turn(list(versions.values()), max(1, rounds // 4)))()
    timed, roofs = dict(zip(versions, layers)), on(1, timing.machine)()
    ratios = timing.ratios(timed["separable"], timed["full"])
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        plots.roofline(timed["separable"], roofs).savefig(folder / "roofline.png")
        plots.speedup(ratios).savefig(folder / "speedup.png")
    return {
        "machine": machine(),
        "rows": [row.document() for row in rows],
        "floors": {
            name: {"whole": floor.whole, "seconds": floor.seconds, "parts": [part._asdict() for part in floor.parts]}
            for name, floor in floors.items()
        },
        "networks": networks,
        "layers": {
            name: [asdict(t) | {"seconds": t.seconds, "intensity": float(t.intensity), "rate": t.rate} for t in network]
            for name, network in timed.items()
        },
        "tables": {name: timing.as_text(network) for name, network in timed.items()},
        "ratios": [{"block": r.name, "counted": float(r.counted), "measured": r.measured._asdict()} for r in ratios],
        "roofs": roofs._asdict(),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--figures", type=Path)
    options = parser.parse_args()
    json.dump(everything(options.rounds, options.batch, options.figures), sys.stdout)
