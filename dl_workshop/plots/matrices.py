"""The scalar and the matrix diagram: a model as arithmetic for one sample, and as one product a layer for all."""

from collections.abc import Sequence
from math import log2
from typing import TYPE_CHECKING, Any

from dl_workshop.display.palette import COLOURS
from dl_workshop.plots.layers import Activations, Layer, read_layers, shape_of, value_names, value_widths
from dl_workshop.plots.nets_in_words import arithmetic_in_words, matrices_in_words
from dl_workshop.plots.sheet import (
    NAME,
    NUMBER,
    SIGNS,
    TEXT,
    box,
    circle,
    finish,
    largest,
    number,
    role_of,
    start,
    text_width,
    tint,
    write,
)
from dl_workshop.plots.style import ink_on
from dl_workshop.plots.words import say
from dl_workshop.types import Params

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP = 0.16
Item = dict[str, Any]  # a box or an operator of the drawing
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def scalar_diagram(params: Params, activations: Activations | None = None, ax: "Axes | None" = None) -> "Axes":
    """Draw the model of one sample as arithmetic with its real numbers: y = w1 x1 + w2 x2 + ... + b.

    Boxes are params, circles are the numbers that flow. A net gives one row a unit; long rows and long layers are
    cut short. params and activations as in neural_diagram.
    Raises: LearnerError if params has another form.
    """
    layers = read_layers(params, activations)
    flows, widths = value_names(layers), value_widths(layers)
    full = largest(layers)
    ax, own = start(ax)
    y = 0.0
    for i, layer in enumerate(layers):
        sources = _symbols(flows[i], layer.w.shape[0], widths[i])
        # Softmax mixes all units of its layer, so their sums come first: z1 = ..., then y = softmax(z1, z2, ...).
        mixed = layer.activation == "softmax"
        targets = _symbols("z" if mixed else flows[i + 1], layer.w.shape[1], widths[i + 1])
        for unit in _cut(layer.w.shape[1], 4):
            if unit is None:
                write(ax, 0.3, y + 0.12, f"⋮  {layer.w.shape[1] - 3} more", TEXT, "muted", ha="left")
                y -= 0.5
                continue
            roles = role_of(i, len(layers) + 1), "hidden" if mixed else role_of(i + 1, len(layers) + 1)
            _sum(ax, y, layer._replace(activation=None) if mixed else layer, unit, sources, targets, roles, full)
            y -= 0.85
        if mixed:
            _softmax(ax, y, flows[i + 1], targets, role_of(i + 1, len(layers) + 1))
            y -= 0.85
        y -= 0.25
    say(ax, arithmetic_in_words(layers))
    return finish(ax, own)


def matrix_diagram(
    params: Params,
    n: str | int = "n",
    activations: Activations | None = None,
    ax: "Axes | None" = None,
    *,
    box_size: float = 1.0,
) -> "Axes":
    """Draw the same net as matrices, x (n, 41) @ w1 (41, 20) + b1 (20,) -> tanh -> h (n, 20) ...

    Rectangles grow with the logarithm of their shape; params are tinted with their real values. `n` is the number of
    samples, a letter or a number; a smaller `box_size` leaves more room to the words. params and activations as in
    neural_diagram.
    Raises: LearnerError if params has another form.
    """
    layers = read_layers(params, activations)
    rows = [_items(layers, i, n, box_size) for i in range(len(layers))]
    joined = [item for i, row in enumerate(rows) for item in row[(i > 0) :]]
    if _row_width(joined) <= 7 + 8 * box_size:
        rows = [joined]
    ax, own = start(ax)
    full, y = largest(layers), 0.0
    for row in rows:
        tallest = max(item["height"] for item in row)
        x = 0.0
        for item in row:
            wide = _item_width(item)
            _draw_item(ax, item, x + wide / 2, y - tallest / 2, full)
            x += wide + GAP
        y -= tallest + 1.05
    say(ax, matrices_in_words(layers, n))
    return finish(ax, own)


