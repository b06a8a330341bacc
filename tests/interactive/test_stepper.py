"""The stepper: its numbers without a browser, and what a reader sees and presses in one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from npmobile import conv, cost, interactive
from npmobile.language import LANGUAGES

from .reading import counters, data_of, numbers_in, press, words

STEPPERS = [
    {},
    {"size": 6, "D_K": 3, "M": 3, "N": 4},
    {"size": 5, "stride": 2},
    {"size": 4, "stride": 2},  # "same" on an even side: one zero, to the bottom and right
    {"size": 3, "D_K": 2, "M": 1, "N": 1, "padding": "valid"},  # the first example of the lessons, done by hand
    {"size": 6, "D_K": 3, "stride": 2, "padding": "symmetric"},
    {"size": 5, "D_K": 3, "stride": 2, "padding": "keras"},
    {"size": 2, "D_K": 1, "M": 3, "N": 2},
]


@pytest.mark.parametrize("sizes", STEPPERS)
def test_steps_arrive_at_what_one_convolution_computes(sizes):
    """Every output number, count and window, against one call of `conv` and the formula of `cost`."""
    data = data_of(interactive.stepper(**sizes)._repr_html_())
    size, D_K, M, N, stride = (sizes.get(n, d) for n, d in [("size", 4), ("D_K", 3), ("M", 2), ("N", 3), ("stride", 1)])
    padding = sizes.get("padding", "same")
    convolutions = data["convolutions"]
    before = convolutions["standard"]["before"]
    inside = slice(before, before + size)
    x = np.array(convolutions["standard"]["image"], float)[:, inside, inside].transpose(1, 2, 0)[np.newaxis]
    filters = [step["kernel"] for step in convolutions["standard"]["steps"][:N]]
    kernel = np.array(filters, float).transpose(2, 1, 0).reshape(D_K, D_K, M, N)
    depthwise = np.array(convolutions["depthwise"]["steps"][0]["kernel"], float).T.reshape(D_K, D_K, M)
    pointwise = np.array(convolutions["pointwise"]["steps"][0]["kernel"], float)
    filtered, mult_adds_depthwise = conv.depthwise_conv(x, depthwise, stride, padding)
    expected = {
        "standard": conv.standard_conv(x, kernel, stride, padding),
        "depthwise": (filtered, mult_adds_depthwise),
        "pointwise": conv.pointwise_conv(filtered, pointwise),
    }
    D_G = filtered.shape[1]
    matrix = conv.im2col(x, D_K, stride, padding).reshape(D_G * D_G, D_K * D_K, M).transpose(0, 2, 1)
    assert convolutions["pointwise"]["image"] == filtered[0].transpose(2, 0, 1).tolist()
    assert [step["windows"] for step in convolutions["standard"]["steps"][::N]] == matrix.tolist()
    assert [step["windows"] for step in convolutions["depthwise"]["steps"]] == matrix.tolist()
    for kind, (y, mult_adds) in expected.items():
        steps = convolutions[kind]["steps"]
        outputs = [number for step in steps for number in step["outputs"]]
        assert sorted((k, l, n) for k, l, n, _ in outputs) == list(np.ndindex(y.shape[1:]))  # each once
        assert all(y[0, k, l, n] == value for k, l, n, value in outputs)
        assert steps[-1]["count"] == mult_adds == convolutions[kind]["total"] == data["totals"][kind]
        assert np.cumsum([step["mult_adds"] for step in steps]).tolist() == [step["count"] for step in steps]
        assert all(step["mult_adds"] == step["each"] * len(step["outputs"]) for step in steps)
        assert all(step["mult_adds"] == data["mult_adds_per_step"] == D_K * D_K * M for step in steps[:-1])
    assert data["totals"]["standard"] == cost.standard(D_K, M, N, D_G)
    assert data["totals"]["separable"] == cost.depthwise(D_K, M, D_G) + cost.pointwise(M, N, D_G)
    assert Fraction(data["totals"]["separable"], data["totals"]["standard"]) == Fraction(1, N) + Fraction(1, D_K**2)


@pytest.mark.parametrize("sizes", STEPPERS)
def test_flattened_windows_are_read_at_their_positions(sizes):
    for convolution in convolutions_of(sizes).values():
        image = np.array(convolution["image"])  # (M, H, W)
        for step in convolution["steps"]:
            side = convolution["D_K"]
            read = [image[:, top : top + side, left : left + side] for top, left in step["positions"]]
            assert np.concatenate([w.reshape(len(w), -1) for w in read], axis=1).tolist() == step["windows"]


def convolutions_of(sizes):
    return data_of(interactive.stepper(**sizes)._repr_html_())["convolutions"]


def test_the_default_by_hand():
    """Image 4 x 4, M = 2, kernel 3 x 3, N = 3: 16 pixels of 54, of 18 and of 6 mult-adds."""
    data = interactive.stepper().data
    assert data["totals"] == {"standard": 864, "depthwise": 288, "pointwise": 96, "separable": 384}
    assert data["ratio"] == "384 / 864 = 1/N + 1/D_K² = 1/3 + 1/9 = 4/9 ≈ 0.444"
    assert [len(convolution["steps"]) for convolution in data["convolutions"].values()] == [
        48,
        16,
        6,
    ]  # 96 / 18 is 5 and a third
    assert [step["new"] for step in data["convolutions"]["standard"]["steps"][:4]] == [True, False, False, True]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 7}, "size must be an int from 2 to 6, but is 7"),
        ({"size": 4.0}, "size must be an int from 2 to 6, but is 4.0"),
        ({"D_K": 0}, "D_K must be an int from 1 to 3, but is 0"),
        ({"M": 4}, "M must be an int from 1 to 3, but is 4"),
        ({"N": True}, "N must be an int from 1 to 4, but is True"),
        ({"stride": 3}, "stride must be an int from 1 to 2, but is 3"),
        ({"padding": "full"}, "padding must be .* but is 'full'"),
        ({"size": 2, "padding": "valid"}, "D_K=3 and x is 2 x 2"),
        ({"language": "fr"}, 'language must be "en" or "ko", but is \'fr\''),
    ],
)
def test_bad_argument_gets_one_clear_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        interactive.stepper(**arguments)


def test_plain_text_needs_no_more_than_the_console_has():
    """A Windows console in Korea has cp949, and some have ASCII only."""
    for sizes in STEPPERS:
        assert repr(interactive.stepper(**sizes)).isascii()
        assert repr(interactive.stepper(**sizes, language="ko")).encode("cp949")


# ---- in a browser ----


@pytest.mark.parametrize(("language", "how"), [("en", "page"), ("ko", "notebook")])
def test_each_click_shows_the_count_of_cost(show, language, how):
    widget = interactive.stepper(language=language)
    page = show(widget, how=how)
    standard, depthwise, pointwise = 16 * 54, 16 * 18, 16 * 6
    for step in range(48 + 1):
        made = min(18 * step, depthwise + pointwise)
        assert counters(page) == [
            f"{18 * step} / {cost.standard(3, 2, 3, 4)}",
            f"{made} / {cost.depthwise(3, 2, 4) + cost.pointwise(2, 3, 4)}",
            f"{18 * step} / {standard}",
            f"{min(made, depthwise)} / {depthwise}",
            f"{max(made - depthwise, 0)} / {pointwise}",
        ]
        status = page.get_by_role("status").inner_text()
        assert (words(widget)["separable_done"] in status) == (22 <= step < 48)  # 384 / 18 is 21 and a third
        if step < 48:
            page.get_by_role("button", name=words(widget)["next"], exact=True).dispatch_event("click")
    assert widget.data["ratio"] in status and str(cost.separable_ratio(3, 3)) in status
    press(page, widget, "previous")
    assert counters(page)[0] == "846 / 864"
    press(page, widget, "reset")
    assert counters(page)[0] == "0 / 864"


@pytest.mark.parametrize("sizes", STEPPERS)
def test_page_shows_window_kernel_and_output_of_each_step(show, sizes):
    widget = interactive.stepper(**sizes)
    page = show(widget)
    convolutions = widget.data["convolutions"]
    ahead = {"standard": 0, "depthwise": 0, "pointwise": len(convolutions["depthwise"]["steps"])}
    last = max(ahead[kind] + len(convolution["steps"]) for kind, convolution in convolutions.items())
    step = 0
    for stop in (1, 2, ahead["pointwise"] + 1, last):
        press(page, widget, "next", stop - step)
        step = stop
        for kind, convolution in convolutions.items():
            panel = page.locator(f".panel.{kind}")
            done = step - ahead[kind]
            grids, output = (panel.locator(".grids").nth(i) for i in (0, 1))
            outputs_made = [n for past in convolution["steps"][: max(done, 0)] for n in past["outputs"]]
            assert sum(bool(t) for t in output.locator("td").all_inner_texts()) == len(outputs_made)
            if not 0 < done <= len(convolution["steps"]):
                assert panel.locator("td.current").count() == 0
                continue
            now = convolution["steps"][done - 1]
            seen = numbers(grids.locator("td.current"))
            assert sorted(seen) == sorted(value for row in now["windows"] for value in row)
            assert numbers(panel.locator(".flattened").first.locator("td")) == [
                v for row in now["windows"] for v in row
            ]
            assert numbers(panel.locator(".flattened").last.locator("td")) == [v for row in now["kernel"] for v in row]
            assert sorted(numbers(output.locator("td.current"))) == sorted(value for *_, value in now["outputs"])


def numbers(cells):
    return [int(text) for text in cells.all_inner_texts()]


def test_separable_may_lose(show):
    """With one output channel 1/N is 1: separable costs more, and the page says so."""
    widget = interactive.stepper(size=3, D_K=2, M=1, N=1, padding="valid")
    page = show(widget)
    press(page, widget, "next", 4)
    assert counters(page)[:2] == ["16 / 16", "16 / 20"]
    assert words(widget)["standard_done"] in page.get_by_role("status").inner_text()
    press(page, widget, "next")
    assert "20 / 16 = 1/N + 1/D_K² = 1/1 + 1/4 = 5/4" in page.get_by_role("status").inner_text()


def test_stepper_by_keyboard_alone(show):
    widget = interactive.stepper()
    page = show(widget)
    seen = []
    for key in ("Enter", "Enter", "Space", None):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if key and seen[-1]["text"] != "Play":
            page.keyboard.press(key)
    assert [focus["text"] for focus in seen] == ["Previous", "Next", "Play", "Reset"]
    assert all(focus["outline"] == "solid" and focus["width"] >= 3 for focus in seen)
    assert counters(page)[0] == "18 / 864"
    page.keyboard.press("Space")
    assert counters(page)[0] == "0 / 864"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) is None  # and out again: no trap


FOCUSED = """() => {
    const button = document.activeElement.shadowRoot?.activeElement;
    if (!button) return null;
    const style = getComputedStyle(button);
    return { text: button.textContent, outline: style.outlineStyle, width: parseFloat(style.outlineWidth) };
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_finds_each_table_by_its_name(show, language):
    widget = interactive.stepper(language=language)
    page = show(widget)
    for kind in ("standard", "depthwise", "pointwise"):
        panel = page.get_by_role("region", name=words(widget)[kind], exact=True)
        image = panel.get_by_role("group", name=words(widget)[f"image_{kind}"])
        assert [image.get_by_role("table", name=name).count() for name in ("m = 0", "m = 1")] == [1, 1]
        for name in (words(widget)[f"windows_{kind}"], words(widget)[f"kernel_{kind}"].format(n=0)):
            assert panel.get_by_role("table", name=name).get_by_role("rowheader").all_inner_texts() == [
                "m = 0",
                "m = 1",
            ]


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_runs_to_the_end_and_pauses(show, motion):
    widget = interactive.stepper()
    page = show(widget, clock=True, reduced_motion=motion)
    status = page.get_by_role("status")
    press(page, widget, "play")
    assert status.get_attribute("aria-live") == "off"  # a screen reader does not read out each of 48 steps
    page.clock.run_for(3_000)
    press(page, widget, "pause")
    paused = counters(page)[0]
    assert 0 < numbers_in(paused)[0] < 864 and status.get_attribute("aria-live") == "polite"
    page.clock.run_for(60_000)
    assert counters(page)[0] == paused
    press(page, widget, "play")
    page.clock.run_for(120_000)
    assert counters(page)[:2] == ["864 / 864", "384 / 384"]
    press(page, widget, "play")  # from the end it starts again
    assert counters(page)[0] == "0 / 864"
    bar = page.locator(".scale .bar").first
    moves = bar.evaluate("(bar) => parseFloat(getComputedStyle(bar).transitionDuration) > 0")
    assert moves == (motion == "no-preference")
