"""The loss of lesson 04: cross-entropy of a model, its gradient, and the same loss from logits."""

import jax
import jax.numpy as jnp

from dl_workshop.exercises.domain import FUNCTION, floats
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_04_logistic_regression.curve import binary_cross_entropy, logistic, logistic_model
from dl_workshop.lessons.shared import logits
from dl_workshop.lessons.shared.loops import squared

ARGUMENTS = dict(params=dict(w=floats(), b=floats()), model=FUNCTION, x=floats("n"), y=floats("n", values=(0, 1)))


logistic_loss = from_lesson(__file__, "logistic_loss", binary_cross_entropy=binary_cross_entropy)


def line(params, x):
    return params["w"] * x + params["b"]


def hump(params, x):
    return params["w"] * x**2 + params["b"]


def logistic_hump(params, x):
    return logistic(hump(params, x))


def far_out(model):
    """Give numbers beyond 5 for params and for x, whose logits on a line are no larger than that."""
    return [
        (dict(w=6.5, b=-5.6), model, [0.9, 0.1, 0.7, 1.1, 1.8], [1.0, 0.0, 0.0, 1.0, 0.0]),
        (dict(w=-0.4, b=0.3), model, [7.0, -8.5, 6.0, -5.5, 2.0], [1.0, 0.0, 0.0, 0.0, 1.0]),
    ]


def a_loss(predict=lambda model, params, x: model(params, x), end=lambda loss, n: loss):
    """Make the loss of what is predicted, and of what is made of the cross-entropy."""
    return lambda params, model, x, y: end(binary_cross_entropy(y, predict(model, params, x)), len(y))


def with_models(key, models, spread=1.0):
    """Draw (params, model, x, y) for each model."""
    random = draws(key)
    (w, b), x = spread * random.uniform(-1, 1, (2, len(models))), random.normal(0, 1, (len(models), 5))
    y = [random.permutation([0.0, 0.0, 1.0, 1.0, 1.0]) for _ in models]
    return [(dict(w=float(w[i]), b=float(b[i])), model, x[i].tolist(), y[i].tolist()) for i, model in enumerate(models)]


LOGISTIC_LOSS = Exercise(
    name="logistic_loss",
    task="Predict with `model(params, x)`, which gives probabilities, and return their cross-entropy against `y`.",
    reference=logistic_loss,
    domain=ARGUMENTS,
    probes=lambda key: [*far_out(logistic_model), *with_models(key, (logistic_model, logistic_hump, logistic_model))],
    small=(
        (dict(w=0.0, b=0.0), logistic_model, [1.0], [1.0]),
        (dict(w=1.0, b=0.0), logistic_model, [1.0], [1.0]),
        (dict(w=1.0, b=0.5), logistic_hump, [-2.0], [0.0]),
    ),
    also_right=(
        lambda params, model, x, y: -jnp.mean(jnp.log(y * model(params, x) + (1 - y) * (1 - model(params, x)))),
        lambda params, model, x, y: (
            jnp.sum(-y * jnp.log(model(params, x)) - (1 - y) * jnp.log1p(-model(params, x))) / len(y)
        ),
    ),
    mistakes=(
        Mistake(
            "swapped",
            lambda params, model, x, y: binary_cross_entropy(model(params, x), y),
            "The truth comes first: `binary_cross_entropy(y, y_pred)`. Swapped, it takes logs of the labels.",
        ),
        changed(
            a_loss,
            "model_ignored",
            "This is the loss of `logistic_model` whatever `model` you are handed: predict with `model(params, x)`.",
            predict=lambda model, params, x: logistic_model(params, x),
        ),
        changed(
            a_loss,
            "squashed_again",
            "The model gives probabilities already: do not put them through `logistic` again.",
            predict=lambda model, params, x: logistic(model(params, x)),
        ),
        Mistake("squared", squared, "This is the mean squared error: use `binary_cross_entropy`."),
        changed(
            a_loss,
            "sum",
            "This behaves exactly like the SUM over the points: take the mean.",
            end=lambda loss, n: n * loss,
        ),
        changed(
            a_loss,
            "n_minus_1",
            "This divides by n - 1, the convention for the variance of a sample: the mean divides by n.",
            end=lambda loss, n: loss * n / (n - 1),
        ),
        changed(
            a_loss,
            "minus_too_many",
            "The sign is turned round: `binary_cross_entropy` has its minus sign already.",
            end=lambda loss, n: -loss,
        ),
        Mistake(
            "x_for_y",
            lambda params, model, x, y: binary_cross_entropy(x, model(params, x)),
            "This compares the predictions with `x`: compare them with the labels, `y`.",
        ),
        Mistake(
            "predictions",
            lambda params, model, x, y: model(params, x),
            "These are the predictions themselves: return how bad they are, as one number.",
        ),
    ),
    hints=(
        "It is the `mse_loss` of lesson 03 with one name changed.",
        "Two steps: `y_pred = model(params, x)`, then your own `binary_cross_entropy`, truth first.",
        "With `y_pred` from the model, return `binary_cross_entropy` of `y` and `y_pred`.",
    ),
    differentiable=0,
)