def _cut(count: int, most: int) -> list[int | None]:
    """Give the indices to show, None where the rest is left out."""
    return list(range(count)) if count <= most else [0, 1, None, count - 1]


def _symbols(name: str, count: int, width: int | None) -> list[str]:
    name = "y" if name == "y_pred" else name
    if count == 1 and width is None:
        return [name]
    return [name + str(i + 1).translate(SUBSCRIPTS) for i in range(count)]


def _sum(
    ax: "Axes",
    y: float,
    layer: Layer,
    unit: int,
    sources: list[str],
    targets: list[str],
    roles: tuple[str, str],
    full: float,
) -> None:
    """Draw one unit: y = w1 x1 + w2 x2 + ... + b, with the activation round it where there is one."""
    x = _circle(ax, 0.0, y, targets[unit], roles[1])
    x = _op(ax, x, y, "=")
    if layer.activation:
        x = _op(ax, x, y, f"{layer.activation} (")
    single = layer.w_name == "w" and layer.w.shape[1] == 1
    for place, i in enumerate(_cut(layer.w.shape[0], 4)):
        x = _op(ax, x, y, "+") if place else x
        if i is None:
            x = _op(ax, x, y, "⋯")
            continue
        name = f"w{i + 1}".translate(SUBSCRIPTS) if len(sources) > 1 else "w"
        x = _value(ax, x, y, layer.w[i, unit], name if single else "", full, f"{layer.w_name}[{i}, {unit}]")
        x = _op(ax, x - 0.08, y, "·") - 0.08
        x = _circle(ax, x, y, sources[i], roles[0])
    if layer.b is not None:
        x = _op(ax, x, y, "+")
        x = _value(ax, x, y, layer.b[unit], layer.b_name if single else "", full, f"{layer.b_name}[{unit}]")
    if layer.activation:
        _op(ax, x, y, ")")


def _softmax(ax: "Axes", y: float, name: str, targets: list[str], role: str) -> None:
    """Draw the row y = softmax(z1, z2, ...)."""
    x = _op(ax, _circle(ax, 0.0, y, _symbols(name, 1, None)[0], role), y, "=")
    x = _op(ax, x, y, "softmax (")
    for place, unit in enumerate(_cut(len(targets), 4)):
        x = _op(ax, x - 0.1, y - 0.05, ",") if place else x
        x = _op(ax, x, y, "⋯") if unit is None else _circle(ax, x, y, targets[unit], "hidden")
    _op(ax, x, y, ")")


def _op(ax: "Axes", x: float, y: float, words: str) -> float:
    # The ink of a dot or a bracket fills only part of its place: centre it in a place of fixed width.
    wide = max(text_width(words, NAME), 0.06)
    write(ax, x + wide / 2, y, words, NAME, "muted" if words in "+=·⋯" else "ink")
    return x + wide + GAP


def _circle(ax: "Axes", x: float, y: float, words: str, role: str) -> float:
    circle(ax, x + 0.26, y, role, 0.26, "value")
    write(ax, x + 0.26, y, words, TEXT, zorder=4)
    return x + 0.52 + GAP


def _value(ax: "Axes", x: float, y: float, value: float, name: str, full: float, gid: str) -> float:
    words, colour = number(value), tint(value, full)
    wide = max(0.55, text_width(words, TEXT) + 0.2)
    box(ax, x + wide / 2, y, wide, 0.44, "params", fill=colour, gid=gid)
    write(ax, x + wide / 2, y, words, TEXT, ink_on(colour), zorder=3)
    if name:
        write(ax, x + wide / 2, y - 0.36, name, NUMBER, "muted")
    return x + wide + GAP


