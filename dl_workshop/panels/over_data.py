"""A model over its data, whatever both are: a line, probabilities, a map over two inputs, counts of classes.

Pure functions: `still` computes what stands still, `frame` one state in numbers and words, `draw` a still picture.
"""

from typing import Any

import jax.numpy as jnp
import numpy as np

from dl_workshop.display.palette import COLOURS, CYCLE
from dl_workshop.panels.fitted import along, fitted, grid_over, is_labels
from dl_workshop.panels.panel import numbers
from dl_workshop.validate import check_same_shape

SIDE = 60  # rows and columns of a map over two inputs


def still(params, model, x, y, curve=None):
    """Compute what stands still: data, limits, and the kind of picture that suits: curve, map, rows or confusion.

    curve: over one column of x.  map: over two.  rows: every row's prediction, against y or, for labels, in order of y.
    confusion: how many rows of each class are taken for each, where a model gives a number for every class.
    """
    classes = classes_of(model(params, x), y, curve)
    labels, at = is_labels(y) and not classes, along(x)
    flat = hasattr(x, "shape") and x.ndim == 2 and x.shape[1] == 2
    kind = "map" if flat else "confusion" if classes else "rows" if at is None else "curve"
    rows = np.argsort(np.argsort(y, kind="stable")) + 1 if labels else y
    across = x[:, 0] if flat else rows if at is None else at
    return {
        "kind": kind,
        "classes": classes,
        "labels": labels,
        "side": SIDE,
        "x": numbers(across),
        "y": numbers(y),
        "x2": numbers(x[:, 1]) if flat else None,
        "x_range": room(across, 0.05),
        "y_range": room(x[:, 1], 0.05) if flat else room(y, 0.35),
        "low_high": [0, 1] if labels else room(y, 0),
        "grid": None if kind != "curve" else numbers(along(grid_over(x))),
        "names": ["x1", "x2"]
        if flat
        else ["row, in order of y" if labels else "y", "probability that y is 1" if labels else "prediction"]
        if at is None
        else ["x", "probability that y is 1" if labels else "y"],
    }


def still_or_data(params, model, x, y, curve=None):
    """Compute what stands still, or of the data alone where the learner's function fails: the first frame says why."""
    try:
        return still(params, model, x, y, curve)
    except Exception:
        return still(params, lambda params, x: y, x, y)


def classes_of(output, y, curve=None):
    """Say for how many classes the model gives a number each; 0 if it gives one number a row."""
    shape = np.shape(output if curve is None else curve(output))
    whole = np.ndim(y) == 1 and bool((np.asarray(y) == np.round(y)).all())  # else several numbers a row are a mistake
    return shape[1] if len(shape) == 2 and shape[1] > 1 and whole else 0


def frame(params, model, loss, x, y, curve, settings):
    """Compute one state: curve, map or counts, predictions, loss (None without one), words, and what is wrong."""
    if settings["classes"]:
        return class_frame(params, model, loss, x, y, settings)
    over = plane(settings) if settings["kind"] == "map" else grid_over(x)
    state = fitted(params, model, loss or (lambda *_: 0.0), x, y, over, curve)
    serious = not (np.isfinite(state.loss) and np.isfinite(state.y_pred).all())  # else it is advice
    shown = {
        "loss": state.loss if loss and np.isfinite(state.loss) else None,
        "y_pred": numbers(state.y_pred),
        "trouble": state.trouble if serious else "",
        "words": state.words + (f". {state.trouble}" if state.trouble and not serious else ""),
    }
    if settings["kind"] == "map":
        low, high = settings["low_high"]
        tint = np.nan_to_num((state.curve - low) / ((high - low) or 1.0))
        return shown | {"field": (255 * np.clip(tint, 0, 1)).astype(np.uint8).tobytes()}
    return shown | {"curve": None if state.curve is None else numbers(state.curve)}


