"""What a drawn graph is made of: rectangles, words, curves and small maps, each with its place in pixels.

The SVG and the PNG are made of the same marks. y grows downwards.
"""

from typing import NamedTuple

import numpy as np

# Okabe and Ito's colours by role, as in all plots: the line of a box and its pale paper.
ROLES = {
    "data": ("#0072b2", "#e4f0f8"),
    "params": ("#b87800", "#fdf3dc"),
    "constant": ("#8a929b", "#ffffff"),
    "middle": ("#8a929b", "#f6f7f9"),
    "loss": ("#d55e00", "#fcebe0"),
}
INK, MUTED, PAPER, EDGE = "#24292f", "#57606a", "#ffffff", "#8a929b"
GRADIENT = "#00694b"  # the green of gradients in all plots, dark enough for small letters
LOW, MIDDLE, HIGH = "#0072b2", "#f7f7f7", "#d55e00"
LEVELS = 10  # of colour on each side of zero
MOST_CELLS = (8, 14)  # rows and columns of a small map; a larger array is shown by entries evenly apart

LETTER = 0.602  # width of any letter of a monospaced font, in its size


Point = tuple[float, float]
Route = list[Point]
Levels = list[list[int | None]]


class Rectangle(NamedTuple):
    """A box. round: radius of its corners.  dashed, double: its outline, told apart without colours."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "none"
    line: str = "none"
    thick: float = 1.2
    round: float = 0.0
    dashed: bool = False
    double: bool = False


class Words(NamedTuple):
    """One line of words; (x, y) is the left, middle or right end of its base line."""

    x: float
    y: float
    text: str
    colour: str = INK
    size: float = 12.0
    bold: bool = False
    anchor: str = "start"


class Curve(NamedTuple):
    """An edge along a route: level between points 0-1, 2-3, ..., bent between. It ends in an arrow head."""

    route: Route
    colour: str = EDGE
    thick: float = 1.3


class Cells(NamedTuple):
    """A small map: a table of levels from -LEVELS to LEVELS, None where there is no finite number."""

    x: float
    y: float
    width: float
    height: float
    levels: Levels


class Group(NamedTuple):
    """Marks that belong together, for a node or an edge, and the words told when the pointer rests on them."""

    marks: "list[Mark]"
    told: str


Mark = Rectangle | Words | Curve | Cells | Group


def text_width(text: str, size: float = 12.0) -> float:
    """Give the width of words in a monospaced font."""
    return len(text) * LETTER * size


def levels(array: np.ndarray) -> Levels:
    """Give an array as a small table of colour levels: one row for a vector, a row for every row of a table.

    Zero is in the middle. Entries of a larger array are picked evenly; further axes are laid out below each other.
    """
    array = np.asarray(array, float)
    table = array.reshape(1, -1) if array.ndim < 2 else array.reshape(-1, array.shape[-1])
    rows, columns = (
        np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int)) if n else np.zeros(0, int)
        for n, most in zip(table.shape, MOST_CELLS, strict=True)
    )
    finite = np.isfinite(table)
    top = float(np.abs(table[finite]).max(initial=0)) or 1.0
    return [[round(LEVELS * table[i, j] / top) if finite[i, j] else None for j in columns] for i in rows]


def level_colour(level: int | None) -> str:
    """Give the colour of a level: towards blue below zero, vermilion above, grey where there is no number."""
    if level is None:
        return "#57606a"
    share, end = abs(level) / LEVELS, HIGH if level > 0 else LOW
    mixed = [round(int(MIDDLE[i : i + 2], 16) * (1 - share) + int(end[i : i + 2], 16) * share) for i in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def bends(route: Route) -> tuple[Point, list[Route]]:
    """Give an edge as the point it starts from and its pieces: level ones (1 point) and bent ones (3 points, cubic)."""
    pieces = []
    for i, (x, y) in enumerate(route[1:], start=1):
        if i % 2:
            pieces.append([(x, y)])
        else:
            (x0, y0), half = route[i - 1], (x - route[i - 1][0]) / 2
            pieces.append([(x0 + half, y0), (x - half, y), (x, y)])
    return route[0], pieces


def outlines(mark: Rectangle) -> list[Rectangle]:
    """Give the rectangles that a mark is drawn as: two, one within the other, for a double line."""
    if not mark.double:
        return [mark]
    return [
        mark,
        mark._replace(
            x=mark.x + 3,
            y=mark.y + 3,
            width=mark.width - 6,
            height=mark.height - 6,
            fill="none",
            thick=0.8,
            round=max(mark.round - 3, 0),
        ),
    ]