def _items(layers: Sequence[Layer], i: int, n: int | str, box_size: float) -> list[Item]:
    """Give what stands in the row of layer i: boxes and the operators between them."""
    layer, count = layers[i], len(layers) + 1
    flows, widths = value_names(layers), value_widths(layers)
    last, after = i == len(layers) - 1, flows[i + 1]
    out = shape_of(n, widths[i + 1])
    fan_in, fan_out = layer.w.shape
    items = [
        _box(flows[i], shape_of(n, widths[i]), n, widths[i] or 1, role_of(i, count)),
        _operator("*" if layer.w_shape == () else "@"),
        _box(layer.w_name, str(layer.w_shape), fan_in, fan_out, "params", layer.w),
    ]
    if layer.b is not None:
        items += [_operator("+"), _box(layer.b_name, str(layer.b_shape), 1, len(layer.b), "params", layer.b[None])]
    if last and layer.activation:
        before = "logits" if layer.activation in ("logistic", "sigmoid", "softmax") else "z"
        items += [_operator("="), _box(before, out, n, widths[i + 1] or 1, "hidden")]
    items += [_operator(layer.activation, arrow=True) if layer.activation else _operator("=")]
    items += [_box(after, out, n, widths[i + 1] or 1, role_of(i + 1, count))]
    for item in items:
        if "op" not in item:
            item |= {side: 0.5 + (item[side] - 0.5) * box_size for side in ("width", "height")}
    return items


def _size(count: int | str) -> float:
    """Give the side for a count: room for a number in each of up to 4 cells, then with the logarithm."""
    if isinstance(count, str):
        return 2.6
    return 0.5 + 0.46 * (count - 1) if count <= 4 else 1.88 + 0.22 * log2(count / 4)


def _box(name: str, shape: str, rows: int | str, columns: int, role: str, values: Any = None) -> Item:
    return {
        "name": name,
        "shape": shape,
        "height": _size(rows),
        "width": _size(columns),
        "role": role,
        "values": values,
    }


def _operator(words: str, arrow: bool = False) -> Item:
    return {"op": words, "arrow": arrow, "height": 0.3}


def _item_width(item: Item) -> float:
    if "op" in item:
        return max(text_width(item["op"], NAME) + (0.2 if item["arrow"] else 0), 0.6 if item["arrow"] else 0.2)
    return max(item["width"], text_width(item["name"], NAME), text_width(item["shape"], TEXT))


def _row_width(row: list[Item]) -> float:
    return sum(_item_width(item) + GAP for item in row)


def _draw_item(ax: "Axes", item: Item, x: float, y: float, full: float) -> None:
    if "op" in item:
        write(ax, x, y + (0.2 if item["arrow"] else 0), item["op"], NAME, "ink" if item["arrow"] else "muted")
        if item["arrow"]:
            half = _item_width(item) / 2
            ax.annotate(
                "",
                (x + half, y),
                (x - half, y),
                arrowprops={"arrowstyle": "-|>", "color": COLOURS["muted"], "shrinkA": 0, "shrinkB": 0},
            )
        return
    wide, high, values = item["width"], item["height"], item["values"]
    box(ax, x, y, wide, high, item["role"], gid=item["name"])
    write(ax, x, y + high / 2 + 0.2, item["name"], NAME)
    write(ax, x, y - high / 2 - 0.2, item["shape"], TEXT, "muted")
    if values is None:
        return
    box(ax, x, y, wide, high, item["role"], fill="none").set_zorder(2.5)
    ax.imshow(
        SIGNS(0.5 + 0.4 * values / full),
        extent=(x - wide / 2, x + wide / 2, y - high / 2, y + high / 2),
        interpolation="nearest",
        zorder=2.2,
        gid=item["name"],
    )
    rows, columns = values.shape
    if rows > 4 or columns > 4 or min(wide / columns, high / rows) < 0.36:
        return
    for r in range(rows):
        for c in range(columns):
            words = number(values[r, c])
            size = min(0.13, 0.13 * 0.92 * wide / columns / text_width(words, 0.13))
            write(
                ax,
                x + wide * ((c + 0.5) / columns - 0.5),
                y + high * (0.5 - (r + 0.5) / rows),
                words,
                size,
                ink_on(tint(values[r, c], full)),
                zorder=3,
            )
