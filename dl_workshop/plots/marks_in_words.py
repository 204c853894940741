"""Curves, points, bars and maps in words, read off what stands on an Axes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dl_workshop.plots.phrases import counted, listed, near, number, plain

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.collections import LineCollection, PathCollection
    from matplotlib.contour import ContourSet
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D

FEW = 5  # so many points or bars are told one by one
MANY = 6  # so many curves are told together
UNJOINED = ("None", "none", " ", "")
PATH = "path"  # the gid of a line that is a path in the plane, and no curve over x


def marks_in_words(ax: "Axes", marks: Sequence["Artist"]) -> list[str]:
    """Tell the marks of an Axes, maps first, then points, curves and bars."""
    from matplotlib.collections import LineCollection, PathCollection
    from matplotlib.container import BarContainer
    from matplotlib.contour import ContourSet
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D

    def of(kind: type) -> list[Any]:
        return [mark for mark in marks if isinstance(mark, kind) and mark.get_visible()]

    lines = of(Line2D)
    ends = {end for line in lines if len(line.get_xdata()) > 1 for end in _ends(line)}
    curves = [line for line in lines if not _is_reference(ax, line) and not _is_ornament(line, ends)]
    bars = [bars for bars in ax.containers if isinstance(bars, BarContainer) and any(patch in marks for patch in bars)]
    return [
        *map(_map, of(AxesImage)),
        *filter(None, map(_contours, of(ContourSet))),
        *filter(None, map(_points, of(PathCollection))),
        *_segments(of(LineCollection)),
        *(_curves(curves) if len(curves) > MANY else map(_curve, curves)),
        *(_reference(ax, line) for line in lines if _is_reference(ax, line)),
        *filter(None, (_bars(ax, one) for one in bars)),
    ]


def _called(mark: "Artist") -> str:
    label = str(mark.get_label())
    return "" if label.startswith("_") else plain(label)


def _is_reference(ax: "Axes", line: "Line2D") -> bool:
    """Tell a line that runs right across, at one height or place, from a curve."""
    return not all(line.get_transform().contains_branch_seperately(ax.transData))


def _is_ornament(line: "Line2D", ends: set[tuple[float, float]]) -> bool:
    """Tell a dot that only marks a place of something else: an end of a curve, or a place without a name."""
    if np.size(line.get_xdata()) > 2 or line.get_linestyle() not in UNJOINED:
        return False
    return not _called(line) or ends.issuperset(_ends(line))


def _ends(line: "Line2D") -> set[tuple[float, float]]:
    """Give the first and the last point of a line."""
    x, y = _places(line)
    return {(x[i], y[i]) for i in (0, -1)} if len(x) else set()


def _reference(ax: "Axes", line: "Line2D") -> str:
    upright, _ = line.get_transform().contains_branch_seperately(ax.transData)
    x, y = _places(line)
    at = (x if upright else y)[0]
    name = _called(line)
    return f"{name + ', ' if name else ''}{'an upright' if upright else 'a level'} line at {number(at)}"


def _curve(line: "Line2D") -> str:
    x, y = _places(line)
    if line.get_linestyle() in UNJOINED:
        return _points_in_words(np.column_stack([x, y]), _called(line))
    return curve_in_words(
        _called(line), x, y, path=line.get_gid() == PATH, log=line.axes is not None and line.axes.get_yscale() == "log"
    )


def _places(line: "Line2D") -> list[np.ndarray]:
    """Give the x and the y of a line as numbers, also where they are names or dates."""
    return [np.asarray(values, dtype=float).ravel() for values in line.get_data(orig=False)]


def curve_in_words(name: str, x: Any, y: Any, *, path: bool = False, log: bool = False) -> str:
    """Tell a curve: how it runs, from where to where, and its lowest and highest place between; of a path its ends."""
    x, y = (np.asarray(values, dtype=float).ravel() for values in (x, y))
    good = np.isfinite(x) & np.isfinite(y)
    x, y = x[good], y[good]
    name = "" if not name else f"{name} " if name.replace(" ", "").isalpha() else f"{name}: "
    if not len(x):
        return f"{name}has nothing finite to draw"
    if len(x) == 1:
        return f"{name or 'a point '}at {_place(x[0], y[0])}"
    if path or np.any(np.diff(x) < 0):
        return f"{name}runs from {_place(x[0], y[0])} to {_place(x[-1], y[-1])}"
    height = np.ptp(y)
    seen = 0.0 if log else height  # on a logarithmic axis the smallest is seen as well as the largest
    ends = f"from {near(y[0], seen)} at {number(x[0])} to {near(y[-1], seen)} at {number(x[-1])}"
    if height <= 1e-9 * max(1.0, np.abs(y).max()):
        return f"{name}is level at {number(y[0])} from {number(x[0])} to {number(x[-1])}"
    turns, way = np.diff(y), "rises" if y[-1] > y[0] else "falls"
    back = turns[turns * (y[-1] - y[0]) < 0]
    if abs(y[-1] - y[0]) > 0.5 * height and np.abs(back).sum() <= 0.005 * height:
        chord = y[0] + (y[-1] - y[0]) * (x - x[0]) / (x[-1] - x[0])
        if np.abs(y - chord).max() <= 0.01 * height:
            return f"{name}{way} in a straight line {ends}"
        return f"{name}{way} {ends}, half of it by {near(_half_way(x, y), np.ptp(x))}"
    extremes = ("lowest", y.argmin()), ("highest", y.argmax())
    between = [f"{word} {near(y[i], seen)} at {_drawn_at(x, i)}" for word, i in extremes if i not in (0, len(y) - 1)]
    jitter = len(turns) > 20 and (np.diff(np.sign(turns[turns != 0])) != 0).mean() > 0.3
    return ", ".join([f"{name}goes {'with jitter ' if jitter else ''}{ends}", *between])


def _half_way(x: np.ndarray, y: np.ndarray) -> float:
    """Give the x by which half of the way from the first to the last y is done: a step, where all x are whole."""
    done = (y - y[0]) / (y[-1] - y[0])
    i = int(np.argmax(done >= 0.5))
    if i == 0 or (x == np.round(x)).all():
        return x[i]
    return x[i - 1] + (x[i] - x[i - 1]) * (0.5 - done[i - 1]) / (done[i] - done[i - 1])


def _drawn_at(x: np.ndarray, i: int) -> str:
    """Give the place of a lowest or highest point; of a function, drawn at many places, no finer than they lie."""
    if len(x) < 100 or (x == np.round(x)).all() or x[i + 1] == x[i]:
        return number(x[i])
    return number(round(x[i], -int(np.ceil(np.log10(x[i + 1] - x[i])))))


def _place(x: float, y: float) -> str:
    return f"({number(x)}, {number(y)})"


def _curves(lines: Sequence["Line2D"]) -> list[str]:
    """Tell many curves together: how many, and between what they begin and end."""
    heights = [y[np.isfinite(y)] for _, y in map(_places, lines) if np.isfinite(y).any()]
    if not heights:
        return []
    first, last = ([y[i] for y in heights] for i in (0, -1))
    names = [name for line in lines if (name := _called(line))]
    return [
        f"{len(lines)} curves{f' ({listed(names)})' if names else ''}, which begin between {number(min(first))} "
        f"and {number(max(first))} and end between {number(min(last))} and {number(max(last))}"
    ]


def _points(dots: "PathCollection") -> str:
    """Tell points: how many, where, and whether they rise or fall together."""
    return _points_in_words(np.ma.filled(np.ma.asarray(dots.get_offsets(), dtype=float), np.nan), _called(dots))


def _points_in_words(where: np.ndarray, name: str) -> str:
    where = where[np.isfinite(where).all(axis=1)]
    if not len(where):
        return ""
    x, y = where.T
    if len(x) == 1 and name:
        return f"{name} at {_place(x[0], y[0])}"
    what = counted(len(x), "point") + (f" ({name})" if name else "")
    if len(x) <= FEW:
        return f"{what}: {listed([_place(a, b) for a, b in where])}"
    across = f"from {number(x.min())} to {number(x.max())}"
    if np.ptp(y) == 0:
        return f"{what} at {number(y[0])}, {across}"
    r = np.corrcoef(x, y)[0, 1] if np.ptp(x) > 0 else 0.0
    trend = "" if abs(r) < 0.5 else f", {'rising' if r > 0 else 'falling'} to the right"
    return f"{what}, {across} across and {number(y.min())} to {number(y.max())} up{trend}"


def _segments(collections: Iterable["LineCollection"]) -> Iterator[str]:
    """Tell upright bars such as residuals: how many, and the longest."""
    for lines in collections:
        segments = [np.asarray(part, dtype=float) for part in lines.get_segments() if len(part) == 2]
        if segments and _called(lines):
            lengths = [np.hypot(*(end - start)) for start, end in segments]
            most = int(np.argmax(lengths))
            yield (
                f"{len(segments)} bars ({_called(lines)}), the longest {number(lengths[most])} at "
                f"{number(segments[most][0, 0])}"
            )


def _bars(ax: "Axes", bars: Any) -> str:
    """Tell bars or a histogram: how many, and the highest."""
    upright = getattr(bars, "orientation", "vertical") != "horizontal"
    boxes = [(patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height()) for patch in bars]
    sizes = np.array([box[3] if upright else box[2] for box in boxes], dtype=float)
    if not len(sizes):
        return ""
    places = [box[0] + box[2] / 2 if upright else box[1] + box[3] / 2 for box in boxes]
    axis = ax.xaxis if upright else ax.yaxis
    labels = [text.get_text() for text in axis.get_ticklabels()]
    ticks = dict(zip(np.round(axis.get_ticklocs(), 6), labels, strict=False))

    def at(i: int) -> str:
        name = plain(ticks.get(np.round(places[i], 6), ""))
        return name if re.search(r"[^\W\d_]", name) else number(places[i])

    if len(sizes) <= FEW:
        return "bars: " + listed([f"{at(i)} {number(size)}" for i, size in enumerate(sizes)])
    there = np.flatnonzero(sizes)
    if not len(there):
        return f"{len(sizes)} bars, all 0"
    return (
        f"{len(sizes)} bars, the {'highest' if upright else 'longest'} {number(sizes.max())} at "
        f"{at(int(np.argmax(sizes)))}, all that are not 0 between {at(there[0])} and {at(there[-1])}"
    )


def _map(image: "AxesImage") -> str:
    """Tell a map of colours: how many values, and between what they lie."""
    values = np.ma.masked_invalid(np.ma.asarray(image.get_array()))
    if values.ndim == 3 or not values.count():
        return f"a picture of {values.shape[0]} by {values.shape[1]}"
    return (
        f"a map of {values.shape[0]} by {values.shape[1]} values between {number(values.min())} and "
        f"{number(values.max())}"
    )


def _contours(lines: "ContourSet") -> str:
    """Tell a single line of equal height: where it begins and ends; of many only the heights."""
    levels = np.asarray(lines.levels, dtype=float)
    if len(levels) > 1:
        return (
            f"lines of equal height from {number(levels[0])} to {number(levels[-1])}"
            if not lines.filled
            else f"filled from {number(levels[0])} to {number(levels[-1])}"
        )
    parts = [np.asarray(part) for path in lines.get_paths() for part in path.to_polygons(closed_only=False)]
    parts = [part for part in parts if len(part) > 1]
    if not parts:
        return ""
    longest = max(parts, key=len)
    (a, b), (c, d) = longest[0], longest[-1]
    if np.hypot(a - c, b - d) < 1e-6 * (1 + np.abs(longest).max()):
        low, high = longest.min(axis=0), longest.max(axis=0)
        return (
            f"a closed line of {number(levels[0])}, from {number(low[0])} to {number(high[0])} across and "
            f"{number(low[1])} to {number(high[1])} up"
        )
    return f"a line of {number(levels[0])} from {_place(a, b)} to {_place(c, d)}"
