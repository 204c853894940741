"""fit_by_hand in a real JupyterLab, by keyboard and mouse, and the traps that every panel has to avoid."""

import re

import nbformat
import numpy as np
import pytest
from driving import Panel, keep_screenshot, run_all, write_notebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

DATA = """
import time
import jax, jax.numpy as jnp
from dl_workshop import panels
x = jnp.linspace(-5, 5, 21)
y = 2 * x + 20
model = lambda params, x: params["w"] * x + params["b"]
loss = lambda params, model, x, y: jnp.mean((y - model(params, x)) ** 2)
"""
X = np.linspace(-5, 5, 21)
BRITTLE = """
def brittle(params, x):
    if params["w"] == 1:
        return params["weight"] * x
    if params["w"] == 2:
        return x / 0.0
    return params["w"] * x + params["b"]
"""
SLOW = """
slow_from_here = False
def slow(params, x):
    time.sleep(1.0 if slow_from_here else 0.0)
    return params["w"] * x + params["b"]
"""
CELLS = [
    "panels.fit_by_hand(dict(w=-5, b=3), model, loss, x, y)",
    BRITTLE + "panels.fit_by_hand(dict(w=-5.0, b=3.0), brittle, loss, x, y)",
    SLOW + "panel = panels.fit_by_hand(dict(w=-5.0, b=3.0), slow, loss, x, y)\nslow_from_here = True\npanel",
]
LINE, BROKEN, WAITING = range(3)


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook that shows every panel once."""
    page = open_notebook(write_notebook(tmp_path_factory.mktemp("fit") / "fit.ipynb", DATA, *CELLS))
    run_all(page)
    expect(page.locator(".dlw[data-move]")).to_have_count(3)
    return page


def loss_in(words):
    return float(re.search(r"loss ([\d.e+-]+)", words)[1])


def mse(w, b):
    return np.mean((2 * X + 20 - (w * X + b)) ** 2)


def test_keys_move_the_line_and_arrow_keys_stay_with_the_slider(page):
    panel = Panel(page, LINE)
    cell = page.locator(".jp-mod-active").first.element_handle()
    words = panel.press("w", "ArrowRight", "ArrowDown", "ArrowRight", "PageUp", "PageUp")
    assert panel.value("w") > -5
    assert loss_in(words) == pytest.approx(mse(panel.value("w"), 3), rel=1e-3)
    assert panel.slider("w").evaluate("slider => document.activeElement === slider")
    assert cell.evaluate("cell => cell === document.querySelector('.jp-mod-active')")  # not: the cell below


def test_the_line_is_painted_where_it_should_be(page):
    panel = Panel(page, LINE)
    panel.type("w", 0)
    panel.type("b", 20)
    red, _, blue = panel.colour_at(1.23, 20)
    assert red > 180 > 100 > blue  # the model's orange
    assert panel.colour_at(1.23, 11) != [red, _, blue]
    assert "too flat" in panel.alternative()


def test_mouse_typing_gradient_step_and_reset(page):
    panel = Panel(page, LINE)
    bar = panel.slider("b").bounding_box()
    words = panel.after(lambda: page.mouse.click(bar["x"] + 0.75 * bar["width"], bar["y"] + bar["height"] / 2))
    assert panel.value("b") > 5
    words = panel.type("w", 100)  # outside: the range widens
    assert loss_in(words) == pytest.approx(mse(100, panel.value("b")), rel=1e-3)
    before = panel.picture(2)
    words = panel.after(panel.button("Show me the gradient").click)
    assert panel.button("Show me the gradient").get_attribute("aria-pressed") == "true"
    slope = np.mean(-2 * X * (2 * X + 20 - 100 * X - panel.value("b")))
    assert float(re.search(r"gradient w ([\d.e+-]+)", words)[1]) == pytest.approx(slope, rel=1e-2)
    assert panel.picture(2) != before  # the arrow
    stepped = panel.after(panel.button("Take one step").click)
    assert loss_in(stepped) < loss_in(words)
    panel.after(panel.button("Show me the gradient").click)
    words = panel.after(panel.button("Reset").click)
    assert (panel.value("w"), panel.value("b")) == (-5, 3)
    assert loss_in(words) == pytest.approx(mse(-5, 3), rel=1e-3)


def test_the_ends_of_a_slider_are_changed_by_hand(page):
    panel = Panel(page, LINE)
    panel.button("Ranges").click()
    high = panel.box.get_by_role("spinbutton", name="w, highest")
    high.fill("3")
    high.press("Enter")
    words = panel.press("w", "End")
    assert panel.value("w") == 3 and loss_in(words) == pytest.approx(mse(3, panel.value("b")), rel=1e-3)
    panel.button("Ranges").click()
    expect(high).to_be_hidden()
    panel.after(panel.button("Reset").click)


def test_a_burst_of_keys_ends_on_the_last_value_and_leaves_no_backlog(page):
    panel = Panel(page, LINE)
    panel.slider("w").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    panel.until("box => box.dataset.move === box.dataset.asked")
    last = panel.box.get_attribute("data-painted")
    panel.settled()
    assert panel.box.get_attribute("data-painted") == last  # nothing came after the last value was drawn
    expected = mse(panel.value("w"), panel.value("b"))
    assert loss_in(panel.words.inner_text()) == pytest.approx(expected, rel=1e-3)


def test_an_error_in_the_learners_function_is_said_and_the_last_picture_stands(page):
    panel = Panel(page, BROKEN)
    panel.type("w", -1)
    before, words = panel.picture(), panel.words.inner_text()
    panel.type("w", 1)
    expect(panel.trouble).to_contain_text("params['weight']")
    assert (panel.picture(), panel.words.inner_text()) == (before, words)
    keep_screenshot(panel.box, "error_in_words")
    panel.type("w", 2)
    expect(panel.trouble).to_contain_text("division by 0")
    panel.after(panel.button("Reset").click)
    expect(panel.trouble).to_have_text("")


def test_a_function_of_one_second_does_not_freeze_the_page_and_the_last_value_wins(page):
    panel = Panel(page, WAITING)
    panel.slider("w").focus()
    asked = int(panel.box.get_attribute("data-asked"))
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert int(panel.box.get_attribute("data-asked")) == asked + 12  # all keys were taken while Python slept
    expect(panel.box.locator(".dlw-note")).to_contain_text("Waiting for your function")
    painted = int(panel.box.get_attribute("data-painted"))
    panel.until("box => box.dataset.move === box.dataset.asked")
    assert int(panel.box.get_attribute("data-painted")) - painted <= 3  # not one after another
    assert loss_in(panel.words.inner_text()) == pytest.approx(mse(panel.value("w"), 3), rel=1e-3)
    expect(panel.box.locator(".dlw-note")).to_have_text("")


def test_the_saved_notebook_holds_the_last_state_and_a_restart_leaves_the_panel_standing(open_notebook, lab, tmp_path):
    page = open_notebook(write_notebook(tmp_path / "still.ipynb", DATA, CELLS[LINE]), noise="widget model not found")
    run_all(page)
    panel = Panel(page)
    still = page.locator("figure img")
    expect(still).to_have_attribute("alt", re.compile(f"loss {mse(-5, 3):.4g}"))
    expect(still).to_be_hidden()
    panel.type("b", 7)
    panel.slider("w").focus()
    expect(still).to_have_attribute("alt", re.compile(f"loss {mse(-5, 7):.4g}"))
    assert panel.slider("w").evaluate("slider => document.activeElement === slider")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")

    page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.restartKernel()")
    expect(panel.box.locator(".dlw-note")).to_contain_text("The kernel behind this panel has stopped")
    assert loss_in(panel.words.inner_text()) == pytest.approx(mse(-5, 7), rel=1e-3)

    saved = next(lab["folder"].glob("still_*.ipynb"))
    data = [output.data for output in nbformat.read(saved, 4).cells[1].outputs]
    assert f"loss {mse(-5, 7):.4g}" in data[1]["text/plain"]
    assert data[1]["image/png"].startswith("iVBOR")
    page = open_notebook(saved, noise="widget model not found")
    expect(page.locator("figure img")).to_be_visible()
    expect(page.get_by_text("model not found")).to_be_hidden()
    expect(page.get_by_text("Run the cell to move it")).to_be_visible()

    from nbconvert import HTMLExporter

    html, _ = HTMLExporter().from_filename(saved)
    assert re.search(rf'<img alt="Panel: loss {mse(-5, 7):.4g}', html)
