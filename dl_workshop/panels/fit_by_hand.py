"""Fit by hand: a slider for every number in params, the model over the data, and where the loss has been."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Real

from dl_workshop.display.palette import COLOURS
from dl_workshop.panels import over_data
from dl_workshop.panels.over_data import number
from dl_workshop.panels.panel import Panel, keeping, numbers
from dl_workshop.panels.sliders import MOST_SLIDERS, reach, scalars, slider, with_values
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Curve, Loss, Model, Params
from dl_workshop.validate import check_data
from dl_workshop.validate.order import check_order

REMEMBERED = 300  # moves


def fit_by_hand(params: Params, model: Model, loss: Loss, x: Real[AnyArray, "n *d"], y: Real[AnyArray, " n"], *,
                curve: Curve | None = None) -> Panel:
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
    start = scalars(params)
    names = list(start)[:MOST_SLIDERS]
    settings = still(params, model, x, y, curve, names)
    best = best_loss(params, model, loss, x, y)
    visited, losses = [], []

    def answer(asked):
        act, note = asked.get("act"), ""
        if act == "reset":
            visited.clear()
            losses.clear()
        values = start | {name: float(value) for name, value in asked.get("values", {}).items() if act != "reset"}
        if act == "step":
            before, values = values, one_step(params, model, loss, x, y, values, names)
            note = "; no step from here lowers the loss" if values == before else ""
        shown = over_data.frame(with_values(params, values), model, loss, x, y, curve, settings["data"])
        if not visited or visited[-1] != values:
            visited.append(values)
            losses.append(shown["loss"])
            del visited[:-REMEMBERED], losses[:-REMEMBERED]
        if asked.get("gradient"):
            slope = slopes(params, model, loss, x, y, values)
            note += "; gradient " + ", ".join(f"{name} {number(slope[name], 3)}" for name in names[:3])
            shown["slope"] = arrow(slope, values, settings) if settings["pair"] else None
        if len(names) < len(start):
            note += f"; params holds {len(start)} numbers: {len(names)} have a slider, the rest stay as they are"
        return shown | {"strong": f"loss {'no number' if shown['loss'] is None else number(shown['loss'])}",
                        "values": values, "placed": act is not None, "losses": numbers(losses), "best": best,
                        "trace": [[place[name] for name in names] for place in visited] if settings["pair"] else [],
                        "words": shown["words"] + score(shown["loss"], best) + note}

    return Panel({}, keeping(answer), "fit_by_hand", settings=settings, picture=picture, functions=(model, loss, curve))


def still(params, model, x, y, curve, names):
    """Compute what stands still: data, grid, ranges, sliders."""
    start = scalars(params)
    sliders = [slider(name, start[name], params, model, x, *reach(y, curve)) for name in names]
    return {"sliders": sliders, "pair": names if len(start) == 2 else None,
            "data": over_data.still_or_data(params, model, x, y, curve)}


def slopes(params, model, loss, x, y, values):
    """Compute the gradient of the loss with respect to every number, under its name."""
    grads = jax.grad(loss)(jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype=float), with_values(params, values)),
                           model, x, y)
    return scalars(grads)


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


def best_loss(params, model, loss, x, y, n_steps=200):
    """Find the lowest loss nearby, to say how near a guess is; None where the learner's functions do not allow it."""
    from jax.flatten_util import ravel_pytree
    from scipy.optimize import minimize
    try:
        flat, back = ravel_pytree(jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype=float), params))
        both = jax.jit(jax.value_and_grad(lambda flat: loss(back(flat), model, x, y)))
        found = minimize(lambda p: [np.asarray(part, float) for part in both(jnp.asarray(p, flat.dtype))],
                         np.asarray(flat, float), jac=True, method="L-BFGS-B", options={"maxiter": n_steps})
        return float(found.fun) if np.isfinite(found.fun) else None
    except Exception:  # the first drawing will say in words what is wrong with these functions
        return None


def score(loss, best):
    """Say how near a loss is to the best one."""
    if loss is None or best is None:
        return ""
    if loss <= best * 1.02 + 1e-6:
        return f"; as good as the best, {best if best > 1e-6 else 0:.3g}"
    return f"; the best is {best if best > 1e-6 else 0:.3g}, so {loss - best:.3g} to go"


def picture(settings, shown):
    """Draw the same numbers with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style
    fig, ((ax, side),) = style.panels(1, 2, width=9.0, height=3.6, width_ratios=(1.7, 1))
    over_data.draw(ax, settings["data"], shown).set_title(shown["strong"], loc="left")
    side.plot(np.array(shown["losses"], float), color=COLOURS["loss"], marker="o", markersize=3)
    side.set(xlabel="move", ylabel="loss")
    return fig
