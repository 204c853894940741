"""Graphs made by hand for the tests of drawing: their values and gradients are worked out on paper, not traced."""

import numpy as np

from dl_workshop.graph.tracing.nodes import Edge, Node, Trace

CHAIN = """def chain(w, b):
    x = 2 * w + 3 * b
    y = 2 * b + 1
    return x * y"""
LINES = CHAIN.split("\n")


def node(name, op, inputs, value, grad, role="middle", line=0, axes=()):
    value = np.asarray(value, float)
    grad = None if grad is None else np.asarray(grad, float)
    text = LINES[line - 1].strip() if line else ""
    return Node(name, op, tuple(inputs), value, grad, value.shape, axes, text, line, role, "")


def edge(start, end, place, rule, local, term):
    return Edge(start, end, place, rule, None if local is None else np.asarray(local, float), np.asarray(term, float))


def chain():
    """The linear chain x = 2w + 3b, y = 2b + 1, z = xy at w = 3, b = 4: dz/dw = 18, dz/db = 63."""
    nodes = (
        node("w", "input", (), 3, 18, "params"),
        node("b", "input", (), 4, 63, "params"),
        node("mul", "mul", (0,), 6, 9, line=2),
        node("mul_2", "mul", (1,), 12, 9, line=2),
        node("x", "add", (2, 3), 18, 9, line=2),
        node("mul_3", "mul", (1,), 8, 18, line=3),
        node("y", "add", (5,), 9, 18, line=3),
        node("z", "mul", (4, 6), 162, 1, "loss", line=4),
    )
    edges = (
        edge(0, 2, 0, "d(2 * a)/da = 2", 2, 18),
        edge(1, 3, 0, "d(3 * a)/da = 3", 3, 27),
        edge(2, 4, 0, "d(a + b)/da = 1", 1, 9),
        edge(3, 4, 1, "d(a + b)/db = 1", 1, 9),
        edge(1, 5, 0, "d(2 * a)/da = 2", 2, 36),
        edge(5, 6, 0, "d(a + 1)/da = 1", 1, 18),
        edge(4, 7, 0, "d(a * b)/da = b", 9, 9),
        edge(6, 7, 1, "d(a * b)/db = a", 18, 18),
    )
    return Trace(nodes, edges, 7, CHAIN, "chain")


def table_loss(rows=40):
    """A mean of squares of x @ w, for arrays of rows and columns."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(rows, 3)), np.array([0.5, -1.0, 2.0])
    y = x @ w
    g = 2 * y / rows
    nodes = (
        node("x", "input", (), x, np.outer(g, w), "data", axes=("n", "d")),
        node("w", "input", (), w, x.T @ g, "params", axes=("d",)),
        node("y_pred", "dot", (0, 1), y, g, axes=("n",)),
        node("square", "square", (2,), y**2, np.full(rows, 1 / rows), axes=("n",)),
        node("mean", "mean", (3,), np.mean(y**2), 1, "loss"),
    )
    edges = (
        edge(0, 2, 0, "grad_a = grad @ b.T", None, np.outer(g, w)),
        edge(1, 2, 1, "grad_b = a.T @ grad", None, x.T @ g),
        edge(2, 3, 0, "d(a**2)/da = 2 * a", 2 * y, g),
        edge(3, 4, 0, "d(mean a)/da = 1/n for each term", np.full(rows, 1 / rows), np.full(rows, 1 / rows)),
    )
    return Trace(nodes, edges, 4, "", "table_loss")
