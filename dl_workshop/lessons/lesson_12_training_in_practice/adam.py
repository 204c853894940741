"""Adam of lesson 12: one update, with the two running means made up for their start at 0."""

import jax.numpy as jnp

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import floats, trees, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_12_training_in_practice.steps import watch_pair

adam_update = from_lesson(__file__, "adam_update")


def watch_adam(fn, *args):
    """See an update: its new state is to be three things, as the old one is."""
    seen = watch_pair(fn, *args)
    state = seen["remembered"]
    if not (isinstance(state, tuple | list) and len(state) == 3):
        raise LearnerError("The second thing to return is the new state, three things again: `(t, mean, square)`.")
    t, mean, square = state
    return {
        "updates": seen["updates"],
        "t": t,
        "mean": mean,
        "square": square,
        "what was handed in is unchanged": seen["what was handed in is unchanged"],
    }


def an_adam(
    corrects=(True, True),
    power=lambda grad, m: grad**2,
    over=jnp.sqrt,
    moved=lambda grad, m: m,
    sign=-1,
    factor=lambda step_size: step_size,
    decays=lambda one, other: (one, other),
    count=lambda t: t + 1,
    counted=lambda t: t + 1,
    keeps=False,
    out=lambda updates, state: (updates, state),
    averages=lambda one, other: (one, other),
    left=lambda decay, t: decay**t,
):
    """Make an Adam of its parts: what is averaged, corrected, squared, divided by and kept, and how it counts."""

    def update(grads, state, step_size, b1, b2):
        one, other = decays(b1, b2)
        first, second = averages(one, other)
        t, mean, square = count(state[0]), {}, {}
        updates = {}
        kept: tuple[dict, dict] = ({}, {})
        for name, grad in grads.items():
            mean[name] = first * state[1][name] + (1 - first) * grad
            square[name] = second * state[2][name] + (1 - second) * power(grad, mean[name])
            m = moved(grad, mean[name]) / (1 - left(one, t) if corrects[0] else 1)
            s = square[name] / (1 - left(other, t) if corrects[1] else 1)
            updates[name] = sign * factor(step_size) * m / (over(s) + 1e-8)
            kept[0][name], kept[1][name] = m, s
        return out(updates, (counted(state[0]), *(kept if keeps else (mean, square))))

    return update


def steps(key):
    """Draw (grads, state, step_size, b1, b2): a first step, and two later ones."""
    random = draws(key)

    def values(low=1.0):
        return dict(w=random.uniform(low, 3, 3).tolist(), b=random.uniform(low, 3, 3).tolist())

    nothing = dict(w=[0.0] * 3, b=[0.0] * 3)
    large = dict(w=[-8.0, 0.5, 6.5], b=random.normal(0, 9, 3).tolist())
    return [
        (values(-3.0), (0, nothing, nothing), 0.1, 0.9, 0.999),
        (values(-3.0), (4, values(), values()), 0.2, 0.8, 0.95),
        (values(), (1, values(), values()), 0.05, 0.9, 0.99),
        (large, (15, large, dict(w=[30.0, 1.5, 9.0], b=[0.3, 2.0, 40.0])), 7.5, 0.9, 0.97),
    ]


def written_out(grads, state, step_size, b1, b2):
    t, mean, square = state[0] + 1, {}, {}
    updates = {}
    for name, grad in grads.items():
        mean[name] = b1 * state[1][name] + (1 - b1) * grad
        square[name] = b2 * state[2][name] + (1 - b2) * grad * grad
        root = jnp.sqrt(square[name] / (1 - b2**t) + 1e-16)
        updates[name] = -step_size / root * mean[name] / (1 - b1**t)
    return updates, (t, mean, square)


