"""Exercises of lesson 01: linear regression, by hand."""
# The references are shown to learners as solutions, as the notebook writes them: without docstrings.
# ruff: noqa: D103

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.exercise import Exercise, Mistake


def mse(y_true, y_pred):
    return jnp.mean((y_true - y_pred) ** 2)


def mse_with_a_loop(y_true, y_pred):
    total = 0.0
    for true, pred in zip(y_true, y_pred, strict=True):
        total = total + (true - pred) ** 2
    return total / len(y_true)


def pairs_of_targets(key):
    """Draw (y_true, y_pred) of several lengths: floats, NumPy, whole numbers, one of them far from zero."""
    keys = jax.random.split(key, 5)
    floats = [tuple(3 * jax.random.normal(k, (2, n))) for k, n in zip(keys, (1, 2, 5, 40), strict=False)]
    true, pred = np.asarray(jax.random.randint(keys[4], (2, 7), -9, 10))
    return [*floats, (true, pred), (jnp.asarray(true), jnp.asarray(pred)), (floats[2][0] + 100, floats[2][1])]


MSE = Exercise(
    name="mse",
    task="Write the mean squared error of `y_true` and `y_pred`: the mean over the points of their squared difference.",
    reference=mse,
    probes=pairs_of_targets,
    small=(([0], [1]), ([0], [3]), ([0, 0], [1, 3]), ([1, 2], [3, 2])),
    also_right=(
        mse_with_a_loop,
        lambda y_true, y_pred: jnp.sum(jnp.square(y_pred - y_true)) / y_true.shape[0],
        lambda y_true, y_pred: jnp.dot(y_true - y_pred, y_true - y_pred) / y_true.size,
    ),
    mistakes=(
        Mistake("sum", lambda y_true, y_pred: jnp.sum((y_true - y_pred) ** 2),
                "This behaves exactly like the SUM of squared errors: divide by n."),
        Mistake("half", lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 2) / 2,
                "This behaves exactly like HALF the mean squared error. Some books put a 1/2 in front; we do not."),
        Mistake("root", lambda y_true, y_pred: jnp.sqrt(jnp.mean((y_true - y_pred) ** 2)),
                "This behaves exactly like the ROOT of the mean squared error: leave the square root out."),
        Mistake("absolute", lambda y_true, y_pred: jnp.mean(jnp.abs(y_true - y_pred)),
                "This behaves exactly like the mean ABSOLUTE error: square the differences instead."),
    ),
    hints=(
        "How far is each prediction from its target? And how do you make that one number that is never negative?",
        "Three steps: the differences `y_true - y_pred`; their squares, `** 2`; the mean of those.",
        "`jnp.mean(...)` takes the mean of an array: put the squared differences in it, and return it.",
    ),
    differentiable=1,
)

EXERCISES = (MSE,)
