"""Fit by hand: a slider for every number in params, the model over the data, and where the loss has been."""

from functools import partial

import jax.numpy as jnp
from jaxtyping import Real

from dl_workshop.panels import over_data
from dl_workshop.panels.fit_by_hand.best import best_loss
from dl_workshop.panels.fit_by_hand.picture import picture
from dl_workshop.panels.fit_by_hand.recorded import plan
from dl_workshop.panels.fit_by_hand.state import start, step
from dl_workshop.panels.panel import Panel
from dl_workshop.panels.sliders import MOST_SLIDERS, reach, scalars, slider
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Curve, Loss, Model, Params
from dl_workshop.validate import check_data
from dl_workshop.validate.order import check_order


def fit_by_hand(
    params: Params,
    model: Model,
    loss: Loss,
    x: Real[AnyArray, "n *d"],
    y: Real[AnyArray, " n"],
    *,
    curve: Curve | None = None,
) -> Panel:
    """Move params by hand and watch the model, its misses and its loss.

    Works with your own `model(params, x)` and `loss(params, model, x, y)`, and any dict of params: every number gets a
    slider. With labels 0 and 1 in y it draws the probability, over two inputs as a map; if your model returns logits,
    say how they become probabilities: `curve=models.logistic`.

    Raises: LearnerError if params hold something that is no number, or x and y do not belong together.
    """
    check_order("fit_by_hand", params=params, model=model, loss=loss, x=x, y=y)
    forget_edited(model, loss)
    check_data(x, y)
    x, y = jnp.asarray(x), jnp.asarray(y)
    first = scalars(params)
    names = list(first)[:MOST_SLIDERS]
    settings = still(params, model, x, y, curve, names)
    best = best_loss(params, model, loss, x, y)
    move = partial(
        step, params=params, first=first, model=model, loss=loss, x=x, y=y, curve=curve, settings=settings, best=best
    )
    return Panel(
        start(),
        move,
        "fit_by_hand",
        settings=settings,
        picture=picture,
        functions=(model, loss, curve),
        plan=partial(plan, settings, move),
    )


def still(params, model, x, y, curve, names):
    """Compute what stands still: data, grid, ranges, sliders."""
    start = scalars(params)
    sliders = [slider(name, start[name], params, model, x, *reach(y, curve)) for name in names]
    return {
        "sliders": sliders,
        "pair": names if len(start) == 2 else None,
        "data": over_data.still_or_data(params, model, x, y, curve),
    }
