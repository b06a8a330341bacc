"""Taking times: who runs when, on how many threads, and by which clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from threadpoolctl import ThreadpoolController

from npmobile.fast import timing

Functions = Mapping[str, Callable[[], Any]]

CORES = os.cpu_count() or 1
THREADS = ThreadpoolController()
FINE = time.get_clock_info("thread_time").resolution < 1e-5  # on Windows it is 16 ms
ONE_THREAD = time.thread_time if FINE else time.perf_counter
PAUSE = 0.02  # seconds; the system adds up the processor time of a running thread in steps of 4 ms or less


@contextmanager
def held_to(threads: int) -> Iterator[None]:
    """BLAS and PyTorch held to so many threads."""
    torch.set_num_threads(threads)
    with THREADS.limit(limits=threads, user_api="blas"):
        yield


def on(threads: int, function: Callable[[], Any]) -> Callable[[], Any]:
    """The function with its own number of threads, for what takes so long that setting it does not count."""

    def held() -> Any:
        with held_to(threads):
            return function()

    return held


def settle() -> None:
    """Wait until no thread of this process uses the processor.

    The threads of BLAS, PyTorch and ONNX Runtime go on spinning for a while when their work is done, and would take a
    core from what is measured next. Here the calling thread sleeps, so all processor time that passes is theirs.
    """
    while True:
        before = time.process_time()
        time.sleep(PAUSE)
        if time.process_time() - before < PAUSE / 20:
            return


def on_one_thread(functions: Functions, rounds: int) -> dict[str, list[float]]:
    """Seconds of processor time of the one thread that works: the turns of other programs are left out."""
    with held_to(1):
        settle()
        return timing.interleaved(functions, rounds, ONE_THREAD)


def on_all_cores(functions: Functions, rounds: int) -> dict[str, list[float]]:
    """Seconds on the wall; before each function, the threads of the one before come to rest."""
    return timing.interleaved(functions, rounds, before=settle)


def agree(functions: Functions) -> None:
    """Stop unless all of them give the same answer: what computes something else is no rival."""
    with held_to(1):
        answers = {name: function() for name, function in functions.items()}
    first, *others = answers
    for name in others:
        np.testing.assert_allclose(
            answers[name], answers[first], rtol=1e-3, atol=1e-5, err_msg=f"{name} is not {first}"
        )
