"""Watch a student's function while it runs: stop it if it does not end, and see whether it calls npmobile itself.

A time limit usually needs a thread, a signal or another process; in a browser there are none of them. Here Python
itself is asked to call a function before each of its instructions (`sys.settrace`), and that function counts. It sees
one-line loops such as `while True: pass` too, which is why instructions are counted and not lines. What NumPy does
inside one call of its own is not interrupted.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Collection, Mapping
from types import CodeType, FrameType
from typing import Any

PACKAGE = os.path.dirname(os.path.dirname((lambda: None).__code__.co_filename))  # as code objects have it
INSTRUCTIONS = 3_000_000  # seven nested loops over the largest case take less than a tenth of them
_LIBRARIES = tuple(sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def _events_of_instructions() -> None:
    """Ask for them in a frame of its own: Python 3.12 looks for one such frame when tracing is switched on."""
    sys._getframe().f_trace_opcodes = True


class Endless(BaseException):
    """The function has used up its instructions. No `except Exception` catches it.

    Python switches tracing off when this is raised. If a bare `except:` catches it, it is deleted, and tracing is
    switched on again: then it is raised once more. A function that keeps the exception itself and goes on is not stopped.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def __del__(self) -> None:
        self._watch.resume()


class Watch:
    """Counts the instructions of all code that is no library's, and notes the functions of npmobile that were called.

    The tracer that was there before, of a debugger or of a coverage tool, is put back at the end.

    Parameters
    ----------
    allowed : collection of str
        Modules of npmobile that may be called, as "counting".
    allowed_code : collection of code objects
        Single functions of other modules that may be called.
    instructions : int
        After so many, the call is stopped.
    """

    def __init__(
        self,
        allowed: Collection[str] = (),
        allowed_code: Collection[CodeType] = (),
        instructions: int = INSTRUCTIONS,
    ) -> None:
        self.used: list[str] = []  # functions of npmobile that were called
        self.lost = False  # whether tracing was off at the end
        self._left = instructions
        self._allowed, self._allowed_code = allowed, allowed_code
        self._kinds: dict[CodeType, str] = {}
        self._active = False

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """Call a function, watched, and return what it returns.

        The tracer is changed and put back in one and the same frame: that of a coverage tool keeps count of frames.
        """
        before, before_in_threads = sys.gettrace(), threading.gettrace()
        sys.settrace(None)  # so that no debugger of before follows the next frame
        _events_of_instructions()
        self._active, ended = True, False
        try:
            threading.settrace(self._call)
            sys.settrace(self._call)
            result = function(*arguments, **keywords)
            ended = True
            return result
        finally:
            self._active = False
            self.lost = ended and sys.gettrace() != self._call
            sys.settrace(before)
            threading.settrace(before_in_threads)

    def resume(self) -> None:
        """Switch tracing on again in all functions that run now, after an exception has switched it off."""
        if not self._active:
            return
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and self._kind(frame.f_code) != "exercises":
            if self._kind(frame.f_code) == "own":
                self._follow(frame)
            frame = frame.f_back
        sys.settrace(self._call)

    def _call(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        """Python calls this when a function begins, and when a generator goes on."""
        kind = self._kind(frame.f_code)
        if kind == "own":
            self._follow(frame)
            return self._instruction
        if kind not in ("library", "exercises") and kind not in self.used:
            self.used.append(kind)
        return None

    def _follow(self, frame: FrameType) -> None:
        frame.f_trace_lines, frame.f_trace_opcodes, frame.f_trace = False, True, self._instruction

    def _instruction(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
        self._left -= 1
        if self._left < 0 and event == "opcode":
            raise Endless(self)
        return self._instruction

    def is_own(self, code: CodeType) -> bool:
        """Whether code is a student's."""
        return self._kind(code) == "own"

    def _kind(self, code: CodeType) -> str:
        """ "own" of a student's code, "library", "exercises", or the name of a function of npmobile."""
        kind = self._kinds.get(code)
        if kind is None:
            kind = self._kinds[code] = self._look_at(code)
        return kind

    def _look_at(self, code: CodeType) -> str:
        file = code.co_filename
        if file.startswith(PACKAGE + os.sep):
            module = os.path.relpath(file, PACKAGE).removesuffix(".py").replace(os.sep, ".")
            first = module.partition(".")[0]
            if first == "exercises":
                return "exercises"
            allowed = first in self._allowed or code in self._allowed_code
            return "library" if allowed else f"npmobile.{module}.{code.co_name}".replace(".__init__", "")
        return "library" if file.startswith((*_LIBRARIES, "<frozen", "<__array_function__")) else "own"
