"""Tables of text: for a terminal, as markdown, as HTML. And `Shown`: lists and tuples that display as a table.

A table is a list of lines of cells, all of them text. The first line is the head. Columns whose title is in `words`
are aligned to the left, all others hold numbers and are aligned to the right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

Lines = Sequence[Sequence[str]]
WIDTH = 80  # columns of a terminal
GAP = "  "  # between two columns of a table
NARROWEST = 8  # columns of a terminal to which a column of the table is wrapped
SENTENCE = 40  # columns from which on a cell of words is broken into lines in HTML
INDENT = "    "  # before a note below a line of a table


def printable(text: str) -> str:
    r"""The same text on one line: what a terminal does not print is written as an escape.

    Names of files hold newlines, control characters and bytes that are no text (surrogates, for Python).

    >>> printable("a cat\n\x1b.png"), printable("고양이.jpg")
    ('a cat\\n\\x1b.png', '고양이.jpg')
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def width(text: str) -> int:
    """Columns that a text takes on a terminal: two for a wide East Asian character, none for a combining one.

    >>> width("cat"), width("고양이")
    (3, 6)
    """
    composed = unicodedata.normalize("NFC", text)  # macOS writes a Korean syllable as two or three characters
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in composed)


def pad(text: str, columns: int, to_left: bool = True) -> str:
    """Fill up with spaces, behind the text (`to_left`) or before it.

    >>> pad("고양이", 8) + "|", pad("864", 5, to_left=False)
    ('고양이  |', '  864')
    """
    spaces = " " * (columns - width(text))
    return text + spaces if to_left else spaces + text


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most so many columns: between words, or within a word that is longer than a line.

    >>> wrap("a separable convolution", 11), wrap("고양이", 5), wrap("", 5)
    (['a separable', 'convolution'], ['고양', '이'], [''])
    """
    lines = [""]
    for word in text.split():
        if lines[-1] and width(lines[-1]) + 1 + width(word) <= columns:
            lines[-1] += f" {word}"
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and width(lines[-1] + character) > columns:
                lines.append("")
            lines[-1] += character
    return lines


def fill(text: str, columns: int = WIDTH, first: str = "", indent: str = "") -> str:
    """Wrap a text; the first line starts with `first`, the others with `indent`.

    >>> print(fill("one mult-add is one multiplication", 24, first="1. ", indent="   "))
    1. one mult-add is one
       multiplication
    """
    head, *others = wrap(text, columns - max(width(first), width(indent)))
    return "\n".join([first + head, *(indent + line for line in others)])


def heading(title: str, markdown: bool = False) -> str:
    """A title: as text underlined, in markdown of the second level.

    >>> print(heading("Table 6"))
    Table 6
    -------
    """
    if markdown:
        return f"## {printable(title)}"
    lines = wrap(printable(title), WIDTH)
    return "\n".join([*lines, "-" * max(map(width, lines))])


def fenced(text: str, markdown: bool) -> str:
    """In markdown, a text whose lines and spaces stay as they are."""
    return f"```\n{text}\n```" if markdown else text


def widths(lines: Lines) -> list[int]:
    """Columns of the terminal that each column of the table needs.

    >>> widths([["layer", "mult-adds"], ["conv1", "864"]])
    [5, 9]
    """
    return [max(map(width, column)) for column in zip(*lines)]


def fits(lines: Lines, within: int = WIDTH) -> bool:
    """Whether no line of the table is longer than `within` columns.

    >>> fits([["layer", "mult-adds"], ["conv1", "864"]], within=16)
    True
    """
    needed = widths(lines)
    return sum(needed) + len(GAP) * (len(needed) - 1) <= within


def as_text(lines: Lines, words: Collection[str], within: int | None = None, below: str = "") -> str:
    """A table for a terminal.

    Parameters
    ----------
    lines : sequence of lines of cells
        The first is the head.
    words : collection of str
        The titles of columns that are aligned to the left.
    within : int, optional
        The widest line allowed: where the table would be wider, its widest columns of words are wrapped.
    below : str, optional
        The title of a column that stands on lines of its own, under the others, indented.

    Returns
    -------
    str

    Examples
    --------
    >>> lines = [["layer", "mult-adds", "why"], ["conv1", "864", ""], ["fc", "1,024,000", "1024 times 1000"]]
    >>> print(as_text(lines, words=["layer", "why"]))
    layer  mult-adds  why
    conv1        864
    fc     1,024,000  1024 times 1000
    >>> print(as_text(lines, words=["layer", "why"], within=28))
    layer  mult-adds  why
    conv1        864
    fc     1,024,000  1024 times
                      1000
    >>> print(as_text(lines, words=["layer"], below="why"))
    layer  mult-adds
    conv1        864
    fc     1,024,000
        1024 times 1000
    """
    rows = [list(map(printable, line)) for line in lines]
    notes = [""] * len(rows)
    if below:
        at = rows[0].index(below)
        _, *notes[1:] = [row.pop(at) for row in rows]
    left = [title in words for title in rows[0]]
    needed = widths(rows)
    if within:
        _narrow(needed, left, within)
    text = []
    for row, note in zip(rows, notes):
        cells = [wrap(cell, most) if to_left else [cell] for cell, most, to_left in zip(row, needed, left)]
        text += [GAP.join(map(pad, parts, needed, left)).rstrip() for parts in zip_longest(*cells, fillvalue="")]
        if note:
            text.append(fill(note, within or len(INDENT) + width(note), first=INDENT, indent=INDENT))
    return "\n".join(text)


def _narrow(needed: list[int], left: list[bool], within: int) -> None:
    """Take columns of the terminal from the widest columns of words, as long as the table is too wide."""
    for _ in range(sum(needed) + len(GAP) * (len(needed) - 1) - within):
        words = [column for column, to_left in enumerate(left) if to_left and needed[column] > NARROWEST]
        if words:
            needed[max(words, key=needed.__getitem__)] -= 1


def as_markdown(lines: Lines, words: Collection[str]) -> str:
    """The same in markdown.

    >>> print(as_markdown([["layer", "mult-adds"], ["conv1", "864"]], words=["layer"]))
    | layer | mult-adds |
    |:--|--:|
    | conv1 | 864 |
    """
    rule = "|" + "|".join(":--" if title in words else "--:" for title in lines[0]) + "|"
    head, *body = ("| " + " | ".join(printable(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
    return "\n".join([head, rule, *body])


def as_html(lines: Lines, words: Collection[str]) -> str:
    """The same in HTML.

    Cells do not break into lines, but for columns of words with a cell of more than `SENTENCE` columns: a notebook
    gives all columns of a table the same width and would break a number or a formula at each of its spaces.

    >>> print(as_html([["layer"], ["conv1"]], words=["layer"]))
    <table><thead><tr><th style="text-align:left;white-space:nowrap">layer</th></tr></thead>
    <tbody>
    <tr><td style="text-align:left;white-space:nowrap">conv1</td></tr>
    </tbody></table>
    """
    import html  # slow to import, and only notebooks need it

    styles = []
    for title, column in zip(lines[0], zip(*lines)):
        breaks = title in words and max(map(width, column)) > SENTENCE
        side = "left" if title in words else "right"
        styles.append(f"text-align:{side};white-space:{'normal' if breaks else 'nowrap'}")
    head, *body = (
        "".join(f'<{tag} style="{style}">{html.escape(cell)}</{tag}>' for cell, style in zip(line, styles))
        for tag, line in zip(["th"] + ["td"] * (len(lines) - 1), lines)
    )
    rows = "".join(f"<tr>{row}</tr>\n" for row in body)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>"


def shortened(lines: Lines, most: int) -> Lines:
    """The head and at most `most` other lines: of more, the first and the last ones.

    >>> shortened([["layer"], *([f"conv{n}"] for n in range(1, 10))], most=4)
    [['layer'], ['conv1'], ['conv2'], ['... 5 more'], ['conv8'], ['conv9']]
    """
    left_out = len(lines) - 1 - most
    if left_out <= 0:
        return lines
    first = 1 + most - most // 2
    return [*lines[:first], [f"... {left_out} more", *[""] * (len(lines[0]) - 1)], *lines[first + left_out :]]


class Shown:
    """A mixin for lists, tuples and dicts: they display as a table, and stay what they are in everything else.

    Name it before the base, and say what the cells are. Where a notebook or a prompt displays the object, a long
    table is shortened to its first and last lines; `print` writes all of it. A slice displays as a table too. The
    object is equal to a plain list or tuple of the same items, and can be copied and pickled.

    Attributes
    ----------
    _words : collection of str
        The titles of columns that are aligned to the left.

    Examples
    --------
    >>> class Guesses(Shown, list[tuple[str, float]]):
    ...     _words = ("label",)
    ...     def _lines(self, wide):
    ...         return [["label", "probability"], *([label, f"{p:.2%}"] for label, p in self)]
    >>> guesses = Guesses([("tabby", 0.8725), ("lynx", 0.0015)])
    >>> guesses
    label  probability
    tabby       87.25%
    lynx         0.15%
    >>> guesses[:1]
    label  probability
    tabby       87.25%
    >>> guesses == [("tabby", 0.8725), ("lynx", 0.0015)], guesses[0]
    (True, ('tabby', 0.8725))
    """

    _words: Collection[str] = ()

    def _lines(self, wide: bool) -> Lines:
        """The table: its head, then one line for each item. `wide`: with all columns, as HTML has room for."""
        raise NotImplementedError

    def _checked_lines(self, wide: bool) -> Lines | None:
        try:
            return self._lines(wide)
        except (AttributeError, TypeError, ValueError):  # someone put items of another kind into it
            return None

    def __repr__(self) -> str:
        lines = self._checked_lines(wide=False)
        return as_text(shortened(lines, 12), self._words, WIDTH) if lines else super().__repr__()

    def __str__(self) -> str:
        lines = self._checked_lines(wide=False)
        return as_text(lines, self._words, WIDTH) if lines else super().__repr__()

    def _repr_html_(self) -> str | None:
        lines = self._checked_lines(wide=True)
        return as_html(shortened(lines, 60), self._words) if lines else None  # of None, IPython shows the text

    if not TYPE_CHECKING:  # to a type checker a slice is a plain list or tuple

        def __getitem__(self, index):
            found = super().__getitem__(index)
            return type(self)(found) if isinstance(index, slice) else found
