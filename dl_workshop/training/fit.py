"""The training loop: step the params against the gradient of the loss, compiled, and keep what happened on the way."""

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int, PRNGKeyArray
from tqdm import tqdm

from dl_workshop.errors import LearnerError
from dl_workshop.optimizers import Pair, gradient_descent
from dl_workshop.training.broken_slope import find_broken
from dl_workshop.training.checks import check_batch, check_model_key, check_schedule
from dl_workshop.training.loop import Carry, compiled, pair
from dl_workshop.training.path import chunk, every_step, fresh, rows_of
from dl_workshop.types import Loss, Model, ParamPath, Params, Rows, Schedule, Targets
from dl_workshop.validate import check_params, check_positive
from dl_workshop.validate.order import check_order
from dl_workshop.validate.rows import as_arrays, check_rows

Place = tuple[int, Carry]  # a step, and all that the next one needs


class Fit(NamedTuple):
    """What training gave.

    params: after the last good step.  losses (n,): losses[i] is the loss before step i.
    path: the params at evenly spaced steps, a tree like params with a leading axis; its last row is params.
    steps: those steps; path row k holds the params before step steps[k].
    stopped: None, or why training stopped early, in words.
    """

    params: Params
    losses: Float[np.ndarray, " n_steps"]
    path: ParamPath
    steps: Int[np.ndarray, " n_points"]
    stopped: str | None


def fit(
    params: Params,
    model: Model,
    loss: Loss,
    x: Rows,
    y: Targets,
    *,
    step_size: float | Schedule = 0.01,
    n_steps: int = 1000,
    optimizer: Callable[..., Pair] | Pair = gradient_descent,
    batch_size: int | None = None,
    key: PRNGKeyArray | None = None,
    progress: bool = True,
    callback: Callable[[int, Params, float], bool | None] | None = None,
) -> Fit:
    """Minimise loss(params, model, x, y) over params, by n_steps of params <- params + optimizer(grads).

    params: a dict of float arrays, or any tree of them: a state of Flax, a module of Equinox, where None is an empty
        place. A param that no gradient can reach is told of in a line.
    x: an array, or a dict or tuple of arrays that have a row for each of y.
    step_size: a number, or a function of the step such as schedules.step_decay().
    optimizer: a function of step_size that gives (init, update), or such a pair itself, as Optax has them. An update
        that asks for value, grad or value_fn by name, as that of optax.lbfgs does, gets the loss, its gradient, and
        the loss as a function of params on the same rows.
    model: one with an argument named `key`, as dropout needs it, gets another key at every step.
    batch_size: rows a step; None takes all. Rows are shuffled with `key` once an epoch; an incomplete last batch
        is left out.
    callback(step, params, loss): called about 100 times, evenly; training stops when it returns True.
    Nothing passed in is changed. A second call with the same functions and shapes does not compile again.
    Raises: LearnerError for params, data, settings, models or losses that cannot be trained.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), algorithm 8.1.
    """
    check_order("fit", params=params, model=model, loss=loss, x=x, y=y)
    if callable(step_size):
        check_schedule(step_size)
        optimizer, step_size = _at_each_step(optimizer, step_size), 1.0
    check_positive("step_size", step_size)
    check_positive("n_steps", n_steps, whole=True)
    check_params(params)
    check_rows(x, y)
    check_batch(batch_size, key, len(y))
    check_model_key(model, key)
    n_steps, step_size = int(n_steps), float(step_size)
    params = jax.tree.map(lambda leaf: jnp.array(leaf, dtype=jnp.result_type(leaf)), params)
    x, y = as_arrays(x, y), jnp.asarray(y)
    loop = compiled(params, model, loss, x, y, optimizer, batch_size)
    if progress and loop.remarks:
        print(loop.remarks.pop())
    every, key = every_step(params, n_steps), jax.random.key(0) if key is None else key
    run = partial(loop.run, x=x, y=y, step_size=step_size, key=key, every=every)
    loss_at = partial(loop.loss_at, x=x, y=y, key=key)

    order = jnp.zeros(len(y) if batch_size else 0, jnp.int32)  # the shuffled rows of this epoch
    init, _ = pair(optimizer, step_size)
    known = [(0, (params, init(params), order))]  # where we have been: step, and all that the next step needs
    history, stopped, rate = [], None, None
    bar = tqdm(total=n_steps, desc="fit", unit=" steps", file=sys.stdout, delay=1.5, disable=not progress)
    try:
        while known[-1][0] < n_steps and not stopped:
            start, carry = known[-1]
            k = chunk(start, n_steps, rate, every, rows_of(params), callback)
            began = time.perf_counter()
            carry, losses, path = jax.block_until_ready(run(carry, start=start, k=k))
            # The first chunk also compiles; and several processes must all take the same number of steps.
            if start > 0 and jax.process_count() == 1:
                rate = k / (time.perf_counter() - began)
            losses = np.asarray(losses)[:k]
            history.append((losses, *fresh(path, start, k, every)))
            bad = _first_bad(start, losses, carry[0])
            if bad is not None:
                known.append(_last_good(bad, known, run))
                losses = np.concatenate([losses for losses, *_ in history])
                stopped = _why(*known[-1], losses, loss_at, optimizer, step_size)
                break
            known = [*known[-2:], (start + k, carry)]
            bar.update(k)
            bar.set_postfix_str(f"loss {losses[-1]:.4g}", refresh=False)
            if callback is not None and callback(start + k, carry[0], float(losses[-1])):
                stopped = f"the callback ended it at step {start + k}"
    except KeyboardInterrupt:
        stopped = f"interrupted at step {known[-1][0]}; the params so far are kept"
    finally:
        bar.close()
    if stopped and progress:
        print(f"Training stopped: {stopped}.")
    step, (params, _, _) = known[-1]
    return _as_fit(params, step, history, stopped)


