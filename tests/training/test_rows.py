"""x as a dict or tuple of arrays, None in params, and optimisers that ask for the value, gradient or loss."""

from collections import namedtuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from dl_workshop import fit, graph, losses, models, panels
from dl_workshop.errors import LearnerError
from dl_workshop.optimizers import Optimizer, scheduled
from dl_workshop.training.parallel import on_devices
from dl_workshop.training.sweeps import fit_early, range_test
from dl_workshop.validate.rows import is_tree

X = np.linspace(-2, 2, 40, dtype=np.float32)
Y = 3 * X + 1
START = {"w": 0.0, "b": 0.0}
Pair = namedtuple("Pair", "left right")


def two_inputs(params, x):
    left, right = x.values() if isinstance(x, dict) else x
    return params["w"] * left + params["b"] * right[:, 0]


@pytest.mark.parametrize(
    "x",
    [
        {"left": X, "right": np.ones((40, 2))},
        (X, np.ones((40, 2))),
        Pair(jnp.asarray(X), jnp.ones((40, 2))),
        {"left": list(X), "right": np.ones((40, 2)).tolist()},
    ],
    ids=["dict", "tuple", "namedtuple", "lists"],
)
def test_x_may_hold_several_arrays(x):
    plain = fit(START, models.linear_model, losses.mse_loss, X, Y, step_size=0.1, n_steps=60)
    got = fit(START, two_inputs, losses.mse_loss, x, Y, step_size=0.1, n_steps=60)
    np.testing.assert_allclose(got.losses, plain.losses, rtol=1e-4, atol=1e-6)
    settings = {"step_size": 0.1, "n_steps": 60, "batch_size": 8, "key": jax.random.key(0)}
    plain = fit(START, models.linear_model, losses.mse_loss, X, Y, **settings)
    seen = []
    got = fit(START, two_inputs, losses.mse_loss, x, Y, **settings, callback=lambda step, *_: seen.append(step))
    np.testing.assert_allclose(got.losses, plain.losses, rtol=1e-4, atol=1e-6)
    assert len(seen) == 60
    early = fit_early(START, two_inputs, losses.mse_loss, x, Y, x, Y, step_size=0.1, n_steps=60)
    assert float(early.params["w"]) == pytest.approx(3, rel=1e-2)
    assert len(range_test(START, two_inputs, losses.mse_loss, x, Y, n_steps=20).losses)


@pytest.mark.parametrize("x", [{"left": X, "right": np.ones((40, 2))}, (X, np.ones((40, 2)))], ids=["dict", "tuple"])
def test_sweep_and_graph_take_them_too(x):
    shown = panels.sweep(START, two_inputs, losses.mse_loss, x, Y, step_sizes=[0.1, 0.3], n_steps=40).shown
    plain = panels.sweep(START, models.linear_model, losses.mse_loss, X, Y, step_sizes=[0.1, 0.3], n_steps=40).shown
    assert shown["trouble"] == "" and [run["final"] for run in shown["runs"]] == pytest.approx(
        [run["final"] for run in plain["runs"]], abs=1e-4
    )
    traced = graph.trace(losses.mse_loss, START, two_inputs, x, Y)
    assert {node.source: node.role for node in traced.nodes if node.source} == {
        "params['b']": "params",
        "params['w']": "params",
        "y": "data",
        **{f"x{place}": "data" for place in (["['left']", "['right']"] if isinstance(x, dict) else ["[0]", "[1]"])},
    }


def test_replay_bowl_and_devices_take_them_too():
    x = {"left": X, "right": np.ones((40, 2))}
    fitted = fit(START, two_inputs, losses.mse_loss, x, Y, n_steps=20)
    for panel in (panels.replay(fitted, two_inputs, x, Y), panels.bowl(START, two_inputs, losses.mse_loss, x, Y)):
        assert panel.shown["trouble"] == ""
    spread, y = on_devices(x, Y)
    got = fit(START, two_inputs, losses.mse_loss, spread, y, n_steps=20)
    np.testing.assert_allclose(got.losses, fitted.losses, rtol=1e-5)


def test_a_sweep_names_a_gradient_that_no_step_size_can_mend():
    def root(params, x):
        return jnp.sqrt(jnp.abs(params["w"] * x))

    shown = panels.sweep({"w": 0.0}, root, losses.mse_loss, X, Y, n_steps=10).shown
    assert "No step size can help: the gradient of params['w'] is nan" in shown["trouble"]
    assert "jnp.sqrt(z + 1e-12)" in shown["trouble"]


@pytest.mark.parametrize(
    ("x", "words"),
    [
        ({"left": X, "right": np.ones((39, 2))}, r"x\['right'\] has 39 rows but y has 40"),
        ((X, np.ones((41, 2))), r"x\[1\] has 41 rows but y has 40"),
        (Pair(X[:3], X), r"x.left has 3 rows but y has 40"),
        ({"left": X, "right": 1.0}, r"x\['right'\] is a single number"),
        ({"left": X, "right": np.where(X > 1, np.nan, X)}, r"x\['right'\]\[30\] is nan"),
        ({"left": X, "right": ["a"] * 40}, r"x\['right'\] holds <U1 values"),
        ({}, "x holds no arrays"),
        ({"left": None}, "x holds no arrays"),
    ],
)
def test_arrays_in_x_that_do_not_fit_are_named(x, words):
    with pytest.raises(LearnerError, match=words):
        fit(START, two_inputs, losses.mse_loss, x, Y)


