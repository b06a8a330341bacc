"""Every cost that the paper prints beside ours: `python -m npmobile.paper`."""

import os
import sys
from collections.abc import Sequence

from ..cli import Parser
from . import report


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; returns the exit status."""
    parser = Parser(prog="npmobile.paper", description="Every cost that the MobileNet paper prints, beside ours.")
    parser.add_argument("--table", type=int, choices=range(1, 15), metavar="N", help="one table of the paper, 1 to 14")
    style = parser.add_mutually_exclusive_group()
    style.add_argument("--markdown", action="store_true", help="print markdown")
    style.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    found = report.collect(options.table)
    try:
        print(report.as_json(found) if options.json else report.as_text(found, options.markdown), flush=True)
    except BrokenPipeError:  # the reader, perhaps `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
