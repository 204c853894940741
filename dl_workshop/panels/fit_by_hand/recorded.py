"""What a saved page of fit by hand can do: every place on a grid of the sliders, and a descent from the start."""

from functools import partial
from itertools import product

from dl_workshop.panels.recording import compiled_fit
from dl_workshop.panels.sliders import coarser

STEPS = 25
ALL = 3  # sliders that are recorded in every combination; of more, each is moved alone
MISSING = (
    "This page holds recorded answers only: the places of the sliders{alone}, and {steps} steps from where they "
    "started. Press Reset to go back there, or run the notebook for all else."
)


def plan(settings, move, detail):
    """Give what `recording.record` needs, with about `detail` places of every slider. move: the panel's step."""
    sliders, grids = zip(*(coarser(one, detail) for one in settings["sliders"]), strict=True)
    first = {one["name"]: one["value"] for one in sliders}
    together = len(sliders) <= ALL
    if together:
        places = [dict(zip(first, values, strict=True)) for values in product(*grids)]
    else:
        places = [first | {name: value} for name, grid in zip(first, grids, strict=True) for value in grid]

    def walk(recorder, state):
        for gradient in (False, True):
            recorder.record(state, {"act": "reset", "gradient": gradient}, anywhere=True)
            for values in places:
                recorder.record(state, {"values": values, "gradient": gradient}, anywhere=True)
            descent(recorder, state, first, gradient)

    alone = "" if together else ", each moved alone"
    return {
        "settings": settings | {"sliders": sliders},
        "walk": walk,
        "drawn": ("curve", "y_pred"),
        "step": partial(move, **compiled_fit(**move.keywords)),
        "missing": MISSING.format(alone=alone, steps=STEPS),
    }


def descent(recorder, state, values, gradient):
    """Record steps against the gradient, each from where the one before it led."""
    for _ in range(STEPS):
        state, view = recorder.record(state, {"act": "step", "values": values, "gradient": gradient}, anywhere=True)
        if view.get("values", values) == values:  # no step lowers the loss, or the learner's function failed
            return
        values = view["values"]
