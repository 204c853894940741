"""Loss bowl: the loss over two numbers as a map and as a surface, paths down it, and what each point means."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Int

from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.panels import over_data
from dl_workshop.panels.fit_by_hand import slopes
from dl_workshop.panels.landscape import good_step_size, limits, surface, surface_settings, worth_seeing
from dl_workshop.panels.over_data import number
from dl_workshop.panels.panel import Panel, keeping, numbers
from dl_workshop.panels.sliders import entry_name, scalars, with_values
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Curve, Loss, Model, ParamPath, Params, Rows, Targets
from dl_workshop.validate.order import check_order
from dl_workshop.validate.rows import as_arrays, check_rows

MOST_ROWS = 300    # of a path
REMEMBERED = 400   # points of a descent
PAUSE = 0.06       # seconds between two frames of a play


def bowl(params: Params, model: Model, loss: Loss, x: Rows, y: Targets, path: ParamPath | None = None, *,
         steps: Int[AnyArray, " n_points"] | None = None, curve: Curve | None = None) -> Panel:
    """Show the loss over both numbers in params: walk down it from anywhere, or scrub along a path through it.

    Works with your own model and loss. Click the map, or move the sliders, to choose where to start; take steps against
    the gradient, with a step size that may change on the way.
    `path` is what `fit(...)` returns as `.path`: a tree like params with one row for every point; `steps` numbers the
    rows (`fitted.steps`). `curve` is as in fit_by_hand.

    Raises: LearnerError if params do not hold exactly two numbers, path does not look like params, or your model or
        loss fail everywhere around it.
    """
    check_order("bowl", params=params, model=model, loss=loss, x=x, y=y)
    forget_edited(model, loss)
    check_rows(x, y)
    x, y = as_arrays(x, y), jnp.asarray(y)
    start = scalars(params)
    if len(start) != 2:
        raise LearnerError(f"params holds {len(start)} numbers, but a bowl has two: one across, one along. "
                           "Show it for a line, params = dict(w=..., b=...).")
    names = list(start)
    points, steps = thinned(path, steps, params, names)

    def loss_at(a, b):
        return loss(with_values(params, dict(zip(names, (a, b), strict=True))), model, x, y)

    first = np.array(list(start.values()))
    try:
        view = limits(worth_seeing(loss_at, points if len(points) else first[None]))
        settings = {"names": names, **surface_settings(*surface(loss_at, *view)), "data": over_data.still(
            params, model, x, y, curve), "path": [numbers(row) for row in points], "steps": steps,
            "step_size": good_step_size(loss_at, first)}
    except Exception as error:
        raise explain_error(error, [model, loss, curve], "computing the loss over a grid") from None

    here = start if not len(points) else dict(zip(names, points[-1].tolist(), strict=True))
    walk = {"trail": [here], "taken": 0, "row": len(points) - 1 if len(points) else None, "earlier": []}

    def answer(asked):
        trouble = move(walk, asked, settings, lambda values: slopes(params, model, loss, x, y, values))
        values = walk["trail"][-1]
        shown = over_data.frame(with_values(params, values), model, loss, x, y, curve, settings["data"])
        trouble = trouble or shown["trouble"]
        playing = asked.get("playing") if not trouble else None
        if playing == "follow" and walk["row"] in (None, len(points) - 1):
            playing = None
        shown |= {"strong": f"loss {'no number' if shown['loss'] is None else number(shown['loss'])}",
                  "words": f"{where(walk, steps, values, view)}; {shown['words']}", "trouble": trouble,
                  "trail": [numbers(list(point.values())) for point in walk["trail"]], "row": walk["row"],
                  "earlier": walk["earlier"], "values": values, "playing": playing}
        return shown | ({"again": PAUSE} if playing else {})

    return Panel({}, keeping(answer), "bowl", settings=settings, picture=picture, functions=(model, loss, curve))


def move(walk, asked, settings, slope):
    """Change where the walk has got to, as asked; give trouble in words, if there is any."""
    act, playing, last = asked.get("act"), asked.get("playing"), len(settings["path"]) - 1
    step_size = asked.get("step_size", settings["step_size"])
    if act == "place":
        begin(walk, {name: float(asked["values"][name]) for name in settings["names"]})
    elif act == "back":
        begin(walk, walk["trail"][0])
    elif act == "clear":
        walk.update(trail=walk["trail"][-1:], taken=0, earlier=[])
    elif last >= 0 and (act == "scrub" or playing == "follow" and act in ("play", "tick")):
        row = walk["row"] if walk["row"] is not None else last
        row = int(asked["row"]) if act == "scrub" else row + 1 if act == "tick" else 0 if row == last else row
        row = min(max(row, 0), last)
        point = [np.nan if value is None else value for value in settings["path"][row]]
        begin(walk, dict(zip(settings["names"], point, strict=True)), row)
    elif act == "step" or act == "tick" and playing == "down":
        return step(walk, step_size, slope)
    return ""


def begin(walk, values, row=None):
    """Start anew from `values`; the last descent, if there was one, stays on the map, with its step size."""
    if walk["taken"]:
        earlier = {"points": [numbers(list(point.values())) for point in walk["trail"]], "step_size": walk["step_size"]}
        walk["earlier"] = [*walk["earlier"][-2:], earlier]
    walk.update(trail=[values], taken=0, row=row)


def step(walk, step_size, slope):
    """Take one step against the slope, params <- params - step_size * slope; give trouble if it leads nowhere."""
    values = walk["trail"][-1]
    grads = slope(values)
    there = {name: values[name] - step_size * grads[name] for name in values}
    if not (np.abs(list(there.values())) < np.finfo(np.float32).max).all():  # nan is not below it either
        return (f"Step {walk['taken'] + 1} with step_size={number(step_size)} leads to no number. Go back to the start "
                f"and try {number(step_size / 10)}.")
    walk["trail"] = [*walk["trail"][:1], *[*walk["trail"][1:], there][-REMEMBERED:]]
    walk.update(taken=walk["taken"] + 1, row=None, step_size=step_size)
    return ""


def where(walk, steps, values, view):
    """Say where the walk has got to."""
    at = ", ".join(f"{name} = {number(value)}" for name, value in values.items())
    inside = all(low <= value <= high for value, (low, high) in zip(values.values(), view, strict=True))
    how = f"step {steps[walk['row']]} of the path" if walk["row"] is not None else \
        f"{walk['taken']} step{'s' if walk['taken'] != 1 else ''} down"
    return f"{how}, at {at}" + ("" if inside else ", off this map")


def thinned(path, steps, params, names):
    """Give at most MOST_ROWS rows of the path as an array (rows, 2), and the steps they belong to."""
    points = rows(path, params, names) if path is not None else np.zeros((0, 2))
    steps = np.arange(len(points)) if steps is None else np.asarray(steps)
    if len(points) and not np.isfinite(points).all(axis=1).any():
        raise LearnerError("No row of path is finite, so there is nothing to show. Train again with a smaller "
                           "step_size.")
    if len(steps) != len(points):
        raise LearnerError(f"steps has {len(steps)} numbers, but path has {len(points)} rows: pass both of the same "
                           "fit, path=fitted.path, steps=fitted.steps.")
    kept = np.unique(np.linspace(0, len(points) - 1, min(len(points), MOST_ROWS)).round().astype(int))
    return points[kept], steps[kept].tolist()


def rows(path, params, names):
    """Give the path as an array (rows, 2) in the order of `names`.

    Raises: LearnerError if it is not a tree like params with one more axis in front.
    """
    try:
        same = jax.tree.structure(path) == jax.tree.structure(params)
        leaves = jax.tree.leaves(path)
        same = same and all(np.ndim(a) == np.ndim(b) + 1 for a, b in zip(leaves, jax.tree.leaves(params), strict=True))
    except (TypeError, ValueError):
        same = False
    if not same or len({len(leaf) for leaf in leaves}) != 1 or len(leaves[0]) == 0:
        raise LearnerError("path must look like params with a row for every step, as fit gives it: "
                           "fitted = fit(...), then path=fitted.path.")
    columns = {}
    for (place, leaf), old in zip(jax.tree_util.tree_leaves_with_path(path), jax.tree.leaves(params), strict=True):
        entries = np.asarray(leaf, float).reshape(len(leaf), -1)
        for column, index in zip(entries.T, np.ndindex(np.shape(old)), strict=True):
            columns[entry_name(place, index)] = column
    return np.stack([columns[name] for name in names], axis=1)


def picture(settings, shown):
    """Draw map, surface and data with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style
    across, along = np.array(settings["across"]), np.array(settings["along"])
    losses = np.array(settings["losses"], float).reshape(along.size, across.size)
    losses = np.clip(losses, None, settings["high"])
    fig = style.figure(10.5, 3.6)
    flat, data = style.clean(fig.add_subplot(1, 3, 1)), style.clean(fig.add_subplot(1, 3, 3))
    solid = fig.add_subplot(1, 3, 2, projection="3d")
    shade = np.sqrt(np.maximum(losses - settings["low"], 0) / (settings["high"] - settings["low"]))
    flat.pcolormesh(across, along, shade, cmap=style.SEQUENTIAL, shading="gouraud")
    levels = np.unique(settings["levels"])
    flat.contour(across, along, losses, levels=levels, colors="white", linewidths=0.7, alpha=0.7)
    flat.grid(False)
    solid.plot_surface(*np.meshgrid(across, along), losses, cmap=style.SEQUENTIAL, rcount=30, ccount=30, linewidth=0)
    solid.locator_params(nbins=4)
    solid.view_init(elev=32, azim=-60)
    for points, width in ((settings["path"], 1.2), (shown["trail"], 2.0)):
        if points:
            flat.plot(*np.array(points, float).T, color=COLOURS["path"], linewidth=width,
                      path_effects=style.outlined())
    flat.plot(*np.array(shown["trail"][-1:], float).T, "o", color=COLOURS["path"], markeredgecolor="white")
    flat.set(xlim=across[[0, -1]], ylim=along[[0, -1]])
    for ax in (flat, solid):
        ax.set(xlabel=settings["names"][0], ylabel=settings["names"][1])
    flat.set_title(shown["strong"], loc="left", fontsize=style.LABEL)
    over_data.draw(data, settings["data"], shown)
    return fig
