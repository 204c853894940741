"""Penalties, dropout, early stopping, initialisers, softmax and the rest, against NumPy, jax.nn and closed forms."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import entr
from scipy.special import softmax as scipy_softmax
from sklearn.metrics import mean_absolute_error

from dl_workshop import fit, initializers, losses, models, tuning
from dl_workshop.errors import LearnerError

pytestmark = pytest.mark.slow  # compiles many small loops

KEY = jax.random.key(0)
X = jax.random.normal(jax.random.key(1), (40, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
NET = models.init_mlp(KEY, (2, 16, 16, 1))


def test_penalties_are_added_for_weights_alone():
    plain = losses.logistic_loss(NET, models.mlp_model, X, Y)
    norms = [np.concatenate([np.ravel(NET[name]) for name in ("w1", "w2", "w3")])]
    for wrapped, size in ((losses.with_l1, np.abs), (losses.with_l2, np.square)):
        moved = NET | {"b1": NET["b1"] + 7}
        for params, model in ((NET, models.mlp_model), (moved, lambda params, x: models.mlp_model(NET, x))):
            got = wrapped(losses.logistic_loss, 0.3)(params, model, X, Y)
            assert float(got - plain) == pytest.approx(0.3 * float(np.sum(size(norms))), rel=1e-4)


def test_l2_in_the_loss_is_weight_decay_and_l1_makes_zeros():
    def nothing(params, model, x, y):
        return 0.0 * jnp.sum(model(params, x))

    got = fit(
        {"w": 2.0, "b": 1.0},
        models.linear_model,
        losses.with_l2(nothing, 0.5),
        X[:, 0],
        Y,
        step_size=0.1,
        n_steps=10,
        progress=False,
    )
    assert float(got.params["w"]) == pytest.approx(2 * 0.9**10, rel=1e-5) and float(got.params["b"]) == 1

    table = jax.random.normal(jax.random.key(5), (200, 6))
    target = table @ jnp.array([3.0, 0, 0, -2.0, 0, 0])
    shrunk = fit(
        models.init_linear(KEY, 6),
        models.linear_model,
        losses.with_l1(losses.mse_loss, 0.5),
        table,
        target,
        step_size=0.01,
        n_steps=2000,
        progress=False,
    ).params["w"]
    assert np.all(np.abs(shrunk[jnp.array([1, 2, 4, 5])]) < 0.02) and float(shrunk[0]) > 2


def test_dropout_keeps_the_mean_and_drops_the_share():
    h = jnp.full((200, 200), 3.0)
    out = np.asarray(models.dropout(KEY, h, 0.25))
    assert np.mean(out == 0) == pytest.approx(0.25, abs=0.01) and out.mean() == pytest.approx(3, rel=0.02)
    np.testing.assert_allclose(out[out != 0], 4)
    np.testing.assert_array_equal(models.dropout(KEY, h, 0.0), h)
    with pytest.raises(LearnerError, match="rate=1"):
        models.dropout(KEY, h, 1)


def test_dropout_net_predicts_without_and_trains_with_a_key():
    np.testing.assert_allclose(models.dropout_mlp_model(NET, X), models.mlp_model(NET, X), rtol=1e-6)
    drops = [models.dropout_mlp_model(NET, X, jax.random.key(seed)) for seed in (1, 1, 2)]
    assert jnp.array_equal(drops[0], drops[1]) and not jnp.array_equal(drops[0], drops[2])
    whole = jnp.mean(
        jax.vmap(lambda key: models.dropout_mlp_model(NET, X, key, activation=lambda z: z))(
            jax.random.split(KEY, 4000)
        ),
        axis=0,
    )
    np.testing.assert_allclose(whole, models.mlp_model(NET, X, lambda z: z), atol=0.2)


def test_fit_gives_a_model_that_asks_for_it_another_key_at_every_step():
    settings = {"step_size": 1e-9, "n_steps": 30, "progress": False}
    model, loss = partial(models.dropout_mlp_model, rate=0.4), losses.logistic_loss
    runs = [fit(NET, model, loss, X, Y, key=jax.random.key(seed), **settings) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(runs[0].losses, runs[1].losses)
    assert not np.array_equal(runs[0].losses, runs[2].losses)
    assert len(np.unique(runs[0].losses)) == 30  # the params hardly move: what differs is who is dropped
    still = fit(NET, partial(model, rate=0.0), loss, X, Y, key=KEY, **settings).losses
    np.testing.assert_allclose(still, loss(NET, models.mlp_model, X, Y), rtol=1e-5)
    with pytest.raises(LearnerError, match=r"argument key.*key=jax.random.key\(0\)"):
        fit(NET, model, loss, X, Y, **settings)


def test_a_mistake_on_the_keyed_way_is_told_with_its_line():
    def model(params, x, key=None):
        h = x @ params["w1"]
        return h if key is None else h + params["w9"]

    with pytest.raises(LearnerError, match=r"no such key"):
        fit({"w1": jnp.ones((2, 1))}, model, losses.mse_loss, X, Y[:, None], key=KEY, progress=False)


def overfit(**settings):
    draw = np.random.default_rng(0)
    x, x_val = draw.normal(size=(2, 12, 1)).astype(np.float32)
    y, y_val = (draw.normal(size=12).astype(np.float32) + a[:, 0] for a in (x, x_val))
    start = models.init_mlp(KEY, (1, 30, 1))
    return (
        start,
        (x_val, y_val),
        tuning.fit_early(
            start,
            models.mlp_model,
            losses.mse_loss,
            x,
            y,
            x_val,
            y_val,
            step_size=0.05,
            n_steps=3000,
            progress=False,
            **settings,
        ),
    )


def test_early_stopping_keeps_the_best_params_not_the_last():
    _, (x_val, y_val), got = overfit()
    on_val = [
        float(losses.mse_loss({name: leaf[i] for name, leaf in got.path.items()}, models.mlp_model, x_val, y_val))
        for i in range(0, len(got.steps), 30)
    ]
    assert got.stopped is None and got.steps[-1] == 3000 and 0 < got.best_step < 3000
    best = float(losses.mse_loss(got.params, models.mlp_model, x_val, y_val))
    assert best == pytest.approx(min(on_val), rel=1e-4) == got.val_losses.min() < got.val_losses[-1]
    np.testing.assert_allclose(got.val_losses, on_val, rtol=1e-4)  # the path at the same steps, all over again
    assert got.best_step == got.val_steps[np.argmin(got.val_losses)] == 30 * int(np.argmin(on_val))
    np.testing.assert_array_equal(got.params["w1"], got.path["w1"][got.best_step])


def test_patience_ends_training_and_says_what_was_kept():
    _, _, got = overfit(patience=90)
    assert got.steps[-1] == got.best_step + 90 < 3000
    assert got.stopped == f"no better for 90 steps: kept the params of step {got.best_step}"
    start, _, never = overfit(val_loss=lambda params, model, x, y: jnp.sum((params["w1"] - overfit_start) ** 2))
    assert never.best_step == 0 and never.params is start


overfit_start = models.init_mlp(KEY, (1, 30, 1))["w1"]


@pytest.mark.parametrize(
    ("init", "theirs"),
    [
        (initializers.lecun, jax.nn.initializers.variance_scaling(1.0, "fan_in", "normal")),
        (initializers.xavier, jax.nn.initializers.variance_scaling(1.0, "fan_avg", "normal")),
        (initializers.he, jax.nn.initializers.variance_scaling(2.0, "fan_in", "normal")),
        (initializers.normal(0.01), jax.nn.initializers.normal(0.01)),
        (initializers.zeros, jax.nn.initializers.zeros),
    ],
)
def test_initialisers_have_jaxs_form_and_spread(init, theirs):
    ours = models.init_mlp(KEY, (300, 200, 1), init=init)["w1"]
    other = models.init_mlp(KEY, (300, 200, 1), init=theirs)["w1"]
    np.testing.assert_allclose(ours, other, rtol=1e-5, atol=1e-8)  # both scale the same draw


def test_hidden_layers_are_those_of_the_net():
    h1, h2 = models.hidden_layers(NET, X, models.relu)
    np.testing.assert_allclose(h1, np.maximum(X @ NET["w1"] + NET["b1"], 0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        h2 @ NET["w3"][:, 0] + NET["b3"][0], models.mlp_model(NET, X, models.relu), rtol=1e-4, atol=1e-5
    )


rows = st.lists(st.floats(-300, 300, width=32), min_size=4, max_size=4).map(lambda z: np.array(z, np.float32))


@given(rows)
def test_softmax_is_scipys(z):
    np.testing.assert_allclose(models.softmax(z), scipy_softmax(z.astype(np.float64)), rtol=1e-4, atol=1e-30)
    np.testing.assert_allclose(models.softmax(np.stack([z, z]))[1], models.softmax(z))
    assert np.isfinite(jax.jacobian(models.softmax)(z)).all()


@given(st.lists(st.floats(0, 1, width=32), min_size=3, max_size=3).filter(lambda p: sum(p) > 0.01))
def test_entropy_is_scipys(p):
    p = np.array(p) / sum(p)
    assert float(losses.entropy(p)) == pytest.approx(entr(p).sum(), rel=1e-4, abs=1e-6)
    assert np.isfinite(jax.grad(losses.entropy)(jnp.asarray(p))).all()


@given(st.lists(st.integers(0, 4), min_size=5, max_size=5))
def test_one_hot_is_jaxs(labels):
    np.testing.assert_array_equal(losses.one_hot(np.array(labels), 5), jax.nn.one_hot(np.array(labels), 5))


@given(rows, rows)
def test_mae_is_scikit_learns(y, y_pred):
    assert losses.mae(y, y_pred) == pytest.approx(mean_absolute_error(y, y_pred), rel=1e-5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: losses.one_hot(np.array([1, 5]), 5), "Use k=6"),
        (lambda: losses.one_hot(np.array([1.0]), 5), "labels.astype"),
        (lambda: losses.mae(np.ones(3), np.ones((3, 1))), r"\(3, 3\)"),
        (lambda: tuning.fit_early(NET, models.mlp_model, losses.mse_loss, X, Y, X, Y[:5]), "5"),
        (lambda: tuning.fit_early(NET, models.mlp_model, losses.mse_loss, X, Y, X, Y, patience=0), "patience=0"),
    ],
)
def test_bad_input_is_answered_in_words(call, words):
    with pytest.raises(LearnerError, match=words):
        call()