def by_hand(miss=lambda p, y: p - y, times=lambda miss, x: miss * x, average=jnp.mean):
    """Make the gradient worked out on paper, which belongs to a line inside `logistic` alone."""

    def gradient(params, model, x, y):
        error = miss(model(params, x), y)
        return dict(w=average(times(error, x)), b=average(error))

    return gradient


logistic_gradient = from_lesson(__file__, "logistic_gradient", logistic_loss=logistic_loss)


LOGISTIC_GRADIENT = Exercise(
    name="logistic_gradient",
    task="Return the gradient of `logistic_loss` with respect to the params: a dict with the same keys.",
    reference=logistic_gradient,
    domain=ARGUMENTS,
    probes=lambda key: [*far_out(logistic_model), *with_models(key, (logistic_model, logistic_hump, logistic_model))],
    small=((dict(w=0.0, b=0.0), logistic_model, [1.0], [1.0]), (dict(w=0.0, b=0.0), logistic_model, [2.0], [0.0])),
    also_right=(
        lambda params, model, x, y: jax.grad(lambda p: binary_cross_entropy(y, model(p, x)))(params),
        lambda params, model, x, y: jax.value_and_grad(logistic_loss)(params, model, x, y)[1],
        lambda params, model, x, y: dict(
            w=jnp.mean((model(params, x) - y) * x ** (2 if model is logistic_hump else 1)),
            b=jnp.mean(model(params, x) - y),
        ),
    ),
    mistakes=(
        Mistake(
            "loss_itself",
            logistic_loss,
            "This is the LOSS, one number. Its gradient says how it changes with each of the params: use `jax.grad`.",
        ),
        Mistake(
            "negative",
            lambda *args: jax.tree.map(jnp.negative, logistic_gradient(*args)),
            "The sign is turned round: return the gradient as `jax.grad` gives it. The step takes care of the minus.",
        ),
        Mistake(
            "value_too",
            lambda *args: jax.value_and_grad(logistic_loss)(*args),
            "This is the loss AND its gradient: return the gradient alone.",
        ),
        Mistake(
            "by_x",
            lambda *args: jax.grad(logistic_loss, argnums=2)(*args),
            "This is the gradient with respect to `x`. The data stay as they are: leave `argnums` out.",
        ),
        Mistake(
            "only_w",
            lambda *args: logistic_gradient(*args)["w"],
            "This is the gradient of `w` alone: return the whole dict.",
        ),
        Mistake(
            "model_ignored",
            lambda params, model, x, y: logistic_gradient(params, logistic_model, x, y),
            "This is the gradient for `logistic_model` whatever `model` you are handed: pass `model` on.",
        ),
        Mistake(
            "sum",
            lambda params, model, x, y: jax.tree.map(
                lambda grad: len(y) * grad, logistic_gradient(params, model, x, y)
            ),
            "This is the gradient of the SUM over the points: the loss is their mean.",
        ),
        Mistake(
            "of_squares",
            lambda *args: jax.grad(squared)(*args),
            "This is the gradient of the mean SQUARED error: differentiate `logistic_loss`.",
        ),
        Mistake(
            "by_hand",
            by_hand(),
            "This is the gradient worked out by hand, right for `logistic_model` alone: `jax.grad` gives that of "
            "every `model`.",
        ),
        changed(
            by_hand,
            "by_hand_sum",
            "Worked out by hand, but as the SUM over the points: the loss is their mean. "
            "And it is right for `logistic_model` alone: use `jax.grad`.",
            average=jnp.sum,
        ),
        changed(
            by_hand,
            "by_hand_n_minus_1",
            "Worked out by hand, but divided by n - 1: the mean divides by n. And it "
            "is right for `logistic_model` alone: use `jax.grad`.",
            average=lambda errors: jnp.sum(errors) / (len(errors) - 1),
        ),
        changed(
            by_hand,
            "by_hand_sign",
            "Worked out by hand, but with the sign turned round: it is prediction minus "
            "truth, p - y. And it is right for `logistic_model` alone: use `jax.grad`.",
            miss=lambda p, y: y - p,
        ),
        changed(
            by_hand,
            "by_hand_without_x",
            "Worked out by hand, but the slope of `w` lacks its factor x. And it is "
            "right for `logistic_model` alone: use `jax.grad`.",
            times=lambda miss, x: miss,
        ),
        changed(
            by_hand,
            "by_hand_twice",
            "Worked out by hand, but twice as large: the factor 2 belongs to squared "
            "errors. And it is right for `logistic_model` alone: use `jax.grad`.",
            average=lambda errors: 2 * jnp.mean(errors),
        ),
    ),
    hints=(
        "In lesson 03 one line of JAX turned the loss into its gradient. The same line works here.",
        "`jax.grad(logistic_loss)` is a function with the arguments of `logistic_loss`.",
        "Call that function with `params, model, x, y`, and return what it gives.",
    ),
)


