"""The gradient that lessons 03 and 05 ask for, of a line and of a net: right answers, and mistakes."""

import jax

from dl_workshop.exercises.exercise import Mistake

ALSO_RIGHT = (
    lambda params, model, loss, x, y: jax.grad(lambda p: loss(p, model, x, y))(params),
    lambda params, model, loss, x, y: jax.value_and_grad(loss)(params, model, x, y)[1],
)
MISTAKES = (
    Mistake(
        "loss_itself",
        lambda params, model, loss, x, y: loss(params, model, x, y),
        "This is the LOSS, one number. Its gradient says how it changes with each of the params: use `jax.grad`.",
    ),
    Mistake(
        "value_too",
        lambda params, model, loss, x, y: jax.value_and_grad(loss)(params, model, x, y),
        "This is the loss AND its gradient: return the gradient alone.",
    ),
    Mistake(
        "by_x",
        lambda params, model, loss, x, y: jax.grad(loss, argnums=2)(params, model, x, y),
        "This is the gradient with respect to `x`. The data stay as they are: leave `argnums` out.",
    ),
)
