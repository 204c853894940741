"""Data, and what a model says about it: points, curves, decision regions, residuals."""

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Real

from dl_workshop.display.palette import COLOURS, GREEN, PURPLE, SKY, VERMILLION
from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.plots import style
from dl_workshop.plots.phrases import listed, near, number
from dl_workshop.plots.words import say
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Model, Params
from dl_workshop.validate import check_data, check_numbers, check_same_shape
from dl_workshop.validate.order import check_order

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEW = 12  # so many points still have room for names


def data(x: Real[AnyArray, "n *d"], y: Real[AnyArray, " n"], *, ax: "Axes | None" = None) -> "Axes":
    """Draw the points (x_i, y_i); labels 0 and 1 get the colours of their classes, and so do points in the plane.

    x is (n,), (n, 1) or (n, 2); y is (n,).
    Raises: LearnerError if the shapes do not fit or a value is not finite.
    """
    x, y = _arrays(x, y)
    ax = style.axes(ax)
    if x.ndim == 2:
        points_in_the_plane(ax, x, y)
    elif _are_labels(y):
        for label in (0, 1):
            ax.scatter(x[y == label], y[y == label], label=f"class {label}", **_dots(len(y), f"class {label}"))
        ax.set(xlabel="x", ylabel="y", yticks=[0, 0.5, 1], ylim=(-0.12, 1.12))
        style.legend(ax)
    else:
        ax.scatter(x, y, label="data", **_dots(len(y), "data"))
        ax.set(xlabel="x", ylabel="y")
    return ax


