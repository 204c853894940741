"""Several descents on one landscape: step sizes, batch sizes or optimisers compared on the same bowl."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Real

from dl_workshop.display.palette import BLUE, COLOURS, CYCLE
from dl_workshop.errors import LearnerError
from dl_workshop.plots import loss as landscape
from dl_workshop.plots import style
from dl_workshop.plots.marks_in_words import PATH
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Loss, Model, ParamPath, Params
from dl_workshop.validate.order import check_order

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def contour_paths(
    params: Params,
    model: Model,
    loss: Loss,
    x: Real[AnyArray, "n *d"],
    y: Real[AnyArray, " n"],
    paths: Mapping[str, ParamPath],
    *,
    names: tuple[str, str] = ("w", "b"),
    limits: tuple[tuple[float, float], tuple[float, float]] | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the loss over two scalar params as contour lines, with several paths of descent on it.

    `paths` is {label: Fit.path}; the rest is as `contour` takes it. A path that leaves the picture is cut there.
    Raises: LearnerError as `contour` does, or if there is no path.
    """
    check_order("contour_paths", params=params, model=model, loss=loss, x=x, y=y)
    forget_edited(model, loss)
    if not isinstance(paths, dict) or not paths or not all(isinstance(path, dict) for path in paths.values()):
        raise LearnerError('paths must say which run made which path: paths = {"adam": fit(...).path}.')
    steps = {label: landscape.steps_of(path, names) for label, path in paths.items()}
    if limits is None:  # round those that stay near: one that diverges must not make the bowl a dot
        start = np.array([float(params[name]) for name in names])
        reach = sorted(np.abs(one - start).max() for one in steps.values())[(len(steps) - 1) // 2]
        near = [one[(np.abs(one - start) <= 3 * reach + 1e-9).all(axis=1)] for one in steps.values()]
        path = dict(zip(names, np.concatenate(near).T, strict=True))
    else:
        path = None
    ax = landscape.contour(params, model, loss, x, y, path=path, names=names, limits=limits, ax=ax)
    for line in list(ax.get_lines()):
        line.remove()
    left, right, bottom, top = *ax.get_xlim(), *ax.get_ylim()
    colours = [colour for colour in CYCLE if colour not in (BLUE, COLOURS["ink"])]
    for colour, (label, one) in zip(colours * len(steps), steps.items(), strict=False):
        ax.plot(
            *one.T,
            color=colour,
            linewidth=2,
            marker="o" if len(one) <= 40 else None,
            markersize=4,
            path_effects=style.outlined(3.5),
            label=str(label),
            zorder=4,
            gid=PATH,
        )
    ax.set(xlim=(left, right), ylim=(bottom, top))
    style.legend(ax, framealpha=0.95).set_zorder(6)
    return ax
