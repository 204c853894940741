"""The loss bowl and the replay in a real JupyterLab: walked, turned, scrubbed and played as a person does it."""

import re

import numpy as np
import pytest
from driving import Panel, keep_screenshot, run_all, set_screen, write_notebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

DATA = """
import jax, jax.numpy as jnp
from dl_workshop import datasets, fit, models, losses, panels
x = jnp.linspace(-5, 5, 21)
y = 2 * x + 20
model = lambda params, x: params["w"] * x + params["b"]
loss = lambda params, model, x, y: jnp.mean((y - model(params, x)) ** 2)
path = dict(w=jnp.linspace(-5, 2, 8), b=jnp.linspace(3, 20, 8))
"""
X = np.linspace(-5, 5, 21)
TRAIN = """
key = jax.random.key(0)
x2 = jax.random.normal(key, (200, 2))
gates, quarters = (x2[:, 0] * x2[:, 1] > 0).astype(int), (x2[:, 0] > 0) * 1 + (x2[:, 1] > 0.5) * 1
def train(widths, loss, y):
    return fit(models.init_mlp(key, widths), models.mlp_model, loss, x2, y, step_size=0.5, n_steps=2000, progress=False)
"""
CELLS = [
    "panels.bowl(dict(w=0.0, b=0.0), model, loss, x, y, path, steps=range(0, 80, 10))",
    "fitted = fit(dict(w=-5.0, b=3.0), model, loss, x, y, step_size=0.05, n_steps=200, progress=False)\n"
    "panels.replay(fitted, model, x, y, loss=loss)",
    TRAIN + "panels.replay(train((2, 8, 1), losses.logistic_loss, gates), models.mlp_model, x2, gates, "
    "curve=models.logistic, loss=losses.logistic_loss)",
    "panels.replay(train((2, 8, 3), losses.softmax_loss, quarters), models.mlp_model, x2, quarters)",
    "bowl_params = dict(w=jnp.zeros(2))\n"
    "panels.bowl(bowl_params, lambda p, x: x @ p['w'], losses.logistic_loss, x2, (x2[:, 0] > 0).astype(int), "
    "curve=models.logistic)",
    "panels.replay(fitted, lambda p, x: brittle(p, x), x, y)",
]
CELLS[-1] = "def brittle(p, x):\n    return p['w'] * x + p['b' if p['w'] > 0 else 'a']\n" + CELLS[-1]
BOWL, LINE, NET, CLASSES, FLAT, BROKEN = range(len(CELLS))


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook that shows every panel once."""
    page = open_notebook(write_notebook(tmp_path_factory.mktemp("panels") / "panels.ipynb", DATA, *CELLS))
    run_all(page)
    page.set_default_timeout(10_000)
    return page


def loss_in(words):
    return float(re.search(r"loss ([\d.e+-]+)", words.replace("\N{MINUS SIGN}", "-"))[1])


def typed(panel, name, value):
    """Type a number beside the slider and leave the field; give the words."""

    def act():
        panel.field(name).fill(str(value))
        panel.field(name).press("Tab")

    return panel.after(act)


def mse(w, b):
    return np.mean((2 * X + 20 - (w * X + b)) ** 2)


def at(panel):
    return panel.value("w"), panel.value("b")


def test_bowl_scrubs_and_plays_along_the_path(page):
    panel = Panel(page, BOWL)
    assert loss_in(panel.words.inner_text()) == pytest.approx(0, abs=1e-6)
    words = panel.press("step of the path", "ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert "step 40 of the path" in words
    assert loss_in(words) == pytest.approx(mse(-5 + 4, 3 + 4 * 17 / 7), rel=1e-3)
    assert at(panel) == pytest.approx((-1, 3 + 4 * 17 / 7), rel=1e-4)
    before = [panel.picture(nth) for nth in range(3)]
    words = typed(panel, "step of the path", 18)  # the nearest row
    assert "step 20 of the path" in words
    assert all(panel.picture(nth) != picture for nth, picture in enumerate(before))
    panel.button("Play the path").click()
    expect(panel.words).to_contain_text("step 70 of the path")
    expect(panel.button("Play the path")).to_be_visible()  # at the end it stops by itself


def test_bowl_takes_steps_from_where_the_map_is_clicked(page):
    panel = Panel(page, BOWL)
    box, place = panel.canvas().bounding_box(), {"x": 200, "y": 100}
    panel.after(lambda: panel.canvas().click(position=place))
    w, b = at(panel)
    x, y = panel.canvas().evaluate("(canvas, [w, b]) => [canvas.axes.px(w), canvas.axes.py(b)]", [w, b])
    assert (x, y) == pytest.approx((200, 100), abs=2)
    typed(panel, "step size", 0.03)
    words = panel.after(panel.button("Take a step").click)
    grad = (-2 * np.mean((2 * X + 20 - w * X - b) * X), -2 * np.mean(2 * X + 20 - w * X - b))
    assert at(panel) == pytest.approx((w - 0.03 * grad[0], b - 0.03 * grad[1]), rel=1e-3, abs=1e-3)
    assert "1 step down" in words
    assert loss_in(words) == pytest.approx(mse(*at(panel)), rel=1e-2)
    assert box["width"] > 200


def test_bowl_plays_pauses_and_runs_away_in_words(page):
    panel = Panel(page, BOWL)
    typed(panel, "w", -3)
    typed(panel, "step size", 0.02)
    panel.button("Play").focus()
    page.keyboard.press("Enter")
    expect(panel.words).to_contain_text(re.compile(r"([5-9]|\d\d) steps down"))
    page.keyboard.press("Enter")
    words = panel.settled()
    page.wait_for_timeout(500)  # eight frames' time: paused is paused
    assert panel.words.inner_text() == words
    keep_screenshot(panel.box, "bowl_play")
    typed(panel, "step size", 5)
    panel.button("Play").click()
    expect(panel.trouble).to_contain_text(re.compile("too large|no number"), timeout=20_000)
    expect(panel.button("Play")).to_be_visible()
    panel.after(panel.button("Back to the start").click)
    assert panel.value("w") == -3
    expect(panel.trouble).to_have_text("")
    panel.after(panel.button("Clear trails").click)


def test_the_surface_turns_by_mouse_and_keys(page):
    panel = Panel(page, BOWL)
    surface, flat = panel.canvas(1), panel.picture(0)
    first = panel.picture(1)
    surface.press("ArrowRight")
    surface.press("ArrowUp")
    panel.until("box => box.querySelectorAll('canvas')[1].dataset.turn === '-0.50 0.70'")
    panel.settled()
    second = panel.picture(1)
    assert second != first
    box = surface.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 110, steps=4)
    page.mouse.up()
    panel.until("box => box.querySelectorAll('canvas')[1].dataset.turn === '0.10 0.80'")
    panel.settled()
    assert panel.picture(1) not in (first, second)
    assert panel.picture(0) == flat


def test_replay_scrubs_through_the_training_of_a_line(page):
    panel = Panel(page, LINE)
    words = panel.press("step", "Home")
    assert "step 0" in words
    assert loss_in(words) == pytest.approx(mse(-5, 3), rel=1e-3)
    assert "w is −5, b is 3" in panel.alternative(2).replace("b is 3, w is −5", "w is −5, b is 3")
    start = [panel.picture(nth) for nth in range(3)]
    words = panel.press("step", "ArrowRight", "ArrowRight")
    w, b = -5.0, 3.0
    for _ in range(2):
        miss = 2 * X + 20 - (w * X + b)
        w, b = w + 0.1 * np.mean(miss * X), b + 0.1 * np.mean(miss)
    assert "step 2" in words
    assert loss_in(words) == pytest.approx(mse(w, b), rel=1e-3)
    assert all(panel.picture(nth) != picture for nth, picture in enumerate(start))


def test_replay_plays_pauses_and_ends(page):
    panel = Panel(page, LINE)
    panel.after(panel.button("First").click)
    panel.button("Play").click()
    expect(panel.words).to_contain_text(re.compile(r"step (1\d|[2-9]\d)"))
    panel.button("Pause").click()
    words = panel.settled()
    assert "step 200" not in words
    page.wait_for_timeout(500)  # eight frames' time: paused is paused
    assert panel.words.inner_text() == words
    panel.after(panel.button("Last").click)
    assert "step 200" in panel.words.inner_text()
    panel.button("Play").click()  # from the end it starts anew
    expect(panel.words).to_contain_text(re.compile(r"step \d\d?[^\d]"))
    expect(panel.words).to_contain_text("step 200", timeout=30_000)
    expect(panel.button("Play")).to_be_visible()


def test_replay_tells_a_loss_on_hover_and_jumps_there_on_a_click(page):
    panel = Panel(page, LINE)
    curve = panel.canvas(1)
    x, y = curve.evaluate("canvas => [canvas.axes.px(50), canvas.axes.py(0) - 40]")
    before = panel.picture(1)
    curve.hover(position={"x": x, "y": y})
    panel.until("box => box.querySelectorAll('canvas')[1].title.startsWith('step 50: loss ')")
    assert panel.picture(1) != before
    assert "step 50" in panel.after(lambda: curve.click(position={"x": x, "y": y}))


def test_replay_draws_nets_over_two_inputs(page):
    panel = Panel(page, NET)
    right = int(re.search(r"(\d+) of 200", panel.words.inner_text())[1])
    first = panel.picture(0)
    words = panel.after(panel.button("First").click)
    assert int(re.search(r"(\d+) of 200", words)[1]) < right
    assert panel.picture(0) != first
    assert "w1: 2 × 8" in panel.alternative(2)
    panel = Panel(page, CLASSES)
    assert "of 200 points in their own class" in panel.words.inner_text()
    panel.after(panel.button("First").click)


def test_an_error_while_scrubbing_is_said_and_the_picture_stays(page):
    panel = Panel(page, BROKEN)
    words = panel.words.inner_text()
    panel.button("First").click()
    expect(panel.trouble).to_contain_text("'a'")
    assert panel.words.inner_text() == words
    panel.after(panel.button("Last").click)
    expect(panel.trouble).to_have_text("")


@pytest.mark.parametrize(("dark", "width"), [(False, 1024), (True, 1400)], ids=["light", "dark"])
def test_both_fit_the_screen(page, dark, width):
    set_screen(page, dark=dark, width=width)
    for place, name in enumerate(("bowl", "replay_line", "replay_net", "replay_classes", "bowl_flat")):
        panel = Panel(page, place)
        if place in (LINE, NET):
            panel.button("Last").click()
            panel.settled()
            panel.press("step", *["PageDown"] * 8)
        panel.settled()
        wide, seen = panel.box.evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert wide <= seen
        keep_screenshot(panel.box, f"{name}_{'dark' if dark else 'light'}")
