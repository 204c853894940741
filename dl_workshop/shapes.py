"""Guards whose messages speak to learners: what happened, why it matters, what to type."""

import inspect
import linecache
import re
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np


class LearnerError(ValueError):
    """Something a learner can mend. A notebook shows the words alone, without a traceback of the kit."""

    def _render_traceback_(self):
        # IPython asks the exception itself what to show; the frames of the kit would only bury the message.
        return [f"{type(self).__name__}: {self}"]


def check_params(params):
    """Refuse params that gradients cannot flow through: anything but a dict (or tree) of float arrays.

    Raises: LearnerError naming the first leaf that is an integer, a string, None, or not finite.
    """
    if isinstance(params, dict) and not params:
        raise LearnerError("params is an empty dict, so there is nothing to train. Write for example "
                           "params = dict(w=0.0, b=0.0).")
    for path, leaf in jax.tree_util.tree_leaves_with_path(params, is_leaf=lambda leaf: leaf is None):
        name = "params" + jax.tree_util.keystr(path)
        if leaf is None or isinstance(leaf, str | bytes):
            raise LearnerError(f"{name} is {leaf!r}, which is not a number. Gradients need float arrays: "
                               f"write a number such as 0.0, or take it out of params.")
        try:
            array = np.asarray(leaf)
            numeric = array.dtype != object
        except (TypeError, ValueError):
            numeric = False
        if not numeric:
            raise LearnerError(f"{name} is {_short(leaf)}, which is not an array of numbers. Gradients need "
                               "float arrays.")
        if not jnp.issubdtype(array.dtype, jnp.floating):
            raise LearnerError(f"{name} is {_short(leaf)}, {_kind(array)}. Gradients need floats: "
                               f"write {_as_float(array, name)}.")
        if not np.isfinite(array.astype(np.float64)).all():
            raise LearnerError(f"{name} holds {_first_non_finite(array)}: every result computed from it would "
                               "be nan too. Start again from finite params.")


def check_data(x, y):
    """Refuse data that would train to nonsense: unequal lengths, text, nan or infinite values.

    Raises: LearnerError naming the array and the first bad row.
    """
    for name, array in (("x", x), ("y", y)):
        array = _here(array)
        if array.dtype.kind not in "fiub" and str(array.dtype) != "bfloat16":
            raise LearnerError(f"{name} holds {array.dtype} values, not numbers. Convert it first, for example "
                               f"{name} = jnp.asarray({name}, dtype=float).")
        if array.ndim == 0:
            raise LearnerError(f"{name} is a single number. Training needs one row a sample: "
                               f"{name} = jnp.array([...]).")
        if array.shape[0] == 0:
            raise LearnerError(f"{name} has shape {array.shape}: there are no samples in it.")
        # The sum is finite for most data and needs no second array; only a suspect one is searched.
        if array.dtype.kind == "f" and not np.isfinite(array.sum()) and not np.isfinite(array).all():
            bad = np.argwhere(~np.isfinite(array))[0]
            where = ", ".join(map(str, bad))
            raise LearnerError(f"{name}[{where}] is {array[tuple(bad)]}: one such value makes the loss and every "
                               f"gradient nan. Drop or fill these rows first.")
    if np.shape(x)[0] != np.shape(y)[0]:
        raise LearnerError(f"x has {np.shape(x)[0]} rows but y has {np.shape(y)[0]}: every sample needs one target. "
                           "Check how you cut the data.")


def check_same_shape(y_true, y_pred, *, names=("y_true", "y_pred")):
    """Refuse two arrays that would broadcast to a table when they are subtracted.

    Raises: LearnerError with both shapes, the shape they would give, and what to type.
    """
    true, pred = jnp.shape(y_true), jnp.shape(y_pred)
    if true == pred:
        return
    first, second = names
    message = f"{second} has shape {pred} but {first} has {true}"
    try:
        joint = np.broadcast_shapes(true, pred)
    except ValueError:
        raise LearnerError(f"{message}: they cannot be compared number by number. Check the shape that your "
                           "model returns.") from None
    message += f": subtracting them would give {joint}."
    for name, shape, other in ((second, pred, true), (first, true, pred)):
        if len(shape) == len(other) + 1 and shape[-1] == 1:
            raise LearnerError(f"{message} Use {name}[:, 0].")
    raise LearnerError(f"{message} Give both the same shape.")


