"""Where the boxes and lines of a graph are on the page, for the browser to draw; and the same as a still picture."""

from dl_workshop.graph.drawing.bands import in_bands
from dl_workshop.graph.drawing.boxes import (
    PAD,
    SIGN,
    SMALL,
    TEXT,
    TITLE,
    again_words,
    content,
    height,
    lines,
    map_width,
    row_height,
    width,
)
from dl_workshop.graph.drawing.describe import node_words, own_rule
from dl_workshop.graph.drawing.draw import MARGIN, draw, edge_label, stub
from dl_workshop.graph.drawing.layout import PORT
from dl_workshop.graph.drawing.marks import MOST_CELLS, level_colour, text_width
from dl_workshop.graph.drawing.svg import paths

WIDE = 900  # pixels of a panel on a small screen
WIDEST = {"number": "−0.01234", "range": "−0.0012…0.0012", "few": "[−0.12 −0.12 −0.12]", "factor": "×−0.123"}


def still(trace, numbers_only=False):
    """Give what the browser draws: places, which stand still while numbers move; or the numbers alone."""
    rows = [content(node, "gradients") for node in trace.nodes]
    if numbers_only:
        return {
            "rows": [
                [
                    {"kind": kind, "words": words, "map": colours(more) if kind != "title" else None}
                    for kind, words, more in one
                ]
                for one in rows
            ],
            "labels": [edge_label(trace, edge) for edge in trace.edges],
            "told": [node_words(trace, place) for place in range(len(trace.nodes))],
        }
    roomy = [[with_room(node, row) for row in one] for node, one in zip(trace.nodes, rows, strict=True)]
    sizes = [
        (width(one), max(height(one), PORT * len(node.inputs))) for node, one in zip(trace.nodes, roomy, strict=True)
    ]
    labels = [edge_label(trace, edge) for edge in trace.edges]
    labels = [max(label, WIDEST["factor"], key=len) if label else "" for label in labels]
    stand_ins = [(text_width(again_words(node), TEXT) + 2 * PAD, TITLE) for node in trace.nodes]
    room = [text_width(label, SMALL) + 18 if label else 0 for label in labels]
    layout, again, go_on = in_bands(sizes, [(edge.start, edge.end) for edge in trace.edges], room, WIDE, stand_ins)
    return {
        "width": layout.width + 2 * MARGIN,
        "height": layout.height + 2 * MARGIN,
        "margin": MARGIN,
        "code": trace.code.split("\n") if trace.code else [],
        "nodes": [node_place(node, box, one) for node, box, one in zip(trace.nodes, layout.boxes, roomy, strict=True)],
        "edges": [
            {
                "start": edge.start,
                "end": edge.end,
                "paths": paths(route),
                "tip": route[-1],
                "rule": own_rule(trace, edge),
            }
            for edge, route in zip(trace.edges, layout.routes, strict=True)
        ],
        "again": [{"node": node, "box": list(box), "words": again_words(trace.nodes[node])} for node, box in again],
        "go_on": [paths(stub(layout.boxes[node])) for node in go_on],
    }


def node_place(node, box, rows):
    """Give where a node and each of its rows are."""
    return {
        "name": node.name,
        "role": node.role,
        "box": list(box),
        "rows": [
            {
                "kind": kind,
                "x": box.x + PAD + (SIGN if kind == "gradient" else 0),
                "y": base,
                "top": top + 3,
                "high": row_height(kind, more) - 6,
                "beside": more if kind == "title" else "",
            }
            for kind, _, more, top, base in lines(box, rows)
        ],
    }


def with_room(node, row):
    """Widen a row to the longest that its words may become."""
    kind, words, more = row
    if kind not in ("value", "gradient"):
        return row
    if node.value.ndim == 0:
        return kind, max(words, WIDEST["number"], key=len), more
    if node.value.size <= 3:
        return kind, max(words, WIDEST["few"][: 7 * node.value.size + 1], key=len), more
    table = [[0] * min(node.shape[-1], MOST_CELLS[1])]
    return kind, max(words, WIDEST["range"], key=len), more or table


def colours(table):
    """Give a small map as colours, with the width it is drawn in; None where there is none."""
    return (
        {"width": map_width(table), "cells": [[level_colour(level) for level in row] for row in table]}
        if table
        else None
    )


def picture(trace, shown):
    """Draw the whole graph with matplotlib, for where no kernel runs; a ring is around the node that is told of."""
    about = shown.get("about")
    drawing = draw(trace, marked=() if about is None else trace.nodes[about["node"]].name)
    return drawing.figure()
