"""What a traced function is made of, as plain data: nodes, the edges between them, and where they stand in the code."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Shaped


class Node(NamedTuple):
    """One value that the function computes, or takes in.

    name: unique, the learner's variable where there is one ("z1"), else the operation ("dot", "dot_2").
    op: the operation in a learner's words ("dot", "square", "mean"), or "input", "constant".
    inputs: the nodes it is computed from, as places in trace.nodes.
    grad: gradient of the function's result with respect to this value; None for whole numbers, and where the result
    does not depend on it.
    axes: a name for each axis: "n" rows, "d" inputs, "h1", "h2" units, "k" outputs; "" if unknown.
    line, line_number: the source line, and its place in trace.code, counted from 1; "" and 0 if unknown.
    role: "params", "data", "constant", "middle" or "loss" (the result).
    source: "params['w1']", "x", ... for inputs, else "".
    """

    name: str
    op: str
    inputs: tuple[int, ...]
    value: Shaped[np.ndarray, "..."]
    grad: Shaped[np.ndarray, "..."] | None
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    line: str
    line_number: int
    role: str
    source: str


class Edge(NamedTuple):
    """Node `start` is input number `place` of node `end`.

    rule: the local derivative in words ("d(a * b)/da = b").
    local: its numbers, where each number of start goes into one number of end; None for a matrix rule.
    term: what flows back along this edge, in the shape of start: the grad of start is the sum of its edges' terms.
    """

    start: int
    end: int
    place: int
    rule: str
    local: Shaped[np.ndarray, "..."] | None
    term: Shaped[np.ndarray, "..."] | None


class Trace(NamedTuple):
    """The graph of one function at one point: nodes in the order in which they are computed, and their edges."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    output: int
    code: str
    name: str

    def __getitem__(self, key: Any) -> Any:
        """Give the node of this name; with a number or a slice, what a tuple gives."""
        if not isinstance(key, str):
            return tuple.__getitem__(self, key)
        for node in self.nodes:
            if node.name == key:
                return node
        raise KeyError(f"there is no node {key!r} among {', '.join(node.name for node in self.nodes)}")


def is_named(node: Node) -> bool:
    """Tell whether the node bears the learner's name and not only that of its operation."""
    return not (node.name == node.op or node.name.startswith(f"{node.op}_"))
