"""Pages that panels are saved to: opened from disk without a network, moved by keys, held against Python's own step."""

import re

import jax.numpy as jnp
import numpy as np
import pytest
from driving import Panel, keep_screenshot
from playwright.sync_api import expect

from dl_workshop import fit, panels
from dl_workshop.panels import recording

X = np.linspace(-5, 5, 21)
Y = 2 * X + 20
START = {"w": -5.0, "b": 3.0}
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module", autouse=True)
def one_grid():
    """Record one grid alone: which is the finest that there is time for depends on the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "DETAILS", (9,))
        yield


def line(params, x):
    return params["w"] * x + params["b"]


def mse(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


def told(panel, *requests):
    """What Python's step says after these requests."""
    state = panel._start
    for request in requests:
        state, view = panel._step(state, request)
    return f"{view['strong']} {view['words']}"


def place(start, step_size, n_steps):
    """Where the descent on w**2 + 3 w - 5 is after n steps, in closed form."""
    return -1.5 + (start + 1.5) * (1 - 2 * step_size) ** n_steps


def w_in(words):
    return float(re.search(r"w = ([-\d.e+]+)", words)[1])


@pytest.fixture(scope="module")
def parabola():
    return panels.descend(lambda w: w**2 + 3 * w - 5, w=6.0, step_size=0.1)


@pytest.fixture(scope="module")
def whole_descent(open_page, parabola):
    return Panel(open_page(parabola))


@pytest.fixture
def descent(whole_descent):
    whole_descent.after(whole_descent.button("Reset").click)
    return whole_descent


def test_it_stands_where_the_panel_starts(descent, parabola):
    assert descent.words.inner_text() == told(parabola, {})
    assert descent.page.locator("#still").is_hidden()
    keep_screenshot(descent.page, "saved_descend")


def test_steps_are_those_of_the_descent(descent, parabola):
    for n in (1, 2, 3):
        words = descent.after(lambda: descent.button("Step").press("Enter"))
        assert w_in(words) == pytest.approx(place(6, 0.1, n), rel=1e-3)
        assert words == told(parabola, {"steps": n})
    assert "slope" in descent.alternative()


def test_sliders_move_on_the_recorded_grid(descent, parabola):
    descent.press("start w", "ArrowLeft", "ArrowLeft")
    descent.press("step size", "ArrowRight")
    w, size = descent.value("start w"), descent.value("step size")
    assert w < 6 and size > 0.1
    words = descent.after(lambda: descent.button("Step").press("Enter"))
    assert w_in(words) == pytest.approx(place(w, size, 1), rel=1e-3)
    assert words == told(parabola, {"w": w, "sizes": [size], "steps": 1})
    expect(descent.trouble).to_be_empty()


def test_it_plays_pauses_and_stops_where_it_arrives(descent):
    descent.choice("Speed").select_option("30")
    descent.button("Play").click()
    expect(descent.words).to_contain_text(re.compile(r"step [3-9]:"))
    words = descent.after(descent.button("Pause").click)
    n = int(re.search(r"step (\d+)", words)[1])
    assert w_in(words) == pytest.approx(place(6, 0.1, n), rel=1e-3)
    descent.page.wait_for_timeout(200)  # six frames' time: paused is paused
    assert descent.words.inner_text() == words
    descent.type("step size", 0.316)
    descent.after(descent.button("Restart").click)
    descent.button("Play").click()
    expect(descent.words).to_contain_text("converged")
    expect(descent.button("Play")).to_be_visible()
    expect(descent.trouble).to_be_empty()


def test_what_was_not_recorded_is_said_and_the_picture_stands(descent):
    words = descent.after(lambda: descent.button("Step").press("Enter"))
    assert descent.press("step size", "ArrowRight") == words
    expect(descent.trouble).to_contain_text("recorded answers only")
    expect(descent.trouble).to_contain_text("press Restart")
    descent.after(descent.button("Restart").click)
    expect(descent.trouble).to_be_empty()
    descent.type("start w", 1.2345)
    expect(descent.trouble).to_contain_text("Run the notebook")


def test_a_play_past_the_recording_says_so(descent):
    descent.type("step size", 0.001)
    descent.choice("Speed").select_option("30")
    descent.button("Play").click()
    expect(descent.trouble).to_contain_text("recorded answers only")
    expect(descent.words).to_contain_text("step 40:")


def test_several_descents_and_a_broken_function(open_page):
    made = panels.descend(jnp.log, w=1.0, step_size=[0.1, 2.0])
    shown = Panel(open_page(made, color_scheme="dark"))
    words = shown.after(lambda: shown.button("Step").press("Enter"))
    assert words == told(made, {"steps": 1})
    assert "2 is lost" in words
    keep_screenshot(shown.page, "saved_descend_several_dark")


def test_fit_by_hand_shows_the_loss_of_every_place_on_its_grid(open_page):
    made = panels.fit_by_hand(START, line, mse, X, Y)
    shown = Panel(open_page(made))
    shown.press("w", "ArrowRight", "ArrowRight")
    words = shown.press("b", "ArrowRight")
    values = {name: shown.value(name) for name in "wb"}
    assert values["w"] > -4 and values["b"] > 3
    assert float(words.split()[1]) == pytest.approx(np.mean((Y - values["w"] * X - values["b"]) ** 2), rel=1e-3)
    assert words == told(made, {}, {"values": values})
    words = shown.after(shown.button("Show me the gradient").click)
    assert words == told(made, {}, {"values": values, "gradient": True})
    shown.after(shown.button("Show me the gradient").click)
    keep_screenshot(shown.page, "saved_fit_by_hand")

    shown.after(shown.button("Reset").click)
    values = START
    for _ in range(3):
        words = shown.after(shown.button("Take one step").click)
        step = {"act": "step", "values": values}
        assert words == told(made, step)
        values = made._step(made._start, step)[1]["values"]
    shown.press("w", "ArrowRight")  # b stands off the grid
    expect(shown.trouble).to_contain_text("Press Reset")
    shown.after(shown.button("Reset").click)
    expect(shown.trouble).to_be_empty()


