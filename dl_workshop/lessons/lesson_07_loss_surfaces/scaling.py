"""Scaling in lesson 07: two ways to choose a shift and a width for each column, and the way back."""

import jax.numpy as jnp

from dl_workshop.exercises.domain import floats
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

standard = from_lesson(__file__, "standard")
min_max = from_lesson(__file__, "min_max")
unscale = from_lesson(__file__, "unscale")


def a_scaling(shift, width):
    """Make a scaling of its two rules, applied along an axis; the default is a right one."""

    def variant(shift=shift, width=width, axis=0, end=lambda shift, width, x: (shift, width)):
        return lambda x: end(shift(x, axis), width(x, axis), x)

    return variant


def spread(x, axis):
    """Give the largest minus the smallest value."""
    return jnp.max(x, axis=axis) - jnp.min(x, axis=axis)


a_standard, a_min_max = a_scaling(jnp.mean, jnp.std), a_scaling(jnp.min, spread)


def forms(variant):
    """Give the mistakes that both scalings share: which numbers are taken together, and what is returned."""
    return (
        changed(
            variant,
            "whole_table",
            "The whole table gets ONE pair of numbers: with `axis=0` every column gets its own.",
            axis=None,
        ),
        changed(
            variant,
            "along_the_rows",
            "This goes along the rows, mixing columns with different units: write `axis=0`.",
            axis=-1,
        ),
        changed(
            variant,
            "swapped",
            "The two are swapped: `shift` comes first, then `width`.",
            end=lambda shift, width, x: (width, shift),
        ),
        changed(
            variant,
            "scaled_x",
            "This is x, scaled already. Return the pair (shift, width): a new house has to be scaled with it too.",
            end=lambda shift, width, x: (x - shift) / width,
        ),
        changed(
            variant,
            "only_the_width",
            "Only the width comes back: return the pair (shift, width).",
            end=lambda shift, width, x: width,
        ),
    )


def columns(key):
    """Draw one column, and tables whose columns have units of their own."""
    random = draws(key)
    table = random.normal(size=(3, 2)) * (3, 40) + (5, -20)
    return [(random.uniform(0, 8, 3).tolist(),), (table.tolist(),), (table[:, ::-1].tolist(),)]


SMALL = (([1.0, 2.0, 6.0],), ([[0.0, 10.0], [2.0, 50.0], [7.0, 30.0]],))

STANDARD = Exercise(
    name="standard",
    task="Return the pair (shift, width) that brings each column of `x` to mean 0 and standard deviation 1.",
    reference=standard,
    domain=dict(x=floats("n *d")),
    probes=columns,
    small=SMALL,
    also_right=(
        lambda x: (x.mean(0), x.std(0)),
        lambda x: (sum(x) / len(x), jnp.sqrt(jnp.mean((x - jnp.mean(x, axis=0)) ** 2, axis=0))),
    ),
    mistakes=(
        *forms(a_standard),
        changed(a_standard, "variance", "The width is the VARIANCE here: take its root, or `jnp.std`.", width=jnp.var),
        changed(
            a_standard,
            "n_minus_1",
            "This divides by n - 1, as pandas does: `jnp.std` divides by n unless told otherwise.",
            width=lambda x, axis: jnp.std(x, axis=axis, ddof=1),
        ),
        changed(
            a_standard,
            "range",
            "The width is largest minus smallest, which is `min_max`: here it is `jnp.std`.",
            width=spread,
        ),
        changed(a_standard, "median", "The shift is the MEDIAN here: take the mean.", shift=jnp.median),
    ),
    hints=(
        "Two numbers for each column: where it lies, and how far it spreads.",
        "`jnp.mean` and `jnp.std` with `axis=0` go down the columns.",
        "Return the mean first, then the standard deviation, both along `axis=0`.",
    ),
)

