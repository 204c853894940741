"""The logistic curve: what w and b do to it - steepness, direction, and where its midpoint lies."""

import numpy as np
from jaxtyping import Real

from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.panels.fitted import is_labels
from dl_workshop.panels.panel import Panel, keeping, numbers
from dl_workshop.panels.sliders import round_down, round_up
from dl_workshop.types import AnyArray
from dl_workshop.validate import check_data, check_numbers

WIDTH = 10  # the picture reaches from -WIDTH to WIDTH, unless there are points to show


def logistic_curve(w: float = 1.0, b: float = 0.0, x: Real[AnyArray, " n"] | None = None,
                   y: Real[AnyArray, " n"] | None = None) -> Panel:
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

    def answer(asked):
        values = start | asked.get("values", {})
        return frame(values["w"], values["b"], low, high, x, y) | {"values": values}

    return Panel({}, keeping(answer), "logistic_curve", settings=settings, picture=picture)


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
        raise LearnerError("y holds other numbers than 0 and 1, and a probability fits only labels. "
                           "Make labels of it first, for example y = (y > 0).astype(float).")
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
    sliders = [{"name": name, "value": start[name], "min": min(-reach[name], start[name]),
                "max": max(reach[name], start[name]), "step": round_down(reach[name] / 50)} for name in start]
    grid = np.linspace(low, high, 240)
    return {"sliders": sliders, "grid": numbers(grid), "x_range": [low, high], "plain": numbers(logistic(grid)),
            "x": numbers(x), "y": numbers(y)}


def frame(w, b, low=-WIDTH, high=WIDTH, x=(), y=()):
    """Give p over the grid, midpoint (None if there is none), slope there, and words for p = 1 / (1 + e^-(wx + b))."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    shown = {"p": numbers(logistic(w * np.linspace(low, high, 240) + b)), "trouble": ""}
    fit = f" {score(w, b, x, y)}" if x.size else ""
    if w == 0:
        return shown | {"midpoint": None, "slope": 0.0, "strong": "no midpoint",
                        "words": f"w is 0, so x no longer matters: p = {logistic(b):.3g} everywhere." + fit}
    midpoint, slope = -b / w + 0.0, w / 4
    side = "LEFT" if w > 0 else "RIGHT"
    beyond = "" if low <= midpoint <= high else " (off the picture)"
    steep = "rises" if w > 0 else "falls"
    return shown | {"midpoint": midpoint, "slope": slope, "strong": f"midpoint {midpoint:.3g}",
                    "words": (f"p = 0.5 there, at x = -b/w{beyond}, and it {steep} with slope w/4 = {slope:.3g}. "
                              f"A larger b moves it {side}.") + fit}


def score(w, b, x, y):
    """Say how well the curve fits labelled points: the loss, and how many are on the side that p gives them."""
    z = w * x + b
    loss = np.mean(np.logaddexp(0, z) - y * z)
    return f"{int(((z > 0) == (y > 0)).sum())} of {len(y)} points are on the right side; loss {loss:.4g}."


def logistic(z):
    """1 / (1 + e^-z), written so that no exp overflows."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, float)))


def tangent(midpoint, slope, low, high):
    """Give both ends ((x, x), (p, p)) of a piece of the tangent at the midpoint, inside the picture."""
    half = min(0.1 * (high - low), 0.35 / max(abs(slope), 1e-9))
    return (midpoint - half, midpoint + half), (0.5 - slope * half, 0.5 + slope * half)


def picture(settings, shown):
    """Draw the same numbers with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style
    ax = style.axes(width=7.6, height=3.4)
    grid = settings["grid"]
    ax.axhline(0.5, color=COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 3)))
    if not settings["x"]:
        ax.plot(grid, settings["plain"], "--", color=COLOURS["muted"], linewidth=1, label="w = 1, b = 0")
    ax.plot(grid, shown["p"], color=COLOURS["model"], linewidth=2.6, label="yours")
    for label, mark in ((0, "o"), (1, "s")):
        x = [x for x, y in zip(settings["x"], settings["y"], strict=True) if y == label]
        ax.plot(x, [label] * len(x), mark, color=COLOURS[f"class {label}"], markersize=5, alpha=0.8)
    if shown["midpoint"] is not None:
        ends = tangent(shown["midpoint"], shown["slope"], *settings["x_range"])
        ax.plot([shown["midpoint"]] * 2, [-0.05, 0.5], color=COLOURS["data"], linestyle="--", linewidth=1.4)
        ax.plot(*ends, color=COLOURS["gradient"], linewidth=2, label="slope at the midpoint")
        ax.plot(shown["midpoint"], 0.5, "o", color=COLOURS["data"], markersize=8, markeredgecolor="white",
                label="midpoint")
    ax.set(xlabel="x", ylabel="p", xlim=settings["x_range"], ylim=(-0.05, 1.05))
    ax.set_title(shown["strong"], loc="left")
    style.legend(ax, loc="upper left")
    return ax.figure
