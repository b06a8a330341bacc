"""The numbers that the paper prints, to set beside ours (Howard et al., 2017, arXiv 1704.04861v1)."""

from __future__ import annotations

# (alpha, resolution) -> millions of mult-adds of the 1000-class network, and where it is printed
_PRINTED_TOTALS = {
    (1.0, 224): (569, "Table 6"),
    (0.75, 224): (325, "Table 6"),
    (0.5, 224): (149, "Table 6"),
    (0.25, 224): (41, "Table 6"),
    (1.0, 192): (418, "Table 7"),
    (1.0, 160): (290, "Table 7"),
    (1.0, 128): (186, "Table 7"),
    (0.5, 160): (76, "Table 9"),
}


def printed_total(alpha: float, resolution: int, classes: int = 1000) -> tuple[int, str] | None:
    """Millions of mult-adds that the paper prints for this network, and the table; None where it prints none.

    Examples
    --------
    >>> printed_total(1.0, 224)
    (569, 'Table 6')
    >>> printed_total(0.3, 224) is None
    True
    """
    return _PRINTED_TOTALS.get((alpha, resolution)) if classes == 1000 else None
