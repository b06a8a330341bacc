"""What moves in a notebook: its numbers without a browser, and what a reader sees and presses in one."""

from __future__ import annotations

import json
import re
import shutil
from fractions import Fraction

import numpy as np
import pytest
from conftest import framework

from npmobile import conv, cost, interactive, mobilenet
from npmobile.interactive import pages, race

WIDGETS = [interactive.stepper, interactive.explorer]
STEPPERS = [
    {},
    {"size": 6, "D_K": 3, "M": 3, "N": 4},
    {"size": 5, "stride": 2},
    {"size": 4, "stride": 2},  # "same" on an even side: one zero, to the bottom and right
    {"size": 3, "D_K": 2, "M": 1, "N": 1, "padding": "valid"},  # the first example of the lessons, done by hand
    {"size": 6, "D_K": 3, "stride": 2, "padding": "symmetric"},
    {"size": 2, "D_K": 1, "M": 3, "N": 2},
]
NETWORKS = [(a, r) for a in range(len(interactive.ALPHAS)) for r in range(len(interactive.RESOLUTIONS))]


def data_of(html):
    """What the page gives to its script."""
    (source,) = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    return json.loads(source)


# ---- the stepper's numbers ----


@pytest.mark.parametrize("sizes", STEPPERS)
def test_race_arrives_at_what_one_convolution_computes(sizes):
    """Every output number, count and column, against one call of `conv` and the formula of `cost`."""
    data = data_of(interactive.stepper(**sizes)._repr_html_())
    size, D_K, M, N, stride = (sizes.get(n, d) for n, d in [("size", 4), ("D_K", 3), ("M", 2), ("N", 3), ("stride", 1)])
    padding = sizes.get("padding", "same")
    lanes = data["lanes"]
    before = lanes["standard"]["before"]
    inside = slice(before, before + size)
    x = np.array(lanes["standard"]["picture"], float)[:, inside, inside].transpose(1, 2, 0)[np.newaxis]
    filters = [step["kernel"] for step in lanes["standard"]["steps"][:N]]
    kernel = np.array(filters, float).transpose(2, 1, 0).reshape(D_K, D_K, M, N)
    depthwise = np.array(lanes["depthwise"]["steps"][0]["kernel"], float).T.reshape(D_K, D_K, M)
    pointwise = np.array(lanes["pointwise"]["steps"][0]["kernel"], float)
    filtered, half = conv.depthwise_conv(x, depthwise, stride, padding)
    expected = {
        "standard": conv.standard_conv(x, kernel, stride, padding),
        "depthwise": (filtered, half),
        "pointwise": conv.pointwise_conv(filtered, pointwise),
    }
    D_G = filtered.shape[1]
    columns = conv.im2col(x, D_K, stride, padding).reshape(D_G * D_G, D_K * D_K, M).transpose(0, 2, 1)
    assert lanes["pointwise"]["picture"] == filtered[0].transpose(2, 0, 1).tolist()
    assert [step["column"] for step in lanes["standard"]["steps"][::N]] == columns.tolist()
    assert [step["column"] for step in lanes["depthwise"]["steps"]] == columns.tolist()
    for kind, (y, mult_adds) in expected.items():
        steps = lanes[kind]["steps"]
        made = [number for step in steps for number in step["made"]]
        assert sorted((k, l, n) for k, l, n, _ in made) == list(np.ndindex(y.shape[1:]))  # each once
        assert all(y[0, k, l, n] == value for k, l, n, value in made)
        assert steps[-1]["count"] == mult_adds == lanes[kind]["total"] == data["totals"][kind]
        assert np.cumsum([step["mult_adds"] for step in steps]).tolist() == [step["count"] for step in steps]
        assert all(step["mult_adds"] == step["each"] * len(step["made"]) for step in steps)
        assert all(step["mult_adds"] == data["pace"] == D_K * D_K * M for step in steps[:-1])
    assert data["totals"]["standard"] == cost.standard(D_K, M, N, D_G)
    assert data["totals"]["separable"] == cost.depthwise(D_K, M, D_G) + cost.pointwise(M, N, D_G)
    assert Fraction(data["totals"]["separable"], data["totals"]["standard"]) == Fraction(1, N) + Fraction(1, D_K**2)


