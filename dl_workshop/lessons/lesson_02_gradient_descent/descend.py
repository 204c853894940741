"""The descent of lesson 02: w after each step."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.domain import FUNCTION, floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

descend = from_lesson(__file__, "descend")


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


def a_descent(move=lambda df, w, step_size, start: w - step_size * df(w), rounds=lambda n: n, record=lambda ws: ws):
    """Make a descend of a move, which gives the next w, of how many rounds it takes, and of what it returns of all."""

    def descend(df, w, step_size, n_steps):
        ws = [w]
        for _ in range(rounds(n_steps)):
            ws.append(move(df, ws[-1], step_size, w))
        return record(np.array(ws))

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

    def slope_of_a_faint_parabola(w):
        return 0.001 * (w - middle)

    return [
        (slope_of_a_faint_parabola, -16.0 - left, 300.0, 12),  # small slopes, large steps
        (slope_of_a_parabola, middle + right, 0.0001, 4),  # tiny steps
        (slope_of_w_squared, left / 100, 0.25, 3),  # close to the minimum
        (slope_of_a_parabola, -left, 0.2, 3),
        (slope_of_a_parabola, middle + right, 0.05, 5),
        (slope_of_a_quartic, -right, 0.03, 4),
    ]


DESCEND = Exercise(
    name="descend",
    task="Start at `w`, take `n_steps` steps against the slope `df(w)`, each of them `step_size` times the slope, and "
    "return every w on the way as an array: the start first, so `n_steps + 1` numbers.",
    reference=descend,
    domain=dict(df=FUNCTION, w=floats(), step_size=floats(low=0), n_steps=wholes(low=1)),
    probes=slopes_and_starts,
    small=((slope_of_w_squared, 4.0, 0.25, 1), (slope_of_w_squared, 4.0, 0.25, 2), (slope_of_w_squared, -8.0, 0.75, 2)),
    also_right=(
        descend_in_an_array,
        descend_by_scan,
        lambda df, w, step_size, n_steps: np.array([w] + [w := w - step_size * df(w) for _ in range(n_steps)]),
    ),
    mistakes=(
        changed(
            a_descent,
            "ascent",
            "This goes UP the slope. The slope points uphill, so subtract: `w - ...`.",
            move=lambda df, w, step_size, start: w + step_size * df(w),
        ),
        changed(
            a_descent,
            "step_size_forgotten",
            "Each step is the whole slope: multiply `df(w)` by `step_size`.",
            move=lambda df, w, step_size, start: w - df(w),
        ),
        changed(
            a_descent,
            "slope_forgotten",
            "Each step is the step size itself, always to the left: multiply `step_size` by the slope `df(w)`.",
            move=lambda df, w, step_size, start: w - step_size,
        ),
        changed(
            a_descent,
            "stale_slope",
            "Every step uses the slope at the START: compute `df(w)` again inside the loop, at the new w.",
            move=lambda df, w, step_size, start: w - step_size * df(start),
        ),
        changed(
            a_descent,
            "same_step_again",
            "Every step leaves from the START, so w stays where the first step put it: keep the new value, "
            "`w = ...`, before you record it.",
            move=lambda df, w, step_size, start: start - step_size * df(start),
        ),
        changed(
            a_descent,
            "never_moves",
            "All recorded values are the start: give w its new value inside the loop, `w = ...`, and record it "
            "after that.",
            move=lambda df, w, step_size, start: w,
        ),
        changed(
            a_descent,
            "replaced",
            "The new w is the step alone: subtract the step FROM w, `w - ...`.",
            move=lambda df, w, step_size, start: -step_size * df(w),
        ),
        changed(
            a_descent,
            "step_size_ignored",
            "The step size is always 0.01 here: use the argument `step_size`.",
            move=lambda df, w, step_size, start: w - 0.01 * df(w),
        ),
        Mistake(
            "always_1000_steps",
            lambda df, w, step_size, n_steps: descend(df, w, step_size, 1000),
            "This always takes 1000 steps: use the argument `n_steps`.",
        ),
        changed(
            a_descent,
            "start_missing",
            "The history lacks the START: put the first w in it before the loop begins.",
            record=lambda ws: ws[1:],
        ),
        changed(
            a_descent,
            "end_missing",
            "The history stops one step early: after the start it needs the w AFTER each of the `n_steps` steps.",
            record=lambda ws: ws[:-1],
        ),
        changed(
            a_descent,
            "one_step_too_many",
            "This takes one step too many: `range(n_steps)` counts `n_steps` steps.",
            rounds=lambda n: n + 1,
        ),
        changed(
            a_descent,
            "return_in_the_loop",
            "The history ends after ONE step, as if `return` stood inside the loop: move it out, to the left.",
            rounds=lambda n: min(n, 1),
        ),
        changed(
            a_descent,
            "only_the_end",
            "This returns the LAST w alone. Return all of them: collect each w in a list as you go.",
            record=lambda ws: ws[-1],
        ),
    ),
    hints=(
        "One line does the step, and one line remembers where it led. Both stand in a loop.",
        "Before the loop: `ws = [w]`. In `for _ in range(n_steps):` change w, then `ws.append(w)`. After it, return "
        "`np.array(ws)`.",
        "The line that changes w reads: w becomes `w` minus `step_size` times `df(w)`.",
    ),
)
