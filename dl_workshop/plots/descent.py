"""Slopes and descent on a function of one number, and the curves behind logistic regression."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from dl_workshop.display.palette import COLOURS, CYCLE
from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.plots import style
from dl_workshop.plots.marks_in_words import PATH
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Scalar

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def tangent(
    f: Scalar,
    w: float,
    *,
    df: Scalar | None = None,
    limits: tuple[float, float] | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw f with its tangent at w: f(w) + f'(w) (v - w); the slope f'(w) is jax.grad(f)(w), or df(w) if given.

    `limits=(low, high)` is the range drawn, 5 on each side of w by default.
    Raises: LearnerError if f does not turn one number into one number.
    """
    forget_edited(f, df)
    w = _number("w", w)
    height, slope = float(_values(f, [w])[0]), _slope(f, w, df)
    low, high = limits or (w - 5, w + 5)
    ax = style.axes(ax)
    grid = np.linspace(low, high, 300)
    curve = _values(f, grid)
    ax.plot(grid, curve, color=COLOURS["loss"], linewidth=2.5, label="f(w)")
    room = 0.12 * (curve.max() - curve.min()) or 1.0
    ends = np.array([low, high])
    ax.plot(
        ends, height + slope * (ends - w), color=COLOURS["gradient"], linewidth=2.2, label=f"tangent, slope {slope:.4g}"
    )
    ax.plot(
        [w],
        [height],
        "o",
        markersize=9,
        color=COLOURS["path"],
        markeredgecolor="white",
        markeredgewidth=1.5,
        label=f"w = {w:.4g}, f(w) = {height:.4g}",
        zorder=5,
    )
    ax.set(xlabel="w", ylabel="f(w)", xlim=(low, high), ylim=(curve.min() - room, curve.max() + room))
    style.legend(ax, fontsize=style.LABEL)
    return ax


def history(ws: Float[AnyArray, " n_steps"], *, minimum: float | None = None, ax: "Axes | None" = None) -> "Axes":
    """Draw w against the step of descent, and the `minimum` it should end at, if you know it.

    ws is (n_steps,), the start first.
    Raises: LearnerError if ws is not one number a step.
    """
    ws = _path("ws", ws)
    ax = style.axes(ax, height=3.6)
    ax.plot(
        np.arange(len(ws)),
        ws,
        color=COLOURS["path"],
        linewidth=2.2,
        marker="o" if len(ws) <= 40 else None,
        markersize=5,
        markeredgecolor="white",
        label="w",
        zorder=3,
    )
    if minimum is not None:
        ax.axhline(minimum, color=COLOURS["truth"], linewidth=2, linestyle="--", label=f"minimum {minimum:.4g}")
        style.legend(ax)
    ax.set(xlabel="step", ylabel="w")
    return ax


