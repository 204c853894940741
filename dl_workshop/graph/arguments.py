"""The arguments of a traced function, by the names that the learner gave them."""

import inspect
from typing import Any, NamedTuple

import jax
import numpy as np

from dl_workshop.shapes import LearnerError, check_numbers, check_params, is_random_key


class Leaf(NamedTuple):
    """One array among the arguments. source: "params['w1']"; argument: "params"; role: "params" or "data"."""

    source: str
    argument: str
    role: str
    value: Any

    @property
    def shape(self):
        """Shape of the array."""
        return np.shape(self.value)


class Call(NamedTuple):
    """A function of the arrays alone; fixed: what else it was given (a model, None), with the arrays left out."""

    leaves: list[Leaf]
    function: Any
    fixed: tuple
    tree: Any


def arguments(function, args) -> Call:
    """Take arrays and numbers out of args, and name them.

    A dict, list or tuple holds params. Without one, a function like f(w, b) is taken to have its params as arguments;
    x, y and key, and what begins like them, are data.
    Raises: LearnerError if params are not floats.
    """
    is_fixed = [arg is None or callable(arg) or isinstance(arg, str) for arg in args]
    names = [name for name, fixed in zip(_names(function, len(args)), is_fixed, strict=True) if not fixed]
    given = [arg for arg, fixed in zip(args, is_fixed, strict=True) if not fixed]
    has_tree = any(isinstance(arg, dict | list | tuple) for arg in given)
    leaves = []
    for name, arg in zip(names, given, strict=True):
        params = isinstance(arg, dict | list | tuple) or not has_tree and not name.startswith(("x", "y", "key"))
        if params:
            _check(name, arg)
        elif not is_random_key(arg):  # a key is data of a function that draws
            check_numbers(name, arg)
        leaves += [Leaf(name + jax.tree_util.keystr(path), name, "params" if params else "data", value)
                   for path, value in jax.tree_util.tree_leaves_with_path(arg)]
    tree = jax.tree.structure(given)

    def call(*values):
        rest = iter(jax.tree.unflatten(tree, values))
        return function(*(arg if fixed else next(rest) for arg, fixed in zip(args, is_fixed, strict=True)))

    return Call(leaves, call, tuple(arg if fixed else "array" for arg, fixed in zip(args, is_fixed, strict=True)), tree)


def _check(name, arg):
    try:
        check_params(arg)
    except LearnerError as error:
        raise LearnerError(str(error).replace("params", name)) from None


def _names(function, count):
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:count]
    return names + [f"input{place + 1}" for place in range(len(names), count)]
