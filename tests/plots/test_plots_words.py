"""What the plots say to bad input: one or two lines, with what to type."""

import matplotlib

matplotlib.use("Agg")

import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dl_workshop import plots
from dl_workshop.errors import LearnerError

X = np.linspace(-5, 5, 100)
Y = 2 * X + 20
PARAMS = {"w": 1.5, "b": 18.0}
PLANE = np.random.default_rng(1).normal(size=(60, 2))
INSIDE = (PLANE[:, 0] > 0).astype(int)


def line(params, x):
    return params["w"] * x + params["b"]


def mse(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: plots.data(X, Y[:3]), "x has 100 rows but y has 3"),
        (lambda: plots.data(np.ones((5, 3)), np.ones(5)), r"Choose two columns, for example x\[:, :2\]"),
        (lambda: plots.data(X, Y[:, None]), r"Use y\[:, 0\]"),
        (lambda: plots.data_and_model(PARAMS, lambda p, x: line(p, x)[:, None], X, Y), r"\[:, 0\]"),
        (lambda: plots.data_and_model({}, lambda p, x: 9 * x[:, 0], PLANE, INSIDE), "logits=True"),
        (lambda: plots.data_and_model({}, line, X, Y), r"params\['w'\]"),
        (lambda: plots.residuals(PARAMS, line, PLANE, INSIDE), "one feature only"),
        (lambda: plots.loss_curve([]), "fit"),
        (lambda: plots.loss_curve([1.0, 0.0], log=True), "log=False"),
        (lambda: plots.loss_curve([[1.0], [2.0]], labels=["one"]), "1 labels for 2 curves"),
        (lambda: plots.contour({"w": jnp.ones(2), "b": 0.0}, line, mse, X, Y), "no single number called 'w'"),
        (lambda: plots.contour(PARAMS, line, mse, X, Y, path=[1, 2]), r"fit\(...\).path"),
        (lambda: plots.contour(PARAMS, line, lambda p, m, x, y: y - m(p, x), X, Y), "jnp.mean"),
        (lambda: plots.contour(PARAMS, line, lambda p, m, x, y: jnp.nan * p["w"], X, Y), "nowhere finite"),
        (lambda: plots.surface(PARAMS, line, mse, X, Y, ax=plt.figure().add_subplot()), 'projection="3d"'),
        (lambda: plots.confusion_matrix([0, 1], [0.2, 0.7]), "> 0.5"),
        (lambda: plots.confusion_matrix([0, 1], [0, 1, 1]), "y_pred has shape"),
        (lambda: plots.confusion_matrix([0, 1, 2], [0, 1, 2], classes=["no", "yes"]), "names 2 classes"),
        (lambda: plots.heat_map([1.0, 2.0]), r"\[:, None\]"),
        (lambda: plots.heat_map([["a"]]), "numbers"),
        (lambda: plots.tangent(lambda w: jnp.ones(2) * w, 1.0), "must return one number"),
        (lambda: plots.trajectories(jnp.square, [1.0, 2.0]), "paths = {"),
        (lambda: plots.logistic_family(ws=(0.0,)), "w = 0"),
        (lambda: plots.show(3, alt="x"), "not a picture"),
        (lambda: plots.show(plots.cross_entropy_terms(), alt=" "), "cannot see"),
    ],
)
def test_errors_speak_to_learners(call, words):
    with pytest.raises(LearnerError, match=words) as caught:
        call()
    plt.close("all")
    assert len(str(caught.value)) < 260
