"""Histograms through the layers of a net: its weights, or the signals that run through it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import jax
import numpy as np
from jaxtyping import Float

from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.plots import style
from dl_workshop.types import AnyArray, Params
from dl_workshop.validate import check_numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def weight_histograms(params: Params, *, near_zero: float = 0.01) -> "Figure":
    """Draw a histogram of the weights of each layer (the leaves whose name starts with w).

    Returns the Figure. Each title counts the weights, and how many lie within `near_zero` of 0.
    Raises: LearnerError if params has no such leaf.
    """
    for name, leaf in params.items() if isinstance(params, dict) else ():
        check_numbers(f"params[{name!r}]", leaf)
    found = (
        {name: np.ravel(np.asarray(leaf, dtype=float)) for name, leaf in params.items() if name.startswith("w")}
        if isinstance(params, dict)
        else {}
    )
    if not found:
        raise LearnerError("params has no weights, names that start with w: give it a dict such as init_mlp makes.")
    return _histograms(
        found,
        lambda values: f"{np.sum(np.abs(values) <= near_zero)} of {len(values)} within {near_zero:g} of 0",
        "weight",
    )


def signal_histograms(layers: Sequence[Float[AnyArray, "n _"]], *, names: Sequence[str] | None = None) -> "Figure":
    """Draw a histogram of what the units of each layer say, layer by layer, on one scale.

    `layers` is a list of (n, width), such as models.hidden_layers(params, x) gives. Each title names the deviation:
    it should neither fade nor grow from layer to layer. Returns the Figure.
    Raises: LearnerError if there are no layers, or names do not fit.
    """
    signals = [np.ravel(np.asarray(layer, dtype=float)) for layer in jax.tree.leaves(layers)]
    names = [f"layer {i}" for i in range(1, len(signals) + 1)] if names is None else list(names)
    if not signals or len(names) != len(signals):
        raise LearnerError(f"There are {len(signals)} layers and {len(names)} names: give one name for each layer.")
    return _histograms(dict(zip(names, signals, strict=True)), lambda values: f"deviation {values.std():.2g}", "output")


def _histograms(found: Mapping[str, np.ndarray], words: Callable[[np.ndarray], str], xlabel: str) -> "Figure":
    reach = max(np.abs(values[np.isfinite(values)]).max(initial=0.0) for values in found.values()) or 1.0
    bins = np.linspace(-reach, reach, 42)  # an even number of bins: 0 is the middle of one
    bins = np.append(bins, bins[-1] + (bins[1] - bins[0])) - (bins[1] - bins[0]) / 2
    colour = COLOURS["model"] if xlabel == "weight" else COLOURS["data"]
    columns = min(4, len(found))
    rows = -(-len(found) // columns)
    fig, axs = style.panels(rows, columns, width=max(4.0, 2.5 * columns), height=2.5 * rows, sharex=True)
    for ax in axs.flat[len(found) :]:
        ax.set_visible(False)
    for i, (ax, (name, values)) in enumerate(zip(axs.flat, found.items(), strict=False)):
        ax.hist(values[np.isfinite(values)], bins=bins, color=colour)
        ax.set_title(f"{name}\n{words(values)}", fontsize=style.SMALL)
        ax.set(xlabel=xlabel if i + columns >= len(found) else "", ylabel="count" if i % columns == 0 else "")
        ax.tick_params(labelbottom=i + columns >= len(found))
    return fig
