"""The stepper in a browser: what a reader points at, presses and types, and what the page then shows."""

from __future__ import annotations

import numpy as np
import pytest

from npmobile import conv, cost, interactive, loops
from npmobile.language import LANGUAGES

from .reading import cell, counts, go, numbers_in, press, table, words
from .test_stepper import STEPPERS, arrays

FULL = (cost.standard(3, 2, 3, 4), cost.depthwise(3, 2, 4) + cost.pointwise(2, 3, 4))  # 864, 384


@pytest.mark.parametrize(("language", "how", "kernel"), [("en", "page", "general"), ("ko", "notebook", "rank1")])
def test_pointing_at_an_output_shows_how_it_is_made(show, language, how, kernel):
    """Its window, its kernel, each product and their sum, and the same place on the other side."""
    widget = interactive.stepper(language=language)
    x, depthwise, pointwise, standards = arrays(widget.data)
    page = show(widget, how=how)
    if kernel == "rank1":
        page.get_by_role("switch").click()
    y, _ = loops.standard_conv(x, standards[kernel])
    filtered, _ = loops.depthwise_conv(x, depthwise)
    z, _ = loops.pointwise_conv(filtered, pointwise)
    windows = conv.im2col(x, 3)
    for k, l, n in [(0, 0, 0), (2, 1, 1), (3, 3, 2)]:
        c = (k * 4 + l) * 3 + n
        cell(page, "standard" if n != 1 else "pointwise", c).hover()
        products = (windows[0, k, l] * standards[kernel][..., n]).ravel()  # (3, 3, 2) -> (18,)
        shown = table(page, "standard")
        assert shown["x"] == windows[0, k, l].ravel().tolist()
        assert shown["w"] == standards[kernel][..., n].ravel().tolist()
        assert (shown["p"], shown["s"]) == (products.tolist(), np.cumsum(products).tolist())
        assert cell(page, "standard", c).inner_text() == minus(y[0, k, l, n])
        shown = table(page, "separable")
        assert shown["x"] == windows[0, k, l].transpose(2, 0, 1).ravel().tolist()
        by_channel = (windows[0, k, l] * depthwise).transpose(2, 0, 1).reshape(2, 9)
        assert shown["s"] == np.cumsum(by_channel, axis=1).ravel().tolist()
        for m in (0, 1):
            assert cell(page, "depthwise", (k * 4 + l) * 2 + m).inner_text() == minus(filtered[0, k, l, m])
        assert cell(page, "pointwise", c).inner_text() == minus(z[0, k, l, n])
        assert numbers_in(page.get_by_role("status").inner_text()) == [
            18 * (c + 1),
            288 + 2 * (c + 1),
        ]  # the counts so far
        sums = page.locator(".sum-line").all_inner_texts()
        assert (
            numbers_in(sums[0])[-1] == 18
            and sorted(numbers_in(sums[1])[-3:]) == [3, 9, 9]
            and numbers_in(sums[2])[-1] == 2
        )
        assert (words(widget)["equal"] in sums[0]) == (kernel == "rank1")
        sharing = page.locator(".maps.pointwise .sharing").evaluate_all(
            "(cells) => cells.map((cell) => Number(cell.dataset.cell))"
        )
        assert sorted([*sharing, c]) == [c - n, c - n + 1, c - n + 2]  # the outputs of one depthwise pixel
        weights = page.locator(".side.standard .image .read sub").all_inner_texts()
        assert numbers_in(" ".join(weights)) == standards[kernel][..., n].transpose(2, 0, 1).ravel().tolist()
    page.get_by_role("heading").first.hover()
    assert page.locator(".makes .shown").count() == 0  # back on the timeline, where nothing is computed yet


def minus(value):
    return str(int(value)).replace("-", "−")