def check_positive(name, value, *, whole=False):
    """Refuse a setting that must be above zero (and whole, for counts).

    Raises: LearnerError with the value and an example.
    """
    example = "1000" if whole else "0.01"
    bad = isinstance(value, bool) or not jnp.isscalar(value) and jnp.ndim(value) != 0
    if not bad:
        try:
            bad = whole and int(value) != value or not 0 < float(value) < float("inf")
        except (TypeError, ValueError):
            bad = True
    if bad:
        need = "a whole number above 0" if whole else "a number above 0"
        raise LearnerError(f"{name}={_short(value)} must be {need}: write for example {name}={example}.")


def check_batch(batch_size, key, n):
    """Refuse mini-batches that cannot be drawn.

    Raises: LearnerError for a batch larger than the data, or without a key.
    """
    if batch_size is None:
        return
    check_positive("batch_size", batch_size, whole=True)
    if batch_size > n:
        raise LearnerError(f"batch_size={batch_size} is more than the {n} rows of x: use a smaller one, "
                           "or None for all rows.")
    if key is None:
        raise LearnerError("Mini-batches are drawn at random, and everything random takes a key: "
                           "add key=jax.random.key(0).")


def check_model_key(model, key):
    """Refuse to train a model that draws at random (it has an argument named key) without a key.

    Raises: LearnerError that says what to add.
    """
    if key is None and _takes_key(model):
        raise LearnerError("Your model has an argument key, so it draws at random while it trains, and everything "
                           "random takes a key: add key=jax.random.key(0) to fit.")


def with_key(model, key):
    """Give the model with `key` filled in, if it has an argument of that name; else the model itself."""
    return partial(model, key=key) if _takes_key(model) else model


def _takes_key(model):
    try:
        return "key" in inspect.signature(model).parameters
    except (TypeError, ValueError):  # not a function, or one that does not tell
        return False


def check_fit_functions(params, model, loss, x, y):
    """Refuse a model or loss that cannot be trained: try both on shapes alone, without computing.

    Raises: LearnerError for an exception inside them, predictions that do not match y, or a loss that is not a number.
    """
    for name, function in (("model", model), ("loss", loss)):
        if not callable(function):
            raise LearnerError(f"{name} is {_short(function)}, not a function. fit takes its arguments in the order "
                               "(params, model, loss, x, y).")
    y_pred = _try_out(model, (params, x), "computing the model", (model,))
    check_predictions(y_pred, y)

    def loss_of(params, x, y):
        return loss(params, model, x, y)

    value = _try_out(loss_of, (params, x, y), "computing the loss", (loss, model))
    shape = getattr(value, "shape", None)
    if shape != ():
        what = "nothing" if value is None else f"an array of shape {shape}" if shape else f"{_short(value)}"
        raise LearnerError(f"The loss gave {what}, but a loss is one number. "
                           "Average it over the samples: jnp.mean(...).")
    if not jnp.issubdtype(value.dtype, jnp.floating):
        raise LearnerError(f"The loss gave a value of type {value.dtype}, which has no gradient. Compare y and the "
                           "predictions by subtracting, not with == or jnp.round.")
    _try_out(jax.grad(loss_of), (params, x, y), "computing the gradient", (loss, model))


def check_predictions(y_pred, y):
    """Refuse predictions that would broadcast against y, or are not one a row; y_pred may be a shape alone."""
    shape, n = getattr(y_pred, "shape", None), np.shape(y)[0]
    if y_pred is None:
        raise LearnerError("The model returns nothing (None): end it with return.")
    if shape is None:  # a model may return several arrays; its loss then knows what to do with them
        return
    if not shape or shape[0] != n:
        raise LearnerError(f"The model returns shape {shape} for {n} rows of x: it must return one prediction a row, "
                           f"({n},). Look for a sum or mean over all rows, or a missing x.")
    if {len(shape), np.ndim(y)} == {1, 2} and 1 in (shape[-1], np.shape(y)[-1]):
        check_same_shape(y, y_pred, names=("y", "model(params, x)"))


