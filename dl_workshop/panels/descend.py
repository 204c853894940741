"""Descent stepper: one number goes down one curve, a step at a time, and words say how it is getting on."""

from typing import NamedTuple

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.panels.canvas import Canvas, grow, number
from dl_workshop.panels.controls import Face, button, grid, guarded, log_slider, round_down, slider
from dl_workshop.plots.style import COLOURS
from dl_workshop.shapes import LearnerError, check_positive, in_words

MOST_STEPS = 2000
FAR = 1e6  # so many widths of the picture away there is nothing left to see


def descend(f, w=4.0, step_size=0.1, df=None):
    """Go down your own f(w) by w <- w - step_size * df(w), step by step. Without `df`, jax.grad finds it.

    Raises: LearnerError if f or df fails at the start, or step_size is not above 0.
    """
    check_positive("step_size", step_size)
    slope = jax.grad(f) if df is None else df
    try:
        visit(f, slope, w)
    except Exception as error:
        raise in_words(error, [f, df], f"computing f and its slope at w = {w}") from None
    low, high = view(f, float(w))
    far = FAR * (high - low)
    start = slider("start w", float(w), low, high, round_down((high - low) / 200))
    size = log_slider("step size", float(step_size), min(-4.0, np.log10(step_size)), max(1.0, np.log10(step_size)))
    play = widgets.Play(value=0, min=0, max=MOST_STEPS, interval=200, show_repeat=False,
                        tooltip="Play, pause, and back to the start", layout={"width": "auto"})
    canvas = Canvas(920, 360)
    scene = Scene(canvas, f, low, high)
    face = Face(canvas)
    path, taken = [visit(f, slope, w)], []

    def draw():
        if path[0].w != start.value or play.value < len(taken):
            path[:], taken[:] = [visit(f, slope, start.value)], []
            scene.reset()
        word, words = verdict(path, taken, size.value, far)
        while len(taken) < play.value and word != "diverged":
            path.append(visit(f, slope, path[-1].w - size.value * path[-1].slope))
            taken.append(size.value)
            word, words = verdict(path, taken, size.value, far)
        scene.place(path)
        face.show(f"step {len(taken)}: w = {number(path[-1].w)}", words)
        if word in ("diverged", "arrived"):
            play.playing = False
            play.value = len(taken)

    redraw = guarded(face, [f, df], draw)
    one_step = button("Step", "Take one step against the slope")
    again = button("Reset", "Back to the first start and step size")

    def forward(_):
        play.value = len(taken) + 1

    def back(_):
        def change():
            play.playing = False
            play.value, start.value, size.value = 0, float(w), float(step_size)
        redraw.hold(change)

    def another_start(_):
        def change():
            play.value = 0
        redraw.hold(change)

    one_step.on_click(forward)
    again.on_click(back)
    start.observe(another_start, "value")
    for control in (size, play):
        control.observe(redraw, "value")
    redraw()
    return face.box(grid([start, size]), one_step, play, again)


class Point(NamedTuple):
    """One point of a descent: where, how high, how steep."""

    w: float
    height: float
    slope: float


def visit(f, slope, w):
    """Give the Point at w.

    Raises: LearnerError if f(w) is not a single number.
    """
    value = f(jnp.float32(w))
    if np.ndim(value) != 0:
        raise LearnerError(f"f(w) has shape {np.shape(value)}, but descent needs one number.")
    return Point(float(w), float(value), float(slope(jnp.float32(w))))


def heights(f, ws):
    """Give f at many points; in one go if f allows it, else one by one."""
    try:
        return np.asarray(jax.vmap(f)(jnp.asarray(ws, jnp.float32)), float)
    except Exception:  # an f with float() or if in it cannot be mapped
        return np.array([float(f(jnp.float32(w))) for w in ws])


def view(f, w):
    """Choose the stretch of w to show: from the start to the lowest point near it, with as much on the far side."""
    around = w + np.linspace(-1, 1, 401) * 4 * (1 + abs(w))
    values = heights(f, around)
    values = np.where(np.isfinite(values), values, np.inf)
    lowest = around[np.argmin(values)]
    inside = around[0] < lowest < around[-1]
    half = max(1.4 * abs(w - lowest), 1.0) if inside else 2 * (1 + abs(w))
    middle = lowest if inside else w
    grain = round_down(half / 10)
    return float(np.floor((middle - half) / grain) * grain), float(np.ceil((middle + half) / grain) * grain)


