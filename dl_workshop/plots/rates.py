"""Learning rates: loss curves side by side, and the loss while the step size grows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.plots import style
from dl_workshop.types import AnyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def loss_curves(
    curves: Mapping[str | float, Float[AnyArray, " _"]], *, log: bool = False, columns: int = 3
) -> "Figure":
    """Draw loss curves side by side on one scale, a panel each.

    `curves` is {name: losses}, such as {0.1: fit(...).losses}; a name that is a number is read as a step size.
    Where a curve stops being finite, or leaves the scale upwards, its panel says at which step. Returns the Figure.
    Raises: LearnerError if there is nothing finite to draw.
    """
    if not isinstance(curves, dict) or not curves:
        raise LearnerError("curves must say which run gave which losses: curves = {0.1: fit(...).losses}.")
    curves = {name: np.asarray(losses, dtype=float) for name, losses in curves.items()}
    if any(losses.ndim != 1 or len(losses) == 0 for losses in curves.values()):
        raise LearnerError("Each curve must be one number a step, shape (n_steps,): give it fit(...).losses.")
    finite = [losses[np.isfinite(losses)] for losses in curves.values()]
    starts = [losses[0] for losses in finite if len(losses)]
    if not starts:
        raise LearnerError("No curve has a finite loss, so there is nothing to draw. Try smaller step sizes.")
    top, lowest = 1.6 * max(starts), min(losses.min() for losses in finite if len(losses))
    if log and lowest <= 0:
        raise LearnerError(f"The lowest loss is {lowest:.4g}: a logarithmic axis has no such place. Use log=False.")
    columns = min(columns, len(curves))
    rows = -(-len(curves) // columns)
    fig, axs = style.panels(rows, columns, width=max(4.2, 2.4 * columns), height=2.5 * rows, sharex=True, sharey=True)
    for ax in axs.flat[len(curves) :]:
        ax.set_visible(False)
    for i, (ax, (name, losses)) in enumerate(zip(axs.flat, curves.items(), strict=False)):
        gone = np.flatnonzero(~(losses <= top))
        ax.plot(np.arange(len(losses)), losses, color=COLOURS["loss"], linewidth=2)
        called = f"step size {name:g}" if isinstance(name, int | float) else str(name)
        leaves = len(gone) and not losses[-1] <= top  # one that comes back is not lost
        words = f"leaves at step {gone[0]}" if leaves else f"ends at {losses[-1]:.3g}"
        ax.set_title(f"{called}\n{words}", fontsize=style.SMALL)
        ax.set(
            xlabel="step" if i + columns >= len(curves) else "",
            ylabel="loss" if i % columns == 0 else "",
            ylim=(0.7 * lowest, top) if log else (min(0.0, lowest), top),
            yscale="log" if log else "linear",
        )
        ax.tick_params(labelbottom=i + columns >= len(curves))
    return fig


def range_test(
    step_sizes: Float[AnyArray, " n_steps"], losses: Float[AnyArray, " n_steps"], *, ax: "Axes | None" = None
) -> "Axes":
    """Draw the loss against a step size that grew from step to step, as tuning.range_test gives them.

    Marks the step size at which the loss was lowest: a good one is several times smaller.
    Raises: LearnerError if the two do not fit or nothing is finite.
    """
    step_sizes, losses = np.asarray(step_sizes, dtype=float), np.asarray(losses, dtype=float)
    if step_sizes.shape != losses.shape or losses.ndim != 1 or not np.isfinite(losses).any():
        raise LearnerError(
            f"step_sizes {step_sizes.shape} and losses {losses.shape} must be one finite number a "
            "step: plots.range_test(*tuning.range_test(...))."
        )
    ax = style.axes(ax, height=3.8)
    best = np.nanargmin(np.where(np.isfinite(losses), losses, np.nan))
    ax.plot(step_sizes, losses, color=COLOURS["loss"], linewidth=2.2)
    ax.plot(
        step_sizes[best],
        losses[best],
        "o",
        color=COLOURS["path"],
        markersize=9,
        markeredgecolor="white",
        zorder=4,
        label=f"lowest at step size {step_sizes[best]:.2g}",
    )
    room = 0.15 * (abs(losses[0] - losses[best]) or abs(losses[best]) or 1.0)
    ax.set(xscale="log", xlabel="step size", ylabel="loss", ylim=(losses[best] - room, losses[0] + room))
    style.legend(ax)
    return ax
