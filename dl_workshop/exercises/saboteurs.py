"""Wrong answers of every kind, made out of the right one: each that shows on an exercise has to be refused there.

They need nothing but the reference and the domains of its arguments, so a new exercise gets them without a line.
Not each does harm everywhere: clipping to 0 and 1 is nothing to a probability. `mutants(exercise)` are right answers
changed as a whole, for which no mistake may be named by chance.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.domain import Domain, Part, is_key, length, rows_of
from dl_workshop.exercises.exercise import Exercise

Named = tuple[str, Callable]  # what is wrong, and the function

FEW_ROWS = (1, 100)  # a check hands over more rows than that once, so what holds for 100 holds for 5
FEW = (1, 2, 10)  # steps, units, degrees
KINDS = {
    "only the first k rows, only every second row": "the others are left out (k = 1, 100); where each row "
    "has an output, theirs is that of the last one",
    "a count at most k, always 3": "steps, degrees, widths: capped (k = 1, 2, 10), or fixed",
    "an argument ignored": "each in turn, and each entry of a dict: its zeros, or what the first call had",
    "an argument clipped, rounded, without its sign": "to -1 and 1, to -5 and 5; to whole numbers; its absolute value",
    "a small value taken for 0": "of a function handed over: a slope or a loss below .1 or .01 stops the descent",
    "rounded to 2 digits": "the output",
    "clipped, never below 0, absolute, of one sign": "the output",
    "the first answer remembered": "given again at every call",
    "changes its inputs": "right, but the caller's dicts and arrays are others afterwards",
}


def saboteurs(exercise: Exercise) -> Iterator[Named]:
    """Go through (name, function) of all wrong answers that can be made out of an exercise's reference."""
    right, domains = exercise.oracle or exercise.reference, exercise.domain
    for name, change in OUTPUTS.items():
        yield name, _after(right, change)
    for k in FEW_ROWS:
        yield f"only the first {k} rows", _rows(right, domains, slice(k))
    yield "only every second row", _rows(right, domains, slice(None, None, 2))
    yield "the first answer remembered", remembering(right)
    for i, (name, domain) in enumerate(domains.items()):
        yield from _about_one(right, i, name, domain)
    yield "changes its inputs", spoiling(right)


def _about_one(right: Callable, i: Any, name: str, domain: Part) -> Iterator[Named]:
    """Go through the saboteurs that treat one argument wrongly."""
    if isinstance(domain, dict):
        for key, part in domain.items():
            for what, function in _about_one(
                right, (*np.atleast_1d(np.array(i, object)), key), f"{name}[{key!r}]", part
            ):
                yield what, function
        return
    if type(domain) is tuple:
        return
    path = i if isinstance(i, tuple) else (i,)
    first: list[Any] = []

    def ignored(value: Any) -> Any:
        first.append(value)
        if domain.kind in ("function", "text", "key") or not np.ndim(value):
            return first[0]  # always that of the first call
        return jax.tree.map(lambda leaf: leaf * 0, value)

    yield f"{name} ignored", _before(right, path, ignored)
    if domain.kind == "whole" and domain.shape == "":
        for k in FEW:
            yield f"{name} at most {k}", _before(right, path, functools.partial(min, k))
        yield f"{name} always 3", _before(right, path, lambda value: 3)
    if domain.kind in ("float", "number", "tree"):
        for what, change in INPUTS.items():
            yield f"{name} {what}", _before(right, path, functools.partial(_on_numbers, change))
    if domain.kind == "function":
        for limit in (0.1, 0.01):
            yield f"{name} below {limit} taken for 0", _before(right, path, functools.partial(_stopping, limit))


def _stopping(limit: float, function: Callable) -> Callable:
    """Make a slope or a loss that stands still where it is small, as `if abs(df(w)) < 0.1: break` would."""

    def stopped(*args: Any) -> Any:
        value = function(*args)
        if not hasattr(value, "dtype") and not isinstance(value, float):
            return value
        if np.ndim(value):
            return value
        return jnp.where(jnp.abs(value) < limit, jax.lax.stop_gradient(value) * (len(args) > 1), value)

    return stopped


