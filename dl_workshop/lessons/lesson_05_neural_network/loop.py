"""The loop of lesson 05: loss from logits, gradient and training, for nets and planes alike."""

import jax
import jax.numpy as jnp

from dl_workshop.exercises.domain import FUNCTION, floats, trees, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.shared import gradients, logits
from dl_workshop.lessons.shared.loops import (
    LATER_MISTAKES,
    LATER_RIGHT,
    after,
    faint,
    loop,
    losses_after,
    right,
    squared,
    still,
    watch_training,
)

ROWS = dict(x=floats("n d"), y=floats("n", values=(0, 1)))


gradient = from_lesson(__file__, "gradient")
train = from_lesson(__file__, "train")


def net(params, x):
    return (jnp.tanh(x @ params["w1"] + params["b1"]) @ params["w2"] + params["b2"])[:, 0]


def plane(params, x):
    return x @ params["w"] + params["b"]


TINY_NET = dict(w1=[[1.0]], b1=[0.0], w2=[[2.0]], b2=[0.0])
TINY_PLANE = dict(w=[1.0], b=0.0)


logistic_loss = from_lesson(__file__, "logistic_loss")


def models_and_rows(key):
    """Draw (params, model, x, y): two nets, one plane."""
    random = draws(key)

    def values(**shapes):
        return {name: random.normal(size=shape).tolist() for name, shape in shapes.items()}

    params = [values(w1=(2, 3), b1=3, w2=(3, 1), b2=1), values(w1=(3, 2), b1=2, w2=(2, 1), b2=1), values(w=2, b=())]
    return [
        (one, model, random.normal(0, 4, (5, d)).tolist(), random.permutation([0.0, 0.0, 1.0, 1.0, 1.0]).tolist())
        for one, model, d in zip(params, (net, net, plane), (2, 3, 2), strict=True)
    ]


def near_and_far(key):
    """Draw logits near 0, and logits of some hundreds, where e^z is too large for float32."""
    w, b = draws(key).uniform(-1, 1, 2)
    x = [[2.0, 1.0], [-3.0, 1.0], [2.5, 0.0], [0.0, 1.0], [0.0, -1.0]]
    far = (dict(w=[150.0, float(w)], b=float(b)), plane, x, [1.0, 0.0, 1.0, 1.0, 0.0])
    wrong = (dict(w=[-150.0, float(w)], b=float(b)), plane, x, [1.0, 0.0, 0.0, 1.0, 0.0])
    return [*models_and_rows(key), far, wrong]


LOGISTIC_LOSS = Exercise(
    name="logistic_loss",
    task="Let `model` give the logits z. Return the mean over the rows of log(1 + e^z) - yz, safe for large z.",
    reference=logistic_loss,
    domain=dict(params=trees(), model=FUNCTION, **ROWS),
    probes=near_and_far,
    small=((TINY_PLANE, plane, [[1.0]], [1.0]), (TINY_PLANE, plane, [[2.0]], [0.0])),
    also_right=logits.RIGHT,
    mistakes=(
        *logits.mistakes("rows"),
        Mistake(
            "through_p",
            logits.through_p,
            "This goes through the probability, so it takes a log of 0 for large z: use log(1 + e^z) - yz.",
        ),
        Mistake("squared", squared, "This is the mean squared error, the loss of lesson 03: use log(1 + e^z) - yz."),
        Mistake(
            "model_ignored",
            lambda params, model, x, y: logistic_loss(params, net, x, y),
            "This is the loss of the net whatever `model` you are handed: write `z = model(params, x)`.",
        ),
    ),
    hints=(
        "It is the last loss of lesson 04. First the logits, then the formula row by row, then the mean.",
        "`jnp.logaddexp(0.0, z)` is log(e^0 + e^z), which is log(1 + e^z), computed without overflow.",
        "With `z = model(params, x)`, return the mean of `jnp.logaddexp(0.0, z)` minus `y * z`.",
    ),
    differentiable=0,
)


