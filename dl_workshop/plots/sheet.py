"""A drawing sheet for diagrams: everything is placed in drawing units, and the whole is scaled to its Axes at the end.

One unit is one inch at full size. Text and line widths shrink with the drawing, so what does not overlap at one
size does not overlap at any other.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from dl_workshop.display.palette import COLOURS, GREEN, ORANGE
from dl_workshop.plots.style import diverging, figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.text import Text

    from dl_workshop.plots.layers import Layer

NAME, TEXT, NUMBER = 0.20, 0.17, 0.15  # text heights in units
MARGIN = 0.15

# What a mark stands for, the same in every diagram: (edge, pale fill).
ROLES = {
    "data": (COLOURS["data"], "#dcebf5"),
    "params": (ORANGE, "#fdf3dc"),
    "hidden": (COLOURS["muted"], "#f3f4f6"),
    "output": (GREEN, "#d9f0e8"),
}
SIGNS = diverging(COLOURS["negative"], COLOURS["positive"])


def start(ax: "Axes | None" = None) -> tuple["Axes", bool]:
    """Give an empty Axes to draw on, and whether it is ours (its figure then takes the size of the drawing)."""
    own = ax is None
    if ax is None:
        fig = figure()
        fig.set_layout_engine("none")
        ax = fig.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    return ax, own


def finish(ax: "Axes", own: bool, size: float = 0.85, widest: float = 11.5) -> "Axes":
    """Scale what was drawn into the Axes, letters and lines with it, and keep circles round.

    The drawing stands in the middle, or at the left of Axes whose anchor is "W".
    """
    x0, y0, x1, y1 = ax.dataLim.extents
    width, height = x1 - x0 + 2 * MARGIN, y1 - y0 + 2 * MARGIN
    if own:
        scale = min(size, widest / width)
        ax.figure.set_size_inches(scale * width, scale * height)  # type: ignore[union-attr]  # ours is no SubFigure
    box = ax.get_window_extent()
    inches_wide, inches_high = box.width / ax.figure.dpi, box.height / ax.figure.dpi
    scale = min(inches_wide / width, inches_high / height, 1.0)
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    ax.set_aspect("equal")
    left = x0 - MARGIN if ax.get_anchor() == "W" else middle_x - inches_wide / scale / 2
    ax.set_xlim(left, left + inches_wide / scale)
    ax.set_ylim(middle_y - inches_high / scale / 2, middle_y + inches_high / scale / 2)
    for text in ax.texts:
        text.set_fontsize(float(text.get_fontsize()) * scale)
    marks: list[Line2D | Patch] = [*ax.lines, *ax.patches]
    for mark in marks:
        mark.set_linewidth(mark.get_linewidth() * scale)
    for line in ax.lines:
        line.set_markersize(line.get_markersize() * scale)
    return ax


@lru_cache(maxsize=4096)
def text_width(words: str, size: float, weight: str = "normal") -> float:
    """Give the width of one line of text in units."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    if not words.strip():
        return 0.0
    return TextPath((0, 0), words, size=72 * size, prop=FontProperties(weight=weight)).get_extents().width / 72


def write(
    ax: "Axes",
    x: float,
    y: float,
    words: str,
    size: float = TEXT,
    colour: str = "ink",
    ha: str = "center",
    va: str = "center",
    **kwargs: Any,
) -> "Text":
    """Write one line of text, and let the sheet grow to hold it. Returns the Text."""
    width, height = text_width(words, size), 1.3 * size
    left = x - {"left": 0, "center": width / 2, "right": width}[ha]
    low = y - {"bottom": 0, "center": height / 2, "top": height}[va]
    ax.update_datalim([(left, low), (left + width, low + height)])
    return ax.text(x, y, words, fontsize=72 * size, color=COLOURS.get(colour, colour), ha=ha, va=va, **kwargs)


def circle(ax: "Axes", x: float, y: float, role: str, radius: float, gid: str) -> "Patch":
    """Draw a value that flows through the model as a circle in the colours of its role."""
    from matplotlib.patches import Circle

    edge, fill = ROLES[role]
    return ax.add_patch(Circle((x, y), radius, facecolor=fill, edgecolor=edge, linewidth=2.2, zorder=3, gid=gid))


def box(
    ax: "Axes", x: float, y: float, width: float, height: float, role: str, fill: Any = None, gid: str | None = None
) -> "Patch":
    """Draw a rectangle centred at (x, y) in the colours of its role."""
    from matplotlib.patches import Rectangle

    edge, pale = ROLES[role]
    return ax.add_patch(
        Rectangle(
            (x - width / 2, y - height / 2),
            width,
            height,
            facecolor=fill or pale,
            edgecolor=edge,
            linewidth=2.2,
            zorder=2,
            gid=gid,
        )
    )


def tint(value: float, largest: float) -> tuple[float, float, float, float]:
    """Give the colour of a param: towards one colour when positive, the other when negative, pale near 0."""
    return SIGNS(0.5 + 0.5 * 0.8 * value / (largest or 1.0))


def number(value: float) -> str:
    """Give a number in few digits, with a decimal point: 2.0, 20.0, −0.7, 0.004."""
    size = abs(float(value))
    if size >= 100:
        words = f"{value:.0f}" if size < 1e4 else f"{value:.0e}"
    elif size >= 0.01:
        words = f"{value:.2f}".rstrip("0")
        words += "0" if words.endswith(".") else ""
    else:
        words = f"{value:.1g}" if size else "0.0"
    return words.replace("-", "−")


def largest(layers: "Sequence[Layer]") -> float:
    """Give the largest |value| of all params: the full width or colour of a diagram."""
    return max(float(np.max(np.abs(a))) for layer in layers for a in (layer.w, layer.b) if a is not None) or 1.0


def role_of(position: int, count: int) -> str:
    """Give the role of value number `position` of `count`: the data, something hidden, the output."""
    return "data" if position == 0 else "output" if position == count - 1 else "hidden"
