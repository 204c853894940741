"""Loss bowl: the loss over two numbers as contours and as a surface, a descent's path on it, the line it means."""

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.panels.canvas import Canvas, number
from dl_workshop.panels.controls import Face, button, entry_name, grid, guarded, scalars, with_values
from dl_workshop.panels.fitted import Scene, along, fitted, grid_over, is_labels
from dl_workshop.plots.style import COLOURS, LABEL, SEQUENTIAL, SMALL
from dl_workshop.shapes import LearnerError, check_data, in_words

SIDE = 61  # grid points a side


def bowl(params, model, loss, x, y, path=None, *, steps=None, curve=None):
    """Show the loss over both numbers in params, and scrub along the path that a descent took through it.

    `path` is what `fit(...)` returns as `.path`: a tree like params with one row for every point; `steps` numbers the
    rows (`fitted.steps`). Works with your own model and loss. `curve` is as in fit_by_hand.

    Raises: LearnerError if params do not hold exactly two numbers, or path does not look like params.
    """
    check_data(x, y)
    x, y = jnp.asarray(x), jnp.asarray(y)
    start = scalars(params)
    if len(start) != 2:
        raise LearnerError(f"params holds {len(start)} numbers, but a bowl has two: one across, one along. "
                           "Show it for a line, params = dict(w=..., b=...).")
    names = list(start)
    points = rows(path, params, names) if path is not None else np.array([list(start.values())])
    steps = np.arange(len(points)) if steps is None else np.asarray(steps)
    shown = points[np.isfinite(points).all(axis=1)]
    if len(shown) == 0:
        raise LearnerError("No row of path is finite, so there is nothing to show. Train again with a smaller "
                           "step_size.")
    try:
        across, along_, losses = surface(params, model, loss, x, y, names, *limits(shown))
    except Exception as error:
        raise in_words(error, [model, loss], "computing the loss over a grid") from None
    if not np.isfinite(losses).any():
        raise LearnerError("The loss is nan or inf everywhere around the path: look for a log of 0 or a division by 0.")
    over = grid_over(x)
    canvas = Canvas(960, 370)
    scene = Bowl(canvas, names, across, along_, losses, shown, x, y)
    face = Face(canvas)

    last = len(points) - 1
    where = widgets.SelectionSlider(options=[(str(step), i) for i, step in enumerate(steps)], value=last,
                                    description="step", style={"description_width": "initial"},
                                    layout={"width": "auto"})
    play = widgets.Play(value=last, min=0, max=last, step=max(1, last // 60), interval=150, show_repeat=False,
                        tooltip="Play the path, pause, and back to its start", layout={"width": "auto"})

    def draw():
        i = int(where.value)
        values = dict(zip(names, points[i].tolist(), strict=True))
        state = fitted(with_values(params, values), model, loss, x, y, over, curve)
        scene.place(points[: i + 1], state, over)
        at = ", ".join(f"{name} = {number(value)}" for name, value in values.items())
        face.show(f"loss {number(state.loss)}", f"at {at}; {state.words}", state.trouble)

    redraw = guarded(face, [model, loss, curve], draw)
    where.observe(redraw, "value")
    widgets.jslink((play, "value"), (where, "index"))
    first, end = button("First", "To the start of the path"), button("Last", "To the end of the path")
    first.on_click(lambda _: setattr(where, "value", 0))
    end.on_click(lambda _: setattr(where, "value", last))
    redraw()
    return face.box(grid([where], columns=1), first, play, end)


def rows(path, params, names):
    """Give the path as an array (rows, 2) in the order of `names`.

    Raises: LearnerError if it is not a tree like params with one more axis in front.
    """
    try:
        same = jax.tree.structure(path) == jax.tree.structure(params)
        leaves = jax.tree.leaves(path)
        same = same and all(np.ndim(a) == np.ndim(b) + 1 for a, b in zip(leaves, jax.tree.leaves(params), strict=True))
    except (TypeError, ValueError):
        same = False
    if not same or len({len(leaf) for leaf in leaves}) != 1 or len(leaves[0]) == 0:
        raise LearnerError("path must look like params with a row for every step, as fit gives it: "
                           "fitted = fit(...), then path=fitted.path.")
    columns = {}
    for (where, leaf), old in zip(jax.tree_util.tree_leaves_with_path(path), jax.tree.leaves(params), strict=True):
        entries = np.asarray(leaf, float).reshape(len(leaf), -1)
        for column, index in zip(entries.T, np.ndindex(np.shape(old)), strict=True):
            columns[entry_name(where, index)] = column
    return np.stack([columns[name] for name in names], axis=1)


def limits(points):
    """Choose (low, high) of both numbers: all of the path in the middle, and room around it."""
    low, high = points.min(axis=0), points.max(axis=0)
    centre, half = points[-1], np.maximum(high - points[-1], points[-1] - low)
    half = np.maximum(1.25 * half, 0.35 * np.abs(centre) + 0.5)
    return tuple(zip(centre - half, centre + half, strict=True))


def surface(params, model, loss, x, y, names, first, second):
    """Compute the loss on a grid: (values of the first, values of the second, losses with a row for every second)."""
    across, along_ = np.linspace(*first, SIDE), np.linspace(*second, SIDE)

    def at(a, b):
        return loss(with_values(params, dict(zip(names, (a, b), strict=True))), model, x, y)

    try:
        both = jax.vmap(jax.vmap(at, in_axes=(0, None)), in_axes=(None, 0))
        return across, along_, np.asarray(jax.jit(both)(jnp.asarray(across), jnp.asarray(along_)), float)
    except Exception:  # a loss with float() or numpy in it cannot be compiled: point by point, on a coarser grid
        across, along_ = across[::3], along_[::3]
        return across, along_, np.array([[float(at(a, b)) for a in across] for b in along_])


class Bowl:
    """Contours, surface and data side by side; the path up to now, and the point it has reached, move."""

    def __init__(self, canvas, names, across, along_, losses, path, x, y):
        """Draw the contours, the surface and the data, which stand still."""
        self.across, self.along, self.losses = across, along_, losses
        finite = losses[np.isfinite(losses)]
        depth = np.log10(losses - min(0.0, finite.min()) + 1e-3 * np.ptp(finite) + 1e-12)  # even steps near the bottom
        depth = np.where(np.isfinite(depth), depth, np.nanmax(depth[np.isfinite(depth)]))
        places = canvas.figure.add_gridspec(1, 3, width_ratios=(1, 1, 1.05))

        self.flat = canvas.axes(places[0], x=names[0], y=names[1], title="loss from above")
        self.flat.contourf(across, along_, depth, levels=20, cmap=SEQUENTIAL)
        self.flat.grid(False)
        self.flat.plot(*path.T, color="white", linewidth=0.8, alpha=0.7)
        self.flat.set(xlim=(across[0], across[-1]), ylim=(along_[0], along_[-1]))

        self.solid = canvas.figure.add_subplot(places[1], projection="3d", facecolor=COLOURS["paper"])
        self.solid.set_title("the same from the side", fontsize=LABEL, loc="left", color=COLOURS["ink"], y=1.04)
        self.solid.plot_surface(*np.meshgrid(across, along_), losses, cmap=SEQUENTIAL,
                                rcount=30, ccount=30, alpha=0.85, linewidth=0)
        self.solid.locator_params(nbins=4)
        self.solid.set_box_aspect(None, zoom=1.1)
        self.solid.set_xlabel(names[0], fontsize=SMALL, labelpad=-6)
        self.solid.set_ylabel(names[1], fontsize=SMALL, labelpad=-6)
        self.solid.tick_params(labelsize=8, pad=-3)
        self.solid.view_init(elev=32, azim=-60)

        self.data = Scene(canvas, canvas.axes(places[2], x="x" if along(x) is not None else "rows, in the order of y",
                                              y="probability that y is 1" if is_labels(y) else "y",
                                              title="what the point means"), x, y)
        style = {"color": COLOURS["path"], "linewidth": 2}
        self.trails = canvas.moving(self.flat.plot([], [], **style)[0], self.solid.plot([], [], [], **style)[0])
        dot = {"color": COLOURS["path"], "marker": "o", "markersize": 9, "markeredgecolor": "white"}
        self.now = canvas.moving(self.flat.plot([], [], **dot)[0], self.solid.plot([], [], [], **dot)[0])

    def place(self, path, state, over):
        """Show the path up to its last point, and what that point means over the data."""
        path = path[np.isfinite(path).all(axis=1)]
        if len(path):
            tops = self.height(path)
            for points, (flat, solid) in ((path, self.trails), (path[-1:], self.now)):
                flat.set_data(*points.T)
                solid.set_data_3d(*points.T, tops[-len(points):])
        self.data.place(state, over)

    def height(self, points):
        """Loss at points, read off the grid between its nodes."""
        columns, lines = (np.minimum(np.interp(at, ticks, np.arange(ticks.size)), ticks.size - 1.001)
                          for at, ticks in zip(points.T, (self.across, self.along), strict=True))
        i, j = lines.astype(int), columns.astype(int)
        u, v = lines - i, columns - j
        z = self.losses
        return ((1 - u) * ((1 - v) * z[i, j] + v * z[i, j + 1]) + u * ((1 - v) * z[i + 1, j] + v * z[i + 1, j + 1]))
