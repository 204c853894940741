"""The arguments of a traced function, by the names that the learner gave them."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.validate import check_numbers, check_params, is_random_key


class Leaf(NamedTuple):
    """One array among the arguments. source: "params['w1']"; argument: "params"; role: "params" or "data"."""

    source: str
    argument: str
    role: str
    value: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array."""
        return np.shape(self.value)


class Call(NamedTuple):
    """A function of the arrays alone; fixed: what else it was given (a model, None), with the arrays left out."""

    leaves: list[Leaf]
    function: Any
    fixed: tuple
    tree: Any


DATA = ("x", "y", "key")  # how the names of arguments begin that hold data


def is_fixed(arg: Any) -> bool:
    """Say whether an argument is no array to be traced: a function, a text, None. Params may be callable, too.

    A module of Equinox can be called, and so can its params alone; but all that is in these are arrays.
    """
    leaves = jax.tree.leaves(arg)
    holds_arrays = len(leaves) > 0 and leaves[0] is not arg and all(hasattr(leaf, "shape") for leaf in leaves)
    return arg is None or isinstance(arg, str) or callable(arg) and not holds_arrays


def arguments(function: Callable, args: Sequence) -> Call:
    """Take arrays and numbers out of args, and name them.

    A dict, list or other tree of arrays holds params, unless it is x or y beside one. Without a tree, a function like
    f(w, b) is taken to have its params as arguments; x, y and key, and what begins like them, are data.
    Raises: LearnerError if params are not floats.
    """
    fixed = [is_fixed(arg) for arg in args]
    names = [name for name, is_one in zip(_names(function, len(args)), fixed, strict=True) if not is_one]
    given = [arg for arg, is_one in zip(args, fixed, strict=True) if not is_one]
    trees = [name for name, arg in zip(names, given, strict=True) if not jax.tree_util.all_leaves([arg])]
    trees = [name for name in trees if not name.startswith(DATA)] or trees
    leaves = []
    for name, arg in zip(names, given, strict=True):
        params = name in trees or not trees and not name.startswith(DATA)
        found = jax.tree_util.tree_leaves_with_path(arg)
        if params:
            _check(name, arg)
        else:
            for path, value in found:
                if not is_random_key(value):  # a key is data of a function that draws
                    check_numbers(name + jax.tree_util.keystr(path), value)
        leaves += [
            Leaf(name + jax.tree_util.keystr(path), name, "params" if params else "data", value)
            for path, value in found
        ]
    tree = jax.tree.structure(given)

    def call(*values: Any) -> Any:
        rest = iter(jax.tree.unflatten(tree, values))
        return function(*(arg if is_one else next(rest) for arg, is_one in zip(args, fixed, strict=True)))

    return Call(leaves, call, tuple(arg if is_one else "array" for arg, is_one in zip(args, fixed, strict=True)), tree)


def _check(name: str, arg: Any) -> None:
    try:
        check_params(arg)
    except LearnerError as error:
        raise LearnerError(str(error).replace("params", name)) from None


def _names(function: Callable, count: int) -> list[str]:
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:count]
    return names + [f"input{place + 1}" for place in range(len(names), count)]
