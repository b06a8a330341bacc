"""The command `python -m npmobile.pretrained`: list what can be fetched, fetch one file.

python -m npmobile.pretrained list
python -m npmobile.pretrained fetch keras/mobilenet_2_5_224
"""

import argparse
import sys
from collections.abc import Sequence

from .. import cli
from . import PUBLISHED, fetch


def main(arguments: Sequence[str] | None = None) -> int:
    """List what is published, or fetch it; returns the exit status."""
    parser = cli.parser("npmobile.pretrained", "Published MobileNet v1 weights.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="list | fetch NAME")
    commands.add_parser("list", help="print the names of what can be fetched")
    commands.add_parser("fetch", help="download one file and print its path").add_argument("name", metavar="NAME")
    return cli.run(parser, _list_or_fetch, arguments)


def _list_or_fetch(options: argparse.Namespace) -> tuple[int, str]:
    return 0, "\n".join(PUBLISHED) if options.command == "list" else str(fetch(options.name))


if __name__ == "__main__":
    sys.exit(main())
