"""Sweep: many step sizes, random starts or widths, all trained before you look, so that a slider is instant."""

from collections.abc import Callable, Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import PRNGKeyArray

from dl_workshop.errors import LearnerError
from dl_workshop.panels import over_data
from dl_workshop.panels.panel import Panel
from dl_workshop.panels.sweep.picture import picture
from dl_workshop.panels.sweep.recorded import plan
from dl_workshop.panels.sweep.state import step
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import Curve, Loss, Model, Params, Rows, Targets
from dl_workshop.validate import check_numbers, check_params, check_positive
from dl_workshop.validate.order import check_order
from dl_workshop.validate.rows import as_arrays, check_rows, take

STEP_SIZES = tuple(float(f"{value:.2g}") for value in np.geomspace(1e-4, 10, 21))
ROWS = 2000  # rows of the data that are drawn at most, evenly chosen: every run has a prediction for each


def sweep(
    params: Params | Sequence[Params] | None,
    model: Model,
    loss: Loss,
    x: Rows,
    y: Targets,
    *,
    step_sizes: Sequence[float] | None = None,
    n_steps: int = 500,
    seeds: int | Sequence[int] | None = None,
    init: Callable[[PRNGKeyArray], Params] | None = None,
    step_size: float = 0.1,
    curve: Curve | None = None,
) -> Panel:
    """Train many times at once, then move through the results: which step size crawls, converges, flips, diverges.

    step_sizes: those to try from the same params; by default 21 of them, from 0.0001 to 10.
    seeds, init: instead, one step_size and many random starts: init(key) gives params, seeds is how many, or a list.
    params: a list of params instead, such as nets of several widths: each is trained with `step_size`.
    curve: how the model's output becomes a probability, if it returns logits: models.logistic.
    Raises: LearnerError if two of these are asked for at once, or they or the data cannot be trained with.
    """
    check_order("sweep", params=params, model=model, loss=loss, x=x, y=y)
    forget_edited(model, loss)
    check_rows(x, y)
    check_positive("n_steps", n_steps, whole=True)
    x, y = as_arrays(x, y), jnp.asarray(y)
    what, values, starts, sizes = varied(params, step_sizes, seeds, init, step_size)
    rows = np.unique(np.linspace(0, len(y) - 1, ROWS).astype(int)) if len(y) > ROWS else slice(None)
    settings = {
        "what": what,
        "log": what == "step_size",
        "data": over_data.still_or_data(starts[0], model, take(x, rows), y[rows], curve),
    }

    move = partial(
        step,
        starts=starts,
        model=model,
        loss=loss,
        x=x,
        y=y,
        sizes=sizes,
        n_steps=int(n_steps),
        values=values,
        rows=rows,
        curve=curve,
        settings=settings,
    )
    return Panel(
        {},
        move,
        "sweep",
        settings=settings,
        picture=picture,
        functions=(model, loss, curve),
        plan=partial(plan, settings),
    )


def varied(params, step_sizes, seeds, init, step_size):
    """Say what is varied: (its name, its values, the params to start from, the step sizes), one of each a run."""
    for name, setting in (("step_sizes", step_sizes), ("seeds", seeds), ("step_size", step_size)):
        check_numbers(name, setting)
    several = (
        isinstance(params, list | tuple)
        and len(params) > 0
        and all(not isinstance(one, list | tuple) and not jax.tree_util.all_leaves([one]) for one in params)
    )
    asked = [
        name
        for name, given in (
            ("step_sizes", step_sizes is not None),
            ("seeds", seeds is not None),
            ("a list of params", several),
        )
        if given
    ]
    if len(asked) > 1:
        raise LearnerError(
            f"{' and '.join(asked)} were given, but a sweep varies one thing. Drop the others, so that "
            "a difference between two runs has one cause."
        )
    if seeds is not None:
        if not callable(init):
            raise LearnerError(
                "seeds need a function that makes the params of each: add for example "
                "init=lambda key: models.init_mlp(key, (2, 8, 1))."
            )
        what = "seed"
        values: list = list(range(seeds)) if isinstance(seeds, int) else [int(seed) for seed in seeds]
        starts = [init(jax.random.key(seed)) for seed in values]
    elif several:
        what, values = sizes_of(params)
        starts = list(params)
    else:
        what, values = "step_size", sorted(float(value) for value in (STEP_SIZES if step_sizes is None else step_sizes))
        starts = [params] * len(values)
    if len(values) < 2:
        raise LearnerError(f"There is only {len(values)} {what} to try: a sweep compares at least two.")
    for start in starts:
        check_params(start)
    sizes = values if what == "step_size" else [float(step_size)] * len(values)
    for size in sizes:
        check_positive("step_size", size)
    return what, values, starts, sizes


def sizes_of(nets):
    """Name nets of several sizes: by the width of the first layer if it differs, else by how many numbers they hold."""
    firsts = [np.shape(net.get("w1")) if isinstance(net, dict) else () for net in nets]
    if all(len(shape) == 2 for shape in firsts) and len({shape[1] for shape in firsts}) == len(nets):
        return "width", [shape[1] for shape in firsts]
    return "numbers in params", [sum(np.size(leaf) for leaf in jax.tree.leaves(net)) for net in nets]
