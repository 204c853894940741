"""The loss bowl without a browser: its grid, its steps, its path, and what it says."""

import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop.errors import LearnerError
from dl_workshop.panels import bowl
from dl_workshop.panels.bowl.landscape import limits, surface
from dl_workshop.panels.bowl.path import rows

X = np.linspace(-5, 5, 21)
Y = 2 * X + 20 + np.sin(9 * X)
PATH = {"w": np.linspace(-5, 2, 8), "b": np.linspace(3, 20, 8)}


def line(params, x):
    return params["w"] * x + params["b"]


def mse_loss(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


def mse(w, b):
    return np.mean((Y - w * X - b) ** 2)


def test_the_grid_is_the_loss_point_by_point():
    for one in (lambda v: v, float):  # float() cannot be compiled: that grid is coarser
        across, along, losses = surface(lambda w, b, one=one: one(jnp.mean((Y - w * X - b) ** 2)), (-1, 3), (15, 25))
        assert losses[2, 4] == pytest.approx(mse(across[4], along[2]), rel=1e-4)


def test_a_step_goes_against_the_slope_and_starting_anew_keeps_the_trail():
    panel = bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y)
    panel._answer({"act": "place", "values": {"w": 1.0, "b": 5.0}})
    shown = panel._answer({"act": "step", "step_size": 0.02})
    miss = Y - X - 5
    assert shown["values"]["w"] == pytest.approx(1 + 0.04 * np.mean(miss * X), rel=1e-4)
    assert shown["values"]["b"] == pytest.approx(5 + 0.04 * np.mean(miss), rel=1e-4)
    assert shown["loss"] == pytest.approx(mse(*shown["values"].values()), rel=1e-4)
    shown = panel._answer({"act": "back"})
    assert shown["values"] == {"w": 1.0, "b": 5.0}
    assert (shown["earlier"][0]["step_size"], len(shown["earlier"][0]["points"])) == (0.02, 2)
    assert panel._answer({"act": "clear"})["earlier"] == []


def test_the_step_size_it_starts_with_suits_the_loss():
    panel = bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y)
    steepest = 2 * max(np.mean(X**2), 1)  # the larger of the second derivatives of the loss
    assert 0.3 / steepest < panel.settings["step_size"] <= 1 / steepest
    for _ in range(200):
        shown = panel._answer({"act": "tick", "playing": "down"})
    w, b = np.polyfit(X, Y, 1)
    assert tuple(shown["values"].values()) == pytest.approx((w, b), rel=0.02)
    assert shown["again"] > 0


def test_running_away_stops_the_play_with_words():
    panel = bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y)
    for _ in range(60):
        shown = panel._answer({"act": "tick", "playing": "down", "step_size": 10.0})
    assert "step_size=10" in shown["trouble"] or "too large" in shown["trouble"]
    assert "again" not in shown
    assert shown["playing"] is None


def test_scrubbing_and_following_the_path():
    panel = bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y, PATH, steps=np.arange(0, 80, 10))
    shown = panel._answer({"act": "scrub", "row": 4})
    assert "step 40 of the path" in shown["words"]
    assert shown["loss"] == pytest.approx(mse(PATH["w"][4], PATH["b"][4]), rel=1e-4)
    for row in (4, 5, 6):
        shown = panel._answer({"act": "play" if row == 4 else "tick", "playing": "follow"})
        assert (shown["row"], shown["playing"]) == (row, "follow")
    assert panel._answer({"act": "tick", "playing": "follow"})["playing"] is None  # at the end
    assert panel.static_png()


def test_long_paths_are_thinned_and_runaways_left_out_of_the_view():
    far = np.float64(-3.0) ** np.arange(40)
    panel = bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y, {"w": 2 + far, "b": 20 + 0 * far})
    assert panel.settings["across"][-1] < 100
    long = {"w": np.linspace(-5, 2, 5000), "b": np.linspace(3, 20, 5000)}
    panel = bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y, long)
    assert len(panel.settings["path"]) == 300
    assert (panel.settings["steps"][0], panel.settings["steps"][-1]) == (0, 4999)
    (low, high), _ = limits(np.array([[-5.0, 3.0], [2.0, 20.0]]))
    assert low < -5 and high > 2


def test_paths_keep_their_order_and_bad_ones_are_refused():
    params = {"w": np.zeros(1), "b": 0.0}
    table = rows({"b": np.arange(3.0), "w": np.arange(3.0)[:, None] + 10}, params, ["w[0]", "b"])
    np.testing.assert_array_equal(table, [[10, 0], [11, 1], [12, 2]])
    for path in ([1, 2], {"w": np.zeros(3)}, {"w": np.zeros(3), "b": np.zeros(2)}, {"w": 0.0, "b": 0.0}):
        with pytest.raises(LearnerError, match="path"):
            bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y, path)
    with pytest.raises(LearnerError, match="steps"):
        bowl({"w": 0.0, "b": 0.0}, line, mse_loss, X, Y, PATH, steps=[1, 2])
    with pytest.raises(LearnerError, match="3 numbers"):
        bowl({"a": 0.0, "b": 0.0, "c": 0.0}, line, mse_loss, X, Y)
    with pytest.raises(LearnerError, match="nan"):
        bowl({"w": 0.0, "b": 0.0}, line, lambda *_: jnp.nan, X, Y)
