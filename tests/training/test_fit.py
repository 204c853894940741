"""fit against plain loops, Optax, least squares and the promises of its docstring."""

import time

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from dl_workshop import fit, losses, models, train
from dl_workshop.training import loop, path

X = np.linspace(-5, 5, 100, dtype=np.float32)
Y = 2 * X + 20 + np.random.default_rng(0).normal(size=100).astype(np.float32)
START = {"w": 0.0, "b": 0.0}


def test_line_ends_at_least_squares_and_losses_are_those_before_each_step():
    got = fit(START, models.linear_model, losses.mse_loss, X, Y, step_size=0.1, n_steps=300)
    w, b = np.polyfit(X, Y, 1)
    np.testing.assert_allclose([got.params["w"], got.params["b"]], [w, b], rtol=1e-5)
    assert got.losses.shape == (300,) and got.stopped is None
    assert got.losses[0] == pytest.approx(np.mean(Y**2), rel=1e-5)
    assert got.losses[-1] == pytest.approx(np.mean((Y - w * X - b) ** 2), rel=1e-4)


def test_path_holds_every_step_and_ends_with_the_params():
    got = fit(START, models.linear_model, losses.mse_loss, X, Y, n_steps=50)
    assert list(got.steps) == list(range(51))
    params = {"w": np.float64(0), "b": np.float64(0)}
    for step in range(51):
        assert got.path["w"][step] == pytest.approx(params["w"], rel=1e-4, abs=1e-5)
        residual = Y - params["w"] * X - params["b"]
        params = {"w": params["w"] + 0.01 * 2 * np.mean(residual * X), "b": params["b"] + 0.01 * 2 * np.mean(residual)}
    np.testing.assert_array_equal(got.path["b"][-1], got.params["b"])


@pytest.mark.parametrize("n_steps", [1, 2, 32, 33, 34, 5000])
def test_any_number_of_steps_is_whole(n_steps):
    got = fit(START, models.linear_model, losses.mse_loss, X, Y, n_steps=n_steps)
    assert len(got.losses) == n_steps == got.steps[-1] and len(got.path["w"]) == len(got.steps) == n_steps + 1
    assert np.all(got.losses > 0)


def test_path_of_a_large_net_is_thinned_evenly_and_bounded(monkeypatch):
    params = models.init_mlp(jax.random.key(0), (5, 6, 1))
    x, y = np.ones((4, 5), np.float32), np.ones(4, np.float32)
    whole = fit(params, models.mlp_model, losses.mse_loss, x, y, n_steps=100)
    monkeypatch.setattr(path, "PATH_NUMBERS", 43 * 15)
    monkeypatch.setattr(path, "PATH_NUMBERS_A_CHUNK", 43 * 3)
    loop._kept.clear()
    thin = fit(params, models.mlp_model, losses.mse_loss, x, y, n_steps=100)
    assert list(thin.steps) == [*range(0, 100, 7), 100]
    np.testing.assert_allclose(thin.path["w1"], whole.path["w1"][thin.steps], rtol=1e-5)
    np.testing.assert_allclose(thin.losses, whole.losses, rtol=1e-5)


@pytest.mark.parametrize(
    ("optimizer", "theirs"),
    [
        (train.gradient_descent, optax.sgd(0.05)),
        (optax.adam, optax.adam(0.05)),
        (optax.adam(0.05), optax.adam(0.05)),
        (optax.chain(optax.clip(1.0), optax.sgd(0.05, momentum=0.9)),) * 2,
        (optax.rmsprop, optax.rmsprop(0.05)),
    ],
)
def test_any_optax_optimiser_makes_the_same_steps(optimizer, theirs):
    params = jax.tree.map(jnp.float32, START)
    state = theirs.init(params)

    @jax.jit
    def step(params, state):
        updates, state = theirs.update(jax.grad(losses.mse_loss)(params, models.linear_model, X, Y), state, params)
        return optax.apply_updates(params, updates), state

    for _ in range(40):
        params, state = step(params, state)
    got = fit(START, models.linear_model, losses.mse_loss, X, Y, step_size=0.05, n_steps=40, optimizer=optimizer)
    np.testing.assert_allclose([got.params["w"], got.params["b"]], [params["w"], params["b"]], rtol=1e-4)


def test_batches_take_every_row_once_an_epoch():
    seen = fit(
        {"w": jnp.zeros(12)},
        lambda params, x: jnp.dot(x, params["w"]),
        lambda params, model, x, y: -jnp.sum(model(params, x)),
        np.eye(12, dtype=np.float32),
        np.ones(12),
        step_size=1.0,
        n_steps=9,
        batch_size=4,
        key=jax.random.key(3),
    ).path["w"]
    np.testing.assert_array_equal(seen[[3, 6, 9]], [[1.0] * 12, [2.0] * 12, [3.0] * 12])
    first, second = seen[1], seen[4] - seen[3]
    assert first.sum() == second.sum() == 4 and not np.array_equal(first, second)


