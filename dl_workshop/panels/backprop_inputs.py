"""The numbers among a function's arguments that get a slider: their names, their ranges, and the arguments again."""

import inspect

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.panels.sliders import entry_name, round_down, round_up
from dl_workshop.shapes import LearnerError

MOST = 8         # sliders, unless the learner names more
WRITTEN_OUT = 6  # entries of an array that all get a slider; of a larger one the first alone


def movable(function, args, wanted=None):
    """Give sliders, and for each name its place (argument, leaf, index): for all floats, or for those `wanted`.

    Raises: LearnerError if there is no number of a wanted name.
    """
    found, offered = {}, []
    names = argument_names(function, len(args))
    twice = [leaf for leaf in leaf_names(names, args) if leaf_names(names, args).count(leaf) > 1]
    for at, (name, arg) in enumerate(zip(names, args, strict=True)):
        if callable(arg):
            continue
        leaves = list(enumerate(jax.tree_util.tree_leaves_with_path(arg)))
        if isinstance(arg, dict):  # JAX sorts the keys; the learner's own order reads better
            leaves.sort(key=lambda leaf, order=list(arg): order.index(leaf[1][0][0].key))
        for k, (path, leaf) in leaves:
            if not is_float(leaf):
                continue
            for index in np.ndindex(np.shape(leaf)):
                entry = entry_name(path, index) if path else name + entry_name((), index)
                if path and entry_name(path, ()) in twice:
                    entry = f"{name}.{entry}"
                entry = name + entry if entry.startswith("[") else entry  # of a list
                found[entry] = (at, k, index)
                if np.size(leaf) <= WRITTEN_OUT or not any(index):
                    offered.append(entry)
    unknown = [name for name in wanted or () if name not in found]
    if unknown:
        raise LearnerError(f"There is no number {unknown[0]!r} to move. Name some of {', '.join(list(found)[:8])}"
                           f"{', ...' if len(found) > 8 else ''}.")
    chosen = {name: found[name] for name in (wanted if wanted is not None else offered[:MOST])}
    return [slider(name, args, place) for name, place in chosen.items()], chosen


def argument_names(function, count):
    """Give the names of a function's arguments; input1, input2, ... where it has none to tell."""
    try:
        names = [one.name for one in inspect.signature(function).parameters.values()
                 if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)][:count]
    except (TypeError, ValueError):
        names = []
    return names + [f"input{k + 1}" for k in range(len(names), count)]


def leaf_names(names, args):
    """Give the name of every leaf of every argument."""
    return [entry_name(path, ()) if path else name for name, arg in zip(names, args, strict=True) if not callable(arg)
            for path, _ in jax.tree_util.tree_leaves_with_path(arg)]


def is_float(leaf):
    """Tell whether a leaf holds floats, and not whole numbers or a random key."""
    return jnp.issubdtype(jnp.result_type(leaf), jnp.floating)


def slider(name, args, place):
    """Give the slider of one number, with room on both sides of where it is."""
    value = float(entry(args, place))
    reach = round_up(max(2 * abs(value), 1.0)) if np.isfinite(value) else 1.0
    return {"name": name, "value": value, "min": -reach, "max": reach, "step": round_down(reach / 100)}


def entry(args, place):
    """Give the number at a place (argument, leaf, index)."""
    at, leaf, index = place
    return np.asarray(jax.tree.leaves(args[at])[leaf])[index]


def with_inputs(args, places, values):
    """Give the arguments again, with these numbers at these places; what is not moved stays the learner's own."""
    args = list(args)
    for name, (at, k, index) in places.items():
        leaves, tree = jax.tree.flatten(args[at])
        if float(np.asarray(leaves[k])[index]) != values[name]:
            leaves[k] = jnp.asarray(leaves[k]).at[index].set(values[name]) if np.ndim(leaves[k]) else \
                values[name] if isinstance(leaves[k], float) else jnp.asarray(values[name], leaves[k].dtype)
            args[at] = jax.tree.unflatten(tree, leaves)
    return args
