"""A loss that is finite while its gradient is not: the operation at which the way back breaks, its line, and the cure.

Most often a slope is infinite at one place (that of sqrt at 0), or jnp.where leaves out a value that is infinite, and
on the way back 0 * inf is nan.
Source: JAX documentation, "FAQ: gradients contain NaN where using where".
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dl_workshop.errors import joined
from dl_workshop.jaxpr import Program, Step, line_of, read
from dl_workshop.types import Params

CHOOSING = {"select_n": "jnp.where", "max": "jnp.maximum", "min": "jnp.minimum", "clamp": "jnp.clip"}
OPERATIONS = {
    "div": "the division",
    "pow": "the power",
    "power": "the power",
    "integer_pow": "the power",
    "mul": "the product",
    "dot_general": "the product",
    "reduce_prod": "the product",
    "rsqrt": "1 / sqrt",
}
EXAMPLES = {"div": "1 / {}", "pow": "{} ** 0.5", "integer_pow": "{} ** -1", "rsqrt": "1 / jnp.sqrt({})"}
EDGES = {
    0: {"sqrt", "log", "rsqrt", "cbrt", "pow", "div", "atan2", "integer_pow"},
    1: {"asin", "acos", "atanh", "acosh"},
    -1: {"asin", "acos", "atanh"},
}
INSIDE = "look inside it for a sqrt, norm, log or division at 0"
TINY = "add a little where it may be 0"
CURES = {
    "norm": f"{TINY}: jnp.sqrt(jnp.sum(v**2) + 1e-12)",
    "std": f"{TINY}: jnp.sqrt(jnp.var(z) + 1e-12)",
    "sqrt": f"{TINY}: jnp.sqrt(z + 1e-12)",
    "rsqrt": f"{TINY}: 1 / jnp.sqrt(z + 1e-12)",
    "cbrt": f"{TINY}: jnp.cbrt(z + 1e-12)",
    "log": f"{TINY}: jnp.log(z + 1e-12)",
    "div": f"{TINY}: a / (b + 1e-12)",
    "pow": f"{TINY}: (z + 1e-12) ** p",
    "integer_pow": f"{TINY}: 1 / (z + 1e-12)",
    "acos": "keep it inside -1 to 1: jnp.clip(z, -1 + 1e-6, 1 - 1e-6)",
    "asin": "keep it inside -1 to 1: jnp.clip(z, -1 + 1e-6, 1 - 1e-6)",
    "atanh": "keep it inside -1 to 1: jnp.clip(z, -1 + 1e-6, 1 - 1e-6)",
    "acosh": "keep it above 1: jnp.maximum(z, 1 + 1e-6)",
    "scan": INSIDE,
    "while": INSIDE,
    "cond": INSIDE,
    "exp": "write jax.nn.sigmoid, jax.nn.softplus or jax.nn.logsumexp, which do not overflow",
}


Known = Mapping[int, Any]  # the value of each variable
Pull = Callable[[list], dict[int, Any]]  # from the gradients of a step's results to those of its variables


class BrokenSlope(NamedTuple):
    """names: of the params whose gradient is not finite; value: what it holds; reason, cure: in words.

    too_large: the numbers grew until they left the floats; with no cure, it was no single operation that did it.
    """

    names: tuple[str, ...]
    value: str
    reason: str
    cure: str
    too_large: bool

    def __str__(self) -> str:
        """Say whose gradient is not finite."""
        return f"the gradient of {joined(self.names)} is {self.value}"

    @property
    def advice(self) -> str:
        """What to type, as a sentence without its full stop."""
        cure = self.cure or "scale x, or start from smaller params"
        return cure[0].upper() + cure[1:]


def find_broken(loss_of: Callable[[Params], Float[Array, ""]], params: Params) -> BrokenSlope | None:
    """Look for what makes the gradient of loss_of(params) nan or infinite; None if it is finite."""
    broken = {}
    for path, leaf in jax.tree_util.tree_leaves_with_path(jax.jit(jax.grad(loss_of))(params)):
        leaf = np.asarray(leaf, np.float64)
        if not np.isfinite(leaf).all():
            broken["params" + jax.tree_util.keystr(path)] = leaf[~np.isfinite(leaf)].ravel()[0]
    if not broken:
        return None
    return BrokenSlope(tuple(broken), str(next(iter(broken.values()))), *_reason(loss_of, params))


def _reason(loss_of: Callable[[Params], Float[Array, ""]], params: Params) -> tuple[str, str, bool]:
    """Give (reason, cure, whether the numbers grew too large)."""
    leaves, tree = jax.tree.flatten(params)
    program, _ = read(lambda *values: loss_of(jax.tree.unflatten(tree, values)), leaves)
    known = dict(zip(program.inputs, leaves, strict=True))
    pulls, hidden = {}, None
    for place, step in enumerate(program.steps):
        values = _values(step, known)
        results, pulls[place] = _forward(step, values)
        known.update(zip(step.outputs, results, strict=True))
        if hidden is None and all(map(_is_finite, values)) and not all(map(_is_finite, results)):
            hidden = place
    broken, given = _first_broken(program, known, pulls)
    if broken is None:
        return "it breaks on the way back", "look for a sqrt, norm or division at 0, or a log inside jnp.where", False
    step = program.steps[broken]
    values = _values(step, known)
    if hidden is not None and not all(map(_is_finite, values)):
        return _about_hidden(program, hidden, known)
    if not _is_steep(step, pulls[broken], known):
        return f"numbers grow too large for a float at {_named(step)}{_at(step)}", "", True
    if not all(_is_finite(known[output]) for output in step.outputs):
        return _about_hidden(program, broken, known)
    what = f"{_named(step)}{_at(step)} has no finite slope{_where(step, values)}"
    chooser = _chooser(program, broken)
    if chooser and any((np.asarray(grad) == 0).any() for grad in given):  # some of its results are left out of the loss
        return *_two_wheres(step, chooser, what), False
    return what, CURES.get(step.helper) or CURES.get(step.primitive) or "keep its input away from there", False


def _values(step: Step, known: Known) -> list:
    return [known[part] if isinstance(part, int) else part.value for part in step.inputs]


def _forward(step: Step, values: list) -> tuple[list, Pull]:
    """Results of a step, and the function from the gradients of its float results to those of its variables."""
    smooth = {
        place: part for place, part in enumerate(step.inputs) if isinstance(part, int) and _is_float(values[place])
    }
    results = step.run(*values)

    def of_floats(*chosen: Any) -> list:
        given = list(values)
        for place, value in zip(smooth, chosen, strict=True):
            given[place] = value
        return [result for result in step.run(*given) if _is_float(result)]

    def pull(grads: list) -> dict[int, Any]:
        _, back = jax.vjp(of_floats, *(values[place] for place in smooth))
        return dict(zip(smooth.values(), back(grads), strict=True)) if smooth else {}

    return results, pull


def _back(program: Program, known: Known, pulls: Mapping[int, Pull]) -> Iterator[tuple[int, list, dict[int, Any]]]:
    """Go back from the loss: (place, gradients of the step's float results, terms of its variables) of each step."""
    grads = {part: jnp.ones_like(known[part]) for part in program.outputs if isinstance(part, int)}
    for place in reversed(range(len(program.steps))):
        outputs = [output for output in program.steps[place].outputs if _is_float(known[output])]
        if not any(output in grads for output in outputs):
            continue
        given = [grads.get(output, jnp.zeros_like(known[output])) for output in outputs]
        try:
            terms = pulls[place](given)
        except (ValueError, NotImplementedError):  # JAX has no gradient here, as of a while loop
            return
        yield place, given, terms
        for part, term in terms.items():
            grads[part] = grads[part] + term if part in grads else term


def _first_broken(program: Program, known: Known, pulls: Mapping[int, Pull]) -> tuple[int | None, Sequence]:
    """Give the first step, on the way back, that makes something not finite of finite gradients; and these."""
    for place, given, terms in _back(program, known, pulls):
        if all(map(_is_finite, given)) and not all(map(_is_finite, terms.values())):
            return place, given
    return None, ()


def _is_steep(step: Step, pull: Pull, known: Known) -> bool:
    """Say whether the step's own derivative is not finite here, whatever comes back to it."""
    return not all(
        map(
            _is_finite,
            pull([jnp.ones_like(known[output]) for output in step.outputs if _is_float(known[output])]).values(),
        )
    )


def _chooser(program: Program, place: int) -> Step | None:
    """Give the first step behind this one that chooses between values: where, maximum, minimum, clip."""
    reached = set(program.steps[place].outputs)
    for step in program.steps[place + 1 :]:
        if reached.intersection(part for part in step.inputs if isinstance(part, int)):
            if step.primitive in CHOOSING:
                return step
            reached.update(step.outputs)
    return None


def _about_hidden(program: Program, place: int, known: Known) -> tuple[str, str, bool]:
    """Say of a value that is not finite, and yet not seen in the loss, what hides it and how to mend that."""
    step = program.steps[place]
    result = next(np.asarray(known[output]) for output in step.outputs if not _is_finite(known[output]))
    what = f"{_named(step)}{_at(step)} gives {result[~np.isfinite(result)].ravel()[0]}"
    chooser, too_large = _chooser(program, place), step.primitive in ("exp", "exp2", "expm1")
    if chooser is None:
        cure = CURES.get(step.helper) or CURES.get(step.primitive) or "keep its input away from there"
        return f"{what}, and on the way back 0 * inf is nan", cure, too_large
    return *_two_wheres(step, chooser, what), too_large


def _two_wheres(step: Step, chooser: Step, what: str) -> tuple[str, str]:
    """Give the reason and the cure where a choice between values leaves out one that has no finite slope."""
    name, example = CHOOSING[chooser.primitive], EXAMPLES.get(step.primitive, f"jnp.{step.primitive}({{}})")
    if chooser.primitive == "select_n":
        return (
            f"{what}; {name} leaves that out of the loss, but the gradient goes through both sides, and 0 * inf is nan",
            "give it a safe number first, by a second where: safe = jnp.where(ok, z, 1.0), then "
            f"jnp.where(ok, {example.format('safe')}, 0.0)",
        )
    inside = {"max": "jnp.maximum(z, 1e-6)", "min": "jnp.minimum(z, 80.0)", "clamp": "jnp.clip(z, 1e-6, 80.0)"}
    return (
        f"{what}; {name} leaves that out of the loss, but the gradient still goes through it, and 0 * inf is nan",
        f"limit what goes in, not what comes out: {example.format(inside[chooser.primitive])}",
    )


def _named(step: Step) -> str:
    if step.helper in ("norm", "std", "var"):
        return step.helper
    return OPERATIONS.get(step.primitive, step.primitive)


def _at(step: Step) -> str:
    line = line_of(step)
    return f" in `{line}`" if line else ""


def _where(step: Step, values: list) -> str:
    """Give " at 0" where a number that goes in is one at which the slope of this operation is infinite."""
    numbers = np.concatenate([np.ravel(np.asarray(value, np.float64)) for value in values if _is_float(value)])
    return next(
        (f" at {edge}" for edge, names in EDGES.items() if step.primitive in names and (numbers == edge).any()), ""
    )


def _is_float(value: Any) -> bool:
    return jnp.issubdtype(jnp.result_type(value), jnp.floating)


def _is_finite(value: Any) -> bool:
    return not _is_float(value) or bool(jnp.isfinite(value).all())
