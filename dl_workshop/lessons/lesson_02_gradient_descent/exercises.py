"""Exercises of lesson 02: gradient descent. The descent itself is in descend_02, asked values are in values_02."""

import jax
import jax.numpy as jnp

from dl_workshop.exercises.domain import FUNCTION, floats, numbers
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_02_gradient_descent.descend import DESCEND
from dl_workshop.lessons.lesson_02_gradient_descent.values import FLIPPING_STEP, OTHER_END, W_MIN

f = from_lesson(__file__, "f")


def three_terms(square=lambda w: w**2, linear=lambda w: 3 * w, constant=-5):
    """Make the curve of its three terms."""
    return lambda w: square(w) + linear(w) + constant


def whole_and_other_numbers(key):
    """Draw w: whole numbers (the ^ of a learner works on those alone), floats and an array."""
    random = draws(key)
    w = random.normal(0, 6, 5)
    return [(int(random.integers(3, 9)),), (float(w[0]),), (float(w[1]),), ([6.5, -7.5, *w[2:].tolist()],)]


F = Exercise(
    name="f",
    task="Return the height of the curve at `w`: w squared, plus 3 times w, minus 5.",
    reference=f,
    domain=dict(w=numbers("*m")),
    probes=whole_and_other_numbers,
    small=((0,), (1,), (2,), (2.5,)),
    also_right=(
        lambda w: w * w + 3 * w - 5,
        lambda w: (w + 3) * w - 5,
        lambda w: (w + 1.5) ** 2 - 7.25,
        lambda w: jnp.polyval(jnp.array([1.0, 3.0, -5.0]), w),
    ),
    mistakes=(
        Mistake(
            "caret",
            lambda w: w ^ 2 + 3 * w - 5,
            "In Python `^` is not a power (it compares the bits of whole numbers): write `w ** 2`.",
        ),
        changed(
            three_terms,
            "doubled",
            "This behaves exactly like `2 * w + 3 * w - 5`: w squared is `w ** 2`, with two stars.",
            square=lambda w: w * 2,
        ),
        changed(
            three_terms,
            "plus_5",
            "This behaves exactly like the curve with PLUS 5 at its end: it should be minus 5.",
            constant=5,
        ),
        changed(
            three_terms,
            "minus_3w",
            "This behaves exactly like the curve with MINUS 3w in it: it should be plus 3w.",
            linear=lambda w: -3 * w,
        ),
        changed(
            three_terms,
            "constant_forgotten",
            "This behaves exactly like `w ** 2 + 3 * w`: subtract 5 at the end.",
            constant=0,
        ),
        changed(
            three_terms,
            "three_alone",
            "This behaves exactly like `w ** 2 + 3 - 5`: the 3 multiplies w, and Python needs a star for that, "
            "`3 * w`.",
            linear=lambda w: 3,
        ),
        Mistake(
            "slope", lambda w: 2 * w + 3, "This is the SLOPE of the curve, which comes later. Return its height here."
        ),
    ),
    hints=(
        "Write the formula term by term, in the order in which it stands there.",
        "In Python a power is written with two stars, `w ** 2`, and a product with one, `3 * w`.",
        "Three terms: `w ** 2`, then plus `3 * w`, then minus 5. Put `return` in front of them.",
    ),
    differentiable=0,
)


df = from_lesson(__file__, "df")


def three_slopes(square=lambda w: 2 * w, linear=lambda w: 3, constant=0):
    """Make the slope of the slopes of the three terms."""
    return lambda w: square(w) + linear(w) + constant


def places(key):
    return [(float(w),) for w in draws(key).normal((0, 0, 7.5, -7.5), 0.5)]


