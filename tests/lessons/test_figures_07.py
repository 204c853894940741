"""The figures that lesson 07 rests on, reproduced through the public functions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import datasets, fit, losses, models, scaling

pytestmark = pytest.mark.slow  # compiles many small loops


def descend(f, start, step_size, n_steps):
    """Follow -f' from `start` in double precision; losses are f before each step."""
    with jax.enable_x64(True):
        return fit(
            jax.tree.map(np.float64, start),
            lambda params, x: x,
            lambda params, model, x, y: f(params),
            np.zeros(1),
            np.zeros(1),
            step_size=step_size,
            n_steps=n_steps,
            progress=False,
        )


def half(loss):
    """The loss with a half before it, as some sources have it."""
    return lambda params, model, x, y: loss(params, model, x, y) / 2


def test_square():
    path = descend(lambda p: p["x"] ** 2, {"x": 1.2}, 0.3, 4).path["x"]
    np.testing.assert_allclose(path, [1.2, 0.48, 0.192, 0.0768, 0.03072])


def test_square_and_sine():
    got = descend(lambda p: p["x"] ** 2 + jnp.sin(p["y"]) ** 2, {"x": 3.0, "y": 1.0}, 0.1, 17)
    np.testing.assert_allclose(got.losses[:3], [9.708073, 6.382415, 4.213103], atol=5e-7)
    assert got.losses[16] == pytest.approx(0.009711, abs=5e-7)
    np.testing.assert_allclose([got.path["x"][16], got.path["y"][16]], [0.084442, 0.050819], atol=1e-6)


def test_step_sizes_that_crawl_converge_flip_and_diverge():
    def path(step_size, n_steps):
        return descend(lambda p: (p["x"] - 1) ** 2 + 0.1, {"x": -0.8}, step_size, n_steps).path["x"]

    away = np.abs(path(1.1, 40) - 1)
    assert (np.diff(away) > 0).all() and away[-1] > 1000
    np.testing.assert_allclose(path(1.0, 50), np.resize([-0.8, 2.8], 51))
    gaps = path(0.8, 20) - 1
    assert (gaps[1:] * gaps[:-1] < 0).all() and (np.diff(np.abs(gaps)) < 0).all()
    assert abs(path(0.4, 4)[-1] - 1) < 0.003
    assert path(0.1, 10)[9] == pytest.approx(0.758, abs=5e-4)  # the tenth place of the path


def test_absolute_and_squared_errors():
    y = np.ones(3, np.float32)
    for guesses, absolute, squared in (([1, 2, 3], 3, 5), ([1, 3, 3], 4, 8)):
        guesses = np.array(guesses, np.float32)
        assert 3 * losses.mae(y, guesses) == pytest.approx(absolute) and 3 * losses.mse(y, guesses) == squared


def test_loss_of_an_offset():
    draw = np.random.default_rng(0)
    x = draw.uniform(size=200_000).astype(np.float32)
    y = 2 * x + 1 + draw.uniform(-0.5, 0.5, len(x)).astype(np.float32)
    seen = [half(losses.mse_loss)({"w": 2.0, "b": 1.0 + off}, models.linear_model, x, y) for off in (-1, -0.5, 0, 0.5)]
    np.testing.assert_allclose(seen, [0.5417, 0.1667, 0.0417, 0.1667], atol=2e-3)


def test_contours_are_ellipses_until_x_is_standardised():
    def curvature(x):
        table = jax.hessian(half(losses.mse_loss))({"w": 0.0, "b": 0.0}, models.linear_model, x, 0 * x)
        return np.array([[table[i][j] for j in "wb"] for i in "wb"])

    x = jnp.linspace(0, 1, 100)
    np.testing.assert_allclose(curvature(x), [[jnp.mean(x**2), jnp.mean(x)], [jnp.mean(x), 1]], rtol=1e-4)
    np.testing.assert_allclose(np.linalg.eigvalsh(curvature(x)), [0.067, 1.268], atol=1e-3)
    np.testing.assert_allclose(curvature(scaling.scale(scaling.standard(x), x)), np.eye(2), atol=1e-4)


