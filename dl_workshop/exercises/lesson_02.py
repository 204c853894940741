"""Exercises of lesson 02: gradient descent."""
# The references are shown to learners as solutions, as the notebook writes them: without docstrings.
# ruff: noqa: D103

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.exercise import Exercise, Mistake, draws
from dl_workshop.exercises.values_02 import FLIPPING_STEP, OTHER_END, W_MIN


def f(w):
    return w ** 2 + 3 * w - 5


def whole_and_other_numbers(key):
    """Draw w: whole numbers (the ^ of a learner works on those alone), floats and an array."""
    random = draws(key)
    w = random.normal(0, 4, 5)
    return [(int(random.integers(3, 9)),), (float(w[0]),), (float(w[1]),), (w[2:].tolist(),)]


F = Exercise(
    name="f",
    task="Return the height of the curve at `w`: w squared, plus 3 times w, minus 5.",
    reference=f,
    probes=whole_and_other_numbers,
    small=((0,), (1,), (2,), (2.5,)),
    also_right=(
        lambda w: w * w + 3 * w - 5,
        lambda w: (w + 3) * w - 5,
        lambda w: (w + 1.5) ** 2 - 7.25,
        lambda w: jnp.polyval(jnp.array([1.0, 3.0, -5.0]), w),
    ),
    mistakes=(
        Mistake("caret", lambda w: w ^ 2 + 3 * w - 5,
                "In Python `^` is not a power (it compares the bits of whole numbers): write `w ** 2`."),
        Mistake("doubled", lambda w: w * 2 + 3 * w - 5,
                "This behaves exactly like `2 * w + 3 * w - 5`: w squared is `w ** 2`, with two stars."),
        Mistake("plus_5", lambda w: w ** 2 + 3 * w + 5,
                "This behaves exactly like the curve with PLUS 5 at its end: it should be minus 5."),
        Mistake("minus_3w", lambda w: w ** 2 - 3 * w - 5,
                "This behaves exactly like the curve with MINUS 3w in it: it should be plus 3w."),
        Mistake("constant_forgotten", lambda w: w ** 2 + 3 * w,
                "This behaves exactly like `w ** 2 + 3 * w`: subtract 5 at the end."),
        Mistake("three_alone", lambda w: w ** 2 + 3 - 5,
                "This behaves exactly like `w ** 2 + 3 - 5`: the 3 multiplies w, and Python needs a star for that, "
                "`3 * w`."),
        Mistake("slope", lambda w: 2 * w + 3,
                "This is the SLOPE of the curve, which comes later. Return its height here."),
    ),
    hints=(
        "Write the formula term by term, in the order in which it stands there.",
        "In Python a power is written with two stars, `w ** 2`, and a product with one, `3 * w`.",
        "Three terms: `w ** 2`, then plus `3 * w`, then minus 5. Put `return` in front of them.",
    ),
    differentiable=0,
)


def df(w):
    return 2 * w + 3


def floats(key):
    return [(float(w),) for w in draws(key).normal(0, 4, 4)]


DF = Exercise(
    name="df",
    task="Return the slope of f at `w`, with the derivative worked out by hand.",
    reference=df,
    probes=floats,
    small=((0.0,), (1.0,), (2.5,)),
    also_right=(
        lambda w: 3 + w + w,
        lambda w: 2 * (w + 1.5),
        jax.grad(f),
    ),
    mistakes=(
        Mistake("constant_kept", lambda w: 2 * w + 3 - 5,
                "This behaves exactly like `2 * w + 3 - 5`: the 5 only moves the curve down, it makes it no steeper. "
                "The derivative of a constant is 0."),
        Mistake("linear_term_forgotten", lambda w: 2 * w,
                "This behaves exactly like `2 * w`: the term 3w has a slope too, the same everywhere."),
        Mistake("w_kept", lambda w: 2 * w + 3 * w,
                "This behaves exactly like `2 * w + 3 * w`: the derivative of 3w is 3, without the w."),
        Mistake("power_not_in_front", lambda w: w + 3,
                "This behaves exactly like `w + 3`: the derivative of w squared is `2 * w`, the power comes in front."),
        Mistake("power_not_lowered", lambda w: 2 * w ** 2 + 3,
                "This behaves exactly like `2 * w ** 2 + 3`: the power comes in front AND goes down by one, so w "
                "squared gives `2 * w`."),
        Mistake("height", f, "This is the HEIGHT f(w). Return its derivative, term by term."),
        Mistake("sign", lambda w: -2 * w - 3,
                "This is the slope with the wrong SIGN: where the curve rises, the slope is positive."),
        Mistake("second_derivative", lambda w: 2.0,
                "This is the SECOND derivative: you took the derivative once too often."),
    ),
    hints=(
        "Take the derivative of each of the three terms by itself, then add them up.",
        "The derivative of w to the power n is n times w to the power n - 1. Of a constant it is 0.",
        "The first term gives `2 * w`, the second gives 3, the third gives nothing.",
    ),
)


