"""Draw the figure at the top of the READMEs: `python tools/readme_figure.py` writes it in English and in Korean."""

from __future__ import annotations

from pathlib import Path

import npmobile as nm

FOLDER = Path(__file__).parents[1] / "notebooks" / "figures"


def main() -> None:
    for language, name in (("en", "accuracy.png"), ("ko", "accuracy.ko.png")):
        if nm.language.use(language) != language:
            raise SystemExit(1)  # the warning said which font is missing
        data, _ = nm.plots.accuracy(nm.paper.accuracies())._repr_mimebundle_()
        (FOLDER / name).write_bytes(data["image/png"])


if __name__ == "__main__":
    main()