@pytest.mark.parametrize(
    ("x", "tree"),
    [
        (X, False),
        (list(X), False),
        (tuple(X.tolist()), False),
        (tuple(np.ones((40, 2))), False),
        (((1.0, 2.0),) * 40, False),
        ([X, X], False),
        ((X, X), True),
        ((X,), True),
        ({"a": X}, True),
        (({"a": X}, X), True),
        (((X, X), (X, X)), True),
    ],
)
def test_what_is_one_array_and_what_several(x, tree):
    assert is_tree(x, Y) == tree


@pytest.mark.parametrize("rows", [tuple(np.ones((40, 2), np.float32)), ((1.0, 1.0),) * 40])
def test_a_tuple_of_rows_is_one_array_as_before(rows):
    got = fit({"w": jnp.zeros(2)}, lambda params, x: x @ params["w"], losses.mse_loss, rows, Y, n_steps=3)
    assert got.stopped is None and len(got.losses) == 3


def test_none_in_params_is_an_empty_place():
    params = {"w": 0.0, "b": 0.0, "off": None, "layers": [None, {"also": None}]}
    plain = fit(START, models.linear_model, losses.mse_loss, X, Y, n_steps=30)
    for optimizer in (optax.adam(0.1), optax.sgd(0.01)):
        got = fit(params, models.linear_model, losses.mse_loss, X, Y, n_steps=30, optimizer=optimizer)
        assert got.params["off"] is None and got.path["layers"] == [None, {"also": None}]
    np.testing.assert_allclose(got.losses, plain.losses, rtol=1e-5)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"w": None, "b": 0.0}, r"params\['w'\] is None: if your model reads it"),
        ({"w": None}, r"params\['w'\] is None"),
        (None, "params is None"),
        ([], "nothing to train"),
    ],
)
def test_none_where_a_number_is_needed_is_named(params, words):
    with pytest.raises(LearnerError, match=words):
        fit(params, models.linear_model, losses.mse_loss, X, Y)


def on_a_quadratic(optimizer, **settings):
    """Train on a bowl whose minimum is known; give the last loss."""
    return fit(START, models.linear_model, losses.mse_loss, X, Y, optimizer=optimizer, n_steps=40, **settings)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("optimizer", "settings"),
    [
        (optax.lbfgs(), {}),
        (optax.lbfgs, {"step_size": lambda t: 1.0}),
        (optax.chain(optax.sgd(1.0), optax.scale_by_backtracking_linesearch(15)), {}),
        (
            optax.chain(optax.sgd(1.0), optax.scale_by_backtracking_linesearch(15)),
            {"batch_size": 8, "key": jax.random.key(0)},
        ),
    ],
    ids=["lbfgs", "schedule", "backtracking", "batches"],
)
def test_line_searches_get_the_loss_to_search_along(optimizer, settings):
    got = on_a_quadratic(optimizer, **settings)
    assert got.stopped is None and got.losses[-1] < 1e-5


@pytest.mark.parametrize(
    "optimizer",
    [
        optax.polyak_sgd(),
        scheduled(optax.polyak_sgd, lambda t: 1.0),
        optax.chain(optax.clip(1.0), optax.polyak_sgd()),
        optax.inject_hyperparams(optax.polyak_sgd)(max_learning_rate=1.0),
        optax.apply_if_finite(optax.polyak_sgd(), 5),
        optax.multi_transform({"a": optax.adam(0.3), "b": optax.polyak_sgd()}, {"w": "a", "b": "b"}),
        optax.chain(optax.adam(0.3), optax.contrib.reduce_on_plateau()),
        optax.contrib.schedule_free_sgd(0.3),
    ],
    ids=["polyak", "scheduled", "chain", "hyperparams", "if_finite", "multi", "plateau", "schedule_free"],
)
def test_optimisers_that_want_the_value_get_it(optimizer):
    got = on_a_quadratic(optimizer)
    assert got.stopped is None and got.losses[-1] < 0.05 * got.losses[0]


def test_own_pairs_get_what_they_name_and_no_more():
    def down(grads):
        return jax.tree.map(lambda grad: -0.1 * grad, grads)

    def halved_at_the_end(grads, state, params, *, value, value_fn, grad):
        after = value_fn(jax.tree.map(jnp.add, params, down(grad)))
        return jax.tree.map(lambda step: jnp.where(after < value, step, 0.0), down(grads)), state

    plain = on_a_quadratic((lambda params: (), lambda grads, state, params: (down(grads), state)))
    also = on_a_quadratic(Optimizer(lambda params: (), lambda _, state, params=None, grad=None: (down(grad), state)))
    wants = on_a_quadratic((lambda params: (), halved_at_the_end))
    np.testing.assert_array_equal(plain.losses, also.losses)
    np.testing.assert_allclose(plain.losses, wants.losses, rtol=1e-5)
    with pytest.raises(LearnerError, match="hess"):
        on_a_quadratic((lambda params: (), lambda grads, state, params, *, hess: (grads, state)))
