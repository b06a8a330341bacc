"""Damage a file many times over, and load each of them in a process of its own: `python damage.py FILE FIRST LAST`.

Each process may take 5 seconds of the processor and 1 GB. What is loaded must have the layers of the whole file, and answer. Prints
how many were loaded and how many refused; whatever else happened is an error.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import tflite

from npmobile import pretrained
from npmobile.pretrained import tflite as reader

SECONDS, BYTES = 5, 2**30
LOADED, REFUSED, WRONG = 0, 1, 2


def outside_arrays(content: bytes) -> np.ndarray:
    """Positions of all bytes that are headers and offsets, and not numbers of an array."""
    model = tflite.Model.GetRootAs(content, 0)
    begin = np.frombuffer(content, np.uint8).ctypes.data
    outside = np.ones(len(content), bool)
    for index in range(model.BuffersLength()):
        if model.Buffers(index).DataLength():
            data = model.Buffers(index).DataAsNumpy()
            outside[data.ctypes.data - begin : data.ctypes.data - begin + data.size] = False
    return np.flatnonzero(outside)


def damaged(content: bytes, headers: np.ndarray, seed: int) -> bytes:
    """Of four files one is cut off; in the others bytes are changed, in two of them in headers and offsets only."""
    rng = np.random.default_rng(seed)
    if seed % 4 == 0:
        return content[: rng.integers(0, len(content))]
    changed = bytearray(content)
    positions = headers if seed % 4 < 3 else np.arange(len(content))
    for position in rng.choice(positions, rng.choice([1, 1, 1, 2, 4, 16, 64])):
        flipped = changed[position] ^ (1 << int(rng.integers(0, 8)))
        changed[position] = flipped if rng.random() < 0.5 else int(rng.integers(0, 256))
    return bytes(changed)


def outcome(path: Path, whole, x: np.ndarray, answer: np.ndarray) -> int:
    """In a process of its own."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    signal.alarm(20 * SECONDS)  # by the clock on the wall: another program may have the processor
    try:
        for load in (pretrained.load, reader.load_integers):
            try:
                model = load(path)
            except ValueError as error:
                assert str(path) in str(error) and "\n" not in str(error) and len(str(error)) < 800, error
                model = None
                continue
            assert model.layers == whole.layers
        if model is None:
            return REFUSED
        y = model.predict(x)
        assert (y.shape, y.dtype) == (answer.shape, answer.dtype)
        return LOADED
    except BaseException:
        traceback.print_exc()
        return WRONG


def main(path: Path, first: int, last: int) -> None:
    warnings.simplefilter("error")
    content = path.read_bytes()
    headers = outside_arrays(content)
    whole = reader.load_integers(path)
    layer = whole.layers[0]
    x = np.zeros((1, layer.D_F, layer.D_F, layer.M), whole.input.dtype)
    answer = whole.predict(x)
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, last):
            file = Path(folder) / f"{seed}.tflite"
            file.write_bytes(damaged(content, headers, seed))
            process = os.fork()
            if process == 0:
                os._exit(outcome(file, whole, x, answer))
            code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            name = {LOADED: "loaded", REFUSED: "refused"}.get(code, f"wrong ({code}): {seed}")
            counted[name] += 1
            file.unlink()
    print(json.dumps(counted))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
