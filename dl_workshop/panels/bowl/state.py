"""Where the walk over the bowl is, and one move on: (state, request) -> (next state, view), nothing else changes."""

from typing import TypedDict

import numpy as np

from dl_workshop.panels import over_data
from dl_workshop.panels.over_data import number
from dl_workshop.panels.panel import numbers
from dl_workshop.panels.sliders import slopes, with_values

REMEMBERED = 400  # points of a descent
PAUSE = 0.06  # seconds between two frames of a play


class State(TypedDict):
    """The points of the descent so far, {name: value} each, its steps, and its last step size; the descents before it.

    row: where on the training's path we are; None off it.
    """

    trail: list[dict[str, float]]
    taken: int
    row: int | None
    step_size: float | None
    earlier: list[dict]


class Request(TypedDict, total=False):
    """What the page asks for.

    act: "place" at `values`, "scrub" to the `row` of the path, "step" against the gradient, "back" to where the descent
    began, "clear" the trails, "play" and "pause", or "tick" where the next frame of a play is due.
    playing: "down" against the gradient or "follow" the path; None if neither.
    """

    act: str | None
    values: dict[str, float]
    row: int
    step_size: float
    playing: str | None


class View(TypedDict, total=False):
    """What the page shows: what over_data.frame gives, the place, its trail, earlier descents, and words."""

    values: dict[str, float]
    trail: list[list[float | None]]
    row: int | None
    earlier: list[dict]
    playing: str | None
    strong: str
    words: str
    trouble: str
    again: float


def start(values, row=None) -> State:
    """Give the state before the first move: at `values`, which may be a row of the path."""
    return {"trail": [values], "taken": 0, "row": row, "step_size": None, "earlier": []}


def step(state: State, request: Request, *, params, model, loss, x, y, curve, settings, view) -> tuple[State, View]:
    """Move as asked, and tell what the point reached means over the data. view: the ranges that the map shows."""
    state, trouble = moved(state, request, settings, lambda values: slopes(params, model, loss, x, y, values))
    values = state["trail"][-1]
    shown = over_data.frame(with_values(params, values), model, loss, x, y, curve, settings["data"])
    trouble = trouble or shown["trouble"]
    playing = request.get("playing") if not trouble else None
    if playing == "follow" and state["row"] in (None, len(settings["path"]) - 1):
        playing = None
    shown |= {
        "strong": f"loss {'no number' if shown['loss'] is None else number(shown['loss'])}",
        "words": f"{where(state, settings['steps'], values, view)}; {shown['words']}",
        "trouble": trouble,
        "trail": [numbers(list(point.values())) for point in state["trail"]],
        "row": state["row"],
        "earlier": state["earlier"],
        "values": values,
        "playing": playing,
    }
    return state, shown | ({"again": PAUSE} if playing else {})


def moved(state, request, settings, slope):
    """Give (the state after a move, trouble in words if there is any)."""
    act, playing, last = request.get("act"), request.get("playing"), len(settings["path"]) - 1
    if act == "place":
        return begun(state, {name: float(request["values"][name]) for name in settings["names"]}), ""
    if act == "back":
        return begun(state, state["trail"][0]), ""
    if act == "clear":
        return state | {"trail": state["trail"][-1:], "taken": 0, "earlier": []}, ""
    if last >= 0 and (act == "scrub" or playing == "follow" and act in ("play", "tick")):
        row = state["row"] if state["row"] is not None else last
        row = int(request["row"]) if act == "scrub" else row + 1 if act == "tick" else 0 if row == last else row
        row = min(max(row, 0), last)
        point = [np.nan if value is None else value for value in settings["path"][row]]
        return begun(state, dict(zip(settings["names"], point, strict=True)), row), ""
    if act == "step" or act == "tick" and playing == "down":
        return stepped(state, request.get("step_size", settings["step_size"]), slope)
    return state, ""


def begun(state, values, row=None):
    """Start anew from `values`; the last descent, if there was one, stays on the map, with its step size."""
    earlier = state["earlier"]
    if state["taken"]:
        last = {"points": [numbers(list(point.values())) for point in state["trail"]], "step_size": state["step_size"]}
        earlier = [*earlier[-2:], last]
    return state | {"trail": [values], "taken": 0, "row": row, "earlier": earlier}


def stepped(state, step_size, slope):
    """Take one step against the slope, params <- params - step_size * slope; trouble if it leads nowhere."""
    values = state["trail"][-1]
    grads = slope(values)
    there = {name: values[name] - step_size * grads[name] for name in values}
    if not (np.abs(list(there.values())) < np.finfo(np.float32).max).all():  # nan is not below it either
        return state, (
            f"Step {state['taken'] + 1} with step_size={number(step_size)} leads to no number. Go back to "
            f"the start and try {number(step_size / 10)}."
        )
    trail = [*state["trail"][:1], *[*state["trail"][1:], there][-REMEMBERED:]]
    return state | {"trail": trail, "taken": state["taken"] + 1, "row": None, "step_size": step_size}, ""


def where(state, steps, values, view):
    """Say where the walk has got to."""
    at = ", ".join(f"{name} = {number(value)}" for name, value in values.items())
    inside = all(low <= value <= high for value, (low, high) in zip(values.values(), view, strict=True))
    how = (
        f"step {steps[state['row']]} of the path"
        if state["row"] is not None
        else f"{state['taken']} step{'s' if state['taken'] != 1 else ''} down"
    )
    return f"{how}, at {at}" + ("" if inside else ", off this map")
