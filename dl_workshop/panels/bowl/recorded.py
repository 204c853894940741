"""What a saved page of the bowl can do: some steps from every place on a grid, and the path of the training."""

from functools import partial
from itertools import product

import numpy as np

from dl_workshop.panels.recording import compiled_fit
from dl_workshop.panels.sliders import coarser

STEPS, FIRST_STEPS = 8, 30  # from each place, and from where it starts
ROWS = 40  # of the path
MISSING = (
    "This page holds recorded answers only: {first} steps from the start and {steps} from other places, with "
    "step_size={size:.3g}. Run the notebook for more, and for other step sizes."
)


def plan(settings, move, detail):
    """Give what `recording.record` needs, with about `detail` places of both numbers. move: the panel's step."""
    knobs, (across, along) = zip(*(coarser(knob, detail) for knob in settings["knobs"]), strict=True)
    kept = np.unique(np.linspace(0, len(settings["path"]) - 1, min(len(settings["path"]), ROWS)).round().astype(int))
    still = settings | {
        "knobs": knobs,
        "recorded": True,
        "path": [settings["path"][row] for row in kept],
        "steps": [settings["steps"][row] for row in kept],
    }
    last = len(kept) - 1

    def walk(recorder, state):
        descent(recorder, state, FIRST_STEPS, settings["step_size"])
        for values in product(across, along):
            request = {"act": "place", "values": dict(zip(settings["names"], values, strict=True))}
            descent(recorder, recorder.record(state, request, anywhere=True)[0], STEPS, settings["step_size"])
        for row in range(last + 1):
            here, _ = recorder.record(state, {"act": "scrub", "row": row}, anywhere=True)
            follow = {"playing": "follow"}
            recorder.record(here, follow | {"act": "play"})
            if row < last:
                recorder.record(here, follow | {"act": "tick"})
            else:
                recorder.rest(here, ["tick"], playing="follow")
                recorder.record(here, follow | {"act": "play"}, anywhere=True)
        recorder.rest(None, ["pause"])

    return {
        "settings": still,
        "walk": walk,
        "counters": ("earlier", "step_size"),
        "drawn": ("curve", "y_pred"),
        "step": partial(move, **compiled_fit(**move.keywords) | {"settings": still}),
        "missing": MISSING.format(first=FIRST_STEPS, steps=STEPS, size=settings["step_size"]),
    }


def descent(recorder, state, n_steps, step_size):
    """Record steps against the gradient, and the way back from each to where they began."""
    recorder.record(state, {"act": "back"})
    for _ in range(n_steps):
        recorder.rest(state, ["play"])
        taken = state["taken"]
        state, view = recorder.record(state, {"act": "step", "step_size": step_size}, acts=["step", "tick"])
        if view["trouble"] or state["taken"] == taken:
            return
        recorder.record(state, {"act": "back"})
    recorder.rest(state, ["play"])
