"""Values and calls in a few characters, as a learner would write them."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np


def as_array(leaf: object) -> np.ndarray:
    """Give any array or number as NumPy, random keys and bfloat16 included. Raises TypeError for other things."""
    if isinstance(leaf, jax.Array) and jax.dtypes.issubdtype(leaf.dtype, jax.dtypes.prng_key):
        leaf = jax.random.key_data(leaf)
    array = np.asarray(leaf)
    if array.dtype.kind == "V":  # NumPy does not know bfloat16 and its like
        array = array.astype(np.float32)
    if array.dtype.kind not in "fiubc":
        raise TypeError(f"not a number: {type(leaf).__name__}")
    return array


def format_value(value: object, most: int = 8) -> str:
    """Give a value in a few characters: 2, [1, 2.5], dict(w=1, b=0), or its shape where it is long."""
    if isinstance(value, dict):
        if all(str(key).isidentifier() for key in value):
            return "dict(" + ", ".join(f"{key}={format_value(leaf, most)}" for key, leaf in value.items()) + ")"
        return "{" + ", ".join(f"{key}: {format_value(leaf, most)}" for key, leaf in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(format_value(leaf, most) for leaf in value) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, jax.Array) and jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key):
        return "a random key"
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)
    try:
        array = as_array(value)
    except (TypeError, ValueError):
        text = " ".join(repr(value).split())
        return text if len(text) <= 60 else f"{text[:60]}..."
    if array.size > most:
        head = ", ".join(_number(number) for number in array.ravel()[:3])
        return f"[{head}, ...] of shape {array.shape}"
    return np.array2string(array, separator=", ", formatter={"all": _number}, max_line_width=1000).replace("\n", "")


def format_call(name: str, reference: Callable, args: Sequence) -> str:
    """Give a call in one line, with the names of the reference's arguments: mse(y_true=[1, 2], y_pred=[3, 2])."""
    names = inspect.signature(reference).parameters
    return f"{name}(" + ", ".join(f"{n}={format_value(a)}" for n, a in zip(names, args, strict=False)) + ")"


def _number(number: Any) -> str:
    if isinstance(number, bool | np.bool_):
        return str(bool(number))
    return f"{number:.4g}" if abs(number) < 1e4 or not np.isfinite(number) else f"{number:.6g}"
