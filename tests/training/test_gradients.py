"""Two-sided differences and the verdict of the gradient check, against closed forms and jax.grad."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_workshop import gradients, losses, models
from dl_workshop.errors import LearnerError


def test_the_printed_example():
    assert gradients.two_sided(lambda x: x**2 + 3 * x, 2.0, h=1e-3) == pytest.approx(7, abs=1e-9)


@given(st.floats(-3, 3), st.floats(-3, 3), st.sampled_from([1e-4, 1e-5, 1e-6]))
def test_closed_form_of_a_dict(w, b, h):
    grads = gradients.two_sided(lambda p: jnp.sin(p["w"]) * p["b"] ** 2, {"w": w, "b": b}, h)
    assert grads["w"] == pytest.approx(np.cos(w) * b**2, abs=1e-6)
    assert grads["b"] == pytest.approx(2 * b * np.sin(w), abs=1e-6)


def net():
    params = models.init_mlp(jax.random.key(0), (3, 4, 1))
    x = jax.random.normal(jax.random.key(1), (10, 3))
    y = (x[:, 0] > 0).astype(float)
    return params, lambda params: losses.logistic_loss(params, models.mlp_model, x, y)


@pytest.mark.slow
def test_the_kits_own_losses_are_good():
    params, f = net()
    check = gradients.check_gradient(f, params)
    assert (
        check.verdict == "good"
        and check.difference < 1e-8
        and set(check.leaves) == {"params['w1']", "params['b1']", "params['w2']", "params['b2']"}
    )
    with jax.enable_x64(True):
        exact = jax.grad(f)(jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype=float), params))
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-9), exact, gradients.two_sided(f, params)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("factor", "verdict"),
    [
        (1 + 1e-9, "good"),
        (1 + 1e-5, "acceptable"),
        (1 + 1e-3, "suspicious"),
        (1.05, "wrong"),
        (0.0, "wrong"),
        (-1.0, "wrong"),
        (np.nan, "wrong"),
    ],
)
def test_verdicts_follow_the_thresholds(factor, verdict):
    params, f = net()
    with jax.enable_x64(True):
        grads = jax.grad(f)(jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype=float), params))
        grads = jax.tree.map(lambda grad: grad * factor, grads)
    assert gradients.check_gradient(f, params, grads).verdict.startswith(verdict)


def test_the_wrong_param_is_named():
    params, f = net()
    grads = jax.grad(f)(params)
    grads["w2"] = -grads["w2"]
    assert "most in params['w2']" in str(gradients.check_gradient(f, params, grads))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda f, p: gradients.two_sided(lambda p: p["w1"], p), "a gradient is that of one number"),
        (lambda f, p: gradients.two_sided(f, {"w": 1}), "write 1.0"),
        (lambda f, p: gradients.check_gradient(f, p, {"w1": p["w1"]}), "one entry for every param"),
        (lambda f, p: gradients.check_gradient(f, p, {name: jnp.zeros(2) for name in p}), "they must be the same"),
    ],
)
def test_bad_input_is_refused_in_words(call, words):
    params, f = net()
    with pytest.raises(LearnerError, match=words):
        call(f, params)


def test_params_are_not_changed():
    params = {"w": np.array([1.0, 2.0])}
    gradients.two_sided(lambda p: jnp.sum(p["w"] ** 3), params)
    np.testing.assert_array_equal(params["w"], [1.0, 2.0])


KINKED = {
    "|w| at 0": (lambda p: jnp.sum(jnp.abs(p["w"])), [0.0, 1.0, -2.0], ("params['w'][0]",)),
    "just beside 0, nearer than h": (lambda p: jnp.sum(jnp.abs(p["w"])), [1.0, 5e-6, 1.0], ("params['w'][1]",)),
    "relu": (lambda p: jnp.sum(jnp.maximum(p["w"] - 1, 0) * 3), [1.0, 4.0, 1.0], ("params['w'][0]", "params['w'][2]")),
    "max of two": (lambda p: jnp.max(p["w"]), [2.0, 1.0, 2.0], ("params['w'][0]", "params['w'][2]")),
    "a thousandth away": (lambda p: jnp.sum(jnp.abs(p["w"])), [1e-3, 1.0, 1.0], ()),
    "a parabola at its lowest point": (lambda p: jnp.sum((p["w"] - 1) ** 2) + 5, [1.0, 1.0, 0.0], ()),
    "a sharp bend is no kink": (lambda p: jnp.sum(jnp.exp(30 * p["w"])), [0.5, -3.0, 0.0], ()),
    "a cube at 0": (lambda p: jnp.sum(p["w"] ** 3), [0.0, 1.0, 0.0], ()),
    "a constant": (lambda p: 0 * jnp.sum(p["w"]) + 7, [0.0, 1.0, 2.0], ()),
}


@pytest.mark.parametrize("name", KINKED)
def test_kinks_are_named_and_nothing_else_is(name):
    f, w, kinks = KINKED[name]
    check = gradients.check_gradient(f, {"w": np.array(w)})
    assert check.kinks == kinks and ("kink at" in str(check)) == bool(kinks)


def test_a_gradient_that_breaks_is_named_with_its_operation():
    check = gradients.check_gradient(lambda params: jnp.sqrt(jnp.sum(params["v"] ** 2)), {"v": jnp.zeros(3)})
    assert check.verdict == "wrong" and str(check).startswith("wrong: the gradient of params['v'] is nan: sqrt in `")
    assert str(check).endswith("jnp.sqrt(z + 1e-12).")
