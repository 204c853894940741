"""Optimisers, written out: how gradients become a change of the params.

An optimiser is a pair of functions, the form that Optax uses too, so that any Optax optimiser goes in the same
place: `init(params) -> state` and `update(grads, state, params) -> (updates, state)`. The loop then adds the updates
to the params. A step_size may also be a function of the step, such as `schedules.step_decay()`.
"""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from dl_workshop.types import Params, Schedule, State

Pair = tuple[Callable[[Params], State], Callable[..., tuple[Params, State]]]  # of the kit or of Optax


class Optimizer(NamedTuple):
    """What fit needs of an optimiser: `init(params)` and `update(grads, state, params)`."""

    init: Callable[[Params], State]
    update: Callable[..., tuple[Params, State]]  # of (grads, state, params)


def gradient_descent(step_size: float | Schedule) -> Optimizer:
    """Gradient descent, updates = -step_size * grads.

    Units: step_size has those of params squared over loss.
    Source: Cauchy (1847); Goodfellow, Bengio, Courville, Deep Learning (2016), section 4.3.
    """
    if callable(step_size):
        return scheduled(gradient_descent, step_size)

    def init(params: Params) -> State:
        return ()

    def update(grads: Params, state: State, params: Params | None = None) -> tuple[Params, State]:
        updates = jax.tree.map(lambda grad: -step_size * grad, grads)
        return updates, state

    return Optimizer(init, update)


def momentum(step_size: float | Schedule, decay: float = 0.9) -> Optimizer:
    """Gradient descent with momentum, velocity <- decay * velocity + grads; updates = -step_size * velocity.

    Where gradients agree, the steps grow up to 1/(1 - decay) times as long; where they alternate, they cancel.
    Source: Polyak (1964); Goodfellow, Bengio, Courville (2016), section 8.3.2 (there step_size is in the velocity).
    """
    if callable(step_size):
        return scheduled(partial(momentum, decay=decay), step_size)

    def init(params: Params) -> Params:
        return jax.tree.map(jnp.zeros_like, params)

    def update(grads: Params, velocity: Params, params: Params | None = None) -> tuple[Params, Params]:
        velocity = jax.tree.map(lambda v, grad: decay * v + grad, velocity, grads)
        updates = jax.tree.map(lambda v: -step_size * v, velocity)
        return updates, velocity

    return Optimizer(init, update)


def rmsprop(step_size: float | Schedule, decay: float = 0.9, eps: float = 1e-8) -> Optimizer:
    """RMSProp, square <- decay * square + (1 - decay) grads^2; updates = -step_size * grads / sqrt(square + eps).

    Each param is given its own scale: `square` is a running mean of its squared gradient.
    Source: Hinton, Neural Networks for Machine Learning (2012), lecture 6; Goodfellow et al. (2016), algorithm 8.5.
    """
    if callable(step_size):
        return scheduled(partial(rmsprop, decay=decay, eps=eps), step_size)

    def init(params: Params) -> Params:
        return jax.tree.map(jnp.zeros_like, params)

    def update(grads: Params, square: Params, params: Params | None = None) -> tuple[Params, Params]:
        square = jax.tree.map(lambda s, grad: decay * s + (1 - decay) * grad**2, square, grads)
        updates = jax.tree.map(lambda s, grad: -step_size * grad / jnp.sqrt(s + eps), square, grads)
        return updates, square

    return Optimizer(init, update)


class AdamState(NamedTuple):
    """What Adam remembers: the `count` of steps taken, running means of gradients and of their squares."""

    count: Int[Array, ""]  # type: ignore[assignment]  # it hides a method of tuples
    mean: Params
    square: Params


def adam(step_size: float | Schedule, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> Optimizer:
    """Adam: momentum and RMSProp together, updates = -step_size * m / (sqrt(s) + eps).

    mean <- b1 * mean + (1 - b1) grads; square <- b2 * square + (1 - b2) grads^2. Both start at 0, far
    too small at first; m = mean / (1 - b1^t) and s = square / (1 - b2^t) at step t make up for it.
    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2015), algorithm 1.
    """
    if callable(step_size):
        return scheduled(partial(adam, b1=b1, b2=b2, eps=eps), step_size)

    def init(params: Params) -> AdamState:
        zeros = jax.tree.map(jnp.zeros_like, params)
        return AdamState(jnp.zeros((), jnp.int32), zeros, zeros)

    def update(grads: Params, state: AdamState, params: Params | None = None) -> tuple[Params, AdamState]:
        t = state.count + 1
        mean = jax.tree.map(lambda m, grad: b1 * m + (1 - b1) * grad, state.mean, grads)
        square = jax.tree.map(lambda s, grad: b2 * s + (1 - b2) * grad**2, state.square, grads)

        def change(m: Float[Array, "..."], s: Float[Array, "..."]) -> Float[Array, "..."]:
            m, s = m / (1 - b1**t), s / (1 - b2**t)
            return -step_size * m / (jnp.sqrt(s) + eps)

        return jax.tree.map(change, mean, square), AdamState(t, mean, square)

    return Optimizer(init, update)


def scheduled(optimizer: Callable[..., Optimizer], schedule: Schedule) -> Optimizer:
    """Let a schedule choose the step size anew at every step t, optimizer(schedule(t)) from t 0 on.

    `optimizer` is a function of the step size, the kit's or Optax's.
    """

    def init(params: Params) -> State:
        return jnp.zeros((), jnp.int32), optimizer(1.0).init(params)

    def update(grads: Params, state: State, params: Params | None = None, **known: Any) -> tuple[Params, State]:
        t, inner = state
        updates, inner = updates_of(optimizer(schedule(t)).update, grads, inner, params, **known)
        return updates, (t + 1, inner)

    return Optimizer(init, update)


def updates_of(
    update: Callable, grads: Params, state: State, params: Params | None, **known: Any
) -> tuple[Params, State]:
    """Give update(grads, state, params), with those of `known` that it asks for by name.

    grads and the updates are trees like params; state is a tree too, of whatever the optimiser remembers.
    known: value, the loss; grad, the gradients; value_fn, the loss as a function of params on the same rows. Optax's
    line searches and L-BFGS try several steps with them; others, such as polyak_sgd, look at the value.
    """
    try:
        further = list(inspect.signature(update).parameters.values())[3:]
    except (TypeError, ValueError):  # it does not tell
        further = []
    names = {one.name for one in further}
    takes_all = any(one.kind == one.VAR_KEYWORD for one in further)
    return update(grads, state, params, **{name: known[name] for name in known if takes_all or name in names})
