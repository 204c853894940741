"""Curves to fit: y as a bent function of one x."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from dl_workshop.datasets.keys import check_draw
from dl_workshop.validate import check_numbers, check_positive

Points = tuple[Float[Array, " n"], Float[Array, " n"]]


def sine(key: PRNGKeyArray, n: int = 500, noise: float = 0.1) -> Points:
    """One wave, y = sin(2 pi x) + u, with x from U(0, 1) and u from U(-noise, noise).

    Test points: sine(another_key, n=100, noise=0.0).
    Raises: LearnerError if key is not a key, n not a whole number above 0, or noise below 0.
    """
    return _about(lambda x: jnp.sin(2 * jnp.pi * x), key, n, noise)


def harder_curve(key: PRNGKeyArray, n: int = 1000, noise: float = 0.05) -> Points:
    """A wave that grows, with ripples, y = 0.4 x^2 + 0.3 x sin(15 x) + 0.01 cos(50 x) - 0.3 + u.

    x is from U(0, 1), u from U(-noise, noise). Test points: harder_curve(another_key, n=200, noise=0.0).
    Raises: LearnerError if key is not a key, n not a whole number above 0, or noise below 0.
    """
    return _about(lambda x: 0.4 * x**2 + 0.3 * x * jnp.sin(15 * x) + 0.01 * jnp.cos(50 * x) - 0.3, key, n, noise)


def overfit_curve(n: int = 25, ripple: float = 1.0) -> Points:
    """A wave with a ripple, y = 4 sin(x)/pi + ripple * 4 sin(5 x)/(5 pi), at n angles x evenly on [0, 2 pi].

    Nothing here is random. The truth to be learned is the wave alone, overfit_curve(n=100, ripple=0.0).
    Raises: LearnerError if n is not a whole number above 0.
    """
    check_positive("n", n, whole=True)
    check_numbers("ripple", ripple)
    x = jnp.linspace(0.0, 2 * jnp.pi, n)
    return x, 4 * jnp.sin(x) / jnp.pi + ripple * 4 * jnp.sin(5 * x) / (5 * jnp.pi)


def _about(
    curve: Callable[[Float[Array, " n"]], Float[Array, " n"]], key: PRNGKeyArray, n: int, noise: float
) -> Points:
    check_draw(key, n, noise)
    key_x, key_u = jax.random.split(key)
    x = jax.random.uniform(key_x, (n,))
    return x, curve(x) + noise * jax.random.uniform(key_u, (n,), minval=-1.0)
