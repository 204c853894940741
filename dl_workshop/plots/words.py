"""What a picture shows, in words read off the picture itself: for those who hear it, and where it cannot be shown.

Curves, points, bars and maps are read from what stands on the Axes when it is shown, so that what a learner adds is
told too. A drawing whose marks mean more than their places (a net, a landscape, digits) says so itself, with `say`.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

from dl_workshop.plots.marks_in_words import marks_in_words
from dl_workshop.plots.phrases import capital, plain

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

# {Axes or Figure: [(words, the marks that they stand for)]}: forgotten when a picture is
_SAID: WeakKeyDictionary = WeakKeyDictionary()


def say(picture: "Axes | Figure", words: str, marks: "Iterable[Artist] | None" = None) -> None:
    """Tell in words what stands on an Axes, or on a Figure as a whole: these marks, or all that are there by now.

    Marks that are added later are read.
    """
    _SAID.setdefault(picture, []).append((words, WeakSet(marks or _marks(picture))))


def words_of(figure: "Figure") -> str:
    """Tell what a Figure shows: a sentence or a few for each Axes, with their titles where there are several."""
    if figure in _SAID:
        return " ".join(words for words, _ in _SAID[figure])
    shown = [ax for ax in figure.axes if ax.get_visible() and not hasattr(ax, "_colorbar")]  # a bar's own Axes
    title = plain(figure.get_suptitle())
    told = [f"{capital(title)}." if title else "", *(_of_axes(ax, alone=len(shown) == 1) for ax in shown)]
    return " ".join(filter(None, told)) or "An empty picture."


def _of_axes(ax: "Axes", alone: bool) -> str:
    """Tell what stands on one Axes: its title, what is drawn against what, then each mark."""
    said = _SAID.get(ax, [])
    parts = [words for words, _ in said]
    read = marks_in_words(ax, [mark for mark in _marks(ax) if not any(mark in marks for _, marks in said)])
    if read:
        over = _axes_words(ax) if alone or ax.get_ylabel() else ""  # of panels in a row the first names its axis
        parts.append(capital(f"{over}: {'; '.join(read)}." if over else f"{'; '.join(read)}."))
    title = plain(ax.get_title())
    if title and parts and title.lower() not in parts[0].lower():
        parts.insert(0, f"{capital(title)}.")
    return " ".join(parts)


def _axes_words(ax: "Axes") -> str:
    """Say what is drawn against what: "loss (logarithmic) against step"."""

    def name(label: str, axis: "Axis") -> str:
        label = plain(label)
        return f"{label} (logarithmic)" if label and axis.get_scale() == "log" else label

    x, y = name(ax.get_xlabel(), ax.xaxis), name(ax.get_ylabel(), ax.yaxis)
    return f"{y} against {x}" if x and y else f"over {x}" if x else ""


def _marks(picture: "Axes | Figure") -> "list[Artist]":
    several = picture.axes if isinstance(picture.axes, list) else [picture]  # a Figure has a list of them
    return [mark for ax in several for mark in ax.get_children()]
