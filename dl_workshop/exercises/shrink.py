"""From an input on which an answer is wrong to the smallest and roundest one on which it still is.

Greedy: try simpler inputs, the simplest first; move to the first on which it still fails; stop when none does.
An input is simpler when its arrays are shorter, else when its numbers are easier to read. No number leaves the range
that the exercise's own probes have in its place, so labels stay labels and a step size stays above 0.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.running import fresh

Ranges = dict[str, tuple[float, float]]  # of each place, over all probes
SECONDS = 0.1  # a slow answer is shown on a rougher input, not later


def shrink(args: tuple, fails: Callable[[tuple], bool], probes: Sequence[tuple], calls: int = 120) -> tuple:
    """Give the simplest input found on which fails(args) holds, after at most so many `calls` and SECONDS.

    Functions in it, random keys and texts stay as they are; with a random key among them nothing is tried, since a
    draw on a small array says little.
    """
    args = fresh(args)
    if any(_is_key(leaf) for leaf in jax.tree.leaves(args)):
        return args
    ranges = _ranges(probes)
    until, longest = time.monotonic() + SECONDS, 0.0
    simpler = _simpler(args, ranges)
    for _ in range(calls):
        candidate, began = next(simpler, None), time.monotonic()
        if candidate is None or began + longest > until:
            break
        if fails(candidate):
            args, simpler = candidate, _simpler(candidate, ranges)
        longest = max(longest, time.monotonic() - began)
    return args


def _simpler(args: tuple, ranges: Ranges) -> Iterator[tuple]:
    """Go through simpler inputs: shorter arrays first, then rounder numbers, whole arrays of them first."""
    leaves, tree = jax.tree.flatten(args)
    lengths = {length for leaf in leaves if _is_array(leaf) for length in np.shape(leaf) if length > 1}
    for length in sorted(lengths, reverse=True):
        for shorter in sorted({1, 2, length // 2, length - 1} - {0, length}):
            if shorter < length:
                yield jax.tree.unflatten(tree, [_cut(leaf, length, shorter) for leaf in leaves])
    places = [jax.tree_util.keystr(path) for path, _ in jax.tree_util.tree_leaves_with_path(args)]
    for i, (leaf, place) in enumerate(zip(leaves, places, strict=True)):
        if _is_number(leaf) and place in ranges:
            for rounder in _rounder(leaf, *ranges[place]):
                yield jax.tree.unflatten(tree, [*leaves[:i], rounder, *leaves[i + 1 :]])


def _cut(leaf: Any, length: int, shorter: int) -> Any:
    """Cut every axis of one length, in all arrays at once: rows of x go together with those of y."""
    if not _is_array(leaf):
        return leaf
    return leaf[tuple(slice(shorter) if size == length else slice(None) for size in leaf.shape)]


def _rounder(leaf: Any, low: float, high: float) -> Iterator[Any]:
    """Go through rounder values of a number or an array: all entries at once, then one by one."""
    old = np.asarray(leaf)
    whole = old.dtype.kind in "iub"

    def values(number: float) -> list[float]:
        candidates = (1.0, 2.0, -1.0, 3.0, -2.0, 0.5, 0.0, np.rint(number), np.round(number, 1))
        return [
            value
            for value in dict.fromkeys(map(float, candidates))
            if low <= value <= high and _effort(value) < _effort(number) and not (whole and value % 1)
        ]

    flat = old.ravel()
    if flat.size > 1 and flat.size <= 100:
        rounded = np.clip(np.rint(flat), low, high)
        if sum(map(_effort, rounded)) < sum(map(_effort, flat)):
            yield _like(leaf, rounded + 0.0)
    for i in range(min(flat.size, 8)):
        for value in values(flat[i]):
            new = flat.copy()
            new[i] = value
            yield _like(leaf, new)


def _effort(number: float) -> float:
    """Say how hard a number is to read: small whole numbers are easy, 0 less so, as it hides much, decimals hard."""
    number = float(number)
    if not np.isfinite(number):
        return 100.0
    shown = f"{abs(number):.4g}"
    return 10 * shown.count(".") + len(shown) + min(abs(number), 9) / 10 + 0.05 * (number < 0) + 0.95 * (number == 0)


def _ranges(probes: Sequence[tuple]) -> Ranges:
    """Give the smallest and largest number in each place of all probes together."""
    ranges: Ranges = {}
    for args in probes:
        for path, leaf in jax.tree_util.tree_leaves_with_path(fresh(args)):
            if _is_number(leaf) and np.size(leaf):
                place, old = jax.tree_util.keystr(path), np.asarray(leaf)
                low, high = ranges.get(place, (np.inf, -np.inf))
                ranges[place] = min(low, float(old.min())), max(high, float(old.max()))
    return ranges


def _like(leaf: Any, values: Any) -> Any:
    """Give values in the form of a leaf: its shape and dtype; JAX, NumPy or Python."""
    if isinstance(leaf, jax.Array):
        return jnp.asarray(np.reshape(values, leaf.shape), leaf.dtype)
    if isinstance(leaf, np.ndarray):
        return np.reshape(values, leaf.shape).astype(leaf.dtype)
    return type(leaf)(values[0])


def _is_array(leaf: object) -> bool:
    return isinstance(leaf, jax.Array | np.ndarray) and not _is_key(leaf) and np.ndim(leaf) > 0


def _is_number(leaf: object) -> bool:
    if isinstance(leaf, bool) or _is_key(leaf):
        return False
    return isinstance(leaf, int | float) or (
        isinstance(leaf, jax.Array | np.ndarray | np.generic) and np.asarray(leaf).dtype.kind in "fiu"
    )


def _is_key(leaf: object) -> bool:
    return isinstance(leaf, jax.Array) and jax.dtypes.issubdtype(leaf.dtype, jax.dtypes.prng_key)
