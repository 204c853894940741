"""Metrics and scalers against scikit-learn, and the words where there is nothing to say."""

import jax
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as theirs
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from dl_workshop import metrics, scaling
from dl_workshop.errors import LearnerError

two = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=40).map(np.array)
many = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40).map(np.array)
scored = st.lists(st.tuples(st.integers(0, 1), st.integers(-3, 3)), min_size=2, max_size=40).map(np.array)


def refuses(call, words):
    with pytest.raises(LearnerError, match=words):
        call()


@given(two)
def test_scores_of_two_classes(pairs):
    y_true, y_pred = pairs.T
    tn, fp, fn, tp = theirs.confusion_matrix(y_true, y_pred, labels=[0, 1]).ravel()
    assert metrics.outcomes(y_true, y_pred) == (tp, fp, fn, tn)
    for ours, sklearns, whole, words in (
        (metrics.precision, theirs.precision_score, tp + fp, "no row was predicted|No row was predicted"),
        (metrics.recall, theirs.recall_score, tp + fn, "No row is truly 1"),
        (metrics.f1, theirs.f1_score, tp + fp + fn, "none was predicted"),
        (metrics.false_positive_rate, lambda *_: fp / (fp + tn), fp + tn, "Every row is truly 1"),
    ):
        if whole:
            assert ours(y_true, y_pred) == pytest.approx(sklearns(y_true, y_pred))
        else:
            refuses(lambda ours=ours: ours(y_true, y_pred), words)


# Their one-label warning, and ours of a class that these few rows lack, are no part of this test.
@pytest.mark.filterwarnings("ignore:A single label", "ignore:y_pred.*counts as a miss")
@given(many)
def test_scores_of_many_classes(pairs):
    y_true, y_pred = pairs.T
    np.testing.assert_array_equal(metrics.confusion_matrix(y_true, y_pred), theirs.confusion_matrix(y_true, y_pred))
    assert metrics.accuracy(y_true, y_pred) == pytest.approx(theirs.accuracy_score(y_true, y_pred))
    if len(np.unique(pairs)) > 1:
        assert metrics.kappa(y_true, y_pred) == pytest.approx(theirs.cohen_kappa_score(y_true, y_pred))
    else:
        refuses(lambda: metrics.kappa(y_true, y_pred), "kappa is 0/0")
    for label in np.unique(y_true):  # one against the rest
        assert metrics.recall(y_true, y_pred, positive=label) == pytest.approx(
            theirs.recall_score(y_true, y_pred, labels=[label], average=None)[0]
        )


@given(scored)
def test_roc_and_its_area(pairs):
    y_true, scores = pairs.T
    if len(np.unique(y_true)) == 1:
        refuses(lambda: metrics.roc_curve(y_true, scores), "rows of both kinds")
        return
    across, up, thresholds = theirs.roc_curve(y_true, scores, drop_intermediate=False)
    np.testing.assert_allclose(metrics.roc_curve(y_true, scores), (across, up, thresholds))
    assert metrics.auc(y_true, scores) == pytest.approx(theirs.roc_auc_score(y_true, scores))


def test_labels_may_be_words_and_scores_logits():
    y_true, y_pred = np.array(["ill", "ill", "well"]), np.array(["ill", "well", "well"])
    assert metrics.recall(y_true, y_pred, positive="ill") == 0.5 == metrics.precision(y_true, y_pred, positive="well")
    assert metrics.auc(y_true, np.array([3.0, -1.0, 0.0]), positive="ill") == 0.5
    refuses(lambda: metrics.accuracy(np.ones(3), np.array([0.2, 1, 1])), "is no class")
    refuses(lambda: metrics.auc(np.array([0, 1]), np.array([0.0, np.nan])), "nan")
    refuses(lambda: metrics.accuracy(np.ones(3), np.ones((3, 1))), r"\(3, 3\)")


values = st.lists(st.floats(-100, 100, width=32), min_size=6, max_size=6).map(lambda v: np.array(v, np.float32))


@given(values, values)
def test_r2(y_true, y_pred):
    if y_true.max() == y_true.min():
        refuses(lambda: metrics.r2(y_true, y_pred), "no variation to explain")
    else:
        assume(np.ptp(y_true) > 1e-3)
        expected = theirs.r2_score(y_true.astype(np.float64), y_pred.astype(np.float64))
        assert metrics.r2(y_true, y_pred) == pytest.approx(expected, rel=1e-6)


@given(st.integers(0, 10_000))
def test_scalers_are_scikit_learns_and_come_back(seed):
    draw = np.random.default_rng(seed)
    train, new = (draw.normal(size=(n, 4)) * [1, 100, 0.01, 1] + [0, 5000, 1, 0] for n in (30, 10))
    train[:, 3] = 0.1  # constant in training
    for ours, sklearns in ((scaling.standard, StandardScaler), (scaling.min_max, MinMaxScaler)):
        fitted, scaler = ours(train), sklearns().fit(train)
        for x in (train, new, new[0]):
            scaled = scaling.scale(fitted, x)
            expected = scaler.transform(np.atleast_2d(x)).reshape(x.shape)
            np.testing.assert_allclose(scaled, expected, rtol=1e-4, atol=1e-4)
            np.testing.assert_allclose(scaling.unscale(fitted, scaled), x, rtol=1e-5, atol=1e-4)


def test_scaling_of_targets_inside_a_compiled_function():
    y = np.array([100.0, 300.0])
    fitted = scaling.min_max(y)
    assert jax.jit(lambda z: scaling.unscale(fitted, z))(0.5) == 200
    assert scaling.scale(fitted, y).tolist() == [0, 1] and scaling.unscale(fitted, 2.0) == 500
    refuses(lambda: scaling.scale(scaling.standard(np.ones((3, 2))), np.ones(3)), "made for 2 columns")
    refuses(lambda: scaling.standard(np.array([1.0, np.inf])), "inf")
