"""Exercises of lesson 10: R^2 and powers of x are here; weights_10, dropout_10 and early_10 have the rest."""

import jax.numpy as jnp

from dl_workshop.exercises.domain import floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_10_overfitting.dropout import DROPOUT
from dl_workshop.lessons.lesson_10_overfitting.early import TRAIN_EARLY
from dl_workshop.lessons.lesson_10_overfitting.weights import COUNT_SMALL, L2_TERM

r2 = from_lesson(__file__, "r2")


def a_score(
    error=jnp.square,
    middle=lambda y_true, y_pred: jnp.mean(y_true),
    around=lambda y_true, y_pred: y_true,
    end=lambda ratio: 1 - ratio,
):
    """Make R^2 of its parts: what is summed, which middle and whose variation, and what is made of the ratio."""

    def score(y_true, y_pred):
        variation = jnp.sum(error(around(y_true, y_pred) - middle(y_true, y_pred)))
        return end(jnp.sum(error(y_true - y_pred)) / variation)

    return score


def targets_and_guesses(key):
    """Draw (y_true, y_pred): good guesses, bad ones, and some on another scale; several, so that each mistake shows."""
    random = draws(key)
    y, noise = random.normal(2, 3, (4, 5)), random.normal(0, 1, (4, 5))
    return [
        (y[i].tolist(), guess.tolist())
        for i in range(4)
        for guess in (y[i] + noise[i], 4 + 5 * noise[i], 0.3 * y[i] + noise[i])
    ]


R2 = Exercise(
    name="r2",
    task="Return R^2: 1 minus (the sum of squared errors, divided by the sum of squares of `y_true` about its mean).",
    reference=r2,
    domain=dict(y_true=floats("n"), y_pred=floats("n")),
    probes=targets_and_guesses,
    small=(([1.0, 3.0], [1.0, 2.0]), ([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]), ([1.0, 2.0], [1.0, 2.0])),
    also_right=(
        lambda y_true, y_pred: 1 - jnp.mean((y_pred - y_true) ** 2) / jnp.var(y_true),
        lambda y_true, y_pred: (
            (jnp.sum((y_true - y_true.mean()) ** 2) - jnp.sum((y_true - y_pred) ** 2))
            / jnp.sum((y_true - y_true.mean()) ** 2)
        ),
    ),
    mistakes=(
        changed(
            a_score,
            "not_from_one",
            "This is the share that is LEFT OVER, small for a good model: take it from 1.",
            end=lambda ratio: ratio,
        ),
        changed(
            a_score, "minus_one", "The sign is turned round: it is 1 minus the ratio.", end=lambda ratio: ratio - 1
        ),
        changed(
            a_score,
            "no_mean",
            "The variation is taken about 0: subtract the mean of `y_true` before you square.",
            middle=lambda y_true, y_pred: 0.0,
        ),
        changed(
            a_score,
            "mean_of_the_guesses",
            "The variation is taken about the mean of `y_pred`: use the mean of `y_true`.",
            middle=lambda y_true, y_pred: jnp.mean(y_pred),
        ),
        changed(
            a_score,
            "variation_of_the_guesses",
            "This divides by the variation of `y_pred`: compare with the variation of `y_true`.",
            middle=lambda y_true, y_pred: jnp.mean(y_pred),
            around=lambda y_true, y_pred: y_pred,
        ),
        changed(a_score, "absolute", "These are ABSOLUTE differences: square them, above and below.", error=jnp.abs),
        changed(
            a_score,
            "cut_off_at_0",
            "It is cut off at 0, but a model that is worse than the mean has an R^2 below 0, and should be told so.",
            end=lambda ratio: jnp.maximum(0.0, 1 - ratio),
        ),
        Mistake(
            "correlation",
            lambda y_true, y_pred: jnp.corrcoef(y_true, y_pred)[0, 1] ** 2,
            "This is the squared correlation, which forgives a wrong height and a wrong scale: use the errors "
            "`y_true - y_pred`.",
        ),
        Mistake(
            "mean_and_sum",
            lambda y_true, y_pred: 1 - jnp.mean((y_true - y_pred) ** 2) / jnp.sum((y_true - jnp.mean(y_true)) ** 2),
            "A MEAN is divided by a SUM: take the same of the two above and below.",
        ),
    ),
    hints=(
        "Two numbers: how much the model gets wrong, and how much one would get wrong by always saying the mean.",
        "Both are sums of squares: of `y_true - y_pred`, and of `y_true - jnp.mean(y_true)`.",
        "Call them left_over and variation, and return 1 minus the first divided by the second.",
    ),
)