def data_and_model(
    params: Params,
    model: Model,
    x: Real[AnyArray, "n *d"],
    y: Real[AnyArray, " n"],
    *,
    logits: bool = False,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the data and y = model(params, x) over it: a curve for one feature, coloured regions for two.

    Labels 0 and 1 call for a model that returns probabilities; say `logits=True` if yours returns logits z,
    and 1/(1 + exp(-z)) is drawn. In the plane the line of probability 1/2 is the decision boundary; a model
    with k outputs colours each place by its largest output.
    Raises: LearnerError if shapes do not fit, or outputs drawn as probabilities leave [0, 1].
    """
    check_order("data_and_model", params=params, model=model, x=x, y=y)
    forget_edited(model)
    x_plot, y = _arrays(x, y)
    y_pred = _outputs(params, model, x, y, several=x_plot.ndim == 2)
    ax = data(x, y, ax=ax)
    if x_plot.ndim == 2:
        _regions(ax, params, model, x_plot, y, logits)
        return ax
    grid = _fine(x_plot)
    curve = _call(params, model, grid[:, None] if np.ndim(x) == 2 else grid)
    if logits:
        curve, y_pred = _logistic(curve), _logistic(y_pred)
    if _are_labels(y):
        inside = curve.min() >= 0 and curve.max() <= 1
        ax.plot(grid, curve, color=COLOURS["ink"], linewidth=2, label="P(y = 1)" if inside else "model")
        if not inside:
            ax.set_ylim(min(-0.12, curve.min()), max(1.12, curve.max()))
    else:
        ax.plot(grid, curve, color=COLOURS["model"], linewidth=2.5, label="model")
    style.legend(ax)
    return ax


def residuals(
    params: Params,
    model: Model,
    x: Real[AnyArray, "n *d"],
    y: Real[AnyArray, " n"],
    *,
    squared: bool = False,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw each residual d_i = y_i - model(params, x_i) as a bar from the model to the point.

    `squared=True` sets a real square on every bar: the mean of their areas is the mean squared error.
    Raises: LearnerError if x has more than one feature or shapes do not fit.
    """
    check_order("residuals", params=params, model=model, x=x, y=y)
    forget_edited(model)
    x_plot, y = _arrays(x, y)
    if x_plot.ndim == 2:
        raise LearnerError(
            f"x has shape {np.shape(x)}: residuals can be drawn over one feature only. "
            "Try plots.predicted_against_true(params, model, x, y)."
        )
    y_pred = _outputs(params, model, x, y)
    ax = style.axes(ax)
    grid = _fine(x_plot)
    curve = _call(params, model, grid[:, None] if np.ndim(x) == 2 else grid)
    ax.vlines(
        x_plot, y_pred, y, color=COLOURS["residual"], linewidth=2 if len(y) <= FEW else 1.2, label="residuals", zorder=2
    )
    ax.plot(grid, curve, color=COLOURS["model"], linewidth=2.5, label="model", zorder=3)
    ax.scatter(x_plot, y, label="data", **_dots(len(y), "data"))
    ax.set(xlabel="x", ylabel="y", title=f"mean squared residual: {np.mean((y - y_pred) ** 2):.4g}")
    left = (y > y_pred) == (curve[-1] >= curve[0])  # the side on which the model leaves room
    if squared:
        _squares(ax, x_plot, y, y_pred, left)
        say(ax, "A square stands on each residual.", ax.patches)
    elif len(y) <= FEW:
        for i, (xi, yi, pi, to_left) in enumerate(zip(x_plot, y, y_pred, left, strict=True), start=1):
            ax.annotate(
                f"$d_{{{i}}}$",
                (xi, (yi + pi) / 2),
                xytext=(-6 if to_left else 6, 0),
                va="center",
                textcoords="offset points",
                ha="right" if to_left else "left",
                fontsize=style.LABEL,
                color=COLOURS["ink"],
                path_effects=style.outlined(),
                zorder=5,
            )
    style.legend(ax)
    return ax


def predicted_against_true(
    params: Params, model: Model, x: Real[AnyArray, "n *d"], y: Real[AnyArray, " n"], *, ax: "Axes | None" = None
) -> "Axes":
    """Draw y_pred = model(params, x) against y_true: a perfect model puts every point on the diagonal.

    x may have any number of features.
    Raises: LearnerError if shapes do not fit.
    """
    check_order("predicted_against_true", params=params, model=model, x=x, y=y)
    forget_edited(model)
    check_data(x, y)
    y = np.asarray(y, dtype=float)
    y_pred = _outputs(params, model, x, y)
    ax = style.axes(ax, width=5.0, height=4.8)
    low, high = min(y.min(), y_pred.min()), max(y.max(), y_pred.max())
    pad = 0.05 * (high - low) or 1.0
    ends = [low - pad, high + pad]
    ax.plot(ends, ends, color=COLOURS["truth"], linewidth=2, label="perfect", zorder=1)
    ax.scatter(y, y_pred, label="predictions", **_dots(len(y), "model"))
    ax.set(xlim=ends, ylim=ends, aspect="equal", xlabel="true y", ylabel="predicted y")
    style.legend(ax, loc="upper left")
    return ax


def _arrays(x: AnyArray, y: AnyArray) -> tuple[np.ndarray, np.ndarray]:
    """Check the data and give it as numpy: x as (n,) or (n, 2), y as (n,)."""
    check_data(x, y)
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if y.ndim != 1:
        raise LearnerError(f"y has shape {y.shape}: a picture needs one number a sample. Use y[:, 0].")
    if x.ndim == 2 and x.shape[1] == 1:
        x = x[:, 0]
    if x.ndim > 2 or x.ndim == 2 and x.shape[1] != 2:
        raise LearnerError(
            f"x has shape {x.shape}, but paper has two dimensions: only (n,) and (n, 2) can be "
            "drawn. Choose two columns, for example x[:, :2]."
        )
    return x, y


def _call(params: Params, model: Model, x: AnyArray) -> np.ndarray:
    for path, leaf in jax.tree_util.tree_leaves_with_path(params):
        check_numbers("params" + jax.tree_util.keystr(path), leaf)
    try:
        return np.asarray(model(params, jnp.asarray(x)), dtype=float)
    except Exception as error:
        raise explain_error(error, (model,), "calling your model to draw it") from error


def _outputs(params: Params, model: Model, x: AnyArray, y: AnyArray, several: bool = False) -> np.ndarray:
    """Give the model's outputs on the data itself, refusing shapes that do not match y."""
    y_pred = _call(params, model, x)
    if not (several and y_pred.ndim == 2 and y_pred.shape[0] == len(y) and y_pred.shape[1] > 1):
        check_same_shape(y, y_pred, names=("y", "model(params, x)"))
    return y_pred


def _are_labels(y: np.ndarray) -> bool:
    return bool(np.isin(y, (0, 1)).all())


def _logistic(z: np.ndarray) -> np.ndarray:
    return np.asarray(jax.nn.sigmoid(z))


def _fine(x: np.ndarray) -> np.ndarray:
    low, high = x.min(), x.max()
    return np.linspace(low, high, 300) if high > low else np.linspace(low - 1, high + 1, 300)


def _dots(n: int, role: str) -> dict[str, Any]:
    return {
        "color": COLOURS[role],
        "s": 44 if n <= 30 else 26 if n <= 300 else 12,
        "alpha": 0.95 if n <= 30 else 0.75 if n <= 300 else 0.55,
        "edgecolors": "white",
        "linewidths": 0.6 if n <= 300 else 0.2,
        "zorder": 4,
    }


def plane_round(
    x: Real[np.ndarray, "n 2"], side: int
) -> tuple[Float[np.ndarray, "side side"], Float[np.ndarray, "side side"]]:
    """Give a grid over points (n, 2) and a little beyond: two tables of side rows and columns."""
    margin = 0.08 * np.where(np.ptp(x, axis=0) > 0, np.ptp(x, axis=0), 1.0)
    (left, bottom), (right, top) = x.min(axis=0) - margin, x.max(axis=0) + margin
    return np.meshgrid(np.linspace(left, right, side), np.linspace(bottom, top, side))


def outputs_over_plane(
    params: Params, model: Model, x: Real[AnyArray, "n 2"], y: Real[AnyArray, " n"], side: int = 200
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Check data in the plane, and give (across, up, outputs) on a grid round it, and the data as numpy.

    Raises: LearnerError if x is not (n, 2), or the model does not give one row of outputs a point.
    """
    x, y = _arrays(x, y)
    if x.ndim != 2:
        raise LearnerError(f"x has shape {x.shape}, but this picture needs two inputs, (n, 2).")
    across, up = plane_round(x, side)
    said = _call(params, model, np.stack([across.ravel(), up.ravel()], axis=1))
    if said.ndim not in (1, 2) or len(said) != across.size:
        raise LearnerError(
            f"The model returns shape {said.shape} for {across.size} points: it must return one "
            "number, or one row, for each."
        )
    return across, up, said.reshape(*across.shape, *said.shape[1:]), x, y


def points_in_the_plane(ax: "Axes", x: Real[np.ndarray, "n 2"], y: Real[np.ndarray, " n"]) -> None:
    """Draw points (n, 2) in the colours of their classes, or coloured by a number."""
    classes = np.unique(y)
    if len(classes) <= len(_CLASS_COLOURS) and np.array_equal(classes, classes.astype(int)):
        for label in classes.astype(int):
            here = x[y == label]
            ax.scatter(
                here[:, 0],
                here[:, 1],
                label=f"class {label}",
                **(_dots(len(y), "data") | {"color": class_colour(label)}),
            )
        style.legend(ax)
    else:
        look = _dots(len(y), "data")
        del look["color"]
        dots = ax.scatter(x[:, 0], x[:, 1], c=y, cmap=style.SEQUENTIAL, **look)
        style.colour_bar(ax, dots, "y")
    ax.set(xlabel="x₁", ylabel="x₂")


_CLASS_COLOURS = (COLOURS["class 0"], COLOURS["class 1"], GREEN, PURPLE, SKY, VERMILLION)


def class_colour(label: int) -> str:
    """Give the colour of a class, a whole number from 0."""
    return _CLASS_COLOURS[label % len(_CLASS_COLOURS)]


def _regions(ax: "Axes", params: Params, model: Model, x: np.ndarray, y: np.ndarray, logits: bool) -> None:
    """Colour the plane behind the points by what the model says there."""
    across, up = plane_round(x, 200)
    said = _call(params, model, np.stack([across.ravel(), up.ravel()], axis=1))
    left, right, bottom, top = across.min(), across.max(), up.min(), up.max()
    look: dict[str, Any] = {"extent": (left, right, bottom, top), "origin": "lower", "aspect": "auto", "zorder": 0}
    ax.grid(False)
    if said.ndim == 2:
        from matplotlib.colors import ListedColormap

        k = said.shape[1]
        winner = said.argmax(axis=1).reshape(across.shape)
        image = ax.imshow(
            winner,
            cmap=ListedColormap([class_colour(i) for i in range(k)]),
            vmin=-0.5,
            vmax=k - 0.5,
            interpolation="nearest",
            alpha=0.3,
            **look,
        )
        parts = listed([f"{np.mean(winner == i):.0%} of the plane for class {i}" for i in range(k)])
        say(ax, f"The largest output gives {parts}.", [image])
        return
    said = (_logistic(said) if logits else said).reshape(across.shape)
    if not _are_labels(y):
        image = ax.imshow(said, cmap=style.SEQUENTIAL, vmin=y.min(), vmax=y.max(), alpha=0.6, **look)
        say(ax, f"The model over the plane lies between {number(said.min())} and {number(said.max())}.", [image])
        return
    if said.min() < 0 or said.max() > 1:
        worst = said.min() if said.min() < 0 else said.max()
        raise LearnerError(
            f"The model returns {worst:.3g} where a probability between 0 and 1 is needed. If it "
            "returns logits, write plots.data_and_model(params, model, x, y, logits=True)."
        )
    filled = ax.imshow(said, cmap=style.diverging(), vmin=0, vmax=1, alpha=0.5, interpolation="bilinear", **look)
    say(ax, f"P(y = 1) over the plane lies between {near(said.min(), 1)} and {near(said.max(), 1)}.", [filled])
    if said.min() < 0.5 < said.max():
        ax.contour(across, up, said, levels=[0.5], colors=COLOURS["ink"], linewidths=2, zorder=3)
    style.colour_bar(ax, filled, "P(y = 1)", ticks=[0, 0.25, 0.5, 0.75, 1])


def _squares(ax: "Axes", x: np.ndarray, y: np.ndarray, y_pred: np.ndarray, left: np.ndarray) -> None:
    """Set a square on each residual, as many pixels wide as high: to its left where `left` says so."""
    from matplotlib.patches import Rectangle

    shape = 0.57  # height of the box by its width, fixed from here on
    bottom, top = ax.get_ylim()
    side = np.abs(y - y_pred) * shape / (top - bottom)  # in widths of the box
    low, high = x.min(), x.max()
    margin = 0.05 * (high - low) or 1.0
    for _ in range(30):  # wider limits make wider squares: repeat till all fit
        width = min(high - low + 2 * margin, 2.5 * (np.ptp(x) or 1.0))
        low = min(x.min(), np.min(x - left * side * width))
        high = max(x.max(), np.max(x + ~left * side * width))
    middle = (low + high) / 2
    ax.set(xlim=(middle - width / 2, middle + width / 2), ylim=(bottom, top), box_aspect=shape)
    alpha = float(np.clip(0.5 / (side.sum() + 1e-9), 0.015, 0.3))  # many large squares must stay clear
    for xi, yi, pi, s, to_left in zip(x, y, y_pred, side * width, left, strict=True):
        ax.add_patch(
            Rectangle(
                (xi - s * to_left, min(yi, pi)),
                s,
                abs(yi - pi),
                zorder=1,
                facecolor=(COLOURS["residual"], alpha),
                linewidth=1,
                edgecolor=(COLOURS["residual"], min(1.0, 3 * alpha)),
            )
        )
