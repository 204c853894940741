"""Digits as pictures: many in a sheet with what was said of each, and one with the probabilities of all classes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Real, Shaped

from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.plots import style
from dl_workshop.plots.phrases import counted
from dl_workshop.plots.words import say
from dl_workshop.types import AnyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def digits(
    x: Real[AnyArray, "n *pixels"],
    y_true: Shaped[AnyArray, " n"] | None = None,
    y_pred: Shaped[AnyArray, " n"] | None = None,
    *,
    columns: int = 10,
    most: int = 50,
) -> "Figure":
    """Draw rows of x (n, side * side) as square pictures, ink dark on paper.

    Above each stands its label; with y_pred what the net says, in colour and with the truth where it is wrong.
    Returns the Figure.
    Raises: LearnerError if rows are not squares, or labels do not fit.
    """
    x = _squares(x)
    for name, labels in (("y_true", y_true), ("y_pred", y_pred)):
        if labels is not None and np.shape(labels) != (len(x),):
            raise LearnerError(f"{name} has shape {np.shape(labels)} for {len(x)} pictures: give one label for each.")
    x = x[:most]
    columns = min(columns, len(x))
    rows = -(-len(x) // columns)
    fig, axs = style.panels(rows, columns, width=max(2.0, 0.78 * columns), height=1.02 * rows + 0.1)
    for i, ax in enumerate(axs.flat):
        ax.set_axis_off()
        if i >= len(x):
            continue
        _picture(ax, x[i])
        true = None if y_true is None else np.asarray(y_true)[i]
        said = None if y_pred is None else np.asarray(y_pred)[i]
        wrong = said is not None and true is not None and said != true
        label = true if said is None else said
        words = f"{said}, not {true}" if wrong else "" if label is None else str(label)
        ax.set_title(
            words,
            fontsize=style.SMALL,
            pad=2,
            color=COLOURS["model"] if wrong else COLOURS["ink"],
            fontweight="bold" if wrong else "normal",
        )
    say(fig, _in_words(x, y_true, y_pred))
    return fig


def _in_words(x: np.ndarray, y_true: AnyArray | None, y_pred: AnyArray | None) -> str:
    """Say how many pictures there are, what they are labelled, and which are read wrong."""
    what = f"{counted(len(x), 'picture')} of {x.shape[1]} by {x.shape[2]} pixels"
    true, said = (
        None if labels is None else [" ".join(str(label).split()) for label in np.asarray(labels)[: len(x)]]
        for labels in (y_true, y_pred)
    )
    if said is None or true is None:
        labels = true or said
        return f"{what}." if labels is None else f"{what}, labelled {_begun(labels, ', ')}."
    wrong = [f"{one}, not {other}" for one, other in zip(said, true, strict=True) if one != other]
    return f"{what}, {len(wrong)} of them read wrong" + (f": {_begun(wrong, '; ')}." if wrong else ".")


def _begun(parts: list[str], between: str, most: int = 20) -> str:
    """List parts; of many the first, and how many more."""
    more = [f"and {len(parts) - most} more"] if len(parts) > most else []
    return between.join([*parts[:most], *more])


def what_the_net_saw(
    seen: Real[AnyArray, "*pixels"],
    probabilities: Float[AnyArray, " k"],
    *,
    drawn: Real[AnyArray, "*pixels"] | None = None,
    classes: Sequence[str] | None = None,
) -> "Figure":
    """Draw what the net got, the picture `seen` (side * side), beside its probability for each class.

    `drawn`, if given, is the picture before it was scaled, and stands on the left. Returns the Figure.
    Raises: LearnerError if a picture is no square, or the probabilities are not one number a class.
    """
    seen, p = _squares(np.asarray(seen)[None])[0], np.asarray(probabilities, dtype=float)
    if p.ndim != 1 or (p < -1e-6).any() or abs(p.sum() - 1) > 1e-3:
        raise LearnerError(
            f"probabilities have shape {p.shape} and sum {p.sum():.3g}: they must be one number a "
            "class, together 1. Use models.softmax(logits)."
        )
    names = [str(label) for label in range(len(p))] if classes is None else [str(name) for name in classes]
    pictures = [("what the net saw", seen)]
    if drawn is not None:
        pictures.insert(0, ("what was drawn", _squares(np.asarray(drawn)[None])[0]))
    fig, axs = style.panels(
        1, len(pictures) + 1, width=2.9 * len(pictures) + 3.2, height=3.1, width_ratios=[1] * len(pictures) + [1.1]
    )
    for ax, (title, picture) in zip(axs[0], pictures, strict=False):
        _picture(ax, picture)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(False)
        ax.spines[:].set_visible(True)
        ax.set_title(title, fontsize=style.LABEL)
    ax = axs[0, -1]
    best = int(np.argmax(p))
    colours = [COLOURS["model"] if i == best else COLOURS["data"] for i in range(len(p))]
    ax.barh(range(len(p)), p, color=colours)
    ax.set_yticks(range(len(p)), names)
    ax.invert_yaxis()
    ax.set(xlim=(0, 1), xlabel="probability")
    ax.set_title(f"it says {names[best]}, with {p.max():.0%}", fontsize=style.LABEL)
    next_best = np.argsort(-p, kind="stable")[1] if len(p) > 1 else None
    what = "What the net saw" if drawn is None else "What was drawn, and what the net saw"
    say(
        fig,
        f"{what}, {len(seen)} by {len(seen)} pixels. It says {names[best]}, with {p.max():.0%}"
        + ("." if next_best is None else f"; next comes {names[next_best]}, with {p[next_best]:.0%}."),
    )
    return fig


def _squares(x: AnyArray) -> np.ndarray:
    x = np.asarray(x, dtype=float)
    if x.ndim == 3 and x.shape[1] == x.shape[2]:
        return x
    side = round(np.sqrt(x.shape[-1])) if x.ndim == 2 else 0
    if not side or side**2 != x.shape[1] or not len(x):
        raise LearnerError(
            f"x has shape {x.shape}: a picture is a square laid out in a row, such as (n, 64) or (n, 784)."
        )
    return x.reshape(-1, side, side)


def _picture(ax: "Axes", picture: AnyArray) -> None:
    ax.imshow(picture, cmap="Greys", vmin=0, vmax=max(1.0, float(picture.max())), interpolation="nearest")
