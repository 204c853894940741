"""The path of a training: how many of its steps are kept, evenly, and how many are taken between two looks."""

from collections.abc import Callable

import jax
import numpy as np
from jaxtyping import Int

from dl_workshop.types import ParamPath, Params

LOSSES_A_CHUNK = 4096  # steps that one call of the compiled loop can take at most
PATH_NUMBERS_A_CHUNK = 2**21  # numbers of the path that it can hand back: 8 MB in float32
PATH_NUMBERS = 2**23  # numbers of the whole path: 32 MB
SECONDS_A_CHUNK = 0.2  # between two looks at the losses, and two updates of the progress bar


def every_step(params: Params, n_steps: int) -> int:
    """Give k, such that every k-th step of the path is kept."""
    return -(-n_steps // max(1, PATH_NUMBERS // _size(params)))


def _size(params: Params) -> int:
    return max(1, sum(leaf.size for leaf in jax.tree.leaves(params)))


def rows_of(params: Params) -> int:
    """Path rows that one chunk can hand back."""
    return max(1, min(LOSSES_A_CHUNK, PATH_NUMBERS_A_CHUNK // _size(params)))


def chunk(start: int, n_steps: int, rate: float | None, every: int, rows: int, callback: Callable | None) -> int:
    """How many steps to take before the next look at the losses."""
    most = min(LOSSES_A_CHUNK, rows * every - start % every, n_steps - start)
    if callback is not None:
        return min(most, max(1, n_steps // 100))
    if start == 0:
        return 1
    return max(1, min(most, 32 if rate is None else int(rate * SECONDS_A_CHUNK)))


def fresh(path: ParamPath, start: int, k: int, every: int) -> tuple[Int[np.ndarray, " n_points"], ParamPath]:
    """Copy the rows of the path that begin in this chunk, with their steps; the rest of the buffer is let go."""
    steps = np.arange(start - start % every, start + k, every)
    begun = np.flatnonzero(steps >= start)  # a row begun in the chunk before is there already
    return steps[begun], jax.tree.map(lambda leaf: np.asarray(leaf)[begun], path)
