"""Exercises of lesson 09 about scores: precision and recall from a table, the imbalance trap, a point of the ROC."""

import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.domain import floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

precision = from_lesson(__file__, "precision")
recall = from_lesson(__file__, "recall")


def tables(key):
    """Draw (2, 2) tables whose four counts differ, as NumPy and as JAX arrays."""
    random = draws(key)
    found = [random.permutation([2, 3, 5, 11, 17])[:4].reshape(2, 2) for _ in range(3)]
    return [(found[0],), (found[1].tolist(),), (found[2].tolist(),)]


def quarter(rule):
    """Make a score of the four counts: rule(tn, fp, fn, tp)."""
    return lambda counts: rule(*jnp.ravel(counts))


def mistaken_for(score, denominator):
    """Give what goes wrong with both scores; the denominator says what to divide by."""
    return (
        Mistake(
            "accuracy",
            quarter(lambda tn, fp, fn, tp: (tn + tp) / (tn + fp + fn + tp)),
            f"This is the ACCURACY, which counts the rows called 0, too: {denominator}.",
        ),
        Mistake(
            "share_of_all",
            quarter(lambda tn, fp, fn, tp: tp / (tn + fp + fn + tp)),
            f"This divides by ALL rows: {denominator}.",
        ),
        Mistake(
            "upside_down",
            lambda counts: 1 / score(counts),
            f"Upside down, and above 1: the count of 1s that were found stands on top, and you {denominator}.",
        ),
        Mistake(
            "one_minus",
            lambda counts: 1 - score(counts),
            "This is the share of what went WRONG: take the right ones, `counts[1, 1]`, on top.",
        ),
        Mistake("count", quarter(lambda tn, fp, fn, tp: tp), f"This is the count alone: {denominator}."),
        Mistake("percent", lambda counts: 100 * score(counts), "This is in percent: return a share between 0 and 1."),
        Mistake(
            "f1",
            quarter(lambda tn, fp, fn, tp: 2 * tp / (2 * tp + fp + fn)),
            f"This is F1, which mixes precision and recall: {denominator}.",
        ),
    )


PRECISION = Exercise(
    name="precision",
    task="Return the share of right ones among the rows that were called 1. In `counts` rows are true classes, columns "
    "predicted ones.",
    reference=precision,
    domain=dict(counts=wholes("2 2", low=0, numpy=True)),
    probes=tables,
    small=(([[5, 1], [2, 3]],), ([[8, 1], [0, 1]],)),
    also_right=(
        quarter(lambda tn, fp, fn, tp: tp / (tp + fp)),
        lambda counts: counts[1, 1] / jnp.sum(counts[:, 1]),
        lambda counts: (counts / counts.sum(axis=0))[1, 1],
    ),
    mistakes=(
        Mistake(
            "recall",
            recall,
            "This is RECALL: the rows that ARE 1 stand below the line. For precision divide by those that were "
            "CALLED 1, the column `counts[:, 1]`.",
        ),
        Mistake(
            "class_0",
            lambda counts: counts[0, 0] / (counts[0, 0] + counts[1, 0]),
            "This is the precision of class 0: row 1 and column 1 belong to class 1.",
        ),
        Mistake(
            "over_the_errors",
            quarter(lambda tn, fp, fn, tp: tp / fp),
            "It divides by the false alarms alone: divide by all that were called 1, false alarms and right ones.",
        ),
        *mistaken_for(precision, "divide by the rows that were called 1, the column `counts[:, 1]`"),
    ),
    hints=(
        "Which of the four counts were called 1? Which of these rightly?",
        "Called 1 is the right-hand column: `counts[0, 1]` are false alarms, `counts[1, 1]` are right.",
        "Divide `counts[1, 1]` by the sum of the two.",
    ),
)


