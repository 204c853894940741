"""Momentum and RMSProp of lesson 12: one update, from the gradients and what the optimiser remembers."""

import jax
import jax.numpy as jnp

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import floats, trees
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

momentum_update = from_lesson(__file__, "momentum_update")


def watch_pair(fn, *args):
    """See an update: two things are to come back, updates first; what is remembered stays as it is handed in."""
    before = jax.tree.map(lambda leaf: leaf, args[1])
    out = fn(*args)
    if not (isinstance(out, tuple | list) and len(out) == 2):
        raise LearnerError("Return two things, first the updates, then what the optimiser remembers.")
    same = jax.tree.structure(before) == jax.tree.structure(args[1])  # type: ignore[operator]
    same = same and all(old is new for old, new in zip(jax.tree.leaves(before), jax.tree.leaves(args[1]), strict=True))
    return {"updates": out[0], "remembered": out[1], "what was handed in is unchanged": same}


def written_out(rule):
    """Give an update that goes through the names, with rule(grad, remembered, step_size, decay) -> (update, new)."""

    def update(grads, state, *settings):
        pairs = {name: rule(grads[name], state[name], *settings) for name in grads}
        return {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}

    return update


def memories(key):
    """Draw (grads, what is remembered, step_size, decay): gradients small and large, on both sides of 0."""
    random = draws(key)

    def size():
        return random.uniform(1, 3, 3).tolist()

    def gradient(largest):
        return (random.uniform(1, largest, 3) * random.choice([-1, 1], 3)).tolist()

    return [
        (dict(w=gradient(largest), b=gradient(3)), dict(w=size(), b=size()), *settings)
        for largest, settings in ((3, (0.1, 0.9)), (12, (0.2, 0.8)), (3, (6.0, 0.6)))
    ]


def many_units(key):
    """Draw the same, and one case with more entries, of another size, that are remembered with both signs."""
    random, cases = draws(jax.random.fold_in(key, 1)), memories(key)
    entries = dict(w1=random.normal(0, 3, 3).tolist(), b1=random.normal(0, 9, 3).tolist(), w2=[2.0, -7.5, 0.3])
    return [*cases, (entries, {name: random.normal(0, 4, 3).tolist() for name in entries}, 7.5, 0.7)]


def an_update(rule):
    """Make a maker of wrong updates: of which part is kept, what is added, what the step uses, and what comes back."""

    def make(
        keep=lambda decay: decay,
        gain=None,
        use=lambda new, old: new,
        sign=-1,
        factor=lambda step_size: step_size,
        out=lambda updates, new, old: (updates, new),
        **parts,
    ):
        def update(grads, state, step_size, decay):
            rules = rule(keep(decay), decay, gain, **parts)
            new = {name: rules[0](grads[name], state[name]) for name in grads}
            updates = {
                name: sign * factor(step_size) * rules[1](grads[name], use(new[name], state[name])) for name in grads
            }
            return out(updates, new, state)

        return update

    return make


def momentum_rule(keep, decay, gain, step=lambda grad, v: v):
    gain = gain or (lambda decay: 1)
    return (lambda grad, v: keep * v + gain(decay) * grad), step


def rmsprop_rule(keep, decay, gain, power=lambda grad: grad**2, step=lambda grad, s: grad / jnp.sqrt(s + 1e-8)):
    gain = gain or (lambda decay: 1 - decay)
    return (lambda grad, s: keep * s + gain(decay) * power(grad)), step


a_momentum, an_rmsprop = an_update(momentum_rule), an_update(rmsprop_rule)


