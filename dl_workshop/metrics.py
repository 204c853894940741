"""Scores of predictions: how often right, and in which way wrong. Numbers to read, not losses to train on.

Labels are whole numbers (or text); where one class is looked for, it is `positive`, by default 1. A score that would
be 0/0 is refused in words: there is nothing that it could say.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Real, Shaped

from dl_workshop.errors import LearnerError
from dl_workshop.types import AnyArray
from dl_workshop.validate import check_data, check_same_shape
from dl_workshop.validate.labels import check_one_class_a_row, check_predicted

Labels = Shaped[AnyArray, " n"]


def confusion_matrix(y_true: Labels, y_pred: Labels, classes: Sequence[str] | None = None) -> Int[np.ndarray, "k k"]:
    """Count how often each true class (row) was predicted as each class (column), classes in sorted order.

    Raises: LearnerError if the shapes differ, or predictions are no classes.
    Source: scikit-learn's confusion_matrix has the same rows and columns.
    """
    return confusion_counts(y_true, y_pred, classes)[1]


def accuracy(y_true: Labels, y_pred: Labels) -> float:
    """Share that is right, (TP + TN) / n for two classes.

    Raises: LearnerError as confusion_matrix does.
    Source: Fawcett, An introduction to ROC analysis (2006), figure 1.
    """
    counts = confusion_matrix(y_true, y_pred)
    return float(np.trace(counts) / counts.sum())


def precision(y_true: Labels, y_pred: Labels, positive: int | str = 1) -> float:
    """Share of what was called positive that is, TP / (TP + FP).

    Raises: LearnerError as confusion_matrix does, or if nothing was called positive.
    Source: Fawcett, An introduction to ROC analysis (2006), figure 1.
    """
    count = outcomes(y_true, y_pred, positive)
    return _share(count.tp, count.tp + count.fp, f"no row was predicted to be {positive!r}, so precision is 0/0")


def recall(y_true: Labels, y_pred: Labels, positive: int | str = 1) -> float:
    """Share of the positives that was found, TP / (TP + FN); also called true positive rate, or sensitivity.

    Raises: LearnerError as confusion_matrix does, or if there are no positives.
    Source: Fawcett, An introduction to ROC analysis (2006), figure 1.
    """
    count = outcomes(y_true, y_pred, positive)
    return _share(count.tp, count.tp + count.fn, f"no row is truly {positive!r}, so recall is 0/0")


def false_positive_rate(y_true: Labels, y_pred: Labels, positive: int | str = 1) -> float:
    """Share of the negatives that was called positive, FP / (FP + TN).

    Raises: LearnerError as confusion_matrix does, or if there are no negatives.
    Source: Fawcett, An introduction to ROC analysis (2006), figure 1.
    """
    count = outcomes(y_true, y_pred, positive)
    return _share(count.fp, count.fp + count.tn, f"every row is truly {positive!r}, so the false positive rate is 0/0")


def f1(y_true: Labels, y_pred: Labels, positive: int | str = 1) -> float:
    """Harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN): low as soon as one of the two is.

    Raises: LearnerError as confusion_matrix does, or if no row is, or was called, positive.
    Source: van Rijsbergen, Information Retrieval (1979), chapter 7.
    """
    count = outcomes(y_true, y_pred, positive)
    return _share(
        2 * count.tp,
        2 * count.tp + count.fp + count.fn,
        f"no row is {positive!r}, and none was predicted to be, so F1 is 0/0",
    )


def kappa(y_true: Labels, y_pred: Labels) -> float:
    """Cohen's kappa, (p_o - p_e) / (1 - p_e): agreement beyond that of chance.

    1 is perfect, 0 is guessing.
    p_o is the accuracy; p_e what two raters with these frequencies of classes would agree on by chance.
    Raises: LearnerError as confusion_matrix does, or if truth and predictions are one and the same class.
    Source: Cohen, A Coefficient of Agreement for Nominal Scales (1960).
    """
    counts = confusion_matrix(y_true, y_pred)
    n = counts.sum()
    observed = np.trace(counts) / n
    expected = np.sum(counts.sum(axis=0) * counts.sum(axis=1)) / n**2
    return _share(observed - expected, 1 - expected, "every row is, and was predicted to be, one class: kappa is 0/0")


def r2(y_true: Real[AnyArray, " n"], y_pred: Real[AnyArray, " n"]) -> float:
    """Coefficient of determination, 1 - sum (y - y_pred)^2 / sum (y - mean y)^2.

    1 is perfect, 0 no better than always saying the mean, below 0 worse than that.
    Raises: LearnerError if the shapes differ, or all of y_true is one number.
    Source: James, Witten, Hastie, Tibshirani, An Introduction to Statistical Learning (2013), eq. 3.17.
    """
    check_same_shape(y_true, y_pred)
    check_data(y_true, y_pred)
    y_true, y_pred = np.asarray(y_true, dtype=np.float64), np.asarray(y_pred, dtype=np.float64)
    if y_true.max() == y_true.min():
        raise LearnerError(
            f"y_true is {y_true.flat[0]:g} throughout: there is no variation to explain, so R^2 is not defined."
        )
    return float(1 - np.sum((y_true - y_pred) ** 2) / np.sum((y_true - y_true.mean()) ** 2))


class Roc(NamedTuple):
    """ROC curve: at each threshold, positive is what scores at least that.

    It begins at (0, 0), where nothing is positive.
    """

    false_positive_rates: Float[np.ndarray, " m"]
    true_positive_rates: Float[np.ndarray, " m"]
    thresholds: Float[np.ndarray, " m"]


def roc_curve(y_true: Labels, scores: Float[AnyArray, " n"], positive: int | str = 1) -> Roc:
    """False and true positive rates for every threshold on the scores, from the highest score down.

    `scores` are probabilities or logits, higher for `positive`.
    Raises: LearnerError if the shapes differ, scores are not finite, or one of the two classes is missing.
    Source: Fawcett, An introduction to ROC analysis (2006), algorithm 1.
    """
    check_same_shape(y_true, scores, names=("y_true", "scores"))
    y_true = np.asarray(y_true)
    if y_true.dtype.kind == "f" and not np.array_equal(y_true, np.round(y_true)):
        raise LearnerError(
            f"y_true holds {y_true[y_true != np.round(y_true)][0]:.3g}, which is no class: the truth "
            "comes first, then the scores."
        )
    scores = np.asarray(scores, dtype=np.float64)
    check_data(scores, scores)
    is_positive = y_true == positive
    if is_positive.all() or not is_positive.any():
        raise LearnerError(
            f"{'Every' if is_positive.all() else 'No'} row is truly {positive!r}: a ROC curve needs rows of both kinds."
        )
    order = np.argsort(-scores, kind="stable")
    found, alarms = np.cumsum(is_positive[order]), np.cumsum(~is_positive[order])
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)  # equal scores pass together
    false_rates, true_rates = (np.append(0.0, count[last] / count[-1]) for count in (alarms, found))
    return Roc(false_rates, true_rates, np.append(np.inf, scores[order][last]))


def auc(y_true: Labels, scores: Float[AnyArray, " n"], positive: int | str = 1) -> float:
    """Area under the ROC curve: how often a positive scores above a negative, a tie counting one half.

    Raises: LearnerError as roc_curve does.
    Source: Fawcett (2006), section 8.
    """
    across, up, _ = roc_curve(y_true, scores, positive)
    return float(np.sum(np.diff(across) * (up[1:] + up[:-1]) / 2))


class Outcomes(NamedTuple):
    """Counts of one class against the rest: true and false positives, false and true negatives."""

    tp: int
    fp: int
    fn: int
    tn: int


def outcomes(y_true: Labels, y_pred: Labels, positive: int | str = 1) -> Outcomes:
    """Count true and false positives, false and true negatives.

    Raises: LearnerError as confusion_matrix does.
    """
    labels, counts = confusion_counts(y_true, y_pred)
    is_positive = labels == positive
    tp = counts[is_positive][:, is_positive].sum()
    called, is_so = counts[:, is_positive].sum(), counts[is_positive].sum()
    return Outcomes(int(tp), int(called - tp), int(is_so - tp), int(counts.sum() - called - is_so + tp))


def confusion_counts(
    y_true: Labels, y_pred: Labels, classes: Sequence[str] | None = None
) -> tuple[Shaped[np.ndarray, " k"], Int[np.ndarray, "k k"]]:
    """Give the labels in order and the table of counts: rows true, columns predicted.

    Raises: LearnerError if the shapes differ, predictions are no classes, or `classes` does not name each of them.
    """
    check_one_class_a_row(y_true, y_pred)
    check_same_shape(y_true, y_pred)
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.ndim != 1 or len(y_true) == 0:
        raise LearnerError(f"y_true has shape {y_true.shape}: a confusion matrix needs one class a sample, shape (n,).")
    for name, array in (("y_true", y_true), ("y_pred", y_pred)):
        if array.dtype.kind == "f" and not np.array_equal(array, np.round(array)):
            odd = array[array != np.round(array)][0]
            raise LearnerError(
                f"{name} holds {odd:.3g}, which is no class. Turn probabilities into classes first: "
                f"{name} = ({name} > 0.5).astype(int)."
            )
    check_predicted(y_true, y_pred, named=classes is not None)
    if y_true.dtype.kind in "fib" and y_pred.dtype.kind in "fib":
        y_true, y_pred = y_true.astype(int), y_pred.astype(int)
    labels = np.unique(np.concatenate([y_true, y_pred]))
    if classes is not None:
        if labels.dtype.kind == "i" and labels.min() >= 0 and labels.max() < len(classes):
            labels = np.arange(len(classes))  # a class that never occurs keeps its row
        elif len(classes) != len(labels):
            raise LearnerError(
                f"classes names {len(classes)} classes, but the labels are "
                f"{', '.join(map(str, labels))}. Give one name for each."
            )
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    np.add.at(counts, (np.searchsorted(labels, y_true), np.searchsorted(labels, y_pred)), 1)
    return labels, counts


def _share(part: float, whole: float, words: str) -> float:
    if whole == 0:
        raise LearnerError(f"{words[0].upper()}{words[1:]}. Look at the confusion matrix instead.")
    return float(part / whole)