def test_server_rooms_by_least_squares_and_by_descent():
    draws = [datasets.server_rooms(jax.random.key(seed)) for seed in range(60)]
    lines = np.array([np.polyfit(x, y, 1) for x, y in draws])
    np.testing.assert_allclose(lines.mean(axis=0), [1.995, 3.005], atol=0.04)
    np.testing.assert_allclose(lines.std(axis=0), [0.068, 0.039], rtol=0.3)
    at_346 = lines @ [0.346, 1.0]
    assert at_346.mean() == pytest.approx(3.69, abs=0.02) and at_346.std() == pytest.approx(0.02, abs=0.01)
    x, y = draws[0]
    best = np.mean((y - np.polyval(lines[0], x)) ** 2)
    for settings in ({}, {"batch_size": 10, "key": jax.random.key(1)}):
        got = fit(
            {"w": 0.0, "b": 0.0},
            models.linear_model,
            losses.mse_loss,
            x,
            y,
            step_size=0.1,
            n_steps=1000,
            progress=False,
            **settings,
        )
        assert losses.mse_loss(got.params, models.linear_model, x, y) < 1.02 * best


def conditions(x):
    table = np.c_[np.asarray(x, np.float64), np.ones(len(x))]
    return np.linalg.cond(table.T @ table)


def test_house_prices_have_their_truth_and_their_condition():
    draws = [datasets.house_prices(jax.random.key(seed)) for seed in range(10)]
    solved = [np.linalg.lstsq(np.c_[x, np.ones(len(x))], y, rcond=None)[0] for x, y in draws]
    np.testing.assert_allclose(np.mean(solved, axis=0), [-2, 5, 50], atol=2)
    assert np.mean(solved @ np.array([15, 93, 1.0])) == pytest.approx(485, abs=1)
    assert np.mean([conditions(x) for x, _ in draws]) == pytest.approx(118_000, rel=0.05)
    assert np.mean([conditions(scaling.scale(scaling.min_max(x), x)) for x, _ in draws]) == pytest.approx(27, abs=1.5)


def test_raw_features_overflow_and_scaled_ones_reach_the_price():
    x, y = datasets.house_prices(jax.random.key(0))
    with jax.enable_x64(True):
        raw = fit(
            {"w": np.zeros(2), "b": np.float64(0)},
            models.linear_model,
            losses.mse_loss,
            np.float64(x),
            np.float64(y),
            step_size=0.1,
            n_steps=120,
            batch_size=1,
            key=jax.random.key(1),
            progress=False,
        )
    assert raw.stopped.startswith("loss became inf") and 20 < len(raw.losses) <= 60

    @jax.jit
    def update(params, row, target):
        grads = jax.grad(losses.mse_loss)(params, models.linear_model, row[None], target[None])
        return jax.tree.map(lambda param, grad: param - 0.1 * grad, params, grads)

    params = {"w": jnp.zeros(2), "b": jnp.zeros(())}
    for row, target in zip(x[:120], y[:120], strict=True):  # going on regardless, as a plain loop does
        params = update(params, row, target)
    assert np.isnan(params["w"]).all()

    for_x, for_y = scaling.min_max(x), scaling.min_max(y)
    got = fit(
        {"w": jnp.zeros(2), "b": 0.0},
        models.linear_model,
        losses.mse_loss,
        scaling.scale(for_x, x),
        scaling.scale(for_y, y),
        step_size=0.3,
        n_steps=2000,
        progress=False,
    )
    query = scaling.scale(for_x, np.array([[15.0, 93.0]]))
    assert scaling.unscale(for_y, models.linear_model(got.params, query))[0] == pytest.approx(485, abs=4)


def test_cross_entropies():
    one = np.ones(1)
    for p, loss in ((0.6, 0.51), (0.7, 0.36)):
        assert losses.binary_cross_entropy(one, np.array([p])) == pytest.approx(loss, abs=0.005)
    for p, loss in (([0.2, 0.5, 0.3], 1.20), ([0.2, 0.2, 0.6], 0.51)):
        assert losses.cross_entropy(np.array([2]), np.log([p])) == pytest.approx(loss, abs=0.005)
    assert losses.entropy(np.array([0.7, 0.2, 0.1])) == pytest.approx(0.8018, abs=5e-5)
