"""The weights of a net in lesson 10: the sum of their squares, and how many are next to 0."""

import itertools

import jax.numpy as jnp

from dl_workshop.exercises.domain import floats, trees
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

l2_term = from_lesson(__file__, "l2_term")


def of(letter, *numbers):
    """Give the names among params that start with a letter, or only these of them."""
    return lambda params: [name for name in params if name.startswith(letter) and (not numbers or name[1:] in numbers)]


weights = of("w")


def a_term(names=weights, size=jnp.square, inside=jnp.sum, end=lambda total: total):
    """Make a penalty of its parts: whose entries, what of each, what of a layer, and what of the whole."""
    return lambda params: end(sum(inside(size(params[name])) for name in names(params)))


def nets(key):
    """Draw params of nets with two and with three layers, large and small weights among them."""
    random = draws(key)

    def net(*widths, spread=1.5):
        shapes = [(f"w{i}", (a, b)) for i, (a, b) in enumerate(itertools.pairwise(widths), start=1)]
        return {name: random.normal(0, spread, shape).tolist() for name, shape in shapes} | {
            f"b{i}": random.normal(0, spread, b).tolist() for i, b in enumerate(widths[1:], start=1)
        }

    return [(net(1, 3, 1),), (net(1, 3, 1),), (net(2, 3, 3, 1, spread=8),)]


TINY = dict(w1=[[1.0, -2.0]], b1=[5.0, 0.0], w2=[[0.0], [-4.0]], b2=[3.0])

L2_TERM = Exercise(
    name="l2_term",
    task="Return the sum of the squares of all weights of a net: all entries of `params` whose name starts with w.",
    reference=l2_term,
    domain=dict(params=trees()),
    probes=nets,
    small=((TINY,), (dict(w1=[[2.0]], b1=[1.0], w2=[[3.0]], b2=[0.0]),)),
    also_right=(
        lambda params: jnp.sum(jnp.concatenate([jnp.ravel(w) for name, w in params.items() if name[0] == "w"]) ** 2),
        lambda params: sum(jnp.vdot(w, w) for name, w in params.items() if not name.startswith("b")),
    ),
    mistakes=(
        changed(
            a_term,
            "biases_too",
            "The biases are counted, too. They only move a unit's bend to and fro: leave them free, and take the "
            "names that start with w.",
            names=list,
        ),
        changed(a_term, "biases_only", "These are the biases: take the names that start with w.", names=of("b")),
        changed(
            a_term,
            "first_layer_only",
            "Only `w1` is counted: go through ALL names that start with w.",
            names=of("w", "1"),
        ),
        changed(
            a_term,
            "two_layers_only",
            "Only `w1` and `w2` are counted, but a net may have more layers: go through all names in params.",
            names=of("w", "1", "2"),
        ),
        changed(
            a_term,
            "absolute",
            "This is the sum of ABSOLUTE values, the L1 term: for L2 square each weight.",
            size=jnp.abs,
        ),
        changed(
            a_term,
            "not_squared",
            "The weights are added up as they are, so that those above and below 0 cancel: square each first.",
            size=lambda w: w,
        ),
        changed(
            a_term,
            "mean",
            "These are MEANS of squares, layer by layer: add the squares up, `jnp.sum`.",
            inside=jnp.mean,
        ),
        changed(
            a_term,
            "root",
            "This is the square ROOT of the sum, the L2 norm: the term of the loss has no root.",
            end=jnp.sqrt,
        ),
        changed(
            a_term,
            "half",
            "Some books put 1/2 in front; we do not. Return the sum of the squares.",
            end=lambda total: total / 2,
        ),
        Mistake(
            "square_of_the_sum",
            lambda params: sum(jnp.sum(params[name]) ** 2 for name in weights(params)),
            "This squares the SUM of each layer: square each weight first, then add.",
        ),
    ),
    hints=(
        "A net is a dict. Which of its entries are weights, and how do their names differ from those of the biases?",
        "`jnp.sum(params[name] ** 2)` is the sum for one entry. Add these for each `name.startswith('w')`.",
        "`sum(... for name in params if name.startswith('w'))` adds numbers up, one for each such name.",
    ),
    differentiable=0,
)


count_small = from_lesson(__file__, "count_small")


def a_count(names=weights, size=jnp.abs, small=lambda size, near: size <= near, inside=jnp.sum):
    """Make a count of its parts: whose entries, what of each is compared, how, and what of a layer."""
    return lambda params, near: sum(inside(small(size(params[name]), near)) for name in names(params))


def share(params, near):
    return count_small(params, near) / sum(jnp.size(params[name]) for name in weights(params))


COUNT_SMALL = Exercise(
    name="count_small",
    task="Count the weights that are at most `near` away from 0, on either side. Biases do not count.",
    reference=count_small,
    domain=dict(params=trees(), near=floats(low=0)),
    probes=lambda key: [(params, near) for (params,), near in zip(nets(key), (1.0, 0.5, 7.5), strict=True)],
    small=(
        (TINY, 0.5),
        (TINY, 1.0),
        (TINY, 2.0),
        (dict(w1=[[1.3, -0.4]], b1=[0.0, 0.0], w2=[[0.6], [2.2]], b2=[0.0]), 1.0),
        (dict(w1=[[0.1, 0.0]], b1=[0.0, 0.0], w2=[[2.0], [0.005]], b2=[0.0]), 0.2),
    ),
    also_right=(
        lambda params, near: jnp.sum(
            jnp.abs(jnp.concatenate([jnp.ravel(w) for name, w in params.items() if name[0] == "w"])) <= near
        ),
        lambda params, near: sum(
            jnp.count_nonzero((w >= -near) & (w <= near)) for name, w in params.items() if name.startswith("w")
        ),
    ),
    mistakes=(
        changed(
            a_count,
            "no_abs",
            "Every weight below 0 is counted, -4 as well: take its distance from 0, `jnp.abs`.",
            size=lambda w: w,
        ),
        changed(a_count, "biases_too", "The biases are counted, too: take the names that start with w.", names=list),
        changed(
            a_count,
            "first_layer_only",
            "Only `w1` is looked at: go through ALL names that start with w.",
            names=of("w", "1"),
        ),
        changed(
            a_count,
            "large_ones",
            "These are the LARGE weights: count those that are at most `near` from 0.",
            small=lambda size, near: size > near,
        ),
        changed(
            a_count,
            "below_only",
            'A weight exactly `near` away from 0 is left out: "at most" is `<=`.',
            small=lambda size, near: size < near,
        ),
        changed(
            a_count,
            "exact_zeros",
            "Only weights that are exactly 0 are counted. Descent hardly ever lands there: compare with `near`.",
            small=lambda size, near: size == 0,
        ),
        Mistake("share", share, "This is a SHARE of the weights: return their number."),
        changed(
            a_count,
            "near_ignored",
            "It counts with 0.01 whatever `near` is: use the argument.",
            small=lambda size, near: size <= 0.01,
        ),
        changed(
            a_count,
            "summed",
            "The small weights are ADDED UP here: add up the answers of `<=`, where True counts as 1.",
            small=lambda size, near: jnp.where(size <= near, size, 0.0),
        ),
    ),
    hints=(
        "When is a weight close to 0? -4 is below 0, but not close to it.",
        "`jnp.abs(w) <= near` is True or False for each weight. `jnp.sum` of that counts the True ones.",
        "Add `jnp.sum(jnp.abs(params[name]) <= near)` for each name that starts with w.",
    ),
)
