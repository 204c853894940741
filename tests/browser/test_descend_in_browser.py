"""The descent stepper and the logistic curve in a real JupyterLab, moved by keyboard and mouse."""

import re

import pytest
from driving import Panel, keep_screenshot, run_all, set_screen, write_notebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = [
    "panels.descend(lambda w: w**2 + 3*w - 5, w=8.0, step_size=0.1)",
    "panels.descend(lambda w: w**2 + 3*w - 5, w=3.0, step_size=[0.01, 0.3, 0.9, 1.1])",
    "panels.descend(jnp.log, w=1.0, step_size=0.1)",
    "def slow(w):\n    time.sleep(0.5)\n    return 2.0 * float(w)\n"
    "panels.descend(lambda w: w**2, w=4.0, step_size=0.001, df=slow)",
    "panels.logistic_curve(w=2.0, b=1.0)",
    "panels.logistic_curve(w=0.5, b=-15.0, x=jnp.array([20., 25, 31, 36, 40]), y=jnp.array([0, 0, 1, 0, 1]))",
]
ONE, SEVERAL, LOG, SLOW, CURVE, POINTS = range(len(CELLS))
IMPORTS = "import time, jax.numpy as jnp\nfrom dl_workshop import panels"


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook that shows each panel."""
    page = open_notebook(write_notebook(tmp_path_factory.mktemp("descend") / "descend.ipynb", IMPORTS, *CELLS))
    run_all(page)
    return page


def place(start, step_size, n_steps):
    """Where the parabola's descent is after n steps, in closed form."""
    return -1.5 + (start + 1.5) * (1 - 2 * step_size) ** n_steps


def w_in(words):
    return float(re.search(r"w = ([-\d.e+]+)", words)[1])


def step_in(words):
    return int(re.search(r"step (\d+)", words)[1])


def test_it_steps_plays_pauses_and_resets(page):
    panel = Panel(page, ONE)
    for n in (1, 2):
        words = panel.after(lambda: panel.button("Step").press("Enter"))
        assert (step_in(words), w_in(words)) == (n, pytest.approx(place(8, 0.1, n), rel=1e-3))
    assert "converges: each step is 0.8 of the last" in words
    panel.button("Play").press("Space")
    expect(panel.words).to_contain_text(re.compile(r"step [5-9]:"))
    words = panel.after(panel.button("Pause").click)
    still = panel.picture()
    assert w_in(words) == pytest.approx(place(8, 0.1, step_in(words)), rel=1e-3)
    page.wait_for_timeout(700)  # seven frames' time: paused is paused
    assert (panel.words.inner_text(), panel.picture()) == (words, still)
    words = panel.after(panel.button("Reset").click)
    assert "step 0: w = 8" in words


def test_the_step_size_changes_while_it_plays_until_it_diverges_and_restarts(page):
    panel = Panel(page, ONE)
    panel.choice("Speed").select_option("30")
    panel.type("step size", 0.001)
    panel.button("Play").click()
    expect(panel.words).to_contain_text("crawls")
    panel.field("step size").fill("1.2")
    panel.field("step size").press("Enter")
    expect(panel.words).to_contain_text("w has left every scale")
    expect(panel.button("Play")).to_be_visible()  # it has stopped by itself
    words = panel.after(panel.button("Restart").click)
    assert w_in(words) == 8
    assert panel.value("step size") == 1.2
    panel.press("step size", "ArrowLeft", "PageDown")
    assert panel.value("step size") < 1.2
    panel.after(panel.button("Reset").click)
    assert panel.value("step size") == 0.1


def test_it_stops_at_the_step_it_is_told(page):
    panel = Panel(page, ONE)
    field = panel.box.get_by_label("Stop at step")
    panel.after(lambda: [field.fill("7"), field.press("Enter")])
    panel.button("Play").click()
    expect(panel.words).to_contain_text("Stopped at step 7, as asked")
    assert w_in(panel.words.inner_text()) == pytest.approx(place(8, 0.1, 7), rel=1e-3)
    panel.after(panel.button("Reset").click)
    panel.after(lambda: [field.fill("200"), field.press("Enter")])


