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

    Raises: LearnerError if key is not a key.
    Source: LeCun, Bottou, Orr, Mueller, Efficient BackProp (1998), section 4.6.
    """
    check_key(key, shape)
    fan_in, _ = shape
    return jax.random.normal(key, shape) / jnp.sqrt(fan_in)


def xavier(key: PRNGKeyArray, shape: tuple[int, int]) -> Weights:
    """Weights from N(0, 2/(fan_in + fan_out)), for tanh: a middle way between signals forward and gradients backward.

    Raises: LearnerError if key is not a key.
    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward networks (2010), eq. 12.
    """
    check_key(key, shape)
    fan_in, fan_out = shape
    return jax.random.normal(key, shape) * jnp.sqrt(2 / (fan_in + fan_out))


def he(key: PRNGKeyArray, shape: tuple[int, int]) -> Weights:
    """Weights from N(0, 2/fan_in), for relu, which lets only half of the signal through.

    Raises: LearnerError if key is not a key.
    Source: He, Zhang, Ren, Sun, Delving Deep into Rectifiers (2015), eq. 10.
    """
    check_key(key, shape)
    fan_in, _ = shape
    return jax.random.normal(key, shape) * jnp.sqrt(2 / fan_in)


def normal(std: float) -> Callable[[PRNGKeyArray, tuple[int, int]], Weights]:
    """Give an initialiser that draws from N(0, std^2), whatever the width: tiny or large weights to learn from.

    Raises: LearnerError, from the initialiser, if key is not a key.
    Source: Krizhevsky, Sutskever, Hinton, ImageNet Classification with Deep Convolutional Neural Networks (2012),
        section 5 (there std=0.01).
    """

    def init(key: PRNGKeyArray, shape: tuple[int, int]) -> Weights:
        check_key(key, shape)
        return std * jax.random.normal(key, shape)

    return init


def zeros(key: PRNGKeyArray | None, shape: tuple[int, int]) -> Weights:
    """All weights 0: every hidden unit stays the twin of its neighbours, because their gradients are equal.

    Raises: LearnerError if key is neither None nor a key.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 8.4.
    """
    if key is not None:  # nothing is drawn
        check_key(key, shape)
    return jnp.zeros(shape)