def test_the_logistic_curve_has_its_midpoint_where_the_sliders_put_it(open_page):
    made = panels.logistic_curve(2.0, 1.0, x=X, y=(X > 1) * 1)
    shown = Panel(open_page(made))
    words = shown.press("b", "ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert float(re.search(r"midpoint (\S+)", words)[1]) == pytest.approx(-shown.value("b") / 2, rel=1e-2)
    assert words == told(made, {"values": {"w": 2.0, "b": shown.value("b")}})
    before = shown.picture()
    shown.type("w", 1.2345)
    expect(shown.trouble).to_contain_text("recorded answers only")
    assert shown.picture() == before


def test_the_bowl_is_walked_down_from_places_on_its_grid_and_along_the_path(open_page):
    fitted = fit(START, line, mse, X, Y, step_size=0.02, n_steps=30, progress=False)
    made = panels.bowl(START, line, mse, X, Y, path=fitted.path, steps=fitted.steps)
    shown, size = Panel(open_page(made)), made.settings["step_size"]
    shown.press("w", "ArrowRight")
    place = {name: shown.value(name) for name in "wb"}
    shown.after(shown.button("Take a step").click)
    words = shown.after(shown.button("Take a step").click)
    requests = [{"act": "place", "values": place}, *[{"act": "step", "step_size": size}] * 2]
    assert words == told(made, *requests)
    w, b = place["w"], place["b"]
    for _ in range(2):
        miss = Y - w * X - b
        w, b = w + 2 * size * np.mean(miss * X), b + 2 * size * np.mean(miss)
    assert float(words.split()[1].rstrip(",")) == pytest.approx(np.mean((Y - w * X - b) ** 2), rel=1e-3, abs=1e-6)
    assert shown.after(shown.button("Back to the start").click) == told(made, requests[0])
    shown.button("Play").click()
    expect(shown.trouble).to_contain_text("recorded answers only")  # 8 steps on
    expect(shown.words).to_contain_text("8 steps down")
    keep_screenshot(shown.page, "saved_bowl")

    shown.press("step of the path", "Home")
    expect(shown.words).to_contain_text("step 0 of the path")
    shown.button("Play the path").click()
    expect(shown.words).to_contain_text("step 30 of the path")
    expect(shown.button("Play the path")).to_be_visible()
    expect(shown.trouble).to_be_empty()
    assert shown.words.inner_text() == told(made, {"act": "scrub", "row": 30})


def test_a_replay_scrubs_and_plays(open_page):
    fitted = fit(START, line, mse, X, Y, step_size=0.02, n_steps=30, progress=False)
    made = panels.replay(fitted, line, X, Y, loss=mse)
    shown = Panel(open_page(made))
    words = shown.press("step", "Home")
    assert words == told(made, {"act": "seek", "row": 0})
    assert f"{np.mean((Y + 5 * X - 3) ** 2):.4g}" in words
    shown.press("step", "ArrowRight", "ArrowRight")
    assert shown.words.inner_text() == told(made, {"act": "seek", "row": 2})
    shown.button("Play").click()
    expect(shown.words).to_contain_text("step 30")
    expect(shown.button("Play")).to_be_visible()
    expect(shown.trouble).to_be_empty()
    shown.button("Play").click()  # anew from the start
    expect(shown.words).to_contain_text(re.compile("^step [1-9] "))
    shown.after(shown.button("Pause").click)
    keep_screenshot(shown.page, "saved_replay")


def test_a_sweep_shows_every_run(open_page):
    made = panels.sweep(START, line, mse, X, Y, n_steps=50)
    shown = Panel(open_page(made))
    runs, chosen = made.shown["runs"], made.shown["chosen"]
    assert shown.words.text_content() == runs[chosen]["strong"] + runs[chosen]["words"]
    shown.slider("step_size").press("ArrowRight")
    expect(shown.words).to_have_text(runs[chosen + 1]["strong"] + runs[chosen + 1]["words"])
    keep_screenshot(shown.page, "saved_sweep")


def test_backprop_walks_its_graph_and_moves_its_inputs(open_page):
    made = panels.backprop(lambda a, b: a * b + a, 3.0, 4.0)
    shown = Panel(open_page(made))
    for n in range(1, made.settings["steps"] + 1):
        words = shown.after(shown.button("Step").click)
        assert words == told(made, *[{"act": "step"}] * n)
    assert "gradient of a = " in words and words.endswith("summed.")
    assert " 5" in words  # d(ab + a)/da = b + 1
    shown.press("b", "ArrowRight")
    b = shown.value("b")
    about = shown.box.locator(".dlw-about")
    expect(about).to_contain_text("gradient \N{PARTIAL DIFFERENTIAL}")
    words = shown.words.inner_text()
    assert words == told(made, {"act": "end"}, {"values": {"a": 3.0, "b": b}})
    shown.after(shown.box.locator(".node").nth(1).click)
    expect(about.locator("h4")).to_have_text("b")
    expect(shown.trouble).to_be_empty()
    words = shown.after(shown.button("Reset").click)
    shown.button("Play").click()
    expect(shown.words).to_contain_text("forward 1 of 2")
    shown.after(shown.button("Pause").click)
    shown.press("a", "ArrowRight")  # a second input
    expect(shown.trouble).to_contain_text("one input moved at a time")
    keep_screenshot(shown.page, "saved_backprop")
