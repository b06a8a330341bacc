"""Lines of words as a table, for a terminal or as markdown."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def as_text(lines: Sequence[Sequence[str]], words: Collection[str]) -> str:
    """The first line is the head. Columns with a title in `words` stand to the left, the others are numbers.

    >>> print(as_text([["layer", "mult-adds"], ["conv1", "864"], ["fc", "1,024,000"]], words=["layer"]))
    layer  mult-adds
    conv1        864
    fc     1,024,000
    """
    widths = [max(map(len, column)) for column in zip(*lines)]
    left = [title in words for title in lines[0]]
    rows = (
        "  ".join(
            cell.ljust(width) if to_left else cell.rjust(width) for cell, width, to_left in zip(line, widths, left)
        )
        for line in lines
    )
    return "\n".join(row.rstrip() for row in rows)


def as_markdown(lines: Sequence[Sequence[str]], words: Collection[str]) -> str:
    """The same in markdown.

    >>> print(as_markdown([["layer", "mult-adds"], ["conv1", "864"]], words=["layer"]))
    | layer | mult-adds |
    |:--|--:|
    | conv1 | 864 |
    """
    rule = "|" + "|".join(":--" if title in words else "--:" for title in lines[0]) + "|"
    head, *body = ("| " + " | ".join(line) + " |" for line in lines)
    return "\n".join([head, rule, *body])
