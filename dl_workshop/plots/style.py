"""One look for every picture: a palette by role, clean Axes, and a way to show a figure with alt text.

Every figure brings its own white paper, so that it stays legible on a dark JupyterLab theme.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.plots.words import words_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colorbar import Colorbar
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.patheffects import AbstractPathEffect

SEQUENTIAL = "cividis"
TITLE, LABEL, SMALL = 13, 12, 10


def figure(width: float = 7.0, height: float = 4.2) -> "Figure":
    """Give a new Figure on white paper, `width` by `height` inches: 7 inches are 700 pixels in JupyterLab."""
    import matplotlib.pyplot as plt
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.09, h_pad=0.09)
    return plt.figure(figsize=(width, height), dpi=100, layout=layout, facecolor=COLOURS["paper"])


def axes(ax: "Axes | None" = None, width: float = 7.0, height: float = 4.2, **kwargs: Any) -> "Axes":
    """Give clean Axes: those passed in, or new ones (`kwargs` go to add_subplot) in a new figure."""
    if ax is None:
        ax = figure(width, height).add_subplot(**kwargs)
    return clean(ax)


def panels(
    rows: int, columns: int, width: float = 7.0, height: float = 4.2, **kwargs: Any
) -> tuple["Figure", np.ndarray]:
    """Give a new Figure and its array of clean Axes (`kwargs` go to Figure.subplots)."""
    fig = figure(width, height)
    axs = fig.subplots(rows, columns, squeeze=False, **kwargs)
    for ax in axs.flat:
        clean(ax)
    return fig, axs


def clean(ax: "Axes") -> "Axes":
    """Take away what is no data: two spines, dark ticks; put a light grid behind. Returns the Axes."""
    ax.set_facecolor(COLOURS["paper"])
    ax.set_axisbelow(True)
    ax.grid(True, color=COLOURS["grid"], linewidth=0.8)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(COLOURS["muted"])
    ax.tick_params(colors=COLOURS["muted"], labelcolor=COLOURS["ink"], labelsize=SMALL, length=3)
    for text, size in ((ax.xaxis.label, LABEL), (ax.yaxis.label, LABEL), (ax.title, TITLE)):
        text.set_fontsize(size)
        text.set_color(COLOURS["ink"])
    return ax


def legend(ax: "Axes", **kwargs: Any) -> "Legend":
    """Add a legend on half-clear white paper, where the data is thinnest. Returns the legend."""
    look = {
        "fontsize": SMALL,
        "frameon": True,
        "framealpha": 0.85,
        "edgecolor": "none",
        "facecolor": COLOURS["paper"],
        "labelcolor": COLOURS["ink"],
    }
    return ax.legend(**(look | kwargs))


def diverging(low: str = COLOURS["class 0"], high: str = COLOURS["class 1"]) -> "Colormap":
    """Give a colormap from `low` through near-white to `high`, for values on both sides of a middle."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("diverging", [low, "#f7f7f7", high])


def ink_on(colour: Any) -> str:
    """Give black or white, whichever reads better on `colour`: a contrast of at least 4.5 (WCAG 2.1)."""
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if luminance > 0.179 else "white"


def outlined(width: float = 2.5) -> "list[AbstractPathEffect]":
    """Give path effects that put a white rim around a line or a text, so that it stands out on any colour."""
    from matplotlib.patheffects import Normal, Stroke

    return [Stroke(linewidth=width, foreground="white"), Normal()]


def colour_bar(ax: "Axes", image: Any, label: str, **kwargs: Any) -> "Colorbar":
    """Put a frameless colour bar beside the Axes. Returns it."""
    bar = ax.figure.colorbar(image, ax=ax, pad=0.03, **kwargs)
    bar.outline.set_visible(False)
    bar.set_label(label, fontsize=LABEL, color=COLOURS["ink"])
    bar.ax.tick_params(colors=COLOURS["muted"], labelcolor=COLOURS["ink"], labelsize=SMALL, length=3)
    return bar


def show(picture: "Axes | Figure", alt: str | None = None) -> None:
    """Show an Axes or a Figure in the notebook, once, with words for those who cannot see it, and close it.

    The words say what is drawn, read off the picture (plots/words.py); `alt` says it in your own. JupyterLab drops
    the alt text of a PNG output, so the picture goes out as an HTML <img> too, which keeps it.
    Raises: LearnerError if `alt` is empty or no text, or `picture` is neither an Axes nor a Figure.
    """
    import base64
    import html
    import io

    import matplotlib.pyplot as plt
    from IPython.display import display
    from matplotlib.figure import Figure

    fig = picture if isinstance(picture, Figure) else getattr(picture, "figure", None)
    if not isinstance(fig, Figure):
        raise LearnerError(
            f"plots.show got {type(picture).__name__}, not a picture. Give it what a plots function "
            "returned: plots.show(plots.data(x, y))."
        )
    if alt is not None and not (isinstance(alt, str) and alt.strip()):
        raise LearnerError(
            "alt is for those who cannot see the picture, and this one is empty. Leave it out, and "
            'the picture is told from what is drawn, or write plots.show(ax, alt="A rising line").'
        )
    alt = words_of(fig) if alt is None else alt
    file = io.BytesIO()
    fig.savefig(file, format="png", dpi=2 * fig.dpi, facecolor=fig.get_facecolor())  # twice: sharp on any screen
    plt.close(fig)
    png = base64.b64encode(file.getvalue()).decode()
    width, height = (round(inches * fig.dpi) for inches in fig.get_size_inches())
    img = f'<img src="data:image/png;base64,{png}" alt="{html.escape(alt)}" width="{width}">'
    display(
        {"image/png": png, "text/html": img, "text/plain": alt},
        raw=True,
        metadata={"image/png": {"width": width, "height": height, "alt": alt}},
    )
