"""The training loop: step the params against the gradient of the loss, compiled, and keep what happened on the way."""

import sys
import time
from collections import OrderedDict
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from tqdm import tqdm

from dl_workshop.fingerprint import fingerprint
from dl_workshop.optimizers import gradient_descent
from dl_workshop.order import check_order
from dl_workshop.shapes import LearnerError, check_data, check_params, check_positive
from dl_workshop.trainable import (
    check_batch,
    check_fit_functions,
    check_labels,
    check_model_key,
    check_optimizer,
    check_schedule,
    range_of,
    with_key,
)

LOSSES_A_CHUNK = 4096            # steps that one call of the compiled loop can take at most
PATH_NUMBERS_A_CHUNK = 2**21     # numbers of the path that it can hand back: 8 MB in float32
PATH_NUMBERS = 2**23             # numbers of the whole path: 32 MB
SECONDS_A_CHUNK = 0.2            # between two looks at the losses, and two updates of the progress bar


class Fit(NamedTuple):
    """What training gave.

    params: after the last good step.  losses (n,): losses[i] is the loss before step i.
    path: the params at evenly spaced steps, a tree like params with a leading axis; its last row is params.
    steps: those steps; path row k holds the params before step steps[k].
    stopped: None, or why training stopped early, in words.
    """

    params: Any
    losses: np.ndarray
    path: Any
    steps: np.ndarray
    stopped: str | None