logistic_loss_from_logits = from_lesson(__file__, "logistic_loss_from_logits")


def near_and_far(key):
    """Draw lines with logits near 0, and with logits of some hundreds, where e^z is too large for float32."""
    return [*far_out(line), *with_models(key, (line, hump, line)), *with_models(key, (line, line), spread=400.0)]


LOGISTIC_LOSS_FROM_LOGITS = Exercise(
    name="logistic_loss_from_logits",
    task="The model gives logits z. Return the mean over the points of log(1 + e^z) - yz, safe for large z.",
    reference=logistic_loss_from_logits,
    domain=ARGUMENTS,
    probes=near_and_far,
    small=(
        (dict(w=1.0, b=0.0), line, [1.0], [0.0]),
        (dict(w=0.0, b=0.0), line, [1.0], [1.0]),
        (dict(w=1.0, b=0.0), line, [2.0], [1.0]),
        (dict(w=100.0, b=0.0), line, [2.0], [0.0]),
        (dict(w=100.0, b=0.0), line, [2.0], [1.0]),
        (dict(w=100.0, b=0.0), line, [-2.0], [1.0]),
    ),
    also_right=(
        *logits.RIGHT,
        lambda params, model, x, y: jnp.sum(jnp.logaddexp(model(params, x), 0) - model(params, x) * y) / len(y),
    ),
    mistakes=(
        *logits.mistakes("points"),
        Mistake(
            "through_p",
            logits.through_p,
            "This still goes through p, so it takes logs of 0 for large z: use log(1 + e^z) - yz.",
        ),
        Mistake(
            "squashed_first",
            logits.from_z(lambda z, y: jnp.logaddexp(0.0, logistic(z)) - y * logistic(z)),
            "z is put through `logistic` first: the formula takes the logit itself.",
        ),
        Mistake(
            "minus_y",
            logits.from_z(lambda z, y: jnp.logaddexp(0.0, z) - y),
            "`y` alone is subtracted: subtract y times z.",
        ),
        Mistake(
            "one_in_logaddexp",
            logits.from_z(lambda z, y: jnp.logaddexp(1.0, z) - y * z),
            "This is log(e + e^z): `logaddexp(a, z)` is log(e^a + e^z), and 1 is e to the power of 0.",
        ),
    ),
    hints=(
        "First the logits: `z = model(params, x)`. Then the formula above, point by point, and the mean.",
        "`jnp.logaddexp(0.0, z)` is log(e^0 + e^z), which is log(1 + e^z), computed without overflow.",
        "Return the mean of `jnp.logaddexp(0.0, z)` minus `y * z`.",
    ),
    differentiable=0,
)
