"""Choices around the training loop: when to stop, and how long a step to take."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int, PRNGKeyArray

from dl_workshop.errors import LearnerError
from dl_workshop.optimizers import Pair, gradient_descent
from dl_workshop.schedules import exponential_decay
from dl_workshop.training.checks import check_fit_functions
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.training.fit import fit
from dl_workshop.types import Loss, Model, ParamPath, Params, Rows, Targets
from dl_workshop.validate import check_positive
from dl_workshop.validate.order import check_order
from dl_workshop.validate.rows import as_arrays, check_rows


class EarlyFit(NamedTuple):
    """What training with early stopping gave: as Fit has it, but `params` are the best, not the last.

    best_step: the step before which the validation loss was lowest.
    val_losses: the validation loss before each of the steps val_steps, about a hundred of them, evenly.
    """

    params: Params
    losses: Float[np.ndarray, " n_steps"]
    path: ParamPath
    steps: Int[np.ndarray, " n_points"]
    stopped: str | None
    best_step: int
    val_losses: Float[np.ndarray, " n_looks"]
    val_steps: Int[np.ndarray, " n_looks"]


def fit_early(
    params: Params,
    model: Model,
    loss: Loss,
    x: Rows,
    y: Targets,
    x_val: Rows,
    y_val: Targets,
    *,
    patience: int | None = None,
    val_loss: Loss | None = None,
    n_steps: int = 1000,
    **settings: Any,
) -> EarlyFit:
    """Train on (x, y) as fit does, look at the loss on (x_val, y_val) on the way, and keep the best params.

    patience: stop when this many steps went by without a new best; None never stops, yet still keeps the best.
    val_loss: what is measured on the validation rows, if not `loss`: the loss without its penalty, for one.
    settings: those of fit (step_size, optimizer, batch_size, key, progress).
    Raises: LearnerError as fit does, or if the validation rows do not suit the model.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), algorithm 7.1.
    """
    if patience is not None:
        check_positive("patience", patience, whole=True)
    if "callback" in settings:
        raise LearnerError("fit_early needs the callback of fit for itself: use fit with a callback of your own.")
    check_order("fit_early", params=params, model=model, loss=loss, x=x, y=y)
    check_rows(x_val, y_val)
    x_val, y_val = as_arrays(x_val, y_val), jnp.asarray(y_val)
    measured = loss if val_loss is None else val_loss
    check_fit_functions(params, model, measured, x_val, y_val)
    forget_edited(model, measured)
    on_validation = jax.jit(lambda params: measured(params, model, x_val, y_val))
    looks = [(0, float(on_validation(params)))]
    best = looks[0][1], 0, params

    def look(step: int, params: Params, _: float) -> bool:
        nonlocal best
        looks.append((step, float(on_validation(params))))
        if looks[-1][1] < best[0]:
            best = looks[-1][1], step, params
        return patience is not None and step - best[1] >= patience

    fitted = fit(params, model, loss, x, y, n_steps=n_steps, callback=look, **settings)
    stopped = fitted.stopped
    if stopped and stopped.startswith("the callback"):
        stopped = f"no better for {patience} steps: kept the params of step {best[1]}"
    steps, losses = zip(*looks, strict=True)
    return EarlyFit(
        best[2], fitted.losses, fitted.path, fitted.steps, stopped, best[1], np.array(losses), np.array(steps)
    )


class RangeTest(NamedTuple):
    """Step sizes that grow from step to step, and the loss before each of them, until it was no longer finite."""

    step_sizes: Float[np.ndarray, " n_steps"]
    losses: Float[np.ndarray, " n_steps"]


def range_test(
    params: Params,
    model: Model,
    loss: Loss,
    x: Rows,
    y: Targets,
    *,
    low: float = 1e-4,
    high: float = 10.0,
    n_steps: int = 100,
    optimizer: Callable[..., Pair] | Pair = gradient_descent,
    batch_size: int | None = None,
    key: PRNGKeyArray | None = None,
) -> RangeTest:
    """Train once while the step size grows from low to high: a good one lies where the loss falls fastest.

    That is well below the step size at which the loss turns up again. The params are not kept.
    Raises: LearnerError as fit does, or unless low is below high.
    Source: L. N. Smith, Cyclical Learning Rates for Training Neural Networks (2017), section 3.3.
    """
    check_positive("low", low)
    check_positive("high", high)
    if low >= high:
        raise LearnerError(f"low={low} must be below high={high}: write for example low=1e-4, high=10.")
    schedule = exponential_decay(low, high, n_steps)
    fitted = fit(
        params,
        model,
        loss,
        x,
        y,
        step_size=schedule,
        n_steps=n_steps,
        optimizer=optimizer,
        batch_size=batch_size,
        key=key,
        progress=False,
    )
    return RangeTest(low * (high / low) ** (np.arange(len(fitted.losses)) / n_steps), fitted.losses)
