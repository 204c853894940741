"""x as the training loop takes it: one array, or a dict or tuple of arrays that all have the same rows."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.types import Rows, Targets
from dl_workshop.validate import check_data


def is_tree(x: Rows, y: Targets) -> bool:
    """Say whether x holds several arrays: {"left": (n, d), "right": (n, e)}, or (left, right), or any other tree.

    A list is one array, as everywhere; a tuple with a row for each of y is, too.
    """
    if isinstance(x, tuple):
        rows = [_length(part) for part in x]
        n = np.shape(y)[0] if np.ndim(y) else 0
        several = any(rows) or any(isinstance(part, dict | tuple) and is_tree(part, y) for part in x)
        return several and not (len(x) == n and n not in rows)
    return not isinstance(x, list) and not jax.tree_util.all_leaves([x])


def check_rows(x: Rows, y: Targets) -> None:
    """Refuse data that would train to nonsense, as check_data does, in each array of x.

    Raises: LearnerError naming the array and what is wrong with it, such as other rows than y has.
    """
    if not is_tree(x, y):
        return check_data(x, y)
    leaves = jax.tree_util.tree_leaves_with_path(x, is_leaf=_is_list)
    if not leaves:
        raise LearnerError(
            'x holds no arrays, so there are no samples in it: write for example x = {"left": x1, "right": x2}.'
        )
    for path, leaf in leaves:
        check_data(leaf, y, names=("x" + jax.tree_util.keystr(path), "y"))


def as_arrays(x: Rows, y: Targets) -> Rows:
    """Give x with JAX's arrays in it."""
    return jax.tree.map(jnp.asarray, x, is_leaf=_is_list) if is_tree(x, y) else jnp.asarray(x)


def take(x: Rows, rows: Targets | slice) -> Rows:
    """Give these rows of every array in x."""
    return jax.tree.map(lambda array: array[rows], x)


def _is_list(part: object) -> bool:
    return isinstance(part, list)


def _length(part: Any) -> int:
    """Rows of an array; 0 for a number and for what is no array."""
    return part.shape[0] if getattr(part, "shape", ()) else 0
