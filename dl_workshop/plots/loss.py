"""The loss: over the steps of descent, and as a landscape over two params."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Real

from dl_workshop.display.palette import COLOURS, CYCLE
from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.plots import style
from dl_workshop.plots.marks_in_words import PATH
from dl_workshop.plots.phrases import number
from dl_workshop.plots.words import say
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Loss, Model, ParamPath, Params
from dl_workshop.validate import check_data, check_numbers, check_params
from dl_workshop.validate.order import check_order

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from mpl_toolkits.mplot3d import Axes3D

Limits = tuple[tuple[float, float], tuple[float, float]]
# One curve, or several with or without names.
Curves = Float[AnyArray, " n_steps"] | Sequence[Float[AnyArray, " _"]] | Mapping[str, Float[AnyArray, " _"]]


def loss_curve(
    losses: Curves, *, labels: Sequence[str] | None = None, log: bool = False, ax: "Axes | None" = None
) -> "Axes":
    """Draw the loss against the step; `losses` is one curve (n_steps,), or several in a list or a {label: curve}.

    The first and last values are written on. Where a curve stops being finite, that step is marked and named.
    Raises: LearnerError if there is nothing finite to draw, or `log=True` meets a loss that is not above 0.
    """
    check_numbers("losses", losses)
    several: Any = losses
    if isinstance(losses, Mapping):
        labels, several = list(losses), list(losses.values())
    elif len(losses) and np.ndim(losses[0]) == 0:
        several = [losses]
    curves = [np.asarray(curve, dtype=float) for curve in several]
    if not curves or any(curve.ndim != 1 or len(curve) == 0 for curve in curves):
        raise LearnerError("losses must be one number a step, shape (n_steps,): give it fit(...).losses.")
    if labels is not None and len(labels) != len(curves):
        raise LearnerError(f"There are {len(labels)} labels for {len(curves)} curves: give one label for each.")
    ax = style.axes(ax, height=3.8)
    drawn, notes = [], []
    for i, curve in enumerate(curves):
        label = None if labels is None else str(labels[i])
        bad = np.flatnonzero(~np.isfinite(curve))
        good = curve[: bad[0]] if len(bad) else curve
        if len(bad):
            notes.append(f"{label + ': ' if label else ''}the loss became {curve[bad[0]]} at step {bad[0]}")
        if log and (good <= 0).any():
            raise LearnerError(
                f"The loss is {good[good <= 0][0]:.4g} at step {np.flatnonzero(good <= 0)[0]}: "
                "a logarithmic axis has no such place. Draw it with log=False."
            )
        colour = COLOURS["loss"] if len(curves) == 1 else CYCLE[i % len(CYCLE)]
        ax.plot(np.arange(len(good)), good, color=colour, linewidth=2.2, label=label)
        if len(good):
            ends = [0, len(good) - 1]
            ax.plot(ends, good[ends], "o", color=colour, markersize=6, markeredgecolor="white", zorder=4)
            drawn.append(good)
        if len(bad):
            ax.axvline(bad[0], color=colour, linewidth=1.5, linestyle=":")
    ax.set(xlabel="step", ylabel="loss", yscale="log" if log else "linear")
    ax.margins(x=0.03)
    if drawn and not log and min(curve.min() for curve in drawn) >= 0:
        ax.set_ylim(bottom=0)
    if len(drawn) <= 3:
        _name_ends(ax, drawn)
    if notes:
        title = "; ".join(notes)
        ax.set_title(title[0].upper() + title[1:] if labels is None else title)
    if labels is not None:
        style.legend(ax, loc="upper right")
    return ax


def contour(
    params: Params,
    model: Model,
    loss: Loss,
    x: Real[AnyArray, "n *d"],
    y: Real[AnyArray, " n"],
    *,
    path: ParamPath | None = None,
    names: tuple[str, str] = ("w", "b"),
    limits: Limits | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the loss over two scalar params as contour lines, with the `path` of descent on it.

    `path` is Fit.path: a dict like params with one value a step. The other params stay as they are. The picture
    covers the path, params and the minimum, or `limits=((w_low, w_high), (b_low, b_high))`.
    Raises: LearnerError if `names` are not scalars in params, or the loss is nowhere finite.
    """
    check_order("contour", params=params, model=model, loss=loss, x=x, y=y)
    forget_edited(model, loss)
    first, second, table, steps = _landscape(params, model, loss, x, y, path, names, limits)
    ax = style.axes(ax, width=7.0, height=5.0)
    ax.grid(False)
    levels = _levels(table)
    filled = ax.contourf(first, second, np.ma.masked_invalid(table), levels=levels, cmap=style.SEQUENTIAL, alpha=0.85)
    lines = ax.contour(
        first, second, np.ma.masked_invalid(table), levels=levels[1:-1], colors="white", linewidths=0.8, alpha=0.9
    )
    for text in ax.clabel(lines, levels[2:-1:2], fmt="%.6g", fontsize=style.SMALL, inline_spacing=4):
        level = float(text.get_text())
        text.set_color(style.ink_on(filled.cmap(filled.norm(level))))  # type: ignore[arg-type]  # a number will do
    say(ax, _landscape_words(names, first, second, table))
    if steps is not None:
        ax.plot(
            *steps.T,
            color=COLOURS["path"],
            linewidth=2.2,
            marker="o" if len(steps) <= 40 else None,
            markersize=4,
            path_effects=style.outlined(4),
            label="path",
            zorder=4,
            gid=PATH,
        )
        _mark_ends(ax, steps)
        style.legend(ax, framealpha=0.95)
    else:
        here = [float(params[name]) for name in names]
        ax.plot(
            *here,
            "o",
            markersize=9,
            color=COLOURS["path"],
            markeredgecolor="white",
            markeredgewidth=1.5,
            label="params",
            zorder=5,
        )
        style.legend(ax, framealpha=0.95)
    ax.set(
        xlabel=names[0],
        ylabel=names[1],
        title=f"loss over {names[0]} and {names[1]}",
        xlim=(first[0], first[-1]),
        ylim=(second[0], second[-1]),
    )
    return ax


