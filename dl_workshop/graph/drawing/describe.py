"""Numbers, shapes and whole graphs in words: for the boxes of a drawing, and for those who cannot see it."""

import re
from typing import Any

import numpy as np

from dl_workshop.graph.tracing.nodes import Edge, Node, Trace, is_named

FEW = 3  # numbers that are written out; of more, their range is told
MOST = 40  # nodes that are told one by one


def number(value: Any, digits: int = 4) -> str:
    """Give a number in few digits, as a learner writes it: 18, −0.0571, 1.2e−5."""
    value = float(value) + 0.0  # no -0
    if not np.isfinite(value):
        return "nan" if np.isnan(value) else "inf" if value > 0 else "−inf"
    size = abs(value)
    if size and not 1e-3 <= size < 1e5:
        mantissa, power = f"{value:.{max(digits - 3, 0)}e}".split("e")
        return f"{mantissa}e{int(power)}".replace("-", "−")
    return f"{value:.{digits}g}".replace("-", "−") if size < 10**digits else f"{value:.0f}".replace("-", "−")


def numbers(array: Any, digits: int = 3) -> str:
    """Give an array in short words: one number, a few in brackets, or the range of many."""
    array = np.asarray(array)
    if array.ndim == 0:
        return number(array, digits + 1)
    if array.size <= FEW:
        return "[" + " ".join(number(value, digits) for value in array.ravel()) + "]"
    finite = array[np.isfinite(array)]
    if not finite.size:
        return "not finite"
    low, high = number(finite.min(), digits), number(finite.max(), digits)
    missing = "" if finite.size == array.size else f", {array.size - finite.size} not finite"
    return (f"all {low}" if low == high else f"{low}…{high}") + missing


def shape_words(node: Node) -> str:
    """Give a node's shape with the names of its axes: (n=100, d=3); "" for one number."""
    axes = [*node.axes, *[""] * (len(node.shape) - len(node.axes))]
    parts = [f"{axis}={size}" if axis else str(size) for axis, size in zip(axes, node.shape, strict=True)]
    return (
        "(" + ", ".join(parts) + ("," if parts == [str(size) for size in node.shape] and len(parts) == 1 else "") + ")"
        if parts
        else ""
    )


def name_of(node: Node) -> str:
    """Give a node's name; that of a constant is its number."""
    return number(node.value) if node.role == "constant" and not node.shape else node.name


def own_rule(trace: Trace, edge: Edge) -> str:
    """Give the rule of an edge with the names of its nodes: d(a * b)/da = b becomes d(w * x)/dw = x."""
    end = trace.nodes[edge.end]
    names = dict(zip("ab", (name_of(trace.nodes[start]) for start in end.inputs), strict=False)) | {"c": end.name}

    def named(match: re.Match[str]) -> str:
        return ("" if match[1] != "d" else "d") + names.get(match[2], match[2])

    rule = re.sub(r"(?<=\d)(?=[abc]\b)", " ", edge.rule)  # 2a is 2 times a
    return re.sub(r"(?<![A-Za-z_])(d?)([abc])(?![A-Za-z_(])", named, rule)


def node_words(trace: Trace, place: int) -> str:
    """Tell one node in a sentence without a full stop: what it is, its value and its gradient."""
    node = trace.nodes[place]
    if node.inputs:
        of = " and ".join(name_of(trace.nodes[start]) for start in node.inputs)
        what = f"{node.name} = {node.op} of {of}" if is_named(node) else f"{node.name} of {of}"
    else:
        what = f"{name_of(node)} ({node.role})"
    if node.role == "constant" and not node.shape:
        return what
    shape = f" {shape_words(node)}" if node.shape else ""
    gradient = f", gradient {numbers(node.grad)}" if node.grad is not None else ""
    return f"{what}{shape}: {numbers(node.value)}{gradient}"


def description(trace: Trace) -> str:
    """Tell the whole graph in words: every node in the order of computation."""
    told = [node_words(trace, place) for place in range(min(len(trace.nodes), MOST))]
    more = f" And {len(trace.nodes) - MOST} more." if len(trace.nodes) > MOST else ""
    return f"{len(trace.nodes)} nodes in the order of computation. {'; '.join(told)}.{more}"
