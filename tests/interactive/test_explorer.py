"""The explorer: its numbers without a browser, and what a reader sees, types and presses in one."""

from __future__ import annotations

import json

import pytest

from npmobile import cost, interactive, mobilenet
from npmobile.interactive.explorer import ALPHAS, RESOLUTIONS
from npmobile.language import LANGUAGES

from .reading import data_of, numbers_in, words

NETWORKS = [(a, r) for a in range(len(ALPHAS)) for r in range(len(RESOLUTIONS))]


@pytest.mark.parametrize("classes", [1000, 10])
def test_all_costs_are_those_of_cost(classes):
    data = data_of(interactive.explorer(classes)._repr_html_())
    assert data["alphas"] == [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
                              0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.25]  # fmt: skip
    assert data["resolutions"] == [32, 64, 96, 128, 160, 192, 224, 256, 288, 320]
    for a, r in NETWORKS:
        rows = cost.by_kind(mobilenet(data["alphas"][a], data["resolutions"][r], classes))
        mult_adds, parameters = data["costs"][a][r], data["parameters"][a]
        assert mult_adds["counts"] == [rows[kind].mult_adds for kind in data["kinds"]]
        assert parameters["counts"] == [rows[kind].parameters for kind in data["kinds"]]
        assert mult_adds["shares"] == [f"{float(100 * rows[kind].share):.2f}" for kind in data["kinds"]]
        assert parameters["shares"] == [f"{float(100 * rows[kind].parameter_share):.2f}" for kind in data["kinds"]]
        assert (mult_adds["total"], parameters["total"]) == (
            sum(mult_adds["counts"]),
            sum(parameters["counts"]),
        )  # the pool is free
        nearest = data["published"][mult_adds["nearest"]]["mult_adds"]
        for other in data["published"]:
            assert max(nearest, mult_adds["total"]) * min(other["mult_adds"], mult_adds["total"]) <= max(
                other["mult_adds"], mult_adds["total"]
            ) * min(nearest, mult_adds["total"])


def test_published_networks_are_their_own_nearest(shared):
    """Accuracy, mult-adds and parameters of the 16, against the released table."""
    data = interactive.explorer().data
    released = json.loads((shared / "paper/slim_checkpoints.json").read_text(encoding="utf8"))["checkpoints"]
    assert len(data["published"]) == len(released) == 16
    for index, (network, row) in enumerate(zip(data["published"], released)):
        assert (network["name"], network["top_1"]) == (f"{row['alpha']}-{row['resolution']}", row["top1"])
        assert network["mult_adds"] == row["computed_macs_1000cls"]
        assert network["parameters"] == row["computed_weights_1000cls"]
        a, r = network["index"]
        assert data["costs"][a][r]["nearest"] == index


def test_nearest_by_hand():
    """0.8-224 makes 367 million: 1.13 times 0.75-224 (325 million), while 1.0-192 (418 million) is 1.14 times that."""
    data = interactive.explorer().data
    mult_adds = data["costs"][data["alphas"].index(0.8)][data["resolutions"].index(224)]
    assert round(mult_adds["total"] / 1e6) == 367
    assert data["published"][mult_adds["nearest"]]["name"] == "0.75-224"


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


def test_every_network_that_can_be_typed_shows_what_cost_computes(show):
    widget = interactive.explorer(classes=10)
    page = show(widget)
    shown = page.evaluate(READ_ALL, [list(ALPHAS), list(RESOLUTIONS)])
    assert len(shown) == 250
    for alpha, resolution, cells, status in shown:
        layers = mobilenet(alpha, resolution, classes=10)
        rows, total = cost.by_kind(layers), cost.total(cost.table(layers))
        expected = [rows[kind] for kind in ("pointwise", "depthwise", "standard", "fully_connected")]
        assert cells == [
            [f"{row.mult_adds:,}", f"{float(100 * row.share):.2f} %", f"{row.parameters:,}",
             f"{float(100 * row.parameter_share):.2f} %"]
            for row in (*expected, total)
        ]  # fmt: skip
        assert f"{total.mult_adds:,}" in status and f"{total.parameters:,}" in status


