"""The path of a training as rows of two numbers."""

import jax
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.panels.sliders import entry_name

MOST_ROWS = 300


def thinned(path, steps, params, names):
    """Give at most MOST_ROWS rows of the path as an array (rows, 2), and the steps they belong to."""
    points = rows(path, params, names) if path is not None else np.zeros((0, 2))
    steps = np.arange(len(points)) if steps is None else np.asarray(steps)
    if len(points) and not np.isfinite(points).all(axis=1).any():
        raise LearnerError(
            "No row of path is finite, so there is nothing to show. Train again with a smaller step_size."
        )
    if len(steps) != len(points):
        raise LearnerError(
            f"steps has {len(steps)} numbers, but path has {len(points)} rows: pass both of the same "
            "fit, path=fitted.path, steps=fitted.steps."
        )
    kept = np.unique(np.linspace(0, len(points) - 1, min(len(points), MOST_ROWS)).round().astype(int))
    return points[kept], steps[kept].tolist()


def rows(path, params, names):
    """Give the path as an array (rows, 2) in the order of `names`.

    Raises: LearnerError if it is not a tree like params with one more axis in front.
    """
    try:
        same = jax.tree.structure(path) == jax.tree.structure(params)  # type: ignore[operator]
        leaves = jax.tree.leaves(path)
        same = same and all(np.ndim(a) == np.ndim(b) + 1 for a, b in zip(leaves, jax.tree.leaves(params), strict=True))
    except (TypeError, ValueError):
        same = False
    if not same or len({len(leaf) for leaf in leaves}) != 1 or len(leaves[0]) == 0:
        raise LearnerError(
            "path must look like params with a row for every step, as fit gives it: "
            "fitted = fit(...), then path=fitted.path."
        )
    columns = {}
    for (place, leaf), old in zip(jax.tree_util.tree_leaves_with_path(path), jax.tree.leaves(params), strict=True):
        entries = np.asarray(leaf, float).reshape(len(leaf), -1)
        for column, index in zip(entries.T, np.ndindex(np.shape(old)), strict=True):
            columns[entry_name(place, index)] = column
    return np.stack([columns[name] for name in names], axis=1)
