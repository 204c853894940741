"""Exercises of lesson 09 about many classes: softmax, one-hot labels, and the cross-entropy from logits."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.domain import floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

softmax = from_lesson(__file__, "softmax")


def a_softmax(
    shift=lambda z: jnp.max(z, axis=1, keepdims=True),
    power=lambda z: jnp.exp(z),
    total=lambda e: jnp.sum(e, axis=1, keepdims=True),
    end=lambda p: p,
):
    """Make a softmax of what is subtracted first, the power of e, what is divided by, and what comes after."""

    def shares(logits):
        e = power(logits - shift(logits))
        return end(e / total(e))

    return shares


def near_and_far(key):
    """Draw tables of logits, as many rows as classes and more; in the last, rows lie hundreds apart."""
    random = draws(key)
    far = random.normal(size=(3, 3)) + np.array([[500.0], [0.0], [-500.0]])
    return [(random.normal(0, 2, (4, 3)).tolist(),), (random.normal(0, 2, (3, 3)).tolist(),), (far.tolist(),)]


SOFTMAX = Exercise(
    name="softmax",
    task="Return probabilities of the shape of `logits`, (n, k): e to the power of each logit, divided by the sum of "
    "its row. Large logits must not overflow.",
    reference=softmax,
    domain=dict(logits=floats("n k")),
    probes=near_and_far,
    small=(([[0.0, 0.0]],), ([[1.0, 0.0]],), ([[200.0, 0.0]],)),
    also_right=(
        lambda logits: jax.nn.softmax(logits, axis=1),
        lambda logits: jnp.exp(logits - jax.nn.logsumexp(logits, axis=1)[:, None]),
        lambda logits: jnp.stack([jnp.exp(z - z.max()) / jnp.exp(z - z.max()).sum() for z in logits]),
        lambda logits: 1 / jnp.sum(jnp.exp(logits[:, None, :] - logits[:, :, None]), axis=2),
    ),
    mistakes=(
        changed(
            a_softmax,
            "overflows",
            "Right for small logits, but e^z is too large for float32 once z is above 88, and inf / inf is nan: "
            "subtract the largest logit of each row first.",
            shift=lambda z: 0.0,
        ),
        changed(
            a_softmax,
            "largest_of_all",
            "The largest logit of the WHOLE table is subtracted, so rows that lie far below it become 0 / 0: take "
            "the largest of each row, `axis=1, keepdims=True`.",
            shift=jnp.max,
        ),
        changed(
            a_softmax,
            "sum_of_all",
            "It divides by the sum of the WHOLE table, so that all rows together add up to 1: sum each row, "
            "`axis=1, keepdims=True`.",
            total=jnp.sum,
        ),
        changed(
            a_softmax,
            "columns",
            "Here the COLUMNS add up to 1, but each row is one sample: sum along the row, `axis=1`.",
            total=lambda e: jnp.sum(e, axis=0, keepdims=True),
        ),
        changed(
            a_softmax,
            "keepdims_forgotten",
            "The row sums have shape (n,), so they are laid along the columns, or do not fit: add `keepdims=True`.",
            total=lambda e: jnp.sum(e, axis=1),
        ),
        changed(
            a_softmax,
            "minus",
            "The highest logit gets the LOWEST probability: the exponent is z itself, not minus z.",
            power=lambda z: jnp.exp(-z),
        ),
        Mistake(
            "not_raised",
            lambda logits: logits / jnp.sum(logits, axis=1, keepdims=True),
            "The logits themselves are divided by their sum, which may be 0 or below: raise e to their power first.",
        ),
        changed(
            a_softmax,
            "not_divided",
            "These are the powers of e alone: divide each row by its sum, so that it adds up to 1.",
            total=lambda e: 1.0,
        ),
        Mistake(
            "log_softmax",
            lambda logits: jax.nn.log_softmax(logits, axis=1),
            "This is `log_softmax`, the LOG of the probabilities: take e to the power of it.",
        ),
        Mistake(
            "down_the_columns",
            lambda logits: jax.nn.softmax(logits, axis=0),
            "This goes down the COLUMNS, so that each class is shared out among the rows: the numbers of each row "
            "must sum to 1, `axis=1`.",
        ),
        changed(a_softmax, "logarithm", "This is the LOG of the probabilities: leave the log out.", end=jnp.log),
        Mistake(
            "logistic",
            lambda logits: jax.nn.sigmoid(logits),
            "Each logit is squashed by itself (logistic), so a row does not add up to 1: divide by the sum of the row.",
        ),
        changed(
            a_softmax,
            "hard_choice",
            "All goes to the largest logit. That has no slope to follow: return the probabilities themselves.",
            end=lambda p: (p == p.max(axis=1, keepdims=True)).astype(float),
        ),
    ),
    hints=(
        "Three steps: make the logits safe, raise e to their power, divide every row by its own sum.",
        "`jnp.max(logits, axis=1, keepdims=True)` is the largest of each row, as a column (n, 1) that fits beside the "
        "table. `jnp.sum` takes the same two arguments.",
        "`e = jnp.exp(logits - highest)`, with the column from hint 2. Then divide `e` by the column of its row sums.",
    ),
    differentiable=0,
)


one_hot = from_lesson(__file__, "one_hot")


def a_table(places=lambda labels, k: jnp.arange(k), end=lambda hot: hot.astype(float)):
    """Make the table of which class each column stands for, and what comes after."""
    return lambda labels, k: end(labels[:, None] == places(labels, k))


def labels_and_counts(key):
    """Draw labels; the last class occurs in one of the cases, and not in the others."""
    random = draws(key)
    return [
        (random.permutation([0, 1, 2, 3, *random.integers(0, 4, 1)]).tolist(), 4),
        (random.permutation([0, 1, 1, *random.integers(0, 2, 2)]).tolist(), 4),
        (random.permutation([0, 2, 11, *random.integers(0, 11, 2)]).tolist(), 12),
    ]


ONE_HOT = Exercise(
    name="one_hot",
    task="Return a table (n, k): in each row a 1.0 in the column of its label, 0.0 elsewhere.",
    reference=one_hot,
    traced=(0,),
    domain=dict(labels=wholes("n", low=0), k=wholes(low=1)),
    probes=labels_and_counts,
    small=(([0], 2), ([1], 3)),
    also_right=(
        lambda labels, k: jax.nn.one_hot(labels, k),
        lambda labels, k: jnp.eye(k)[labels],
        lambda labels, k: jnp.zeros((len(labels), k)).at[jnp.arange(len(labels)), labels].set(1.0),
        lambda labels, k: jnp.array([[jnp.where(i == label, 1.0, 0.0) for i in range(k)] for label in labels]),
    ),
    mistakes=(
        changed(
            a_table,
            "counted_from_one",
            "The columns are counted from 1, so class 0 has no place: use `jnp.arange(k)`, 0 to k - 1.",
            places=lambda labels, k: jnp.arange(1, k + 1),
        ),
        changed(
            a_table,
            "one_column_too_few",
            "There are k - 1 columns, so the last class has no place: k classes need k of them.",
            places=lambda labels, k: jnp.arange(k - 1),
        ),
        changed(
            a_table,
            "classes_that_occur",
            "There is a column only up to the largest label in this batch: use `k`, since a class may be missing "
            "in some rows.",
            places=lambda labels, k: jnp.arange(labels.max() + 1),
        ),
        changed(
            a_table,
            "transposed",
            "Rows and columns are swapped: a row for each label, (n, k).",
            end=lambda hot: hot.T.astype(float),
        ),
        changed(
            a_table,
            "no_floats",
            "The places are right, but these are no floats (True and False, or whole numbers): add `.astype(float)`.",
            end=lambda hot: hot,
        ),
        changed(
            a_table,
            "turned_round",
            "Ones and zeros are swapped: the label's own place gets the 1.",
            end=lambda hot: 1.0 - hot,
        ),
        Mistake(
            "label_in_its_place",
            lambda labels, k: one_hot(labels, k) * labels[:, None],
            "The label itself stands in its place, so class 0 leaves no trace: write 1 there.",
        ),
        Mistake(
            "thermometer",
            lambda labels, k: (labels[:, None] >= jnp.arange(k)).astype(float),
            "All places UP TO the label are 1: compare with `==`, so that only one is.",
        ),
    ),
    hints=(
        "For each label and each class ask: are they equal? The answers form a table.",
        "A column of labels, `labels[:, None]` of shape (n, 1), compared with a row of classes gives (n, k).",
        "Compare with `jnp.arange(k)` by `==`, then turn True and False into floats with `.astype(float)`.",
    ),
)


cross_entropy = from_lesson(__file__, "cross_entropy", one_hot=one_hot)


def pick(logits, y_true):
    return jnp.take_along_axis(logits, y_true[:, None], axis=1)[:, 0]


def a_loss(log_sum=lambda z: jax.nn.logsumexp(z, axis=1), of_label=pick, average=jnp.mean, start=lambda z: z):
    """Make a loss of what comes first, the log of the sum, the logit that is subtracted, and the average."""

    def loss(y_true, logits):
        z = start(logits)
        return average(log_sum(z) - of_label(z, y_true))

    return loss


def through_p(end):
    """Make a loss that takes logs of probabilities: end(log p, y_true)."""
    return lambda y_true, logits: end(jnp.log(jax.nn.softmax(logits, axis=1)), y_true)


def labels_and_logits(key):
    """Draw labels and logits of three classes, and of four; the last hundreds apart."""
    random = draws(key)
    return [
        (random.permutation([0, 1, 2, k - 1]).tolist(), random.normal(0, spread, (4, k)).tolist())
        for k, spread in ((3, 2), (4, 2), (3, 400))
    ]


CROSS_ENTROPY = Exercise(
    name="cross_entropy",
    task="Return the mean over the rows of (log of the sum of e to each logit) minus (the logit of the true class). "
    "`y_true` (n,) holds labels from 0, `logits` has shape (n, k).",
    reference=cross_entropy,
    domain=dict(y_true=wholes("n", low=0), logits=floats("n k")),
    probes=labels_and_logits,
    small=(([0], [[0.0, 0.0]]), ([0], [[1.0, 0.0]]), ([1], [[2.0, 0.0]]), ([0], [[200.0, 0.0]]), ([1], [[200.0, 0.0]])),
    also_right=(
        lambda y_true, logits: -jnp.mean(pick(jax.nn.log_softmax(logits, axis=1), y_true)),
        lambda y_true, logits: jnp.mean(
            jax.nn.logsumexp(logits - logits[jnp.arange(len(y_true)), y_true][:, None], axis=1)
        ),
        lambda y_true, logits: (
            -jnp.sum(jax.nn.one_hot(y_true, logits.shape[1]) * jax.nn.log_softmax(logits)) / len(y_true)
        ),
    ),
    mistakes=(
        Mistake(
            "through_p",
            through_p(lambda log_p, y_true: -jnp.mean(pick(log_p, y_true))),
            "This goes through p, which is 0 for logits that lie far apart, and log 0 is infinite: stay with the "
            "logits, and use `jax.nn.logsumexp`.",
        ),
        Mistake(
            "zero_times_infinity",
            through_p(lambda log_p, y_true: -jnp.mean(jnp.sum(one_hot(y_true, log_p.shape[1]) * log_p, axis=1))),
            "This takes logs of p. Where p is 0 that is minus infinity, and the 0 of the one-hot row times it is "
            "nan: use `jax.nn.logsumexp` of the logits.",
        ),
        changed(
            a_loss,
            "overflows",
            "Right for small logits, but e^z is too large for float32 once z is above 88: "
            "`jax.nn.logsumexp(logits, axis=1)` gives the log of the sum safely.",
            log_sum=lambda z: jnp.log(jnp.sum(jnp.exp(z), axis=1)),
        ),
        changed(
            a_loss,
            "sum_of_all",
            "The log of the sum is taken over the WHOLE table: every row has its own, `axis=1`.",
            log_sum=jax.nn.logsumexp,
        ),
        changed(
            a_loss,
            "labels_forgotten",
            "The labels do not count here: subtract the logit of the true class.",
            of_label=lambda z, y_true: 0.0,
        ),
        changed(
            a_loss,
            "every_label_of_every_row",
            "`logits[:, y_true]` takes the columns of ALL labels for every row, (n, n): one logit a row is "
            "needed. Multiply by the one-hot table, and sum each row.",
            of_label=lambda z, y_true: z[:, y_true],
        ),
        changed(
            a_loss,
            "highest_logit",
            "The HIGHEST logit is subtracted, whatever the label is: subtract that of the true class.",
            of_label=lambda z, y_true: jnp.max(z, axis=1),
        ),
        changed(
            a_loss,
            "all_logits",
            "All logits of the row are subtracted: multiply by the one-hot table first, so that one is left.",
            of_label=lambda z, y_true: jnp.sum(z, axis=1),
        ),
        changed(
            a_loss,
            "softmax_first",
            "The logits go through softmax first, and then through it again inside the loss: give the loss the "
            "logits themselves.",
            start=lambda z: jax.nn.softmax(z, axis=1),
        ),
        changed(a_loss, "sum", "This behaves exactly like the SUM over the rows: take the mean.", average=jnp.sum),
        changed(
            a_loss,
            "n_minus_1",
            "This divides by n - 1: the mean over the rows divides by their number n.",
            average=lambda losses: jnp.sum(losses) / (len(losses) - 1),
        ),
        changed(
            a_loss,
            "counted_from_one",
            "This takes the logit BEFORE the label's: labels count from 0, as columns do, so leave the - 1 out.",
            of_label=lambda z, y_true: jnp.sum(one_hot(y_true - 1, z.shape[1]) * z, axis=1),
        ),
        changed(
            a_loss,
            "one_column_before",
            "This takes the column before the label's, and for label 0 the LAST: labels count from 0, so leave the "
            "- 1 out.",
            of_label=lambda z, y_true: z[jnp.arange(len(z)), y_true - 1],
        ),
        changed(
            a_loss,
            "no_mean",
            "These are the losses of the single rows: take their mean, so that one number is left.",
            average=lambda losses: losses,
        ),
        changed(
            a_loss,
            "negative",
            "The sign is turned round: a loss of this kind is never below 0.",
            average=lambda losses: -jnp.mean(losses),
        ),
        Mistake(
            "mean_over_the_table",
            lambda y_true, logits: cross_entropy(y_true, logits) / logits.shape[1],
            "This is too small by a factor k: the mean is taken over all n times k places of the table. Sum each "
            "row, then take the mean over the rows.",
        ),
    ),
    hints=(
        "Each row has two parts: `jax.nn.logsumexp` of its logits, and the logit of its true class.",
        "`one_hot(y_true, k) * logits` leaves one logit in every row; `jnp.sum(..., axis=1)` picks it up. `k` is "
        "`logits.shape[1]`.",
        "`log_sums = jax.nn.logsumexp(logits, axis=1)` has shape (n,), and so have the logits of the labels. Return "
        "the mean of the first minus the second.",
    ),
    differentiable=1,
)
