"""Where the sliders have been, and one move on: (state, request) -> (next state, view), and nothing else changes."""

from typing import TypedDict

import numpy as np

from dl_workshop.panels import over_data
from dl_workshop.panels.fit_by_hand.best import score
from dl_workshop.panels.over_data import number
from dl_workshop.panels.panel import numbers
from dl_workshop.panels.sliders import slopes, with_values

REMEMBERED = 300  # moves


class State(TypedDict):
    """The places visited, {name: value} each, and the loss at each; the last ones."""

    visited: list[dict[str, float]]
    losses: list[float | None]


class Request(TypedDict, total=False):
    """What the page asks for. values: where the sliders are.  gradient: whether to show it.

    act: "step" against the gradient, "reset" to where the sliders started; None for a slider that moved.
    """

    values: dict[str, float]
    gradient: bool
    act: str | None


class View(TypedDict, total=False):
    """What the page shows: what over_data.frame gives, the values, the places and losses so far, and words."""

    values: dict[str, float]
    placed: bool
    losses: list[float | None]
    trace: list[list[float]]
    slope: list[float | None] | None
    best: float | None
    strong: str
    words: str
    trouble: str


def start() -> State:
    """Give the state before the first move."""
    return {"visited": [], "losses": []}


def step(
    state: State, request: Request, *, params, first, model, loss, x, y, curve, settings, best
) -> tuple[State, View]:
    """Move to the values asked for, or a step on from them, and tell how the model fits there.

    first: every number in params under its name, where the sliders started.
    """
    act, note, names = request.get("act"), "", [one["name"] for one in settings["sliders"]]
    visited, losses = ([], []) if act == "reset" else (state["visited"], state["losses"])
    values = first | {name: float(value) for name, value in request.get("values", {}).items() if act != "reset"}
    if act == "step":
        before, values = values, one_step(params, model, loss, x, y, values, names)
        note = "; no step from here lowers the loss" if values == before else ""
    view = over_data.frame(with_values(params, values), model, loss, x, y, curve, settings["data"])
    if not visited or visited[-1] != values:
        visited = [*visited, values][-REMEMBERED:]
        losses = [*losses, view["loss"]][-REMEMBERED:]
    if request.get("gradient"):
        slope = slopes(params, model, loss, x, y, values)
        note += "; gradient " + ", ".join(f"{name} {number(slope[name], 3)}" for name in names[:3])
        view["slope"] = arrow(slope, values, settings) if settings["pair"] else None
    if len(names) < len(values):
        note += f"; params holds {len(values)} numbers: {len(names)} have a slider, the rest stay as they are"
    return State(visited=visited, losses=losses), view | {
        "strong": f"loss {'no number' if view['loss'] is None else number(view['loss'])}",
        "values": values,
        "placed": act is not None,
        "losses": numbers(losses),
        "best": best,
        "trace": [[place[name] for name in names] for place in visited] if settings["pair"] else [],
        "words": view["words"] + score(view["loss"], best) + note,
    }


def one_step(params, model, loss, x, y, values, names):
    """Take one step against the gradient, halved until the loss falls by half of what the slope promises (Armijo)."""
    slope = slopes(params, model, loss, x, y, values)
    here = float(loss(with_values(params, values), model, x, y))
    step_size = 1.0
    while step_size > 1e-8:
        there = values | {name: values[name] - step_size * slope[name] for name in names}
        promised = step_size * sum(slope[name] ** 2 for name in names)
        if float(loss(with_values(params, there), model, x, y)) < here - promised / 2:
            return there
        step_size /= 2
    return values


def arrow(slope, values, settings):
    """Give the end of an arrow downhill in (w, b), a quarter of the map long; None without a slope."""
    wide, high = (one["max"] - one["min"] for one in settings["sliders"])
    (a, b), down = settings["pair"], np.array([-slope[name] for name in settings["pair"]])
    length = np.hypot(*(down / [wide, high]))
    if not np.isfinite(length) or length == 0:
        return None
    return numbers([values[a] + 0.25 * down[0] / length, values[b] + 0.25 * down[1] / length])