def class_frame(params, model, loss, x, y, settings):
    """Compute one state of a model with a number for every class: the largest wins."""
    scores, k = np.asarray(model(params, x), float), settings["classes"]
    check_same_shape(y, scores[:, 0], names=("y", "model(params, x)[:, 0]"))
    y, value = np.asarray(y, int), None if loss is None else float(loss(params, model, x, y))
    taken, bad = scores.argmax(axis=1), not np.isfinite(scores).all()
    counts = np.bincount(np.clip(y, 0, k - 1) * k + taken, minlength=k * k)
    shown = {
        "loss": value if value is not None and np.isfinite(value) else None,
        "words": f"{int((taken == y).sum())} of {y.size} points in their own class",
        "y_pred": numbers(taken),
        "trouble": "The model returns nan or inf for some rows: look for a division by 0 or exp of a large number."
        if bad
        else f"The loss is {value} here."
        if value is not None and not np.isfinite(value)
        else "",
    }
    if settings["kind"] == "map":
        field = np.asarray(model(params, plane(settings)), float).argmax(axis=1)
        return shown | {"field": field.astype(np.uint8).tobytes()}
    return shown | {"counts": counts.tolist()}


def plane(settings):
    """Give the points of a SIDE by SIDE grid over two inputs, row by row from low x2 to high."""
    ranges = settings["x_range"], settings["y_range"]
    x1, x2 = np.meshgrid(*(np.linspace(low, high, SIDE) for low, high in ranges))
    return jnp.asarray(np.stack([x1.ravel(), x2.ravel()], axis=1), dtype=float)


def room(values, share):
    """Give limits around values with a share of their range to spare."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    more = share * (np.ptp(values) or 1.0)
    return [float(values.min() - more), float(values.max() + more)]


def number(value, digits=4):
    """Write a number as people do: four digits, a real minus sign."""
    return f"{value:.{digits}g}".replace("-", "\N{MINUS SIGN}")


def draw(ax, data, shown):
    """Draw the same numbers on Axes of matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style

    kind, y = data["kind"], np.array(data["y"], float)
    colours = (
        np.array(CYCLE)[y.astype(int) % len(CYCLE)]
        if data["classes"]
        else np.where(y > 0.5, COLOURS["class 1"], COLOURS["class 0"])
        if data["labels"]
        else COLOURS["data"]
    )
    if kind == "confusion":
        counts = np.array(shown["counts"]).reshape(data["classes"], -1)
        ax.imshow(counts, cmap="Blues", aspect="auto")
        for (true, taken), count in np.ndenumerate(counts):
            ax.text(
                taken,
                true,
                count,
                ha="center",
                va="center",
                fontsize=style.SMALL,
                color="white" if count > counts.max() / 2 else "black",
            )
        ax.grid(False)
        ax.set(xlabel="predicted class", ylabel="true class")
        return ax
    if kind == "map":
        field = np.frombuffer(shown["field"], np.uint8).reshape(SIDE, SIDE)
        colour_map = style.diverging()
        look: dict[str, Any] = {"cmap": colour_map, "vmin": 0, "vmax": 255}
        if data["classes"]:
            from matplotlib.colors import ListedColormap

            look = {"cmap": ListedColormap(CYCLE), "vmin": -0.5, "vmax": len(CYCLE) - 0.5}
        elif not data["labels"]:
            low, high = data["low_high"]
            colours = colour_map((y - low) / ((high - low) or 1.0))
        ax.imshow(field, origin="lower", extent=(*data["x_range"], *data["y_range"]), aspect="auto", alpha=0.45, **look)
        ax.scatter(data["x"], data["x2"], c=colours, s=16, edgecolor="white", linewidth=0.5)
    else:
        y_pred = np.array(shown["y_pred"], float)
        if kind == "curve":
            ax.vlines(data["x"], y, y_pred, color=COLOURS["residual"], linewidth=1, alpha=0.6)
            ax.scatter(data["x"], y, c=colours, s=12)
            ax.plot(data["grid"], np.array(shown["curve"], float), color=COLOURS["model"], linewidth=2.4)
        else:
            ax.scatter(data["x"], y_pred, c=colours, s=12)
            if not data["labels"]:
                ax.plot(data["x_range"], data["x_range"], color=COLOURS["muted"], linestyle="--")
        ax.set(ylim=(-0.08, 1.08) if data["labels"] else data["y_range"])
    ax.set(xlabel=data["names"][0], ylabel=data["names"][1], xlim=data["x_range"])
    return ax
