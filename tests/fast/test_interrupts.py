"""Ctrl-C at any moment: soon over, NumPy as it was, and the next answer right."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from npmobile import weights
from npmobile.fast.plan import Plan
from npmobile.fast.workspace import Workspace
from npmobile.spec import Layer

NUMPY_2 = np.lib.NumpyVersion(np.__version__) >= "2.0.0"
LAYERS = (
    Layer("conv", "standard", 3, 2, 1, 2, 6),
    Layer("dw", "depthwise", 3, 2, 2, 2, 3),
    Layer("pw", "pointwise", 1, 1, 2, 2, 2),
    Layer("pool", "pool", 2, 1, 2, 2, 2),
    Layer("fc", "fully_connected", 1, 1, 2, 3, 1),
)


def settings_of_numpy():
    """NumPy 1.26 keeps its error state in the thread, where no context can hold it; see `quiet`."""
    return np.getbufsize(), np.geterr() if NUMPY_2 else None


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_ctrl_c_does_not_wait_for_the_batch(monkeypatch, threads):
    plan = Plan(LAYERS, weights.fold(weights.init(LAYERS)))
    x = np.random.default_rng(0).normal(size=(2000, 6, 6, 1)).astype(np.float32)
    expected, _ = plan.run(x)
    run, made = Workspace.run, []

    def interrupted(self, image, out):
        made.append(None)
        if len(made) == 5:
            signal.raise_signal(signal.SIGINT)
        time.sleep(0.001)  # the thread that gets the interrupt must have its turn
        return run(self, image, out)

    monkeypatch.setattr(Workspace, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        plan.run(x, threads)
    assert 5 <= len(made) < 1000
    after = len(made)
    time.sleep(0.05)
    assert len(made) == after  # no thread goes on
    monkeypatch.undo()
    assert np.array_equal(plan.run(x, threads)[0], expected)


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_in_one_thread_ends_the_others(monkeypatch, threads):
    plan, made = Plan(LAYERS, weights.fold(weights.init(LAYERS))), []

    def fails(self, image, out):
        made.append(self)
        raise MemoryError("no more")

    monkeypatch.setattr(Workspace, "run", fails)
    with pytest.raises(MemoryError, match="no more"):
        plan.run(np.zeros((100, 6, 6, 1), np.float32), threads)
    assert 1 <= len(made) <= threads
    assert not set(made) & set(plan._idle)  # what was interrupted is not used again


def test_an_interrupt_before_any_instruction_leaves_nothing_behind():
    """Python may raise KeyboardInterrupt between any two instructions. Here it is raised before each in turn."""
    plan = Plan(LAYERS, weights.fold(weights.init(LAYERS)))
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 1)).astype(np.float32)
    expected, before = plan.run(x)[0], settings_of_numpy()
    tracer, at = sys.gettrace(), 0
    finished = False
    while not finished:
        at, left = at + 3, at  # every third instruction: some hundred

        def interrupt(frame, event, argument):
            nonlocal left
            frame.f_trace_opcodes = True
            if event == "opcode":
                left -= 1
                if left < 0:
                    raise KeyboardInterrupt
            return interrupt

        try:
            sys.settrace(interrupt)
            try:
                plan.run(x)
                finished = True
            finally:
                sys.settrace(tracer)
        except KeyboardInterrupt:
            pass
        assert settings_of_numpy() == before, at
        assert np.array_equal(plan.run(x)[0], expected), at
    assert at > 300


STORM = """
    import signal
    import numpy as np
    from npmobile import mobilenet, weights
    from npmobile.fast.plan import Plan

    def interrupt(*_):
        raise KeyboardInterrupt

    layers = mobilenet(0.25, 32, 10)
    plan = Plan(layers, weights.fold(weights.init(layers)))
    x = np.random.default_rng(0).uniform(-1, 1, (4, 32, 32, 3)).astype(np.float32)
    expected, size, errors = plan.run(x)[0], np.getbufsize(), np.geterr()
    signal.signal(signal.SIGALRM, interrupt)
    interrupts = 0
    for n in range(300):
        try:
            signal.setitimer(signal.ITIMER_REAL, 1e-5 + n % 50 * 5e-5)
            for _ in range(50):
                plan.run(x, threads=1 + n % 2)
        except KeyboardInterrupt:
            interrupts += 1
        assert np.getbufsize() == size
        assert np.geterr() == errors or np.__version__ < "2"
        assert np.array_equal(plan.run(x)[0], expected)
    print(interrupts)
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer that sends signals")
def test_many_interrupts_leave_nothing_behind():
    """Nor a thread that would keep the process from ending."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(STORM)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
