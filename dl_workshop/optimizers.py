"""Optimisers, written out: how gradients become a change of the params.

An optimiser is a pair of functions, the form that Optax uses too, so that any Optax optimiser goes in the same
place: `init(params) -> state` and `update(grads, state, params) -> (updates, state)`. The loop then adds the updates
to the params.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax


class Optimizer(NamedTuple):
    """What fit needs of an optimiser: `init(params)` and `update(grads, state, params)`."""

    init: Callable
    update: Callable


def gradient_descent(step_size: float) -> Optimizer:
    """Gradient descent, updates = -step_size * grads.

    Units: step_size has those of params squared over loss.
    Source: Cauchy (1847); Goodfellow, Bengio, Courville, Deep Learning (2016), section 4.3.
    """
    def init(params):
        return ()

    def update(grads, state, params=None):
        updates = jax.tree.map(lambda grad: -step_size * grad, grads)
        return updates, state

    return Optimizer(init, update)