def surface(
    params: Params,
    model: Model,
    loss: Loss,
    x: Real[AnyArray, "n *d"],
    y: Real[AnyArray, " n"],
    *,
    path: ParamPath | None = None,
    names: tuple[str, str] = ("w", "b"),
    limits: Limits | None = None,
    ax: "Axes3D | None" = None,
) -> "Axes3D":
    """Draw the loss over two scalar params as a surface in three dimensions, with the `path` of descent on it.

    Takes what `contour` takes; an `ax` of yours must be three-dimensional (projection="3d").
    Raises: LearnerError as `contour` does.
    """
    check_order("surface", params=params, model=model, loss=loss, x=x, y=y)
    forget_edited(model, loss)
    first, second, table, steps = _landscape(params, model, loss, x, y, path, names, limits)
    if ax is None:
        import matplotlib.pyplot as plt

        with plt.rc_context({"grid.color": COLOURS["grid"]}):  # 3-D Axes take the grid's colour at birth only
            ax = style.figure(7.0, 5.4).add_subplot(projection="3d", computed_zorder=False)
    elif ax.name != "3d":
        raise LearnerError('A surface needs three-dimensional Axes: plt.figure().add_subplot(projection="3d").')
    across, up = np.meshgrid(first, second)
    ax.plot_surface(
        across,
        up,
        np.ma.masked_invalid(table),
        cmap=style.SEQUENTIAL,
        alpha=0.8,
        rstride=2,
        cstride=2,
        linewidth=0.15,
        edgecolor="white",
        zorder=1,
    )
    if steps is not None:
        heights = _compile(params, model, loss, x, y, names)(steps)
        ax.plot(*steps.T, heights, color=COLOURS["path"], linewidth=2.5, path_effects=style.outlined(4.5), zorder=5)
        for i, word, face in ((0, "start", "white"), (-1, "end", COLOURS["path"])):
            ax.plot(
                *steps[[i]].T,
                heights[[i]],
                "o",
                markersize=8,
                color=face,
                markeredgecolor=COLOURS["path"],
                markeredgewidth=2,
                label=word,
                zorder=6,
            )
        style.legend(ax, loc="upper left")
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color("#f6f8fa")
    ax.tick_params(labelsize=style.SMALL, labelcolor=COLOURS["ink"])
    look = {"fontsize": style.LABEL, "color": COLOURS["ink"]}
    ax.set_xlabel(names[0], **look)
    ax.set_ylabel(names[1], **look)
    ax.set_zlabel("loss", labelpad=9, **look)
    ax.set_box_aspect((1, 1, 0.75), zoom=0.92)
    ax.view_init(elev=28, azim=-58)
    words = _landscape_words(names, first, second, table)
    if steps is not None:
        (w, b), (w_end, b_end) = steps[0], steps[-1]
        words += (
            f" The path runs from ({number(w)}, {number(b)}) at loss {number(heights[0])} to ({number(w_end)}, "
            f"{number(b_end)}) at loss {number(heights[-1])}."
        )
    say(ax, words)
    return ax