def _try_out(function, arguments, context, functions):
    try:
        return jax.eval_shape(function, *arguments)
    except Exception as error:  # whatever a learner's function may raise
        raise in_words(error, functions, context) from None


def in_words(error, functions, context):
    """Turn an exception from a learner's function into a LearnerError with their line and what to try.

    `functions` are the learner's own; `context` says when it happened ("computing the loss").
    """
    if isinstance(error, LearnerError):
        return error
    line = _learners_line(error, functions)
    where = f" in `{line}`" if line else ""
    kind = type(error).__name__
    first = str(error).strip().split("\n")[0]
    if kind == "TracerArrayConversionError":
        return LearnerError(f"numpy was called on values that JAX is tracing{where}: use jnp.exp (jnp.log, ...) here: "
                            "np.exp cannot be differentiated.")
    if kind in ("ConcretizationTypeError", "TracerBoolConversionError", "TracerIntegerConversionError"):
        return LearnerError(f"Your function asks for the value of an array while JAX is tracing it{where}. "
                            "Drop float(), int() or if on arrays: use jnp.where for a choice.")
    if isinstance(error, KeyError) and line and "params" in line:
        return LearnerError(f"Your function asks for params[{first}]{where}, but there is no such key. "
                            "Check the names in your dict.")
    if isinstance(error, TypeError) and "does not support item assignment" in first or "immutable" in first:
        return LearnerError(f"JAX arrays cannot be changed in place{where}. Write a = a.at[i].set(value) instead.")
    if isinstance(error, MemoryError) or first.startswith("RESOURCE_EXHAUSTED"):
        return LearnerError(f"It asks for more memory than there is{where}. Print the shapes: an (n, 1) array and an "
                            "(n,) one give (n, n).")
    if isinstance(error, RecursionError):
        return LearnerError(f"It calls itself without end{where}. Is another function meant?")
    shapes = re.findall(r"\(\d[\d, ]*\)", first)
    misfit = isinstance(error, TypeError | ValueError) and re.search("incompatible|contracting|broadcast", first)
    if misfit and len(shapes) >= 2:
        return LearnerError(f"Arrays of shapes {shapes[0]} and {shapes[1]} do not fit together{where}. Print the "
                            "shapes of x and params: for x @ w the last of x must equal the first of w.")
    return LearnerError(f"{kind} while {context}{where}: {first}")


def _learners_line(error, functions):
    """Give the source line, in one of the learner's functions or what they call, at which the error arose."""
    functions = [f.func if isinstance(f, partial) else f for f in functions]
    files = {getattr(getattr(f, "__code__", None), "co_filename", None) for f in functions}
    line = None
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        if code.co_filename in files:
            line = linecache.getline(code.co_filename, frame.tb_lineno).strip() or line
        frame = frame.tb_next
    return line


def _here(array):
    """Give an array as numpy; of one that is spread over several processes, the rows of this one."""
    if isinstance(array, jax.Array) and not array.is_fully_addressable:
        return np.concatenate([np.asarray(shard.data) for shard in array.addressable_shards])
    return np.asarray(array)


def _short(value, limit=60):
    text = " ".join(repr(value).split())
    return text if len(text) <= limit else f"{text[:limit]}..."


def _kind(array):
    words = {"i": "an integer", "u": "an integer", "b": "a truth value", "c": "a complex number"}
    word = words.get(array.dtype.kind, f"of type {array.dtype}")
    return word if array.ndim == 0 else f"{word} array"


def _as_float(array, name):
    return repr(float(array.real)) if array.ndim == 0 else f"jnp.asarray({name}, dtype=float)"


def _first_non_finite(array):
    return array[~np.isfinite(array.astype(np.float64))].ravel()[0]
