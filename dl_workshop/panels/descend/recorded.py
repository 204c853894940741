"""What a saved page of the descent stepper can do: steps and plays from a grid of starts and step sizes."""

from functools import partial

import jax.numpy as jnp

from dl_workshop.panels.descend.state import REST, SPEEDS, step
from dl_workshop.panels.recording import compiled
from dl_workshop.panels.sliders import coarser

STEPS = 40  # from each start
MISSING = (
    "This page holds recorded answers only: {steps} steps from each start{sizes}. "
    "Run the notebook for what was not recorded."
)


def plan(settings, f, slope, stretch, detail):
    """Give what `recording.record` needs, with about `detail` starts and as many step sizes."""
    start_slider, ws = coarser(settings["start"], detail)
    alone = len(settings["knobs"]) == 1
    knobs, grids = zip(*(coarser(near(knob), 2 * detail) for knob in settings["knobs"]), strict=True)
    choices = [[size] for size in grids[0]] if alone else [settings["sizes"]]
    still = settings | {
        "start": start_slider,
        "knobs": knobs if alone else settings["knobs"],
        "stop": None,
        "speeds": [speed for speed in SPEEDS if speed <= 30],
    }
    w = jnp.float32(settings["w"])
    kept = "; after a change of the step size press Restart" if alone else ", with these step sizes"

    def walk(recorder, start):
        for w in ws:
            for sizes in choices:
                descent(recorder, start, w, sizes, settings)
        recorder.rest(None, ["pause", "pace"])

    return {
        "settings": still,
        "walk": walk,
        "counters": ("steps", "resets", "curves"),
        "step": partial(step, f=compiled(f, w), slope=compiled(slope, w), stretch=stretch),
        "missing": MISSING.format(steps=STEPS, sizes=kept),
    }


def near(knob):
    """Give the slider of a step size, two decades to each side of where it stands."""
    return knob | {"min": max(knob["min"], knob["value"] / 100), "max": min(knob["max"], knob["value"] * 100)}


def descent(recorder, start, w, sizes, settings):
    """Record the steps from one start with one choice of step sizes, until nothing moves any more."""
    asked = {"w": w, "sizes": sizes, "steps": 0, "resets": start["resets"] + 1}
    state, view = recorder.record(start, asked, acts=["start", "reset"], anywhere=True)
    for n in range(STEPS):
        if "runs" not in view or all(run["word"] in REST for run in state["runs"]):
            recorder.rest(state, ["step", "play", "tick"])
            return
        state, view = recorder.record(state, {"steps": n + 1}, acts=["step", "play", "tick"])
