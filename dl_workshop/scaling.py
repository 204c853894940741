"""Scaling, and back: columns brought to one scale for training, predictions brought back to their units.

Fit a Scaling on the training rows, use it on all rows. Both kinds are a shift and a division, column by column.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Real

from dl_workshop.errors import LearnerError
from dl_workshop.types import AnyArray
from dl_workshop.validate import check_data, check_numbers


class Scaling(NamedTuple):
    """What `scale` takes away, and then divides by: one number a column (or one, for y (n,))."""

    shift: Float[np.ndarray, " *d"]
    width: Float[np.ndarray, " *d"]


def standard(x: Real[AnyArray, "n *d"]) -> Scaling:
    """Scaling to mean 0 and deviation 1, (x - mean) / deviation; a constant column is only centred.

    Raises: LearnerError if x holds values that are not finite numbers.
    """
    x = _checked(x)
    # Asked of the values themselves: rounding can give a constant column a deviation just above zero.
    constant = x.max(axis=0) == x.min(axis=0)
    return Scaling(x.mean(axis=0), np.where(constant, 1.0, x.std(axis=0)))


def min_max(x: Real[AnyArray, "n *d"]) -> Scaling:
    """Scaling to [0, 1], (x - min) / (max - min); a constant column becomes 0.

    Raises: LearnerError if x holds values that are not finite numbers.
    """
    x = _checked(x)
    low, high = x.min(axis=0), x.max(axis=0)
    return Scaling(low, np.where(high == low, 1.0, high - low))


def scale(scaling: Scaling, x: Real[AnyArray, "*n_d"]) -> Float[Array, "*n_d"]:
    """Scale rows, or one row, (x - shift) / width.

    Units: none afterwards.
    Raises: LearnerError if x has other columns than the scaling.
    """
    return jnp.asarray((_fitting(scaling, x) - scaling.shift) / scaling.width, dtype=float)


def unscale(scaling: Scaling, x: Real[AnyArray, "*n_d"]) -> Float[Array, "*n_d"]:
    """Bring scaled rows, or predictions, back to their units, x * width + shift.

    Units: those that the columns had before.
    Raises: LearnerError if x has other columns than the scaling.
    """
    return jnp.asarray(_fitting(scaling, x) * scaling.width + scaling.shift, dtype=float)


def _checked(x: Real[AnyArray, "n *d"]) -> Float[np.ndarray, "n *d"]:
    check_data(x, x)
    return np.asarray(x, dtype=np.float64)  # so that large means lose no digits


def _fitting(scaling: Scaling, x: Real[AnyArray, "*n_d"]) -> Real[AnyArray, "*n_d"]:
    """Give x in float64 (unless JAX is tracing it), refusing one that would broadcast."""
    check_numbers("x", x)
    columns = np.shape(scaling.shift)
    if columns and np.shape(x)[-1:] != columns:
        raise LearnerError(
            f"x has shape {np.shape(x)}, but this scaling was made for {columns[0]} columns. "
            "Make one scaling for x and another for y."
        )
    return x if isinstance(x, jax.core.Tracer) else np.asarray(x, dtype=np.float64)
