"""Sweep: many step sizes, random starts or widths, all trained before you look, so that a slider is instant."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import PRNGKeyArray

from dl_workshop.errors import LearnerError
from dl_workshop.panels import over_data
from dl_workshop.panels.panel import Panel, keeping, numbers
from dl_workshop.panels.runs import NEAR, stack, train_together, verdict
from dl_workshop.panels.sweep_picture import picture
from dl_workshop.training.broken_slope import find_broken
from dl_workshop.training.checks import check_fit_functions
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import Curve, Loss, Model, Params, Rows, Targets
from dl_workshop.validate import check_numbers, check_params, check_positive
from dl_workshop.validate.order import check_order
from dl_workshop.validate.rows import as_arrays, check_rows, take

STEP_SIZES = tuple(float(f"{value:.2g}") for value in np.geomspace(1e-4, 10, 21))
DRAWN = 240   # points of a loss curve that are drawn at most
ROWS = 2000   # rows of the data that are drawn at most, evenly chosen: every run has a prediction for each


def sweep(params: Params | Sequence[Params] | None, model: Model, loss: Loss, x: Rows, y: Targets, *,
          step_sizes: Sequence[float] | None = None, n_steps: int = 500, seeds: int | Sequence[int] | None = None,
          init: Callable[[PRNGKeyArray], Params] | None = None, step_size: float = 0.1,
          curve: Curve | None = None) -> Panel:
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
    what, values, starts, sizes = plan(params, step_sizes, seeds, init, step_size)
    rows = np.unique(np.linspace(0, len(y) - 1, ROWS).astype(int)) if len(y) > ROWS else slice(None)
    settings = {"what": what, "log": what == "step_size",
                "data": over_data.still_or_data(starts[0], model, take(x, rows), y[rows], curve)}

    def answer(asked):
        check_fit_functions(starts[0], model, loss, x, y)
        trained = trainings(starts, model, loss, x, y, sizes, int(n_steps))
        firsts = [losses[0] for _, losses, _ in trained]
        if not np.isfinite(firsts).any():
            raise LearnerError("The loss is nan or infinite before the first step of every run, so no step size can "
                               "help. Look for a division by 0, a log of 0 or exp of a large number in your functions.")
        if not np.isfinite([losses[1] for _, losses, _ in trained]).any():
            broken = find_broken(lambda params: loss(params, model, x, y), starts[0])
            if broken:
                raise LearnerError(f"No step size can help: {broken} at the start though the loss is finite: "
                                   f"{broken.reason}. {broken.advice}.")
        return frame(trained, values, model, take(x, rows), y[rows], curve, settings)

    return Panel({}, keeping(answer), "sweep", settings=settings, picture=picture, functions=(model, loss, curve))


def plan(params, step_sizes, seeds, init, step_size):
    """Say what is varied: (its name, its values, the params to start from, the step sizes), one of each a run."""
    for name, setting in (("step_sizes", step_sizes), ("seeds", seeds), ("step_size", step_size)):
        check_numbers(name, setting)
    several = isinstance(params, list | tuple) and len(params) > 0 and all(
        not isinstance(one, list | tuple) and not jax.tree_util.all_leaves([one]) for one in params)
    asked = [name for name, given in (("step_sizes", step_sizes is not None), ("seeds", seeds is not None),
                                      ("a list of params", several)) if given]
    if len(asked) > 1:
        raise LearnerError(f"{' and '.join(asked)} were given, but a sweep varies one thing. Drop the others, so that "
                           "a difference between two runs has one cause.")
    if seeds is not None:
        if not callable(init):
            raise LearnerError("seeds need a function that makes the params of each: add for example "
                               "init=lambda key: models.init_mlp(key, (2, 8, 1)).")
        what, values = "seed", list(range(seeds)) if isinstance(seeds, int) else [int(seed) for seed in seeds]
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


def trainings(starts, model, loss, x, y, sizes, n_steps):
    """Give (params, losses, turns) of every run: all in one vmapped loop if their shapes agree, else each in turn."""
    shapes = {str(jax.tree.map(np.shape, start)) for start in starts}
    together = [range(len(starts))] if len(shapes) == 1 else [[i] for i in range(len(starts))]
    found = []
    for rows in together:
        runs = train_together(stack([starts[i] for i in rows]), model, loss, x, y, [sizes[i] for i in rows], n_steps)
        for i in range(len(rows)):
            found.append((jax.tree.map(lambda leaf, i=i: leaf[i], runs.params), runs.losses[i], runs.turns[i]))
    return found


def frame(trained, values, model, x, y, curve, settings):
    """Compute all that the slider can show: loss curves, the final model of each run, and words."""
    n_steps = len(trained[0][1]) - 1
    steps = np.unique(np.linspace(0, n_steps, DRAWN).astype(int))
    known = [losses[-1] for _, losses, _ in trained if np.isfinite(losses[-1])]
    lowest = min(known) if known else trained[0][1][0]
    runs = []
    for (params, losses, turns), value in zip(trained, values, strict=True):
        word, sentence = verdict(losses, turns, lowest)
        runs.append({"value": value, "losses": numbers(losses[steps]), "final": numbers(losses[-1:])[0],
                     "verdict": word, "strong": f"{settings['what']} {value:g} {word}:", "words": sentence,
                     "over": over_data.frame(params, model, None, x, y, curve, settings["data"])})
    first = max(losses[0] for _, losses, _ in trained)
    best = quickest(trained, [run["verdict"] for run in runs], lowest)
    return {"runs": runs, "steps": steps.tolist(), "chosen": best, "scale": scale(runs, first), "trouble": "",
            "strong": runs[best]["strong"], "words": runs[best]["words"]}


def quickest(trained, verdicts, lowest):
    """Choose the run to show first: of those that came to the lowest loss, without flipping if any did, the fastest."""
    def slowness(run, word):
        losses = run[1]
        near = losses[-1] <= lowest + NEAR * (losses[0] - lowest)
        return (not near, word != "converges", losses.mean() if np.isfinite(losses[-1]) else np.inf)
    return min(range(len(trained)), key=lambda i: slowness(trained[i], verdicts[i]))


def scale(runs, first):
    """Choose the loss axis, from the lowest loss to a little above the first; logarithmic if it spans much."""
    seen = np.array([loss for run in runs for loss in run["losses"] if loss is not None])
    low, high = float(seen.min()), float(min(seen.max(), first))
    broke = any(run["final"] is None or run["final"] > first for run in runs)
    if low < 0 or high < 20 * low:
        return {"log": False, "low": min(low, 0.0), "high": high + (0.3 if broke else 0.08) * (high - min(low, 0.0))}
    low = max(float(seen[seen > 0].min()), high * 1e-10)
    return {"log": True, "low": low / 1.5, "high": high * ((high / low) ** 0.3 if broke else 1.5)}