def verdict(path, taken, step_size, far=np.inf):
    """Say how a descent gets on, from its Points, the step sizes taken between them, and the next step size.

    Returns (word, sentence); the word is one of start, flat, arrived, crawls, converges, flips, diverges, diverged,
    speeds up. What decides is the next move as a multiple of the last: for a parabola 1 - step_size * f''.
    """
    w, here = path[-1].w, path[-1].slope
    next_move = -step_size * here
    scale = 1.0 + abs(w)
    if not np.isfinite([w, here]).all() or abs(w) > far:
        return "diverged", "diverges: w has left every scale. Use a smaller step size."
    if abs(here) < 1e-4 * scale and abs(next_move) < 1e-4 * scale:
        return ("arrived", f"converged: the slope here is {number(here)}, so no step moves it any more") if taken \
            else ("flat", "the slope is 0 here: there is no way down to follow")
    if not taken:
        way = "right" if next_move > 0 else "left"
        return "start", f"slope {number(here)}, so the next step goes {number(abs(next_move))} to the {way}"
    if abs(taken[-1] / step_size - 1) > 1e-9:
        return "start", f"step size is now {number(step_size)}: take a step to see what it does"
    move = w - path[-2].w
    ratio = next_move / move if move else 0.0
    if ratio < -1.001:
        return "diverges", f"diverges: it jumps across the minimum, each step {number(-ratio)} times the last"
    if ratio > 1.001:
        return "speeds up", f"each step is {number(ratio)} times the last: the slope grows on the way down"
    if ratio < -0.999:
        return "flips", "flips: it jumps from side to side for ever and comes no nearer"
    if ratio < 0:
        return "flips", f"flips from side to side, but each step is only {number(-ratio)} of the last: it closes in"
    if ratio > 0.95:
        left = int(np.ceil(np.log(0.01) / np.log(min(ratio, 0.9999))))
        return "crawls", f"crawls: at this rate about {left} steps to cover 99 % of the way"
    return "converges", f"converges: each step is {number(ratio)} of the last"


class Scene:
    """Left the curve with its tangent and the trail, right w against step."""

    def __init__(self, canvas, f, low, high):
        """Make both pictures, and draw the curve from low to high."""
        self.canvas, self.f, self.low, self.high = canvas, f, low, high
        places = canvas.figure.add_gridspec(1, 2, width_ratios=(1.25, 1))
        self.ax = canvas.axes(places[0], x="w", y="f(w)")
        self.past = canvas.axes(places[1], x="step", y="w")
        self.curve = self.ax.plot([], [], color=COLOURS["loss"], linewidth=2)[0]
        self.tangent = canvas.moving(self.ax.plot([], [], color=COLOURS["gradient"], linewidth=2)[0])
        self.trail = canvas.moving(self.ax.plot([], [], "o-", color=COLOURS["path"], linewidth=0.9, markersize=4,
                                                alpha=0.6)[0])
        self.now = canvas.moving(self.ax.plot([], [], "o", color=COLOURS["path"], markersize=9,
                                              markeredgecolor="white")[0])
        self.history = canvas.moving(self.past.plot([], [], "o-", color=COLOURS["path"], linewidth=1.2,
                                                    markersize=3.5)[0])
        self.reset()

    def reset(self):
        """Go back to the first view."""
        self.past.set_xlim(-0.5, 20)
        self.past.set_ylim(self.low, self.high)
        self.look(self.low, self.high)

    def look(self, low, high):
        """Draw the curve from low to high."""
        ws = np.linspace(low, high, 200)
        fs = heights(self.f, ws)
        self.curve.set_data(ws, fs)
        fs = fs[np.isfinite(fs)]
        room = 0.08 * (np.ptp(fs) or 1.0)
        self.ax.set_xlim(low, high)
        self.ax.set_ylim(fs.min() - 1.5 * room, fs.max() + room)
        self.canvas.stale()

    def place(self, path):
        """Move the point, its tangent and the trail; widen the view for a point that has left it."""
        reach = 60 * (self.high - self.low)
        seen = [point for point in path if abs(point.w) < reach]
        ws, fs = np.array([point.w for point in seen]), np.array([point.height for point in seen])
        if grow(self.ax, "x", ws, pad=0.3):
            self.look(*self.ax.get_xlim())
        if grow(self.past, "x", [len(seen)], pad=0.5) | grow(self.past, "y", ws, pad=0.2):
            self.canvas.stale()
        self.history.set_data(np.arange(len(seen)), ws)
        self.trail.set_data(ws[-60:], fs[-60:])
        here = seen[-1:] if seen and seen[-1] is path[-1] else []
        self.now.set_data([point.w for point in here], [point.height for point in here])
        low, high = self.ax.get_xlim()
        ends = np.array([-1, 1]) * 0.16 * (high - low) if here else np.array([])
        self.tangent.set_data(path[-1].w + ends, path[-1].height + path[-1].slope * ends)
