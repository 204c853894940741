"""Fit by hand: a slider for every number in params, the model over the data, and where the loss has been."""

import jax.numpy as jnp
import numpy as np

from dl_workshop.panels.canvas import Canvas, grow, number
from dl_workshop.panels.controls import (
    MOST_SLIDERS,
    Face,
    button,
    grid,
    guarded,
    scalars,
    slider,
    slider_range,
    with_values,
)
from dl_workshop.panels.fitted import Scene, along, fitted, grid_over, is_labels
from dl_workshop.plots.style import COLOURS, SEQUENTIAL
from dl_workshop.shapes import check_data

REMEMBERED = 300  # moves


def fit_by_hand(params, model, loss, x, y, *, curve=None):
    """Move params by hand and watch the model, its misses and its loss.

    Works with your own `model(params, x)` and `loss(params, model, x, y)`, and any dict of params: every number
    gets a slider. With labels 0 and 1 in y it draws the probability; if your model returns logits, say how they
    become probabilities: `curve=models.logistic`.

    Raises: LearnerError if params hold something that is no number, or x and y do not belong together.
    """
    check_data(x, y)
    x, y = jnp.asarray(x), jnp.asarray(y)
    start = scalars(params)
    over = grid_over(x)
    sliders = {name: slider(name, start[name], *slider_range(name, params, model, x, *reach(y, curve)))
               for name in list(start)[:MOST_SLIDERS]}
    names = list(start)[:2] if len(start) == 2 else None

    canvas = Canvas(920, 380)
    places = canvas.figure.add_gridspec(2, 2, width_ratios=(1.7, 1)) if names else \
        canvas.figure.add_gridspec(1, 2, width_ratios=(1.7, 1))
    labels = is_labels(y)
    scene = Scene(canvas, canvas.axes(places[:, 0], x="x" if along(x) is not None else "rows, in the order of y",
                                      y="probability that y is 1" if labels else "y"), x, y)
    history = History(canvas, canvas.axes(places[0, 1], x="move", y="loss"))
    map_ = Map(canvas, canvas.axes(places[1, 1], x=names[0], y=names[1]), sliders) if names else None
    face = Face(canvas)
    visited, losses = [], []
    note = f"params holds {len(start)} numbers: the first {len(sliders)} have a slider, the rest stay as they are." \
        if len(sliders) < len(start) else ""

    def draw():
        values = start | {name: float(one.value) for name, one in sliders.items()}
        state = fitted(with_values(params, values), model, loss, x, y, over, curve)
        scene.place(state, over)
        if np.isfinite(state.loss) and (not visited or visited[-1] != values):
            visited.append(values)
            losses.append(state.loss)
            del visited[:-REMEMBERED], losses[:-REMEMBERED]
        history.place(losses)
        if map_:
            map_.place([(v[names[0]], v[names[1]]) for v in visited], losses)
        best = f"; lowest so far {number(min(losses))}" if len(losses) > 1 else ""
        face.show(f"loss {number(state.loss)}", state.words + best, state.trouble or note)

    redraw = guarded(face, [model, loss, curve], draw)

    def reset(_):
        def back():
            visited.clear()
            losses.clear()
            history.forget()
            for name, one in sliders.items():
                one.value = start[name]
        redraw.hold(back)

    for one in sliders.values():
        one.observe(redraw, "value")
    again = button("Reset", "Back to where the sliders started, and forget the trace")
    again.on_click(reset)
    redraw()
    return face.box(grid(list(sliders.values())), again)


def reach(y, curve=None):
    """Say how far the model's output may have to be lifted and tilted to cross the data: (lift, tilt).

    For labels the output is a probability, which four units of logit move by one, or (with `curve`) the logit.
    """
    y = np.asarray(y, float)
    if is_labels(y):
        return (10.0, 10.0) if curve is not None else (2.5, 2.5)
    return float(np.abs(y).max() or 1.0), float(1.5 * np.abs(y - y.mean()).max() or 1.0)


class History:
    """Loss against move number: seen to fall, overshoot and rise."""

    def __init__(self, canvas, ax):
        """Make an empty line."""
        self.canvas, self.ax = canvas, ax
        self.line = canvas.moving(ax.plot([], [], color=COLOURS["loss"], linewidth=1.5)[0])
        self.now = canvas.moving(ax.plot([], [], "o", color=COLOURS["model"], markersize=6)[0])
        self.forget()

    def forget(self):
        """Begin again: the next loss sets the scale."""
        self.empty = True
        self.canvas.stale()

    def place(self, losses):
        """Draw the losses seen so far."""
        if not losses:
            return
        moves = np.arange(len(losses))
        if self.empty:
            high = losses[0] if losses[0] > 0 else losses[0] + 1.0
            self.ax.set_ylim(min(0.0, min(losses)), 1.1 * high)
            self.ax.set_xlim(-0.5, 20)
            self.empty = False
        if grow(self.ax, "y", losses) | grow(self.ax, "x", moves, pad=0.5):
            self.canvas.stale()
        self.line.set_data(moves, losses)
        self.now.set_data(moves[-1:], losses[-1:])


class Map:
    """Where you have been: one dot for every (first, second) param, its colour the loss; dark is low."""

    def __init__(self, canvas, ax, sliders):
        """Make an empty map, as wide as the sliders reach."""
        first, second = sliders.values()
        ax.set_xlim(first.min, first.max)
        ax.set_ylim(second.min, second.max)
        self.trail = canvas.moving(ax.plot([], [], color=COLOURS["muted"], linewidth=0.7, alpha=0.6)[0])
        self.dots = canvas.moving(ax.scatter([], [], s=22, c=[], cmap=SEQUENTIAL, linewidths=0))
        self.now = canvas.moving(ax.plot([], [], "o", color=COLOURS["model"], markersize=7,
                                         markeredgecolor="white")[0])

    def place(self, points, losses):
        """Draw the points visited so far with their losses."""
        if not points:
            return
        points = np.array(points)
        shade = np.log(np.array(losses) - min(0.0, min(losses)) + 1e-6)
        self.trail.set_data(points.T)
        self.dots.set_offsets(points)
        self.dots.set_array(shade)
        self.dots.set_clim(shade.min(), shade.max() + 1e-6)
        self.now.set_data(points[-1:].T)
