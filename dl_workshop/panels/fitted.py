"""What a model's numbers mean over the data: its line or probability curve, the misses, and words for them."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.validate import check_same_shape


class Fitted(NamedTuple):
    """One state of a model over its data: the curve over the grid, the prediction for every row, the loss."""

    curve: np.ndarray | None
    y_pred: np.ndarray
    loss: float
    words: str
    trouble: str


def is_labels(y):
    """Tell whether y holds only 0 and 1."""
    return bool(np.isin(np.asarray(y), (0, 1)).all())


def along(x):
    """Give x as one column (n,), or None if it has several, or several arrays: there is no curve to draw over it."""
    if not isinstance(x, list) and not hasattr(x, "shape"):
        return None
    x = np.asarray(x, float)
    return x if x.ndim == 1 else x[:, 0] if x.ndim == 2 and x.shape[1] == 1 else None


def grid_over(x, n=120):
    """Give n values in the shape of x, evenly spaced over its range and a little beyond; None for several columns."""
    if along(x) is None:
        return None
    low, high = along(x).min(), along(x).max()
    room = 0.05 * (high - low) or 1.0
    line = jnp.linspace(low - room, high + room, n)
    return line if np.ndim(x) == 1 else line[:, None]


def fitted(params, model, loss, x, y, grid=None, curve=None):
    """Compute one state: predictions, curve, loss, and words for them. `curve` is applied to the model's output.

    Raises: LearnerError if the model does not return one number a row, or the loss is not a single number.
    """
    y_pred = model(params, x)
    y_pred = jnp.asarray(y_pred if curve is None else curve(y_pred))
    check_same_shape(y, y_pred, names=("y", "model(params, x)"))
    value = loss(params, model, x, y)
    if np.ndim(value) != 0:
        raise LearnerError(
            f"The loss has shape {np.shape(value)}, but descent needs one number. Take its mean: return jnp.mean(...)."
        )
    value, y_pred = float(value), np.asarray(y_pred, float)
    line = None
    if grid is not None:
        line = model(params, grid)
        line = np.asarray(line if curve is None else curve(line), float)
    return Fitted(line, y_pred, value, describe(x, y, y_pred), trouble(y, y_pred, value))


def trouble(y, y_pred, loss):
    """Say what is wrong with these numbers, or nothing."""
    if not np.isfinite(y_pred).all():
        return (
            f"The model returns {y_pred[~np.isfinite(y_pred)][0]} for some rows: look for a division by 0 "
            "or exp of a large number."
        )
    if not np.isfinite(loss):
        why = "a log of 0: some probability is exactly 0 or 1" if is_labels(y) else "a number too large for float32"
        return f"The loss is {loss} here, probably from {why}. Move back to where it is finite."
    if is_labels(y) and (y_pred.min() < 0 or y_pred.max() > 1):
        return (
            "The model returns numbers outside 0 to 1, not probabilities. To draw them as probabilities, "
            "add curve=models.logistic."
        )
    return ""


def describe(x, y, y_pred):
    """Say in words how predictions miss: too high, too low, too steep, or how many labels are on the right side."""
    y, x = np.asarray(y, float), along(x)
    if not np.isfinite(y_pred).all():
        return "the model gives no number here"
    if is_labels(y):
        right = int(((y_pred > 0.5) == (y == 1)).sum())
        return f"{right} of {y.size} points on the right side of p = 0.5"
    miss = y - y_pred
    lift = miss.mean()
    noise = miss.std()
    if x is None or np.ptp(x) == 0:
        return (
            "too low on average"
            if lift > noise / 2
            else "too high on average"
            if lift < -noise / 2
            else "right on average"
        )
    tilt, slope = slope_of(x, miss), slope_of(x, y_pred)
    noise = (miss - lift - tilt * (x - x.mean())).std()
    near = 0.2 * noise + 0.01 * np.ptp(y)
    height = "" if abs(lift) < near else "too low" if lift > 0 else "too high"
    if abs(tilt) * x.std() < near:
        lean = ""
    elif slope * (slope + tilt) < 0 and abs(slope) * x.std() > near:
        lean = "leaning the wrong way"
    else:
        lean = "too steep" if tilt * slope < 0 else "too flat"
    faults = " and ".join(word for word in (height, lean) if word)
    if not faults and bent(x, miss):
        return "right on average, but it misses the bends"
    return f"line {faults}" if faults else "line about as near as it gets"


def bent(x, miss):
    """Tell whether neighbouring misses lie on the same side, as where a line runs through a curve (n >= 10)."""
    miss = miss[np.argsort(x, kind="stable")]
    return len(miss) >= 10 and (miss[1:] * miss[:-1]).mean() > 0.6 * (miss**2).mean() > 0


def slope_of(x, y):
    """Slope of the least-squares line through (x, y)."""
    return float(((x - x.mean()) * (y - y.mean())).mean() / x.var())