def descend(df, w, step_size, n_steps):
    ws = [w]
    for _ in range(n_steps):
        w = w - step_size * df(w)
        ws.append(w)
    return np.array(ws)


def descend_by_scan(df, w, step_size, n_steps):
    def step(w, _):
        w = w - step_size * df(w)
        return w, w

    return jnp.append(w, jax.lax.scan(step, jnp.asarray(w, float), None, length=n_steps)[1])


def descend_in_an_array(df, w, step_size, n_steps):
    ws = np.zeros(n_steps + 1)
    ws[0] = w
    for i in range(n_steps):
        ws[i + 1] = ws[i] - step_size * df(ws[i])
    return ws


def descend_with(move):
    """Make a wrong descend of a wrong move: move(df, w, step_size, start) gives the next w."""
    def descend(df, w, step_size, n_steps):
        ws = [w]
        for _ in range(n_steps):
            ws.append(move(df, ws[-1], step_size, w))
        return np.array(ws)

    return descend


def slope_of_w_squared(w):
    return 2 * w


def slopes_and_starts(key):
    """Draw descents on a parabola and on a curve that is none, few steps each: no step is an overflow."""
    middle, left, right = (float(value) for value in draws(key).uniform(1, 2, 3))

    def slope_of_a_parabola(w):
        return 2 * (w - middle)

    def slope_of_a_quartic(w):
        return (w - middle) ** 3

    return [(slope_of_a_parabola, -left, 0.2, 3), (slope_of_a_parabola, middle + right, 0.05, 5),
            (slope_of_a_quartic, -right, 0.03, 4)]


DESCEND = Exercise(
    name="descend",
    task="Start at `w`, take `n_steps` steps against the slope `df(w)`, each of them `step_size` times the slope, and "
         "return every w on the way as an array: the start first, so `n_steps + 1` numbers.",
    reference=descend,
    probes=slopes_and_starts,
    small=((slope_of_w_squared, 4.0, 0.25, 1), (slope_of_w_squared, 4.0, 0.25, 2), (slope_of_w_squared, -8.0, 0.75, 2)),
    also_right=(
        descend_in_an_array,
        descend_by_scan,
        lambda df, w, step_size, n_steps: np.array(
            [w] + [w := w - step_size * df(w) for _ in range(n_steps)]),
    ),
    mistakes=(
        Mistake("ascent", descend_with(lambda df, w, step_size, start: w + step_size * df(w)),
                "This goes UP the slope. The slope points uphill, so subtract: `w - ...`."),
        Mistake("step_size_forgotten", descend_with(lambda df, w, step_size, start: w - df(w)),
                "Each step is the whole slope: multiply `df(w)` by `step_size`."),
        Mistake("slope_forgotten", descend_with(lambda df, w, step_size, start: w - step_size),
                "Each step is the step size itself, always to the left: multiply `step_size` by the slope `df(w)`."),
        Mistake("stale_slope", descend_with(lambda df, w, step_size, start: w - step_size * df(start)),
                "Every step uses the slope at the START: compute `df(w)` again inside the loop, at the new w."),
        Mistake("same_step_again", descend_with(lambda df, w, step_size, start: start - step_size * df(start)),
                "Every step leaves from the START, so w stays where the first step put it: keep the new value, "
                "`w = ...`, before you record it."),
        Mistake("never_moves", descend_with(lambda df, w, step_size, start: w),
                "All recorded values are the start: give w its new value inside the loop, `w = ...`, and record it "
                "after that."),
        Mistake("replaced", descend_with(lambda df, w, step_size, start: -step_size * df(w)),
                "The new w is the step alone: subtract the step FROM w, `w - ...`."),
        Mistake("step_size_ignored", descend_with(lambda df, w, step_size, start: w - 0.01 * df(w)),
                "The step size is always 0.01 here: use the argument `step_size`."),
        Mistake("always_1000_steps", lambda df, w, step_size, n_steps: descend(df, w, step_size, 1000),
                "This always takes 1000 steps: use the argument `n_steps`."),
        Mistake("start_missing", lambda df, w, step_size, n_steps: descend(df, w, step_size, n_steps)[1:],
                "The history lacks the START: put the first w in it before the loop begins."),
        Mistake("end_missing", lambda df, w, step_size, n_steps: descend(df, w, step_size, n_steps)[:-1],
                "The history stops one step early: after the start it needs the w AFTER each of the `n_steps` steps."),
        Mistake("one_step_too_many", lambda df, w, step_size, n_steps: descend(df, w, step_size, n_steps + 1),
                "This takes one step too many: `range(n_steps)` counts `n_steps` steps."),
        Mistake("return_in_the_loop", lambda df, w, step_size, n_steps: descend(df, w, step_size, min(n_steps, 1)),
                "The history ends after ONE step, as if `return` stood inside the loop: move it out, to the left."),
        Mistake("only_the_end", lambda df, w, step_size, n_steps: descend(df, w, step_size, n_steps)[-1],
                "This returns the LAST w alone. Return all of them: collect each w in a list as you go."),
    ),
    hints=(
        "One line does the step, and one line remembers where it led. Both stand in a loop.",
        "Before the loop: `ws = [w]`. In `for _ in range(n_steps):` change w, then `ws.append(w)`. After it, return "
        "`np.array(ws)`.",
        "The line that changes w reads: w becomes `w` minus `step_size` times `df(w)`.",
    ),
)


