"""Descent stepper: w goes down a curve of the learner's, a step at a time, and words say how it is getting on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.display.palette import COLOURS, CYCLE
from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.panels.panel import Panel, numbers
from dl_workshop.panels.sliders import round_down
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import Scalar
from dl_workshop.validate import check_positive

MOST_SIZES = 6
SPEEDS = [3, 10, 30, 300]  # steps a second
FRAMES = 30                # frames a second, at most
STOP = 200                 # play stops at this step, until the learner says otherwise
FAR = 1e6                  # so many widths of the picture away there is nothing left to see
REST = ("arrived", "flat", "diverged", "lost", "failed")


def descend(f: Scalar, w: float = 4.0, step_size: float | Sequence[float] = 0.1, df: Scalar | None = None) -> Panel:
    """Go down your own f(w) by w <- w - step_size * df(w), step by step.

    Without `df`, jax.grad finds it.
    `step_size` may be a list, such as [0.01, 0.1, 1.0]: then the descents run side by side.
    Raises: LearnerError if f or df fails at the start, or a step size is not above 0.
    """
    sizes = [float(size) for size in checked(step_size)]
    forget_edited(f, df)
    slope = jax.grad(f) if df is None else df
    w = finite(w)
    try:
        visit(f, slope, w)
        low, high = view(f, w)
    except Exception as error:
        raise explain_error(error, [f, df], f"computing f and its slope at w = {w}") from None
    settings = still(w, sizes, low, high)
    runs, curves, last = [], {}, {"start": None, "steps": 0, "due": 0.0}

    def answer(asked):
        start, stop = (float(asked.get("w", w)), asked.get("resets", 0)), asked.get("stop", STOP)
        if start != last["start"]:
            forget_edited(f, df)
            first = visit(f, slope, start[0])
            if last["start"] is None or start[1] != last["start"][1]:
                curves.clear()  # f may read numbers that have changed since
            runs[:] = [Run(size, [first]) for size in sizes]
            last.update(start=start, steps=0)
        for run, size in zip(runs, asked.get("sizes", sizes), strict=True):
            run.size = float(size)
        far = FAR * (high - low)
        advance(runs, f, slope, asked.get("steps", 0) - last["steps"], far)
        last["steps"] = asked.get("steps", 0)
        playing, speed = asked.get("playing", False), asked.get("speed", SPEEDS[1])
        if playing and (asked.get("act") == "tick" or monotonic() >= last["due"]):
            last["due"] = monotonic() + 1 / min(speed, FRAMES)
            advance(runs, f, slope, min(max(speed // FRAMES, 1), stop - count(runs)), far, seconds=0.025)
        playing = playing and count(runs) < stop and not all(run.word in REST for run in runs)
        last["due"] = last["due"] if playing else 0.0
        shown = frame(runs, f, (low, high), curves)
        if count(runs) >= stop and asked.get("playing"):
            shown["words"] += f" Stopped at step {stop}, as asked."
        return shown | {"playing": playing} | ({"again": max(last["due"] - monotonic(), 0.001)} if playing else {})

    return Panel("descend", settings, answer, picture, functions=(f, df))


class Point(NamedTuple):
    """One point of a descent: where, how high, how steep."""

    w: float
    height: float
    slope: float


@dataclass
class Run:
    """One descent: the next step size, the Points so far, the step sizes taken between them, how it gets on."""

    size: float
    path: list
    taken: list = field(default_factory=list)
    word: str = "start"
    words: str = ""


def checked(step_size):
    """Give the step sizes as a list.

    Raises: LearnerError if one is not above 0, or there are none, or too many to see.
    """
    sizes = [step_size] if np.ndim(step_size) == 0 else list(step_size)
    for size in sizes:
        check_positive("step_size", size)
    if not 1 <= len(sizes) <= MOST_SIZES:
        raise LearnerError(f"step_size holds {len(sizes)} step sizes: give 1 to {MOST_SIZES}, for example "
                           "step_size=[0.01, 0.1, 1.0].")
    return sizes


def finite(w):
    """Give the start as a float.

    Raises: LearnerError if it is no finite number.
    """
    try:
        value = float(w)
    except (TypeError, ValueError):
        value = np.nan
    if not np.isfinite(value):
        raise LearnerError(f"w={w!r} is no place to start: descent needs a finite number, for example w=4.0.")
    return value


def visit(f, slope, w):
    """Give the Point at w.

    Raises: LearnerError if f(w) or its slope is not a single number.
    """
    found = {"f(w)": f(jnp.float32(w)), "the slope df(w)": slope(jnp.float32(w))}
    for name, value in found.items():
        if value is None or np.ndim(value) != 0:
            what = "is None: does it return something?" if value is None else f"has shape {np.shape(value)}"
            raise LearnerError(f"{name} {what}, but descent needs one number.")
    return Point(float(w), *map(float, found.values()))


def heights(f, ws, seconds=1.0):
    """Give f at many places: in one go if f allows it, else one by one, from coarse to fine while there is time."""
    try:
        return np.asarray(jax.vmap(f)(jnp.asarray(ws, jnp.float32)), float).reshape(len(ws))
    except Exception:  # an f with float() or if in it cannot be mapped
        end, known = monotonic() + seconds, {}
        ends = [0, len(ws) - 1, len(ws) // 2]
        for place in ends + [i for stride in (64, 16, 4, 1) for i in range(0, len(ws), stride)]:
            if place not in known and (len(known) < 3 or monotonic() < end):
                try:
                    known[place] = float(f(jnp.float32(ws[place])))
                except (ArithmeticError, ValueError):  # f ends here, as math.log does at 0: a gap in the curve
                    known[place] = np.nan
        places = sorted(known)
        return np.interp(np.arange(len(ws)), places, [known[place] for place in places])


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


def still(w, sizes, low, high):
    """Compute what stands still: where it started, and the sliders."""
    knob = {"min": min(1e-4, *sizes), "max": max(10.0, *sizes), "step": 0.02, "log": True}
    several = len(sizes) > 1
    knobs = [knob | {"name": f"step size {place + 1}" if several else "step size", "value": size}
             for place, size in enumerate(sizes)]
    return {"w": w, "sizes": sizes, "knobs": knobs, "speeds": SPEEDS, "stop": STOP, "start": {
        "name": "start w", "value": w, "min": low, "max": high, "step": round_down((high - low) / 200)}}


def advance(runs, f, slope, n_steps, far=np.inf, seconds=np.inf):
    """Take n_steps in every run that can still move, or as many as there is time for, and judge each."""
    end = monotonic() + seconds
    for step in range(max(n_steps, 0)):
        if step and monotonic() > end:
            break
        for run in runs:
            if run.word in ("diverged", "lost", "failed"):
                continue
            try:
                run.path.append(visit(f, slope, run.path[-1].w - run.size * run.path[-1].slope))
                run.taken.append(run.size)
                run.word, _ = verdict(run.path, run.taken, run.size, far)
            except Exception as error:  # this run ends here; the others go on
                run.word, run.words = "failed", str(explain_error(error, [f, slope], "taking the next step"))
    for run in runs:
        if run.word != "failed":
            run.word, run.words = verdict(run.path, run.taken, run.size, far)


def verdict(path, taken, step_size, far=np.inf):
    """Say how a descent gets on, from its Points, the step sizes taken between them, and the next step size.

    Returns (word, sentence); the word is one of start, flat, arrived, crawls, converges, flips, diverges, diverged,
    lost, speeds up. What decides is the next move as a multiple of the last: for a parabola 1 - step_size * f''.
    """
    w, height, here = path[-1]
    next_move = -step_size * here
    scale = 1.0 + abs(w)
    if not np.isfinite(w) or abs(w) > far:
        return "diverged", "diverges: w has left every scale. Restart with a smaller step size."
    if not np.isfinite([height, here]).all():
        name, value = ("f", height) if not np.isfinite(height) else ("the slope", here)
        return "lost", f"lost: {name} is {value} at w = {w:.4g}, so there is no next step. Start where it is a number."
    if abs(here) < 1e-4 * scale and abs(next_move) < 1e-4 * scale:
        return ("arrived", f"converged: the slope here is {here:.2g}, so no step moves it any more") if taken \
            else ("flat", "the slope is 0 here: there is no way down to follow")
    if not taken:
        way = "right" if next_move > 0 else "left"
        return "start", f"slope {here:.3g}, so the next step goes {abs(next_move):.3g} to the {way}"
    if abs(taken[-1] / step_size - 1) > 1e-9:
        return "start", f"step size is now {step_size:.3g}: take a step to see what it does"
    move = w - path[-2].w
    ratio = next_move / move if move else 0.0
    if ratio < -1.001:
        return "diverges", f"diverges: it jumps across the minimum, each step {-ratio:.3g} times the last"
    if ratio > 1.001:
        return "speeds up", f"each step is {ratio:.3g} times the last: the slope grows on the way down"
    if ratio < -0.999:
        return "flips", "flips: it jumps from side to side for ever and comes no nearer"
    if ratio < 0:
        return "flips", f"flips from side to side, but each step is only {-ratio:.3g} of the last: it closes in"
    if ratio > 0.95:
        left = int(np.ceil(np.log(0.01) / np.log(min(ratio, 0.9999))))
        return "crawls", f"crawls: at this rate about {left} steps to cover 99 % of the way"
    return "converges", f"converges: each step is {ratio:.3g} of the last"


def count(runs):
    """Count the steps of the run that has taken most."""
    return max(len(run.taken) for run in runs)


def grown(low, high, ws, times):
    """Widen a stretch about its middle, twofold at a time, to hold ws, but not those further than `times` away."""
    middle, half = (low + high) / 2, (high - low) / 2
    away = np.abs(np.asarray(ws) - middle)
    away = max(away[away <= times * half], default=0.0)
    while away > half:
        half *= 2
    return middle - half, middle + half


def frame(runs, f, stretch, curves, n=160):
    """Compute one state: for each run its stretch of the curve, its trail, w against step, and words."""
    drawn = []
    for run in runs:
        ws = [point.w for point in run.path]
        low, high = grown(*stretch, ws, 64 if len(runs) == 1 else 4)
        if (low, high) not in curves:
            curves[low, high] = numbers(heights(f, np.linspace(low, high, n)))
        steps = np.unique(np.linspace(0, len(ws) - 1, 400).astype(int))
        trail = [numbers(ws[-80:]), numbers([point.height for point in run.path[-80:]])]
        drawn.append({"size": run.size, "word": run.word, "words": run.words, "range": [low, high],
                      "curve": curves[low, high], "trail": trail,
                      "now": numbers(run.path[-1]), "steps": steps.tolist(), "ws": numbers(np.array(ws)[steps])})
    ended = all(run.word in ("lost", "failed") for run in runs)
    if len(runs) == 1:
        strong, words = f"step {count(runs)}: w = {runs[0].path[-1].w:.4g}", runs[0].words
    else:
        strong = f"step {count(runs)}"
        words = "; ".join(f"{run.size:.3g} {short(run)}" for run in runs) + "."
    return {"runs": drawn, "step": count(runs), "strong": strong, "words": words,
            "trouble": " ".join(dict.fromkeys(run.words for run in runs)) if ended else ""}


def short(run):
    """Say in a word or two how a run gets on, for a row of several."""
    return {"start": "is ready", "flat": "is on flat ground", "arrived": "has arrived", "diverged": "has diverged",
            "lost": "is lost", "failed": "has failed"}.get(run.word, run.word)


def picture(settings, shown):
    """Draw the same numbers with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style
    runs, several = shown["runs"], len(shown["runs"]) > 1
    fig, (axs,) = style.panels(1, len(runs) + 1, width=9.0, height=3.4)
    for place, (ax, run) in enumerate(zip(axs[:-1], runs, strict=True)):
        colour = CYCLE[(place + 1) % len(CYCLE)]
        curve = np.array(run["curve"], float)
        ws = np.linspace(*run["range"], len(curve))
        ax.plot(ws, curve, color=COLOURS["muted" if several else "loss"], linewidth=2)
        ax.plot(*[np.array(part, float) for part in run["trail"]], "o-", color=colour, linewidth=1, markersize=4)
        axs[-1].plot(run["steps"], np.array(run["ws"], float), "os^vDP"[place] + "-", color=colour, markersize=4,
                     label=f"{run['size']:.3g}")
        ax.set(xlabel="w", ylabel="" if place else "f(w)", xlim=run["range"])
        ax.set_title(f"{run['size']:.3g}: {run['word']}" if several else shown["strong"], loc="left",
                     fontsize=style.LABEL)
        if np.isfinite(curve).any():
            room = 0.08 * (np.nanmax(curve) - np.nanmin(curve)) or 1.0
            ax.set_ylim(np.nanmin(curve) - room, np.nanmax(curve) + room)
    axs[-1].set(xlabel="step", ylabel="w", ylim=(min(r["range"][0] for r in runs), max(r["range"][1] for r in runs)))
    if several:
        fig.legend(*axs[-1].get_legend_handles_labels(), title="step size", loc="outside right upper", frameon=False,
                   fontsize=style.SMALL, title_fontsize=style.SMALL)
    return fig
