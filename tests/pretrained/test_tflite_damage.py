"""Damaged `.tflite` files: loaded with the right shapes, or refused, in bounded time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from integers.made import integer_model

import npmobile as nm

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are those of Linux")
tflite_files = pytest.importorskip("pretrained.tflite_files", reason="needs tflite", exc_type=ImportError)
HERE = Path(__file__).parent


def outcomes(path, first, last):
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[1]), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, str(HERE / "damage.py"), str(path), str(first), str(last)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    assert counted.keys() <= {"loaded", "refused"}, f"{counted}\n{done.stderr}"
    assert sum(counted.values()) == last - first
    return counted


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
def test_a_few(dtype, tmp_path):
    tflite_files.file_of_integers(integer_model(nm.mobilenet(0.25, 32, 10), dtype)).write(tmp_path / "whole.tflite")
    counted = outcomes(tmp_path / "whole.tflite", 0, 60)
    assert counted["refused"] >= 15  # the files that were cut off
    assert counted["loaded"] >= 5  # those with other weights, or other names


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mobilenet_v1_0.25_128_quant", "person_detect"])
def test_five_hundred(name, shared):
    """250 of each, with other damage each."""
    first = {"mobilenet_v1_0.25_128_quant": 1000, "person_detect": 2000}[name]
    counted = outcomes(shared / f"weights/tflite/{name}.tflite", first, first + 250)
    assert counted["refused"] >= 250 // 4
    assert counted["loaded"] >= 20
