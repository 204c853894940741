"""Nets of Flax, Equinox and Haiku, each by one line that makes a model of it, in everything that takes params."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import fit, gradients, graph, losses, panels
from dl_workshop.saving import load_params, save_params

pytestmark = pytest.mark.slow
TYPE = "type `uv sync --group frameworks` to have it"
X = jnp.linspace(-1, 1, 24)[:, None]
Y = jnp.sin(3 * X[:, 0])


def linen():
    flax = pytest.importorskip("flax.linen", reason=f"Flax is not installed: {TYPE}")
    net = flax.Sequential([flax.Dense(5), jnp.tanh, flax.Dense(1)])
    return net.init(jax.random.key(0), X), lambda params, x: net.apply(params, x)[:, 0]


def nnx():
    nnx = pytest.importorskip("flax.nnx", reason=f"Flax is not installed: {TYPE}")

    class Net(nnx.Module):
        def __init__(self, rngs):
            self.layers = nnx.List([nnx.Linear(1, 5, rngs=rngs), nnx.Linear(5, 1, rngs=rngs)])

        def __call__(self, x):
            return self.layers[1](jnp.tanh(self.layers[0](x)))[:, 0]

    graphdef, params = nnx.split(Net(nnx.Rngs(0)), nnx.Param)
    return params, lambda params, x: nnx.merge(graphdef, params)(x)


def equinox():
    eqx = pytest.importorskip("equinox", reason=f"Equinox is not installed: {TYPE}")
    params, static = eqx.partition(eqx.nn.MLP(1, 1, 5, 1, jnp.tanh, key=jax.random.key(0)), eqx.is_array)
    return params, lambda params, x: jax.vmap(eqx.combine(params, static))(x)[:, 0]


def haiku():
    hk = pytest.importorskip("haiku", reason=f"Haiku is not installed: {TYPE}")
    net = hk.without_apply_rng(hk.transform(lambda x: hk.nets.MLP([5, 1], activation=jnp.tanh)(x)[:, 0]))
    return net.init(jax.random.key(0), X), net.apply


NETS = pytest.mark.parametrize("made", [linen, nnx, equinox, haiku], ids=lambda made: made.__name__)


@NETS
def test_it_is_trained_as_by_a_plain_loop(made, capsys):
    params, model = made()
    got = fit(params, model, losses.mse_loss, X, Y, step_size=0.1, n_steps=40)
    plain = params
    for _ in range(40):
        grads = jax.grad(losses.mse_loss)(plain, model, X, Y)
        plain = jax.tree.map(lambda param, grad: param - 0.1 * grad, plain, grads)
    assert jax.tree.structure(got.params) == jax.tree.structure(params) == jax.tree.structure(got.path)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5), got.params, plain)
    assert got.losses[-1] < got.losses[0] and "no gradient" not in capsys.readouterr().out
    np.testing.assert_allclose(model(got.params, X).shape, (24,))


@NETS
def test_its_graph_and_its_gradient_are_those_of_jax(made):
    params, model = made()
    traced = graph.trace(losses.mse_loss, params, model, X, Y)
    grads = jax.tree.leaves(jax.grad(losses.mse_loss)(params, model, X, Y))
    got = [node for node in traced.nodes if node.role == "params"]
    assert len(got) == len(grads) == 4
    for node, grad in zip(got, grads, strict=True):
        np.testing.assert_allclose(node.grad, grad, rtol=1e-4, atol=1e-6)
    assert graph.draw(traced)
    assert gradients.check_gradient(lambda params: losses.mse_loss(params, model, X, Y), params).verdict == "good"


@NETS
def test_its_params_are_saved_and_loaded(made, tmp_path):
    params, model = made()
    file = save_params(tmp_path / "net", params)
    back = load_params(file, like=jax.tree.map(jnp.zeros_like, params))
    assert jax.tree.structure(back) == jax.tree.structure(params)
    jax.tree.map(np.testing.assert_array_equal, back, params)
    np.testing.assert_array_equal(model(back, X), model(params, X))


@NETS
def test_its_panels_show(made):
    params, model = made()
    fitted = fit(params, model, losses.mse_loss, X, Y, step_size=0.1, n_steps=20)
    for panel in (
        panels.backprop(losses.mse_loss, params, model, X, Y),
        panels.sweep(params, model, losses.mse_loss, X, Y, step_sizes=[0.01, 0.1], n_steps=20),
        panels.sweep([params, fitted.params], model, losses.mse_loss, X, Y, n_steps=20),
        panels.replay(fitted, model, X, Y, loss=losses.mse_loss),
    ):
        assert panel.shown["trouble"] == "" and panel.shown["words"]
