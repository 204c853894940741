"""The figures that lessons 01 to 05 rest on, reproduced through the public functions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import fit, gradients, losses, models
from dl_workshop.datasets import simulated


def f(w):
    return w**2 + 3 * w - 5


def mean_loss(w, b):
    """Loss of a line, averaged over fifty draws of the data."""
    draws = [simulated.line(jax.random.key(seed)) for seed in range(50)]
    return np.mean([losses.mse_loss({"w": w, "b": b}, models.linear_model, x, y) for x, y in draws])


def test_bad_guess_has_a_loss_near_705():
    assert mean_loss(-5.0, 3.0) == pytest.approx(705, abs=3)
    assert mean_loss(2.0, 20.0) == pytest.approx(1, abs=0.06)


def test_parabola():
    assert f(2.5) == 8.75 and jax.grad(f)(2.5) == pytest.approx(8) and f(-1.5) == -7.25 and jax.grad(f)(-1.5) == 0
    assert gradients.two_sided(f, 2.5) == pytest.approx(8, abs=1e-8)
    assert jax.grad(jax.grad(f))(0.0) == 2  # positive everywhere: a smile


@pytest.mark.parametrize(
    ("start", "end"), [(3 * np.pi, -1.49999998161), (10.0, -1.49999998065), (-10.0, -1.50000001431)]
)
def test_a_thousand_steps_down_the_parabola(start, end):
    with jax.enable_x64(True):
        got = fit(
            {"w": np.float64(start)},
            lambda params, x: params["w"] + 0 * x,
            lambda params, model, x, y: f(params["w"]),
            np.zeros(1),
            np.zeros(1),
            n_steps=1000,
            progress=False,
        )
    assert float(got.params["w"]) == pytest.approx(end, abs=2e-11)
    assert got.losses[0] == pytest.approx(f(start)) and len(got.path["w"]) == 1001


def line_by_descent(step_size, n_steps, noise=1.0):
    x, y = simulated.line(jax.random.key(0), noise=noise)
    return fit({"w": 0.0, "b": 0.0}, models.linear_model, losses.mse_loss, x, y, step_size=step_size, n_steps=n_steps)


def test_largest_stable_step_is_one_over_mean_x_squared():
    x, _ = simulated.line(jax.random.key(0))
    largest = 1 / float(jnp.mean(x**2))
    assert float(jnp.mean(x**2)) == pytest.approx(8.5017, abs=1e-4) and largest == pytest.approx(0.1176, abs=1e-4)
    below, above = line_by_descent(largest * 0.99, 400), line_by_descent(largest * 1.01, 400)
    assert below.losses[-1] < below.losses[0] / 100 and abs(above.params["w"] - 2) > abs(above.path["w"][0] - 2)


def test_small_steps_take_longer():
    assert float(line_by_descent(0.001, 1000, noise=0.0).params["b"]) == pytest.approx(17.30, abs=0.02)
    assert float(line_by_descent(0.001, 1000).params["b"]) == pytest.approx(17.42, abs=0.2)
    assert float(line_by_descent(0.001, 3000).params["b"]) == pytest.approx(20.0, abs=0.3)
    ends = line_by_descent(0.01, 1000).params
    assert float(ends["b"]) == pytest.approx(20, abs=0.3) and float(ends["w"]) == pytest.approx(2, abs=0.1)


def summed_cross_entropy(params, model, x, y):
    """The sum that this figure was made with; the kit's own losses are means."""
    p = model(params, x)
    return -jnp.sum(y * jnp.log(p) + (1 - y) * jnp.log(1 - p))


def train_on_labels(seed, step_size, n_steps):
    x, y = simulated.labelled_line(jax.random.key(seed))
    start = {"w": np.float64(0), "b": np.float64(0)} if jax.config.jax_enable_x64 else {"w": 0.0, "b": 0.0}
    return fit(
        start, models.logistic_model, summed_cross_entropy, x, y, step_size=step_size, n_steps=n_steps, progress=False
    )


def test_small_steps_on_labels_stay_finite_and_end_near_the_figure():
    runs = [train_on_labels(seed, 0.0001, 5000) for seed in range(12)]
    assert all(run.stopped is None and np.isfinite(run.losses).all() for run in runs)
    ends = np.array([[run.params["w"], run.params["b"]] for run in runs])
    # The figure, (2.30, 1.69), is one draw; draws differ by 0.08 in w and 0.16 in b.
    np.testing.assert_allclose(ends.mean(axis=0), (2.30, 1.69), atol=0.25)
    assert -0.75 < -np.mean(ends[:, 1] / ends[:, 0]) < -0.5


@pytest.mark.slow
def test_large_steps_on_labels_burst_near_step_1322_in_float64_and_much_sooner_in_float32():
    # p rounds to exactly 1 at a logit near 37 in float64, near 17 in float32.
    in_float32 = [len(train_on_labels(seed, 0.01, 3000).losses) for seed in range(6)]
    with jax.enable_x64(True):
        in_float64 = [len(train_on_labels(seed, 0.01, 3000).losses) for seed in range(12)]
    assert all(50 < step < 120 for step in in_float32)
    assert all(700 < step < 2100 for step in in_float64) and min(abs(step - 1322) for step in in_float64) < 100


def test_about_half_of_the_labelled_draws_are_separable_and_have_no_finite_optimum():
    def separable(seed):
        x, y = simulated.labelled_line(jax.random.key(seed))
        return float(jnp.max(jnp.where(y == 0, x, -9))) < float(jnp.min(jnp.where(y == 1, x, 9)))

    assert 0.35 < np.mean([separable(seed) for seed in range(200)]) < 0.65
    x, y = simulated.labelled_line(jax.random.key(0), noise=0.0)
    got = fit(
        {"w": 0.0, "b": 0.0},
        models.linear_model,
        losses.logistic_loss,
        x,
        y,
        step_size=1.0,
        n_steps=20000,
        progress=False,
    )
    further = fit(
        got.params, models.linear_model, losses.logistic_loss, x, y, step_size=1.0, n_steps=20000, progress=False
    )
    assert float(further.params["w"]) > 1.1 * float(got.params["w"]) > 4
    assert float(-further.params["b"] / further.params["w"]) == pytest.approx(-0.5, abs=0.06)
