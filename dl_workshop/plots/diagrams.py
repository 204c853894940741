"""The neural diagram: units in columns, and a line for every weight. It reads any net off its params dict."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.plots.layers import Activations, Layer, read_layers, value_names, value_widths
from dl_workshop.plots.matrices import matrix_diagram, scalar_diagram
from dl_workshop.plots.nets_in_words import units_in_words
from dl_workshop.plots.sheet import (
    NAME,
    NUMBER,
    TEXT,
    box,
    circle,
    finish,
    largest,
    number,
    role_of,
    start,
    text_width,
    write,
)
from dl_workshop.plots.words import say
from dl_workshop.types import Params

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["matrix_diagram", "neural_diagram", "scalar_diagram"]

RADIUS, SPACING = 0.28, 0.78


def neural_diagram(
    params: Params,
    names: Sequence[str] | None = None,
    activations: Activations | None = None,
    max_units: int = 8,
    ax: "Axes | None" = None,
    *,
    key: bool = True,
) -> "Axes":
    """Draw any net from its params: a circle a unit, a line a weight; colour shows the sign, width the size.

    params: w, b (w (), (d,) or (d, k)), or w1, b1, w2, b2, ... with w (fan_in, fan_out). Boxes holding 1 carry the
    biases. A column of more than `max_units` units is cut short, and says by how many. `names` are those of the
    inputs; `activations` one name a layer (hidden layers are tanh unless you say otherwise); `key` explains the lines.
    Raises: LearnerError if params has another form, or names, activations and shapes do not agree.
    """
    layers = read_layers(params, activations)
    widths = [layers[0].w.shape[0], *(layer.w.shape[1] for layer in layers)]
    if names is not None and len(names) != widths[0]:
        raise LearnerError(f"names has {len(names)} entries but the net takes {widths[0]} inputs: give one name each.")
    if not isinstance(max_units, int) or max_units < 3:
        raise LearnerError(f"max_units={max_units!r} must be a whole number, 3 or more: write for example max_units=8.")
    columns = [_shown(width, max_units) for width in widths]
    captions = _captions(layers, widths)
    ax, own = start(ax)
    xs = _positions(layers, columns, captions)
    top = SPACING * (max(map(len, columns)) - 1) / 2 + RADIUS
    bottom = -top - SPACING * _deepest_bias(layers, columns)
    full = largest(layers)
    for i, layer in enumerate(layers):
        _lines(ax, layer, xs[i : i + 2], columns[i : i + 2], full)
        _header(ax, layer, (xs[i] + xs[i + 1]) / 2, top)
    for i, column in enumerate(columns):
        _column(ax, i, column, xs[i], layers, names)
        for row, words in enumerate(captions[i]):
            write(ax, xs[i], bottom - 0.25 - 0.26 * row, words, TEXT, "ink" if row == 0 else "muted")
    if key:
        _key(ax, (xs[0] + xs[-1]) / 2, bottom - 0.25 - 0.26 * max(map(len, captions)) - 0.12, full)
    say(ax, units_in_words(layers))
    return finish(ax, own)


def _shown(width: int, max_units: int) -> list[int | None]:
    """Give the units to draw, None where the dots go: 41 units, at most 8 -> 0 1 2 3 None 38 39 40."""
    if width <= max_units:
        return list(range(width))
    first = max_units // 2
    last = max_units - 1 - first
    return [*range(first), None, *range(width - last, width)]


def _height(column: list[int | None], place: float) -> float:
    return SPACING * ((len(column) - 1) / 2 - place)


def _deepest_bias(layers: list[Layer], columns: list[list[int | None]]) -> float:
    """Tell by how many places a bias box hangs below the tallest column."""
    tallest = max(map(len, columns))
    below = [
        (len(column) - tallest) / 2 + 0.9 for column, layer in zip(columns, layers, strict=False) if layer.b is not None
    ]
    return max([0.0, *below])


def _captions(layers: list[Layer], widths: list[int]) -> list[list[str]]:
    words = [[_count(widths[0], "input")]]
    for layer, width in zip(layers[:-1], widths[1:-1], strict=True):
        words.append([_count(width, "hidden unit"), layer.activation or "no activation"])
    return [*words, [_count(widths[-1], "output"), *([layers[-1].activation] if layers[-1].activation else [])]]


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}"


def _positions(layers: list[Layer], columns: list[list[int | None]], captions: list[list[str]]) -> list[float]:
    """Give each column its x: wide enough for the words, and wider where many lines would fall steeply."""
    xs = [0.0]
    for i, layer in enumerate(layers):
        words = sum(max(text_width(line, TEXT) for line in captions[i + side]) for side in (0, 1)) / 2 + 0.35
        header = max(text_width(line, NAME) for line in _labels(layer)) + 0.5
        xs.append(xs[-1] + max(2.3, words, header, 0.42 * SPACING * max(len(columns[i]), len(columns[i + 1]))))
    return xs


def _labels(layer: Layer) -> list[str]:
    return [f"{layer.w_name} {layer.w_shape}"] + ([f"{layer.b_name} {layer.b_shape}"] if layer.b is not None else [])


def _header(ax: "Axes", layer: Layer, x: float, top: float) -> None:
    for row, words in enumerate(reversed(_labels(layer))):
        write(ax, x, top + 0.32 + 0.3 * row, words, NAME)


def _lines(ax: "Axes", layer: Layer, xs: list[float], columns: list[list[int | None]], full: float) -> None:
    """Draw the weights that join two columns, thin ones first, and the biases from the box below the first."""
    source, target = columns
    ends = [
        (layer.w[i, j], _height(source, a), _height(target, b), f"{layer.w_name}[{i}, {j}]")
        for a, i in enumerate(source)
        for b, j in enumerate(target)
        if i is not None and j is not None
    ]
    if layer.b is not None:
        low = _height(source, len(source) - 1 + 0.9)
        ends += [
            (layer.b[j], low, _height(target, b), f"{layer.b_name}[{j}]") for b, j in enumerate(target) if j is not None
        ]
        box(ax, xs[0], low, 0.36, 0.36, "params", gid="bias").set_zorder(3)
        write(ax, xs[0], low, "1", TEXT, zorder=4)
    for value, y0, y1, gid in sorted(ends, key=lambda end: abs(end[0])):
        share = abs(float(value)) / full
        ax.plot(
            xs,
            (y0, y1),
            color=COLOURS["positive" if value >= 0 else "negative"],
            linewidth=0.6 + 6.5 * share,
            alpha=0.45 + 0.5 * share,
            solid_capstyle="butt",
            zorder=1,
            gid=gid,
        )
        if len(ends) <= 4 and None not in (*source, *target):
            write(
                ax,
                xs[0] + 0.45 * (xs[1] - xs[0]),
                y0 + 0.45 * (y1 - y0),
                number(value),
                NUMBER,
                zorder=2,
                bbox={"facecolor": COLOURS["paper"], "edgecolor": "none", "pad": 0.08, "boxstyle": "round"},
            )


def _column(
    ax: "Axes", i: int, column: list[int | None], x: float, layers: list[Layer], names: Sequence[str] | None
) -> None:
    last = i == len(layers)
    label = value_names(layers)[i]
    many = value_widths(layers)[i] is not None
    for place, unit in enumerate(column):
        y = _height(column, place)
        if unit is None:
            hidden = (layers[i - 1].w.shape[1] if i else layers[0].w.shape[0]) - len(column) + 1
            for dot in (-1, 0, 1):
                ax.plot([x], [y + 0.11 + 0.1 * dot], ".", color=COLOURS["muted"], markersize=5, zorder=4, gid="dots")
            write(
                ax,
                x,
                y - 0.17,
                f"{hidden} more",
                0.14,
                "muted",
                zorder=4,
                bbox={
                    "facecolor": COLOURS["paper"],
                    "edgecolor": "none",
                    "pad": 0.1,
                    "boxstyle": "round",
                    "alpha": 0.8,
                },
            )
            continue
        circle(ax, x, y, role_of(i, len(layers) + 1), RADIUS, "unit")
        if i == 0:
            short = f"{label}{unit + 1}" if many else label
            write(ax, x, y, short, NUMBER, zorder=5)
            if names is not None:
                write(ax, x - RADIUS - 0.12, y, str(names[unit]), TEXT, ha="right")
        else:
            _curve(ax, x, y, layers[i - 1].activation)
        if last:
            ax.annotate(
                "",
                (x + RADIUS + 0.4, y),
                (x + RADIUS, y),
                arrowprops={"arrowstyle": "-|>", "color": COLOURS["muted"], "shrinkA": 0, "shrinkB": 0},
            )
            short = label if len(column) == 1 else f"y{unit + 1}"
            write(ax, x + RADIUS + 0.46, y, short, TEXT, ha="left")


def _curve(ax: "Axes", x: float, y: float, activation: str | None) -> None:
    """Draw in a unit what its activation does to a number; a unit without one only adds up."""
    z = np.linspace(-1, 1, 41)
    curves = {
        "tanh": np.tanh(3 * z),
        "logistic": np.tanh(3 * z),
        "sigmoid": np.tanh(3 * z),
        "relu": 2 * np.maximum(z, 0) - 1,
        "softmax": 2 * np.exp(3 * (z - 1)) - 1,
        None: None,
    }
    curve = curves.get(activation)
    if curve is None:
        write(ax, x, y, "+" if activation is None else "f", NAME, zorder=5)
        return
    ax.plot(x + 0.16 * z, y + 0.13 * curve, color=COLOURS["ink"], linewidth=1.8, zorder=5, gid="curve")


def _key(ax: "Axes", x: float, y: float, full: float) -> None:
    """Say below the drawing what colour and width mean."""
    words = ("positive", "negative", f"thickest line: {number(full)}")
    wide = [text_width(word, NUMBER) for word in words]
    x -= (sum(wide) + 1.55) / 2
    for word, width in zip(words[:2], wide, strict=False):
        ax.plot((x, x + 0.35), (y, y), color=COLOURS[word], linewidth=4, gid="key")
        write(ax, x + 0.42, y, word, NUMBER, "muted", ha="left")
        x += width + 0.72
    write(ax, x + 0.1, y, words[2], NUMBER, "muted", ha="left")
