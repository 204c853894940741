"""The first node at which a learner's own forward or backward pass parts company with the graph, and why."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Shaped

from dl_workshop.errors import LearnerError
from dl_workshop.graph.diagnosis.reasons import backward_reasons, forward_reasons
from dl_workshop.graph.tracing.nodes import Trace
from dl_workshop.types import AnyArray


class FirstWrong(NamedTuple):
    """Where two passes part.

    name and place: of the node, None if all agree; direction: "forward" or "backward".
    reason: the mistake that explains the learner's numbers exactly, "" if none does, or several do.
    """

    name: str | None
    place: int | None
    direction: str
    reason: str
    message: str

    def __str__(self) -> str:
        """Say it in words."""
        return self.message


def compare(
    trace: Trace,
    forward: Mapping[str, Shaped[AnyArray, "..."]] | None = None,
    backward: Mapping[str, Shaped[AnyArray, "..."]] | None = None,
) -> FirstWrong:
    """Compare hand-written values {"z1": ..., "a1": ...} and gradients {"z1": ..., "w1": ...} with the graph.

    Values are compared in the order of computation, then gradients from the result back. A reason is named only if
    the numbers are exactly those of that mistake, and of no other that is listed.
    Raises: LearnerError for a name that the graph does not have, or something that is not an array of numbers.
    """
    forward, backward = _arrays(trace, forward, "forward"), _arrays(trace, backward, "backward")
    places = range(len(trace.nodes))
    for direction, given, order in (("forward", forward, places), ("backward", backward, reversed(places))):
        for place in order:
            node = trace.nodes[place]
            if node.name not in given:
                continue
            yours = given[node.name]
            ours = node.value if direction == "forward" else node.grad
            if ours is None:
                raise LearnerError(
                    f"The graph has no gradient for {node.name}: the result does not depend on it, or "
                    "it holds whole numbers. Take it out of backward."
                )
            if not same(yours, ours):
                return _report(trace, place, direction, yours, ours)
    count = len(forward) + len(backward)
    return FirstWrong(
        None,
        None,
        "",
        "",
        f"All {count} agree with the graph."
        if count
        else 'There is nothing to compare: give forward={"z1": z1, ...} or backward={"z1": dz1, ...}.',
    )


def same(yours: np.ndarray, ours: np.ndarray) -> bool:
    """Whether two arrays are the same up to the rounding of the less exact one."""
    if yours.shape != ours.shape:
        return False
    rounding = max(np.finfo(array.dtype).eps if array.dtype.kind == "f" else 0 for array in (yours, ours))
    size = np.max(np.abs(ours), initial=0)
    return np.allclose(yours, ours, rtol=np.sqrt(rounding), atol=np.sqrt(rounding) * size)


def _arrays(trace: Trace, given: Mapping[str, Shaped[AnyArray, "..."]] | None, direction: str) -> dict[str, np.ndarray]:
    names = [node.name for node in trace.nodes]
    arrays = {}
    for name, value in (given or {}).items():
        if name not in names:
            raise LearnerError(
                f"{direction} has {name!r}, but the graph has no node of that name. Its nodes are {', '.join(names)}."
            )
        try:
            arrays[name] = np.asarray(value)
            numeric = arrays[name].dtype.kind in "fiub"
        except (TypeError, ValueError):
            numeric = False
        if not numeric:
            raise LearnerError(f"{direction}[{name!r}] is of type {type(value).__name__}, not an array of numbers.")
        if arrays[name].dtype.kind != "f":
            arrays[name] = arrays[name].astype(np.float64)
    return arrays


def _report(trace: Trace, place: int, direction: str, yours: np.ndarray, ours: np.ndarray) -> FirstWrong:
    node = trace.nodes[place]
    candidates = (forward_reasons if direction == "forward" else backward_reasons)(trace, place)
    fits = {reason for reason, value in candidates if same(yours, np.asarray(value, ours.dtype))}
    reason = fits.pop() if len(fits) == 1 else ""
    what = f"the value of {node.name}" if direction == "forward" else f"the gradient of {node.name}"
    if not np.isfinite(yours).all():
        detail = f"it holds {yours[~np.isfinite(yours)].ravel()[0]}"
    elif yours.shape != ours.shape and not reason:
        detail = f"yours has shape {yours.shape}, the graph's {ours.shape}"
    else:
        detail = reason or "no single known mistake explains it"
    where = f" (`{node.line}`)" if node.line else ""
    return FirstWrong(
        node.name, place, direction, reason, f"Going {direction}, {what}{where} is the first that is wrong: {detail}."
    )
