"""Panels without a browser: what each frame computes, and what the widgets do when they are moved."""

import io
import threading

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from PIL import Image

from dl_workshop import panels
from dl_workshop.panels.bowl import rows, surface
from dl_workshop.panels.canvas import Canvas, number, png_bytes
from dl_workshop.panels.controls import Redraw, round_down, round_up, scalars, with_values
from dl_workshop.panels.descend import verdict, view, visit
from dl_workshop.panels.fitted import fitted, grid_over
from dl_workshop.panels.logistic_curve import frame
from dl_workshop.shapes import LearnerError

X = np.linspace(-5, 5, 21)
Y = 2 * X + 20 + np.sin(9 * X)
LABELS = (X > 0.3).astype(int)


def line(params, x):
    return params["w"] * x + params["b"]


def mse_loss(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


def logistic_loss(params, model, x, y):
    return jnp.mean(jnp.logaddexp(0, model(params, x)) - y * model(params, x))


def inside(panel, kind):
    """All widgets of a kind in a panel, from top to bottom."""
    found = [panel] if isinstance(panel, kind) else []
    return found + [one for child in getattr(panel, "children", ()) for one in inside(child, kind)]


def sliders(panel):
    return {one.description: one for one in inside(panel, (widgets.FloatSlider, widgets.FloatLogSlider))}


def text(panel):
    return " ".join(one.value for one in inside(panel, widgets.HTML))


def picture(panel):
    return inside(panel, widgets.Image)[0].value


def press(panel, name):
    next(one for one in inside(panel, widgets.Button) if one.description == name).click()


# Params and sliders

def test_every_number_of_any_params_has_a_name_and_goes_back():
    params = {"w": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": 5, "deep": {"a": jnp.zeros(1)}}
    found = scalars(params)
    assert found == {"w[0, 0]": 1, "w[0, 1]": 2, "w[1, 0]": 3, "w[1, 1]": 4, "b": 5, "deep.a[0]": 0}
    back = with_values(params, found | {"w[1, 0]": -3.0})
    assert jax.tree.structure(back) == jax.tree.structure(params)
    np.testing.assert_array_equal(back["w"], [[1, 2], [-3, 4]])


@pytest.mark.parametrize("bad", [{}, {"w": "two"}, {"w": None}, {"w": float("nan")}])
def test_params_that_are_no_numbers_are_refused(bad):
    with pytest.raises(LearnerError, match="params"):
        panels.fit_by_hand(bad, line, mse_loss, X, Y)


def test_slider_ranges_are_round_and_reach_the_best_line():
    panel = panels.fit_by_hand({"w": -5.0, "b": 3.0}, line, mse_loss, X, Y)
    best = dict(zip("wb", np.polyfit(X, Y, 1), strict=True))
    for name, one in sliders(panel).items():
        assert one.min < best[name] < one.max
        assert round((one.max - one.min) / one.step) >= 200
    assert [round_up(v) for v in (0.011, 1, 5.1, 9)] == pytest.approx([0.02, 1, 6, 10])
    assert [round_down(v) for v in (0.019, 1, 5.1, 9)] == pytest.approx([0.01, 1, 5, 5])


# Fit by hand

def test_a_frame_agrees_with_numpy():
    state = fitted({"w": -5.0, "b": 3.0}, line, mse_loss, X, Y, grid_over(X))
    assert state.loss == pytest.approx(np.mean((Y - (-5 * X + 3)) ** 2), rel=1e-5)
    np.testing.assert_allclose(state.curve, -5 * np.asarray(grid_over(X)) + 3, rtol=1e-5)


@pytest.mark.parametrize(("w", "b", "words"), [
    (2, 20, "as near as it gets"), (2, 5, "too low"), (2, 40, "too high"), (6, 20, "too steep"), (0.2, 20, "too flat"),
    (-2, 20, "wrong way"), (6, 0, "too low and too steep")])
def test_words_say_how_the_line_misses(w, b, words):
    assert words in fitted({"w": w, "b": b}, line, mse_loss, X, Y).words


def test_moving_a_slider_changes_picture_and_loss_and_reset_goes_back():
    panel = panels.fit_by_hand({"w": -5, "b": 3}, line, mse_loss, X, Y)  # integers are welcome here
    first, words = picture(panel), text(panel)
    sliders(panel)["w"].value = 2
    assert picture(panel) != first
    assert f"loss {number(np.mean((Y - (2 * X + 3)) ** 2))}" in text(panel)
    assert inside(panel, widgets.Image)[0].tooltip.startswith("loss ")
    press(panel, "Reset")
    assert (picture(panel), text(panel)) == (first, words)


def test_logits_are_drawn_as_probabilities_with_curve():
    params = {"w": 2.0, "b": 1.0}
    state = fitted(params, line, logistic_loss, X, LABELS, grid_over(X), jax.nn.sigmoid)
    p = 1 / (1 + np.exp(-(2 * X + 1)))
    np.testing.assert_allclose(state.y_pred, p, rtol=1e-4)
    assert state.loss == pytest.approx(-np.mean(np.log(np.where(LABELS, p, 1 - p))), rel=1e-4)
    assert state.words.startswith(f"{((p > .5) == LABELS).sum()} of 21")
    assert "curve=models.logistic" in fitted(params, line, logistic_loss, X, LABELS).trouble


def test_a_net_over_several_columns_works_too():
    x = np.random.default_rng(0).normal(size=(30, 2))
    params = {"w": np.zeros((2, 15)), "v": np.ones(15)}
    panel = panels.fit_by_hand(params, lambda p, x: jnp.tanh(x @ p["w"]) @ p["v"], mse_loss, x, x.sum(axis=1))
    assert len(sliders(panel)) == 24
    assert "45 numbers" in text(panel)


def fails(params, x):
    if params["w"] == 0:
        return params["weight"] * x
    return line(params, x)


def too_wide(params, x):
    return line(params, x)[:, None] if params["w"] == 0 else line(params, x)


def not_scalar(params, model, x, y):
    return (y - model(params, x)) ** 2 if params["w"] == 0 else mse_loss(params, model, x, y)


@pytest.mark.parametrize(("model", "loss", "words"), [
    (fails, mse_loss, "weight"), (too_wide, mse_loss, "[:, 0]"), (line, not_scalar, "jnp.mean")])
def test_a_learners_error_is_said_and_the_last_picture_stays(model, loss, words):
    panel = panels.fit_by_hand({"w": 1.0, "b": 0.0}, model, loss, X, Y)
    first = picture(panel)
    sliders(panel)["w"].value = 0.0
    assert words in text(panel)
    assert picture(panel) == first
    sliders(panel)["w"].value = 2.0
    assert words not in text(panel)
    assert picture(panel) != first


def test_a_loss_that_is_not_finite_is_said():
    state = fitted({"w": 1.0, "b": 0.0}, line, lambda *_: jnp.log(0.0), X, LABELS)
    assert "log of 0" in state.trouble
    panel = panels.fit_by_hand({"w": 1.0, "b": 0.0}, line, lambda *_: jnp.nan, X, Y)
    assert "The loss is nan" in text(panel)


# Logistic curve

@pytest.mark.parametrize(("w", "b"), [(2.0, 1.0), (-1.0, 3.0), (0.5, -2.0)])
def test_midpoint_and_slope_of_the_logistic_curve(w, b):
    _, midpoint, slope, words = frame(w, b)
    p = lambda x: 1 / (1 + np.exp(-(w * x + b)))  # noqa: E731
    assert p(midpoint) == pytest.approx(0.5)
    assert slope == pytest.approx((p(midpoint + 1e-5) - p(midpoint - 1e-5)) / 2e-5, rel=1e-6)
    assert ("LEFT" in words) == (frame(w, b + 1)[1] < midpoint)


def test_a_flat_logistic_curve_has_no_midpoint():
    assert frame(0.0, 0.0)[1] is None
    panel = panels.logistic_curve(w=0.0)
    assert "no midpoint" in text(panel)
    sliders(panel)["w"].value = 1
    assert "midpoint 0" in text(panel)


# Descent stepper

def parabola(w):
    return w**2 + 3 * w - 5


@pytest.mark.parametrize(("step_size", "word"), [
    (0.01, "crawls"), (0.3, "converges"), (0.9, "flips"), (1.0, "flips"), (1.1, "diverges")])
def test_the_verdict_on_a_parabola_follows_its_step_size(step_size, word):
    path = [visit(parabola, jax.grad(parabola), 6.0)]
    path.append(visit(parabola, jax.grad(parabola), 6.0 - step_size * path[0].slope))
    assert verdict(path, [step_size], step_size)[0] == word
    assert verdict(path, [step_size], 2 * step_size)[0] == "start"


@pytest.mark.parametrize("df", [None, lambda w: 2 * w + 3])
def test_descend_takes_the_steps_of_a_plain_loop(df):
    panel = panels.descend(parabola, w=8.0, step_size=0.1, df=df)
    for _ in range(12):
        press(panel, "Step")
    w = 8.0
    for _ in range(12):
        w -= 0.1 * (2 * w + 3)
    assert f"step 12: w = {number(w)}" in text(panel)
    sliders(panel)["start w"].value = 5
    assert "step 0: w = 5" in text(panel)


def test_descend_stops_where_it_arrives_and_where_it_diverges():
    panel = panels.descend(parabola, w=8.0, step_size=0.4)
    play = inside(panel, widgets.Play)[0]
    play.value = 60
    assert "converged" in text(panel)
    press(panel, "Reset")
    sliders(panel)["step size"].value = 5.0
    play.playing = True
    play.value = 200
    assert "diverges: w has left" in text(panel)
    assert not play.playing


def test_descend_takes_an_f_that_jax_cannot_map_and_refuses_one_that_fails():
    panel = panels.descend(lambda w: float(w) ** 2, w=2.0, df=lambda w: 2 * float(w))
    press(panel, "Step")
    assert "w = 1.6" in text(panel)
    with pytest.raises(LearnerError, match="one number"):
        panels.descend(lambda w: jnp.array([w, w]), w=1.0, df=lambda w: w)
    with pytest.raises(LearnerError, match="step_size"):
        panels.descend(parabola, step_size=-1)


def test_the_view_holds_start_and_minimum():
    low, high = view(parabola, 8.0)
    assert low < -1.5 < 8 < high


# Loss bowl

PATH = {"w": np.linspace(-5, 2, 8), "b": np.linspace(3, 20, 8)}


def test_the_bowl_is_the_loss_point_by_point():
    for loss in (mse_loss, lambda params, model, x, y: float(mse_loss(params, model, x, y))):
        across, along, losses = surface({"w": 0.0, "b": 0.0}, line, loss, X, Y, ["w", "b"], (-1, 3), (15, 25))
        assert losses[2, 5] == pytest.approx(np.mean((Y - across[5] * X - along[2]) ** 2), rel=1e-4)


def test_scrubbing_shows_the_loss_of_that_row():
    panel = panels.bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y, PATH, steps=np.arange(0, 80, 10))
    first, where = picture(panel), inside(panel, widgets.SelectionSlider)[0]
    where.value = 4
    assert where.label == "40"
    w, b = PATH["w"][4], PATH["b"][4]
    assert f"loss {number(np.mean((Y - w * X - b) ** 2))}" in text(panel)
    assert picture(panel) != first


def test_paths_keep_their_order_and_bad_ones_are_refused():
    params = {"w": np.zeros(1), "b": 0.0}
    table = rows({"b": np.arange(3.0), "w": np.arange(3.0)[:, None] + 10}, params, ["w[0]", "b"])
    np.testing.assert_array_equal(table, [[10, 0], [11, 1], [12, 2]])
    for path in ([1, 2], {"w": np.zeros(3)}, {"w": np.zeros(3), "b": np.zeros(2)}, {"w": 0.0, "b": 0.0}):
        with pytest.raises(LearnerError, match="path"):
            panels.bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y, path)
    with pytest.raises(LearnerError, match="3 numbers"):
        panels.bowl({"a": 0.0, "b": 0.0, "c": 0.0}, line, mse_loss, X, Y)


