"""Planted bugs in a hand-written forward and backward pass, each localised to its node and told by its reason."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import graph
from dl_workshop.errors import LearnerError


def model(params, x):
    z1 = x @ params["w1"] + params["b1"]
    a1 = jnp.tanh(z1)
    z2 = a1 @ params["w2"] + params["b2"]
    return jax.nn.sigmoid(z2)


def loss(params, model, x, y):
    y_pred = model(params, x)
    penalty = 0.1 * jnp.sum(params["w2"] * params["w2"])
    return jnp.mean((y_pred - y) ** 2) + penalty


N = 7
RNG = np.random.default_rng(0)
PARAMS = {
    "w1": RNG.normal(size=(4, 4)),
    "b1": RNG.normal(size=4),
    "w2": RNG.normal(size=(4, 3)),
    "b2": RNG.normal(size=3),
}
X, Y = RNG.normal(size=(N, 4)), RNG.uniform(size=(N, 3))


@pytest.fixture(scope="module")
def traced():
    with jax.enable_x64(True):
        return graph.trace(loss, PARAMS, model, X, Y)


def by_hand(bug=""):
    """The two passes written out in NumPy, with one mistake planted."""
    w1, b1, w2, b2 = (PARAMS[name] for name in ("w1", "b1", "w2", "b2"))
    z1 = X @ w1 + (0 if bug == "no bias" else b1)
    a1 = np.tanh(z1)
    z2 = a1 @ w2 + b2
    y_pred = 1 / (1 + np.exp(-z2))
    dy = 2 * (y_pred - Y) / (1 if bug == "no mean" else N * 3)
    if bug == "factor 2":
        dy = dy / 2
    if bug == "sign":
        dy = -dy
    dz2 = dy if bug == "no local" else dy * y_pred * (1 - y_pred)
    dw2 = a1.T @ dz2 + (0 if bug == "missing path" else 0.2 * w2)
    if bug == "wrong input":
        dw2 = z1.T @ dz2 + 0.2 * w2
    if bug == "wrong gradient":
        dw2 = a1.T @ dy + 0.2 * w2
    db2 = dz2 if bug == "not summed" else dz2.sum(axis=0)
    da1 = dz2 @ w2.T
    at = a1 if bug == "at a" else z1
    dz1 = da1 * (1 - np.tanh(at) ** 2)
    dw1 = dz1.T @ X if bug == "transposed" else X.T @ dz1
    forward = {"z1": z1, "a1": a1, "z2": z2, "y_pred": y_pred}
    backward = {"y_pred": dy, "z2": dz2, "w2": dw2, "b2": db2, "a1": da1, "z1": dz1, "w1": dw1, "b1": dz1.sum(axis=0)}
    return forward, backward


def test_right_passes_agree(traced):
    report = graph.compare(traced, *by_hand())
    assert report.name is None and report.place is None and str(report) == "All 12 agree with the graph."


@pytest.mark.parametrize(
    ("bug", "direction", "name", "reason"),
    [
        ("no bias", "forward", "z1", "b1 is missing"),
        ("wrong gradient", "backward", "w2", "it takes the gradient of y_pred where that of z2 belongs"),
        ("sign", "backward", "y_pred", "sign"),
        ("factor 2", "backward", "y_pred", "factor 2 is missing"),
        ("no local", "backward", "z2", "local derivative of sigmoid is missing"),
        ("missing path", "backward", "w2", "the path through multiply is missing"),
        ("wrong input", "backward", "w2", "it takes z1 where a1 belongs"),
        ("not summed", "backward", "b2", "not summed over the batch"),
        ("at a", "backward", "z1", "taken at a1 instead of z1"),
        ("transposed", "backward", "w1", "transposed"),
    ],
)
def test_planted_bugs_are_localised(traced, bug, direction, name, reason):
    report = graph.compare(traced, *by_hand(bug))
    assert (report.direction, report.name) == (direction, name) and traced.nodes[report.place].name == name
    assert reason in report.reason and report.reason in str(report)


def test_an_error_without_a_known_reason_is_localised_but_not_explained(traced):
    forward, backward = by_hand()
    backward["a1"] = backward["a1"] * 1.37
    report = graph.compare(traced, forward, backward)
    assert (report.name, report.reason) == ("a1", "") and "no single known mistake" in str(report)
    backward["a1"] = np.full((N, 4), np.nan)
    assert "it holds nan" in str(graph.compare(traced, backward=backward))


def test_a_reason_that_two_mistakes_share_is_not_named():
    def two_rows(w, x):
        return jnp.mean(w * x)

    trace = graph.trace(two_rows, 3.0, np.array([1.0, 2.0]))  # n = 2: no factor 1/n, or a factor 2 too many?
    assert graph.compare(trace, backward={"w": 1.5}).name is None
    report = graph.compare(trace, backward={"w": 3.0})
    assert (report.name, report.reason) == ("w", "")


@pytest.mark.slow
def test_float32_by_hand_agrees_with_float32():
    trace = graph.trace(loss, PARAMS, model, X, Y)
    forward, backward = ({name: np.float32(value) for name, value in part.items()} for part in by_hand())
    assert graph.compare(trace, forward, backward).name is None


def test_bad_input_is_refused_in_words(traced):
    with pytest.raises(LearnerError, match="no node of that name"):
        graph.compare(traced, forward={"zz": 1.0})
    with pytest.raises(LearnerError, match="not an array of numbers"):
        graph.compare(traced, backward={"z1": "dz1"})
    assert "nothing to compare" in str(graph.compare(traced))
