"""What a classifier says over the plane: its surface in three dimensions, and each class's probability."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
from jaxtyping import Real

from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.plots import style
from dl_workshop.plots.data import class_colour, outputs_over_plane, points_in_the_plane
from dl_workshop.plots.phrases import counted, near
from dl_workshop.plots.words import say
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Model, Params
from dl_workshop.validate.order import check_order

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mpl_toolkits.mplot3d import Axes3D


def decision_surface(
    params: Params,
    model: Model,
    x: Real[AnyArray, "n 2"],
    y: Real[AnyArray, " n"],
    *,
    logits: bool = True,
    ax: "Axes3D | None" = None,
) -> "Axes3D":
    """Draw P(y = 1) over two inputs as a surface, with the data on its floor and ceiling.

    The model gives logits, unless logits=False says that it gives probabilities. The dark line is P = 1/2.
    Raises: LearnerError if x is not (n, 2), the model has several outputs, or your Axes are not three-dimensional.
    """
    check_order("decision_surface", params=params, model=model, x=x, y=y)
    forget_edited(model)
    across, up, z, x, y = outputs_over_plane(params, model, x, y, side=60)
    if z.ndim == 3:
        raise LearnerError(
            f"The model has {z.shape[2]} outputs, and a surface shows one. Use "
            "plots.class_probabilities for several classes."
        )
    if ax is None:
        ax = style.figure(6.4, 5.2).add_subplot(projection="3d", computed_zorder=False)
    elif ax.name != "3d":
        raise LearnerError('A surface needs three-dimensional Axes: plt.figure().add_subplot(projection="3d").')
    p = np.asarray(jax.nn.sigmoid(z)) if logits else z
    ax.plot_surface(
        across, up, p, cmap=style.diverging(), vmin=0, vmax=1, alpha=0.75, rstride=1, cstride=1, linewidth=0, zorder=2
    )
    if p.min() < 0.5 < p.max():
        ax.contour(across, up, p, levels=[0.5], colors=COLOURS["ink"], linewidths=2.5, zorder=4)
    for label in (0, 1):
        here = x[y == label]
        ax.plot(
            *here.T,
            np.full(len(here), float(label)),
            "o",
            color=class_colour(label),
            markersize=4,
            markeredgecolor="white",
            markeredgewidth=0.4,
            label=f"class {label}",
            zorder=1 if label == 0 else 5,
        )
    look = {"fontsize": style.LABEL, "color": COLOURS["ink"]}
    ax.set_xlabel("x₁", **look)
    ax.set_ylabel("x₂", **look)
    ax.set_zlabel("P(y = 1)", **look)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color("#f6f8fa")
    ax.tick_params(labelsize=style.SMALL, labelcolor=COLOURS["ink"])
    ax.set_zlim(-0.02, 1.02)
    say(
        ax,
        f"P(y = 1) over x1 and x2 as a surface, between {near(p.min(), 1)} and {near(p.max(), 1)}, with "
        f"{counted(int(np.sum(y == 0)), 'point')} of class 0 on the floor and {np.sum(y == 1)} of class 1 on the "
        "ceiling.",
    )
    ax.set_box_aspect((1, 1, 0.7), zoom=0.92)
    ax.view_init(elev=30, azim=-60)
    style.legend(ax, loc="upper left")
    return ax


def decision_contours(
    params: Params,
    model: Model,
    x: Real[AnyArray, "n 2"],
    y: Real[AnyArray, " n"],
    *,
    logits: bool = True,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw P(y = 1) over two inputs as filled contours in steps of a tenth, with the data on them.

    Raises: LearnerError if x is not (n, 2) or the model has several outputs.
    """
    check_order("decision_contours", params=params, model=model, x=x, y=y)
    forget_edited(model)
    across, up, z, x, y = outputs_over_plane(params, model, x, y)
    if z.ndim == 3:
        raise LearnerError(
            f"The model has {z.shape[2]} outputs, and contours show one. Use "
            "plots.class_probabilities for several classes."
        )
    ax = style.axes(ax, width=6.4, height=5.0)
    _probability(ax, across, up, np.asarray(jax.nn.sigmoid(z)) if logits else z, style.diverging(), "P(y = 1)")
    points_in_the_plane(ax, x, y)
    return ax


def class_probabilities(
    params: Params,
    model: Model,
    x: Real[AnyArray, "n 2"],
    y: Real[AnyArray, " n"],
    *,
    logits: bool = True,
    classes: Sequence[str] | None = None,
) -> "Figure":
    """Draw the probability of each class over two inputs, a panel a class, with its own points on it.

    The model gives k logits, or k probabilities with logits=False. Returns the Figure.
    Raises: LearnerError if x is not (n, 2), or the model has one output only.
    """
    check_order("class_probabilities", params=params, model=model, x=x, y=y)
    forget_edited(model)
    across, up, z, x, y = outputs_over_plane(params, model, x, y, side=120)
    if z.ndim != 3:
        raise LearnerError(
            "The model has one output, and this picture needs one for each class. Use plots.decision_contours."
        )
    p = np.asarray(jax.nn.softmax(z, axis=-1)) if logits else z
    k = p.shape[2]
    names = [f"class {label}" for label in range(k)] if classes is None else [str(name) for name in classes]
    if len(names) != k:
        raise LearnerError(
            f"classes names {len(names)} classes, but the model has {k} outputs. Give one name for each."
        )
    columns = min(3, k)
    rows = -(-k // columns)
    fig, axs = style.panels(rows, columns, width=2.9 * columns, height=2.9 * rows, sharex=True, sharey=True)
    for ax in axs.flat[k:]:
        ax.set_visible(False)
    for label, ax in enumerate(axs.flat[:k]):
        colours = style.diverging(COLOURS["paper"], class_colour(label))
        _probability(ax, across, up, p[..., label], colours, None)
        ax.scatter(
            *x[y == label].T, s=8, color=class_colour(label), edgecolors=COLOURS["ink"], linewidths=0.4, zorder=4
        )
        ax.set_title(f"P({names[label]})", fontsize=style.LABEL)
        ax.set(xlabel="x₁" if label + columns >= k else "", ylabel="x₂" if label % columns == 0 else "")
    return fig


def _probability(
    ax: "Axes", across: np.ndarray, up: np.ndarray, p: np.ndarray, colours: Any, label: str | None
) -> None:
    if p.min() < -1e-6 or p.max() > 1 + 1e-6:
        raise LearnerError(
            f"The model returns {p.min() if p.min() < 0 else p.max():.3g} where a probability between "
            "0 and 1 is needed. If it returns logits, leave out logits=False."
        )
    ax.grid(False)
    filled = ax.contourf(across, up, p, levels=np.linspace(0, 1, 11), cmap=colours, alpha=0.75, zorder=0)
    told = f"lies between {near(p.min(), 1)} and {near(p.max(), 1)}"
    say(ax, f"{label or 'The probability'} over the plane {told}.", [filled])
    if p.min() < 0.5 < p.max():
        ax.contour(across, up, p, levels=[0.5], colors=COLOURS["ink"], linewidths=2, zorder=3)
    if label:
        style.colour_bar(ax, filled, label, ticks=[0, 0.25, 0.5, 0.75, 1])