def shared(variant, memory):
    """Give the mistakes that both updates know. memory: what the optimiser remembers, in words."""
    return (
        changed(
            variant,
            "uphill",
            "The updates point UPHILL: they are added to the params later, so they need the minus.",
            sign=1,
        ),
        changed(
            variant,
            "step_size_forgotten",
            "The step size is missing: multiply by `step_size`.",
            factor=lambda step_size: 1,
        ),
        changed(
            variant,
            "stale",
            f"The updates use the OLD {memory}: compute the new one first, then use it.",
            use=lambda new, old: old,
        ),
        changed(
            variant,
            "old_returned",
            f"The updates are right, but the OLD {memory} comes back, so nothing is ever remembered: return the "
            "new one.",
            out=lambda updates, new, old: (updates, old),
        ),
        changed(
            variant,
            "swapped",
            f"The updates come first, then the {memory}: turn the two round in `return`.",
            out=lambda updates, new, old: (new, updates),
        ),
        changed(
            variant,
            "only_updates",
            f"Only the updates come back: return the new {memory} too.",
            out=lambda updates, new, old: updates,
        ),
    )


def at_once(grads, velocity, step_size, decay):
    new = jax.tree.map(lambda v, grad: grad + v * decay, velocity, grads)
    return jax.tree.map(lambda v: v * step_size * -1, new), new


MOMENTUM = Exercise(
    name="momentum_update",
    task="Return `(updates, velocity)`: the new velocity is `decay` times the old one plus the gradients, and the "
    "updates are `-step_size` times the new velocity, for every entry.",
    reference=momentum_update,
    traced=(0, 1),
    domain=dict(grads=trees(), velocity=trees(), step_size=floats(low=0), decay=floats(low=0, high=1)),
    probes=many_units,
    small=((dict(w=[2.0]), dict(w=[10.0]), 0.5, 0.9), (dict(w=[1.0]), dict(w=[0.0]), 0.1, 0.9)),
    observe=watch_pair,
    also_right=(
        at_once,
        written_out(lambda grad, v, step_size, decay: (-step_size * (decay * v + grad), decay * v + grad)),
        a_momentum(),
    ),
    mistakes=(
        *shared(a_momentum, "velocity"),
        changed(
            a_momentum,
            "velocity_forgotten",
            "This is plain gradient descent: the old velocity plays no part. Add `decay` times it.",
            keep=lambda decay: 0,
        ),
        changed(
            a_momentum,
            "decay_forgotten",
            "The old velocity is kept in full, so a ball never slows down: multiply it by `decay`.",
            keep=lambda decay: 1,
        ),
        changed(
            a_momentum,
            "keeps_the_rest",
            "The old velocity is multiplied by `1 - decay`: multiply it by `decay`.",
            keep=lambda decay: 1 - decay,
        ),
        changed(
            a_momentum,
            "averaged",
            "The gradient is multiplied by `1 - decay`, as Adam will do. Here it is added in full.",
            gain=lambda decay: 1 - decay,
        ),
        changed(
            a_momentum,
            "subtracted",
            "The gradient is SUBTRACTED from the velocity: add it. The minus comes in the updates.",
            gain=lambda decay: -1,
        ),
        changed(
            a_momentum,
            "step_of_the_gradient",
            "The velocity is right, but the updates are `-step_size` times the gradient: use the velocity.",
            step=lambda grad, v: grad,
        ),
        Mistake(
            "velocity_holds_the_step",
            written_out(
                lambda grad, v, step_size, decay: (-(decay * v + step_size * grad), decay * v + step_size * grad)
            ),
            "The velocity holds the step size already. That is a convention, and many books have it so; here the "
            "velocity is `decay * v + grad`, and `step_size` comes in the updates.",
        ),
        Mistake(
            "velocity_is_the_step",
            written_out(lambda grad, v, step_size, decay: (decay * v - step_size * grad, decay * v - step_size * grad)),
            "The velocity is the step itself, with the step size and the minus in it. That is a convention, and "
            "many books have it so; here the velocity is `decay * v + grad`, the updates `-step_size` times it.",
        ),
        Mistake(
            "looks_ahead",
            written_out(
                lambda grad, v, step_size, decay: (-step_size * (decay * (decay * v + grad) + grad), decay * v + grad)
            ),
            "This is NESTEROV's momentum, whose updates look one step ahead: `decay` times the new velocity, plus "
            "the gradient again. Here they are `-step_size` times the new velocity alone.",
        ),
    ),
    hints=(
        "Two lines, two formulas. `jax.tree.map` runs a small function over the entries of one dict, or of two.",
        "First `velocity = jax.tree.map(lambda v, grad: ..., velocity, grads)`, then the updates from that velocity.",
        "In place of the dots: `decay * v + grad`. The updates: `jax.tree.map(lambda v: -step_size * v, velocity)`.",
    ),
)


