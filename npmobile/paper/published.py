"""The published networks, by alpha and resolution: what the paper prints of them, and what they cost.

The paper's Figures 4 and 5 plot 16 networks: four widths at four resolutions. Its tables print the accuracies of 8 of
them; the authors released weights for all 16 later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import cost
from ..spec import mobilenet
from .printed import PAPER, RELEASED


def printed_total(alpha: float, resolution: int, classes: int = 1000) -> tuple[int, str] | None:
    """Millions of mult-adds that the paper prints for this network, and the table; None where it prints none.

    Examples
    --------
    >>> printed_total(1.0, 224)
    (569, 'Table 6')
    >>> printed_total(0.3, 224) is None
    True
    """
    for table in PAPER[5:9] if classes == 1000 else ():  # Tables 6 to 9 are about ImageNet's 1000 classes
        for label, _, millions, _ in table.rows:
            if _network(label) == (alpha, resolution):
                return int(millions), table.name
    return None


@dataclass(frozen=True)
class Point:
    """One of the 16 networks of Figures 4 and 5: its costs, and its ImageNet accuracy in percent.

    `printed` is the accuracy in the paper's tables, None for the 8 networks that it only plots; `released` is
    that of the weights which its authors published later.
    """

    alpha: float
    resolution: int
    mult_adds: int
    parameters: int
    printed: float | None
    released: float


def accuracies() -> list[Point]:
    """The 16 networks of Figures 4 and 5.

    Examples
    --------
    >>> accuracies()[0]
    Point(alpha=1.0, resolution=224, mult_adds=568740352, parameters=4209088, printed=70.6, released=70.9)
    >>> sum(point.printed is not None for point in accuracies())
    8
    """
    in_paper = {_network(row[0]): float(row[1]) for table in PAPER[5:9] for row in table.rows if _network(row[0])}
    points = []
    for name, _, _, top1, _ in RELEASED.rows:
        alpha, resolution = name.removeprefix("MobileNet_v1_").split("_")
        network = float(alpha), int(resolution)
        costs = cost.total(cost.table(mobilenet(*network)))
        points.append(Point(*network, costs.mult_adds, costs.parameters, in_paper.get(network), float(top1)))
    return points


def _network(label: str) -> tuple[float, int] | None:
    """Of "0.50 MobileNet-160": (0.5, 160)."""
    match = re.fullmatch(r"(\d\.\d+) MobileNet-(\d+)", label)
    return (float(match[1]), int(match[2])) if match else None