@pytest.mark.parametrize("sizes", STEPPERS)
def test_windows_are_where_the_columns_come_from(sizes):
    for lane in race_of(sizes).values():
        picture = np.array(lane["picture"])  # (M, H, W)
        for step in lane["steps"]:
            side = lane["side"]
            windows = [picture[:, top : top + side, left : left + side] for top, left in step["windows"]]
            assert np.concatenate([w.reshape(len(w), -1) for w in windows], axis=1).tolist() == step["column"]


def race_of(sizes):
    return data_of(interactive.stepper(**sizes)._repr_html_())["lanes"]


def test_default_race_by_hand():
    """Picture 4 x 4, M = 2, kernel 3 x 3, N = 3: 16 pixels of 54, of 18 and of 6 mult-adds."""
    data = interactive.stepper().data
    assert data["totals"] == {"standard": 864, "depthwise": 288, "pointwise": 96, "separable": 384}
    assert data["ratio"] == "384 / 864 = 1/N + 1/D_K² = 1/3 + 1/9 = 4/9 ≈ 0.444"
    assert [len(lane["steps"]) for lane in data["lanes"].values()] == [48, 16, 6]  # 96 / 18 is 5 and a third
    assert [step["fresh"] for step in data["lanes"]["standard"]["steps"][:4]] == [True, False, False, True]


def test_lanes_accept_what_conv_accepts():
    with pytest.raises(TypeError, match="x must be float32 or float64"):
        race.lanes(np.zeros((1, 4, 4, 2), int), np.zeros((3, 3, 2, 3)))


# ---- the explorer's numbers ----


@pytest.mark.parametrize("classes", [1000, 10])
def test_every_bill_is_that_of_cost(classes):
    data = data_of(interactive.explorer(classes)._repr_html_())
    assert data["alphas"] == [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
                              0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.25]  # fmt: skip
    assert data["resolutions"] == [32, 64, 96, 128, 160, 192, 224, 256, 288, 320]
    for a, r in NETWORKS:
        rows = cost.by_kind(mobilenet(data["alphas"][a], data["resolutions"][r], classes))
        bill, size = data["bills"][a][r], data["parameters"][a]
        assert bill["counts"] == [rows[kind].mult_adds for kind in data["kinds"]]
        assert size["counts"] == [rows[kind].parameters for kind in data["kinds"]]
        assert bill["shares"] == [f"{float(100 * rows[kind].share):.2f}" for kind in data["kinds"]]
        assert size["shares"] == [f"{float(100 * rows[kind].parameter_share):.2f}" for kind in data["kinds"]]
        assert (bill["total"], size["total"]) == (sum(bill["counts"]), sum(size["counts"]))  # the pool is free
        nearest = data["published"][bill["nearest"]]["mult_adds"]
        for other in data["published"]:
            assert max(nearest, bill["total"]) * min(other["mult_adds"], bill["total"]) <= max(
                other["mult_adds"], bill["total"]
            ) * min(nearest, bill["total"])


def test_published_networks_are_their_own_nearest(shared):
    """Accuracy, mult-adds and parameters of the 16, against the released table."""
    data = interactive.explorer().data
    released = json.loads((shared / "paper/slim_checkpoints.json").read_text(encoding="utf8"))["checkpoints"]
    assert interactive.published() == {(row["alpha"], row["resolution"]): row["top1"] for row in released}
    assert len(data["published"]) == len(released) == 16
    for index, (network, row) in enumerate(zip(data["published"], released)):
        assert (network["name"], network["top_1"]) == (f"{row['alpha']}-{row['resolution']}", row["top1"])
        assert network["mult_adds"] == row["computed_macs_1000cls"]
        assert network["parameters"] == row["computed_weights_1000cls"]
        a, r = network["place"]
        assert data["bills"][a][r]["nearest"] == index


