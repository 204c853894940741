"""Exercises of lesson 01: linear regression, by hand."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import KEY, floats
from dl_workshop.exercises.exercise import Exercise, Mistake, ValueExercise, changed, draws
from dl_workshop.exercises.solutions import from_lesson

simulate_line = from_lesson(__file__, "simulate_line")


def many_points(key):
    """Draw lines over enough points for the mean and the spread of the noise to be known well."""
    w, b = draws(key).uniform(2, 4, 2)
    return [
        (key, np.linspace(-9, 9, 1000).tolist(), float(w), float(10 * b)),
        (key, np.linspace(0, 3, 1000).tolist(), float(-3 * w), float(-b)),
    ]


def look_at_noise(fn, key, x, w, b):
    """See what is left of y when the line is taken away; draws differ from answer to answer, their statistics not."""

    def noise_of(key):
        y = jnp.asarray(fn(key, x, w, b))
        if y.shape != x.shape:
            raise LearnerError(f"y has shape {y.shape} but x has {x.shape}: every point needs its own y.")
        return np.round(np.asarray(y - (w * x + b), float), 3)  # rounded: what float32 leaves is no noise

    noise = noise_of(key)
    separate = len(np.unique(noise)) > 5  # not one draw for all, nor none
    return {
        "every point has its own noise": separate,
        "mean of the noise": round(float(noise.mean()), 1) if separate else 0.0,
        "spread of the noise": round(float(noise.std()), 1) if separate else 0.0,
        "the same key gives the same noise": np.array_equal(noise, noise_of(key)),
        "another key gives other noise": not np.array_equal(noise, noise_of(jax.random.fold_in(key, 1))),
    }


SIMULATE_LINE = Exercise(
    name="simulate_line",
    task="Return `w * x + b` plus one draw of standard normal noise for each point of `x`, drawn with `key`.",
    reference=simulate_line,
    domain=dict(key=KEY, x=floats("n"), w=floats(), b=floats()),
    probes=many_points,
    observe=look_at_noise,
    rtol=0.0,
    atol=0.21,
    also_right=(
        lambda key, x, w, b: b + x * w + jax.random.normal(jax.random.split(key)[0], (len(x),)),
        lambda key, x, w, b: jax.vmap(lambda k, one: w * one + b + jax.random.normal(k))(
            jax.random.split(key, len(x)), x
        ),
        lambda key, x, w, b: jax.random.multivariate_normal(key, jnp.zeros(1), jnp.eye(1), (len(x),))[:, 0] + w * x + b,
    ),
    mistakes=(
        Mistake(
            "no_noise",
            lambda key, x, w, b: w * x + b,
            "This behaves exactly like the line WITHOUT noise: add `jax.random.normal(key, x.shape)`.",
        ),
        Mistake(
            "one_draw_for_all",
            lambda key, x, w, b: w * x + b + jax.random.normal(key),
            "All points get the SAME draw of noise, so the line is only moved up or down: ask for one draw a "
            "point, `jax.random.normal(key, x.shape)`.",
        ),
        Mistake(
            "uniform_noise",
            lambda key, x, w, b: w * x + b + jax.random.uniform(key, x.shape),
            "This noise behaves like UNIFORM noise between 0 and 1, which pushes every point up: use "
            "`jax.random.normal`.",
        ),
        Mistake(
            "key_ignored",
            lambda key, x, w, b: w * x + b + jax.random.normal(jax.random.key(0), x.shape),
            "Every key gives the SAME noise: hand the argument `key` to `jax.random.normal`.",
        ),
        Mistake(
            "not_from_the_key",
            lambda key, x, w, b: w * x + b + np.random.default_rng().normal(size=x.shape),
            "The same key gives OTHER noise each time, so nobody can repeat your data: draw the noise with "
            "`jax.random.normal(key, x.shape)`.",
        ),
        Mistake(
            "noise_times_w",
            lambda key, x, w, b: w * (x + jax.random.normal(key, x.shape)) + b,
            "The noise is multiplied by `w`: add it to y, after `w * x + b`, and not to x.",
        ),
        Mistake(
            "bias_forgotten",
            lambda key, x, w, b: w * x + jax.random.normal(key, x.shape),
            "This behaves exactly like `w * x` plus noise: add `b` too.",
        ),
    ),
    hints=(
        "There are two parts: the line itself, and something random that is added to every point.",
        "`jax.random.normal(key, shape)` gives standard normal draws. Which shape gives one draw for each point of x?",
        "With `noise = jax.random.normal(key, x.shape)`, return `w * x + b` plus that noise.",
    ),
)


linear = from_lesson(__file__, "linear")


def a_line(slope=lambda w: w, offset=lambda b: b):
    """Make a line whose slope and offset are changed by rules."""
    return lambda x, w, b: slope(w) * x + offset(b)


def points_and_lines(key):
    """Draw (x, w, b): a few points, and lines that rise and fall; w and b are JAX's numbers once."""
    random = draws(key)
    x, (w, b, v, c) = random.normal(0, 4, (3, 5)), random.normal(0, 3, 4)
    return [
        (x[0, :2].tolist(), float(w), float(b)),
        (x[1].tolist(), float(v), float(c)),
        (x[2].tolist(), jnp.asarray(b), jnp.asarray(w)),
        (x[0, :1].tolist(), -7.5, 10.0 + abs(float(c))),
    ]


