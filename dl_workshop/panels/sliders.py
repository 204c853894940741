"""A slider for every number in params: their names, their ranges, and params again from the values."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.panels.fitted import is_labels
from dl_workshop.validate import check_numbers, check_params

MOST_SLIDERS = 24


def leaf_name(path):
    """Name a leaf of params as a learner would: w, layer1.w, w[0]."""
    name = ""
    for key in path:
        if hasattr(key, "idx"):
            name += f"[{key.idx}]"
        else:
            part = str(getattr(key, "key", getattr(key, "name", key)))
            name += f".{part}" if name else part
    return name


def entry_name(path, index):
    """Name one number of a leaf: w, or w[0, 1] for an entry of an array."""
    return leaf_name(path) + (f"[{', '.join(map(str, index))}]" if index else "")


def scalars(params):
    """Give every single number in params under its name: {"w": 2.0, "b": 20.0} or {"w[0]": ..., "w[1]": ...}.

    Raises: LearnerError if a leaf is no number.
    """
    leaves = jax.tree_util.tree_leaves_with_path(params)
    if isinstance(params, dict):  # JAX sorts the keys; the learner's own order reads better
        places = {key: place for place, key in enumerate(params)}
        leaves = sorted(leaves, key=lambda item: places[item[0][0].key])
    found = {}
    for path, leaf in leaves:
        check_numbers(leaf_name(path), leaf)
        if np.asarray(leaf).dtype.kind in "iub":  # sliders give floats in any case
            leaf = np.asarray(leaf, float)
        check_params({leaf_name(path): leaf})
        leaf = np.asarray(leaf, float)
        for index in np.ndindex(leaf.shape):
            found[entry_name(path, index)] = float(leaf[index])
    if not found:
        raise LearnerError(
            "params holds no numbers, so there is nothing to move. Write for example params = dict(w=0.0, b=0.0)."
        )
    return found


def with_values(params, values):
    """Give params again with the numbers of `values`, named as `scalars` names them."""

    def leaf(path, old):
        if np.ndim(old) == 0 and not isinstance(old, jax.Array):
            return values[entry_name(path, ())]
        entries = [values[entry_name(path, index)] for index in np.ndindex(np.shape(old))]
        return jnp.array(entries, dtype=float).reshape(np.shape(old))

    return jax.tree_util.tree_map_with_path(leaf, params)


def slopes(params, model, loss, x, y, values):
    """Compute the gradient of the loss with respect to every number, under its name."""
    grads = jax.grad(loss)(
        jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype=float), with_values(params, values)), model, x, y
    )
    return scalars(grads)


def slider_range(name, params, model, x, reach, spread):
    """Choose (low, high, step) for one number: far enough to send the model's output across the data.

    `reach` is how far the output may have to be lifted as a whole, `spread` how far it may have to be tilted.
    """
    values = scalars(params)
    h = 1e-2
    try:
        raised = np.asarray(model(with_values(params, values | {name: values[name] + h}), x), float)
        change = (raised - np.asarray(model(with_values(params, values), x), float)) / h
        lift, tilt = abs(change.mean()), change.std()
        # Where so small a move changes nothing, as with a model that gives classes, no range follows from it.
        far = 5.0 if max(lift, tilt) == 0 else reach / lift if lift >= tilt else spread / tilt
        far = far if np.isfinite(far) else 5.0
    except Exception:  # the learner's function is at fault: the panel's first drawing will say so in words
        far = 5.0
    far = round_up(max(far, 1.5 * abs(values[name]), 0.1))
    return -far, far, round_down(far / 100)


def round_up(value):
    """Give the next round number at or above `value`: 1, 2, 3, 4, 5, 6, 8 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(n for n in (1, 2, 3, 4, 5, 6, 8, 10) if n * power >= value * (1 - 1e-9)) * power)


def round_down(value):
    """Give the round number at or below `value`: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(n for n in (1, 2, 5) if n * power <= value * (1 + 1e-9)) * power)


def slider(name, value, params, model, x, lift, tilt):
    """Describe one slider, as the browser wants it; the range can be widened by typing a number outside it."""
    low, high, step = slider_range(name, params, model, x, lift, tilt)
    return {"name": name, "value": value, "min": min(low, value), "max": max(high, value), "step": step}


def reach(y, curve=None):
    """Say how far the model's output may have to be lifted and tilted to cross the data: (lift, tilt).

    For labels the output is a probability, which four units of logit move by one, or (with `curve`) the logit.
    """
    y = np.asarray(y, float)
    if is_labels(y):
        return (10.0, 10.0) if curve is not None else (2.5, 2.5)
    return float(np.abs(y).max() or 1.0), float(1.5 * np.abs(y - y.mean()).max() or 1.0)


def coarser(slider, detail):
    """Give (the slider moving on a grid of about `detail` round places, those places); where it stands is one of them.

    A grid of a logarithmic slider has so many places a decade, rounded to three digits as the browser does.
    """
    value = slider["value"]
    if slider.get("log"):
        low, high = np.floor(np.log10(slider["min"])), np.ceil(np.log10(slider["max"]))
        a_decade = max((n for n in (1, 2, 4, 5, 10) if n * (high - low) < detail), default=1)
        found = [float(f"{10 ** (low + k / a_decade):.3g}") for k in range(round((high - low) * a_decade) + 1)]
        step = 1 / a_decade
    else:
        step = round_up((slider["max"] - slider["min"]) / (detail - 1))
        first, last = np.ceil(slider["min"] / step - 1e-9), np.floor(slider["max"] / step + 1e-9)
        first, last = min(first, np.floor(value / step)), max(last, np.ceil(value / step))
        found = [float(f"{k * step:.7g}") for k in np.arange(first, last + 1)]
    ends = {"min": found[0], "max": found[-1], "step": step}
    return slider | ends, sorted({*found, value})