def test_batches_repeat_with_their_key():
    runs = [
        fit(
            START, models.linear_model, losses.mse_loss, X, Y, n_steps=60, batch_size=7, key=jax.random.key(seed)
        ).losses
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_batches_are_drawn_alike_in_double_precision():
    settings = {"n_steps": 40, "batch_size": 7, "key": jax.random.key(0)}
    single = fit(START, models.linear_model, losses.mse_loss, X, Y, **settings).losses
    with jax.enable_x64(True):
        double = fit(START, models.linear_model, losses.mse_loss, X, Y, **settings)
    np.testing.assert_allclose(double.losses, single, rtol=1e-4)


@pytest.mark.parametrize("step_size", [0.125, 0.2, 0.5, 5.0, 1e6])
def test_divergence_stops_at_the_last_good_params(step_size, capsys):
    got = fit(START, models.linear_model, losses.mse_loss, X, Y, step_size=step_size, n_steps=3000)
    assert got.stopped.startswith("loss became inf at step ") or got.stopped.startswith("loss became nan at step ")
    bad = int(got.stopped.split("step ")[1].split(":")[0])
    assert f"try step_size={step_size / 10:g}" in got.stopped and got.stopped in capsys.readouterr().out
    assert len(got.losses) == bad and got.steps[-1] == bad - 1 and np.all(np.isfinite(got.losses))
    assert float(losses.mse_loss(got.params, models.linear_model, X, Y)) == pytest.approx(got.losses[-1], rel=1e-5)
    np.testing.assert_array_equal(got.path["w"][-1], got.params["w"])
    after = jax.tree.map(
        lambda p, g: p - np.float32(step_size) * g,
        got.params,
        jax.grad(losses.mse_loss)(got.params, models.linear_model, X, Y),
    )
    assert not np.isfinite(losses.mse_loss(after, models.linear_model, X, Y))


@pytest.mark.parametrize("bad_step", [1, 2, 32, 33, 34, 35])
def test_divergence_at_any_place_between_two_looks(bad_step):
    def explodes(params, model, x, y):  # params["w"] counts steps
        return jnp.where(params["w"] > bad_step - 0.5, jnp.nan, -params["w"]) + 0 * jnp.sum(y)

    got = fit({"w": 0.0}, lambda params, x: x, explodes, X, Y, step_size=1.0, n_steps=100)
    assert got.stopped.startswith(f"loss became nan at step {bad_step}:")
    assert float(got.params["w"]) == got.steps[-1] == bad_step - 1 and len(got.losses) == bad_step


def test_nothing_passed_in_is_changed():
    params = {"w": np.array(1.0, np.float32), "b": jnp.array(2.0)}
    before = {name: np.array(leaf) for name, leaf in params.items()}
    x, y = X.copy(), Y.copy()
    fit(params, models.linear_model, losses.mse_loss, x, y, n_steps=10)
    assert list(params) == ["w", "b"] and all(np.array_equal(params[name], before[name]) for name in params)
    assert np.array_equal(x, X) and np.array_equal(y, Y)


def test_callback_sees_even_steps_and_can_stop():
    seen = []
    fit(
        START,
        models.linear_model,
        losses.mse_loss,
        X,
        Y,
        n_steps=500,
        callback=lambda step, params, loss: seen.append((step, float(params["b"]), loss)),
    )
    assert [step for step, _, _ in seen] == list(range(5, 501, 5))
    got = fit(
        START,
        models.linear_model,
        losses.mse_loss,
        X,
        Y,
        n_steps=500,
        progress=False,
        callback=lambda step, params, loss: step >= 40,
    )
    assert got.steps[-1] == len(got.losses) == 40 and "callback" in got.stopped
    assert float(got.params["b"]) == seen[7][1]


def test_an_interrupt_keeps_the_params_so_far():
    def interrupt(step, params, loss):
        raise KeyboardInterrupt

    got = fit(START, models.linear_model, losses.mse_loss, X, Y, n_steps=500, callback=interrupt)
    assert got.stopped == "interrupted at step 5; the params so far are kept" and len(got.losses) == 5


def test_logistic_loss_never_stops_where_probabilities_do():
    y = (X > 0.3).astype(np.float32)
    start = {"w": 0.0, "b": 0.0}

    def from_probabilities(params, model, x, y):
        return losses.binary_cross_entropy(y, model(params, x))

    burst = fit(start, models.logistic_model, from_probabilities, X, y, step_size=1.0, n_steps=3000)
    assert burst.stopped is not None
    for step_size in (1.0, 1000.0):
        calm = fit(start, models.linear_model, losses.logistic_loss, X, y, step_size=step_size, n_steps=3000)
        assert calm.stopped is None and np.isfinite(calm.losses).all()


@pytest.mark.slow
def test_progress_goes_to_standard_output_and_can_be_silenced(capfd):
    def takes_its_time(w):
        time.sleep(0.03)  # 100 steps take three seconds, and the bar appears after one and a half
        return w

    def slow(params, x):
        w = jax.pure_callback(takes_its_time, jax.ShapeDtypeStruct((), np.float32), jax.lax.stop_gradient(params["w"]))
        return params["w"] * x + 0 * w

    loss = losses.mse_loss
    fit(START, slow, loss, X, Y, n_steps=100)
    shown = capfd.readouterr()
    assert "fit: 100%" in shown.out and "loss" in shown.out and shown.err == ""
    fit(START, slow, loss, X, Y, n_steps=100, progress=False)
    assert capfd.readouterr() == ("", "")