GRADIENT = Exercise(
    name="gradient",
    task="Return the gradient of `loss(params, model, x, y)` with respect to the params: a dict with the same keys.",
    reference=gradient,
    domain=dict(params=trees(), model=FUNCTION, loss=FUNCTION, **ROWS),
    probes=lambda key: [
        (params, model, loss, x, y)
        for (params, model, x, y), loss in zip(
            models_and_rows(key), (logistic_loss, squared, logistic_loss), strict=True
        )
    ],
    small=((TINY_PLANE, plane, logistic_loss, [[1.0]], [0.0]),),
    also_right=(
        *gradients.ALSO_RIGHT,
        lambda params, model, loss, x, y: jax.vjp(lambda p: loss(p, model, x, y), params)[1](1.0)[0],
    ),
    mistakes=(
        *gradients.MISTAKES,
        Mistake(
            "negative",
            lambda *args: jax.tree.map(jnp.negative, gradient(*args)),
            "The sign is turned round: return the gradient as `jax.grad` gives it. The step takes care of the minus.",
        ),
        Mistake(
            "weights_only",
            lambda *args: {k: v for k, v in gradient(*args).items() if k.startswith("w")},
            "The biases are missing: return the whole dict.",
        ),
        Mistake(
            "loss_ignored",
            lambda params, model, loss, x, y: gradient(params, model, logistic_loss, x, y),
            "This is the gradient of `logistic_loss` whatever `loss` you are handed: give `jax.grad` the "
            "argument `loss`.",
        ),
        Mistake(
            "model_ignored",
            lambda params, model, loss, x, y: gradient(params, net, loss, x, y),
            "This works for the net alone: pass on the argument `model`.",
        ),
        Mistake(
            "sum",
            lambda *args: jax.tree.map(lambda grad: len(args[-1]) * grad, gradient(*args)),
            "This is the gradient of the SUM over the rows: the loss is their mean.",
        ),
    ),
    hints=(
        "A net of many hundred numbers needs the same one line as the line of lesson 03 with its two.",
        "`jax.grad(loss)` is a function with the arguments of `loss`, which are (params, model, x, y).",
        "Call that function with `params, model, x, y`, and return what it gives.",
    ),
)


def names_written_out(params, *others):
    path, losses = after(params, *others)
    return {name: path[-1][name] for name in ("w1", "b1", "w2", "b2")}, losses[:-1]


def short_run(key):
    """Draw one run alone: the learner's loop compiles in every call, which takes most of the time of a check."""
    params, model, x, y = models_and_rows(key)[-1]
    return [(params, model, faint, x, y, 60.0, 12)]


TRAIN = Exercise(
    name="train",
    task="Take `n_steps` steps of gradient descent. Return the last params, and the losses, each from before its step.",
    reference=train,
    domain=dict(params=trees(), model=FUNCTION, loss=FUNCTION, **ROWS, step_size=floats(low=0), n_steps=wholes(low=1)),
    oracle=right,
    probes=short_run,
    small=((TINY_NET, net, logistic_loss, [[1.0]], [0.0], 0.5, 1),),
    observe=watch_training,
    rtol=1e-3,
    atol=1e-7,
    also_right=LATER_RIGHT,
    mistakes=(
        *LATER_MISTAKES,
        Mistake(
            "biases_stay",
            still(lambda name: name.startswith("b")),
            "The biases never move: every entry of `params` takes the step.",
        ),
        Mistake(
            "weights_stay",
            still(lambda name: name.startswith("w")),
            "The weights never move: every entry of `params` takes the step.",
        ),
        Mistake(
            "hidden_layer_stays",
            still(lambda name: name in ("w1", "b1")),
            "The hidden layer never moves, so the net learns no features: every entry of `params` takes the step.",
        ),
        Mistake(
            "output_layer_stays",
            still(lambda name: name in ("w2", "b2")),
            "The output layer never moves: every entry of `params` takes the step.",
        ),
        Mistake(
            "names_written_out",
            names_written_out,
            "Right for this net, but the names w1, b1, w2, b2 are written out, so no other model can be trained: "
            "go through `for name in params`.",
        ),
        loop(
            "loss_after_the_step",
            "The params are right, but each loss is the one AFTER its step: append `value`, which belongs to the "
            "params before the step.",
            out=losses_after,
        ),
    ),
    hints=(
        "It is the loop of lessons 03 and 04. Nothing in it knows that the model is a net.",
        "In each round: `value, grads = loss_and_grads(params, model, x, y)`, keep the value, move every param.",
        "The new params are a dict: for each name, `params[name] - step_size * grads[name]`. Return it after the loop.",
    ),
)
