"""Labels out of range are named with their row, the range and what to type; right ones are never refused."""

import warnings
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.scipy.special import logsumexp

from dl_workshop import fit, graph, losses, metrics, models, panels, plots, tuning
from dl_workshop.errors import LearnerError

KEY = jax.random.key(0)
X = jax.random.normal(KEY, (30, 2))
SHARES = np.asarray(jax.nn.sigmoid(X[:, 0]))
Y = np.arange(30) % 2  # 0, 1, 0, ...
K = np.arange(30) % 3  # 0, 1, 2, 0, ...
LINE, NET = models.init_linear(KEY, 2), models.init_mlp(KEY, (2, 3))
POINTS = {"w": 0.5, "b": 0.0}
jitted = jax.jit(losses.softmax_loss, static_argnums=1)


def own_binary(params, model, x, y):
    return 2 * losses.binary_cross_entropy(y, models.logistic(model(params, x)))


def own_classes(params, model, x, y):
    return losses.cross_entropy(y.astype(int), model(params, x))


def own_with_jit(params, model, x, y):
    return jitted(params, model, x, y) + 0.1


def scaled(params, model, x, y, by):
    return by * losses.logistic_loss(params, model, x, y)


BINARY = {
    "-1 and 1": (2 * Y - 1, "y[0] is -1, but labels of a logistic loss are 0 or 1", "Write y = (y + 1) / 2."),
    "1 and 2": (Y + 1, "y[1] is 2", "Write y = y - 1."),
    "-1 and 0": (Y - 1, "y[0] is -1", "Write y = y + 1."),
    "0 and 255": (255 * Y.astype(np.uint8), "y[1] is 255", "Write y = y / 255."),
    "0 and 0.5 and 1.5": (np.where(Y == 1, 0.5, 1.5), "y[0] is 1.5", "Write y = y - 0.5."),
    "3 and 7": (np.where(Y == 1, 7, 3), "y[0] is 3", "Write y = (y == 7).astype(float)"),
    "three": (K, "y[2] is 2", "use softmax_loss"),
    "all 2": (np.full(30, 2.0), "y[0] is 2", "both classes are needed"),
    "amounts": (10 * SHARES, "but labels of a logistic loss", "use mse_loss"),
}
CLASSES = {
    "1 to k": (K + 1, "y[2] is 3, but with 3 logits a row labels are 0 to 2", "write y = y - 1."),
    "0 to k": (np.arange(30) % 4, "y[3] is 3", "give the net 4 outputs"),
    "-1 to k - 2": (K - 1, "y[0] is -1", "write y = y + 1."),
    "no label": (np.where(np.arange(30) == 7, -1, K), "y[7] is -1", "keep = y >= 0; x, y = x[keep], y[keep]"),
    "-1 and 1": (2 * Y - 1, "y[0] is -1", "Write y = (y + 1) // 2."),
    "far apart": (5 * K, "y[1] is 5", "jnp.unique(y, return_inverse=True)[1]"),
    "many": (np.arange(30), "y[3] is 3", "give the net 30 outputs"),
    "tenths": (K + 0.5, "y[0] is 0.5", "For amounts use mse_loss"),
    "floats": (K.astype(float), "y holds float", "Use y.astype(int)"),
    "one-hot": (np.eye(3)[K].astype(int), "y (30, 3)", "Use y.argmax(axis=1)"),
}


def says(call, *words):
    with pytest.raises(LearnerError) as caught:
        call()
    message = str(caught.value)
    assert all(part in message for part in words), message
    assert len(message) < 330 and message.count("\n") <= 1 and "Tracer" not in message


@pytest.mark.parametrize("kind", [np.asarray, jnp.asarray])
@pytest.mark.parametrize("name", BINARY)
def test_a_logistic_loss_names_the_label(name, kind):
    y, *words = BINARY[name]
    y, line = kind(y), models.linear_model
    says(lambda: losses.logistic_loss(LINE, line, X, y), *words)
    says(lambda: losses.binary_cross_entropy(y, SHARES), "y_true[", "but labels of a logistic loss are 0 or 1")
    says(lambda: jax.jit(jax.grad(lambda params: losses.logistic_loss(params, line, X, y)))(LINE), *words)


