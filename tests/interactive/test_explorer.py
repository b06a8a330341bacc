"""The explorer: its numbers without a browser, and what a reader sees, types and presses in one."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

from npmobile import cost, interactive, mobilenet
from npmobile.interactive.explorer import ALPHAS, LEAST, MOST
from npmobile.language import LANGUAGES

from .reading import data_of, numbers_in, press, words

KINDS = ("pointwise", "depthwise", "standard", "fully_connected")
PADDINGS = ["same", "keras"]


def test_published_networks_are_the_released_ones(shared):
    """Accuracy and mult-adds of the 16, against the released table."""
    data = data_of(interactive.explorer(classes=10)._repr_html_())
    released = json.loads((shared / "paper/slim_checkpoints.json").read_text(encoding="utf8"))["checkpoints"]
    assert len(data["published"]) == len(released) == 16
    for network, row in zip(data["published"], released):
        assert (network["name"], network["top_1"]) == (f"{row['alpha']}-{row['resolution']}", str(row["top1"]))
        assert network["mult_adds"] == row["computed_macs_1000cls"]
        assert (data["alphas"][network["alpha"]], network["resolution"]) == (row["alpha"], row["resolution"])


def test_every_alpha_and_side_can_be_chosen():
    data = interactive.explorer().data
    assert data["alphas"] == tuple(round(0.01 * step, 2) for step in range(1, 151))
    assert (data["least"], data["most"]) == (32, 1024)
    assert data["halves"]["same"][32:36] == [16, 17, 17, 18] and data["halves"]["keras"][32:36] == [16, 16, 17, 17]
    assert data["rounding"] == {"same": ["same"] * 5, "keras": ["same"] + ["keras"] * 4}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"language": "fr"}, 'language must be "en" or "ko", but is .fr.'),
        ({"classes": 0}, "classes must be an int from 1 to 100000, but is 0"),
        ({"classes": 10**6}, "classes must be an int from 1 to 100000, but is 1000000"),
    ],
)
def test_bad_argument_gets_one_clear_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        interactive.explorer(**arguments)


@pytest.mark.parametrize("classes", [1, 100_000])
def test_plain_text_needs_no_more_than_the_console_has(classes):
    assert repr(interactive.explorer(classes)).isascii()
    assert repr(interactive.explorer(classes, language="ko")).encode("cp949")


# ---- in a browser ----

READ_ALL = """(networks) => {
    const root = document.querySelector(".npmobile-explorer").shadowRoot;
    const texts = (selector) => [...root.querySelectorAll(selector)].map((node) => node.textContent);
    return networks.map(([alpha, resolution, rule]) => {
        for (const [id, value] of [["alpha", alpha], ["resolution", resolution]]) {
            root.getElementById(id).value = value;
            root.getElementById(id).dispatchEvent(new Event("input"));
        }
        root.querySelectorAll(".choice button")[rule].click();
        return {
            name: root.querySelector(".network").textContent, hints: texts(".hint"), shares: texts(".kinds .share"),
            values: texts(".budgets .value small"), notes: texts(".budgets th small"),
            law: [...root.querySelectorAll(".sub")].at(-1).textContent,
        };
    });
}"""


@pytest.mark.parametrize("classes", [1000, 10])
def test_sums_on_the_page_are_those_of_cost(show, classes):
    """At the corners and at 100 networks drawn at random: every count, share and byte, both rules of rounding."""
    draw = random.Random(classes)
    networks = [
        (alpha, side, rule)
        for alpha in (0.01, 0.29, 1.0, 1.5)
        for side in (32, 33, 224, 225, 1023, 1024)
        for rule in (0, 1)
    ]
    networks += [(draw.choice(ALPHAS), draw.randint(LEAST, MOST), draw.randint(0, 1)) for _ in range(100)]
    shown = show(interactive.explorer(classes)).evaluate(READ_ALL, networks)
    for (alpha, side, rule), page in zip(networks, shown):
        layers = mobilenet(alpha, side, classes, padding=PADDINGS[rule])
        rows, total = cost.by_kind(layers), cost.total(cost.table(layers))
        assert page["name"].endswith(f" {alpha}-{side}")
        assert [share.replace(" ", "") for share in page["shares"]] == [
            f"{float(100 * share):.2f}%{count:,}"
            for kind in KINDS
            for share, count in [
                (rows[kind].share, rows[kind].mult_adds),
                (rows[kind].parameter_share, rows[kind].parameters),
            ]
        ]
        peak = cost.peak_memory(layers)
        assert page["values"] == [f"{total.mult_adds:,}", f"{total.parameters:,}", f"{peak:,} B", f"{4 * peak:,} B"]
        assert page["notes"][0].startswith(f"{float(Fraction(100 * total.mult_adds, full(classes))):.2f} %")
        largest = next(row.name for row in cost.table(layers) if row.memory_bytes == 4 * peak)
        assert page["notes"][2:] == [f"uint8, {largest}", f"float32, {largest}"]
        sides = [side, *(layer.D_G for layer in layers if layer.stride == 2)]
        assert " → ".join(map(str, sides)) in page["hints"][1]
        assert numbers_in(page["hints"][0]) == [layers[0].N, layers[-2].N]
        at_224 = cost.total(cost.table(mobilenet(alpha, 224, classes))).mult_adds
        classifier = rows["fully_connected"].mult_adds
        law = Fraction(side, 224) ** 2 * (at_224 - classifier) + classifier
        assert f"is {float(total.mult_adds / law):.3f} × the law" in page["law"]


def full(classes):
    return cost.total(cost.table(mobilenet(1.0, 224, classes))).mult_adds


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_accuracy_is_shown_only_of_a_published_network(show, language):
    widget = interactive.explorer(language=language)
    page = show(widget, how="notebook")
    text, dots = page.locator(".panel .sub").first, page.locator(".dot")
    assert dots.count() == 16
    for dot, network in zip(dots.all(), widget.data["published"]):
        dot.dispatch_event("click")
        assert text.inner_text() == words(widget)["published"].format(**network)
        assert page.locator(".dot[aria-pressed=true]").get_attribute("aria-label").startswith(network["name"] + ":")
        assert f"{network['mult_adds']:,}" in page.locator(".budgets .value").first.inner_text()
    for alpha, side, key in [
        ("0.51", "160", "between"),
        ("1", "225", "between"),
        ("0.1", "32", "cheaper_than_all"),
        ("1.5", "224", "more_expensive_than_all"),
    ]:
        page.locator("#alpha").fill(alpha)
        page.locator("#resolution").fill(side)
        assert page.locator(".dot[aria-pressed=true]").count() == 0
        start, _ = words(widget)[key].split("{name}")
        assert text.inner_text().startswith(f"{start}{float(alpha)}-{side}")
    assert "0.5-192" in between(page, text, "0.45", "224") and "1.0-128" not in text.inner_text()


def between(page, text, alpha, side):
    """0.45-224 makes 121 million mult-adds: more than 0.5-192 (110 million) and fewer than 0.5-224 (149 million)."""
    page.locator("#alpha").fill(alpha)
    page.locator("#resolution").fill(side)
    assert "0.5-224" in text.inner_text()
    return text.inner_text()


def test_with_other_classes_no_network_is_a_published_one(show):
    page = show(interactive.explorer(classes=10))
    assert page.locator(".dot[aria-pressed=true]").count() == 0
    assert "Nobody has published an accuracy of 0.5-160" in page.locator(".panel .sub").first.inner_text()


REFUSED = [  # what is typed, and the network that the page still shows: the last one passed on the way, if any
    ("alpha", "0.333", "0.33-224"), ("alpha", "1.51", "1.5-224"), ("alpha", "0", "1.0-224"), ("alpha", "-0.5", "1.0-224"),
    ("alpha", "", "1.0-224"), ("alpha", "1e", "1.0-224"), ("resolution", "31", "1.0-224"),
    ("resolution", "1025", "1.0-102"), ("resolution", "224.5", "1.0-224"), ("resolution", "", "1.0-224"),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_typed_is_refused_with_a_reason(show, language):
    """The error follows the field, and the last valid network stays, marked as such."""
    widget = interactive.explorer(language=language)
    page = show(widget)
    for box, typed, shown in REFUSED:
        field, error = page.locator(f"#{box}"), page.locator(f"#{box}-error")
        page.locator("#alpha").fill("1")
        page.locator("#resolution").fill("224")
        assert not error.is_visible() and field.get_attribute("aria-invalid") == "false"
        field.focus()
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
        least, most = {"alpha": (0.01, 1.5), "resolution": (32, 1024)}[box]
        assert error.inner_text() == words(widget)[f"error_{box}"].format(least=least, most=most, shown=shown), typed
        assert page.locator(".network").inner_html() == words(widget)["network_kept"].format(name=shown)
        assert error.get_attribute("role") == "alert" and field.get_attribute("aria-invalid") == "true"
        assert field.get_attribute("aria-describedby") == f"{box}-error"
        page.locator(f".dial:has(#{box}) .button").last.click()  # a button makes it valid again
        assert not error.is_visible() and page.locator(".network small").count() == 0


@pytest.mark.parametrize(
    ("box", "values"),
    [
        ("alpha", ["0.55", "0.5", "0.51", "1.5", "1.5", "0.01", "0.01"]),
        ("resolution", ["176", "160", "161", "1024", "1024", "32", "32"]),
    ],
)
def test_a_slider_and_two_buttons_stand_beside_each_box(show, box, values):
    page = show(interactive.explorer())
    less, more = page.locator(f".dial:has(#{box}) .button").all()
    slider = page.locator(f".dial:has(#{box}) input[type=range]")
    for action, value in zip(["more", "less", "ArrowRight", "End", "more", "Home", "less"], values):
        if action in ("more", "less"):
            {"more": more, "less": less}[action].click()
        else:
            slider.press(action)
        assert page.locator(f"#{box}").input_value() == slider.get_attribute("aria-valuetext") == value


@pytest.mark.parametrize("language", LANGUAGES)
def test_budgets_that_a_student_sets(show, language):
    widget = interactive.explorer(
        language=language
    )  # 0.5-160: 76,524,800 mult-adds, 1,319,648 parameters, 307,200 bytes
    page = show(widget)

    def verdicts():
        return page.locator("td.verdict").all_inner_texts()

    def fits(share):
        return words(widget)["fits"].format(share=share)

    def over(times):
        return words(widget)["over"].format(times=times)

    assert verdicts() == [fits(51), fits(65), fits(58), over("2.35")]  # of 150 M, 2 M, 512 KB
    for box, typed, row, expected in [
        ("mult_adds", "76.5248", 0, fits(100)), ("mult_adds", "76.524799", 0, over("1.01")), ("mult_adds", "10000", 0, fits("< 1")),
        ("parameters", "1", 1, over("1.32")), ("memory", "1200", 3, fits(100)), ("memory", "300", 3, over("4.00")),
        ("memory", "", 2, words(widget)["unlimited"]),
    ]:  # fmt: skip
        page.locator(f"#{box}").fill(typed)
        assert verdicts()[row] == expected
    before = verdicts()
    for typed in ("0", "-1"):
        page.locator("#parameters").fill(typed)
        page.locator("#parameters").blur()
        assert verdicts() == before and page.locator("#parameters-error").is_visible()
        assert page.locator("#parameters").get_attribute("aria-describedby") == "parameters-error"
    page.locator("#mult_adds").fill("100")
    meter = page.locator(".meter").first
    inside, limit = (meter.locator(part).bounding_box() for part in (".inside", ".limit"))
    reach = (inside["x"] + inside["width"] - meter.bounding_box()["x"]) / (limit["x"] - meter.bounding_box()["x"])
    assert reach == pytest.approx(0.765248, abs=0.02)


def test_the_16_are_buttons_for_the_keyboard(show):
    page = show(interactive.explorer())
    page.locator(".dot[tabindex='0']").focus()
    for key, name in [("ArrowRight", "0.5-192"), ("ArrowLeft", "0.5-160"), ("ArrowDown", "0.5-128")]:
        page.keyboard.press(key)
        focused = page.evaluate("document.activeElement.shadowRoot.activeElement.getAttribute('aria-label')")
        assert focused.startswith(name + ":") and page.locator(".dot[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    assert page.locator(".network").inner_text() == "MobileNet 0.5-128"
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.getAttribute('aria-pressed')") == "true"


def test_a_screen_reader_is_told_once_after_the_last_change(show):
    page = show(interactive.explorer(), clock=True)
    page.locator("#alpha").fill("0.25")
    page.locator("#resolution").fill("128")
    page.clock.run_for(1000)
    spoken = page.locator(".aloud[aria-live]").inner_text()
    assert spoken.startswith("MobileNet 0.25-128.") and "41.5 %" in spoken and "mult-adds" in spoken


def test_the_stairs_can_be_dragged(show):
    page = show(interactive.explorer())
    box = page.locator(".chart.stairs").bounding_box()
    page.mouse.move(box["x"] + 44, box["y"] + 50)
    page.mouse.down()
    assert page.locator("#resolution").input_value() == "32"
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 50)
    page.mouse.up()
    assert page.locator("#resolution").input_value() == "320"


@pytest.mark.parametrize("name", ["rule_same", "rule_keras"])
def test_the_rule_of_rounding_is_chosen_by_a_button(show, name):
    widget = interactive.explorer()
    page = show(widget)
    page.locator("#resolution").fill("225")
    press(page, widget, name)
    last = {"rule_same": 8, "rule_keras": 7}[name]  # 113, 57, 29, 15, 8 and 113, 56, 28, 14, 7
    assert f"→ {last};" in page.locator(".hint").nth(1).inner_text()
    assert page.get_by_role("button", name=words(widget)[name], exact=True).get_attribute("aria-pressed") == "true"
