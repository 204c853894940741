"""Schedules: the step size as a function of the step t = 0, 1, 2, ... Give one to an optimiser or to fit's step_size.

They use jax.numpy, because t is traced inside the compiled loop.
"""

import jax.numpy as jnp

from dl_workshop.types import Schedule
from dl_workshop.validate import check_positive


def step_decay(start: float = 0.1, factor: float = 0.9, every: int = 50) -> Schedule:
    """Stairs, start * factor^floor(t / every).

    Raises: LearnerError unless all three are above 0.
    Source: Karpathy, CS231n course notes (2016), "Annealing the learning rate".
    """
    _check(start=start, factor=factor, every=every)
    return lambda t: start * factor ** (t // every)


def exponential_decay(start: float, end: float, n_steps: int) -> Schedule:
    """A constant share each step, start * (end / start)^(t / n_steps): from `start` at t = 0 to `end` at n_steps.

    With end above start the step size grows: that is how `range_test` sweeps it.
    Raises: LearnerError unless all three are above 0.
    Source: Karpathy, CS231n course notes (2016), "Annealing the learning rate".
    """
    _check(start=start, end=end, n_steps=n_steps)
    return lambda t: start * (end / start) ** (t / n_steps)


def cosine_decay(start: float, n_steps: int) -> Schedule:
    """Half a cosine wave, start * (1 + cos(pi t / n_steps)) / 2: flat at first, flat at the end, 0 from n_steps on.

    Raises: LearnerError unless both are above 0.
    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017), eq. 5.
    """
    _check(start=start, n_steps=n_steps)
    return lambda t: start * 0.5 * (1 + jnp.cos(jnp.pi * jnp.minimum(t / n_steps, 1.0)))


def warm_up(schedule: float | Schedule, n_steps: int) -> Schedule:
    """Rise in a straight line from 0 during the first n_steps, then follow `schedule` from its own beginning.

    `schedule` may be a constant: warm_up(0.1, 100).
    Raises: LearnerError unless n_steps, and a constant, are above 0.
    Source: Goyal et al., Accurate, Large Minibatch SGD (2017), section 2.2.
    """
    _check(n_steps=n_steps)
    if not callable(schedule):
        _check(schedule=schedule)
    after = schedule if callable(schedule) else lambda t: schedule
    return lambda t: jnp.where(t < n_steps, after(0) * t / n_steps, after(jnp.maximum(t - n_steps, 0)))


def _check(**settings: float) -> None:
    for name, value in settings.items():
        check_positive(name, value, whole=name in ("every", "n_steps"))
