"""The figures that lessons 09 to 12 rest on, reproduced through the public functions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import initializers, losses, metrics, models
from dl_workshop.schedules import step_decay

pytestmark = pytest.mark.slow  # compiles many small loops


def test_softmax():
    np.testing.assert_allclose(models.softmax(jnp.array([3.0, 1, -3])), [0.879, 0.119, 0.002], atol=5e-4)
    np.testing.assert_allclose(models.softmax(jnp.array([3.0, 0, -3])), [0.9503, 0.0473, 0.0024], atol=5e-4)
    assert losses.cross_entropy(np.array([0]), np.array([[3.0, 1, -3]])) == pytest.approx(0.129, abs=5e-4)


def test_log_odds_are_what_the_logistic_undoes():
    np.testing.assert_allclose(
        models.logistic(jnp.array([-2.197, -1.386, -0.847, -0.405])), [0.1, 0.2, 0.3, 0.4], atol=2e-4
    )


def test_metrics_of_a_table():
    y_true, y_pred = (np.repeat(labels, (521, 29, 435, 15)) for labels in ([1, 1, 0, 0], [1, 0, 0, 1]))
    assert metrics.outcomes(y_true, y_pred) == (521, 15, 29, 435)
    assert metrics.accuracy(y_true, y_pred) == pytest.approx(0.956)
    for score, value in (
        (metrics.precision, 0.9720),
        (metrics.recall, 0.9473),
        (metrics.f1, 0.9595),
        (metrics.false_positive_rate, 0.0333),
    ):
        assert score(y_true, y_pred) == pytest.approx(value, abs=5e-5)


KAPPA = (301, 264, 99)


def test_kappa():
    # Three classes whose counts give the stated p_o and p_e: 664 samples, 592 right, the 72 wrong ones balanced.
    counts = np.array([[KAPPA[0] - 24, 12, 12], [12, KAPPA[1] - 24, 12], [12, 12, KAPPA[2] - 24]])
    y_true, y_pred = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices((3, 3)))
    np.testing.assert_array_equal(metrics.confusion_matrix(y_true, y_pred), counts)
    assert len(y_true) == 664 and metrics.accuracy(y_true, y_pred) == pytest.approx(0.8916, abs=5e-5)
    assert np.sum((np.array(KAPPA) / 664) ** 2) == pytest.approx(0.3858, abs=5e-5)
    assert metrics.kappa(y_true, y_pred) == pytest.approx(0.8234, abs=1e-4)


def test_always_well_scores_98_percent_and_finds_nobody():
    ill, never = np.repeat([0, 1], [98, 2]), np.zeros(100, int)
    assert metrics.accuracy(ill, never) == 0.98 and metrics.recall(ill, never) == 0 == metrics.kappa(ill, never)


def test_norms():
    w = {"w": jnp.array([1.0, -2, 0, -4]), "b": jnp.array(9.0)}

    def nothing(params, model, x, y):
        return 0.0

    assert losses.with_l1(nothing, 1.0)(w, None, None, None) == 7
    assert losses.with_l2(nothing, 1.0)(w, None, None, None) ** 0.5 == pytest.approx(4.5826, abs=5e-5)
    (only,) = losses.weights(w)
    assert int(jnp.sum(only != 0)) == 3 and jnp.max(jnp.abs(only)) == 4


def test_share_that_a_bootstrap_leaves_out():
    m = 5000
    drawn = jax.random.randint(jax.random.key(0), (m,), 0, m)
    assert 1 - len(np.unique(drawn)) / m == pytest.approx((1 - 1 / m) ** m, abs=0.02)
    assert (1 - 1 / m) ** m == pytest.approx(0.368, abs=5e-4)


def test_stairs():
    np.testing.assert_allclose(
        [step_decay()(t) for t in (0, 50, 100, 150, 200)], [0.1, 0.09, 0.081, 0.0729, 0.0656], atol=5e-5
    )
    assert step_decay()(49) == 0.1


def test_ten_equal_classes_begin_at_log_10():
    params = models.init_mlp(jax.random.key(0), (784, 64, 16, 10), init=initializers.zeros)
    x, y = jax.random.uniform(jax.random.key(1), (50, 784)), jnp.arange(50) % 10
    assert losses.softmax_loss(params, models.mlp_model, x, y) == pytest.approx(2.303, abs=5e-4)
    assert sum(leaf.size for leaf in jax.tree.leaves(models.init_mlp(jax.random.key(0), (7, 16, 12, 10)))) == 462