MIN_MAX = Exercise(
    name="min_max",
    task="Return the pair (shift, width) that brings each column of `x` to the range from 0 to 1.",
    reference=min_max,
    domain=dict(x=floats("n *d")),
    probes=columns,
    small=SMALL,
    also_right=(
        lambda x: (x.min(0), x.max(0) - x.min(0)),
        lambda x: (jnp.sort(x, axis=0)[0], jnp.ptp(x, axis=0)),
    ),
    mistakes=(
        *forms(a_min_max),
        changed(
            a_min_max,
            "width_is_the_maximum",
            "The width is the largest value here: take the smallest one away from it.",
            width=jnp.max,
        ),
        changed(a_min_max, "from_the_mean", "The shift is the mean here: take the smallest value.", shift=jnp.mean),
        changed(
            a_min_max, "from_the_maximum", "The shift is the largest value here: take the smallest one.", shift=jnp.max
        ),
        changed(
            a_min_max,
            "deviation",
            "The width is the standard deviation, as in `standard`: take the largest value minus the smallest.",
            width=jnp.std,
        ),
    ),
    hints=(
        "The smallest value must become 0, so what is taken away? The largest must become 1: what is left of it then?",
        "`jnp.min` and `jnp.max`, both with `axis=0`.",
        "The shift is the smallest value of the column, the width is the largest minus the smallest.",
    ),
)


def back(first=lambda z, shift, width: z * width, then=lambda z, shift, width: z + shift):
    """Make the way back of its two steps."""

    def way(scaling, z):
        shift, width = scaling
        return then(first(z, shift, width), shift, width)

    return way


def scalings(key):
    """Draw scalings of one column and of several, and values to bring back."""
    random = draws(key)
    return [
        ((float(random.normal(3, 2)), float(random.uniform(2, 5))), random.normal(size=2).tolist()),
        ((random.normal(3, 2, 2).tolist(), random.uniform(2, 5, 2).tolist()), random.normal(0, 4, (3, 2)).tolist()),
    ]


UNSCALE = Exercise(
    name="unscale",
    task="Undo `scale(scaling, x)`: from the scaled values `z`, return those in the old units.",
    reference=unscale,
    domain=dict(scaling=(floats("*d"), floats("*d", low=0)), z=floats("n *d")),
    probes=scalings,
    small=(((10.0, 2.0), [0.0, 1.0]), ((3.0, 4.0), [0.5, 2.0])),
    differentiable=1,
    also_right=(
        back(),
        lambda scaling, z: scaling[0] + jnp.multiply(scaling[1], z),
        lambda scaling, z: (z + scaling[0] / scaling[1]) * scaling[1],
    ),
    mistakes=(
        Mistake(
            "scaled_again",
            lambda scaling, z: (z - scaling[0]) / scaling[1],
            "This scales a SECOND time: multiply by the width, then add the shift.",
        ),
        Mistake(
            "shift_first",
            lambda scaling, z: (z + scaling[0]) * scaling[1],
            "The shift is added first and then stretched too: multiply by the width first. The last step of the "
            "way there is the first of the way back.",
        ),
        changed(back, "no_shift", "The shift is missing: add it at the end.", then=lambda z, shift, width: z),
        changed(back, "no_width", "The width is missing: multiply by it first.", first=lambda z, shift, width: z),
        changed(
            back,
            "minus",
            "The shift is subtracted: on the way back it is added.",
            then=lambda z, shift, width: z - shift,
        ),
        changed(
            back,
            "divided",
            "This DIVIDES by the width: on the way back, multiply by it.",
            first=lambda z, shift, width: z / width,
        ),
        Mistake(
            "turned_round",
            lambda scaling, z: z * scaling[0] + scaling[1],
            "Shift and width are taken for each other: the pair is (shift, width).",
        ),
    ),
    hints=(
        "`scale` takes the shift away, then divides by the width. What undoes each, and in which order?",
        "Solve z = (x - shift) / width for x.",
        "Multiply z by the width, then add the shift.",
    ),
)