def test_at_first_an_example_is_shown(show):
    """One output in the middle on both sides, so that the page explains itself before anything is pressed."""
    page = show(interactive.stepper())
    assert page.locator(".makes .shown").count() == 1 + 2 + 1
    assert counts(page) == [(0, 864), (0, 384)] and len(table(page, "standard")["p"]) == 18
    heads = page.locator(".side > .head").all_inner_texts()
    assert (
        "18 mult-adds for each output" in heads[0] and "8 mult-adds for each output, on average: 18 / 3 + 2" in heads[1]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_timeline_counts_as_cost_does(show, language):
    """At many places of the axis: the counts, the outputs computed so far, and those not computed yet."""
    widget = interactive.stepper(language=language)
    x, depthwise, pointwise, standards = arrays(widget.data)
    page = show(widget)
    y = conv.standard_conv(x, standards["general"])[0].ravel()
    filtered = conv.depthwise_conv(x, depthwise)[0].ravel()
    z = conv.separable_conv(x, depthwise, pointwise)[0].ravel()
    for t in (0, 1, 17, 18, 19, 287, 288, 289, 290, 383, 384, 385, 500, 863, 864):
        go(page, t)
        separable = min(t, FULL[1])
        assert counts(page) == [(t, FULL[0]), (separable, FULL[1])]
        done = {
            "standard": (t // 18, y),
            "depthwise": (min(t, 288) // 9, filtered),
            "pointwise": (max(separable - 288, 0) // 2, z),
        }
        for name, (count, values) in done.items():
            texts = page.locator(f".maps.{name} .cell.done").evaluate_all(
                "(cells) => cells.map((cell) => [Number(cell.dataset.cell), cell.textContent])"
            )
            assert sorted(texts) == [[c, minus(values[c])] for c in range(count)]
        width = page.locator(".whole .fill.standard").evaluate("(fill) => fill.style.width")
        assert float(width.strip("%")) == pytest.approx(100 * t / 864, abs=1e-3)
    status = page.get_by_role("status").inner_text()
    assert widget.data["ratio"] in status and str(cost.separable_ratio(3, 3)) in status
    go(page, 19)  # one product into the second output: a partial sum
    assert table(page, "standard")["p"] == widget.data["standards"]["general"]["cells"][1]["p"][:1]
    assert page.locator(".maps.standard .part").get_attribute("data-cell") == "1"


def test_buttons_slider_and_number_box_move_the_same_timeline(show):
    widget = interactive.stepper()
    page = show(widget)
    slider = page.get_by_role("slider")
    for name, t in [("next", 18), ("next", 36), ("more", 37), ("previous", 36), ("previous", 18), ("less", 17), ("next", 18),
                    ("end", 864), ("next", 864), ("start", 0), ("previous", 0), ("less", 0)]:  # fmt: skip
        press(page, widget, name)
        assert (counts(page)[0][0], slider.input_value(), page.locator("#t").input_value()) == (t, str(t), str(t)), name
    slider.focus()
    for key, t in [("ArrowRight", 1), ("ArrowRight", 2), ("End", 864), ("Home", 0)]:
        page.keyboard.press(key)
        assert (counts(page)[0][0], page.locator("#t").input_value()) == (t, str(t))
    for typed in ("865", "-1", "1.5", ""):
        go(page, 5)
        page.locator("#t").fill(typed)
        page.locator("#t").blur()
        error = page.locator("#t-error")
        assert error.inner_text() == words(widget)["error_t"].format(longest=864, t=5)
        assert page.locator("#t").get_attribute("aria-invalid") == "true" and counts(page)[0][0] == 5
        assert page.locator("#t").get_attribute("aria-describedby") == "t-error"
    press(page, widget, "more")
    assert not page.locator("#t-error").is_visible() and page.locator("#t").input_value() == "6"


@pytest.mark.parametrize("language", LANGUAGES)
def test_arrow_keys_go_from_output_to_output(show, language):
    """One tab stop for all outputs of a convolution; the keys do not reach the page, where JupyterLab would take them."""
    widget = interactive.stepper(language=language)
    page = show(widget)
    page.evaluate("window.keys = []; document.addEventListener('keydown', (event) => window.keys.push(event.key))")
    cell(page, "standard", 0).focus()
    for key, c in [("ArrowRight", 3), ("ArrowDown", 15), ("End", 21), ("ArrowRight", 13), ("ArrowLeft", 21), ("PageDown", 22),
                   ("ArrowUp", 10), ("Home", 1), ("PageUp", 0), ("ArrowUp", 0), ("ArrowLeft", 0)]:  # fmt: skip
        page.keyboard.press(key)
        focused = page.evaluate("document.activeElement.shadowRoot.activeElement.dataset.cell")
        assert (key, focused) == (key, str(c))
        assert page.locator(".maps.standard [tabindex='0']").count() == 1
        assert cell(page, "standard", c).inner_text() == minus(widget.data["standards"]["general"]["cells"][c]["value"])
        assert page.locator(".makes .shown").count() == 1 + 2 + 1
    spoken = page.locator(".aloud").inner_text()
    first = widget.data["standards"]["general"]["cells"][0]
    assert numbers_in(spoken)[-2:] == [first["value"], 18] and spoken.count("·") == 18
    page.keyboard.press("Escape")
    assert page.locator(".makes .shown").count() == 0 and page.evaluate("window.keys") == []
    page.keyboard.press("Tab")
    assert (
        page.evaluate("document.activeElement.shadowRoot.activeElement.closest('.maps').className") == "maps depthwise"
    )


def test_by_keyboard_alone(show):
    """Tab reaches every control in turn and leaves the page again; each shows that it has the focus."""
    page = show(interactive.stepper())
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
    kinds = [
        "switch",
        *["button"] * 5,
        "range",
        "button",
        "number",
        "button",
        *["button"] * 3,
        "gridcell",
        "gridcell",
        "gridcell",
    ]
    assert [focus and focus["kind"] for focus in seen[: len(kinds) + 1]] == [*kinds, None]
    assert all(focus["outline"] == "solid" and focus["width"] >= 2 for focus in seen[: len(kinds)])


FOCUSED = """() => {
    const node = document.activeElement.shadowRoot?.activeElement;
    if (!node) return null;
    const style = getComputedStyle(node);
    const kind = node.getAttribute("role") ?? (node.localName === "input" ? node.type : node.localName);
    return { kind, outline: style.outlineStyle, width: parseFloat(style.outlineWidth) };
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rank_1_kernel_makes_the_outputs_agree(show, language):
    widget = interactive.stepper(language=language)
    page = show(widget)
    press(page, widget, "end")
    lead, switch = page.locator(".lead"), page.get_by_role("switch")

    def outputs(name):
        return page.locator(f".maps.{name} .cell").all_inner_texts()

    # Never presented as equal when they are not: the one output that is equal by chance is not marked.
    assert sorted(numbers_in(lead.inner_text())) == [1, 48] and page.locator(".cell.equal").count() == 0
    assert sum(a == b for a, b in zip(outputs("standard"), outputs("pointwise"))) == 1
    switch.press("Space")
    assert switch.get_attribute("aria-checked") == "true"
    assert sorted(numbers_in(lead.inner_text())) == [1, 48, 48]  # rank 1, 48 of 48
    assert outputs("standard") == outputs("pointwise") and page.locator(".cell.equal").count() == 2 * 48
    go(page, 400)  # 22 outputs of the standard convolution: no more can be equal
    assert page.locator(".cell.equal").count() == 2 * 22
    switch.click()
    assert page.locator(".cell.equal").count() == 0


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_waits_while_a_cell_is_pointed_at_and_goes_on(show, motion):
    widget = interactive.stepper()
    page = show(widget, clock=True, reduced_motion=motion)
    status = page.get_by_role("status")
    press(page, widget, "play")
    assert status.get_attribute("aria-live") == "off"  # a screen reader is spared each step
    page.clock.run_for(3_000)
    cell(page, "standard", 47).hover()
    t = counts(page)[0][0]
    assert 0 < t < 864 and (motion == "no-preference" or t % 18 == 0)
    page.clock.run_for(3_000)
    assert counts(page)[0][0] == t and page.get_by_role("button", name="Pause").is_visible()
    page.get_by_role("heading").first.hover()
    page.clock.run_for(1_000)
    assert counts(page)[0][0] > t
    press(page, widget, "pause")
    paused = counts(page)
    page.clock.run_for(60_000)
    assert counts(page) == paused and status.get_attribute("aria-live") == "polite"
    press(page, widget, "play")
    page.clock.run_for(120_000)
    assert counts(page) == [(864, 864), (384, 384)]
    press(page, widget, "play")  # from the end it starts again
    assert counts(page)[0][0] < 400  # the clock of the test runs on by itself


TOPS = """(nodes) => nodes.map((node) => Math.round(node.getBoundingClientRect().top + window.scrollY))"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [390, 760, 988, 1440])
def test_the_two_sides_stand_side_by_side(show, language, width):
    """Except on a phone. At the width of a notebook the page is at most 700 pixels high, whatever it shows."""
    widget = interactive.stepper(language=language)
    page = show(widget, width=width, margin=0)
    sides = [side.bounding_box() for side in page.locator(".side").all()]
    if width == 390:
        assert sides[1]["y"] >= sides[0]["y"] + sides[0]["height"]
    else:
        assert sides[1]["x"] >= sides[0]["x"] + sides[0]["width"] and sides[0]["y"] == sides[1]["y"]
    places = []  # of the page and of the outputs, at every t and with every kind of cell looked at
    for t in (0, 300, 864):
        go(page, t)
        for looked in (None, ("standard", 0), ("depthwise", 1), ("pointwise", 20)):
            page.mouse.move(1, 1)
            if looked:
                cell(page, *looked).hover()
            tops = page.locator(".page, .makes").evaluate_all(TOPS)
            places.append((page.locator(".page").bounding_box()["height"], *tops))
    for same in zip(*places):
        assert max(same) - min(same) <= 2, "something moved away from under the pointer"
    heights = [height for height, *_ in places]
    page.get_by_role("switch").click()
    heights.append(page.locator(".page").bounding_box()["height"])
    assert max(heights) <= {390: 1550, 760: 1050, 988: 700, 1440: 800}[width]
    assert min(page.locator(".makes .cell").first.bounding_box()[side] for side in ("width", "height")) >= 21


@pytest.mark.parametrize("sizes", STEPPERS[1:], ids=str)
def test_other_sizes(show, sizes):
    """Larger and smaller images, other strides and paddings; also where the separable side costs more than the standard."""
    widget = interactive.stepper(**sizes)
    data = widget.data
    page = show(widget)
    totals = data["totals"]["standard"], data["totals"]["separable"]
    for t in (0, 1, min(totals) // 2, min(totals), max(totals)):
        go(page, t)
        assert counts(page) == [(min(t, total), total) for total in totals]
    assert data["ratio"] in page.get_by_role("status").inner_text()
    last = len(data["cells"]["pointwise"]) - 1
    cell(page, "standard", last).hover()
    assert table(page, "standard")["s"] == data["standards"]["general"]["cells"][last]["s"]
    M = data["sizes"]["M"]
    assert table(page, "separable")["s"] == [value for made in data["cells"]["depthwise"][-M:] for value in made["s"]]
    shown = page.locator(".side.standard .image .cell.read").evaluate_all(
        "(cells) => cells.map((cell) => cell.firstChild.textContent)"
    )
    K, M = data["sizes"]["D_K"] ** 2, data["sizes"]["M"]
    assert [int(text) for text in shown] == np.array(data["standards"]["general"]["cells"][last]["x"]).reshape(
        K, M
    ).T.ravel().tolist()
