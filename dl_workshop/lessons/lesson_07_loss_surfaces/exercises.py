"""Exercises of lesson 07: the exact answers are here; scaling and training are in scaling_07 and training_07."""

import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.domain import floats
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_07_loss_surfaces.scaling import MIN_MAX, STANDARD, UNSCALE
from dl_workshop.lessons.lesson_07_loss_surfaces.training import TRAIN, TRY_STEP_SIZES

least_squares = from_lesson(__file__, "least_squares")


def centred(values):
    """Take the mean away."""
    return values - jnp.mean(values)


def best_line(
    middle=centred,
    under=lambda dx, dy: jnp.sum(dx**2),
    above=lambda dx, dy: jnp.sum(dx * dy),
    offset=lambda x, y, w: jnp.mean(y) - w * jnp.mean(x),
    end=lambda w, b: dict(w=w, b=b),
):
    """Make the best line of its parts: how x and y are centred, the two parts of the slope, the offset, the form."""

    def line(x, y):
        dx, dy = middle(x), middle(y)
        w = above(dx, dy) / under(dx, dy)
        return end(w, offset(x, y, w))

    return line


def with_ones(x):
    """Put a column of ones behind the features."""
    return jnp.concatenate([x, jnp.ones((len(x), 1))], axis=1)


def points(key):
    """Draw x on both sides of 0, and x on one side."""
    random = draws(key)
    return [
        (x.tolist(), random.normal(3, spread, 5).tolist())
        for x, spread in ((random.normal(2, 6, 5), 2), (random.uniform(0, 1, 5), 8))
    ]


LEAST_SQUARES = Exercise(
    name="least_squares",
    task="Return `dict(w=..., b=...)` of the line with the smallest mean squared error, by the two formulas.",
    reference=least_squares,
    domain=dict(x=floats("n"), y=floats("n")),
    probes=points,
    small=(([0.0, 1.0, 2.0], [1.0, 2.0, 6.0]), ([1.0, 2.0, 6.0], [0.0, 1.0, 2.0])),
    also_right=(
        best_line(),
        lambda x, y: dict(zip("wb", jnp.polyfit(x, y, 1), strict=True)),
        lambda x, y: dict(
            zip("wb", np.linalg.lstsq(with_ones(jnp.asarray(x)[:, None]), np.asarray(y))[0], strict=True)
        ),
    ),
    mistakes=(
        changed(
            best_line,
            "not_centred",
            "The means are not taken away before the slope is computed: use dx and dy, not x and y.",
            middle=lambda values: values,
        ),
        changed(
            best_line,
            "upside_down",
            "The slope is upside down: the sum of dx * dy is divided BY the sum of dx².",
            above=lambda dx, dy: jnp.sum(dx**2),
            under=lambda dx, dy: jnp.sum(dx * dy),
        ),
        changed(
            best_line,
            "dy_below",
            "This divides by the sum of dy²: a line for x from y. Divide by the sum of dx².",
            under=lambda dx, dy: jnp.sum(dy**2),
        ),
        changed(
            best_line,
            "correlation",
            "This slope is the CORRELATION, without units: divide by the sum of dx² alone.",
            under=lambda dx, dy: jnp.sqrt(jnp.sum(dx**2) * jnp.sum(dy**2)),
        ),
        changed(
            best_line,
            "n_and_n_minus_1",
            "One of the two sums is divided by n - 1 and the other by n: `jnp.cov` does the first, `jnp.var` the "
            "second. Take plain sums.",
            under=lambda dx, dy: jnp.sum(dx**2) * (len(dx) - 1) / len(dx),
        ),
        changed(
            best_line,
            "through_the_origin",
            "`b` is always 0 here: it is mean(y) - w * mean(x).",
            offset=lambda x, y, w: 0.0 * w,
        ),
        changed(
            best_line,
            "mean_of_y",
            "`b` is the mean of y here: take `w * mean(x)` away from it.",
            offset=lambda x, y, w: jnp.mean(y),
        ),
        changed(
            best_line,
            "plus",
            "In `b`, `w * mean(x)` is ADDED to mean(y): subtract it.",
            offset=lambda x, y, w: jnp.mean(y) + w * jnp.mean(x),
        ),
        changed(best_line, "swapped", "`w` and `b` are swapped in the dict.", end=lambda w, b: dict(w=b, b=w)),
        changed(
            best_line,
            "pair",
            "These are two numbers without names: put them in a dict, `dict(w=..., b=...)`.",
            end=lambda w, b: (w, b),
        ),
    ),
    hints=(
        "First w, then b: the second formula needs the first one's result.",
        "`dx = x - jnp.mean(x)`, and the same for y. The slope is a sum divided by a sum.",
        "w is `jnp.sum(dx * dy)` divided by `jnp.sum(dx ** 2)`; b is the mean of y minus w times the mean of x.",
    ),
)


