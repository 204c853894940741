"""Gradients by two-sided differences, and a check of a gradient against them, with a verdict in words."""

from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Float

from dl_workshop.errors import LearnerError
from dl_workshop.training.broken_slope import find_broken
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Params, Scalar
from dl_workshop.validate import check_params

# Relative differences of two gradients, in float64, and what they mean (Karpathy, CS231n notes, "Gradient checks").
VERDICTS = ((1e-7, "good"), (1e-4, "acceptable if the function has kinks"), (1e-2, "suspicious"))


class GradientCheck(NamedTuple):
    """Verdict on a gradient.

    difference: relative 2-norm over all params; leaves: the same for each one alone.
    kinks: the numbers of params, such as "params['w'][2]", that lie within h of a kink of the function.
    broken: "", or where jax.grad gives nan or infinity, and what to do about it.
    """

    verdict: str
    difference: float
    leaves: dict[str, float]
    kinks: tuple[str, ...] = ()
    broken: str = ""

    def __str__(self) -> str:
        """Say the verdict, and the param that is furthest off."""
        if self.broken:
            return f"{self.verdict}: {self.broken}"
        worst = max(self.leaves, key=self.leaves.__getitem__)
        text = f"{self.verdict}: relative difference {self.difference:.1e}, most in {worst} ({self.leaves[worst]:.1e})"
        if self.kinks:
            more = f" and {len(self.kinks) - 3} more" if len(self.kinks) > 3 else ""
            text += (
                f". The function has a kink at {', '.join(self.kinks[:3])}{more}, as |x|, relu and max have: to "
                "its left and right the slopes differ, so differences say nothing there. Check at other params."
            )
        return text


def two_sided(f: Scalar, params: Params, h: float = 1e-5) -> Params:
    """Gradient of f(params) by two-sided differences, (f(p + h) - f(p - h)) / 2h for each number p of params.

    Computed in float64, because in float32 the rounding of f is larger than the difference.
    Raises: LearnerError if params are not floats, or f does not give one number.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 11.5.
    """
    forget_edited(f)
    return _differences(f, params, h)[0]


def _differences(f: Scalar, params: Params, h: float) -> tuple[Params, tuple[str, ...]]:
    """Two-sided differences, and the names of the numbers at which the slopes of the two sides disagree."""
    check_params(params)
    leaves, tree = jax.tree.flatten(params)
    names = ["params" + jax.tree_util.keystr(path) for path, _ in jax.tree_util.tree_leaves_with_path(params)]
    leaves = [np.array(leaf, dtype=np.float64) for leaf in leaves]
    grads, kinks = [np.zeros_like(leaf) for leaf in leaves], []
    with jax.enable_x64(True):

        def value() -> float:
            result = f(jax.tree.unflatten(tree, [jax.numpy.asarray(leaf) for leaf in leaves]))
            if np.shape(result) != ():
                raise LearnerError(
                    f"f(params) has shape {np.shape(result)}, but a gradient is that of one number: "
                    "take the mean or the sum."
                )
            return float(result)

        def around(leaf: np.ndarray, place: tuple[int, ...], h: float) -> tuple[float, float]:
            here = leaf[place]
            leaf[place] = here + h
            above = value()
            leaf[place] = here - h
            below = value()
            leaf[place] = here
            return above, below

        middle = value()
        for name, leaf, grad in zip(names, leaves, grads, strict=True):
            for place in np.ndindex(leaf.shape):
                above, below = around(leaf, place, h)
                grad[place] = (above - below) / (2 * h)
                # The one-sided slopes of a smooth function differ by h f''; those at a kink by more, and as much for
                # a smaller h. Most numbers need no second look.
                gap, size = (above - 2 * middle + below) / h, abs(above - middle) / h + abs(below - middle) / h
                if abs(gap) > max(1e-3 * size, 1e-6 * abs(middle)):
                    closer, other = around(leaf, place, h / 10)
                    if abs(gap - 100 * (closer - 2 * middle + other) / h) > 0.5 * abs(gap):
                        kinks.append(name + "".join(f"[{index}]" for index in place))
    return jax.tree.unflatten(tree, grads), tuple(kinks)


def check_gradient(f: Scalar, params: Params, grads: Params | None = None, h: float = 1e-5) -> GradientCheck:
    """Compare grads (or jax.grad(f)(params)) with two-sided differences, |g - d| / (|g| + |d|) in the 2-norm.

    It warns where the function has a kink within h: there the slopes of the two sides differ.
    Raises: LearnerError if params are not floats, f does not give one number, or grads have another structure.
    Source: Karpathy, CS231n course notes, "Gradient checks".
    """
    check_params(params)
    forget_edited(f)
    broken = None
    if grads is None:
        with jax.enable_x64(True):
            exact = jax.tree.map(lambda leaf: jax.numpy.asarray(leaf, dtype=float), params)
            grads = jax.grad(f)(exact)
            if not np.isfinite(_flat(grads)).all():
                broken = find_broken(f, exact)
    if jax.tree.structure(grads) != jax.tree.structure(params):  # type: ignore[operator]
        raise LearnerError(
            f"grads look like {jax.tree.structure(grads)} but params like "
            f"{jax.tree.structure(params)}: a gradient has one entry for every param, same name."
        )
    differences, kinks = _differences(f, params, h)
    leaves = {}
    by_name = jax.tree_util.tree_leaves_with_path(grads)
    for (path, grad), other in zip(by_name, jax.tree.leaves(differences), strict=True):
        name = "params" + jax.tree_util.keystr(path)
        if np.shape(grad) != np.shape(other):
            raise LearnerError(
                f"The gradient of {name} has shape {np.shape(grad)}, but {name} has {np.shape(other)}: "
                "they must be the same."
            )
        leaves[name] = _relative(np.ravel(grad), np.ravel(other))
    difference = _relative(_flat(grads), _flat(differences))
    verdict = next((words for limit, words in VERDICTS if difference < limit), "wrong")
    return GradientCheck(
        verdict, difference, leaves, kinks, f"{broken}: {broken.reason}. {broken.advice}." if broken else ""
    )


def _flat(tree: Params) -> Float[np.ndarray, " n"]:
    return np.concatenate([np.ravel(np.asarray(leaf, dtype=np.float64)) for leaf in jax.tree.leaves(tree)])


def _relative(first: Float[AnyArray, " n"], second: Float[AnyArray, " n"]) -> float:
    first, second = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    size = np.linalg.norm(first) + np.linalg.norm(second)
    return float(np.linalg.norm(first - second) / size) if size else 0.0
