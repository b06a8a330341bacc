"""What the tests of pages share: reading a page's data, pressing its buttons, reading what it shows."""

from __future__ import annotations

import json
import re


def data_of(html):
    """What the page gives to its scripts."""
    (source,) = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    return json.loads(source)


def words(widget):
    return widget.data["words"]


def press(page, widget, name):
    """Click a button by the name that a screen reader reads; one that is greyed out is clicked too, and does nothing."""
    page.get_by_role("button", name=words(widget)[name], exact=True).click(force=True)


def numbers_in(text):
    """Whole numbers, with the minus sign of typography or that of a keyboard."""
    return [int(digits.replace(",", "").replace("−", "-")) for digits in re.findall(r"[−-]?\d[\d,]*", text)]


# ---- the stepper ----


def go(page, t):
    page.locator("#t").fill(str(t))


def counts(page):
    """The two counts beside the bars: what is done and the total, of the standard and of the separable convolution."""
    return [tuple(numbers_in(text)) for text in page.locator(".timeline .count").all_inner_texts()]


def cell(page, name, c):
    """The output `c` of a convolution: pixel by pixel, and at each pixel channel by channel."""
    return page.locator(f".maps.{name} .cell[data-cell='{c}']")


def table(page, side):
    """The rows of the table of products of a side, by their class; empty columns are left out."""
    rows = page.locator(f".side.{side} .work").evaluate(
        "(node) => ['x', 'w', 'p', 's'].map((row) => [...node.querySelectorAll(`tr.${row} td:not(.gap)`)].map((cell) => cell.textContent))"
    )
    return {row: numbers_in(" ".join(texts)) for row, texts in zip("xwps", rows)}
