"""Data for the playground: drawn with a key about a known truth, or the learner's own; their kind; a test part."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.datasets import regions
from dl_workshop.errors import LearnerError
from dl_workshop.validate import check_data

MOST_CLASSES = 4


def data_set(name, key, n=200, noise=0.1):
    """Draw n points of the data set `name`: x (n,) and numbers y for line and sine, else x (n, 2) and labels y.

    `noise` is the standard deviation of what is added: to y for line and sine, to both coordinates of x for the rest.
    arcs have uniform noise of 1.25 times that, in height only.
    Raises: LearnerError for a name that is no data set.
    """
    if name not in DRAWN:
        raise LearnerError(f"data={name} is no data set of the playground: choose one of {', '.join(DRAWN)}.")
    return DRAWN[name](key, n, noise)


def line(key, n, noise):
    """Points of y = 0.8 x + 0.2, x even on [-1, 1]."""
    return _with_noise(lambda x: 0.8 * x + 0.2, key, n, noise)


def sine(key, n, noise):
    """Points of y = sin(2 pi x), x even on [-1, 1]: two waves, centred as the playground's units like it."""
    return _with_noise(lambda x: jnp.sin(2 * jnp.pi * x), key, n, noise)


def gate(name):
    """Give a gate: n points at the corners (0, 0), (0, 1), (1, 0), (1, 1) in turn, labelled with its outputs."""
    return lambda key, n, noise: _jittered(key, *regions.gate(name, n), noise)


def arcs(key, n, noise):
    """Two arcs y = sin x on [0, pi], the second raised by 0.65."""
    x, y = regions.arcs(key, -(-n // 2), 1.25 * noise)
    return x[:n], y[:n]


def coin(key, n, noise):
    """A coin with a square hole, twice as large as the data set's: on [-1, 1]^2."""
    drawn, _ = jax.random.split(key)
    x, y = regions.coin(drawn, n)
    return _jittered(key, 2 * x, y, noise)


def _with_noise(curve, key, n, noise):
    x, (_, other) = jnp.linspace(-1.0, 1.0, n), jax.random.split(key)
    return x, curve(x) + noise * jax.random.normal(other, (n,))


def _jittered(key, x, y, noise):
    return regions.jittered(jax.random.split(key)[1], x, noise), y


DRAWN = {
    "line": line,
    "and": gate("and"),
    "or": gate("or"),
    "xor": gate("xor"),
    "circles": regions.circles,
    "moons": regions.moons,
    "spiral": regions.spiral,
    "arcs": arcs,
    "coin": coin,
    "sine": sine,
}


def own_data(x, y):
    """Check the learner's own data and give it as x (n, 1) or (n, 2) and y (n,), labels as whole numbers.

    Raises: LearnerError for more than two inputs, several targets a row, or more classes than can be drawn.
    """
    check_data(x, y)
    x, y = jnp.asarray(x, dtype=float), np.asarray(y)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or x.shape[1] > 2:
        raise LearnerError(
            f"x has shape {x.shape}, but the playground draws one or two inputs. Choose two columns: x[:, [0, 1]]."
        )
    if y.ndim != 1:
        raise LearnerError(f"y has shape {y.shape}: the playground needs one target a row, (n,). Use y[:, 0].")
    whole = y.dtype.kind in "iub" or set(np.unique(y)) <= {0.0, 1.0}
    if not whole:
        return x, jnp.asarray(y, dtype=float)
    if y.min() < 0 or y.max() >= MOST_CLASSES:
        raise LearnerError(
            f"y holds whole numbers from {y.min()} to {y.max()}. Labels must be 0 to "
            f"{MOST_CLASSES - 1}; if these are amounts and not classes, write y.astype(float)."
        )
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
