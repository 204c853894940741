"""The marks of a graph as SVG, in plain text: no Graphviz, no font files, no scripts."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha256
from html import escape

from dl_workshop.graph.drawing.marks import (
    PAPER,
    Cells,
    Curve,
    Group,
    Mark,
    Rectangle,
    Route,
    Words,
    bends,
    level_colour,
    outlines,
)

FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
SMALLEST = 0.72  # of its natural size; in a narrower place it scrolls sideways


def svg(marks: Sequence[Mark], width: float, height: float, title: str, description: str) -> str:
    """Give the SVG of marks on paper of its own, legible on light and dark pages, with a text alternative."""
    name = "graph-" + sha256(repr((marks, description)).encode()).hexdigest()[:10]
    w, h = places(width), places(height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{FONT}" '
        f'style="max-width: 100%; min-width: {places(SMALLEST * width)}px; height: auto">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-desc">{escape(description)}</desc>\n'
        f'<rect width="{w}" height="{h}" rx="6" fill="{PAPER}"/>\n' + "".join(map(drawn, marks)) + "</svg>\n"
    )


def drawn(mark: Mark) -> str:
    """Give one mark as SVG."""
    kinds: dict[type, Callable] = {Rectangle: rectangle, Words: words, Curve: curve, Cells: cells, Group: group}
    return kinds[type(mark)](mark)


def group(mark: Group) -> str:
    """Give a group, with its words as a tooltip."""
    return f"<g><title>{escape(mark.told)}</title>\n{''.join(map(drawn, mark.marks))}</g>\n"


def rectangle(mark: Rectangle) -> str:
    """Give a rectangle, or two for a double line."""
    return "".join(
        f'<rect x="{places(one.x)}" y="{places(one.y)}" width="{places(one.width)}" height="{places(one.height)}" '
        f'rx="{places(one.round)}" fill="{one.fill}" stroke="{one.line}" stroke-width="{places(one.thick)}"'
        f"{' stroke-dasharray=' + chr(34) + '4 3' + chr(34) if one.dashed else ''}/>\n"
        for one in outlines(mark)
    )


def words(mark: Words) -> str:
    """Give a line of words."""
    bold = ' font-weight="bold"' if mark.bold else ""
    anchor = "" if mark.anchor == "start" else f' text-anchor="{mark.anchor}"'
    return (
        f'<text x="{places(mark.x)}" y="{places(mark.y)}" font-size="{places(mark.size)}" fill="{mark.colour}"'
        f'{bold}{anchor} xml:space="preserve">{escape(mark.text)}</text>\n'
    )


def curve(mark: Curve) -> str:
    """Give an edge with its arrow head."""
    line, head = paths(mark.route)
    return (
        f'<path d="{line}" fill="none" stroke="{mark.colour}" stroke-width="{places(mark.thick)}"/>'
        f'<path d="{head}" fill="{mark.colour}"/>\n'
    )


def paths(route: Route) -> tuple[str, str]:
    """Give the paths of an edge and of its arrow head."""
    (x, y), pieces = bends(route)
    line = f"M{places(x)} {places(y)}"
    for piece in pieces:
        line += ("L" if len(piece) == 1 else "C") + " ".join(f"{places(x)} {places(y)}" for x, y in piece)
    x, y = route[-1]
    return line, f"M{places(x)} {places(y)}l-7 -3.5v7z"


def cells(mark: Cells) -> str:
    """Give a small map: one path for all cells of a colour."""
    rows, columns = len(mark.levels), len(mark.levels[0])
    w, h = mark.width / columns, mark.height / rows
    painted: dict[str, str] = defaultdict(str)
    for i, row in enumerate(mark.levels):
        for j, level in enumerate(row):
            painted[level_colour(level)] += (
                f"M{places(mark.x + j * w)} {places(mark.y + i * h)}h{places(w)}v{places(h)}h-{places(w)}z"
            )
    frame = (
        f'<rect x="{places(mark.x)}" y="{places(mark.y)}" width="{places(mark.width)}" '
        f'height="{places(mark.height)}" fill="none" stroke="#57606a" stroke-width="0.6"/>\n'
    )
    return "".join(f'<path d="{path}" fill="{colour}"/>' for colour, path in painted.items()) + frame


def places(number: float) -> str:
    """Give a length in as few digits as the eye needs."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