OUTPUTS = {
    "rounded to 2 digits": lambda x: jnp.round(x, 2),
    "clipped to -1 and 1": lambda x: jnp.clip(x, -1, 1),
    "clipped to 0 and 1": lambda x: jnp.clip(x, 0, 1),
    "never below 0": lambda x: jnp.maximum(x, 0),
    "its absolute value": jnp.abs,
    "always of one sign": lambda x: -jnp.abs(x),
}
INPUTS = {
    "clipped to -1 and 1": lambda x: jnp.clip(x, -1, 1),
    "clipped to -5 and 5": lambda x: jnp.clip(x, -5, 5),
    "without its sign": jnp.abs,
    "rounded": jnp.round,
}
MUTANTS = {
    "a tenth": lambda x: 0.1 * x,
    "half": lambda x: 0.5 * x,
    "twice": lambda x: 2.0 * x,
    "negative": lambda x: -1.0 * x,
    "plus 1": lambda x: x + 1.0,
}


def mutants(exercise: Exercise) -> Iterator[Named]:
    """Go through (name, function) of right answers changed as a whole: scaled, shifted, arguments swapped."""
    right, domains = exercise.oracle or exercise.reference, list(exercise.domain.values())
    for name, change in MUTANTS.items():
        yield name, _after(right, change)
    yield "times n / (n - 1)", lambda *args: _after(right, lambda x: x * _n(args) / max(_n(args) - 1, 1))(*args)
    for i in range(len(domains) - 1):
        if _alike(domains[i], domains[i + 1]):
            yield f"arguments {i + 1} and {i + 2} swapped", functools.partial(_swapped, right, i)


def _n(args: tuple) -> int:
    return max((np.shape(leaf)[0] for leaf in jax.tree.leaves(args) if np.ndim(leaf) and not is_key(leaf)), default=1)


def _alike(one: Part, other: Part) -> bool:
    return (
        isinstance(one, Domain)
        and isinstance(other, Domain)
        and one.shape == other.shape
        and (one.kind == other.kind or {one.kind, other.kind} <= {"float", "number"})
    )


def _swapped(right: Callable, i: int, *args: Any) -> Any:
    return right(*args[:i], args[i + 1], args[i], *args[i + 2 :])


def _on_numbers(change: Callable, tree: Any) -> Any:
    """Change the floats of a tree of any form; keys, whole numbers, texts and functions stay."""

    def leaf(x: Any) -> Any:
        if is_key(x) or callable(x) or isinstance(x, str | bool) or x is None:
            return x
        kind = np.asarray(x).dtype.kind if not isinstance(x, jax.core.Tracer) else x.dtype.kind
        return change(x) if kind in "fV" else x

    return jax.tree.map(leaf, tree)


def _after(right: Callable, change: Callable) -> Callable:
    def sabotaged(*args: Any) -> Any:
        return _on_numbers(change, right(*args))

    return sabotaged


def _before(right: Callable, path: tuple, change: Callable) -> Callable:
    """Change one argument, or one part of a dict that is an argument, before the right answer sees it."""

    def changed(value: Any, path: tuple) -> Any:
        if not path:
            return change(value)
        return {**value, path[0]: changed(value[path[0]], path[1:])}

    def sabotaged(*args: Any) -> Any:
        return right(*args[: path[0]], changed(args[path[0]], path[1:]), *args[path[0] + 1 :])

    return sabotaged


def _rows(right: Callable, domains: Mapping[str, Part], chosen: slice) -> Callable:
    """Look at some of the rows only; where every row has an output, the others get that of the last one."""

    def sabotaged(*args: Any) -> Any:
        few = rows_of(domains, args, chosen)
        out, whole, some = right(*few), length(domains, args), length(domains, few)

        def filled(leaf: Any) -> Any:
            if whole != some and np.ndim(leaf) and np.shape(leaf)[0] == some:
                return jnp.concatenate([leaf, jnp.broadcast_to(leaf[-1:], (whole - some, *leaf.shape[1:]))])
            return leaf

        return jax.tree.map(lambda leaf: filled(jnp.asarray(leaf)) if np.ndim(leaf) and not is_key(leaf) else leaf, out)

    return sabotaged


def remembering(right: Callable) -> Callable:
    """Make an answer that computes once, and then gives the same again."""
    kept: list[Any] = []

    def sabotaged(*args: Any) -> Any:
        if not kept:
            kept.append(right(*args))
        return kept[0]

    return sabotaged


def spoiling(right: Callable) -> Callable:
    """Make an answer that is right and then changes the arrays and dicts that it was handed."""

    def spoil(value: Any) -> None:
        if isinstance(value, dict) and value:
            for key in value:
                spoil(value[key])
            key = next(iter(value))
            if not isinstance(value[key], dict) and not callable(value[key]):
                value[key] = value[key] * 2 + 1
        elif isinstance(value, np.ndarray) and value.ndim:
            value += 1

    def sabotaged(*args: Any) -> Any:
        out = right(*args)
        for arg in args:
            spoil(arg)
        return out

    return sabotaged
