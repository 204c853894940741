"""How good scores are at telling two classes apart: the ROC curve."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Shaped

from dl_workshop.display.palette import COLOURS, CYCLE
from dl_workshop.errors import LearnerError
from dl_workshop.metrics import auc, roc_curve
from dl_workshop.plots import style
from dl_workshop.types import AnyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def roc(
    y_true: Shaped[AnyArray, " n"],
    scores: Float[AnyArray, " n"] | Mapping[str, Float[AnyArray, " n"]],
    *,
    threshold: float | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the ROC curve of scores (probabilities or logits), or of several models given as {label: scores}.

    `threshold` marks where predicting y = 1 from that score on lies on each curve.
    Raises: LearnerError if there are no rows of both classes, or shapes differ.
    """
    several = scores if isinstance(scores, Mapping) else {"": scores}
    if not several:
        raise LearnerError("scores is empty: give one score a row, or {label: scores}.")
    ax = style.axes(ax, width=5.2, height=5.0)
    ax.plot([0, 1], [0, 1], color=COLOURS["muted"], linewidth=1.5, linestyle="--", label="guessing: AUC 0.5")
    colours = (COLOURS["model"], *(colour for colour in CYCLE if colour != COLOURS["model"]))
    for colour, (label, one) in zip(colours * len(several), several.items(), strict=False):
        across, up, thresholds = roc_curve(y_true, one)
        words = f"{label}: AUC {auc(y_true, one):.3f}" if label else f"AUC {auc(y_true, one):.3f}"
        ax.plot(across, up, color=colour, linewidth=2.5, label=words, zorder=3)
        if threshold is not None:
            at = np.flatnonzero(thresholds >= threshold)[-1]
            ax.plot(
                across[at],
                up[at],
                "o",
                color=colour,
                markersize=9,
                markeredgecolor="white",
                markeredgewidth=1.5,
                zorder=4,
            )
            ax.annotate(
                f"threshold {threshold:g}",
                (across[at], up[at]),
                xytext=(9, -12),
                textcoords="offset points",
                fontsize=style.SMALL,
                color=COLOURS["ink"],
                path_effects=style.outlined(),
            )
    ax.set(
        xlabel="false positive rate",
        ylabel="true positive rate (recall)",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
        aspect="equal",
    )
    style.legend(ax, loc="lower right")
    return ax
