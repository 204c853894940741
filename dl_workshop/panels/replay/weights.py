"""The weights of a training, leaf by leaf: as curves, as maps, or as histograms."""

import re

import jax
import numpy as np

from dl_workshop.panels.panel import numbers
from dl_workshop.panels.sliders import entry_name, leaf_name

MOST_CURVES = 8  # numbers that are drawn as curves; more are drawn as a map, even more as a histogram
MOST_CELLS = 2048  # of a map
MOST_LEAVES = 8
BINS = 40


def still_weights(path):
    """Choose how to draw each leaf of params: curves for a few numbers in all, maps, histograms for large leaves.

    Limits are those of the whole training, so that what grows is seen to grow.
    """
    leaves = by_layer(path)
    total = sum(leaf[0].size for _, leaf in leaves)
    if total <= MOST_CURVES:
        return [
            {"kind": "curve", "name": entry_name(place, index), "values": numbers(leaf[(slice(None), *index)])}
            for place, leaf in leaves
            for index in np.ndindex(leaf.shape[1:])
        ]
    found = []
    for place, leaf in leaves[:MOST_LEAVES]:
        top = float(np.nanmax(np.abs(leaf), initial=0)) or 1.0
        rows, columns = sheet_shape(leaf.shape[1:])
        kind = "map" if leaf[0].size <= MOST_CELLS else "histogram"
        found.append(
            {
                "kind": kind,
                "name": leaf_name(place),
                "top": top,
                "rows": rows,
                "columns": columns,
                "shape": " × ".join(map(str, leaf.shape[1:])) or "one number",
            }
        )
    return found


def by_layer(path):
    """Give every leaf with its place, layer by layer, weights before biases: w1, b1, w2, b2."""

    def order(item):
        name = leaf_name(item[0])
        return [int(digits) for digits in re.findall(r"\d+", name)], not name.split(".")[-1].startswith("w")

    return sorted(jax.tree_util.tree_leaves_with_path(path), key=order)


def sheet_shape(shape):
    """Give (rows, columns) of a leaf laid flat: a row for every input, a column for every unit."""
    return (1, int(np.prod(shape))) if len(shape) < 2 else (int(np.prod(shape[:-1])), shape[-1])


def weights(path, row, kinds):
    """Give every leaf at a row as bytes: 0 to 255 stands for -top to top; or as counts. Curves are there already."""
    if kinds and kinds[0]["kind"] == "curve":
        return []
    found = []
    for kind, (_, leaf) in zip(kinds, by_layer(path), strict=False):
        values = np.nan_to_num(np.asarray(leaf[row], float).ravel())
        if kind["kind"] == "histogram":
            found.append(np.histogram(values, BINS, (-kind["top"], kind["top"]))[0].tolist())
        else:
            found.append(np.round(127.5 + 127.5 * np.clip(values / kind["top"], -1, 1)).astype(np.uint8).tobytes())
    return found
