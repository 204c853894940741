"""What every panel owes, in one JupyterLab page: access, small screens, bursts, pauses, failures, a dead kernel.

The tests share one page and stand in an order: what breaks the kernel comes last.
"""

import re
from pathlib import Path

import every_panel
import nbformat
import pytest
from driving import Panel, keep_screenshot, kernel_with, run_all, set_screen
from every_panel import NAMES, move, widget
from every_panel import panel as panel_of
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

SWEEPS = {  # a sweep trains before it is shown, so it fails before it is shown
    "raises": ("lambda params, x: x @ missing", "name 'missing' is not defined"),
    "nan": ("lambda params, x: params['w'] * x + params['b'] + jnp.nan", "nan or infinite"),
    "inf": ("lambda params, x: params['w'] * x + params['b'] + jnp.inf", "nan or infinite"),
}
FINE = "mode = 'fine'"
JS = Path(__file__).with_name("looking.js").read_text()


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook that shows every panel once."""
    sweeps = [f"panels.sweep(start, {model}, loss, x, y, n_steps=20)" for model, _ in SWEEPS.values()]
    page = open_notebook(every_panel.notebook(tmp_path_factory.mktemp("every"), *sweeps), scale=2)
    page.evaluate(JS)
    run_all(page)
    page.set_default_timeout(10_000)
    expect(page.locator(".dlw[data-painted]")).to_have_count(len(NAMES) + len(SWEEPS))
    return page


# Keyboard and screen reader


@pytest.mark.parametrize("name", NAMES)
def test_keys_reach_everything_and_everything_has_a_name(page, name):
    panel = panel_of(page, name)
    stops = panel.box.evaluate("box => looking.followFocus(box)")
    page.keyboard.press("Shift")  # from now on the focus moves by keys: it is shown
    for _ in range(stops - 1):
        page.keyboard.press("Tab")
    found = page.evaluate("looking.reached")
    assert [stop["at"] for stop in found] == list(range(stops))  # Tab went through all, in their order
    for stop in found:
        assert stop["suppresses"], f"JupyterLab takes keys from {stop['html']}"
        assert stop["outline"] >= 2 and stop["contrast"] >= 3, stop
    unnamed = [
        line
        for line in panel.box.aria_snapshot().splitlines()
        if re.match(r"\s*- (button|slider|spinbutton|combobox|textbox|checkbox|application|img)(?! \")", line)
    ]
    assert not unnamed


@pytest.mark.parametrize("name", NAMES)
def test_a_move_by_keys_is_told_in_words_and_in_the_pictures_alternatives(page, name):
    panel = panel_of(page, name)
    drawn = panel.box.locator("canvas[role=img]")
    before = [(one.evaluate("it => it.toDataURL()"), one.get_attribute("aria-label")) for one in drawn.all()]
    words = panel.words.inner_text()
    assert move(page, name) != words
    after = [(one.evaluate("it => it.toDataURL()"), one.get_attribute("aria-label")) for one in drawn.all()]
    changed = [(old[1], new[1]) for old, new in zip(before, after, strict=True) if old[0] != new[0]]
    assert changed
    assert all(old != new for old, new in changed), changed


@pytest.mark.parametrize("name", NAMES)
def test_arrow_keys_stay_with_the_panel(page, name):
    it, cell = widget(page, name), page.locator(".jp-mod-active").first.element_handle()
    for key in ("ArrowDown", "ArrowUp"):
        it.press(key)
    assert it.evaluate("it => document.activeElement === it")
    assert cell.evaluate("cell => cell === document.querySelector('.jp-mod-active')")  # not: the cell below


# Small screens, light and dark


# 200 % zoom on a screen of 1024 pixels is 512 of CSS's pixels, each of two by two.
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1024, 512], ids=["1024 px", "200 % zoom"])
def test_nothing_is_cut_off_and_text_is_legible(page, width, dark):
    set_screen(page, dark=dark, width=width, height=900 if width == 1024 else 1700)
    problems = []
    for name in NAMES:
        panel = panel_of(page, name)
        found = panel.box.evaluate("(box, wide) => looking.problems(box, wide)", width)
        problems += [f"{name}: {problem}" for problem in found]
        keep_screenshot(panel.box, f"{name}_{width}_{'dark' if dark else 'light'}")
    page.set_viewport_size({"width": 1024, "height": 900})
    assert not problems, "\n".join(problems)


# Bursts and pauses


@pytest.mark.parametrize("name", ["fit_by_hand", "descend", "bowl", "replay"])
def test_of_thirty_keys_in_a_second_the_last_wins_and_nothing_queues_up(page, name):
    panel, it = panel_of(page, name), widget(page, name)
    move(page, name)
    it.focus()
    asked = int(panel.box.get_attribute("data-asked"))
    panel.box.evaluate("box => looking.watch(box)")
    with kernel_with(page, "mode = 'slow'", FINE):
        for _ in range(30):
            page.keyboard.press("ArrowRight" if name != "replay" else "ArrowLeft")
            page.wait_for_timeout(1000 / 30 - 4)
        panel.until("box => box.dataset.move === box.dataset.asked")
        words = panel.settled()
    assert int(panel.box.get_attribute("data-asked")) >= asked + 25  # no key waited for an answer
    assert len(page.evaluate("looking.frames")) <= 6  # in a queue, about twenty would follow the last key
    assert panel.after(lambda: it.press("ArrowLeft")) != words
    assert panel.after(lambda: it.press("ArrowRight")) == words  # what was shown belongs to where the slider stood


@pytest.mark.parametrize(
    ("name", "play"),
    [("descend", "Play"), ("bowl", "Play"), ("bowl", "Play the path"), ("replay", "Play"), ("playground", "Run")],
)
def test_a_pause_stops_at_once_and_no_late_frame_follows(page, name, play):
    panel = panel_of(page, name)
    if name == "replay":
        panel.after(panel.button("First").click)
    panel.button(play).focus()
    painted = int(panel.box.get_attribute("data-painted"))
    panel.box.evaluate("box => looking.watch(box)")
    page.keyboard.press("Enter")
    panel.until("(box, painted) => box.dataset.painted > painted", painted + 4)
    panel.after(lambda: page.keyboard.press("Enter"))
    words = panel.words.inner_text()
    assert len(set(page.evaluate("looking.frames"))) <= 2  # where it stood, and the answer to the pause
    last = int(panel.box.get_attribute("data-painted"))
    page.wait_for_timeout(500)  # several frames' time
    assert int(panel.box.get_attribute("data-painted")) == last
    assert panel.words.inner_text() == words
    expect(panel.button(play)).to_be_visible()


# Failures of the learner's function

BACK = {
    "fit_by_hand": "Reset",
    "descend": "Reset",
    "bowl": "Back to the start",
    "replay": "Last",
    "playground": "Reset",
    "draw_digit": "Clear",
}
TOLD = {"raises": "name 'missing' is not defined", "nan": "nan|no number|not finite", "inf": "nan|inf|no number"}


@pytest.mark.parametrize("name", list(BACK))
@pytest.mark.parametrize("failure", list(TOLD))
def test_a_failure_is_told_in_words_the_panel_stands_and_goes_on(page, name, failure):
    panel = panel_of(page, name)
    move(page, name)
    with kernel_with(page, f"mode = '{failure}'", FINE):
        move(page, name)
        expect(panel.trouble).to_have_text(re.compile(TOLD[failure]))
        assert panel.words.inner_text()
        assert panel.box.evaluate("box => looking.blank(box)") == []
    panel.after(panel.button(BACK[name]).click)
    move(page, name)
    expect(panel.trouble).to_be_empty()


@pytest.mark.parametrize("failure", list(SWEEPS))
def test_a_sweep_that_fails_says_so(page, failure):
    panel = Panel(page, len(NAMES) + list(SWEEPS).index(failure))
    expect(panel.box).to_contain_text(SWEEPS[failure][1])


def test_numbers_beyond_all_measure_leave_the_logistic_curve_standing(page):
    panel = panel_of(page, "logistic_curve")
    for value in ("1e300", "-1e300", "0"):
        assert panel.type("w", value)
        assert panel.box.evaluate("box => looking.blank(box)") == []
        expect(panel.trouble).to_be_empty()


@pytest.mark.parametrize("name", ["fit_by_hand", "descend", "playground"])
def test_what_the_learners_function_prints_is_shown(page, name):
    panel = panel_of(page, name)
    with kernel_with(page, "mode = 'prints'", FINE):
        move(page, name)
        expect(panel.box.locator(".dlw-printed")).to_contain_text("printed by the learner")
    panel.after(panel.button("Reset").click)
    expect(panel.box.locator(".dlw-printed")).to_be_empty()


# Without a kernel


def test_html_exported_from_the_saved_notebook_shows_every_picture_and_its_words(page, lab, chromium):
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    saved = next(lab["folder"].glob("every_*.ipynb"))
    assert len(nbformat.read(saved, 4).cells) == 1 + len(NAMES) + len(SWEEPS)
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter().from_filename(saved)
    with chromium.new_context(offline=True) as context:
        reader = context.new_page()
        reader.set_content(html, wait_until="domcontentloaded")
        pictures = reader.locator("figure[class^=dlw-] img")
        expect(pictures).to_have_count(len(NAMES) + len(SWEEPS))
        for picture in pictures.all():
            expect(picture).to_be_visible()
            assert picture.evaluate("it => it.decode().then(() => it.naturalWidth)") > 300
            assert len(picture.get_attribute("alt")) > len("Panel: ") + 10
        keep_screenshot(pictures.first, "html_export")


def test_a_kernel_restart_leaves_every_panel_standing_and_says_so(page):
    before = {}
    for name in NAMES:
        words = panel_of(page, name).words
        expect(words).not_to_be_empty()
        before[name] = words.text_content()
    page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.restartKernel()")
    for name in NAMES:
        panel = panel_of(page, name)
        expect(panel.box.locator(".dlw-note").first).to_contain_text("The kernel behind this panel has stopped")
        assert panel.words.text_content() == before[name]
        widget(page, name).press("ArrowRight")
        panel.settled(100)
        assert panel.box.evaluate("box => looking.blank(box)") == []
    keep_screenshot(panel_of(page, "bowl").box, "kernel_stopped")