def _at_each_step(optimizer: Callable[..., Pair] | Pair, schedule: Schedule) -> Pair:
    """Give the pair whose step size follows the schedule."""
    if hasattr(optimizer, "update") or not callable(optimizer):
        raise LearnerError(
            "This optimizer has its step size already, so the schedule would be lost: pass "
            "optimizer=adam, not adam(0.01), or adam(schedule) without step_size."
        )
    return optimizer(schedule)


def _first_bad(start: int, losses: Float[np.ndarray, " k"], params: Params) -> int | None:
    """First step before which the loss, or after the last one a param, is not finite; or None.

    Raises: LearnerError if that is the very first.
    """
    bad = np.flatnonzero(~np.isfinite(losses))
    if start == 0 and bad.size and bad[0] == 0:
        raise LearnerError(
            f"The loss is {losses[0]} before the first step, so there is no slope to follow. Start from "
            "smaller params, or look for a log of 0 or a division by 0 in your model and loss."
        )
    if bad.size:
        return start + int(bad[0])
    return None if _is_finite(params) else start + len(losses)


def _is_finite(params: Params) -> bool:
    return all(np.isfinite(np.asarray(leaf, dtype=np.float64)).all() for leaf in jax.tree.leaves(params))


def _last_good(bad: int, known: list[Place], run: Callable) -> Place:
    """Give the last step before `bad` at which all params are finite, and where we were then."""
    place = _again(bad - 1, known, run)
    if _is_finite(place[1][0]):
        return place
    good, bad = known[-1][0], bad - 1  # a param broke before the loss showed it
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if _is_finite(_again(middle, known, run)[1][0]) else (good, middle)
    return _again(good, known, run)


def _again(step: int, known: list[Place], run: Callable) -> Place:
    """Where we were at `step`, by taking the last steps again from the nearest place that we know."""
    start, carry = [place for place in known if place[0] <= step][-1]
    return step, carry if step == start else run(carry, start=start, k=step - start)[0]


def _why(
    step: int,
    carry: Carry,
    losses: Float[np.ndarray, " n_steps"],
    loss_at: Callable,
    optimizer: Callable[..., Pair] | Pair,
    step_size: float,
) -> str:
    """Say why `step` was the last good one: the gradient broke though the loss was finite, or the step was too long."""
    broken = find_broken(loss_at(carry, step=step), carry[0]) if jax.process_count() == 1 else None
    own = hasattr(optimizer, "update")  # its step size was chosen when it was made
    advice = "a smaller step size" if own else f"step_size={step_size / 10:g}"
    if broken and (step == 0 or broken.cure):
        other = f", or try {advice}" if broken.too_large and step > 0 else ""
        return (
            f"{broken} at step {step} though the loss is finite ({losses[step]:.4g}): {broken.reason}. "
            f"{broken.advice}{other}"
        )
    value = losses[step + 1] if len(losses) > step + 1 else np.nan
    return f"loss became {value} at step {step + 1}: try {advice}"


def _as_fit(params: Params, step: int, history: list[tuple], stopped: str | None) -> Fit:
    """Join the chunks: all losses, and the path up to the last good step with the params themselves at the end."""
    all_losses, all_steps, paths = zip(*history, strict=True) if history else ((), (), ())
    ends = jax.tree.map(lambda leaf: np.asarray(leaf)[None], params)
    steps = np.concatenate([*all_steps, [step]]).astype(int)
    kept = np.append(np.flatnonzero(steps[:-1] < step), len(steps) - 1)
    path = jax.tree.map(lambda *parts: np.concatenate(parts)[kept], *paths, ends)
    losses = np.concatenate([*all_losses, np.zeros(0, np.float32)])
    return Fit(params, losses[: step + 1], path, steps[kept], stopped)
