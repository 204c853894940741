"""The numbers among a function's arguments that get a slider: their names, their ranges, and the arguments again."""

import inspect
import itertools
import re
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.graph.tracing.arguments import arguments, is_fixed
from dl_workshop.panels.sliders import MOST_SLIDERS, entry_name, round_down, round_up

WRITTEN_OUT = 6  # entries of an array of data that all get a slider; of a larger one the first alone


class Array(NamedTuple):
    """One array or number among the arguments: its name, its place (argument, leaf), and what it holds."""

    name: str
    at: int
    leaf: int
    shape: tuple
    is_data: bool

    @property
    def size(self):
        """How many numbers it holds."""
        return int(np.prod(self.shape))

    def first(self, count):
        """Give {name: place} of the first numbers in it."""
        return {
            self.name + entry_name((), index): (self.at, self.leaf, index)
            for index in itertools.islice(np.ndindex(self.shape), count)
        }


def movable(function, args, wanted=None):
    """Give sliders, and for each name its place (argument, leaf, index): for what is `wanted`, else for what has room.

    Raises: LearnerError if there is no number of a wanted name.
    """
    found = arrays(function, args)
    if wanted is None:
        chosen = {
            name: place
            for one, count in zip(found, shares(found), strict=True)
            for name, place in one.first(count).items()
        }
    else:
        chosen = {name: place for one in wanted for name, place in named(str(one), found).items()}
    return [slider(name, args, place) for name, place in chosen.items()], chosen


def arrays(function, args):
    """List the floats among the arguments, each array once, in the learner's order."""
    found, names = [], argument_names(function, len(args))
    all_names = leaf_names(names, args)
    data = {leaf.argument for leaf in arguments(function, args).leaves if leaf.role == "data"}
    for at, (argument, arg) in enumerate(zip(names, args, strict=True)):
        if is_fixed(arg):
            continue
        leaves = list(enumerate(jax.tree_util.tree_leaves_with_path(arg)))
        if isinstance(arg, dict):  # JAX sorts the keys; the learner's own order reads better
            order = {key: place for place, key in enumerate(arg)}
            leaves.sort(key=lambda leaf: order[leaf[1][0][0].key])
        for k, (path, leaf) in leaves:
            if is_float(leaf):
                name = entry_name(path, ()) if path else argument
                name = f"{argument}.{name}" if path and all_names.count(name) > 1 else name
                name = argument + name if name.startswith("[") else name  # of a list
                found.append(Array(name, at, k, np.shape(leaf), argument in data))
    return found


def shares(found):
    """Say how many numbers of each array get a slider: all where there is room, and params before data."""
    sizes = [one.size for one in found]
    if sum(sizes) <= MOST_SLIDERS:
        return sizes
    params = [one.size for one in found if not one.is_data]
    most = max(
        (n for n in range(1, MOST_SLIDERS + 1) if sum(min(size, n) for size in params) <= MOST_SLIDERS), default=1
    )
    wish = [min(one.size, most) if not one.is_data else one.size if one.size <= WRITTEN_OUT else 1 for one in found]
    room, given = MOST_SLIDERS, [0] * len(found)
    for i in sorted(range(len(found)), key=lambda i: found[i].is_data):
        given[i] = min(wish[i], room)
        room -= given[i]
    return given


def named(wanted, found):
    """Give {name: place} of one number, "w1[0, 1]", or of the numbers of a whole array, "w1"."""
    for one in found:
        inside = re.fullmatch(r"\[(\d+(?:,\d+)*)\]", wanted.removeprefix(one.name).replace(" ", ""))
        if wanted == one.name:
            return one.first(MOST_SLIDERS)
        if wanted.startswith(one.name) and inside:
            index = tuple(map(int, inside[1].split(",")))
            if len(index) == len(one.shape) and all(i < n for i, n in zip(index, one.shape, strict=True)):
                return {one.name + entry_name((), index): (one.at, one.leaf, index)}
    first = [name for one in found for name in one.first(8)][:8]
    more = ", ..." if sum(one.size for one in found) > 8 else ""
    raise LearnerError(f"There is no number {wanted!r} to move. Name some of {', '.join(first)}{more}.")


def rest_in_words(function, args, chosen, wanted=None):
    """Say which numbers have no slider, and how to get one; "" where all have, or all those that are `wanted`."""
    found, places = arrays(function, args), set(chosen.values())
    with_one = [sum((one.at, one.leaf) == place[:2] for place in places) for one in found]
    rest = {
        one: one.size - count
        for one, count in zip(found, with_one, strict=True)
        if one.size > count and (wanted is None or one.name in wanted)
    }
    if not rest:
        return ""
    several = [f"{count} of {one.name}" for one, count in rest.items()]
    listed = ", ".join(several[:6]) + (", ..." if len(several) > 6 else "")
    one, count = next((one, with_one[found.index(one)]) for one in rest)
    other = next(name for name, place in one.first(count + 1).items() if place not in places)
    names = ", ".join(dict.fromkeys([f'"{other}"', *(f'"{one.name}"' for one in list(rest)[1:2])]))
    total = sum(one.size for one in found)
    return (
        f"The inputs hold {total} numbers: {len(places)} have a slider, the rest stay as they are "
        f"({listed}). Name those that you want to move: inputs=[{names}]."
    )


def argument_names(function, count):
    """Give the names of a function's arguments; input1, input2, ... where it has none to tell."""
    try:
        names = [
            one.name
            for one in inspect.signature(function).parameters.values()
            if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
        ][:count]
    except (TypeError, ValueError):
        names = []
    return names + [f"input{k + 1}" for k in range(len(names), count)]


def leaf_names(names, args):
    """Give the name of every leaf of every argument."""
    return [
        entry_name(path, ()) if path else name
        for name, arg in zip(names, args, strict=True)
        if not is_fixed(arg)
        for path, _ in jax.tree_util.tree_leaves_with_path(arg)
    ]


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
            leaves[k] = (
                jnp.asarray(leaves[k]).at[index].set(values[name])
                if np.ndim(leaves[k])
                else values[name]
                if isinstance(leaves[k], float)
                else jnp.asarray(values[name], leaves[k].dtype)
            )
            args[at] = jax.tree.unflatten(tree, leaves)
    return args
