"""Where w and b are, and one move on: (state, request) -> (next state, view), and nothing else changes."""

from typing import Any, TypedDict

import numpy as np

from dl_workshop.panels.panel import numbers

WIDTH = 10  # the picture reaches from -WIDTH to WIDTH, unless there are points to show


class State(TypedDict):
    """The two numbers of p = 1 / (1 + e^-(wx + b))."""

    w: float
    b: float


class Request(TypedDict, total=False):
    """What the page asks for: where the sliders are."""

    values: State


class View(TypedDict):
    """What the page shows: p over the grid, midpoint (None if there is none) and slope there, values and words."""

    p: list[float]
    midpoint: float | None
    slope: float
    values: State
    strong: str
    words: str
    trouble: str


def step(state: State, request: Request, *, low, high, x, y) -> tuple[State, View]:
    """Move w and b, and tell what the curve is then, from x = low to high."""
    values: State = {**state, **request.get("values", {})}
    view: View = frame(values["w"], values["b"], low, high, x, y) | {"values": values}
    return values, view


def frame(w, b, low=-WIDTH, high=WIDTH, x=(), y=()) -> Any:
    """Give p over the grid, midpoint (None if there is none), slope there, and words for p = 1 / (1 + e^-(wx + b))."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    shown = {"p": numbers(logistic(w * np.linspace(low, high, 240) + b)), "trouble": ""}
    fit = f" {score(w, b, x, y)}" if x.size else ""
    if w == 0:
        return shown | {
            "midpoint": None,
            "slope": 0.0,
            "strong": "no midpoint",
            "words": f"w is 0, so x no longer matters: p = {logistic(b):.3g} everywhere." + fit,
        }
    midpoint, slope = -b / w + 0.0, w / 4
    side = "LEFT" if w > 0 else "RIGHT"
    beyond = "" if low <= midpoint <= high else " (off the picture)"
    steep = "rises" if w > 0 else "falls"
    return shown | {
        "midpoint": midpoint,
        "slope": slope,
        "strong": f"midpoint {midpoint:.3g}",
        "words": (
            f"p = 0.5 there, at x = -b/w{beyond}, and it {steep} with slope w/4 = {slope:.3g}. "
            f"A larger b moves it {side}."
        )
        + fit,
    }


def score(w, b, x, y):
    """Say how well the curve fits labelled points: the loss, and how many are on the side that p gives them."""
    z = w * x + b
    loss = np.mean(np.logaddexp(0, z) - y * z)
    return f"{int(((z > 0) == (y > 0)).sum())} of {len(y)} points are on the right side; loss {loss:.4g}."


def logistic(z):
    """1 / (1 + e^-z), written so that no exp overflows."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, float)))
