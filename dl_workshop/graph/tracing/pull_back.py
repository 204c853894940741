"""The numbers of a graph: values forward, then gradients back, each the sum of the chain-rule terms of its edges."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from dl_workshop.graph.tracing.pieces import VIEWS, Piece
from dl_workshop.jaxpr import Constant

Maker = Piece | Constant | None  # what makes a node; None of an argument

ELEMENTWISE = {
    "add",
    "sub",
    "mul",
    "div",
    "pow",
    "max",
    "min",
    "neg",
    "exp",
    "exp2",
    "log",
    "log1p",
    "expm1",
    "sqrt",
    "rsqrt",
    "cbrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinh",
    "cosh",
    "asinh",
    "acosh",
    "atanh",
    "tanh",
    "logistic",
    "integer_pow",
    "square",
    "abs",
    "sign",
    "floor",
    "ceil",
    "round",
    "clamp",
    "select_n",
    "erf",
    "erfc",
    "erf_inv",
    "lgamma",
    "digamma",
    "rem",
    "nextafter",
    "stop_gradient",
    "is_finite",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "and",
    "or",
    "not",
    "relu",
    "relu6",
    "silu",
    "logaddexp",
    "elu",
}
REDUCING = {"reduce_sum", "reduce_max", "reduce_min", "reduce_prod", "logsumexp", "mean", "sum", "max", "min"}


def numbers(
    makers: Sequence[Maker], inputs: Sequence[tuple[int, ...]], output: int, values: Sequence
) -> tuple[list, list, list, list]:
    """Values and gradients of all nodes, and terms and local derivatives of their edges.

    makers: what each node is made by, a Piece, a Constant, or None for an argument; inputs: the places of its inputs.
    """
    got, pulls, given = [], {}, iter(values)
    for place, maker in enumerate(makers):
        if isinstance(maker, Constant):
            got.append(jnp.asarray(maker.value))
        elif maker is None:
            got.append(jnp.asarray(next(given)))
        else:
            value, pulls[place] = _forward(maker, [got[start] for start in inputs[place]])
            got.append(value)
    grads: list[Any] = [None] * len(makers)
    grads[output] = jnp.ones_like(got[output])
    terms: list[Any] = [()] * len(makers)
    locals_: list[Any] = [()] * len(makers)
    lost: set[int] = set()
    for place in reversed(range(len(makers))):
        if place in lost:
            grads[place] = None
        if place not in pulls:
            continue
        try:
            terms[place], locals_[place] = pulls[place](grads[place])
        except (ValueError, NotImplementedError):  # JAX has no gradient here: a while loop, for example
            terms[place] = locals_[place] = [None] * len(inputs[place])
            lost.add(place)
        if place in lost:
            lost.update(inputs[place])
        for start, term in zip(inputs[place], terms[place], strict=True):
            if term is not None:
                grads[start] = term if grads[start] is None else grads[start] + term
    return got, grads, terms, locals_


def _forward(piece: Piece, values: Sequence) -> tuple[Any, Callable]:
    """Value of a piece, and the function that takes its gradient to the terms, and local derivatives, of its inputs."""
    viewed: list[Any] = []
    views: list[Any] = []  # the way back through a view, None where there is none
    for part, value in zip(piece.inputs, values, strict=True):
        seen, way = jax.vjp(part.view, value) if part.views and is_float(value) else (part.view(value), None)
        viewed.append(seen)
        views.append(way)
    smooth = [place for place, value in enumerate(viewed) if is_float(value) and is_float(values[place])]

    def core(*chosen: Any) -> Any:
        full = dict(enumerate(viewed)) | dict(zip(smooth, chosen, strict=True))
        return piece.core(*full.values())

    try:
        value, pull = jax.vjp(core, *(viewed[place] for place in smooth))
    except (ValueError, NotImplementedError) as error:  # it has a value, but not even a forward derivative
        refusal = error

        def refuse(grad: Any) -> Any:
            raise refusal

        return piece.core(*viewed), refuse

    def local_derivatives() -> Any:
        chosen = [viewed[place] for place in smooth]
        if value.shape == () or _reduces(piece):
            return pull(jnp.ones_like(value))
        # Each number by itself: an input that is spread over the others must not be summed back.
        shape = jnp.broadcast_shapes(*(part.shape for part in viewed))
        result, pull_apart = jax.vjp(core, *(jnp.broadcast_to(part, shape) for part in chosen))
        return pull_apart(jnp.ones_like(result))

    def back(grad: Any) -> tuple[list, list]:
        terms: list[Any] = [None] * len(values)
        locals_: list[Any] = [None] * len(values)
        if not is_float(value):
            return terms, locals_
        if grad is not None:
            for place, term in zip(smooth, pull(grad), strict=True):
                terms[place] = views[place](term)[0] if views[place] else term
        if _one_to_one(piece, value):
            for place, local in zip(smooth, local_derivatives(), strict=True):
                shape = next(
                    (shape for shape in (values[place].shape, value.shape) if math.prod(shape) == local.size),
                    local.shape,
                )
                locals_[place] = local.reshape(shape)
        return terms, locals_

    return value, back


def _one_to_one(piece: Piece, value: Any) -> bool:
    """Whether each number of an input goes into one number of the value, so that the local derivative is an array."""
    kinds = {step.primitive for step in piece.steps} - VIEWS
    spreads = any(step.primitive == "broadcast_in_dim" for step in piece.steps)
    return value.shape == () or _reduces(piece) or kinds <= ELEMENTWISE and not spreads


def _reduces(piece: Piece) -> bool:
    kinds = {step.primitive for step in piece.steps} - VIEWS
    return len(kinds) == 1 and kinds <= REDUCING or piece.helper in REDUCING


def is_float(value: Any) -> bool:
    """Whether gradients flow through an array."""
    return jnp.issubdtype(jnp.result_type(value), jnp.inexact)