LINEAR = Exercise(
    name="linear",
    task="Return the height of the line at each `x`: slope `w`, and `b` where it crosses x = 0.",
    reference=linear,
    domain=dict(x=floats("n"), w=floats(), b=floats()),
    probes=points_and_lines,
    small=(([1.0], 2.0, 3.0), ([0.0, 1.0], 2.0, 1.0), ([1.0, 2.0], 3.0, 0.5)),
    also_right=(
        lambda x, w, b: b + x * w,
        lambda x, w, b: jnp.add(jnp.multiply(w, x), b),
        lambda x, w, b: jnp.array([w * one + b for one in x]) if jnp.ndim(x) else w * x + b,
    ),
    mistakes=(
        changed(a_line, "bias_forgotten", "This behaves exactly like `w * x`: add `b`.", offset=lambda b: 0 * b),
        Mistake(
            "swapped",
            lambda x, w, b: b * x + w,
            "This behaves exactly like `b * x + w`: the slope `w` multiplies x, and `b` is added.",
        ),
        changed(a_line, "minus_b", "This behaves exactly like `w * x - b`: add `b`.", offset=lambda b: -b),
        changed(
            a_line,
            "minus_w",
            "This behaves exactly like `b - w * x`: a positive slope should make the line rise.",
            slope=lambda w: -w,
        ),
        Mistake(
            "b_inside",
            lambda x, w, b: w * (x + b),
            "This behaves exactly like `w * (x + b)`: multiply x by `w` first, then add `b`.",
        ),
        Mistake(
            "b_taken_off_inside",
            lambda x, w, b: w * (x - b),
            "This behaves exactly like `w * (x - b)`, where b is the place at which y is 0: here it is the height "
            "at x = 0, so multiply x by `w`, then add `b`.",
        ),
        changed(a_line, "slope_forgotten", "This behaves exactly like `x + b`: multiply x by `w`.", slope=lambda w: 1),
        Mistake(
            "all_added",
            lambda x, w, b: x + w + b,
            "This behaves exactly like `w + x + b`: multiply x by `w` instead of adding it.",
        ),
    ),
    hints=(
        "What is y when x is 0? And by how much does y rise when x grows by 1?",
        "y starts at `b` and rises by `w` for every step of 1 in x. Arrays are multiplied and added number by number.",
        "The formula is y = wx + b. In Python the product needs its star: `w * x`.",
    ),
    differentiable=1,
)

# The data of the lesson: w = 2, b = 20, x evenly on [-5, 5], noise N(0, 1). The expected loss of a line on them needs
# no draw; a flat line at their mean has 35.
MEAN_X_SQUARED = float(np.mean(np.linspace(-5, 5, 100) ** 2))


def expected_mse(w, b):
    return (w - 2) ** 2 * MEAN_X_SQUARED + (b - 20) ** 2 + 1