def test_nearest_by_hand():
    """0.8-224 makes 367 million: 1.13 times 0.75-224 (325 million), while 1.0-192 (418 million) is 1.14 times that."""
    data = interactive.explorer().data
    bill = data["bills"][data["alphas"].index(0.8)][data["resolutions"].index(224)]
    assert round(bill["total"] / 1e6) == 367
    assert data["published"][bill["nearest"]]["name"] == "0.75-224"


# ---- pages, words and errors ----


@pytest.mark.parametrize("language", interactive.LANGUAGES)
@pytest.mark.parametrize("make", WIDGETS)
def test_without_scripts_and_styles_a_picture_stays(make, language):
    """As JupyterLab shows a notebook that is not trusted: no script, no style sheet, no SVG, no frame, no roles."""
    widget = make(language=language)
    html = re.sub(r"<script.*?</script>", "", widget._repr_html_(), flags=re.DOTALL)
    assert html.startswith(f'<div class="npmobile-{make.__name__}" lang="{language}"')
    assert "<table" in html and not re.search(r"<(style|svg|iframe|button|link|img)|aria-|role=| src=| on\w+=", html)
    assert repr(widget) in html
    numbers = (
        ["864", "288", "96", "384", "4/9"] if make is interactive.stepper else ["568,740,352", "13,570,048", "41.5"]
    )
    assert all(number in html for number in numbers)


@pytest.mark.parametrize("make", WIDGETS)
def test_same_arguments_make_the_same_page(make):
    """A committed notebook changes only where its numbers do."""
    assert make()._repr_html_() == make()._repr_html_()


def test_data_cannot_end_the_script():
    widget = interactive.Widget("stepper", {"words": "</script><!--"}, "", "", "en")
    assert data_of(widget._repr_html_())["words"] == "</script><!--"


def test_both_languages_say_the_same_things():
    english, korean = (json.loads(pages._read(f"{language}.json")) for language in ("en", "ko"))
    for ours, theirs in [(english, korean), *((english[name], korean[name]) for name in ("stepper", "explorer"))]:
        assert ours.keys() == theirs.keys()
        for key in ours:
            if isinstance(ours[key], str):
                assert set(re.findall(r"\{\w+\}", ours[key])) == set(re.findall(r"\{\w+\}", theirs[key])), key


def test_colours_are_those_of_the_figures():
    from npmobile.plots import style as plots

    colours = dict(re.findall(r"--(\w+): (#\w+);", pages._read("widgets.css")))
    assert {kind: colours[kind] for kind in interactive.KINDS} == {
        kind: plots.STYLES[kind][0] for kind in interactive.KINDS
    }


@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        (interactive.stepper, {"size": 7}, "size must be an int from 2 to 6, but is 7"),
        (interactive.stepper, {"size": 4.0}, "size must be an int from 2 to 6, but is 4.0"),
        (interactive.stepper, {"D_K": 0}, "D_K must be an int from 1 to 3, but is 0"),
        (interactive.stepper, {"M": 4}, "M must be an int from 1 to 3, but is 4"),
        (interactive.stepper, {"N": True}, "N must be an int from 1 to 4, but is True"),
        (interactive.stepper, {"stride": 3}, "stride must be an int from 1 to 2, but is 3"),
        (interactive.stepper, {"padding": "full"}, "padding must be .* but is 'full'"),
        (interactive.stepper, {"size": 2, "padding": "valid"}, "D_K=3 and x is 2 x 2"),
        (interactive.stepper, {"language": "fr"}, 'language must be "en" or "ko", but is \'fr\''),
        (interactive.explorer, {"language": "fr"}, 'language must be "en" or "ko", but is .fr.'),
        (interactive.explorer, {"classes": 0}, "classes must be an int from 1 to 100000, but is 0"),
        (interactive.explorer, {"classes": 10**6}, "classes must be an int from 1 to 100000, but is 1000000"),
    ],
)
def test_bad_argument_gets_one_clear_error(make, arguments, message):
    with pytest.raises(ValueError, match=message):
        make(**arguments)


