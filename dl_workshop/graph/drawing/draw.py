"""Draw a traced function: a box for every node with its value and its gradient, and how gradients flow back."""

import os
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.graph.drawing import png
from dl_workshop.graph.drawing.bands import Bands, in_bands
from dl_workshop.graph.drawing.boxes import (
    PAD,
    SMALL,
    TEXT,
    TITLE,
    Row,
    again_marks,
    again_words,
    box_mark,
    content,
    height,
    node_marks,
    width,
)
from dl_workshop.graph.drawing.describe import description, number, numbers, own_rule
from dl_workshop.graph.drawing.layout import PORT, Box
from dl_workshop.graph.drawing.marks import GRADIENT, MUTED, Curve, Group, Mark, Rectangle, Route, Words, text_width
from dl_workshop.graph.drawing.svg import svg
from dl_workshop.graph.tracing.nodes import Edge, Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DETAILS = ("names", "shapes", "values", "gradients")
MARGIN = 14
LONGEST = 9  # letters of a factor on an edge
WIDE = 980  # pixels: what fits beside JupyterLab's margins on a small screen


class Drawing(str):
    """A drawn graph: the SVG itself, as text, which shows itself in a notebook.

    `.save("loss.svg")` or `.save("loss.png")` keeps it.
    """

    marks: list[Mark]
    width: float
    height: float
    alt: str

    def __new__(cls, text: str, marks: list[Mark], width: float, height: float, alt: str) -> "Drawing":
        """Make it of the SVG's text, what was drawn, and its words."""
        made = super().__new__(cls, text)
        made.marks, made.width, made.height, made.alt = marks, width, height, alt
        return made

    def __repr__(self) -> str:
        """Give the graph in words."""
        return self.alt

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """Give SVG and words. As HTML, so that a graph wider than the page scrolls."""
        return {
            "text/html": f'<div style="overflow-x: auto">{self}</div>',
            "image/svg+xml": str(self),
            "text/plain": self.alt,
        }

    def figure(self) -> "Figure":
        """Give the same picture as a matplotlib Figure."""
        return png.figure(self.marks, self.width, self.height)

    def save(self, path: str | os.PathLike, *, scale: float = 2) -> str | os.PathLike:
        """Write an SVG or, with matplotlib, a PNG, and give its path.

        `scale` is how many pixels of the PNG one pixel of the drawing is wide.
        Raises: LearnerError if the name ends in something else.
        """
        kind = str(path).lower().rpartition(".")[2]
        if kind == "svg":
            with open(path, "w", encoding="utf-8") as file:
                file.write(str(self))
        elif kind == "png":
            figure = self.figure()
            figure.savefig(path, dpi=scale * figure.dpi, metadata={"Description": self.alt})
        else:
            raise LearnerError(
                f"A drawing is saved as .svg or .png, not {escape(str(path))}: "
                'write for example drawing.save("loss.svg").'
            )
        return path


def draw(
    trace: Trace, *, detail: str = "gradients", key: bool = True, marked: Iterable[str] = (), wide: int = WIDE
) -> Drawing:
    """Draw a trace, `graph.draw(graph.trace(loss, params, model, x, y))`, from the inputs at the left to the loss.

    detail: "names" (operations alone), "shapes", "values" (shapes too), or "gradients" (values too): the gradient of
    the result under every value, and on an edge the local derivative by which it is multiplied on its way back.
    `key` explains the signs; `marked` are names of nodes to draw a ring around. A graph that is more than `wide` pixels
    wide goes on in the next band below, at boxes with a broken outline that stand for what was computed above.
    Gives the SVG, a string that shows itself in a notebook and has `.save("loss.svg")` and `.save("loss.png")`.
    Raises: LearnerError for an unknown detail or name.
    """
    if detail not in DETAILS:
        raise LearnerError(f"detail={detail!r} is unknown: write one of {', '.join(map(repr, DETAILS))}.")
    unknown = {marked} if isinstance(marked, str) else set(marked or ())
    unknown, marked = unknown - {node.name for node in trace.nodes}, unknown
    if unknown:
        raise LearnerError(
            f"There is no node {', '.join(sorted(unknown))} to mark: this graph has "
            f"{', '.join(node.name for node in trace.nodes)}."
        )
    contents = [content(node, detail) for node in trace.nodes]
    (layout, again, go_on), labels = placed(trace, contents, detail, wide)
    marks: list[Mark] = [
        edge_marks(trace, edge, route, label)
        for edge, route, label in zip(trace.edges, layout.routes, labels, strict=True)
    ]
    marks += [again_marks(trace.nodes[node], box) for node, box in again]
    marks += [Curve(stub(layout.boxes[node])) for node in go_on]
    marks += [
        node_marks(trace, place, layout.boxes[place], rows, trace.nodes[place].name in marked)
        for place, rows in enumerate(contents)
    ]
    width, height = layout.width, layout.height
    if key:
        signs, signs_wide = key_marks(trace, "".join(labels), detail, height + 26)
        marks += signs
        width, height = max(width, signs_wide), height + 34
    marks = [moved(mark, MARGIN) for mark in marks]
    width, height = width + 2 * MARGIN, height + 2 * MARGIN
    title = f"Computational graph of {trace.name}"
    words = description(trace)
    return Drawing(svg(marks, width, height, title, words), marks, width, height, f"{title}. {words}")