def clearly_bad(guess):
    """Give None for a line that misses the data more than a flat line at their mean does, else words."""
    if not isinstance(guess, dict) or set(guess) != {"w", "b"}:
        return "Write your guess as a dict with the keys w and b: `dict(w=..., b=...)`, two numbers in it."
    loss = float(expected_mse(guess["w"], guess["b"]))
    if not np.isfinite(loss):
        return "w and b should be ordinary numbers, so that the line can be drawn."
    if loss < expected_mse(0, 20):
        return (
            f"This line has a mean squared error near {loss:.0f}: better than a flat line through the middle of "
            "the data. Be worse: tilt it the other way, or move it far off."
        )
    return None


BAD_GUESS = ValueExercise(
    name="bad_guess",
    task="Write a guess of `w` and `b` whose line clearly misses the data, as `dict(w=..., b=...)`.",
    reference=dict(w=-5.0, b=3.0),
    judge=clearly_bad,
    also_right=(dict(w=0, b=0), dict(b=20.0, w=-2.0), dict(w=jnp.array(10.0), b=np.float32(100))),
    wrong=(dict(w=1.0, b=20.0), dict(w=0.1, b=20.1), "bad", None, {}, dict(w=-5.0), dict(w="a", b="b"), linear),
    mistakes=(
        Mistake(
            "too_good",
            lambda guess: expected_mse(guess["w"], guess["b"]) < 3,
            "That is the line which the data came from, or nearly: a very good guess. Make a bad one, so that "
            "there is something to improve.",
            example=dict(w=2.0, b=20.0),
        ),
        Mistake(
            "tuple",
            lambda guess: isinstance(guess, tuple | list) and len(guess) == 2,
            "These are two numbers without names, so nobody knows which is the slope: write `dict(w=..., b=...)`.",
            example=(-5.0, 3.0),
        ),
        Mistake(
            "other_names",
            lambda guess: len(guess) == 2 and not set(guess.keys()) & {"w", "b"},
            "A dict is right, but call its keys `w` and `b`: `dict(w=..., b=...)`.",
            example=dict(slope=-5.0, intercept=3.0),
        ),
        Mistake(
            "one_number",
            lambda guess: np.ndim(guess) == 0 and np.isfinite(guess),
            "That is one number, but a line needs two: `dict(w=..., b=...)`.",
            example=-5.0,
        ),
        Mistake(
            "not_finite",
            lambda guess: not np.isfinite(expected_mse(guess["w"], guess["b"])),
            "A line with an infinite or missing number in it cannot be drawn: use ordinary numbers.",
            example=dict(w=float("inf"), b=0.0),
        ),
    ),
    hints=(
        "Look at the data: does it rise or fall from left to right, and how high is it in the middle?",
        "A slope with the wrong sign misses the data well. So does a line that lies far below them.",
        "For example a negative `w` and a `b` near zero, in a `dict(w=..., b=...)`.",
    ),
)


mse = from_lesson(__file__, "mse")
mse_one_line = from_lesson(__file__, "mse_one_line")


def mse_with_a_loop(y_true, y_pred):
    total = 0.0
    for true, pred in zip(y_true, y_pred, strict=True):
        total = total + (true - pred) ** 2
    return total / len(y_true)


def an_error(miss=lambda y_true, y_pred: y_true - y_pred, size=jnp.square, average=jnp.mean, end=lambda error: error):
    """Make the mean squared error of its parts: how far off, made positive, averaged, and what comes after."""
    return lambda y_true, y_pred: end(average(size(miss(y_true, y_pred))))


def pairs_of_targets(key):
    """Draw (y_true, y_pred): several lengths, one pair far apart, one of them nearly right."""
    random = draws(key)
    floats, tiny = random.normal(0, 3, (4, 5)), [0.0, 1e-3, -1e-3, 1e-6, 0.0]
    return [
        ((1e3 * floats[0]).tolist(), (1e3 * floats[1]).tolist()),
        (tiny, floats[3].tolist()),
        ((floats[0] + 100).tolist(), floats[1].tolist()),
        (floats[2, :2].tolist(), floats[3, :2].tolist()),
        (floats[0].tolist(), floats[1].tolist()),
        (floats[2].tolist(), floats[3].tolist()),
    ]