# ---- in a browser ----

FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update"
)
# What JupyterLab does with HTML: set it while it is not on the page, make its scripts anew, put it there.
LIKE_A_NOTEBOOK = """(html) => {
    const cell = document.createElement("div");
    cell.innerHTML = html;
    for (const inert of cell.querySelectorAll("script")) {
        const script = document.createElement("script");
        for (const { name, value } of inert.attributes) script.setAttribute(name, value);
        script.textContent = inert.textContent;
        inert.replaceWith(script);
    }
    document.body.append(cell);
}"""


@pytest.fixture(scope="module")
def chromium():
    """The browser of the system; closed with this file, since its event loop would stop other tests'."""
    sync_api = framework("playwright.sync_api", "playwright", "browser")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium fonts-nanum)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS.split(), "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def show(chromium):
    """Puts widgets on a page; in the end nothing may have been requested, and no script may have failed."""
    contexts, requests, errors = [], [], []

    def page_with(*widgets, head="", width=1280, how="page", clock=False, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        if clock:
            page.clock.install()
        parts = [widget._repr_html_() for widget in widgets]
        body = "".join(parts) if how == "page" else ""
        page.set_content(
            f'<!DOCTYPE html><html lang="en"><head><title>A page</title>{head}</head><body>{body}</body></html>'
        )
        for html in parts if how == "notebook" else ():
            page.evaluate(LIKE_A_NOTEBOOK, html)
        return page

    yield page_with
    for context in contexts:
        context.close()
    assert (requests, errors) == ([], [])


def words(widget):
    return widget.data["words"]


def press(page, widget, name, times=1):
    button = page.get_by_role("button", name=words(widget)[name], exact=True)
    if times == 1:
        button.click()
    else:  # without waiting each time until the page stands still
        button.evaluate("(button, times) => { for (let i = 0; i < times; i++) button.click(); }", times)


def counters(page):
    """Both roads, then the three panels: what is written as "done / all"."""
    return [text.replace(",", "") for text in page.locator(".tracks .count, .panel .count").all_inner_texts()]


def numbers_in(text):
    return [int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*", text)]


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
def test_page_shows_window_column_and_output_of_each_step(show, sizes):
    widget = interactive.stepper(**sizes)
    page = show(widget)
    lanes = widget.data["lanes"]
    ahead = {"standard": 0, "depthwise": 0, "pointwise": len(lanes["depthwise"]["steps"])}
    last = max(ahead[kind] + len(lane["steps"]) for kind, lane in lanes.items())
    step = 0
    for stop in (1, 2, ahead["pointwise"] + 1, last):
        press(page, widget, "next", stop - step)
        step = stop
        for kind, lane in lanes.items():
            panel = page.locator(f".panel.{kind}")
            done = step - ahead[kind]
            grids, outputs = (panel.locator(".grids").nth(i) for i in (0, 1))
            made = [n for past in lane["steps"][: max(done, 0)] for n in past["made"]]
            assert sum(bool(t) for t in outputs.locator("td").all_inner_texts()) == len(made)
            if not 0 < done <= len(lane["steps"]):
                assert panel.locator("td.now").count() == 0
                continue
            now = lane["steps"][done - 1]
            seen = numbers(grids.locator("td.now"))
            assert sorted(seen) == sorted(value for row in now["column"] for value in row)
            assert numbers(panel.locator(".strip").first.locator("td")) == [v for row in now["column"] for v in row]
            assert numbers(panel.locator(".strip").last.locator("td")) == [v for row in now["kernel"] for v in row]
            assert sorted(numbers(outputs.locator("td.now"))) == sorted(value for *_, value in now["made"])


def numbers(cells):
    return [int(text) for text in cells.all_inner_texts()]


def test_separable_may_lose(show):
    """With one output channel 1/N is 1: the pair costs more, and the page says so."""
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


@pytest.mark.parametrize("language", interactive.LANGUAGES)
def test_a_screen_reader_finds_each_table_by_its_name(show, language):
    widget = interactive.stepper(language=language)
    page = show(widget)
    for kind in ("standard", "depthwise", "pointwise"):
        panel = page.get_by_role("region", name=words(widget)[kind], exact=True)
        picture = panel.get_by_role("group", name=words(widget)[f"picture_{kind}"])
        assert [picture.get_by_role("table", name=name).count() for name in ("m = 0", "m = 1")] == [1, 1]
        for name in (words(widget)[f"column_{kind}"], words(widget)[f"kernel_{kind}"].format(n=0)):
            assert panel.get_by_role("table", name=name).get_by_role("rowheader").all_inner_texts() == [
                "m = 0",
                "m = 1",
            ]
    page = show(interactive.explorer(language=language))
    bill = page.get_by_role("table", name="MobileNet 1.0-224")
    assert (bill.get_by_role("columnheader").count(), bill.get_by_role("rowheader").count()) == (5, 5)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_runs_to_the_end_and_pauses(show, motion):
    widget = interactive.stepper()
    page = show(widget, clock=True, reduced_motion=motion)
    status = page.get_by_role("status")
    press(page, widget, "play")
    assert status.get_attribute("aria-live") == "off"  # a screen reader is not told each of 48 steps
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
    bar = page.locator(".road .bar").first
    moves = bar.evaluate("(bar) => parseFloat(getComputedStyle(bar).transitionDuration) > 0")
    assert moves == (motion == "no-preference")


def test_every_network_that_can_be_typed_shows_the_bill_of_cost(show):
    widget = interactive.explorer(classes=10)
    page = show(widget)
    shown = page.evaluate(READ_ALL, [list(interactive.ALPHAS), list(interactive.RESOLUTIONS)])
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
        const rows = [...root.querySelectorAll(".bill tbody tr")];
        const cells = rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.innerText.trim()));
        return [alpha, resolution, cells, root.querySelector(".status").innerText];
    }));
}"""


@pytest.mark.parametrize("language", interactive.LANGUAGES)
def test_explorer_by_keyboard_alone(show, language):
    widget = interactive.explorer(language=language)
    page = show(widget, how="notebook")
    bill, status = page.locator(".bill caption"), page.get_by_role("status")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # alpha -0.05
    assert "0.95-224" in bill.inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("0.50")
    assert "0.5-224" in bill.inner_text() and "149,497,088" in status.inner_text()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("160")
    assert "0.5-160" in bill.inner_text() and "5/7" in bill.inner_text()
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
    assert "13,570,048" in status.inner_text() and page.get_by_label("alpha").nth(1).input_value() == "0.25"


REFUSED = [  # what is typed, and the network shown: the last one passed on the way, if any
    ("alpha", "0.33", "0.3-224"), ("alpha", "1.3", "1.0-224"), ("alpha", "0", "1.0-224"), ("alpha", "-0.5", "1.0-224"),
    ("alpha", "", "1.0-224"), ("alpha", "1e", "1.0-224"), ("resolution", "31", "1.0-224"),
    ("resolution", "323", "1.0-32"), ("resolution", "352", "1.0-224"), ("resolution", "224.5", "1.0-224"),
    ("resolution", "", "1.0-224"),
]  # fmt: skip


@pytest.mark.parametrize("language", interactive.LANGUAGES)
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
        assert f"MobileNet {shown}, " in page.locator(".bill caption").inner_text()
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
    assert "0.05-32" in page.locator(".bill caption").inner_text()


def test_several_on_one_page_keep_to_themselves(show):
    """The page's styles do not reach in, theirs do not reach out, and each counts for itself."""
    head = "<style>button, table { display: none !important } p { color: rgb(1, 2, 3) }</style>"
    english, korean = interactive.stepper(), interactive.stepper(language="ko")
    page = show(english, korean, interactive.explorer(), interactive.explorer(language="ko"), head=head)
    press(page, korean, "next", 2)
    press(page, english, "next")
    roads = page.locator(".tracks .count").all_inner_texts()
    assert roads == ["18 / 864", "18 / 384", "36 / 864", "36 / 384"]
    page.get_by_role("button", name="0.25-128", exact=True).nth(1).click()
    assert ["1.0-224" in text for text in page.locator(".bill caption").all_inner_texts()] == [True, False]
    page.evaluate("document.body.append(Object.assign(document.createElement('p'), { id: 'outside' }))")
    assert page.locator("#outside").evaluate("(p) => getComputedStyle(p).color") == "rgb(1, 2, 3)"
    assert page.get_by_role("status").first.evaluate("(p) => getComputedStyle(p).color") == "rgb(17, 17, 17)"
    assert page.locator("[lang=ko]").count() == 2


