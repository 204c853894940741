"""Models and losses against closed forms, jax.nn, Optax and scikit-learn; signatures against what they promise."""

import jax
import jax.numpy as jnp
import jaxtyping
import numpy as np
import optax
import pytest
from beartype import beartype
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.metrics import log_loss, mean_squared_error

from dl_workshop import losses, models
from dl_workshop.errors import LearnerError
from dl_workshop.optimizers import gradient_descent

numbers = st.floats(-50, 50, width=32, allow_subnormal=False)
# one length: JAX compiles anew for each
vectors = st.lists(numbers, min_size=8, max_size=8).map(lambda values: np.array(values, np.float32))


@given(vectors)
def test_logistic_is_the_closed_form(z):
    # two roundings of a number near 1: JAX lets tanh be exactly -1 a little early, where this is still 1e-7
    rounding = 2 * np.finfo(np.float32).eps
    np.testing.assert_allclose(models.logistic(z), expit(z.astype(np.float64)), rtol=2e-5, atol=rounding)


@pytest.mark.parametrize("z", [-200.0, -90.0, 90.0, 200.0])
def test_logistic_has_a_finite_slope_far_out(z):
    assert np.isfinite(models.logistic(z)) and np.isfinite(jax.grad(models.logistic)(z))


def test_linear_model_takes_a_column_or_a_table():
    x = np.linspace(-2, 2, 5, dtype=np.float32)
    np.testing.assert_allclose(models.linear_model({"w": 3.0, "b": 1.0}, x), 3 * x + 1)
    table = np.arange(12.0, dtype=np.float32).reshape(4, 3)
    w = np.array([1.0, -2.0, 0.5], np.float32)
    np.testing.assert_allclose(models.linear_model({"w": w, "b": 2.0}, table), table @ w + 2)


def test_init_linear_gives_the_shapes_that_linear_model_takes():
    scalar, vector = models.init_linear(jax.random.key(0)), models.init_linear(jax.random.key(0), 3)
    assert scalar["w"].shape == scalar["b"].shape == vector["b"].shape == () and vector["w"].shape == (3,)
    assert models.linear_model(scalar, jnp.ones(7)).shape == models.linear_model(vector, jnp.ones((7, 3))).shape == (7,)
    with pytest.raises(LearnerError, match="at least one input column"):
        models.init_linear(jax.random.key(0), 0)


@given(st.lists(st.integers(1, 9), min_size=2, max_size=5), st.integers(1, 6))
@settings(max_examples=5)
def test_mlp_is_the_product_of_its_matrices(widths, n):
    params = models.init_mlp(jax.random.key(len(widths)), widths)
    x = np.asarray(jax.random.normal(jax.random.key(n), (n, widths[0])))
    h = x.astype(np.float64)
    for layer in range(1, len(widths)):
        h = h @ np.asarray(params[f"w{layer}"], np.float64) + np.asarray(params[f"b{layer}"])
        h = np.tanh(h) if layer < len(widths) - 1 else h
    logits = models.mlp_model(params, x)
    assert logits.shape == ((n,) if widths[-1] == 1 else (n, widths[-1]))
    np.testing.assert_allclose(logits.reshape(h.shape), h, rtol=1e-4, atol=1e-5)


def test_init_mlp_spreads_as_one_over_the_root_of_fan_in_and_needs_two_widths():
    params = models.init_mlp(jax.random.key(1), (400, 300, 1))
    assert np.std(params["w1"]) == pytest.approx(1 / 20, rel=0.02) and not np.any(params["b1"])
    with pytest.raises(LearnerError, match="widths=\\(3,\\)"):
        models.init_mlp(jax.random.key(1), (3,))


@given(vectors, st.integers(0, 99))
def test_mse_is_scikit_learns(y, seed):
    y_pred = y + np.random.default_rng(seed).normal(size=y.shape).astype(np.float32)
    assert losses.mse(y, y_pred) == pytest.approx(mean_squared_error(y, y_pred), rel=1e-4, abs=1e-6)