def fit(params, model, loss, x, y, *, step_size=0.01, n_steps=1000, optimizer=gradient_descent, batch_size=None,
        key=None, progress=True, callback=None) -> Fit:
    """Minimise loss(params, model, x, y) over params, by n_steps of params <- params + optimizer(grads).

    step_size: a number, or a function of the step such as schedules.step_decay().
    optimizer: a function of step_size that gives (init, update), or such a pair itself, as Optax has them.
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
    check_data(x, y)
    check_batch(batch_size, key, len(x))
    check_model_key(model, key)
    n_steps, step_size = int(n_steps), float(step_size)
    params = jax.tree.map(lambda leaf: jnp.array(leaf, dtype=jnp.result_type(leaf)), params)
    x, y = jnp.asarray(x), jnp.asarray(y)
    run = _compiled(params, model, loss, x, y, optimizer, batch_size)
    every = -(-n_steps // max(1, PATH_NUMBERS // _size(params)))
    run = partial(run, x=x, y=y, step_size=step_size, key=jax.random.key(0) if key is None else key, every=every)

    order = jnp.zeros(len(x) if batch_size else 0, jnp.int32)  # the shuffled rows of this epoch
    init, _ = _pair(optimizer, step_size)
    known = [(0, (params, init(params), order))]  # where we have been: step, and all that the next step needs
    history, stopped, rate = [], None, None
    bar = tqdm(total=n_steps, desc="fit", unit=" steps", file=sys.stdout, delay=1.5, disable=not progress)
    try:
        while known[-1][0] < n_steps and not stopped:
            start, carry = known[-1]
            k = _chunk(start, n_steps, rate, every, _rows(params), callback)
            began = time.perf_counter()
            carry, losses, path = jax.block_until_ready(run(carry, start=start, k=k))
            # The first chunk also compiles; and several processes must all take the same number of steps.
            if start > 0 and jax.process_count() == 1:
                rate = k / (time.perf_counter() - began)
            losses = np.asarray(losses)[:k]
            history.append((losses, *_fresh(path, start, k, every)))
            bad = _first_bad(start, losses, carry[0])
            if bad is not None:
                stopped = _why(bad, losses[bad - start:], optimizer, step_size)
                known.append(_again(bad - 1, known, run))
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


def _pair(optimizer, step_size):
    """(init, update) of an optimiser given as a pair, or as a function of the step size."""
    if hasattr(optimizer, "init") and hasattr(optimizer, "update"):
        return optimizer.init, optimizer.update
    if isinstance(optimizer, tuple) and len(optimizer) == 2 and all(map(callable, optimizer)):
        return optimizer
    if not callable(optimizer):
        raise LearnerError(f"optimizer={optimizer!r} is not an optimiser: pass gradient_descent, optax.adam or "
                           "optax.adam(0.01).")
    return _pair(optimizer(step_size), step_size)


def _at_each_step(optimizer, schedule):
    """Give the pair whose step size follows the schedule."""
    if hasattr(optimizer, "update") or not callable(optimizer):
        raise LearnerError("This optimizer has its step size already, so the schedule would be lost: pass "
                           "optimizer=adam, not adam(0.01), or adam(schedule) without step_size.")
    return optimizer(schedule)


def _size(params):
    return max(1, sum(leaf.size for leaf in jax.tree.leaves(params)))


def _rows(params):
    """Path rows that one chunk can hand back."""
    return max(1, min(LOSSES_A_CHUNK, PATH_NUMBERS_A_CHUNK // _size(params)))


def _chunk(start, n_steps, rate, every, rows, callback):
    """How many steps to take before the next look at the losses."""
    most = min(LOSSES_A_CHUNK, rows * every - start % every, n_steps - start)
    if callback is not None:
        return min(most, max(1, n_steps // 100))
    if start == 0:
        return 1
    return max(1, min(most, 32 if rate is None else int(rate * SECONDS_A_CHUNK)))


def _first_bad(start, losses, params):
    """First step before which the loss, or after the last one a param, is not finite; or None."""
    bad = np.flatnonzero(~np.isfinite(losses))
    if bad.size:
        return start + int(bad[0])
    finite = all(np.isfinite(np.asarray(leaf, dtype=np.float64)).all() for leaf in jax.tree.leaves(params))
    return None if finite else start + len(losses)


def _why(bad, losses, optimizer, step_size):
    value = losses[0] if len(losses) else np.nan
    if bad == 0:
        raise LearnerError(f"The loss is {value} before the first step, so there is no slope to follow. Start from "
                           "smaller params, or look for a log of 0 or a division by 0 in your model and loss.")
    own = hasattr(optimizer, "update")  # its step size was chosen when it was made
    advice = "a smaller step size" if own else f"step_size={step_size / 10:g}"
    return f"loss became {value} at step {bad}: try {advice}"


def _again(step, known, run):
    """Where we were at `step`, by taking the last steps again from the nearest place that we know."""
    start, carry = [place for place in known if place[0] <= step][-1]
    return step, carry if step == start else run(carry, start=start, k=step - start)[0]


def _fresh(path, start, k, every):
    """Copy the rows of the path that begin in this chunk, with their steps; the rest of the buffer is let go."""
    steps = np.arange(start - start % every, start + k, every)
    fresh = np.flatnonzero(steps >= start)  # a row begun in the chunk before is there already
    return steps[fresh], jax.tree.map(lambda leaf: np.asarray(leaf)[fresh], path)


def _as_fit(params, step, history, stopped):
    """Join the chunks: all losses, and the path up to the last good step with the params themselves at the end."""
    losses, steps, paths = zip(*history, strict=True) if history else ((), (), ())
    ends = jax.tree.map(lambda leaf: np.asarray(leaf)[None], params)
    steps = np.concatenate([*steps, [step]]).astype(int)
    kept = np.append(np.flatnonzero(steps[:-1] < step), len(steps) - 1)
    path = jax.tree.map(lambda *parts: np.concatenate(parts)[kept], *paths, ends)
    losses = np.concatenate([*losses, np.zeros(0, np.float32)])
    bad = np.flatnonzero(~np.isfinite(losses))
    return Fit(params, losses[: bad[0]] if bad.size else losses, path, steps[kept], stopped)


_kept = OrderedDict()  # compiled loops, by what their functions reach


def _compiled(params, model, loss, x, y, optimizer, batch_size):
    """Give the compiled loop of these functions and shapes, made anew only when something they reach has changed."""
    shapes = jax.tree.map(lambda leaf: (jnp.shape(leaf), str(jnp.result_type(leaf))), (params, x, y))
    key = (fingerprint(model, loss, optimizer), batch_size, jax.tree.structure(shapes), tuple(jax.tree.leaves(shapes)))
    if key in _kept:
        _kept.move_to_end(key)
        loop, seen = _kept[key]
        if range_of(y) not in seen:
            check_labels(params, with_key(model, jax.random.key(0)), loss, x, y)
            seen.add(range_of(y))
        return loop
    check_fit_functions(params, with_key(model, jax.random.key(0)), loss, x, y)
    check_optimizer(*_pair(optimizer, 1.0), params)
    _kept[key] = _loop(model, loss, optimizer, batch_size), {range_of(y)}  # the loop, and labels that it may have
    while len(_kept) > 32:
        _kept.popitem(last=False)
    return _kept[key][0]


def _loop(model, loss, optimizer, batch_size):
    """Compile k steps from `start`; k, start, step size and data are traced, so that changing them compiles nothing."""
    def shuffled(key, order):
        return jax.random.permutation(key, len(order)).astype(order.dtype)

    def batch(step, order, x, y, key):
        if batch_size is None:
            return x, y, order
        batches = len(x) // batch_size
        epoch, place = step // batches, step % batches
        order = lax.cond(place == 0, lambda: shuffled(jax.random.fold_in(key, epoch), order), lambda: order)
        rows = lax.dynamic_slice(order, (place * batch_size,), (batch_size,))
        return x[rows], y[rows], order

    @jax.jit
    def run(carry, x, y, step_size, key, every, start, k):
        _, update = _pair(optimizer, step_size)
        params, _, _ = carry
        model_key = jax.random.fold_in(key, 2**32 - 1)  # not one that an epoch has
        losses = jnp.zeros(LOSSES_A_CHUNK)
        path = jax.tree.map(lambda leaf: jnp.zeros((_rows(params), *leaf.shape), leaf.dtype), params)
        first_row = start // every

        def one_step(step, carry):
            (params, state, order), losses = carry
            x_batch, y_batch, order = batch(step, order, x, y, key)
            this_model = with_key(model, jax.random.fold_in(model_key, step))
            value, grads = jax.value_and_grad(loss)(params, this_model, x_batch, y_batch)
            updates, state = update(grads, state, params)
            params = jax.tree.map(lambda param, change: (param + change).astype(param.dtype), params, updates)
            return (params, state, order), losses.at[step - start].set(value)

        def one_row(row, carry):
            carry, losses, path = carry
            path = jax.tree.map(lambda rows, leaf: rows.at[row - first_row].set(leaf), path, carry[0])
            first, last = jnp.maximum(start, row * every), jnp.minimum(start + k, (row + 1) * every)
            return *lax.fori_loop(first, last, one_step, (carry, losses)), path

        return lax.fori_loop(first_row, (start + k + every - 1) // every, one_row, (carry, losses, path))

    return run