@pytest.mark.parametrize("make", WIDGETS)
def test_without_scripts_the_picture_is_seen(show, make):
    page = show(make(), java_script_enabled=False)
    assert page.locator("table").first.is_visible() and page.get_by_role("button").count() == 0
    assert repr(make()) in page.inner_text("body")


@pytest.mark.parametrize("width", [1280, 920, 400])
@pytest.mark.parametrize("language", interactive.LANGUAGES)
def test_nothing_is_cut_or_runs_out_of_the_page(show, language, width):
    for widget in (interactive.stepper(language=language), interactive.stepper(6, 3, 3, 4, language=language),
                   interactive.explorer(language=language)):  # fmt: skip
        page = show(widget, width=width)
        if widget.data["words"].get("next"):
            press(page, widget, "next", 20)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("td, th, button, h3, .count, .status").evaluate_all(CUT) == []


CUT = """(nodes) => nodes
    .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline")
    .map((node) => node.outerHTML)"""


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("language", interactive.LANGUAGES)
def test_axe_finds_nothing_serious(show, language, width):
    """Both on one page: in the middle, with a mistake typed, and at the end."""
    axe = framework("axe_playwright_python.sync_playwright", "axe-playwright-python", "browser").Axe()
    stepper, explorer = interactive.stepper(language=language), interactive.explorer(language=language)
    page = show(stepper, explorer, width=width)

    def serious():
        found = axe.run(page).response
        places = [place for rule in found["passes"] for node in rule["nodes"] for place in node["target"]]
        assert any(isinstance(place, list) for place in places)  # it looked into the shadow roots
        return [
            (rule["id"], rule["nodes"]) for rule in found["violations"] if rule["impact"] in ("serious", "critical")
        ]

    press(page, stepper, "next", 20)
    page.locator("#alpha").fill("0.33")
    page.locator("#alpha").blur()
    assert serious() == []
    press(page, stepper, "next", 28)
    assert serious() == []


def test_works_in_an_exported_page(chromium, tmp_path):
    """As `jupyter nbconvert --to html` writes it; that page's own scripts (MathJax) are not let out."""
    nbconvert = framework("nbconvert", extra="browser")
    nbformat = framework("nbformat", extra="browser").v4
    widget = interactive.stepper()
    data = {"text/html": widget._repr_html_(), "text/plain": repr(widget)}
    output = nbformat.new_output("execute_result", data=data, execution_count=1)
    cell = nbformat.new_code_cell("stepper()", outputs=[output], execution_count=1)
    html, _ = nbconvert.HTMLExporter().from_notebook_node(nbformat.new_notebook(cells=[cell]))
    (tmp_path / "page.html").write_text(html, encoding="utf8")
    with chromium.new_page() as page:
        page.route(re.compile("^https?:"), lambda route: route.abort())
        page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
        press(page, widget, "next", 3)
        assert counters(page)[0] == "54 / 864"
