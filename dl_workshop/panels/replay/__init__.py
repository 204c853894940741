"""Replay: scrub through a training, and see model, loss and weights as they were at every step."""

from functools import partial
from math import ceil

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Real

from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.panels import over_data
from dl_workshop.panels.panel import Panel, numbers
from dl_workshop.panels.replay.picture import picture
from dl_workshop.panels.replay.recorded import plan
from dl_workshop.panels.replay.state import params_at, step
from dl_workshop.panels.replay.weights import still_weights
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.training.fit import Fit
from dl_workshop.training.sweeps import EarlyFit
from dl_workshop.types import AnyArray, Curve, Loss, Model
from dl_workshop.validate.order import check_order
from dl_workshop.validate.rows import as_arrays, check_rows, take

MOST_ROWS = 300  # of the path
MOST_LOSSES = 1000  # points of the loss curve
MOST_POINTS = 2000  # rows of x and y


def replay(
    fitted: Fit | EarlyFit,
    model: Model,
    x: Real[AnyArray, "n *d"],
    y: Real[AnyArray, " n"],
    *,
    loss: Loss | None = None,
    curve: Curve | None = None,
) -> Panel:
    """Scrub through a training, `fitted = fit(...)`: the model over its data, the loss, and every weight at every step.

    Works with your own model. With `loss` the loss on these x and y is computed too: pass the test data to see how that
    went. `curve` turns the model's output into what y is: `curve=models.logistic` for a model that returns logits. A
    model with a number for every class is drawn by its largest.

    Raises: LearnerError if `fitted` is not what fit gives, or the model fails on x.
    """
    check_order("replay", fitted=fitted, model=model, x=x, y=y)
    forget_edited(model)
    check_rows(x, y)
    path, steps, losses = parts(fitted)
    every = ceil(len(y) / MOST_POINTS)
    x, y = take(as_arrays(x, y), slice(None, None, every)), jnp.asarray(y)[::every]
    last = len(steps) - 1
    try:
        data = over_data.still(params_at(path, last), model, x, y, curve)
    except Exception as error:
        raise explain_error(error, [model, curve], "drawing the model over x") from None
    settings = {
        "data": data,
        "steps": steps.tolist(),
        "losses": loss_curve(losses),
        "weights": still_weights(path),
        "stopped": fitted.stopped or "",
        "part": "" if every == 1 else f"; every {every}th point of x, y",
    }
    move = partial(step, path=path, losses=losses, model=model, loss=loss, x=x, y=y, curve=curve, settings=settings)
    return Panel(
        {"row": last},
        move,
        "replay",
        settings=settings,
        picture=picture,
        functions=(model, loss, curve),
        plan=partial(plan, settings, move),
    )


def parts(fitted):
    """Give path, steps and losses of what fit returned, at most MOST_ROWS rows of the path.

    Raises: LearnerError if it is something else.
    """
    if not all(hasattr(fitted, name) for name in ("path", "steps", "losses", "stopped")):
        raise LearnerError(
            f"replay needs all that fit gives, but got {type(fitted).__name__}. Write fitted = "
            "fit(...), then panels.replay(fitted, model, x, y): fitted, not fitted.params."
        )
    steps, losses = np.asarray(fitted.steps), np.asarray(fitted.losses, float)
    kept = np.unique(np.linspace(0, len(steps) - 1, min(len(steps), MOST_ROWS)).round().astype(int))
    return jax.tree.map(lambda leaf: np.asarray(leaf)[kept], fitted.path), steps[kept], losses


def loss_curve(losses):
    """Give the loss curve with at most MOST_LOSSES points: of every stretch the first, the lowest and the highest."""
    at = np.arange(len(losses))
    if len(losses) > MOST_LOSSES:
        stretches = np.array_split(at, MOST_LOSSES // 3)
        at = np.unique(
            [
                place
                for part in stretches
                for place in (part[0], part[np.argmin(losses[part])], part[np.argmax(losses[part])])
            ]
            + [len(losses) - 1]
        )
    return {"steps": at.tolist(), "values": numbers(losses[at])}