@given(vectors, st.integers(0, 99))
def test_logistic_loss_is_optax_and_scikit_learn(z, seed):
    y = np.random.default_rng(seed).integers(0, 2, z.shape).astype(np.float32)
    ours = losses.logistic_loss(None, lambda _, x: x, z, y)
    assert ours == pytest.approx(float(jnp.mean(optax.sigmoid_binary_cross_entropy(z, y))), rel=1e-4, abs=1e-6)
    mild = np.clip(z, -10, 10)
    expected = log_loss(y, expit(mild.astype(np.float64)), labels=[0, 1])
    assert losses.binary_cross_entropy(y, models.logistic(mild)) == pytest.approx(expected, rel=2e-3, abs=1e-4)


def test_logistic_loss_never_overflows_where_probabilities_do():
    z, y = jnp.array([1000.0, -1000.0, 40.0]), jnp.array([0.0, 1.0, 1.0])
    value, grads = jax.value_and_grad(lambda z: losses.logistic_loss(None, lambda _, x: x, z, y))(z)
    assert value == pytest.approx(2000 / 3) and np.all(np.isfinite(grads))
    assert not np.isfinite(losses.binary_cross_entropy(y, models.logistic(z)))


@given(st.integers(0, 99), st.sampled_from([1, 7]), st.sampled_from([2, 5]))
def test_cross_entropy_is_optaxs(seed, n, k):
    rng = np.random.default_rng(seed)
    logits, labels = rng.normal(scale=5, size=(n, k)).astype(np.float32), rng.integers(0, k, n)
    expected = jnp.mean(optax.softmax_cross_entropy_with_integer_labels(logits, labels))
    ours = losses.softmax_loss(None, lambda _, x: x, logits, labels)
    assert ours == pytest.approx(float(expected), rel=1e-5, abs=1e-6)


def test_cross_entropy_of_the_printed_example():
    assert losses.cross_entropy(np.array([0]), np.array([[2.0, 1.0]])) == pytest.approx(0.313262, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: losses.mse(np.ones(100), np.ones((100, 1))),
            "y_pred has shape (100, 1) but y_true has (100,): subtracting them would give (100, 100). Use "
            "y_pred[:, 0].",
        ),
        (lambda: losses.mse(np.ones(3), np.ones(4)), "cannot be compared number by number"),
        (lambda: losses.binary_cross_entropy(np.ones((5, 1)), np.ones(5)), "Use y_true[:, 0]."),
        (
            lambda: losses.logistic_loss(None, lambda _, x: x[:, None], np.ones(5), np.ones(5)),
            "Use model(params, x)[:, 0].",
        ),
        (lambda: losses.cross_entropy(np.zeros(4), np.zeros((4, 2))), "labels must be whole numbers"),
        (lambda: losses.cross_entropy(np.zeros(4, int), np.zeros(4)), "give logits (n, k)"),
    ],
)
def test_wrong_shapes_are_refused_in_words(call, words):
    with pytest.raises(LearnerError) as caught:
        call()
    assert words in str(caught.value) and str(caught.value).count("\n") <= 1


def test_gradient_descent_is_optaxs_sgd():
    params = models.init_mlp(jax.random.key(0), (3, 4, 2))
    grads = jax.tree.map(lambda leaf: leaf**2 + 1, params)
    init, update = gradient_descent(0.3)
    ours, _ = update(grads, init(params), params)
    theirs, _ = optax.sgd(0.3).update(grads, optax.sgd(0.3).init(params), params)
    jax.tree.map(np.testing.assert_allclose, ours, theirs)


def test_signatures_tell_the_true_shapes():
    checked = jaxtyping.jaxtyped(typechecker=beartype)
    key, x, table = jax.random.key(0), jnp.linspace(-1, 1, 6), jnp.ones((6, 3))
    line, plane, net = (
        checked(models.init_linear)(key),
        checked(models.init_linear)(key, 3),
        checked(models.init_mlp)(key, (3, 4, 2)),
    )
    assert checked(models.linear_model)(line, x).shape == checked(models.logistic_model)(plane, table).shape == (6,)
    logits = checked(models.mlp_model)(net, table)
    assert checked(losses.mse)(x, x) == 0 and checked(losses.cross_entropy)(jnp.zeros(6, int), logits) > 0
    assert checked(losses.mse_loss)(line, models.linear_model, x, x) >= 0
    assert checked(losses.logistic_loss)(plane, models.linear_model, table, jnp.ones(6)) >= 0
    with pytest.raises(jaxtyping.TypeCheckError):
        checked(losses.mse)(x, jnp.ones(5))