RECALL = Exercise(
    name="recall",
    task="Return the share of the rows that truly are 1 which were called 1. In `counts` rows are true classes, "
    "columns predicted ones.",
    reference=recall,
    domain=dict(counts=wholes("2 2", low=0, numpy=True)),
    probes=tables,
    small=(([[5, 1], [2, 3]],), ([[8, 1], [0, 1]],)),
    also_right=(
        quarter(lambda tn, fp, fn, tp: tp / (tp + fn)),
        lambda counts: counts[1, 1] / jnp.sum(counts[1]),
        lambda counts: (counts / counts.sum(axis=1, keepdims=True))[1, 1],
    ),
    mistakes=(
        Mistake(
            "precision",
            precision,
            "This is PRECISION: the rows that were CALLED 1 stand below the line. For recall divide by those that "
            "truly ARE 1, the row `counts[1]`.",
        ),
        Mistake(
            "class_0",
            lambda counts: counts[0, 0] / (counts[0, 0] + counts[0, 1]),
            "This is the recall of class 0: row 1 and column 1 belong to class 1.",
        ),
        Mistake(
            "over_the_errors",
            quarter(lambda tn, fp, fn, tp: tp / fn),
            "It divides by the missed ones alone: divide by all that truly are 1, missed and found.",
        ),
        *mistaken_for(recall, "divide by the rows that truly are 1, `counts[1]`"),
    ),
    hints=(
        "Which of the four counts truly are 1? Which of these were found?",
        "Truly 1 is the lower row: `counts[1, 0]` were missed, `counts[1, 1]` were found.",
        "Divide `counts[1, 1]` by the sum of the two.",
    ),
)


balanced_accuracy = from_lesson(__file__, "balanced_accuracy")


def a_mean(total=lambda counts: jnp.sum(counts, axis=1), average=jnp.mean):
    """Make a score of what the diagonal is divided by, and of what is made of the shares."""
    return lambda counts: average(jnp.diag(counts) / total(counts))


def wider_tables(key):
    """Draw tables of two and three classes, the last one far from balanced."""
    random = draws(key)
    uneven = random.integers(1, 9, (3, 3)) * np.array([[20], [1], [3]])
    return [(random.integers(1, 12, (2, 2)),), (random.integers(1, 12, (3, 3)),), (uneven,)]


BALANCED_ACCURACY = Exercise(
    name="balanced_accuracy",
    task="Return the mean of the recalls of all classes: for each row of `counts` (k, k) the share on the diagonal, "
    "then their mean.",
    reference=balanced_accuracy,
    domain=dict(counts=wholes("k k", low=0, numpy=True)),
    probes=wider_tables,
    small=(([[98, 0], [2, 0]],), ([[6, 2], [1, 1]],), ([[1, 1], [1, 3]],)),
    also_right=(
        lambda counts: jnp.mean(jnp.array([row[i] / row.sum() for i, row in enumerate(counts)])),
        lambda counts: jnp.trace(counts / counts.sum(axis=1, keepdims=True)) / len(counts),
    ),
    mistakes=(
        Mistake(
            "accuracy",
            lambda counts: jnp.trace(counts) / jnp.sum(counts),
            "This is the plain ACCURACY, in which the larger class drowns the smaller: take the recall of each "
            "class, then their mean.",
        ),
        changed(
            a_mean,
            "columns",
            "It divides by the COLUMN sums, what was called so: divide by the row sums, what truly is, `axis=1`.",
            total=lambda counts: jnp.sum(counts, axis=0),
        ),
        changed(
            a_mean,
            "share_of_all",
            "Each count is divided by the number of ALL rows: divide it by those of its own class, "
            "`jnp.sum(counts, axis=1)`.",
            total=jnp.sum,
        ),
        changed(a_mean, "sum", "This is the SUM of the recalls, which goes above 1: take their mean.", average=jnp.sum),
        changed(
            a_mean,
            "every_class",
            "These are the recalls of the single classes: take their mean.",
            average=lambda shares: shares,
        ),
        changed(
            a_mean, "worst_class", "This is the recall of the WORST class alone: take the mean of all.", average=jnp.min
        ),
        changed(
            a_mean,
            "last_class",
            "This is the recall of the last class alone: take the mean of all.",
            average=lambda shares: shares[-1],
        ),
        Mistake(
            "table_of_shares",
            lambda counts: jnp.mean(counts / jnp.sum(counts, axis=1, keepdims=True)),
            "This is the mean over the whole table, which is always 1/k: take the diagonal, `jnp.diag`.",
        ),
    ),
    hints=(
        "The recall of a class is the share of its row that stands on the diagonal. Each class has one vote.",
        "`jnp.diag(counts)` is the diagonal, `jnp.sum(counts, axis=1)` the number of rows that truly are of each "
        "class.",
        "Divide the first by the second, and return the mean.",
    ),
)


rates = from_lesson(__file__, "rates")


