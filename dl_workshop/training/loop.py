"""The compiled training loop, kept for as long as nothing that its functions reach is changed."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, Int, PRNGKeyArray

from dl_workshop.errors import LearnerError
from dl_workshop.optimizers import Pair, updates_of
from dl_workshop.training.checks import check_fit_functions, check_labels, check_optimizer, range_of, with_key
from dl_workshop.training.compile_cache.fingerprint import fingerprint
from dl_workshop.training.path import LOSSES_A_CHUNK, rows_of
from dl_workshop.training.unmoved import about_unmoved
from dl_workshop.types import Loss, Model, ParamPath, Params, Rows, State, Targets
from dl_workshop.validate.rows import take

Order = Int[Array, " n"]  # the rows, as they were shuffled last
Step = Int[Array, ""] | int
Losses = Float[Array, " _"]
Carry = tuple[Params, State, Order]  # what a step needs of the one before
LossOfParams = Callable[[Params], Float[Array, ""]]


class Loop(NamedTuple):
    """A compiled loop.  run(carry, ...): take k steps;  loss_at(carry, ...): the loss, of params, at one step.

    remarks: what is still to be told of it;  ranges: of the labels that it may have.  functions: [model, loss,
    optimizer], what JAX makes the loop of, whenever it has to.
    """

    run: Callable
    loss_at: Callable
    remarks: list[str]
    ranges: set[tuple[float, float]]
    functions: list


_kept: OrderedDict[tuple, Loop] = OrderedDict()  # loops, by what their functions reach


def compiled(
    params: Params,
    model: Model,
    loss: Loss,
    x: Rows,
    y: Targets,
    optimizer: Callable[..., Pair] | Pair,
    batch_size: int | None,
) -> Loop:
    """Give the compiled loop of these functions and shapes, made anew only when something they reach has changed."""
    shapes = jax.tree.map(lambda leaf: (jnp.shape(leaf), str(jnp.result_type(leaf))), (params, x, y))
    key = (fingerprint(model, loss, optimizer), batch_size, jax.tree.structure(shapes), tuple(jax.tree.leaves(shapes)))
    still = with_key(model, jax.random.key(0))
    if key in _kept:
        _kept.move_to_end(key)
        _kept[key].functions[:] = model, loss, optimizer  # those of then may reach something else by now
        if range_of(y) not in _kept[key].ranges:
            check_labels(params, still, loss, x, y)
            _kept[key].ranges.add(range_of(y))
        return _kept[key]
    check_fit_functions(params, still, loss, x, y)
    check_optimizer(*pair(optimizer, 1.0), params, lambda params: loss(params, still, x, y))
    remark = about_unmoved(lambda params, x, y: loss(params, still, x, y), params, x, y)
    functions = [model, loss, optimizer]
    _kept[key] = Loop(*_loop(functions, batch_size), [remark] if remark else [], {range_of(y)}, functions)
    while len(_kept) > 32:
        _kept.popitem(last=False)
    return _kept[key]


def pair(optimizer: Any, step_size: float) -> Pair:
    """(init, update) of an optimiser given as a pair, or as a function of the step size."""
    if hasattr(optimizer, "init") and hasattr(optimizer, "update"):
        return optimizer.init, optimizer.update
    if isinstance(optimizer, tuple) and len(optimizer) == 2 and all(map(callable, optimizer)):
        return optimizer
    if not callable(optimizer):
        raise LearnerError(
            f"optimizer={optimizer!r} is not an optimiser: pass gradient_descent, optax.adam or optax.adam(0.01)."
        )
    return pair(optimizer(step_size), step_size)


def _loop(functions: list, batch_size: int | None) -> tuple[Callable, Callable]:
    """Compile k steps from `start`; k, start, step size and data are traced, so that changing them compiles nothing."""

    def shuffled(key: PRNGKeyArray, order: Order) -> Order:
        return jax.random.permutation(key, len(order)).astype(order.dtype)

    def batch(step: Step, order: Order, x: Rows, y: Targets, key: PRNGKeyArray) -> tuple[Rows, Targets, Order]:
        if batch_size is None:
            return x, y, order
        batches = len(y) // batch_size
        epoch, place = step // batches, step % batches
        order = lax.cond(place == 0, lambda: shuffled(jax.random.fold_in(key, epoch), order), lambda: order)
        rows = lax.dynamic_slice(order, (place * batch_size,), (batch_size,))
        return take(x, rows), y[rows], order

    def loss_of(step: Step, order: Order, x: Rows, y: Targets, key: PRNGKeyArray) -> tuple[LossOfParams, Order]:
        """Give the loss of this step as a function of params, and the order of the rows."""
        model, loss, _ = functions
        x_batch, y_batch, order = batch(step, order, x, y, key)
        model_key = jax.random.fold_in(key, 2**32 - 1)  # not one that an epoch has
        this_model = with_key(model, jax.random.fold_in(model_key, step))
        return lambda params: loss(params, this_model, x_batch, y_batch), order

    def loss_at(carry: Carry, x: Rows, y: Targets, key: PRNGKeyArray, step: int) -> LossOfParams:
        return loss_of(step, carry[2], x, y, key)[0]

    @jax.jit
    def run(
        carry: Carry, x: Rows, y: Targets, step_size: float, key: PRNGKeyArray, every: int, start: int, k: int
    ) -> tuple[Carry, Losses, ParamPath]:
        _, update = pair(functions[2], step_size)
        params, _, _ = carry
        losses = jnp.zeros(LOSSES_A_CHUNK)
        path = jax.tree.map(lambda leaf: jnp.zeros((rows_of(params), *leaf.shape), leaf.dtype), params)
        first_row = start // every

        def one_step(step: Int[Array, ""], carry: tuple[Carry, Losses]) -> tuple[Carry, Losses]:
            (params, state, order), losses = carry
            this_loss, order = loss_of(step, order, x, y, key)
            value, grads = jax.value_and_grad(this_loss)(params)
            updates, state = updates_of(update, grads, state, params, value=value, grad=grads, value_fn=this_loss)
            params = jax.tree.map(lambda param, change: (param + change).astype(param.dtype), params, updates)
            return (params, state, order), losses.at[step - start].set(value)

        def one_row(row: Int[Array, ""], carry: tuple[Carry, Losses, ParamPath]) -> tuple[Carry, Losses, ParamPath]:
            carry, losses, path = carry
            path = jax.tree.map(lambda rows, leaf: rows.at[row - first_row].set(leaf), path, carry[0])
            first, last = jnp.maximum(start, row * every), jnp.minimum(start + k, (row + 1) * every)
            return *lax.fori_loop(first, last, one_step, (carry, losses)), path

        return lax.fori_loop(first_row, (start + k + every - 1) // every, one_row, (carry, losses, path))

    return run, loss_at
