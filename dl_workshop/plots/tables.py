"""Numbers in a grid: the confusion matrix, and a table of features as colours."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Real, Shaped

from dl_workshop.display.palette import COLOURS, SKY
from dl_workshop.errors import LearnerError
from dl_workshop.metrics import confusion_counts
from dl_workshop.plots import style
from dl_workshop.plots.phrases import counted, listed, number
from dl_workshop.plots.words import say
from dl_workshop.types import AnyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap


def confusion_matrix(
    y_true: Shaped[AnyArray, " n"],
    y_pred: Shaped[AnyArray, " n"],
    *,
    classes: Sequence[str] | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw how often each true class (row) was predicted as each class (column), with counts and shares of the row.

    Labels are 0, 1, ... (or text); `classes` names them in sorted order.
    Raises: LearnerError if the shapes differ, predictions are not classes, or there are too few names.
    """
    labels, counts = confusion_counts(y_true, y_pred, classes)
    names = [str(name) for name in (labels if classes is None else classes)]
    k = len(labels)
    size = max(3.2, min(7.0, 1.6 + 0.85 * k))
    ax = style.axes(ax, width=size + 0.8, height=size)
    ax.grid(False)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = ax.imshow(shares, cmap=_counts_map(), vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        text = f"{count}\n{shares[row, column]:.0%}" if k <= 6 else f"{count}"
        ax.text(
            column,
            row,
            text,
            ha="center",
            va="center",
            linespacing=1.5,
            fontsize=style.TITLE if k <= 4 else style.SMALL,
            color=style.ink_on(image.to_rgba(shares[row, column])[:3]),
        )
    slant: dict[str, Any] = {}
    if max(map(len, names)) > 42 // k:
        slant = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"}
    ax.set_xticks(range(k), names, **slant)
    ax.set_yticks(range(k), names)
    ax.set_xticks(np.arange(k + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(k + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=3)
    ax.tick_params(which="both", length=0)
    ax.spines[:].set_visible(False)
    ax.set(
        xlabel="predicted class",
        ylabel="true class",
        title=f"{np.trace(counts)} of {counts.sum()} right: {np.trace(counts) / counts.sum():.1%}",
    )
    say(ax, f"Confusion matrix, {ax.get_title()}. {_rows_in_words(names, counts)}")
    return ax


def _rows_in_words(names: list[str], counts: np.ndarray) -> str:
    """Say how each true class was predicted; of many classes only how often right, and the commonest mistake."""
    if len(names) <= 4:
        return " ".join(
            f"True {name}: {listed([f'{n} as {other}' for n, other in zip(row, names, strict=True)])}."
            for name, row in zip(names, counts, strict=True)
        )
    right = listed([f"{counts[i, i]} of {counts[i].sum()} for {name}" for i, name in enumerate(names)])
    wrong = counts - np.diag(np.diag(counts))
    i, j = np.unravel_index(wrong.argmax(), wrong.shape)
    return f"Right: {right}." + (
        f" The commonest mistake: {names[i]} taken for {names[j]}, {wrong[i, j]} times." if wrong[i, j] else ""
    )


def heat_map(table: Real[AnyArray, "n d"], *, columns: Sequence[str] | None = None, ax: "Axes | None" = None) -> "Axes":
    """Draw a table as colours, rows samples and columns features: a column that stands out has another scale.

    Values on both sides of 0 (standardised features) get two colours that meet at 0. A missing value is grey.
    Raises: LearnerError if the table is not (n, d) of numbers, or the names do not fit.
    """
    columns = list(table.columns) if columns is None and hasattr(table, "columns") else columns
    try:
        values = np.asarray(table, dtype=float)
    except (TypeError, ValueError):
        raise LearnerError("The table holds text: a heat map needs numbers. Drop those columns first.") from None
    if values.ndim != 2 or 0 in values.shape:
        raise LearnerError(
            f"The table has shape {values.shape}: a heat map needs rows and columns, shape (n, d). "
            "Use x[:, None] for one column."
        )
    d = values.shape[1]
    if columns is not None and len(columns) != d:
        raise LearnerError(f"There are {len(columns)} names for {d} columns: give one name for each.")
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    if low < 0 < high:
        high = np.quantile(np.abs(finite), 0.99) or high  # one far value must not bleach all the others
        low, colours = -high, style.diverging(COLOURS["negative"], COLOURS["positive"])
    else:
        from matplotlib import colormaps

        colours = colormaps[style.SEQUENTIAL]
    colours = colours.with_extremes(bad="#b8bec6")
    ax = style.axes(ax, height=4.6)
    ax.grid(False)
    image = ax.imshow(
        np.ma.masked_invalid(values), cmap=colours, vmin=low, vmax=high, aspect="auto", interpolation="nearest"
    )
    if columns is not None:
        long = d > 8 or max(len(str(name)) for name in columns) > 60 // d
        ax.set_xticks(
            range(d),
            [str(name) for name in columns],
            rotation=90 if long else 0,
            fontsize=style.SMALL if d <= 20 else 7,
        )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set(xlabel="feature", ylabel="sample")
    style.colour_bar(ax, image, "value", extend="both" if (np.abs(finite) > high).any() else "neither")
    say(ax, _table_in_words(values, [str(name) for name in (range(d) if columns is None else columns)]))
    return ax


def _table_in_words(values: np.ndarray, names: list[str]) -> str:
    """Say how large a table is, between what its values lie, and which columns stretch furthest."""
    finite = np.isfinite(values)
    if not finite.any():
        return f"A table of {len(values)} samples and {len(names)} features, none of its values finite."
    low, high = (np.where(finite, values, worst) for worst in (np.inf, -np.inf))
    low, high = low.min(axis=0), high.max(axis=0)
    widest = [i for i in np.argsort(low - high, kind="stable")[:3] if high[i] >= low[i]]
    told = listed([f"{names[i]} from {number(low[i])} to {number(high[i])}" for i in widest])
    missing = values.size - int(finite.sum())
    return (
        f"A table as colours: {counted(len(values), 'sample')}, {counted(len(names), 'feature')}, values between "
        f"{number(low.min())} and {number(high.max())}. Furthest apart: {told}."
        + (f" {counted(missing, 'value')} missing." if missing else "")
    )


def _counts_map() -> "Colormap":
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("counts", ["#f3f5f8", SKY, COLOURS["data"], "#00436b"])
