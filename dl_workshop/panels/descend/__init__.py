"""Descent stepper: w goes down a curve of the learner's, a step at a time, and words say how it is getting on."""

from collections.abc import Sequence
from functools import partial

import jax
import numpy as np

from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.panels.descend.curve import view
from dl_workshop.panels.descend.picture import picture
from dl_workshop.panels.descend.recorded import plan
from dl_workshop.panels.descend.state import SPEEDS, STOP, start, step
from dl_workshop.panels.panel import Panel
from dl_workshop.panels.sliders import round_down
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import Scalar
from dl_workshop.validate import check_positive

MOST_SIZES = 6


def descend(f: Scalar, w: float = 4.0, step_size: float | Sequence[float] = 0.1, df: Scalar | None = None) -> Panel:
    """Go down your own f(w) by w <- w - step_size * df(w), step by step.

    Without `df`, jax.grad finds it.
    `step_size` may be a list, such as [0.01, 0.1, 1.0]: then the descents run side by side.
    Raises: LearnerError if f or df fails at the start, or a step size is not above 0.
    """
    sizes = [float(size) for size in checked(step_size)]
    forget_edited(f, df)
    slope = jax.grad(f) if df is None else df
    w = finite(w)
    try:
        state = start(f, slope, w, sizes)
        stretch = view(f, w)
    except Exception as error:
        raise explain_error(error, [f, df], f"computing f and its slope at w = {w}") from None
    settings = still(w, sizes, *stretch)
    return Panel(
        state,
        partial(step, f=f, slope=slope, stretch=stretch),
        "descend",
        settings=settings,
        picture=picture,
        functions=(f, df),
        plan=partial(plan, settings, f, slope, stretch),
    )


def checked(step_size):
    """Give the step sizes as a list.

    Raises: LearnerError if one is not above 0, or there are none, or too many to see.
    """
    sizes = [step_size] if np.ndim(step_size) == 0 else list(step_size)
    for size in sizes:
        check_positive("step_size", size)
    if not 1 <= len(sizes) <= MOST_SIZES:
        raise LearnerError(
            f"step_size holds {len(sizes)} step sizes: give 1 to {MOST_SIZES}, for example step_size=[0.01, 0.1, 1.0]."
        )
    return sizes


def finite(w):
    """Give the start as a float.

    Raises: LearnerError if it is no finite number.
    """
    try:
        value = float(w)
    except (TypeError, ValueError):
        value = np.nan
    if not np.isfinite(value):
        raise LearnerError(f"w={w!r} is no place to start: descent needs a finite number, for example w=4.0.")
    return value


def still(w, sizes, low, high):
    """Compute what stands still: where it started, and the sliders."""
    knob = {"min": min(1e-4, *sizes), "max": max(10.0, *sizes), "step": 0.02, "log": True}
    several = len(sizes) > 1
    knobs = [
        knob | {"name": f"step size {place + 1}" if several else "step size", "value": size}
        for place, size in enumerate(sizes)
    ]
    return {
        "w": w,
        "sizes": sizes,
        "knobs": knobs,
        "speeds": SPEEDS,
        "stop": STOP,
        "start": {"name": "start w", "value": w, "min": low, "max": high, "step": round_down((high - low) / 200)},
    }
