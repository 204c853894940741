"""The logistic curve: what w and b do to it - steepness, direction, and where its midpoint lies."""

from functools import partial

import numpy as np
from jaxtyping import Real

from dl_workshop.errors import LearnerError
from dl_workshop.panels.fitted import is_labels
from dl_workshop.panels.logistic_curve.picture import picture
from dl_workshop.panels.logistic_curve.recorded import plan
from dl_workshop.panels.logistic_curve.state import WIDTH, logistic, step
from dl_workshop.panels.panel import Panel, numbers
from dl_workshop.panels.sliders import round_down, round_up
from dl_workshop.types import AnyArray
from dl_workshop.validate import check_data, check_numbers


def logistic_curve(
    w: float = 1.0, b: float = 0.0, x: Real[AnyArray, " n"] | None = None, y: Real[AnyArray, " n"] | None = None
) -> Panel:
    """Move w and b of p = 1 / (1 + e^-(wx + b)) and watch its midpoint -b/w and its slope there, w/4.

    With inputs x and labels y (0 and 1) the points are drawn too, and the loss says how well the curve fits them.
    Raises: LearnerError if x and y do not belong together, or y holds anything but 0 and 1.
    """
    x, y = points(x, y)
    check_numbers("w", w)
    check_numbers("b", b)
    start = {"w": float(w), "b": float(b)}
    low, high = stretch(x)
    settings = still(start, x, y, low, high)
    return Panel(
        start,
        partial(step, low=low, high=high, x=x, y=y),
        "logistic_curve",
        settings=settings,
        picture=picture,
        plan=partial(plan, settings),
    )


def points(x, y):
    """Give x and y as arrays, empty if there are none.

    Raises: LearnerError if they do not belong together, or are no labelled points on one axis.
    """
    if x is None and y is None:
        return np.zeros(0), np.zeros(0)
    if x is None or y is None:
        raise LearnerError("Points need both: logistic_curve(x=x, y=y) with inputs x and labels y.")
    check_data(x, y)
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.ndim == 2 and x.shape[1] == 1:
        x = x[:, 0]
    if x.ndim != 1 or y.ndim != 1:
        raise LearnerError(f"x has shape {x.shape} and y {y.shape}: one curve has one input. Choose a column: x[:, 0].")
    if not is_labels(y):
        raise LearnerError(
            "y holds other numbers than 0 and 1, and a probability fits only labels. "
            "Make labels of it first, for example y = (y > 0).astype(float)."
        )
    return x, y


def stretch(x):
    """Choose the stretch of x to show: the points with room beside them, or from -WIDTH to WIDTH."""
    if not x.size:
        return -WIDTH, WIDTH
    room = 0.15 * np.ptp(x) or 1.0
    return float(x.min() - room), float(x.max() + room)


def still(start, x, y, low, high):
    """Compute what stands still: the grid, the points, and sliders wide enough to bring the midpoint anywhere."""
    steep = round_up(10 * WIDTH / (high - low))
    reach = {"w": steep, "b": WIDTH if not x.size else round_up(WIDTH + steep * abs(low + high) / 2)}
    sliders = [
        {
            "name": name,
            "value": start[name],
            "min": min(-reach[name], start[name]),
            "max": max(reach[name], start[name]),
            "step": round_down(reach[name] / 50),
        }
        for name in start
    ]
    grid = np.linspace(low, high, 240)
    return {
        "sliders": sliders,
        "grid": numbers(grid),
        "x_range": [low, high],
        "plain": numbers(logistic(grid)),
        "x": numbers(x),
        "y": numbers(y),
    }