def slope(f, w):
    return jax.grad(f)(w)


def curves_and_places(key):
    """Draw curves that tell a difference from a derivative: by its wide step, or by the rounding high up."""
    a, *ws = (float(value) for value in draws(key).uniform(1, 2, 4))

    def far_up(w):
        return 20000 + a * w ** 2

    def cubic(w):
        return a * w ** 3 + w

    def wave(w):
        return jnp.sin(a * w) + 3 * w ** 2

    return [(cubic, ws[0]), (cubic, -ws[1]), (wave, ws[2]),
            (far_up, jnp.asarray(ws[0])), (far_up, jnp.asarray(-ws[2]))]


def w_squared(w):
    return w ** 2


def w_cubed(w):
    return w ** 3


SLOPE = Exercise(
    name="slope",
    task="Return the slope of any function `f` at `w`, with `jax.grad` in place of the derivative by hand.",
    reference=slope,
    probes=curves_and_places,
    small=((w_squared, 1.0), (w_squared, 3.0), (w_cubed, 2.0)),
    also_right=(
        lambda f, w: jax.value_and_grad(f)(w)[1],
        lambda f, w: jax.jvp(f, (w,), (1.0,))[1],
        lambda f, w: jax.jacfwd(f)(w),
    ),
    mistakes=(
        Mistake("height", lambda f, w: f(w), "This is the HEIGHT f(w): take `jax.grad` of f first."),
        Mistake("by_hand", lambda f, w: df(w),
                "This is 2w + 3 whatever f it is given, the slope of one curve only: hand `f` to `jax.grad`."),
        Mistake("height_and_slope", lambda f, w: jax.value_and_grad(f)(w),
                "These are two things, the height and the slope: return the slope alone, from `jax.grad`."),
        Mistake("second_derivative", lambda f, w: jax.grad(jax.grad(f))(w),
                "This is the SECOND derivative: use `jax.grad` once."),
        Mistake("sign", lambda f, w: -jax.grad(f)(w),
                "This is the slope with the wrong SIGN. The minus belongs to the step, in `descend`."),
        Mistake("one_sided", lambda f, w: (f(w + 0.01) - f(w)) / 0.01,
                "This is a difference over a step of 0.01 to the right: near, but not the slope. Use `jax.grad`."),
        Mistake("two_sided", lambda f, w: (f(w + 0.01) - f(w - 0.01)) / (2 * 0.01),
                "This is the difference over small steps of 0.01 to both sides: near, but rounding spoils it for some "
                "curves. Use `jax.grad`, which is exact."),
        Mistake("at_the_height", lambda f, w: jax.grad(f)(f(w)),
                "This is the slope at f(w) instead of at w: hand `w` to the function that `jax.grad` gives."),
    ),
    hints=(
        "`jax.grad` takes a function and gives back another function. What does that one take?",
        "Two brackets in a row: the first hands over the function f, the second the place w.",
        "With `df = jax.grad(f)`, return what `df` gives at `w`.",
    ),
)

EXERCISES = (F, DF, W_MIN, DESCEND, OTHER_END, FLIPPING_STEP, SLOPE)
