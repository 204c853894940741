"""The logistic curve: what w and b do to it - steepness, direction, and where its midpoint lies."""

import numpy as np

from dl_workshop.panels.canvas import Canvas, number
from dl_workshop.panels.controls import Face, button, grid, guarded, slider
from dl_workshop.plots.style import COLOURS, SMALL

Z = np.linspace(-10, 10, 240)


def logistic_curve(w=1.0, b=0.0):
    """Move w and b of p = 1 / (1 + e^-(wx + b)) and watch its midpoint -b/w and its slope there, w/4."""
    start = {"w": float(w), "b": float(b)}
    sliders = {"w": slider("w", start["w"], -5.0, 5.0, 0.1), "b": slider("b", start["b"], -10.0, 10.0, 0.1)}
    canvas = Canvas(760, 360)
    ax = canvas.axes(111, x="x", y="p")
    ax.set(xlim=(-10, 10), ylim=(-0.05, 1.05))
    ax.axhline(0.5, color=COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 3)))
    ax.plot(Z, logistic(Z), color=COLOURS["muted"], linewidth=1, alpha=0.6, label="w = 1, b = 0")
    curve = canvas.moving(ax.plot([], [], color=COLOURS["model"], linewidth=2.6, label="yours")[0])
    middle = canvas.moving(ax.plot([], [], color=COLOURS["data"], linestyle="--", linewidth=1.4)[0])
    tangent = canvas.moving(ax.plot([], [], color=COLOURS["gradient"], linewidth=2.0, label="slope at the midpoint")[0])
    dot = canvas.moving(ax.plot([], [], "o", color=COLOURS["data"], markersize=8, markeredgecolor="white",
                                label="midpoint")[0])
    ax.legend(loc="upper left", fontsize=SMALL, framealpha=0.9, edgecolor="none")
    face = Face(canvas)

    def draw():
        w, b = float(sliders["w"].value), float(sliders["b"].value)
        p, midpoint, slope, words = frame(w, b)
        curve.set_data(Z, p)
        seen = midpoint is not None
        middle.set_data([midpoint, midpoint] if seen else [], [-0.05, 0.5] if seen else [])
        dot.set_data([midpoint] if seen else [], [0.5] if seen else [])
        half = min(2.0, 0.35 / max(abs(slope), 1e-9))
        ends = np.array([-half, half])
        tangent.set_data(midpoint + ends if seen else [], 0.5 + slope * ends if seen else [])
        face.show(f"midpoint {number(midpoint)}" if seen else "no midpoint", words)

    redraw = guarded(face, [], draw)
    for one in sliders.values():
        one.observe(redraw, "value")

    def back():
        for name, one in sliders.items():
            one.value = start[name]

    again = button("Reset", "Back to where the sliders started")
    again.on_click(lambda _: redraw.hold(back))
    redraw()
    return face.box(grid(list(sliders.values())), again)


def frame(w, b):
    """Give (curve over Z, midpoint or None, slope there, words) for p = 1 / (1 + e^-(wx + b))."""
    p = logistic(w * Z + b)
    if w == 0:
        return p, None, 0.0, f"w is 0, so x no longer matters: p = {number(logistic(b))} everywhere"
    midpoint, slope = -b / w + 0.0, w / 4
    side = "LEFT" if w > 0 else "RIGHT"
    beyond = "" if abs(midpoint) <= 10 else " (off the picture)"
    steep = "rises" if w > 0 else "falls"
    return p, midpoint, slope, (f"where p = 0.5, at -b/w{beyond}; there it {steep} with slope w/4 = {number(slope)}; "
                                f"a larger b moves it {side}")


def logistic(z):
    """1 / (1 + e^-z), written so that no exp overflows."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, float)))
