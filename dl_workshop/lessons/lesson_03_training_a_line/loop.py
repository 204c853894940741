"""The loop of lesson 03: one step, and many."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import FUNCTION, floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_03_training_a_line.gradient import POINTS, gradient, mean_miss, models_and_data
from dl_workshop.lessons.shared import loops
from dl_workshop.losses import mse_loss
from dl_workshop.models import linear_model

step = from_lesson(__file__, "step")


def each(rule):
    """Make a step that gives every entry rule(param, grad, step_size)."""
    return lambda params, grads, step_size: {k: rule(params[k], grads[k], step_size) for k in params}


def a_step(sign=-1, factor=lambda step_size: step_size, moves=("w", "b")):
    """Make a step of its sign, of what the gradient is multiplied by, and of which entries move."""
    return lambda params, grads, step_size: (
        params | {name: params[name] + sign * factor(step_size) * grads[name] for name in moves}
    )


def step_in_place(params, grads, step_size):
    params["w"] = params["w"] - step_size * grads["w"]
    params["b"] = params["b"] - step_size * grads["b"]
    return params


def watch_step(fn, params, *others):
    before = dict(params)
    return {"new params": fn(params, *others), "the params handed in are unchanged": params == before}


def places_and_slopes(key):
    w, b = draws(key).normal(0, 8, (2, 2, 3))
    return [
        (dict(w=float(w[0, i]), b=float(b[0, i])), dict(w=float(w[1, i]), b=float(b[1, i])), size)
        for i, size in enumerate((0.1, 0.01, 6.5))
    ]


STEP = Exercise(
    name="step",
    task="Return a new dict in which every entry of `params` has moved against its gradient, by `step_size` times it.",
    reference=step,
    domain=dict(params=dict(w=floats(), b=floats()), grads=dict(w=floats(), b=floats()), step_size=floats(low=0)),
    probes=places_and_slopes,
    small=((dict(w=1.0, b=2.0), dict(w=10.0, b=-20.0), 0.1),),
    observe=watch_step,
    also_right=(
        lambda params, grads, step_size: dict(
            w=params["w"] - step_size * grads["w"], b=params["b"] - step_size * grads["b"]
        ),
        each(lambda param, grad, step_size: param + -step_size * grad),
    ),
    mistakes=(
        changed(a_step, "uphill", "This goes UPHILL, with the gradient: subtract instead of adding.", sign=1),
        changed(
            a_step,
            "step_size_forgotten",
            "The whole gradient is subtracted: multiply it by `step_size` first.",
            factor=lambda step_size: 1,
        ),
        changed(a_step, "only_w", "Only `w` moves: `b` needs the same step, with its own gradient.", moves=("w",)),
        changed(a_step, "only_b", "Only `b` moves: `w` needs the same step, with its own gradient.", moves=("b",)),
        Mistake(
            "grad_of_w_for_both",
            lambda params, grads, step_size: {k: params[k] - step_size * grads["w"] for k in params},
            "Both entries move by the gradient of `w`: use `grads['b']` for `b`.",
        ),
        Mistake(
            "only_the_change",
            each(lambda param, grad, step_size: -step_size * grad),
            "This is the change alone: add it to the params.",
        ),
        Mistake(
            "turned_round",
            each(lambda param, grad, step_size: step_size * grad - param),
            "The subtraction is the wrong way round: start from the param and take off the step.",
        ),
        Mistake(
            "in_place",
            step_in_place,
            "The numbers are right, but the caller's own params have changed too, because a dict handed to a "
            "function is not copied. Build a new dict and return that.",
        ),
        changed(
            a_step,
            "divided",
            "The gradient is DIVIDED by `step_size` here: multiply, so that a small step size gives a small step.",
            factor=lambda step_size: 1 / step_size,
        ),
    ),
    hints=(
        "In lesson 02: w is replaced by w minus step_size times the slope. Here this is done for each entry.",
        "`jax.tree.map(f, params, grads)` calls f(param, grad) for each entry and gives a dict again; or write out "
        "`dict(w=..., b=...)`.",
        "Each entry becomes `param - step_size * grad`, with its own `grad`.",
    ),
)


train = from_lesson(__file__, "train", gradient=gradient, step=step)


def trained_with_value_and_grad(params, model, loss, x, y, step_size, n_steps):
    losses = np.zeros(n_steps)
    for i in range(n_steps):
        losses[i], grads = jax.value_and_grad(loss)(params, model, x, y)
        params = dict(w=params["w"] - step_size * grads["w"], b=params["b"] - step_size * grads["b"])
    return params, losses


def always_from_the_start(params, model, loss, x, y, step_size, n_steps):
    end, losses = loops.right(params, model, loss, x, y, step_size, 1)
    return end, losses * n_steps


def params_and_losses(out):
    """Say of a first loop's result, in more words than later, what is wrong with its form."""
    end, losses = loops.two_things(out)
    if isinstance(losses, dict) and not isinstance(end, dict):
        raise LearnerError("The params come first, then the losses: `return params, losses`.")
    if np.ndim(losses) != 1:
        kind = "one number" if np.asarray(losses).dtype.kind == "f" and not np.ndim(losses) else "something else"
        raise LearnerError(
            f"`losses` should hold one number for each step, but it is {kind}: start with an empty "
            "list, `losses = []`, and append to it in the loop."
        )
    return out