rmsprop_update = from_lesson(__file__, "rmsprop_update")


RMSPROP = Exercise(
    name="rmsprop_update",
    task="Return `(updates, square)`: the new square is `decay` times the old one plus `1 - decay` times the squared "
    "gradients; the updates are `-step_size` times the gradients, over the root of the new square + 1e-8.",
    reference=rmsprop_update,
    traced=(0, 1),
    domain=dict(grads=trees(), square=trees(low=0), step_size=floats(low=0), decay=floats(low=0, high=1)),
    probes=memories,
    small=((dict(w=[2.0]), dict(w=[0.0]), 0.1, 0.75), (dict(w=[4.0]), dict(w=[1.0]), 0.5, 0.8)),
    observe=watch_pair,
    rtol=2e-4,
    also_right=(
        written_out(
            lambda grad, s, step_size, decay: (
                -step_size * grad / (jnp.sqrt(decay * s + (1 - decay) * grad * grad) + 1e-8),
                decay * s + (1 - decay) * grad * grad,
            )
        ),
        written_out(
            lambda grad, s, step_size, decay: (
                -step_size * grad * (s + (1 - decay) * (grad**2 - s) + 1e-8) ** -0.5,
                s + (1 - decay) * (grad**2 - s),
            )
        ),
        an_rmsprop(),
    ),
    mistakes=(
        *shared(an_rmsprop, "square"),
        changed(
            an_rmsprop,
            "not_squared",
            "The running mean is of the gradients themselves, which may be negative: square them first.",
            power=lambda grad: grad,
        ),
        changed(
            an_rmsprop, "absolute", "The running mean is of the SIZE of the gradients: square them.", power=jnp.abs
        ),
        changed(
            an_rmsprop,
            "no_root",
            "The gradient is divided by the square itself: take its root, `jnp.sqrt`, so that the units cancel.",
            step=lambda grad, s: grad / (s + 1e-8),
        ),
        changed(
            an_rmsprop,
            "not_divided",
            "The square is right, but the updates are plain gradient descent: divide by its root.",
            step=lambda grad, s: grad,
        ),
        changed(
            an_rmsprop,
            "multiplied",
            "The gradient is MULTIPLIED by the root: divide by it.",
            step=lambda grad, s: grad * jnp.sqrt(s + 1e-8),
        ),
        changed(
            an_rmsprop,
            "added_in_full",
            "The squared gradient is added in full, so the square grows too large: multiply it by `1 - decay`.",
            gain=lambda decay: 1,
        ),
        Mistake(
            "decay_turned_round",
            an_rmsprop(keep=lambda decay: 1 - decay, gain=lambda decay: decay),
            "The decay is the wrong way round: `decay` belongs to the OLD square, `1 - decay` to the new one.",
        ),
        Mistake(
            "summed",
            an_rmsprop(keep=lambda decay: 1, gain=lambda decay: 1),
            "This is the SUM of all squares, as in Adagrad, so the steps only ever shrink: keep `decay` of the old "
            "square, and add `1 - decay` of the new one.",
        ),
        changed(
            an_rmsprop, "old_forgotten", "The old square plays no part: add `decay` times it.", keep=lambda decay: 0
        ),
    ),
    hints=(
        "Again two lines. Only the rule is new: a running mean of squares, and a division by its root.",
        "`square = jax.tree.map(lambda s, grad: ..., square, grads)`; the updates need `square` and `grads` as well.",
        "`decay * s + (1 - decay) * grad**2` for the square, `-step_size * grad / jnp.sqrt(s + 1e-8)` for the updates.",
    ),
)
