"""Guard for random keys: everything random takes one, and a number, a list of keys or another argument is none."""

import jax
import numpy as np

from dl_workshop.errors import LearnerError, short
from dl_workshop.validate import is_random_key


def check_key(key: object, *others: object, name: str = "key") -> None:
    """Refuse anything but one random key, jax.random.key(0) or the older jax.random.PRNGKey(0).

    `others` are the arguments that stand beside it: if the key is among them, the order is wrong.
    Raises: LearnerError that says what was given, and how a key is made.
    """
    if is_one_key(key):
        return
    if any(is_one_key(other) for other in others):
        raise LearnerError(
            f"{name} is {_shown(key)}, and the random key stands in the place of another argument: the key comes first."
        )
    raise LearnerError(_what_it_is(key, name))


def is_one_key(thing: object) -> bool:
    """Say whether it is one random key, of the new style or the old; in compiled functions too."""
    if not isinstance(thing, jax.Array | np.ndarray):
        return False
    if is_random_key(thing):
        return thing.ndim == 0
    return thing.dtype == np.uint32 and thing.shape in ((2,), (4,))  # PRNGKey: 2 numbers, or 4 of the "rbg" kind


def _what_it_is(key: object, name: str) -> str:
    if isinstance(key, jax.Array | np.ndarray) and (is_random_key(key) or key.dtype == np.uint32 and key.ndim == 2):
        n = key.shape[0]
        return (
            f"{name} holds {n} keys, but one is needed: take {name}[0], or all of them one after the other, "
            f"for one in {name}."
        )
    need = f"write jax.random.key(0) for {name}"
    if key is None:
        return f"{name} is None, but everything random takes a key: {need}."
    if isinstance(key, jax.core.Tracer):
        return f"{name} is an array of shape {key.shape} and type {key.dtype}, not a random key: {need}."
    if isinstance(key, bool | np.bool_):
        return f"{name}={key} is a truth value: {need}."
    if isinstance(key, int | float | np.number | np.ndarray | jax.Array) and np.ndim(key) == 0:
        number = np.asarray(key).item()
        seed = number if isinstance(number, int) and 0 <= number < 2**32 else 0
        return f"{name}={number} is a number: write jax.random.key({seed}). Random numbers need one key of JAX."
    if isinstance(key, np.random.Generator | np.random.RandomState):
        return f"{name} is a generator of NumPy, but JAX draws with keys: {need}."
    if callable(key):
        return f"{name} is a function, not what it gives: call it, as in jax.random.key(0)."
    return f"{name} is {_shown(key)}, which is no random key: {need}."


def _shown(thing: object) -> str:
    return f"an array of shape {thing.shape}" if hasattr(thing, "shape") else short(thing, 40)
