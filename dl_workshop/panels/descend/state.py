"""Where the descents are, and one step on: (state, request) -> (next state, view), and nothing else changes."""

from time import monotonic
from typing import NamedTuple, TypedDict

import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.panels.descend.curve import grown, heights
from dl_workshop.panels.descend.verdict import verdict
from dl_workshop.panels.panel import numbers
from dl_workshop.training.compile_cache.fingerprint import forget_edited

SPEEDS = [3, 10, 30, 300]  # steps a second
FRAMES = 30  # frames a second, at most
STOP = 200  # play stops at this step, until the learner says otherwise
FAR = 1e6  # so many widths of the picture away there is nothing left to see
ENDED = ("diverged", "lost", "failed")  # there is no next step
REST = (*ENDED, "arrived", "flat")  # or none that moves it


class Point(NamedTuple):
    """A place w on the curve, its height f(w) and the slope there."""

    w: float
    height: float
    slope: float


class Run(TypedDict):
    """One descent: the next step size, the Points so far, the step sizes taken between them, how it gets on."""

    size: float
    path: list[Point]
    taken: list[float]
    word: str
    words: str


class State(TypedDict):
    """Where all descents began, how often they were reset, the presses of Step answered since, and the descents.

    curves: the curve over every stretch that was shown since the last reset, for f may be slow.
    """

    w: float
    resets: int
    steps: int
    runs: list[Run]
    curves: list[tuple[list[float], list[float]]]


class Request(TypedDict, total=False):
    """What the page asks for: all of it every time, so that of several requests the last one is enough.

    w, sizes: the start and the step sizes.  steps, resets: presses since the last start, and of Restart; counted, so
    that none is lost.  playing, speed, stop: whether to go on by itself, how many steps a second, up to which step.
    act: "play" or "tick" where a step of the play is due.
    """

    w: float
    sizes: list[float]
    steps: int
    resets: int
    playing: bool
    speed: int
    stop: int
    act: str | None


class View(TypedDict, total=False):
    """What the page shows: for each run its stretch of the curve, its trail, w against step; and words."""

    runs: list[dict]
    step: int
    strong: str
    words: str
    trouble: str
    playing: bool
    again: float


def start(f, slope, w, sizes) -> State:
    """Give the state before the first step.

    Raises: LearnerError if f(w) or its slope is not a single number.
    """
    return {"w": w, "resets": 0, "steps": 0, "runs": fresh(visit(f, slope, w), sizes), "curves": []}


def fresh(first, sizes):
    """Give a run for every step size, at its first Point."""
    return [Run(size=float(size), path=[first], taken=[], word="start", words="") for size in sizes]


def step(state: State, request: Request, *, f, slope, stretch) -> tuple[State, View]:
    """Take the steps asked for, and tell how each descent w <- w - step_size * slope(w) gets on.

    stretch: (low, high), the part of the curve to show.
    """
    w, resets, stop = (
        float(request.get("w", state["w"])),
        request.get("resets", state["resets"]),
        request.get("stop", STOP),
    )
    sizes = [float(size) for size in request.get("sizes", [run["size"] for run in state["runs"]])]
    runs, done, curves = state["runs"], state["steps"], state["curves"]
    if (w, resets) != (state["w"], state["resets"]):
        forget_edited(f, slope)
        runs, done = fresh(visit(f, slope, w), sizes), 0
        curves = curves if resets == state["resets"] else []  # f may read numbers that have changed since
    runs = [run | {"size": size} for run, size in zip(runs, sizes, strict=True)]
    steps, speed, far = request.get("steps", done), request.get("speed", SPEEDS[1]), FAR * (stretch[1] - stretch[0])
    runs = advance(runs, f, slope, steps - done, far)
    playing = request.get("playing", False)
    if playing and request.get("act") in ("play", "tick"):
        runs = advance(runs, f, slope, min(max(speed // FRAMES, 1), stop - count(runs)), far, seconds=0.025)
    view, curves = frame(runs, f, stretch, curves)
    if playing and count(runs) >= stop:
        view["words"] += f" Stopped at step {stop}, as asked."
    view["playing"] = playing and count(runs) < stop and not all(run["word"] in REST for run in runs)
    if view["playing"]:
        view["again"] = 1 / min(speed, FRAMES)
    return State(w=w, resets=resets, steps=steps, runs=runs, curves=curves), view


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


def advance(runs, f, slope, n_steps, far=np.inf, seconds=np.inf):
    """Take n_steps in every run that can still move, or as many as there is time for, and judge each."""
    runs = [run | {"path": list(run["path"]), "taken": list(run["taken"])} for run in runs]
    end = monotonic() + seconds
    for step in range(max(n_steps, 0)):
        if step and monotonic() > end:
            break
        for run in runs:
            if run["word"] in ENDED:
                continue
            path = run["path"]
            try:
                path.append(visit(f, slope, path[-1].w - run["size"] * path[-1].slope))
                run["taken"].append(run["size"])
                run["word"], _ = verdict(path, run["taken"], run["size"], far)
            except Exception as error:  # this run ends here; the others go on
                run["word"], run["words"] = "failed", str(explain_error(error, [f, slope], "taking the next step"))
    for run in runs:
        if run["word"] != "failed":
            run["word"], run["words"] = verdict(run["path"], run["taken"], run["size"], far)
    return runs


def count(runs):
    """Count the steps of the run that has taken most."""
    return max(len(run["taken"]) for run in runs)


def frame(runs, f, stretch, curves, n=160):
    """Give (view, curves): for each run its stretch of the curve, its trail, w against step, and words."""
    known, drawn = {tuple(over): curve for over, curve in curves}, []
    for run in runs:
        ws = [point.w for point in run["path"]]
        over = low, high = grown(stretch[0], stretch[1], ws, 64 if len(runs) == 1 else 4)
        if over not in known:
            known[over] = numbers(heights(f, np.linspace(low, high, n)))
        steps = np.unique(np.linspace(0, len(ws) - 1, 400).astype(int))
        trail = [numbers(ws[-80:]), numbers([point.height for point in run["path"][-80:]])]
        drawn.append(
            {
                "size": run["size"],
                "word": run["word"],
                "words": run["words"],
                "range": list(over),
                "curve": known[over],
                "trail": trail,
                "now": numbers(run["path"][-1]),
                "steps": steps.tolist(),
                "ws": numbers(np.array(ws)[steps]),
            }
        )
    ended = all(run["word"] in ("lost", "failed") for run in runs)
    if len(runs) == 1:
        strong, words = f"step {count(runs)}: w = {runs[0]['path'][-1].w:.4g}", runs[0]["words"]
    else:
        strong = f"step {count(runs)}"
        words = "; ".join(f"{run['size']:.3g} {short(run)}" for run in runs) + "."
    view = {
        "runs": drawn,
        "step": count(runs),
        "strong": strong,
        "words": words,
        "trouble": " ".join(dict.fromkeys(run["words"] for run in runs)) if ended else "",
    }
    return view, [(list(over), curve) for over, curve in known.items()]


def short(run):
    """Say in a word or two how a run gets on, for a row of several."""
    return {
        "start": "is ready",
        "flat": "is on flat ground",
        "arrived": "has arrived",
        "diverged": "has diverged",
        "lost": "is lost",
        "failed": "has failed",
    }.get(run["word"], run["word"])
