"""What all commands share: one parser, one way to run, and one line for whatever goes wrong.

A command is a function from its options to an exit status and a text. `run` parses, calls it, and prints the text
at the very end, so that nothing is half printed. The exit status is 0 (done), 1 (a count differs, in the demo),
2 (refused, with one line on stderr) or 130 (Ctrl-C, as shells say it).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, NoReturn, TextIO

REFUSED, INTERRUPTED = 2, 130
LONGEST = 1000  # characters of a message
COMMANDS = """\
commands:
  python -m npmobile             the demo (the script npmobile is the same)
  python -m npmobile.paper       every cost that the paper prints, beside ours
  python -m npmobile.pretrained  trained networks: list them, fetch one"""

Command = Callable[[argparse.Namespace], tuple[int, str]]


class Parser(argparse.ArgumentParser):
    """A parser that writes 80 columns and raises ValueError for what it refuses."""

    def __init__(self, **how: Any) -> None:
        super().__init__(formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=80), **how)

    def error(self, message: str) -> NoReturn:
        """Refuse an argument."""
        raise ValueError(message)

    def _print_message(self, message: str, file: object = None) -> None:
        """Print help or version as all text of a command is printed: argparse of Python 3.10 lets errors out."""
        _print(message.rstrip("\n"))


def parser(module: str, description: str) -> Parser:
    """The parser of a command, with the options that all have: --help, which names the others, and --version."""
    from . import __version__  # not known while the package is being imported

    made = Parser(prog=f"python -m {module}", description=description, epilog=COMMANDS)
    made.add_argument("--version", action="version", version=f"npmobile {__version__}")
    return made


def run(parser: Parser, command: Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    parser : Parser
    command : function
        From the options that the parser found to the exit status and the text to be printed.
    arguments : sequence of str, optional
        Those of the command line, if not given.

    Returns
    -------
    int
        The exit status.

    Examples
    --------
    >>> run(Parser(prog="hello"), lambda options: (0, "Hello!"), [])
    Hello!
    0
    """
    try:
        with _interruptible():
            if sys.stdout is None:
                raise OSError("standard output is closed")
            try:
                status, text = command(parser.parse_args(arguments))
            except SystemExit as done:  # after --help and --version, which print by themselves
                status, text = int(done.code or 0), ""
            _print(text)
            return status
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except (ValueError, TypeError, OSError, ImportError, MemoryError) as error:
        _say(f"{parser.prog}: {_one_line(error)}")
        return REFUSED


def figure_path(path: str) -> str:
    """The type of an option that names a figure to be written: refused before any work is done, not after.

    >>> figure_path("costs.docx")
    Traceback (most recent call last):
    argparse.ArgumentTypeError: must end with .png, .svg or .pdf, but is 'costs.docx'
    """
    folder, name = os.path.split(path)
    if os.path.splitext(name)[1].lower() not in (".png", ".svg", ".pdf"):
        raise argparse.ArgumentTypeError(f"must end with .png, .svg or .pdf, but is {path!r}")
    if not os.path.isdir(folder or "."):
        raise argparse.ArgumentTypeError(f"there is no folder {folder!r}")
    if os.path.isdir(path):
        raise argparse.ArgumentTypeError(f"{path!r} is a folder")
    return path


@contextmanager
def _interruptible() -> Iterator[None]:
    """While a command runs, Ctrl-C raises KeyboardInterrupt, so that what is begun is cleared away."""
    quiet = signal.getsignal(signal.SIGINT) is _leave
    if quiet:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if quiet:
            signal.signal(signal.SIGINT, _leave)


def _leave(*_: object) -> None:
    with suppress(RuntimeError):  # if it was writing to stderr
        _say("interrupted")
    os._exit(INTERRUPTED)


def _print(text: str) -> None:
    """Print and flush; what the console's encoding lacks is written as an escape."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(text, end="\n" if text else "", flush=True)
    except BrokenPipeError:  # the reader, perhaps `head`, has seen enough
        _discard(sys.stdout)
    except OSError as error:
        _discard(sys.stdout)
        raise OSError(error.errno, error.strerror, "standard output") from error


def _say(line: str) -> None:
    """Write a line to stderr, if there is one."""
    if sys.stderr is None:
        return
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """Send what is left in a stream nowhere, so that Python does not complain of it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _one_line(error: BaseException) -> str:
    r"""What is said of an error.

    >>> _one_line(FileNotFoundError(2, "No such file or directory", "a\ncat.jpg")), _one_line(MemoryError())
    ("No such file or directory: 'a\\ncat.jpg'", 'not enough memory')
    """
    message = str(error)
    if isinstance(error, OSError) and error.strerror:  # without the number of the error
        message = error.strerror + ("" if error.filename is None else f": {error.filename!r}")
    message = message or ("not enough memory" if isinstance(error, MemoryError) else type(error).__name__)
    message = " ".join(message.split())
    message = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in message)
    if len(message) > LONGEST:
        message = f"{message[: LONGEST - 300]} ... {message[-200:]}"
    return message


def _started_as_command() -> bool:
    """Whether Python is loading one of our commands: for `python -m`, `sys.argv[0]` is "-m" until the module is found."""
    name = os.path.splitext(os.path.basename(sys.argv[0]))[0] if sys.argv else ""
    return name == "npmobile" or (name == "-m" and any(word.split(".")[0] == "npmobile" for word in sys.orig_argv))


# Loading NumPy takes a while. The package imports this module first, so that Ctrl-C is quiet from here on.
if _started_as_command() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, _leave)
