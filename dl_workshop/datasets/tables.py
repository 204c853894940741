"""What every table needs before training: rows set aside for the test, and columns on one scale."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PRNGKeyArray, Shaped

from dl_workshop.errors import LearnerError
from dl_workshop.scaling import scale, standard
from dl_workshop.types import AnyArray
from dl_workshop.validate import check_data, check_numbers, check_positive
from dl_workshop.validate.keys import check_key


def split(
    key: PRNGKeyArray, x: Shaped[AnyArray, "n ..."], y: Shaped[AnyArray, " n"], test_share: float = 0.25
) -> tuple[Shaped[Array, "m ..."], Shaped[Array, "k ..."], Shaped[Array, " m"], Shaped[Array, " k"]]:
    """Set a share of the rows of every class aside for the test: (x_train, x_test, y_train, y_test).

    Of a class with m rows, round(test_share * m) go to the test. Both parts come shuffled; each row is in one of them.
    Raises: LearnerError if the lengths differ, or if a part would be empty.
    """
    check_key(key, x, y)
    check_data(x, y)
    check_numbers("test_share", test_share)
    if not 0 < test_share < 1:
        raise LearnerError(f"test_share={test_share} must lie between 0 and 1: write 0.25 for a quarter of the rows.")
    draw = _draw(key)
    test = np.zeros(len(y), dtype=bool)
    for rows in _shuffled_classes(draw, y):
        test[rows[: round(test_share * len(rows))]] = True
    if test.all() or not test.any():
        raise LearnerError(
            f"test_share={test_share} of {len(y)} rows leaves nothing to "
            f"{'train on' if test.all() else 'test on'}: take more rows or another share."
        )
    order = draw.permutation(len(y))
    train_rows, test_rows = order[~test[order]], order[test[order]]
    x, y = np.asarray(x), np.asarray(y)
    return jnp.asarray(x[train_rows]), jnp.asarray(x[test_rows]), jnp.asarray(y[train_rows]), jnp.asarray(y[test_rows])


def stratified_folds(
    key: PRNGKeyArray, y: Shaped[AnyArray, " n"], n_folds: int = 5
) -> list[tuple[Int[np.ndarray, " _"], Int[np.ndarray, " _"]]]:
    """Deal the rows of every class out to n folds, like cards: a list of (train_rows, test_rows), one a fold.

    Every row is tested once; the folds differ by at most one row, in all and within each class.
    Raises: LearnerError if n_folds is below 2 or above the number of rows of the rarest class.
    """
    check_key(key, y, n_folds)
    check_positive("n_folds", n_folds, whole=True)
    classes = _shuffled_classes(_draw(key), y)
    rarest = min(len(rows) for rows in classes)
    if not 2 <= n_folds <= rarest:
        raise LearnerError(
            f"n_folds={n_folds} must lie between 2 and {rarest}, the number of rows in the rarest "
            "class: otherwise a fold has none of them."
        )
    fold = np.empty(len(y), dtype=int)
    fold[np.concatenate(classes)] = np.arange(len(y)) % n_folds
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(n_folds)]


def standardise(
    x_train: Float[AnyArray, "n d"], x_test: Float[AnyArray, "m d"]
) -> tuple[Float[Array, "n d"], Float[Array, "m d"]]:
    """Put every column on one scale, (x - mean) / deviation, with mean and deviation of x_train alone.

    The test rows must not be looked at before the test, so they are scaled by the training rows' numbers.
    A column that is constant in x_train is only centred. Without units afterwards.
    Raises: LearnerError if the two differ in their columns or hold values that are not finite.
    """
    check_numbers("x_train", x_train)
    check_numbers("x_test", x_test)
    if np.shape(x_train)[1:] != np.shape(x_test)[1:]:
        raise LearnerError(
            f"x_train has shape {np.shape(x_train)} but x_test has {np.shape(x_test)}: both need the "
            "same columns. Check how you cut the data."
        )
    check_data(x_test, x_test)
    scaling = standard(x_train)
    return scale(scaling, x_train), scale(scaling, x_test)


def _draw(key: PRNGKeyArray) -> np.random.Generator:
    """Give NumPy's generator for this key: row numbers need no JAX, which would compile anew for every length."""
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))


def _shuffled_classes(draw: np.random.Generator, y: Shaped[AnyArray, " n"]) -> list[Int[np.ndarray, " _"]]:
    """Give the row numbers of each class, shuffled."""
    check_numbers("y", y)
    y = np.asarray(y)
    if y.ndim != 1 or len(y) == 0:
        raise LearnerError(f"y has shape {y.shape}: it must hold one class a row, such as (100,).")
    shuffled = draw.permutation(len(y))
    return [shuffled[y[shuffled] == label] for label in np.unique(y)]