def _landscape_words(names: tuple[str, str], first: np.ndarray, second: np.ndarray, table: np.ndarray) -> str:
    """Say over what the loss is drawn, and where on this grid it is lowest and highest."""
    w, b = names
    (i, j), (k, m) = (np.unravel_index(at(table), table.shape) for at in (np.nanargmin, np.nanargmax))
    low, high = (
        f"{number(table[row, column])}, near {w} = {number(first[column])}, {b} = {number(second[row])}"
        for row, column in ((i, j), (k, m))
    )
    return (
        f"The loss over {w} and {b}, {w} from {number(first[0])} to {number(first[-1])}, {b} from "
        f"{number(second[0])} to {number(second[-1])}: lowest, {low}; highest, {high}."
    )


def _name_ends(ax: "Axes", curves: list[np.ndarray]) -> None:
    """Write the first and last value of each curve beside it, save where another value stands already."""
    ax.get_ylim()  # settles the limits, so that places on paper are known
    taken: list[tuple[float, float]] = []
    for curve in curves:
        last = len(curve) - 1
        for i in {0, last}:
            across, up = ax.transData.transform((i, curve[i]))
            if any(abs(across - a) < 60 and abs(up - u) < 16 for a, u in taken):
                continue
            taken.append((across, up))
            below = i == 0 and last > 0 and curve[1] > curve[0]
            ax.annotate(
                f"{curve[i]:.4g}",
                (i, curve[i]),
                xytext=(8, -4) if below else (8, 2) if i == 0 else (0, 7),
                textcoords="offset points",
                ha="left" if i == 0 else "right",
                va="top" if below else "bottom",
                fontsize=style.SMALL,
                color=COLOURS["ink"],
                path_effects=style.outlined(),
                zorder=6,
            )


def steps_of(path: ParamPath, names: tuple[str, str]) -> Float[np.ndarray, "n 2"]:
    """Give Fit.path over two scalar params as (n, 2), finite steps only.

    Raises: LearnerError if it does not hold one value a step for both names.
    """
    if not isinstance(path, dict) or any(name not in path or np.ndim(path[name]) != 1 for name in names):
        raise LearnerError(f"path must hold one value a step for {names[0]!r} and {names[1]!r}: give it fit(...).path.")
    steps = np.stack([np.asarray(path[name], dtype=float) for name in names], axis=1)
    steps = steps[np.isfinite(steps).all(axis=1)]
    if not len(steps):
        raise LearnerError("path holds no finite values, so there is nothing to draw. Try a smaller step_size.")
    return steps


