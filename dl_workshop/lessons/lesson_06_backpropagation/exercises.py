"""Exercises of lesson 06: inside backpropagation. Here are the gradient check and the planted bug.

The others are in chain_06, relay_06, neuron_06 and net_06.
"""
# The references are shown to learners as solutions, as the notebook writes them: without docstrings.

import jax
import jax.numpy as jnp

from dl_workshop.exercises.domain import FUNCTION, floats
from dl_workshop.exercises.exercise import Exercise, Mistake, ValueExercise, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_06_backpropagation.chain import CHAIN, CHAIN_BACKWARD, STEER_B
from dl_workshop.lessons.lesson_06_backpropagation.net import NET_BACKWARD
from dl_workshop.lessons.lesson_06_backpropagation.neuron import NEURON_BACKWARD
from dl_workshop.lessons.lesson_06_backpropagation.relay import RELAY_BACK

two_sided = from_lesson(__file__, "two_sided")


def a_difference(
    ahead=lambda f, x, h: f(x + h),
    behind=lambda f, x, h: f(x - h),
    join=lambda a, b: a - b,
    over=lambda change, h: change / (2 * h),
):
    """Make a difference of where it looks ahead and behind, how it joins the two, and what it divides by."""
    return lambda f, x, h: over(join(ahead(f, x, h), behind(f, x, h)), h)


def curves(key):
    """Draw curves that bend in different ways, with steps wide enough to tell every difference from the slope."""
    a, x, y = (float(value) for value in draws(key).uniform(1, 2, 3))

    def cubic(x):
        return a * x**3 + x

    def faint(x):
        return 0.002 * x**3

    def wave(x):
        return jnp.sin(a * x) + 3 * x**2

    return [(cubic, x, 0.5), (cubic, -y, 0.25), (wave, -x - 5, 0.4), (faint, x, 0.5)]


def curve(x):
    return x**2 + 3 * x


def cube(x):
    return x**3


TWO_SIDED = Exercise(
    name="two_sided",
    task="Return the two-sided difference of any function `f` at `x`: how much f changes from x - h to x + h, divided "
    "by the distance of these two.",
    reference=two_sided,
    domain=dict(f=FUNCTION, x=floats(), h=floats(low=0)),
    probes=curves,
    small=((curve, 2.0, 1.0), (cube, 1.0, 1.0), (cube, 0.0, 2.0)),
    also_right=(
        lambda f, x, h: f(x + h) / (2 * h) - f(x - h) / (2 * h),
        lambda f, x, h: ((f(x + h) - f(x)) / h + (f(x) - f(x - h)) / h) / 2,
        lambda f, x, h: 0.5 / h * (f(x + h) - f(x - h)),
    ),
    mistakes=(
        changed(
            a_difference,
            "over_h",
            "You divide by h, but from x - h to x + h it is TWO h: divide by `(2 * h)`.",
            over=lambda change, h: change / h,
        ),
        changed(
            a_difference,
            "brackets_forgotten",
            "This behaves exactly like `... / 2 * h`: Python divides by 2 and then MULTIPLIES by h. Write `/ (2 * h)`.",
            over=lambda change, h: change / 2 * h,
        ),
        changed(
            a_difference,
            "not_divided",
            "This is how much f changes: divide it by the distance, `(2 * h)`.",
            over=lambda change, h: change,
        ),
        Mistake(
            "to_the_right_alone",
            lambda f, x, h: (f(x + h) - f(x)) / h,
            "This looks to the RIGHT alone, which is far less exact: take f at x + h and at x - h.",
        ),
        Mistake(
            "to_the_left_alone",
            lambda f, x, h: (f(x) - f(x - h)) / h,
            "This looks to the LEFT alone, which is far less exact: take f at x + h and at x - h.",
        ),
        changed(
            a_difference,
            "from_the_middle",
            "You subtract f(x) and divide by 2h: subtract `f(x - h)`.",
            behind=lambda f, x, h: f(x),
        ),
        changed(
            a_difference, "added", "The two values are ADDED: subtract the one on the left.", join=lambda a, b: a + b
        ),
        changed(
            a_difference,
            "turned_round",
            "The sign is turned round: right minus left, f(x + h) - f(x - h).",
            join=lambda a, b: b - a,
        ),
        Mistake(
            "h_ignored",
            lambda f, x, h: jax.grad(f)(x),
            "Your answer does not change with h: use the argument `h`, and not a step of your own. And not "
            "`jax.grad` either: that is what we want to check.",
        ),
    ),
    hints=(
        "You met it in lesson 02: look a little to both sides.",
        "Subtract `f(x - h)` from `f(x + h)`. How far apart are the two places?",
        "Put the difference in brackets, and divide it by `(2 * h)`, in brackets too.",
    ),
)


def name_of(value):
    """Give a learner's word as a bare name: " Z1 " and "d_z1" are z1."""
    return value.strip().lower().removeprefix("d_") if isinstance(value, str) else None


def judge_bug(value):
    """Give None for z1, else words."""
    name = name_of(value)
    if name is None:
        return 'Write the name of one gradient here, in quotes, for example "z2".'
    if name == "z1":
        return None
    return f"{value!r} is none of the gradients in this pass: they are z2, w2, b2, h, z1, w1 and b1."


def says(name):
    return lambda value: name_of(value) == name


BUG = ValueExercise(
    name="bug",
    task="Write down the name of the first gradient, going backward, that is wrong: one of z2, w2, b2, h, z1, w1, b1.",
    reference="z1",
    judge=judge_bug,
    also_right=("d_z1", " Z1 "),
    wrong=(None, 3, "", "tanh", "x", ["z1"], 1.0),
    mistakes=(
        Mistake(
            "w1",
            says("w1"),
            "w1 is wrong, that is how the bug showed. But its own line, `x.T @ ...`, is right, "
            "and b1 is wrong too: what goes into both?",
            example="w1",
        ),
        Mistake(
            "b1",
            says("b1"),
            "b1 is wrong, but its own line, the sum over the rows, is right, and w1 is wrong too: what goes into both?",
            example="b1",
        ),
        Mistake(
            "h",
            says("h"),
            "The gradient of h comes from z2 and w2 by `@ w2.T`, as it should. Go on one line.",
            example="h",
        ),
        Mistake(
            "z2",
            says("z2"),
            "If z2 were wrong, w2 and b2 would be as well, since they are made of it. The check "
            "says that both are good.",
            example="z2",
        ),
        Mistake("w2", says("w2"), "The check says that w2 is good: look at the params that are wrong.", example="w2"),
        Mistake("b2", says("b2"), "The check says that b2 is good: look at the params that are wrong.", example="b2"),
    ),
    hints=(
        "Which params does the check call good, and which wrong? The bug is before the wrong ones and after the good "
        "ones.",
        "What goes into w1 and b1, but not into w2 and b2? Two lines: read them.",
        "One of the two applies the slope of tanh. Is its formula written in the output of tanh?",
    ),
)

EXERCISES = (CHAIN, CHAIN_BACKWARD, STEER_B, RELAY_BACK, NEURON_BACKWARD, NET_BACKWARD, TWO_SIDED, BUG)
