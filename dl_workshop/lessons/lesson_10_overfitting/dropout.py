"""Dropout in lesson 10: draws differ from answer to answer, so their statistics are compared."""
# The reference is shown to learners as a solution, as the notebook writes it: without a docstring.

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import KEY, floats
from dl_workshop.exercises.exercise import Exercise, Mistake, changed
from dl_workshop.exercises.solutions import from_lesson

dropout = from_lesson(__file__, "dropout")


def drops(
    chance=lambda rate: 1 - rate,
    shape=lambda h: h.shape,
    up=lambda rate: 1 / (1 - rate),
    gone=lambda h: 0.0,
    own=lambda key: key,
):
    """Make dropout of its parts: the chance to stay, draws for what, the factor of those that stay, and the key."""

    def drop(key, h, rate):
        stays = jax.random.bernoulli(own(key), chance(rate), shape(h))
        return jnp.where(stays, h * up(rate), gone(h))

    return drop


def look_at_drops(fn, key, h, rate):
    """See how many are dropped, what became of the others, and whether each number has a draw of its own."""
    out, again, other = (np.asarray(fn(one, h, rate), float) for one in (key, key, jax.random.fold_in(key, 1)))
    if out.shape != h.shape:
        raise LearnerError(f"h has shape {h.shape} but the result has {out.shape}: every number keeps its place.")
    before, gone = np.asarray(h), out == 0
    kept = out[~gone] / before[~gone]
    return {
        "share of the numbers that are 0": round(float(gone.mean()), 2),
        "factor of the others": round(float(np.median(kept)), 3) if kept.size else 0.0,
        "all others have the same factor": bool(kept.size and np.allclose(kept, kept[0], rtol=1e-3)),
        "each row has draws of its own": bool((gone != gone[:1]).any()),
        "each unit has draws of its own": bool((gone != gone[:, :1]).any()),
        "the same key drops the same": bool(np.array_equal(out, again)),
        "another key drops others": bool(not np.array_equal(out, other)),
    }


def many_units(key):
    """Hand over many numbers, far from 0, so that the share of those that are dropped is known well.

    Several times: where one draw decides for all, it must not look as if nothing, or everything, were ever dropped.
    """
    random = np.random.default_rng(0)
    h = (random.uniform(1, 8, (60, 50)) * random.choice([-1, 1], (60, 50))).tolist()
    return [(one, h, rate) for one, rate in zip(jax.random.split(key, 6), 3 * (0.1, 0.9), strict=True)]


DROPOUT = Exercise(
    name="dropout",
    task="Set each number of `h` to 0 with probability `rate`, drawn with `key`; divide those that stay by 1 - rate.",
    reference=dropout,
    traced=(0, 1),
    domain=dict(key=KEY, h=floats("n u"), rate=floats(low=0, high=0.95)),
    probes=many_units,
    observe=look_at_drops,
    rtol=0.0,
    atol=0.06,
    also_right=(
        lambda key, h, rate: h * jax.random.bernoulli(key, 1 - rate, h.shape) / (1 - rate),
        lambda key, h, rate: jnp.where(jax.random.uniform(key, h.shape) < rate, 0.0, h) / (1 - rate),
        lambda key, h, rate: jnp.stack(
            [
                jnp.where(jax.random.uniform(one, h.shape[1:]) >= rate, row / (1 - rate), 0)
                for one, row in zip(jax.random.split(key, len(h)), h, strict=True)
            ]
        ),
    ),
    mistakes=(
        changed(
            drops,
            "not_scaled",
            "Those that stay are not made larger, so the next layer gets less in training than in use: divide "
            "them by `1 - rate`.",
            up=lambda rate: 1.0,
        ),
        changed(
            drops,
            "divided_by_share",
            "Those that stay are divided by `rate`: divide by `1 - rate`.",
            up=lambda rate: 1 / rate,
        ),
        changed(
            drops,
            "made_smaller",
            "Those that stay are MULTIPLIED by `1 - rate`: divide by it.",
            up=lambda rate: 1 - rate,
        ),
        changed(
            drops,
            "drops_the_others",
            "The share that STAYS is `rate` here: `bernoulli(key, p)` is True with probability p, so give it "
            "`1 - rate`.",
            chance=lambda rate: rate,
        ),
        changed(
            drops,
            "one_draw_for_all",
            "One draw decides for all: everything stays or everything goes. Ask for `h.shape` draws.",
            shape=lambda h: (),
        ),
        changed(
            drops,
            "rows_alike",
            "The same units are dropped in EVERY row: ask for one draw for each number, `h.shape`.",
            shape=lambda h: h.shape[1:],
        ),
        changed(
            drops,
            "units_alike",
            "A row loses all of its units or none: ask for one draw for each number, `h.shape`.",
            shape=lambda h: (len(h), 1),
        ),
        changed(
            drops,
            "key_ignored",
            "Every key drops the SAME units: hand on the argument `key`.",
            own=lambda key: jax.random.key(0),
        ),
        changed(
            drops, "not_dropped", "Those that are dropped keep their value: put 0.0 in their place.", gone=lambda h: h
        ),
        Mistake(
            "nothing_dropped",
            lambda key, h, rate: h,
            "Nothing is dropped: draw which numbers stay, with `jax.random.bernoulli`.",
        ),
    ),
    hints=(
        "First draw, for each number of h, whether it stays. Then make two cases of it.",
        "`stays = jax.random.bernoulli(key, 1 - rate, h.shape)`, then `jnp.where(stays, if_it_stays, if_not)`.",
        "A number that stays becomes `h / (1 - rate)`, one that does not becomes 0.0.",
    ),
)
