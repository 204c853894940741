"""Which step of a training is shown, and one move on: (state, request) -> (next state, view), nothing else changes."""

from math import ceil
from typing import TypedDict

import jax
import jax.numpy as jnp

from dl_workshop.panels import over_data
from dl_workshop.panels.over_data import number
from dl_workshop.panels.replay.weights import weights

MOST_FRAMES = 120  # of a play
PAUSE = 0.06  # seconds between two frames of a play


class State(TypedDict):
    """The row of the path that is shown."""

    row: int


class Request(TypedDict, total=False):
    """What the page asks for. act: "seek" the `row`, "play", "pause", or "tick" where the next frame is due."""

    act: str | None
    row: int
    playing: bool


class View(TypedDict, total=False):
    """What the page shows: what over_data.frame gives, the row, the loss that training saw there, weights and words."""

    row: int
    told: float | None
    weights: list[bytes | list[int]]
    playing: bool
    strong: str
    words: str
    trouble: str
    again: float


def step(state: State, request: Request, *, path, losses, model, loss, x, y, curve, settings) -> tuple[State, View]:
    """Go to the row asked for, or on by a frame, and tell how model, loss and weights were there."""
    act, row, steps = request.get("act"), state["row"], settings["steps"]
    last = len(steps) - 1
    if act == "seek":
        row = min(max(int(request["row"]), 0), last)
    elif act == "play" and row == last:
        row = 0
    elif act == "tick":
        row = min(row + ceil(len(steps) / MOST_FRAMES), last)
    view = over_data.frame(params_at(path, row), model, loss, x, y, curve, settings["data"])
    told = loss_before(losses, steps[row])
    playing = bool(request.get("playing")) and row < last and not view["trouble"]
    view |= {
        "row": row,
        "playing": playing,
        "strong": f"step {steps[row]}",
        "told": told,
        "weights": weights(path, row, settings["weights"]),
        "words": said(told, view, loss) + view["words"] + settings["part"],
    }
    return {"row": row}, view | ({"again": PAUSE} if playing else {})


def params_at(path, row):
    """Give the params at a row of the path."""
    return jax.tree.map(lambda leaf: jnp.asarray(leaf[row]), path)


def loss_before(losses, step):
    """Give the loss that training saw before a step; None after the last one, where it saw none."""
    return float(losses[step]) if step < len(losses) else None


def said(told, shown, loss):
    """Say what the loss was in training, and what it is on the data that are shown."""
    parts = [f"training saw loss {number(told)} here"] if told is not None else ["the last step is done"]
    if loss is not None:
        parts.append("loss on the data shown " + ("no number" if shown["loss"] is None else number(shown["loss"])))
    return "; ".join(parts) + "; "
