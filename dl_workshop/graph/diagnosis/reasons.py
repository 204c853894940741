"""What a learner's value or gradient would be under each known mistake: pairs of (words, the numbers it gives)."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from dl_workshop.graph.tracing.nodes import Edge, Node, Trace, is_named

Reason = tuple[str, np.ndarray]  # a mistake in words, and the numbers that it gives


def forward_reasons(trace: Trace, place: int) -> Iterator[Reason]:
    """Mistakes in the value of one node."""
    node = trace.nodes[place]
    yield from _of_any(node.value, _rows(trace), "value")
    for start in dict.fromkeys(node.inputs):
        given = trace.nodes[start]
        others = " and ".join(trace.nodes[other].name for other in node.inputs if other != start)
        if given.shape == node.shape:
            yield f"it is still {given.name}: {others or node.op} is missing", given.value


def backward_reasons(trace: Trace, place: int) -> Iterator[Reason]:
    """Mistakes in the gradient of one node."""
    node, grad = trace.nodes[place], trace.nodes[place].grad
    if grad is None:
        return
    ways = [(edge, edge.term) for edge in trace.edges if edge.start == place and edge.term is not None]
    yield from _of_any(grad, _rows(trace), "gradient")
    for end in {edge.end for edge, _ in ways}:
        rest = grad - sum(term for edge, term in ways if edge.end == end)
        if len({edge.end for edge, _ in ways}) > 1:
            yield (
                f"the path through {trace.nodes[end].name} is missing: where paths join, their gradients are added",
                rest,
            )
    for edge, right in ways:
        rest = grad - right
        for words, term in _wrong_terms(trace, edge):
            # Only what has the edge's own shape can join the terms of the other paths.
            if len(ways) == 1 or np.shape(term) == node.shape:
                yield words, rest + term if len(ways) > 1 else term


def _of_any(right: np.ndarray, rows: int | None, what: str) -> Iterator[Reason]:
    yield "the sign is wrong", -right
    yield "a factor 2 is missing", right / 2
    yield "there is a factor 2 too many", right * 2
    if rows:
        yield f"the factor 1/n is missing (n = {rows}): the loss is a mean", right * rows
        yield f"it is divided by n = {rows} once too often", right / rows
    if right.ndim == 2:
        yield "it is transposed", right.T
    if right.ndim == 1:
        yield f"the numbers are right, but in a column {(*right.shape, 1)}", right[:, None]
        yield f"the numbers are right, but in a row {(1, *right.shape)}", right[None, :]
    if np.any(right):
        yield f"the {what} is all zeros", np.zeros_like(right)


def _wrong_terms(trace: Trace, edge: Edge) -> Iterator[Reason]:
    """Mistakes in what flows back along one edge."""
    start, end = trace.nodes[edge.start], trace.nodes[edge.end]
    grad = end.grad
    if grad is None:
        return
    if grad.shape == start.shape and edge.local is not None:
        yield f"the local derivative of {end.op} is missing", grad
        yield from _elsewhere(start, end, grad)
    if _was_broadcast(start, end):
        full = grad * edge.local if edge.local is not None else grad
        full = np.broadcast_to(full, end.shape)
        yield "it is not summed over the batch", full
        yield "it is averaged over the batch, not summed", full.mean(axis=0)
    yield from _wrong_factors(trace, edge, grad)


def _was_broadcast(start: Node, end: Node) -> bool:
    return len(end.shape) == len(start.shape) + 1 and end.shape[1:] == start.shape


def _elsewhere(start: Node, end: Node, grad: np.ndarray) -> Iterator[Reason]:
    """Local derivatives of activations, taken at the wrong place."""
    at_value = {
        "tanh": lambda a: 1 - np.tanh(a) ** 2,
        "sigmoid": lambda a: 1 / (1 + np.exp(-a)) * (1 - 1 / (1 + np.exp(-a))),
    }
    by_output = {"tanh": lambda z: 1 - z**2, "sigmoid": lambda z: z * (1 - z)}
    if end.op in at_value:
        yield (
            f"the derivative of {end.op} is taken at {end.name} instead of {start.name}",
            grad * at_value[end.op](end.value),
        )
        yield (
            f"its formula for the derivative of {end.op} is that in {end.name}, but {start.name} was put in",
            grad * by_output[end.op](start.value),
        )


def _wrong_factors(trace: Trace, edge: Edge, right: np.ndarray) -> Iterator[Reason]:
    """Products with a wrong partner: another node's value, another node's gradient, or a matrix not transposed."""
    start, end = trace.nodes[edge.start], trace.nodes[edge.end]
    if len(end.inputs) != 2 or end.op not in ("dot", "multiply"):
        return
    other = trace.nodes[end.inputs[1 - edge.place]]

    def term(partner: np.ndarray, grad: np.ndarray) -> np.ndarray:
        if end.op == "multiply":
            return partner * grad
        if partner.ndim == 1 and grad.ndim == 1 and start.value.ndim == 2:
            return np.outer(grad, partner)
        return grad @ partner.T if edge.place == 0 else partner.T @ grad

    nodes = sorted(trace.nodes, key=lambda node: not is_named(node))  # of equal arrays the learner's own name is told
    for node, value in _unlike(nodes, other.value, "value"):
        if node.role != "constant":
            yield f"it takes {node.name} where {other.name} belongs", _attempt(term, value, right)
    ours = next(node.name for node in nodes if node.grad is not None and np.array_equal(node.grad, right))
    for node, grad in _unlike(nodes, right, "grad"):
        yield f"it takes the gradient of {node.name} where that of {ours} belongs", _attempt(term, other.value, grad)
    if end.op == "dot" and other.value.ndim == 2:
        yield f"{other.name} is not transposed", _attempt(term, other.value.T, right)


def _unlike(nodes: Sequence[Node], right: np.ndarray, what: str) -> Iterator[tuple[Node, np.ndarray]]:
    """Give the nodes whose value or gradient has the right shape but other numbers, with these, each set once."""
    seen = [right]
    for node in nodes:
        array = getattr(node, what)
        if array is not None and array.shape == right.shape and not any(np.array_equal(array, old) for old in seen):
            seen.append(array)
            yield node, array


def _attempt(term: Callable[[np.ndarray, np.ndarray], np.ndarray], partner: np.ndarray, grad: np.ndarray) -> np.ndarray:
    try:
        return term(partner, grad)
    except ValueError:  # these shapes do not fit, so nobody can have computed it
        return np.full((), np.nan)


def _rows(trace: Trace) -> int | None:
    """Give the number of samples, if the graph has a batch of more than one."""
    return next(
        (
            size
            for node in trace.nodes
            for size, axis in zip(node.shape, node.axes, strict=True)
            if axis == "n" and size > 1
        ),
        None,
    )
