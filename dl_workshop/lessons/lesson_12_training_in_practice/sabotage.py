"""The sabotage lab of lesson 12: training runs with one bug each, and what can be seen of them from outside."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.losses import logistic_loss
from dl_workshop.models import mlp_model

LAYERS = {"hidden layer": ("w1", "b1"), "output layer": ("w2", "b2")}


class Run(NamedTuple):
    """What is known of one training run.

    losses (n_steps,), val_losses (n_steps,): before each step, on the training and on the validation rows.
    norms: {layer: (n_steps,)}, the size of each layer's gradient before each step.
    moved: {layer: number}, how far each layer is from its start in the end.
    params: the last ones.
    """

    losses: np.ndarray
    val_losses: np.ndarray
    norms: dict[str, np.ndarray]
    moved: dict[str, float]
    params: Any


def broken_runs(start, x, y, x_val, y_val, step_size=1.0, n_steps=300):
    """Train a net with one hidden layer by gradient descent, each time with another bug: {"example": Run, "a": ...}.

    start: params of a net d -> hidden -> 1, as init_mlp makes them.
    """

    def run(start, y=y, step_size=step_size, still=()):
        moves = {name: float(name not in still) for name in start}
        return _run(start, x, y, x_val, y_val, step_size, moves, n_steps)

    return {
        "example": run(start, step_size=-0.05 * step_size),
        "a": run(jax.tree.map(jnp.zeros_like, start)),
        "b": run(start, y=jax.random.permutation(jax.random.key(4), y)),
        "c": run(start, step_size=30 * step_size),
        "d": run(start, still=LAYERS["hidden layer"]),
        "e": run(start | {"w1": 1000 * start["w1"]}),
    }


def _run(start, x, y, x_val, y_val, step_size, moves, n_steps):
    params, (losses, val_losses, norms) = _trained(start, x, y, x_val, y_val, step_size, moves, n_steps)
    change = jax.tree.map(jnp.subtract, params, start)
    return Run(
        np.asarray(losses),
        np.asarray(val_losses),
        jax.tree.map(np.asarray, norms),
        {layer: float(_size(change, names)) for layer, names in LAYERS.items()},
        params,
    )


@jax.jit(static_argnums=7)
def _trained(start, x, y, x_val, y_val, step_size, moves, n_steps):
    """Train, and note the losses and the size of each layer's gradient; a param whose `moves` is 0 stays."""

    def step(params, _):
        value, grads = jax.value_and_grad(logistic_loss)(params, mlp_model, x, y)
        seen = (
            value,
            logistic_loss(params, mlp_model, x_val, y_val),
            {layer: _size(grads, names) for layer, names in LAYERS.items()},
        )
        return {name: params[name] - step_size * moves[name] * grads[name] for name in params}, seen

    return jax.lax.scan(step, start, length=n_steps)


def _size(tree, names):
    """Euclidean norm of the named leaves together, sqrt(sum of squares)."""
    return jnp.sqrt(sum(jnp.sum(tree[name] ** 2) for name in names))