MSE = Exercise(
    name="mse",
    task="Return the mean squared error: the mean over the points of the squared difference of `y_true` and `y_pred`.",
    reference=mse,
    domain=dict(y_true=floats("n"), y_pred=floats("n")),
    probes=pairs_of_targets,
    small=(([1.0], [2.0]), ([1.0], [4.0]), ([1.0, 1.0], [2.0, 4.0]), ([1.0, 2.0], [3.0, 2.0])),
    also_right=(
        mse_with_a_loop,
        lambda y_true, y_pred: jnp.sum(jnp.square(y_pred - y_true)) / y_true.shape[0],
        lambda y_true, y_pred: jnp.dot(y_true - y_pred, y_true - y_pred) / y_true.size,
        lambda y_true, y_pred: jnp.mean(jnp.abs(y_true - y_pred) ** 2),
    ),
    mistakes=(
        changed(
            an_error,
            "n_minus_1",
            "This divides by n - 1, the convention for the variance of a sample: the mean divides by n.",
            average=lambda squares: jnp.sum(squares) / (len(squares) - 1),
        ),
        changed(
            an_error,
            "negative",
            "This is MINUS the mean squared error: an error is never below 0.",
            end=lambda error: -error,
        ),
        changed(an_error, "sum", "This behaves exactly like the SUM of squared errors: divide by n.", average=jnp.sum),
        changed(
            an_error,
            "half",
            "This behaves exactly like HALF the mean squared error. Some books put a 1/2 in front; we do not.",
            end=lambda error: error / 2,
        ),
        changed(
            an_error,
            "root",
            "This behaves exactly like the ROOT of the mean squared error: leave the square root out.",
            end=jnp.sqrt,
        ),
        changed(
            an_error,
            "absolute",
            "This behaves exactly like the mean ABSOLUTE error: square the differences instead.",
            size=jnp.abs,
        ),
        Mistake(
            "no_square",
            lambda y_true, y_pred: jnp.mean(y_true - y_pred),
            "This behaves exactly like the mean of the plain differences, where points above and below the line "
            "cancel: square each difference first.",
        ),
        Mistake(
            "no_square_reversed",
            lambda y_true, y_pred: jnp.mean(y_pred - y_true),
            "This behaves exactly like the mean of `y_pred - y_true`, where points above and below the line "
            "cancel: square each difference first.",
        ),
        Mistake(
            "square_of_mean",
            lambda y_true, y_pred: jnp.mean(y_true - y_pred) ** 2,
            "This behaves exactly like the SQUARE OF THE MEAN difference: square each difference first, then take "
            "the mean.",
        ),
        changed(
            an_error,
            "no_mean",
            "These are the squared errors of the single points: take their mean, so that one number is left.",
            average=lambda errors: errors,
        ),
        changed(
            an_error,
            "sum_of_targets",
            "This behaves exactly like the mean of `(y_true + y_pred) ** 2`: SUBTRACT, to see how far apart they are.",
            miss=lambda y_true, y_pred: y_true + y_pred,
        ),
        Mistake(
            "difference_of_squares",
            lambda y_true, y_pred: jnp.mean(y_true**2 - y_pred**2),
            "This behaves exactly like the mean of `y_true ** 2 - y_pred ** 2`: subtract first, then square.",
        ),
        changed(
            an_error,
            "every_pair",
            "This compares EVERY target with EVERY prediction: a (n, 1) array minus a (n,) array is an (n, n) "
            "table. Subtract two arrays of shape (n,).",
            miss=lambda y_true, y_pred: y_true[:, None] - y_pred,
        ),
    ),
    hints=(
        "How far is each prediction from its target? And how do you make that one number that is never negative?",
        "Three steps: the differences `y_true - y_pred`; their squares, `** 2`; the mean of those.",
        "`jnp.sum(...)` adds the squares up, and `len(y_true)` is their number n: return the one divided by the other.",
    ),
    differentiable=1,
)

MSE_ONE_LINE = MSE._replace(
    name="mse_one_line",
    task="The same once more, in one line: the mean of the squared differences of `y_true` and `y_pred`.",
    reference=mse_one_line,
    also_right=(mse, *MSE.also_right),
    hints=(
        "Which function takes the mean of an array, so that you need neither the sum nor n?",
        "`jnp.mean(...)` takes the mean. What goes between its brackets is the squared difference, as an array.",
        "Put `(y_true - y_pred) ** 2` between the brackets of `jnp.mean(...)`, and return it.",
    ),
)

EXERCISES = (SIMULATE_LINE, LINEAR, BAD_GUESS, MSE, MSE_ONE_LINE)
