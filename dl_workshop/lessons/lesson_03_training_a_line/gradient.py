"""The gradient of lesson 03, and the models and data that this and its neighbours are judged on."""

import jax
import jax.numpy as jnp

from dl_workshop.exercises.domain import FUNCTION, floats
from dl_workshop.exercises.exercise import Exercise, Mistake, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.shared.gradients import ALSO_RIGHT, MISTAKES
from dl_workshop.lessons.shared.loops import faint
from dl_workshop.losses import mse_loss
from dl_workshop.models import linear_model

POINTS = dict(x=floats("n"), y=floats("n"))


def parabola(params, x):
    return params["w"] * x**2 + params["b"]


def mean_miss(params, model, x, y):
    return jnp.mean(jnp.abs(y - model(params, x)))


def fourth_powers(params, model, x, y):
    """Give a loss on which a difference over small steps is not the gradient."""
    return 0.001 * jnp.mean((y - model(params, x)) ** 4)


def models_and_data(key):
    """Draw (params, model, x, y): two models, so that one who writes the line into the loss is found out."""
    (w, b), (x, y) = draws(key).normal(((7, 2, -7, 1), (-6.5, 1, 6.5, -1)), 0.5), draws(key).normal(0, 6, (2, 4, 5))
    return [
        (dict(w=float(w[i]), b=float(b[i])), model, x[i].tolist(), y[i].tolist())
        for i, model in enumerate([linear_model, parabola, linear_model, parabola])
    ]


gradient = from_lesson(__file__, "gradient")

GRADIENT = Exercise(
    name="gradient",
    task="Return the gradient of `loss(params, model, x, y)` with respect to the params: a dict with the same keys.",
    reference=gradient,
    domain=dict(params=dict(w=floats(), b=floats()), model=FUNCTION, loss=FUNCTION, **POINTS),
    probes=lambda key: [
        (params, model, loss, x, y)
        for (params, model, x, y), loss in zip(
            models_and_data(key), (mse_loss, faint, fourth_powers, mean_miss), strict=True
        )
    ],
    small=(
        (dict(w=2.0, b=1.0), linear_model, mse_loss, [1.0], [1.0]),
        (dict(w=1.0, b=0.0), linear_model, mse_loss, [0.0, 2.0], [1.0, 4.0]),
    ),
    also_right=ALSO_RIGHT,
    mistakes=(
        *MISTAKES,
        Mistake(
            "negative",
            lambda params, model, loss, x, y: jax.tree.map(jnp.negative, gradient(params, model, loss, x, y)),
            "The sign is turned round: return the gradient as `jax.grad` gives it.",
        ),
        Mistake(
            "only_w",
            lambda params, model, loss, x, y: gradient(params, model, loss, x, y)["w"],
            "This is the gradient of `w` alone: return the whole dict.",
        ),
        Mistake(
            "model_ignored",
            lambda params, model, loss, x, y: gradient(params, linear_model, loss, x, y),
            "This is the gradient for a LINE whatever `model` you are handed: pass `model` on to the loss.",
        ),
        Mistake(
            "loss_ignored",
            lambda params, model, loss, x, y: gradient(params, model, mse_loss, x, y),
            "This is the gradient of the mean squared error whatever `loss` you are handed: give `jax.grad` the "
            "argument `loss`.",
        ),
        Mistake(
            "a_step",
            lambda params, model, loss, x, y: jax.tree.map(jnp.subtract, params, gradient(params, model, loss, x, y)),
            "The gradient is already taken off the params here: return the gradient itself.",
        ),
    ),
    hints=(
        "In lesson 02 `jax.grad` turned a function into the function of its slope. The same works here.",
        "`jax.grad(loss)` is a new function with the arguments of `loss`: (params, model, x, y).",
        "Call that new function with `params, model, x, y`, and return what it gives.",
    ),
)
