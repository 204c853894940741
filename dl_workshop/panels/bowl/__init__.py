"""Loss bowl: the loss over two numbers as a map and as a surface, paths down it, and what each point means."""

from functools import partial

import jax.numpy as jnp
import numpy as np
from jaxtyping import Int

from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.panels import over_data
from dl_workshop.panels.bowl.landscape import good_step_size, limits, surface, surface_settings, worth_seeing
from dl_workshop.panels.bowl.path import thinned
from dl_workshop.panels.bowl.picture import picture
from dl_workshop.panels.bowl.recorded import plan
from dl_workshop.panels.bowl.state import start, step
from dl_workshop.panels.panel import Panel, numbers
from dl_workshop.panels.sliders import scalars, with_values
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Curve, Loss, Model, ParamPath, Params, Rows, Targets
from dl_workshop.validate.order import check_order
from dl_workshop.validate.rows import as_arrays, check_rows


def bowl(
    params: Params,
    model: Model,
    loss: Loss,
    x: Rows,
    y: Targets,
    path: ParamPath | None = None,
    *,
    steps: Int[AnyArray, " n_points"] | None = None,
    curve: Curve | None = None,
) -> Panel:
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
    first = scalars(params)
    if len(first) != 2:
        raise LearnerError(
            f"params holds {len(first)} numbers, but a bowl has two: one across, one along. "
            "Show it for a line, params = dict(w=..., b=...)."
        )
    names = list(first)
    points, steps = thinned(path, steps, params, names)

    def loss_at(a, b):
        return loss(with_values(params, dict(zip(names, (a, b), strict=True))), model, x, y)

    here = np.array(list(first.values()))
    try:
        view = limits(worth_seeing(loss_at, points if len(points) else here[None]))
        settings = {
            "names": names,
            **surface_settings(*surface(loss_at, *view)),
            "data": over_data.still(params, model, x, y, curve),
            "path": [numbers(row) for row in points],
            "steps": steps,
            "step_size": good_step_size(loss_at, here),
        }
    except Exception as error:
        raise explain_error(error, [model, loss, curve], "computing the loss over a grid") from None

    settings["knobs"] = [
        {"name": name, "value": first[name], "min": line[0], "max": line[-1], "step": (line[-1] - line[0]) / 200}
        for name, line in zip(names, (settings["across"], settings["along"]), strict=True)
    ]
    state = (
        start(first)
        if not len(points)
        else start(dict(zip(names, points[-1].tolist(), strict=True)), row=len(points) - 1)
    )
    move = partial(step, params=params, model=model, loss=loss, x=x, y=y, curve=curve, settings=settings, view=view)
    return Panel(
        state,
        move,
        "bowl",
        settings=settings,
        picture=picture,
        functions=(model, loss, curve),
        plan=partial(plan, settings, move),
    )