def trajectories(
    f: Scalar,
    paths: Mapping[float, Float[AnyArray, " _"]],
    *,
    limits: tuple[float, float] | None = None,
    ax: "Axes | None" = None,
) -> "Figure | Axes":
    """Draw paths of descent on the curve of f: one panel a path, or all on the `ax` you give.

    `paths` is {step_size: ws}, each ws the values of w from the start on. Returns the Figure of panels (the Axes
    if `ax` is given).
    Raises: LearnerError if there is no path or f does not turn one number into one number.
    """
    forget_edited(f)
    if not isinstance(paths, dict) or not paths:
        raise LearnerError("paths must say which step size made which path: paths = {0.1: ws, 1.0: other_ws}.")
    walks = {size: _path(f"paths[{size!r}]", ws, finite=False) for size, ws in paths.items()}
    low, high = limits or _around(f, walks.values())
    grid = np.linspace(low, high, 300)
    curve = _values(f, grid)
    if ax is not None:
        style.axes(ax)
        ax.plot(grid, curve, color=COLOURS["muted"], linewidth=2)
        for colour, (size, ws) in zip(CYCLE * len(walks), walks.items(), strict=False):
            _walk(ax, f, ws, colour, f"step size {size:g}")
        _frame(ax, grid, curve)
        style.legend(ax)
        return ax
    columns = min(len(paths), 3)
    rows = -(-len(paths) // columns)
    fig, axs = style.panels(rows, columns, width=max(4.2, 2.9 * columns), height=2.9 * rows, sharex=True, sharey=True)
    for panel in axs.flat[len(paths) :]:
        panel.set_visible(False)
    for i, (panel, (size, ws)) in enumerate(zip(axs.flat, walks.items(), strict=False)):
        panel.plot(grid, curve, color=COLOURS["loss"], linewidth=2, label="f(w)")
        _walk(panel, f, ws, COLOURS["path"], "descent")
        _frame(panel, grid, curve)
        off = np.flatnonzero(~((ws >= low) & (ws <= high)))
        panel.set_title(
            f"step size {size:g}" + (f": leaves at step {off[0]}" if len(off) else ""), fontsize=style.LABEL
        )
        lowest = i + columns >= len(paths)  # the panel below may be one that is not needed
        panel.tick_params(labelbottom=lowest)
        panel.set(xlabel="w" if lowest else "", ylabel="f(w)" if i % columns == 0 else "")
    return fig


def logistic_family(
    ws: Sequence[float] = (0.5, 1.0, 2.0, 5.0),
    bs: Sequence[float] = (-4.0, 0.0, 4.0),
    *,
    w: float = 2.0,
    b: float = 0.0,
) -> "Figure":
    """Draw p = 1/(1 + exp(-(w x + b))): left for each of `ws` (how steep), right for each of `bs` (where).

    The left panel keeps b fixed, the right one w; a dot marks the midpoint p = 1/2 at x = -b/w. Returns the Figure.
    Raises: LearnerError if a w is 0: such a curve is flat and has no midpoint.
    """
    if any(value == 0 for value in (*ws, w)):
        raise LearnerError("With w = 0 the logistic curve is flat and has no midpoint -b/w. Choose another w.")
    fig, axs = style.panels(1, 2, width=7.0, height=3.6, sharey=True)
    left, right = axs[0]
    grid = np.linspace(-6, 6, 400)
    for panel, pairs in ((left, [(each, b) for each in ws]), (right, [(w, each) for each in bs])):
        for colour, (slope, offset) in zip(CYCLE, pairs, strict=False):
            label = f"w = {slope:g}" if panel is left else f"b = {offset:g}"
            panel.plot(grid, jax.nn.sigmoid(slope * grid + offset), color=colour, linewidth=2.2, label=label)
            panel.plot([-offset / slope], [0.5], "o", color=colour, markersize=7, markeredgecolor="white", zorder=4)
        panel.axhline(0.5, color=COLOURS["muted"], linewidth=1, linestyle=":")
        panel.set(xlabel="x", xlim=(-6, 6), ylim=(-0.03, 1.03), yticks=[0, 0.5, 1])
        style.legend(panel, loc="lower right")
    left.set_ylabel("p")
    left.set_title(f"w sets the steepness (b = {b:g})", fontsize=style.LABEL)
    right.set_title(f"the midpoint is −b/w (w = {w:g})", fontsize=style.LABEL)
    return fig


def cross_entropy_terms(*, ax: "Axes | None" = None) -> "Axes":
    """Draw the two terms of binary cross-entropy against p: -log p counts if y = 1, -log(1 - p) if y = 0."""
    ax = style.axes(ax)
    p = np.linspace(0.005, 0.995, 400)
    ax.plot(p, -np.log(p), color=COLOURS["class 1"], linewidth=2.5, label="y = 1:  −log p")
    ax.plot(p, -np.log(1 - p), color=COLOURS["class 0"], linewidth=2.5, label="y = 0:  −log(1 − p)")
    ax.plot([0.5], [np.log(2)], "o", color=COLOURS["ink"], markersize=6, zorder=4)
    ax.annotate(
        "log 2 = 0.693",
        (0.5, np.log(2)),
        xytext=(0, -9),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=style.SMALL,
        color=COLOURS["ink"],
        path_effects=style.outlined(),
    )
    ax.set(xlabel="predicted probability p", ylabel="loss of one sample", xlim=(0, 1), ylim=(0, 5))
    style.legend(ax, loc="upper center")
    return ax


def _number(name: str, value: Any) -> float:
    if np.ndim(value) != 0:
        raise LearnerError(f"{name} has shape {np.shape(value)}, but a tangent touches at one point: give one number.")
    return float(value)


def _path(name: str, ws: AnyArray, finite: bool = True) -> np.ndarray:
    ws = np.asarray(ws, dtype=float)
    if ws.ndim != 1 or len(ws) == 0:
        raise LearnerError(f"{name} has shape {ws.shape}: it needs one number a step, shape (n_steps,).")
    return np.where(np.isfinite(ws), ws, np.nan) if finite else ws


def _values(f: Scalar, ws: AnyArray | list[float]) -> np.ndarray:
    """Give f at each of ws, refusing an f that returns anything but one number."""
    try:
        values = np.asarray(jax.vmap(f)(jnp.asarray(ws, dtype=float)), dtype=float)
    except Exception as error:
        raise explain_error(error, (f,), "calling f") from error
    if values.shape != np.shape(ws):
        raise LearnerError(f"f returns shape {values.shape[1:]} for one number w: it must return one number.")
    return values


def _slope(f: Scalar, w: float, df: Scalar | None) -> float:
    try:
        return float((jax.grad(f) if df is None else df)(w))
    except Exception as error:
        raise explain_error(error, (f,) if df is None else (f, df), "computing the slope") from error


def _around(f: Scalar, paths: Iterable[np.ndarray]) -> tuple[float, float]:
    """Give limits round the lowest point seen, wide enough for the starts: a diverging path may leave them."""
    seen = np.concatenate([ws[np.isfinite(ws)] for ws in paths])
    heights = _values(f, seen)
    best = seen[np.nanargmin(heights)]
    half = max(abs(ws[0] - best) for ws in paths)
    if not half > 0:  # every path only climbs: show its first step at least
        half = max([abs(ws[1] - ws[0]) for ws in paths if len(ws) > 1 and np.isfinite(ws[1])], default=0) or 1.0
    return best - 1.6 * half, best + 1.6 * half


def _walk(ax: "Axes", f: Scalar, ws: np.ndarray, colour: str, label: str) -> None:
    ws = ws[np.isfinite(ws)]
    ax.plot(
        ws,
        _values(f, ws),
        color=colour,
        linewidth=1.4,
        marker="o",
        markersize=5,
        markeredgecolor="white",
        markeredgewidth=0.6,
        label=label,
        zorder=3,
        gid=PATH,
    )
    ax.plot(
        ws[:1],
        _values(f, ws[:1]),
        "o",
        color="white",
        markeredgecolor=colour,
        markeredgewidth=2,
        markersize=8,
        zorder=4,
    )


def _frame(ax: "Axes", grid: np.ndarray, curve: np.ndarray) -> None:
    room = 0.08 * (np.nanmax(curve) - np.nanmin(curve)) or 1.0
    ax.set(xlim=(grid[0], grid[-1]), ylim=(np.nanmin(curve) - room, np.nanmax(curve) + room), xlabel="w", ylabel="f(w)")
