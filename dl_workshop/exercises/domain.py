"""What a task promises of each argument: kind, shape, range and values, as plain data beside the probes.

    domain=dict(y_true=numbers("n", values=(0, 1)), y_pred=floats("n", low=0, high=1))

A probe outside its domain asks for more than the text does, and would refuse a right answer. A shape is written in
letters: "" is one number, "n" a list of them, "n d" a table, "n *d" either; a letter is one length in the whole call.
The letter n stands for rows that mean the same in any order, so a check may hand over more of them (`more_rows`).
A dict or a tuple of domains speaks of the parts of a dict or a tuple.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import jax
import numpy as np

ROWS = 103  # more than a learner would count on, and no length that a notebook has


Part = Any  # a Domain, or a dict or a tuple of such


class Domain(NamedTuple):
    """What one argument may be. `low` and `high` belong to it; `values`, if any, are all there are.

    kind: "float", "whole", "number" (either), "truth", "key", "function", "text", "tree" (numbers in any nesting).
    numpy: the lesson hands over NumPy arrays too; otherwise arrays are JAX's. One number may be Python's own.
    """

    kind: str
    shape: str | None = ""
    low: float = -np.inf
    high: float = np.inf
    values: tuple = ()
    numpy: bool = False


def floats(shape: str = "", low: float = -np.inf, high: float = np.inf, **more: Any) -> Domain:
    """Floats of a shape, within a range."""
    return Domain("float", shape, low, high, **more)


def wholes(shape: str = "", low: float = -np.inf, high: float = np.inf, **more: Any) -> Domain:
    """Whole numbers of a shape, within a range."""
    return Domain("whole", shape, low, high, **more)


def numbers(shape: str = "", low: float = -np.inf, high: float = np.inf, **more: Any) -> Domain:
    """Whole numbers or floats: the text says no more than that they are numbers."""
    return Domain("number", shape, low, high, **more)


def truths(shape: str = "", **more: Any) -> Domain:
    """True and False."""
    return Domain("truth", shape, **more)


def texts(*values: str) -> Domain:
    """One of these words."""
    return Domain("text", values=values)


def trees(low: float = -np.inf, high: float = np.inf, **more: Any) -> Domain:
    """Arrays in dicts or tuples of any form: params whose form the task leaves open."""
    return Domain("tree", None, low, high, **more)


KEY = Domain("key")
KEYS = Domain("key", "r")  # several, as jax.random.split gives them
FUNCTION = Domain("function")


def misfit(domains: Mapping[str, Part], args: Sequence) -> str | None:
    """Say where the arguments of a call lie outside their domains {name: domain}; None where all lie inside.

    Traced values have no numbers yet: of them only kind and shape are looked at.
    """
    lengths: dict[str, int] = {}
    for (name, domain), value in zip(domains.items(), args, strict=False):
        found = _outside(domain, value, name, lengths)
        if found:
            return found
    return None


def _outside(domain: Part, value: Any, place: str, lengths: dict[str, int]) -> str | None:
    if isinstance(domain, dict):
        if not isinstance(value, dict) or set(value) != set(domain):
            return f"{place} is not a dict with the keys {', '.join(map(str, domain))}"
        pairs = [(domain[key], value[key], f"{place}[{key!r}]") for key in domain]
    elif type(domain) is tuple:
        if not isinstance(value, tuple | list) or len(value) != len(domain):
            return f"{place} is not {len(domain)} things"
        pairs = [(part, value[i], f"{place}[{i}]") for i, part in enumerate(domain)]
    elif domain.kind == "tree":
        leaf = domain._replace(kind="number")
        pairs = [
            (leaf, part, f"{place}{jax.tree_util.keystr(path)}")
            for path, part in jax.tree_util.tree_leaves_with_path(value)
        ]
    else:
        return _leaf_outside(domain, value, place, lengths)
    return next(filter(None, (_outside(*pair, lengths) for pair in pairs)), None)


def _leaf_outside(domain: Domain, value: Any, place: str, lengths: dict[str, int]) -> str | None:
    if domain.kind == "function":
        return None if callable(value) else f"{place} is no function"
    if domain.kind == "text":
        return None if value in domain.values else f"{place} is {value!r}, none of {', '.join(domain.values)}"
    if is_key(value) != (domain.kind == "key"):
        return f"{place} is {'a' if is_key(value) else 'no'} random key"
    if isinstance(value, np.ndarray) and value.ndim and not domain.numpy:
        return f"{place} is a NumPy array"
    traced = isinstance(value, jax.core.Tracer)
    found = _shape_outside(domain.shape, np.shape(value), place, lengths)
    if found or domain.kind == "key":
        return found
    kind = (value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype).kind
    kinds = {"float": "fV", "whole": "iu", "number": "fViu", "truth": "b"}[domain.kind]
    if kind not in kinds:
        return f"{place} is of kind {kind!r}, but {domain.kind} is promised"
    if traced or not np.size(value):
        return None
    array = np.asarray(value, float)
    if not np.isfinite(array).all():
        return f"{place} holds a value that is not finite"
    if array.min() < domain.low or array.max() > domain.high:
        return f"{place} goes from {array.min():g} to {array.max():g}, outside {domain.low:g} to {domain.high:g}"
    odd = np.setdiff1d(array, domain.values) if domain.values else np.zeros(0)
    return f"{place} holds {odd[0]:g}, none of {domain.values}" if len(odd) else None


def _shape_outside(letters: str | None, shape: tuple[int, ...], place: str, lengths: dict[str, int]) -> str | None:
    if letters is None:
        return None
    names = letters.split()
    if names and names[-1].startswith("*"):
        names = [*names[:-1], *(f"{names[-1]}{i}" for i in range(len(shape) - len(names) + 1))]
    if len(names) != len(shape):
        return f"{place} has shape {shape}, but ({letters}) is promised"
    for name, length in zip(names, shape, strict=True):
        if name.startswith("*"):
            continue
        wanted = int(name) if name.isdigit() else lengths.setdefault(name, length)
        if wanted != length:
            return f"{place} has shape {shape}, where {name} is {wanted}"
    return None


def more_rows(
    domains: Mapping[str, Part], args: Sequence, random: np.random.Generator, rows: int = ROWS
) -> tuple | None:
    """Draw so many rows, with repetition, from those of a call: the same ones in every argument. None without rows.

    Rows are what the letter n counts. Drawn rows keep whatever holds within a row, so no domain is left.
    """
    args = tuple(args)
    n = length(domains, args)
    if not n:
        return None
    chosen = np.concatenate([random.permutation(n), random.integers(n, size=max(0, rows - n))])[:rows]
    return (
        tuple(_take(domain, value, chosen) for domain, value in zip(domains.values(), args, strict=False))
        + args[len(domains) :]
    )


def rows_of(domains: Mapping[str, Part], args: Sequence, chosen: slice | np.ndarray) -> tuple:
    """Give a call on the chosen rows only (a slice, or indices)."""
    return (
        tuple(_take(domain, value, chosen) for domain, value in zip(domains.values(), args, strict=False))
        + tuple(args)[len(domains) :]
    )


def _take(domain: Part, value: Any, chosen: slice | np.ndarray) -> Any:
    if isinstance(domain, dict):
        return {key: _take(part, value[key], chosen) for key, part in domain.items()}
    if type(domain) is tuple:
        return tuple(_take(part, one, chosen) for part, one in zip(domain, value, strict=True))
    if "n" not in (domain.shape or "").split():
        return value
    array = np.asarray(value) if isinstance(value, list) else value
    at = tuple(chosen if name == "n" else slice(None) for name in domain.shape.split() if not name.startswith("*"))
    taken = array[at]
    return taken.tolist() if isinstance(value, list) else taken


def length(domains: Mapping[str, Part] | tuple[Part, ...], args: Sequence) -> int:
    """Count the rows of a call; 0 where its arguments have none."""
    for domain, value in zip(domains.values() if isinstance(domains, dict) else domains, args, strict=False):
        if isinstance(domain, dict):
            found = length(domain, [value[key] for key in domain])
        elif type(domain) is tuple:
            found = length(domain, value)
        else:
            names = (domain.shape or "").split()
            found = np.shape(value)[names.index("n")] if "n" in names else 0
        if found:
            return found
    return 0


def described(domain: Part) -> str:
    """Say in words what an argument may be: "floats of shape (n,) from 0 to 1"."""
    if isinstance(domain, dict):
        return "a dict of " + ", ".join(f"`{key}` ({described(part)})" for key, part in domain.items())
    if type(domain) is tuple:
        return "a tuple of " + ", ".join(map(described, domain))
    if domain.kind == "text":
        return "one of " + ", ".join(f"`{value}`" for value in domain.values)
    one = {
        "float": "a float",
        "whole": "a whole number",
        "number": "a number",
        "truth": "True or False",
        "key": "a random key",
        "function": "a function",
        "tree": "a tree of arrays",
    }
    many = {
        "float": "floats",
        "whole": "whole numbers",
        "number": "numbers",
        "truth": "True and False",
        "key": "random keys",
    }
    names = (domain.shape or "").split()
    words = (
        many[domain.kind] + f" of shape ({', '.join(names)}{',' * (len(names) == 1)})" if names else one[domain.kind]
    )
    if domain.values:
        return f"{words}, each {' or '.join(map(str, domain.values))}"
    low, high = np.isfinite(domain.low), np.isfinite(domain.high)
    if low and high:
        words += f" from {domain.low:g} to {domain.high:g}"
    elif low or high:
        words += f", at least {domain.low:g}" if low else f", at most {domain.high:g}"
    return words + (", JAX or NumPy" if domain.numpy and names else "")


def is_key(value: object) -> bool:
    """Say whether a value is a random key of JAX, or several."""
    return isinstance(value, jax.Array) and jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key)