def watch_training(fn, *args):
    """See what training returns, and whether it left the caller's params alone."""
    return loops.watch_training(lambda *args: params_and_losses(fn(*args)), *args)


def short_runs(key):
    """Draw a run whose loss hardly changes while the params do, one whose loss rises, and one of another loss."""
    cases = [
        (params, model, loss, x, y)
        for (params, model, x, y), loss in zip(models_and_data(key), (loops.fainter, mse_loss, mean_miss), strict=False)
    ]
    params, model, loss, x, y = cases[0]  # the loss stays small where x and y do
    cases[0] = params, model, loss, (np.array(x) / 6).tolist(), (np.array(y) / 6).tolist()
    too_large = 1.5 / float(np.mean(np.array(cases[1][3]) ** 4))  # a step across the valley of a parabola's loss
    return [(*case, size, n) for case, size, n in zip(cases, (6e5, too_large, 0.1), (11, 3, 3), strict=True)]


TRAIN = Exercise(
    name="train",
    task="Take `n_steps` steps of gradient descent. Return the last params, and a list of the losses before each step.",
    reference=train,
    domain=dict(
        params=dict(w=floats(), b=floats()),
        model=FUNCTION,
        loss=FUNCTION,
        **POINTS,
        step_size=floats(low=0),
        n_steps=wholes(low=1),
    ),
    oracle=loops.right,
    probes=short_runs,
    small=(
        (dict(w=0.0, b=0.0), linear_model, mse_loss, [1.0, 2.0], [1.0, 3.0], 0.1, 1),
        (dict(w=0.0, b=0.0), linear_model, mse_loss, [1.0, 2.0], [1.0, 3.0], 0.1, 2),
    ),
    observe=watch_training,
    rtol=1e-3,
    also_right=(
        lambda *args: (train(*args)[0], jnp.array(train(*args)[1])),
        trained_with_value_and_grad,
    ),
    mistakes=(
        *loops.MISTAKES,
        loops.ONE_AFTER_THE_OTHER,
        loops.loop("uphill", "This goes UPHILL: the step is against the gradient.", rule=loops.turned_round),
        loops.loop(
            "one_step_too_few",
            "It takes one step too FEW: `range(n_steps)` counts from 0 to n_steps - 1, which is n_steps rounds.",
            rounds=lambda n: n - 1,
        ),
        loops.loop(
            "step_size_ignored",
            "The whole gradient is subtracted: hand `step_size` on to `step`.",
            size=lambda step_size: 1.0,
        ),
        loops.loop(
            "loss_after_the_step",
            "The params are right, but each loss is the one AFTER its step: append it before the params change.",
            out=loops.losses_after,
        ),
        loops.loop(
            "one_loss_too_many",
            "The params are right, but there is one loss too many: n_steps steps have n_steps losses, each "
            "before its step.",
            out=loops.all_losses,
        ),
        Mistake(
            "always_from_the_start",
            always_from_the_start,
            "Every step starts from the FIRST params again: write `params = step(params, ...)`, so that the next "
            "round goes on from there.",
        ),
        Mistake(
            "never_steps", loops.never_steps, "The params never change: keep what `step` returns, `params = step(...)`."
        ),
        Mistake("only_w", loops.still(lambda name: name == "b"), "Only `w` is trained: `b` stays at its start."),
        Mistake("only_b", loops.still(lambda name: name == "w"), "Only `b` is trained: `w` stays at its start."),
        Mistake(
            "model_ignored",
            lambda params, model, *others: loops.right(params, linear_model, *others),
            "This trains a LINE whatever `model` you are handed: pass `model` on.",
        ),
        Mistake(
            "loss_ignored",
            lambda params, model, loss, *others: loops.right(params, model, mse_loss, *others),
            "This uses the mean squared error whatever `loss` you are handed: pass `loss` on.",
        ),
        Mistake(
            "only_the_params",
            lambda *args: loops.right(*args)[0],
            "One dict comes back alone: return the losses too, `return params, losses`.",
        ),
        Mistake("no_return", lambda *args: None, "Nothing comes back: end with `return params, losses`."),
        Mistake(
            "losses_first",
            lambda *args: loops.right(*args)[::-1],
            "The two are the wrong way round: `return params, losses`.",
        ),
        Mistake(
            "one_loss",
            lambda *args: (loops.right(*args)[0], loops.right(*args)[1][-1]),
            "ONE number comes back in place of the losses: collect one for each step in a list.",
        ),
    ),
    hints=(
        "Everything is there already: the loss, the gradient, the step. Repeat them `n_steps` times.",
        "Before the loop: `losses = []`. In each round: append the loss, compute the gradient, take the step.",
        "The last line of the round is `params = step(params, grads, step_size)`. After the loop, to the left: "
        "`return params, losses`.",
    ),
)
