"""Exercises of lesson 12: training in practice. Many starts at once are here; the rest stands in files by subject."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import FUNCTION, KEYS
from dl_workshop.exercises.exercise import Exercise, Mistake, changed
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_12_training_in_practice.adam import ADAM
from dl_workshop.lessons.lesson_12_training_in_practice.lab import LAB
from dl_workshop.lessons.lesson_12_training_in_practice.steps import MOMENTUM, RMSPROP

best_of = from_lesson(__file__, "best_of")


def place(key):
    """Give a number that stands for a start, between 0 and 1."""
    return jax.random.uniform(key)


def begins_the_other_way_round(key):
    u = place(key)
    return dict(w=jnp.stack([u, -u]), b=u), jnp.stack([2 - u, 1.5 * jnp.ones(()), u])


def dips_on_the_way(key):
    u = place(key)
    return dict(w=jnp.stack([3 * u, u]), b=-u), jnp.stack([2 + u, -u, u])


def sorted_starts(key):
    """Give keys of six starts: the lowest end is that of the fourth, the highest that of the second."""
    keys = jax.random.split(key, 6)
    order = np.argsort(np.asarray(jax.vmap(place)(keys)))
    return keys[order[np.array([2, 5, 3, 0, 1, 4])]]


def starts(key):
    """Draw (train_from, keys): one whose first losses mislead, one whose lowest loss is on the way."""
    one, other = jax.random.split(key)
    return [
        (begins_the_other_way_round, sorted_starts(one)),
        (dips_on_the_way, sorted_starts(other)),
        (begins_the_other_way_round, sorted_starts(other)[:5]),
    ]


def watch_restarts(fn, train_from, keys):
    """See the params and the losses, and how often one training was called for."""
    calls = []

    def counted(key):
        calls.append(key)
        return train_from(key)

    out = fn(counted, keys)
    if not (isinstance(out, tuple | list) and len(out) == 2):
        raise LearnerError("Return two things: the params of the best run, then the losses of all runs.")
    return {"params": out[0], "losses": out[1], "`train_from` is called once, for all keys together": len(calls) == 1}


def a_search(
    score=lambda losses: losses[:, -1],
    pick=jnp.argmin,
    params=lambda leaf, best: leaf[best],
    losses=lambda losses, best: losses,
    keys=lambda keys: keys,
    out=lambda params, losses: (params, losses),
):
    """Make a search of how a run is scored, which one is picked, and what of it comes back."""

    def search(train_from, all_keys):
        trained, seen = jax.vmap(train_from)(keys(all_keys))
        best = pick(score(seen))
        return out(jax.tree.map(lambda leaf: params(leaf, best), trained), losses(seen, best))

    return search


def one_at_a_time(train_from, keys):
    runs = [train_from(key) for key in keys]
    losses = jnp.stack([one for _, one in runs])
    return runs[int(jnp.argmin(losses[:, -1]))][0], losses


def sorted_by_end(train_from, keys):
    params, losses = jax.jit(jax.vmap(train_from))(keys)
    first = jnp.argsort(losses[:, -1])[0]
    return {name: jnp.take(leaf, first, axis=0) for name, leaf in params.items()}, losses


BEST_OF = Exercise(
    name="best_of",
    task="Train from all `keys` at once with `jax.vmap(train_from)`. Return the params of the run whose LAST loss is "
    "the lowest, and the losses of all runs.",
    reference=best_of,
    domain=dict(train_from=FUNCTION, keys=KEYS),
    probes=starts,
    observe=watch_restarts,
    also_right=(
        sorted_by_end,
        a_search(pick=lambda ends: jnp.nanargmin(ends)),
        lambda train_from, keys: (
            lambda params, losses: (jax.tree.map(lambda leaf: leaf[losses.T[-1].argmin()], params), losses)
        )(*jax.vmap(train_from)(keys)),
    ),
    mistakes=(
        changed(
            a_search,
            "worst",
            "These are the params of the WORST run: the lowest loss is at `jnp.argmin`.",
            pick=jnp.argmax,
        ),
        changed(
            a_search,
            "by_the_first_loss",
            "The run is chosen by its FIRST loss, before any training: take the last, `losses[:, -1]`.",
            score=lambda losses: losses[:, 0],
        ),
        changed(
            a_search,
            "lowest_on_the_way",
            "The run is chosen by the lowest loss ON ITS WAY, but its params are those of the end: compare the "
            "last losses, `losses[:, -1]`.",
            score=lambda losses: losses.min(axis=1),
        ),
        changed(
            a_search,
            "last_run_alone",
            "`losses[-1]` is the last RUN with all its steps. The last loss of every run is `losses[:, -1]`.",
            score=lambda losses: losses[-1],
        ),
        changed(
            a_search,
            "first_run",
            "These are always the params of the FIRST run: find the best with `jnp.argmin`.",
            pick=lambda scores: 0,
        ),
        changed(
            a_search,
            "all_params",
            "The params of ALL runs come back: take the best one's, `leaf[best]` for every leaf.",
            params=lambda leaf, best: leaf,
        ),
        changed(
            a_search,
            "losses_of_the_best",
            "Only the losses of the BEST run come back: return those of all runs.",
            losses=lambda losses, best: losses[best],
        ),
        changed(
            a_search,
            "one_key_for_all",
            "All runs start from the FIRST key, so they are one run many times.",
            keys=lambda keys: jnp.broadcast_to(keys[0], keys.shape),
        ),
        changed(
            a_search,
            "swapped",
            "The params come first, then the losses: turn the two round in `return`.",
            out=lambda params, losses: (losses, params),
        ),
        changed(
            a_search,
            "only_params",
            "Only the params come back: return the losses of all runs too.",
            out=lambda params, losses: params,
        ),
        Mistake(
            "one_at_a_time",
            one_at_a_time,
            "Right, but one run after the other: `jax.vmap(train_from)(keys)` trains all of them at once.",
        ),
    ),
    hints=(
        "`jax.vmap(train_from)` is a function of many keys. What it returns has one more axis in front: the run.",
        "`params, losses = jax.vmap(train_from)(keys)`. Now `losses` is (runs, steps). Which run ends lowest?",
        "`best = jnp.argmin(losses[:, -1])`, and then `leaf[best]` for every leaf of params, with `jax.tree.map`.",
    ),
)

EXERCISES = (MOMENTUM, RMSPROP, ADAM, BEST_OF, *LAB)
