"""The boxes of a drawn graph: what stands in them, how large they are, and the outline that tells their role."""

from typing import Any

import numpy as np

from dl_workshop.graph.drawing.describe import FEW, name_of, node_words, numbers, shape_words
from dl_workshop.graph.drawing.layout import Box
from dl_workshop.graph.drawing.marks import (
    EDGE,
    GRADIENT,
    INK,
    MUTED,
    ROLES,
    Cells,
    Group,
    Mark,
    Rectangle,
    Words,
    levels,
    text_width,
)
from dl_workshop.graph.tracing.nodes import Node, Trace, is_named

Row = tuple[str, str, Any]  # what kind of row, its words, and what stands beside them: words, or a small map

PAD, TITLE, ROW, MAP_ROW, GAP, SIGN = 8, 20, 15, 21, 5, 11
NAME, TEXT, SMALL = 12.5, 11.0, 10.5  # pixels: names, what stands below them, words on edges and in the key


def content(node: Node, detail: str) -> list[Row]:
    """Give what stands in a node's box, as rows (kind, words, array)."""
    beside = node.op if node.inputs and is_named(node) else node.role if node.role in ("params", "data") else ""
    if node.role == "constant" and not node.shape:
        return [("title", name_of(node), "")]
    rows: list[Row] = [("title", node.name, beside)]
    if detail != "names" and (node.shape or detail == "shapes"):
        rows.append(("shape", shape_words(node) or "one number", None))
    if detail in ("values", "gradients"):
        rows.append(("value", numbers(node.value, 3 if node.value.ndim == 0 else 2), in_map(node.value)))
    if detail == "gradients" and node.grad is not None:
        rows.append(("gradient", numbers(node.grad, 3 if node.grad.ndim == 0 else 2), in_map(node.grad)))
    return rows


def in_map(array: np.ndarray) -> list | None:
    """Give an array that is better seen than read as a table of colour levels; None for few numbers."""
    array = np.asarray(array, float)
    return None if array.ndim == 0 or array.size <= FEW or np.ptp(array) == 0 else levels(array)


def width(rows: list[Row]) -> float:
    """Give the width of a box that holds these rows."""
    wide = []
    for kind, words, more in rows:
        if kind == "title":
            wide.append(text_width(words, NAME) + (text_width(more, SMALL) + 10 if more else 0))
        else:
            wide.append(text_width(words, TEXT) + (map_width(more) + GAP if more else 0) + SIGN * (kind == "gradient"))
    return max(wide) + 2 * PAD


def height(rows: list[Row]) -> float:
    """Give the height of a box that holds these rows."""
    return sum(row_height(kind, more) for kind, _, more in rows) + 9


def row_height(kind: str, more: Any) -> float:
    """Give the height of one row: a small map needs more than words."""
    return TITLE if kind == "title" else MAP_ROW if more else ROW


def lines(box: Box, rows: list[Row]) -> list[tuple[str, str, Any, float, float]]:
    """Give each row with its upper edge and its base line, all together in the middle of the box."""
    top, placed = box.y + 3 + (box.height - height(rows)) / 2, []
    for kind, words, more in rows:
        placed.append((kind, words, more, top, top + row_height(kind, more) / 2 + 4))
        top += row_height(kind, more)
    return placed


def map_width(table: list) -> float:
    """Give the width of a small map: square-ish cells, but wide enough to be seen."""
    return min(max(6 * len(table[0]), 10), 28)


def node_marks(trace: Trace, place: int, box: Box, rows: list[Row], ring: bool) -> Group:
    """Draw a node: its box in the manner of its role, and its rows."""
    node = trace.nodes[place]
    around = Rectangle(box.x - 5, box.y - 5, box.width + 10, box.height + 10, line=INK, thick=3, round=9)
    marks: list[Mark] = [around] if ring else []
    marks.append(box_mark(box, node.role))
    for kind, words, more, top, base in lines(box, rows):
        left, high = box.x + PAD, row_height(kind, more)
        if kind == "title":
            marks.append(Words(left, base, words, size=NAME, bold=True))
            if more:
                marks.append(Words(box.x + box.width - PAD, base, more, MUTED, SMALL, anchor="end"))
        else:
            colour = {"shape": MUTED, "value": INK, "gradient": GRADIENT}[kind]
            if kind == "gradient":
                marks.append(Words(left, base, "∂", GRADIENT, TEXT, bold=True))
                left += SIGN
            if more:
                marks.append(Cells(left, top + 3, map_width(more), high - 6, more))
                left += map_width(more) + GAP
            marks.append(Words(left, base, words, colour, TEXT))
    line = f"\nline {node.line_number}: {node.line}" if node.line else ""
    return Group(marks, node_words(trace, place) + line)


def box_mark(box: tuple[float, float, float, float], role: str) -> Rectangle:
    """Give the outline of a role, which differs in more than colour: params are round, the loss is double."""
    line, fill = ROLES[role]
    return Rectangle(
        *box,
        fill,
        line,
        thick={"params": 2, "data": 2, "loss": 1.6}.get(role, 1.2),
        round={"params": 13, "middle": 4, "loss": 4}.get(role, 0),
        dashed=role == "constant",
        double=role == "loss",
    )


def again_words(node: Node) -> str:
    """Give what stands in a stand-in."""
    return f"↳ {name_of(node)}"


def again_marks(node: Node, box: Box) -> Group:
    """Draw a stand-in, from which a band goes on with what was computed above."""
    marks: list[Mark] = [
        Rectangle(*box, fill="#ffffff", line=EDGE, round=4, dashed=True, thick=1),
        Words(box.x + PAD, box.y + box.height / 2 + 4, again_words(node), size=TEXT),
    ]
    return Group(marks, f"{name_of(node)}, computed above")