# The machinery

def test_our_png_reads_back_pixel_for_pixel():
    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 4), dtype=np.uint8)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png_bytes(pixels)))), pixels)


def test_a_blitted_picture_is_the_picture_drawn_afresh():
    canvas = Canvas(200, 100)
    ax = canvas.axes(111)
    moving = canvas.moving(ax.plot([0, 1], [0, 1])[0])
    canvas.png()
    moving.set_data([0, 1], [1, 0])
    blitted = canvas.png()
    canvas.stale()
    assert canvas.png() == blitted


def test_calls_during_a_drawing_become_one_more_with_the_last_value():
    value, drawn = [0], []
    started, go_on = threading.Event(), threading.Event()

    def draw():
        drawn.append(value[0])
        started.set()
        assert go_on.wait(10)

    redraw = Redraw(draw)
    worker = threading.Thread(target=redraw)
    worker.start()
    assert started.wait(10)
    for value[0] in range(1, 6):
        redraw()
    go_on.set()
    worker.join(10)
    assert drawn == [0, 5]


@pytest.mark.parametrize(("value", "words"), [(705.31, "705.3"), (0, "0"), (-0.5, "-0.5"), (1e-9, "1.00e-09"),
                                              (20.0, "20"), (123456.0, "1.23e+05"), (float("nan"), "nan")])
def test_numbers_are_written_for_readers(value, words):
    assert number(value) == words