READ_ALL = """([alphas, resolutions]) => {
    const root = document.querySelector(".npmobile-explorer").shadowRoot;
    const type = (id, value) => {
        root.getElementById(id).value = value;
        root.getElementById(id).dispatchEvent(new Event("input"));
    };
    return alphas.flatMap((alpha) => resolutions.map((resolution) => {
        type("alpha", alpha);
        type("resolution", resolution);
        const rows = [...root.querySelectorAll(".costs tbody tr")];
        const cells = rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.innerText.trim()));
        return [alpha, resolution, cells, root.querySelector(".status").innerText];
    }));
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_explorer_by_keyboard_alone(show, language):
    widget = interactive.explorer(language=language)
    page = show(widget, how="notebook")
    table, status = page.locator(".costs caption"), page.get_by_role("status")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # alpha -0.05
    assert "0.95-224" in table.inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("0.50")
    assert "0.5-224" in table.inner_text() and "149,497,088" in status.inner_text()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("160")
    assert "0.5-160" in table.inner_text() and "5/7" in table.inner_text()
    assert [n for n in numbers_in(status.inner_text()) if n > 1000] == [76_524_800, 1_319_648]
    assert "59.1" in page.locator(".result").inner_text()
    pressed = page.locator("button[aria-pressed=true]")
    assert pressed.all_inner_texts() == ["0.5-160"]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # resolution +32
    assert pressed.all_inner_texts() == ["0.5-192"]
    for _ in range(16):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the last of the published
    assert "13,570,048" in status.inner_text() and page.locator("#alpha").input_value() == "0.25"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_finds_the_table_by_its_name(show, language):
    page = show(interactive.explorer(language=language))
    costs = page.get_by_role("table", name="MobileNet 1.0-224")
    assert (costs.get_by_role("columnheader").count(), costs.get_by_role("rowheader").count()) == (5, 5)


REFUSED = [  # what is typed, and the network shown: the last one passed on the way, if any
    ("alpha", "0.33", "0.3-224"), ("alpha", "1.3", "1.0-224"), ("alpha", "0", "1.0-224"), ("alpha", "-0.5", "1.0-224"),
    ("alpha", "", "1.0-224"), ("alpha", "1e", "1.0-224"), ("resolution", "31", "1.0-224"),
    ("resolution", "323", "1.0-32"), ("resolution", "352", "1.0-224"), ("resolution", "224.5", "1.0-224"),
    ("resolution", "", "1.0-224"),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_typed_is_refused_with_a_reason(show, language):
    widget = interactive.explorer(language=language)
    page = show(widget)
    for box, typed, shown in REFUSED:
        field, error = page.locator(f"#{box}"), page.locator(f"#{box}-error")
        field.fill("1" if box == "alpha" else "224")
        assert error.inner_text() == "" and field.get_attribute("aria-invalid") == "false"
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
        assert error.inner_text() == words(widget)[f"error_{box}"].format(name=shown), typed
        assert f"MobileNet {shown}, " in page.locator(".costs caption").inner_text()
        assert error.get_attribute("role") == "alert" and field.get_attribute("aria-invalid") == "true"
        assert field.get_attribute("aria-describedby") == f"{box}-error"
        field.fill("1" if box == "alpha" else "224")


def test_buttons_stop_at_the_ends(show):
    page = show(interactive.explorer())
    for name, box, end in [("+0.05", "alpha", "1.25"), ("−0.05", "alpha", "0.05"), ("+32", "resolution", "320"),
                           ("−32", "resolution", "32")]:  # fmt: skip
        button = page.get_by_role("button", name=f"{box} {name}", exact=True)
        button.evaluate("(button) => { for (let i = 0; i < 26; i++) button.click(); }")
        assert page.locator(f"#{box}").input_value() == end
    assert "0.05-32" in page.locator(".costs caption").inner_text()
