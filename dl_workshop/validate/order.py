"""Guard for the order of arguments, (params, model, loss, x, y): arguments in each other's places are named."""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jax
import numpy as np

from dl_workshop.errors import LearnerError, short

PLACES = ("first", "second", "third", "fourth", "fifth")
CALLED = {"model": "model(params, x)", "loss": "loss(params, model, x, y)"}


def check_order(call: str, **given: Any) -> None:
    """Refuse arguments in each other's places. `given` are those of `call`, by name, in its order.

    They are some of params, model, loss, x, y: a model is a function of (params, x), a loss one of
    (params, model, x, y), and the others are no functions.
    Raises: LearnerError that says which is which, and what to type.
    """
    wrong = [name for name, thing in given.items() if _is_wrong(name, thing)]
    if not wrong and not _is_data_for_params(given):
        return
    wanted, found = list(given), [_what(thing) for thing in given.values()]
    if wanted[0] == "params" and "params" not in found and found[0] == "data":
        found[0] = "params"  # params may be one array
    data = iter([name for name in wanted if name in ("x", "y")])
    found = [next(data, role) if role == "data" else role for role in found]
    names = ", ".join(wanted)
    if sorted(found) != sorted(wanted):
        raise LearnerError(_alone(call, wrong[0], given[wrong[0]], names))
    moved = [place for place, role in enumerate(wanted) if found[place] != role]
    if len(moved) == 2:
        first, second = moved
        raise LearnerError(
            f"{call}: the {PLACES[first]} argument is {_the(found[first])}, the {PLACES[second]} "
            f"{_the(found[second])}. Swap them: {call}({names})."
        )
    raise LearnerError(f"{call}: the arguments are in another order, ({', '.join(found)}). Write {call}({names}).")


def takes(function: Callable, n: int) -> bool:
    """Say whether a function can be called with n arguments; one that does not tell is believed to."""
    try:
        inspect.signature(function).bind(*[None] * n)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def _is_wrong(name: str, thing: Any) -> bool:
    if name == "model":
        return not callable(thing) or _is_loss(thing)
    if name == "loss":
        return not callable(thing) or not takes(thing, 4)
    return _is_function(thing)


def _is_loss(thing: Any) -> bool:
    return takes(thing, 4) and not takes(thing, 2)


def _is_function(thing: object) -> bool:
    """Say whether it is a function, and not params that can also be called, as modules of Equinox and Flax can."""
    return inspect.isroutine(thing) or isinstance(thing, partial) or type(thing).__name__ == "PjitFunction"


def _is_data_for_params(given: Mapping[str, Any]) -> bool:
    """Say whether x or y is a dict without common rows, while params is an array: then they changed places."""
    params = given.get("params")
    if not hasattr(params, "shape") or np.ndim(params) == 0:
        return False
    rows = [
        {np.shape(leaf)[:1] for leaf in jax.tree.leaves(given[name])}
        for name in ("x", "y")
        if isinstance(given.get(name), dict)
    ]
    return any(len(of_dict) > 1 or () in of_dict for of_dict in rows)


def _what(thing: Any) -> str:
    if callable(thing) and not (isinstance(thing, dict) or _has_arrays(thing)):
        return "loss" if _is_loss(thing) else "model"
    if hasattr(thing, "shape"):
        return "data"
    return "data" if isinstance(thing, list | tuple) and not any(isinstance(one, dict) for one in thing) else "params"


def _has_arrays(thing: object) -> bool:
    return any(hasattr(leaf, "shape") for leaf in jax.tree.leaves(thing))


def _alone(call: str, name: str, thing: Any, names: str) -> str:
    """Say of one argument alone what is wrong with it."""
    if name in CALLED and callable(thing):
        arguments = ", ".join(inspect.signature(thing).parameters)
        return (
            f"The {name} takes ({arguments}), but {call} calls {CALLED[name]}: write a "
            f"function of these{', such as losses.mse_loss' if name == 'loss' else ''}."
        )
    what = (
        f"a function, {getattr(thing, '__name__', 'without a name')}"
        if callable(thing)
        else f"{short(thing)}, not a function"
    )
    return f"{name} is {what}. {call} takes its arguments in the order ({names})."


def _the(role: str) -> str:
    return f"the {role}" if role in CALLED else role
