"""The marks of a graph drawn with matplotlib, for a PNG: the same picture as the SVG."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dl_workshop.graph.drawing.marks import (
    PAPER,
    Cells,
    Curve,
    Group,
    Mark,
    Rectangle,
    Words,
    bends,
    level_colour,
    outlines,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 100


def figure(marks: Sequence[Mark], width: float, height: float) -> "Figure":
    """Give a matplotlib Figure of the marks; one pixel of the layout is a 100th of an inch."""
    from matplotlib.figure import Figure

    fig = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    ax.set_axis_off()
    for mark in marks:
        put(ax, mark)
    return fig


def put(ax: "Axes", mark: Mark) -> None:
    """Draw one mark."""
    from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
    from matplotlib.path import Path

    point = 72 / DPI  # of a pixel
    if isinstance(mark, Group):
        for one in mark.marks:
            put(ax, one)
    elif isinstance(mark, Rectangle):
        for one in outlines(mark):
            ax.add_patch(
                FancyBboxPatch(
                    (one.x, one.y),
                    one.width,
                    one.height,
                    boxstyle=f"round,pad=0,rounding_size={min(one.round, one.height / 2)}",
                    facecolor=one.fill,
                    edgecolor=one.line,
                    linewidth=one.thick * point,
                    linestyle=(0, (4, 3)) if one.dashed else "-",
                )
            )
    elif isinstance(mark, Words):
        ax.text(
            mark.x,
            mark.y,
            mark.text,
            color=mark.colour,
            fontsize=mark.size * point,
            family="DejaVu Sans Mono",
            ha={"start": "left", "middle": "center", "end": "right"}[mark.anchor],
            va="baseline",
            weight="bold" if mark.bold else "normal",
            parse_math=False,
        )
    elif isinstance(mark, Curve):
        start, pieces = bends(mark.route)
        points, codes = [start], [Path.MOVETO]
        for piece in pieces:
            points += piece
            codes += [Path.LINETO] if len(piece) == 1 else [Path.CURVE4] * 3
        ax.add_patch(PathPatch(Path(points, codes), fill=False, edgecolor=mark.colour, linewidth=mark.thick * point))
        x, y = mark.route[-1]
        ax.add_patch(Polygon([(x, y), (x - 7, y - 3.5), (x - 7, y + 3.5)], facecolor=mark.colour, edgecolor="none"))
    elif isinstance(mark, Cells):
        colours = [
            [[int(level_colour(level)[i : i + 2], 16) for i in (1, 3, 5)] for level in row] for row in mark.levels
        ]
        ax.imshow(
            colours,
            extent=(mark.x, mark.x + mark.width, mark.y + mark.height, mark.y),
            aspect="auto",
            interpolation="nearest",
            zorder=2,
        )
        put(ax, Rectangle(mark.x, mark.y, mark.width, mark.height, line="#57606a", thick=0.6))
