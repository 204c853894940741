"""What cannot be trained is refused before training starts: mini-batches, schedules, optimisers, models and losses."""

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import PRNGKeyArray

from dl_workshop.errors import LearnerError, explain_error, joined, short
from dl_workshop.optimizers import updates_of
from dl_workshop.types import Loss, Model, Params, Rows, Schedule, Targets
from dl_workshop.validate import check_positive, check_same_shape, empty_places, here
from dl_workshop.validate.keys import check_key
from dl_workshop.written import in_library


def check_batch(batch_size: int | None, key: PRNGKeyArray | None, n: int) -> None:
    """Refuse mini-batches that cannot be drawn.

    Raises: LearnerError for a batch larger than the data, or without a key.
    """
    if key is not None:
        check_key(key)
    if batch_size is None:
        return
    check_positive("batch_size", batch_size, whole=True)
    if batch_size > n:
        raise LearnerError(
            f"batch_size={batch_size} is more than the {n} rows of x: use a smaller one, or None for all rows."
        )
    if key is None:
        raise LearnerError(
            "Mini-batches are drawn at random, and everything random takes a key: add key=jax.random.key(0)."
        )


def check_model_key(model: Model, key: PRNGKeyArray | None) -> None:
    """Refuse to train a model that draws at random (it has an argument named key) without a key.

    Raises: LearnerError that says what to add.
    """
    if key is None and _takes_key(model):
        raise LearnerError(
            "Your model has an argument key, so it draws at random while it trains, and everything "
            "random takes a key: add key=jax.random.key(0) to fit."
        )


def with_key(model: Model, key: PRNGKeyArray) -> Model:
    """Give the model with `key` filled in, if it has an argument of that name; else the model itself."""
    return partial(model, key=key) if _takes_key(model) else model


def _takes_key(model: Model) -> bool:
    try:
        return "key" in inspect.signature(model).parameters
    except (TypeError, ValueError):  # not a function, or one that does not tell
        return False


def check_schedule(schedule: Schedule) -> None:
    """Refuse a schedule that the compiled loop cannot follow: try it on the shape of a step t alone.

    Raises: LearnerError for an exception inside it, or a step size that is not one number.
    """
    size = _try_out(schedule, (jax.ShapeDtypeStruct((), jnp.int32),), "computing the step size", (schedule,))
    if getattr(size, "shape", None) != ():
        what = f"an array of shape {size.shape}" if hasattr(size, "shape") else short(size)
        raise LearnerError(
            f"The schedule gave {what}, but a step size is one number: return for example 0.1 * 0.9 ** (t // 50)."
        )


def check_optimizer(init: Callable, update: Callable, params: Params, loss_of: Callable) -> None:
    """Refuse an optimiser whose updates are not one for each param: try it on shapes alone. loss_of(params): the loss.

    Raises: LearnerError for an exception inside it or in its schedule, or updates that are not like params.
    """
    state = _try_out(init, (params,), "starting the optimiser", (init,))

    def one_step(params: Params, state: Any) -> Any:
        value, grads = jax.value_and_grad(loss_of)(params)
        return updates_of(update, grads, state, params, value=value, grad=grads, value_fn=loss_of)

    given = _try_out(one_step, (params, state), "taking the optimiser's step", (init, update))
    if not isinstance(given, tuple) or len(given) != 2:
        raise LearnerError(f"The optimiser's update gave {short(given)}: it must return two things, (updates, state).")
    shapes = [jax.tree.map(jnp.shape, tree) for tree in (params, given[0])]
    same = jax.tree.structure(given[0]) == jax.tree.structure(params)  # type: ignore[operator]
    if not same or list(map(jnp.shape, jax.tree.leaves(given[0]))) != list(map(jnp.shape, jax.tree.leaves(params))):
        raise LearnerError(
            f"The optimiser's updates have the shapes {short(shapes[1])} but the params "
            f"{short(shapes[0])}: it must give one update for each param, of its shape."
        )


