"""What a net makes of a drawing: (state, request) -> (the same state, view), and nothing else changes."""

from typing import TypedDict

import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.panels.draw_digit.ink import SHEET, as_seen_by_net
from dl_workshop.panels.panel import numbers

SURE, UNSURE = 0.9, 0.5


class State(TypedDict):
    """Nothing: each answer is to the sheet that comes with the request."""


class Request(TypedDict, total=False):
    """What the page asks for: the sheet, one byte a pixel (none: an empty one), and what is left out on its way."""

    sheet: bytes
    no_inversion: bool
    no_centring: bool


class View(TypedDict):
    """What the page shows: what the net sees, its probabilities, the nearest training digit, and words."""

    seen: list[float] | None
    probabilities: list[float] | None
    nearest: dict | None
    small: bytes
    strong: str
    words: str


def step(state: State, request: Request, *, params, model, size, box, low, high, form, known) -> tuple[State, View]:
    """Prepare the sheet as the training digits were, and ask the net."""
    sheet = request.get("sheet") or bytes([255]) * SHEET**2
    seen = as_seen_by_net(
        sheet,
        size,
        box,
        low=low,
        high=high,
        invert=not request.get("no_inversion"),
        centre=not request.get("no_centring"),
        form=form,
    )
    return state, frame(params, model, seen, known) | {"small": smaller(sheet)}


def frame(params, model, seen, known):
    """Compute what the net makes of its input: probabilities, the nearest training digit, and words for both."""
    if seen is None:
        return {
            "seen": None,
            "probabilities": None,
            "nearest": None,
            "strong": "Draw a digit",
            "words": "with the mouse or a pen, by arrow keys and Space, or load one from the list.",
        }
    p = probabilities(model(params, jnp.asarray(seen, dtype=float).reshape(1, -1)))
    best, second = np.argsort(-p, kind="stable")[:2]
    close = None if known is None else nearest(seen, *known)
    sure = "" if p[best] >= SURE else " It is not sure." if p[best] >= UNSURE else " It does not know."
    then = f"; next comes {second} with {p[second]:.0%}" if p[second] >= 0.005 else ""
    like = f" The nearest training digit is a {close['label']}." if close else ""
    return {
        "seen": numbers(seen, 3),
        "probabilities": numbers(p),
        "nearest": close,
        "strong": f"The net says {best}",
        "words": f"with {p[best]:.0%}{then}.{sure}{like}",
    }


def probabilities(output):
    """Give one probability a class, of an output (1, k): as it is if it adds up to 1, else softmax of logits.

    Raises: LearnerError if the output is not (1, k), or not finite.
    """
    z = np.asarray(output, float)
    if z.ndim != 2 or z.shape[0] != 1 or z.shape[1] < 2:
        raise LearnerError(
            f"The model gives shape {z.shape} for one picture, but to tell digits apart it must give "
            "one number a class, (1, 10). Train a net with 10 outputs: init_mlp(key, (64, 32, 10))."
        )
    if not np.isfinite(z).all():
        raise LearnerError(
            "The model gives nan or infinite numbers for this picture. Were its params trained with "
            "too large a step size? Look at fit(...).stopped."
        )
    z = z[0]
    if z.min() >= 0 and abs(z.sum() - 1) < 1e-3:
        return z
    odds = np.exp(z - z.max())
    return odds / odds.sum()


def nearest(seen, x, y, squares):
    """Find the training digit at the smallest distance, sqrt(sum (x - seen)^2); squares are sum x^2 of each row."""
    seen = np.asarray(seen, np.float32).ravel()
    # sum (x - seen)^2 = sum x^2 - 2 x . seen + sum seen^2: one product, not a copy of all the digits.
    row = int(np.argmin(squares - 2 * (x @ seen)))
    return {
        "row": row,
        "label": f"{y[row]:g}",
        "distance": float(np.linalg.norm(x[row] - seen)),
        "pixels": numbers(x[row], 3),
    }


def smaller(sheet):
    """Give every second pixel of a sheet: enough for the static picture."""
    return np.frombuffer(sheet, np.uint8).reshape(SHEET, SHEET)[::2, ::2].tobytes()
