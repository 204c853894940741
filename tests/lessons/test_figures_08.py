"""The figures that lesson 08 rests on, reproduced through the public functions, in double precision."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import datasets, fit, losses, models

pytestmark = pytest.mark.slow  # compiles many small loops


def half_cost(params, model, x, y):
    """Squared cost with a half, the convention of these figures."""
    return losses.mse(y, model(params, x)) / 2


def gate(name):
    return tuple(np.asarray(part, np.float64) for part in datasets.gate(name))


def train(params, model, loss, x, y, **settings):
    with jax.enable_x64(True):
        return fit(jax.tree.map(np.float64, params), model, loss, x, y, progress=False, **settings)


GATES = {"not": (2515, [-12.469], 6.031), "and": (4252, [11.765] * 2, -17.816), "or": (2266, [11.746] * 2, -5.413)}
GATES |= {
    name: (GATES[of][0], [-w for w in GATES[of][1]], -GATES[of][2]) for name, of in (("nand", "and"), ("nor", "or"))
}


@pytest.mark.parametrize("name", GATES)
def test_gates_from_zero_by_single_samples(name):
    x, y = gate(name)
    epochs, w, b = GATES[name]
    got = train(
        {"w": np.zeros(x.shape[1]), "b": 0.0},
        models.linear_model,
        losses.logistic_loss,
        x,
        y,
        step_size=0.5,
        n_steps=epochs * len(y),
        batch_size=1,
        key=jax.random.key(0),
    )
    np.testing.assert_allclose([*got.params["w"], got.params["b"]], [*w, b], atol=0.005)
    assert np.abs(models.logistic_model(got.params, x) - y).max() < 1e-2
    # The epochs named are those at which the mean loss falls to .002; within 1e-2 the outputs are sooner.
    assert losses.logistic_loss(got.params, models.linear_model, x, y) == pytest.approx(0.002, abs=1e-5)


def test_xor_with_a_feature_cross():
    x, y = gate("xor")
    x = np.c_[x, x[:, 0] * x[:, 1]]
    got = train(
        {"w": np.array([0.1, 0.6, 0.2]), "b": 0.0}, models.logistic_model, half_cost, x, y, step_size=1.0, n_steps=5001
    )
    np.testing.assert_allclose(got.losses[[0, 1, 5000]], [0.138332, 0.136371, 0.001567], atol=6e-7)
    np.testing.assert_allclose(got.path["w"][0] - got.path["w"][1], [0.006910, 0.016258, 0.036525], atol=6e-7)
    assert got.path["b"][0] - got.path["b"][1] == pytest.approx(0.017893, abs=6e-7)
    np.testing.assert_allclose([*got.path["w"][5000], got.path["b"][5000]], [5.473, 5.473, -11.392, -2.624], atol=6e-4)


START = {
    "w1": np.array([[-0.702603, -0.751938], [-0.451188, 0.750657], [-0.111302, 0.773383]]).T,
    "b1": np.zeros(3),
    "w2": np.array([[-1.197918], [0.404511], [0.966853]]),
    "b2": np.zeros(1),
}


def sigmoid_net(params, x):
    return models.logistic(models.mlp_model(params, x, models.logistic))


def test_xor_by_a_2_3_1_net():
    x, y = gate("xor")
    got = train(START, sigmoid_net, half_cost, x, y, step_size=1.0, n_steps=5000)
    np.testing.assert_allclose(
        got.losses[[0, 100, 1000, 2000, 4900]], [0.129265, 0.123458, 0.071888, 0.006082, 0.000921], atol=2e-6
    )
    np.testing.assert_allclose(sigmoid_net(got.params, x), [0.0363, 0.9627, 0.9571, 0.0508], atol=6e-5)
    first = {name: steps[0] - steps[1] for name, steps in got.path.items()}  # the step size is 1
    np.testing.assert_allclose(first["w2"][:, 0], [0.007370, 0.012425, 0.013192], atol=6e-7)
    np.testing.assert_allclose(first["b2"], [0.020833], atol=6e-7)
    np.testing.assert_allclose(
        first["w1"].T, [[0.000506, -0.001281], [0.001011, 0.001794], [0.001395, 0.003609]], atol=6e-7
    )
    np.testing.assert_allclose(first["b1"], [-0.003718, 0.002437, 0.004838], atol=6e-7)


def test_tiny_weights_never_leave_their_plateau():
    x, y = gate("xor")
    got = train(
        jax.tree.map(lambda leaf: 0.01 * leaf, START), sigmoid_net, half_cost, x, y, step_size=1.0, n_steps=5000
    )
    np.testing.assert_allclose(got.losses, 0.125, atol=1e-4)


def test_about_one_start_in_three_gets_stuck_with_two_hidden_units():
    x, y = datasets.gate("xor")

    def descend(params):
        def loss(params):
            return losses.logistic_loss(params, models.mlp_model, x, y)

        def step(_, params):
            return jax.tree.map(lambda param, grad: param - 0.5 * grad, params, jax.grad(loss)(params))

        return loss(jax.lax.fori_loop(0, 4000, step, params))

    keys = jax.random.split(jax.random.key(0), 60)
    ends = np.asarray(jax.jit(jax.vmap(lambda key: descend(models.init_mlp(key, (2, 2, 1)))))(keys))
    stuck = ends > 0.1
    assert 0.2 < stuck.mean() < 0.5 and ends[~stuck].max() < 0.05
    assert all(min(abs(end - 0.35), abs(end - 0.48)) < 0.01 for end in ends[stuck])


def test_two_linear_layers_are_one():
    params = models.init_mlp(jax.random.key(0), (2, 5, 1))
    x = jax.random.normal(jax.random.key(1), (20, 2))
    one = {"w1": params["w1"] @ params["w2"], "b1": params["b1"] @ params["w2"] + params["b2"]}
    np.testing.assert_allclose(models.mlp_model(params, x, lambda z: z), models.mlp_model(one, x), atol=1e-5)


def test_twins_stay_twins_from_equal_weights():
    x, y = datasets.gate("xor")
    params = jax.tree.map(lambda leaf: jnp.full(leaf.shape, 0.3), models.init_mlp(jax.random.key(0), (2, 3, 1)))
    got = fit(params, models.mlp_model, losses.logistic_loss, x, y, step_size=0.5, n_steps=200, progress=False).params
    np.testing.assert_allclose(got["w1"][:, 0], got["w1"][:, 1])
    assert np.abs(got["w1"] - 0.3).max() > 0.01
