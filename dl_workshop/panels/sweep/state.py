"""All runs of a sweep in one view: there is one step, and what the slider then shows is in the page already."""

from typing import TypedDict

import jax
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.panels import over_data
from dl_workshop.panels.panel import numbers
from dl_workshop.panels.sweep.runs import NEAR, stack, train_together, verdict
from dl_workshop.training.broken_slope import find_broken
from dl_workshop.training.checks import check_fit_functions
from dl_workshop.validate.rows import take

DRAWN = 240  # points of a loss curve that are drawn at most


class State(TypedDict):
    """Nothing: a sweep goes nowhere from its first view."""


class View(TypedDict):
    """What the page shows: every run with its losses at `steps`, its final model, its verdict; which to show first."""

    runs: list[dict]
    steps: list[int]
    chosen: int
    scale: dict
    strong: str
    words: str
    trouble: str


def step(
    state: State, request, *, starts, model, loss, x, y, sizes, n_steps, values, rows, curve, settings
) -> tuple[State, View]:
    """Train all runs, and tell how each went.

    Raises: LearnerError where no run can have a loss, or a slope, that is finite.
    """
    check_fit_functions(starts[0], model, loss, x, y)
    trained = trainings(starts, model, loss, x, y, sizes, n_steps)
    firsts = [losses[0] for _, losses, _ in trained]
    if not np.isfinite(firsts).any():
        raise LearnerError(
            "The loss is nan or infinite before the first step of every run, so no step size can "
            "help. Look for a division by 0, a log of 0 or exp of a large number in your functions."
        )
    if not np.isfinite([losses[1] for _, losses, _ in trained]).any():
        broken = find_broken(lambda params: loss(params, model, x, y), starts[0])
        if broken:
            raise LearnerError(
                f"No step size can help: {broken} at the start though the loss is finite: "
                f"{broken.reason}. {broken.advice}."
            )
    view = frame(trained, values, model, take(x, rows), y[rows], curve, settings)
    return state, view


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
        runs.append(
            {
                "value": value,
                "losses": numbers(losses[steps]),
                "final": numbers(losses[-1:])[0],
                "verdict": word,
                "strong": f"{settings['what']} {value:g} {word}:",
                "words": sentence,
                "over": over_data.frame(params, model, None, x, y, curve, settings["data"]),
            }
        )
    first = max(losses[0] for _, losses, _ in trained)
    best = quickest(trained, [run["verdict"] for run in runs], lowest)
    return {
        "runs": runs,
        "steps": steps.tolist(),
        "chosen": best,
        "scale": scale(runs, first),
        "trouble": "",
        "strong": runs[best]["strong"],
        "words": runs[best]["words"],
    }


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
