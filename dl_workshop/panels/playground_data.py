"""Data for the playground: drawn with a key about a known truth, or the learner's own; their kind; a test part."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.shapes import LearnerError, check_data

CORNERS = jnp.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "xor": (0, 1, 1, 0)}
MOST_CLASSES = 4


def data_set(name, key, n=200, noise=0.1):
    """Draw n points of the data set `name`: x (n,) and numbers y for line and sine, else x (n, 2) and labels y.

    `noise` is the standard deviation of what is added: to y for line and sine, to both coordinates of x for the rest.
    arcs have uniform noise of 1.25 times that, in height only.
    Raises: LearnerError for a name that is no data set.
    """
    if name not in DRAWN:
        raise LearnerError(f"data={name} is no data set of the playground: choose one of {', '.join(DRAWN)}.")
    key, other = jax.random.split(key)
    x, y = DRAWN[name](key, n)
    if x.ndim == 1:
        return x, y + noise * jax.random.normal(other, (n,))
    if name == "arcs":
        return x.at[:, 1].add(1.25 * noise * jax.random.uniform(other, (n,), minval=-1.0)), y
    return x + noise * jax.random.normal(other, (n, 2)), y


def line(key, n):
    """Points of y = 0.8 x + 0.2, x even on [-1, 1]."""
    x = jnp.linspace(-1.0, 1.0, n)
    return x, 0.8 * x + 0.2


def sine(key, n):
    """Points of y = sin(2 pi x), x even on [-1, 1]."""
    x = jnp.linspace(-1.0, 1.0, n)
    return x, jnp.sin(2 * jnp.pi * x)


def gate(outputs):
    """Give a gate: n points at the corners (0, 0), (0, 1), (1, 0), (1, 1) in turn, labelled with its outputs."""
    return lambda key, n: (CORNERS[jnp.arange(n) % 4], jnp.array(outputs)[jnp.arange(n) % 4])


def circles(key, n):
    """A disc of radius 0.45 (class 1) inside a ring from 0.7 to 1 (class 0)."""
    angle, far = jax.random.uniform(key, (2, n))
    y = jnp.arange(n) % 2
    r = jnp.where(y == 1, 0.45 * jnp.sqrt(far), 0.7 + 0.3 * far)
    return r[:, None] * round_(2 * jnp.pi * angle), y


def moons(key, n):
    """Two half circles of radius 0.7 that reach into each other."""
    y = jnp.arange(n) % 2
    upper = 0.7 * round_(jnp.pi * jax.random.uniform(key, (n,)))
    return jnp.where(y[:, None] == 0, upper + jnp.array([-0.35, -0.17]), jnp.array([0.35, 0.17]) - upper), y


def spiral(key, n):
    """Two arms that wind 1.75 times around each other."""
    y = jnp.arange(n) % 2
    t = (jnp.arange(n) // 2 + 1) / (n / 2)
    return t[:, None] * round_(2 * jnp.pi * 1.75 * t + jnp.pi * y), y


def arcs(key, n):
    """Two arcs y = sin x on [0, pi], the second raised by 0.65."""
    y = jnp.arange(n) % 2
    x1 = jnp.pi * (jnp.arange(n) // 2) / max(1, (n - 1) // 2)
    return jnp.stack([x1, jnp.sin(x1) + 0.65 * y], axis=1), y


def coin(key, n):
    """A coin with a square hole on [-1, 1]^2: 0 in the square |x1|, |x2| < 0.4, 1 on the coin r < 0.9, 2 outside."""
    x = jax.random.uniform(key, (n, 2), minval=-1.0)
    square = jnp.abs(x).max(axis=1) < 0.4
    return x, jnp.where(square, 0, jnp.where(jnp.hypot(x[:, 0], x[:, 1]) < 0.9, 1, 2))


def round_(angle):
    """Points on the unit circle."""
    return jnp.stack([jnp.cos(angle), jnp.sin(angle)], axis=1)


DRAWN = {"line": line, "and": gate(GATES["and"]), "or": gate(GATES["or"]), "xor": gate(GATES["xor"]),
         "circles": circles, "moons": moons, "spiral": spiral, "arcs": arcs, "coin": coin, "sine": sine}


def own_data(x, y):
    """Check the learner's own data and give it as x (n, 1) or (n, 2) and y (n,), labels as whole numbers.

    Raises: LearnerError for more than two inputs, several targets a row, or more classes than can be drawn.
    """
    check_data(x, y)
    x, y = jnp.asarray(x, dtype=float), np.asarray(y)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or x.shape[1] > 2:
        raise LearnerError(f"x has shape {x.shape}, but the playground draws one or two inputs. Choose two columns: "
                           "x[:, [0, 1]].")
    if y.ndim != 1:
        raise LearnerError(f"y has shape {y.shape}: the playground needs one target a row, (n,). Use y[:, 0].")
    whole = y.dtype.kind in "iub" or set(np.unique(y)) <= {0.0, 1.0}
    if not whole:
        return x, jnp.asarray(y, dtype=float)
    if y.min() < 0 or y.max() >= MOST_CLASSES:
        raise LearnerError(f"y holds whole numbers from {y.min()} to {y.max()}. Labels must be 0 to "
                           f"{MOST_CLASSES - 1}; if these are amounts and not classes, write y.astype(float).")
    return x, jnp.asarray(y, dtype=int)


def classes_of(y):
    """Number of classes: 0 if y holds numbers, else 2 or more."""
    return 0 if jnp.issubdtype(y.dtype, jnp.floating) else max(2, int(y.max()) + 1)


def parted(x, y, share, key):
    """Part the rows at random: (x_train, y_train, x_test, y_test) with `share` of them, rounded, in the test part."""
    rows, n_test = shuffled_rows(len(x), share, key)
    return x[rows[n_test:]], y[rows[n_test:]], x[rows[:n_test]], y[rows[:n_test]]


def shuffled_rows(n, share, key):
    """Shuffle n rows: (rows, n_test), the first n_test of them for the test; at least one is left to train on."""
    return jax.random.permutation(key, n), min(round(share * n), n - 1)
