"""The figures that lesson 06 rests on, reproduced through graph.trace, fit and the gradient check."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import exercises, fit, gradients, graph, losses, models


@pytest.fixture(autouse=True)
def float64():
    with jax.enable_x64(True):
        yield


def chain(w, b):
    x = 2 * w + 3 * b
    y = 2 * b + 1
    z = x * y
    return z


def test_chain():
    trace = graph.trace(chain, 3.0, 4.0)
    assert (trace["x"].value, trace["y"].value, trace["z"].value) == (18, 9, 162)
    assert (trace["w"].grad, trace["b"].grad, trace["x"].grad, trace["y"].grad) == (18, 63, 9, 18)
    # b reaches z along two paths, through x and through y, and their terms are added
    by_name = {(trace.nodes[edge.start].name, edge.end): edge for edge in trace.edges}
    assert sorted(edge.term for (name, _), edge in by_name.items() if name == "b") == [27, 36]


def test_chain_with_one_variable_changed():
    z, w_grad, b_grad = 162.0, 18.0, 63.0
    w, b = 3 - (z - 150) / w_grad, 4 - (z - 150) / b_grad
    assert w == pytest.approx(2.333333, abs=1e-6) and chain(w, 4.0) == pytest.approx(150)
    assert b == pytest.approx(3.809524, abs=1e-6) and chain(3.0, b) == pytest.approx(150.217687, abs=1e-6)


def updates_of_b(recompute, tolerance):
    """How many updates of b alone bring z within tolerance of 150; the factors used, and b."""
    b, factors = 4.0, []
    trace = graph.trace(chain, 3.0, b)
    while abs(trace["z"].value - 150) > tolerance:
        factors.append(float(trace["b"].grad) if recompute or not factors else factors[0])
        b -= float(trace["z"].value - 150) / factors[-1]
        trace = graph.trace(chain, 3.0, b)
    return factors, b


def test_chain_with_the_factor_kept_or_recomputed():
    assert [len(updates_of_b(False, tolerance)[0]) for tolerance in (1e-4, 1e-5)] == [4, 5]
    assert [len(updates_of_b(True, tolerance)[0]) for tolerance in (1e-4, 1e-5)] == [2, 3]
    factors, b = updates_of_b(True, 1e-5)
    assert factors == pytest.approx([63, 60.714286, 60.671261], abs=1e-6) and b == pytest.approx(3.805937104, abs=1e-9)


@pytest.mark.parametrize(("recompute", "end"), [(False, (2.661469, 3.903277)), (True, (2.661517, 3.903263))])
def test_chain_with_both_changed(recompute, end):
    w, b = 3.0, 4.0
    trace = first = graph.trace(chain, w, b)
    seen = []
    while abs(trace["z"].value - 150) > 1e-9:
        half, at = float(trace["z"].value - 150) / 2, trace if recompute else first
        w, b = w - half / float(at["w"].grad), b - half / float(at["b"].grad)
        trace = graph.trace(chain, w, b)
        seen.append((w, b, float(trace["z"].value)))
    assert seen[0] == pytest.approx((2.666667, 3.904762, 150.181406), abs=1e-6)
    assert (w, b) == pytest.approx(end, abs=1e-6)


def relay(x):
    a = x**2
    b = jnp.log(a)
    c = jnp.sqrt(b)
    return c


def test_relay():
    x, seen = 2.0, []
    while True:
        trace = graph.trace(relay, np.float64(x))
        seen.append(x)
        error = float(trace["c"].value) - 2.13
        if abs(error) < 1e-3:
            break
        for edge in reversed(trace.edges):  # back along the chain: divide by each local derivative
            error = error / float(edge.local)
        x -= error
    assert seen == pytest.approx([2, 4.243178, 7.343950, 9.295386, 9.655706], abs=1e-6)
    assert error == pytest.approx(-0.000423, abs=1e-6) and np.exp(2.13**2 / 2) == pytest.approx(9.664409, abs=1e-6)
    locals_ = [float(edge.local) for edge in graph.trace(relay, 2.0).edges]
    assert locals_ == pytest.approx([4, 1 / 4, 1 / (2 * np.sqrt(np.log(4)))])


X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
OR = np.array([0.0, 1, 1, 1])
START = {"w": np.array([0.1, 0.6]), "b": 0.0}


def neuron(params, x):
    y_hat = jax.nn.sigmoid(x @ params["w"] + params.get("b", 0.0))
    return y_hat


def half_loss(params, model, x, y):
    y_hat = model(params, x)
    return jnp.mean(0.5 * (y_hat - y) ** 2)


def test_one_example_of_or_shows_why_a_bias_is_needed():
    without = graph.trace(half_loss, {"w": START["w"]}, neuron, X[0], OR[0])
    assert without["y_hat"].value == 0.5 and without["loss"].value == 0.125
    np.testing.assert_array_equal(without["w"].grad, [0, 0])
    trace = graph.trace(half_loss, START, neuron, X[0], OR[0])
    assert trace["b"].grad == pytest.approx(0.125)
    after = graph.trace(half_loss, {"w": START["w"], "b": -float(trace["b"].grad)}, neuron, X[0], OR[0])
    assert after["b"].value == -0.125 and after["y_hat"].value == pytest.approx(0.468791, abs=1e-6)
    assert after["loss"].value == pytest.approx(0.109882, abs=1e-6)


def test_a_batch_of_or():
    trace = graph.trace(half_loss, START, neuron, X, OR)
    assert trace["y_hat"].value == pytest.approx([0.5, 0.645656, 0.524979, 0.668188], abs=1e-6)
    assert trace["loss"].value == pytest.approx(0.0889129, abs=1e-7)
    assert trace["w"].grad == pytest.approx([-0.048006, -0.038659], abs=1e-6)
    assert trace["b"].grad == pytest.approx(-0.037024, abs=1e-6)
    after = graph.trace(half_loss, {name: START[name] - trace[name].grad for name in START}, neuron, X, OR)
    assert after["w"].value == pytest.approx([0.148006, 0.638659], abs=1e-6)
    assert after["b"].value == pytest.approx(0.037024, abs=1e-6)
    assert after["loss"].value == pytest.approx(0.0840096, abs=1e-7)
    assert after["w"].grad == pytest.approx([-0.044287, -0.035004], abs=1e-6)
    assert after["b"].grad == pytest.approx(-0.031313, abs=1e-6)


def test_or_is_learnt_in_5000_epochs():
    got = fit(START, neuron, half_loss, X, OR, step_size=1.0, n_steps=5000, progress=False)
    assert half_loss(got.params, neuron, X, OR) == pytest.approx(0.000528, abs=1e-6)
    assert got.params["w"] == pytest.approx([6.434, 6.434], abs=1e-3)
    assert got.params["b"] == pytest.approx(-2.973, abs=1e-3)


def test_softmax():
    def loss(params, model, x, y):
        p = jax.nn.softmax(model(params, x))
        return -jnp.log(p[y])

    trace = graph.trace(loss, {"logits": np.array([2.0, 1.0])}, lambda params, x: params["logits"], 0.0, 0)
    assert trace["loss"].value == pytest.approx(0.313262, abs=1e-6)
    assert trace["logits"].grad == pytest.approx(trace["p"].value - np.array([1, 0]))  # p minus the one-hot label
    kits = losses.softmax_loss({"w": np.eye(2), "b": 0.0}, models.linear_model, np.array([[2.0, 1.0]]), np.array([0]))
    assert kits == pytest.approx(0.313262, abs=1e-6)
    np.testing.assert_array_equal(jax.nn.one_hot(2 - 1, 5), [0, 1, 0, 0, 0])  # classes are counted from 1 there


def test_two_sided_difference():
    def f(x):
        return x**2 + 3 * x

    assert gradients.two_sided(f, 2.0, h=1e-3) == pytest.approx(7, abs=1e-9)
    assert (f(2.001) - f(2)) / 0.001 == pytest.approx(7.001, abs=1e-9)
    check = gradients.check_gradient(f, 2.0, graph.trace(f, 2.0).nodes[0].grad)
    assert check.verdict == "good" and check.kinks == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            {"w": lambda x, d_y_hat, d_z: x.T @ d_y_hat},
            "the gradient of w is the first that is wrong: it takes the gradient of y_hat where that of z belongs",
        ),
        ({"z": lambda x, d_y_hat, d_z: 3 * d_z}, "the gradient of z (`z = x @"),
    ],
)
def test_the_check_of_a_pass_by_hand_names_the_first_wrong_node(wrong, words):
    def neuron_backward(params, x, y):
        y_hat = 1 / (1 + jnp.exp(-(x @ params["w"] + params["b"])))
        d_y_hat = (y_hat - y) / len(y)
        d_z = d_y_hat * y_hat * (1 - y_hat)
        right = {"y_hat": d_y_hat, "z": d_z, "w": x.T @ d_z, "b": d_z.sum()}
        return right | {name: rule(x, d_y_hat, d_z) for name, rule in wrong.items()}

    check = exercises.load("06").neuron_backward
    check.check(neuron_backward)
    assert (check.status, check.mistake) == ("failed", None) and words in check.message, check.message
