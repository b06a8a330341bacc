"""The command line of trained networks.

python -m npmobile.pretrained list
python -m npmobile.pretrained fetch keras/mobilenet_2_5_224
"""

import sys

from ..cli import Parser
from . import PUBLISHED, fetch


def main() -> int:
    """List what is published, or fetch it; returns the exit status."""
    parser = Parser(prog="python -m npmobile.pretrained", description="Published MobileNet v1 weights.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="list | fetch NAME")
    commands.add_parser("list", help="print the names of what can be fetched")
    commands.add_parser("fetch", help="download one file and print its path").add_argument("name", metavar="NAME")
    options = parser.parse_args()
    if options.command == "list":
        print("\n".join(PUBLISHED))
        return 0
    try:
        print(fetch(options.name))
    except (ValueError, OSError, ImportError) as error:
        parser.exit(2, f"{parser.prog}: {error}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
