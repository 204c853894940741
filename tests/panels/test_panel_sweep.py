"""Sweeps without a browser: runs trained at once are those trained alone, and the words are those of closed forms."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import fit, losses, models
from dl_workshop.errors import LearnerError
from dl_workshop.panels import sweep
from dl_workshop.panels.sweep import STEP_SIZES
from dl_workshop.panels.sweep.runs import stack, train_together, verdict

X = np.linspace(-1, 1, 21)
Y = 3 * X
N = 400
CURVATURE = 2 * np.mean(X**2)  # of mean((y - w x)^2) in w: the step size for one jump to the bottom is 1 / CURVATURE


def through_zero(params, x):
    return params["w"] * x


def runs_of(step_sizes, n_steps=N, w=-4.0):
    starts = stack([dict(w=w)] * len(step_sizes))
    return train_together(starts, through_zero, losses.mse_loss, X, Y, step_sizes, n_steps)


def verdicts(runs):
    lowest = np.nanmin(runs.losses)
    return [verdict(*run, lowest) for run in zip(runs.losses, runs.turns, strict=True)]


def test_runs_at_once_follow_the_closed_form():
    step_sizes = np.array([0.1, 0.5, 1.9]) / CURVATURE
    runs = runs_of(step_sizes, 30)
    shrink = (1 - step_sizes * CURVATURE)[:, None] ** np.arange(31)
    np.testing.assert_allclose(runs.losses, CURVATURE / 2 * (7 * shrink) ** 2, rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(runs.params["w"], 3 - 7 * shrink[:, -1], rtol=1e-4)
    assert runs.turns[:, 0].tolist() == [False] * 3
    assert not runs.turns[:2].any() and runs.turns[2, 1:].all()


def test_runs_at_once_are_those_of_fit_alone():
    x = jax.random.normal(jax.random.key(1), (40, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    starts = [models.init_mlp(jax.random.key(seed), (2, 5, 1)) for seed in range(3)]
    step_sizes = [0.1, 1.0, 3.0]
    runs = train_together(stack(starts), models.mlp_model, losses.logistic_loss, x, y, step_sizes, 50)
    for i, (start, step_size) in enumerate(zip(starts, step_sizes, strict=True)):
        alone = fit(
            start, models.mlp_model, losses.logistic_loss, x, y, step_size=step_size, n_steps=50, progress=False
        )
        np.testing.assert_allclose(runs.losses[i, :-1], alone.losses, rtol=1e-3)
        for name in start:
            np.testing.assert_allclose(runs.params[name][i], alone.params[name], atol=2e-3)


def test_a_run_that_breaks_stands_at_its_last_good_step_as_in_fit():
    step_size = 20 / CURVATURE
    runs = runs_of([step_size, 0.5 / CURVATURE])
    alone = fit(dict(w=-4.0), through_zero, losses.mse_loss, X, Y, step_size=step_size, n_steps=N, progress=False)
    broken = int(np.flatnonzero(np.isnan(runs.losses[0]))[0])
    assert f"at step {broken}:" in alone.stopped
    assert np.isnan(runs.losses[0, broken:]).all()
    np.testing.assert_allclose(runs.params["w"][0], alone.params["w"], rtol=1e-4)
    assert np.isfinite(runs.losses[1]).all()  # the other run does not notice


def test_verdicts_of_a_parabola():
    shares = np.array([1e-4, 0.003, 0.5, 0.99, 1.5, 1.95, 2.0001, 30])
    words = [word for word, _ in verdicts(runs_of(shares / CURVATURE))]
    assert words == ["crawls", "crawls", "converges", "converges", "flips", "flips", "diverges", "diverges"]


def test_verdicts_carry_their_numbers():
    found = dict(verdicts(runs_of(np.array([1e-3, 0.5, 30]) / CURVATURE, 100)))
    way = 1 - (1 - 1e-3) ** 200
    assert f"come {way:.0%} of the way" in found["crawls"]
    assert "by step 4," in found["converges"]  # the loss shrinks by 4 a step: 4^-4 is below 1 %, 4^-3 is not
    assert "infinite at step" in found["diverges"]


def test_standing_still_above_the_lowest_is_told():
    still = np.r_[np.linspace(1, 0.6, 20), np.full(80, 0.6)]
    assert verdict(still, np.zeros(99, bool), 0.1)[0] == "settles higher"


def test_sweep_over_step_sizes_shows_every_run_and_starts_on_a_good_one():
    panel = sweep(dict(w=-4.0), through_zero, losses.mse_loss, X, Y, n_steps=N)
    shown, runs = panel.shown, panel.shown["runs"]
    assert panel.settings["what"] == "step_size" and [run["value"] for run in runs] == list(STEP_SIZES)
    assert {"crawls", "converges", "flips", "diverges"} == {run["verdict"] for run in runs}
    chosen = runs[shown["chosen"]]
    assert chosen["verdict"] == "converges" and shown["words"] == chosen["words"]
    np.testing.assert_allclose(chosen["over"]["curve"], 3 * np.array(panel.settings["data"]["grid"]), atol=1e-2)
    assert shown["steps"][0] == 0 and shown["steps"][-1] == N
    assert all(len(run["losses"]) == len(shown["steps"]) for run in runs)
    assert runs[-1]["final"] is None and runs[-1]["losses"][0] == pytest.approx(CURVATURE / 2 * 49, rel=1e-3)
    assert panel.static_png()


def test_sweep_over_seeds_two_inputs_and_labels():
    x = jax.random.normal(jax.random.key(2), (60, 2))
    y = (x[:, 0] > 0).astype(int)
    panel = sweep(
        None,
        models.mlp_model,
        losses.logistic_loss,
        x,
        y,
        seeds=3,
        step_size=1.0,
        n_steps=60,
        init=lambda key: models.init_mlp(key, (2, 3, 1)),
        curve=models.logistic,
    )
    assert panel.shown["trouble"] == ""
    assert [run["value"] for run in panel.shown["runs"]] == [0, 1, 2]
    run, data = panel.shown["runs"][0], panel.settings["data"]
    field = np.frombuffer(run["over"]["field"], np.uint8).reshape(data["side"], data["side"])
    assert field[:, 0].mean() < 60 < 200 < field[:, -1].mean()  # low x1 is class 0, high x1 is class 1
    right, rows = re.fullmatch(r"(\d+) of (\d+) points on the right side of p = 0.5", run["over"]["words"]).groups()
    assert int(right) > 0.9 * int(rows) == 0.9 * 60
    assert panel.static_png()


@pytest.mark.slow
def test_sweep_over_widths_and_many_columns():
    x = jax.random.normal(jax.random.key(3), (50, 4))
    nets = [models.init_mlp(jax.random.key(0), (4, width, 3)) for width in (2, 5, 9)]
    panel = sweep(
        nets, models.mlp_model, losses.softmax_loss, x, jnp.argmax(x[:, :3], axis=1), n_steps=200, step_size=0.5
    )
    assert panel.settings["what"] == "width" and [run["value"] for run in panel.shown["runs"]] == [2, 5, 9]
    for run in panel.shown["runs"]:
        counts = np.array(run["over"]["counts"]).reshape(3, 3)  # a row for each true class
        np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(jnp.argmax(x[:, :3], axis=1)))
        assert np.trace(counts) > 25
    alone = fit(
        nets[2],
        models.mlp_model,
        losses.softmax_loss,
        x,
        jnp.argmax(x[:, :3], axis=1),
        n_steps=200,
        step_size=0.5,
        progress=False,
    )
    assert panel.shown["runs"][2]["losses"][0] == pytest.approx(float(alone.losses[0]), rel=1e-3)
    assert panel.static_png()


def test_one_row_of_x_a_prediction():
    x = jax.random.normal(jax.random.key(3), (5000, 4))
    panel = sweep(
        models.init_linear(jax.random.key(0), 4),
        models.linear_model,
        losses.mse_loss,
        x,
        x.sum(axis=1),
        step_sizes=[0.01, 0.1],
        n_steps=300,
    )
    run, data = panel.shown["runs"][1], panel.settings["data"]
    assert data["kind"] == "rows" and len(data["y"]) == 2000
    np.testing.assert_allclose(run["over"]["y_pred"], data["y"], atol=0.02)


@pytest.mark.parametrize(
    "asked, words",
    [
        (dict(step_sizes=[0.1, 0.2], seeds=3), "varies one thing"),
        (dict(seeds=3), "init=lambda key"),
        (dict(step_sizes=[0.1]), "at least two"),
        (dict(step_sizes=[0.1, -1.0]), "above 0"),
        (dict(n_steps=0), "n_steps"),
    ],
)
def test_what_cannot_be_swept_is_refused_in_words(asked, words):
    with pytest.raises(LearnerError, match=words):
        sweep(dict(w=1.0), through_zero, losses.mse_loss, X, Y, **asked)


def test_an_error_in_the_learners_function_stands_in_the_panel_in_words():
    def broken(params, x):
        return params["weight"] * x

    panel = sweep(dict(w=1.0), broken, losses.mse_loss, X, Y, n_steps=5)
    assert "params['weight']" in panel.shown["trouble"]
    assert panel.static_png()