@pytest.mark.parametrize("kind", [np.asarray, jnp.asarray])
@pytest.mark.parametrize("name", CLASSES)
def test_a_softmax_loss_names_the_label(name, kind):
    y, *words = CLASSES[name]
    says(lambda: losses.softmax_loss(NET, models.mlp_model, X, kind(y)), *words)
    says(lambda: losses.cross_entropy(kind(y), models.mlp_model(NET, X)), "y_true")


FITS = {
    "logistic": (LINE, models.linear_model, losses.logistic_loss, Y, 2 * Y - 1),
    "partial": (LINE, models.linear_model, partial(scaled, by=2.0), Y, Y + 1),
    "own, from probabilities": (LINE, models.linear_model, own_binary, Y, 2 * Y - 1),
    "softmax": (NET, models.mlp_model, losses.softmax_loss, K, K + 1),
    "with a penalty": (NET, models.mlp_model, losses.with_l1(losses.with_l2(losses.softmax_loss, 0.1), 0.1), K, K - 1),
    "own, of converted labels": (NET, models.mlp_model, own_classes, K.astype(float), K + 1.0),
    "compiled": (NET, models.mlp_model, jitted, K, K + 1),
    "compiled inside": (NET, models.mlp_model, own_with_jit, K, K + 1),
    "compiled inside, with a penalty": (NET, models.mlp_model, losses.with_l2(own_with_jit, 0.1), K, K + 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FITS)
def test_fit_looks_at_the_labels_before_it_trains(name):
    params, model, loss, right, wrong = FITS[name]
    says(lambda: fit(params, model, loss, X, wrong, progress=False), "is")
    assert np.isfinite(fit(params, model, loss, X, right, n_steps=2, progress=False).losses).all()
    says(lambda: fit(params, model, loss, X, wrong, progress=False), "labels")  # nothing compiles again, yet it looks
    says(lambda: fit(params, model, loss, X, wrong, batch_size=7, key=KEY), "labels")


def test_whatever_takes_a_loss_looks_at_the_labels():
    line, x, y = models.linear_model, X[:, 0], 2 * Y - 1
    given = (POINTS, line, losses.logistic_loss, x)
    for call in (
        lambda: tuning.range_test(*given, y),
        lambda: tuning.fit_early(*given, Y, x, y),
        lambda: tuning.fit_early(*given, y, x, Y),
        lambda: plots.contour(*given, y),
        lambda: graph.trace(losses.logistic_loss, POINTS, line, x, y),
    ):
        says(call, "y[0] is -1")
    graph.trace(losses.logistic_loss, POINTS, line, x, Y)
    says(lambda: graph.trace(losses.logistic_loss, POINTS, line, x, y), "y[0] is -1")  # the graph is known, y is not
    for panel in (panels.sweep(*given, y), panels.fit_by_hand(*given, y)):
        assert "y[0] is -1" in panel.shown["trouble"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "y",
    [
        Y,
        Y.astype(float),
        Y == 1,
        Y.astype(np.uint8),
        SHARES,
        np.zeros(30),
        np.ones(30),
        np.where(Y == 1, 1 + 1e-7, -1e-7),
        jnp.asarray(Y, jnp.bfloat16),
    ],
)
def test_right_labels_of_a_logistic_loss(y):
    z, p = np.asarray(models.linear_model(LINE, X), np.float64), np.asarray(y, np.float64)
    expected = np.mean(np.log1p(np.exp(z)) - p * z)
    assert losses.logistic_loss(LINE, models.linear_model, X, y) == pytest.approx(expected, rel=1e-3)
    assert losses.binary_cross_entropy(y, models.logistic(z)) == pytest.approx(expected, rel=1e-3)
    assert fit(LINE, models.linear_model, losses.logistic_loss, X, y, n_steps=2, progress=False).stopped is None


@pytest.mark.parametrize("y", [K, K.astype(np.uint8), K.astype(np.int8), np.zeros(30, int), K.tolist()])
def test_right_labels_of_a_softmax_loss(y):
    z = np.asarray(models.mlp_model(NET, X), np.float64)
    expected = np.mean(np.asarray(logsumexp(z, axis=1)) - z[np.arange(30), np.asarray(y)])
    assert losses.cross_entropy(y, z) == pytest.approx(expected, rel=1e-4)
    assert losses.softmax_loss(NET, models.mlp_model, X, y) == pytest.approx(expected, rel=1e-4)


def test_traced_labels_are_let_through():
    each = jax.vmap(lambda y: losses.logistic_loss(LINE, models.linear_model, X, y))(jnp.stack([Y, 1 - Y]))
    assert np.isfinite(each).all()
    assert np.isfinite(jax.jit(losses.cross_entropy)(K, models.mlp_model(NET, X)))


def test_probabilities_are_probabilities():
    says(
        lambda: losses.binary_cross_entropy(Y, models.linear_model(LINE, X) * 10),
        "but a probability lies between",
        "models.logistic(y_pred)",
    )
    says(
        lambda: losses.binary_cross_entropy(np.array(["no", "yes"]), SHARES[:2]),
        "names such as 'yes'",
        "(y_true == 'yes').astype(float)",
    )


TRUE = np.array([0, 1, 1, 0])
NO_CLASSES = {
    "logits": (
        lambda: metrics.accuracy(TRUE, np.array([-3, 5, 2, -1])),
        "y_pred[0] is -3, which is no class of y_true (0, 1)",
        "y_pred = (y_pred > 0).astype(int)",
    ),
    "float logits": (lambda: metrics.precision(TRUE, np.array([1.0, 2.0, 1.0, 0.0])), "y_pred[1] is 2", "> 0"),
    "logits for truth values": (lambda: metrics.f1(TRUE == 1, np.array([1, 2, 1, 0])), "y_pred[1] is 2", "> 0"),
    "largest logits": (lambda: metrics.kappa(np.array([0, 1, 2]), np.array([4, -1, 2])), "is 4", "argmax(axis=1)"),
    "probabilities": (lambda: metrics.accuracy(TRUE, np.array([0.2, 0.7, 1, 0])), "y_pred holds 0.2", "> 0.5"),
    "a row a sample": (lambda: metrics.recall(TRUE, np.ones((4, 3))), "(4, 3)", "y_pred = y_pred.argmax(axis=1)"),
    "one-hot": (lambda: metrics.accuracy(np.eye(3), np.eye(3)), "y_true = y_true.argmax(axis=1)"),
    "names and numbers": (lambda: metrics.accuracy(np.array(["no", "yes"]), np.array([0, 1])), "'no'", "never equal"),
    "scores first": (lambda: metrics.auc(np.array([0.1, 0.9, 0.4, 0.3]), TRUE), "the truth comes first"),
    "drawn": (lambda: plots.confusion_matrix(TRUE, np.array([-3, 5, 2, -1])), "no class of y_true"),
}


@pytest.mark.parametrize("name", NO_CLASSES)
def test_metrics_refuse_what_is_no_class(name):
    call, *words = NO_CLASSES[name]
    says(call, *words)


def test_whole_logits_above_0_could_be_classes_so_they_only_warn():
    with pytest.warns(UserWarning, match=r"y_pred\[0\] is 3, .* counts as a miss. If .* y_pred = \(y_pred > 0\)"):
        assert metrics.accuracy(TRUE, np.array([3, 5, 2, 1])) == 0


# A test part of few rows need not hold every class, and a classifier may name any of them.
@pytest.mark.parametrize(
    "y_true, y_pred, warns, right",
    [
        ([0, 1], [0, 2], True, 0.5),
        ([0, 1], [2, 2], True, 0),
        ([0, 0, 1, 1], [2, 2, 2, 2], True, 0),
        ([3, 3, 7], [5, 3, 1], True, 1 / 3),
        (["cat", "dog"], ["Cat", "dog"], True, 0.5),
        ([-1, 1], [-1, -1], False, 0.5),
        ([1, 2], [2, 2], False, 0.5),
        ([0, 0], [1, 0], False, 0.5),
        ([1.0, 1.0], [0, 1], False, 0.5),
        ([0, 1], [False, True], False, 1),
        ([0.0, 1.0], [1.0, 1.0], False, 0.5),
        ([0, 1, 2], [2.0, 1.0, 2.0], False, 2 / 3),
    ],
)
def test_metrics_take_every_prediction_of_a_classifier(y_true, y_pred, warns, right):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert metrics.accuracy(np.array(y_true), np.array(y_pred)) == pytest.approx(right)
    assert [(item.filename, "which is no class of y_true" in str(item.message)) for item in caught] == [
        (__file__, True)
    ] * warns
