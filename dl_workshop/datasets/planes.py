"""Stories with a plane as their truth: amounts to predict from one or two inputs, in units of their own."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from dl_workshop.datasets.keys import check_draw


def server_rooms(key: PRNGKeyArray, n: int = 100, noise: float = 0.2) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
    """Cooling of server rooms, y = 2 x + 3 + noise * e: x in thousands of servers from U(0, 1), e from N(0, 1).

    Raises: LearnerError if key is not a key, n not a whole number above 0, or noise below 0.
    """
    check_draw(key, n, noise)
    key_x, key_e = jax.random.split(key)
    x = jax.random.uniform(key_x, (n,))
    return x, 2 * x + 3 + noise * jax.random.normal(key_e, (n,))


def house_prices(key: PRNGKeyArray, n: int = 1000) -> tuple[Float[Array, "n 2"], Float[Array, " n"]]:
    """Prices of houses, 2 (20 - distance) + 5 area + 10 + e, that is -2 distance + 5 area + 50 + e.

    x holds distance (2 to 22 km) and area (40 to 119 m^2), y the price in thousands; all three and e (-49 to 49) are
    whole numbers, each equally likely.
    Raises: LearnerError if key is not a key, or n not a whole number above 0.
    """
    check_draw(key, n)
    keys = jax.random.split(key, 3)
    distance, area, e = (
        jax.random.randint(one, (n,), low, high + 1)
        for one, low, high in zip(keys, (2, 40, -49), (22, 119, 49), strict=True)
    )
    return jnp.stack([distance, area], axis=1).astype(float), (2 * (20 - distance) + 5 * area + 10 + e).astype(float)
