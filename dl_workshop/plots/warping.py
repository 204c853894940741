"""How a hidden layer bends the plane: the grid of inputs, drawn where its two units put it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Real

from dl_workshop.display.palette import COLOURS, SKY
from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.plots import style
from dl_workshop.plots.data import class_colour, plane_round
from dl_workshop.plots.words import say
from dl_workshop.types import AnyArray, ParamPath, Params
from dl_workshop.validate import check_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def space_warping(
    path: ParamPath,
    hidden: Callable[[Params, Float[AnyArray, "n 2"]], Float[Array, "n 2"]],
    x: Real[AnyArray, "n 2"],
    y: Real[AnyArray, " n"],
    *,
    steps: Int[AnyArray, " n_points"] | None = None,
    rows: Sequence[int] = (0, -1),
    output: Callable[[Params, Float[AnyArray, "n 2"]], Float[Array, " n"]] | None = None,
    columns: int = 3,
    limits: tuple[float, float] | None = None,
) -> "Figure":
    """Draw the plane of inputs as the hidden layer sees it, a panel for each of some rows of Fit.path.

    hidden(params, x) gives what two hidden units say, (n, 2): lines of the input grid are drawn where they end up,
    and the data with them. output(params, h), the last layer, gives logits: where it is 0 runs the straight line
    that parts the classes. `rows` are rows of path; with Fit.steps as `steps` the panels name the step.
    `limits=(low, high)` gives all axes the same ends, such as (0, 1) for logistic units. Returns the Figure.
    Raises: LearnerError if x is not (n, 2), or hidden does not give two numbers a row.
    """
    check_data(x, y)
    x, y = np.asarray(x, dtype=float), np.asarray(y)
    if x.ndim != 2 or x.shape[1] != 2:
        raise LearnerError(f"x has shape {x.shape}, but a plane that bends needs two inputs, (n, 2).")
    length = len(jax.tree.leaves(path)[0])
    if any(not -length <= row < length for row in rows) or not len(rows):
        raise LearnerError(
            f"rows={tuple(rows)} must lie between 0 and {length - 1}, the rows of this path; -1 is the last."
        )
    columns = min(columns, len(rows))
    lines = -(-len(rows) // columns)
    fig, axs = style.panels(lines, columns, width=3.0 * columns, height=3.0 * lines)
    for ax in axs.flat[len(rows) :]:
        ax.set_visible(False)
    grid = np.stack(plane_round(x, 41), axis=-1)
    for ax, row in zip(axs.flat, rows, strict=False):
        params = jax.tree.map(lambda leaf, row=row: jnp.asarray(leaf)[row], path)
        bent = _call(hidden, params, grid.reshape(-1, 2)).reshape(grid.shape)
        ax.grid(False)
        for i in range(0, 41, 4):
            ax.plot(*bent[i].T, color=SKY, linewidth=0.9, zorder=1)
            ax.plot(*bent[:, i].T, color=COLOURS["muted"], linewidth=0.9, alpha=0.7, zorder=1)
        say(ax, "The grid of inputs, bent as the hidden layer sees it.")
        seen = _call(hidden, params, x)
        for label in np.unique(y).astype(int):
            ax.scatter(
                *seen[y == label].T,
                s=60 if len(y) <= 30 else 16,
                color=class_colour(label),
                edgecolors="white",
                linewidths=0.6,
                label=f"class {label}",
                zorder=4,
            )
        if limits is not None:
            ax.set(xlim=limits, ylim=limits, aspect="equal")
        if output is not None:
            _line(ax, params, output)
        last = row % length
        ax.set_title(f"step {last if steps is None else int(np.asarray(steps)[last])}", fontsize=style.LABEL)
        ax.set(xlabel="hidden unit 1", ylabel="hidden unit 2")
    style.legend(axs.flat[0], loc="best")
    return fig


def _call(hidden: Callable, params: Params, x: AnyArray) -> np.ndarray:
    try:
        h = np.asarray(hidden(params, jnp.asarray(x, dtype=float)), dtype=float)
    except Exception as error:
        raise explain_error(error, (hidden,), "calling your hidden layer to draw it") from error
    if h.shape != (len(x), 2):
        raise LearnerError(
            f"hidden returns shape {h.shape} for {len(x)} rows: it must return two numbers a row. "
            "Choose two units of a wider layer with h[:, :2]."
        )
    return h


def _line(ax: "Axes", params: Params, output: Callable) -> None:
    """Draw where the output is 0, over what the panel shows."""
    limits = left, right, bottom, top = *ax.get_xlim(), *ax.get_ylim()
    across, up = np.meshgrid(np.linspace(left, right, 80), np.linspace(bottom, top, 80))
    z = np.asarray(output(params, jnp.stack([across.ravel(), up.ravel()], axis=1)), dtype=float).reshape(across.shape)
    if z.min() < 0 < z.max():
        ax.contour(across, up, z, levels=[0.0], colors=COLOURS["ink"], linewidths=2, zorder=3)
    ax.set(xlim=limits[:2], ylim=limits[2:])