DF = Exercise(
    name="df",
    task="Return the slope of f at `w`, with the derivative worked out by hand.",
    reference=df,
    domain=dict(w=floats()),
    probes=places,
    small=((0.0,), (1.0,), (2.5,)),
    also_right=(
        lambda w: 3 + w + w,
        lambda w: 2 * (w + 1.5),
        jax.grad(f),
    ),
    mistakes=(
        changed(
            three_slopes,
            "constant_kept",
            "This behaves exactly like `2 * w + 3 - 5`: the 5 only moves the curve down, it makes it no steeper. "
            "The derivative of a constant is 0.",
            constant=-5,
        ),
        changed(
            three_slopes,
            "linear_term_forgotten",
            "This behaves exactly like `2 * w`: the term 3w has a slope too, the same everywhere.",
            linear=lambda w: 0,
        ),
        changed(
            three_slopes,
            "w_kept",
            "This behaves exactly like `2 * w + 3 * w`: the derivative of 3w is 3, without the w.",
            linear=lambda w: 3 * w,
        ),
        changed(
            three_slopes,
            "power_not_in_front",
            "This behaves exactly like `w + 3`: the derivative of w squared is `2 * w`, the power comes in front.",
            square=lambda w: w,
        ),
        changed(
            three_slopes,
            "power_not_lowered",
            "This behaves exactly like `2 * w ** 2 + 3`: the power comes in front AND goes down by one, so w "
            "squared gives `2 * w`.",
            square=lambda w: 2 * w**2,
        ),
        Mistake("height", f, "This is the HEIGHT f(w). Return its derivative, term by term."),
        Mistake(
            "sign",
            lambda w: -2 * w - 3,
            "This is the slope with the wrong SIGN: where the curve rises, the slope is positive.",
        ),
        Mistake(
            "second_derivative", lambda w: 2.0, "This is the SECOND derivative: you took the derivative once too often."
        ),
    ),
    hints=(
        "Take the derivative of each of the three terms by itself, then add them up.",
        "The derivative of w to the power n is n times w to the power n - 1. Of a constant it is 0.",
        "The first term gives `2 * w`, the second gives 3, the third gives nothing.",
    ),
)


slope = from_lesson(__file__, "slope")


def curves_and_places(key):
    """Draw curves that tell a difference from a derivative: by its wide step, or by the rounding high up."""
    a, *ws = (float(value) for value in draws(key).uniform(1, 2, 4))

    def far_up(w):
        return 20000 + a * w**2

    def cubic(w):
        return a * w**3 + w

    def wave(w):
        return jnp.sin(a * w) + 3 * w**2

    def faint(w):
        return 0.002 * w**3

    return [
        (cubic, ws[0]),
        (cubic, -ws[1]),
        (wave, ws[2]),
        (faint, ws[1]),
        (wave, 5 + ws[0]),
        (far_up, jnp.asarray(ws[0])),
        (far_up, jnp.asarray(-ws[2])),
    ]


def w_squared(w):
    return w**2


def w_cubed(w):
    return w**3


SLOPE = Exercise(
    name="slope",
    task="Return the slope of any function `f` at `w`, with `jax.grad` in place of the derivative by hand.",
    reference=slope,
    domain=dict(f=FUNCTION, w=floats()),
    probes=curves_and_places,
    small=((w_squared, 1.0), (w_squared, 3.0), (w_cubed, 2.0)),
    also_right=(
        lambda f, w: jax.value_and_grad(f)(w)[1],
        lambda f, w: jax.jvp(f, (w,), (1.0,))[1],
        lambda f, w: jax.jacfwd(f)(w),
    ),
    mistakes=(
        Mistake("height", lambda f, w: f(w), "This is the HEIGHT f(w): take `jax.grad` of f first."),
        Mistake(
            "by_hand",
            lambda f, w: df(w),
            "This is 2w + 3 whatever f it is given, the slope of one curve only: hand `f` to `jax.grad`.",
        ),
        Mistake(
            "height_and_slope",
            lambda f, w: jax.value_and_grad(f)(w),
            "These are two things, the height and the slope: return the slope alone, from `jax.grad`.",
        ),
        Mistake(
            "second_derivative",
            lambda f, w: jax.grad(jax.grad(f))(w),
            "This is the SECOND derivative: use `jax.grad` once.",
        ),
        Mistake(
            "sign",
            lambda f, w: -jax.grad(f)(w),
            "This is the slope with the wrong SIGN. The minus belongs to the step, in `descend`.",
        ),
        Mistake(
            "one_sided",
            lambda f, w: (f(w + 0.01) - f(w)) / 0.01,
            "This is a difference over a step of 0.01 to the right: near, but not the slope. Use `jax.grad`.",
        ),
        Mistake(
            "two_sided",
            lambda f, w: (f(w + 0.01) - f(w - 0.01)) / (2 * 0.01),
            "This is the difference over small steps of 0.01 to both sides: near, but rounding spoils it for some "
            "curves. Use `jax.grad`, which is exact.",
        ),
        Mistake(
            "at_the_height",
            lambda f, w: jax.grad(f)(f(w)),
            "This is the slope at f(w) instead of at w: hand `w` to the function that `jax.grad` gives.",
        ),
    ),
    hints=(
        "`jax.grad` takes a function and gives back another function. What does that one take?",
        "Two brackets in a row: the first hands over the function f, the second the place w.",
        "With `df = jax.grad(f)`, return what `df` gives at `w`.",
    ),
)

EXERCISES = (F, DF, W_MIN, DESCEND, OTHER_END, FLIPPING_STEP, SLOPE)
