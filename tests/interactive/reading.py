"""What the tests of pages share: reading a widget's data, pressing its buttons, reading what a page shows."""

from __future__ import annotations

import json
import re


def data_of(html):
    """What the page gives to its script."""
    (source,) = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    return json.loads(source)


def words(widget):
    return widget.data["words"]


def press(page, widget, name, times=1):
    button = page.get_by_role("button", name=words(widget)[name], exact=True)
    if times == 1:
        button.click()
    else:  # without waiting each time until the page stands still
        button.evaluate("(button, times) => { for (let i = 0; i < times; i++) button.click(); }", times)


def counters(page):
    """Both progress bars, then the three panels: what is written as "done / all"."""
    return [text.replace(",", "") for text in page.locator(".progress .count, .panel .count").all_inner_texts()]


def numbers_in(text):
    return [int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*", text)]
