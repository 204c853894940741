"""Many trainings at once: one compiled loop, vmapped over step sizes and starts, and words for how each went."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.training.compile_cache.fingerprint import forget_edited

NEAR = 0.01  # of the way down that may be left where a run counts as arrived
FALLING = 0.05  # of its own way down, or of what is left of it, gone in the last tenth: it was still on its way


class Runs(NamedTuple):
    """What r runs of n steps gave.

    params: a tree with a leading axis r, each run's after its last good step.
    losses (r, n + 1): before each step, and after the last; nan from where a run broke.
    turns (r, n): whether a step went against the one before it.
    """

    params: Any
    losses: np.ndarray
    turns: np.ndarray


def train_together(starts, model, loss, x, y, step_sizes, n_steps):
    """Run gradient descent, params <- params - step_size * grads, from many starts with many step sizes at once.

    starts: a tree like params with a leading axis r; step_sizes (r,). A run whose loss or params are no longer finite
    stands still at the last that were.
    """
    forget_edited(model, loss)

    def one_run(params, step_size):
        def one_step(carry, _):
            params, known, before, good = carry
            value, grads = jax.value_and_grad(loss)(params, model, x, y)
            value = jnp.where(good & jnp.isfinite(value), value, jnp.nan)
            turned = good & (dot(grads, before) < 0)
            known = where(jnp.isfinite(value), params, known)
            stepped = jax.tree.map(lambda param, grad: (param - step_size * grad).astype(param.dtype), params, grads)
            good = jnp.isfinite(value) & finite(stepped)
            return (where(good, stepped, params), known, grads, good), (value, turned)

        still = jax.tree.map(jnp.zeros_like, params)
        start = params, params, still, jnp.array(True)
        (params, known, _, good), (losses, turns) = jax.lax.scan(one_step, start, length=n_steps)
        last = loss(params, model, x, y)
        good &= jnp.isfinite(last)
        return where(good, params, known), jnp.append(losses, jnp.where(good, last, jnp.nan)), turns

    params, losses, turns = jax.jit(jax.vmap(one_run))(starts, jnp.asarray(step_sizes, float))
    return Runs(params, np.asarray(losses, float), np.asarray(turns))


def where(condition, new, old):
    """Give the tree `new` where the condition holds, else `old`."""
    return jax.tree.map(lambda new, old: jnp.where(condition, new, old), new, old)


def dot(a, b):
    """Scalar product of two trees, sum over all leaves of a * b."""
    return sum(jnp.vdot(one, other) for one, other in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True))


def finite(params):
    """Tell whether all numbers of a tree are finite."""
    return jnp.all(jnp.array([jnp.isfinite(leaf).all() for leaf in jax.tree.leaves(params)]))


def stack(trees):
    """Join trees of one structure and shape into one, with a leading axis."""
    return jax.tree.map(lambda *leaves: jnp.stack([jnp.asarray(leaf, dtype=float) for leaf in leaves]), *trees)


def verdict(losses, turns, lowest):
    """Say how a run went: (one word, a sentence). `lowest` is the lowest loss that any of the runs reached.

    diverges: it broke, or ended above its start.  flips: most of its steps on the way went against the one before.
    crawls: it was still falling.  converges: it arrived.  settles higher: it stands still, above the lowest.
    """
    first, last = losses[0], losses[-1]
    broken = np.flatnonzero(np.isnan(losses))
    if broken.size:
        return "diverges", f"the loss became nan or infinite at step {broken[0]}: the step size is too large."
    if last > first:
        return "diverges", f"the loss rose from {first:.3g} to {last:.3g}: the step size is too large."
    way = 1.0 if first == lowest else (first - last) / (first - lowest)
    falling = losses[len(losses) * 9 // 10] - last > FALLING * min(first - last, last - lowest)
    arrived = int(np.argmax(losses <= last + NEAR * (first - last)))
    if way < 1 - NEAR and falling:
        return "crawls", f"after {len(losses) - 1} steps it has come {way:.0%} of the way down and is still falling."
    if arrived > 1 and turns[1:arrived].mean() > 0.5:
        return "flips", (
            f"it jumps to and fro across the valley; by step {arrived} it is {way - NEAR:.0%} of the way down."
        )
    if way < 1 - NEAR:
        return "settles higher", f"it stands still at {last:.3g}, above the lowest loss of all, {lowest:.3g}."
    return "converges", f"it is {1 - NEAR:.0%} of the way down by step {arrived}, to {last:.3g}."
