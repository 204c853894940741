"""Guards of arrays, params and data, whose messages say what happened, why it matters and what to type."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Shaped

from dl_workshop.errors import LearnerError, short
from dl_workshop.types import AnyArray, Params


def is_random_key(value: object) -> bool:
    """Say whether a value is a random key, or an array of them, of the new style: the type says so."""
    return isinstance(value, jax.Array) and jnp.issubdtype(value.dtype, jax.dtypes.prng_key)


def check_numbers(name: str, value: object) -> None:
    """Refuse what looks like an array but holds no numbers to compute with: masked arrays and random keys.

    Raises: LearnerError that says what to type.
    """
    if is_random_key(value):
        raise LearnerError(
            f"{name} is a random key, not a number. Draw numbers with it: {name} = jax.random.normal(key, shape)."
        )
    if isinstance(value, np.ma.MaskedArray):
        masked = int(np.ma.getmaskarray(value).sum())
        if not masked:
            raise LearnerError(
                f"{name} is a masked array of NumPy, which JAX does not take. Nothing in it is masked: "
                f"write {name} = np.asarray({name})."
            )
        has_rows = value.ndim > 0 and not name.startswith("params")
        rows = f"{name}.mask" if value.ndim < 2 else f"{name}.mask.any(axis=1)"
        raise LearnerError(
            f"{name} is a masked array of NumPy with {masked} masked value{'s' * (masked > 1)}, which "
            f"JAX does not take. Fill the gaps: {name} = {name}.filled(0.0)"
            + (
                f", or leave these rows out: keep = ~{rows}; {name} = {name}[keep].data, and the same rows of the rest."
                if has_rows
                else "."
            )
        )


def check_params(params: Params) -> None:
    """Refuse params that gradients cannot flow through: anything but a dict (or tree) of float arrays.

    None is an empty place, as Equinox leaves it where a param was taken out.
    Raises: LearnerError naming the first leaf that is an integer, a string, or not finite, or if there is none.
    """
    leaves = jax.tree_util.tree_leaves_with_path(params)
    if not leaves:
        empty = next(iter(empty_places(params)), None)
        what = (
            f"{empty} is None, and no other place of params holds a number"
            if empty
            else f"params is {'an empty dict' if params == {} else short(params)}"
        )
        raise LearnerError(f"{what}, so there is nothing to train. Write for example params = dict(w=0.0, b=0.0).")
    for path, leaf in leaves:
        name = "params" + jax.tree_util.keystr(path)
        if isinstance(leaf, str | bytes):
            raise LearnerError(
                f"{name} is {leaf!r}, which is not a number. Gradients need float arrays: "
                f"write a number such as 0.0, or take it out of params."
            )
        check_numbers(name, leaf)
        try:
            array = np.asarray(leaf)
            numeric = array.dtype != object
        except (TypeError, ValueError):
            numeric = False
        if not numeric:
            raise LearnerError(
                f"{name} is {short(leaf)}, which is not an array of numbers. Gradients need float arrays."
            )
        if not jnp.issubdtype(array.dtype, jnp.floating):
            raise LearnerError(
                f"{name} is {short(leaf)}, {_kind(array)}. Gradients need floats: write {_as_float(array, name)}."
            )
        if not np.isfinite(array.astype(np.float64)).all():
            raise LearnerError(
                f"{name} holds {_first_non_finite(array)}: every result computed from it would "
                "be nan too. Start again from finite params."
            )


def empty_places(params: Params) -> list[str]:
    """Give the names of the places in params that hold None."""
    leaves = jax.tree_util.tree_leaves_with_path(params, is_leaf=lambda leaf: leaf is None)
    return ["params" + jax.tree_util.keystr(path) for path, leaf in leaves if leaf is None]


def check_data(
    x: Shaped[AnyArray, "n ..."], y: Shaped[AnyArray, "n ..."], *, names: tuple[str, str] = ("x", "y")
) -> None:
    """Refuse data that would train to nonsense: unequal lengths, text, nan or infinite values.

    Raises: LearnerError naming the array and the first bad row.
    """
    for name, array in zip(names, (x, y), strict=True):
        check_numbers(name, array)
        array = here(array)
        if array.dtype.kind not in "fiub" and str(array.dtype) != "bfloat16":
            raise LearnerError(
                f"{name} holds {array.dtype} values, not numbers. Convert it first, for example "
                f"{name} = jnp.asarray({name}, dtype=float)."
            )
        if array.ndim == 0:
            raise LearnerError(
                f"{name} is a single number. Training needs one row a sample: {name} = jnp.array([...])."
            )
        if array.shape[0] == 0:
            raise LearnerError(f"{name} has shape {array.shape}: there are no samples in it.")
        # The sum is finite for most data and needs no second array; only a suspect one is searched.
        if array.dtype.kind == "f" and not np.isfinite(array.sum()) and not np.isfinite(array).all():
            bad = np.argwhere(~np.isfinite(array))[0]
            where = ", ".join(map(str, bad))
            raise LearnerError(
                f"{name}[{where}] is {array[tuple(bad)]}: one such value makes the loss and every "
                f"gradient nan. Drop or fill these rows first."
            )
    if np.shape(x)[0] != np.shape(y)[0]:
        raise LearnerError(
            f"{names[0]} has {np.shape(x)[0]} rows but {names[1]} has {np.shape(y)[0]}: every sample "
            "needs one target. Check how you cut the data."
        )


def check_same_shape(
    y_true: Shaped[AnyArray, "..."], y_pred: Shaped[AnyArray, "..."], *, names: tuple[str, str] = ("y_true", "y_pred")
) -> None:
    """Refuse two arrays that would broadcast to a table when they are subtracted.

    Raises: LearnerError with both shapes, the shape they would give, and what to type.
    """
    first, second = names
    check_numbers(first, y_true)
    check_numbers(second, y_pred)
    true, pred = np.shape(y_true), np.shape(y_pred)
    if true == pred:
        return
    message = f"{second} has shape {pred} but {first} has {true}"
    try:
        joint = np.broadcast_shapes(true, pred)
    except ValueError:
        raise LearnerError(
            f"{message}: they cannot be compared number by number. Check the shape that your model returns."
        ) from None
    message += f": subtracting them would give {joint}."
    for name, shape, other in ((second, pred, true), (first, true, pred)):
        if len(shape) == len(other) + 1 and shape[-1] == 1:
            raise LearnerError(f"{message} Use {name}[:, 0].")
    raise LearnerError(f"{message} Give both the same shape.")


def check_positive(name: str, value: Any, *, whole: bool = False) -> None:
    """Refuse a setting whose value is no number above zero (and whole, for counts).

    Raises: LearnerError with the value and an example.
    """
    example = "1000" if whole else "0.01"
    check_numbers(name, value)
    bad = isinstance(value, bool) or not jnp.isscalar(value) and jnp.ndim(value) != 0
    if not bad:
        try:
            bad = whole and int(value) != value or not 0 < float(value) < float("inf")
        except (TypeError, ValueError):
            bad = True
    if bad:
        need = "a whole number above 0" if whole else "a number above 0"
        raise LearnerError(f"{name}={short(value)} must be {need}: write for example {name}={example}.")


def here(array: Shaped[AnyArray, "..."]) -> Shaped[np.ndarray, "..."]:
    """Give an array as numpy; of one that is spread over several processes, the rows of this one."""
    if isinstance(array, jax.Array) and not array.is_fully_addressable:
        return np.concatenate([np.asarray(shard.data) for shard in array.addressable_shards])
    return np.asarray(array)


def _kind(array: np.ndarray) -> str:
    words = {"i": "an integer", "u": "an integer", "b": "a truth value", "c": "a complex number"}
    word = words.get(array.dtype.kind, f"of type {array.dtype}")
    return word if array.ndim == 0 else f"{word} array"


def _as_float(array: np.ndarray, name: str) -> str:
    return repr(float(array.real)) if array.ndim == 0 else f"jnp.asarray({name}, dtype=float)"


def _first_non_finite(array: np.ndarray) -> np.generic:
    return array[~np.isfinite(array.astype(np.float64))].ravel()[0]
