"""The one page to keep: line -> logistic -> net, each as arithmetic, matrices and units, with its three parts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.plots.diagrams import neural_diagram
from dl_workshop.plots.layers import Activations, Layer, read_layers, value_names
from dl_workshop.plots.matrices import matrix_diagram, scalar_diagram
from dl_workshop.plots.nets_in_words import units_in_words
from dl_workshop.plots.sheet import ROLES, text_width, write
from dl_workshop.plots.style import figure
from dl_workshop.plots.words import say
from dl_workshop.types import Params

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 11.69, 8.27  # A4 landscape, in inches; everything on the page is placed in inches
LEFT, NET, PARTS, RIGHT = 0.4, 5.0, 8.62, 11.29
NEW = "#fff3b0"
LOSSES = {
    "mean squared error": "mean of (y_true − y_pred)²",
    "binary cross-entropy": "mean of −y log p − (1 − y) log(1 − p)",
    "cross-entropy": "mean of −log p of the true class",
}
OPTIMIZERS = {"gradient descent": "params − step_size · gradient"}


def summary(
    linear_params: Params,
    logistic_params: Params,
    mlp_params: Params,
    *,
    activations: Activations | None = None,
    losses: Sequence[str] | None = None,
    optimizers: Sequence[str] | None = None,
) -> "Figure":
    """Draw the page line -> logistic -> net from real params, and mark what changes from row to row.

    activations: those of the net, one name a layer (tanh, then logistic or softmax, unless you say otherwise).
    losses, optimizers: three names each, in the order of the rows. Returns the Figure: one A4 page, landscape.
    Raises: LearnerError if params has a form that cannot be drawn, or not three names are given.
    """
    net = read_layers(mlp_params, activations)
    outputs = net[-1].w.shape[1]
    if activations is None:
        activations = (*["tanh"] * (len(net) - 1), "logistic" if outputs == 1 else "softmax")
    last_loss = "binary cross-entropy" if outputs == 1 else "cross-entropy"
    losses = _three("losses", losses or ("mean squared error", "binary cross-entropy", last_loss))
    optimizers = _three("optimizers", optimizers or ("gradient descent",) * 3)
    rows = [
        ("Linear regression", "predict a number", linear_params, None),
        ("Logistic regression", "predict a probability", logistic_params, ("logistic",)),
        ("Neural network", "the same, with features it learns", mlp_params, activations),
    ]
    models = [_formula(read_layers(params, act)) for _, _, params, act in rows]
    fig, page = _page()
    y, before = 7.42, None
    for i, (title, aim, params, act) in enumerate(rows):
        high = (2.05, 2.05, 2.72)[i]
        _heading(page, y, f"{i + 1}   {title}", aim)
        _pictures(fig, y - 0.36, high - 0.46, params, act, deep=i == 2)
        parts = (models[i], (losses[i], LOSSES.get(losses[i], "")), (optimizers[i], OPTIMIZERS.get(optimizers[i], "")))
        _parts(page, y - 0.05, high - 0.25, parts, before)
        before = parts
        y -= high
        page.plot((LEFT, RIGHT), (y + 0.08, y + 0.08), color=COLOURS["grid"], linewidth=1.2)
    _footer(page, y - 0.16)
    told = [
        f"{title}: {aim}. {units_in_words(read_layers(params, act))} Loss: {loss}. Optimiser: {optimizer}."
        for (title, aim, params, act), loss, optimizer in zip(rows, losses, optimizers, strict=True)
    ]
    say(fig, f"One page in three rows. {' '.join(told)}")
    return fig


def _three(name: str, values: Sequence[str]) -> tuple[str, str, str]:
    if isinstance(values, str) or len(values) != 3:
        raise LearnerError(
            f"{name}={values!r} must name three, one for each row of the page: the line, the logistic "
            "model and the net."
        )
    first, second, third = values
    return first, second, third


def _formula(layers: list[Layer]) -> tuple[str, str]:
    """Give the model as (name, code): one line of code a layer."""
    flows = value_names(layers)
    lines = []
    for i, layer in enumerate(layers):
        times = "*" if layer.w_shape == () else "@"
        line = f"{flows[i]} {times} {layer.w_name}" + (f" + {layer.b_name}" if layer.b is not None else "")
        lines.append(f"{flows[i + 1]} = " + (f"{layer.activation}({line})" if layer.activation else line))
    widths = [layers[0].w.shape[0], *(layer.w.shape[1] for layer in layers)]
    name = "net " + "-".join(map(str, widths)) if len(layers) > 1 else "a line" if widths[0] == 1 else "a plane"
    if len(layers) == 1 and layers[0].activation:
        name += f", then {layers[0].activation}"
    return name, "\n".join(lines)


def _page() -> tuple["Figure", "Axes"]:
    fig = figure(WIDTH, HEIGHT)
    fig.set_layout_engine("none")
    page = fig.add_axes((0, 0, 1, 1))
    page.set_axis_off()
    page.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    page.set_autoscale_on(False)
    write(page, LEFT, 7.93, "From a line to a neural network", 0.25, ha="left", weight="bold")
    write(
        page,
        RIGHT,
        7.93,
        "The model changes often, the loss once per kind of problem, the optimiser rarely.",
        0.135,
        ha="right",
    )
    for x, words in ((NET, "as units and weights"), (PARTS, "its three parts")):
        write(page, x, 7.66, words, 0.125, "muted", ha="left")
    write(page, LEFT, 7.66, "the model in numbers and matrices", 0.125, "muted", ha="left")
    return fig, page


def _heading(page: "Axes", y: float, title: str, aim: str) -> None:
    write(page, LEFT, y, title, 0.165, ha="left", va="top", weight="bold")
    write(page, LEFT + text_width(title, 0.165, "bold") + 0.15, y - 0.03, aim, 0.125, "muted", ha="left", va="top")


def _pictures(
    fig: "Figure", top: float, high: float, params: Params, activations: Activations | None, deep: bool
) -> None:
    """Draw the diagrams of one row, side by side. A net has too many numbers for the arithmetic."""

    def place(x: float, y: float, width: float, height: float) -> "Axes":
        return fig.add_axes((x / WIDTH, y / HEIGHT, width / WIDTH, height / HEIGHT), anchor="W")

    layers, lone = len(read_layers(params, activations)), np.size(params.get("w", ())) == 1
    wide, numbers = NET - LEFT - 0.25, 0 if deep else 0.5
    if not deep:
        scalar_diagram(params, activations=activations, ax=place(LEFT, top - numbers, wide, numbers))
    matrix_diagram(
        params,
        activations=activations,
        box_size=0.9 / layers if deep else 0.25,
        ax=place(LEFT, top - high, wide, high - numbers),
    )
    neural_diagram(
        params,
        activations=activations,
        max_units=4 if deep else 3,
        key=False,
        ax=place(NET, top - high, PARTS - NET - 0.25, high + (0 if lone else 0.3)),
    )


def _parts(page: "Axes", top: float, high: float, parts: Sequence, before: Sequence | None) -> None:
    """Draw model, loss and optimiser as three cards; what differs from the row above is marked as new."""
    lines = [1 + len(detail.split("\n")) for _, detail in parts]
    unit = (high - 0.14) / (sum(lines) + 1.2)
    for i, (label, (name, detail)) in enumerate(zip(("model", "loss", "optimiser"), parts, strict=True)):
        tall = unit * (lines[i] + 0.4)
        changed = before is not None and before[i] != parts[i]
        _card(page, top, tall, label, name, detail, changed, before is not None and not changed)
        top -= tall + 0.07


def _card(page: "Axes", top: float, tall: float, label: str, name: str, detail: str, changed: bool, same: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    fill = NEW if changed else "#f6f8fa"
    page.add_patch(
        FancyBboxPatch(
            (PARTS, top - tall),
            RIGHT - PARTS,
            tall,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=fill,
            edgecolor="none",
            gid="new" if changed else "card",
        )
    )
    rows = [name, *detail.split("\n")]
    step = tall / (len(rows) + 0.4)
    y = top - 0.7 * step
    write(page, PARTS + 0.1, y, label, 0.115, "muted", ha="left")
    for i, words in enumerate(rows):
        size, x = (0.135, PARTS + 0.78) if i == 0 else (0.115, PARTS + 0.78)
        room = RIGHT - x - 0.08 - (0.5 if i == 0 else 0)
        size *= min(1.0, room / max(text_width(words, size), 1e-6))
        write(page, x, y - i * step, words, size, "muted" if same else "ink", ha="left")
    if changed or same:
        write(
            page,
            RIGHT - 0.1,
            y,
            "new" if changed else "same",
            0.115,
            "ink" if changed else "muted",
            ha="right",
            weight="bold" if changed else "normal",
        )


def _footer(page: "Axes", y: float) -> None:
    """Explain the marks and colours of the page."""
    x = LEFT
    for role, words in (
        ("data", "data"),
        ("params", "params: what is learned"),
        ("hidden", "in between"),
        ("output", "prediction"),
    ):
        edge, fill = ROLES[role]
        page.plot(
            [x + 0.07],
            [y],
            "s" if role == "params" else "o",
            markersize=9,
            markerfacecolor=fill,
            markeredgecolor=edge,
            markeredgewidth=1.5,
        )
        write(page, x + 0.2, y, words, 0.115, "muted", ha="left")
        x += 0.42 + text_width(words, 0.115)
    for sign in ("positive", "negative"):
        page.plot((x, x + 0.25), (y, y), color=COLOURS[sign], linewidth=3, gid="key")
        write(page, x + 0.32, y, sign, 0.115, "muted", ha="left")
        x += 0.52 + text_width(sign, 0.115)
    write(
        page,
        RIGHT,
        y,
        "new: changed from the row above",
        0.115,
        "ink",
        ha="right",
        bbox={"facecolor": NEW, "edgecolor": "none", "pad": 0.35, "boxstyle": "round"},
    )