ADAM = Exercise(
    name="adam_update",
    task="Return `(updates, (t, mean, square))`: count t up, move both running means, and make the updates of the "
    "means divided by `1 - decay**t`, which makes up for their start at 0.",
    reference=adam_update,
    traced=(0, 1),
    domain=dict(
        grads=trees(),
        state=(wholes(low=0), trees(), trees(low=0)),
        step_size=floats(low=0),
        b1=floats(low=0, high=1),
        b2=floats(low=0, high=1),
    ),
    probes=steps,
    small=(
        (dict(w=[2.0]), (0, dict(w=[0.0]), dict(w=[0.0])), 0.1, 0.5, 0.75),
        (dict(w=[2.0]), (1, dict(w=[1.0]), dict(w=[1.0])), 0.1, 0.5, 0.75),
    ),
    observe=watch_adam,
    rtol=1e-3,
    also_right=(written_out, an_adam()),
    mistakes=(
        changed(
            an_adam,
            "no_correction",
            "Nothing makes up for the start at 0, so the first updates are far off: divide the mean by "
            "`1 - b1**t`, the square by `1 - b2**t`.",
            corrects=(False, False),
        ),
        changed(
            an_adam,
            "mean_not_corrected",
            "The mean is not corrected: divide it by `1 - b1**t` for the updates.",
            corrects=(False, True),
        ),
        changed(
            an_adam,
            "square_not_corrected",
            "The square is not corrected: divide it by `1 - b2**t` for the updates.",
            corrects=(True, False),
        ),
        changed(
            an_adam,
            "corrected_kept",
            "The updates are right, but the CORRECTED means are kept in the state, and the next step would correct "
            "them again: return them as they were before.",
            keeps=True,
        ),
        changed(
            an_adam, "no_root", "The mean is divided by the square itself: take its root, `jnp.sqrt`.", over=lambda s: s
        ),
        changed(
            an_adam,
            "old_count",
            "The correction uses the OLD count, which is 0 in the first step: add 1 to t first.",
            count=lambda t: t,
        ),
        changed(
            an_adam,
            "one_behind",
            "The correction uses a count that is one BEHIND: in the first step t is 1, in the second 2.",
            count=lambda t: jnp.maximum(t, 1),
        ),
        changed(
            an_adam,
            "one_ahead",
            "The correction uses a count that is one AHEAD: in the first step t is 1, so add 1 to it only once.",
            count=lambda t: t + 2,
        ),
        changed(
            an_adam,
            "times_the_count",
            "The correction uses `decay * t`: it needs the POWER, `decay**t`, the share of the start that is left.",
            left=lambda decay, t: decay * t,
        ),
        changed(
            an_adam,
            "count_stays",
            "The count that comes back has not grown: return `t + 1` in the state.",
            counted=lambda t: t,
        ),
        changed(
            an_adam,
            "decays_swapped",
            "The two decays are swapped: `b1` belongs to the mean, `b2` to the square.",
            decays=lambda one, other: (other, one),
        ),
        Mistake(
            "corrections_swapped",
            an_adam(decays=lambda one, other: (other, one), averages=lambda one, other: (other, one)),
            "The running means are right, but their corrections are swapped: the mean is divided by "
            "`1 - b1**t`, the square by `1 - b2**t`.",
        ),
        changed(
            an_adam,
            "averages_swapped",
            "The corrections are right, but in the running means the two decays are swapped: `b1` belongs to "
            "the mean, `b2` to the square.",
            averages=lambda one, other: (other, one),
        ),
        changed(
            an_adam,
            "no_momentum",
            "This is RMSProp with a correction: the updates should use the running MEAN of the gradients.",
            moved=lambda grad, m: grad,
        ),
        changed(
            an_adam,
            "square_of_the_mean",
            "The square is fed with the MEAN squared: feed it with the gradient squared.",
            power=lambda grad, m: m**2,
        ),
        changed(
            an_adam,
            "not_squared",
            "The square is fed with the gradient itself: square it first.",
            power=lambda grad, m: grad,
        ),
        changed(an_adam, "uphill", "The updates point UPHILL: they need the minus.", sign=1),
        changed(
            an_adam,
            "step_size_forgotten",
            "The step size is missing: multiply by `step_size`.",
            factor=lambda step_size: 1,
        ),
        changed(
            an_adam,
            "swapped",
            "The updates come first, then the state: turn the two round in `return`.",
            out=lambda updates, state: (state, updates),
        ),
        Mistake(
            "only_updates",
            lambda *args: adam_update(*args)[0],
            "Only the updates come back: return the new state too, `(t, mean, square)`.",
        ),
    ),
    hints=(
        "It is momentum and RMSProp one above the other: a running mean, a running square, and one over the other.",
        "Four things in order: `t + 1`; the new mean; the new square; the updates, from the two new ones corrected.",
        "For one entry with mean m and square s: `-step_size * (m / (1 - b1**t)) / (jnp.sqrt(s / (1 - b2**t)) "
        "+ 1e-8)`.",
    ),
)
