"""Draw the figure at the top of the README: `python tools/readme_figure.py` writes notebooks/figures/accuracy.png."""

from __future__ import annotations

from pathlib import Path

import npmobile as nm

FOLDER = Path(__file__).parents[1] / "notebooks" / "figures"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    nm.plots.accuracy(nm.paper.accuracies()).savefig(FOLDER / "accuracy.png", dpi=110)


if __name__ == "__main__":
    main()
