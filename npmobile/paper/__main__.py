"""The command `python -m npmobile.paper`: every cost that the paper prints, beside ours."""

import argparse
import sys
from collections.abc import Sequence

from .. import cli
from . import report


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; returns the exit status."""
    parser = cli.parser("npmobile.paper", "Every cost that the MobileNet paper prints, beside ours.")
    parser.add_argument("--table", type=int, choices=range(1, 15), metavar="N", help="one table of the paper, 1 to 14")
    parser.add_argument("--wide", action="store_true", help="tables as wide as they are, each reason in its line")
    style = parser.add_mutually_exclusive_group()
    style.add_argument("--markdown", action="store_true", help="print markdown")
    style.add_argument("--json", action="store_true", help="print JSON")
    return cli.run(parser, _report, arguments)


def _report(options: argparse.Namespace) -> tuple[int, str]:
    found = report.collect(options.table)
    return 0, report.as_json(found) if options.json else report.as_text(found, options.markdown, options.wide)


if __name__ == "__main__":
    sys.exit(main())
