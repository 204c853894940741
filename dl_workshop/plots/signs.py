"""The vital signs of a training: the loss beside the size of each layer's gradient, to find out what is wrong."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from dl_workshop.display.palette import CYCLE
from dl_workshop.errors import LearnerError
from dl_workshop.plots import style
from dl_workshop.plots.marks_in_words import curve_in_words
from dl_workshop.plots.words import say
from dl_workshop.types import AnyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def training_signs(
    losses: Mapping[str, Float[AnyArray, " n_steps"]], norms: Mapping[str, Float[AnyArray, " n_steps"]]
) -> "Figure":
    """Draw loss curves, and beside them, logarithmically, the size of each layer's gradient.

    Both are {name: one number a step}, such as {"training": fit(...).losses} and {"hidden": sizes}. A size of 0 has
    no place on a logarithmic axis: it is drawn along the lower edge, and the legend says so.
    Returns the Figure.
    Raises: LearnerError if either is no such dict.
    """
    losses, norms = _curves(losses, "losses"), _curves(norms, "norms")
    fig, axs = style.panels(1, 2, width=8.4, height=3.2)
    for ax, curves, colours in zip(axs[0], (losses, norms), (CYCLE, CYCLE[2:]), strict=True):
        for colour, dashes, (name, curve) in zip(colours, ("-", "--", ":", "-.") * 2, curves.items(), strict=False):
            ax.plot(np.arange(len(curve)), curve, dashes, color=colour, linewidth=2, label=name)
        ax.set_xlabel("step")
    axs[0, 0].set(ylabel="loss")
    axs[0, 0].set_ylim(bottom=min(0.0, axs[0, 0].get_ylim()[0]))
    _logarithmic(axs[0, 1], norms)
    for ax in axs[0]:
        style.legend(ax, loc="lower center", bbox_to_anchor=(0.5, 1.0))  # curves may be anywhere inside
    return fig


def _curves(curves: Mapping[str, Float[AnyArray, " _"]], name: str) -> dict[str, np.ndarray]:
    if not isinstance(curves, dict) or not curves or any(np.ndim(curve) != 1 for curve in curves.values()):
        raise LearnerError(f'{name} must say which curve is which, one number a step: {name} = {{"name": values}}.')
    return {str(label): np.asarray(curve, dtype=float) for label, curve in curves.items()}


def _logarithmic(ax: "Axes", norms: Mapping[str, np.ndarray]) -> None:
    """Give the sizes a logarithmic axis, with the zeros along its lower edge."""
    seen = np.concatenate([norm[np.isfinite(norm) & (norm > 0)] for norm in norms.values()])
    low, high = (seen.min(), seen.max()) if len(seen) else (1e-3, 1.0)
    low = min(low, high / 100) / 2
    for line in ax.get_lines():
        values = np.asarray(line.get_ydata(), dtype=float)
        if (values == 0).any():  # drawn elsewhere, but told as they are
            told = curve_in_words(str(line.get_label()), line.get_xdata(), values)
            say(ax, f"Size of the gradient against step: {told}.", [line])
        line.set_ydata(np.where(values == 0, 1.15 * low, values))
        if (values == 0).any():
            line.set_label(f"{line.get_label()}: 0 " + ("throughout" if (values == 0).all() else "in places"))
    ax.relim()  # else Matplotlib still looks for the zeros
    ax.set(yscale="log", ylabel="size of the gradient", ylim=(low, 2 * high))
