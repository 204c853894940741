"""Points in the plane, each with the class of the region it lies in: x (n, 2), y (n,) whole numbers from 0."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PRNGKeyArray

from dl_workshop.datasets.keys import check_draw
from dl_workshop.errors import LearnerError
from dl_workshop.validate import check_positive
from dl_workshop.validate.keys import check_key

Labelled = tuple[Float[Array, "n 2"], Int[Array, " n"]]


def arcs(key: PRNGKeyArray, n: int = 100, noise: float = 0.125, raised: float = 0.65) -> Labelled:
    """Two arcs of n points each, x2 = sin(x1) + u, those of class 1 raised by `raised`; the classes take turns.

    x1 is even on [0, pi], u is from U(-noise, noise).
    Raises: LearnerError if key is not a key, n not a whole number above 0, or noise below 0.
    """
    check_draw(key, n, noise, raised=raised)
    _, key_u = jax.random.split(key)
    y = jnp.arange(2 * n) % 2
    x1 = jnp.pi * (jnp.arange(2 * n) // 2) / max(1, n - 1)
    x2 = jnp.sin(x1) + raised * y + noise * jax.random.uniform(key_u, (2 * n,), minval=-1.0)
    return jnp.stack([x1, x2], axis=1), y


def coin(key: PRNGKeyArray, n: int = 1000) -> Labelled:
    """A coin with a square hole: class 0 in the hole |x1|, |x2| < 0.2, 1 on the coin r < 0.45, 2 outside.

    x is uniform on [-0.5, 0.5]^2; the shares of the classes are 0.16, pi 0.45^2 - 0.16 = 0.476, and 0.364.
    Raises: LearnerError if key is not a key, or n not a whole number above 0.
    """
    check_draw(key, n)
    x = jax.random.uniform(key, (n, 2), minval=-0.5, maxval=0.5)
    hole = jnp.abs(x).max(axis=1) < 0.2
    return x, jnp.where(hole, 0, jnp.where(jnp.hypot(x[:, 0], x[:, 1]) < 0.45, 1, 2))


def three_regions(key: PRNGKeyArray, n: int = 1000, noise: float = 1.0) -> Labelled:
    """Three regions parted by the lines 2.5 x1 - 10, 0.3 x1 + 5 and 10 - x1; what lies in none of them is left out.

    Class 0 lies above all three lines; 1 above the first and below the others; 2 below the first two and above the
    third. n points are drawn, uniform on [0, 10]^2; fewer come back. x2 - u is compared with the lines, u from
    U(-noise, noise), so that the regions overlap at their rims.
    Raises: LearnerError if key is not a key, n not a whole number above 0, noise below 0, or no point is left.
    """
    check_draw(key, n, noise)
    key_x, key_u = jax.random.split(key)
    x = np.asarray(jax.random.uniform(key_x, (n, 2), maxval=10.0))
    height = x[:, 1] - noise * np.asarray(jax.random.uniform(key_u, (n,), minval=-1.0))
    first, second, third = (height > line for line in (2.5 * x[:, 0] - 10, 0.3 * x[:, 0] + 5, 10 - x[:, 0]))
    regions = [first & second & third, first & ~second & ~third, ~first & ~second & third]
    inside = np.any(regions, axis=0)
    if not inside.any():
        raise LearnerError(f"None of the n={n} points lies in a region: draw more, such as n=1000.")
    return jnp.asarray(x[inside]), jnp.asarray(np.argmax(regions, axis=0)[inside])


def two_regions(key: PRNGKeyArray, n: int = 500) -> Labelled:
    """Two regions, class 1 above the line x2 = 2 x1 - 0.5, class 0 below; x is uniform on [0, 1]^2.

    Raises: LearnerError if key is not a key, or n not a whole number above 0.
    """
    check_draw(key, n)
    x = jax.random.uniform(key, (n, 2))
    return x, (x[:, 1] > 2 * x[:, 0] - 0.5).astype(int)


def circles(key: PRNGKeyArray, n: int = 200, noise: float = 0.0) -> Labelled:
    """A disc of radius 0.45 (class 1) inside a ring from 0.7 to 1 (class 0); N(0, noise^2) is added to x1 and x2.

    Raises: LearnerError if key is not a key, n not a whole number above 0, or noise below 0.
    """
    check_draw(key, n, noise)
    key, key_u = jax.random.split(key)
    angle, far = jax.random.uniform(key, (2, n))
    y = jnp.arange(n) % 2
    r = jnp.where(y == 1, 0.45 * jnp.sqrt(far), 0.7 + 0.3 * far)
    return jittered(key_u, r[:, None] * _round(2 * jnp.pi * angle), noise), y


def moons(key: PRNGKeyArray, n: int = 200, noise: float = 0.0) -> Labelled:
    """Two half circles of radius 0.7 that reach into each other; N(0, noise^2) is added to x1 and x2.

    Raises: LearnerError if key is not a key, n not a whole number above 0, or noise below 0.
    """
    check_draw(key, n, noise)
    key, key_u = jax.random.split(key)
    y = jnp.arange(n) % 2
    upper = 0.7 * _round(jnp.pi * jax.random.uniform(key, (n,)))
    x = jnp.where(y[:, None] == 0, upper + jnp.array([-0.35, -0.17]), jnp.array([0.35, 0.17]) - upper)
    return jittered(key_u, x, noise), y


def spiral(key: PRNGKeyArray, n: int = 200, noise: float = 0.0) -> Labelled:
    """Two arms that wind 1.75 times around each other; N(0, noise^2) is added to x1 and x2.

    Raises: LearnerError if key is not a key, n not a whole number above 0, or noise below 0.
    """
    check_draw(key, n, noise)
    _, key_u = jax.random.split(key)
    y = jnp.arange(n) % 2
    t = (jnp.arange(n) // 2 + 1) / (n / 2)
    return jittered(key_u, t[:, None] * _round(2 * jnp.pi * 1.75 * t + jnp.pi * y), noise), y


GATES = {
    "and": (0, 0, 0, 1),
    "or": (0, 1, 1, 1),
    "nand": (1, 1, 1, 0),
    "nor": (1, 0, 0, 0),
    "xor": (0, 1, 1, 0),
    "xnor": (1, 0, 0, 1),
    "not": (1, 0),
}


def gate(name: str, n: int | None = None) -> tuple[Float[Array, "n d"], Int[Array, " n"]]:
    """The truth table of a logic gate: x (4, 2) = (0,0), (0,1), (1,0), (1,1), for "not" (2, 1); y its outputs.

    With n the rows are repeated in turn until there are n. Nothing here is random.
    Raises: LearnerError for a name that is no gate.
    """
    if str(name).lower() not in GATES:
        raise LearnerError(f"There is no gate {name!r}: choose one of {', '.join(GATES)}.")
    y = jnp.array(GATES[str(name).lower()])
    x = jnp.array([[0.0], [1.0]]) if len(y) == 2 else jnp.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    if n is not None:
        check_positive("n", n, whole=True)
        x, y = x[jnp.arange(n) % len(y)], y[jnp.arange(n) % len(y)]
    return x, y


def jittered(key: PRNGKeyArray, x: Float[Array, "n d"], noise: float) -> Float[Array, "n d"]:
    """Move every point at random, x + noise * N(0, 1)."""
    check_key(key, x, noise)
    return x + noise * jax.random.normal(key, x.shape)


def _round(angle: Float[Array, " n"]) -> Float[Array, "n 2"]:
    """Points on the unit circle."""
    return jnp.stack([jnp.cos(angle), jnp.sin(angle)], axis=1)
