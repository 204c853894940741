"""Exercises of lesson 04: logistic regression. The curve is in curve_04, the loss in loss_04; here is the loop."""
# The references are shown to learners as solutions, as the notebook writes them: without docstrings.

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.curve_04 import (
    BINARY_CROSS_ENTROPY,
    LOGISTIC,
    LOGISTIC_MODEL,
    MIDPOINT,
    binary_cross_entropy,
    logistic,
    logistic_model,
)
from dl_workshop.exercises.exercise import Exercise, Mistake
from dl_workshop.exercises.loss_04 import (
    LOGISTIC_GRADIENT,
    LOGISTIC_LOSS,
    LOGISTIC_LOSS_FROM_LOGITS,
    hump,
    logistic_loss,
    squared,
    with_models,
)
from dl_workshop.shapes import LearnerError

__all__ = ["EXERCISES", "binary_cross_entropy", "logistic"]   # the two names stand in solutions of this lesson


def train(params, model, loss, x, y, step_size, n_steps):
    loss_and_grads = jax.jit(jax.value_and_grad(loss), static_argnums=1)
    losses = []
    for _ in range(n_steps):
        value, grads = loss_and_grads(params, model, x, y)
        losses.append(float(value))
        params = {name: params[name] - step_size * grads[name] for name in params}
    return params, losses


def after(params, model, loss, x, y, step_size, n_steps, rule=lambda params, grads: grads):
    """Train without compiling, with the gradients changed by a rule. Gives every params and every loss on the way."""
    path, losses = [params], [loss(params, model, x, y)]
    for _ in range(n_steps):
        grads = rule(path[-1], jax.grad(loss)(path[-1], model, x, y))
        path.append({name: path[-1][name] - step_size * grads[name] for name in params})
        losses.append(loss(path[-1], model, x, y))
    return path, losses


def ruled(rule):
    """Make a training loop whose gradients are changed by rule(params, grads)."""
    def trained(*args):
        path, losses = after(*args, rule=rule)
        return path[-1], losses[:-1]
    return trained


def chosen(choose):
    """Make a training loop that returns choose(path, losses), both with one entry more than there are steps."""
    return lambda *args: choose(*after(*args))


def steps(rule):
    """Make a training loop of rule(n_steps) steps."""
    return lambda *args: ruled(lambda params, grads: grads)(*args[:-1], rule(args[-1]))


def gradient_once(params, model, loss, *others):
    first = jax.grad(loss)(params, model, *others[:2])
    return ruled(lambda _, grads: first)(params, model, loss, *others)


def one_after_the_other(params, model, loss, x, y, step_size, n_steps):
    losses = []
    for _ in range(n_steps):
        losses.append(loss(params, model, x, y))
        for name in ("w", "b"):
            params = params | {name: params[name] - step_size * jax.grad(loss)(params, model, x, y)[name]}
    return params, losses


def in_place(params, *others):
    end, losses = chosen(lambda path, losses: (path[-1], losses[:-1]))(params, *others)
    params.update(end)
    return params, losses


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
            "the params handed in are unchanged": params == before}


def short_runs(key):
    cases = with_models(key, (logistic_model, hump, logistic_model))
    return [(params, model, loss, x, y, size, n) for (params, model, x, y), loss, size, n in
            zip(cases, (logistic_loss, squared, squared), (1.0, 0.05, 0.5), (2, 3, 3), strict=True)]


TRAIN = Exercise(
    name="train",
    task="Take `n_steps` steps of gradient descent. Return the last params, and the losses, each from before its step.",
    reference=train,
    probes=short_runs,
    small=((dict(w=0.0, b=0.0), logistic_model, logistic_loss, [1.0, 2.0], [0.0, 1.0], 1.0, 1),
           (dict(w=0.0, b=0.0), logistic_model, logistic_loss, [1.0, 2.0], [0.0, 1.0], 1.0, 2)),
    observe=watch_training,
    rtol=1e-3,
    also_right=(
        chosen(lambda path, losses: (path[-1], losses[:-1])),
        chosen(lambda path, losses: (path[-1], jnp.array(losses[:-1]))),
    ),
    mistakes=(
        Mistake("uphill", ruled(lambda params, grads: jax.tree.map(jnp.negative, grads)),
                "This goes UPHILL, and the loss rises: subtract `step_size` times the gradient."),
        Mistake("step_size_ignored", lambda *args: ruled(lambda params, grads: grads)(*args[:-2], 1.0, args[-1]),
                "The whole gradient is subtracted: multiply it by `step_size` first."),
        Mistake("only_w", ruled(lambda params, grads: grads | dict(b=0.0)), "Only `w` moves: `b` stays at its start."),
        Mistake("only_b", ruled(lambda params, grads: grads | dict(w=0.0)), "Only `b` moves: `w` stays at its start."),
        Mistake("grad_of_w_for_both", ruled(lambda params, grads: dict(w=grads["w"], b=grads["w"])),
                "Both entries move by the gradient of `w`: use `grads[name]` for each."),
        Mistake("return_in_the_loop", steps(lambda n: min(n, 1)),
                "It stops after ONE step whatever `n_steps` is: is `return` inside the loop? Move it to the left."),
        Mistake("one_step_too_few", steps(lambda n: n - 1),
                "It takes one step too FEW: `range(n_steps)` gives n_steps rounds, counted from 0."),
        Mistake("one_step_too_many", steps(lambda n: n + 1), "It takes one step too MANY: write `range(n_steps)`."),
        Mistake("loss_after_the_step", chosen(lambda path, losses: (path[-1], losses[1:])),
                "The params are right, but each loss is the one AFTER its step: append `value` from the line above, "
                "which belongs to the params before the step."),
        Mistake("one_loss_too_many", chosen(lambda path, losses: (path[-1], losses)),
                "The params are right, but there is one loss too many: n_steps steps have n_steps losses."),
        Mistake("no_losses", chosen(lambda path, losses: (path[-1], [])),
                "The params are right, but `losses` is empty: append the value in the loop."),
        Mistake("gradient_once", gradient_once,
                "The gradient of the START is used in every step: compute it again inside the loop."),
        Mistake("one_after_the_other", one_after_the_other,
                "`w` has moved already when the gradient for `b` is computed: compute all gradients first, then step."),
        Mistake("first_params", chosen(lambda path, losses: (path[0], losses[:-1])),
                "The losses fall, but the params that come back are the FIRST ones: return the last."),
        Mistake("never_steps", chosen(lambda path, losses: (path[0], [losses[0] for _ in losses[1:]])),
                "The params never change: put the new dict back into `params` in each round."),
        Mistake("in_place", in_place,
                "The numbers are right, but the caller's own params have changed too: build a new dict in each step."),
        Mistake("only_the_params", chosen(lambda path, losses: path[-1]),
                "Only the params come back: return the losses too, `return params, losses`."),
        Mistake("losses_first", chosen(lambda path, losses: (losses[:-1], path[-1])),
                "The params come first, then the losses: turn the two round in `return`."),
    ),
    hints=(
        "It is the loop of lesson 03: nothing in it knows that the model is logistic.",
        "In each round: `value, grads = loss_and_grads(params, model, x, y)`, keep the value, move every param.",
        "The new params are a dict: for each name, `params[name] - step_size * grads[name]`. Return it after the loop.",
    ),
)


EXERCISES = (LOGISTIC, LOGISTIC_MODEL, MIDPOINT, BINARY_CROSS_ENTROPY, LOGISTIC_LOSS, LOGISTIC_GRADIENT, TRAIN,
             LOGISTIC_LOSS_FROM_LOGITS)
