"""The playground in a real JupyterLab, by keyboard and mouse: run, pause, reset, settings, own functions, failures."""

import re

import pytest
from driving import Panel, keep_screenshot, run_all, set_screen, write_notebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELLS = [
    "panels.playground(settings='data=xor hidden=4')",
    "panels.playground(x, labels, activation=bent, settings='step_size=0.1 test=0')",
    "panels.playground(activation=wrong)",
    "panels.playground(model=(plane, dict(w=jnp.zeros(2), b=jnp.zeros(()))), loss=my_loss, settings='data=or')",
    "panels.playground(settings='data=line loss=squared optimizer=gradient-descent step_size=100 noise=0')",
]
NET, OWN, WRONG, MODEL, BLOWN = range(len(CELLS))
FUNCTIONS = """
import jax, jax.numpy as jnp
from dl_workshop import panels
x = jax.random.normal(jax.random.key(0), (60, 2))
labels = (x[:, 0] + x[:, 1] > 0).astype(int)
def bent(z):
    return z / (1 + jnp.abs(z))
def wrong(z):
    return z @ missing
def plane(params, x):
    return x @ params["w"] + params["b"]
def my_loss(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)
"""


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook that shows each panel."""
    page = open_notebook(
        write_notebook(tmp_path_factory.mktemp("play") / "playground.ipynb", FUNCTIONS, *CELLS), height=1100
    )
    run_all(page)
    return page


def steps(panel):
    return int(re.match(r"Step (\d+)", panel.words.inner_text())[1])


def losses(panel):
    return [float(found) for found in re.findall(r"loss ([\d.e-]+\d)", panel.words.inner_text())]


def until_step(panel, step):
    panel.until("(box, step) => parseInt(box.querySelector('.dlw-words').textContent.slice(5)) >= step", step)


def colours(canvas):
    return canvas.evaluate("""canvas => { const data = canvas.getContext('2d').getImageData(0, 0, canvas.width,
        canvas.height).data, seen = new Set();
        for (let i = 0; i < data.length; i += 4) seen.add(data[i] >> 4 << 8 | data[i + 1] >> 4 << 4 | data[i + 2] >> 4);
        return seen.size; }""")


def flat_share(canvas):
    """The share of a picture that its three commonest colours cover: the paper around it, and one for each class."""
    return canvas.evaluate("""canvas => { const data = new Uint32Array(canvas.getContext('2d').getImageData(0, 0,
        canvas.width, canvas.height).data.buffer), found = new Map();
        for (const colour of data) found.set(colour, 1 + (found.get(colour) ?? 0));
        return [...found.values()].sort((a, b) => b - a).slice(0, 3).reduce((a, b) => a + b) / data.length; }""")


def map_of(panel):
    return panel.box.locator(".dlw-play canvas").nth(1)


def network(panel):
    return panel.box.locator(".dlw-play canvas").first


def test_run_learns_xor_and_pause_stops_at_once(page):
    panel = Panel(page, NET)
    assert steps(panel) == 0
    before = map_of(panel).evaluate("canvas => canvas.toDataURL()")
    panel.button("Run").press("Enter")
    until_step(panel, 200)
    panel.after(lambda: panel.button("Pause").press("Enter"))
    there = steps(panel)
    page.wait_for_timeout(500)
    assert steps(panel) == there, "a late frame was drawn after pause"
    train, test = losses(panel)
    assert train < 0.1 and test < 0.1 and "100% of test points" in panel.words.inner_text()
    assert map_of(panel).evaluate("canvas => canvas.toDataURL()") != before and colours(map_of(panel)) > 20
    keep_screenshot(panel.box, "playground_light_1024")


def test_step_reset_and_stop_at(page):
    panel = Panel(page, NET)
    panel.after(lambda: panel.button("Reset").click())
    first = losses(panel)
    assert steps(panel) == 0
    panel.after(lambda: panel.button("Step").click())
    assert steps(panel) == 1 and losses(panel) != first
    panel.after(lambda: panel.button("Reset").click())
    assert losses(panel) == first
    panel.after(lambda: panel.choice("stop at step").select_option("100"))
    panel.button("Run").click()
    expect(panel.words).to_contain_text("Stopped at step 100", timeout=60_000)
    expect(panel.button("Run")).to_be_visible()
    panel.after(lambda: panel.choice("stop at step").select_option("0"))  # the tests below run on


def test_the_line_of_settings_restores_them(page):
    panel = Panel(page, NET)
    line = panel.box.get_by_role("textbox", name="Settings as a line of text")
    text = line.input_value()
    panel.after(lambda: panel.choice("data").select_option("coin"))
    panel.after(lambda: panel.choice("hidden layers").select_option("3"))
    assert "data=coin" in line.input_value() and "hidden=4,4,4" in line.input_value()
    line.fill(text)
    panel.after(lambda: line.press("Enter"))
    assert panel.choice("data").input_value() == "xor" and panel.choice("hidden layers").input_value() == "1"
    line.fill("data=xr")
    panel.after(lambda: panel.button("Apply").click())
    expect(panel.trouble).to_contain_text("data=xr is unknown: choose one of line")
    line.fill(text)
    panel.after(lambda: panel.button("Apply").click())
    expect(panel.box.locator(".dlw-trouble")).to_be_empty()


def test_units_and_weights_tell_what_they_mean(page):
    panel = Panel(page, NET)
    about = panel.box.locator(".dlw-about")
    network(panel).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        network(panel).press(key)
    expect(about).to_contain_text(re.compile(r"Unit 2 of layer 1 .* It is tanh\("))
    page.keyboard.press("ArrowRight")
    expect(about).to_contain_text("The output's logit, above 0 for class 1:")
    box = network(panel).bounding_box()
    for share in range(10, 90, 3):  # straight down through the lines
        page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] * share / 100)
        if about.inner_text().startswith("Weight from x"):
            break
    expect(about).to_contain_text(re.compile(r"Weight from x\d to unit \d of layer 1: \S*\d"))
    panel.box.get_by_text("The same in Python").click()
    assert "fit(params, model, loss, x, y" in panel.box.get_by_role("textbox", name=re.compile("Python")).input_value()


def test_a_weight_is_changed_by_hand(page):
    panel = Panel(page, NET)
    panel.after(lambda: panel.button("Reset").click())
    network(panel).focus()
    for key in ["ArrowLeft"] * 3 + ["ArrowRight"]:
        network(panel).press(key)
    panel.box.get_by_role("combobox", name="Number of this unit to change").select_option("weight from x2")
    field = panel.box.get_by_role("spinbutton", name="Its new value")
    before = losses(panel)
    field.fill("3.5")
    panel.after(lambda: field.press("Enter"))
    expect(panel.box.locator(".dlw-about")).to_contain_text("+ 3.5 x2")
    assert losses(panel) != before and steps(panel) == 0


def test_any_other_number_can_be_typed_and_a_wrong_one_is_told(page):
    panel = Panel(page, NET)
    line = panel.box.get_by_role("textbox", name="Settings as a line of text")
    field = panel.box.get_by_role("spinbutton", name="noise, typed")
    for value, words in (("0.07", "noise=0.07"), ("99", "noise=0.07")):
        panel.choice("noise").select_option("other")
        field.fill(value)
        panel.after(lambda: field.press("Enter"))
        assert words in line.input_value()
    expect(panel.trouble).to_contain_text("noise=99 must be a number from 0 to 10")
    assert panel.choice("noise").input_value() == "0.07"
    panel.choice("noise").select_option("other")
    field.press("Enter")  # nothing typed: as it was
    assert panel.choice("noise").input_value() == "0.07"


def test_every_layer_takes_an_activation_of_its_own(page):
    panel = Panel(page, NET)
    panel.after(lambda: panel.choice("hidden layers").select_option("2"))
    panel.choice("activation").select_option("by layer \N{HORIZONTAL ELLIPSIS}")
    panel.after(lambda: panel.choice("activation, layer 2").select_option("relu"))
    line = panel.box.get_by_role("textbox", name="Settings as a line of text")
    assert "activation=tanh,relu" in line.input_value()
    panel.after(lambda: panel.choice("activation").select_option("tanh"))
    assert "activation=tanh " in line.input_value()
    expect(panel.choice("activation, layer 2")).to_be_hidden()
    panel.after(lambda: panel.choice("hidden layers").select_option("1"))


def test_the_map_is_read_discretised_and_raised(page):
    panel = Panel(page, NET)
    panel.button("Run").click()
    until_step(panel, 200)
    panel.after(lambda: panel.button("Pause").click())
    before = flat_share(map_of(panel))
    panel.button("Discretise").click()
    panel.settled()
    assert flat_share(map_of(panel)) > before + 0.2
    box = map_of(panel).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    panel.until("box => /^p = [01]/.test(box.querySelectorAll('.dlw-play canvas')[1].dataset.read)")
    panel.button("3-D").click()
    solid = panel.box.locator(".dlw-play canvas").nth(2)
    expect(map_of(panel)).to_be_hidden()
    assert "probability of class 1" in solid.get_attribute("aria-label")
    before = solid.evaluate("canvas => canvas.toDataURL()")
    solid.press("ArrowLeft")
    panel.settled()
    assert solid.evaluate("canvas => canvas.toDataURL()") != before and colours(solid) > 20
    keep_screenshot(panel.box, "playground_surface")
    panel.button("3-D").click()
    panel.button("Discretise").click()


def test_features_are_chosen_with_the_space_bar(page):
    panel = Panel(page, NET)
    panel.after(lambda: panel.box.get_by_role("checkbox", name="x1*x2").press(" "))
    assert "features=x1,x2,x1*x2" in panel.box.get_by_role("textbox", name="Settings as").input_value()
    keep_screenshot(panel.box, "playground_features")


def test_own_data_and_activation(page):
    panel = Panel(page, OWN)
    assert panel.choice("data").input_value() == panel.choice("activation").input_value() == "yours"
    panel.button("Run").click()
    until_step(panel, 100)
    panel.after(lambda: panel.button("Pause").click())
    assert losses(panel)[0] < 0.2


def test_an_error_in_the_learners_function_is_told_in_words_and_the_panel_goes_on(page):
    panel = Panel(page, WRONG)
    expect(panel.trouble).to_contain_text("name 'missing' is not defined")
    assert "return z @ missing" in panel.trouble.inner_text()
    panel.after(lambda: panel.choice("activation").select_option("tanh"))
    expect(panel.box.locator(".dlw-trouble")).to_be_empty()
    expect(panel.words).to_contain_text("Step 0")


def test_own_model_is_shown_by_its_params(page):
    panel = Panel(page, MODEL)
    panel.button("Run").click()
    until_step(panel, 50)
    panel.after(lambda: panel.button("Pause").click())
    expect(panel.box.locator(".dlw-about")).to_contain_text("Your own model")
    assert losses(panel)[0] < 0.2
    keep_screenshot(panel.box, "playground_own_model")


def test_nan_stops_with_words(page):
    panel = Panel(page, BLOWN)
    panel.button("Run").click()
    expect(panel.trouble).to_contain_text(
        re.compile(r"Training stopped: loss became (nan|inf) at step \d+: try step"), timeout=60_000
    )
    expect(panel.button("Run")).to_be_visible()
    panel.after(lambda: panel.button("Reset").click())
    expect(panel.box.locator(".dlw-trouble")).to_be_empty()


def test_dark_and_wide(page):
    set_screen(page, dark=True, width=1400, height=1100)
    panel = Panel(page, NET)
    panel.after(lambda: panel.choice("data").select_option("coin"))
    panel.after(lambda: panel.choice("hidden layers").select_option("2"))
    panel.button("Run").click()
    until_step(panel, 150)
    panel.after(lambda: panel.button("Pause").click())
    keep_screenshot(panel.box, "playground_dark_1400")
    assert colours(map_of(panel)) > 20
