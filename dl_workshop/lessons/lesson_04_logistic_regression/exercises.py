"""Exercises of lesson 04: logistic regression. The curve is in curve_04, the loss in loss_04; here is training."""

from dl_workshop.exercises.domain import FUNCTION, floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_04_logistic_regression.curve import (
    BINARY_CROSS_ENTROPY,
    LOGISTIC,
    LOGISTIC_MODEL,
    MIDPOINT,
    logistic_model,
)
from dl_workshop.lessons.lesson_04_logistic_regression.loss import (
    LOGISTIC_GRADIENT,
    LOGISTIC_LOSS,
    LOGISTIC_LOSS_FROM_LOGITS,
    line,
    logistic_loss,
    with_models,
)
from dl_workshop.lessons.shared.loops import (
    LATER_MISTAKES,
    LATER_RIGHT,
    ONE_AFTER_THE_OTHER,
    chosen,
    fainter,
    loop,
    losses_after,
    right,
    ruled,
    watch_training,
)

train = from_lesson(__file__, "train")


def short_run(key):
    """Draw one run alone: the learner's loop compiles in every call, which takes most of the time of a check."""
    ((params, model, x, y),) = with_models(key, (line,))
    return [(dict(w=7.5 + params["w"], b=-6.5 + params["b"]), model, fainter, [7.0, -6.5, *x[2:]], y, 3e5, 12)]


TRAIN = Exercise(
    name="train",
    task="Take `n_steps` steps of gradient descent. Return the last params, and the losses, each from before its step.",
    reference=train,
    domain=dict(
        params=dict(w=floats(), b=floats()),
        model=FUNCTION,
        loss=FUNCTION,
        x=floats("n"),
        y=floats("n", values=(0, 1)),
        step_size=floats(low=0),
        n_steps=wholes(low=1),
    ),
    oracle=right,
    probes=short_run,
    small=((dict(w=0.0, b=0.0), logistic_model, logistic_loss, [1.0, 6.0], [1.0, 0.0], 4.0, 2),),  # the loss rises
    observe=watch_training,
    rtol=1e-3,
    atol=1e-7,
    also_right=LATER_RIGHT,
    mistakes=(
        *LATER_MISTAKES,
        ONE_AFTER_THE_OTHER,
        Mistake("only_w", ruled(lambda grads: grads | dict(b=0.0)), "Only `w` moves: `b` stays at its start."),
        Mistake("only_b", ruled(lambda grads: grads | dict(w=0.0)), "Only `b` moves: `w` stays at its start."),
        Mistake(
            "grad_of_w_for_both",
            ruled(lambda grads: dict(w=grads["w"], b=grads["w"])),
            "Both entries move by the gradient of `w`: use `grads[name]` for each.",
        ),
        loop(
            "loss_after_the_step",
            "The params are right, but each loss is the one AFTER its step: append `value` from the line above, "
            "which belongs to the params before the step.",
            out=losses_after,
        ),
        Mistake(
            "no_losses",
            chosen(lambda path, losses: (path[-1], [])),
            "The params are right, but `losses` is empty: append the value in the loop.",
        ),
    ),
    hints=(
        "It is the loop of lesson 03: nothing in it knows that the model is logistic.",
        "In each round: `value, grads = loss_and_grads(params, model, x, y)`, keep the value, move every param.",
        "The new params are a dict: for each name, `params[name] - step_size * grads[name]`. Return it after the loop.",
    ),
)


EXERCISES = (
    LOGISTIC,
    LOGISTIC_MODEL,
    MIDPOINT,
    BINARY_CROSS_ENTROPY,
    LOGISTIC_LOSS,
    LOGISTIC_GRADIENT,
    TRAIN,
    LOGISTIC_LOSS_FROM_LOGITS,
)