powers = from_lesson(__file__, "powers")


def a_table(exponents=lambda degree: range(1, degree + 1), column=lambda x, k: x**k, axis=1):
    """Make a table of columns of x, one an exponent."""
    return lambda x, degree: jnp.stack([column(x, k) for k in exponents(degree)], axis=axis)


def points_and_degrees(key):
    x = draws(key).uniform(-1.5, 1.5, (2, 4))
    return [(x[0].tolist(), 3), (x[1].tolist(), 2), (x[1].tolist(), 12), ([6.5, -7.5, *x[0, 2:].tolist()], 2)]


POWERS = Exercise(
    name="powers",
    task="Return a table with the columns x, x^2, ..., x^degree: for x of shape (n,) its shape is (n, degree).",
    reference=powers,
    domain=dict(x=floats("n"), degree=wholes(low=1)),
    probes=points_and_degrees,
    small=(([2.0, 3.0], 3), ([2.0], 2)),
    also_right=(
        lambda x, degree: x[:, None] ** jnp.arange(1, degree + 1),
        lambda x, degree: jnp.vander(x, degree + 1, increasing=True)[:, 1:],
        lambda x, degree: jnp.cumprod(jnp.tile(x[:, None], (1, degree)), axis=1),
    ),
    mistakes=(
        changed(
            a_table,
            "from_zero",
            "The last power is missing, and there is a column of ones in front: `range(degree)` starts at 0. You "
            "need 1 to degree, `range(1, degree + 1)`.",
            exponents=range,
        ),
        changed(
            a_table,
            "ones_too",
            "There is a column of ones too many: b of the model does that job. Start at the power 1.",
            exponents=lambda degree: range(degree + 1),
        ),
        changed(
            a_table,
            "last_missing",
            "The last power is missing: `range(1, degree)` stops before degree. Write `range(1, degree + 1)`.",
            exponents=lambda degree: range(1, degree) or [0],
        ),
        changed(
            a_table,
            "highest_first",
            "The highest power comes first: begin with x itself.",
            exponents=lambda degree: range(degree, 0, -1),
        ),
        changed(
            a_table,
            "rows_for_columns",
            "The table lies on its side, with a ROW for each power: stack with `axis=1`.",
            axis=0,
        ),
        changed(
            a_table,
            "multiples",
            "These are the MULTIPLES x, 2x, 3x: the power is `x ** k`, with two stars.",
            column=lambda x, k: x * k,
        ),
        changed(
            a_table,
            "other_way_round",
            "These are k to the power of x: the power is `x ** k`.",
            column=lambda x, k: jnp.asarray(float(k)) ** x,
        ),
        Mistake(
            "only_the_last",
            lambda x, degree: (x**degree)[:, None],
            "This is the highest power alone: give a column for each power from 1 to degree.",
        ),
    ),
    hints=(
        "For x = 2 and degree 3 the row is 2, 4, 8. Which exponents does it need?",
        "`x ** k` for each k in `range(1, degree + 1)` gives the columns, each of shape (n,).",
        "`jnp.stack(list_of_columns, axis=1)` puts columns side by side. The list is `[x ** k for k in ...]`.",
    ),
    differentiable=0,
)

EXERCISES = (R2, POWERS, TRAIN_EARLY, L2_TERM, COUNT_SMALL, DROPOUT)
