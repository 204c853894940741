"""Params whose gradient is 0 by construction, whatever their numbers are: which, and what stops the gradient.

A gradient that happens to be 0 here (a unit that is off, a symmetric start) is another thing, and not told of.
"""

from collections.abc import Callable, Mapping
from typing import Any

import jax
import numpy as np
from jaxtyping import Array, Float

from dl_workshop.errors import LearnerError, joined
from dl_workshop.jaxpr import Constant, Program, Reference, Step, line_of, read
from dl_workshop.types import Params, Rows, Targets

FLAT = {"round", "floor", "ceil", "sign", "stop_gradient"}  # floats from floats, with a slope of 0 everywhere
OPERATORS = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "floor_divide": "//",
    "convert_element_type": "astype",
}
# Of zeros these make zeros, too; a product does so of one.
LINEAR = {
    "broadcast_in_dim",
    "convert_element_type",
    "reshape",
    "squeeze",
    "transpose",
    "copy",
    "neg",
    "reduce_sum",
    "add",
    "add_any",
    "sub",
    "select_n",
    "concatenate",
    "pad",
    "slice",
}


def about_unmoved(
    loss_of: Callable[[Params, Rows, Targets], Float[Array, ""]], params: Params, x: Rows, y: Targets
) -> str:
    """Say in a line or more which params get no gradient from loss_of(params, x, y), and why; "" if all do.

    Raises: LearnerError if none of them does: there is nothing to train.
    """
    leaves, tree = jax.tree.flatten(params)
    values = [*leaves, *jax.tree.leaves((x, y))]
    data = jax.tree.structure((x, y))

    def flat(*values: Any) -> Float[Array, ""]:
        return loss_of(
            jax.tree.unflatten(tree, values[: len(leaves)]), *jax.tree.unflatten(data, values[len(leaves) :])
        )

    gradient = jax.grad(flat, argnums=tuple(range(len(leaves))))
    program, _ = read(gradient, values, fold=False)
    makers = {output: step for step in program.steps for output in step.outputs}
    still = [place for place, leaf in enumerate(leaves) if np.size(leaf) and _is_zero(program.outputs[place], makers)]
    if not still:
        return ""
    program, _ = read(flat, values, fold=False)
    names = ["params" + jax.tree_util.keystr(path) for path, _ in jax.tree_util.tree_leaves_with_path(params)]
    groups: dict[str, list[str]] = {}
    for place in still:
        groups.setdefault(_reason(program, program.inputs[place]), []).append(names[place])
    if len(still) == len(leaves):
        raise LearnerError(
            "No gradient reaches params, so there is nothing to train: "
            + "; ".join(f"{joined(names)}: {reason}" for reason, names in groups.items())
            + "."
        )
    return "\n".join(
        f"{joined(names)} {'gets' if len(names) == 1 else 'get'} no gradient: {reason}."
        for reason, names in groups.items()
    )


def _is_zero(part: Reference, makers: Mapping[int, Step]) -> bool:
    """Say whether a result is 0 whatever goes in: JAX writes the number 0 where no gradient flows."""
    if isinstance(part, Constant):
        return not np.any(np.asarray(part.value))
    step = makers.get(part)
    if step is None:
        return False
    if step.primitive == "mul":
        return any(_is_zero(part, makers) for part in step.inputs)
    terms = step.inputs[1:] if step.primitive == "select_n" else step.inputs
    return step.primitive in LINEAR and all(_is_zero(part, makers) for part in terms)


def _reason(program: Program, start: Reference) -> str:
    """Say what stops the gradient of one input: nothing reads it, or all that reads it is flat."""
    reached, stops = {start}, []
    for step in program.steps:
        if not reached.intersection(part for part in step.inputs if isinstance(part, int)):
            continue
        if step.primitive in FLAT or not any(step.floats):
            stops.append(step)
        else:
            reached.update(step.outputs)
    if reached.intersection(output for output in program.outputs if isinstance(output, int)):
        return "the slope of the loss is 0 everywhere"
    if not stops:
        return "the loss does not depend on it (unused). Use it in the model, or take it out of params"
    line = line_of(stops[0])
    place = f" in `{line}`" if line else ""
    kinds = list(dict.fromkeys(_named(step) for step in stops))
    if kinds == ["stop_gradient"]:
        return f"the only way to the loss leads through `stop_gradient`{place}, which is right for what is frozen"
    what = " and ".join(f"`{kind}`" for kind in kinds)
    whole = all(not any(step.floats) for step in stops)
    why = "which has no slope: its result is no float" if whole else "whose slope is 0 everywhere"
    return f"the only way to the loss leads through {what}{place}, {why}"


def _named(step: Step) -> str:
    name = step.helper or step.primitive
    return OPERATORS.get(name, name)
