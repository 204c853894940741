"""Sweep and draw_digit in a real JupyterLab: scrubbed without the kernel, drawn on by mouse and by keys."""

import pytest
from driving import Panel, keep_screenshot, run_all, set_screen, write_notebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

SETUP = """
import jax, jax.numpy as jnp, optax
from dl_workshop import datasets, fit, losses, models
from dl_workshop.panels.draw_digit import draw_digit
from dl_workshop.panels.sweep import sweep
x, y = datasets.simulated.line(jax.random.key(1))
digits = datasets.digits()
start = models.init_mlp(jax.random.key(0), (64, 32, 10))
trained = fit(start, models.mlp_model, losses.softmax_loss, digits.x, digits.y, step_size=0.01, n_steps=400,
              optimizer=optax.adam, progress=False)
flat = jax.random.normal(jax.random.key(2), (120, 2))
ring = (jnp.sum(flat**2, axis=1) > 1.2).astype(int)
def brittle(params, x):
    return jnp.where(jnp.sum(x) > 3, jnp.nan, 1.0) * models.mlp_model(params, x)
"""
CELLS = [
    "sweep(dict(w=-5.0, b=3.0), models.linear_model, losses.mse_loss, x, y)",
    "sweep(None, models.mlp_model, losses.logistic_loss, flat, ring, seeds=6, step_size=1.0, n_steps=300, "
    "init=lambda key: models.init_mlp(key, (2, 4, 1)), curve=models.logistic)",
    "draw_digit(trained.params, models.mlp_model)",
    "draw_digit(trained.params, brittle)",
    "sweep(dict(w=1.0), models.linear_model, losses.mse_loss, x, y)",
]
STEPS, SEEDS, DIGIT, BRITTLE, BROKEN = range(len(CELLS))


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook that shows each panel."""
    page = open_notebook(write_notebook(tmp_path_factory.mktemp("panels") / "sweep_digit.ipynb", SETUP, *CELLS))
    run_all(page)
    return page


def chosen(panel):
    return int(panel.box.get_attribute("data-chosen"))


def test_the_slider_scrubs_through_runs_without_asking_the_kernel(page):
    panel = Panel(page, STEPS)
    slider, at = panel.slider("step_size"), chosen(panel)
    assert "converges" in panel.words.inner_text()
    before, asked = panel.picture(), panel.box.get_attribute("data-asked")
    slider.press("End")
    panel.until("box => box.dataset.chosen === '20'")
    expect(panel.words).to_contain_text("step_size 10 diverges")
    assert panel.picture() != before
    slider.press("Home")
    expect(panel.words).to_contain_text("step_size 0.0001 crawls")
    assert slider.get_attribute("aria-valuetext").endswith("crawls")
    for _ in range(at):
        slider.press("ArrowRight")
    panel.until("(box, at) => box.dataset.chosen === String(at)", at)
    assert panel.picture() == before
    assert panel.box.get_attribute("data-asked") == asked
    assert "crawls: " in panel.alternative(1) and "diverges: " in panel.alternative(1)


def test_a_click_on_the_chart_chooses_the_nearest_run(page):
    panel = Panel(page, STEPS)
    box = panel.canvas(1).bounding_box()
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2)
    panel.until("box => box.dataset.chosen === '20'")


def test_seeds_draw_a_boundary_each(page):
    panel = Panel(page, SEEDS)
    panel.slider("seed").press("Home")
    panel.until("box => box.dataset.chosen === '0'")
    before = panel.picture(2)
    panel.slider("seed").press("End")
    panel.until("box => box.dataset.chosen === '5'")
    assert panel.picture(2) != before
    keep_screenshot(panel.box, "sweep_seeds")


def seen_by_net(panel):
    """The net's input as it is painted: 8 by 8 grey levels."""
    return panel.canvas(1).evaluate("""canvas => {
        const step = canvas.width / 8, pen = canvas.getContext("2d"), found = [];
        for (let r = 0; r < 8; r++) for (let c = 0; c < 8; c++)
            found.push(pen.getImageData((c + 0.5) * step, (r + 0.5) * step, 1, 1).data[0]);
        return found;
    }""")


