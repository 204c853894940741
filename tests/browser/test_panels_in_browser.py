"""Every panel in a real JupyterLab: moved by keyboard and mouse, and read as a person reads it."""

import re

import numpy as np
import pytest
from driving import Panel, keep_screenshot, run_all, write_notebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

DATA = """
import jax, jax.numpy as jnp
from dl_workshop import panels
x = jnp.linspace(-5, 5, 21)
y = 2 * x + 20
labels = (x + jnp.sin(7 * x) > 0).astype(int)
model = lambda params, x: params["w"] * x + params["b"]
logistic = lambda z: 1 / (1 + jnp.exp(-z))
loss = lambda params, model, x, y: jnp.mean((y - model(params, x)) ** 2)
cross_entropy = lambda params, model, x, y: jnp.mean(jnp.logaddexp(0, model(params, x)) - y * model(params, x))
path = dict(w=jnp.linspace(-5, 2, 8), b=jnp.linspace(3, 20, 8))
"""
X = np.linspace(-5, 5, 21)

BRITTLE = """
def brittle(params, x):
    if params["w"] > -4.9:
        return params["weight"] * x
    return params["w"] * x + params["b"]
"""
CELLS = [
    "panels.fit_by_hand(dict(w=-5.0, b=3.0), model, loss, x, y)",
    "panels.fit_by_hand(dict(w=1.0, b=0.0), model, cross_entropy, x, labels, curve=logistic)",
    BRITTLE + "panels.fit_by_hand(dict(w=-5.0, b=3.0), brittle, loss, x, y)",
    "panels.logistic_curve(w=2.0, b=1.0)",
    "panels.descend(lambda w: w**2 + 3*w - 5, w=8.0, step_size=0.1)",
    "panels.bowl(dict(w=0.0, b=0.0), model, loss, x, y, path)",
]
LINE, LABELS, BROKEN, CURVE, DESCENT, BOWL = range(len(CELLS))


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook that shows every panel once."""
    page = open_notebook(write_notebook(tmp_path_factory.mktemp("panels") / "panels.ipynb", DATA, *CELLS))
    run_all(page)
    return page


def loss_in(words):
    return float(re.search(r"loss ([\d.e+-]+)", words)[1])


def mse(w, b):
    return np.mean((2 * X + 20 - (w * X + b)) ** 2)


def test_fit_by_hand_follows_keys_mouse_and_reset(page):
    panel = Panel(page, LINE)
    assert loss_in(panel.words.inner_text()) == pytest.approx(mse(-5, 3), rel=1e-3)
    words = panel.press("w", "ArrowRight", "PageUp", "PageUp")
    assert panel.value("w") > -5
    assert loss_in(words) == pytest.approx(mse(panel.value("w"), panel.value("b")), rel=1e-3)

    bar = panel.slider("b").locator(".noUi-base").bounding_box()
    words = panel.after(lambda: page.mouse.click(bar["x"] + 0.75 * bar["width"], bar["y"] + bar["height"] / 2))
    assert panel.value("b") == pytest.approx(15, abs=1.5)  # three quarters of the way from -30 to 30
    assert loss_in(words) == pytest.approx(mse(panel.value("w"), panel.value("b")), rel=1e-3)
    alternative = panel.image.get_attribute("title")
    assert alternative.split() == words.replace("\u2002", ": ", 1).split()

    words = panel.after(panel.button("Reset").click)
    assert (panel.value("w"), panel.value("b")) == (-5, 3)
    assert loss_in(words) == pytest.approx(mse(-5, 3), rel=1e-3)


def test_a_burst_of_keys_ends_on_the_last_value(page):
    panel = Panel(page, LINE)
    words = panel.press("w", *["ArrowRight"] * 30)
    assert panel.value("w") > -5
    assert loss_in(words) == pytest.approx(mse(panel.value("w"), panel.value("b")), rel=1e-3)


def test_labelled_points_are_fitted_by_hand(page):
    words = Panel(page, LABELS).press("w", "ArrowRight")
    assert "points on the right side" in words


def test_an_error_in_the_learners_function_is_said_and_the_picture_stays(page):
    panel = Panel(page, BROKEN)
    before, words = panel.image.get_attribute("src"), panel.words.inner_text()
    panel.slider("w").locator(".noUi-handle").press("PageUp")
    expect(panel.trouble).to_contain_text("params['weight']")
    assert panel.image.get_attribute("src") == before
    assert panel.words.inner_text() == words
    keep_screenshot(panel.box, "error_in_words")
    panel.button("Reset").click()
    expect(panel.trouble).to_have_count(0)


def test_logistic_curve_says_where_the_midpoint_lies(page):
    panel = Panel(page, CURVE)
    assert "midpoint -0.5" in panel.words.inner_text()
    words = panel.press("b", "ArrowRight", "ArrowRight")
    middle = float(re.search(r"midpoint (\S+)", words)[1])
    assert middle == pytest.approx(-panel.value("b") / 2, rel=1e-3)
    assert middle < -0.5
    assert "slope w/4 = 0.5" in words


def test_descend_steps_plays_pauses_and_starts_again(page):
    panel = Panel(page, DESCENT)
    words = panel.after(panel.button("Step").click)
    assert "step 1: w = 6.1" in words  # 8 - 0.1 * (2 * 8 + 3)
    assert "converges: each step is 0.8 of the last" in words
    play = panel.box.locator(".widget-play button").first
    play.click()
    expect(panel.words).to_contain_text(re.compile(r"step [5-9]:"))
    play.click()
    words = panel.settled()
    taken = int(re.search(r"step (\d+)", words)[1])
    w = -1.5 + 9.5 * 0.8**taken
    assert float(re.search(r"w = (\S+)", words)[1]) == pytest.approx(w, rel=1e-3)
    page.wait_for_timeout(1000)  # five frames' time: paused is paused
    assert panel.words.inner_text() == words
    panel.press("step size", *["PageUp"] * 5)
    for _ in range(2):
        words = panel.after(panel.button("Step").click)
    assert "diverges" in words
    words = panel.after(panel.button("Reset").click)
    assert "step 0: w = 8" in words


def test_bowl_scrubs_along_the_path(page):
    panel = Panel(page, BOWL)
    assert loss_in(panel.words.inner_text()) == pytest.approx(0, abs=1e-6)
    words = panel.press("step", "ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert loss_in(words) == pytest.approx(mse(-5 + 4, 3 + 4 * 17 / 7), rel=1e-3)
    words = panel.after(panel.button("First").click)
    assert loss_in(words) == pytest.approx(mse(-5, 3), rel=1e-3)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_panel_fits_a_small_screen(open_notebook, tmp_path, dark):
    page = open_notebook(write_notebook(tmp_path / "panels.ipynb", DATA, *CELLS), dark=dark, width=1024, height=768)
    run_all(page)
    for place, name in enumerate(("line", "labels", None, "logistic_curve", "descend", "bowl")):
        if name:
            panel = Panel(page, place)
            handle = panel.box.locator(".noUi-handle").first
            panel.after(lambda handle=handle: [handle.press("PageDown"), handle.press("ArrowLeft")])
            frame = panel.image.bounding_box()
            assert frame["x"] + frame["width"] <= 1024
            keep_screenshot(panel.box, f"{name}_{'dark' if dark else 'light'}")
            wide, seen = panel.box.evaluate("box => [box.scrollWidth, box.clientWidth]")
            assert wide <= seen
