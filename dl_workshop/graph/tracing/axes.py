"""Names for the axes of a node: "n" rows, "d" inputs, "h1", "h2" hidden units, "k" outputs."""

import re
from collections.abc import Sequence

from dl_workshop.graph.tracing.arguments import Leaf


def of_inputs(leaves: Sequence[Leaf]) -> list[tuple[str, ...]]:
    """Axes of each argument: x (n, d), y (n,), and the weights w1 (d, h1), b1 (h1,), ..., the last one (., k)."""
    sizes: dict[str, int] = {}
    for leaf in leaves:
        shape = leaf.shape
        if leaf.argument == "x" and shape:
            sizes.update(zip("nd", shape, strict=False))
    weights = sorted(
        {
            int(found[1])
            for leaf in leaves
            if len(leaf.shape) == 2 and (found := re.search(r"w(\d+)'?\]?$", leaf.source))
        }
    )
    hidden = {number: f"h{number}" for number in weights}
    if weights:
        hidden[weights[-1]] = "k"
    axes = []
    for leaf in leaves:
        found = re.search(r"([wb])(\d*)'?\]?$", leaf.source)
        rank = len(leaf.shape)
        names: tuple[str, ...]
        if leaf.argument in ("x", "y"):
            names = ("n", "d" if leaf.argument == "x" else "k")
        elif found and found[2] and int(found[2]) in hidden:
            number = int(found[2])
            names = (hidden.get(number - 1, "d"), hidden[number]) if found[1] == "w" else (hidden[number],)
        elif found and found[1] == "w":
            names = ("d", "k")
        elif found:
            names = ("k",)
        else:
            names = tuple(next((name for name, size in sizes.items() if size == length), "") for length in leaf.shape)
        axes.append((*names, *[""] * rank)[:rank])
    return axes


def of_result(
    op: str, shape: tuple[int, ...], inputs: Sequence[tuple[tuple[int, ...], tuple[str, ...]]]
) -> tuple[str, ...]:
    """Axes of a result from those of its inputs, [(shape, axes), ...]."""
    if op == "dot" and len(inputs) == 2:
        (_, left_axes), (right, right_axes) = inputs
        kept = (*left_axes[:-1], *(right_axes[:-2] + right_axes[-1:] if len(right) > 1 else ()))
        if len(kept) == len(shape):
            return kept
    if op == "transpose" and inputs[0][0][::-1] == shape:
        return inputs[0][1][::-1]
    same = [axes for given, axes in inputs if given == shape]
    if same:
        return tuple(next((name for name in names if name), "") for names in zip(*same, strict=True))
    # Otherwise by size: the first axis of that length among the inputs which is not taken yet.
    left_over = [(size, name) for given, axes in inputs for size, name in zip(given, axes, strict=True) if name]
    names = []
    for size in shape:
        found = next((pair for pair in left_over if pair[0] == size and pair[1] not in names), None)
        names.append(found[1] if found else "")
    return tuple(names)