def placed(trace: Trace, contents: list[list[Row]], detail: str, wide: float) -> tuple[Bands, list[str]]:
    """Lay the boxes out; give the bands and the label of every edge."""
    labels = [edge_label(trace, edge) if detail == "gradients" else "" for edge in trace.edges]
    entering = [len(node.inputs) for node in trace.nodes]
    sizes = [(width(rows), max(height(rows), PORT * ports)) for rows, ports in zip(contents, entering, strict=True)]
    stand_ins = [(text_width(again_words(node), TEXT) + 2 * PAD, TITLE) for node in trace.nodes]
    return in_bands(
        sizes,
        [(edge.start, edge.end) for edge in trace.edges],
        [text_width(label, SMALL) + 18 if label else 0 for label in labels],
        wide,
        stand_ins,
    ), labels


def edge_label(trace: Trace, edge: Edge) -> str:
    """Give what multiplies the gradient on its way back, short enough for an edge: ×9, ×w, x.T @, ×tanh′; or "".

    Σ stands before it where a value is used for every row: what flows back to it is summed over them.
    """
    start, end = trace.nodes[edge.start], trace.nodes[edge.end]
    if edge.term is None or start.role == "constant":
        return ""
    summed = "Σ" if edge.local is not None and start.value.size < end.value.size else ""
    if not summed and edge.local is not None and edge.local.size and np.ptp(edge.local) == 0:
        return f"×{number(edge.local.flat[0], 3)}"
    rule = own_rule(trace, edge)
    factor = rule.rpartition(" = ")[2]
    if "grad @" in rule or "@ grad" in rule:
        factor = factor.replace("grad", "").strip()
    else:
        factor = f"×{factor}".replace("-", "−") if " = " in rule and " " not in factor and "(" not in factor else ""
    if len(end.inputs) == 1 and (not factor or len(factor) > LONGEST):
        factor = f"×{end.op}′"
    return summed + factor if len(factor) <= LONGEST + 1 else ""


def edge_marks(trace: Trace, edge: Edge, route: Route, label: str) -> Group:
    """Draw an edge, and on it, before its arrow head, its label."""
    start, end = trace.nodes[edge.start], trace.nodes[edge.end]
    marks: list[Mark] = [Curve(route)]
    if label:
        x, y = route[-1]
        wide = text_width(label, SMALL)
        marks += [
            Rectangle(x - 13 - wide, y - 7, wide + 4, 14, fill="#ffffff", thick=0),
            Words(x - 11 - wide, y + 4, label, GRADIENT, SMALL),
        ]
    back = f"; {numbers(edge.term)} flows back" if edge.term is not None else ""
    return Group(marks, f"from {start.name} to {end.name}: {own_rule(trace, edge)}{back}")


def stub(box: Box) -> Route:
    """Give the route of an arrow that says: this goes on in a band below."""
    y = box.y + box.height / 2
    return [(box.x + box.width, y), (box.x + box.width + 18, y)]


def key_marks(trace: Trace, labels: str, detail: str, y: float) -> tuple[list[Mark], float]:
    """Explain the signs below the graph; give the marks and their width."""
    names = {"data": "data", "params": "params", "constant": "constant", "middle": "computed", "loss": "result"}
    marks: list[Mark] = []
    x = 0.0
    for role in (role for role in names if any(node.role == role for node in trace.nodes)):
        marks += [box_mark((x + 2, y - 10, 22, 13), role), Words(x + 30, y, names[role], MUTED, SMALL)]
        x += 30 + text_width(names[role], SMALL) + 20
    if detail == "gradients":
        signs = [("∂", f"gradient of {trace.nodes[trace.output].name}"), ("×", "local derivative")]
        for sign, words in signs + [("Σ", "summed over the rows")] * ("Σ" in labels):
            marks += [Words(x, y, sign, GRADIENT, TEXT, bold=True), Words(x + 14, y, words, MUTED, SMALL)]
            x += 14 + text_width(words, SMALL) + 20
    return marks, x - 20


def moved(mark: Mark, by: float) -> Mark:
    """Give a mark moved by so many pixels to the right and down."""
    if isinstance(mark, Group):
        return mark._replace(marks=[moved(one, by) for one in mark.marks])
    if isinstance(mark, Curve):
        return mark._replace(route=[(x + by, y + by) for x, y in mark.route])
    return mark._replace(x=mark.x + by, y=mark.y + by)
