"""What the training loops of lessons 03 to 05 share: how they go wrong, and how they are watched."""
# The reference is shown to learners as a solution, as the notebook writes it: without a docstring.
# ruff: noqa: D103

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.exercise import Mistake
from dl_workshop.shapes import LearnerError


def train(params, model, loss, x, y, step_size, n_steps):
    loss_and_grads = jax.jit(jax.value_and_grad(loss), static_argnums=1)
    losses = []
    for _ in range(n_steps):
        value, grads = loss_and_grads(params, model, x, y)
        losses.append(float(value))
        params = {name: params[name] - step_size * grads[name] for name in params}
    return params, losses


def squared(params, model, x, y):
    """Give a second loss, so that one who writes the first into the loop is found out."""
    return jnp.mean((y - model(params, x)) ** 2)


def after(params, model, loss, x, y, step_size, n_steps, rule=lambda grads: grads):
    """Train without compiling, with the gradients changed by a rule. Gives every params and every loss on the way."""
    path, losses = [params], [loss(params, model, x, y)]
    for _ in range(n_steps):
        grads = rule(jax.grad(loss)(path[-1], model, x, y))
        path.append({name: path[-1][name] - step_size * grads[name] for name in params})
        losses.append(loss(path[-1], model, x, y))
    return path, losses


def ruled(rule):
    """Make a training loop whose gradients are changed by a rule."""
    def trained(*args):
        path, losses = after(*args, rule=rule)
        return path[-1], losses[:-1]
    return trained


def chosen(choose):
    """Make a training loop that returns choose(path, losses), both with one entry more than there are steps."""
    return lambda *args: choose(*after(*args))


right = chosen(lambda path, losses: (path[-1], losses[:-1]))
uphill = ruled(lambda grads: jax.tree.map(jnp.negative, grads))
one_loss_too_many = chosen(lambda path, losses: (path[-1], losses))
loss_after_the_step = chosen(lambda path, losses: (path[-1], losses[1:]))
never_steps = chosen(lambda path, losses: (path[0], [losses[0] for _ in losses[1:]]))


def steps(rule):
    """Make a training loop of rule(n_steps) steps."""
    return lambda *args: right(*args[:-1], rule(args[-1]))


def still(names):
    """Make a training loop that never moves the params whose names `names` accepts."""
    return ruled(lambda grads: {name: 0.0 * grad if names(name) else grad for name, grad in grads.items()})


def step_size_ignored(*args):
    """Train with a step size of 1."""
    return right(*args[:-2], 1.0, args[-1])


def gradient_once(params, model, loss, x, y, *others):
    """Take every step with the gradient of the start."""
    first = jax.grad(loss)(params, model, x, y)
    return ruled(lambda _: first)(params, model, loss, x, y, *others)


def one_after_the_other(params, model, loss, x, y, step_size, n_steps):
    """Move `w` before the gradient for `b` is computed."""
    losses = []
    for _ in range(n_steps):
        losses.append(loss(params, model, x, y))
        for name in ("w", "b"):
            params = params | {name: params[name] - step_size * jax.grad(loss)(params, model, x, y)[name]}
    return params, losses


def in_place(params, *others):
    """Change the caller's own params."""
    end, losses = right(params, *others)
    params.update(end)
    return params, losses


ONE_AFTER_THE_OTHER = Mistake(
    "one_after_the_other", one_after_the_other,
    "`w` has moved already when the gradient for `b` is computed: compute all gradients first, then step.")

# What is said in the same words in lessons 03, 04 and 05.
MISTAKES = (
    Mistake("return_in_the_loop", steps(lambda n: min(n, 1)),
            "It stops after ONE step whatever `n_steps` is: is `return` inside the loop? Move it to the left."),
    Mistake("one_step_too_many", steps(lambda n: n + 1), "It takes one step too MANY: write `range(n_steps)`."),
    Mistake("gradient_once", gradient_once,
            "The gradient of the START is used in every step: compute it again inside the loop."),
    Mistake("first_params", chosen(lambda path, losses: (path[0], losses[:-1])),
            "The losses fall, but the params that come back are the FIRST ones: return the last."),
    Mistake("in_place", in_place,
            "The numbers are right, but the caller's own params have changed too: build a new dict in each step."),
)

# And in lessons 04 and 05, where the loop is one function and no longer calls `step`.
LATER_MISTAKES = (
    *MISTAKES,
    Mistake("uphill", uphill, "This goes UPHILL, and the loss rises: subtract `step_size` times the gradient."),
    Mistake("step_size_ignored", step_size_ignored,
            "The whole gradient is subtracted: multiply it by `step_size` first."),
    Mistake("one_step_too_few", steps(lambda n: n - 1),
            "It takes one step too FEW: `range(n_steps)` gives n_steps rounds, counted from 0."),
    Mistake("one_loss_too_many", one_loss_too_many,
            "The params are right, but there is one loss too many: n_steps steps have n_steps losses."),
    Mistake("never_steps", never_steps,
            "The params never change: put the new dict back into `params` in each round."),
    Mistake("only_the_params", chosen(lambda path, losses: path[-1]),
            "Only the params come back: return the losses too, `return params, losses`."),
    Mistake("losses_first", chosen(lambda path, losses: (losses[:-1], path[-1])),
            "The params come first, then the losses: turn the two round in `return`."),
)
LATER_RIGHT = (right, chosen(lambda path, losses: (path[-1], jnp.array(losses[:-1]))))


def unchanged(params, before):
    """Say whether the params are what they were: a number turned into an array of it is no change."""
    return params.keys() == before.keys() and all(
        np.array_equal(np.float32(params[name]), np.float32(before[name])) for name in before)


def watch_training(fn, params, *others):
    """See what training returns, and whether it left the caller's params alone."""
    before = dict(params)
    out = fn(params, *others)
    if not (isinstance(out, tuple | list) and len(out) == 2):
        raise LearnerError("`train` should return two things: `return params, losses`.")
    end, losses = out
    if isinstance(losses, dict):
        raise LearnerError("The params come first, then the losses: `return params, losses`.")
    if np.ndim(losses) != 1:
        raise LearnerError("`losses` should hold one number for each step: append to it in the loop.")
    return {"params": end, "losses": np.array([float(value) for value in losses]),
            "the params handed in are unchanged": unchanged(params, before)}
