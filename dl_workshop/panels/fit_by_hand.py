"""Fit by hand: a slider for every number in params, the model over the data, and where the loss has been."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.panels.fitted import along, fitted, grid_over, is_labels
from dl_workshop.panels.panel import Panel, numbers
from dl_workshop.panels.sliders import MOST_SLIDERS, reach, scalars, slider, with_values
from dl_workshop.shapes import check_data

REMEMBERED = 300  # moves
SIDE = 60         # rows and columns of a map over two inputs


def fit_by_hand(params, model, loss, x, y, *, curve=None):
    """Move params by hand and watch the model, its misses and its loss.

    Works with your own `model(params, x)` and `loss(params, model, x, y)`, and any dict of params: every number gets a
    slider. With labels 0 and 1 in y it draws the probability, over two inputs as a map; if your model returns logits,
    say how they become probabilities: `curve=models.logistic`.

    Raises: LearnerError if params hold something that is no number, or x and y do not belong together.
    """
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
        shown = frame(params, model, loss, x, y, curve, values, settings)
        if not visited or visited[-1] != values:
            visited.append(values)
            losses.append(shown["loss"])
            del visited[:-REMEMBERED], losses[:-REMEMBERED]
        if asked.get("gradient"):
            slope = slopes(params, model, loss, x, y, values)
            note += "; gradient " + ", ".join(f"{name} {slope[name]:.3g}" for name in names[:3])
            shown["slope"] = arrow(slope, values, settings) if settings["pair"] else None
        if len(names) < len(start):
            note += f"; params holds {len(start)} numbers: {len(names)} have a slider, the rest stay as they are"
        return shown | {"values": values, "placed": act is not None, "losses": numbers(losses), "best": best,
                        "trace": [[place[name] for name in names] for place in visited] if settings["pair"] else [],
                        "words": shown["words"] + score(shown["loss"], best) + note}

    return Panel("fit_by_hand", settings, answer, picture, functions=(model, loss, curve))


def still(params, model, x, y, curve, names):
    """Compute what stands still: data, grid, ranges, sliders."""
    start = scalars(params)
    sliders = [slider(name, start[name], params, model, x, *reach(y, curve)) for name in names]
    flat = x.ndim == 2 and x.shape[1] == 2
    at, rows = along(x), np.arange(1, len(y) + 1)
    settings = {"sliders": sliders, "pair": names if len(start) == 2 else None, "flat": flat, "side": SIDE,
                "over": "x" if at is not None else "row", "ends": [[one["min"], one["max"]] for one in sliders],
                "data": {"x": numbers(x[:, 0] if flat else rows if at is None else at), "y": numbers(y),
                         "x2": numbers(x[:, 1]) if flat else None, "labels": is_labels(y)}}
    data = settings["data"]
    settings["x_range"] = room(data["x"], 0.05)
    settings["y_range"] = room(data["x2"], 0.05) if flat else room(data["y"], 0.35)
    settings["grid"] = None if grid_over(x) is None else numbers(along(grid_over(x)))
    return settings


def frame(params, model, loss, x, y, curve, values, settings):
    """Compute one state: curve or map, predictions, loss, and words for them."""
    grid = plane(settings) if settings["flat"] else grid_over(x)
    state = fitted(with_values(params, values), model, loss, x, y, grid, curve)
    shown = {"loss": state.loss if np.isfinite(state.loss) else None, "strong": f"loss {state.loss:.4g}",
             "y_pred": numbers(state.y_pred), "words": state.words, "trouble": state.trouble, "curve": None}
    if settings["flat"]:
        low, high = (0, 1) if settings["data"]["labels"] else room(settings["data"]["y"], 0)
        tint = np.nan_to_num((state.curve - low) / (high - low))
        return shown | {"field": (255 * np.clip(tint, 0, 1)).astype(np.uint8).tobytes()}
    return shown | {"curve": None if state.curve is None else numbers(state.curve)}


def plane(settings):
    """Give the points of a SIDE by SIDE grid over two inputs, row by row from low x2 to high."""
    x1, x2 = np.meshgrid(np.linspace(*settings["x_range"], SIDE), np.linspace(*settings["y_range"], SIDE))
    return jnp.asarray(np.stack([x1.ravel(), x2.ravel()], axis=1), dtype=float)


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
    wide, high = (np.ptp(ends) for ends in settings["ends"])
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


def room(values, share):
    """Give limits around values with a share of their range to spare."""
    values = np.array([value for value in values if value is not None])
    more = share * (np.ptp(values) or 1.0)
    return [float(values.min() - more), float(values.max() + more)]


def picture(settings, shown):
    """Draw the same numbers with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style
    data = settings["data"]
    fig, ((ax, side),) = style.panels(1, 2, width=9.0, height=3.6, width_ratios=(1.7, 1))
    colours = [style.COLOURS["class 1" if label else "class 0"] for label in data["y"]] if data["labels"] else \
        style.COLOURS["data"]
    if settings["flat"]:
        field = np.frombuffer(shown["field"], np.uint8).reshape(SIDE, SIDE) / 255
        ax.imshow(field, origin="lower", extent=(*settings["x_range"], *settings["y_range"]), aspect="auto", alpha=0.5,
                  cmap=style.diverging(), vmin=0, vmax=1)
        ax.scatter(data["x"], data["x2"], c=colours, s=14, edgecolor="white", linewidth=0.5)
    else:
        y_pred = np.array(shown["y_pred"], float)
        ax.vlines(data["x"], data["y"], y_pred, color=style.COLOURS["residual"], linewidth=1, alpha=0.6)
        ax.scatter(data["x"], data["y"], c=colours, s=12)
        if shown["curve"]:
            ax.plot(settings["grid"], np.array(shown["curve"], float), color=style.COLOURS["model"], linewidth=2.4)
        ax.set(ylim=(-0.08, 1.08) if data["labels"] else settings["y_range"])
    ax.set(xlabel="x1" if settings["flat"] else settings["over"], ylabel="x2" if settings["flat"] else "y",
           xlim=settings["x_range"])
    ax.set_title(shown["strong"], loc="left")
    side.plot(np.array(shown["losses"], float), color=style.COLOURS["loss"], marker="o", markersize=3)
    side.set(xlabel="move", ylabel="loss")
    return fig