def check_fit_functions(params: Params, model: Model, loss: Loss, x: Rows, y: Targets) -> None:
    """Refuse a model or loss that cannot be trained: try both on shapes alone, without computing.

    Raises: LearnerError for an exception inside them, predictions that do not match y, or a loss that is not a number.
    """
    for name, function in (("model", model), ("loss", loss)):
        if not callable(function):
            raise LearnerError(
                f"{name} is {short(function)}, not a function. fit takes its arguments in the order "
                "(params, model, loss, x, y)."
            )
    try:
        y_pred = _try_out(model, (params, x), "computing the model", (model,))
    except LearnerError as error:
        if _is_swapped(params, model, x, y):
            raise LearnerError(
                f"The model fails on x of shape {np.shape(x)}, and takes y of shape {np.shape(y)}: they "
                "are in each other's places. The order is (params, model, loss, x, y)."
            ) from None
        if "None" in str(error) and empty_places(params):
            raise LearnerError(
                f"{error} {joined(empty_places(params))} is None: if your model reads it, write a number such as 0.0."
            ) from None
        raise
    check_predictions(y_pred, y)

    def loss_of(params: Params, x: Rows, y: Targets) -> Any:
        return loss(params, model, x, y)

    value = _try_out(loss_of, (params, x, y), "computing the loss", (loss, model))
    shape = getattr(value, "shape", None)
    if shape != ():
        what = "nothing" if value is None else f"an array of shape {shape}" if shape else f"{short(value)}"
        raise LearnerError(
            f"The loss gave {what}, but a loss is one number. Average it over the samples: jnp.mean(...)."
        )
    if not jnp.issubdtype(value.dtype, jnp.floating):
        raise LearnerError(
            f"The loss gave a value of type {value.dtype}, which has no gradient. Compare y and the "
            "predictions by subtracting, not with == or jnp.round."
        )
    _try_out(jax.grad(loss_of), (params, x, y), "computing the gradient", (loss, model))
    check_labels(params, model, loss, x, y)


def check_labels(params: Params, model: Model, loss: Loss, x: Rows, y: Targets) -> None:
    """Let the loss look at the labels themselves: params and x are shapes alone, but y holds its values.

    The kit's losses refuse labels out of range wherever they see them, also inside a learner's own loss.
    Raises: LearnerError with the label and what to type.
    """

    def loss_of(params: Params, x: Rows) -> Any:
        with jax.ensure_compile_time_eval():  # what is computed from y alone, as y.astype(int), has values too
            return loss(params, model, x, y)

    try:
        with jax.disable_jit(_calls_jitted(loss)):  # inside jax.jit, y would be a shape again
            jax.eval_shape(loss_of, params, x)
    except LearnerError:
        raise
    except Exception:  # that it can be computed was tried before, with shapes alone
        return


def range_of(y: Targets) -> tuple[float, float]:
    """Give (lowest, highest) of y: labels of the same range are right or wrong together."""
    y = here(y)
    return float(y.min()), float(y.max())


def _calls_jitted(function: object, seen: set | None = None) -> bool:
    """Say whether a learner's function is compiled by jax.jit, or calls one that is."""
    seen = set() if seen is None else seen
    if isinstance(function, partial):
        return _calls_jitted(function.func, seen)
    if type(function).__name__ == "PjitFunction":
        return True
    if not inspect.isfunction(function) or function in seen:
        return False
    seen.add(function)
    named = inspect.getclosurevars(function)
    # Of a library's function only what it closes over can be the learner's, as with_l2(loss, 0.1) does.
    own = {} if in_library(function.__code__.co_filename) else named.globals
    return any(_calls_jitted(thing, seen) for thing in (*own.values(), *named.nonlocals.values()))


def _is_swapped(params: Params, model: Model, x: Rows, y: Targets) -> bool:
    """Say whether the model takes y for x, giving a prediction for each row."""
    try:
        return jnp.shape(jax.eval_shape(model, params, y))[:1] == np.shape(x)[:1] and np.shape(x) != np.shape(y)
    except Exception:
        return False


def check_predictions(y_pred: Any, y: Targets) -> None:
    """Refuse predictions that would broadcast against y, or are not one a row; y_pred may be a shape alone."""
    shape, n = getattr(y_pred, "shape", None), np.shape(y)[0]
    if y_pred is None:
        raise LearnerError("The model returns nothing (None): end it with return.")
    if shape is None:  # a model may return several arrays; its loss then knows what to do with them
        return
    if not shape or shape[0] != n:
        raise LearnerError(
            f"The model returns shape {shape} for {n} rows of x: it must return one prediction a row, "
            f"({n},). Look for a sum or mean over all rows, or a missing x."
        )
    if {len(shape), np.ndim(y)} == {1, 2} and 1 in (shape[-1], np.shape(y)[-1]):
        check_same_shape(y, y_pred, names=("y", "model(params, x)"))


def _try_out(function: Callable, arguments: Sequence, context: str, functions: Sequence[Callable]) -> Any:
    try:
        return jax.eval_shape(function, *arguments)
    except Exception as error:  # whatever a learner's function may raise
        raise explain_error(error, functions, context) from None