normal_equation = from_lesson(__file__, "normal_equation")


def solved(
    table=with_ones,
    left=lambda a: a.T @ a,
    right=lambda a, y: a.T @ y,
    solve=jnp.linalg.solve,
    end=lambda p: dict(w=p[:-1], b=p[-1]),
):
    """Make the exact answer of its parts: the table, both sides of the equation, how it is solved, and the form."""

    def plane(x, y):
        a = table(jnp.asarray(x))
        return end(solve(left(a), right(a, jnp.asarray(y))))

    return plane


def tables_and_targets(key):
    """Draw tables of two and of three features, far from any that has no single answer."""
    random = draws(key)
    corners = np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 0, 1]])
    return [
        ((6.0 * corners[:n, -d:] + random.uniform(0, 1, (n, d))).tolist(), random.normal(2, 6, n).tolist())
        for n, d in ((4, 2), (7, 3))
    ]


NORMAL_EQUATION = Exercise(
    name="normal_equation",
    task="Append a column of ones to `x`, solve the normal equation, and return `dict(w=..., b=...)`: w (d,), b ().",
    reference=normal_equation,
    domain=dict(x=floats("n d"), y=floats("n")),
    probes=tables_and_targets,
    small=(([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [2.0, 0.0]], [1.0, 2.0, 5.0, 1.0]),),
    rtol=1e-3,
    also_right=(
        solved(),
        solved(solve=lambda left, right: jnp.linalg.inv(left) @ right),
        lambda x, y: solved(end=lambda p: dict(b=p[0], w=p[1:]), table=lambda x: jnp.c_[jnp.ones(len(x)), x])(x, y),
        lambda x, y: (lambda p: dict(w=p[:-1], b=p[-1]))(jnp.linalg.lstsq(with_ones(x), jnp.asarray(y))[0]),
    ),
    mistakes=(
        Mistake(
            "no_ones",
            lambda x, y: dict(w=jnp.linalg.solve(x.T @ x, x.T @ y), b=0.0),
            "There is no column of ones, so this plane passes through 0: append `jnp.ones(len(x))` to x.",
        ),
        changed(
            solved,
            "b_from_the_front",
            "The column of ones and `b` are at different ends: the ones came last, so b is `p[-1]`.",
            end=lambda p: dict(w=p[1:], b=p[0]),
        ),
        changed(
            solved,
            "multiplied",
            "This MULTIPLIES by aᵀa: use `jnp.linalg.solve(a.T @ a, a.T @ y)`.",
            solve=lambda left, right: left @ right,
        ),
        changed(
            solved,
            "mean_on_one_side",
            "One side is a mean and the other a sum: divide both by n, or neither.",
            left=lambda a: a.T @ a / len(a),
        ),
        changed(
            solved, "one_array", "All the numbers are in one array: return `dict(w=p[:-1], b=p[-1])`.", end=lambda p: p
        ),
        changed(
            solved,
            "b_as_array",
            "`b` has shape (1,): `p[-1]` is the number, `p[-1:]` an array of it.",
            end=lambda p: dict(w=p[:-1], b=p[-1:]),
        ),
        changed(
            solved,
            "b_among_the_weights",
            "The last number is `b` and no weight: w is `p[:-1]`.",
            end=lambda p: dict(w=p, b=p[-1]),
        ),
        changed(
            solved,
            "targets_centred",
            "The mean of y is taken away here and never comes back: leave y as it is.",
            right=lambda a, y: a.T @ (y - jnp.mean(y)),
        ),
        changed(
            solved,
            "negative",
            "All signs are turned round: it is `a.T @ y`, not minus it.",
            right=lambda a, y: -a.T @ y,
        ),
    ),
    hints=(
        "Three steps: the table with the ones, the equation solved, the solution taken apart into w and b.",
        "`jnp.column_stack([x, jnp.ones(len(x))])` is the table a. `jnp.linalg.solve(m, v)` finds p with m @ p = v.",
        "m is `a.T @ a` and v is `a.T @ y`. The last number of p belongs to the ones, so it is b.",
    ),
)

EXERCISES = (LEAST_SQUARES, TRY_STEP_SIZES, STANDARD, NORMAL_EQUATION, MIN_MAX, UNSCALE, TRAIN)
