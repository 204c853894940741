"""Data drawn from a known truth: the same key gives the same data, another key other noise.

The line of lessons 01 to 04 is here; the other data sets stand in files by kind and are handed on.
"""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from dl_workshop.datasets.curves import harder_curve, overfit_curve, sine
from dl_workshop.datasets.keys import check_draw
from dl_workshop.datasets.planes import house_prices, server_rooms
from dl_workshop.datasets.regions import arcs, circles, coin, gate, moons, spiral, three_regions, two_regions

__all__ = [
    "arcs",
    "circles",
    "coin",
    "gate",
    "harder_curve",
    "house_prices",
    "labelled_line",
    "line",
    "moons",
    "overfit_curve",
    "server_rooms",
    "sine",
    "spiral",
    "three_regions",
    "two_regions",
]


def line(
    key: PRNGKeyArray, n: int = 100, w: float = 2.0, b: float = 20.0, noise: float = 1.0
) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
    """Points about a line, y = w x + b + noise * e, with e drawn once a point from N(0, 1).

    x is n points evenly on [-5, 5]; `noise` is the standard deviation, in the units of y.
    Raises: LearnerError if key is not a key, n not a whole number above 0, or noise below 0.
    """
    check_draw(key, n, noise, w=w, b=b)
    x = jnp.linspace(-5.0, 5.0, n)
    return x, w * x + b + noise * jax.random.normal(key, (n,))


def labelled_line(
    key: PRNGKeyArray, n: int = 100, w: float = 2.0, b: float = 1.0, noise: float = 1.0
) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
    """Labels from a line, y = round(1 / (1 + exp(-(w x + b + u)))), with u drawn once a point from U[0, noise).

    x is n points evenly on [-5, 5]; y is 0.0 or 1.0. noise=0 gives the labels of the exact line.
    Raises: LearnerError if key is not a key, n not a whole number above 0, or noise below 0.
    """
    check_draw(key, n, noise, w=w, b=b)
    x = jnp.linspace(-5.0, 5.0, n)
    logits = w * x + b + noise * jax.random.uniform(key, (n,))
    return x, jnp.round(jax.nn.sigmoid(logits))
