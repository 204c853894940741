"""Exercises of lesson 05 about the table: what guessing reaches, and which errors were made."""

import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.domain import floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

null_accuracy = from_lesson(__file__, "null_accuracy")


def a_share(pick=jnp.maximum, end=lambda share, n: share):
    """Make the share of the class that is picked of the two, and what comes after."""
    return lambda y: end(pick(jnp.mean(y), 1 - jnp.mean(y)), len(y))


def labels(key):
    """Draw labels: ones rarer and commoner, in numbers of their own each time."""
    random = draws(key)
    few, many = random.permutation([1, 2, 3]), random.permutation([4, 5, 6])
    y = [random.permutation([1] * n + [0] * (7 - n)) for n in (few[0], many[0], many[1], few[1])]
    return [(one.astype(float).tolist(),) for one in y]


NULL_ACCURACY = Exercise(
    name="null_accuracy",
    task="Return the share of rows for which the answer 'always the commoner class' is right. `y` holds 0s and 1s.",
    reference=null_accuracy,
    domain=dict(y=floats("n", values=(0, 1))),
    probes=labels,
    small=(([0.0, 0.0, 0.0, 1.0],), ([1.0, 1.0, 1.0, 0.0],)),
    also_right=(
        lambda y: max(jnp.mean(y == 1), jnp.mean(y == 0)),
        lambda y: 0.5 + abs(jnp.mean(y) - 0.5),
        lambda y: np.max(np.bincount(np.asarray(y, int))) / len(y),
    ),
    mistakes=(
        changed(
            a_share,
            "share_of_ones",
            "This is the share of ONES, right only where 1 is the commoner class: take the larger of both shares.",
            pick=lambda ones, zeros: ones,
        ),
        changed(
            a_share,
            "share_of_zeros",
            "This is the share of ZEROS, right only where 0 is the commoner class: take the larger of both shares.",
            pick=lambda ones, zeros: zeros,
        ),
        changed(
            a_share,
            "rarer_class",
            "This is the share of the RARER class: take the larger of both shares.",
            pick=jnp.minimum,
        ),
        Mistake(
            "half",
            lambda y: 0.5,
            "This is one half whatever the labels are. That is guessing with a coin; always giving the commoner "
            "class does better.",
        ),
        changed(
            a_share,
            "count",
            "This is the NUMBER of rows of the commoner class: divide by the number of all rows.",
            end=lambda share, n: share * n,
        ),
        Mistake(
            "class_itself",
            lambda y: jnp.round(jnp.mean(y)),
            "This is the commoner CLASS, 0 or 1: return how often that answer is right.",
        ),
        changed(
            a_share, "percent", "This is in percent: return a share between 0 and 1.", end=lambda share, n: 100 * share
        ),
    ),
    hints=(
        "Two answers look at nothing: 'always 1' and 'always 0'. How often is each of them right?",
        "The mean of zeros and ones is the share of ones. What is then the share of zeros?",
        "Return the larger of `jnp.mean(y)` and `1 - jnp.mean(y)`: `jnp.maximum(a, b)` gives the larger of two.",
    ),
)


confusion_counts = from_lesson(__file__, "confusion_counts")


def true_and_predicted(key):
    """Draw labels and predictions with four different counts; in the last, one class is never predicted."""
    random, cases = draws(key), []
    for _ in range(2):
        pairs = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], random.permutation([1, 2, 3, 5]), axis=0)
        y_true, y_pred = random.permutation(pairs).T
        cases.append((y_true.astype(float).tolist(), y_pred.tolist()))
    return [*cases, ([0.0] * 4 + [1.0] * 7, [0] * 11)]


def some_counts(order=lambda y_true, y_pred: (y_true, y_pred), end=lambda counts: counts):
    """Make the table of counts of what its rows and columns stand for, and of what comes after."""
    return lambda y_true, y_pred: end(confusion_counts(*order(y_true, y_pred)))


def shares(counts):
    return counts / jnp.sum(counts, axis=1, keepdims=True)


CONFUSION_COUNTS = Exercise(
    name="confusion_counts",
    task="Return a (2, 2) table of counts: row 0 and 1 for the true class, column 0 and 1 for the predicted one.",
    reference=confusion_counts,
    domain=dict(y_true=floats("n", values=(0, 1)), y_pred=wholes("n", values=(0, 1))),
    probes=true_and_predicted,
    small=(([0.0, 1.0, 1.0], [0, 1, 0]), ([0.0, 0.0, 1.0], [1, 1, 0])),
    also_right=(
        lambda y_true, y_pred: jnp.zeros((2, 2)).at[y_true.astype(int), y_pred.astype(int)].add(1),
        lambda y_true, y_pred: jnp.stack([1 - y_true, y_true]) @ jnp.stack([1 - y_pred, y_pred]).T,
        lambda y_true, y_pred: np.bincount(np.asarray(2 * y_true + y_pred, int), minlength=4).reshape(2, 2),
    ),
    mistakes=(
        changed(
            some_counts,
            "transposed",
            "Rows and columns are swapped: the row is the TRUE class, the column the predicted one.",
            end=jnp.transpose,
        ),
        changed(
            some_counts,
            "ones_first",
            "Class 1 comes first here: let row 0 and column 0 stand for class 0.",
            order=lambda y_true, y_pred: (1 - y_true, 1 - y_pred),
        ),
        Mistake(
            "columns_swapped",
            lambda y_true, y_pred: confusion_counts(y_true, 1 - y_pred),
            "The columns are swapped, so that right answers count as wrong: column 0 is for predictions of 0.",
        ),
        Mistake(
            "rows_swapped",
            lambda y_true, y_pred: confusion_counts(1 - y_true, y_pred),
            "The rows are swapped, so that right answers count as wrong: row 0 is for rows whose true class is 0.",
        ),
        changed(
            some_counts,
            "shares_of_all",
            "These are shares of all rows: return the counts.",
            end=lambda counts: counts / jnp.sum(counts),
        ),
        changed(some_counts, "shares_of_rows", "These are shares of each true class: return the counts.", end=shares),
        changed(
            some_counts,
            "flat",
            "The four counts are right, but in one row: put them into two rows of two.",
            end=jnp.ravel,
        ),
        Mistake(
            "accuracy",
            lambda y_true, y_pred: jnp.mean(y_true == y_pred),
            "This is the accuracy, one number: return the four counts it hides.",
        ),
        Mistake(
            "right_ones_alone",
            lambda *ys: confusion_counts(*ys) * jnp.eye(2),
            "Only the right answers are counted: the other two numbers are the two kinds of error.",
        ),
    ),
    hints=(
        "Of the rows that are truly 0, how many were called 0, how many 1? And of those that are truly 1?",
        "`(y_true == 0) & (y_pred == 1)` is True for one of the four kinds. The sum of Trues is their number.",
        "Four such sums in `jnp.array([[..., ...], [..., ...]])`: true 0 in the upper row, true 1 in the lower.",
    ),
)