def _landscape(
    params: Params,
    model: Model,
    loss: Loss,
    x: AnyArray,
    y: AnyArray,
    path: ParamPath | None,
    names: tuple[str, str],
    limits: Limits | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
    """Give two axes of 60 values, the table of losses (second param, first param), and the path as (n, 2)."""
    check_params(params)
    check_data(x, y)
    for name in names:
        if not isinstance(params, dict) or name not in params or np.ndim(params[name]) != 0:
            scalars = [key for key in params if np.ndim(params[key]) == 0] if isinstance(params, dict) else []
            has = ", ".join(scalars) or "none"
            raise LearnerError(
                f"params has no single number called {name!r}, and a landscape needs two. "
                f'Single numbers in params: {has}. Choose names=("w", "b") among them.'
            )
    steps = None if path is None else steps_of(path, names)
    at = _compile(params, model, loss, x, y, names)
    if limits is None:
        limits = _limits(at, steps, [float(params[name]) for name in names])
    first, second = (np.linspace(low, high, 60) for low, high in limits)
    table = at(np.stack(np.meshgrid(first, second), axis=-1))
    if not np.isfinite(table).any():
        raise LearnerError(
            "The loss is nowhere finite near these params, so there is no landscape to draw. Start "
            "again from params nearer to 0."
        )
    return first, second, table, steps


def _compile(
    params: Params, model: Model, loss: Loss, x: AnyArray, y: AnyArray, names: tuple[str, str]
) -> Callable[[np.ndarray], np.ndarray]:
    """Give a function from pairs (..., 2) to losses (...): compiled, row by row so that memory stays small."""
    fixed = jax.tree.map(jnp.asarray, params)

    def one(pair: Float[Array, " 2"]) -> Float[Array, ""]:
        return loss(fixed | {names[0]: pair[0], names[1]: pair[1]}, model, x, y)

    rows = jax.jit(lambda pairs: jax.lax.map(jax.vmap(one), pairs))

    def at(pairs: Float[np.ndarray, "*rows 2"]) -> Float[np.ndarray, "*rows"]:
        there = jnp.asarray(pairs, dtype=float)
        try:
            values = np.asarray(rows(there.reshape(-1, there.shape[-2], 2)), dtype=float)
        except Exception as error:
            raise explain_error(error, (model, loss), "computing the loss") from error
        if values.shape != (values.shape[0], there.shape[-2]):
            raise LearnerError(
                f"The loss has shape {values.shape[2:]}, but a landscape needs one number. Average it with jnp.mean."
            )
        return values.reshape(there.shape[:-1])

    return at


def _limits(at: Callable[[np.ndarray], np.ndarray], steps: np.ndarray | None, here: list[float]) -> Limits:
    """Give limits round the path, the params and, unless it is far off, the minimum."""
    from scipy.optimize import minimize

    seen = np.array([here]) if steps is None else steps
    low, high = seen.min(axis=0), seen.max(axis=0)
    least = minimize(
        lambda pair: float(np.nan_to_num(at(pair[None, :])[0], nan=1e30, posinf=1e30)),
        seen[-1],
        method="Nelder-Mead",
        options={"maxiter": 300},
    ).x
    room = np.maximum(high - low, 2.0)
    if (np.abs(least - (low + high) / 2) <= 5 * room + np.abs(seen[-1])).all():
        low, high = np.minimum(low, least), np.maximum(high, least)
        # A slope all to one side is no bowl: leave room beyond the minimum too.
        beyond = 0.45 * (high - low)
        low, high = np.minimum(low, least - beyond), np.maximum(high, least + beyond)
    pad = np.maximum(0.12 * (high - low), np.where(high - low < 1.0, 1.0, 0.0))
    low, high = low - pad, high + pad
    return (low[0], high[0]), (low[1], high[1])


def _levels(table: np.ndarray, count: int = 14) -> np.ndarray:
    """Give levels that lie closer near the minimum, where a bowl is flat."""
    finite = table[np.isfinite(table)]
    low, high = finite.min(), finite.max()
    if high <= low:
        return np.linspace(low - 0.5, low + 0.5, 3)
    levels = low + (high - low) * np.linspace(0, 1, count) ** 2
    # Round each to the power of ten below its distance from the last: 50 reads better than 53.2.
    digits = -np.floor(np.log10(np.diff(levels))).astype(int)
    inner = [round(float(level), int(digit)) for level, digit in zip(levels[1:-1], digits, strict=False)]
    return np.unique([low, *(level for level in inner if low < level < high), high])


def _mark_ends(ax: "Axes", steps: np.ndarray) -> None:
    ax.plot(
        *steps[0],
        "o",
        markersize=9,
        color="white",
        markeredgecolor=COLOURS["path"],
        markeredgewidth=2,
        label="start",
        zorder=5,
    )
    ax.plot(
        *steps[-1],
        "o",
        markersize=9,
        color=COLOURS["path"],
        markeredgecolor="white",
        markeredgewidth=1.5,
        label="end",
        zorder=5,
    )
