"""The values asked for in lesson 02: where the minimum is, where a descent ends, which step size flips for ever."""

import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.exercise import Mistake, ValueExercise


def is_one_number(value):
    """Say whether a learner's value is one ordinary number."""
    return np.ndim(value) == 0 and np.asarray(value).dtype.kind in "iuf" and bool(np.isfinite(value))


def near(target, value, within=0.002):
    """Say whether a learner's value is the target, written with two or more decimals."""
    return is_one_number(value) and abs(float(value) - target) < within


def judge_place(value):
    """Give None for the w of the minimum, else words."""
    if not is_one_number(value):
        return "Write one number here."
    if near(-1.5, value):
        return None
    return f"At w = {float(value):.4g} the slope 2w + 3 is {2 * float(value) + 3:.4g}. At the minimum it is 0."


W_MIN = ValueExercise(
    name="w_min",
    task="Write down the w at which f is smallest: solve 2w + 3 = 0.",
    reference=-1.5,
    judge=judge_place,
    also_right=(-3 / 2, jnp.array(-1.5), np.float32(-1.5)),
    wrong=(0.0, 7, None, "-1.5", True, len, float("nan"), [-1.5, 0.0], np.array([-1.5])),
    mistakes=(
        Mistake(
            "sign",
            lambda w: near(1.5, w),
            "The size is right, but not the sign: 2w + 3 = 0 means 2w = -3.",
            example=1.5,
        ),
        Mistake(
            "height",
            lambda w: near(-7.25, w),
            "That is how LOW the curve gets, f(w). Write down the w at which it does.",
            example=-7.25,
        ),
        Mistake(
            "not_divided",
            lambda w: near(-3, w),
            "That solves w + 3 = 0: divide by the 2 in front of w too.",
            example=-3.0,
        ),
        Mistake("upside_down", lambda w: near(-2 / 3, w), "That is -2/3: divide -3 by 2, not 2 by -3.", example=-0.667),
        Mistake(
            "crossing",
            lambda w: near(1.19258, w) or near(-4.19258, w),
            "There the CURVE is zero, f(w) = 0. At the minimum its slope is zero: solve 2w + 3 = 0.",
            example=1.1926,
        ),
    ),
    hints=(
        "At the lowest point the curve neither rises nor falls. What does that say about the slope?",
        "Set the slope to zero, 2w + 3 = 0, and solve for w.",
        "2w = -3, so w is -3 divided by 2.",
    ),
)


def judge_end(value):
    """Give None for the place where every long descent on f ends, else words."""
    if not is_one_number(value):
        return "Write one number here: the last w of the descent."
    if near(-1.5, value):
        return None
    return (
        f"w = {float(value):.4g} is not where it ends: the slope there is {2 * float(value) + 3:.4g}, so the steps "
        "go on. Take 1000 steps of size 0.01."
    )


OTHER_END = ValueExercise(
    name="other_end",
    task="Start at -10, take 1000 steps of size 0.01, and write down the last w.",
    reference=-1.5,
    judge=judge_end,
    also_right=(-1.50000001431, jnp.array(-1.4999999), np.float32(-1.5)),
    wrong=(0.0, None, "left", False, len, float("inf"), np.array([-1.5])),
    mistakes=(
        Mistake(
            "start",
            lambda w: near(-10, w),
            "That is the START. The end is the last value of the history, `[-1]`.",
            example=-10.0,
        ),
        Mistake(
            "sign",
            lambda w: near(1.5, w),
            "The size is right, but not the sign: look at the end once more.",
            example=1.5,
        ),
        Mistake(
            "whole_history",
            lambda w: np.ndim(w) == 1 and len(w) > 1,
            "That is the whole history. Its last value is the end: add `[-1]`.",
            example=np.linspace(-10, -1.5, 9),
        ),
        Mistake(
            "height",
            lambda w: near(-7.25, w),
            "That is the height f(w) at the end. Write down the w itself.",
            example=-7.25,
        ),
        Mistake(
            "hundred_steps",
            lambda w: near(-2.627266, w),
            "That is where 100 steps lead. It is still on its way: take 1000.",
            example=-2.6273,
        ),
    ),
    hints=(
        "Which arguments of `descend` change, and which stay, when only the start is another?",
        "Call `descend` with `df`, the new start, 0.01 and 1000. The last value of an array is `[-1]`.",
        "The start is `-10.0`. Compare what you get with the minimum that you found by algebra.",
    ),
)


def judge_flipping(value):
    """Give None for the step size 2 / f'' = 1, else words."""
    if not is_one_number(value):
        return "Write one number here: a step size."
    return None if near(1, value, 0.02) else "With this step size w does something else: try it in the panel."


FLIPPING_STEP = ValueExercise(
    name="flipping_step",
    task="Find the step size with which w jumps from side to side for ever and comes no nearer.",
    reference=1.0,
    judge=judge_flipping,
    also_right=(1, jnp.array(1.0), 0.99),
    wrong=(None, "1", True, 0.0, [1.0], np.array([1.0, 2.0])),
    mistakes=(
        Mistake(
            "lands_at_once",
            lambda size: near(0.5, size),
            "With 0.5 the first step lands on the minimum. Make it larger, so that w jumps across.",
            example=0.5,
        ),
        Mistake(
            "too_small",
            lambda size: 0 < size < 0.49,
            "With this step size w stays on its side of the minimum and creeps towards it. Make it larger.",
            example=0.1,
        ),
        Mistake(
            "closes_in",
            lambda size: 0.51 < size < 0.98,
            "With this step size w jumps across, but each jump is shorter than the last: it closes in. A little "
            "larger.",
            example=0.9,
        ),
        Mistake(
            "runs_away",
            lambda size: size > 1.02,
            "With this step size each jump is longer than the last: it runs away. Make it smaller.",
            example=1.1,
        ),
        Mistake("negative", lambda size: size < 0, "A negative step size walks uphill. Stay above 0.", example=-1.0),
    ),
    hints=(
        "In the panel, set a step size, press Step a few times, and look at the jumps: do they grow or shrink?",
        "With 0.9 the jumps shrink, with 1.1 they grow. Where in between do they stay the same?",
        "Start at w = 1, where the slope is 5. The other side, as far from -1.5, is w = -4. Which step size leads "
        "there?",
    ),
)
