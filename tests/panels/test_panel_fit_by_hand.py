"""fit_by_hand without a browser: sliders for any params, frames, score, gradient, steps."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import approx_fprime

from dl_workshop import panels
from dl_workshop.errors import LearnerError
from dl_workshop.panels.fit_by_hand.best import best_loss, score
from dl_workshop.panels.fit_by_hand.state import arrow, one_step
from dl_workshop.panels.fitted import fitted, grid_over
from dl_workshop.panels.over_data import plane
from dl_workshop.panels.sliders import round_down, round_up, scalars, slopes, with_values

X = np.linspace(-5, 5, 21)
Y = 2 * X + 20 + np.sin(9 * X)
LABELS = (X > 0.3).astype(int)


def line(params, x):
    return params["w"] * x + params["b"]


def mse_loss(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


def logistic_loss(params, model, x, y):
    return jnp.mean(jnp.logaddexp(0, model(params, x)) - y * model(params, x))


def mse(w, b):
    return np.mean((Y - (w * X + b)) ** 2)


def panel_of_line(**params):
    return panels.fit_by_hand(params or dict(w=-5, b=3), line, mse_loss, X, Y)


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
    best = dict(zip("wb", np.polyfit(X, Y, 1), strict=True))
    for one in panel_of_line().settings["sliders"]:
        assert one["min"] < best[one["name"]] < one["max"]
        assert round((one["max"] - one["min"]) / one["step"]) >= 200
    assert [round_up(v) for v in (0.011, 1, 5.1, 9)] == pytest.approx([0.02, 1, 6, 10])
    assert [round_down(v) for v in (0.019, 1, 5.1, 9)] == pytest.approx([0.01, 1, 5, 5])


def test_a_frame_agrees_with_numpy():
    shown = panel_of_line()._answer({"values": {"w": 1, "b": 2}})  # integers, as sliders may send
    assert shown["loss"] == pytest.approx(mse(1, 2), rel=1e-5)
    np.testing.assert_allclose(shown["curve"], np.asarray(grid_over(X)) + 2, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(shown["y_pred"], X + 2, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("w", "b", "words"),
    [
        (2, 20, "as near as it gets"),
        (2, 5, "too low"),
        (2, 40, "too high"),
        (6, 20, "too steep"),
        (0.2, 20, "too flat"),
        (-2, 20, "wrong way"),
        (6, 0, "too low and too steep"),
    ],
)
def test_words_say_how_the_line_misses(w, b, words):
    assert words in panel_of_line()._answer({"values": {"w": w, "b": b}})["words"]


def test_a_line_through_a_curve_misses_its_bends():
    bend = np.sin(X)
    w, b = np.polyfit(X, bend, 1)
    answer = panels.fit_by_hand(dict(w=0.0, b=0.0), line, mse_loss, X, bend)._answer
    assert "misses the bends" in answer({"values": {"w": w, "b": b}})["words"]
    assert "misses the bends" not in panel_of_line()._answer({"values": {"w": 2, "b": 20}})["words"]


def test_the_score_tells_how_near_to_the_best_loss():
    w, b = np.polyfit(X, Y, 1)
    assert best_loss(dict(w=-5.0, b=3.0), line, mse_loss, X, Y) == pytest.approx(mse(w, b), rel=1e-4)
    answer = panel_of_line()._answer
    assert f"the best is {mse(w, b):.3g}, so" in answer({"values": {"w": 0.0, "b": 0.0}})["words"]
    assert "as good as the best" in answer({"values": {"w": w, "b": b}})["words"]
    assert score(None, 1.0) == score(1.0, None) == ""


def test_gradient_and_step_agree_with_finite_differences():
    values = {"w": -5, "b": 3}
    expected = approx_fprime([-5.0, 3.0], lambda p: mse(*p))
    slope = slopes(values, line, mse_loss, X, Y, values)
    assert [slope["w"], slope["b"]] == pytest.approx(expected, rel=1e-3)
    panel = panel_of_line()
    end = panel._answer({"values": values, "gradient": True})["slope"]
    assert (end[0] + 5) * slope["w"] < 0 and (end[1] - 3) * slope["b"] < 0  # downhill
    there = one_step(values, line, mse_loss, X, Y, values, ["w", "b"])
    moved = np.array([there["w"] + 5, there["b"] - 3])
    assert moved / np.linalg.norm(moved) == pytest.approx(-expected / np.linalg.norm(expected), rel=1e-3)
    assert mse(there["w"], there["b"]) < mse(-5, 3)
    assert arrow({"w": 0.0, "b": 0.0}, values, panel.settings) is None


def test_the_trace_grows_with_moves_and_reset_forgets_it():
    answer = panel_of_line()._answer
    answer({"values": {"w": 1.0, "b": 3.0}})
    shown = answer({"values": {"w": 1.0, "b": 4.0}})
    assert shown["trace"] == [[-5, 3], [1, 3], [1, 4]]
    assert shown["losses"] == pytest.approx([mse(-5, 3), mse(1, 3), mse(1, 4)], rel=1e-4)
    shown = answer({"values": {"w": 1.0, "b": 4.0}, "act": "reset"})
    assert shown["trace"] == [[-5, 3]] and shown["placed"]


def test_logits_are_drawn_as_probabilities_with_curve():
    params = {"w": 2.0, "b": 1.0}
    state = fitted(params, line, logistic_loss, X, LABELS, grid_over(X), jax.nn.sigmoid)
    p = 1 / (1 + np.exp(-(2 * X + 1)))
    np.testing.assert_allclose(state.y_pred, p, rtol=1e-4)
    assert state.loss == pytest.approx(-np.mean(np.log(np.where(LABELS, p, 1 - p))), rel=1e-4)
    assert state.words.startswith(f"{((p > 0.5) == LABELS).sum()} of 21")
    assert "curve=models.logistic" in fitted(params, line, logistic_loss, X, LABELS).trouble


def test_two_inputs_give_a_map_of_the_probability():
    x = np.random.default_rng(0).normal(size=(30, 2))
    params = {"w": np.array([1.0, -2.0]), "b": 0.5}
    panel = panels.fit_by_hand(
        params, lambda p, x: x @ p["w"] + p["b"], logistic_loss, x, (x[:, 0] > 0).astype(int), curve=jax.nn.sigmoid
    )
    at = np.asarray(plane(panel.settings["data"]))
    p = 1 / (1 + np.exp(-(at @ [1.0, -2.0] + 0.5)))
    np.testing.assert_allclose(np.frombuffer(panel.shown["field"], np.uint8), 255 * p, atol=1.01)
    assert panel.static_png()


def test_many_classes_are_counted_each_by_the_largest_logit():
    y, params = np.arange(21) % 3, {"w": np.eye(3)}
    x = np.eye(3)[y]
    panel = panels.fit_by_hand(params, lambda p, x: x @ p["w"], lambda p, m, x, y: -jnp.mean(m(p, x)[:, 0]), x, y)
    assert "21 of 21 points in their own class" in panel.shown["words"] and panel.static_png()
    assert np.reshape(panel.shown["counts"], (3, 3)).tolist() == (7 * np.eye(3)).tolist()
    panel = panels.fit_by_hand(dict(w=1.0), lambda p, x: p["w"] * x[:, None] * x, mse_loss, X, Y)  # (n, n) by mistake
    assert "(21, 21)" in panel.shown["trouble"]


def test_a_net_has_24_sliders_and_the_rest_stays():
    x = np.random.default_rng(0).normal(size=(30, 3))
    params = {"w": np.zeros((3, 15)), "v": np.ones(15)}
    panel = panels.fit_by_hand(params, lambda p, x: jnp.tanh(x @ p["w"]) @ p["v"], mse_loss, x, x.sum(axis=1))
    assert len(panel.settings["sliders"]) == 24
    assert "60 numbers: 24 have a slider" in panel.shown["words"]
    assert panel.shown["trace"] == [] and panel.static_png()


def fails(params, x):
    return params["weight"] * x if params["w"] == 0 else line(params, x)


def too_wide(params, x):
    return line(params, x)[:, None] if params["w"] == 0 else line(params, x)


def not_scalar(params, model, x, y):
    return (y - model(params, x)) ** 2 if params["w"] == 0 else mse_loss(params, model, x, y)


@pytest.mark.parametrize(
    ("model", "loss", "words"),
    [(fails, mse_loss, "weight"), (too_wide, mse_loss, "[:, 0]"), (line, not_scalar, "jnp.mean")],
)
def test_a_learners_error_is_said_and_the_last_numbers_stay(model, loss, words):
    panel = panels.fit_by_hand({"w": 1.0, "b": 0.0}, model, loss, X, Y)
    shown = panel._answered({"move": 1, "values": {"w": 0.0, "b": 0.0}}, panel.shown)
    assert words in shown["trouble"]
    assert shown["loss"] == panel.shown["loss"]


@pytest.mark.parametrize(("number", "words"), [(np.nan, "The loss is nan"), (np.inf, "The loss is inf")])
def test_a_loss_that_is_not_finite_is_said(number, words):
    panel = panels.fit_by_hand({"w": 1.0, "b": 0.0}, line, lambda *_: jnp.asarray(number), X, Y)
    assert words in panel.shown["trouble"]
    assert panel.shown["loss"] is None and panel.static_png()
    assert "log of 0" in fitted({"w": 1.0, "b": 0.0}, line, lambda *_: jnp.log(0.0), X, LABELS).trouble
