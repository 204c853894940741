"""Exercises of lesson 03: training a line."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import FUNCTION, KEY, floats
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_03_training_a_line.gradient import GRADIENT, POINTS, models_and_data, parabola
from dl_workshop.lessons.lesson_03_training_a_line.loop import STEP, TRAIN
from dl_workshop.losses import mse

linear_model = from_lesson(__file__, "linear_model")


def a_line(slope=lambda w: w, offset=lambda b: b, end=lambda heights: heights):
    """Make a linear model whose slope, offset and result are changed by rules."""
    return lambda params, x: end(slope(params["w"]) * x + offset(params["b"]))


def start_and_points(key):
    """Draw (params, x): params as floats and as arrays, x of two lengths."""
    w, b, x = draws(key).normal(0, 6, (4, 1)), draws(key).normal(0, 9, 4), draws(key).normal(0, 6, (4, 5))
    w[3], b[3] = -7.5, 6.5
    params = [dict(w=float(w[i, 0]), b=float(b[i])) for i in range(4)]
    return [
        (params[0], x[0, :2].tolist()),
        (params[1], x[1].tolist()),
        *((jax.tree.map(jnp.asarray, params[i]), x[i].tolist()) for i in (2, 3)),
    ]


LINEAR_MODEL = Exercise(
    name="linear_model",
    task="Return the height of the line at each `x`, with the slope `params['w']` and the offset `params['b']`.",
    reference=linear_model,
    domain=dict(params=dict(w=floats(), b=floats()), x=floats("n")),
    probes=start_and_points,
    small=((dict(w=2.0, b=3.0), [1.0]), (dict(w=2.0, b=1.0), [0.0, 1.0]), (dict(w=3.0, b=0.5), [1.0, 2.0])),
    also_right=(
        a_line(),
        lambda params, x: params["b"] + jnp.multiply(x, params["w"]),
        lambda params, x: jnp.array([params["w"] * one + params["b"] for one in x]),
    ),
    mistakes=(
        changed(
            a_line,
            "bias_forgotten",
            "This behaves exactly like `params['w'] * x`: add `params['b']`.",
            offset=lambda b: 0 * b,
        ),
        Mistake(
            "swapped",
            lambda params, x: params["b"] * x + params["w"],
            "`w` and `b` are swapped: the slope `params['w']` multiplies x, and `params['b']` is added.",
        ),
        changed(a_line, "minus_b", "`params['b']` is subtracted here: add it.", offset=lambda b: -b),
        Mistake(
            "b_inside",
            lambda params, x: params["w"] * (x + params["b"]),
            "This behaves exactly like `w * (x + b)`: multiply x by `w` first, then add `b`.",
        ),
        Mistake(
            "b_taken_off_inside",
            lambda params, x: params["w"] * (x - params["b"]),
            "This behaves exactly like `w * (x - b)`: multiply x by `w` first, then add `b`.",
        ),
        changed(
            a_line,
            "slope_forgotten",
            "This behaves exactly like `x + b`: multiply x by `params['w']`.",
            slope=lambda w: 1,
        ),
        Mistake(
            "summed",
            lambda params, x: jnp.sum(params["w"] * x) + params["b"],
            "This adds all the points up to ONE number: every x needs a prediction of its own, so leave the sum out.",
        ),
        changed(
            a_line,
            "averaged",
            "This is the MEAN of the predictions: every x needs a prediction of its own.",
            end=jnp.mean,
        ),
    ),
    hints=(
        "It is the line of lesson 01. Only the place of w and b is new: they are in a dict.",
        "`params['w']` reads the entry called w. No index is needed for x: arrays are multiplied number by number.",
        "y = wx + b, with `params['w']` in place of w and `params['b']` in place of b.",
    ),
    differentiable=0,
)


init_linear = from_lesson(__file__, "init_linear")


def look_at_starts(fn, key):
    """See what many starts have in common; draws differ from answer to answer, these words do not."""
    keys = [jax.random.key(int(seed)) for seed in draws(key).integers(2**31, size=150)]
    starts = [fn(one) for one in keys]
    for start in starts:
        if start is None:
            raise LearnerError("It returned nothing: end with `return dict(w=..., b=...)`.")
        if not isinstance(start, dict) or set(start) != {"w", "b"}:
            what = f"a dict with the keys {', '.join(start)}" if isinstance(start, dict) else type(start).__name__
            raise LearnerError(f"The params should be a dict with the keys w and b, not {what}.")
        if np.ndim(start["w"]) or np.ndim(start["b"]):
            raise LearnerError(
                "w and b should be one number each, shape (). "
                f"They have the shapes {np.shape(start['w'])} and {np.shape(start['b'])}."
            )
    ws, bs = (np.array([np.asarray(start[name]).item() for start in starts], float) for name in "wb")
    return {
        "w and b are floats": all(np.asarray(start[name]).dtype.kind == "f" for start in starts for name in "wb"),
        "every key gives another w": len(np.unique(ws)) > 30,
        "the same key gives the same w": bool(np.asarray(fn(keys[0])["w"]) == np.float32(ws[0])),
        "w is above 0 for some keys, below for others": bool(ws.min() < 0 < ws.max()),
        "the mean of w is that of a standard normal": bool(abs(ws.mean()) < 0.4),
        "w is spread as a standard normal": bool(0.72 < ws.std() < 1.35),
        "some w are far from 0, and few of them": bool(np.abs(ws).max() > 1.8 and (np.abs(ws) > 1).mean() < 0.48),
        "w is always 0": not ws.any(),
        "b is 0.0": not bs.any(),
        "b is the same for every key": bool(np.ptp(bs) == 0),
        "b is another number than w": not np.array_equal(ws, bs),
    }


INIT_LINEAR = Exercise(
    name="init_linear",
    task="Return `dict(w=..., b=...)`: w is one draw of standard normal noise made with `key`, and b is 0.0.",
    reference=init_linear,
    domain=dict(key=KEY),
    probes=lambda key: [(jax.random.key(int(draws(key).integers(2**31))),)],  # it looks at many more by itself
    observe=look_at_starts,
    also_right=(
        lambda key: {"b": jnp.zeros(()), "w": jax.random.normal(jax.random.split(key)[0], ())},
        lambda key: dict(w=jax.random.normal(key, (1,))[0], b=jnp.array(0.0)),
    ),
    mistakes=(
        Mistake(
            "key_ignored",
            lambda key: dict(w=jax.random.normal(jax.random.key(0)), b=0.0),
            "Every key gives the SAME w: hand the argument `key` to `jax.random.normal`.",
        ),
        Mistake(
            "always_zero",
            lambda key: dict(w=0.0, b=0.0),
            "Here w is always 0. That start would do for a line, but not for the nets to come: draw w with "
            "`jax.random.normal(key)`.",
        ),
        Mistake(
            "whole_number",
            lambda key: dict(w=jax.random.normal(key), b=0),
            "`b` is the whole number 0, and a whole number has no gradient: write 0.0.",
        ),
        Mistake(
            "one_key_twice",
            lambda key: dict(w=jax.random.normal(key), b=jax.random.normal(key)),
            "One key used twice gives the same number twice: w and b are equal. Here b should start at 0.0.",
        ),
        Mistake(
            "b_random",
            lambda key: dict(zip("wb", map(jax.random.normal, jax.random.split(key)), strict=True)),
            "Here b is random too. It would train, but this exercise asks for b = 0.0.",
        ),
        Mistake(
            "swapped",
            lambda key: dict(w=0.0, b=jax.random.normal(key)),
            "`w` and `b` are swapped: w is the random one, and b is 0.0.",
        ),
        Mistake(
            "uniform",
            lambda key: dict(w=jax.random.uniform(key), b=0.0),
            "This w behaves like UNIFORM noise, which is never below 0: use `jax.random.normal`.",
        ),
        Mistake(
            "not_from_the_key",
            lambda key: dict(w=np.random.default_rng().normal(), b=0.0),
            "The same key gives ANOTHER w each time, so nobody can repeat your run: use `jax.random.normal(key)`.",
        ),
        Mistake(
            "array",
            lambda key: dict(w=jax.random.normal(key, (1,)), b=0.0),
            "`w` is an array of one number, shape (1,): `jax.random.normal(key)` without a shape gives a number.",
        ),
        Mistake(
            "tuple",
            lambda key: (jax.random.normal(key), 0.0),
            "These are two numbers without names: put them in a dict, `dict(w=..., b=...)`.",
        ),
    ),
    hints=(
        "Two entries: one is drawn at random, the other is a fixed number.",
        "`jax.random.normal(key)` gives one standard normal number.",
        "Return `dict(w=..., b=0.0)`, with the random number in place of the dots.",
    ),
)


mse_loss = from_lesson(__file__, "mse_loss", mse=mse)


def a_loss(size=jnp.square, average=jnp.mean, end=lambda loss: loss, target=lambda x, y: y):
    """Make the loss of its parts: what is predicted, how a miss is made positive, averaged, and what comes after."""
    return lambda params, model, x, y: end(average(size(target(x, y) - model(params, x))))


MSE_LOSS = Exercise(
    name="mse_loss",
    task="Predict with `model(params, x)`, and return the mean squared error of these predictions against `y`.",
    reference=mse_loss,
    domain=dict(params=dict(w=floats(), b=floats()), model=FUNCTION, **POINTS),
    probes=models_and_data,
    small=(
        (dict(w=2.0, b=1.0), linear_model, [1.0], [1.0]),
        (dict(w=1.0, b=0.0), linear_model, [0.0, 2.0], [1.0, 4.0]),
        (dict(w=1.0, b=0.0), parabola, [2.0], [3.0]),
    ),
    also_right=(
        lambda params, model, x, y: jnp.mean((model(params, x) - y) ** 2),
        lambda params, model, x, y: jnp.sum(jnp.square(y - model(params, x))) / len(y),
    ),
    mistakes=(
        Mistake(
            "model_ignored",
            lambda params, model, x, y: mse(y, linear_model(params, x)),
            "This is the loss of a LINE whatever `model` you are handed: predict with `model(params, x)`.",
        ),
        changed(
            a_loss,
            "n_minus_1",
            "This divides by n - 1, the convention for the variance of a sample: the mean divides by n.",
            average=lambda squares: jnp.sum(squares) / (len(squares) - 1),
        ),
        changed(
            a_loss,
            "negative",
            "This is MINUS the loss, which descent would make as bad as it can: leave the minus out.",
            end=lambda loss: -loss,
        ),
        changed(
            a_loss,
            "sum",
            "This behaves exactly like the SUM of squared errors: divide by n, or use `mse`.",
            average=jnp.sum,
        ),
        changed(
            a_loss,
            "half",
            "This behaves exactly like HALF the mean squared error: leave the half out.",
            end=lambda loss: loss / 2,
        ),
        changed(
            a_loss,
            "root",
            "This behaves exactly like the ROOT of the mean squared error: leave the square root out.",
            end=jnp.sqrt,
        ),
        changed(
            a_loss,
            "absolute",
            "This behaves exactly like the mean ABSOLUTE error: square the differences instead.",
            size=jnp.abs,
        ),
        changed(
            a_loss,
            "no_mean",
            "These are the squared errors of the single points: take their mean, so that one number is left.",
            average=lambda errors: errors,
        ),
        changed(
            a_loss,
            "no_square",
            "Plain differences cancel where points lie on both sides: square each difference first.",
            size=lambda errors: errors,
        ),
        changed(
            a_loss,
            "x_for_y",
            "This compares the predictions with `x`: compare them with the targets, `y`.",
            target=lambda x, y: x,
        ),
        Mistake(
            "predictions",
            lambda params, model, x, y: model(params, x),
            "These are the predictions themselves: return how far they are from `y`, as one number.",
        ),
    ),
    hints=(
        "Two steps: what does the model predict for x? And how bad is that against y?",
        "`model` is a function: call it with `params` and `x`. Then `mse(y_true, y_pred)` of lesson 01 does the rest.",
        "With `y_pred = model(params, x)`, return `mse` of `y` and `y_pred`.",
    ),
    differentiable=0,
)

EXERCISES = (LINEAR_MODEL, INIT_LINEAR, MSE_LOSS, GRADIENT, STEP, TRAIN)
