"""Initialisers: random weights to start from, spread so that signals neither fade nor grow from layer to layer.

Each is a function init(key, (fan_in, fan_out)) -> weights, the form that jax.nn.initializers have, so that any of
those goes in the same place: models.init_mlp(key, widths, init=he).
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from dl_workshop.validate.keys import check_key

Weights = Float[Array, "fan_in fan_out"]


def lecun(key: PRNGKeyArray, shape: tuple[int, int]) -> Weights:
    """Weights from N(0, 1/fan_in): a sum of fan_in inputs of size 1 has size 1.

    Source: LeCun, Bottou, Orr, Mueller, Efficient BackProp (1998), section 4.6.
    """
    check_key(key, shape)
    fan_in, _ = shape
    return jax.random.normal(key, shape) / jnp.sqrt(fan_in)


def xavier(key: PRNGKeyArray, shape: tuple[int, int]) -> Weights:
    """Weights from N(0, 2/(fan_in + fan_out)), for tanh: a middle way between signals forward and gradients backward.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward networks (2010), eq. 12.
    """
    check_key(key, shape)
    fan_in, fan_out = shape
    return jax.random.normal(key, shape) * jnp.sqrt(2 / (fan_in + fan_out))


def he(key: PRNGKeyArray, shape: tuple[int, int]) -> Weights:
    """Weights from N(0, 2/fan_in), for relu, which lets only half of the signal through.

    Source: He, Zhang, Ren, Sun, Delving Deep into Rectifiers (2015), eq. 10.
    """
    check_key(key, shape)
    fan_in, _ = shape
    return jax.random.normal(key, shape) * jnp.sqrt(2 / fan_in)


def normal(spread: float) -> Callable:
    """Give an initialiser that draws from N(0, spread^2), whatever the width: tiny or large weights to learn from."""
    def init(key, shape):
        check_key(key, shape)
        return spread * jax.random.normal(key, shape)

    return init


def zeros(key: PRNGKeyArray, shape: tuple[int, int]) -> Weights:
    """All weights 0: every hidden unit stays the twin of its neighbours, because their gradients are equal."""
    if key is not None:    # nothing is drawn
        check_key(key, shape)
    return jnp.zeros(shape)