def test_the_start_is_dragged_on_the_curve_and_moved_by_keys(page):
    panel = Panel(page, ONE)
    panel.after(panel.button("Step").click)
    box = panel.canvas().bounding_box()
    middle = box["y"] + box["height"] / 2

    def drag():
        page.mouse.move(box["x"] + 0.8 * box["width"], middle)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.5 * box["width"], middle, steps=4)
        page.mouse.up()

    words = panel.after(drag)
    words = panel.settled()
    assert step_in(words) == 0
    assert w_in(words) == pytest.approx(panel.value("start w"), rel=1e-3)
    assert panel.value("start w") < 4
    page.mouse.move(box["x"] + 0.3 * box["width"], middle)  # without a pressed button the start stays
    assert w_in(panel.settled()) == w_in(words)
    before = panel.value("start w")
    panel.press("start w", "ArrowRight")
    assert panel.value("start w") > before
    panel.after(panel.button("Reset").click)
    assert panel.value("start w") == 8


def test_several_step_sizes_run_side_by_side(page):
    panel = Panel(page, SEVERAL)
    words = panel.after(lambda: [panel.button("Step").click() for _ in range(5)])
    assert "step 5" in words
    assert "0.01 crawls; 0.3 converges; 0.9 flips; 1.1 diverges." in words
    assert "each step 1.2 times the last" in panel.box.locator("figcaption").nth(3).inner_text()
    assert "flips from side to side" in panel.alternative(2)
    words = panel.type("step size 4", 0.2)
    assert "0.2 is ready" in words


def test_a_step_to_where_f_is_nan_is_said_and_the_panel_stands(page):
    panel = Panel(page, LOG)
    panel.type("step size", 2)
    panel.after(panel.button("Step").click)
    expect(panel.trouble).to_contain_text("f is nan at w = -1")
    panel.after(panel.button("Reset").click)
    expect(panel.trouble).to_be_hidden()


def test_a_slow_slope_leaves_the_page_awake_and_a_pause_stops_at_once(page):
    panel = Panel(page, SLOW)
    panel.button("Play").click()
    expect(panel.words).to_contain_text(re.compile(r"step [2-9]"))
    assert page.evaluate("new Promise(done => setTimeout(() => done(true), 20))")
    words = panel.after(panel.button("Pause").click)
    page.wait_for_timeout(1200)  # two steps' time
    assert panel.words.inner_text() == words


def test_the_logistic_curve_says_where_its_midpoint_lies(page):
    panel = Panel(page, CURVE)
    assert "midpoint -0.5" in panel.words.inner_text()
    words = panel.press("b", "ArrowRight", "ArrowRight")
    middle = float(re.search(r"midpoint (\S+)", words)[1])
    assert middle == pytest.approx(-panel.value("b") / 2, rel=1e-2)
    assert middle < -0.5
    assert "slope w/4 = 0.5" in words
    assert "moves it LEFT" in words
    assert "moves it RIGHT" in panel.type("w", -1)
    assert "no midpoint" in panel.type("w", 0)
    assert "midpoint -0.5" in panel.after(panel.button("Reset").click)


def test_the_logistic_curve_shows_labelled_points(page):
    panel = Panel(page, POINTS)
    assert "4 of 5 points" in panel.words.inner_text()
    assert "of 5 points" in panel.press("w", "ArrowLeft")
    assert "of 5 points" in panel.alternative()


@pytest.mark.parametrize(("dark", "width"), [(False, 1024), (True, 1400)], ids=["light", "dark"])
def test_they_fit_the_screen(page, dark, width):
    set_screen(page, dark=dark, width=width)
    names = {ONE: "descend", SEVERAL: "descend_several", CURVE: "logistic_curve", POINTS: "logistic_points"}
    for place, name in names.items():
        panel = Panel(page, place)
        if place in (ONE, SEVERAL):
            panel.button("Reset").click()
            panel.settled()
            panel.after(lambda panel=panel: [panel.button("Step").click() for _ in range(6)])
        panel.settled()
        keep_screenshot(panel.box, f"{name}_{'dark' if dark else 'light'}")
        wide, seen = panel.box.evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert wide <= seen