def stroke(page, panel, *places):
    """Draw with the mouse from place to place, in shares of the sheet."""
    panel.canvas().scroll_into_view_if_needed()
    box = panel.canvas().bounding_box()
    points = [(box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def test_a_one_drawn_small_in_a_corner_is_centred_and_named(page):
    panel = Panel(page, DIGIT)
    assert "Draw a digit" in panel.words.inner_text()
    panel.after(lambda: stroke(page, panel, (0.1, 0.1), (0.1, 0.45)))
    panel.settled()
    expect(panel.words).to_contain_text("The net says")
    pixels = seen_by_net(panel)
    columns = [sum(pixels[column::8]) for column in range(8)]
    assert columns[3] == pytest.approx(columns[4], rel=0.1) and sum(columns[3:5]) > 0.8 * sum(columns)
    assert panel.box.get_by_role("listitem").count() == 10

    panel.after(panel.button("No centring").click)
    assert sum(sum(seen_by_net(panel)[column::8]) for column in (0, 1)) > 0.8 * sum(seen_by_net(panel))
    panel.after(panel.button("No inversion").click)
    assert min(seen_by_net(panel)[2::8]) == 255  # paper is light now
    panel.after(lambda: (panel.button("No centring").click(), panel.button("No inversion").click()))
    thick = panel.settled() and sum(seen_by_net(panel))
    panel.after(panel.button("Thin stroke").click)
    assert sum(seen_by_net(panel)) == pytest.approx(thick, rel=0.3)  # a pen of any width is brought to the digits' ink
    panel.after(panel.button("Thin stroke").click)
    panel.after(panel.button("Clear").click)
    assert "Draw a digit" in panel.words.inner_text()


def test_a_digit_is_drawn_by_keys_alone(page):
    panel = Panel(page, DIGIT)
    sheet = panel.canvas()
    sheet.press("Space")
    panel.after(lambda: [sheet.press("Shift+ArrowDown") for _ in range(5)])
    sheet.press("Space")
    panel.settled()
    expect(panel.words).to_contain_text("The net says")
    asked = panel.box.get_attribute("data-asked")
    sheet.press("ArrowRight")  # the pen is up: it moves without writing
    assert panel.box.get_attribute("data-asked") == asked
    panel.after(lambda: sheet.press("Backspace"))
    assert "Draw a digit" in panel.words.inner_text()


def test_loaded_training_digits_are_named(page):
    panel = Panel(page, DIGIT)
    for digit in "38":
        words = panel.after(lambda digit=digit: panel.choice("Load a training digit").select_option(label=digit))
        assert f"The net says {digit}" in words and f"nearest training digit is a {digit}" in words
        assert panel.alternative(2).startswith(f"Nearest training digit: a {digit}, row ")
    keep_screenshot(panel.box, "draw_digit")


def test_a_net_that_gives_nan_leaves_the_drawing_and_says_so(page):
    panel = Panel(page, BRITTLE)
    panel.after(lambda: stroke(page, panel, (0.3, 0.2), (0.7, 0.2), (0.4, 0.9)))
    expect(panel.trouble).to_contain_text("nan or infinite numbers")
    assert panel.canvas().evaluate("canvas => canvas.getContext('2d').getImageData(56, 22, 1, 1).data[0]") == 0


def test_a_params_dict_without_b_is_told_in_words(page):
    panel = page.locator(".dlw[data-move]").nth(BROKEN)
    expect(panel.get_by_role("alert")).to_contain_text("params['b']")


def test_dark_and_wide(page):
    set_screen(page, dark=True, width=1400, height=1000)
    for nth, name in enumerate(("sweep", "sweep_seeds", "draw_digit")):
        panel = Panel(page, nth)
        panel.settled()
        keep_screenshot(panel.box, f"{name}_dark")
        assert panel.box.evaluate("box => box.scrollWidth <= box.clientWidth + 1")