def some_rates(
    call=lambda scores, threshold: scores >= threshold,
    below=lambda truly, called, n: truly,
    end=lambda fpr, tpr: (fpr, tpr),
):
    """Make the two rates of who is called positive, what is divided by, and how they come back."""

    def both(y_true, scores, threshold):
        called = call(scores, threshold)
        return end(
            *(
                jnp.sum(called & (y_true == label)) / below(jnp.sum(y_true == label), jnp.sum(called), len(y_true))
                for label in (0, 1)
            )
        )

    return both


def labels_scores_thresholds(key):
    """Draw labels, scores in steps of an eighth so that some equal the threshold, and thresholds but one half."""
    random, cases = draws(key), []
    for threshold in (0.25, 0.625, 0.375):
        scores = random.permutation([0.125, 0.25, 0.25, 0.375, 0.375, 0.625, 0.625, 0.75, 0.875])
        y = random.permutation([0] * 6 + [1] * 3)
        y[[np.argmax(scores == 0.875), np.argmax(scores == threshold)]] = 1, 1  # found, and just found
        y[[np.argmax(scores == 0.75), np.argmax(scores == 0.125)]] = 0, 1  # a false alarm, and missed
        cases.append((y.tolist(), scores.tolist(), threshold))
    y, scores, threshold = cases[0]
    return [
        *cases,
        (y, [16 * score - 6 for score in scores], 16 * threshold - 6),
        (y, [16 * score - 6.7 for score in scores], 6.0),
    ]


RATES = Exercise(
    name="rates",
    task="Return two shares, `fpr, tpr`: of the rows that are 0, and of those that are 1, how many score at least "
    "`threshold`.",
    reference=rates,
    domain=dict(y_true=wholes("n", values=(0, 1)), scores=floats("n"), threshold=floats()),
    probes=labels_scores_thresholds,
    small=(([0, 0, 0, 1, 1], [0.1, 0.2, 0.6, 0.3, 0.9], 0.5), ([0, 0, 0, 1, 1], [0.1, 0.2, 0.6, 0.3, 0.9], 0.3)),
    also_right=(
        some_rates(),
        lambda y_true, scores, threshold: tuple(jnp.mean(scores[y_true == label] >= threshold) for label in (0, 1)),
        lambda y_true, scores, threshold: (
            (1 - y_true) @ (scores >= threshold) / jnp.sum(1 - y_true),
            y_true @ (scores >= threshold) / jnp.sum(y_true),
        ),
    ),
    mistakes=(
        changed(
            some_rates,
            "swapped",
            "The two come in the wrong order: false positive rate first, `fpr, tpr`.",
            end=lambda fpr, tpr: (tpr, fpr),
        ),
        changed(
            some_rates,
            "above_only",
            "A score that EQUALS the threshold counts as positive: write `>=`.",
            call=lambda scores, threshold: scores > threshold,
        ),
        changed(
            some_rates,
            "below_the_threshold",
            "Those BELOW the threshold are called positive here: the others should be.",
            call=lambda scores, threshold: scores < threshold,
        ),
        changed(
            some_rates,
            "always_one_half",
            "The threshold is 0.5 whatever you are handed: use `threshold`.",
            call=lambda scores, threshold: scores >= 0.5,
        ),
        changed(
            some_rates,
            "shares_of_the_called",
            "Both are divided by the number that was CALLED positive: divide by the rows that truly are 0, and by "
            "those that truly are 1.",
            below=lambda truly, called, n: called,
        ),
        changed(
            some_rates,
            "shares_of_all",
            "Both are divided by the number of ALL rows: divide by the rows that truly are 0, and by those that "
            "truly are 1.",
            below=lambda truly, called, n: n,
        ),
        changed(
            some_rates,
            "counts",
            "These are counts: divide by the number of rows that truly are 0, or 1.",
            below=lambda truly, called, n: 1,
        ),
        changed(
            some_rates,
            "right_of_zeros",
            "The first is the share of 0s that were called RIGHTLY: the false positive rate is the other share.",
            end=lambda fpr, tpr: (1 - fpr, tpr),
        ),
        changed(
            some_rates,
            "only_one",
            "Only the true positive rate comes back: `return fpr, tpr`.",
            end=lambda fpr, tpr: tpr,
        ),
    ),
    hints=(
        "First: who is called positive? Then look at the 0s alone, and at the 1s alone.",
        "`called_positive = scores >= threshold`; the sum of `called_positive & (y_true == 0)` counts the false "
        "alarms.",
        "Divide that sum by the number of zeros, `jnp.sum(y_true == 0)`; do the same with 1; `return fpr, tpr`.",
    ),
)
