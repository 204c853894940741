"""Early stopping in lesson 10: the loop that keeps the best params, not the last."""
# The reference is shown to learners as a solution, as the notebook writes it: without a docstring.

import math

import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import FUNCTION, trees, wholes
from dl_workshop.exercises.exercise import Exercise, changed, draws
from dl_workshop.exercises.solutions import from_lesson

train_early = from_lesson(__file__, "train_early")


def early(
    better=lambda now, before: now < min(before),
    keep=lambda best, state, first: best,
    reset=lambda waited: 0,
    ends=lambda waited, patience: waited == patience,
    rounds=lambda n_steps: n_steps,
    losses=lambda val_losses: val_losses,
):
    """Make early stopping of its parts: when a state is better, what comes back, and how it waits and ends."""

    def train(state, step, val_loss, n_steps, patience):
        first, best, seen, waited = state, state, [float(val_loss(state))], 0
        for _ in range(rounds(n_steps)):
            state = step(state)
            seen.append(float(val_loss(state)))
            waited += 1
            if better(seen[-1], seen[:-1]):
                best, waited = state, reset(waited)
            if ends(waited, patience):
                break
        return keep(best, state, first), losses(seen)

    return train


def with_two_numbers(state, step, val_loss, n_steps, patience):
    best, best_loss, waited, seen = state, math.inf, 0, []
    for i in range(n_steps + 1):
        state = step(state) if i else state
        loss = val_loss(state)
        seen.append(loss)
        best, best_loss, waited = (state, loss, 0) if loss < best_loss else (best, best_loss, waited + 1)
        if waited == patience:
            break
    return best, np.array(seen)


def step(state):
    """Take one step; the state says how many there have been."""
    return dict(w=state["w"] + 1.0)


def along(values):
    """Give a validation loss that takes these values step by step, and the last of them for ever after."""
    values = [float(value) for value in values]

    def val_loss(state):
        return values[min(int(state["w"]), len(values) - 1)]

    return val_loss


# Falls, waits, falls, rises below its start, falls a little, and falls far when it is too late.
BUMPY = [9, 7, 8, 7.5, 6, 4, 5, 4.5, 3, 3, 5, 4, 3.5, 6, 2, 1]
TO_AND_FRO = [10, 11, 9, 11, 9, 12, 12, 12, 12, 12]  # about the loss of the start
START = dict(w=0.0)


def long_stories(key):
    """Draw validation losses that fall, turn and rise, with bumps."""
    random = draws(key)

    def story(turn, n, bumps):
        at = np.arange(n)
        return np.round(np.abs(at - turn) + bumps * random.uniform(0, 1, n) + 2, 2)

    return [
        (START, step, along(values), n_steps, patience)
        for values, n_steps, patience in (
            (story(8, 30, 3), 29, 4),
            (story(12, 30, 3), 20, 5),
            (story(20, 30, 0), 9, 3),
            (story(-1, 20, 0), 12, 3),
            ([*story(6, 12, 0), *story(8, 9, 3)], 30, 6),
            (0.004 * story(8, 40, 4), 29, 12),
        )
    ]


def watch_early(fn, state, step, val_loss, n_steps, patience):
    """See which state comes back, and how many losses were looked at."""
    taken = 0

    def counted(state):
        nonlocal taken
        taken += 1
        if taken > 10 * n_steps + 50:
            raise LearnerError("It goes on stepping for ever: take at most `n_steps` steps.")
        return step(state)

    out = fn(state, counted, val_loss, n_steps, patience)
    if not (isinstance(out, tuple | list) and len(out) == 2):
        raise LearnerError("`train_early` should return two things: `return best, val_losses`.")
    best, val_losses = out
    if not isinstance(best, dict):
        raise LearnerError("The best state comes first, then the losses: `return best, val_losses`.")
    if np.ndim(val_losses) != 1:
        raise LearnerError("`val_losses` should hold the validation loss of the start and after each step, in a list.")
    return {
        "the state that comes back is that of step": float(best["w"]),
        "steps taken": float(taken),
        "validation losses": np.array([float(value) for value in val_losses]),
    }


TRAIN_EARLY = Exercise(
    name="train_early",
    task="Take up to `n_steps` steps. Stop once `patience` steps in a row brought no new lowest validation loss. "
    "Return the state with the lowest one, and all validation losses, the first from before the first step.",
    reference=train_early,
    domain=dict(state=trees(), step=FUNCTION, val_loss=FUNCTION, n_steps=wholes(low=1), patience=wholes(low=1)),
    probes=long_stories,
    small=(
        (START, step, along(BUMPY), 15, 2),
        (START, step, along(BUMPY), 15, 4),
        (START, step, along(BUMPY), 4, 9),
        (START, step, along(TO_AND_FRO), 9, 3),
    ),
    observe=watch_early,
    also_right=(early(), with_two_numbers, early(ends=lambda waited, patience: waited >= patience)),
    mistakes=(
        changed(
            early,
            "keeps_the_last",
            "It stops in time, but gives back the LAST state, `patience` steps too far: return the best.",
            keep=lambda best, state, first: state,
        ),
        changed(
            early,
            "keeps_the_first",
            "It gives back the START: keep the state of each new lowest loss.",
            keep=lambda best, state, first: first,
        ),
        changed(
            early,
            "never_stops",
            "It keeps the best state, but never stops early: leave the loop once it has waited `patience` steps.",
            ends=lambda waited, patience: False,
        ),
        changed(
            early,
            "never_resets",
            "It stops after `patience` steps whatever they brought: a new lowest loss sets the count back to 0.",
            reset=lambda waited: waited,
        ),
        changed(
            early,
            "counts_on",
            "It counts ALL steps that brought nothing new: only those in a row count, so a new lowest loss sets "
            "the count back to 0.",
            reset=lambda waited: waited - 1,
        ),
        changed(
            early,
            "better_than_the_last",
            "A step counts as better when its loss is below the one BEFORE: compare with the lowest so far.",
            better=lambda now, before: now < before[-1],
        ),
        changed(
            early,
            "better_than_the_start",
            "Every loss below that of the START counts as the best: compare with the lowest so far.",
            better=lambda now, before: now < before[0],
        ),
        changed(
            early,
            "ties_count",
            "A loss EQUAL to the lowest counts as new: it should be below it, `<`.",
            better=lambda now, before: now <= min(before),
        ),
        changed(
            early,
            "one_late",
            "It waits one step too long: stop when it has waited `patience` steps.",
            ends=lambda waited, patience: waited > patience,
        ),
        changed(
            early,
            "first_rise",
            "It stops at the FIRST step that is no better: wait for `patience` of them.",
            ends=lambda waited, patience: waited >= 1,
        ),
        changed(
            early,
            "worst",
            "It keeps the state with the HIGHEST loss: lower is better.",
            better=lambda now, before: now > max(before),
        ),
        changed(
            early,
            "first_loss_missing",
            "The validation loss of the start is missing from the list: look once before the first step.",
            losses=lambda val_losses: val_losses[1:],
        ),
    ),
    hints=(
        "Walk on, but carry three things along: the best state so far, all losses so far, and how long you waited.",
        "In each round: step, look at the validation loss, count one more step waited; a new lowest loss sets `best` "
        "to the state and the count to 0.",
        "New is what is below the lowest so far, `loss < min(val_losses)`, asked before you append it. `break` leaves "
        "the loop when `waited == patience`.",
    ),
)
